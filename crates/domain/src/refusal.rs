//! Refusals: stable codes, HTTP status, and a sentence in Chinese and in English (`scenarios/loop.md`, "Refusals").

use crate::attendance::appeal::{AppealCommand, AppealState};
use crate::attendance::asked::{AskCommand, AskState};
use crate::attendance::course::{PlanCommand, PlanState};
use crate::command::CommandName;
use crate::fault::Fault;
use crate::id::PersonId;
use crate::light::Light;
use crate::problem::StateName;
use crate::time::{Day, Millis};
use crate::visit;

mod doorstep;
mod missing;
mod params;
mod site;
mod strike_off;

pub use missing::Missing;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    NotFound,
    NotYourRole,
    NeedsUnitHead,
    LeadUnitOnly,
    WrongState {
        state: StateName,
        command: CommandName,
        possible: Vec<CommandName>,
    },
    ChangedMeanwhile {
        by: Option<PersonId>,
        at: Millis,
        event: String,
    },
    ClientIdReused,
    ReasonMissing,
    MergeIntoItself,
    MergeTargetEnded,
    LeadMissing,
    LeadIsSupport,
    ParentEnded,
    CoordinationTier,
    DisputeTooLate {
        at: Millis,
    },
    DisputePending,
    RulingIsFinal,
    NoDispute,
    SlipAboveLight {
        light: Light,
        slip: Light,
    },
    ExtensionTooLate {
        at: Millis,
    },
    ExtensionLimit {
        n: u32,
    },
    ExtensionPending,
    ExtensionDateNotLater {
        due: Millis,
    },
    NoRequest,
    PauseReasonNotAllowed,
    OverdueNoPause,
    NotPaused,
    TierNotHigher,
    BoardNeedsLeader,
    BoardNeedsMilestones,
    AlreadyOnBoard,
    NotOnBoard,
    MilestoneUnknown,
    OutcomeMissing,
    EvidenceMissing,
    OutcomeNeedsDate,
    PlannedDateInvalid,
    PartlyNeedsRest,
    NotOursInside {
        unit: String,
    },
    DuplicateNeedsOriginal,
    EvidenceIncomplete {
        items: Vec<String>,
    },
    ContactByHandler,
    AlreadyRated,
    RatingExpired {
        at: Millis,
    },
    RaterIsHandler,
    VerifierIsHandler,
    NotApplied,
    NotVerified,
    NothingToSign,
    CloseIncomplete {
        missing: Vec<Missing>,
    },
    PlannedCannotClose,
    RecallTooLate,
    NotYetDue {
        date: Day,
    },
    ReopenWindowPassed,
    NotAMember,
    NotAvailableYet,
    /// Something other than a problem is not there, or out of sight.
    Absent,
    /// Fields of a form, all that are wrong.
    Faults(Vec<Fault>),
    VisitState {
        state: visit::StateName,
        command: visit::CommandName,
        possible: Vec<visit::CommandName>,
    },
    PlanState {
        state: PlanState,
        command: PlanCommand,
    },
    AskState {
        state: AskState,
        command: AskCommand,
    },
    AppealState {
        state: AppealState,
        command: AppealCommand,
    },
    /// The verdict is in his favour already.
    NothingToAppeal,
    /// Whoever filed or reviewed it does not decide it.
    OtherPerson,
}

/// One line of the catalogue.
pub struct Saying {
    pub code: &'static str,
    pub status: u16,
    pub zh: String,
    pub en: String,
}

