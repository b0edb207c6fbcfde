//! The commands of the loop and the events they become. What people wrote goes along in `Order`, not in the command.

use crate::id::{AttachmentId, CategoryId, PersonId, ProblemId, UnitId};
use crate::light::Light;
use crate::problem::{Outcome, PauseReason, Satisfaction, Tier, Urgency, Verdict, closed_list};
use crate::time::Day;
use serde::{Deserialize, Serialize};

closed_list! {
    /// The 38 commands of `loop_matrix.csv` in its order, then recall and assign (decisions 19 and 20).
    CommandName {
        Triage "triage" "梳理" "triage", Merge "merge" "并入" "merge", Refuse "refuse" "不予受理" "refuse",
        Dispatch "dispatch" "交办" "dispatch", Shield "shield" "保密反映人" "shield", Withdraw "withdraw" "撤回" "withdraw",
        JoinCommon "join-common" "归入共性问题" "join a common problem", Coordinate "coordinate" "提交专题协调" "raise to coordination",
        Instruct "instruct" "批示" "instruct", Recategorise "recategorise" "改类别" "recategorise", Receive "receive" "签收" "receive",
        Dispute "dispute" "退单" "dispute", Rule "rule" "裁定" "rule", Remind "remind" "催办" "remind", Slip "slip" "发督查单" "issue a slip",
        Note "note" "记办理情况" "note", Evidence "evidence" "补办理依据" "add evidence", Support "support" "协办反馈" "give support",
        AskExtension "ask-extension" "申请延期" "ask for an extension", DecideExtension "decide-extension" "审批延期" "decide the extension",
        AskPause "ask-pause" "申请暂停" "ask for a pause", DecidePause "decide-pause" "审批暂停" "decide the pause",
        Resume "resume" "恢复计时" "resume", Raise "raise" "提级" "raise", Board "board" "挂牌" "put on the board",
        Milestone "milestone" "报告节点" "report a milestone", Answer "answer" "反馈" "answer", Apply "apply" "申请销号" "apply for strike-off",
        Contact "contact" "回访" "contact", Rate "rate" "评价" "rate", Verify "verify" "核验" "verify", Sign "sign" "签批" "sign",
        Close "close" "销号" "close", Redo "redo" "责令重办" "order a redo", Wake "wake" "恢复办理" "wake", Reopen "reopen" "要求重办" "reopen",
        FollowUp "follow-up" "后续跟踪" "follow up", Relapse "relapse" "登记反弹" "record a relapse",
        Recall "recall" "收回" "recall", Assign "assign" "指派" "assign",
    }
}

impl CommandName {
    /// The event is the command in the past tense.
    pub fn event(self) -> &'static str {
        use CommandName::*;
        match self {
            Triage => "triaged",
            Merge => "merged",
            Refuse => "refused",
            Dispatch => "dispatched",
            Shield => "shielded",
            Withdraw => "withdrawn",
            JoinCommon => "common-joined",
            Coordinate => "coordinated",
            Instruct => "instructed",
            Recategorise => "recategorised",
            Receive => "received",
            Dispute => "disputed",
            Rule => "ruled",
            Remind => "reminded",
            Slip => "slip-issued",
            Note => "noted",
            Evidence => "evidence-added",
            Support => "supported",
            AskExtension => "extension-asked",
            DecideExtension => "extension-decided",
            AskPause => "pause-asked",
            DecidePause => "pause-decided",
            Resume => "resumed",
            Raise => "raised",
            Board => "boarded",
            Milestone => "milestone-reported",
            Answer => "answered",
            Apply => "applied",
            Contact => "contacted",
            Rate => "rated",
            Verify => "verified",
            Sign => "signed",
            Close => "closed",
            Redo => "redo-ordered",
            Wake => "woken",
            Reopen => "reopened",
            FollowUp => "followed-up",
            Relapse => "relapsed",
            Recall => "recalled",
            Assign => "assigned",
        }
    }

    /// What people read in the timeline.
    pub fn event_zh(event: &str) -> &'static str {
        if event == "registered" {
            return "登记";
        }
        let of_a_problem = CommandName::ALL.iter().find(|name| name.event() == event).map(|name| name.zh());
        let others = [crate::visit::event_words(event).0, crate::site::event_words(event).0];
        of_a_problem.or_else(|| others.into_iter().find(|it| !it.is_empty())).unwrap_or_default()
    }

    pub fn event_en(event: &str) -> String {
        event.replace('-', " ")
    }
}

/// Where a ruling sends a disputed share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ruling {
    Keep,
    To(UnitId),
}

/// A planned step of a board entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedStep {
    pub what: String,
    pub due: Day,
}

