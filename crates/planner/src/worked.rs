//! The worked instances of `scenarios/planner.json`, and what each must give.

use crate::{Ask, Joint, Need, Outcome, Person, Site, When, check, solve};
use domain::time::Day;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::Duration;

#[derive(Deserialize)]
struct File {
    instances: Vec<Instance>,
}

#[derive(Deserialize)]
pub struct Instance {
    pub id: String,
    days: Vec<Day>,
    persons: BTreeMap<String, Vec<String>>,
    sites: Vec<String>,
    roster: BTreeMap<String, Vec<String>>,
    requirements: Vec<Requirement>,
    max_sites_per_day: usize,
    too_far_on_one_day: Vec<(String, String)>,
    unavailable: BTreeMap<String, Vec<Day>>,
    joint: Vec<JointOf>,
    same_person: Vec<String>,
    expected: Expected,
}

#[derive(Deserialize)]
struct Requirement {
    id: String,
    site: String,
    post: String,
    #[serde(default)]
    n: usize,
    #[serde(default)]
    window: Vec<Day>,
    #[serde(default)]
    dates: Vec<Day>,
}

#[derive(Deserialize)]
struct JointOf {
    site: String,
    posts: Vec<String>,
    n: usize,
    window: Vec<Day>,
}

#[derive(Deserialize)]
struct Expected {
    feasible: bool,
    #[serde(default)]
    min_site_days: usize,
    #[serde(default)]
    min_person_days_at_that: usize,
    everyone_every_day_site_days: usize,
    #[serde(default)]
    colliding: Vec<String>,
}

pub fn read(text: &str) -> Result<Vec<Instance>, String> {
    serde_json::from_str::<File>(text).map(|it| it.instances).map_err(|error| error.to_string())
}

impl Instance {
    pub fn ask(&self) -> Result<Ask, String> {
        let names: Vec<&String> = self.persons.keys().collect();
        let place = |all: &[&String], name: &String| {
            all.iter().position(|it| *it == name).ok_or_else(|| format!("{}: no {name}", self.id))
        };
        let sites: Vec<&String> = self.sites.iter().collect();
        let persons = self.persons.iter().map(|(id, posts)| Person {
            id: id.clone(),
            posts: posts.clone(),
            away: self.unavailable.get(id).cloned().unwrap_or_default(),
        });
        let on_roster = |site: &String| -> Result<Site, String> {
            let roster = self.roster.get(site).into_iter().flatten().map(|it| place(&names, it));
            Ok(Site { id: site.clone(), roster: roster.collect::<Result<_, _>>()? })
        };
        let need = |it: &Requirement| -> Result<Need, String> {
            let when = match it.dates.is_empty() {
                true => When::Some { n: it.n, window: it.window.clone() },
                false => When::Each(it.dates.clone()),
            };
            let one_person = self.same_person.iter().position(|id| *id == it.id);
            let (id, post) = (it.id.clone(), it.post.clone());
            Ok(Need { id, site: place(&sites, &it.site)?, post, when, one_person, elsewhere: vec![], alone: false })
        };
        let joint = |it: &JointOf| -> Result<Joint, String> {
            Ok(Joint { site: place(&sites, &it.site)?, posts: it.posts.clone(), n: it.n, window: it.window.clone() })
        };
        let far = |(a, b): &(String, String)| Ok::<_, String>((place(&sites, a)?, place(&sites, b)?));
        Ok(Ask {
            days: self.days.clone(),
            persons: persons.collect(),
            sites: self.sites.iter().map(on_roster).collect::<Result<_, _>>()?,
            needs: self.requirements.iter().map(need).collect::<Result<_, _>>()?,
            joints: self.joint.iter().map(joint).collect::<Result<_, _>>()?,
            most_sites: self.max_sites_per_day,
            far: self.too_far_on_one_day.iter().map(far).collect::<Result<_, _>>()?,
        })
    }

    /// Solves it and compares: the same two numbers, or the same needs that collide.
    pub fn check(&self) -> Result<(), String> {
        let (ask, wanted) = (self.ask()?, &self.expected);
        let told = |what: &str, found: usize, wanted: usize| match found == wanted {
            true => Ok(()),
            false => Err(format!("{}: {what} {found}, expected {wanted}", self.id)),
        };
        told("everyone every day", ask.everyone_every_day(), wanted.everyone_every_day_site_days)?;
        match solve(&ask, Duration::from_secs(10)) {
            Outcome::Found(found) if wanted.feasible => {
                told("site-days", found.site_days(), wanted.min_site_days)?;
                told("person-days", found.person_days, wanted.min_person_days_at_that)?;
                told("gap", found.gap(), 0)?;
                let unmet = check::unmet(&ask, &found.visits);
                if !found.proven || !unmet.is_empty() {
                    return Err(format!("{}: not proven, or {unmet:?}", self.id));
                }
                Ok(())
            }
            Outcome::Colliding(found) if !wanted.feasible => {
                let found: Vec<&String> = found.iter().map(|it| &ask.needs[*it].id).collect();
                match found == wanted.colliding.iter().collect::<Vec<_>>() {
                    true => Ok(()),
                    false => Err(format!("{}: colliding {found:?}, expected {:?}", self.id, wanted.colliding)),
                }
            }
            other => Err(format!("{}: {other:?}", self.id)),
        }
    }
}
