//! Columns derived from a problem's body, for lists and for the ticker.

use crate::sight::Clocks;
use crate::terms::Terms;
use domain::id::ProblemId;
use domain::problem::{Problem, State};
use domain::schedule;
use domain::time::Millis;

pub(crate) struct Columns {
    pub clocks: Clocks,
    pub first_due_at: Option<i64>,
    pub due_at: Option<i64>,
    pub next_at: Option<i64>,
    pub merged_into: Option<ProblemId>,
}

impl Columns {
    pub fn of(p: &Problem, visited: Millis, terms: &Terms) -> Columns {
        let (calendar, rules) = (&*terms.calendar, terms.rules_of(p.campaign));
        let running = match &p.state {
            State::Dispatched { case } | State::InHand { case } => case.clock.due(calendar).at,
            _ => None,
        };
        Columns {
            clocks: Clocks {
                clock_at: schedule::main_clock(p, rules, calendar).map(|it| it.0),
                late_at: schedule::late_at(p, calendar).map(|it| it.0),
            },
            first_due_at: p.state.case().map(|case| case.first_due.0),
            due_at: running.map(|it| it.0),
            next_at: schedule::next_act(p, visited, rules, calendar).map(|it| it.0),
            merged_into: match &p.state {
                State::Merged { into, .. } => Some(*into),
                _ => None,
            },
        }
    }
}
