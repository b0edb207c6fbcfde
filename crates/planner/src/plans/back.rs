//! From an accepted calendar to the next version of a plan: its days become named dates.

use super::post_name;
use crate::{Ask, Calendar};
use domain::attendance::plan::{Kind, Line, Mask, Mode, Post, StagePlan};
use domain::id::PersonId;
use domain::time::Day;
use std::collections::{BTreeMap, BTreeSet};

/// The next version, to be filed: in force from `from`, not approved. Quotas of the persons planned become named dates
/// from `from` to `to`; before and after, the line stays as it was, and a quota that found no day is left out between.
/// Named dates are joined by further days on which the calendar sends the person; whoever has no line at all in that time
/// gets one. Other lines repeat.
pub fn named(plan: &StagePlan, ask: &Ask, calendar: &Calendar, from: Day, to: Day) -> StagePlan {
    let mut visits = visits(plan, ask, calendar, from, to);
    let mut lines = Vec::new();
    for line in &plan.lines {
        let (first, last) = (line.from.max(from), line.to.min(to));
        let of_person = visits.get(&line.person).filter(|_| first <= last && line.covers.is_none());
        let Some(days) = of_person else {
            lines.push(line.clone());
            continue;
        };
        let days: BTreeSet<Day> = days.range(first..=last).copied().collect();
        match &line.kind {
            Kind::PerWeek { .. } | Kind::PerMonth { .. } => {
                let part = |from, to| Line { from, to, ..line.clone() };
                lines.extend((line.from < first).then(|| part(line.from, first.plus(-1))));
                lines.extend(
                    (!days.is_empty()).then(|| Line { kind: Kind::Named { dates: days }, ..part(first, last) }),
                );
                lines.extend((last < line.to).then(|| part(last.plus(1), line.to)));
            }
            Kind::Named { dates } => {
                lines.push(Line { kind: Kind::Named { dates: dates.union(&days).copied().collect() }, ..line.clone() })
            }
            _ => lines.push(line.clone()),
        }
    }
    for line in plan.lines.iter().filter(|it| it.from <= to && from <= it.to) {
        visits.remove(&line.person);
    }
    lines.extend(visits.into_iter().filter_map(|(person, days)| new_line(plan, ask, (person, days), (from, to))));
    StagePlan {
        site: plan.site,
        version: plan.version.saturating_add(1),
        effective_from: from,
        approved_at: None,
        stages: plan.stages.clone(),
        lines,
    }
}

/// The days of everybody planned at the plan's site; none for whom the calendar does not send there.
fn visits(plan: &StagePlan, ask: &Ask, calendar: &Calendar, from: Day, to: Day) -> BTreeMap<PersonId, BTreeSet<Day>> {
    let mut visits: BTreeMap<PersonId, BTreeSet<Day>> = BTreeMap::new();
    let Some(site) = ask.sites.iter().position(|it| it.id == plan.site.to_string()) else { return visits };
    let person = |place: usize| ask.persons.get(place)?.id.parse::<PersonId>().ok();
    visits.extend(ask.sites[site].roster.iter().filter_map(|it| Some((person(*it)?, BTreeSet::new()))));
    for it in calendar.visits.iter().filter(|it| it.site == site) {
        let Some(day) = ask.days.get(it.day).copied().filter(|day| from <= *day && *day <= to) else { continue };
        if let Some(days) = person(it.person).and_then(|it| visits.get_mut(&it)) {
            days.insert(day);
        }
    }
    visits
}

/// For whom a requirement sends here without a line of his own: his post is the one he comes for.
fn new_line(
    plan: &StagePlan,
    ask: &Ask,
    (person, dates): (PersonId, BTreeSet<Day>),
    (from, to): (Day, Day),
) -> Option<Line> {
    let day = dates.first()?;
    let posts = &ask.persons.iter().find(|it| it.id == person.to_string())?.posts;
    let site = plan.site.to_string();
    let is_here = |at: usize| ask.sites.get(at).is_some_and(|it| it.id == site);
    let needs = ask.needs.iter().filter(|it| is_here(it.site) && it.wants(*day)).map(|it| &it.post);
    let joints = ask.joints.iter().filter(|it| is_here(it.site) && it.window.contains(day)).flat_map(|it| &it.posts);
    let post = needs.chain(joints).find(|it| posts.contains(it))?;
    Some(Line {
        person,
        post: Post(post_name(post).to_owned()),
        from,
        to,
        kind: Kind::Named { dates },
        days: Mask::Workdays,
        mode: Mode::Once,
        min_minutes: None,
        shift: None,
        excused_by: vec![],
        covers: None,
        needs_delegate: false,
        replaces: None,
    })
}
