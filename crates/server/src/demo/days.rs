//! The workdays of the story, counted backwards: 0 is today, or the last workday there was. It ends six weeks after the
//! round opened, as 25 May 2018 came six weeks after 13 April; the campaign had begun 39 days before that.

use domain::calendar::Calendar;
use domain::time::{Day, Millis};

const MINUTE: i64 = 60_000;
/// From the opening of the round to the day of the demonstration.
const ROUND: i64 = 42;
/// From the beginning of the campaign to the opening of its round.
const BEFORE: i64 = 39;
/// 13 April 2018 was one.
const FRIDAY: i64 = 5;
const COMING: usize = 8;
/// People act between 8:40 and 17:10.
const OPEN: i64 = 8 * 60 + 40;
const CLOSE: i64 = 17 * 60 + 10;

pub struct Days {
    /// Newest first, back to the day on which the campaign began.
    days: Vec<Day>,
    /// Workdays ahead; the first is today if today is one.
    coming: Vec<Day>,
    /// How long ago the round opened.
    pub opened: usize,
    eve: Day,
    pub now: Millis,
}

impl Days {
    pub fn before(now: Millis, calendar: &Calendar) -> Days {
        let (today, ms) = now.local();
        let (begin, opening) = begin_and_opening(today, calendar);
        // Early in the morning nothing has happened yet today.
        let begun = calendar.is_workday(today) && ms >= 10 * 60 * MINUTE;
        let mut day = if begun { today } else { calendar.previous_workday(today) };
        let mut days = Vec::new();
        while day >= begin {
            days.push(day);
            day = calendar.previous_workday(day);
        }
        let opened = days.iter().position(|day| *day <= opening).unwrap_or(0);
        let first = calendar.on_or_next_workday(today);
        let coming = (0..COMING).scan(first, |next, _| {
            let day = *next;
            *next = calendar.next_workday(day);
            Some(day)
        });
        Days { coming: coming.collect(), days, opened, eve: day, now }
    }

    pub fn day(&self, ago: usize) -> Day {
        self.days.get(ago).or(self.days.last()).copied().unwrap_or_else(|| self.now.day())
    }

    /// How long ago the campaign began.
    pub fn last(&self) -> usize {
        self.days.len().saturating_sub(1)
    }

    /// How long ago that day was, or the workday before it; 0 for what lies ahead.
    pub fn ago(&self, day: Day) -> usize {
        self.days.iter().position(|it| *it <= day).unwrap_or(self.last())
    }

    /// The workdays from today on.
    pub fn coming(&self, ahead: usize) -> Day {
        self.coming.get(ahead).or(self.coming.last()).copied().unwrap_or_else(|| self.now.day())
    }

    /// The workday before anything happens.
    pub fn first(&self) -> Millis {
        Millis::at(self.eve, 9 * 60 * MINUTE)
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

/// When campaign and round began, were the story to end on that day: the Friday next to six weeks before it, or the
/// workday before that Friday.
pub fn begin_and_opening(today: Day, calendar: &Calendar) -> (Day, Day) {
    let about = today.plus(-ROUND);
    let to_friday = (FRIDAY - i64::from(about.weekday()) + 10) % 7 - 3;
    let friday = about.plus(to_friday);
    let opening = if calendar.is_workday(friday) { friday } else { calendar.previous_workday(friday) };
    (calendar.on_or_next_workday(opening.plus(-BEFORE)), opening)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_case_itself_is_told_on_its_own_days() {
        let calendar = Calendar::shipped();
        let days = Days::before(Millis::parse_local("2018-05-25 16:00").unwrap(), &calendar);
        assert_eq!(days.day(days.opened).to_string(), "2018-04-13");
        assert_eq!(days.day(days.last()).to_string(), "2018-03-05");
        assert_eq!((days.day(0).to_string(), days.coming(1).to_string()), ("2018-05-25".into(), "2018-05-28".into()));
    }

    #[test]
    fn a_round_opens_on_a_friday_unless_that_is_a_holiday() {
        let calendar = Calendar::shipped();
        let opening = |text: &str| begin_and_opening(text.parse().unwrap(), &calendar).1;
        for text in ["2018-05-22", "2018-05-24", "2018-05-27", "2026-11-23"] {
            assert_eq!(opening(text).weekday(), 5, "{text}");
        }
        // That Friday, 6 April, was one of the three days of Qingming.
        assert_eq!(opening("2018-05-21").to_string(), "2018-04-04");
    }
}
