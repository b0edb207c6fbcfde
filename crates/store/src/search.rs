//! Full-text search: with `search_subject` and `search_visit` the one place where the two engines' SQL differs. The words are the same in both.

use crate::db::{Engine, Tx};
use crate::error::Result;
use crate::vals;
use domain::search::{Term, query, tokens};

/// Writes the words of problem number `no`, in the transaction that writes the problem.
pub fn index_problem(tx: &mut dyn Tx, no: i64, text: &str) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => {
            tx.exec("insert into problem_words (rowid, words) values ($1, $2)", &vals![no, tokens(text)])?
        }
        Engine::Postgres => tx.exec(
            "insert into problem_words (rowid, words) values ($1, cast(cast($2 as text) as tsvector))",
            &vals![no, tsvector(&tokens(text))],
        )?,
    };
    Ok(())
}

pub fn index_reporter(tx: &mut dyn Tx, no: i64, text: &str) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => {
            tx.exec("insert into reporter_words (rowid, words) values ($1, $2)", &vals![no, tokens(text)])?
        }
        Engine::Postgres => tx.exec(
            "insert into reporter_words (rowid, words) values ($1, cast(cast($2 as text) as tsvector))",
            &vals![no, tsvector(&tokens(text))],
        )?,
    };
    Ok(())
}

/// What stands before and after an edge, in the order asked for. Parameters: 1 the words, 2 the edge, 3 the limit, 4 the
/// viewer.
macro_rules! both_ways {
    ($newest:ident, $oldest:ident, $text:ident) => {
        const $newest: &str = $text!("< $2", "desc");
        const $oldest: &str = $text!("> $2", "");
    };
}

// Each index gives its own by itself, so that a word in every second problem costs no more than a rare one.
macro_rules! of_all {
    ($matches:literal, $edge:literal, $order:literal) => {
        concat!(
            "select no from (
               select no from (select rowid as no from problem_words where words ",
            $matches,
            " and rowid ",
            $edge,
            " order by rowid ",
            $order,
            " limit $3) as a
               union select no from (select rowid as no from reporter_words where words ",
            $matches,
            " and rowid ",
            $edge,
            " order by rowid ",
            $order,
            " limit $3) as b
             ) as hits order by no ",
            $order,
            " limit $3"
        )
    };
}
macro_rules! sqlite_all {
    ($edge:literal, $order:literal) => {
        of_all!("match $1", $edge, $order)
    };
}
macro_rules! postgres_all {
    ($edge:literal, $order:literal) => {
        of_all!("@@ cast(cast($1 as text) as tsquery)", $edge, $order)
    };
}
macro_rules! sqlite_seen {
    ($edge:literal, $order:literal) => {
        concat!(
            "select w.rowid from problem_words w where w.words match $1 and w.rowid ",
            $edge,
            " and exists (select 1 from sight s where s.viewer = $4 and s.no = w.rowid) order by w.rowid ",
            $order,
            " limit $3"
        )
    };
}
macro_rules! postgres_seen {
    ($edge:literal, $order:literal) => {
        concat!(
            "select w.rowid from problem_words w join sight s on s.viewer = $4 and s.no = w.rowid
             where w.words @@ cast(cast($1 as text) as tsquery) and w.rowid ",
            $edge,
            " order by w.rowid ",
            $order,
            " limit $3"
        )
    };
}
both_ways!(SQLITE_ALL, SQLITE_ALL_OLDEST, sqlite_all);
both_ways!(SQLITE_SEEN, SQLITE_SEEN_OLDEST, sqlite_seen);
both_ways!(POSTGRES_ALL, POSTGRES_ALL_OLDEST, postgres_all);
both_ways!(POSTGRES_SEEN, POSTGRES_SEEN_OLDEST, postgres_seen);

/// For the test that prepares every statement.
pub fn statements(engine: Engine) -> [&'static str; 4] {
    match engine {
        Engine::Sqlite => [SQLITE_ALL, SQLITE_ALL_OLDEST, SQLITE_SEEN, SQLITE_SEEN_OLDEST],
        Engine::Postgres => [POSTGRES_ALL, POSTGRES_ALL_OLDEST, POSTGRES_SEEN, POSTGRES_SEEN_OLDEST],
    }
}

/// In which order numbers are asked for, and on which side of the edge they lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Newest,
    Oldest,
}

