//! Stage plans 阶段名单 of a site: versions side by side, filed, confirmed, approved or returned.

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::{self, parse, write};
use crate::notice::{self, Letterbox};
use crate::row::Row;
use crate::site::{self, Site};
use crate::terms::{Deed, Failure};
use crate::{roll, staff, vals};
use domain::attendance::course::{self, FiledPlan, PlanCommand, PlanOrder, PlanScene, PlanState};
use domain::attendance::filing::{Filing, Names, check};
use domain::attendance::plan::{Line, StagePlan};
use domain::fault::Fault;
use domain::id::{PersonId, SiteId};
use domain::refusal::Refusal;
use domain::role::Role;
use domain::site::Tie;
use domain::time::Day;
use serde_json::json;
use std::collections::BTreeMap;

fn filed(row: &Row) -> Result<FiledPlan> {
    parse(row.text(0)?)
}

/// All versions of a site, the newest first.
pub fn list(tx: &mut dyn Tx, site: SiteId) -> Result<Vec<FiledPlan>> {
    tx.query("select body from stage_plan where site = $1 order by version desc limit 200", &vals![site])?
        .iter()
        .map(filed)
        .collect()
}

pub fn find(tx: &mut dyn Tx, site: SiteId, version: u32) -> Result<Option<FiledPlan>> {
    tx.query_opt("select body from stage_plan where site = $1 and version = $2", &vals![site, version])?
        .map(|row| filed(&row))
        .transpose()
}

/// All approved versions of a site, the first first: any of its days is judged by one of them.
pub fn approved(tx: &mut dyn Tx, site: SiteId) -> Result<Vec<StagePlan>> {
    tx.query(
        "select body from stage_plan where site = $1 and state = 'approved' order by version limit 200",
        &vals![site],
    )?
    .iter()
    .map(|row| Ok(filed(row)?.plan))
    .collect()
}

/// The version in force on a day (rule 1), of those of one site.
pub fn in_force<'p>(plans: impl IntoIterator<Item = &'p StagePlan>, day: Day) -> Option<&'p StagePlan> {
    let known =
        plans.into_iter().filter(|it| it.effective_from <= day && it.approved_at.is_some_and(|at| at.day() < day));
    known.max_by_key(|it| (it.effective_from, it.approved_at, it.version))
}

/// The newest version of a site, whatever became of it.
fn newest(tx: &mut dyn Tx, site: SiteId) -> Result<Option<FiledPlan>> {
    tx.query_opt("select body from stage_plan where site = $1 order by version desc limit 1", &vals![site])?
        .map(|row| filed(&row))
        .transpose()
}

/// The plans of other sites at which these persons have promises on or after `from`: in force, approved for later, or on
/// their way. What was taken over from before was never checked, so it binds nobody who files now.
pub fn others(tx: &mut dyn Tx, persons: &[PersonId], but: SiteId, from: Day) -> Result<Vec<StagePlan>> {
    let mut plans = Vec::new();
    for site in roll::elsewhere(tx, persons, but)? {
        let all = list(tx, site)?.into_iter().filter(|it| it.state != PlanState::Returned);
        let (pending, approved): (Vec<FiledPlan>, Vec<FiledPlan>) = all.partition(FiledPlan::is_pending);
        // Those that can still hold: in force at the beginning, and all effective later.
        let now = in_force(approved.iter().map(|it| &it.plan), from).map(|it| it.version);
        let holds = |it: &FiledPlan| Some(it.plan.version) == now || it.plan.effective_from > from;
        let approved = approved.into_iter().filter(|it| holds(it) && !it.taken_over);
        plans.extend(approved.chain(pending).map(|it| it.plan));
    }
    Ok(plans)
}

