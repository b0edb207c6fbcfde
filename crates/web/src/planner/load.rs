//! What a firm's calendar is made from: its sites, the plans in force there, its people, their leave.

use super::firms;
use domain::attendance::plan::{Post, StagePlan};
use domain::attendance::rule_set::RuleSet;
use domain::calendar::Calendar;
use domain::id::{PersonId, SiteId};
use domain::role::Actor;
use domain::site::Tie;
use domain::time::Day;
use planner::Ask;
use planner::plans::{self, Given};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::Tx;
use store::site::{Reach, Site};
use store::terms::{Deed, Failure};
use store::{leave, site, site_exit, staff, stage_plan};

/// Sites of one firm that are planned together.
const MOST_SITES: i64 = 100;

/// A site in the calendar.
#[derive(Clone, Debug)]
pub struct Place {
    pub id: SiteId,
    pub no: i64,
    pub name: String,
    /// A few characters that no other site of the calendar has.
    pub short: String,
    /// Whether the firm files this site's plans.
    pub files: bool,
    /// The version in force when the time planned begins.
    pub base: Option<StagePlan>,
    /// A version under way: nothing can be filed before it is decided.
    pub pending: Option<u32>,
    /// The approved version that comes into force next, after the time planned begins.
    pub next: Option<(u32, Day)>,
    /// Own people there.
    pub people: usize,
}

#[derive(Clone)]
pub struct Material {
    pub from: Day,
    pub to: Day,
    pub places: Vec<Place>,
    pub names: BTreeMap<PersonId, String>,
    plans: Vec<StagePlan>,
    staff: BTreeMap<SiteId, BTreeMap<PersonId, Vec<Post>>>,
    pub away: BTreeMap<PersonId, BTreeSet<Day>>,
    movable: BTreeSet<PersonId>,
    rules: RuleSet,
    calendar: Arc<Calendar>,
}

impl Material {
    pub fn load(tx: &mut dyn Tx, deed: &Deed, actor: &Actor, (from, to): (Day, Day)) -> Result<Material, Failure> {
        let firms = firms(actor);
        let own = |unit| firms.iter().any(|it| it.1 == unit);
        let reach = Reach::Of { firms: firms.clone(), person: None };
        let mut sites = site::list(tx, &reach, 0, MOST_SITES)?;
        let mut movable = BTreeSet::new();
        for it in &sites {
            let gone = gone(tx, it, from)?;
            let staff = staff::list(tx, it.id)?.into_iter().filter(|it| own(it.firm)).map(|it| it.person);
            movable.extend(staff.filter(|it| !gone.contains(it)));
        }
        // Where else they have promised to be binds them as well.
        for person in &movable {
            for (id, ..) in staff::sites_of(tx, *person)? {
                if !sites.iter().any(|it| it.id == id) {
                    sites.extend(site::find(tx, id)?);
                }
            }
        }
        sites.retain(|it| it.ended_at.is_none());
        let mut made = Material {
            from,
            to,
            places: vec![],
            names: BTreeMap::new(),
            plans: vec![],
            staff: BTreeMap::new(),
            away: BTreeMap::new(),
            movable,
            rules: deed.terms.attendance.on(from).clone(),
            calendar: deed.terms.calendar.clone(),
        };
        for site in &sites {
            let files = firms.contains(&(Tie::Contractor, site.contractor));
            made.add(tx, site, files)?;
        }
        made.add_leave(tx, deed)?;
        let names: Vec<String> = made.places.iter().map(|it| it.name.clone()).collect();
        for (place, short) in made.places.iter_mut().zip(shorts(&names)) {
            place.short = short;
        }
        Ok(made)
    }

    fn add(&mut self, tx: &mut dyn Tx, site: &Site, files: bool) -> Result<(), Failure> {
        let gone = gone(tx, site, self.from)?;
        let mut posts = BTreeMap::new();
        let mut people = 0;
        for it in staff::list(tx, site.id)?.into_iter().filter(|it| !gone.contains(&it.person)) {
            people += usize::from(self.movable.contains(&it.person));
            self.names.insert(it.person, it.name);
            posts.insert(it.person, it.posts);
        }
        let all = stage_plan::list(tx, site.id)?;
        let pending = all.first().filter(|it| it.is_pending()).map(|it| it.plan.version);
        let approved: Vec<StagePlan> =
            all.into_iter().map(|it| it.plan).filter(|it| it.approved_at.is_some()).collect();
        let base = stage_plan::in_force(&approved, self.from).cloned();
        // Approved today, it counts from tomorrow: before the time planned begins.
        let comes = approved.iter().filter(|it| self.from < it.effective_from);
        let next = comes.min_by_key(|it| it.effective_from).map(|it| (it.version, it.effective_from));
        // Whoever has left a site is asked for there no more, whatever the plan still says.
        self.plans.extend(approved.into_iter().map(|mut plan| {
            plan.lines.retain(|line| !gone.contains(&line.person));
            plan
        }));
        let (id, no, name) = (site.id, site.no, site.name.clone());
        self.places.push(Place { id, no, name, short: String::new(), files, base, pending, next, people });
        self.staff.insert(site.id, posts);
        Ok(())
    }

