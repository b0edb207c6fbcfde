//! Which requirements and lines hold on which days of the time that is planned, site by site.

use super::Given;
use domain::attendance::plan::{Kind, Line, Post, Requirement, Stage, StagePlan};
use domain::id::{PersonId, SiteId};
use domain::time::Day;
use std::collections::{BTreeMap, BTreeSet};

/// No more days are planned at once, so that no date however absurd makes it run for ever.
const MOST_DAYS: i64 = 400;

/// Something of a plan, with the days of the time planned on which it holds, in order.
pub(super) type Dated<'a, T> = (&'a T, Vec<Day>);

pub(super) struct Wants<'a> {
    pub site: SiteId,
    /// Persons of the firm who have a post or a line here, or whom a requirement names.
    pub roster: BTreeSet<PersonId>,
    posts: BTreeMap<PersonId, BTreeSet<&'a Post>>,
    pub requirements: Vec<Dated<'a, Requirement>>,
    /// Of persons of the firm; without the days of a quota on which a requirement asks for its post.
    pub lines: Vec<Dated<'a, Line>>,
}

pub(super) fn days(given: &Given) -> impl Iterator<Item = Day> + use<> {
    let to = given.to.min(given.from.plus(MOST_DAYS - 1));
    (given.from.number()..=to.number()).map(Day::from_number)
}

/// The days of each site with the version that governs them (rule 1).
pub(super) fn governed<'a>(given: &Given<'a>) -> BTreeMap<SiteId, Vec<(Day, &'a StagePlan)>> {
    let sites: BTreeSet<SiteId> = given.plans.iter().map(|it| it.site).collect();
    let governs = |site: SiteId, day: Day| {
        let of_site = given.plans.iter().copied().filter(|it| it.site == site && it.effective_from <= day);
        let known = of_site.filter(|it| it.approved_at.is_some_and(|at| at.day() < day));
        known.max_by_key(|it| (it.effective_from, it.approved_at, it.version))
    };
    sites
        .into_iter()
        .map(|site| (site, days(given).filter_map(|day| Some((day, governs(site, day)?))).collect()))
        .collect()
}

pub(super) fn is_on(line: &Line, day: Day) -> bool {
    line.from <= day && day <= line.to
}

pub(super) fn wants<'a>(given: &Given<'a>) -> Vec<Wants<'a>> {
    governed(given).into_iter().map(|(site, days)| Wants::new(given, site, &days)).collect()
}

impl<'a> Wants<'a> {
    fn new(given: &Given<'a>, site: SiteId, days: &[(Day, &'a StagePlan)]) -> Wants<'a> {
        let mut it =
            Wants { site, roster: BTreeSet::new(), posts: BTreeMap::new(), requirements: vec![], lines: vec![] };
        for (person, posts) in given.staff.get(&site).into_iter().flatten() {
            it.posts.entry(*person).or_default().extend(posts);
        }
        for (day, plan) in days {
            let stages: Vec<&'a Stage> = plan.stages.iter().filter(|it| it.from <= *day && *day <= it.to).collect();
            let required = || stages.iter().flat_map(|it| &it.requirements);
            for requirement in required() {
                hold(&mut it.requirements, requirement, *day, |one, other| one == other);
                it.roster.extend(&requirement.persons);
            }
            for line in plan.lines.iter().filter(|line| is_on(line, *day) && given.movable.contains(&line.person)) {
                it.posts.entry(line.person).or_default().insert(&line.post);
                if !required().any(|it| covers(it, line)) {
                    hold(&mut it.lines, line, *day, same_terms);
                }
            }
        }
        it.roster.extend(it.posts.keys());
        it.roster.retain(|person| given.movable.contains(person));
        it
    }

    /// Who of the firm can fill the post for the requirement: whom it names, or whoever holds the post here. Of a joint
    /// one it names several for several posts.
    pub fn holders(&self, post: &Post, requirement: &Requirement) -> Vec<PersonId> {
        let holds = |person: &PersonId| self.posts.get(person).is_some_and(|it| it.contains(post));
        let is_named = |person: &PersonId| requirement.persons.contains(person);
        let can = |person: &&PersonId| match (requirement.persons.is_empty(), requirement.posts.len()) {
            (true, _) => holds(person),
            (false, 1) => is_named(person),
            (false, _) => is_named(person) && holds(person),
        };
        self.roster.iter().filter(can).copied().collect()
    }
}

/// Whether the requirement asks for what the line promises by quota, so that the line need not be asked for besides. A
/// joint one asks that they meet, not how often each comes.
fn covers(requirement: &Requirement, line: &Line) -> bool {
    let is_for = requirement.persons.is_empty() || requirement.persons.contains(&line.person);
    line.kind.quota().is_some()
        && line.covers.is_none()
        && requirement.kind != Kind::OnCall
        && requirement.posts.len() == 1
        && requirement.posts.contains(&line.post)
        && is_for
}

/// A new version that repeats the line does not cut the week (rule 4).
fn same_terms(one: &Line, other: &Line) -> bool {
    one.person == other.person
        && one.post == other.post
        && one.kind == other.kind
        && one.days == other.days
        && one.covers == other.covers
        && one.excused_by == other.excused_by
}

fn hold<'a, T>(held: &mut Vec<Dated<'a, T>>, it: &'a T, day: Day, same: impl Fn(&T, &T) -> bool) {
    match held.iter_mut().find(|(other, _)| same(other, it)) {
        Some((_, days)) if days.last() != Some(&day) => days.push(day),
        Some(_) => {}
        None => held.push((it, vec![day])),
    }
}
