//! The one way to count time: rules 1 to 13 of `scenarios/deadlines.md`, cited here by their numbers.

use crate::calendar::Calendar;
use crate::time::{Day, Millis};
use serde::{Deserialize, Serialize};

const HOUR_MS: i64 = 3_600_000;

/// How long a clock runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// Rule 2.
    Workdays(u32),
    /// Rule 3.
    Days(u32),
    /// Rule 4.
    Months(u32),
    /// Rule 5.
    Hours(u32),
}

/// An approved pause: what ticks at or after `from` and before `to` does not count (rule 7). Open without `to`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Pause {
    pub from: Millis,
    pub to: Option<Millis>,
}

/// A change of category (rule 8).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Change {
    pub at: Millis,
    pub span: Span,
}

/// A new date, granted (rule 9). That it is later than the due date it replaces, the command sees to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Extension {
    pub granted: Millis,
    pub until: Day,
}

/// All that decides a due date. Disputes and rulings do not stand here, for they change nothing (rule 10).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Clock {
    /// The first dispatch; its local date is day 0 (rule 1).
    pub start: Millis,
    /// The rule at that moment, for ever (rule 11).
    pub span: Span,
    pub pauses: Vec<Pause>,
    pub changes: Vec<Change>,
    pub extensions: Vec<Extension>,
}

/// When a clock runs out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Due {
    /// The last instant that is on time; none while a pause is open (rule 7).
    pub at: Option<Millis>,
    /// Counting looked at a year without a notice: the date comes from weekends alone (rule 13).
    pub not_announced: bool,
}

impl Clock {
    /// A clock at its first dispatch: nothing has happened to it yet.
    pub fn start(start: Millis, span: Span) -> Clock {
        Clock { start, span, pauses: Vec::new(), changes: Vec::new(), extensions: Vec::new() }
    }

    /// The due date as things stand now.
    pub fn due(&self, calendar: &Calendar) -> Due {
        if self.is_paused() {
            return Due { at: None, not_announced: false };
        }
        let (at, span) = self.by_rule(calendar);
        let extension = self.extensions.iter().max_by_key(|extension| extension.granted);
        let extended = extension.map(|extension| (extension.granted, self.extended(extension, calendar)));
        match extended {
            // Of an extension and a later change of category the later date holds; otherwise the extension does.
            Some((granted, until)) if until >= at || self.changes.iter().all(|change| change.at < granted) => {
                ticked(self.start, until, calendar)
            }
            _ => due_at(self.start, at, span, calendar),
        }
    }

    /// The due date by the rule at dispatch, whatever happened since (rule 11). Notices imported later change what
    /// this answers, so keep what it answered at dispatch (rule 12).
    pub fn first_due(&self, calendar: &Calendar) -> Due {
        due_after(self.start, self.span, calendar)
    }

    /// Whether a pause covers `now`.
    pub fn paused_at(&self, now: Millis) -> bool {
        self.pauses.iter().any(|pause| pause.from <= now && pause.to.is_none_or(|to| now < to))
    }

    /// Whether a pause has no end yet.
    pub fn is_paused(&self) -> bool {
        self.pauses.iter().any(|pause| pause.to.is_none())
    }

    /// The due date without extensions, and the span it was counted by (rules 7 and 8). Of several changes the
    /// last decides: each counts from the first dispatch, as if those before it had not been.
    fn by_rule(&self, calendar: &Calendar) -> (Millis, Span) {
        let Some(change) = self.changes.iter().max_by_key(|change| change.at) else {
            return (count(self.start, self.span, &self.pauses, calendar), self.span);
        };
        let at = count(self.start, change.span, &self.pauses, calendar);
        if at > change.at {
            return (at, change.span);
        }
        let grace = if is_hours(change.span) { change.span } else { Span::Workdays(1) };
        (count(change.at, grace, &self.pauses, calendar), grace)
    }

    /// The extended date, pushed by the workday ticks that pauses begun after the grant swallow (rule 9).
    fn extended(&self, extension: &Extension, calendar: &Calendar) -> Millis {
        let later = self.pauses.iter().filter(|pause| pause.from > extension.granted);
        let day = calendar.on_or_next_workday(extension.until).number();
        calendar.tick_of(push_workdays(day, i64::MIN, &ticks_lost(later, calendar), calendar))
    }
}

