//! The close gate 销号: evidence, application, verification, the reporter's word or silence, signature.
//!
//! All that is missing is named at once, in the fixed order of `scenarios/loop.md`.

use crate::calendar::Calendar;
use crate::clock::due_after;
use crate::command::Facts;
use crate::course::Scene;
use crate::problem::*;
use crate::refusal::{Missing, Refusal};
use crate::rules::Rules;
use crate::time::Millis;

/// The round whose rating counts now: a merged one is asked again when its target begins a new round (decision 17).
pub fn round(state: &State, facts: &Facts) -> u32 {
    match state {
        State::Merged { .. } => facts.other.as_ref().and_then(|other| other.state.case()).map_or(1, |case| case.round),
        _ => state.case().map_or(1, |case| case.round),
    }
}

/// When the reporter's silence is complete: two attempts on two local dates since his last word, then five workdays.
/// `None` while there are not two such attempts, or he was reached.
pub fn silent_from(contacts: &[Contact], rules: &Rules, calendar: &Calendar) -> Option<Millis> {
    let last_word = contacts.iter().rposition(|contact| contact.reached);
    let attempts = &contacts[last_word.map_or(0, |i| i + 1)..];
    let first = attempts.first()?;
    let second = attempts.iter().find(|contact| contact.made.at.day() != first.made.at.day())?;
    due_after(second.made.at, rules.silence, calendar).at
}

/// The reporter's part of the gate.
enum Word {
    Given,
    Silent,
    /// A no, or a partly to something that claims to be whole.
    Unsatisfied,
    Missing,
}

fn word(p: &Problem, outcome: Outcome, round: u32, contacts: &[Contact], scene: &Scene) -> Word {
    match p.ratings.iter().rev().find(|rating| rating.round == round) {
        Some(rating) if rating.verdict == Verdict::Yes => Word::Given,
        Some(rating) if rating.verdict == Verdict::Partly && outcome == Outcome::Partly => Word::Given,
        Some(_) => Word::Unsatisfied,
        None if silent_from(contacts, scene.rules, scene.calendar).is_some_and(|at| scene.now > at) => Word::Silent,
        None => Word::Missing,
    }
}

/// "Not satisfied, yet lawful" exists for what could not be done, never for what is called solved (decision 8).
pub fn may_be_signed_unsatisfied(p: &Problem, answer: &Answer, round: u32) -> bool {
    let unsatisfied = p.ratings.iter().rev().find(|rating| rating.round == round).is_some_and(|rating| {
        rating.verdict == Verdict::No || (rating.verdict == Verdict::Partly && answer.outcome != Outcome::Partly)
    });
    unsatisfied && matches!(answer.outcome, Outcome::Explained | Outcome::Partly)
}

/// What is still missing to strike `p` off; empty when nothing is. Also what its page shows as conditions.
pub fn missing(p: &Problem, case: &Case, answer: &Answer, scene: &Scene) -> (Vec<Missing>, Option<ClosedBy>) {
    weigh(p, p, case, answer, &answer.contacts, scene)
}

/// `own` is whose word counts; `whole` carries evidence, application, verification and signature (decision 17).
fn weigh(
    own: &Problem,
    whole: &Problem,
    case: &Case,
    answer: &Answer,
    contacts: &[Contact],
    scene: &Scene,
) -> (Vec<Missing>, Option<ClosedBy>) {
    let mut missing = Vec::new();
    if !whole.missing_evidence(case).is_empty() {
        missing.push(Missing::Evidence);
    }
    if answer.applied.is_none() {
        missing.push(Missing::Application);
    }
    if answer.verified.is_none() {
        missing.push(Missing::Verification);
    }
    // A signature of the board given before he said no does not stand for "not satisfied, yet lawful".
    let said_no = own.ratings.iter().rev().find(|rating| rating.round == case.round).map(|rating| rating.given.at);
    let mut signed = answer.signed;
    let mut needs_signature = whole.board.is_some();
    let by = match word(own, answer.outcome, case.round, contacts, scene) {
        Word::Given => Some(ClosedBy::Word),
        Word::Silent => Some(ClosedBy::Silence),
        Word::Unsatisfied if matches!(answer.outcome, Outcome::Explained | Outcome::Partly) => {
            needs_signature = true;
            signed = signed.filter(|it| own.id != whole.id || said_no.is_none_or(|at| it.at >= at));
            Some(ClosedBy::Signature)
        }
        Word::Unsatisfied | Word::Missing => {
            missing.push(Missing::Reporter);
            None
        }
    };
    if needs_signature && signed.is_none() {
        missing.push(Missing::Signature);
    }
    (missing, by)
}

fn verdict((missing, by): (Vec<Missing>, Option<ClosedBy>)) -> Result<ClosedBy, Refusal> {
    match by {
        Some(by) if missing.is_empty() => Ok(by),
        _ => Err(Refusal::CloseIncomplete { missing }),
    }
}

pub fn close(p: &Problem, case: &Case, answer: &Answer, scene: &Scene) -> Result<ClosedBy, Refusal> {
    verdict(missing(p, case, answer, scene))
}

/// A merged one closes by itself: only the reporter's part is its own, and only what was tried since the answer.
pub fn close_merged(p: &Problem, contacts: &[Contact], scene: &Scene) -> Result<ClosedBy, Refusal> {
    let target = scene.facts.other.as_ref();
    match target.and_then(|other| Some((other, other.state.case()?, other.state.answer()?))) {
        Some((other, case, answer)) => {
            let since: Vec<Contact> = contacts.iter().filter(|it| it.made.at >= answer.given.at).cloned().collect();
            verdict(weigh(p, other, case, answer, &since, scene))
        }
        None => Err(Refusal::CloseIncomplete { missing: unanswered(target) }),
    }
}

/// Without an answer there is nothing to apply for, to verify, or to be content with.
fn unanswered(target: Option<&Problem>) -> Vec<Missing> {
    let shown = target.is_some_and(|it| it.state.case().is_some_and(|case| it.missing_evidence(case).is_empty()));
    let board = target.is_some_and(|it| it.board.is_some());
    let mut missing = if shown { vec![] } else { vec![Missing::Evidence] };
    missing.extend([Missing::Application, Missing::Verification, Missing::Reporter]);
    missing.extend(board.then_some(Missing::Signature));
    missing
}
