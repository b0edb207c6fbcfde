//! Whether a calendar meets an ask, counted anew and without the model.

use crate::{Ask, Joint, Need, Visit, When};
use domain::time::Day;

/// What is wrong with a calendar, as sentences for whoever mends the program.
pub fn unmet(ask: &Ask, visits: &[Visit]) -> Vec<String> {
    let mut found = Vec::new();
    for it in visits {
        let (person, site, day) = (&ask.persons[it.person], &ask.sites[it.site], ask.days[it.day]);
        if !site.roster.contains(&it.person) {
            found.push(format!("{} is not on the roster of {}", person.id, site.id));
        }
        if person.away.contains(&day) {
            found.push(format!("{} is away on {day}", person.id));
        }
        let same: Vec<usize> =
            visits.iter().filter(|other| other.person == it.person && other.day == it.day).map(|it| it.site).collect();
        if same.len() > ask.most_sites {
            found.push(format!("{} has {} sites on {day}", person.id, same.len()));
        }
        if ask.far.iter().any(|(a, b)| same.contains(a) && same.contains(b)) {
            found.push(format!("{} travels too far on {day}", person.id));
        }
    }
    found.extend(ask.needs.iter().filter(|it| !is_met(ask, visits, it)).map(|it| format!("{} is not met", it.id)));
    let joints = ask.joints.iter().filter(|it| days_together(ask, visits, it) < it.n);
    found.extend(joints.map(|it| format!("{} are not together often enough", it.posts.join(" and "))));
    found.sort();
    found.dedup();
    found
}

fn there(ask: &Ask, visits: &[Visit], site: usize, day: Day) -> Vec<usize> {
    visits.iter().filter(|it| it.site == site && ask.days[it.day] == day).map(|it| it.person).collect()
}

fn is_met(ask: &Ask, visits: &[Visit], need: &Need) -> bool {
    let holds = |p: usize| ask.persons[p].posts.contains(&need.post);
    let met = |of: &dyn Fn(usize) -> bool| {
        let served = |day: &&Day| there(ask, visits, need.site, **day).into_iter().any(|p| holds(p) && of(p));
        match &need.when {
            When::Some { n, window } => window.iter().filter(served).count() >= *n,
            When::Each(days) => days.iter().filter(served).count() == days.len(),
        }
    };
    if need.one_person { (0..ask.persons.len()).any(|one| met(&|p| p == one)) } else { met(&|_| true) }
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
