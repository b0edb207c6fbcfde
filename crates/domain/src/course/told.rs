//! What an event says beyond its command: the dates and units that followed from it, as they stood at that moment.

use crate::course::Scene;
use crate::problem::*;
use crate::time::Millis;
use serde_json::{Map, Value, json};

/// Ids and instants only; events carry no personal data.
pub(super) fn told(before: &Problem, after: &Problem, scene: &Scene) -> Map<String, Value> {
    let calendar = scene.calendar;
    let due = |start, span| Timer { start, span }.due(calendar);
    let mut told = Map::new();
    let mut tell = |name: &str, value: Value| {
        told.insert(name.into(), value);
    };
    let instant = |at: Millis| json!(at.rfc3339());
    match (after.last.event.as_str(), &after.state) {
        ("dispatched", State::Dispatched { case }) => {
            tell("receive_by", instant(case.lead.receive.due(calendar)));
            tell("due", instant(case.first_due));
            if let Some(timer) = case.supports.first().and_then(|part| part.support) {
                tell("support_by", instant(timer.due(calendar)));
            }
        }
        ("received", _) => {
            let waiting = |p: &Problem| {
                p.state.case().map_or(0, |case| case.parts().filter(|part| part.disputed.is_some()).count())
            };
            if waiting(after) < waiting(before) {
                tell("dispute_taken_back", json!(true));
            }
        }
        ("ruled", State::Dispatched { case } | State::InHand { case }) => {
            let old = before.state.case();
            let ruled = old.into_iter().flat_map(Case::parts).find(|part| {
                part.disputed.is_some() && !case.parts().any(|now| now.unit == part.unit && now.disputed.is_some())
            });
            if let Some(part) = ruled {
                tell("from", json!(part.unit));
                tell("disputed_at", json!(part.disputed.map(|it| it.at.rfc3339())));
            }
            let receive_by = case
                .parts()
                .filter(|part| part.receive.start == scene.now)
                .map(|part| part.receive.due(calendar))
                .next();
            if let Some(at) = receive_by {
                tell("receive_by", instant(at));
            }
        }
        ("slip-issued", _) => {
            tell("number", json!(after.slips));
            tell("answer_by", instant(due(scene.now, scene.rules.slip_answer)));
        }
        (
            "extension-decided" | "resumed" | "recategorised" | "redo-ordered" | "reopened" | "relapsed" | "woken",
            state,
        ) => {
            if let Some(at) = state.case().and_then(|case| case.clock.due(calendar).at) {
                tell("due", instant(at));
            }
        }
        ("closed", State::Closed { closing, .. }) => {
            tell("by", json!(closing.by));
            let follow_ups = scene
                .rules
                .follow_ups
                .map(|days| due(closing.closed.at, crate::clock::Span::Days(days)).day().to_string());
            tell("follow_ups", json!(follow_ups));
        }
        _ => {}
    }
    told
}
