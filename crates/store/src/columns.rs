//! Columns derived from a problem's body, for lists and for the ticker.

use crate::db::Tx;
use crate::error::Result;
use crate::sight::Clocks;
use crate::terms::Terms;
use crate::vals;
use domain::clock::due_after;
use domain::id::ProblemId;
use domain::problem::{Answer, Problem, State};
use domain::rules::Rules;
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

/// How the reporter was heard about the present answer, for the three rates (`facts.md` 4.6): called back in time or
/// late, and his last word. Empty: not yet.
#[derive(Default)]
pub(crate) struct Heard {
    pub called: &'static str,
    pub verdict: &'static str,
    pub satisfaction: &'static str,
}

impl Heard {
    fn of(p: &Problem, answer: Option<&Answer>, rules: &Rules, calendar: &domain::calendar::Calendar) -> Heard {
        let Some(answer) = answer else { return Heard::default() };
        let round = p.state.case().map_or(1, |case| case.round);
        let said = p.ratings.iter().rev().find(|it| it.round == round);
        let attempts = answer.contacts.iter().map(|it| it.made.at).chain(said.map(|it| it.given.at));
        let due = due_after(answer.given.at, rules.callback, calendar).at;
        let called = attempts.min().map(|first| due.is_none_or(|due| first <= due));
        Heard {
            called: called.map_or("", |in_time| if in_time { "in-time" } else { "late" }),
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
            heard: Heard::of(p, p.state.answer(), rules, calendar),
        }
    }
}
