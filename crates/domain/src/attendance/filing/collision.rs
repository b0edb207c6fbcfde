//! Promises of one person to several sites that cannot all be kept: which days, which sites.
//!
//! A full-time day belongs to its site, unless the line says that a punch at the other site excuses. A named date is a
//! visit, and a day holds `sites_a_day` of them. A quota takes some of its days: whether all quotas find days is a
//! matching. A call is not a promise before it is made, nor is covering for somebody.

use super::{Filing, Trouble};
use crate::attendance::plan::{Kind, Line, StagePlan};
use crate::attendance::quota::{period, quota_of};
use crate::attendance::stretches::Stretches;
use crate::id::{PersonId, SiteId};
use crate::time::Day;
use std::collections::{BTreeMap, BTreeSet};

/// How far ahead is looked.
const MOST_DAYS: i64 = 400;

/// One person's days, numbered from 0.
struct Diary<'a> {
    first: Day,
    days: Vec<Page<'a>>,
    quotas: Vec<Demand>,
    sites_a_day: usize,
}

#[derive(Default)]
struct Page<'a> {
    full: Vec<(SiteId, &'a Line)>,
    visits: BTreeSet<SiteId>,
    /// The quotas, by their places, that take this day.
    taken: Vec<usize>,
}

/// The quota of one site for one week or month.
struct Demand {
    site: SiteId,
    owed: u32,
    days: Vec<usize>,
}

pub(super) fn collisions(filing: &Filing) -> Vec<Trouble> {
    let persons: BTreeSet<PersonId> = filing.plan.lines.iter().map(|it| it.person).collect();
    persons.into_iter().flat_map(|person| of_person(filing, person)).collect()
}

fn of_person(filing: &Filing, person: PersonId) -> Vec<Trouble> {
    let mut plans: BTreeMap<SiteId, Vec<&StagePlan>> = BTreeMap::new();
    for plan in filing.others.iter().filter(|it| it.site != filing.plan.site).chain([filing.plan]) {
        plans.entry(plan.site).or_default().push(plan);
    }
    plans.retain(|_, all| all.iter().any(|plan| plan.lines.iter().any(|line| line.person == person)));
    if plans.len() < 2 {
        return vec![];
    }
    let mut found: BTreeMap<Vec<SiteId>, Vec<Day>> = BTreeMap::new();
    let mut diary = Diary::new(filing, person, &plans);
    for place in 0..diary.days.len() {
        let sites = diary.days[place].clash(diary.sites_a_day);
        if sites.len() > 1 {
            found.entry(sites.into_iter().collect()).or_default().push(diary.day(place));
        }
    }
    for quota in 0..diary.quotas.len() {
        let is_kept = (0..diary.quotas[quota].owed).all(|_| diary.place_one(quota, &mut BTreeSet::new()));
        if !is_kept {
            let days = diary.quotas[quota].days.iter().map(|place| diary.day(*place));
            found.entry(diary.rivals(quota)).or_default().extend(days);
        }
    }
    let trouble = |(sites, days)| Trouble::CannotBeKept { person, sites, days: Stretches::of_days(days) };
    found.into_iter().map(trouble).collect()
}

