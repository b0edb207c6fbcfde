//! A visit 走访: what is true of it in each state, and the one match of state and command. What was heard stands in its
//! `record`; the problems that come out of it live by themselves.

use crate::fault::Fault;
use crate::id::{CampaignId, PersonId, RoundId, SubjectId, TeamId, UnitId, VisitId};
use crate::problem::{Last, Stamp, closed_list};
use crate::refusal::Refusal;
use crate::role::{Actor, Role};
use crate::time::Millis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

mod event;
mod record;
mod when;

pub use event::event_words;
pub use record::{Facts, Filled, Finding, FindingKind, Promise, Record, Reported, Settled};
pub use when::When;

closed_list! {
    Purpose { Visit "visit" "走访" "Visit", Stay "stay" "蹲点" "Stay" }
}

closed_list! {
    /// The name of a state, without what is true in it.
    StateName {
        Planned "planned" "已安排" "Planned", Proposed "proposed" "待企业确认" "Proposed", Agreed "agreed" "已约定" "Agreed",
        Declined "declined" "未能走访" "Declined", Recorded "recorded" "已走访" "Recorded", Confirmed "confirmed" "企业已确认" "Confirmed",
    }
}

impl StateName {
    /// It took place and was written down.
    pub fn is_recorded(self) -> bool {
        matches!(self, StateName::Recorded | StateName::Confirmed)
    }
}

closed_list! {
    CommandName {
        Agree "agree" "约定时间" "agree the time", Decline "decline" "登记未能走访" "record that it fell through",
        Record "record" "填写走访记录" "record the visit", Amend "amend" "修改记录" "amend the record", Join "join" "参加走访" "join the visit",
    }
}

impl CommandName {
    pub fn event(self) -> &'static str {
        match self {
            CommandName::Agree => "visit-agreed",
            CommandName::Decline => "visit-declined",
            CommandName::Record => "visit-recorded",
            CommandName::Amend => "visit-amended",
            CommandName::Join => "visit-joined",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum State {
    Planned,
    /// Slots were offered; nothing leads here yet.
    Proposed,
    /// By telephone, with whom.
    Agreed {
        agreed: Stamp,
        with: String,
    },
    Declined {
        declined: Stamp,
    },
    Recorded {
        recorded: Stamp,
    },
    /// The enterprise confirmed the minutes; nothing leads here yet.
    Confirmed {
        recorded: Stamp,
        confirmed: Stamp,
    },
}

impl State {
    pub fn name(&self) -> StateName {
        match self {
            State::Planned => StateName::Planned,
            State::Proposed => StateName::Proposed,
            State::Agreed { .. } => StateName::Agreed,
            State::Declined { .. } => StateName::Declined,
            State::Recorded { .. } => StateName::Recorded,
            State::Confirmed { .. } => StateName::Confirmed,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    pub id: VisitId,
    /// How many events it has; a command carries the one its author saw.
    pub revision: i64,
    pub state: State,
    pub subject: SubjectId,
    pub campaign: Option<CampaignId>,
    pub round: Option<RoundId>,
    /// `None`: a unit outside the teams, or a leader by himself.
    pub team: Option<TeamId>,
    pub unit: UnitId,
    /// Who answers for it.
    pub officer: PersonId,
    /// Colleagues and leaders who take part.
    pub people: BTreeSet<PersonId>,
    pub purpose: Purpose,
    pub when: When,
    pub planned: Stamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
    /// Of the record: 1 as first written.
    pub version: i64,
    pub last: Last,
}

/// What a plan brings.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub id: VisitId,
    pub subject: SubjectId,
    pub campaign: Option<CampaignId>,
    pub round: Option<RoundId>,
    pub team: Option<TeamId>,
    pub unit: UnitId,
    pub officer: PersonId,
    pub people: BTreeSet<PersonId>,
    pub purpose: Purpose,
    pub when: When,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// By telephone, with whom; also moves one that was agreed before.
    Agree {
        when: When,
        with: String,
    },
    Decline,
    Record {
        record: Box<Record>,
        reports: Vec<Reported>,
    },
    Amend {
        record: Box<Record>,
        reports: Vec<Reported>,
    },
    /// A leader joins; whoever plans names the others.
    Join,
}

impl Command {
    pub fn name(&self) -> CommandName {
        match self {
            Command::Agree { .. } => CommandName::Agree,
            Command::Decline => CommandName::Decline,
            Command::Record { .. } => CommandName::Record,
            Command::Amend { .. } => CommandName::Amend,
            Command::Join => CommandName::Join,
        }
    }
}

/// A command with its reason and the revision its author saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    pub command: Command,
    pub words: String,
    pub seen: i64,
}

/// How somebody stands to one visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    Office,
    Supervision,
    Leader,
    /// A member of the visiting team.
    Team,
    /// Answers for it or takes part.
    Person,
}

/// Everything a decision may look at besides the visit and the order.
pub struct Scene<'a> {
    pub actor: &'a Actor,
    pub ties: &'a [Tie],
    pub now: Millis,
    pub facts: &'a Facts,
}

/// What an accepted command makes true.
#[derive(Clone, Debug)]
pub struct Change {
    pub after: Visit,
    pub event: &'static str,
    /// Checked, to be registered as problems.
    pub reports: Vec<Reported>,
}

/// Who may plan a visit: officers of the teams and of units outside them, leaders, the office for anybody.
pub fn may_visit(actor: &Actor) -> bool {
    [Role::Officer, Role::Office, Role::Leader].into_iter().any(|role| actor.has(role))
}

