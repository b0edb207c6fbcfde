//! Taking back persons, roles and telephones that an import brought.

use crate::undo::{Fate, Undoing};
use domain::id::{PersonId, UnitId};
use domain::role::Role;
use serde_json::json;
use store::event::note;
use store::import_change::Change;
use store::terms::Failure;
use store::words::sha256;
use store::{Tx, person, person_trace};

pub(crate) fn person(tx: &mut dyn Tx, undoing: &Undoing, id: &str, change: &Change) -> Result<Fate, Failure> {
    let Ok(id) = id.parse() else { return Ok(Fate::Gone) };
    let Some(now) = person::find(tx, id)? else { return Ok(Fate::Gone) };
    let what = format!("{} {}", now.login, now.name);
    if change.before.is_empty() {
        if let Some((zh, en)) = person_trace::named(tx, id)? {
            return Ok(Fate::kept(what, format!("{zh}，保留"), en));
        }
        person_trace::remove(tx, id)?;
        note(tx, &undoing.deed, id, "person-undone", json!({}))?;
        return Ok(Fate::Removed);
    }
    if sha256(&[now.phone.as_bytes()]) != change.after {
        return Ok(Fate::changed_since(what));
    }
    let before: String = serde_json::from_str(&change.before).unwrap_or_default();
    person_trace::set_phone(tx, id, &before)?;
    Ok(Fate::Restored)
}

/// `id` is person, role and unit, divided by slashes.
pub(crate) fn hat(tx: &mut dyn Tx, undoing: &Undoing, id: &str) -> Result<Fate, Failure> {
    let mut parts = id.split('/');
    let person: Option<PersonId> = parts.next().and_then(|it| it.parse().ok());
    let role = parts.next().and_then(Role::parse);
    let unit: Option<UnitId> = parts.next().and_then(|it| it.parse().ok());
    let (Some(person), Some(role), Some(unit)) = (person, role, unit) else { return Ok(Fate::Gone) };
    if person::remove_hat(tx, person, role, unit)? == 0 {
        return Ok(Fate::Gone);
    }
    let data = json!({ "role": role.code(), "unit": unit.to_string() });
    note(tx, &undoing.deed, person, "hat-taken", data)?;
    Ok(Fate::Removed)
}
