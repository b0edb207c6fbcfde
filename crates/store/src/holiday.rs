//! Holiday notices: dated data, imported; every open clock is recomputed when one comes (`deadlines.md`, rule 12).

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::event::{parse, write};
use crate::problem;
use crate::terms::Terms;
use crate::vals;
use domain::calendar::{Notice, NoticeDay};

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

/// Recomputes every open clock, 500 problems a transaction, so that others write in between. Answers how many.
pub async fn recompute_open(db: &Db, terms: &Terms) -> Result<u64> {
    let (mut after, mut done) = (0, 0);
    loop {
        let terms = terms.clone();
        let (last, count) = db.write(move |tx| recompute_page(tx, &terms, after)).await?;
        done += count;
        match last {
            Some(no) => after = no,
            None => return Ok(done),
        }
    }
}

fn recompute_page(tx: &mut dyn Tx, terms: &Terms, after: i64) -> Result<(Option<i64>, u64)> {
    const PAGE: i64 = 500;
    let rows = tx.query(
        "select no from problem where no > $1 and (next_at is not null or paused = 1) order by no limit $2",
        &vals![after, PAGE],
    )?;
    let mut last = None;
    for row in &rows {
        let no = row.int(0)?;
        if let Some(found) = problem::find_by_no(tx, no)? {
            problem::recompute(tx, terms, &found)?;
        }
        last = Some(no);
    }
    Ok((last.filter(|_| rows.len() as i64 == PAGE), rows.len() as u64))
}
