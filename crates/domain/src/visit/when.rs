//! When a visit takes place.

use super::Purpose;
use crate::fault::Fault;
use crate::time::Day;
use serde::{Deserialize, Serialize};

/// When it takes place: a day, for a stay several, and the minute of the day where one was agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    pub day: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// Minutes since local midnight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minute: Option<u16>,
}

impl When {
    /// For people: `2018-04-13 09:30`, `2018-04-13 – 2018-04-17`.
    pub fn say(&self) -> String {
        let minute = self.minute.map(|it| format!(" {:02}:{:02}", it / 60, it % 60)).unwrap_or_default();
        let until = self.until.map(|it| format!(" – {it}")).unwrap_or_default();
        format!("{}{minute}{until}", self.day)
    }

    pub(super) fn faults(&self, purpose: Purpose) -> Vec<Fault> {
        let mut faults = Vec::new();
        match (purpose, self.until) {
            (Purpose::Stay, None) => {
                faults.push(Fault::new("until", "蹲点请填写结束日期。", "A stay needs its last day."));
            }
            (_, Some(until)) if until < self.day => {
                faults.push(Fault::new("until", "结束日期不能早于开始日期。", "It cannot end before it begins."));
            }
            (_, Some(until)) if until > self.day.plus(60) => faults.push(Fault::new(
                "until",
                "一次蹲点最长60天；请分次安排。",
                "A stay lasts 60 days at most; plan several.",
            )),
            _ => {}
        }
        if self.minute.is_some_and(|it| it >= 24 * 60) {
            faults.push(Fault::new("time", "时间请写成09:30的样子。", "Write the time like 09:30."));
        }
        faults
    }
}
