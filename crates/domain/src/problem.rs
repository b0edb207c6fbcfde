//! A problem 问题: what is true of it in each state. Only here is its shape; what may happen to it stands in `course`.
//!
//! Words that people wrote are not in here: title and text are columns of their own, reasons and answers stand sealed
//! in the events, so that they can be erased without touching the chain.

use crate::calendar::Calendar;
use crate::clock::{Clock, Span, due_after};
use crate::id::{AttachmentId, CampaignId, CategoryId, PersonId, ProblemId, ReporterId, SubjectId, UnitId, VisitId};
use crate::time::{Day, Millis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Words of a closed list: code for tables and JSON, Chinese and English for people.
macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $code:literal $zh:literal $en:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $(#[serde(rename = $code)] $variant),* }
        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            pub fn code(self) -> &'static str { match self { $($name::$variant => $code),* } }
            pub fn zh(self) -> &'static str { match self { $($name::$variant => $zh),* } }
            pub fn en(self) -> &'static str { match self { $($name::$variant => $en),* } }
            /// Reads the code or either label.
            pub fn parse(text: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|it| text == it.code() || text == it.zh() || text.eq_ignore_ascii_case(it.en()))
            }
        }
    };
}
pub(crate) use closed_list;

closed_list! {
    /// 办理层级: who can settle it.
    Tier { Spot "spot" "现场" "Spot", Unit "unit" "部门" "Unit", Committee "committee" "管委会" "Committee", Above "above" "上级" "Above" }
}
closed_list! {
    Urgency { Ordinary "ordinary" "一般" "Ordinary", Urgent "urgent" "紧急" "Urgent" }
}
closed_list! {
    /// Where it was heard.
    Source {
        Visit "visit" "走访" "Visit", Phone "phone" "电话" "Phone", Letter "letter" "来信" "Letter",
        Behalf "behalf" "代为登记" "On behalf", Link "link" "反映人链接" "Reporter's link", Account "account" "企业账号" "Account",
        Import "import" "导入" "Import", Api "api" "接口" "API", Attendance "attendance" "考勤" "Attendance",
    }
}
closed_list! {
    /// 结果: how an answer ends a matter; never one bare "closed" (`facts.md` row 30).
    Outcome {
        Solved "solved" "已解决" "Solved", Partly "partly" "部分解决" "Partly solved",
        Explained "explained" "已解释（条件不具备）" "Explained", Planned "planned" "列入计划" "Planned",
        NotOurs "not-ours" "不属职责" "Not ours", Duplicate "duplicate" "重复" "Duplicate",
        Withdrawn "withdrawn" "撤回" "Withdrawn by the reporter",
    }
}
closed_list! {
    /// 是否解决, in the reporter's eyes.
    Verdict { Yes "yes" "已解决" "Yes", Partly "partly" "部分解决" "Partly", No "no" "未解决" "No" }
}
closed_list! {
    Satisfaction { Satisfied "satisfied" "满意" "Satisfied", Mostly "mostly" "基本满意" "Mostly satisfied", Unsatisfied "unsatisfied" "不满意" "Unsatisfied" }
}
closed_list! {
    /// The only reasons for which the clock may pause (`loop.md`, decision 5).
    PauseReason {
        Papers "papers" "等待反映人补充材料" "Waiting for the reporter's papers", Expert "expert" "等待鉴定或专家意见" "Expert report",
        Authority "authority" "等待法院或上级机关" "Court or higher authority", Force "force" "不可抗力" "Force majeure",
    }
}

/// Something done: by whom and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    pub at: Millis,
    pub by: Option<PersonId>,
}

/// A span that runs from a moment; its due instant is derived, so that a new holiday notice moves it (rule 12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    pub start: Millis,
    pub span: Span,
}

impl Timer {
    pub fn due(&self, calendar: &Calendar) -> Millis {
        due_after(self.start, self.span, calendar).at.unwrap_or(self.start)
    }
}

/// A unit's share 主办/协办 of a problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub unit: UnitId,
    pub receive: Timer,
    pub received: Option<Stamp>,
    /// 退单 window; ends like the receive date of the first dispatch.
    pub dispute_until: Timer,
    /// Waiting for its ruling since.
    pub disputed: Option<Stamp>,
    pub assignee: Option<PersonId>,
    /// The supporting unit's own clock; the lead's is the case's clock.
    pub support: Option<Timer>,
    pub supported: Option<Stamp>,
}

/// A piece of evidence 办理依据: an item of the category's list, or anything else that shows what was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub item: String,
    pub attachment: Option<AttachmentId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionRequest {
    pub asked: Stamp,
    pub until: Day,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseRequest {
    pub asked: Stamp,
    pub reason: PauseReason,
}

/// What a dispatch began: the parts, the clock, the requests. Lives on through answer, plan and closing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub dispatched: Stamp,
    pub lead: Part,
    pub supports: Vec<Part>,
    pub clock: Clock,
    /// Said on the day of dispatch; neither pause, change, extension nor a later holiday notice moves it (rules 11, 12).
    pub first_due: Millis,
    /// Counts from 1; redo, reopening, relapse and waking begin the next.
    pub round: u32,
    pub extensions_in_round: u32,
    pub extension: Option<ExtensionRequest>,
    pub pause: Option<PauseRequest>,
    /// A ruling is final: nobody disputes again.
    pub ruled: bool,
    pub evidence: Vec<Evidence>,
}

impl Case {
    /// The lead's share, then those of the supporting units.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        std::iter::once(&self.lead).chain(&self.supports)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub made: Stamp,
    pub reached: bool,
}

