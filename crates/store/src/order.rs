//! Carrying out an order: load through the actor's sight, look up the facts, let the rules decide, write, tell.

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::Said;
use crate::notice::{self, Letterbox};
use crate::problem::{self, Found};
use crate::sight::{self, Above};
use crate::terms::{Failure, Terms};
use crate::{attachment, category, person, unit, vals};
use domain::access::{self, Party};
use domain::command::{Command, EvidenceGiven, Facts, Order, Ruling};
use domain::course::{self, Scene};
use domain::id::{AttachmentId, ProblemId, UnitId};
use domain::problem::{Problem, State};
use domain::refusal::Refusal;
use domain::role::{Actor, Role};
use domain::time::Millis;

/// A problem as its actor meets it.
#[derive(Clone, Debug)]
pub struct Met {
    pub found: Found,
    pub parties: Vec<Party>,
}

/// Loads a problem through the actor's sight: unknown and forbidden are the same.
pub fn meet(tx: &mut dyn Tx, actor: &Actor, id: ProblemId) -> Result<Met, Failure> {
    let found = problem::find(tx, id)?.ok_or(Refusal::NotFound)?;
    met(tx, actor, found)
}

pub fn meet_no(tx: &mut dyn Tx, actor: &Actor, no: i64) -> Result<Met, Failure> {
    let found = problem::find_by_no(tx, no)?.ok_or(Refusal::NotFound)?;
    met(tx, actor, found)
}

fn met(tx: &mut dyn Tx, actor: &Actor, found: Found) -> Result<Met, Failure> {
    let parties = parties(tx, actor, &found.problem)?;
    if parties.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    Ok(Met { found, parties })
}

fn parties(tx: &mut dyn Tx, actor: &Actor, p: &Problem) -> Result<Vec<Party>> {
    let mut above = Above::new();
    if actor.hats().iter().any(|hat| matches!(hat.role, Role::Clerk | Role::Head)) {
        sight::above(tx, p, &mut above)?;
    }
    Ok(access::parties(actor, p, &|unit| above.get(&unit).cloned().unwrap_or_default()))
}

/// Carries out `order` on problem `id`, in the caller's transaction.
pub fn perform(
    tx: &mut dyn Tx,
    terms: &Terms,
    actor: &Actor,
    id: ProblemId,
    order: &Order,
    now: Millis,
) -> Result<Found, Failure> {
    let Met { found, parties } = meet(tx, actor, id)?;
    // A stale order learns what happened before anything it names is looked up.
    let facts = match access::admit(&parties, &found.problem, order.command.name(), order.seen) {
        Ok(_) => facts(tx, terms, actor, &found.problem, &order.command)?,
        Err(refusal) => return Err(refusal.into()),
    };
    let rules = terms.rules_of(found.problem.campaign);
    let scene = Scene { actor, parties: &parties, now, calendar: &terms.calendar, rules, facts: &facts };
    let change = course::decide(&found.problem, order, &scene)?;
    check_named(tx, id, &order.command)?;
    let mut said = Said { words: order.words.trim().to_owned(), rest: order.rest.trim().to_owned(), ..Said::default() };
    let mut data = serde_json::to_value(&order.command).unwrap_or_default();
    // What the system writes there names a clock, and the inbox reads it.
    if *actor != Actor::System {
        said.take_texts(&mut data);
    }
    if let (Some(map), false) = (data.as_object_mut(), change.told.is_empty()) {
        map.insert("told".into(), serde_json::Value::Object(change.told.clone()));
    }
    let before = found.problem.clone();
    let found = match problem::apply(tx, terms, found, change, data, &said, now) {
        // On PostgreSQL two may pass the checks at once; the guarded update lets one through, the other learns of him.
        Err(Error::Conflict) => return Err(changed_meanwhile(tx, id)?),
        done => done?,
    };
    if found.problem.shielded && !before.shielded {
        attachment::uncheck(tx, id)?;
    }
    tell(tx, &before, &found.problem, now)?;
    Ok(found)
}

fn changed_meanwhile(tx: &mut dyn Tx, id: ProblemId) -> Result<Failure> {
    let last = problem::find(tx, id)?.ok_or(Error::Conflict)?.problem.last;
    Ok(Refusal::ChangedMeanwhile { by: last.by, at: last.at, event: last.event }.into())
}

/// Things an order names must exist; what does not is refused in the words of the step.
fn check_named(tx: &mut dyn Tx, id: ProblemId, command: &Command) -> Result<(), Failure> {
    let attached = |tx: &mut dyn Tx, given: &[EvidenceGiven]| -> Result<(), Failure> {
        for attachment in given.iter().filter_map(|it| it.attachment) {
            if !is_attached(tx, id, attachment)? {
                return Err(Refusal::EvidenceMissing.into());
            }
        }
        Ok(())
    };
    match command {
        Command::Dispatch { lead, supports } => {
            for unit in lead.iter().chain(supports) {
                is_unit(tx, *unit)?;
            }
            Ok(())
        }
        Command::Rule { ruling: Ruling::To(unit), .. } => is_unit(tx, *unit),
        Command::Board { leader: Some(leader), .. } => {
            match person::hats(tx, *leader)?.iter().any(|hat| hat.role == Role::Leader) {
                true => Ok(()),
                false => Err(Refusal::BoardNeedsLeader.into()),
            }
        }
        Command::Evidence { given } => attached(tx, std::slice::from_ref(given)),
        Command::Support { evidence } => attached(tx, evidence),
        Command::Answer { answering } => attached(tx, &answering.evidence),
        _ => Ok(()),
    }
}

