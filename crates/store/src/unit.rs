//! Units 单位: a tree. A unit never moves, so its path upward is written once and every reader may keep it.

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::fresh;
use crate::row::Row;
use crate::vals;
use domain::id::UnitId;
use domain::time::Millis;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub id: UnitId,
    pub parent: Option<UnitId>,
    pub name: String,
    pub name_en: String,
    /// The unit itself and all above it, nearest first.
    pub path: Vec<UnitId>,
    pub ended: bool,
}

impl Unit {
    /// The name in the reader's language; units without an English name keep their own.
    pub fn label(&self, english: bool) -> &str {
        if english && !self.name_en.is_empty() { &self.name_en } else { &self.name }
    }
}

fn unit(row: Row) -> Result<Unit> {
    Ok(Unit {
        id: row.parse(0)?,
        parent: row.opt_parse(1)?,
        name: row.string(2)?,
        name_en: row.string(3)?,
        path: path(row.text(4)?),
        ended: row.opt_int(5)?.is_some(),
    })
}

fn path(text: &str) -> Vec<UnitId> {
    text.split(' ').filter_map(|id| id.parse().ok()).collect()
}

/// All units, at most 5,000: a zone has some dozens.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<Unit>> {
    tx.query("select id, parent, name, name_en, path, ended_at from unit order by id limit 5000", &[])?
        .into_iter()
        .map(unit)
        .collect()
}

pub fn find_by_name(tx: &mut dyn Tx, name: &str) -> Result<Option<Unit>> {
    tx.query_opt("select id, parent, name, name_en, path, ended_at from unit where name = $1", &vals![name.trim()])?
        .map(unit)
        .transpose()
}

/// The unit and all above it.
pub fn above(tx: &mut dyn Tx, id: UnitId) -> Result<Vec<UnitId>> {
    let row = tx.query_opt("select path from unit where id = $1", &vals![id])?;
    Ok(row.map(|row| row.text(0).map(path)).transpose()?.unwrap_or_default())
}

pub fn insert(tx: &mut dyn Tx, name: &str, name_en: &str, parent: Option<UnitId>, now: Millis) -> Result<UnitId> {
    if name.trim().is_empty() {
        return Err(Error::Constraint("a unit needs a name".into()));
    }
    let id = UnitId(fresh(now));
    let mut path = vec![id];
    if let Some(parent) = parent {
        path.extend(above(tx, parent)?);
    }
    let path: Vec<String> = path.iter().map(UnitId::to_string).collect();
    tx.exec(
        "insert into unit (id, parent, name, name_en, path) values ($1, $2, $3, $4, $5)",
        &vals![id, parent, name.trim(), name_en.trim(), path.join(" ")],
    )?;
    Ok(id)
}