/// 反馈, and what has been done towards striking it off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub given: Stamp,
    pub outcome: Outcome,
    pub planned_for: Option<Day>,
    pub duplicate_of: Option<ProblemId>,
    pub applied: Option<Stamp>,
    pub verified: Option<Stamp>,
    pub signed: Option<Stamp>,
    pub contacts: Vec<Contact>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClosedBy {
    /// The reporter said yes (or partly, to a partly solved one).
    Word,
    /// Two attempts and five workdays without a word: neither satisfied nor rated.
    Silence,
    /// "Not satisfied, yet lawful", signed by supervision.
    Signature,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    pub closed: Stamp,
    pub by: ClosedBy,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    pub given: Stamp,
    pub round: u32,
    pub verdict: Verdict,
    pub satisfaction: Satisfaction,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    pub what: String,
    pub due: Day,
    pub done: Option<Stamp>,
}

/// 挂牌: a hard problem with a named leader and a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    pub since: Stamp,
    pub leader: PersonId,
    pub milestones: Vec<Milestone>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum State {
    Registered,
    Dispatched {
        case: Case,
    },
    InHand {
        case: Case,
    },
    Answered {
        case: Case,
        answer: Answer,
    },
    Planned {
        case: Case,
        answer: Answer,
        date: Day,
    },
    Closed {
        case: Case,
        answer: Answer,
        closing: Closing,
    },
    /// `case` where it became one from a verified duplicate after its dispatch.
    Merged {
        into: ProblemId,
        merged: Stamp,
        case: Option<Case>,
        contacts: Vec<Contact>,
        closing: Option<Closing>,
    },
    Refused {
        refused: Stamp,
    },
    Withdrawn {
        withdrawn: Stamp,
        case: Option<Case>,
    },
}

closed_list! {
    /// The name of a state, without what is true in it.
    StateName {
        Registered "registered" "已登记" "Registered", Dispatched "dispatched" "已交办" "Dispatched", InHand "in-hand" "办理中" "In hand",
        Answered "answered" "已反馈" "Answered", Planned "planned" "列入计划" "Planned", Closed "closed" "已销号" "Closed",
        Merged "merged" "并入" "Merged", Refused "refused" "不予受理" "Refused", Withdrawn "withdrawn" "撤回" "Withdrawn",
    }
}

impl StateName {
    /// Closed, merged, refused and withdrawn ones are ended.
    pub fn is_end(self) -> bool {
        matches!(self, StateName::Closed | StateName::Merged | StateName::Refused | StateName::Withdrawn)
    }
}

impl State {
    pub fn name(&self) -> StateName {
        match self {
            State::Registered => StateName::Registered,
            State::Dispatched { .. } => StateName::Dispatched,
            State::InHand { .. } => StateName::InHand,
            State::Answered { .. } => StateName::Answered,
            State::Planned { .. } => StateName::Planned,
            State::Closed { .. } => StateName::Closed,
            State::Merged { .. } => StateName::Merged,
            State::Refused { .. } => StateName::Refused,
            State::Withdrawn { .. } => StateName::Withdrawn,
        }
    }

    pub fn case(&self) -> Option<&Case> {
        match self {
            State::Dispatched { case }
            | State::InHand { case }
            | State::Answered { case, .. }
            | State::Planned { case, .. }
            | State::Closed { case, .. } => Some(case),
            State::Merged { case, .. } | State::Withdrawn { case, .. } => case.as_ref(),
            State::Registered | State::Refused { .. } => None,
        }
    }

    pub fn answer(&self) -> Option<&Answer> {
        match self {
            State::Answered { answer, .. } | State::Planned { answer, .. } | State::Closed { answer, .. } => {
                Some(answer)
            }
            _ => None,
        }
    }
}

/// Who changed it last and how, for the one who comes too late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    pub by: Option<PersonId>,
    pub at: Millis,
    pub event: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    pub id: ProblemId,
    /// How many events it has; a command carries the one its author saw.
    pub revision: i64,
    pub state: State,
    pub source: Source,
    pub registered: Stamp,
    pub triage: Timer,
    pub reporter: Option<ReporterId>,
    pub shielded: bool,
    /// The visiting officer, a party to it to the end.
    pub officer: Option<PersonId>,
    /// Where it was heard; a citizen's message has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SubjectId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<VisitId>,
    /// Whose deadlines it is under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignId>,
    pub category: Option<CategoryId>,
    /// Evidence that the category demands before strike-off.
    pub evidence_items: Vec<String>,
    /// The lead's span by category; the default where none is set.
    pub lead_span: Span,
    pub tier: Tier,
    pub urgency: Urgency,
    pub common: Option<ProblemId>,
    pub is_common: bool,
    pub coordinated: bool,
    pub board: Option<Board>,
    pub slips: u32,
    pub ratings: Vec<Rating>,
    pub reopened: u32,
    pub relapsed: u32,
    /// Everyone who received, noted, supported, answered or applied, in any round.
    pub handlers: BTreeSet<PersonId>,
    /// Every unit that led or supported, in any round.
    pub handling_units: BTreeSet<UnitId>,
    /// SHA-256 of title and text as registered.
    pub digest: String,
    pub last: Last,
}

impl Problem {
    /// Evidence items of the category that nobody has attached yet.
    pub fn missing_evidence(&self, case: &Case) -> Vec<String> {
        self.evidence_items.iter().filter(|item| !case.evidence.iter().any(|it| &it.item == *item)).cloned().collect()
    }

    pub fn is_paused(&self) -> bool {
        matches!(&self.state, State::Dispatched { case } | State::InHand { case } if case.clock.is_paused())
    }
}
