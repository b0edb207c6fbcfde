//! n days a week or a month: what is owed, which days count, and to which days missing ones are charged (rule 4).

use crate::attendance::Terms;
use crate::attendance::index::Index;
use crate::attendance::leave::Answer;
use crate::attendance::person::Person;
use crate::attendance::plan::{Kind, Line, Mask};
use crate::attendance::presence::{Attendance, is_over};
use crate::attendance::standing::Standing;
use crate::attendance::verdict::Tally;
use crate::calendar::Calendar;
use crate::time::Day;

/// The quotas of one person, asked day by day.
///
/// A plan approved within a week or month judges the rest of it anew, but what was charged before stays charged (rule 1)
/// and uses up the quota, or the person would be charged twice for one missing day.
#[derive(Default)]
pub(super) struct Quotas<'a> {
    known: Vec<Quota<'a>>,
    settled: Vec<Settled<'a>>,
}

/// A day that stays charged.
struct Settled<'a> {
    line: &'a Line,
    place: usize,
    day: Day,
}

impl<'a> Quotas<'a> {
    /// The quota to which a day of a line belongs. `begin`: the first day that is judged with the person's present plans.
    pub fn of(
        &mut self,
        person: &Person<'a>,
        (place, line, day): (usize, &'a Line, Day),
        begin: Day,
        (index, terms): (&Index, &Terms),
    ) -> &Quota<'a> {
        let first = period(&line.kind, day).0;
        let is_it = |it: &Quota| it.place == place && it.first == first && same_terms(it.line, line);
        let found = self.known.iter().rposition(is_it).unwrap_or_else(|| {
            let same = self.settled.iter().filter(|it| it.place == place && same_terms(it.line, line));
            let charged = same.filter(|it| it.day >= first && it.day < begin).count() as u32;
            self.known.push(Quota::new(person, (place, line), (first, begin, charged), index, terms));
            self.known.len() - 1
        });
        &self.known[found]
    }

    /// Another plan judges from the day after `end`: what these quotas have charged by then stays.
    pub fn settle(&mut self, end: Day) {
        for quota in self.known.drain(..) {
            let charged = quota.days.iter().filter(|it| it.day <= end && it.mark == Mark::Charged);
            self.settled.extend(charged.map(|it| Settled { line: quota.line, place: quota.place, day: it.day }));
        }
    }
}

/// The quota of one week or month by the same terms.
pub(super) struct Quota<'a> {
    line: &'a Line,
    place: usize,
    first: Day,
    days: Vec<Dated>,
    /// Days that another plan charged.
    settled: u32,
    pub tally: Tally,
}

struct Dated {
    day: Day,
    is: Is,
    mark: Mark,
}

/// How a quota stands on one of its days, with nothing known of what comes after it.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    /// Owed and not yet attended when the day begins.
    pub owed: u32,
    /// The day and those after it on which what is owed can be attended.
    pub left: u32,
    /// With what was attended by the end of the day.
    pub tally: Tally,
}

/// What a day is to its quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Counted,
    Over,
    Charged,
    Free,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Is {
    Attended,
    Leave,
    Missed,
    /// It can still be made up.
    Ahead,
}

impl<'a> Quota<'a> {
    /// `settled` days of the period before `begin` stay charged.
    fn new(
        person: &Person<'a>,
        (place, line): (usize, &'a Line),
        (first, begin, settled): (Day, Day, u32),
        index: &Index,
        terms: &Terms,
    ) -> Quota<'a> {
        let last = period(&line.kind, first).1;
        let days = eligible(person, place, line, (first, last), index, terms);
        let count = |what: Is| days.iter().filter(|it| it.1 == what).count() as u32;
        let all = days.len() as u32;
        let quota = quota_of((&line.kind, line.days), first, all, terms.calendar);
        let attended = count(Is::Attended);
        // Leave does not lower what is owed, but no more can be owed than days remain.
        let owed = quota.min(all - count(Is::Leave));
        let missing = owed.saturating_sub(attended).saturating_sub(count(Is::Ahead)).saturating_sub(settled);
        let tally = Tally { is_month: matches!(line.kind, Kind::PerMonth { .. }), owed, attended };
        let days = marks(days, begin, quota.saturating_sub(settled), missing);
        Quota { line, place, first, days, settled, tally }
    }

    /// Free where the day is not one of its days.
    pub fn mark(&self, day: Day) -> Mark {
        self.days.iter().find(|it| it.day == day).map_or(Mark::Free, |it| it.mark)
    }

