//! Whether a calendar meets an ask, counted anew and without the model.

use crate::{Ask, Joint, Need, Visit, When};
use domain::time::Day;

/// What is wrong with a calendar: places in the ask. Whoever shows it to people finds the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unmet {
    NotOnRoster {
        person: usize,
        site: usize,
    },
    Away {
        person: usize,
        day: Day,
    },
    TooManySites {
        person: usize,
        day: Day,
        sites: usize,
    },
    TooFar {
        person: usize,
        day: Day,
    },
    /// A need that is not met.
    Need(usize),
    /// Somebody whose day belongs to one site is at another.
    NotAlone {
        need: usize,
        person: usize,
        day: Day,
    },
    /// Posts that are not together often enough.
    Joint(usize),
}

/// All that is wrong, each once. `visits` are places in the ask.
pub fn unmet(ask: &Ask, visits: &[Visit]) -> Vec<Unmet> {
    let mut found = Vec::new();
    for it in visits {
        let (person, day) = (it.person, ask.days[it.day]);
        if !ask.sites[it.site].roster.contains(&person) {
            found.push(Unmet::NotOnRoster { person, site: it.site });
        }
        if ask.persons[person].away.contains(&day) {
            found.push(Unmet::Away { person, day });
        }
        let same: Vec<usize> =
            visits.iter().filter(|other| other.person == it.person && other.day == it.day).map(|it| it.site).collect();
        if same.len() > ask.most_sites {
            found.push(Unmet::TooManySites { person, day, sites: same.len() });
        }
        if ask.far.iter().any(|(a, b)| same.contains(a) && same.contains(b)) {
            found.push(Unmet::TooFar { person, day });
        }
    }
    let needs = (0..ask.needs.len()).filter(|it| !is_met(ask, visits, &ask.needs[*it]));
    found.extend(needs.map(Unmet::Need));
    found.extend(not_alone(ask, visits));
    let joints = (0..ask.joints.len()).filter(|it| days_together(ask, visits, &ask.joints[*it]) < ask.joints[*it].n);
    found.extend(joints.map(Unmet::Joint));
    found.sort();
    found.dedup();
    found
}

fn there(ask: &Ask, visits: &[Visit], site: usize, day: Day) -> Vec<usize> {
    visits.iter().filter(|it| it.site == site && ask.days[it.day] == day).map(|it| it.person).collect()
}

fn is_met(ask: &Ask, visits: &[Visit], need: &Need) -> bool {
    let Some(number) = need.one_person else { return is_met_by(ask, visits, need, &|_| true) };
    let same: Vec<&Need> = ask.needs.iter().filter(|it| it.one_person == Some(number)).collect();
    (0..ask.persons.len()).any(|one| same.iter().all(|it| is_met_by(ask, visits, it, &|p| p == one)))
}

fn is_met_by(ask: &Ask, visits: &[Visit], need: &Need, of: &dyn Fn(usize) -> bool) -> bool {
    let holds = |p: usize| ask.persons[p].posts.contains(&need.post) && of(p);
    let served = |day: &&Day| {
        visits.iter().any(|it| ask.days[it.day] == **day && need.is_served_at(it.site) && holds(it.person))
    };
    match &need.when {
        When::Some { n, window } => window.iter().filter(served).count() >= *n,
        When::Each(days) => days.iter().filter(served).count() == days.len(),
    }
}

/// Who is at another site on a day that belongs to one alone.
fn not_alone(ask: &Ask, visits: &[Visit]) -> Vec<Unmet> {
    let mut found = Vec::new();
    for (n, need) in ask.needs.iter().enumerate().filter(|(_, it)| it.alone && !it.asks_for_nothing()) {
        let holds = |it: &&Visit| ask.persons[it.person].posts.contains(&need.post);
        for it in visits.iter().filter(|it| it.site == need.site && need.wants(ask.days[it.day])).filter(holds) {
            let mut same = visits.iter().filter(|other| other.person == it.person && other.day == it.day);
            if same.any(|other| !need.is_served_at(other.site)) {
                found.push(Unmet::NotAlone { need: n, person: it.person, day: ask.days[it.day] });
            }
        }
    }
    found
}

/// Days on which each post is held by somebody of its own.
fn days_together(ask: &Ask, visits: &[Visit], joint: &Joint) -> usize {
    joint.window.iter().filter(|day| matched(ask, &there(ask, visits, joint.site, **day), &joint.posts)).count()
}

/// Whether the posts can be given to different persons: tried one after another, for they are few.
fn matched(ask: &Ask, persons: &[usize], posts: &[String]) -> bool {
    let Some((post, rest)) = posts.split_first() else { return true };
    persons.iter().enumerate().any(|(i, p)| {
        ask.persons[*p].posts.contains(post) && {
            let others: Vec<usize> = persons.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, p)| *p).collect();
            matched(ask, &others, rest)
        }
    })
}