    fn add_leave(&mut self, tx: &mut dyn Tx, deed: &Deed) -> Result<(), Failure> {
        for person in &self.movable {
            for found in leave::of_person(tx, &deed.terms.master, *person, 100)? {
                let Some(it) = found.asked.granted() else { continue };
                let (first, last) = (it.from.max(self.from).number(), it.to.min(self.to).number());
                let days = (first..=last).map(Day::from_number);
                self.away.entry(*person).or_default().extend(days);
            }
        }
        Ok(())
    }

    fn given<T>(&self, of: impl FnOnce(&Given) -> T) -> T {
        let plans: Vec<&StagePlan> = self.plans.iter().collect();
        of(&Given {
            plans: &plans,
            staff: &self.staff,
            away: &self.away,
            from: self.from,
            to: self.to,
            calendar: &self.calendar,
            rules: &self.rules,
            movable: &self.movable,
        })
    }

    pub fn ask(&self) -> Ask {
        self.given(plans::ask)
    }

    /// What the plans cost where everybody comes on every day of his lines.
    pub fn by_plan(&self) -> usize {
        self.given(plans::cost_by_plan)
    }

    /// The site at a place of the ask.
    pub fn place(&self, ask: &Ask, site: usize) -> Option<&Place> {
        let id: SiteId = ask.sites.get(site)?.id.parse().ok()?;
        self.places.iter().find(|it| it.id == id)
    }

    /// What somebody is at his sites, each post once.
    pub fn posts(&self, ask: &Ask, person: usize) -> Vec<String> {
        let id = ask.persons.get(person).and_then(|it| it.id.parse::<PersonId>().ok());
        let held = self.staff.values().filter_map(|it| it.get(&id?)).flatten();
        let mut posts: Vec<String> = held.map(|it| it.0.clone()).collect();
        posts.sort_unstable();
        posts.dedup();
        posts
    }

    pub fn name(&self, ask: &Ask, person: usize) -> &str {
        let id = ask.persons.get(person).and_then(|it| it.id.parse().ok());
        id.and_then(|id: PersonId| self.names.get(&id)).map_or("？", String::as_str)
    }
}

/// Whose last day at the site lies before `from`, or who is judged no longer than that (rule 10).
fn gone(tx: &mut dyn Tx, site: &Site, from: Day) -> Result<BTreeSet<PersonId>, Failure> {
    let exits = site_exit::list(tx, site.id)?.into_iter();
    Ok(exits.filter(|it| it.last_day.max(it.filed_at.day()) < from).map(|it| it.person).collect())
}

impl Place {
    /// The version that comes into force within the time planned, over which nothing can be filed.
    pub fn later(&self, to: Day) -> Option<u32> {
        self.next.filter(|it| it.1 <= to).map(|it| it.0)
    }
}

/// For each name the first run of two to four characters that no other name has.
fn shorts(names: &[String]) -> Vec<String> {
    let all: Vec<Vec<char>> = names.iter().map(|it| it.chars().collect()).collect();
    let of = |at: usize| {
        let own = &all[at];
        let is_own = |run: &[char]| {
            all.iter().enumerate().all(|(i, it)| i == at || !it.windows(run.len()).any(|other| other == run))
        };
        let found = (2..=4).flat_map(|n| own.windows(n)).find(|run| is_own(run));
        match found {
            Some(run) => run.iter().collect(),
            None => format!("{}{}", own.iter().take(2).collect::<String>(), at + 1),
        }
    };
    (0..all.len()).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_told_apart_by_a_few_characters() {
        let of = |names: &[&str]| shorts(&names.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["示例商务中心", "虚构大厦"]), ["示例", "虚构"]);
        assert_eq!(of(&["示例商务中心一期", "示例商务中心二期"]), ["心一", "心二"]);
        assert_eq!(of(&["同名", "同名"]), ["同名1", "同名2"]);
    }
}
