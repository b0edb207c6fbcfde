//! What waits on the desks of owners, bureau and firms: plans, doubtful punches, appeals; as lists and as counts.

use crate::db::Tx;
use crate::error::Result;
use crate::event::parse;
use crate::site::{self, Reach, Site};
use crate::{colleague, consent, stage_plan, vals};
use domain::attendance::course::{FiledPlan, PlanState};
use domain::id::PunchId;
use domain::role::{Actor, Role};
use domain::site::Tie;
use domain::time::Millis;

/// A version of a site's plan that somebody must look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub site: Site,
    pub version: u32,
    /// Since when it waits.
    pub at: Millis,
    /// Why it was returned.
    pub reason: String,
}

/// One site has one version under way; a zone has some hundreds of sites.
const UNDER_WAY: i64 = 1_000;
/// Sites of one contractor.
const SITES: i64 = 200;
/// Where counting ends.
pub const MANY: i64 = 1_000;

/// Plans that wait for this owner's word, the longest waiting first.
pub fn to_confirm(tx: &mut dyn Tx, actor: &Actor) -> Result<Vec<Plan>> {
    let owners = colleague::owners(actor);
    let mut plans = waiting(tx, PlanState::Filed)?;
    plans.retain(|it| owners.contains(&it.site.owner));
    Ok(plans)
}

/// Plans that wait for the bureau.
pub fn to_approve(tx: &mut dyn Tx) -> Result<Vec<Plan>> {
    waiting(tx, PlanState::Confirmed)
}

fn waiting(tx: &mut dyn Tx, state: PlanState) -> Result<Vec<Plan>> {
    let rows = stage_plan::waiting(tx, state, UNDER_WAY)?;
    let open = rows.into_iter().filter(|it| it.0.ended_at.is_none());
    let mut plans: Vec<Plan> =
        open.map(|(site, version, at)| Plan { site, version, at, reason: String::new() }).collect();
    plans.sort_by_key(|it| (it.at, it.site.no));
    Ok(plans)
}

/// Plans that came back to this contractor and that no newer version has taken the place of.
pub fn returned(tx: &mut dyn Tx, actor: &Actor) -> Result<Vec<Plan>> {
    let Reach::Of { firms, .. } = site::reach(actor) else { return Ok(vec![]) };
    let own = firms.into_iter().filter(|it| it.0 == Tie::Contractor).collect();
    let mut plans = Vec::new();
    for site in site::list(tx, &Reach::Of { firms: own, person: None }, 0, SITES)? {
        let row =
            tx.query_opt("select body from stage_plan where site = $1 order by version desc limit 1", &vals![site.id])?;
        let newest: Option<FiledPlan> = row.map(|row| parse(row.text(0)?)).transpose()?;
        if let Some(it) = newest.filter(|it| it.state == PlanState::Returned && site.ended_at.is_none()) {
            plans.push(Plan { site, version: it.plan.version, at: it.last.at, reason: it.reason });
        }
    }
    plans.sort_by_key(|it| (it.at, it.site.no));
    Ok(plans)
}

/// How much waits for one reader; `MANY` is where counting ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Leave and substitutes.
    pub asked: i64,
    /// To confirm, to approve, or returned.
    pub plans: i64,
    pub punches: i64,
    pub appeals: i64,
}

impl Counts {
    pub fn sum(&self) -> i64 {
        self.asked + self.plans + self.punches + self.appeals
    }
}

pub fn counts(tx: &mut dyn Tx, actor: &Actor) -> Result<Counts> {
    let mut counts = Counts::default();
    if actor.has(Role::Owner) {
        counts.asked = consent::list(tx, &colleague::owners(actor), MANY)?.len() as i64;
        counts.plans += to_confirm(tx, actor)?.len() as i64;
    }
    if actor.has(Role::Contractor) {
        counts.plans += returned(tx, actor)?.len() as i64;
    }
    if actor.has(Role::Bureau) {
        counts.plans += to_approve(tx)?.len() as i64;
        counts.punches = tx
            .query_one("select count(*) from (select 1 as one from punch where waits = 1 limit 1000) as few", &[])?
            .int(0)?;
        counts.appeals = tx
            .query_one(
                "select count(*) from (select 1 as one from appeal where state = 'open' limit 1000) as few",
                &[],
            )?
            .int(0)?;
    }
    Ok(counts)
}

/// What a person decided about a punch, with his name and reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    pub at: Millis,
    pub accepted: bool,
    pub by_name: String,
    pub reason: String,
}

/// The first first.
pub fn decided(tx: &mut dyn Tx, punch: PunchId) -> Result<Vec<Decided>> {
    tx.query(
        "select r.at, r.accepted, coalesce(p.name, ''), r.reason from ruling r left join person p on p.id = r.by
         where r.punch = $1 order by r.at limit 50",
        &vals![punch],
    )?
    .iter()
    .map(|row| {
        Ok(Decided { at: row.millis(0)?, accepted: row.flag(1)?, by_name: row.string(2)?, reason: row.string(3)? })
    })
    .collect()
}
