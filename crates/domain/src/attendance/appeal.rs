//! The appeal 申诉 against the verdict of one day: filed by or for the person, decided in the bureau by somebody who has
//! had no hand in that day. It decides nothing about punches: an appeal that is upheld is carried out by rulings
//! (`scenarios/attendance.md`, rule 15), and the day is judged anew.

use crate::attendance::verdict::{Judged, Reason, Verdict};
use crate::id::{PersonId, SiteId};
use crate::problem::{Last, Stamp, closed_list};
use crate::refusal::Refusal;
use crate::site::Tie;
use crate::time::{Day, Millis};
use serde::{Deserialize, Serialize};

closed_list! {
    AppealState {
        Open "open" "待处理" "Waits for a decision", Upheld "upheld" "申诉成立" "Upheld", Rejected "rejected" "维持原结论" "Rejected",
        Withdrawn "withdrawn" "已撤回" "Withdrawn",
    }
}

closed_list! {
    AppealCommand {
        Uphold "uphold" "认定申诉成立" "uphold", Reject "reject" "维持原结论" "reject", Withdraw "withdraw" "撤回" "withdraw",
    }
}

impl AppealCommand {
    pub fn event(self) -> &'static str {
        match self {
            AppealCommand::Uphold => "appeal-upheld",
            AppealCommand::Reject => "appeal-rejected",
            AppealCommand::Withdraw => "appeal-withdrawn",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    pub person: PersonId,
    pub site: SiteId,
    pub day: Day,
    /// As judged when it was filed.
    pub verdict: Verdict,
    pub reason: Reason,
    /// What the person says against it.
    pub grounds: String,
    pub filed: Stamp,
    pub state: AppealState,
    /// Who ruled on punches of that day, or attested any: they do not decide about their own work.
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

/// A command with its reason and the revision that its author saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppealOrder {
    pub command: AppealCommand,
    pub words: String,
    pub seen: i64,
}

/// Who acts, and how he stands to the site.
#[derive(Clone, Copy)]
pub struct AppealScene<'a> {
    pub ties: &'a [Tie],
    pub by: PersonId,
    pub now: Millis,
}

/// Whether a verdict can hurt, so that there is something to appeal: absent, short, in review, or extra, which is a visit
/// that does not count.
pub fn can_be_appealed(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Absent | Verdict::Short | Verdict::Review | Verdict::Extra)
}