/// When a clock without pauses, changes and extensions runs out: rules 1 to 6 and 13.
pub fn due_after(start: Millis, span: Span, calendar: &Calendar) -> Due {
    due_at(start, count(start, span, &[], calendar), span, calendar)
}

/// The last moment to ask for an extension: the tick of the workday before the due day.
pub fn ask_by(due: Millis, calendar: &Calendar) -> Millis {
    calendar.tick(calendar.previous_workday(due.day()))
}

fn due_at(start: Millis, at: Millis, span: Span, calendar: &Calendar) -> Due {
    if is_hours(span) { Due { at: Some(at), not_announced: false } } else { ticked(start, at, calendar) }
}

/// A due date that was found by looking at days, with rule 13.
fn ticked(start: Millis, at: Millis, calendar: &Calendar) -> Due {
    let (day_0, due_day) = (start.local_number().0, at.local_number().0);
    Due { at: Some(at), not_announced: calendar.unannounced(day_0, due_day) }
}

fn is_hours(span: Span) -> bool {
    matches!(span, Span::Hours(_))
}

/// Rules 1 to 7: where `span` from `start` ends when closed pauses are left out.
fn count(start: Millis, span: Span, pauses: &[Pause], calendar: &Calendar) -> Millis {
    let day_0 = start.local_number().0;
    let last = match span {
        Span::Hours(hours) => {
            let end = start.plus(i64::from(hours) * HOUR_MS);
            return Millis(push(end.0, start.0, &ranges(pauses.iter(), |at| at.0)));
        }
        Span::Workdays(n) => {
            let lost = ticks_lost(pauses.iter(), calendar);
            let last = push_workdays(calendar.nth(day_0, n), day_0 + 1, &lost, calendar);
            return calendar.tick_of(roll(last, &lost, calendar));
        }
        Span::Days(n) => day_0 + i64::from(n),
        Span::Months(n) => start.day().plus_months(n).number(),
    };
    let lost = ticks_lost(pauses.iter(), calendar);
    calendar.tick_of(roll(push(last, day_0 + 1, &lost), &lost, calendar))
}

/// The pauses as days whose ticks they swallow, `[from, to)` in day numbers.
fn ticks_lost<'a>(pauses: impl Iterator<Item = &'a Pause>, calendar: &Calendar) -> Vec<(i64, i64)> {
    ranges(pauses, |at| calendar.ticks_from(at))
}

/// The closed pauses by their beginnings, measured by `place`; they may overlap.
fn ranges<'a>(pauses: impl Iterator<Item = &'a Pause>, place: impl Fn(Millis) -> i64) -> Vec<(i64, i64)> {
    let mut ranges: Vec<_> = pauses.filter_map(|pause| Some((place(pause.from), place(pause.to?)))).collect();
    ranges.sort_unstable();
    ranges
}

/// Moves `last` on by what the ranges take away between `first` and it, in calendar days or milliseconds.
fn push(last: i64, first: i64, ranges: &[(i64, i64)]) -> i64 {
    push_by(last, first, ranges, |last, from, to| last.saturating_add(to.saturating_sub(from)))
}

/// As [`push`], in workdays: those of `from..=last` are counted anew beginning at `to`.
fn push_workdays(last: i64, first: i64, ranges: &[(i64, i64)], calendar: &Calendar) -> i64 {
    push_by(last, first, ranges, |last, from, to| calendar.nth(to - 1, calendar.count(from - 1, last)))
}

/// Walks the ranges in order; each that begins at or before `last` moves it, and what two have in common counts once.
fn push_by(last: i64, first: i64, ranges: &[(i64, i64)], moved: impl Fn(i64, i64, i64) -> i64) -> i64 {
    let (mut last, mut free) = (last, first);
    for &(from, to) in ranges {
        let from = from.max(free);
        if from > last {
            break;
        }
        if from < to {
            last = moved(last, from, to);
            free = to;
        }
    }
    last
}

/// On to the next workday whose tick counts (rules 3 and 7). The ranges are ordered, so one pass is enough.
fn roll(day: i64, ranges: &[(i64, i64)], calendar: &Calendar) -> i64 {
    let on_or_next = |day: i64| calendar.nth(day - 1, 1);
    ranges.iter().fold(on_or_next(day), |day, &(from, to)| if (from..to).contains(&day) { on_or_next(to) } else { day })
}
