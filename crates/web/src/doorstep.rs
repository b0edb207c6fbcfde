//! Who may look at visits and what belongs to them, who sets it up, and the one way in which that is written.

use crate::app::App;
use crate::auth::Who;
use crate::error::Error;
use domain::refusal::Refusal;
use domain::role::Role;
use domain::visit;
use std::sync::Arc;
use store::Tx;
use store::terms::{Deed, Failure};

/// Officers see what their teams visit; the office, supervision and leaders see all.
pub fn sees_some(who: &Who) -> bool {
    sees_all(who) || who.has(Role::Officer)
}

pub fn sees_all(who: &Who) -> bool {
    visit::sees_all(&who.actor)
}

pub fn sets_up(who: &Who) -> bool {
    who.has(Role::Office)
}

/// For pages of everybody who goes on visits.
pub fn look(who: &Who) -> Result<(), Error> {
    if sees_some(who) { Ok(()) } else { Err(Refusal::Absent.into()) }
}

/// For pages that count what everybody heard.
pub fn look_at_all(who: &Who) -> Result<(), Error> {
    if sees_all(who) { Ok(()) } else { Err(Refusal::Absent.into()) }
}

/// What the office alone changes: who sees it is told so, for others it is not there.
pub fn set_up(who: &Who) -> Result<(), Error> {
    look(who)?;
    if sets_up(who) { Ok(()) } else { Err(Refusal::NotYourRole.into()) }
}

/// One change that is no command of the loop, in one transaction, under the present terms.
pub async fn deed<T: Send + 'static>(
    app: &Arc<App>,
    who: &Who,
    act: impl FnOnce(&mut dyn Tx, &Deed) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Error> {
    let (terms, by, now) = (app.terms(), who.person(), app.now());
    app.db.write(move |tx| act(tx, &Deed { terms: &terms, by, now })).await.map_err(Error::from)
}
