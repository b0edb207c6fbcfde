//! The verdict 考勤结论 of one person, site and day: its words, its reason, and the sentence that people read.

use crate::attendance::roll::Doubt;
use crate::id::{PersonId, SiteId};
use crate::problem::closed_list;
use crate::time::{Day, Millis};
use serde::{Deserialize, Serialize};

closed_list! {
    /// Short: there, but not long enough, so not attended and yet no full absence. Extra: came without being needed; it
    /// never counts. Review: a person must look at the evidence. Open: the day or its week or month is not over.
    Verdict {
        Present "present" "到岗" "Present", Absent "absent" "缺勤" "Absent",
        Short "short" "在岗不足" "Short", Excused "excused" "免考" "Excused", NotNeeded "not_needed" "无需到岗" "Not needed",
        Extra "extra" "额外到岗" "Extra",
        Review "review" "待复核" "Review",
        Open "open" "未结束" "Open",
    }
}

impl Verdict {
    /// Whether the plan wanted the person; of a day not over it is not said.
    pub fn is_needed(self) -> bool {
        matches!(self, Verdict::Present | Verdict::Absent | Verdict::Short | Verdict::Excused | Verdict::Review)
    }
}

closed_list! {
    /// Why; the labels are what the sentence says after the day and the verdict.
    Reason {
        OnSite "on-site" "当日有有效打卡" "a punch counts on the day",
        QuotaCounted "quota-counted" "计入应到天数" "it counts towards the days owed",
        CalledAndCame "called-and-came" "接通知后已到岗" "called and came",
        SubstituteOnSite "substitute-on-site" "顶岗人员已到岗" "the substitute was there",
        NoPunch "no-punch" "应到岗，没有有效打卡" "wanted by the plan, and no punch counts",
        QuotaMissed "quota-missed" "应到天数未到满，缺的天数计在最后的应到日" "days owed were missed; they are charged to the last days possible",
        NamedDateMissed "named-date-missed" "阶段名单指定当日到岗，没有有效打卡" "the plan names this date, and no punch counts",
        CalledNotCome "called-not-come" "已按时通知，没有有效打卡" "called in time, and no punch counts",
        NobodyOfPost "nobody-of-post" "被代理人未到岗，本人也未到岗" "neither the person covered for nor this one came",
        ExitNotFiled "exit-not-filed" "未办结退场，仍考核原人员" "the exit was not filed, so the former person is still judged",
        SubstituteAbsent "substitute-absent" "顶岗当日没有有效打卡" "stood in as substitute, and no punch counts",
        LeaveLate "leave-late" "请假批准过晚，不能免考" "the leave was approved too late",
        LeaveInKeyPeriod "leave-in-key-period" "关键工序时段不得请假" "no leave in a key period of the site",
        LeaveOverMonthCap "leave-over-month-cap" "本月请假天数已用完" "the month's days of leave are used up",
        LeaveOverYearCap "leave-over-year-cap" "本年请假天数已用完" "the year's days of leave are used up",
        LeaveWithoutSubstitute "leave-without-substitute" "请假未安排顶岗" "leave without a substitute",
        SubstituteCertificateInvalid "substitute-certificate-invalid" "顶岗人员当日没有该岗位的有效证书" "the substitute held no valid certificate for the post",
        SinglePunch "single-punch" "只有一次打卡，无法计算在岗时长" "one punch alone does not show how long",
        UnderMinTime "under-min-time" "首末打卡间隔不足" "too short from first to last punch",
        Leave "leave" "请假" "on leave",
        LeaveSubstituted "leave-substituted" "请假，已安排顶岗" "on leave, with a substitute",
        AtOtherSite "at-other-site" "当日在名单写明的另一工地到岗" "at another site that the plan names",
        ClockDrift "clock-drift" "打卡设备时钟偏差过大" "the device's clock was too far off",
        AfterClose "after-close" "打卡在当月关账后才收到" "the punch came after the month was closed",
        PhotoMissing "photo-missing" "打卡没有照片" "the punch has no photo",
        PhotoUnclear "photo-unclear" "打卡照片不清" "the photo is unclear",
        FaceUnlike "face-unlike" "人脸与登记不符" "the face is not the one registered",
        TooFar "too-far" "短时间内在相距过远的工地打卡" "punches at sites too far apart in too short a time",
        Unconfirmed "unconfirmed" "代证尚未确认" "the attestation is not confirmed",
        DayNotOver "day-not-over" "当日或当期尚未结束" "the day or its week or month is not over",
        DayOff "day-off" "不是应到日" "a day off by the plan",
        NotInPlan "not-in-plan" "当日有效的阶段名单中没有此人" "not in the plan in force",
        OutsideStage "outside-stage" "不在阶段起止日期内" "outside the days of the stage",
        Exited "exited" "已退场" "has left the site",
        PredecessorNotExited "predecessor-not-exited" "被接替人员尚未办结退场" "the predecessor's exit is not filed",
        NotANamedDate "not-a-named-date" "不是名单指定的日期" "not a date that the plan names",
        NotCalled "not-called" "没有通知到岗" "not called",
        CalledTooLate "called-too-late" "通知过晚，不要求到岗" "called too late to oblige",
        ChiefOnSite "chief-on-site" "被代理人当日已到岗" "the person covered for was there",
        SubstituteVoid "substitute-void" "没有该岗位的有效证书，顶岗无效" "no valid certificate for the post, so the substitution is void",
        SubstituteNotInForce "substitute-not-in-force" "被顶岗人员当日没有可免考的请假" "the other has no leave that excuses on this day",
        QuotaFreeDay "quota-free-day" "按天数应到，当日可不到" "days are owed, not this one",
        OverQuota "over-quota" "应到天数已满" "more than the days owed",
    }
}

