//! Full-text search over visits: what their records say, and whom they were to. With `search` and `search_subject` the
//! one place where the two engines' SQL differs.

use crate::db::{Engine, Tx};
use crate::error::Result;
use crate::event::parse;
use crate::row::Val;
use crate::{search, search_subject, vals};
use domain::search::tokens;
use domain::visit::{Record, Visit};
use domain::{letters, search as words};

/// Everything that a record says in words of its own.
pub fn text(record: &Record) -> String {
    let findings = record.findings.iter().map(|it| it.text.as_str());
    let promises = record.promises.iter().map(|it| it.text.as_str());
    let all: Vec<&str> =
        [record.minutes.as_str(), record.met.as_str()].into_iter().chain(findings).chain(promises).collect();
    all.join("\n")
}

/// In the transaction that writes the record; what stood there before is gone.
pub fn put(tx: &mut dyn Tx, no: i64, record: &Record) -> Result<()> {
    remove(tx, no)?;
    insert(tx, no, &tokens(&text(record)))
}

pub fn remove(tx: &mut dyn Tx, no: i64) -> Result<()> {
    tx.exec("delete from visit_words where rowid = $1", &vals![no])?;
    Ok(())
}

fn insert(tx: &mut dyn Tx, no: i64, tokens: &str) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => tx.exec("insert into visit_words (rowid, words) values ($1, $2)", &vals![no, tokens])?,
        Engine::Postgres => tx.exec(
            "insert into visit_words (rowid, words) values ($1, cast(cast($2 as text) as tsvector))",
            &vals![no, search::tsvector(tokens)],
        )?,
    };
    Ok(())
}

/// The words of all records anew: after a restore, and once in a house that is older than this index.
pub fn index_all(tx: &mut dyn Tx) -> Result<()> {
    tx.exec("delete from visit_words where rowid > $1", &vals![i64::MIN])?;
    let mut no = i64::MIN;
    loop {
        let rows = tx.query("select no, body from visit where no > $1 order by no limit 500", &vals![no])?;
        let Some(last) = rows.last() else { return Ok(()) };
        no = last.int(0)?;
        for row in &rows {
            let visit: Visit = parse(row.text(1)?)?;
            if let Some(record) = &visit.record {
                insert(tx, row.int(0)?, &tokens(&text(record)))?;
            }
        }
    }
}

/// Of the fifty newest subjects that fit the visits are looked at: a word that all names hold costs no more than a rare
/// one. Parameters: 1 the words, 2 the words as subjects are found by, 3 the limit, 4 the number before which, 5 the viewer.
macro_rules! hits {
    ($words:literal, $subjects:literal, $seen:literal, $seen_subjects:literal, $visits:literal) => {
        concat!(
            "select no from (
               select no from (select w.rowid as no from visit_words w where w.words ",
            $words,
            " and w.rowid < $4",
            $seen,
            " order by w.rowid desc limit $3) as a
               union select no from (select v.no from (
                 select s.id from subject_words w join subject s on s.no = w.rowid where w.words ",
            $subjects,
            $seen_subjects,
            " order by w.rowid desc limit 50) as o join ",
            $visits,
            " and v.no < $4 order by v.no desc limit $3) as b
             ) as hits order by no desc limit $3"
        )
    };
}
macro_rules! all {
    ($words:literal, $subjects:literal) => {
        hits!($words, $subjects, "", "", "visit v on v.subject = o.id")
    };
}
// The sign before the number keeps SQLite from asking the index once for each subject that is seen.
macro_rules! seen {
    ($words:literal, $subjects:literal) => {
        hits!(
            $words,
            $subjects,
            " and exists (select 1 from visit_viewer x where x.viewer = $5 and x.no = w.rowid)",
            " and +w.rowid in (select u.no from visit_viewer x join subject u on u.id = x.subject where x.viewer = $5)",
            "visit_viewer v on v.viewer = $5 and v.subject = o.id"
        )
    };
}

const SQLITE_ALL: &str = all!("match $1", "match $2");
const SQLITE_SEEN: &str = seen!("match $1", "match $2");
const POSTGRES_ALL: &str = all!("@@ cast(cast($1 as text) as tsquery)", "@@ cast(cast($2 as text) as tsquery)");
const POSTGRES_SEEN: &str = seen!("@@ cast(cast($1 as text) as tsquery)", "@@ cast(cast($2 as text) as tsquery)");

/// For the test that prepares every statement.
pub fn statements(engine: Engine) -> [&'static str; 2] {
    match engine {
        Engine::Sqlite => [SQLITE_ALL, SQLITE_SEEN],
        Engine::Postgres => [POSTGRES_ALL, POSTGRES_SEEN],
    }
}

/// Numbers of the visits whose record, or whose subject, holds all the words, below `before`, the newest number first;
/// seen by `viewer`, or by somebody who sees all.
pub fn find(tx: &mut dyn Tx, text: &str, viewer: Option<&str>, before: i64, limit: i64) -> Result<Vec<i64>> {
    let (terms, letters) = (words::query(text), letters::query(text));
    if terms.is_empty() {
        return Ok(vec![]);
    }
    let [all, seen] = statements(tx.engine());
    let mut values: Vec<Val> = match tx.engine() {
        Engine::Sqlite => vals![search::fts5(&terms), search_subject::fts5(&letters), limit, before].to_vec(),
        Engine::Postgres => {
            tx.exec("set local plan_cache_mode = force_custom_plan", &[])?;
            vals![search::tsquery(&terms), search_subject::tsquery(&letters), limit, before].to_vec()
        }
    };
    let sql = if viewer.is_some() { seen } else { all };
    values.extend(viewer.map(Val::from));
    tx.query(sql, &values)?.iter().map(|row| row.int(0)).collect()
}
