//! Lights and the hours at which notices leave (`scenarios/deadlines.md`, "Light" and "Notices"); computed, never stored.

use crate::calendar::Calendar;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// How a running clock stands, ordered by urgency.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Light {
    Paused,
    None,
    Blue,
    Yellow,
    Red,
}

impl Light {
    /// The stable name in JSON, addresses and style sheets.
    pub fn code(self) -> &'static str {
        match self {
            Light::Paused => "paused",
            Light::None => "none",
            Light::Blue => "blue",
            Light::Yellow => "yellow",
            Light::Red => "red",
        }
    }

    /// As it stands before 督查单 in a sentence.
    pub fn label(self) -> &'static str {
        match self {
            Light::Paused => "暂停",
            Light::None => "未亮灯",
            Light::Blue => "蓝色",
            Light::Yellow => "黄色",
            Light::Red => "红色",
        }
    }

    /// As it stands before "slip" in a sentence.
    pub fn label_en(self) -> &'static str {
        match self {
            Light::None => "unlit",
            other => other.code(),
        }
    }
}

/// The light at `now`. `due` is that of the clock that runs, none when no clock does; `late_part` says that something
/// of its own is late (not received, supporting unit, milestone) while the whole may not be.
pub fn light(now: Millis, due: Option<Millis>, paused: bool, late_part: bool, calendar: &Calendar) -> Light {
    match due {
        _ if paused => Light::Paused,
        None => Light::None,
        Some(due) => match bounds(now, calendar).light(due) {
            Light::None | Light::Blue if late_part => Light::Yellow,
            light => light,
        },
    }
}

/// The instants that separate the lights at one moment, so that a list query compares numbers only:
/// due < `now` is red, else ≤ `yellow_until` yellow, else ≤ `blue_until` blue, else none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    pub now: Millis,
    pub yellow_until: Millis,
    pub blue_until: Millis,
}

/// With r workdays left after today, r = 0 means due before the next workday begins, and r ≤ 2 before the third does.
pub fn bounds(now: Millis, calendar: &Calendar) -> Bounds {
    let today = now.local_number().0;
    let blue = calendar.blue_window().saturating_add(1);
    let before_workday = |n: u32| Millis::at_number(calendar.nth(today, n), -1);
    Bounds { now, yellow_until: before_workday(1), blue_until: before_workday(blue) }
}

impl Bounds {
    /// The light of a clock due then, without pauses and late parts.
    pub fn light(&self, due: Millis) -> Light {
        if due < self.now {
            Light::Red
        } else if due <= self.yellow_until {
            Light::Yellow
        } else if due <= self.blue_until {
            Light::Blue
        } else {
            Light::None
        }
    }
}

/// When a notice leaves: in office hours at once, otherwise at the next opening; `hourly` categories at once always.
pub fn send_at(now: Millis, hourly: bool, calendar: &Calendar) -> Millis {
    let (day, ms) = now.local();
    let hours = calendar.hours();
    let workday = calendar.is_workday(day);
    if hourly || workday && (hours.open_ms..=hours.close_ms).contains(&ms) {
        now
    } else if workday && ms < hours.open_ms {
        Millis::at(day, hours.open_ms)
    } else {
        Millis::at(calendar.next_workday(day), hours.open_ms)
    }
}

/// When lateness is told: to the unit at the first office moment after the due date, to its head one workday after
/// that, to supervision two.
pub fn escalation(due: Millis, calendar: &Calendar) -> [Millis; 3] {
    let unit = send_at(due.plus(1), false, calendar);
    let (day, ms) = unit.local();
    [unit, Millis::at(calendar.plus_workdays(day, 1), ms), Millis::at(calendar.plus_workdays(day, 2), ms)]
}
