//! What the audit looks at in a visit: its row against its last event, the derived columns against the row's own body.

use crate::broken::{At, Fault};
use crate::db::Tx;
use crate::error::Result;
use crate::event::Body;
use crate::row::Row;
use crate::vals;
use crate::words::sha256;
use domain::visit::Visit;
use std::collections::HashMap;

/// The rows of the visits with ids from `from` to `last`.
pub(crate) fn page(tx: &mut dyn Tx, from: &str, last: &str, limit: i64) -> Result<HashMap<String, Row>> {
    let rows = tx.query(
        "select id, no, body, revision, state, day, purpose, subject, campaign, round, team, unit, officer from visit
         where id >= $1 and id <= $2 limit $3",
        &vals![from, last, limit],
    )?;
    rows.into_iter().map(|row| Ok((row.string(0)?, row))).collect()
}

/// Whether `thing` is, or was, a visit; inside, its number where its row is still there.
pub(crate) fn named(tx: &mut dyn Tx, thing: &str) -> Result<Option<Option<i64>>> {
    if let Some(row) = tx.query_opt("select no from visit where id = $1", &vals![thing])? {
        return Ok(Some(Some(row.int(0)?)));
    }
    let row =
        tx.query_opt("select 1 from event where thing = $1 and seq = 1 and kind = 'visit-planned'", &vals![thing])?;
    Ok(row.map(|_| None))
}

pub(crate) fn without_events(tx: &mut dyn Tx) -> Result<Option<String>> {
    tx.query_opt(
        "select v.id from visit v where not exists (select 1 from event e where e.thing = v.id) order by v.no limit 1",
        &[],
    )?
    .map(|row| row.string(0))
    .transpose()
}

pub(crate) fn row_fault(row: &Row, first: &Body, last: &Body) -> Result<Option<Fault>> {
    let (body, event) = (row.text(2)?, At { seq: last.seq, kind: last.kind.clone(), at: last.at });
    if row.int(3)? > last.seq {
        return Ok(Some(Fault::Missing { seq: last.seq + 1 }));
    }
    if sha256(&[body.as_bytes()]) != last.after {
        return Ok(Some(Fault::Row { name: "body", event }));
    }
    let Ok(it) = serde_json::from_str::<Visit>(body) else { return Ok(Some(Fault::Row { name: "body", event })) };
    let differs = [
        ("revision", row.int(3)? != last.seq || it.revision != last.seq),
        ("id", it.id.to_string() != last.thing),
        ("no", first.data.get("no").and_then(serde_json::Value::as_i64) != Some(row.int(1)?)),
        ("state", row.text(4)? != it.state.name().code()),
        ("day", row.text(5)? != it.when.day.to_string()),
        ("purpose", row.text(6)? != it.purpose.code()),
        ("subject", row.text(7)? != it.subject.to_string()),
        ("campaign", row.opt_string(8)? != it.campaign.map(|id| id.to_string())),
        ("round", row.opt_string(9)? != it.round.map(|id| id.to_string())),
        ("team", row.opt_string(10)? != it.team.map(|id| id.to_string())),
        ("unit", row.text(11)? != it.unit.to_string()),
        ("officer", row.text(12)? != it.officer.to_string()),
    ];
    Ok(differs.into_iter().find(|(_, differs)| *differs).map(|(name, _)| Fault::Row { name, event }))
}