/// All that is wrong with a plan, as sentences with the fields of its form.
pub fn troubles(tx: &mut dyn Tx, deed: &Deed, plan: &StagePlan) -> Result<Vec<Fault>> {
    let mut persons: Vec<PersonId> = plan.lines.iter().map(|it| it.person).collect();
    persons.sort_unstable();
    persons.dedup();
    let others = others(tx, &persons, plan.site, plan.effective_from)?;
    let mut names = Names::default();
    let certificates = roll::certificates(tx, &persons)?;
    let mut faults = Vec::new();
    let on_staff: BTreeMap<PersonId, String> =
        staff::list(tx, plan.site)?.into_iter().map(|it| (it.person, it.name)).collect();
    for person in &persons {
        if let Some(name) = on_staff.get(person) {
            names.persons.insert(*person, name.clone());
        }
    }
    for (n, line) in plan.lines.iter().enumerate() {
        if !on_staff.contains_key(&line.person) {
            let (zh, en) =
                ("此人不在本工地人员名单中；请先登记人员。", "Not on the staff of this site; enter the person first.");
            faults.push(Fault::new(format!("lines.{n}.person"), zh, en));
        }
    }
    for it in others.iter().map(|it| it.site).chain([plan.site]) {
        if let Some(site) = site::find(tx, it)? {
            names.sites.insert(it, site.name);
        }
    }
    let rules = deed.terms.attendance.on(plan.effective_from);
    let filing = Filing { plan, others: &others, certificates: &certificates, rules, calendar: &deed.terms.calendar };
    faults.extend(check(&filing, &names));
    Ok(faults)
}

/// Files the next version of a site's plan. One that is still under way must be decided first.
pub fn file(tx: &mut dyn Tx, deed: &Deed, site: &Site, ties: &[Tie], plan: StagePlan) -> Result<u32, Failure> {
    let plan = put(tx, deed, site, ties, plan)?;
    fits(tx, deed, &plan)?;
    Ok(plan.version)
}

/// Files plans of several sites that only hold together: each is checked beside all the others. All of them, or none; what
/// is wrong names its site.
pub fn file_all(
    tx: &mut dyn Tx,
    deed: &Deed,
    plans: Vec<(Site, Vec<Tie>, StagePlan)>,
) -> Result<Vec<StagePlan>, Failure> {
    let mut filed = Vec::with_capacity(plans.len());
    let mut names = Vec::with_capacity(plans.len());
    for (site, ties, plan) in plans {
        filed.push(put(tx, deed, &site, &ties, plan).map_err(|failure| at_site(failure, &site.name))?);
        names.push(site.name);
    }
    for (plan, name) in filed.iter().zip(&names) {
        fits(tx, deed, plan).map_err(|failure| at_site(failure, name))?;
    }
    Ok(filed)
}

fn at_site(failure: Failure, name: &str) -> Failure {
    let Failure::Refusal(Refusal::Faults(faults)) = failure else { return failure };
    let named = |it: Fault| Fault::new(it.field, format!("{name}：{}", it.zh), format!("{name}: {}", it.en));
    faults.into_iter().map(named).collect::<Vec<Fault>>().into()
}

fn fits(tx: &mut dyn Tx, deed: &Deed, plan: &StagePlan) -> Result<(), Failure> {
    let faults = troubles(tx, deed, plan)?;
    if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
}

/// A list in force before the house began, with all promises in it, whether or not they can be kept. By the bureau, as the
/// first version of a site.
pub fn take_over(tx: &mut dyn Tx, deed: &Deed, plan: StagePlan) -> Result<(), Failure> {
    let Some(by) = deed.by else { return Err(Refusal::NotYourRole.into()) };
    if newest(tx, plan.site)?.is_some() {
        let (zh, en) = (
            "这个工地已有阶段名单，不能再转入原名单。",
            "The site has a plan already; an earlier list cannot be taken over.",
        );
        return Err(vec![Fault::new("plan", zh, en)].into());
    }
    let filed = course::take_over(StagePlan { version: 1, ..plan }, by, deed.now);
    insert(tx, &filed)?;
    event::note(tx, deed, filed.plan.site, "plan-taken-over", json!({ "version": 1 }))?;
    name_persons(tx, &filed.plan)?;
    Ok(())
}

fn insert(tx: &mut dyn Tx, it: &FiledPlan) -> Result<()> {
    tx.exec(
        "insert into stage_plan (site, version, state, effective_from, approved_at, revision, body) values ($1, $2, $3, $4, $5, $6, $7)",
        &vals![
            it.plan.site,
            it.plan.version,
            it.state.code(),
            it.plan.effective_from,
            it.plan.approved_at,
            it.revision,
            write(it)?
        ],
    )?;
    Ok(())
}

