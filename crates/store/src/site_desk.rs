//! What waits on the desks of owners, bureau and firms: plans, doubtful punches, appeals; as lists and as counts.

use crate::db::Tx;
use crate::error::Result;
use crate::event::parse;
use crate::row::Row;
use crate::site::{self, Reach, Site, sites};
use crate::{colleague, consent, vals};
use domain::attendance::course::FiledPlan;
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

/// Where counting ends.
pub const MANY: i64 = 1_000;

/// The engines use the index of plans under way only where its condition stands in the question.
const TO_CONFIRM: &str = sites!(
    ", p.body",
    "join stage_plan p on p.site = s.id where s.owner = $1 and s.ended_at is null
       and p.state = 'filed' and p.state in ('filed', 'confirmed') order by s.no limit $2"
);
const TO_APPROVE: &str = sites!(
    ", p.body",
    "join stage_plan p on p.site = s.id where s.ended_at is null
       and p.state = 'confirmed' and p.state in ('filed', 'confirmed') order by s.no limit $1"
);
const RETURNED: &str = sites!(
    ", p.body",
    "join stage_plan p on p.site = s.id where s.contractor = $1 and s.ended_at is null and p.state = 'returned'
       and p.version = (select max(q.version) from stage_plan q where q.site = s.id) order by s.no limit $2"
);

const COUNT_TO_APPROVE: &str = "select count(*) from (select 1 as one from stage_plan p join site s on s.id = p.site
   where s.ended_at is null and p.state = 'confirmed' and p.state in ('filed', 'confirmed') limit 1000) as few";

/// For the test that prepares every statement on both engines.
pub const STATEMENTS: [&str; 4] = [TO_CONFIRM, TO_APPROVE, COUNT_TO_APPROVE, RETURNED];

fn plan(row: &Row) -> Result<Plan> {
    let it: FiledPlan = parse(row.text(12)?)?;
    Ok(Plan { site: site::site(row)?, version: it.plan.version, at: it.last.at, reason: it.reason })
}

/// The longest waiting first.
fn sorted(rows: &[Row]) -> Result<Vec<Plan>> {
    let mut plans = rows.iter().map(plan).collect::<Result<Vec<Plan>>>()?;
    plans.sort_by_key(|it| (it.at, it.site.no));
    Ok(plans)
}

/// Plans that wait for this owner's word, the longest waiting first.
pub fn to_confirm(tx: &mut dyn Tx, actor: &Actor) -> Result<Vec<Plan>> {
    let mut rows = Vec::new();
    for owner in colleague::owners(actor) {
        rows.extend(tx.query(TO_CONFIRM, &vals![owner, UNDER_WAY])?);
    }
    sorted(&rows)
}

/// Plans that wait for the bureau, the longest waiting first.
pub fn to_approve(tx: &mut dyn Tx) -> Result<Vec<Plan>> {
    sorted(&tx.query(TO_APPROVE, &vals![UNDER_WAY])?)
}

/// Plans that came back to this contractor and that no newer version has taken the place of.
pub fn returned(tx: &mut dyn Tx, actor: &Actor) -> Result<Vec<Plan>> {
    let Reach::Of { firms, .. } = site::reach(actor) else { return Ok(vec![]) };
    let mut rows = Vec::new();
    for (_, firm) in firms.into_iter().filter(|it| it.0 == Tie::Contractor) {
        rows.extend(tx.query(RETURNED, &vals![firm, UNDER_WAY])?);
    }
    sorted(&rows)
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
        counts.plans += tx.query_one(COUNT_TO_APPROVE, &[])?.int(0)?;
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
