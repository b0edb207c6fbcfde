//! The course of a problem: one pure match of state and command. Actor, time, calendar and facts are parameters.
//!
//! `decide` checks in the order of `scenarios/loop_matrix.md`, then says what becomes true and which event it is.

use crate::access::{self, Party};
use crate::calendar::Calendar;
use crate::command::{Command, Facts, Order};
use crate::id::{CampaignId, PersonId, SubjectId, UnitId, VisitId};
use crate::problem::*;
use crate::refusal::Refusal;
use crate::role::Actor;
use crate::rules::Rules;
use crate::time::Millis;

mod end;
mod hand;
mod start;
mod told;

/// What an accepted command makes true: the problem afterwards and the one event about it.
#[derive(Clone, Debug)]
pub struct Change {
    pub after: Problem,
    pub event: &'static str,
    /// When it holds from; earlier than the moment of writing for a planned one that woke during an outage.
    pub at: Millis,
    /// As what the actor did it.
    pub party: Party,
    /// Dates and units that followed, for the event.
    pub told: serde_json::Map<String, serde_json::Value>,
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
        (s @ State::Registered, C::Triage { category, tier, urgency }) => {
            step.triage(&mut p, *category, *tier, *urgency).map(|()| s)?
        }
        (State::Registered, C::Merge { into }) => step.merge(&p, *into)?,
        (State::Registered, C::Refuse) => step.reason().map(|()| State::Refused { refused: step.stamp })?,
        (State::Registered, C::Dispatch { lead, supports }) => step.dispatch(&mut p, *lead, supports)?,
        (State::Dispatched { case }, C::Recall) => step.recall(&mut p, &case)?,
        (State::Dispatched { case }, C::Receive) => step.receive(&mut p, case)?,
        (State::InHand { case }, C::Receive) => step.receive_support(&mut p, case)?,
        (s @ (State::Dispatched { .. } | State::InHand { .. }), C::Dispute) => {
            step.in_case(s, |step, case| step.dispute(case))?
        }
        (s @ (State::Dispatched { .. } | State::InHand { .. }), C::Rule { ruling, unit }) => {
            step.in_case(s, |step, case| step.rule(&mut p, case, *ruling, *unit))?
        }
        (s @ (State::Dispatched { .. } | State::InHand { .. }), C::Assign { to }) => {
            step.in_case(s, |step, case| step.assign(case, *to))?
        }
        (s @ (State::Dispatched { .. } | State::InHand { .. }), C::Recategorise { category }) => {
            step.in_case(s, |step, case| step.recategorise(&mut p, case, *category))?
        }
        (s @ (State::Dispatched { .. } | State::InHand { .. }), C::Slip { light }) => {
            step.slip(&mut p, problem, *light).map(|()| s)?
        }
        (s @ (State::InHand { .. } | State::Answered { .. }), C::Evidence { given }) => {
            step.handled(&mut p);
            step.in_case(s, |_, case| {
                hand::add_evidence(case, std::slice::from_ref(given));
                Ok(())
            })?
        }
        (s @ State::InHand { .. }, C::Note) => {
            step.handled(&mut p);
            s
        }
        (s @ State::InHand { .. }, C::Support { evidence }) => {
            step.in_case(s, |step, case| step.support(&mut p, case, evidence))?
        }
        (s @ State::InHand { .. }, C::AskExtension { until }) => {
            step.in_case(s, |step, case| step.ask_extension(case, *until))?
        }
        (s @ State::InHand { .. }, C::DecideExtension { grant }) => {
            step.in_case(s, |step, case| step.decide_extension(case, *grant))?
        }
        (s @ State::InHand { .. }, C::AskPause { reason }) => {
            step.in_case(s, |step, case| step.ask_pause(case, *reason))?
        }
        (s @ State::InHand { .. }, C::DecidePause { grant }) => {
            step.in_case(s, |step, case| step.decide_pause(case, *grant))?
        }
        (s @ State::InHand { .. }, C::Resume) => step.in_case(s, |step, case| step.resume(case))?,
        (s @ State::InHand { .. }, C::Raise { tier }) => step.raise(&mut p, *tier).map(|()| s)?,
        (s @ State::InHand { .. }, C::Board { leader, milestones }) => {
            step.board(&mut p, *leader, milestones).map(|()| s)?
        }
        (s @ State::InHand { .. }, C::Milestone { number }) => step.milestone(&mut p, *number).map(|()| s)?,
        (State::InHand { case }, C::Answer { answering }) => step.answer(&mut p, case, answering)?,
        (State::Answered { case, answer }, C::Apply) => step.apply(&mut p, case, answer)?,
        (State::Answered { case, answer }, C::Verify) => step.verify(&p, case, answer)?,
        (State::Answered { case, answer }, C::Sign) => step.sign(&p, case, answer)?,
        (State::Answered { case, answer }, C::Close) => step.close(&p, case, answer)?,
        (State::Answered { case, .. }, C::Redo) => {
            step.reason().map(|()| step.next_round(case, scene.now, scene.rules.redo))?
        }
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
        (State::Merged { into, merged, case, contacts, closing }, C::Close) => {
            let closing = Some(step.close_merged(&p, &contacts, closing.as_ref())?);
            State::Merged { into, merged, case, contacts, closing }
        }
        (
            s @ (State::Answered { .. } | State::Planned { .. } | State::Closed { .. } | State::Merged { .. }),
            C::Rate { verdict, satisfaction },
        ) => step.rate(&mut p, &s, *verdict, *satisfaction).map(|()| s)?,
        (s, C::Withdraw) => {
            step.reason().map(|()| State::Withdrawn { withdrawn: step.stamp, case: s.case().cloned() })?
        }
        (s, C::Shield { on }) => {
            p.shielded = *on;
            s
        }
        (s, C::JoinCommon { parent }) => step.join_common(&mut p, *parent).map(|()| s)?,
        (s, C::Coordinate) => step.coordinate(&mut p).map(|()| s)?,
        (s, C::Instruct | C::Remind { .. }) => s,
        // `admit` lets no other pair through; the property test over all pairs holds the two tables together.
        (s, _) => return Err(step.not_now(s.name())),
    };
    p.revision += 1;
    p.last = Last { by: step.stamp.by, at: scene.now, event: name.event().into() };
    let told = told::told(problem, &p, scene);
    Ok(Change { after: p, event: name.event(), at: step.stamp.at, party, told })
}

