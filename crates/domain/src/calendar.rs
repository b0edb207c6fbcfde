//! Workdays: the holiday notices of the State Council read as one table (`scenarios/deadlines.md`, "Words").

use crate::time::{DAY_MS, Day, FIRST_DAY, LAST_DAY, Millis};
use serde::{Deserialize, Serialize};

/// The holiday files that are part of the program; 2027 is there and empty, that is: not announced.
const SHIPPED: [&str; 11] = [
    include_str!("../holidays/2017.json"),
    include_str!("../holidays/2018.json"),
    include_str!("../holidays/2019.json"),
    include_str!("../holidays/2020.json"),
    include_str!("../holidays/2021.json"),
    include_str!("../holidays/2022.json"),
    include_str!("../holidays/2023.json"),
    include_str!("../holidays/2024.json"),
    include_str!("../holidays/2025.json"),
    include_str!("../holidays/2026.json"),
    include_str!("../holidays/2027.json"),
];

/// Monday to Friday in a run of 64 days that begins on weekday 0 (Monday) … 6: bit n is day n of the run.
const WEEKS: [u64; 7] = {
    let mut weeks = [0; 7];
    let mut phase = 0;
    while phase < 7 {
        let mut bit = 0;
        while bit < 64 {
            if (phase + bit) % 7 < 5 {
                weeks[phase] |= 1 << bit;
            }
            bit += 1;
        }
        phase += 1;
    }
    weeks
};

/// One holiday file: what the notices for a year changed about Monday to Friday.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Notice {
    /// The year of the notice, not of its days: 29–31 December 2018 stand in that of 2019.
    pub year: i16,
    /// Addresses of the notices; none while the year is not announced.
    pub papers: Vec<String>,
    pub days: Vec<NoticeDay>,
}

/// A date that a notice names: a day off, or a weekend day worked for it (调休).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NoticeDay {
    pub name: String,
    pub date: Day,
    #[serde(rename = "isOffDay")]
    pub is_off_day: bool,
}

/// When offices are open, in milliseconds from local midnight; the close is the tick (rule 6).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OfficeHours {
    pub open_ms: i64,
    pub close_ms: i64,
}

impl Default for OfficeHours {
    fn default() -> OfficeHours {
        OfficeHours { open_ms: (8 * 60 + 30) * 60_000, close_ms: (17 * 60 + 30) * 60_000 }
    }
}

/// The table of workdays with a campaign's office hours and blue window.
///
/// One bit per day, 64 days to a word, so that finding the seventh workday touches one or two words.
/// Beyond the table the weeks are regular: the days of a file that is not there are Monday to Friday.
#[derive(Clone, Debug)]
pub struct Calendar {
    first_word: i64,
    words: Vec<u64>,
    announced: Vec<i16>,
    hours: OfficeHours,
    blue: u32,
}

impl Calendar {
    /// The notices of 2017 to 2026. Parses them: make one and share it.
    ///
    /// A test proves that the shipped files parse. Were one broken all the same, no year would count as
    /// announced, so every date would carry the warning of rule 13.
    pub fn shipped() -> Calendar {
        Calendar::from_notices(&Calendar::shipped_notices().unwrap_or_default())
    }

    /// The shipped files as they are, to be joined with those imported later.
    pub fn shipped_notices() -> Result<Vec<Notice>, serde_json::Error> {
        SHIPPED.iter().map(|text| serde_json::from_str(text)).collect()
    }

    /// All notices as one table; a date in two takes that of the later year, of one year the later in the list.
    pub fn from_notices(notices: &[Notice]) -> Calendar {
        let mut sorted: Vec<&Notice> = notices.iter().collect();
        sorted.sort_by_key(|notice| notice.year);
        let days = || sorted.iter().flat_map(|notice| &notice.days).map(|day| (day.date.number(), day.is_off_day));
        let first_word = days().map(|(number, _)| number >> 6).min().unwrap_or(0);
        let end_word = days().map(|(number, _)| (number >> 6) + 1).max().unwrap_or(0);
        let mut words: Vec<u64> = (first_word..end_word).map(regular).collect();
        for (number, is_off_day) in days() {
            let word = &mut words[((number >> 6) - first_word) as usize];
            let bit = 1 << (number & 63);
            *word = if is_off_day { *word & !bit } else { *word | bit };
        }
        let announced = sorted.iter().filter(|notice| !notice.papers.is_empty() && !notice.days.is_empty());
        let announced = announced.map(|notice| notice.year).collect();
        Calendar { first_word, words, announced, hours: OfficeHours::default(), blue: 2 }
    }

    /// Monday to Friday, no year announced.
    pub fn empty() -> Calendar {
        Calendar::from_notices(&[])
    }

    /// A campaign's own office hours, brought into one day and into order where they are not.
    pub fn with_hours(mut self, hours: OfficeHours) -> Calendar {
        let close_ms = hours.close_ms.clamp(0, DAY_MS - 1);
        self.hours = OfficeHours { open_ms: hours.open_ms.clamp(0, close_ms), close_ms };
        self
    }

