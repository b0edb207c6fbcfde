//! From triage to receipt: what the office sets going, and who takes it on.

use super::{Step, Verdict};
use crate::clock::Clock;
use crate::command::Ruling;
use crate::id::{CategoryId, PersonId, ProblemId, UnitId};
use crate::problem::*;
use crate::refusal::Refusal;

impl Step<'_> {
    pub(super) fn triage(
        &self,
        p: &mut Problem,
        category: Option<CategoryId>,
        tier: Tier,
        urgency: Urgency,
    ) -> Verdict {
        if let (Some(category), Some((span, items))) = (category, &self.scene.facts.category) {
            (p.category, p.lead_span, p.evidence_items) = (Some(category), *span, items.clone());
        }
        (p.tier, p.urgency) = (tier, urgency);
        Ok(())
    }

    pub(super) fn merge(&self, p: &Problem, into: ProblemId) -> Verdict<State> {
        if into == p.id || self.scene.facts.other_is_merged_into_this {
            return Err(Refusal::MergeIntoItself);
        }
        match &self.scene.facts.other {
            Some(other) if other.state.name().is_end() => Err(Refusal::MergeTargetEnded),
            Some(_) => Ok(State::Merged { into, merged: self.stamp, case: None, contacts: vec![], closing: None }),
            None => Err(Refusal::NotFound),
        }
    }

    pub(super) fn dispatch(&self, p: &mut Problem, lead: Option<UnitId>, supports: &[UnitId]) -> Verdict<State> {
        let lead = lead.ok_or(Refusal::LeadMissing)?;
        if supports.contains(&lead) {
            return Err(Refusal::LeadIsSupport);
        }
        let mut distinct: Vec<UnitId> = Vec::new();
        for unit in supports {
            if !distinct.contains(unit) {
                distinct.push(*unit);
            }
        }
        p.handling_units = distinct.iter().copied().chain([lead]).collect();
        Ok(State::Dispatched {
            case: Case {
                dispatched: self.stamp,
                lead: self.part(lead, false),
                supports: distinct.iter().map(|unit| self.part(*unit, true)).collect(),
                clock: Clock::start(self.scene.now, p.lead_span),
                first_due: self.timer(p.lead_span).due(self.scene.calendar),
                round: 1,
                extensions_in_round: 0,
                extension: None,
                pause: None,
                ruled: false,
                evidence: vec![],
            },
        })
    }

    /// A recalled dispatch never counts (decision 19).
    pub(super) fn recall(&self, p: &mut Problem, case: &Case) -> Verdict<State> {
        let received = case.lead.received.is_some() || case.supports.iter().any(|part| part.received.is_some());
        if received || self.scene.now.0 - case.dispatched.at.0 > self.scene.rules.recall_ms {
            return Err(Refusal::RecallTooLate);
        }
        p.handlers.clear();
        p.handling_units.clear();
        Ok(State::Registered)
    }

    pub(super) fn receive(&self, p: &mut Problem, mut case: Case) -> Verdict<State> {
        let lead = self.own_unit() == Some(case.lead.unit);
        if !lead {
            return self.receive_part(p, &mut case).map(|()| State::Dispatched { case });
        }
        // Receiving takes one's own waiting dispute back (S23).
        case.lead.disputed = None;
        case.lead.received = Some(self.stamp);
        self.handled(p);
        Ok(State::InHand { case })
    }

    pub(super) fn receive_support(&self, p: &mut Problem, mut case: Case) -> Verdict<State> {
        self.receive_part(p, &mut case).map(|()| State::InHand { case })
    }

    pub(super) fn receive_part(&self, p: &mut Problem, case: &mut Case) -> Verdict {
        let state = case_state(case);
        let part = self.own_part(case)?;
        if part.received.is_some() {
            return Err(self.not_now(state));
        }
        part.disputed = None;
        part.received = Some(self.stamp);
        self.handled(p);
        Ok(())
    }

    pub(super) fn dispute(&self, case: &mut Case) -> Verdict {
        let state = case_state(case);
        if self.own_part(case)?.received.is_some() {
            // Receiving takes the share on, for a supporting unit as for the lead (S23, S24).
            return Err(self.not_now(state));
        }
        self.reason()?;
        if case.ruled {
            return Err(Refusal::RulingIsFinal);
        }
        let part = self.own_part(case)?;
        if part.disputed.is_some() {
            return Err(Refusal::DisputePending);
        }
        let until = part.dispute_until.due(self.scene.calendar);
        if self.scene.now > until {
            return Err(Refusal::DisputeTooLate { at: until });
        }
        part.disputed = Some(self.stamp);
        Ok(())
    }

    /// The problem's due date stays; only the receive date of the unit ruled responsible counts anew (rule 10).
    pub(super) fn rule(&self, p: &mut Problem, case: &mut Case, ruling: Ruling, unit: Option<UnitId>) -> Verdict {
        let waiting = |part: &Part| part.disputed.is_some() && unit.is_none_or(|it| it == part.unit);
        let lead = waiting(&case.lead);
        let index = case.supports.iter().position(waiting);
        if !lead && index.is_none() {
            return Err(Refusal::NoDispute);
        }
        self.reason()?;
        case.ruled = true;
        let receive = self.timer(self.scene.rules.receive);
        match ruling {
            Ruling::To(to) if lead && to != case.lead.unit => {
                case.supports.retain(|part| part.unit != to);
                case.lead = Part { support: None, ..anew(&case.lead, to, receive) };
                p.handling_units.insert(to);
            }
            Ruling::To(to) if !lead && index.is_some_and(|i| case.supports[i].unit != to) => {
                let part = case.supports.remove(index.unwrap_or(0));
                // A share that goes to a unit of the case already is no longer a share of its own.
                if case.lead.unit != to && case.supports.iter().all(|other| other.unit != to) {
                    case.supports.insert(index.unwrap_or(0), anew(&part, to, receive));
                }
                p.handling_units.insert(to);
            }
            Ruling::Keep | Ruling::To(_) => {
                let part = if lead { &mut case.lead } else { &mut case.supports[index.unwrap_or(0)] };
                (part.disputed, part.receive) = (None, receive);
            }
        }
        Ok(())
    }

    pub(super) fn assign(&self, case: &mut Case, to: PersonId) -> Verdict {
        let part = self.own_part(case)?;
        if !self.scene.facts.assignee_units.contains(&part.unit) {
            return Err(Refusal::NotAMember);
        }
        part.assignee = Some(to);
        Ok(())
    }
}

/// Of the two states that know a dispute and a receipt, the one this case is at.
fn case_state(case: &Case) -> StateName {
    if case.lead.received.is_some() { StateName::InHand } else { StateName::Dispatched }
}

/// A share in other hands: nothing done yet, a new receive date, every other clock as it was (rule 10).
fn anew(part: &Part, unit: UnitId, receive: Timer) -> Part {
    Part { unit, receive, received: None, disputed: None, assignee: None, supported: None, ..part.clone() }
}
