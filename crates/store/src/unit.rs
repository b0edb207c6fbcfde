//! Units 单位: a tree. A unit never moves, so its path upward is written once and every reader may keep it.

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event;
use crate::ids::fresh;
use crate::row::Row;
use crate::terms::{Deed, Failure};
use crate::vals;
use domain::fault::Fault;
use domain::id::UnitId;
use domain::naming::Names;
use domain::refusal::Refusal;
use domain::time::Millis;
use serde_json::json;

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

/// `insert` by somebody, noted in its chain.
pub fn add(tx: &mut dyn Tx, deed: &Deed, names: &Names, parent: Option<UnitId>) -> Result<UnitId> {
    let id = insert(tx, &names.name, &names.name_en, parent, deed.now)?;
    event::note(tx, deed, id, "unit-added", json!({ "name": names.name }))?;
    Ok(id)
}

/// Renames it; who reads an old paper finds the old name in the chain of the unit.
pub fn rename(tx: &mut dyn Tx, deed: &Deed, id: UnitId, names: &Names) -> Result<(), Failure> {
    let known = find(tx, id)?.ok_or(Refusal::Absent)?;
    if (&known.name, &known.name_en) == (&names.name, &names.name_en) {
        return Ok(());
    }
    tx.exec("update unit set name = $2, name_en = $3 where id = $1", &vals![id, &names.name, &names.name_en])?;
    let data = json!({ "name": names.name, "name_en": names.name_en, "before": known.name });
    event::note(tx, deed, id, "unit-renamed", data)?;
    Ok(())
}

pub fn find(tx: &mut dyn Tx, id: UnitId) -> Result<Option<Unit>> {
    tx.query_opt("select id, parent, name, name_en, path, ended_at from unit where id = $1", &vals![id])?
        .map(unit)
        .transpose()
}

/// What still holds a unit: persons with a role there, units below it, problems that it handles.
pub fn holds(tx: &mut dyn Tx, id: UnitId) -> Result<Option<Fault>> {
    let persons = tx.query_one(
        "select count(*) from hat h join person p on p.id = h.person where h.unit = $1 and p.left_at is null",
        &vals![id],
    )?;
    if let n @ 1.. = persons.int(0)? {
        return Ok(Some(Fault::new(
            "unit",
            format!("还有{n}个岗位在这个单位；请先在人员里改到别处，或办离任移交。"),
            format!("{n} roles are held there; change them under People first, or hand over."),
        )));
    }
    if tx.query_opt("select 1 from unit where parent = $1 and ended_at is null limit 1", &vals![id])?.is_some() {
        let (zh, en) = ("下面还有在用的单位；请先停用它们。", "There are units below it; retire those first.");
        return Ok(Some(Fault::new("unit", zh, en)));
    }
    let open = tx.query_opt(
        "select p.no from sight s join problem p on p.no = s.no where s.viewer = $1 and s.part in ('lead', 'support')
           and p.state in ('dispatched', 'in-hand', 'answered', 'planned') limit 1",
        &vals![id],
    )?;
    open.map(|row| {
        let no = row.int(0)?;
        Ok(Fault::new(
            "unit",
            format!("还有没办完的问题，例如{no}；请先办完，或裁定给别的单位。"),
            format!("It still handles problems, {no} for one; settle them first, or rule them to another unit."),
        ))
    })
    .transpose()
}

/// Out of use: nothing is dispatched to it any more. What it did stays under its name.
pub fn end(tx: &mut dyn Tx, deed: &Deed, id: UnitId) -> Result<(), Failure> {
    let known = find(tx, id)?.ok_or(Refusal::Absent)?;
    if known.ended {
        return Ok(());
    }
    if let Some(fault) = holds(tx, id)? {
        return Err(Refusal::Faults(vec![fault]).into());
    }
    tx.exec("update unit set ended_at = $2 where id = $1", &vals![id, deed.now])?;
    event::note(tx, deed, id, "unit-ended", json!({ "name": known.name }))?;
    Ok(())
}

/// Into use again.
pub fn revive(tx: &mut dyn Tx, deed: &Deed, id: UnitId) -> Result<(), Failure> {
    let known = find(tx, id)?.ok_or(Refusal::Absent)?;
    if known.ended {
        tx.exec("update unit set ended_at = null where id = $1", &vals![id])?;
        event::note(tx, deed, id, "unit-revived", json!({ "name": known.name }))?;
    }
    Ok(())
}