    pub fn seen(&self, day: Day) -> Seen {
        let attended =
            |before: Day| self.days.iter().filter(|it| it.day < before && it.is == Is::Attended).count() as u32;
        let left = self.days.iter().filter(|it| it.day >= day && it.is != Is::Leave).count() as u32;
        let owed = self.tally.owed.saturating_sub(attended(day)).saturating_sub(self.settled);
        Seen { owed, left, tally: Tally { attended: attended(day.plus(1)), ..self.tally } }
    }
}

/// The first q attended days count; what is missing is charged to the last days on which he neither came nor had leave,
/// from `begin` on.
fn marks(days: Vec<(Day, Is)>, begin: Day, quota: u32, missing: u32) -> Vec<Dated> {
    let (mut counted, mut charged) = (0, 0);
    let mut marks: Vec<Dated> = days
        .into_iter()
        .map(|(day, is)| {
            let is_attended = is == Is::Attended;
            counted += u32::from(is_attended);
            let mark = match is_attended {
                true if counted <= quota => Mark::Counted,
                true => Mark::Over,
                false => Mark::Free,
            };
            Dated { day, is, mark }
        })
        .collect();
    for it in marks.iter_mut().rev() {
        if it.is == Is::Missed && it.day >= begin && charged < missing {
            it.mark = Mark::Charged;
            charged += 1;
        }
    }
    marks
}

/// The days of the period on which a line of the same terms is in force and its mask holds.
fn eligible(
    person: &Person,
    place: usize,
    line: &Line,
    (first, last): (Day, Day),
    index: &Index,
    terms: &Terms,
) -> Vec<(Day, Is)> {
    let Some(presence) = person.presences.get(place) else { return vec![] };
    let days = (first.number()..=last.number()).map(Day::from_number);
    days.filter_map(|day| {
        let mut lines = presence.standings(day).iter().enumerate();
        let (slot, line) = lines.find_map(|(slot, it)| match it {
            Standing::Judged { line: it, .. } if same_terms(line, it) => Some((slot, *it)),
            _ => None,
        })?;
        if !person.wants(index, presence, line, day, terms).is_wanted() {
            return None;
        }
        let is = if presence.attendance(line, slot, day, terms) == Attendance::Attended {
            Is::Attended
        } else if matches!(person.answer(place, day, slot), Some(Answer::Excused { .. })) {
            Is::Leave
        } else if is_over(day, Some(line), terms) {
            Is::Missed
        } else {
            Is::Ahead
        };
        Some((day, is))
    })
    .collect()
}

/// A new version that repeats the line does not cut the week.
fn same_terms(one: &Line, other: &Line) -> bool {
    std::ptr::eq(one, other)
        || (one.kind == other.kind && one.days == other.days && one.post == other.post && one.covers == other.covers)
}

/// Monday to Sunday, or the calendar month, that holds the day: its first and last day.
pub fn period(kind: &Kind, day: Day) -> (Day, Day) {
    match kind {
        Kind::PerMonth { .. } => (day.first_of_month(), day.last_of_month()),
        _ => (day.monday(), day.sunday()),
    }
}

/// Filled up to whole weeks and months.
pub fn periods(from: Day, to: Day) -> (Day, Day) {
    (from.first_of_month().min(from.monday()), to.last_of_month().max(to.sunday()))
}

/// How many of the `eligible` days of the week or month that begins on `first` are the quota (rule 4): rounded in favour
/// of the person. None for kinds without one.
pub fn quota_of((kind, mask): (&Kind, Mask), first: Day, eligible: u32, calendar: &Calendar) -> u32 {
    let n = kind.quota().unwrap_or(0);
    match base((kind, mask), first, calendar) {
        0 => 0,
        base => u32::try_from(u64::from(n) * u64::from(eligible) / u64::from(base)).map_or(n, |it| it.min(n)),
    }
}

/// The days that a whole week or month has by the mask; an ordinary week, so that a worked Saturday counts in favour.
fn base((kind, mask): (&Kind, Mask), first: Day, calendar: &Calendar) -> u32 {
    let last = period(kind, first).1;
    match (kind, mask) {
        (Kind::PerMonth { .. }, Mask::Workdays) => calendar.workdays_between(first.plus(-1), last),
        (Kind::PerMonth { .. }, mask) => {
            let days = (first.number()..=last.number()).map(Day::from_number);
            days.filter(|day| mask.holds(*day, false)).count() as u32
        }
        (_, mask) => mask.days_a_week(),
    }
}