/// Written before it is checked: a refusal undoes the transaction.
fn put(tx: &mut dyn Tx, deed: &Deed, site: &Site, ties: &[Tie], plan: StagePlan) -> Result<StagePlan, Failure> {
    let by_bureau = !ties.contains(&Tie::Contractor);
    if by_bureau && !ties.contains(&Tie::Bureau) {
        return Err(Refusal::NotYourRole.into());
    }
    let Some(by) = deed.by else { return Err(Refusal::NotYourRole.into()) };
    let newest = newest(tx, site.id)?;
    if let Some(pending) = newest.as_ref().filter(|it| it.is_pending()) {
        return Err(vec![Fault::new(
            "plan",
            format!("第{}版还在办理中，办结后才能申报下一版。", pending.plan.version),
            format!(
                "Version {} is still under way; it must be decided before the next is filed.",
                pending.plan.version
            ),
        )]
        .into());
    }
    let version = newest.map_or(1, |it| it.plan.version + 1);
    let plan = StagePlan { site: site.id, version, ..plan };
    let filed = course::file(plan, by_bureau, by, deed.now);
    insert(tx, &filed)?;
    event::note(tx, deed, site.id, "plan-filed", json!({ "version": version, "by_bureau": by_bureau }))?;
    notice::insert_site(
        tx,
        Letterbox::Firm(Role::Owner, site.owner),
        site.id,
        "plan-filed",
        &version.to_string(),
        deed.now,
    )?;
    Ok(filed.plan)
}

/// Confirm, return, approve.
pub fn perform(
    tx: &mut dyn Tx,
    deed: &Deed,
    site: &Site,
    ties: &[Tie],
    version: u32,
    order: &PlanOrder,
) -> Result<FiledPlan, Failure> {
    let before = find(tx, site.id, version)?.ok_or(Refusal::Absent)?;
    let Some(by) = deed.by else { return Err(Refusal::NotYourRole.into()) };
    if order.command == PlanCommand::Approve {
        // What was promised elsewhere since it was filed counts too.
        let faults = troubles(tx, deed, &before.plan)?;
        if !faults.is_empty() && before.possible(ties, Some(by)).contains(&PlanCommand::Approve) {
            return Err(faults.into());
        }
    }
    let after = course::decide(&before, order, &PlanScene { ties, by, now: deed.now })?;
    save(tx, &before, &after)?;
    event::say(tx, deed, site.id, order.command.event(), json!({ "version": version }), &after.reason)?;
    if after.state == PlanState::Approved {
        name_persons(tx, &after.plan)?;
    }
    let about = version.to_string();
    let mut tell = |to: Letterbox| notice::insert_site(tx, to, site.id, order.command.event(), &about, deed.now);
    match after.state {
        PlanState::Confirmed => tell(Letterbox::Role(Role::Bureau))?,
        _ => {
            tell(Letterbox::Firm(Role::Contractor, site.contractor))?;
            if after.state == PlanState::Approved {
                for line in persons(&after.plan.lines) {
                    tell(Letterbox::Person(line))?;
                }
            }
        }
    }
    Ok(after)
}

fn persons(lines: &[Line]) -> Vec<PersonId> {
    let mut all: Vec<PersonId> = lines.iter().map(|it| it.person).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn save(tx: &mut dyn Tx, before: &FiledPlan, after: &FiledPlan) -> Result<(), Failure> {
    let changed = tx.exec(
        "update stage_plan set state = $4, approved_at = $5, revision = $6, body = $7 where site = $1 and version = $2 and revision = $3",
        &vals![
            after.plan.site,
            after.plan.version,
            before.revision,
            after.state.code(),
            after.plan.approved_at,
            after.revision,
            write(after)?
        ],
    )?;
    if changed == 0 { Err(Failure::Store(Error::Conflict)) } else { Ok(()) }
}

/// Whom an approved version names, for whoever loads a person's plans.
fn name_persons(tx: &mut dyn Tx, plan: &StagePlan) -> Result<()> {
    let mut spans: BTreeMap<PersonId, (Day, Day)> = BTreeMap::new();
    for line in &plan.lines {
        let named = [Some(line.person), line.covers, line.replaces];
        for person in named.into_iter().flatten() {
            let span = spans.entry(person).or_insert((line.from, line.to));
            *span = (span.0.min(line.from), span.1.max(line.to));
        }
    }
    for (person, (from, to)) in spans {
        tx.exec(
            "insert into plan_person (person, site, version, from_day, to_day) values ($1, $2, $3, $4, $5) on conflict (person, site, version) do nothing",
            &vals![person, plan.site, plan.version, from, to],
        )?;
    }
    Ok(())
}
