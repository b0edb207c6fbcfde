//! The course of a problem: one pure match of state and command. Actor, time, calendar and facts are parameters.
//!
//! `decide` checks in the order of `scenarios/loop_matrix.md`, then says what becomes true and which event it is.

use crate::access::{self, Party};
use crate::calendar::Calendar;
use crate::clock::{Change as ClockChange, Clock, Extension, Pause, ask_by, due_after};
use crate::command::{Command, CommandName, Facts, Order, Ruling};
use crate::gate;
use crate::id::{PersonId, UnitId};
use crate::light::Light;
use crate::problem::*;
use crate::refusal::Refusal;
use crate::role::Actor;
use crate::rules::Rules;
use crate::schedule;
use crate::time::Millis;

/// What an accepted command makes true: the problem afterwards and the one event about it.
#[derive(Clone, Debug)]
pub struct Change {
    pub after: Problem,
    pub event: &'static str,
    /// When it holds from; earlier than the moment of writing for a planned one that woke during an outage.
    pub at: Millis,
    /// As what the actor did it.
    pub party: Party,
}

/// Everything a decision may look at besides the problem and the order.
pub struct Scene<'a> {
    pub actor: &'a Actor,
    pub parties: &'a [Party],
    pub now: Millis,
    pub calendar: &'a Calendar,
    pub rules: &'a Rules,
    pub facts: &'a Facts,
}

type Verdict<T = ()> = Result<T, Refusal>;

