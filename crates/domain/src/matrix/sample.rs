//! A problem at each state, and the nine who are parties to it.

use super::Column;
use crate::clock::Clock;
use crate::course::{Report, register};
use crate::id::{PersonId, ProblemId, ReporterId, UnitId};
use crate::problem::*;
use crate::role::{Actor, Hat, Role};
use crate::rules::Rules;
use crate::time::{Day, Millis};
use uuid::Uuid;

pub(super) const PROBLEM: ProblemId = ProblemId(Uuid::from_u128(1));
pub(super) const OTHER: ProblemId = ProblemId(Uuid::from_u128(2));
pub(super) const LEAD: UnitId = UnitId(Uuid::from_u128(13));
pub(super) const SUPPORT: UnitId = UnitId(Uuid::from_u128(15));
const REPORTER: ReporterId = ReporterId(Uuid::from_u128(7));

/// Of 2018, local.
pub(super) fn at(month: i8, day: i8, hour: i64) -> Millis {
    Millis::at(date(month, day), hour * 3_600_000)
}

pub(super) fn date(month: i8, day: i8) -> Day {
    Day::new(2018, month, day).unwrap_or(Day::from_number(0))
}

/// The office's unit is 10, the office's person 20, and so on in the order of the columns.
fn number(column: Column) -> u128 {
    match column {
        Column::LeadClerk | Column::LeadHead => 13,
        other => 10 + other as u128 + u128::from(other as u8 > 3),
    }
}

pub(super) fn unit(column: Column) -> UnitId {
    UnitId(Uuid::from_u128(number(column)))
}

pub(super) fn person(column: Column) -> PersonId {
    PersonId(Uuid::from_u128(100 + column as u128))
}

/// Who acts for a column: each of another unit, but for the two of the lead.
pub fn actor(column: Column) -> Actor {
    let role = match column {
        Column::System => return Actor::System,
        Column::Reporter => return Actor::Reporter(REPORTER),
        Column::Office => Role::Office,
        Column::Supervision => Role::Supervision,
        Column::LeadClerk => Role::Clerk,
        Column::LeadHead | Column::Support => Role::Head,
        Column::Officer => Role::Officer,
        Column::Leader => Role::Leader,
    };
    let (id, unit) = (person(column), unit(column));
    Actor::Person { id, hats: vec![Hat { role, unit, of: id, within: vec![unit] }], reporter: None }
}

/// Registered on 13 April 2018, dispatched on the 16th at nine, received by the lead, answered on the 24th: solved,
/// applied for and verified, not yet rated.
pub fn problem_at(state: StateName) -> Problem {
    let report = Report {
        id: PROBLEM,
        source: Source::Visit,
        reporter: Some(REPORTER),
        shielded: false,
        officer: Some(person(Column::Officer)),
        heard: Default::default(),
        digest: String::new(),
    };
    let mut p = register(report, Some(person(Column::Officer)), at(4, 13, 10), &Rules::default());
    p.state = state_of(state);
    if let Some(case) = p.state.case() {
        p.handling_units = [case.lead.unit].into_iter().chain(case.supports.iter().map(|part| part.unit)).collect();
    }
    p
}

fn state_of(name: StateName) -> State {
    let office = |at: Millis| Stamp { at, by: Some(person(Column::Office)) };
    let (case, answer) = (case(name != StateName::Dispatched), answer());
    match name {
        StateName::Registered => State::Registered,
        StateName::Dispatched => State::Dispatched { case },
        StateName::InHand => State::InHand { case },
        StateName::Answered => State::Answered { case, answer },
        StateName::Planned => {
            let (date, outcome) = (date(5, 14), Outcome::Planned);
            State::Planned { case, answer: Answer { outcome, planned_for: Some(date), ..answer }, date }
        }
        StateName::Closed => {
            State::Closed { case, answer, closing: Closing { closed: office(at(4, 26, 15)), by: ClosedBy::Silence } }
        }
        StateName::Merged => {
            State::Merged { into: OTHER, merged: office(at(4, 16, 9)), case: None, contacts: vec![], closing: None }
        }
        StateName::Refused => State::Refused { refused: office(at(4, 16, 9)) },
        StateName::Withdrawn => State::Withdrawn { withdrawn: office(at(4, 17, 9)), case: Some(case) },
    }
}

fn case(received: bool) -> Case {
    let (rules, start) = (Rules::default(), at(4, 16, 9));
    let timer = |span| Timer { start, span };
    let part = |unit| Part {
        unit,
        receive: timer(rules.receive),
        received: None,
        dispute_until: timer(rules.dispute),
        disputed: None,
        assignee: None,
        support: None,
        supported: None,
    };
    let receipt = Stamp { at: at(4, 16, 15), by: Some(person(Column::LeadClerk)) };
    Case {
        dispatched: Stamp { at: start, by: Some(person(Column::Office)) },
        lead: Part { received: received.then_some(receipt), ..part(LEAD) },
        supports: vec![Part { support: Some(timer(rules.support)), ..part(SUPPORT) }],
        clock: Clock::start(start, rules.lead),
        first_due: at(4, 25, 17).plus(30 * 60_000),
        round: 1,
        extensions_in_round: 0,
        extension: None,
        pause: None,
        ruled: false,
        evidence: vec![],
    }
}

fn answer() -> Answer {
    let by = |column| move |at: Millis| Stamp { at, by: Some(person(column)) };
    let clerk = by(Column::LeadClerk);
    Answer {
        given: clerk(at(4, 24, 10)),
        outcome: Outcome::Solved,
        planned_for: None,
        duplicate_of: None,
        applied: Some(clerk(at(4, 24, 11))),
        verified: Some(by(Column::Office)(at(4, 25, 9))),
        signed: None,
        contacts: vec![],
    }
}