/// Numbers of the problems whose text holds all the words, beyond `edge`, seen by `viewer` (`None`: by somebody who
/// sees all; then the reporter's name is searched too). At most `limit`.
pub fn find(tx: &mut dyn Tx, text: &str, viewer: Option<&str>, way: Way, edge: i64, limit: i64) -> Result<Vec<i64>> {
    let terms = query(text);
    if terms.is_empty() {
        return Ok(vec![]);
    }
    let words = match tx.engine() {
        Engine::Sqlite => fts5(&terms),
        Engine::Postgres => {
            // A plan made without knowing the word is ten times slower for a rare one or for a frequent one.
            tx.exec("set local plan_cache_mode = force_custom_plan", &[])?;
            tsquery(&terms)
        }
    };
    let [all, all_oldest, seen, seen_oldest] = statements(tx.engine());
    let rows = match (viewer, way) {
        (None, Way::Newest) => tx.query(all, &vals![words, edge, limit]),
        (None, Way::Oldest) => tx.query(all_oldest, &vals![words, edge, limit]),
        (Some(viewer), Way::Newest) => tx.query(seen, &vals![words, edge, limit, viewer]),
        (Some(viewer), Way::Oldest) => tx.query(seen_oldest, &vals![words, edge, limit, viewer]),
    }?;
    rows.into_iter().map(|row| row.int(0)).collect()
}

/// As `find` for somebody who sees all, in the text of problems alone.
pub fn find_in_text(tx: &mut dyn Tx, text: &str, limit: i64) -> Result<Vec<i64>> {
    let terms = query(text);
    if terms.is_empty() {
        return Ok(vec![]);
    }
    let rows = match tx.engine() {
        Engine::Sqlite => tx.query(
            "select rowid from problem_words where words match $1 order by rowid desc limit $2",
            &vals![fts5(&terms), limit],
        ),
        Engine::Postgres => {
            tx.exec("set local plan_cache_mode = force_custom_plan", &[])?;
            tx.query(
                "select rowid from problem_words where words @@ cast(cast($1 as text) as tsquery) order by rowid desc limit $2",
                &vals![tsquery(&terms), limit],
            )
        }
    }?;
    rows.into_iter().map(|row| row.int(0)).collect()
}

pub(crate) fn fts5(terms: &[Term]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let terms: Vec<String> = terms
        .iter()
        .map(|term| match term {
            Term::Phrase(tokens) => quoted(&tokens.join(" ")),
            Term::Prefix(token) => format!("{}*", quoted(token)),
        })
        .collect();
    terms.join(" AND ")
}

/// PostgreSQL's own text form, so that no parser of the server cuts the tokens anew. Positions end at 16,383.
pub(crate) fn tsvector(tokens: &str) -> String {
    let mut text = String::with_capacity(tokens.len() * 2);
    for (position, token) in tokens.split(' ').filter(|token| !token.is_empty()).enumerate() {
        let position = (position + 1).min(16_383);
        text.push_str(&format!("{}:{position} ", quote(token)));
    }
    text
}

pub(crate) fn tsquery(terms: &[Term]) -> String {
    let terms: Vec<String> = terms
        .iter()
        .map(|term| match term {
            Term::Phrase(tokens) => {
                format!("({})", tokens.iter().map(|token| quote(token)).collect::<Vec<_>>().join(" <-> "))
            }
            Term::Prefix(token) => format!("{}:*", quote(token)),
        })
        .collect();
    terms.join(" & ")
}

pub(crate) fn quote(token: &str) -> String {
    format!("'{}'", token.replace('\\', "\\\\").replace('\'', "''"))
}