/// The whole loop on one screen: what each state makes of each command.
pub fn decide(problem: &Problem, order: &Order, scene: &Scene) -> Verdict<Change> {
    let name = order.command.name();
    let party = access::admit(scene.parties, problem, name, order.seen)?;
    let mut p = problem.clone();
    let mut step = Step { order, scene, party, stamp: Stamp { at: scene.now, by: scene.actor.person() } };
    use Command as C;
    let state = std::mem::replace(&mut p.state, State::Registered);
    p.state = match (state, &order.command) {
        (s @ State::Registered, C::Triage { category, tier, urgency }) => step.triage(&mut p, *category, *tier, *urgency).map(|()| s)?,
        (State::Registered, C::Merge { into }) => step.merge(&p, *into)?,
        (State::Registered, C::Refuse) => step.reason().map(|()| State::Refused { refused: step.stamp })?,
        (State::Registered, C::Dispatch { lead, supports }) => step.dispatch(&mut p, *lead, supports)?,
        (State::Dispatched { case }, C::Recall) => step.recall(&mut p, &case)?,
        (State::Dispatched { case }, C::Receive) => step.receive(&mut p, case)?,
        (State::InHand { case }, C::Receive) => step.receive_support(&mut p, case)?,
        (s @ (State::Dispatched { .. } | State::InHand { .. }), C::Dispute) => step.in_case(s, |step, case| step.dispute(case))?,
        (s @ (State::Dispatched { .. } | State::InHand { .. }), C::Rule { ruling, unit }) => {
            step.in_case(s, |step, case| step.rule(&mut p, case, *ruling, *unit))?
        }
        (s @ (State::Dispatched { .. } | State::InHand { .. }), C::Assign { to }) => step.in_case(s, |step, case| step.assign(case, *to))?,
        (s @ (State::Dispatched { .. } | State::InHand { .. }), C::Recategorise { category }) => {
            step.in_case(s, |step, case| step.recategorise(&mut p, case, *category))?
        }
        (s @ (State::Dispatched { .. } | State::InHand { .. }), C::Slip { light }) => step.slip(&mut p, problem, *light).map(|()| s)?,
        (s @ (State::InHand { .. } | State::Answered { .. }), C::Evidence { given }) => {
            step.handled(&mut p);
            step.in_case(s, |_, case| Ok(case.evidence.push(Evidence { item: given.item.clone(), attachment: given.attachment })))?
        }
        (s @ State::InHand { .. }, C::Note) => {
            step.handled(&mut p);
            s
        }
        (s @ State::InHand { .. }, C::Support { evidence }) => step.in_case(s, |step, case| step.support(&mut p, case, evidence))?,
        (s @ State::InHand { .. }, C::AskExtension { until }) => step.in_case(s, |step, case| step.ask_extension(case, *until))?,
        (s @ State::InHand { .. }, C::DecideExtension { grant }) => step.in_case(s, |step, case| step.decide_extension(case, *grant))?,
        (s @ State::InHand { .. }, C::AskPause { reason }) => step.in_case(s, |step, case| step.ask_pause(case, *reason))?,
        (s @ State::InHand { .. }, C::DecidePause { grant }) => step.in_case(s, |step, case| step.decide_pause(case, *grant))?,
        (s @ State::InHand { .. }, C::Resume) => step.in_case(s, |step, case| step.resume(case))?,
        (s @ State::InHand { .. }, C::Raise { tier }) => step.raise(&mut p, *tier).map(|()| s)?,
        (s @ State::InHand { .. }, C::Board { leader, milestones }) => step.board(&mut p, *leader, milestones).map(|()| s)?,
        (s @ State::InHand { .. }, C::Milestone { number }) => step.milestone(&mut p, *number).map(|()| s)?,
        (State::InHand { case }, C::Answer { answering }) => step.answer(&mut p, case, answering)?,
        (State::Answered { case, answer }, C::Apply) => step.apply(&mut p, case, answer)?,
        (State::Answered { case, answer }, C::Verify) => step.verify(&p, case, answer)?,
        (State::Answered { case, answer }, C::Sign) => step.sign(&p, case, answer)?,
        (State::Answered { case, answer }, C::Close) => step.close(&p, case, answer)?,
        (State::Answered { case, .. }, C::Redo) => step.reason().map(|()| step.next_round(case, scene.now, scene.rules.redo))?,
        (State::Answered { case, mut answer }, C::Contact { reached }) => {
            step.contact(&p, &mut answer.contacts, *reached)?;
            State::Answered { case, answer }
        }
        (State::Planned { case, date, .. }, C::Wake) => step.wake(case, date)?,
        (State::Closed { case, closing, .. }, C::Reopen) => step.reopen(&mut p, case, &closing)?,
        (s @ State::Closed { .. }, C::FollowUp) => s,
        (State::Closed { case, .. }, C::Relapse) => step.relapse(&mut p, case)?,
        (State::Merged { into, merged, case, mut contacts, closing }, C::Contact { reached }) => {
            step.contact(&p, &mut contacts, *reached)?;
            State::Merged { into, merged, case, contacts, closing }
        }
        (State::Merged { into, merged, case, contacts, .. }, C::Close) => {
            let by = gate::close_merged(&p, &contacts, scene)?;
            State::Merged { into, merged, case, contacts, closing: Some(Closing { closed: step.stamp, by }) }
        }
        (s @ (State::Answered { .. } | State::Planned { .. } | State::Closed { .. } | State::Merged { .. }), C::Rate { verdict, satisfaction }) => {
            step.rate(&mut p, &s, *verdict, *satisfaction).map(|()| s)?
        }
        (s, C::Withdraw) => step.reason().map(|()| State::Withdrawn { withdrawn: step.stamp, case: s.case().cloned() })?,
        (s, C::Shield { on }) => {
            p.shielded = *on;
            s
        }
        (s, C::JoinCommon { parent }) => step.join_common(&mut p, *parent).map(|()| s)?,
        (s, C::Coordinate) => step.coordinate(&mut p).map(|()| s)?,
        (s, C::Instruct | C::Remind { .. }) => s,
        // `admit` lets no other pair through; the property test over all pairs holds the two tables together.
        (s, command) => {
            return Err(Refusal::WrongState { state: s.name(), command: command.name(), possible: access::steps(scene.parties, s.name()) });
        }
    };
    p.revision += 1;
    p.last = Last { by: step.stamp.by, at: scene.now, event: name.event().into() };
    Ok(Change { after: p, event: name.event(), at: step.stamp.at, party })
}

