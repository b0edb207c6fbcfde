//! From approved plans to an ask, and from an accepted calendar back to the next version of a plan
//! (`scenarios/attendance.md`, rules 4 and 16).
//!
//! What a stage requires of its posts goes before what single persons promised: where a requirement asks for a post, the
//! quotas of its persons are not asked for besides. Full-time and named lines stand as they are, and so does every quota
//! that no requirement covers.

mod back;
mod wants;

pub use back::named;

use crate::{Ask, Joint, Need, Person, Site, When};
use domain::attendance::plan::{By, Kind, Line, Mask, Post, Requirement, StagePlan};
use domain::attendance::quota::{period, quota_of};
use domain::attendance::rule_set::RuleSet;
use domain::calendar::Calendar;
use domain::id::{PersonId, SiteId};
use domain::time::Day;
use std::collections::{BTreeMap, BTreeSet};
use wants::{Dated, Wants};

/// What is planned, for whom and for which days; of a longer time, its first 400 days.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// Approved versions, one or several of each site; which governs a day is rule 1.
    pub plans: &'a [&'a StagePlan],
    /// Who holds which posts at each site.
    pub staff: &'a BTreeMap<SiteId, BTreeMap<PersonId, Vec<Post>>>,
    /// Days of leave: he is sent nowhere, and his own lines ask nothing of him there (rule 8). Requirements stay.
    pub away: &'a BTreeMap<PersonId, BTreeSet<Day>>,
    pub from: Day,
    pub to: Day,
    pub calendar: &'a Calendar,
    pub rules: &'a RuleSet,
    /// The persons of the firm that asks, without those who have left. Nobody else is planned: a requirement that only
    /// others can fill is theirs, and of a joint one only the posts of these are asked for. Who covers for somebody else
    /// comes when that one does not, which no calendar of this firm knows.
    pub movable: &'a BTreeSet<PersonId>,
}

/// Posts in an ask carry, after a `#`, who may fill them; this is the post itself.
pub fn post_name(post: &str) -> &str {
    post.rsplit_once('#').map_or(post, |it| it.0)
}

/// Ids of sites and persons are their UUIDs. Days are workdays, and whatever other days something is asked for.
pub fn ask(given: &Given) -> Ask {
    let wants = wants::wants(given);
    let persons: BTreeSet<PersonId> = wants.iter().flat_map(|it| it.roster.iter().copied()).collect();
    let persons = persons.into_iter().collect();
    let mut asking = Asking { given, wants: &wants, persons, ask: Ask::default(), numbers: 0 };
    let away = |id: &PersonId| given.away.get(id).into_iter().flatten().copied().collect();
    asking.ask.persons =
        asking.persons.iter().map(|id| Person { id: id.to_string(), posts: vec![], away: away(id) }).collect();
    for it in &wants {
        let roster = it.roster.iter().filter_map(|id| asking.place(*id)).collect();
        asking.ask.sites.push(Site { id: it.site.to_string(), roster });
    }
    for (site, it) in wants.iter().enumerate() {
        it.requirements.iter().enumerate().for_each(|(nth, requirement)| asking.require(site, nth, requirement));
        it.lines.iter().enumerate().for_each(|(nth, line)| asking.promise(site, nth, line));
    }
    asking.ask.most_sites = given.rules.sites_a_day.max(1) as usize;
    asking.ask.days = asking.days();
    asking.ask
}

/// Site-days if everybody comes on every day of his lines: what the plans cost where nobody chooses.
pub fn cost_by_plan(given: &Given) -> usize {
    let mut visits: BTreeSet<(SiteId, PersonId, Day)> = BTreeSet::new();
    for (site, days) in wants::governed(given) {
        for (day, plan) in days {
            let is_workday = given.calendar.is_workday(day);
            let comes = |line: &&Line| match &line.kind {
                _ if !wants::is_on(line, day) || !given.movable.contains(&line.person) => false,
                Kind::Named { dates } if line.covers.is_none() => dates.contains(&day),
                Kind::OnCall if line.covers.is_none() => false,
                _ => line.days.holds(day, is_workday),
            };
            visits.extend(plan.lines.iter().filter(comes).map(|line| (site, line.person, day)));
        }
    }
    visits.len()
}

/// An ask being written.
struct Asking<'a> {
    given: &'a Given<'a>,
    /// In the order of `ask.sites`.
    wants: &'a [Wants<'a>],
    /// In the order of their ids, which is that of `ask.persons`.
    persons: Vec<PersonId>,
    ask: Ask,
    /// How many requirements want one and the same person.
    numbers: usize,
}