impl Refusal {
    pub fn code(&self) -> &'static str {
        self.say(&|_| String::new()).code
    }

    /// Code, status and both sentences; `name_of` gives a person's name.
    pub fn say(&self, name_of: &dyn Fn(PersonId) -> String) -> Saying {
        use Refusal::*;
        let (code, status, zh, en): (_, _, String, String) = match self {
            NotFound => ("not-found", 404, "没有找到这件问题。".into(), "This problem was not found.".into()),
            NotYourRole => {
                ("not-your-role", 403, "您的岗位不能办理这一步。".into(), "Your role cannot take this step.".into())
            }
            NeedsUnitHead => (
                "needs-unit-head",
                403,
                "这一步须由单位负责人提交。".into(),
                "Only the head of the unit can submit this.".into(),
            ),
            LeadUnitOnly => (
                "lead-unit-only",
                403,
                "这一步由主办单位办理。".into(),
                "Only the lead unit can take this step.".into(),
            ),
            WrongState { state, command, possible } => {
                let zh: Vec<_> = possible.iter().map(|it| it.zh()).collect();
                let en: Vec<_> = possible.iter().map(|it| it.en()).collect();
                (
                    "wrong-state",
                    409,
                    format!(
                        "问题现处于“{}”，不能{}；现在可以：{}。",
                        state.zh(),
                        command.zh(),
                        if zh.is_empty() { "（无）".into() } else { zh.join("、") }
                    ),
                    format!(
                        "The problem is at {}, so {} is not possible; possible now: {}.",
                        state.en(),
                        command.en(),
                        if en.is_empty() { "nothing".into() } else { en.join(", ") }
                    ),
                )
            }
            ChangedMeanwhile { by, at, event } => {
                let who = by.map(name_of);
                let (zh, en) =
                    (who.clone().unwrap_or_else(|| "系统".into()), who.unwrap_or_else(|| "The system".into()));
                (
                    "changed-meanwhile",
                    409,
                    format!(
                        "您打开之后，{zh}已于{}作了修改：{}；请核对后再提交。",
                        at.minute(),
                        CommandName::event_zh(event)
                    ),
                    format!(
                        "{en} changed it at {} after you opened it: {}; look again, then submit.",
                        at.minute(),
                        CommandName::event_en(event)
                    ),
                )
            }
            ClientIdReused => (
                "client-id-reused",
                409,
                "这个编号已用于另一内容，请重新填报。".into(),
                "This id was already used for other content; file it anew.".into(),
            ),
            ReasonMissing => ("reason-missing", 422, "请写明理由。".into(), "Give the reason.".into()),
            MergeIntoItself => (
                "merge-into-itself",
                422,
                "不能并入自身或已并入本件的问题。".into(),
                "A problem cannot be merged into itself or into one merged into it.".into(),
            ),
            MergeTargetEnded => (
                "merge-target-ended",
                409,
                "目标问题已办结，不能并入；可登记为反弹。".into(),
                "The target has ended; record a relapse there instead.".into(),
            ),
            LeadMissing => ("lead-missing", 422, "请指定主办单位。".into(), "Name the lead unit.".into()),
            LeadIsSupport => (
                "lead-is-support",
                422,
                "主办单位不能同时是协办单位。".into(),
                "The lead unit cannot also be a supporting unit.".into(),
            ),
            ParentEnded => ("parent-ended", 409, "该共性问题已办结。".into(), "That common problem has ended.".into()),
            CoordinationTier => (
                "coordination-tier",
                422,
                "只有共性问题或管委会级问题可以提交专题协调。".into(),
                "Only a common problem or one at committee tier goes to coordination.".into(),
            ),
            DisputeTooLate { at } => (
                "dispute-too-late",
                409,
                format!("退单须在交办后1个工作日内提出，期限已于{}届满。", at.minute()),
                format!("A dispute must come within 1 workday of dispatch; that ended at {}.", at.minute()),
            ),
            DisputePending => (
                "dispute-pending",
                409,
                "退单正在裁定中。".into(),
                "A dispute is already waiting for its ruling.".into(),
            ),
            RulingIsFinal => (
                "ruling-is-final",
                409,
                "裁定为终局，不能再次退单。".into(),
                "The ruling is final; it cannot be disputed again.".into(),
            ),
            NoDispute => ("no-dispute", 409, "没有待裁定的退单。".into(), "No dispute is waiting for a ruling.".into()),
            SlipAboveLight { light, slip } => (
                "slip-above-light",
                409,
                format!("该问题现为{}，不能发{}督查单。", light.label(), slip.label()),
                format!("The problem is {} now; a {} slip cannot be issued.", light.label_en(), slip.label_en()),
            ),
            ExtensionTooLate { at } => (
                "extension-too-late",
                409,
                format!("延期须在到期前1个工作日提出，最迟为{}。", at.minute()),
                format!("An extension must be asked one workday before the due date, at the latest {}.", at.minute()),
            ),
            ExtensionLimit { n } => (
                "extension-limit",
                409,
                format!("本轮已延期{n}次，不能再延。"),
                format!("Already extended {n} time(s) in this round."),
            ),
            ExtensionPending => (
                "extension-pending",
                409,
                "已有延期申请待审批。".into(),
                "An extension request is already waiting.".into(),
            ),
            ExtensionDateNotLater { due } => (
                "extension-date-not-later",
                422,
                format!("新期限须晚于现期限{}。", due.minute()),
                format!("The new date must be later than {}.", due.minute()),
            ),
            NoRequest => {
                ("no-request", 409, "没有待审批的申请。".into(), "No request is waiting for a decision.".into())
            }
            PauseReasonNotAllowed => (
                "pause-reason-not-allowed",
                422,
                "该理由不属于可以暂停的情形。".into(),
                "That is not a reason for which the clock may pause.".into(),
            ),
            OverdueNoPause => (
                "overdue-no-pause",
                409,
                "已经逾期，不能申请暂停。".into(),
                "It is overdue; the clock can no longer be paused.".into(),
            ),
            NotPaused => ("not-paused", 409, "计时没有暂停。".into(), "The clock is not paused.".into()),
            TierNotHigher => {
                ("tier-not-higher", 422, "只能提升到更高的层级。".into(), "The tier can only be raised.".into())
            }
            BoardNeedsLeader => {
                ("board-needs-leader", 422, "挂牌须明确领衔领导。".into(), "A board entry needs a named leader.".into())
            }
            BoardNeedsMilestones => (
                "board-needs-milestones",
                422,
                "挂牌须有节点计划和报告日期。".into(),
                "A board entry needs milestones with report dates.".into(),
            ),
            AlreadyOnBoard => ("already-on-board", 409, "已经挂牌。".into(), "It is already on the board.".into()),
            NotOnBoard => ("not-on-board", 409, "该问题没有挂牌。".into(), "It is not on the board.".into()),
            MilestoneUnknown => {
                ("milestone-unknown", 422, "没有这个节点。".into(), "There is no milestone with this number.".into())
            }
            OutcomeMissing => ("outcome-missing", 422, "请选择办理结果。".into(), "Choose an outcome.".into()),
            EvidenceMissing => (
                "evidence-missing",
                422,
                "请至少附一项办理依据。".into(),
                "Attach at least one piece of evidence.".into(),
            ),
            OutcomeNeedsDate => {
                ("outcome-needs-date", 422, "列入计划须写明日期。".into(), "A planned outcome needs its date.".into())
            }
            PlannedDateInvalid => (
                "planned-date-invalid",
                422,
                "计划日期须在明天起365天以内。".into(),
                "The planned date must lie between tomorrow and 365 days ahead.".into(),
            ),
            PartlyNeedsRest => (
                "partly-needs-rest",
                422,
                "部分解决须写明尚未解决的部分和理由。".into(),
                "Say what remains unsolved, and why.".into(),
            ),
            NotOursInside { unit } => (
                "not-ours-inside",
                422,
                format!("{unit}在本次行动之内，应由走访办改派，不能以“不属职责”答复。"),
                format!("{unit} is inside this campaign: ask the office, do not answer \"not ours\"."),
            ),
            DuplicateNeedsOriginal => (
                "duplicate-needs-original",
                422,
                "答复“重复”须指明原问题的编号。".into(),
                "A duplicate must name the problem it repeats.".into(),
            ),
            EvidenceIncomplete { .. }
            | ContactByHandler
            | AlreadyRated
            | RatingExpired { .. }
            | RaterIsHandler
            | VerifierIsHandler
            | NotApplied
            | NotVerified
            | NothingToSign
            | CloseIncomplete { .. }
            | PlannedCannotClose
            | RecallTooLate
            | NotYetDue { .. }
            | ReopenWindowPassed => return strike_off::say(self),
            NotAMember => (
                "not-a-member",
                422,
                "只能指派给本单位的人员。".into(),
                "It can only be assigned to a person of the unit.".into(),
            ),
            NotAvailableYet => {
                ("not-available-yet", 501, "这一功能尚未开放。".into(), "This is not available yet.".into())
            }
            Absent | Faults(_) | VisitState { .. } => return doorstep::say(self),
            PlanState { .. } | AskState { .. } | AppealState { .. } | NothingToAppeal | OtherPerson => {
                return site::say(self);
            }
        };
        Saying { code, status, zh, en }
    }
}
