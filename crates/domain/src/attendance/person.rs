//! One person at all his sites, as the plans known by a day have it: what is wanted of him, and what his leave excuses.

use crate::attendance::Terms;
use crate::attendance::index::Index;
use crate::attendance::leave::{self, Answer, Answers};
use crate::attendance::plan::{Kind, Line};
use crate::attendance::presence::Presence;
use crate::attendance::verdict::Reason;
use crate::id::{PersonId, SiteId};
use crate::time::{Day, Millis};

pub(super) struct Person<'a> {
    pub id: PersonId,
    pub presences: Vec<Presence<'a>>,
    /// Those for whom he covers.
    chiefs: Vec<Presence<'a>>,
    answers: Answers,
}

/// Whether the plan wants somebody on a day (rule 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    Wanted,
    /// A day of a quota's week or month.
    Eligible,
    Not(Reason),
}

impl Want {
    pub fn is_wanted(self) -> bool {
        matches!(self, Want::Wanted | Want::Eligible)
    }
}

impl<'a> Person<'a> {
    /// `span`: the days judged, filled up to whole weeks and months.
    pub fn new(
        index: &Index<'a>,
        (id, extra_site): (PersonId, SiteId),
        span: (Day, Day),
        known: Day,
        terms: &Terms,
    ) -> Person<'a> {
        let walked = (leave_begins(index, id, span), span.1);
        let mut sites = index.places(id).to_vec();
        if !sites.contains(&extra_site) {
            sites.push(extra_site);
        }
        let presence = |person, site| Presence::new(index, (person, site), walked, known, terms);
        let presences: Vec<Presence> = sites.iter().map(|site| presence(id, *site)).collect();
        let covered = sites
            .iter()
            .flat_map(|site| index.lines(id, *site).iter().filter_map(move |it| Some((it.1.covers?, *site))));
        let mut covered: Vec<(PersonId, SiteId)> = covered.collect();
        covered.sort_unstable();
        covered.dedup();
        let chiefs = covered.into_iter().map(|(chief, site)| presence(chief, site)).collect();
        let mut person = Person { id, presences, chiefs, answers: Answers::new() };
        person.answers = leave::answers(&person, index, walked, terms);
        person
    }

    pub fn place(&self, site: SiteId) -> Option<usize> {
        self.presences.iter().position(|it| it.site == site)
    }

    pub fn answer(&self, place: usize, day: Day, slot: usize) -> Option<Answer> {
        self.answers.get(&(place, day, slot)).copied()
    }

    pub fn wants(&self, index: &Index, presence: &Presence, line: &Line, day: Day, terms: &Terms) -> Want {
        let in_mask = line.days.holds(day, terms.calendar.is_workday(day));
        if let Some(chief) = line.covers {
            let chief = self.chiefs.iter().find(|it| it.person == chief && it.site == presence.site);
            return match chief {
                _ if !in_mask => Want::Not(Reason::DayOff),
                Some(chief) if chief.attended(day, terms) => Want::Not(Reason::ChiefOnSite),
                _ => Want::Wanted,
            };
        }
        match &line.kind {
            Kind::Named { dates } if dates.contains(&day) => Want::Wanted,
            Kind::Named { .. } => Want::Not(Reason::NotANamedDate),
            Kind::OnCall => called(index, line.person, presence.site, day, terms),
            _ if !in_mask => Want::Not(Reason::DayOff),
            Kind::FullTime => Want::Wanted,
            Kind::PerWeek { .. } | Kind::PerMonth { .. } => Want::Eligible,
        }
    }

    /// A credited punch at a site that the line names (rule 11).
    pub fn is_elsewhere(&self, line: &Line, day: Day) -> bool {
        self.presences.iter().any(|it| line.excused_by.contains(&it.site) && it.came(day))
    }
}

fn called(index: &Index, person: PersonId, site: SiteId, day: Day, terms: &Terms) -> Want {
    let by = Millis::at(day.plus(-1), terms.rules.on(day).call_by_ms);
    let mut calls = index.calls(person, site).iter().filter(|it| it.day == day).peekable();
    if calls.peek().is_none() {
        Want::Not(Reason::NotCalled)
    } else if calls.any(|it| it.called_at <= by) {
        Want::Wanted
    } else {
        Want::Not(Reason::CalledTooLate)
    }
}

/// Where counting the leave begins: with the first leave of the year, or where the roll begins.
fn leave_begins(index: &Index, person: PersonId, (from, to): (Day, Day)) -> Day {
    let year = Day::new(from.year(), 1, 1).unwrap_or(from);
    let begin = index.since.map_or(year, |since| since.max(year));
    let leaves = index.leaves(person).iter().filter(|it| it.to >= begin && it.from <= to);
    leaves.map(|it| it.from.max(begin)).min().map_or(from, |it| it.min(from))
}
