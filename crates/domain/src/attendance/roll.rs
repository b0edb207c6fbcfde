//! The roll: all that is known about attendance when it is judged. Sorted by nobody: what came first does not matter.

use crate::attendance::plan::{Post, StagePlan};
use crate::attendance::rule_set::RuleSet;
use crate::id::{PersonId, SiteId};
use crate::problem::closed_list;
use crate::time::{Day, Millis};
use serde::{Deserialize, Serialize};

/// Holds whatever bears on the persons judged, at all their sites: leave is counted per person, and a punch at one site
/// may excuse at another. Must reach from `since` to the end of the weeks and months judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Roll {
    /// Punches and leave are here from this day on; best the first of a month that holds the Monday before the period.
    pub since: Option<Day>,
    pub versions: Vec<StagePlan>,
    pub punches: Vec<Punch>,
    pub leaves: Vec<Leave>,
    pub leave_used: Vec<LeaveUsed>,
    pub substitutes: Vec<Substitute>,
    pub certificates: Vec<Certificate>,
    pub exits: Vec<Exit>,
    pub calls: Vec<Call>,
    pub key_periods: Vec<KeyPeriod>,
}

closed_list! {
    /// How somebody showed that he was there; all count alike.
    Way {
        Camera "camera" "拍照识别" "Camera page", Terminal "terminal" "考勤机" "Terminal", Qr "qr" "二维码" "QR code",
        IdCard "id-card" "身份证" "Identity card", Attestation "attestation" "代证" "Attestation",
    }
}

closed_list! {
    /// Why a person must look at a punch before it counts, besides its clock and its day (`facts.md` row 46; 中山
    /// 中建通〔2023〕90号: no photo, unclear photo, unclear face are void).
    Doubt {
        PhotoMissing "photo-missing" "没有照片" "No photo", PhotoUnclear "photo-unclear" "照片不清" "Unclear photo",
        FaceUnlike "face-unlike" "人脸不符" "Another face", TooFar "too-far" "短时间内出现在相距过远的工地" "Impossible travel",
        Unconfirmed "unconfirmed" "代证待确认" "Attestation not confirmed",
    }
}

/// 打卡. `at` is what the device's clock said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Punch {
    pub person: PersonId,
    pub site: SiteId,
    pub at: Millis,
    /// When the server had it; at once where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Millis>,
    /// Device clock minus server clock, in seconds.
    #[serde(default)]
    pub drift_s: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    #[serde(default = "terminal")]
    pub way: Way,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Doubt>,
    /// Of a review and of appeals after it; the latest holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rulings: Vec<Ruling>,
}

impl Punch {
    /// How far the device's clock was off, in seconds.
    pub fn off_s(&self) -> i64 {
        i64::try_from(self.drift_s.unsigned_abs()).unwrap_or(i64::MAX)
    }

    /// By the server's clock (rule 7): a clock a little off is left, one further off is corrected.
    pub fn true_at(&self, rules: &RuleSet) -> Millis {
        if self.off_s() > rules.drift_as_is_s { self.at.plus(self.drift_s.saturating_mul(-1000)) } else { self.at }
    }
}

fn terminal() -> Way {
    Way::Terminal
}

/// A decision about a punch (rule 15): accepted, it counts whatever its drift or closing day; rejected, it is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    pub at: Millis,
    pub accepted: bool,
    #[serde(default)]
    pub by: Option<PersonId>,
}

closed_list! {
    LeaveKind { Ordinary "ordinary" "事假" "Ordinary leave", Sick "sick" "病假" "Sick leave" }
}

/// 请假. Binding only once approved; by whom (the owner 建设单位, 建质〔2011〕111号), the store sees to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    pub person: PersonId,
    pub from: Day,
    pub to: Day,
    pub kind: LeaveKind,
    #[serde(default)]
    pub approved_at: Option<Millis>,
    #[serde(default)]
    pub approved_by: Option<PersonId>,
}

/// Days of leave of a year that were used before the roll begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveUsed {
    pub person: PersonId,
    pub year: i16,
    pub days: u32,
}

/// 顶岗: who stands in for whom, at one site. Unlike leave it counts where no approval is recorded: rolls from elsewhere
/// know none. One that is still waiting for its approval does not belong on a roll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Substitute {
    pub person: PersonId,
    pub site: SiteId,
    #[serde(rename = "for")]
    pub instead_of: PersonId,
    pub from: Day,
    pub to: Day,
    /// Recorded, it counts for the days for which it was approved in time: as for sick leave, by `tick_ms` of the
    /// `sick_workdays`-th workday after the day, for an illness is not known the evening before. So nothing approved
    /// weeks later rewrites a judged day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<Millis>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    pub person: PersonId,
    pub post: Post,
    pub from: Day,
    /// The last day on which it is valid.
    pub to: Day,
}

impl Certificate {
    pub fn is_valid(&self, post: &Post, day: Day) -> bool {
        self.post == *post && self.from <= day && day <= self.to
    }
}

/// 退场: filed, a person is no longer judged at the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    pub person: PersonId,
    pub site: SiteId,
    pub last_day: Day,
    pub filed_at: Millis,
}

impl Exit {
    /// The last day on which the person is judged: the later of the last day and the filing date (rule 10).
    pub fn ends(&self) -> Day {
        self.last_day.max(self.filed_at.day())
    }
}

/// A call for somebody on call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    pub person: PersonId,
    pub site: SiteId,
    pub called_at: Millis,
    #[serde(rename = "for")]
    pub day: Day,
}

/// 关键工序时段: no leave excuses in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPeriod {
    pub site: SiteId,
    pub from: Day,
    pub to: Day,
}