impl Asking<'_> {
    fn place(&self, person: PersonId) -> Option<usize> {
        self.persons.binary_search(&person).ok()
    }

    fn days(&self) -> Vec<Day> {
        let window = |when: &When| match when {
            When::Some { window, .. } => window.clone(),
            When::Each(days) => days.clone(),
        };
        let needs = self.ask.needs.iter().flat_map(|it| window(&it.when));
        let joints = self.ask.joints.iter().flat_map(|it| it.window.clone());
        let workdays = wants::days(self.given).filter(|it| self.given.calendar.is_workday(*it));
        needs.chain(joints).chain(workdays).collect::<BTreeSet<Day>>().into_iter().collect()
    }

    /// The post as these persons may fill it.
    fn post(&mut self, post: &Post, key: &str, holders: &[PersonId]) -> String {
        let name = format!("{}#{key}", post.0);
        for place in holders.iter().filter_map(|it| self.place(*it)).collect::<Vec<usize>>() {
            let posts = &mut self.ask.persons[place].posts;
            if !posts.contains(&name) {
                posts.push(name.clone());
            }
        }
        name
    }

    /// A requirement, for those of its posts that somebody of the firm can fill.
    fn require(&mut self, site: usize, nth: usize, (it, days): &Dated<Requirement>) {
        let wants = &self.wants[site];
        let key = match it.persons.is_empty() {
            true => wants.site.to_string(),
            false => format!("{}.{nth}", wants.site),
        };
        let mut posts = Vec::new();
        for post in &it.posts {
            let holders = wants.holders(post, it);
            if !holders.is_empty() {
                posts.push(self.post(post, &key, &holders));
            }
        }
        let one_person = (it.by == By::OnePerson && posts.len() == 1).then_some(self.numbers);
        self.numbers += 1;
        for (part, when) in whens((&it.kind, it.days), days, self.given.calendar).into_iter().enumerate() {
            if let [post] = &posts[..] {
                let (id, post) = (format!("{}/requirement {nth}/{part}", wants.site), post.clone());
                self.ask.needs.push(Need { id, site, post, when, one_person, elsewhere: vec![], alone: false });
            } else if !posts.is_empty() {
                let (n, window) = match when {
                    When::Some { n, window } => (n, window),
                    When::Each(days) => (days.len(), days),
                };
                self.ask.joints.push(Joint { site, posts: posts.clone(), n, window });
            }
        }
    }

    /// One person's line, bound to him; for a line that covers, to him and the one he covers for.
    fn promise(&mut self, site: usize, nth: usize, (line, days): &Dated<Line>) {
        let wants = &self.wants[site];
        let (mut holders, mut kind) = (vec![line.person], &line.kind);
        if let Some(chief) = line.covers {
            if !self.given.movable.contains(&chief) {
                return;
            }
            holders.extend(wants.roster.contains(&chief).then_some(chief));
            kind = &Kind::FullTime;
        }
        let is_full = line.covers.is_none() && line.kind == Kind::FullTime;
        let elsewhere = if is_full { self.excusing(site, line) } else { vec![] };
        let key = format!("{}.{}.{nth}", wants.site, line.person);
        let post = self.post(&line.post, &key, &holders);
        for (part, when) in whens((kind, line.days), days, self.given.calendar).into_iter().enumerate() {
            let when = without(when, |day| self.is_away(line.person, day));
            let id = format!("{}/line {nth} of {}/{part}", wants.site, line.person);
            let (post, elsewhere) = (post.clone(), elsewhere.clone());
            self.ask.needs.push(Need { id, site, post, when, one_person: None, elsewhere, alone: is_full });
        }
    }

    /// Sites at which a promised day excuses a full-time one, as filing has it: a call is no promise, nor is covering. A
    /// punch there excuses quotas and named dates too, but these are promises to come.
    fn excusing(&self, site: usize, line: &Line) -> Vec<usize> {
        let is_no_promise = |it: &Line| it.person == line.person && (it.covers.is_some() || it.kind == Kind::OnCall);
        let others = self.wants.iter().enumerate().filter(|(at, it)| *at != site && line.excused_by.contains(&it.site));
        others.filter(|(_, it)| !it.lines.iter().any(|(other, _)| is_no_promise(other))).map(|(at, _)| at).collect()
    }

    fn is_away(&self, person: PersonId, day: Day) -> bool {
        self.given.away.get(&person).is_some_and(|it| it.contains(&day))
    }
}

/// What a kind asks for on the days on which it holds: all at once, or week by week and month by month.
fn whens((kind, mask): (&Kind, Mask), days: &[Day], calendar: &Calendar) -> Vec<When> {
    let in_mask = days.iter().copied().filter(|day| mask.holds(*day, calendar.is_workday(*day)));
    let each = |days: Vec<Day>| if days.is_empty() { vec![] } else { vec![When::Each(days)] };
    match kind {
        Kind::OnCall => vec![],
        Kind::FullTime => each(in_mask.collect()),
        Kind::Named { dates } => each(days.iter().copied().filter(|day| dates.contains(day)).collect()),
        Kind::PerWeek { .. } | Kind::PerMonth { .. } => {
            let mut periods: BTreeMap<Day, Vec<Day>> = BTreeMap::new();
            in_mask.for_each(|day| periods.entry(period(kind, day).0).or_default().push(day));
            let part = |(first, window): (Day, Vec<Day>)| {
                let n = quota_of((kind, mask), first, window.len() as u32, calendar) as usize;
                (n > 0).then_some(When::Some { n, window })
            };
            periods.into_iter().filter_map(part).collect()
        }
    }
}

/// Leave does not lower a quota, but no more can be owed than days remain (rule 4).
fn without(when: When, is_off: impl Fn(Day) -> bool) -> When {
    match when {
        When::Each(days) => When::Each(days.into_iter().filter(|day| !is_off(*day)).collect()),
        When::Some { n, window } => {
            let window: Vec<Day> = window.into_iter().filter(|day| !is_off(*day)).collect();
            When::Some { n: n.min(window.len()), window }
        }
    }
}