impl From<Doubt> for Reason {
    fn from(doubt: Doubt) -> Reason {
        match doubt {
            Doubt::PhotoMissing => Reason::PhotoMissing,
            Doubt::PhotoUnclear => Reason::PhotoUnclear,
            Doubt::FaceUnlike => Reason::FaceUnlike,
            Doubt::TooFar => Reason::TooFar,
            Doubt::Unconfirmed => Reason::Unconfirmed,
        }
    }
}

closed_list! {
    /// What was done to the punches of the day, in the order in which it is written.
    Flag {
        ClockCorrected "clock-corrected" "时钟已更正" "clock corrected",
        DuplicateCollapsed "duplicate-collapsed" "重复打卡已合并" "duplicates collapsed",
        LateArrival "late-arrival" "打卡迟到达" "arrived late at the server",
    }
}

/// What is owed of a week or a month, for the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub is_month: bool,
    pub owed: u32,
    pub attended: u32,
}

impl Tally {
    /// `本周应到2天，已到1天`
    pub fn zh(&self) -> String {
        let period = if self.is_month { "月" } else { "周" };
        format!("本{period}应到{}天，已到{}天", self.owed, self.attended)
    }

    /// `1 of 2 in this week`
    pub fn en(&self) -> String {
        let period = if self.is_month { "month" } else { "week" };
        format!("{} of {} in this {period}", self.attended, self.owed)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    pub person: PersonId,
    pub site: SiteId,
    pub day: Day,
    pub verdict: Verdict,
    pub reason: Reason,
    /// Credited ones, after collapsing duplicates.
    pub punches: u32,
    pub flags: Vec<Flag>,
    /// The first and the last credited punch.
    pub span: Option<(Millis, Millis)>,
    pub tally: Option<Tally>,
}

impl Judged {
    /// `2018-04-20（周五）缺勤：…。`
    pub fn zh(&self) -> String {
        let weekday = ["一", "二", "三", "四", "五", "六", "日"][usize::from(self.day.weekday()) - 1];
        let tally = self.tally.map_or(String::new(), |it| format!("（{}）", it.zh()));
        let came = match (self.span, self.punches) {
            (Some((first, last)), 2..) => format!("，打卡{}次，{}至{}", self.punches, first.clock(), last.clock()),
            (Some((first, _)), 1) => format!("，{}打卡", first.clock()),
            _ => String::new(),
        };
        format!("{}（周{weekday}）{}：{}{tally}{came}。", self.day, self.verdict.zh(), self.reason.zh())
    }

    /// `2018-04-20 (Fri), absent: ….`
    pub fn en(&self) -> String {
        let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][usize::from(self.day.weekday()) - 1];
        let tally = self.tally.map_or(String::new(), |it| format!(" ({})", it.en()));
        let came = match (self.span, self.punches) {
            (Some((first, last)), 2..) => format!("; {} punches, {} to {}", self.punches, first.clock(), last.clock()),
            (Some((first, _)), 1) => format!("; punched at {}", first.clock()),
            _ => String::new(),
        };
        let verdict = self.verdict.en().to_lowercase();
        format!("{} ({weekday}), {verdict}: {}{tally}{came}.", self.day, self.reason.en())
    }
}