impl<'a> Diary<'a> {
    fn new(filing: &Filing, person: PersonId, plans: &BTreeMap<SiteId, Vec<&'a StagePlan>>) -> Diary<'a> {
        let first = filing.plan.effective_from;
        let own = filing.plan.lines.iter().filter(|it| it.person == person).map(|it| it.to).max();
        let last = own.unwrap_or(first).min(first.plus(MOST_DAYS));
        let mut diary =
            Diary { first, days: vec![], quotas: vec![], sites_a_day: filing.rules.sites_a_day.max(1) as usize };
        let mut demands: BTreeMap<(SiteId, Day, usize), (&Line, Vec<usize>)> = BTreeMap::new();
        for (place, number) in (first.number()..=last.number()).enumerate() {
            let day = Day::from_number(number);
            let mut page = Page::default();
            for (site, all) in plans {
                for (nth, line) in lines_on(all, person, day) {
                    let in_mask = line.days.holds(day, filing.calendar.is_workday(day));
                    match &line.kind {
                        Kind::FullTime if in_mask => page.full.push((*site, line)),
                        Kind::Named { dates } if dates.contains(&day) => {
                            page.visits.insert(*site);
                        }
                        Kind::PerWeek { .. } | Kind::PerMonth { .. } if in_mask => {
                            let key = (*site, period(&line.kind, day).0, nth);
                            demands.entry(key).or_insert((line, vec![])).1.push(place);
                        }
                        _ => {}
                    }
                }
            }
            diary.days.push(page);
        }
        for ((site, begin, _), (line, days)) in demands {
            let eligible = days.len() as u32;
            let owed = quota_of((&line.kind, line.days), begin, eligible, filing.calendar).min(eligible);
            diary.quotas.push(Demand { site, owed, days });
        }
        diary
    }

    fn day(&self, place: usize) -> Day {
        self.first.plus(place as i64)
    }

    /// Finds the quota one more day, moving others to other days where that helps.
    fn place_one(&mut self, quota: usize, tried: &mut BTreeSet<usize>) -> bool {
        for n in 0..self.quotas[quota].days.len() {
            let place = self.quotas[quota].days[n];
            let page = &self.days[place];
            let is_open = page.lets_in(self.quotas[quota].site) && !page.taken.contains(&quota);
            if !is_open || !tried.insert(place) {
                continue;
            }
            if page.taken.len() + page.visits.len() < self.sites_a_day {
                self.days[place].taken.push(quota);
                return true;
            }
            for other in 0..self.days[place].taken.len() {
                let moved = self.days[place].taken[other];
                if self.place_one(moved, tried) {
                    self.days[place].taken[other] = quota;
                    return true;
                }
            }
        }
        false
    }

    /// The sites whose promises lie on the days of a quota that is not kept.
    fn rivals(&self, quota: usize) -> Vec<SiteId> {
        let demand = &self.quotas[quota];
        let mut sites = BTreeSet::from([demand.site]);
        for place in &demand.days {
            let page = &self.days[*place];
            sites.extend(page.full.iter().map(|it| it.0).chain(page.visits.iter().copied()));
        }
        let meets = |other: &&Demand| other.owed > 0 && other.days.iter().any(|it| demand.days.contains(it));
        sites.extend(self.quotas.iter().filter(meets).map(|it| it.site));
        sites.into_iter().collect()
    }
}

impl Page<'_> {
    /// The full-time sites that no other promise of the day excuses.
    fn bound(&self) -> impl Iterator<Item = &(SiteId, &Line)> {
        let is_promised = |site: &SiteId| self.visits.contains(site) || self.full.iter().any(|it| it.0 == *site);
        self.full.iter().filter(move |(own, line)| !line.excused_by.iter().any(|it| it != own && is_promised(it)))
    }

    /// Sites whose fixed promises cannot all be kept on this day.
    fn clash(&self, sites_a_day: usize) -> BTreeSet<SiteId> {
        let mut sites: BTreeSet<SiteId> = self.bound().map(|it| it.0).collect();
        if !sites.is_empty() || self.visits.len() > sites_a_day {
            sites.extend(&self.visits);
        }
        sites
    }

    /// Whether a visit to the site leaves the full-time promises of the day whole.
    fn lets_in(&self, site: SiteId) -> bool {
        !self.visits.contains(&site) && self.bound().all(|(own, line)| *own == site || line.excused_by.contains(&site))
    }
}

/// The lines of the version that governs the day at one site, with their places.
fn lines_on<'a>(plans: &[&'a StagePlan], person: PersonId, day: Day) -> Vec<(usize, &'a Line)> {
    let begun = plans.iter().filter(|it| it.effective_from <= day);
    let Some(plan) = begun.max_by_key(|it| (it.effective_from, it.version)) else { return vec![] };
    let lines = plan.lines.iter().enumerate();
    let own = lines.filter(|(_, it)| it.person == person && it.covers.is_none() && it.from <= day && day <= it.to);
    own.collect()
}
