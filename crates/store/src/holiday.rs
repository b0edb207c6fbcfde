//! Holiday notices: dated data, imported; every open clock is recomputed when one comes (`deadlines.md`, rule 12).

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::event::{parse, write};
use crate::problem;
use crate::terms::Terms;
use crate::vals;
use domain::calendar::{Calendar, Notice, NoticeDay};

/// What an import of one notice did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    New,
    Updated,
    Unchanged,
}

pub fn list(tx: &mut dyn Tx) -> Result<Vec<Notice>> {
    let mut notices = Vec::new();
    for row in tx.query("select year, papers from holiday_notice order by year limit 400", &[])? {
        let year = i16::try_from(row.int(0)?).unwrap_or_default();
        notices.push(Notice { year, papers: parse(row.text(1)?)?, days: Vec::new() });
    }
    for row in tx.query("select notice, day, off, name from holiday order by notice, day limit 40000", &[])? {
        let year = row.int(0)?;
        if let Some(notice) = notices.iter_mut().find(|it| i64::from(it.year) == year) {
            notice.days.push(NoticeDay { date: row.parse(1)?, is_off_day: row.flag(2)?, name: row.string(3)? });
        }
    }
    Ok(notices)
}

/// Replaces what is known of the notice's year.
pub fn import(tx: &mut dyn Tx, notice: &Notice) -> Result<Imported> {
    let known = list(tx)?.into_iter().find(|it| it.year == notice.year);
    let mut sorted = notice.clone();
    sorted.days.sort_by_key(|it| it.date);
    if known.as_ref() == Some(&sorted) {
        return Ok(Imported::Unchanged);
    }
    let year = i64::from(notice.year);
    tx.exec("delete from holiday where notice = $1", &vals![year])?;
    tx.exec(
        "insert into holiday_notice (year, papers) values ($1, $2) on conflict (year) do update set papers = excluded.papers",
        &vals![year, write(&notice.papers)?],
    )?;
    for it in &sorted.days {
        tx.exec(
            "insert into holiday (day, notice, off, name) values ($1, $2, $3, $4) on conflict (day, notice) do update set off = excluded.off, name = excluded.name",
            &vals![it.date, year, it.is_off_day, &it.name],
        )?;
    }
    Ok(if known.is_some() { Imported::Updated } else { Imported::New })
}

/// How many due dates a notice would move, of how many that were looked at, and whether there are more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    pub moved: i64,
    pub looked: i64,
    pub more: bool,
}

/// Looked at for a preview; a year's open problems of a zone are fewer.
const PREVIEW: i64 = 500;

/// What `import` and the recomputing after it would do, without doing it. `terms` are those under the new notice.
pub fn preview(tx: &mut dyn Tx, terms: &Terms) -> Result<Moved> {
    let rows = tx.query(
        "select no, clock_at from problem where clock_at is not null order by clock_at, no limit $1",
        &vals![PREVIEW + 1],
    )?;
    let mut done = Moved { more: rows.len() as i64 > PREVIEW, ..Moved::default() };
    for row in rows.iter().take(PREVIEW as usize) {
        if let Some(found) = problem::find_by_no(tx, row.int(0)?)? {
            done.looked += 1;
            let clock = problem::clock_under(&found, terms);
            done.moved += i64::from(clock != row.opt_int(1)?);
        }
    }
    Ok(done)
}

/// The terms as they would be with this notice.
pub fn terms_with(tx: &mut dyn Tx, terms: &Terms, notice: &Notice) -> Result<Terms> {
    let mut notices: Vec<Notice> = list(tx)?.into_iter().filter(|it| it.year != notice.year).collect();
    notices.push(notice.clone());
    let calendar = std::sync::Arc::new(Calendar::from_notices(&notices));
    Ok(Terms { calendar, ..terms.clone() })
}

/// How many problems are recomputed in one transaction, so that others get their turn in between.
const BATCH: i64 = 200;

/// After an import, under the terms loaded anew: every clock that still runs is counted by the new table (rule 12).
/// What is finished, and first due dates, stay. Says how many were looked at.
pub async fn recompute_open(db: &Db, terms: &Terms) -> Result<u64> {
    let (mut after, mut done) = (i64::MIN, 0);
    loop {
        let terms = terms.clone();
        let batch = db.write(move |tx| recompute_batch(tx, &terms, after)).await?;
        let Some((last, count)) = batch else { return Ok(done) };
        (after, done) = (last, done + count);
    }
}

/// The next batch after number `after`: the last number in it, and how many there were.
fn recompute_batch(tx: &mut dyn Tx, terms: &Terms, after: i64) -> Result<Option<(i64, u64)>> {
    let rows = tx.query(
        "select no from problem where no > $1 and (clock_at is not null or next_at is not null) order by no limit $2",
        &vals![after, BATCH],
    )?;
    for row in &rows {
        let no = row.int(0)?;
        // On PostgreSQL somebody may change it between the look and the write; then once more, from what stands now.
        for attempt in 1.. {
            let found = match problem::find_by_no(tx, no) {
                Ok(Some(found)) => found,
                Ok(None) => break,
                // One damaged problem must not leave all others with the old dates.
                Err(error) => {
                    tracing::error!(no, %error, "a problem could not be recomputed under the new notice");
                    break;
                }
            };
            match problem::recompute(tx, terms, &found) {
                Err(Error::Conflict) if attempt < 5 => {}
                other => {
                    other?;
                    break;
                }
            }
        }
    }
    rows.last().map(|row| Ok((row.int(0)?, rows.len() as u64))).transpose()
}
