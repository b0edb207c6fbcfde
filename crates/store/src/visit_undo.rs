//! Taking back a visit that an import recorded: its derived rows go, the coverage is counted anew. A visit to which
//! problems refer stays as one that fell through, with the reason.

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::{Body, Said, append, append_next, write};
use crate::terms::Deed;
use crate::visit::Found;
use crate::words::sha256;
use crate::{search_visit, vals};
use domain::id::{RoundId, SubjectId};
use domain::problem::{Last, Stamp};
use domain::visit::{State, Visit};

const EVENT: &str = "visit-undone";
/// The last event of a visit whose row is gone with its import.
pub(crate) const REMOVED: &str = "visit-removed";

/// Whether a promise of this visit was settled, or the subject's word about it is kept elsewhere.
pub fn is_settled(tx: &mut dyn Tx, visit: &Visit) -> Result<bool> {
    let row = tx.query_one("select count(*) from promise where visit = $1 and state <> 'open'", &vals![visit.id])?;
    Ok(row.int(0)? > 0)
}

/// No problem refers to it: nothing but its events stays.
pub fn remove(tx: &mut dyn Tx, deed: &Deed, found: &Found) -> Result<()> {
    let visit = &found.visit;
    clear(tx, visit)?;
    search_visit::remove(tx, found.no)?;
    tx.exec("delete from visit_viewer where visit = $1", &vals![visit.id])?;
    tx.exec("delete from visit where id = $1", &vals![visit.id])?;
    append_next(
        tx,
        &deed.terms.master,
        &visit.id.to_string(),
        REMOVED,
        deed.by,
        serde_json::json!({ "no": found.no }),
        deed.now,
    )?;
    recount(tx, visit)
}

/// Problems refer to it: it stays, as one that fell through.
pub fn fall_through(tx: &mut dyn Tx, deed: &Deed, found: &Found, reason: &str) -> Result<()> {
    let before = &found.visit;
    clear(tx, before)?;
    search_visit::remove(tx, found.no)?;
    let declined = Stamp { at: deed.now, by: deed.by };
    let after = Visit {
        revision: before.revision + 1,
        state: State::Declined { declined },
        record: None,
        version: 0,
        last: Last { by: deed.by, at: deed.now, event: EVENT.into() },
        ..before.clone()
    };
    let body = write(&after)?;
    let changed = tx.exec(
        "update visit set state = $3, revision = $4, body = $5, sent = '' where id = $1 and revision = $2",
        &vals![after.id, before.revision, after.state.name().code(), after.revision, &body],
    )?;
    if changed == 0 {
        return Err(Error::Conflict);
    }
    let event = Body {
        thing: after.id.to_string(),
        seq: after.revision,
        kind: EVENT.into(),
        at: deed.now,
        written: deed.now,
        by: deed.by,
        party: String::new(),
        state: after.state.name().code().into(),
        data: serde_json::Value::Null,
        words: String::new(),
        after: sha256(&[body.as_bytes()]),
    };
    append(tx, &deed.terms.master, event, &Said { words: reason.to_owned(), ..Said::default() })?;
    recount(tx, &after)
}

/// The rows that its record made.
fn clear(tx: &mut dyn Tx, visit: &Visit) -> Result<()> {
    tx.exec("delete from notice where promise in (select id from promise where visit = $1)", &vals![visit.id])?;
    tx.exec("delete from response where visit = $1", &vals![visit.id])?;
    tx.exec("delete from finding where visit = $1", &vals![visit.id])?;
    tx.exec("delete from visit_policy where visit = $1", &vals![visit.id])?;
    tx.exec("delete from grid_mark where thing = $1", &vals![visit.id])?;
    tx.exec("delete from promise where visit = $1", &vals![visit.id])?;
    tx.exec("delete from visit_version where visit = $1", &vals![visit.id])?;
    Ok(())
}

fn recount(tx: &mut dyn Tx, visit: &Visit) -> Result<()> {
    match visit.round {
        Some(round) => recount_one(tx, round, visit.subject),
        None => Ok(()),
    }
}

/// How often a subject was visited in a round, and when last, from the visits themselves.
fn recount_one(tx: &mut dyn Tx, round: RoundId, subject: SubjectId) -> Result<()> {
    let rows = tx.query(
        "select id, day from visit where subject = $2 and round = $1 and state in ('recorded', 'confirmed') order by day desc, no desc limit 10000",
        &vals![round, subject],
    )?;
    let newest = rows.first();
    tx.exec(
        "update assignment set visits = $3, visit = $4, visited_on = $5 where round = $1 and subject = $2",
        &vals![
            round,
            subject,
            rows.len() as i64,
            newest.map(|row| row.string(0)).transpose()?,
            newest.map(|row| row.string(1)).transpose()?
        ],
    )?;
    Ok(())
}
