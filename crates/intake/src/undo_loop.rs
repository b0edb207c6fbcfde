//! Taking back visits and problems: by the rules of the loop, in the name of the office.

use crate::undo::{Fate, REASON, Undoing};
use domain::command::{Command, Order};
use domain::id::ProblemId;
use domain::problem::StateName;
use domain::visit::StateName as VisitState;
use store::attempt::attempt;
use store::import_change::Change;
use store::problem::Found;
use store::terms::Failure;
use store::visit_undo::{fall_through, is_settled, remove};
use store::{Tx, order, problem, visit};

pub(crate) fn problem(tx: &mut dyn Tx, undoing: &Undoing, id: &str) -> Result<Fate, Failure> {
    let Ok(id) = id.parse() else { return Ok(Fate::Gone) };
    let Some(found) = problem::find(tx, id)? else { return Ok(Fate::Gone) };
    withdraw(tx, undoing, &found)
}

fn withdraw(tx: &mut dyn Tx, undoing: &Undoing, found: &Found) -> Result<Fate, Failure> {
    let what = format!("{} {}", found.no, found.title);
    match found.problem.state.name() {
        StateName::Registered => {}
        StateName::Withdrawn => return Ok(Fate::Gone),
        state => {
            return Ok(Fate::kept(
                what,
                format!("已进入“{}”，保留", state.zh()),
                format!("it went on and is {} now", state.en()),
            ));
        }
    }
    let seen = found.problem.revision;
    let order = Order { command: Command::Withdraw, words: REASON.into(), rest: String::new(), seen };
    let done = attempt(tx, |tx| {
        order::perform(tx, undoing.deed.terms, undoing.actor, found.problem.id, &order, undoing.deed.now)
    })?;
    Ok(match done {
        Ok(_) => Fate::Removed,
        Err(refusal) => {
            let said = refusal.say(&|id| id.to_string());
            Fate::kept(what, said.zh, said.en)
        }
    })
}

pub(crate) fn visit(tx: &mut dyn Tx, undoing: &Undoing, id: &str, change: &Change) -> Result<Fate, Failure> {
    let Ok(id) = id.parse() else { return Ok(Fate::Gone) };
    let Some(found) = visit::find(tx, id)? else { return Ok(Fate::Gone) };
    let what = format!("{} {} {}", found.no, found.subject, found.visit.when.day);
    let as_left = found.visit.revision.to_string() == change.after && found.visit.state.name() == VisitState::Recorded;
    if !as_left {
        return Ok(Fate::changed_since(what));
    }
    if is_settled(tx, &found.visit)? {
        return Ok(Fate::kept(what, "其中的承诺已有结果，保留", "a promise made on it was settled"));
    }
    let reported = found.visit.record.as_ref().map(|it| it.problems.clone()).unwrap_or_default();
    if reported.is_empty() {
        remove(tx, &undoing.deed, &found)?;
        return Ok(Fate::Removed);
    }
    // All of its problems or none: a visit is not taken back by halves.
    if let Some(fate) = went_on(tx, &what, &reported)? {
        return Ok(fate);
    }
    for id in reported {
        let Some(problem) = problem::find(tx, id)? else { continue };
        if let Fate::Kept { zh, en, .. } = withdraw(tx, undoing, &problem)? {
            return Ok(Fate::kept(what, zh, en));
        }
    }
    fall_through(tx, &undoing.deed, &found, REASON)?;
    Ok(Fate::Removed)
}

fn went_on(tx: &mut dyn Tx, what: &str, reported: &[ProblemId]) -> Result<Option<Fate>, Failure> {
    for id in reported {
        let Some(found) = problem::find(tx, *id)? else { continue };
        let state = found.problem.state.name();
        if !matches!(state, StateName::Registered | StateName::Withdrawn) {
            return Ok(Some(Fate::kept(
                what,
                format!("走访中反映的{}号问题已进入“{}”，保留", found.no, state.zh()),
                format!("its problem {} went on and is {} now", found.no, state.en()),
            )));
        }
    }
    Ok(None)
}
