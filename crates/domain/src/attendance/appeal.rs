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

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn judged(verdict: Verdict) -> Judged {
        Judged {
            person: person(1),
            site: SiteId(Uuid::from_u128(9)),
            day: Day::new(2018, 4, 16).unwrap(),
            verdict,
            reason: Reason::NoPunch,
            punches: 0,
            flags: vec![],
            span: None,
            tally: None,
        }
    }

    /// Somebody of the bureau has rejected a punch of that day.
    fn appeal() -> Appeal {
        file(&judged(Verdict::Absent), vec![person(4)], person(1), Millis(1_000)).unwrap()
    }

    fn act(it: &Appeal, command: AppealCommand, words: &str, is_bureau: bool, by: u128) -> Result<Appeal, Refusal> {
        let order = AppealOrder { command, words: words.into(), seen: it.revision };
        decide(it, &order, &AppealScene { is_bureau, by: person(by), now: Millis(2_000) })
    }

    #[test]
    fn only_what_hurts_can_be_appealed_and_by_the_person_alone() {
        use Verdict::*;
        let of = |verdict| file(&judged(verdict), vec![], person(1), Millis(1)).map(|it| it.verdict);
        for verdict in [Absent, Short, Review, Extra] {
            assert_eq!(of(verdict), Ok(verdict));
        }
        for verdict in [Present, Excused, NotNeeded, Open] {
            assert_eq!(of(verdict), Err(Refusal::NothingToAppeal));
        }
        assert_eq!(file(&judged(Absent), vec![], person(2), Millis(1)), Err(Refusal::NotYourRole));
    }

    #[test]
    fn the_bureau_decides_it_with_words_and_by_somebody_without_a_hand_in_it() {
        let it = appeal();
        assert_eq!(act(&it, AppealCommand::Uphold, "x", false, 5), Err(Refusal::NotYourRole));
        for by in [1, 4] {
            assert_eq!(act(&it, AppealCommand::Uphold, "x", true, by), Err(Refusal::OtherPerson), "{by}");
        }
        for command in [AppealCommand::Uphold, AppealCommand::Reject] {
            assert_eq!(act(&it, command, " ", true, 5), Err(Refusal::ReasonMissing));
        }
        let it = act(&it, AppealCommand::Uphold, " 监控可证 ", true, 5).unwrap();
        assert_eq!((it.state, it.words.as_str(), it.revision), (AppealState::Upheld, "监控可证", 2));
        assert_eq!(
            act(&it, AppealCommand::Reject, "x", true, 5),
            Err(Refusal::AppealState { state: AppealState::Upheld, command: AppealCommand::Reject })
        );
    }

    #[test]
    fn the_person_withdraws_it_while_it_is_open() {
        let it = appeal();
        assert_eq!(act(&it, AppealCommand::Withdraw, "", false, 2), Err(Refusal::NotYourRole));
        let scene = |by| AppealScene { is_bureau: false, by: person(by), now: Millis(2_000) };
        assert_eq!(it.possible(&scene(1)), [AppealCommand::Withdraw]);
        let it = act(&it, AppealCommand::Withdraw, "", false, 1).unwrap();
        assert_eq!((it.state, it.last.event.as_str()), (AppealState::Withdrawn, "appeal-withdrawn"));
        assert_eq!(it.possible(&scene(1)), []);
    }

    #[test]
    fn a_stale_revision_says_who_was_first() {
        let it = act(&appeal(), AppealCommand::Reject, "x", true, 5).unwrap();
        let order = AppealOrder { command: AppealCommand::Withdraw, words: String::new(), seen: 1 };
        let told = decide(&it, &order, &AppealScene { is_bureau: false, by: person(1), now: Millis(3_000) });
        assert_eq!(
            told,
            Err(Refusal::ChangedMeanwhile { by: Some(person(5)), at: Millis(2_000), event: "appeal-rejected".into() })
        );
    }
}
