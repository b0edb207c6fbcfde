//! Taking back punches that an import brought; what somebody has decided about since stays.

use crate::undo::{Fate, Undoing};
use store::Tx;
use store::punch;
use store::terms::Failure;

pub(crate) fn punch(tx: &mut dyn Tx, undoing: &Undoing, id: &str) -> Result<Fate, Failure> {
    let Ok(id) = id.parse() else { return Ok(Fate::Gone) };
    let Some(found) = punch::find(tx, id)? else { return Ok(Fate::Gone) };
    if !found.what.rulings.is_empty() {
        let what = format!("{} {}", found.name, found.what.at.minute());
        return Ok(Fate::kept(what, "打卡已经复核，保留", "the punch was reviewed since"));
    }
    punch::remove(tx, &undoing.deed, &found)?;
    Ok(Fate::Removed)
}