/// Against the day as it is judged now. `reviewers`: who ruled on its punches or attested any.
pub fn file(
    judged: &Judged,
    grounds: &str,
    reviewers: Vec<PersonId>,
    by: PersonId,
    now: Millis,
) -> Result<Appeal, Refusal> {
    if !can_be_appealed(judged.verdict) {
        return Err(Refusal::NothingToAppeal);
    }
    if grounds.trim().is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    Ok(Appeal {
        person: judged.person,
        site: judged.site,
        day: judged.day,
        verdict: judged.verdict,
        reason: judged.reason,
        grounds: grounds.trim().to_owned(),
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
    /// What whoever acts can do with it now.
    pub fn possible(&self, scene: &AppealScene) -> Vec<AppealCommand> {
        AppealCommand::ALL.iter().copied().filter(|it| self.admits(*it, scene).is_ok()).collect()
    }

    fn admits(&self, command: AppealCommand, scene: &AppealScene) -> Result<(), Refusal> {
        let is_his = match command {
            AppealCommand::Withdraw => scene.by == self.person,
            AppealCommand::Uphold | AppealCommand::Reject => scene.ties.contains(&Tie::Bureau),
        };
        if !is_his {
            return Err(Refusal::NotYourRole);
        }
        if self.state != AppealState::Open {
            return Err(Refusal::AppealState { state: self.state, command });
        }
        let has_a_hand_in_it =
            self.reviewers.contains(&scene.by) || self.filed.by == Some(scene.by) || self.person == scene.by;
        if command != AppealCommand::Withdraw && has_a_hand_in_it {
            return Err(Refusal::OtherPerson);
        }
        Ok(())
    }
}

/// The one match of state and command. A stale revision is refused first, so that its author learns what happened.
pub fn decide(appeal: &Appeal, order: &AppealOrder, scene: &AppealScene) -> Result<Appeal, Refusal> {
    if order.seen != appeal.revision {
        let Last { by, at, event } = appeal.last.clone();
        return Err(Refusal::ChangedMeanwhile { by, at, event });
    }
    appeal.admits(order.command, scene)?;
    let words = order.words.trim();
    if words.is_empty() && order.command != AppealCommand::Withdraw {
        return Err(Refusal::ReasonMissing);
    }
    let mut after = appeal.clone();
    after.state = match order.command {
        AppealCommand::Uphold => AppealState::Upheld,
        AppealCommand::Reject => AppealState::Rejected,
        AppealCommand::Withdraw => AppealState::Withdrawn,
    };
    after.decided = Some(Stamp { at: scene.now, by: Some(scene.by) });
    after.words = words.to_owned();
    after.revision += 1;
    after.last = Last { by: Some(scene.by), at: scene.now, event: order.command.event().into() };
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

    /// Filed by a colleague; somebody of the bureau has rejected a punch of that day.
    fn appeal() -> Appeal {
        file(&judged(Verdict::Absent), " 设备故障 ", vec![person(4)], person(2), Millis(1_000)).unwrap()
    }

    fn act(it: &Appeal, command: AppealCommand, words: &str, tie: Tie, by: u128) -> Result<Appeal, Refusal> {
        let order = AppealOrder { command, words: words.into(), seen: it.revision };
        decide(it, &order, &AppealScene { ties: &[tie], by: person(by), now: Millis(2_000) })
    }

    #[test]
    fn only_what_hurts_can_be_appealed_and_with_grounds() {
        use Verdict::*;
        let of = |verdict| file(&judged(verdict), "x", vec![], person(1), Millis(1)).map(|it| it.verdict);
        for verdict in [Absent, Short, Review, Extra] {
            assert_eq!(of(verdict), Ok(verdict));
        }
        for verdict in [Present, Excused, NotNeeded, Open] {
            assert_eq!(of(verdict), Err(Refusal::NothingToAppeal));
        }
        assert_eq!(file(&judged(Absent), " ", vec![], person(1), Millis(1)), Err(Refusal::ReasonMissing));
        assert_eq!((appeal().grounds.as_str(), appeal().last.event.as_str()), ("设备故障", "appeal-filed"));
    }

    #[test]
    fn the_bureau_decides_it_with_words_and_by_somebody_without_a_hand_in_it() {
        let it = appeal();
        assert_eq!(act(&it, AppealCommand::Uphold, "x", Tie::Owner, 5), Err(Refusal::NotYourRole));
        for by in [1, 2, 4] {
            assert_eq!(act(&it, AppealCommand::Uphold, "x", Tie::Bureau, by), Err(Refusal::OtherPerson), "{by}");
        }
        for command in [AppealCommand::Uphold, AppealCommand::Reject] {
            assert_eq!(act(&it, command, " ", Tie::Bureau, 5), Err(Refusal::ReasonMissing));
        }
        let it = act(&it, AppealCommand::Uphold, " 监控可证 ", Tie::Bureau, 5).unwrap();
        assert_eq!((it.state, it.words.as_str(), it.revision), (AppealState::Upheld, "监控可证", 2));
        assert_eq!(
            act(&it, AppealCommand::Reject, "x", Tie::Bureau, 5),
            Err(Refusal::AppealState { state: AppealState::Upheld, command: AppealCommand::Reject })
        );
    }

    #[test]
    fn the_person_withdraws_it_while_it_is_open() {
        let it = appeal();
        assert_eq!(act(&it, AppealCommand::Withdraw, "", Tie::Contractor, 2), Err(Refusal::NotYourRole));
        let scene = |by| AppealScene { ties: &[Tie::Staff], by: person(by), now: Millis(2_000) };
        assert_eq!(it.possible(&scene(1)), [AppealCommand::Withdraw]);
        let it = act(&it, AppealCommand::Withdraw, "", Tie::Staff, 1).unwrap();
        assert_eq!((it.state, it.last.event.as_str()), (AppealState::Withdrawn, "appeal-withdrawn"));
        assert_eq!(it.possible(&scene(1)), []);
    }

    #[test]
    fn a_stale_revision_says_who_was_first() {
        let it = act(&appeal(), AppealCommand::Reject, "x", Tie::Bureau, 5).unwrap();
        let order = AppealOrder { command: AppealCommand::Withdraw, words: String::new(), seen: 1 };
        let told = decide(&it, &order, &AppealScene { ties: &[], by: person(1), now: Millis(3_000) });
        assert_eq!(
            told,
            Err(Refusal::ChangedMeanwhile { by: Some(person(5)), at: Millis(2_000), event: "appeal-rejected".into() })
        );
    }
}
