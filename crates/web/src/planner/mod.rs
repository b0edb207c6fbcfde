//! The planner of a firm: which of its people goes to which site on which day, so that every approved plan is kept with the
//! fewest days; looked at, changed by hand, and taken over as named dates of the next versions.

mod accept;
mod job;
mod load;
mod page;
mod start;
mod table;
mod words;

pub use accept::{accept, check};
pub use job::Jobs;
pub use start::{html, show, start};

use crate::auth::Who;
use crate::error::Error;
use domain::id::UnitId;
use domain::refusal::Refusal;
use domain::role::{Actor, Role};
use domain::site::Tie;

/// The firms for which somebody plans, and as what.
fn firms(actor: &Actor) -> Vec<(Tie, UnitId)> {
    let mut firms = Vec::new();
    for hat in actor.hats() {
        let tie = match hat.role {
            Role::Contractor => Tie::Contractor,
            Role::Consultant => Tie::Consultant,
            _ => continue,
        };
        firms.extend(hat.within.iter().map(|unit| (tie, *unit)));
    }
    firms.sort_unstable();
    firms.dedup();
    firms
}

/// For firms alone; for others it is not there.
fn admit(who: &Who) -> Result<(), Error> {
    if who.has(Role::Contractor) || who.has(Role::Consultant) { Ok(()) } else { Err(Refusal::Absent.into()) }
}
