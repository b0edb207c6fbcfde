//! How somebody stands to a person who works at sites: what is asked by him or about him is seen by those who have to do
//! with it, and why he is away by fewer.

use crate::db::Tx;
use crate::error::Result;
use crate::site::{self, Reach};
use crate::staff;
use domain::id::{PersonId, UnitId};
use domain::role::{Actor, Role};
use domain::site::Tie;

/// Of one reader to one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub is_self: bool,
    pub is_bureau: bool,
    /// Acts for the firm whose people he is at one of his sites.
    pub is_of_his_firm: bool,
    /// Has a part in one of his sites, or watches over all of them.
    pub is_of_his_sites: bool,
}

impl Standing {
    pub fn is_any(self) -> bool {
        self.is_self || self.is_bureau || self.is_of_his_firm || self.is_of_his_sites
    }
}

/// Nobody works at more sites.
const SITES: i64 = 50;

pub fn standing(tx: &mut dyn Tx, actor: &Actor, person: PersonId) -> Result<Standing> {
    let watches = |role: Role| matches!(role, Role::Office | Role::Supervision | Role::Leader);
    let mut found = Standing {
        is_self: actor.person() == Some(person),
        is_bureau: actor.has(Role::Bureau),
        is_of_his_sites: actor.hats().iter().any(|hat| watches(hat.role)),
        ..Standing::default()
    };
    for it in site::list(tx, &Reach::Of { firms: vec![], person: Some(person) }, 0, SITES)? {
        let ties = site::ties(tx, actor, &it)?;
        found.is_of_his_sites |= ties.iter().any(|tie| *tie != Tie::Staff);
        if ties.contains(&Tie::Contractor) || ties.contains(&Tie::Consultant) {
            let firm = staff::find(tx, it.id, person)?.map(|it| it.firm);
            let acts_for = |role: Role| matches!(role, Role::Contractor | Role::Consultant);
            found.is_of_his_firm |=
                actor.hats().iter().any(|hat| acts_for(hat.role) && firm.is_some_and(|it| hat.within.contains(&it)));
        }
    }
    Ok(found)
}

/// The owners for which somebody says yes or no.
pub fn owners(actor: &Actor) -> Vec<UnitId> {
    let hats = actor.hats().iter().filter(|hat| hat.role == Role::Owner);
    let mut units: Vec<UnitId> = hats.flat_map(|hat| hat.within.iter().copied()).collect();
    units.sort_unstable();
    units.dedup();
    units
}
