//! Statements over many rows at once, made once and kept for ever, since a transaction remembers its statements by
//! their text.

use crate::db::Tx;
use crate::error::Result;
use crate::row::{Row, Val};

/// Rows put in with one statement.
const ROWS: usize = 50;
/// Keys looked up with one statement.
const KEYS: usize = 100;

pub(crate) struct Insert {
    one: &'static str,
    page: &'static str,
    columns: usize,
}

impl Insert {
    /// `columns` divided by blanks.
    pub fn new(table: &str, columns: &str) -> Insert {
        let names: Vec<&str> = columns.split_whitespace().collect();
        let row = |n: usize| {
            let marks: Vec<String> = (1..=names.len()).map(|it| format!("${}", n * names.len() + it)).collect();
            format!("({})", marks.join(", "))
        };
        let head = format!("insert into {table} ({}) values ", names.join(", "));
        let rows: Vec<String> = (0..ROWS).map(row).collect();
        Insert {
            one: format!("{head}{}", row(0)).leak(),
            page: format!("{head}{}", rows.join(", ")).leak(),
            columns: names.len(),
        }
    }

    /// `values` are those of all rows, one row after the other.
    pub fn rows(&self, tx: &mut dyn Tx, values: &[Val]) -> Result<()> {
        let pages = values.chunks_exact(self.columns * ROWS);
        let rest = pages.remainder();
        for page in pages {
            tx.exec(self.page, page)?;
        }
        for row in rest.chunks_exact(self.columns) {
            tx.exec(self.one, row)?;
        }
        Ok(())
    }

    pub fn statements(&self) -> [&'static str; 2] {
        [self.one, self.page]
    }
}

/// `before` ends in front of the brackets of `in`, `after` begins behind them.
pub(crate) fn look_up(before: &str, after: &str) -> &'static str {
    let marks: Vec<String> = (1..=KEYS).map(|it| format!("${it}")).collect();
    format!("{before} in ({}) {after}", marks.join(", ")).leak()
}

/// The rows of all keys; `sql` was made by `look_up`.
pub(crate) fn rows_of(tx: &mut dyn Tx, sql: &'static str, keys: &[String]) -> Result<Vec<Row>> {
    rows_with(tx, sql, keys, &[])
}

/// `rows_of` with further values, which the statement calls from `$101` on.
pub(crate) fn rows_with(tx: &mut dyn Tx, sql: &'static str, keys: &[String], more: &[Val]) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for page in keys.chunks(KEYS) {
        let Some(last) = page.last() else { continue };
        // The last key fills up what the statement asks more.
        let keys = (0..KEYS).map(|at| Val::from(page.get(at).unwrap_or(last)));
        let values: Vec<Val> = keys.chain(more.iter().cloned()).collect();
        rows.extend(tx.query(sql, &values)?);
    }
    Ok(rows)
}
