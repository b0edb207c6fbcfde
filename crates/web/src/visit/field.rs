//! Days and times of day as the forms of visits carry them.

use crate::ui::field::Typed;
use domain::fault::Fault;
use domain::time::Day;
use domain::visit::{Purpose, When};

/// `09:30`, `9：30`; `None` where it is no time of day.
fn minute(text: &str) -> Option<u16> {
    let text = text.trim().replace('：', ":");
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.trim().parse().ok()?, minute.trim().parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

pub fn time(minute: Option<u16>) -> String {
    minute.map(|it| format!("{:02}:{:02}", it / 60, it % 60)).unwrap_or_default()
}

pub fn wrong_day(field: &str) -> Fault {
    Fault::new(field, "日期请写成2018-04-16的样子。", "Write the date like 2018-04-16.")
}

/// Fields `day`, `until`, `time`. Where one cannot be read, `otherwise` stands for it and the fault is told.
pub fn when(typed: &Typed, purpose: Purpose, otherwise: When, faults: &mut Vec<Fault>) -> When {
    let day = Day::read(typed.get("day"));
    if day.is_none() {
        faults.push(wrong_day("day"));
    }
    let given = typed.get("until").trim();
    let until = Day::read(given).filter(|_| purpose == Purpose::Stay);
    if purpose == Purpose::Stay && !given.is_empty() && until.is_none() {
        faults.push(wrong_day("until"));
    }
    let text = typed.get("time").trim();
    let minute = minute(text);
    if !text.is_empty() && minute.is_none() {
        faults.push(Fault::new("time", "时间请写成09:30的样子。", "Write the time like 09:30."));
    }
    When { day: day.unwrap_or(otherwise.day), until, minute }
}

/// The three fields as they stand in a form.
pub fn of_when(when: &When) -> [(String, String); 3] {
    let until = when.until.map(|it| it.to_string()).unwrap_or_default();
    [("day".into(), when.day.to_string()), ("until".into(), until), ("time".into(), time(when.minute))]
}