/// A new problem, before its first event.
pub struct Report {
    pub id: crate::id::ProblemId,
    pub source: Source,
    pub reporter: Option<crate::id::ReporterId>,
    pub shielded: bool,
    pub officer: Option<PersonId>,
    pub heard: Heard,
    pub digest: String,
}

/// Where a problem was heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    pub subject: Option<SubjectId>,
    pub visit: Option<VisitId>,
    pub campaign: Option<CampaignId>,
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
        subject: report.heard.subject,
        visit: report.heard.visit,
        campaign: report.heard.campaign,
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

    /// This state knows the command, but what has been done already leaves no place for it.
    fn not_now(&self, state: StateName) -> Refusal {
        let command = self.order.command.name();
        let possible = access::steps(self.scene.parties, state).into_iter().filter(|it| *it != command).collect();
        Refusal::WrongState { state, command, possible }
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

    /// Besides the handlers by name and unit: who leads or supports from above, as the head of a bureau does for its
    /// divisions.
    fn is_handler(&self, p: &Problem) -> bool {
        let from_above = |it: &Party| {
            matches!(it, Party::LeadHead(_) | Party::LeadClerk(_) | Party::SupportHead(_) | Party::SupportClerk(_))
        };
        access::is_handler(self.scene.actor, p) || self.scene.parties.iter().any(from_above)
    }

    fn own_unit(&self) -> Option<UnitId> {
        match self.party {
            Party::LeadHead(unit) | Party::LeadClerk(unit) | Party::SupportHead(unit) | Party::SupportClerk(unit) => {
                Some(unit)
            }
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
}
