//! The course of what is asked of the owners 建设单位 of sites: leave 请假 and substitution 顶岗. The last yes grants it,
//! one no refuses it (建质〔2011〕111号: the owner consents to the project leader's leave).

use crate::attendance::filing::Names;
use crate::attendance::roll::{Leave, Substitute};
use crate::fault::Fault;
use crate::id::{PersonId, UnitId};
use crate::problem::{Last, Stamp, closed_list};
use crate::refusal::Refusal;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

closed_list! {
    AskState {
        Asked "asked" "待批准" "Waits for approval", Granted "granted" "已批准" "Granted", Refused "refused" "未批准" "Refused",
        Withdrawn "withdrawn" "已撤回" "Withdrawn",
    }
}

closed_list! {
    AskCommand { Grant "grant" "同意" "grant", Refuse "refuse" "不同意" "refuse", Withdraw "withdraw" "撤回" "withdraw" }
}

/// What an owner can grant.
pub trait Approvable {
    /// The first word of its events: `leave` of `leave-granted`.
    const EVENTS: &'static str;

    /// As it is asked for, whatever approval it came with.
    fn unapproved(self) -> Self;

    fn approve(&mut self, at: Millis, by: Option<PersonId>);

    /// Those whom it concerns, who therefore do not decide it.
    fn concerns(&self) -> Vec<PersonId>;
}

impl Approvable for Leave {
    const EVENTS: &'static str = "leave";

    fn unapproved(self) -> Leave {
        Leave { approved_at: None, approved_by: None, ..self }
    }

    fn approve(&mut self, at: Millis, by: Option<PersonId>) {
        (self.approved_at, self.approved_by) = (Some(at), by);
    }

    fn concerns(&self) -> Vec<PersonId> {
        vec![self.person]
    }
}

impl Approvable for Substitute {
    const EVENTS: &'static str = "substitute";

    fn unapproved(self) -> Substitute {
        Substitute { approved_at: None, ..self }
    }

    fn approve(&mut self, at: Millis, _by: Option<PersonId>) {
        self.approved_at = Some(at);
    }

    fn concerns(&self) -> Vec<PersonId> {
        vec![self.person, self.instead_of]
    }
}

/// The yes of one owner, once it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    pub owner: UnitId,
    pub given: Option<Stamp>,
}

/// A [`Leave`] or a [`Substitute`] with how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked<T> {
    pub what: T,
    /// One of each owner: leave holds at all sites of the person, a substitution at one.
    pub consents: Vec<Consent>,
    pub state: AskState,
    pub asked: Stamp,
    /// Asked by somebody of his firm, on his behalf.
    #[serde(default)]
    pub by_firm: bool,
    /// Granted, refused or withdrawn.
    #[serde(default)]
    pub decided: Option<Stamp>,
    /// Why it was refused.
    #[serde(default)]
    pub reason: String,
    pub revision: i64,
    pub last: Last,
}

/// A command with its reason and the revision that its author saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskOrder {
    pub command: AskCommand,
    pub words: String,
    pub seen: i64,
}

/// Who acts.
#[derive(Clone, Copy)]
pub struct AskScene<'a> {
    /// The units for which he acts as owner.
    pub owners: &'a [UnitId],
    /// The person whom it is for, or somebody of his firm.
    pub is_asker: bool,
    pub by: PersonId,
    pub now: Millis,
}

/// `owners`: of leave, those of each site where the person has lines in those days; of a substitution, that of the site.
/// Where there is none, nobody could grant it, and there is nothing that it could excuse: [`Refusal::Faults`].
pub fn ask<T: Approvable>(
    what: T,
    owners: &[UnitId],
    by: PersonId,
    by_firm: bool,
    now: Millis,
) -> Result<Asked<T>, Refusal> {
    let mut consents: Vec<Consent> = Vec::new();
    for owner in owners {
        if consents.iter().all(|it| it.owner != *owner) {
            consents.push(Consent { owner: *owner, given: None });
        }
    }
    if consents.is_empty() {
        return Err(Refusal::Faults(vec![Fault::new(
            "from",
            "这些日期没有工地安排此人到岗，不必申请；请核对日期。",
            "No site expects the person on these days, so there is nothing to ask for; check the days.",
        )]));
    }
    Ok(Asked {
        what: what.unapproved(),
        consents,
        state: AskState::Asked,
        asked: Stamp { at: now, by: Some(by) },
        by_firm,
        decided: None,
        reason: String::new(),
        revision: 1,
        last: Last { by: Some(by), at: now, event: format!("{}-asked", T::EVENTS) },
    })
}

