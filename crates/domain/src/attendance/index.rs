//! The roll sorted once, by whom and where it concerns; only what was known by the moment of judging is in it.

use crate::attendance::plan::{Line, StagePlan};
use crate::attendance::roll::{Call, Certificate, Exit, KeyPeriod, Leave, Punch, Roll, Substitute};
use crate::attendance::rule_set::RuleSets;
use crate::id::{PersonId, SiteId};
use crate::time::{Day, Millis};
use std::collections::HashMap;
use std::hash::Hash;

/// A plan version with the days between which it can govern.
pub(super) struct Version<'a> {
    pub plan: &'a StagePlan,
    pub approved: Day,
    /// The first day that it can govern (rule 1).
    pub starts: Day,
}

/// A punch with its time by the server's clock.
#[derive(Clone, Copy)]
pub(super) struct Timed<'a> {
    pub punch: &'a Punch,
    pub at: Millis,
    pub corrected: bool,
    pub clock_off: bool,
}

/// A line with the place of its version among those of the site.
pub(super) type Placed<'a> = (usize, &'a Line);
type By<K, T> = HashMap<K, Vec<T>>;
type Where = (PersonId, SiteId);

pub(super) struct Index<'a> {
    pub since: Option<Day>,
    versions: By<SiteId, Version<'a>>,
    lines: By<Where, Placed<'a>>,
    /// By the person replaced.
    successors: By<Where, Placed<'a>>,
    punches: By<Where, Timed<'a>>,
    exits: By<Where, &'a Exit>,
    calls: By<Where, &'a Call>,
    /// By who stands in.
    substitutes: By<Where, &'a Substitute>,
    /// By whom they stand in for.
    stand_ins: By<Where, &'a Substitute>,
    leaves: By<PersonId, &'a Leave>,
    certificates: By<PersonId, &'a Certificate>,
    key_periods: By<SiteId, &'a KeyPeriod>,
    used: HashMap<(PersonId, i16), u32>,
    places: By<PersonId, SiteId>,
}

fn group<K: Hash + Eq, T>(items: impl Iterator<Item = (K, T)>) -> By<K, T> {
    let mut groups: By<K, T> = HashMap::new();
    for (key, item) in items {
        groups.entry(key).or_default().push(item);
    }
    groups
}

fn of<'b, K: Hash + Eq, T>(groups: &'b By<K, T>, key: &K) -> &'b [T] {
    groups.get(key).map_or(&[], Vec::as_slice)
}

