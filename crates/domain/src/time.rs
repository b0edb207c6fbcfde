//! Instants and local days. No clock here: `now` is always a parameter.
//!
//! Local means Asia/Shanghai, UTC+8 without summer time since 1991, whatever the machine's zone.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

const OFFSET_MS: i64 = 8 * 3_600_000;
pub const DAY_MS: i64 = 86_400_000;

/// The days of years 1 to 9998, counted from 1970-01-01: no function here answers with any other.
pub(crate) const FIRST_DAY: i64 = -719_162;
pub(crate) const LAST_DAY: i64 = 2_932_531;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// The local day and the milliseconds since local midnight.
    pub fn local(self) -> (Day, i64) {
        let (number, ms) = self.local_number();
        (Day::from_number(number), ms)
    }

    /// As [`Millis::local`], with the day as its number: counting days needs no year, month and day.
    pub(crate) fn local_number(self) -> (i64, i64) {
        let local = self.0.saturating_add(OFFSET_MS);
        (local.div_euclid(DAY_MS).clamp(FIRST_DAY, LAST_DAY), local.rem_euclid(DAY_MS))
    }

    pub fn day(self) -> Day {
        self.local().0
    }

    /// The instant `ms` after local midnight of `day`.
    pub fn at(day: Day, ms: i64) -> Millis {
        Millis::at_number(day.number(), ms)
    }

    pub(crate) fn at_number(number: i64, ms: i64) -> Millis {
        Millis((number.clamp(FIRST_DAY, LAST_DAY) * DAY_MS - OFFSET_MS).saturating_add(ms))
    }

    /// Saturates: no instant, however absurd, makes counting panic.
    pub fn plus(self, ms: i64) -> Millis {
        Millis(self.0.saturating_add(ms))
    }

    /// Local minute for people: `2018-04-16 09:00`.
    pub fn minute(self) -> String {
        let (day, ms) = self.local();
        format!("{day} {:02}:{:02}", ms / 3_600_000, ms / 60_000 % 60)
    }

    /// Local hour and minute, as they are read aloud: `09:00`.
    pub fn clock(self) -> String {
        let (_, ms) = self.local();
        format!("{:02}:{:02}", ms / 3_600_000, ms / 60_000 % 60)
    }

    /// Local second for people: `2018-04-16 09:00:00`.
    pub fn second(self) -> String {
        let (_, ms) = self.local();
        format!("{}:{:02}", self.minute(), ms / 1000 % 60)
    }

    /// RFC 3339 with the local offset, for JSON.
    pub fn rfc3339(self) -> String {
        let (day, ms) = self.local();
        format!("{day}T{:02}:{:02}:{:02}.{:03}+08:00", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
    }

    /// Reads `2018-04-16 09:00[:00]`, `2018-04-16T09:00`, `2018/4/16 9:00:00` or a bare day (midnight), all local.
    pub fn parse_local(text: &str) -> Option<Millis> {
        let text = text.trim().replace('/', "-");
        let (day, time) = match text.split_once([' ', 'T']) {
            Some((day, time)) => (day, time.trim()),
            None => (text.as_str(), "00:00:00"),
        };
        let mut parts = time.split(':').map(|part| part.parse::<i8>().ok());
        let (hour, minute) = (parts.next()??, parts.next()??);
        let second = parts.next().unwrap_or(Some(0))?;
        if parts.next().is_some() {
            return None;
        }
        let time = Time::new(hour, minute, second, 0).ok()?;
        let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
        Some(Millis::at(day.parse().ok()?, seconds * 1000))
    }
}

/// A local calendar day, written `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Date);

impl Day {
    pub fn new(year: i16, month: i8, day: i8) -> Option<Day> {
        Date::new(year, month, day).ok().map(Day)
    }

    /// Days since 1970-01-01; clamped to years 1 to 9998, so no instant in a wrong unit can panic.
    pub fn from_number(number: i64) -> Day {
        let number = number.clamp(FIRST_DAY, LAST_DAY);
        // Howard Hinnant's days-from-civil, inverted; exact over the clamped range.
        let z = number + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        Day(Date::new(year as i16, month as i8, day as i8).unwrap_or(Date::MAX))
    }

    pub fn number(self) -> i64 {
        let (month, day) = (i64::from(self.0.month()), i64::from(self.0.day()));
        let year = i64::from(self.0.year()) - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let yoe = year.rem_euclid(400);
        let doy = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
        era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
    }

    pub fn plus(self, days: i64) -> Day {
        Day::from_number(self.number().saturating_add(days))
    }

    /// The corresponding day `months` later, or that month's last day where there is none (民法典 202).
    pub fn plus_months(self, months: u32) -> Day {
        let total = i64::from(self.year()) * 12 + i64::from(self.month()) - 1 + i64::from(months);
        let (year, month) = (i16::try_from(total / 12).unwrap_or(i16::MAX), (total % 12 + 1) as i8);
        let day = (1..=self.day_of_month()).rev().find_map(|day| Day::new(year, month, day));
        let last = Day::from_number(LAST_DAY);
        day.map_or(last, |day| day.min(last))
    }

    pub fn year(self) -> i16 {
        self.0.year()
    }

    pub fn month(self) -> i8 {
        self.0.month()
    }

    pub fn day_of_month(self) -> i8 {
        self.0.day()
    }

    /// Reads a day as people write it: `2018-4-13`, `2018/04/13`, `2018.4.13`, `2018年4月13日`.
    pub fn read(text: &str) -> Option<Day> {
        let text = text.trim().trim_end_matches('日').replace(['/', '.', '年', '月', '－'], "-");
        text.parse().ok()
    }

    /// 1 = Monday … 7 = Sunday.
    pub fn weekday(self) -> u8 {
        (self.number() + 3).rem_euclid(7) as u8 + 1
    }

    /// The first day of its week.
    pub fn monday(self) -> Day {
        self.plus(1 - i64::from(self.weekday()))
    }

    pub fn sunday(self) -> Day {
        self.monday().plus(6)
    }

    pub fn first_of_month(self) -> Day {
        self.plus(1 - i64::from(self.day_of_month()))
    }

    pub fn last_of_month(self) -> Day {
        self.first_of_month().plus_months(1).plus(-1)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Day {
    type Err = String;
    fn from_str(text: &str) -> Result<Day, String> {
        let mut parts = text.trim().split('-');
        let mut next = || parts.next().and_then(|part| part.parse::<i16>().ok());
        let (year, month, day) = (next(), next(), next());
        match (year, month, day, parts.next()) {
            (Some(y), Some(m), Some(d), None) if (1..=9998).contains(&y) => {
                let (m, d) = (i8::try_from(m).unwrap_or(0), i8::try_from(d).unwrap_or(0));
                Day::new(y, m, d).ok_or_else(|| format!("{text:?} is no day of the calendar"))
            }
            _ => Err(format!("{text:?} is no day; write YYYY-MM-DD")),
        }
    }
}

impl TryFrom<String> for Day {
    type Error = String;
    fn try_from(text: String) -> Result<Day, String> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}
