//! The course of a filed stage plan: filed by the contractor, or by the bureau on its behalf; confirmed by the owner;
//! approved by the bureau, or returned with a reason (`design.md`, the site).

use crate::attendance::plan::StagePlan;
use crate::id::PersonId;
use crate::problem::{Last, Stamp, closed_list};
use crate::refusal::Refusal;
use crate::site::Tie;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

closed_list! {
    PlanState {
        Filed "filed" "待建设单位确认" "Waits for the owner", Confirmed "confirmed" "待建设局审批" "Waits for the bureau",
        Returned "returned" "已退回" "Returned", Approved "approved" "已批准" "Approved",
    }
}

closed_list! {
    PlanCommand { Confirm "confirm" "确认" "confirm", Return "return" "退回" "return", Approve "approve" "批准" "approve" }
}

impl PlanCommand {
    pub fn event(self) -> &'static str {
        match self {
            PlanCommand::Confirm => "plan-confirmed",
            PlanCommand::Return => "plan-returned",
            PlanCommand::Approve => "plan-approved",
        }
    }
}

/// One version with how far it is. `plan.approved_at` is what judgement reads; it is written here alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledPlan {
    pub plan: StagePlan,
    pub state: PlanState,
    pub filed: Stamp,
    /// Filed by the bureau on the contractor's behalf, and marked so.
    #[serde(default)]
    pub by_bureau: bool,
    /// In force before the house began, and taken over as it was: nobody checked its promises, so none is held against it.
    #[serde(default)]
    pub taken_over: bool,
    #[serde(default)]
    pub confirmed: Option<Stamp>,
    #[serde(default)]
    pub decided: Option<Stamp>,
    /// Why it was returned.
    #[serde(default)]
    pub reason: String,
    pub revision: i64,
    pub last: Last,
}

/// A command with its reason and the revision that its author saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanOrder {
    pub command: PlanCommand,
    pub words: String,
    pub seen: i64,
}

/// Who acts, and how he stands to the site.
#[derive(Clone, Copy)]
pub struct PlanScene<'a> {
    pub ties: &'a [Tie],
    pub by: PersonId,
    pub now: Millis,
}

pub fn file(plan: StagePlan, by_bureau: bool, by: PersonId, now: Millis) -> FiledPlan {
    let stamp = Stamp { at: now, by: Some(by) };
    FiledPlan {
        plan: StagePlan { approved_at: None, ..plan },
        state: PlanState::Filed,
        filed: stamp,
        by_bureau,
        taken_over: false,
        confirmed: None,
        decided: None,
        reason: String::new(),
        revision: 1,
        last: Last { by: Some(by), at: now, event: "plan-filed".into() },
    }
}

/// A list of persons that was in force before the house began, as the bureau found it.
pub fn take_over(plan: StagePlan, by: PersonId, now: Millis) -> FiledPlan {
    let stamp = Stamp { at: now, by: Some(by) };
    FiledPlan {
        plan: StagePlan { approved_at: Some(now), ..plan },
        state: PlanState::Approved,
        filed: stamp,
        by_bureau: true,
        taken_over: true,
        confirmed: None,
        decided: Some(stamp),
        reason: String::new(),
        revision: 1,
        last: Last { by: Some(by), at: now, event: "plan-taken-over".into() },
    }
}

impl FiledPlan {
    /// Whether another version must wait for it.
    pub fn is_pending(&self) -> bool {
        matches!(self.state, PlanState::Filed | PlanState::Confirmed)
    }

    /// What somebody with these ties can do with it now.
    pub fn possible(&self, ties: &[Tie], by: Option<PersonId>) -> Vec<PlanCommand> {
        let all = PlanCommand::ALL.iter().copied();
        all.filter(|it| self.admits(*it, ties, by).is_ok()).collect()
    }

    fn admits(&self, command: PlanCommand, ties: &[Tie], by: Option<PersonId>) -> Result<(), Refusal> {
        let (owner, bureau) = (ties.contains(&Tie::Owner), ties.contains(&Tie::Bureau));
        let allowed = match command {
            PlanCommand::Confirm => owner,
            PlanCommand::Return => owner || bureau,
            PlanCommand::Approve => bureau,
        };
        if !allowed {
            return Err(Refusal::NotYourRole);
        }
        let fits = match command {
            PlanCommand::Confirm => self.state == PlanState::Filed,
            // The owner has had its say once it confirmed.
            PlanCommand::Return => self.state == PlanState::Filed || (self.state == PlanState::Confirmed && bureau),
            PlanCommand::Approve => self.state == PlanState::Confirmed,
        };
        if !fits {
            return Err(Refusal::PlanState { state: self.state, command });
        }
        // What the bureau filed is approved by another person of the bureau.
        if command == PlanCommand::Approve && self.by_bureau && self.filed.by == by {
            return Err(Refusal::OtherPerson);
        }
        Ok(())
    }
}

