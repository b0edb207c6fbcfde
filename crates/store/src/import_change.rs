//! What an import made or changed, one row each, so that it can be undone.

use crate::db::Tx;
use crate::error::Result;
use crate::many::Insert;
use crate::row::Val;
use crate::vals;
use domain::id::RunId;
use std::sync::OnceLock;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub place: i64,
    /// Table and id, divided by a slash.
    pub thing: String,
    /// What stood there, as JSON; empty for what was made.
    pub before: String,
    /// Digest of what the import left there.
    pub after: String,
}

impl Change {
    pub fn made(table: &str, id: impl std::fmt::Display, after: String) -> Change {
        Change { place: 0, thing: format!("{table}/{id}"), before: String::new(), after }
    }

    pub fn changed(table: &str, id: impl std::fmt::Display, before: String, after: String) -> Change {
        Change { before, ..Change::made(table, id, after) }
    }

    /// Table and id.
    pub fn parts(&self) -> (&str, &str) {
        self.thing.split_once('/').unwrap_or(("", &self.thing))
    }
}

fn insert() -> &'static Insert {
    static SQL: OnceLock<Insert> = OnceLock::new();
    SQL.get_or_init(|| Insert::new("import_change", "run place thing before after"))
}

pub(crate) fn statements() -> [&'static str; 2] {
    insert().statements()
}

/// Places count on from `from`.
pub(crate) fn insert_many(tx: &mut dyn Tx, run: RunId, from: i64, all: &[Change]) -> Result<()> {
    let values: Vec<Val> = (from..)
        .zip(all)
        .flat_map(|(place, it)| vals![run, place, it.thing.as_str(), it.before.as_str(), it.after.as_str()])
        .collect();
    insert().rows(tx, &values)
}

/// The last ones before a place first.
pub fn list(tx: &mut dyn Tx, run: RunId, before: i64, limit: i64) -> Result<Vec<Change>> {
    tx.query(
        "select place, thing, before, after from import_change where run = $1 and place < $2 order by place desc limit $3",
        &vals![run, before, limit],
    )?
    .iter()
    .map(|row| {
        Ok(Change { place: row.int(0)?, thing: row.string(1)?, before: row.string(2)?, after: row.string(3)? })
    })
    .collect()
}

/// It was undone, and shall not be a second time.
pub fn forget(tx: &mut dyn Tx, run: RunId, place: i64) -> Result<()> {
    tx.exec("delete from import_change where run = $1 and place = $2", &vals![run, place])?;
    Ok(())
}

/// Whether a run made or changed a thing.
pub fn is_of(tx: &mut dyn Tx, run: RunId, thing: &str) -> Result<bool> {
    Ok(tx.query_opt("select 1 from import_change where thing = $2 and run = $1", &vals![run, thing])?.is_some())
}
