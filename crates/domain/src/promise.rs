//! Promises 承诺: their states, and when the owner is reminded.

use crate::calendar::Calendar;
use crate::problem::closed_list;
use crate::time::{Day, Millis};
use serde::{Deserialize, Serialize};

closed_list! {
    State {
        Open "open" "待落实" "Open", Kept "kept" "已落实" "Kept", Broken "broken" "未能落实" "Not kept", Dropped "dropped" "已取消" "Dropped",
    }
}

/// Half past eight: the first thing of the day.
const MORNING_MS: i64 = 8 * 3_600_000 + 30 * 60_000;
/// How many workdays lie between two reminders of what is late.
const PATIENCE: usize = 5;

/// The next reminder after `now`: on the morning of the workday before it is due, on that of the due day, and while it
/// is late every five workdays. The word says which of the three.
pub fn reminder(due: Day, now: Millis, calendar: &Calendar) -> Option<(Millis, &'static str)> {
    let before = calendar.previous_workday(due);
    for (day, word) in [(before, "soon"), (due, "today"), (calendar.next_workday(due), "late")] {
        let at = Millis::at(day, MORNING_MS);
        if at > now {
            return Some((at, word));
        }
    }
    let mut day = now.day();
    for _ in 0..PATIENCE {
        day = calendar.next_workday(day);
    }
    Some((Millis::at(day, MORNING_MS), "late"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reminded_before_on_and_after_the_due_day() {
        let calendar = Calendar::from_notices(&Calendar::shipped_notices().unwrap());
        let day = |text: &str| text.parse::<Day>().unwrap();
        let next = |now: &str| {
            let (at, word) = reminder(day("2018-04-23"), Millis::parse_local(now).unwrap(), &calendar).unwrap();
            format!("{} {word}", at.minute())
        };
        // A Monday; the workday before is the Friday.
        assert_eq!(next("2018-04-16 10:00"), "2018-04-20 08:30 soon");
        assert_eq!(next("2018-04-20 08:30"), "2018-04-23 08:30 today");
        assert_eq!(next("2018-04-23 09:00"), "2018-04-24 08:30 late");
        // The 28th was a workday for the 30th.
        assert_eq!(next("2018-04-24 08:30"), "2018-05-02 08:30 late");
    }
}