fn is_unit(tx: &mut dyn Tx, id: UnitId) -> Result<(), Failure> {
    match tx.query_opt("select 1 from unit where id = $1 and ended_at is null", &vals![id])? {
        Some(_) => Ok(()),
        None => Err(Refusal::LeadMissing.into()),
    }
}

fn is_attached(tx: &mut dyn Tx, problem: ProblemId, id: AttachmentId) -> Result<bool> {
    Ok(tx.query_opt("select 1 from attachment where id = $1 and problem = $2", &vals![id, problem])?.is_some())
}

fn facts(tx: &mut dyn Tx, terms: &Terms, actor: &Actor, p: &Problem, command: &Command) -> Result<Facts, Failure> {
    let mut facts = Facts::default();
    match command {
        Command::Triage { category: Some(id), .. } | Command::Recategorise { category: id } => {
            let found = category::find(tx, *id)?;
            facts.category = found.map(|it| (it.span.unwrap_or(terms.rules_of(p.campaign).lead), it.evidence));
        }
        Command::Merge { into } | Command::JoinCommon { parent: into } => other(tx, p, *into, &mut facts)?,
        Command::Answer { answering } => {
            if let Some(id) = answering.duplicate_of {
                // A unit may name only what it sees; anything else would tell that it exists.
                if meet(tx, actor, id).is_ok() {
                    other(tx, p, id, &mut facts)?;
                }
            }
            let outside = answering.outside.trim();
            if !outside.is_empty() {
                facts.inside = unit::find_by_name(tx, outside)?.map(|it| it.name);
            }
        }
        Command::Assign { to } => {
            let hats = person::hats(tx, *to)?;
            facts.assignee_units = hats
                .iter()
                .filter(|hat| matches!(hat.role, Role::Clerk | Role::Head))
                .flat_map(|hat| hat.within.clone())
                .collect();
        }
        _ => {}
    }
    if let State::Merged { into, .. } = &p.state {
        other(tx, p, *into, &mut facts)?;
    }
    Ok(facts)
}

fn other(tx: &mut dyn Tx, p: &Problem, id: ProblemId, facts: &mut Facts) -> Result<()> {
    let Some(found) = problem::find(tx, id)? else { return Ok(()) };
    let mut next = match &found.problem.state {
        State::Merged { into, .. } => Some(*into),
        _ => None,
    };
    // Chains of merges are short; the bound only keeps a damaged one from turning for ever.
    for _ in 0..64 {
        let Some(id) = next else { break };
        if id == p.id {
            facts.other_is_merged_into_this = true;
            break;
        }
        next = tx
            .query_opt("select merged_into from problem where id = $1", &vals![id])?
            .map(|row| row.opt_parse(0))
            .transpose()?
            .flatten();
    }
    facts.other = Some(found.problem);
    Ok(())
}

/// Notices that a change sends at once. Those of a dispatch wait until it can no longer be recalled.
fn tell(tx: &mut dyn Tx, before: &Problem, after: &Problem, now: Millis) -> Result<()> {
    let kind = after.last.event.as_str();
    let case = after.state.case().or(before.state.case());
    let units = case.into_iter().flat_map(|case| case.parts()).map(|part| part.unit);
    let mut to: Vec<Letterbox> = Vec::new();
    match kind {
        "disputed" | "extension-asked" | "pause-asked" | "answered" | "supported" => {
            to.push(Letterbox::Role(Role::Office))
        }
        "applied" => to.extend([Letterbox::Role(Role::Office)].into_iter().chain(after.officer.map(Letterbox::Person))),
        "ruled" | "extension-decided" | "pause-decided" | "redo-ordered" | "resumed" | "raised" | "instructed"
        | "recategorised" | "slip-issued" | "boarded" | "relapsed" | "woken" | "withdrawn" => {
            to.extend(units.map(Letterbox::Unit))
        }
        // Whom the system reminds depends on the clock and its level: the ticker tells them.
        "reminded" if after.last.by.is_some() => to.extend(units.map(Letterbox::Unit)),
        "reopened" => {
            to.extend(units.map(Letterbox::Unit));
            to.push(Letterbox::Role(Role::Supervision));
        }
        "assigned" => {
            let assignees = case.into_iter().flat_map(|case| case.parts()).filter_map(|it| it.assignee);
            to.extend(assignees.map(Letterbox::Person));
        }
        _ => {}
    }
    if matches!(kind, "refused" | "answered" | "extension-decided" | "closed" | "verified" | "redo-ordered") {
        to.extend(after.reporter.map(Letterbox::Reporter));
    }
    if kind == "boarded" {
        to.extend(after.board.as_ref().map(|board| Letterbox::Person(board.leader)));
    }
    for letterbox in to {
        notice::insert(tx, letterbox, Some(after.id), kind, "", now)?;
    }
    Ok(())
}
