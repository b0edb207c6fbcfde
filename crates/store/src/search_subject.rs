//! Full-text search over subjects: with `search` and `search_visit` the one place where the two engines' SQL differs.

use crate::db::{Engine, Tx};
use crate::error::Result;
use crate::row::{Row, Val};
use crate::search::{quote, tsvector};
use crate::vals;
use domain::letters::{Phrase, query};
use std::sync::OnceLock;

/// Rows put in with one statement on PostgreSQL; on SQLite there is no way there and back to save.
const MANY: usize = 50;

pub fn insert(tx: &mut dyn Tx, no: i64, words: &str) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => tx.exec("insert into subject_words (rowid, words) values ($1, $2)", &vals![no, words])?,
        Engine::Postgres => tx.exec(
            "insert into subject_words (rowid, words) values ($1, cast(cast($2 as text) as tsvector))",
            &vals![no, tsvector(words)],
        )?,
    };
    Ok(())
}

pub fn remove(tx: &mut dyn Tx, no: i64) -> Result<()> {
    tx.exec("delete from subject_words where rowid = $1", &vals![no])?;
    Ok(())
}

/// Number and words of each.
pub fn insert_many(tx: &mut dyn Tx, all: &[(i64, &str)]) -> Result<()> {
    let full = if tx.engine() == Engine::Postgres { all.len() / MANY * MANY } else { 0 };
    let (pages, rest) = all.split_at(full);
    for page in pages.chunks(MANY) {
        let values: Vec<Val> = page.iter().flat_map(|(no, words)| vals![*no, tsvector(words)]).collect();
        tx.exec(many(), &values)?;
    }
    for (no, words) in rest {
        insert(tx, *no, words)?;
    }
    Ok(())
}

fn many() -> &'static str {
    static SQL: OnceLock<String> = OnceLock::new();
    SQL.get_or_init(|| {
        let rows = (0..MANY).map(|n| format!("(${}, cast(cast(${} as text) as tsvector))", n * 2 + 1, n * 2 + 2));
        let rows: Vec<String> = rows.collect();
        format!("insert into subject_words (rowid, words) values {}", rows.join(", "))
    })
}

/// Parameters as in `subject_list`: 1 the number before which, 2–8 filters, 9 the limit, 10 the words, 11 the viewer.
macro_rules! hits {
    ($matches:literal, $seen:literal) => {
        concat!(
            "select s.no, s.name, s.code, s.kind, s.area, s.industry, s.address, s.id
             from subject_words w join subject s on s.no = w.rowid
             where w.words ",
            $matches,
            " and w.rowid < $1
               and ($2 = '' or s.kind = $2) and ($3 = '' or s.area = $3) and ($4 = '' or s.industry = $4)
               and ($5 = '' or replace(' ' || s.tags || ' ', ' ' || $5 || ' ', '') <> ' ' || s.tags || ' ')
               and ($6 = '' or s.officer = $6)
               and ($7 = '' and $8 = '' or exists (select 1 from assignment a where a.subject = s.id
                 and ($7 = '' or a.round = $7) and ($8 = '' or a.team = $8)))",
            $seen,
            " order by w.rowid desc limit $9"
        )
    };
}

// The sign before the number keeps SQLite from asking the index once for each subject that is seen.
macro_rules! seen_hits {
    ($matches:literal) => {
        hits!(
            $matches,
            " and +w.rowid in (select o.no from (select subject from assignment where team = $11
                union select subject from visit_viewer where viewer = $11
                union select id from subject where officer = $11) as seen join subject o on o.id = seen.subject)"
        )
    };
}

const SQLITE_ALL: &str = hits!("match $10", "");
const SQLITE_SEEN: &str = seen_hits!("match $10");
const POSTGRES_ALL: &str = hits!("@@ cast(cast($10 as text) as tsquery)", "");
const POSTGRES_SEEN: &str = seen_hits!("@@ cast(cast($10 as text) as tsquery)");

/// For the test that prepares every statement.
pub fn statements(engine: Engine) -> [&'static str; 2] {
    match engine {
        Engine::Sqlite => [SQLITE_ALL, SQLITE_SEEN],
        Engine::Postgres => [POSTGRES_ALL, POSTGRES_SEEN],
    }
}

/// The rows that hold the words, newest number first; `filters` are the first nine parameters. Nothing for words that
/// say nothing.
pub(crate) fn find(tx: &mut dyn Tx, text: &str, viewer: Option<&str>, filters: &[Val]) -> Result<Vec<Row>> {
    let terms = query(text);
    if terms.is_empty() {
        return Ok(vec![]);
    }
    let mut values = filters.to_vec();
    let sql = match (tx.engine(), viewer) {
        (Engine::Sqlite, None) => SQLITE_ALL,
        (Engine::Sqlite, Some(_)) => SQLITE_SEEN,
        (Engine::Postgres, None) => POSTGRES_ALL,
        (Engine::Postgres, Some(_)) => POSTGRES_SEEN,
    };
    if tx.engine() == Engine::Postgres {
        tx.exec("set local plan_cache_mode = force_custom_plan", &[])?;
        values.push(Val::from(tsquery(&terms)));
    } else {
        values.push(Val::from(fts5(&terms)));
    }
    values.extend(viewer.map(Val::from));
    tx.query(sql, &values)
}

pub(crate) fn fts5(terms: &[Vec<Phrase>]) -> String {
    let phrase = |it: &Phrase| {
        let text = it.tokens.join(" ").replace('"', "\"\"");
        format!("\"{text}\"{}", if it.open { "*" } else { "" })
    };
    let any = |it: &Vec<Phrase>| format!("({})", it.iter().map(phrase).collect::<Vec<_>>().join(" OR "));
    terms.iter().map(any).collect::<Vec<_>>().join(" AND ")
}

pub(crate) fn tsquery(terms: &[Vec<Phrase>]) -> String {
    let phrase = |it: &Phrase| {
        let last = it.tokens.len().saturating_sub(1);
        let tokens = it.tokens.iter().enumerate().map(|(at, token)| {
            let open = if it.open && at == last { ":*" } else { "" };
            format!("{}{open}", quote(token))
        });
        format!("({})", tokens.collect::<Vec<_>>().join(" <-> "))
    };
    let any = |it: &Vec<Phrase>| format!("({})", it.iter().map(phrase).collect::<Vec<_>>().join(" | "));
    terms.iter().map(any).collect::<Vec<_>>().join(" & ")
}
