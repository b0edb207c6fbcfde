//! The workdays before the demonstration, counted backwards: 0 is today, or the last workday there was.

use domain::calendar::Calendar;
use domain::time::{Day, Millis};

const MINUTE: i64 = 60_000;
const HOW_MANY: usize = 42;
/// People act between 8:40 and 17:10.
const OPEN: i64 = 8 * 60 + 40;
const CLOSE: i64 = 17 * 60 + 10;

pub struct Days {
    /// Newest first.
    days: Vec<Day>,
    pub now: Millis,
}

impl Days {
    pub fn before(now: Millis, calendar: &Calendar) -> Days {
        let (today, ms) = now.local();
        // Early in the morning nothing has happened yet today.
        let begun = calendar.is_workday(today) && ms >= 10 * 60 * MINUTE;
        let mut day = if begun { today } else { calendar.previous_workday(today) };
        let mut days = Vec::with_capacity(HOW_MANY);
        for _ in 0..HOW_MANY {
            days.push(day);
            day = calendar.previous_workday(day);
        }
        Days { days, now }
    }

    pub fn day(&self, ago: usize) -> Day {
        self.days.get(ago).or(self.days.last()).copied().unwrap_or_else(|| self.now.day())
    }

    /// Before anything happens.
    pub fn first(&self) -> Millis {
        Millis::at(self.day(HOW_MANY), 8 * 60 * MINUTE)
    }

    /// A moment in office hours of that day, at `share` thousandths of them, and not after now.
    pub fn moment(&self, ago: usize, share: usize) -> Millis {
        let day = self.day(ago);
        let left = (self.now.0 - Millis::at(day, 0).0) / MINUTE - 5;
        let close = left.clamp(OPEN, CLOSE);
        let minute = OPEN + (close - OPEN) * i64::try_from(share).unwrap_or(0) / 1_000;
        Millis::at(day, minute * MINUTE)
    }
}
