//! Days as stretches, for sentences that name many of them.

use crate::time::Day;

/// In order, none touching the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretches(Vec<(Day, Day)>);

/// How many stretches a sentence names before it only counts.
const NAMED: usize = 4;

impl Stretches {
    /// Days in any order; each counts once.
    pub fn of_days(days: impl IntoIterator<Item = Day>) -> Stretches {
        Stretches::joined(days.into_iter().map(|day| (day, day)).collect())
    }

    /// The days of `from` to `to` that no range covers.
    pub fn uncovered((from, to): (Day, Day), ranges: impl IntoIterator<Item = (Day, Day)>) -> Stretches {
        let mut free = Vec::new();
        let mut next = from.number();
        for (first, last) in Stretches::joined(ranges.into_iter().collect()).0 {
            let (first, last) = (first.number(), last.number());
            if first > next && next <= to.number() {
                free.push((Day::from_number(next), Day::from_number((first - 1).min(to.number()))));
            }
            next = next.max(last + 1);
        }
        if next <= to.number() {
            free.push((Day::from_number(next), to));
        }
        Stretches(free)
    }

    fn joined(mut ranges: Vec<(Day, Day)>) -> Stretches {
        ranges.retain(|(first, last)| first <= last);
        ranges.sort_unstable();
        let mut joined: Vec<(Day, Day)> = Vec::new();
        for (first, last) in ranges {
            match joined.last_mut() {
                Some(before) if first.number() <= before.1.number() + 1 => before.1 = before.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        Stretches(joined)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn holds(&self, day: Day) -> bool {
        self.0.iter().any(|(first, last)| *first <= day && day <= *last)
    }

    pub fn count(&self) -> i64 {
        self.0.iter().map(|(first, last)| last.number() - first.number() + 1).sum()
    }

    pub fn days(&self) -> impl Iterator<Item = Day> {
        self.0.iter().flat_map(|(first, last)| (first.number()..=last.number()).map(Day::from_number))
    }

    /// `2018-05-01、2018-05-03至2018-05-05（共4天）`
    pub fn zh(&self) -> String {
        let count = self.count();
        let more = if self.0.len() > NAMED { "等" } else { "" };
        format!("{}{more}（共{count}天）", self.named("至").join("、"))
    }

    /// `2018-05-01, 2018-05-03 to 2018-05-05 (4 days)`
    pub fn en(&self) -> String {
        let more = if self.0.len() > NAMED { ", …" } else { "" };
        let unit = if self.count() == 1 { "day" } else { "days" };
        format!("{}{more} ({} {unit})", self.named(" to ").join(", "), self.count())
    }

    fn named(&self, to: &str) -> Vec<String> {
        let text = |(first, last): &(Day, Day)| {
            if first == last { first.to_string() } else { format!("{first}{to}{last}") }
        };
        self.0.iter().take(NAMED).map(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn day(n: i64) -> Day {
        Day::from_number(17_600 + n)
    }

    #[test]
    fn many_days_are_said_as_few_stretches() {
        let days = Stretches::of_days([3, 1, 2, 2, 9].map(day));
        assert_eq!(days.zh(), "2018-03-11至2018-03-13、2018-03-19（共4天）");
        assert_eq!(days.en(), "2018-03-11 to 2018-03-13, 2018-03-19 (4 days)");
        let days = Stretches::of_days((0..6).map(|n| day(2 * n)));
        assert_eq!(days.zh(), "2018-03-10、2018-03-12、2018-03-14、2018-03-16等（共6天）");
    }

    proptest! {
        #[test]
        fn what_is_uncovered_is_what_no_range_holds(from in 0..20_i64, n in 0..30_i64, ranges in vec((0..50_i64, -1..9_i64), 0..6)) {
            let ranges: Vec<(Day, Day)> = ranges.into_iter().map(|(from, n)| (day(from), day(from + n))).collect();
            let free: Vec<Day> = Stretches::uncovered((day(from), day(from + n)), ranges.clone()).days().collect();
            let all = (from..=from + n).map(day);
            let expected: Vec<Day> = all.filter(|it| !ranges.iter().any(|(first, last)| first <= it && it <= last)).collect();
            prop_assert_eq!(&free, &expected);
            prop_assert_eq!(Stretches::of_days(free.iter().rev().copied()).count(), free.len() as i64);
        }
    }
}
