//! What stands beside the form of a plan: the site's people, their other sites, the posts, and what the rules say.

use super::read::Draft;
use super::rows::{MOST, count, line};
use crate::ui::field::Typed;
use domain::attendance::course::{FiledPlan, PlanState};
use domain::attendance::filing::Names;
use domain::attendance::plan::StagePlan;
use domain::fault::Fault;
use domain::id::{PersonId, SiteId};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::site::Site;
use store::staff::{self, Staff};
use store::stage_plan;
use store::terms::{Deed, Failure};

pub struct Desk {
    pub staff: Vec<Staff>,
    /// The other sites of those whom the form names.
    pub elsewhere: BTreeMap<PersonId, Vec<(SiteId, String)>>,
    /// Names of posts to choose from, those that the rules ask for first.
    pub posts: Vec<String>,
    /// A version that must be decided first.
    pub pending: Option<FiledPlan>,
    pub names: Names,
}

impl Desk {
    pub fn load(tx: &mut dyn Tx, deed: &Deed, site: &Site, typed: &Typed) -> Result<Desk, Failure> {
        let staff = staff::list(tx, site.id)?;
        let lines = count(typed, "lines");
        let named: BTreeSet<PersonId> =
            (0..lines).filter_map(|at| typed.get(&line(at, "person")).parse().ok()).collect();
        let mut names = Names::default();
        names.persons.extend(staff.iter().map(|it| (it.person, it.name.clone())));
        names.sites.insert(site.id, site.name.clone());
        let mut elsewhere = BTreeMap::new();
        for person in &named {
            let sites: Vec<(SiteId, String)> =
                staff::sites_of(tx, *person)?.into_iter().filter(|it| it.0 != site.id).map(|it| (it.0, it.2)).collect();
            names.sites.extend(sites.iter().cloned());
            elsewhere.insert(*person, sites);
        }
        let pending = stage_plan::list(tx, site.id)?.into_iter().next().filter(FiledPlan::is_pending);
        let posts = posts(deed, &staff);
        Ok(Desk { staff, elsewhere, posts, pending, names })
    }

    pub fn staff_named(&self, name: &str) -> Vec<&Staff> {
        self.staff.iter().filter(|it| it.name == name).collect()
    }
}

/// A post that goes by several names stands there once, by the name under which somebody holds it.
fn posts(deed: &Deed, staff: &[Staff]) -> Vec<String> {
    let held = || staff.iter().flat_map(|it| &it.posts);
    let required = deed.terms.attendance.on(deed.now.day()).required.iter();
    let required =
        required.filter_map(|it| it.names.iter().find(|name| held().any(|it| it == *name)).or(it.names.first()));
    let mut posts: Vec<String> = Vec::new();
    for post in required.chain(held()) {
        if !posts.contains(&post.0) {
            posts.push(post.0.clone());
        }
    }
    posts
}

/// What the form starts with: the version asked for, else the newest that was approved or returned, else the staff.
pub fn start(tx: &mut dyn Tx, deed: &Deed, site: &Site, version: Option<u32>) -> Result<Typed, Failure> {
    let all = stage_plan::list(tx, site.id)?;
    let asked = |it: &&FiledPlan| version == Some(it.plan.version);
    let decided = |it: &&FiledPlan| matches!(it.state, PlanState::Approved | PlanState::Returned);
    let copied = all.iter().find(asked).or_else(|| all.iter().find(decided)).or_else(|| all.first());
    // Approved today, it counts from tomorrow at the earliest.
    let tomorrow = deed.now.day().plus(1);
    let Some(it) = copied else { return Ok(super::fill::first(tomorrow, &staff::list(tx, site.id)?)) };
    let plan = StagePlan { effective_from: it.plan.effective_from.max(tomorrow), ..it.plan.clone() };
    let mut typed = super::fill::typed(&plan);
    typed.0.push(("copied".to_owned(), plan.version.to_string()));
    Ok(typed)
}

/// All that can be said against a draft: what cannot be read of it, and what the rules find in the rest.
pub fn faults(tx: &mut dyn Tx, deed: &Deed, site: &Site, draft: &Draft) -> Result<Vec<Fault>, Failure> {
    let mut all = draft.faults.clone();
    if draft.has_day {
        let plan = StagePlan { site: site.id, ..draft.plan.clone() };
        all.extend(draft.said_of_what_is_read(of_plan(tx, deed, &plan)?));
    }
    Ok(all)
}

/// What the rules say, and what no row of the database could hold.
pub fn of_plan(tx: &mut dyn Tx, deed: &Deed, plan: &StagePlan) -> Result<Vec<Fault>, Failure> {
    let mut all = impossible(tx, plan)?;
    all.extend(stage_plan::troubles(tx, deed, plan)?);
    Ok(all)
}

fn impossible(tx: &mut dyn Tx, plan: &StagePlan) -> Result<Vec<Fault>, Failure> {
    let staff: BTreeSet<PersonId> = staff::list(tx, plan.site)?.into_iter().map(|it| it.person).collect();
    let mut faults = Vec::new();
    if plan.lines.is_empty() {
        let (zh, en) = (
            "请至少填写一行：谁、什么岗位、哪些天到岗。",
            "Give at least one line: who, in which post, on which days.",
        );
        faults.push(Fault::new("lines", zh, en));
    }
    for (list, n) in [("lines", plan.lines.len()), ("stages", plan.stages.len())] {
        if n > MOST {
            let (zh, en) =
                (format!("最多{MOST}行，现有{n}行；请分工地申报。"), format!("At most {MOST} rows; there are {n}."));
            faults.push(Fault::new(list, zh, en));
        }
    }
    let long = |text: &str| text.chars().count() > 50;
    for (at, it) in plan.lines.iter().enumerate() {
        let n = at + 1;
        if it.post.0.trim().is_empty() || long(&it.post.0) {
            let (zh, en) =
                (format!("第{n}行：岗位请写1到50个字。"), format!("Line {n}: a post has 1 to 50 characters."));
            faults.push(Fault::new(format!("lines.{at}.post"), zh, en));
        }
        for (field, person) in [("covers", it.covers), ("replaces", it.replaces)] {
            if person.is_some_and(|id| !staff.contains(&id)) {
                let (zh, en) = (
                    format!("第{n}行：所代替或接替的人不在本工地人员名单中。"),
                    format!("Line {n}: whom it covers or replaces is not on the staff of this site."),
                );
                faults.push(Fault::new(format!("lines.{at}.{field}"), zh, en));
            }
        }
    }
    let nameless = |at: &usize| plan.stages[*at].name.trim().is_empty() || long(&plan.stages[*at].name);
    for at in (0..plan.stages.len()).filter(nameless) {
        let (zh, en) = (
            format!("第{}个阶段：名称请写1到50个字。", at + 1),
            format!("Stage {}: a name has 1 to 50 characters.", at + 1),
        );
        faults.push(Fault::new(format!("stages.{at}.name"), zh, en));
    }
    Ok(faults)
}

pub fn ended() -> Vec<Fault> {
    vec![Fault::new(
        "plan",
        "这个工地已经完工，不再申报阶段名单。",
        "The work here is over; no plan is filed any more.",
    )]
}
