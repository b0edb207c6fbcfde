//! Building sites 工地: the wall of today, one site, its card, staff, filings and month sheet.

pub mod edit;
pub mod filing;
pub mod json;
pub(crate) mod key;
pub mod month;
pub mod month_file;
mod month_page;
pub mod person;
mod person_page;
pub mod rules;
pub mod show;
mod show_page;
pub mod staff;
pub mod wall;

use crate::app::App;
use crate::auth::Who;
use crate::error::Error;
use domain::refusal::Refusal;
use domain::role::Role;
use domain::site::Tie;
use std::sync::Arc;
use store::Tx;
use store::site::Site;
use store::terms::{Deed, Failure};

/// Who has to do with sites at all.
pub fn sees_some(who: &Who) -> bool {
    [
        Role::Bureau,
        Role::Office,
        Role::Supervision,
        Role::Leader,
        Role::Owner,
        Role::Contractor,
        Role::Consultant,
        Role::SiteStaff,
    ]
    .into_iter()
    .any(|role| who.has(role))
}

/// For pages of all who have to do with sites; for others they are not there.
pub fn look(who: &Who) -> Result<(), Error> {
    if sees_some(who) { Ok(()) } else { Err(Refusal::Absent.into()) }
}

/// The bureau alone keeps the register of sites.
pub fn keeps(who: &Who) -> Result<(), Error> {
    look(who)?;
    if who.has(Role::Bureau) { Ok(()) } else { Err(Refusal::NotYourRole.into()) }
}

/// Enters people and files for them: the firms whose people they are, and the bureau.
pub fn files(ties: &[Tie]) -> bool {
    ties.iter().any(|it| matches!(it, Tie::Bureau | Tie::Contractor | Tie::Consultant))
}

/// Everybody with a tie but staff sees the whole site; staff see themselves.
pub fn sees_all(ties: &[Tie]) -> bool {
    ties.iter().any(|it| *it != Tie::Staff)
}

/// Reads about one site that the reader has a tie to; not there for others.
pub async fn read<T: Send + 'static>(
    app: &Arc<App>,
    who: &Who,
    no: &str,
    read: impl FnOnce(&mut dyn Tx, &Deed, &Site, &[Tie]) -> Result<T, Failure> + Send + 'static,
) -> Result<(Site, Vec<Tie>, T), Error> {
    look(who)?;
    let no: i64 = no.parse().map_err(|_| Refusal::Absent)?;
    let (terms, actor, now) = (app.terms(), who.actor.clone(), app.now());
    app.db
        .read(move |tx| {
            let (site, ties) = store::site::meet(tx, &actor, no)?;
            let deed = Deed { terms: &terms, by: actor.person(), now };
            let found = read(tx, &deed, &site, &ties)?;
            Ok::<_, Failure>((site, ties, found))
        })
        .await
        .map_err(Error::from)
}

/// Changes something about one site, in one transaction; the ties are those that hold within it.
pub async fn change<T: Send + 'static>(
    app: &Arc<App>,
    who: &Who,
    no: &str,
    act: impl FnOnce(&mut dyn Tx, &Deed, &Site, &[Tie]) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Error> {
    look(who)?;
    let no: i64 = no.parse().map_err(|_| Refusal::Absent)?;
    let (terms, actor, now) = (app.terms(), who.actor.clone(), app.now());
    app.db
        .write(move |tx| {
            let (site, ties) = store::site::meet(tx, &actor, no)?;
            let deed = Deed { terms: &terms, by: actor.person(), now };
            act(tx, &deed, &site, &ties)
        })
        .await
        .map_err(Error::from)
}
