//! Parts of the time that is asked about, each judged with the same plans (rule 1).

use crate::attendance::person::Person;
use crate::attendance::presence::Presence;
use crate::attendance::quota::periods;
use crate::attendance::substitution::{StoodIn, counts};
use crate::attendance::{Judge, Terms};
use crate::id::{PersonId, SiteId};
use crate::time::Day;

/// No more days are judged at once, so that no date however absurd makes it run for ever.
const MOST_DAYS: i64 = 3_660;

/// One person at one site on days whose plans are those known at the end of `to`.
pub(super) struct Part<'a> {
    pub person: Person<'a>,
    /// The place of the site among the person's.
    pub place: usize,
    /// The first day that is judged with these plans.
    pub begin: Day,
    from: Day,
    pub to: Day,
    stood_in: Vec<StoodIn<'a>>,
}

impl<'a> Part<'a> {
    pub fn days(&self) -> impl Iterator<Item = Day> + use<> {
        (self.from.number()..=self.to.number()).map(Day::from_number)
    }

    /// At the site that is asked about.
    pub fn presence(&self) -> &Presence<'a> {
        &self.person.presences[self.place]
    }

    /// The substitutions that he is named for on the day.
    pub fn stood_in(&self, day: Day, terms: &Terms) -> impl Iterator<Item = &StoodIn<'a>> {
        self.stood_in.iter().filter(move |it| counts(it.substitute, day, terms))
    }
}

impl<'a> Judge<'a> {
    /// A day is judged with the plan versions approved by its end: what is approved later does not exist for it, so it
    /// cannot cut the week or month to which the day belongs either. The first parts may begin before `from`, for what
    /// another plan charged in the running week or month.
    pub(super) fn parts(
        &self,
        person: PersonId,
        site: SiteId,
        from: Day,
        to: Day,
    ) -> impl Iterator<Item = Part<'a>> + use<'_, 'a> {
        let to = to.min(from.plus(MOST_DAYS));
        let mut begin = periods(from, from).0;
        self.approvals(person, site, begin, to).into_iter().filter_map(move |known| {
            // Days before `from` are judged only where another plan governed a part of its week or month.
            let first = if known == to { from.max(begin) } else { begin };
            let part = self.part(person, site, (begin, first, known));
            begin = known.plus(1);
            part
        })
    }

    /// The last days of the stretches within which no version is approved; the last is `to`.
    fn approvals(&self, person: PersonId, site: SiteId, from: Day, to: Day) -> Vec<Day> {
        let sites = self.index.places(person).iter().copied().chain([site]);
        let approved = sites.flat_map(|site| self.index.versions(site).iter().map(|it| it.approved.plus(-1)));
        let mut ends: Vec<Day> = approved.filter(|it| from <= *it && *it < to).chain([to]).collect();
        ends.sort_unstable();
        ends.dedup();
        ends
    }

    fn part(&self, person: PersonId, site: SiteId, (begin, from, to): (Day, Day, Day)) -> Option<Part<'a>> {
        let span = periods(from, to);
        let person_at = |id| Person::new(&self.index, (id, site), span, to, &self.terms);
        let all = self.index.substitutes(person, site).iter();
        let within = all.filter(|it| it.instead_of != person && it.from <= to && from <= it.to);
        let stood_in = within.map(|it| StoodIn { substitute: it, other: person_at(it.instead_of) }).collect();
        let person = person_at(person);
        let place = person.place(site)?;
        Some(Part { person, place, begin, from, to, stood_in })
    }
}
