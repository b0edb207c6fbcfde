//! A person's own days at his sites: how those behind him were judged, and what those ahead want of him.

use crate::db::Tx;
use crate::error::Result;
use crate::site::{self, Reach, Site};
use crate::staff::{self, Staff};
use crate::terms::Deed;
use crate::{punch, roll};
use domain::attendance::Judge;
use domain::attendance::expect::Expected;
use domain::attendance::verdict::Judged;
use domain::id::PersonId;
use domain::time::Day;
use std::collections::BTreeSet;

/// One of his sites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub site: Site,
    pub staff: Staff,
    /// From the first day asked to yesterday.
    pub behind: Vec<Judged>,
    /// From today to the last day asked; empty where the work is over.
    pub ahead: Vec<Expected>,
    /// A punch of today waits for somebody's look.
    pub waits: bool,
}

/// Nobody works at more sites.
const SITES: i64 = 50;
/// Nobody punches in so often on one day.
const PUNCHES: i64 = 100;

/// All his sites from one roll, by number: judged from `from` to yesterday, expected from today to `to`.
pub fn load(tx: &mut dyn Tx, deed: &Deed, person: PersonId, (from, to): (Day, Day)) -> Result<Vec<Place>> {
    let today = deed.now.day();
    let sites = site::list(tx, &Reach::Of { firms: vec![], person: Some(person) }, 0, SITES)?;
    if sites.is_empty() {
        return Ok(vec![]);
    }
    let roll = roll::load(tx, &BTreeSet::from([person]), from.min(today), to.max(today))?;
    let judge = Judge::new(&roll, deed.attendance());
    let mut waiting = punch::of_person(tx, person, today, today, PUNCHES)?;
    waiting.retain(|it| it.waits);
    let mut places = Vec::with_capacity(sites.len());
    for site in sites {
        let Some(staff) = staff::find(tx, site.id, person)? else { continue };
        // A plan does not know that the work is over.
        let last = site.ended_at.map_or(today, |at| at.day()).min(today.plus(-1));
        let behind = if from <= last { judge.judge(person, site.id, from, last) } else { vec![] };
        let ahead = if site.ended_at.is_none() { judge.expect(person, site.id, today, to) } else { vec![] };
        let waits = waiting.iter().any(|it| it.what.site == site.id);
        places.push(Place { site, staff, behind, ahead, waits });
    }
    Ok(places)
}
