//! In hand: contributions, extensions, pauses, the board, and the answer.

use super::{Step, Verdict};
use crate::calendar::Calendar;
use crate::clock::{Change as ClockChange, Clock, Extension, Pause, ask_by};
use crate::command::{Answering, EvidenceGiven, PlannedStep};
use crate::id::{CategoryId, PersonId};
use crate::light::Light;
use crate::problem::*;
use crate::refusal::Refusal;
use crate::schedule;
use crate::time::{Day, Millis};

impl Step<'_> {
    pub(super) fn recategorise(&self, p: &mut Problem, case: &mut Case, category: CategoryId) -> Verdict {
        self.reason()?;
        let Some((span, items)) = &self.scene.facts.category else { return Err(Refusal::NotFound) };
        (p.category, p.lead_span, p.evidence_items) = (Some(category), *span, items.clone());
        case.clock.changes.push(ClockChange { at: self.scene.now, span: *span });
        Ok(())
    }

    pub(super) fn slip(&self, p: &mut Problem, before: &Problem, slip: Light) -> Verdict {
        let light = schedule::light_under(before, self.scene.now, self.scene.rules, self.scene.calendar);
        let rank = |it: Light| match it {
            Light::None | Light::Paused => 0,
            Light::Blue => 1,
            Light::Yellow => 2,
            Light::Red => 3,
        };
        if rank(slip) == 0 || rank(slip) > rank(light) {
            return Err(Refusal::SlipAboveLight { light, slip });
        }
        p.slips += 1;
        Ok(())
    }

    pub(super) fn support(&self, p: &mut Problem, case: &mut Case, evidence: &[EvidenceGiven]) -> Verdict {
        let part = self.own_part(case)?;
        part.received.get_or_insert(self.stamp);
        part.disputed = None;
        // What comes later adds to it; on time or late is the first.
        part.supported.get_or_insert(self.stamp);
        add_evidence(case, evidence);
        self.handled(p);
        Ok(())
    }

    pub(super) fn ask_extension(&self, case: &mut Case, until: Day) -> Verdict {
        self.reason()?;
        let (calendar, rules) = (self.scene.calendar, self.scene.rules);
        let due = running_due(&case.clock, self.scene.now, calendar);
        let latest = ask_by(due, calendar);
        if self.scene.now > latest {
            return Err(Refusal::ExtensionTooLate { at: latest });
        }
        if case.extensions_in_round >= rules.extensions_per_round {
            return Err(Refusal::ExtensionLimit { n: case.extensions_in_round });
        }
        if case.extension.is_some() {
            return Err(Refusal::ExtensionPending);
        }
        if calendar.tick(calendar.on_or_next_workday(until)) <= due {
            return Err(Refusal::ExtensionDateNotLater { due });
        }
        case.extension = Some(ExtensionRequest { asked: self.stamp, until });
        Ok(())
    }

    pub(super) fn decide_extension(&self, case: &mut Case, grant: bool) -> Verdict {
        let request = case.extension.take().ok_or(Refusal::NoRequest)?;
        if grant {
            case.clock.extensions.push(Extension { granted: self.scene.now, until: request.until });
            case.extensions_in_round += 1;
        }
        Ok(())
    }

    pub(super) fn ask_pause(&self, case: &mut Case, reason: Option<PauseReason>) -> Verdict {
        self.reason()?;
        let reason = reason.ok_or(Refusal::PauseReasonNotAllowed)?;
        if case.clock.due(self.scene.calendar).at.is_some_and(|due| self.scene.now > due) {
            return Err(Refusal::OverdueNoPause);
        }
        case.pause = Some(PauseRequest { asked: self.stamp, reason });
        Ok(())
    }

    pub(super) fn decide_pause(&self, case: &mut Case, grant: bool) -> Verdict {
        case.pause.take().ok_or(Refusal::NoRequest)?;
        if grant && !case.clock.is_paused() {
            case.clock.pauses.push(Pause { from: self.scene.now, to: None });
        }
        Ok(())
    }

    pub(super) fn resume(&self, case: &mut Case) -> Verdict {
        if end_pause(case, self.scene.now) { Ok(()) } else { Err(Refusal::NotPaused) }
    }

    pub(super) fn raise(&self, p: &mut Problem, tier: Tier) -> Verdict {
        if tier <= p.tier {
            return Err(Refusal::TierNotHigher);
        }
        p.tier = tier;
        Ok(())
    }

    pub(super) fn board(&self, p: &mut Problem, leader: Option<PersonId>, steps: &[PlannedStep]) -> Verdict {
        let leader = leader.ok_or(Refusal::BoardNeedsLeader)?;
        if steps.is_empty() {
            return Err(Refusal::BoardNeedsMilestones);
        }
        if p.board.is_some() {
            return Err(Refusal::AlreadyOnBoard);
        }
        let milestones = steps.iter().map(|it| Milestone { what: it.what.clone(), due: it.due, done: None }).collect();
        p.board = Some(Board { since: self.stamp, leader, milestones });
        Ok(())
    }

    pub(super) fn milestone(&self, p: &mut Problem, number: usize) -> Verdict {
        let board = p.board.as_mut().ok_or(Refusal::NotOnBoard)?;
        let milestone =
            number.checked_sub(1).and_then(|i| board.milestones.get_mut(i)).ok_or(Refusal::MilestoneUnknown)?;
        milestone.done = Some(self.stamp);
        Ok(())
    }

    pub(super) fn answer(&self, p: &mut Problem, mut case: Case, given: &Answering) -> Verdict<State> {
        let outcome = given.outcome.ok_or(Refusal::OutcomeMissing)?;
        if case.evidence.is_empty() && given.evidence.iter().all(is_blank) {
            return Err(Refusal::EvidenceMissing);
        }
        let today = self.scene.now.day();
        match outcome {
            Outcome::Planned => {
                let date = given.date.ok_or(Refusal::OutcomeNeedsDate)?;
                if date <= today || date > today.plus(self.scene.rules.planned_days_ahead) {
                    return Err(Refusal::PlannedDateInvalid);
                }
            }
            Outcome::Partly if self.order.rest.trim().is_empty() => return Err(Refusal::PartlyNeedsRest),
            Outcome::NotOurs => {
                if let Some(unit) = &self.scene.facts.inside {
                    return Err(Refusal::NotOursInside { unit: unit.clone() });
                }
            }
            Outcome::Duplicate => {
                let original = given.duplicate_of.ok_or(Refusal::DuplicateNeedsOriginal)?;
                if original == p.id || self.scene.facts.other_is_merged_into_this {
                    return Err(Refusal::MergeIntoItself);
                }
                self.scene.facts.other.as_ref().ok_or(Refusal::DuplicateNeedsOriginal)?;
            }
            _ => {}
        }
        end_pause(&mut case, self.scene.now);
        (case.extension, case.pause) = (None, None);
        add_evidence(&mut case, &given.evidence);
        self.handled(p);
        let answer = Answer {
            given: self.stamp,
            outcome,
            planned_for: given.date.filter(|_| outcome == Outcome::Planned),
            duplicate_of: given.duplicate_of.filter(|_| outcome == Outcome::Duplicate),
            applied: None,
            verified: None,
            signed: None,
            contacts: vec![],
        };
        Ok(State::Answered { case, answer })
    }
}

pub(super) fn add_evidence(case: &mut Case, given: &[EvidenceGiven]) {
    case.evidence.extend(
        given.iter().filter(|it| !is_blank(it)).map(|it| Evidence { item: it.item.clone(), attachment: it.attachment }),
    );
}

/// An empty line of the form shows nothing.
fn is_blank(given: &EvidenceGiven) -> bool {
    given.item.trim().is_empty() && given.attachment.is_none()
}

fn end_pause(case: &mut Case, now: Millis) -> bool {
    match case.clock.pauses.iter_mut().find(|pause| pause.to.is_none()) {
        Some(pause) => {
            pause.to = Some(now);
            true
        }
        None => false,
    }
}

/// The due date; while paused, the one that would hold if the clock ran on from now.
fn running_due(clock: &Clock, now: Millis, calendar: &Calendar) -> Millis {
    clock.due(calendar).at.unwrap_or_else(|| {
        let mut running = clock.clone();
        for pause in running.pauses.iter_mut().filter(|pause| pause.to.is_none()) {
            pause.to = Some(now);
        }
        running.due(calendar).at.unwrap_or(now)
    })
}
