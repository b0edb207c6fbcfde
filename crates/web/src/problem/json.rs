//! A problem as JSON, cut to what its reader may know.

use crate::app::Directory;
use crate::shield;
use crate::ui::part::Standing;
use domain::access::{self, Party};
use domain::gate;
use domain::problem::{Problem, State};
use domain::schedule;
use domain::time::Millis;
use serde_json::{Value, json};
use store::list::Line;
use store::order::Met;
use store::reporter::Reporter;
use store::terms::Terms;

fn when(at: Option<Millis>) -> Value {
    at.map_or(Value::Null, |at| json!(at.rfc3339()))
}

fn unit_of(directory: &Directory, id: domain::id::UnitId) -> Value {
    json!({ "id": id.to_string(), "name": directory.unit(id).map(|it| it.name.clone()).unwrap_or_default() })
}

/// `reporter` must be given where there is one; it is shown only to those who may see it.
pub fn problem(met: &Met, reporter: Option<&Reporter>, directory: &Directory, terms: &Terms, now: Millis) -> Value {
    let (found, p) = (&met.found, &met.found.problem);
    let (internal, named) = (access::sees_internal(&met.parties), access::sees_reporter(p, &met.parties));
    let masked = |text: &str| reporter.filter(|_| !named).map_or_else(|| text.to_owned(), |it| it.mask(text));
    let case = p.state.case();
    let mut value = json!({
        "id": p.id.to_string(),
        "no": found.no,
        "revision": p.revision,
        "state": p.state.name().code(),
        "title": masked(&found.title),
        "detail": masked(&found.detail),
        "place": masked(&found.place),
        "occurred": masked(&found.occurred),
        "source": p.source.code(),
        "tier": p.tier.code(),
        "urgency": p.urgency.code(),
        "category": p.category.map(|id| id.to_string()),
        "registered_at": p.registered.at.rfc3339(),
        "light": schedule::light_under(p, now, terms.rules_of(p.campaign), &terms.calendar).code(),
        "due_at": when(schedule::main_clock(p, terms.rules_of(p.campaign), &terms.calendar)),
        "first_due_at": when(case.map(|case| case.first_due)),
        "shielded": p.shielded,
        "reopened": p.reopened,
        "relapsed": p.relapsed,
        "steps": access::steps(&met.parties, p.state.name()).into_iter().map(|it| it.code()).collect::<Vec<_>>(),
    });
    let add = |value: &mut Value, name: &str, what: Value| {
        if let Some(map) = value.as_object_mut() {
            map.insert(name.into(), what);
        }
    };
    if let (true, Some(reporter)) = (named, reporter) {
        let full = json!({ "id": reporter.id.to_string(), "name": reporter.name, "phone": reporter.phone, "address": reporter.address });
        add(&mut value, "reporter", full);
    }
    if let Some(case) = case {
        add(&mut value, "lead", unit_of(directory, case.lead.unit));
        add(&mut value, "supports", case.supports.iter().map(|part| unit_of(directory, part.unit)).collect());
        add(&mut value, "round", json!(case.round));
    }
    if let Some(answer) = p.state.answer() {
        add(&mut value, "outcome", json!(answer.outcome.code()));
    }
    if internal {
        // Items of evidence and milestones are free words.
        let shown =
            |data: Value| reporter.filter(|_| !named).map_or_else(|| data.clone(), |it| shield::mask_data(it, &data));
        add(&mut value, "case", shown(json!(case)));
        add(&mut value, "board", shown(json!(p.board)));
        add(&mut value, "ratings", json!(p.ratings));
        if let State::Merged { into, .. } = &p.state {
            add(&mut value, "merged_into", json!(into.to_string()));
        }
    }
    value
}

/// What is still missing for strike-off, as the page names it beside the button.
pub fn missing(p: &Problem, parties: &[Party], terms: &Terms, now: Millis) -> Vec<domain::refusal::Missing> {
    let State::Answered { case, answer } = &p.state else { return vec![] };
    let facts = domain::command::Facts::default();
    let actor = domain::role::Actor::System;
    let scene = domain::course::Scene {
        actor: &actor,
        parties,
        now,
        calendar: &terms.calendar,
        rules: terms.rules_of(p.campaign),
        facts: &facts,
    };
    gate::missing(p, case, answer, &scene).0
}

pub fn line(line: &Line, directory: &Directory, terms: &Terms, now: Millis) -> Value {
    json!({
        "id": line.id.to_string(),
        "no": line.no,
        "title": line.title,
        "state": line.state.code(),
        "lead": line.lead.map(|id| unit_of(directory, id)),
        "category": line.category.map(|id| id.to_string()),
        "tier": line.tier.code(),
        "boarded": line.boarded,
        "light": light(line, terms, now).code(),
        "registered_at": line.registered_at.rfc3339(),
        "due_at": when(line.clock_at),
        "first_due_at": when(line.first_due_at),
    })
}

/// From the instants that the list copies; the same as from the whole problem (a property of `domain::schedule`).
pub fn light(line: &Line, terms: &Terms, now: Millis) -> domain::light::Light {
    standing(line, terms, now).light
}

pub fn standing<'t>(line: &Line, terms: &'t Terms, now: Millis) -> Standing<'t> {
    let late = line.late_at.is_some_and(|at| now > at);
    let light = domain::light::light(now, line.clock_at, line.paused, late, &terms.calendar);
    Standing { light, due: line.clock_at, late, now, calendar: &terms.calendar }
}