/// The one match of state and command. A stale revision is refused first, so that its author learns what happened.
pub fn decide(filed: &FiledPlan, order: &PlanOrder, scene: &PlanScene) -> Result<FiledPlan, Refusal> {
    if order.seen != filed.revision {
        let Last { by, at, event } = filed.last.clone();
        return Err(Refusal::ChangedMeanwhile { by, at, event });
    }
    filed.admits(order.command, scene.ties, Some(scene.by))?;
    let stamp = Stamp { at: scene.now, by: Some(scene.by) };
    let mut after = filed.clone();
    match order.command {
        PlanCommand::Confirm => {
            after.state = PlanState::Confirmed;
            after.confirmed = Some(stamp);
        }
        PlanCommand::Return => {
            if order.words.trim().is_empty() {
                return Err(Refusal::ReasonMissing);
            }
            after.state = PlanState::Returned;
            after.decided = Some(stamp);
            after.reason = order.words.trim().to_owned();
        }
        PlanCommand::Approve => {
            after.state = PlanState::Approved;
            after.decided = Some(stamp);
            after.plan.approved_at = Some(scene.now);
        }
    }
    after.revision += 1;
    after.last = Last { by: Some(scene.by), at: scene.now, event: order.command.event().into() };
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::SiteId;
    use crate::time::Day;

    fn person(n: u128) -> PersonId {
        PersonId(uuid::Uuid::from_u128(n))
    }

    fn filed(by_bureau: bool) -> FiledPlan {
        let effective_from = Day::new(2018, 4, 16).unwrap();
        let site = SiteId(uuid::Uuid::from_u128(9));
        let plan =
            StagePlan { site, version: 1, effective_from, approved_at: Some(Millis(1)), stages: vec![], lines: vec![] };
        file(plan, by_bureau, person(1), Millis(1_000))
    }

    fn act(it: &FiledPlan, command: PlanCommand, words: &str, tie: Tie, by: u128) -> Result<FiledPlan, Refusal> {
        let order = PlanOrder { command, words: words.into(), seen: it.revision };
        decide(it, &order, &PlanScene { ties: &[tie], by: person(by), now: Millis(2_000) })
    }

    #[test]
    fn it_is_confirmed_by_the_owner_and_approved_by_the_bureau() {
        let plan = filed(false);
        assert_eq!(plan.plan.approved_at, None, "whoever files does not approve");
        assert_eq!(
            act(&plan, PlanCommand::Approve, "", Tie::Bureau, 3),
            Err(Refusal::PlanState { state: PlanState::Filed, command: PlanCommand::Approve })
        );
        assert_eq!(act(&plan, PlanCommand::Confirm, "", Tie::Contractor, 1), Err(Refusal::NotYourRole));
        let plan = act(&plan, PlanCommand::Confirm, "", Tie::Owner, 2).unwrap();
        let plan = act(&plan, PlanCommand::Approve, "", Tie::Bureau, 3).unwrap();
        assert_eq!((plan.state, plan.plan.approved_at, plan.revision), (PlanState::Approved, Some(Millis(2_000)), 3));
        assert_eq!(plan.possible(&[Tie::Bureau, Tie::Owner], Some(person(4))), vec![]);
    }

    #[test]
    fn it_is_returned_with_a_reason() {
        let plan = filed(false);
        assert_eq!(act(&plan, PlanCommand::Return, " ", Tie::Bureau, 3), Err(Refusal::ReasonMissing));
        let returned = act(&plan, PlanCommand::Return, "缺安全员", Tie::Owner, 2).unwrap();
        assert_eq!(
            (returned.state, returned.reason.as_str(), returned.is_pending()),
            (PlanState::Returned, "缺安全员", false)
        );
        let confirmed = act(&plan, PlanCommand::Confirm, "", Tie::Owner, 2).unwrap();
        assert!(act(&confirmed, PlanCommand::Return, "缺安全员", Tie::Owner, 2).is_err(), "the owner has had its say");
        assert!(act(&confirmed, PlanCommand::Return, "缺安全员", Tie::Bureau, 3).is_ok());
    }

    #[test]
    fn what_the_bureau_filed_another_of_the_bureau_approves() {
        let plan = act(&filed(true), PlanCommand::Confirm, "", Tie::Owner, 2).unwrap();
        assert_eq!(act(&plan, PlanCommand::Approve, "", Tie::Bureau, 1), Err(Refusal::OtherPerson));
        assert!(act(&plan, PlanCommand::Approve, "", Tie::Bureau, 3).is_ok());
    }

    #[test]
    fn a_stale_revision_says_who_was_first() {
        let plan = act(&filed(false), PlanCommand::Confirm, "", Tie::Owner, 2).unwrap();
        let order = PlanOrder { command: PlanCommand::Return, words: "x".into(), seen: 1 };
        let scene = PlanScene { ties: &[Tie::Bureau], by: person(3), now: Millis(3_000) };
        let told = decide(&plan, &order, &scene);
        assert_eq!(
            told,
            Err(Refusal::ChangedMeanwhile { by: Some(person(2)), at: Millis(2_000), event: "plan-confirmed".into() })
        );
    }
}