/// A new problem, before its first event.
pub struct Report {
    pub id: crate::id::ProblemId,
    pub source: Source,
    pub reporter: Option<crate::id::ReporterId>,
    pub shielded: bool,
    pub officer: Option<PersonId>,
    pub digest: String,
}

/// 登记: the triage clock starts.
pub fn register(report: Report, by: Option<PersonId>, now: Millis, rules: &Rules) -> Problem {
    Problem {
        id: report.id,
        revision: 1,
        state: State::Registered,
        source: report.source,
        registered: Stamp { at: now, by },
        triage: Timer { start: now, span: rules.triage },
        reporter: report.reporter,
        shielded: report.shielded,
        officer: report.officer,
        category: None,
        evidence_items: vec![],
        lead_span: rules.lead,
        tier: Tier::Unit,
        urgency: Urgency::Ordinary,
        common: None,
        is_common: false,
        coordinated: false,
        board: None,
        slips: 0,
        ratings: vec![],
        reopened: 0,
        relapsed: 0,
        handlers: Default::default(),
        handling_units: Default::default(),
        digest: report.digest,
        last: Last { by, at: now, event: "registered".into() },
    }
}

struct Step<'a> {
    order: &'a Order,
    scene: &'a Scene<'a>,
    party: Party,
    stamp: Stamp,
}

