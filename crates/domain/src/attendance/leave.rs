//! Which days leave 请假 excuses: key periods, approval in time, caps per person, substitutes (rules 8 and 9).

use crate::attendance::Terms;
use crate::attendance::index::Index;
use crate::attendance::person::Person;
use crate::attendance::plan::{Line, Post};
use crate::attendance::presence::Attendance;
use crate::attendance::roll::{Leave, LeaveKind};
use crate::attendance::standing::Standing;
use crate::attendance::substitution::counts;
use crate::attendance::verdict::Reason;
use crate::id::{PersonId, SiteId};
use crate::time::{Day, Millis};
use std::collections::{BTreeMap, BTreeSet};

/// What leave does for one line of the person on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// `is_used`: he was nowhere else, so that the day counts against the caps.
    Excused {
        is_substituted: bool,
        is_used: bool,
    },
    Refused(Reason),
}

/// By the place of the site among the person's, the day, and the place of the line among those of the day.
pub(super) type Answers = BTreeMap<(usize, Day, usize), Answer>;

/// How many days of the running month and year are used, while days go by in order.
struct Used {
    year: i16,
    month: i8,
    in_month: u32,
    in_year: u32,
}

/// Goes through the days of leave in order, for what was used before decides.
pub(super) fn answers(person: &Person, index: &Index, (from, to): (Day, Day), terms: &Terms) -> Answers {
    let leaves = index.leaves(person.id);
    let days: BTreeSet<Day> = leaves.iter().flat_map(|it| days_of(it, from, to)).collect();
    let mut answers = Answers::new();
    let mut used = Used { year: i16::MIN, month: 0, in_month: 0, in_year: 0 };
    for day in days {
        used.enter(day, index.leave_used(person.id, day.year()));
        let refusal = refusal(leaves, day, &used, terms);
        let mut is_used = false;
        for (place, presence) in person.presences.iter().enumerate() {
            for (slot, standing) in presence.standings(day).iter().enumerate() {
                let Standing::Judged { line, .. } = *standing else { continue };
                let attended = presence.attendance(line, slot, day, terms) == Attendance::Attended;
                if attended || !person.wants(index, presence, line, day, terms).is_wanted() {
                    continue;
                }
                let in_key_period = index.in_key_period(presence.site, day).then_some(Reason::LeaveInKeyPeriod);
                let elsewhere = person.is_elsewhere(line, day);
                let answer = match in_key_period.or(refusal) {
                    Some(reason) => Answer::Refused(reason),
                    None => by_substitute((index, terms), presence.site, line, day, !elsewhere),
                };
                is_used |= matches!(answer, Answer::Excused { is_used: true, .. });
                answers.insert((place, day, slot), answer);
            }
        }
        used.in_month += u32::from(is_used);
        used.in_year = used.in_year.saturating_add(u32::from(is_used));
    }
    answers
}

impl Used {
    fn enter(&mut self, day: Day, used_before: u32) {
        if day.year() != self.year {
            (self.year, self.in_year) = (day.year(), used_before);
            self.month = 0;
        }
        if day.month() != self.month {
            (self.month, self.in_month) = (day.month(), 0);
        }
    }
}

fn days_of(leave: &Leave, from: Day, to: Day) -> impl Iterator<Item = Day> + use<> {
    let (first, last) = (leave.from.max(from).number(), leave.to.min(to).number());
    (first..=last).map(Day::from_number)
}

/// What refuses the person's leave on a day at every site, in the order of rule 8.
fn refusal(leaves: &[&Leave], day: Day, used: &Used, terms: &Terms) -> Option<Reason> {
    let rules = terms.rules.on(day);
    let mut of_day = leaves.iter().filter(|it| it.from <= day && day <= it.to);
    if !of_day.any(|it| is_in_time(it, day, terms)) {
        return Some(Reason::LeaveLate);
    }
    if used.in_month >= rules.leave_a_month {
        return Some(Reason::LeaveOverMonthCap);
    }
    (used.in_year >= rules.leave_a_year).then_some(Reason::LeaveOverYearCap)
}

fn is_in_time(leave: &Leave, day: Day, terms: &Terms) -> bool {
    let Some(approved) = leave.approved_at else { return false };
    match leave.kind {
        LeaveKind::Ordinary => approved < Millis::at(day, 0),
        LeaveKind::Sick => approved <= illness_deadline(day, terms),
    }
}

/// By when what an illness on the day calls for must be approved.
pub(super) fn illness_deadline(day: Day, terms: &Terms) -> Millis {
    let rules = terms.rules.on(day);
    Millis::at(terms.calendar.plus_workdays(day, rules.sick_workdays), rules.tick_ms)
}

/// Rule 9.
fn by_substitute((index, terms): (&Index, &Terms), site: SiteId, line: &Line, day: Day, is_used: bool) -> Answer {
    let stand_ins = index.stand_ins(line.person, site).iter();
    let mut of_day = stand_ins.filter(|it| it.person != line.person && counts(it, day, terms)).peekable();
    let is_named = of_day.peek().is_some();
    let is_substituted = of_day.any(|it| holds_certificate(index, it.person, &line.post, day));
    match (line.needs_delegate, is_named, is_substituted) {
        (true, false, _) => Answer::Refused(Reason::LeaveWithoutSubstitute),
        (true, true, false) => Answer::Refused(Reason::SubstituteCertificateInvalid),
        _ => Answer::Excused { is_substituted, is_used },
    }
}

pub(super) fn holds_certificate(index: &Index, person: PersonId, post: &Post, day: Day) -> bool {
    index.certificates(person).iter().any(|it| it.is_valid(post, day))
}