    /// A campaign's own blue window: up to how many workdays left the light is blue (2 by default).
    pub fn with_blue_window(mut self, workdays: u32) -> Calendar {
        self.blue = workdays;
        self
    }

    /// When this campaign's offices are open.
    pub fn hours(&self) -> OfficeHours {
        self.hours
    }

    /// Up to how many workdays left the light is blue.
    pub fn blue_window(&self) -> u32 {
        self.blue
    }

    /// As the notices say, and Monday to Friday where they say nothing.
    pub fn is_workday(&self, day: Day) -> bool {
        let number = day.number();
        self.word(number >> 6) >> (number & 63) & 1 == 1
    }

    /// Whether the year's file has at least one paper and one day; if not, its dates are warned of (rule 13).
    pub fn announced(&self, year: i16) -> bool {
        self.announced.contains(&year)
    }

    /// The first workday strictly after `day`.
    pub fn next_workday(&self, day: Day) -> Day {
        self.plus_workdays(day, 1)
    }

    /// `day` itself if it is a workday, otherwise the next (rule 3).
    pub fn on_or_next_workday(&self, day: Day) -> Day {
        Day::from_number(self.nth(day.number() - 1, 1))
    }

    /// The last workday strictly before `day`.
    pub fn previous_workday(&self, day: Day) -> Day {
        let before = day.number() - 1;
        let mut index = before >> 6;
        let mut word = self.word(index) & (u64::MAX >> (63 - (before & 63)));
        while word == 0 && index > FIRST_DAY >> 6 {
            index -= 1;
            word = self.word(index);
        }
        Day::from_number(if word == 0 { FIRST_DAY } else { (index << 6) + i64::from(word.ilog2()) })
    }

    /// The `n`th workday after `day`, which itself does not count (rules 1 and 2); `day` for none.
    pub fn plus_workdays(&self, day: Day, n: u32) -> Day {
        Day::from_number(self.nth(day.number(), n))
    }

    /// How many workdays come after `after`, up to and including `to_inclusive`.
    pub fn workdays_between(&self, after: Day, to_inclusive: Day) -> u32 {
        self.count(after.number(), to_inclusive.number())
    }

    /// 17:30:00 of `day`, or when a campaign's offices close: the only instant that clocks in days count (rule 6).
    pub fn tick(&self, day: Day) -> Millis {
        self.tick_of(day.number())
    }

    pub(crate) fn tick_of(&self, number: i64) -> Millis {
        Millis::at_number(number, self.hours.close_ms)
    }

    /// The number of the first day, workday or not, whose tick is not before `at`.
    pub(crate) fn ticks_from(&self, at: Millis) -> i64 {
        let (number, ms) = at.local_number();
        number + i64::from(ms > self.hours.close_ms)
    }

    /// The `n`th workday after the day numbered `after`. Ends at the last day that can be written.
    pub(crate) fn nth(&self, after: i64, n: u32) -> i64 {
        if n == 0 {
            return after;
        }
        let start = after + 1;
        let mut index = start >> 6;
        let mut word = self.word(index) & (u64::MAX << (start & 63));
        let mut left = n;
        while word.count_ones() < left {
            left -= word.count_ones();
            index += 1;
            if index > LAST_DAY >> 6 {
                return LAST_DAY;
            }
            word = self.word(index);
        }
        for _ in 1..left {
            word &= word - 1; // takes away the earliest day
        }
        (index << 6) + i64::from(word.trailing_zeros())
    }

    /// How many workdays lie after the day numbered `after`, up to and including `to`.
    pub(crate) fn count(&self, after: i64, to: i64) -> u32 {
        if to <= after {
            return 0;
        }
        let (from, last) = ((after + 1) >> 6, to >> 6);
        let ones = |index: i64| {
            let head = if index == from { u64::MAX << ((after + 1) & 63) } else { u64::MAX };
            let tail = if index == last { u64::MAX >> (63 - (to & 63)) } else { u64::MAX };
            (self.word(index) & head & tail).count_ones()
        };
        (from..=last).map(ones).sum()
    }

    /// Whether a day after `after`, up to and including `to`, is in a year not announced (rule 13).
    pub(crate) fn unannounced(&self, after: i64, to: i64) -> bool {
        let mut years = Day::from_number(after + 1).year()..=Day::from_number(to).year();
        after < to && years.any(|year| !self.announced(year))
    }

    /// Which of the days `64 * index` to `64 * index + 63` are workdays.
    fn word(&self, index: i64) -> u64 {
        let known = usize::try_from(index - self.first_word).ok().and_then(|place| self.words.get(place));
        known.copied().unwrap_or_else(|| regular(index))
    }
}

/// The word as weekends alone make it. Day 0 is a Thursday, and 64 days are nine weeks and one day.
fn regular(index: i64) -> u64 {
    WEEKS[(index + 3).rem_euclid(7) as usize]
}
