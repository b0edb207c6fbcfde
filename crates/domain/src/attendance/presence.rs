//! One person at one site over some days: which punches count for which day, and which days are attended.

use crate::attendance::Terms;
use crate::attendance::index::{Index, Timed};
use crate::attendance::plan::{Line, Mode};

use crate::attendance::standing::{Standing, standings};
use crate::attendance::verdict::{Flag, Reason};
use crate::id::{PersonId, SiteId};
use crate::time::{DAY_MS, Day, Millis};

/// How many days before and after a punch's own a shift may begin that takes it.
const BEFORE: i64 = 2;
const AFTER: i64 = 1;

pub(super) struct Presence<'a> {
    pub person: PersonId,
    pub site: SiteId,
    /// The number of the first day of `days`.
    first: i64,
    days: Vec<Vec<Standing<'a>>>,
    /// In the order of days, then of times.
    seen: Vec<Seen<'a>>,
}

/// A punch that was there by the moment of judging, on the day it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    day: Day,
    /// The place of the shift's line among those of the day; none without a shift.
    slot: Option<usize>,
    timed: Timed<'a>,
    doubt: Option<Reason>,
}

/// What a line's punches of a day amount to (rule 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attendance {
    None,
    Single,
    Short,
    Attended,
}

/// What a day's credited punches are, for the row (rule 7).
pub(super) struct Shown {
    pub punches: u32,
    pub flags: Vec<Flag>,
    pub span: Option<(Millis, Millis)>,
}

impl<'a> Presence<'a> {
    /// `from` to `to` are the days asked for later.
    pub fn new(
        index: &Index<'a>,
        (person, site): (PersonId, SiteId),
        (from, to): (Day, Day),
        known: Day,
        terms: &Terms,
    ) -> Presence<'a> {
        let first = from.number() - BEFORE - 1;
        let last = to.number() + AFTER + 1;
        let days = (first..=last).map(|it| standings(index, person, site, Day::from_number(it), known)).collect();
        let mut presence = Presence { person, site, first, days, seen: vec![] };
        let has_shift = index.lines(person, site).iter().any(|it| it.1.shift.is_some());
        let timed = index.punches(person, site);
        let begin = timed.partition_point(|it| it.at < Millis::at(from.plus(-1), 0));
        let end = timed.partition_point(|it| it.at < Millis::at(to.plus(2), 0));
        let punches = timed.get(begin..end).unwrap_or_default();
        presence.seen = punches.iter().filter_map(|it| presence.see(*it, has_shift, terms)).collect();
        presence.seen.sort_by_key(|it| it.day);
        presence
    }

    /// The standings of a day; none beyond the days asked for.
    pub fn standings(&self, day: Day) -> &[Standing<'a>] {
        let place = usize::try_from(day.number() - self.first).ok();
        place.and_then(|place| self.days.get(place)).map_or(&[], Vec::as_slice)
    }

    fn on(&self, day: Day) -> &[Seen<'a>] {
        let begin = self.seen.partition_point(|it| it.day < day);
        let rest = &self.seen[begin..];
        &rest[..rest.partition_point(|it| it.day == day)]
    }

    /// Credited punches of the day, whatever line they count for.
    fn credited(&self, day: Day) -> impl Iterator<Item = &Seen<'a>> {
        self.on(day).iter().filter(|it| it.doubt.is_none())
    }

    pub fn came(&self, day: Day) -> bool {
        self.credited(day).next().is_some()
    }

    /// What the line at `slot` makes of the day.
    pub fn attendance(&self, line: &Line, slot: usize, day: Day, terms: &Terms) -> Attendance {
        let slot = line.shift.map(|_| slot);
        let mut times = self.credited(day).filter(|it| it.slot == slot).map(|it| it.timed);
        let Some(first) = times.next() else { return Attendance::None };
        if line.mode == Mode::Once {
            return Attendance::Attended;
        }
        let rules = terms.rules.on(day);
        let last = times.last().unwrap_or(first);
        let span = last.at.0.saturating_sub(first.at.0);
        if span >= i64::from(line.min_minutes.unwrap_or(rules.min_minutes)) * 60_000 {
            return Attendance::Attended;
        }
        let kept = kept(self.credited(day).filter(|it| it.slot == slot), rules.duplicate_minutes);
        if kept.0 == 1 { Attendance::Single } else { Attendance::Short }
    }

    /// Whether the person attended the site, for whoever covers for him.
    pub fn attended(&self, day: Day, terms: &Terms) -> bool {
        let standings = self.standings(day);
        let mut lines = standings.iter().enumerate().filter_map(|(slot, it)| Some((slot, it.line()?))).peekable();
        if lines.peek().is_none() {
            return self.came(day);
        }
        lines.any(|(slot, line)| self.attendance(line, slot, day, terms) == Attendance::Attended)
    }

    /// Why a punch of the day does not count until somebody has looked at it; the clock first.
    pub fn doubt(&self, day: Day) -> Option<Reason> {
        let rank = |reason: &Reason| match reason {
            Reason::ClockDrift => (0, *reason),
            Reason::AfterClose => (1, *reason),
            _ => (2, *reason),
        };
        self.on(day).iter().filter_map(|it| it.doubt).min_by_key(rank)
    }

    pub fn shown(&self, day: Day, terms: &Terms) -> Shown {
        let (punches, is_collapsed) = kept(self.credited(day), terms.rules.on(day).duplicate_minutes);
        let times = || self.credited(day).map(|it| it.timed);
        let mut flags = Vec::new();
        if times().any(|it| it.corrected) {
            flags.push(Flag::ClockCorrected);
        }
        if is_collapsed {
            flags.push(Flag::DuplicateCollapsed);
        }
        // By the punch's own date: the morning end of a night shift is not late.
        if times().any(|it| received(&it).day() > it.at.day()) {
            flags.push(Flag::LateArrival);
        }
        let span = times().map(|it| it.at).min().zip(times().map(|it| it.at).max());
        Shown { punches, flags, span }
    }

    fn see(&self, timed: Timed<'a>, has_shift: bool, terms: &Terms) -> Option<Seen<'a>> {
        if received(&timed) > terms.now {
            return None;
        }
        let ruling = timed.punch.rulings.iter().filter(|it| it.at <= terms.now).max_by_key(|it| (it.at, it.accepted));
        if ruling.is_some_and(|it| !it.accepted) {
            return None;
        }
        let (day, slot) = if has_shift { self.slot(timed.at, terms)? } else { (timed.at.day(), None) };
        let doubt = if ruling.is_some() {
            None
        } else if timed.clock_off {
            Some(Reason::ClockDrift)
        } else if is_after_close(received(&timed), day, terms) {
            Some(Reason::AfterClose)
        } else {
            timed.punch.doubt.map(Reason::from)
        };
        Some(Seen { day, slot, timed, doubt })
    }

    /// Rule 6: the day on which the shift begins whose window holds it; of two, that whose begin or end is nearer, then
    /// the earlier day. Outside all windows its own date, if a line without a shift or no line at all is there.
    fn slot(&self, at: Millis, terms: &Terms) -> Option<(Day, Option<usize>)> {
        let date = at.day();
        let days = (-BEFORE..=AFTER).map(|n| date.plus(n));
        let slots = days.flat_map(|day| self.standings(day).iter().enumerate().map(move |(slot, it)| (day, slot, it)));
        let near = slots.filter_map(|(day, slot, standing)| {
            let (begin, end) = standing.line()?.shift?.on(day);
            let margin = terms.rules.on(day).margin_ms();
            let distance = |it: Millis| it.0.abs_diff(at.0);
            let holds = begin.plus(-margin) <= at && at <= end.plus(margin);
            holds.then(|| (distance(begin).min(distance(end)), day, slot))
        });
        if let Some((_, day, slot)) = near.min() {
            return Some((day, Some(slot)));
        }
        let mut own = self.standings(date).iter();
        own.any(|it| it.line().is_none_or(|line| line.shift.is_none())).then_some((date, None))
    }
}

