//! After the answer: strike-off, a new round, a plan that wakes; and what may be said of a problem at several states.

use super::{Step, Verdict};
use crate::access::Party;
use crate::clock::{Clock, Span, due_after};
use crate::gate;
use crate::id::ProblemId;
use crate::problem::*;
use crate::refusal::Refusal;
use crate::time::{Day, Millis};

impl Step<'_> {
    pub(super) fn apply(&self, p: &mut Problem, case: Case, mut answer: Answer) -> Verdict<State> {
        let items = p.missing_evidence(&case);
        if !items.is_empty() {
            return Err(Refusal::EvidenceIncomplete { items });
        }
        answer.applied = Some(self.stamp);
        self.handled(p);
        Ok(State::Answered { case, answer })
    }

    pub(super) fn contact(&self, p: &Problem, contacts: &mut Vec<Contact>, reached: bool) -> Verdict {
        if self.is_handler(p) {
            return Err(Refusal::ContactByHandler);
        }
        contacts.push(Contact { made: self.stamp, reached });
        Ok(())
    }

    pub(super) fn rate(
        &self,
        p: &mut Problem,
        state: &State,
        verdict: crate::problem::Verdict,
        satisfaction: Satisfaction,
    ) -> Verdict {
        let round = gate::round(state, self.scene.facts);
        if p.ratings.iter().any(|rating| rating.round == round) {
            return Err(Refusal::AlreadyRated);
        }
        if let State::Closed { closing, .. } | State::Merged { closing: Some(closing), .. } = state {
            let until = due_after(closing.closed.at, self.scene.rules.reopen_window, self.scene.calendar).at;
            if let Some(at) = until.filter(|at| self.scene.now > *at) {
                return Err(Refusal::RatingExpired { at });
            }
        }
        if self.party != Party::Reporter && self.is_handler(p) {
            return Err(Refusal::RaterIsHandler);
        }
        p.ratings.push(Rating { given: self.stamp, round, verdict, satisfaction });
        Ok(())
    }

    /// Planned, duplicate and withdrawn take effect by being verified, so that no handler parks a problem alone.
    pub(super) fn verify(&self, p: &Problem, case: Case, mut answer: Answer) -> Verdict<State> {
        if self.is_handler(p) {
            return Err(Refusal::VerifierIsHandler);
        }
        let stamp = self.stamp;
        match (answer.outcome, answer.planned_for, answer.duplicate_of) {
            (Outcome::Planned, Some(date), _) => {
                answer.verified = Some(stamp);
                Ok(State::Planned { case, answer, date })
            }
            (Outcome::Duplicate, _, Some(into)) => {
                Ok(State::Merged { into, merged: stamp, case: Some(case), contacts: vec![], closing: None })
            }
            (Outcome::Withdrawn, ..) => Ok(State::Withdrawn { withdrawn: stamp, case: Some(case) }),
            _ if answer.applied.is_none() => Err(Refusal::NotApplied),
            _ => {
                answer.verified = Some(stamp);
                Ok(State::Answered { case, answer })
            }
        }
    }

    pub(super) fn sign(&self, p: &Problem, case: Case, mut answer: Answer) -> Verdict<State> {
        if p.board.is_none() && !gate::may_be_signed_unsatisfied(p, &answer, case.round) {
            return Err(Refusal::NothingToSign);
        }
        if answer.verified.is_none() {
            return Err(Refusal::NotVerified);
        }
        answer.signed = Some(self.stamp);
        Ok(State::Answered { case, answer })
    }

    pub(super) fn close(&self, p: &Problem, case: Case, answer: Answer) -> Verdict<State> {
        if answer.outcome == Outcome::Planned {
            return Err(Refusal::PlannedCannotClose);
        }
        let by = gate::close(p, &case, &answer, self.scene)?;
        Ok(State::Closed { case, answer, closing: Closing { closed: self.stamp, by } })
    }

    /// Its own close, once for each answer of the one it was merged into.
    pub(super) fn close_merged(&self, p: &Problem, contacts: &[Contact], before: Option<&Closing>) -> Verdict<Closing> {
        let answer = self.scene.facts.other.as_ref().and_then(|other| other.state.answer());
        if before.is_some_and(|it| answer.is_none_or(|answer| answer.given.at <= it.closed.at)) {
            return Err(self.not_now(StateName::Merged));
        }
        let by = gate::close_merged(p, contacts, self.scene)?;
        Ok(Closing { closed: self.stamp, by })
    }

    /// A new round of the same case: the first due date stays, the old application and verification no longer count.
    pub(super) fn next_round(&self, mut case: Case, start: Millis, span: Span) -> State {
        case.round += 1;
        case.extensions_in_round = 0;
        (case.extension, case.pause) = (None, None);
        case.clock = Clock::start(start, span);
        State::InHand { case }
    }

    pub(super) fn wake(&mut self, case: Case, date: Day) -> Verdict<State> {
        let morning = Millis::at(date, 0);
        if self.scene.now < morning {
            if self.party == Party::System {
                return Err(Refusal::NotYetDue { date });
            }
            self.reason()?;
        }
        // Written later after an outage, effective that morning (S54).
        self.stamp.at = self.scene.now.min(morning);
        Ok(self.next_round(case, self.stamp.at, self.scene.rules.again))
    }

    pub(super) fn reopen(&self, p: &mut Problem, case: Case, closing: &Closing) -> Verdict<State> {
        self.reason()?;
        let until = due_after(closing.closed.at, self.scene.rules.reopen_window, self.scene.calendar).at;
        if until.is_some_and(|at| self.scene.now > at) {
            return Err(Refusal::ReopenWindowPassed);
        }
        p.reopened += 1;
        Ok(self.next_round(case, self.scene.now, self.scene.rules.again))
    }

    pub(super) fn relapse(&self, p: &mut Problem, case: Case) -> Verdict<State> {
        self.reason()?;
        p.relapsed += 1;
        Ok(self.next_round(case, self.scene.now, self.scene.rules.again))
    }

    pub(super) fn join_common(&self, p: &mut Problem, parent: ProblemId) -> Verdict {
        match &self.scene.facts.other {
            Some(other) if other.state.name().is_end() => Err(Refusal::ParentEnded),
            Some(_) if parent != p.id => {
                p.common = Some(parent);
                Ok(())
            }
            _ => Err(Refusal::NotFound),
        }
    }

    pub(super) fn coordinate(&self, p: &mut Problem) -> Verdict {
        if !p.is_common && p.tier < Tier::Committee {
            return Err(Refusal::CoordinationTier);
        }
        p.coordinated = true;
        Ok(())
    }
}