/// Who sees every visit and every subject.
pub fn sees_all(actor: &Actor) -> bool {
    [Role::Office, Role::Supervision, Role::Leader].into_iter().any(|role| actor.has(role))
}

/// As what `actor` stands to `visit`; empty means that he does not see it. `teams` are those of whom his officers' hats
/// are.
pub fn ties(actor: &Actor, visit: &Visit, teams: &[TeamId]) -> Vec<Tie> {
    let mut found = Vec::new();
    for hat in actor.hats() {
        match hat.role {
            Role::Office => found.push(Tie::Office),
            Role::Supervision => found.push(Tie::Supervision),
            Role::Leader => found.push(Tie::Leader),
            Role::Officer if visit.team.is_some_and(|team| teams.contains(&team)) => found.push(Tie::Team),
            _ => {}
        }
        if matches!(hat.role, Role::Officer | Role::Leader)
            && (visit.officer == hat.of || visit.people.contains(&hat.of))
        {
            found.push(Tie::Person);
        }
    }
    found
}

fn power(tie: Tie, command: CommandName) -> bool {
    match command {
        CommandName::Join => tie == Tie::Leader,
        _ => matches!(tie, Tie::Office | Tie::Team | Tie::Person),
    }
}

fn possible(state: StateName, command: CommandName) -> bool {
    use CommandName::*;
    match state {
        StateName::Planned | StateName::Proposed | StateName::Agreed => command != Amend,
        StateName::Declined => command == Agree,
        StateName::Recorded => command == Amend,
        StateName::Confirmed => false,
    }
}

/// What these ties could do now: the buttons of the page.
pub fn steps(ties: &[Tie], state: StateName) -> Vec<CommandName> {
    let able = |name: &CommandName| possible(state, *name) && ties.iter().any(|tie| power(*tie, *name));
    CommandName::ALL.iter().copied().filter(able).collect()
}

/// A new visit, before its first event.
///
/// # Errors
/// [`Refusal::Faults`] naming everything that is wrong at once.
pub fn plan(plan: Plan, by: Option<PersonId>, now: Millis) -> Result<Visit, Refusal> {
    let mut faults = plan.when.faults(plan.purpose);
    if plan.when.day > now.day().plus(366) {
        faults.push(Fault::new("day", "只能安排一年以内的走访。", "A visit can be planned one year ahead at most."));
    }
    if !faults.is_empty() {
        return Err(Refusal::Faults(faults));
    }
    let mut people = plan.people;
    people.remove(&plan.officer);
    Ok(Visit {
        id: plan.id,
        revision: 1,
        state: State::Planned,
        subject: plan.subject,
        campaign: plan.campaign,
        round: plan.round,
        team: plan.team,
        unit: plan.unit,
        officer: plan.officer,
        people,
        purpose: plan.purpose,
        when: plan.when,
        planned: Stamp { at: now, by },
        record: None,
        version: 0,
        last: Last { by, at: now, event: "visit-planned".into() },
    })
}

/// Sees it, his step, revision, state, then the guards: the order of the problem's checks.
pub fn decide(visit: &Visit, order: &Order, scene: &Scene) -> Result<Change, Refusal> {
    let name = order.command.name();
    admit(visit, order, scene)?;
    let stamp = Stamp { at: scene.now, by: scene.actor.person() };
    let mut after = visit.clone();
    let mut taken = Vec::new();
    match &order.command {
        Command::Agree { when, with } => {
            let mut faults = when.faults(visit.purpose);
            faults.extend(crate::subject::too_long("with", with, 100));
            if !faults.is_empty() {
                return Err(Refusal::Faults(faults));
            }
            after.when = *when;
            after.state = State::Agreed { agreed: stamp, with: with.trim().to_owned() };
        }
        Command::Decline => {
            reason(order)?;
            after.state = State::Declined { declined: stamp };
        }
        Command::Record { record, reports } | Command::Amend { record, reports } => {
            if name == CommandName::Amend {
                reason(order)?;
            }
            let (record, reports) = record::checked(visit, record, reports, scene)?;
            after.when = record.when;
            after.people = record.people.iter().copied().filter(|it| *it != visit.officer).collect();
            after.record = Some(record);
            after.version += 1;
            if let StateName::Planned | StateName::Proposed | StateName::Agreed = visit.state.name() {
                after.state = State::Recorded { recorded: stamp };
            }
            taken = reports;
        }
        Command::Join => {
            let leaders = scene.actor.hats().iter().filter(|hat| hat.role == Role::Leader);
            // Who answers for it takes part already.
            after.people.extend(leaders.map(|hat| hat.of).filter(|it| *it != visit.officer));
        }
    }
    after.revision += 1;
    after.last = Last { by: stamp.by, at: scene.now, event: name.event().into() };
    Ok(Change { after, event: name.event(), reports: taken })
}

fn admit(visit: &Visit, order: &Order, scene: &Scene) -> Result<(), Refusal> {
    let name = order.command.name();
    if scene.ties.is_empty() {
        return Err(Refusal::Absent);
    }
    if !scene.ties.iter().any(|tie| power(*tie, name)) {
        return Err(Refusal::NotYourRole);
    }
    if order.seen != visit.revision {
        let last = &visit.last;
        return Err(Refusal::ChangedMeanwhile { by: last.by, at: last.at, event: last.event.clone() });
    }
    let state = visit.state.name();
    if !possible(state, name) {
        return Err(Refusal::VisitState { state, command: name, possible: steps(scene.ties, state) });
    }
    Ok(())
}

fn reason(order: &Order) -> Result<(), Refusal> {
    if order.words.trim().is_empty() { Err(Refusal::ReasonMissing) } else { Ok(()) }
}