impl<T: Approvable> Asked<T> {
    /// What belongs on a roll: nothing that is not granted does.
    pub fn granted(&self) -> Option<&T> {
        (self.state == AskState::Granted).then_some(&self.what)
    }

    /// Owners whose yes is still missing.
    pub fn waits_for(&self) -> impl Iterator<Item = UnitId> {
        self.consents.iter().filter(|it| it.given.is_none()).map(|it| it.owner)
    }

    /// What whoever acts can do with it now.
    pub fn possible(&self, scene: &AskScene) -> Vec<AskCommand> {
        AskCommand::ALL.iter().copied().filter(|it| self.admits(*it, scene).is_ok()).collect()
    }

    fn admits(&self, command: AskCommand, scene: &AskScene) -> Result<(), Refusal> {
        let is_owner = |it: &Consent| scene.owners.contains(&it.owner);
        let is_his = match command {
            AskCommand::Withdraw => scene.is_asker,
            AskCommand::Grant | AskCommand::Refuse => self.consents.iter().any(is_owner),
        };
        if !is_his {
            return Err(Refusal::NotYourRole);
        }
        if self.state != AskState::Asked {
            return Err(Refusal::AskState { state: self.state, command });
        }
        if command == AskCommand::Withdraw {
            return Ok(());
        }
        // An owner that has said yes has had its say.
        if !self.consents.iter().any(|it| is_owner(it) && it.given.is_none()) {
            return Err(Refusal::NotYourRole);
        }
        if self.asked.by == Some(scene.by) || self.what.concerns().contains(&scene.by) {
            return Err(Refusal::OtherPerson);
        }
        Ok(())
    }
}

/// The one match of state and command. A stale revision is refused first, so that its author learns what happened.
pub fn decide<T: Approvable + Clone>(
    asked: &Asked<T>,
    order: &AskOrder,
    scene: &AskScene,
) -> Result<Asked<T>, Refusal> {
    if order.seen != asked.revision {
        let Last { by, at, event } = asked.last.clone();
        return Err(Refusal::ChangedMeanwhile { by, at, event });
    }
    asked.admits(order.command, scene)?;
    let stamp = Stamp { at: scene.now, by: Some(scene.by) };
    let mut after = asked.clone();
    match order.command {
        AskCommand::Grant => {
            let open = after.consents.iter_mut().filter(|it| it.given.is_none() && scene.owners.contains(&it.owner));
            open.for_each(|it| it.given = Some(stamp));
            if after.waits_for().next().is_none() {
                after.state = AskState::Granted;
                after.what.approve(scene.now, Some(scene.by));
            }
        }
        AskCommand::Refuse => {
            if order.words.trim().is_empty() {
                return Err(Refusal::ReasonMissing);
            }
            after.state = AskState::Refused;
            after.reason = order.words.trim().to_owned();
        }
        AskCommand::Withdraw => after.state = AskState::Withdrawn,
    }
    // A yes that does not grant it yet is an event of its own kind, so that nobody reads it as the end.
    let happened = match after.state {
        AskState::Asked => "consented",
        state => {
            after.decided = Some(stamp);
            state.code()
        }
    };
    after.revision += 1;
    after.last = Last { by: Some(scene.by), at: scene.now, event: format!("{}-{happened}", T::EVENTS) };
    Ok(after)
}

/// The longest leave that is asked for at once, in days: longer than a year's leave, so that only a slip of the pen or a
/// change of person is refused.
const MOST_DAYS: i64 = 60;

/// What is wrong with the fields `from` and `to`.
pub fn faults(leave: &Leave, names: &Names) -> Vec<Fault> {
    let (from, to, who) = (leave.from, leave.to, names.person(leave.person));
    let days = to.number() - from.number() + 1;
    if to < from {
        return vec![Fault::new(
            "to",
            format!("{who}请假的结束日期{to}早于开始日期{from}；请改正。"),
            format!("The leave of {who} ends on {to}, before it begins on {from}; correct it."),
        )];
    }
    if days > MOST_DAYS {
        return vec![Fault::new(
            "to",
            format!("{who}请假{days}天，一次最多{MOST_DAYS}天；请缩短，或在阶段名单中换人。"),
            format!(
                "The leave of {who} takes {days} days, and at most {MOST_DAYS} can be asked for at once; shorten it, or \
                 name somebody else in the stage plan."
            ),
        )];
    }
    vec![]
}

#[cfg(test)]
mod tests;
