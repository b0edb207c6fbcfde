//! The stage plan 阶段名单: which posts a stage of a site needs, and who promised to be there on which days.

use crate::id::{PersonId, SiteId};
use crate::problem::closed_list;
use crate::time::{DAY_MS, Day, Millis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// One version of a site's plan. Attendance judges `lines` alone; the planner reads the requirements of the stages, and
/// an accepted calendar becomes `named` lines of the next version (`scenarios/attendance.md`, rule 16).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagePlan {
    pub site: SiteId,
    pub version: u32,
    pub effective_from: Day,
    /// Without it, it governs no day.
    #[serde(default)]
    pub approved_at: Option<Millis>,
    #[serde(default)]
    pub stages: Vec<Stage>,
    pub lines: Vec<Line>,
}

closed_list! {
    /// What is built in a stage: what posts it must have depends on it.
    StageKind {
        Foundation "foundation" "基础" "Foundation", Structure "structure" "主体" "Structure",
        FitOut "fit-out" "装饰装修" "Fit-out", Closing "closing" "收尾" "Closing", Other "other" "其他" "Other",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    pub name: String,
    pub kind: StageKind,
    pub from: Day,
    pub to: Day,
    #[serde(default)]
    pub requirements: Vec<Requirement>,
}

closed_list! {
    /// Who may fill a requirement that names several persons.
    By { OnePerson "one-person" "同一人" "One and the same person", Shared "shared" "多人轮流" "Several persons in turn" }
}

/// What a stage needs of its posts, before it is said who comes when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// Several posts are a joint requirement: there together, each in a different person.
    pub posts: Vec<Post>,
    /// Who may fill it; nobody named means whoever holds the post at this site.
    #[serde(default)]
    pub persons: Vec<PersonId>,
    #[serde(default = "shared")]
    pub by: By,
    #[serde(flatten)]
    pub kind: Kind,
    #[serde(default)]
    pub days: Mask,
}

fn shared() -> By {
    By::Shared
}

/// 岗位: its name as the bureau writes it (施工员, 总监 …).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Post(pub String);

/// One person's promise (rule 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub person: PersonId,
    pub post: Post,
    pub from: Day,
    pub to: Day,
    #[serde(flatten)]
    pub kind: Kind,
    #[serde(default)]
    pub days: Mask,
    #[serde(default)]
    pub mode: Mode,
    /// For `span`; the rule set's number where the line names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_minutes: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<Shift>,
    /// Sites at which a punch on the same day excuses (rule 11).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excused_by: Vec<SiteId>,
    /// Wanted only on the days of the mask on which this person did not attend; goes before the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<PersonId>,
    /// Leave without a substitute who holds the certificate does not excuse (rule 9).
    #[serde(default)]
    pub needs_delegate: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<PersonId>,
}

/// Which days are promised (rule 3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// Every day of the mask.
    FullTime,
    PerWeek {
        n: u32,
    },
    PerMonth {
        n: u32,
    },
    /// These and no other, days off included.
    Named {
        dates: BTreeSet<Day>,
    },
    /// Days for which a call was made in time, days off included.
    OnCall,
}

impl Kind {
    /// How many days a week or a month; none for the other kinds.
    pub fn quota(&self) -> Option<u32> {
        match self {
            Kind::PerWeek { n } | Kind::PerMonth { n } => Some(*n),
            _ => None,
        }
    }
}

/// What makes a day an attended one (rule 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// One punch.
    #[default]
    Once,
    /// So many minutes between the first and the last.
    Span,
}

/// The days of the week that count: `workdays`, `all`, or names such as `mon,thu`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Mask {
    #[default]
    Workdays,
    All,
    /// Bit 0 is Monday.
    Weekdays(u8),
}

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Mask {
    pub fn holds(self, day: Day, is_workday: bool) -> bool {
        match self {
            Mask::Workdays => is_workday,
            Mask::All => true,
            Mask::Weekdays(bits) => bits >> (day.weekday() - 1) & 1 == 1,
        }
    }

    /// The base of a weekly quota (rule 4).
    pub fn days_a_week(self) -> u32 {
        match self {
            Mask::Workdays => 5,
            Mask::All => 7,
            Mask::Weekdays(bits) => (bits & 0x7f).count_ones(),
        }
    }
}

