//! What runs on a problem at a moment: its clocks, its light, and what the system must do next. All computed, never
//! stored as such; tables keep only the instants, so that lists can be filtered and a ticker knows when to look.

use crate::calendar::Calendar;
use crate::light::{self, Light};
use crate::problem::*;
use crate::rules::Rules;
use crate::time::Millis;

/// A clock that runs on a problem: what it is called, when it is due, whose desk it lies on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    pub what: &'static str,
    pub due: Millis,
    pub desk: Desk,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desk {
    Office,
    Unit(crate::id::UnitId),
}

/// The due instant of the clock that the light reads, and whether it is paused.
pub fn main_clock(p: &Problem, rules: &Rules, calendar: &Calendar) -> Option<Millis> {
    match &p.state {
        State::Registered => Some(p.triage.due(calendar)),
        State::Dispatched { case } | State::InHand { case } => case.clock.due(calendar).at,
        State::Answered { answer, .. } => answer_clocks(p, answer, rules, calendar).into_iter().map(|it| it.due).min(),
        _ => None,
    }
}

/// Callback and verification, as far as they are still open.
fn answer_clocks(p: &Problem, answer: &Answer, rules: &Rules, calendar: &Calendar) -> Vec<Running> {
    let mut found = Vec::new();
    let round = p.state.case().map_or(1, |case| case.round);
    let due = |start, span| Timer { start, span }.due(calendar);
    if answer.contacts.is_empty() && !p.ratings.iter().any(|rating| rating.round == round) {
        found.push(Running { what: "callback", due: due(answer.given.at, rules.callback), desk: Desk::Office });
    }
    let parked = matches!(answer.outcome, Outcome::Planned | Outcome::Duplicate | Outcome::Withdrawn);
    let start = if parked { Some(answer.given.at) } else { answer.applied.map(|it| it.at) };
    if let (Some(start), None) = (start, answer.verified) {
        found.push(Running { what: "verification", due: due(start, rules.verification), desk: Desk::Office });
    }
    found
}

/// When a dispute must be ruled on: at the tick of its own day if that is a workday and still ahead, else the next.
pub fn ruling_due(disputed: Millis, calendar: &Calendar) -> Millis {
    let day = disputed.day();
    if calendar.is_workday(day) && disputed < calendar.tick(day) {
        calendar.tick(day)
    } else {
        calendar.tick(calendar.next_workday(day))
    }
}

/// Shares of the whole that have a date of their own: receipts, supporting units, milestones.
pub fn part_clocks(p: &Problem, calendar: &Calendar) -> Vec<Running> {
    let (State::Dispatched { case } | State::InHand { case }) = &p.state else { return vec![] };
    let mut found = Vec::new();
    for part in case.parts() {
        if part.received.is_none() {
            found.push(Running { what: "receive", due: part.receive.due(calendar), desk: Desk::Unit(part.unit) });
        }
        if let (Some(timer), None) = (part.support, part.supported) {
            found.push(Running { what: "support", due: timer.due(calendar), desk: Desk::Unit(part.unit) });
        }
    }
    for milestone in p.board.iter().flat_map(|board| &board.milestones).filter(|it| it.done.is_none()) {
        found.push(Running { what: "milestone", due: calendar.tick(milestone.due), desk: Desk::Unit(case.lead.unit) });
    }
    found
}

/// Every clock that runs now: nobody's desk is without one.
pub fn clocks(p: &Problem, rules: &Rules, calendar: &Calendar) -> Vec<Running> {
    let mut found = part_clocks(p, calendar);
    match &p.state {
        State::Registered => found.push(Running { what: "triage", due: p.triage.due(calendar), desk: Desk::Office }),
        State::Dispatched { case } | State::InHand { case } => {
            if let Some(due) = case.clock.due(calendar).at {
                found.push(Running { what: "lead", due, desk: Desk::Unit(case.lead.unit) });
            }
            let disputes = case.parts().filter_map(|part| part.disputed);
            found.extend(disputes.map(|it| Running {
                what: "ruling",
                due: ruling_due(it.at, calendar),
                desk: Desk::Office,
            }));
        }
        State::Answered { answer, .. } => found.extend(answer_clocks(p, answer, rules, calendar)),
        _ => {}
    }
    found
}

/// Something of its own is late while the whole is not: the earliest instant at which that is so.
pub fn late_at(p: &Problem, calendar: &Calendar) -> Option<Millis> {
    part_clocks(p, calendar).into_iter().map(|it| it.due).min()
}

/// The light of a problem at any moment, under the default rules of the loop's office clocks.
pub fn light(p: &Problem, now: Millis, calendar: &Calendar) -> Light {
    light_under(p, now, &Rules::default(), calendar)
}

pub fn light_under(p: &Problem, now: Millis, rules: &Rules, calendar: &Calendar) -> Light {
    let late = late_at(p, calendar).is_some_and(|at| now > at);
    light::light(now, main_clock(p, rules, calendar), p.is_paused(), late, calendar)
}

/// Something the system does by itself, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// 0 to the desk itself, 1 to its head one workday later, 2 to supervision two workdays later.
    Overdue {
        clock: Running,
        level: u8,
    },
    /// The morning of the due day.
    DueToday {
        clock: Running,
    },
    /// The minute in which a dispatch may be recalled is over: its notices leave.
    Dispatched,
    FollowUp {
        number: u8,
    },
    Wake,
}

/// All acts that the present state calls for, past and future, with their instants. A ticker runs those between its
/// last visit and now, in one transaction with the note that it did; so each happens exactly once.
pub fn acts(p: &Problem, rules: &Rules, calendar: &Calendar) -> Vec<(Millis, Act)> {
    let mut found = Vec::new();
    let hourly = matches!(p.lead_span, crate::clock::Span::Hours(_));
    for clock in clocks(p, rules, calendar) {
        let mut escalation = light::escalation(clock.due, calendar);
        if hourly {
            // Life, water, power: the unit hears at once, by night too (deadlines.md, "Notices").
            escalation[0] = clock.due.plus(1);
        }
        for (level, at) in escalation.into_iter().enumerate() {
            found.push((at, Act::Overdue { clock: clock.clone(), level: level as u8 }));
        }
        if clock.what == "lead" {
            let morning = light::send_at(Millis::at(clock.due.day(), 0), false, calendar);
            if morning < clock.due {
                found.push((morning, Act::DueToday { clock }));
            }
        }
    }
    match &p.state {
        State::Dispatched { case } | State::InHand { case } => {
            found.push((case.dispatched.at.plus(rules.recall_ms), Act::Dispatched));
        }
        State::Planned { date, .. } => found.push((Millis::at(*date, 0), Act::Wake)),
        State::Closed { closing, .. } => {
            for (number, days) in rules.follow_ups.into_iter().enumerate() {
                let due = Timer { start: closing.closed.at, span: crate::clock::Span::Days(days) }.due(calendar);
                found.push((
                    light::send_at(Millis::at(due.day(), 0), false, calendar),
                    Act::FollowUp { number: number as u8 },
                ));
            }
        }
        _ => {}
    }
    found.sort_by_key(|(at, _)| *at);
    found
}

/// When the ticker must look again: the first act after its last visit.
pub fn next_act(p: &Problem, visited: Millis, rules: &Rules, calendar: &Calendar) -> Option<Millis> {
    acts(p, rules, calendar).into_iter().map(|(at, _)| at).find(|at| *at > visited)
}