/// What an answer says besides its words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answering {
    pub outcome: Option<Outcome>,
    /// For `planned`.
    pub date: Option<Day>,
    /// For `duplicate`.
    pub duplicate_of: Option<ProblemId>,
    /// For `not-ours`: the body outside whose business it is.
    pub outside: String,
    /// For `partly`: whether the author said what remains (the words stand in `Order::rest`).
    pub evidence: Vec<EvidenceGiven>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EvidenceGiven {
    /// The category's item that this fulfils, or free words such as "现场照片".
    pub item: String,
    pub attachment: Option<AttachmentId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum Command {
    Triage {
        category: Option<CategoryId>,
        tier: Tier,
        urgency: Urgency,
    },
    Merge {
        into: ProblemId,
    },
    Refuse,
    Dispatch {
        lead: Option<UnitId>,
        #[serde(default)]
        supports: Vec<UnitId>,
    },
    Shield {
        on: bool,
    },
    Withdraw,
    JoinCommon {
        parent: ProblemId,
    },
    Coordinate,
    Instruct,
    Recategorise {
        category: CategoryId,
    },
    Receive,
    Dispute,
    /// `unit` names whose dispute is ruled on where two wait; the lead's first otherwise.
    Rule {
        ruling: Ruling,
        #[serde(default)]
        unit: Option<UnitId>,
    },
    Remind {
        #[serde(default)]
        about: String,
    },
    Slip {
        light: Light,
    },
    Note,
    Evidence {
        #[serde(flatten)]
        given: EvidenceGiven,
    },
    Support {
        #[serde(default)]
        evidence: Vec<EvidenceGiven>,
    },
    AskExtension {
        until: Day,
    },
    DecideExtension {
        grant: bool,
    },
    /// `None` is any reason outside the list.
    AskPause {
        reason: Option<PauseReason>,
    },
    DecidePause {
        grant: bool,
    },
    Resume,
    Raise {
        tier: Tier,
    },
    Board {
        leader: Option<PersonId>,
        #[serde(default)]
        milestones: Vec<PlannedStep>,
    },
    Milestone {
        number: usize,
    },
    Answer {
        #[serde(flatten)]
        answering: Answering,
    },
    Apply,
    Contact {
        reached: bool,
    },
    Rate {
        verdict: Verdict,
        satisfaction: Satisfaction,
    },
    Verify,
    Sign,
    Close,
    Redo,
    Wake,
    Reopen,
    FollowUp,
    Relapse,
    Recall,
    Assign {
        to: PersonId,
    },
}

impl Command {
    pub fn name(&self) -> CommandName {
        use CommandName as N;
        match self {
            Command::Triage { .. } => N::Triage,
            Command::Merge { .. } => N::Merge,
            Command::Refuse => N::Refuse,
            Command::Dispatch { .. } => N::Dispatch,
            Command::Shield { .. } => N::Shield,
            Command::Withdraw => N::Withdraw,
            Command::JoinCommon { .. } => N::JoinCommon,
            Command::Coordinate => N::Coordinate,
            Command::Instruct => N::Instruct,
            Command::Recategorise { .. } => N::Recategorise,
            Command::Receive => N::Receive,
            Command::Dispute => N::Dispute,
            Command::Rule { .. } => N::Rule,
            Command::Remind { .. } => N::Remind,
            Command::Slip { .. } => N::Slip,
            Command::Note => N::Note,
            Command::Evidence { .. } => N::Evidence,
            Command::Support { .. } => N::Support,
            Command::AskExtension { .. } => N::AskExtension,
            Command::DecideExtension { .. } => N::DecideExtension,
            Command::AskPause { .. } => N::AskPause,
            Command::DecidePause { .. } => N::DecidePause,
            Command::Resume => N::Resume,
            Command::Raise { .. } => N::Raise,
            Command::Board { .. } => N::Board,
            Command::Milestone { .. } => N::Milestone,
            Command::Answer { .. } => N::Answer,
            Command::Apply => N::Apply,
            Command::Contact { .. } => N::Contact,
            Command::Rate { .. } => N::Rate,
            Command::Verify => N::Verify,
            Command::Sign => N::Sign,
            Command::Close => N::Close,
            Command::Redo => N::Redo,
            Command::Wake => N::Wake,
            Command::Reopen => N::Reopen,
            Command::FollowUp => N::FollowUp,
            Command::Relapse => N::Relapse,
            Command::Recall => N::Recall,
            Command::Assign { .. } => N::Assign,
        }
    }
}

/// A command with the words that go with it and the revision its author saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    #[serde(flatten)]
    pub command: Command,
    /// Reason, note, answer: whatever the command says in words.
    #[serde(default)]
    pub words: String,
    /// What a partly solved one leaves, and why.
    #[serde(default)]
    pub rest: String,
    pub seen: i64,
}

/// What the rules must know about other things than the problem itself; the store looks it up.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Category named by triage or recategorise: its span for the lead unit and its evidence items.
    pub category: Option<(crate::clock::Span, Vec<String>)>,
    /// The problem named by merge, join-common or duplicate; for a merged one, the one it was merged into.
    pub other: Option<crate::problem::Problem>,
    /// Whether `other` was merged, over any number of steps, into this problem.
    pub other_is_merged_into_this: bool,
    /// The unit of this campaign that bears the name given as "outside".
    pub inside: Option<String>,
    /// Units of the person named by assign.
    pub assignee_units: Vec<UnitId>,
}
