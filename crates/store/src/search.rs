//! Full-text search: with `search_subject` the one place where the two engines' SQL differs. The words are the same in both.

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

/// Numbers of the newest problems whose text holds all the words, below `before`, seen by one of `viewers`
/// (`None`: by somebody who sees all; then the reporter's name is searched too). At most `limit`.
pub fn find(tx: &mut dyn Tx, text: &str, viewer: Option<&str>, before: i64, limit: i64) -> Result<Vec<i64>> {
    let terms = query(text);
    if terms.is_empty() {
        return Ok(vec![]);
    }
    if tx.engine() == Engine::Postgres {
        // A plan made without knowing the word is ten times slower for a rare one or for a frequent one.
        tx.exec("set local plan_cache_mode = force_custom_plan", &[])?;
    }
    // Each index gives its newest by itself, so that a word in every second problem costs no more than a rare one.
    let rows = match (tx.engine(), viewer) {
        (Engine::Sqlite, None) => tx.query(
            "select no from (
               select no from (select rowid as no from problem_words where words match $1 and rowid < $2 order by rowid desc limit $3) as a
               union select no from (select rowid as no from reporter_words where words match $1 and rowid < $2 order by rowid desc limit $3) as b
             ) as hits order by no desc limit $3",
            &vals![fts5(&terms), before, limit],
        ),
        (Engine::Sqlite, Some(viewer)) => tx.query(
            "select w.rowid from problem_words w where w.words match $1 and w.rowid < $2
               and exists (select 1 from sight s where s.viewer = $4 and s.no = w.rowid) order by w.rowid desc limit $3",
            &vals![fts5(&terms), before, limit, viewer],
        ),
        (Engine::Postgres, None) => tx.query(
            "select no from (
               select no from (select rowid as no from problem_words where words @@ cast(cast($1 as text) as tsquery) and rowid < $2
                 order by rowid desc limit $3) as a
               union select no from (select rowid as no from reporter_words where words @@ cast(cast($1 as text) as tsquery) and rowid < $2
                 order by rowid desc limit $3) as b
             ) as hits order by no desc limit $3",
            &vals![tsquery(&terms), before, limit],
        ),
        (Engine::Postgres, Some(viewer)) => tx.query(
            "select w.rowid from problem_words w join sight s on s.viewer = $4 and s.no = w.rowid
             where w.words @@ cast(cast($1 as text) as tsquery) and w.rowid < $2 order by w.rowid desc limit $3",
            &vals![tsquery(&terms), before, limit, viewer],
        ),
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

fn fts5(terms: &[Term]) -> String {
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

fn tsquery(terms: &[Term]) -> String {
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