impl<'a> Index<'a> {
    pub fn new(roll: &'a Roll, rules: &RuleSets, now: Millis) -> Index<'a> {
        let versions = versions(roll, now);
        let placed = || {
            versions
                .values()
                .flat_map(|all| all.iter().enumerate())
                .flat_map(|(n, it)| it.plan.lines.iter().map(move |line| (it.plan.site, (n, line))))
        };
        let lines = group(placed().map(|(site, it)| ((it.1.person, site), it)));
        let successors = group(placed().filter_map(|(site, it)| Some(((it.1.replaces?, site), it))));
        let mut punches = group(roll.punches.iter().map(|it| ((it.person, it.site), timed(it, rules))));
        for all in punches.values_mut() {
            all.sort_by_key(|it| (it.at, it.punch.at));
        }
        let approved = roll.leaves.iter().filter(|it| it.approved_at.is_some_and(|at| at <= now));
        let substitutes = || roll.substitutes.iter().filter(|it| it.approved_at.is_none_or(|at| at <= now));
        let mut used = HashMap::new();
        for it in &roll.leave_used {
            let days: &mut u32 = used.entry((it.person, it.year)).or_default();
            *days = days.saturating_add(it.days);
        }
        let mut index = Index {
            since: roll.since,
            lines,
            successors,
            punches,
            exits: group(roll.exits.iter().filter(|it| it.filed_at <= now).map(|it| ((it.person, it.site), it))),
            calls: group(roll.calls.iter().filter(|it| it.called_at <= now).map(|it| ((it.person, it.site), it))),
            substitutes: group(substitutes().map(|it| ((it.person, it.site), it))),
            stand_ins: group(substitutes().map(|it| ((it.instead_of, it.site), it))),
            leaves: group(approved.map(|it| (it.person, it))),
            certificates: group(roll.certificates.iter().map(|it| (it.person, it))),
            key_periods: group(roll.key_periods.iter().map(|it| (it.site, it))),
            used,
            places: HashMap::new(),
            versions,
        };
        index.places = index.all_places();
        index
    }

    fn all_places(&self) -> By<PersonId, SiteId> {
        let keys = self.lines.keys().chain(self.punches.keys()).chain(self.substitutes.keys());
        let mut places = group(keys.copied());
        for sites in places.values_mut() {
            sites.sort_unstable();
            sites.dedup();
        }
        places
    }

    /// The site's versions, from the one that gives way to all others to the one that goes before them.
    pub fn versions(&self, site: SiteId) -> &[Version<'a>] {
        of(&self.versions, &site)
    }

    /// Where the person has a line, a punch or a substitution.
    pub fn places(&self, person: PersonId) -> &[SiteId] {
        of(&self.places, &person)
    }

    pub fn persons(&self) -> impl Iterator<Item = PersonId> {
        self.places.keys().copied()
    }

    pub fn lines(&self, person: PersonId, site: SiteId) -> &[Placed<'a>] {
        of(&self.lines, &(person, site))
    }

    pub fn successors(&self, person: PersonId, site: SiteId) -> &[Placed<'a>] {
        of(&self.successors, &(person, site))
    }

    /// In the order of their times.
    pub fn punches(&self, person: PersonId, site: SiteId) -> &[Timed<'a>] {
        of(&self.punches, &(person, site))
    }

    pub fn exits(&self, person: PersonId, site: SiteId) -> &[&'a Exit] {
        of(&self.exits, &(person, site))
    }

    pub fn calls(&self, person: PersonId, site: SiteId) -> &[&'a Call] {
        of(&self.calls, &(person, site))
    }

    pub fn substitutes(&self, person: PersonId, site: SiteId) -> &[&'a Substitute] {
        of(&self.substitutes, &(person, site))
    }

    pub fn stand_ins(&self, instead_of: PersonId, site: SiteId) -> &[&'a Substitute] {
        of(&self.stand_ins, &(instead_of, site))
    }

    pub fn leaves(&self, person: PersonId) -> &[&'a Leave] {
        of(&self.leaves, &person)
    }

    pub fn certificates(&self, person: PersonId) -> &[&'a Certificate] {
        of(&self.certificates, &person)
    }

    pub fn in_key_period(&self, site: SiteId, day: Day) -> bool {
        of(&self.key_periods, &site).iter().any(|it| it.from <= day && day <= it.to)
    }

    pub fn leave_used(&self, person: PersonId, year: i16) -> u32 {
        self.used.get(&(person, year)).copied().unwrap_or(0)
    }
}

fn versions(roll: &Roll, now: Millis) -> By<SiteId, Version<'_>> {
    let known = roll.versions.iter().filter_map(|plan| {
        let approved = plan.approved_at.filter(|at| *at <= now)?.day();
        Some((plan.site, Version { plan, approved, starts: plan.effective_from.max(approved.plus(1)) }))
    });
    let mut versions = group(known);
    for all in versions.values_mut() {
        all.sort_by_key(|it| (it.plan.effective_from, it.plan.approved_at, it.plan.version));
    }
    versions
}

/// Rule 7: a clock a little off is left, one further off is corrected, one far off is corrected and does not count by
/// itself. The true time of that one says at least on which day somebody must look at it.
fn timed<'a>(punch: &'a Punch, rules: &RuleSets) -> Timed<'a> {
    let rules = rules.on(punch.at.day());
    let (at, off) = (punch.true_at(rules), punch.off_s());
    Timed { punch, at, corrected: off > rules.drift_as_is_s, clock_off: off > rules.drift_corrected_s }
}
