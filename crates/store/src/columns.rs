//! Columns derived from a problem's body, for lists and for the ticker.

use crate::db::Tx;
use crate::error::Result;
use crate::sight::Clocks;
use crate::terms::Terms;
use crate::vals;
use domain::calendar::Calendar;
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
    pub dispatched_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub heard: Heard,
}

/// How the reporter was heard, for the three rates (`facts.md` 4.6): whether the present answer came in time, and his last
/// word on it. Empty: not yet.
#[derive(Default)]
pub(crate) struct Heard {
    pub answered: &'static str,
    pub verdict: &'static str,
    pub satisfaction: &'static str,
}

impl Heard {
    fn of(p: &Problem, calendar: &Calendar) -> Heard {
        let (Some(case), Some(answer)) = (p.state.case(), p.state.answer()) else { return Heard::default() };
        let said = p.ratings.iter().rev().find(|it| it.round == case.round);
        // Against the date in force: a granted extension is in time.
        let late = case.clock.due(calendar).at.is_some_and(|due| answer.given.at > due);
        Heard {
            answered: if late { "late" } else { "in-time" },
            verdict: said.map_or("", |it| it.verdict.code()),
            satisfaction: said.map_or("", |it| it.satisfaction.code()),
        }
    }
}

/// Whether somebody of the office is of a unit that led or supported it.
pub(crate) fn office_handles(tx: &mut dyn Tx, p: &Problem) -> Result<bool> {
    // Asked only while it waits to be verified.
    let State::Answered { answer, .. } = &p.state else { return Ok(false) };
    if answer.verified.is_some() {
        return Ok(false);
    }
    for unit in &p.handling_units {
        let row = tx.query_opt("select 1 from hat where unit = $1 and role = 'office' limit 1", &vals![*unit])?;
        if row.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
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
            dispatched_at: p.state.case().map(|case| case.dispatched.at.0),
            closed_at: match &p.state {
                State::Closed { closing, .. } | State::Merged { closing: Some(closing), .. } => {
                    Some(closing.closed.at.0)
                }
                _ => None,
            },
            heard: Heard::of(p, calendar),
        }
    }
}