impl Step<'_> {
    fn reason(&self) -> Verdict {
        if self.order.words.trim().is_empty() { Err(Refusal::ReasonMissing) } else { Ok(()) }
    }

    fn timer(&self, span: crate::clock::Span) -> Timer {
        Timer { start: self.scene.now, span }
    }

    /// Changes the case of a state that stays as it is.
    fn in_case(&self, mut state: State, change: impl FnOnce(&Self, &mut Case) -> Verdict) -> Verdict<State> {
        match &mut state {
            State::Dispatched { case } | State::InHand { case } | State::Answered { case, .. } => change(self, case)?,
            _ => {}
        }
        Ok(state)
    }

    /// The actor has had a hand in it from now on; he stands in for nobody in this respect.
    fn handled(&self, p: &mut Problem) {
        p.handlers.extend(self.stamp.by);
    }

    fn own_unit(&self) -> Option<UnitId> {
        match self.party {
            Party::LeadHead(unit) | Party::LeadClerk(unit) | Party::SupportHead(unit) | Party::SupportClerk(unit) => Some(unit),
            _ => None,
        }
    }

    fn own_part<'c>(&self, case: &'c mut Case) -> Verdict<&'c mut Part> {
        let unit = self.own_unit();
        if Some(case.lead.unit) == unit {
            return Ok(&mut case.lead);
        }
        case.supports.iter_mut().find(|part| Some(part.unit) == unit).ok_or(Refusal::NotYourRole)
    }

    fn part(&self, unit: UnitId, support: bool) -> Part {
        let rules = self.scene.rules;
        Part {
            unit,
            receive: self.timer(rules.receive),
            received: None,
            dispute_until: self.timer(rules.dispute),
            disputed: None,
            assignee: None,
            support: support.then(|| self.timer(rules.support)),
            supported: None,
        }
    }

    fn triage(&self, p: &mut Problem, category: Option<crate::id::CategoryId>, tier: Tier, urgency: Urgency) -> Verdict {
        if let (Some(category), Some((span, items))) = (category, &self.scene.facts.category) {
            (p.category, p.lead_span, p.evidence_items) = (Some(category), *span, items.clone());
        }
        (p.tier, p.urgency) = (tier, urgency);
        Ok(())
    }

    fn merge(&self, p: &Problem, into: crate::id::ProblemId) -> Verdict<State> {
        if into == p.id || self.scene.facts.other_is_merged_into_this {
            return Err(Refusal::MergeIntoItself);
        }
        match &self.scene.facts.other {
            Some(other) if other.state.name().is_end() => Err(Refusal::MergeTargetEnded),
            Some(_) => Ok(State::Merged { into, merged: self.stamp, case: None, contacts: vec![], closing: None }),
            None => Err(Refusal::NotFound),
        }
    }

    fn dispatch(&self, p: &mut Problem, lead: Option<UnitId>, supports: &[UnitId]) -> Verdict<State> {
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
    fn recall(&self, p: &mut Problem, case: &Case) -> Verdict<State> {
        let received = case.lead.received.is_some() || case.supports.iter().any(|part| part.received.is_some());
        if received || self.scene.now.0 - case.dispatched.at.0 > self.scene.rules.recall_ms {
            return Err(Refusal::RecallTooLate);
        }
        p.handlers.clear();
        p.handling_units.clear();
        Ok(State::Registered)
    }

    fn receive(&self, p: &mut Problem, mut case: Case) -> Verdict<State> {
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

    fn receive_support(&self, p: &mut Problem, mut case: Case) -> Verdict<State> {
        self.receive_part(p, &mut case).map(|()| State::InHand { case })
    }

    fn receive_part(&self, p: &mut Problem, case: &mut Case) -> Verdict {
        let state = if case.lead.received.is_some() { StateName::InHand } else { StateName::Dispatched };
        let part = self.own_part(case)?;
        if part.received.is_some() {
            let possible = access::steps(self.scene.parties, state).into_iter().filter(|it| *it != CommandName::Receive).collect();
            return Err(Refusal::WrongState { state, command: CommandName::Receive, possible });
        }
        part.disputed = None;
        part.received = Some(self.stamp);
        self.handled(p);
        Ok(())
    }

    fn dispute(&self, case: &mut Case) -> Verdict {
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
    fn rule(&self, p: &mut Problem, case: &mut Case, ruling: Ruling, unit: Option<UnitId>) -> Verdict {
        let waiting = |part: &Part| part.disputed.is_some() && unit.is_none_or(|it| it == part.unit);
        let lead = waiting(&case.lead);
        let index = case.supports.iter().position(waiting);
        if !lead && index.is_none() {
            return Err(Refusal::NoDispute);
        }
        self.reason()?;
        case.ruled = true;
        let (receive, was) = (self.timer(self.scene.rules.receive), case.lead.unit);
        match (ruling, index) {
            (Ruling::To(to), _) if lead => {
                case.supports.retain(|part| part.unit != to);
                case.lead = if to == was { Part { disputed: None, receive, ..case.lead.clone() } } else { self.part(to, false) };
                p.handling_units.insert(to);
            }
            (Ruling::To(to), Some(i)) if to != was => {
                case.supports[i] = self.part(to, true);
                let mut seen = Vec::new();
                case.supports.retain(|part| !seen.contains(&part.unit) && { seen.push(part.unit); true });
                p.handling_units.insert(to);
            }
            // A share that goes to the lead unit is no longer a share.
            (Ruling::To(_), Some(i)) => {
                case.supports.remove(i);
            }
            (_, index) => {
                let part = if lead { &mut case.lead } else { &mut case.supports[index.unwrap_or(0)] };
                (part.disputed, part.receive) = (None, receive);
            }
        }
        Ok(())
    }

    fn assign(&self, case: &mut Case, to: PersonId) -> Verdict {
        let part = self.own_part(case)?;
        if !self.scene.facts.assignee_units.contains(&part.unit) {
            return Err(Refusal::NotAMember);
        }
        part.assignee = Some(to);
        Ok(())
    }

    fn recategorise(&self, p: &mut Problem, case: &mut Case, category: crate::id::CategoryId) -> Verdict {
        self.reason()?;
        let Some((span, items)) = &self.scene.facts.category else { return Err(Refusal::NotFound) };
        (p.category, p.lead_span, p.evidence_items) = (Some(category), *span, items.clone());
        case.clock.changes.push(ClockChange { at: self.scene.now, span: *span });
        Ok(())
    }

    fn slip(&self, p: &mut Problem, before: &Problem, slip: Light) -> Verdict {
        let light = schedule::light(before, self.scene.now, self.scene.calendar);
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

    fn support(&self, p: &mut Problem, case: &mut Case, evidence: &[crate::command::EvidenceGiven]) -> Verdict {
        let part = self.own_part(case)?;
        part.received.get_or_insert(self.stamp);
        part.disputed = None;
        part.supported = Some(self.stamp);
        add_evidence(case, evidence);
        self.handled(p);
        Ok(())
    }

    fn ask_extension(&self, case: &mut Case, until: crate::time::Day) -> Verdict {
        self.reason()?;
        let (calendar, rules) = (self.scene.calendar, self.scene.rules);
        // While paused there is no date to be late for: the one that would hold if the clock ran on from now.
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

    fn decide_extension(&self, case: &mut Case, grant: bool) -> Verdict {
        let request = case.extension.take().ok_or(Refusal::NoRequest)?;
        if grant {
            case.clock.extensions.push(Extension { granted: self.scene.now, until: request.until });
            case.extensions_in_round += 1;
        }
        Ok(())
    }

    fn ask_pause(&self, case: &mut Case, reason: Option<PauseReason>) -> Verdict {
        self.reason()?;
        let reason = reason.ok_or(Refusal::PauseReasonNotAllowed)?;
        if case.clock.due(self.scene.calendar).at.is_some_and(|due| self.scene.now > due) {
            return Err(Refusal::OverdueNoPause);
        }
        case.pause = Some(PauseRequest { asked: self.stamp, reason });
        Ok(())
    }

    fn decide_pause(&self, case: &mut Case, grant: bool) -> Verdict {
        case.pause.take().ok_or(Refusal::NoRequest)?;
        if grant && !case.clock.is_paused() {
            case.clock.pauses.push(Pause { from: self.scene.now, to: None });
        }
        Ok(())
    }

    fn resume(&self, case: &mut Case) -> Verdict {
        if end_pause(case, self.scene.now) { Ok(()) } else { Err(Refusal::NotPaused) }
    }

    fn raise(&self, p: &mut Problem, tier: Tier) -> Verdict {
        if tier <= p.tier {
            return Err(Refusal::TierNotHigher);
        }
        p.tier = tier;
        Ok(())
    }

    fn board(&self, p: &mut Problem, leader: Option<PersonId>, steps: &[crate::command::PlannedStep]) -> Verdict {
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

    fn milestone(&self, p: &mut Problem, number: usize) -> Verdict {
        let board = p.board.as_mut().ok_or(Refusal::NotOnBoard)?;
        let milestone = number.checked_sub(1).and_then(|i| board.milestones.get_mut(i)).ok_or(Refusal::MilestoneUnknown)?;
        milestone.done = Some(self.stamp);
        Ok(())
    }

    fn answer(&self, p: &mut Problem, mut case: Case, given: &crate::command::Answering) -> Verdict<State> {
        let outcome = given.outcome.ok_or(Refusal::OutcomeMissing)?;
        if case.evidence.is_empty() && given.evidence.is_empty() {
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

    fn apply(&self, p: &mut Problem, case: Case, mut answer: Answer) -> Verdict<State> {
        let items = p.missing_evidence(&case);
        if !items.is_empty() {
            return Err(Refusal::EvidenceIncomplete { items });
        }
        answer.applied = Some(self.stamp);
        self.handled(p);
        Ok(State::Answered { case, answer })
    }

    fn contact(&self, p: &Problem, contacts: &mut Vec<Contact>, reached: bool) -> Verdict {
        if access::is_handler(self.scene.actor, p) {
            return Err(Refusal::ContactByHandler);
        }
        contacts.push(Contact { made: self.stamp, reached });
        Ok(())
    }

    fn rate(&self, p: &mut Problem, state: &State, verdict: crate::problem::Verdict, satisfaction: Satisfaction) -> Verdict {
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
        if self.party != Party::Reporter && access::is_handler(self.scene.actor, p) {
            return Err(Refusal::RaterIsHandler);
        }
        p.ratings.push(Rating { given: self.stamp, round, verdict, satisfaction });
        Ok(())
    }

    /// Planned, duplicate and withdrawn take effect by being verified, so that no handler parks a problem alone.
    fn verify(&self, p: &Problem, case: Case, mut answer: Answer) -> Verdict<State> {
        if access::is_handler(self.scene.actor, p) {
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

    fn sign(&self, p: &Problem, case: Case, mut answer: Answer) -> Verdict<State> {
        if p.board.is_none() && !gate::may_be_signed_unsatisfied(p, &answer, case.round) {
            return Err(Refusal::NothingToSign);
        }
        if answer.verified.is_none() {
            return Err(Refusal::NotVerified);
        }
        answer.signed = Some(self.stamp);
        Ok(State::Answered { case, answer })
    }

    fn close(&self, p: &Problem, case: Case, answer: Answer) -> Verdict<State> {
        if answer.outcome == Outcome::Planned {
            return Err(Refusal::PlannedCannotClose);
        }
        let by = gate::close(p, &case, &answer, self.scene)?;
        Ok(State::Closed { case, answer, closing: Closing { closed: self.stamp, by } })
    }

    /// A new round of the same case: the first due date stays, the old application and verification no longer count.
    fn next_round(&self, mut case: Case, start: Millis, span: crate::clock::Span) -> State {
        case.round += 1;
        case.extensions_in_round = 0;
        (case.extension, case.pause) = (None, None);
        case.clock = Clock::start(start, span);
        State::InHand { case }
    }

    fn wake(&mut self, case: Case, date: crate::time::Day) -> Verdict<State> {
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

    fn reopen(&self, p: &mut Problem, case: Case, closing: &Closing) -> Verdict<State> {
        self.reason()?;
        let until = due_after(closing.closed.at, self.scene.rules.reopen_window, self.scene.calendar).at;
        if until.is_some_and(|at| self.scene.now > at) {
            return Err(Refusal::ReopenWindowPassed);
        }
        p.reopened += 1;
        Ok(self.next_round(case, self.scene.now, self.scene.rules.again))
    }

    fn relapse(&self, p: &mut Problem, case: Case) -> Verdict<State> {
        self.reason()?;
        p.relapsed += 1;
        Ok(self.next_round(case, self.scene.now, self.scene.rules.again))
    }

    fn join_common(&self, p: &mut Problem, parent: crate::id::ProblemId) -> Verdict {
        match &self.scene.facts.other {
            Some(other) if other.state.name().is_end() => Err(Refusal::ParentEnded),
            Some(_) if parent != p.id => {
                p.common = Some(parent);
                Ok(())
            }
            _ => Err(Refusal::NotFound),
        }
    }

    fn coordinate(&self, p: &mut Problem) -> Verdict {
        if !p.is_common && p.tier < Tier::Committee {
            return Err(Refusal::CoordinationTier);
        }
        p.coordinated = true;
        Ok(())
    }
}

fn add_evidence(case: &mut Case, given: &[crate::command::EvidenceGiven]) {
    case.evidence.extend(given.iter().map(|it| Evidence { item: it.item.clone(), attachment: it.attachment }));
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

fn running_due(clock: &Clock, now: Millis, calendar: &Calendar) -> Millis {
    clock.due(calendar).at.unwrap_or_else(|| {
        let mut running = clock.clone();
        for pause in running.pauses.iter_mut().filter(|pause| pause.to.is_none()) {
            pause.to = Some(now);
        }
        running.due(calendar).at.unwrap_or(now)
    })
}
