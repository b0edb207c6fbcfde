//! Taking back what an import did to subjects and their contacts.

use crate::book::digest;
use crate::undo::{Fate, Undoing};
use domain::subject::Card;
use store::contact::{self, Contact};
use store::import_change::Change;
use store::terms::Failure;
use store::{Tx, subject, subject_bulk, subject_words};

pub(crate) fn subject(tx: &mut dyn Tx, undoing: &Undoing, id: &str, change: &Change) -> Result<Fate, Failure> {
    let Ok(id) = id.parse() else { return Ok(Fate::Gone) };
    let Some(now) = subject::find(tx, id)? else { return Ok(Fate::Gone) };
    let what = format!("{} {}", now.no, now.card.name);
    if subject::digest(&now.card) != change.after {
        return Ok(Fate::changed_since(what));
    }
    if change.before.is_empty() {
        if let Some((zh, en)) = subject_bulk::referred(tx, id)? {
            return Ok(Fate::kept(what, format!("{zh}，保留"), en));
        }
        subject_bulk::remove(tx, &now)?;
        return Ok(Fate::Removed);
    }
    let Ok(before) = serde_json::from_str::<Card>(&change.before) else { return Ok(Fate::changed_since(what)) };
    let taken = subject_bulk::find_by_codes(tx, std::slice::from_ref(&before.code))?;
    if !before.code.is_empty() && taken.iter().any(|it| it.id != id) {
        return Ok(Fate::kept(
            what,
            "原来的信用代码现已属于另一条，保留",
            "its former credit code belongs to another entry now",
        ));
    }
    subject_bulk::put(tx, &now, &before, &subject_words::words(&before), undoing.deed.now)?;
    Ok(Fate::Restored)
}

pub(crate) fn contact(tx: &mut dyn Tx, undoing: &Undoing, id: &str, change: &Change) -> Result<Fate, Failure> {
    let Ok(id) = id.parse() else { return Ok(Fate::Gone) };
    let Some(now) = contact::find(tx, id)? else { return Ok(Fate::Gone) };
    let what = subject::find(tx, now.subject)?.map(|it| it.card.name).unwrap_or_default();
    if digest(&now) != change.after {
        return Ok(Fate::changed_since(format!("{what} {}", now.name)));
    }
    if change.before.is_empty() {
        subject_bulk::remove_contact(tx, id)?;
        return Ok(Fate::Removed);
    }
    let Ok(before) = serde_json::from_str::<Contact>(&change.before) else { return Ok(Fate::changed_since(what)) };
    contact::put(tx, &before, undoing.deed.now)?;
    Ok(Fate::Restored)
}
