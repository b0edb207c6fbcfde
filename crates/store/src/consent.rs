//! What an owner has still to say yes or no to: the desk of leave and substitutes.

use crate::db::Tx;
use crate::error::Result;
use crate::terms::Deed;
use crate::vals;
use domain::attendance::asked::{AskState, Asked};
use domain::id::UnitId;
use domain::time::Millis;

/// `kind`: leave or substitute; `thing` is its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub kind: String,
    pub thing: String,
    pub asked_at: Millis,
}

pub(crate) fn wait(tx: &mut dyn Tx, deed: &Deed, owner: UnitId, kind: &str, thing: &str) -> Result<()> {
    tx.exec(
        "insert into consent (owner, kind, thing, asked_at) values ($1, $2, $3, $4) on conflict (owner, asked_at, thing) do nothing",
        &vals![owner, kind, thing, deed.now],
    )?;
    Ok(())
}

/// Owners who have spoken wait no more; once it is decided nobody does.
pub(crate) fn settle<T>(tx: &mut dyn Tx, thing: &str, asked: &Asked<T>) -> Result<()> {
    if asked.state != AskState::Asked {
        tx.exec("delete from consent where thing = $1", &vals![thing])?;
        return Ok(());
    }
    for it in asked.consents.iter().filter(|it| it.given.is_some()) {
        tx.exec("delete from consent where thing = $1 and owner = $2", &vals![thing, it.owner])?;
    }
    Ok(())
}

/// The longest waiting first.
pub fn list(tx: &mut dyn Tx, owners: &[UnitId], limit: i64) -> Result<Vec<Waiting>> {
    let mut found = Vec::new();
    for owner in owners {
        let rows = tx.query(
            "select kind, thing, asked_at from consent where owner = $1 order by asked_at, thing limit $2",
            &vals![*owner, limit],
        )?;
        for row in &rows {
            found.push(Waiting { kind: row.string(0)?, thing: row.string(1)?, asked_at: row.millis(2)? });
        }
    }
    found.sort_by(|a, b| (a.asked_at, &a.thing).cmp(&(b.asked_at, &b.thing)));
    found.dedup_by(|a, b| a.thing == b.thing);
    found.truncate(limit.max(0) as usize);
    Ok(found)
}