/// Whether the day is over for the line; that of a night shift ends when its window closes.
pub(super) fn is_over(day: Day, line: Option<&Line>, terms: &Terms) -> bool {
    let window = line.and_then(|it| it.shift).map(|shift| shift.on(day).1.plus(terms.rules.on(day).margin_ms()));
    let midnight = Millis::at(day, DAY_MS);
    terms.now >= window.map_or(midnight, |it| it.max(midnight))
}

fn received(timed: &Timed) -> Millis {
    timed.punch.received.unwrap_or(timed.punch.at)
}

/// Whether the month of the day was closed by then (rule 7); within the month itself it never is.
pub(super) fn is_after_close(at: Millis, day: Day, terms: &Terms) -> bool {
    let date = at.day();
    if date <= day || (date.month() == day.month() && date.year() == day.year()) {
        return false;
    }
    let rules = terms.rules.on(day);
    at > Millis::at(terms.calendar.plus_workdays(day.last_of_month(), rules.close_workday), rules.tick_ms)
}

/// How many punches are kept, and whether any was collapsed. The same device and time is the same punch, sent twice.
fn kept<'b, 'a: 'b>(credited: impl Iterator<Item = &'b Seen<'a>>, minutes: u32) -> (u32, bool) {
    let gap = i64::from(minutes) * 60_000;
    let (mut count, mut is_collapsed) = (0, false);
    let mut last: Option<Millis> = None;
    let mut same: Vec<(&Option<String>, Millis)> = Vec::new();
    for it in credited {
        let at = it.timed.at;
        let key = (&it.timed.punch.device, it.timed.punch.at);
        if last.is_some_and(|last| at.0.saturating_sub(last.0) <= gap) {
            is_collapsed |= !same.contains(&key);
        } else {
            count += 1;
            last = Some(at);
            same.clear();
        }
        same.push(key);
    }
    (count, is_collapsed)
}
