//! Who finds a problem in his list, as rows: units that lead or support and all above them, the officer, the reporter.

use crate::db::Tx;
use crate::error::Result;
use crate::unit;
use crate::vals;
use domain::id::UnitId;
use domain::problem::Problem;
use std::collections::BTreeMap;

/// For each unit of the case, itself and all above it.
pub type Above = BTreeMap<UnitId, Vec<UnitId>>;

/// Paths of the units that lead or support, before or after a change.
pub fn above(tx: &mut dyn Tx, p: &Problem, known: &mut Above) -> Result<()> {
    let Some(case) = p.state.case() else { return Ok(()) };
    for part in case.parts() {
        if let std::collections::btree_map::Entry::Vacant(entry) = known.entry(part.unit) {
            entry.insert(unit::above(tx, part.unit)?);
        }
    }
    Ok(())
}

/// Viewer and as what he sees it: lead, support, officer, reporter.
fn viewers(p: &Problem, above: &Above) -> BTreeMap<String, &'static str> {
    let mut viewers = BTreeMap::new();
    if let Some(case) = p.state.case() {
        for (part, name) in case.supports.iter().map(|it| (it, "support")).chain([(&case.lead, "lead")]) {
            for unit in above.get(&part.unit).into_iter().flatten() {
                viewers.insert(unit.to_string(), name);
            }
        }
    }
    viewers.extend(p.officer.map(|id| (id.to_string(), "officer")));
    viewers.extend(p.reporter.map(|id| (id.to_string(), "reporter")));
    viewers
}

/// What the rows copy from the problem, for the range that a list reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    pub clock_at: Option<i64>,
    pub late_at: Option<i64>,
}

/// Brings the rows from `before` to `after`, touching only those that differ.
pub fn sync(
    tx: &mut dyn Tx,
    no: i64,
    before: Option<(&Problem, Clocks)>,
    after: (&Problem, Clocks),
    above: &Above,
) -> Result<()> {
    let (p, clocks) = after;
    let old = before.map(|(p, _)| viewers(p, above)).unwrap_or_default();
    let new = viewers(p, above);
    for viewer in old.keys().filter(|viewer| !new.contains_key(*viewer)) {
        tx.exec("delete from sight where viewer = $1 and no = $2", &vals![viewer, no])?;
    }
    for (viewer, part) in new.iter().filter(|(viewer, part)| old.get(*viewer) != Some(*part)) {
        tx.exec(
            "insert into sight (viewer, problem, no, part, clock_at, late_at) values ($1, $2, $3, $4, $5, $6)
             on conflict (viewer, no) do update set part = excluded.part, clock_at = excluded.clock_at, late_at = excluded.late_at",
            &vals![viewer, p.id, no, *part, clocks.clock_at, clocks.late_at],
        )?;
    }
    if before.is_some_and(|(_, old)| old != clocks) {
        tx.exec(
            "update sight set clock_at = $2, late_at = $3 where problem = $1",
            &vals![p.id, clocks.clock_at, clocks.late_at],
        )?;
    }
    Ok(())
}
