//! An errand 待办: what somebody must do next about a problem, and by when. Derived from the problem alone, so that the
//! home of each role is a range of one index instead of a look into every problem.

use crate::calendar::Calendar;
use crate::command::Facts;
use crate::course::Scene;
use crate::gate;
use crate::id::{PersonId, ReporterId, UnitId};
use crate::problem::*;
use crate::role::Actor;
use crate::rules::Rules;
use crate::schedule;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

closed_list! {
    Kind {
        Rule "rule" "裁定退单" "Rule on a dispute", Extension "extension" "决定延期" "Decide an extension",
        Pause "pause" "决定暂停" "Decide a pause", Contact "contact" "回访反映人" "Contact the reporter",
        Verify "verify" "核验" "Verify", Sign "sign" "签批" "Sign", Close "close" "销号" "Strike off",
        Receive "receive" "签收" "Receive", Support "support" "回复主办" "Answer the lead",
        Assigned "assigned" "指派给我" "Assigned to me", Pending "pending" "等别人" "Waits for others",
        Rate "rate" "请评价" "Rate",
    }
}

/// On whose desk it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    Office,
    Supervision,
    Unit(UnitId),
    Person(PersonId),
    Reporter(ReporterId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Errand {
    pub holder: Holder,
    pub kind: Kind,
    /// When it is late; of a strike-off that waits for silence, from when it can be done.
    pub due: Millis,
}

/// Everything that waits for somebody now. `office_handles` says that the office led or supported it itself: then not
/// the office but supervision verifies (`loop.md`, decision 3).
pub fn errands(p: &Problem, rules: &Rules, calendar: &Calendar, office_handles: bool) -> Vec<Errand> {
    let mut found = match &p.state {
        State::Dispatched { case } | State::InHand { case } => with_units(case, calendar),
        State::Answered { case, answer } => answered(p, case, answer, rules, calendar, office_handles),
        _ => vec![],
    };
    found.sort_unstable();
    // Of several of one kind on one desk the first due counts.
    found.dedup_by_key(|it| (it.holder, it.kind));
    found
}

fn with_units(case: &Case, calendar: &Calendar) -> Vec<Errand> {
    let mut found = Vec::new();
    let mut add = |holder, kind, due| found.push(Errand { holder, kind, due });
    // While the clock is paused there is no date to run out; then the first one says how old it is.
    let whole = case.clock.due(calendar).at.unwrap_or(case.first_due);
    for (i, part) in case.parts().enumerate() {
        let unit = Holder::Unit(part.unit);
        if let Some(disputed) = part.disputed {
            let due = schedule::ruling_due(disputed.at, calendar);
            add(Holder::Office, Kind::Rule, due);
            add(unit, Kind::Pending, due);
        } else if part.received.is_none() {
            add(unit, Kind::Receive, part.receive.due(calendar));
        }
        let support = part.support.filter(|_| part.supported.is_none()).map(|it| it.due(calendar));
        if let (Some(due), true) = (support, part.received.is_some()) {
            add(unit, Kind::Support, due);
        }
        if let Some(person) = part.assignee
            && (i == 0 || support.is_some())
        {
            add(Holder::Person(person), Kind::Assigned, support.unwrap_or(whole));
        }
    }
    for (asked, kind) in [(case.extension.is_some(), Kind::Extension), (case.pause.is_some(), Kind::Pause)] {
        if asked {
            add(Holder::Office, kind, whole);
            add(Holder::Unit(case.lead.unit), Kind::Pending, whole);
        }
    }
    found
}

fn answered(
    p: &Problem,
    case: &Case,
    answer: &Answer,
    rules: &Rules,
    calendar: &Calendar,
    office_handles: bool,
) -> Vec<Errand> {
    let mut found = Vec::new();
    let mut add = |holder, kind, due| found.push(Errand { holder, kind, due });
    for clock in schedule::clocks(p, rules, calendar) {
        match clock.what {
            "callback" => add(Holder::Office, Kind::Contact, clock.due),
            "verification" => {
                add(if office_handles { Holder::Supervision } else { Holder::Office }, Kind::Verify, clock.due);
                add(Holder::Unit(case.lead.unit), Kind::Pending, clock.due);
            }
            _ => {}
        }
    }
    let rated = p.ratings.iter().rev().find(|it| it.round == case.round);
    if let (Some(reporter), None) = (p.reporter, rated) {
        add(Holder::Reporter(reporter), Kind::Rate, answer.given.at);
    }
    let parked = matches!(answer.outcome, Outcome::Planned | Outcome::Duplicate | Outcome::Withdrawn);
    if let (Some(person), None, false) = (case.lead.assignee, answer.applied, parked) {
        add(Holder::Person(person), Kind::Assigned, answer.given.at);
    }
    if let Some(verified) = answer.verified {
        let no = gate::may_be_signed_unsatisfied(p, answer, case.round);
        let signed = answer.signed.is_some_and(|it| !no || rated.is_none_or(|said| it.at >= said.given.at));
        if (no || p.board.is_some()) && !signed {
            add(Holder::Supervision, Kind::Sign, verified.at);
        }
    }
    if let Some(from) = closable_from(p, case, answer, rules, calendar) {
        add(Holder::Office, Kind::Close, from);
    }
    found
}

/// From when nothing is missing any more: now, or when the reporter's silence will be complete.
fn closable_from(p: &Problem, case: &Case, answer: &Answer, rules: &Rules, calendar: &Calendar) -> Option<Millis> {
    if matches!(answer.outcome, Outcome::Planned | Outcome::Duplicate | Outcome::Withdrawn) {
        return None;
    }
    let facts = Facts::default();
    let missing_at = |now: Millis| {
        let scene = Scene { actor: &Actor::System, parties: &[], now, calendar, rules, facts: &facts };
        gate::missing(p, case, answer, &scene).0
    };
    let now = p.last.at;
    if missing_at(now).is_empty() {
        return Some(now);
    }
    let silent = gate::silent_from(&answer.contacts, rules, calendar)?.plus(1);
    missing_at(silent).is_empty().then_some(silent)
}
