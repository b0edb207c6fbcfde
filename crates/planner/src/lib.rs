//! The planner of a firm: days and persons chosen so that every approved plan is met with the fewest site-days, and among
//! those with the fewest person-days.
//!
//! The model stands in `scenarios/planner.json`: a plan is a set of visits (person, site, day). A visit serves every post
//! that the person holds. It is solved as a mixed-integer programme by `microlp`; what comes back says how far it is
//! proven, and is checked against the ask by code of its own (`check`) before anybody sees it.

pub mod check;
mod collide;
mod model;
pub mod plans;
pub mod worked;

use domain::time::Day;
use std::time::Duration;

/// Somebody who can be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    pub id: String,
    pub posts: Vec<String>,
    pub away: Vec<Day>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    pub id: String,
    /// Who may be sent here, as places in `Ask::persons`.
    pub roster: Vec<usize>,
}

/// On which days somebody who holds the post must be there.
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    /// On at least so many days of the window.
    Some { n: usize, window: Vec<Day> },
    /// On each of these.
    Each(Vec<Day>),
}

/// What a plan asks of one post at one site.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    pub id: String,
    /// Its place in `Ask::sites`.
    pub site: usize,
    pub post: String,
    pub when: When,
    /// By one and the same person throughout, and by the same in all needs with this number: the weeks of one requirement.
    pub one_person: Option<usize>,
    /// Sites where being there on the day serves it as well, as places in `Ask::sites`.
    pub elsewhere: Vec<usize>,
    /// Whoever is at the site for it is at no other site on that day, but for those of `elsewhere`.
    pub alone: bool,
}

impl Need {
    pub fn wants(&self, day: Day) -> bool {
        match &self.when {
            When::Some { window, .. } => window.contains(&day),
            When::Each(days) => days.contains(&day),
        }
    }

    pub fn asks_for_nothing(&self) -> bool {
        match &self.when {
            When::Some { n, .. } => *n == 0,
            When::Each(days) => days.is_empty(),
        }
    }

    /// Whether being at the site serves it, for somebody who holds the post.
    pub fn is_served_at(&self, site: usize) -> bool {
        self.site == site || self.elsewhere.contains(&site)
    }
}

/// On at least `n` days of the window these posts are there together, each in a different person.
#[derive(Clone, Debug, PartialEq)]
pub struct Joint {
    pub site: usize,
    pub posts: Vec<String>,
    pub n: usize,
    pub window: Vec<Day>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ask {
    pub days: Vec<Day>,
    pub persons: Vec<Person>,
    pub sites: Vec<Site>,
    pub needs: Vec<Need>,
    pub joints: Vec<Joint>,
    /// Different sites that one person may visit on one day.
    pub most_sites: usize,
    /// Pairs of sites too far apart for one person on one day.
    pub far: Vec<(usize, usize)>,
}

/// One person at one site on one day: places in `Ask::persons`, `Ask::sites` and `Ask::days`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Visit {
    pub day: usize,
    pub site: usize,
    pub person: usize,
}

/// A calendar that meets the ask.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// By day, site, person.
    pub visits: Vec<Visit>,
    /// Different pairs of person and day.
    pub person_days: usize,
    /// No calendar has fewer visits than this.
    pub fewest_site_days: usize,
    /// No calendar with as few visits has fewer person-days; only when that is proven.
    pub proven: bool,
}

impl Calendar {
    pub fn site_days(&self) -> usize {
        self.visits.len()
    }

    /// How far the visits may be from the fewest: 0 is proven best.
    pub fn gap(&self) -> usize {
        self.site_days().saturating_sub(self.fewest_site_days)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Found(Calendar),
    /// No calendar meets all of these needs together, and without any one of them some calendar meets the others:
    /// places in `Ask::needs`. Empty where the joint presences collide with each other.
    Colliding(Vec<usize>),
    /// Neither found nor refuted in the time given.
    OutOfTime,
}

impl Ask {
    /// Every person of every roster at every site on every day: what "everyone every day" costs.
    pub fn everyone_every_day(&self) -> usize {
        self.sites.iter().map(|site| site.roster.len()).sum::<usize>() * self.days.len()
    }
}

/// Solves within `limit`, most of which goes to the site-days.
pub fn solve(ask: &Ask, limit: Duration) -> Outcome {
    match model::solve(ask, limit) {
        model::Solved::Found(found) => {
            // A solver computes in floating point; what it says is believed when it was counted.
            match check::unmet(ask, &found.visits).is_empty() {
                true => Outcome::Found(found),
                false => Outcome::OutOfTime,
            }
        }
        model::Solved::Impossible => Outcome::Colliding(collide::smallest(ask, limit)),
        model::Solved::OutOfTime => Outcome::OutOfTime,
    }
}
