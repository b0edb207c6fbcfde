//! The course of what is asked of owners 建设单位: leave 请假 and substitution 顶岗. It binds once all of them said yes.

use crate::attendance::roll::{Leave, Substitute};
use crate::fault::Fault;
use crate::id::{PersonId, UnitId};
use crate::problem::{Last, Stamp, closed_list};
use crate::refusal::Refusal;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

closed_list! {
    AskState {
        Asked "asked" "待批准" "Waits for approval", Granted "granted" "已批准" "Granted",
        Refused "refused" "未批准" "Refused", Withdrawn "withdrawn" "已撤回" "Withdrawn",
    }
}

closed_list! {
    AskCommand { Grant "grant" "同意" "grant", Refuse "refuse" "不同意" "refuse", Withdraw "withdraw" "撤回" "withdraw" }
}

/// What owners can say yes to.
pub trait Approvable {
    /// How its events begin: leave, substitute.
    const NAME: &'static str;
    fn approve(&mut self, at: Millis, by: Option<PersonId>);
    /// Who cannot decide it, since it is about them.
    fn concerns(&self) -> Vec<PersonId>;
}

impl Approvable for Leave {
    const NAME: &'static str = "leave";

    fn approve(&mut self, at: Millis, by: Option<PersonId>) {
        (self.approved_at, self.approved_by) = (Some(at), by);
    }

    fn concerns(&self) -> Vec<PersonId> {
        vec![self.person]
    }
}

impl Approvable for Substitute {
    const NAME: &'static str = "substitute";

    fn approve(&mut self, at: Millis, _: Option<PersonId>) {
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
    #[serde(default)]
    pub given: Option<Stamp>,
}

/// Something asked, with how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked<T> {
    pub what: T,
    /// Of each site that wants the person in those days: one owner's yes cannot bind another.
    pub consents: Vec<Consent>,
    pub state: AskState,
    pub asked: Stamp,
    /// Asked by his firm, not by himself.
    #[serde(default)]
    pub by_firm: bool,
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

/// Who acts: for which owners, and whether he is the person concerned or of his firm.
#[derive(Clone, Copy)]
pub struct AskScene<'a> {
    pub owners: &'a [UnitId],
    pub is_asker: bool,
    pub by: PersonId,
    pub now: Millis,
}

pub fn ask<T: Approvable>(what: T, owners: &[UnitId], by: PersonId, by_firm: bool, now: Millis) -> Asked<T> {
    let mut owners = owners.to_vec();
    owners.sort_unstable();
    owners.dedup();
    Asked {
        what,
        consents: owners.into_iter().map(|owner| Consent { owner, given: None }).collect(),
        state: AskState::Asked,
        asked: Stamp { at: now, by: Some(by) },
        by_firm,
        decided: None,
        reason: String::new(),
        revision: 1,
        last: Last { by: Some(by), at: now, event: format!("{}-asked", T::NAME) },
    }
}

impl<T: Approvable> Asked<T> {
    /// What somebody can do with it now.
    pub fn possible(&self, scene: &AskScene) -> Vec<AskCommand> {
        AskCommand::ALL.iter().copied().filter(|it| self.admits(*it, scene).is_ok()).collect()
    }

    fn waits_for<'s>(&'s self, scene: &'s AskScene) -> impl Iterator<Item = &'s Consent> {
        self.consents.iter().filter(|it| it.given.is_none() && scene.owners.contains(&it.owner))
    }

    fn admits(&self, command: AskCommand, scene: &AskScene) -> Result<(), Refusal> {
        let is_owner = self.consents.iter().any(|it| scene.owners.contains(&it.owner));
        let allowed = if command == AskCommand::Withdraw { scene.is_asker } else { is_owner };
        if !allowed {
            return Err(Refusal::NotYourRole);
        }
        let waits = command == AskCommand::Withdraw || self.waits_for(scene).next().is_some();
        if self.state != AskState::Asked || !waits {
            return Err(Refusal::AskState { state: self.state, command });
        }
        let is_party = self.asked.by == Some(scene.by) || self.what.concerns().contains(&scene.by);
        if command != AskCommand::Withdraw && is_party {
            return Err(Refusal::OtherPerson);
        }
        Ok(())
    }
}

/// The one match of state and command. A stale revision is refused first, so that its author learns what happened.
pub fn decide<T: Approvable + Clone>(asked: &Asked<T>, order: &AskOrder, scene: &AskScene) -> Result<Asked<T>, Refusal> {
    if order.seen != asked.revision {
        let Last { by, at, event } = asked.last.clone();
        return Err(Refusal::ChangedMeanwhile { by, at, event });
    }
    asked.admits(order.command, scene)?;
    let stamp = Stamp { at: scene.now, by: Some(scene.by) };
    let mut after = asked.clone();
    let event = match order.command {
        AskCommand::Grant => {
            for it in after.consents.iter_mut().filter(|it| it.given.is_none() && scene.owners.contains(&it.owner)) {
                it.given = Some(stamp);
            }
            if after.consents.iter().all(|it| it.given.is_some()) {
                after.state = AskState::Granted;
                after.decided = Some(stamp);
                after.what.approve(scene.now, Some(scene.by));
            }
            "granted"
        }
        AskCommand::Refuse => {
            if order.words.trim().is_empty() {
                return Err(Refusal::ReasonMissing);
            }
            after.state = AskState::Refused;
            after.decided = Some(stamp);
            after.reason = order.words.trim().to_owned();
            "refused"
        }
        AskCommand::Withdraw => {
            after.state = AskState::Withdrawn;
            after.decided = Some(stamp);
            "withdrawn"
        }
    };
    after.revision += 1;
    after.last = Last { by: Some(scene.by), at: scene.now, event: format!("{}-{event}", T::NAME) };
    Ok(after)
}

/// The longest leave that one form asks, in days.
const LONGEST: i64 = 60;

/// What is wrong with a leave as it was written.
pub fn faults(leave: &Leave) -> Vec<Fault> {
    let days = leave.to.number() - leave.from.number() + 1;
    if days < 1 {
        return vec![Fault::new("to", "结束日期不能早于开始日期。", "It cannot end before it begins.")];
    }
    if days > LONGEST {
        return vec![Fault::new("to", "一次请假最多60天，请分次申请。", "At most 60 days at once; ask in parts.")];
    }
    vec![]
}
