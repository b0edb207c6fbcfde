//! Appeals 申诉 against a day's verdict: by the person concerned, decided by somebody of the bureau who had no part in it.

use crate::attendance::verdict::{Judged, Reason, Verdict};
use crate::id::{PersonId, SiteId};
use crate::problem::{Last, Stamp, closed_list};
use crate::refusal::Refusal;
use crate::time::{Day, Millis};
use serde::{Deserialize, Serialize};

closed_list! {
    AppealState {
        Open "open" "待处理" "Open", Upheld "upheld" "申诉成立" "Upheld", Rejected "rejected" "维持原结论" "Rejected",
        Withdrawn "withdrawn" "已撤回" "Withdrawn",
    }
}

closed_list! {
    AppealCommand {
        Uphold "uphold" "申诉成立" "uphold", Reject "reject" "维持原结论" "reject", Withdraw "withdraw" "撤回" "withdraw",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    pub person: PersonId,
    pub site: SiteId,
    pub day: Day,
    /// As it was judged when he appealed.
    pub verdict: Verdict,
    pub reason: Reason,
    pub filed: Stamp,
    pub state: AppealState,
    /// Who ruled on the day's punches, or attested them.
    #[serde(default)]
    pub reviewers: Vec<PersonId>,
    #[serde(default)]
    pub decided: Option<Stamp>,
    /// Of the decision.
    #[serde(default)]
    pub words: String,
    pub revision: i64,
    pub last: Last,
}

/// A command with its words and the revision that its author saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppealOrder {
    pub command: AppealCommand,
    pub words: String,
    pub seen: i64,
}

#[derive(Clone, Copy)]
pub struct AppealScene {
    pub is_bureau: bool,
    pub by: PersonId,
    pub now: Millis,
}

/// Only a verdict that was not in his favour can be appealed.
pub fn can_be_appealed(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Absent | Verdict::Short | Verdict::Review | Verdict::Extra)
}

pub fn file(judged: &Judged, reviewers: Vec<PersonId>, by: PersonId, now: Millis) -> Result<Appeal, Refusal> {
    if judged.person != by {
        return Err(Refusal::NotYourRole);
    }
    if !can_be_appealed(judged.verdict) {
        return Err(Refusal::NothingToAppeal);
    }
    Ok(Appeal {
        person: by,
        site: judged.site,
        day: judged.day,
        verdict: judged.verdict,
        reason: judged.reason,
        filed: Stamp { at: now, by: Some(by) },
        state: AppealState::Open,
        reviewers,
        decided: None,
        words: String::new(),
        revision: 1,
        last: Last { by: Some(by), at: now, event: "appeal-filed".into() },
    })
}

impl Appeal {
    /// What somebody can do with it now.
    pub fn possible(&self, scene: &AppealScene) -> Vec<AppealCommand> {
        AppealCommand::ALL.iter().copied().filter(|it| self.admits(*it, scene).is_ok()).collect()
    }

    fn admits(&self, command: AppealCommand, scene: &AppealScene) -> Result<(), Refusal> {
        let is_own = self.person == scene.by;
        let allowed = if command == AppealCommand::Withdraw { is_own } else { scene.is_bureau };
        if !allowed {
            return Err(Refusal::NotYourRole);
        }
        if self.state != AppealState::Open {
            return Err(Refusal::AppealState { state: self.state, command });
        }
        if command != AppealCommand::Withdraw && (is_own || self.reviewers.contains(&scene.by)) {
            return Err(Refusal::OtherPerson);
        }
        Ok(())
    }
}

/// The one match of state and command. A stale revision is refused first.
pub fn decide(appeal: &Appeal, order: &AppealOrder, scene: &AppealScene) -> Result<Appeal, Refusal> {
    if order.seen != appeal.revision {
        let Last { by, at, event } = appeal.last.clone();
        return Err(Refusal::ChangedMeanwhile { by, at, event });
    }
    appeal.admits(order.command, scene)?;
    let words = order.words.trim();
    if order.command != AppealCommand::Withdraw && words.is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    let (state, event) = match order.command {
        AppealCommand::Uphold => (AppealState::Upheld, "appeal-upheld"),
        AppealCommand::Reject => (AppealState::Rejected, "appeal-rejected"),
        AppealCommand::Withdraw => (AppealState::Withdrawn, "appeal-withdrawn"),
    };
    let mut after = appeal.clone();
    after.state = state;
    after.decided = Some(Stamp { at: scene.now, by: Some(scene.by) });
    after.words = words.to_owned();
    after.revision += 1;
    after.last = Last { by: Some(scene.by), at: scene.now, event: event.into() };
    Ok(after)
}