impl FromStr for Mask {
    type Err = String;
    fn from_str(text: &str) -> Result<Mask, String> {
        let bit = |name: &str| WEEKDAYS.iter().position(|it| *it == name.trim()).map(|place| 1_u8 << place);
        match text.trim() {
            "workdays" => Ok(Mask::Workdays),
            "all" => Ok(Mask::All),
            names => {
                names.split(',').try_fold(0, |bits, name| Some(bits | bit(name)?)).map(Mask::Weekdays).ok_or_else(
                    || format!("days {text:?} are not known; write workdays, all, or names such as mon,thu"),
                )
            }
        }
    }
}

impl fmt::Display for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mask::Workdays => f.write_str("workdays"),
            Mask::All => f.write_str("all"),
            Mask::Weekdays(bits) => {
                let names: Vec<&str> =
                    (0..7).filter(|place| bits >> place & 1 == 1).map(|place| WEEKDAYS[place]).collect();
                f.write_str(&names.join(","))
            }
        }
    }
}

/// Working hours in minutes from midnight, `22:00-06:00`; one that ends no later than it begins ends on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shift {
    begin: u16,
    end: u16,
}

const DAY_MINUTES: u16 = 24 * 60;

impl Shift {
    pub fn new(begin: u16, end: u16) -> Option<Shift> {
        (begin < DAY_MINUTES && end <= DAY_MINUTES).then_some(Shift { begin, end })
    }

    /// Begin and end of the shift that begins on `day`.
    pub fn on(self, day: Day) -> (Millis, Millis) {
        let (begin, end) = (i64::from(self.begin) * 60_000, i64::from(self.end) * 60_000);
        let end = if end <= begin { end + DAY_MS } else { end };
        (Millis::at(day, begin), Millis::at(day, end))
    }
}

impl FromStr for Shift {
    type Err = String;
    fn from_str(text: &str) -> Result<Shift, String> {
        let minute = |text: &str| {
            let (hour, minute) = text.trim().split_once(':')?;
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
            (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
        };
        let shift = text.split_once('-').and_then(|(begin, end)| Shift::new(minute(begin)?, minute(end)?));
        shift.ok_or_else(|| format!("shift {text:?} is not known; write it like 22:00-06:00"))
    }
}

impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (begin, end) = (self.begin, self.end);
        write!(f, "{:02}:{:02}-{:02}:{:02}", begin / 60, begin % 60, end / 60, end % 60)
    }
}

macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<$name, String> { text.parse() }
        }
        impl From<$name> for String {
            fn from(it: $name) -> String { it.to_string() }
        }
    )*};
}
as_text!(Mask, Shift);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_and_shifts_are_written_as_they_are_read() {
        for text in ["workdays", "all", "mon,thu", "sun"] {
            assert_eq!(text.parse::<Mask>().map(String::from).as_deref(), Ok(text));
        }
        for text in ["22:00-06:00", "06:00-14:30", "00:00-24:00"] {
            assert_eq!(text.parse::<Shift>().map(String::from).as_deref(), Ok(text));
        }
        for text in ["", "mon,", "monday", "25:00-06:00", "06:00", "6-7", "24:00-06:00", "06:60-07:00"] {
            assert!(text.parse::<Mask>().is_err() && text.parse::<Shift>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_line_says_only_what_is_not_usual() {
        let text = r#"{"person":"00000000-0000-0000-0000-000000000001","post":"总监","from":"2018-04-02","to":"2018-12-31","kind":"per_week","n":3}"#;
        let line: Line = serde_json::from_str(text).unwrap();
        assert_eq!((line.kind.quota(), line.days, line.mode), (Some(3), Mask::Workdays, Mode::Once));
        let again: Line = serde_json::from_str(&serde_json::to_string(&line).unwrap()).unwrap();
        assert_eq!(again, line);
    }
}
