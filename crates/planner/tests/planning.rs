//! The worked instances, and properties against trying every calendar.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use domain::time::Day;
use planner::{Ask, Need, Outcome, Person, Site, Visit, When, check, solve, worked};
use proptest::prelude::*;
use std::time::Duration;

#[test]
fn every_worked_instance_comes_out_as_it_was_computed() {
    let all = worked::read(include_str!("../../../scenarios/planner.json")).unwrap();
    assert_eq!(all.len(), 6);
    for instance in all {
        instance.check().unwrap();
    }
}

fn day(n: i64) -> Day {
    Day::new(2018, 4, 16).unwrap().plus(n)
}

prop_compose! {
    /// Two persons, two sites, three days: small enough to try all 2^12 calendars.
    fn asks()(
        posts in prop::collection::vec(prop::collection::vec(prop::bool::ANY, 2), 2),
        away in prop::collection::vec(0..4i64, 2),
        needs in prop::collection::vec((0..2usize, 0..2usize, 0..4usize, prop::bool::ANY, prop::bool::ANY), 0..4),
        // Whether the weeks share one person, and for each need whether the other site will do and whether it is alone.
        same in prop::bool::ANY,
        more in prop::collection::vec((prop::bool::weighted(0.3), prop::bool::weighted(0.3)), 4),
        most in 1..3usize,
        far in prop::bool::ANY,
    ) -> Ask {
        let names = ["chief", "technician"];
        let person = |p: usize| Person {
            id: format!("p{p}"),
            posts: names.iter().zip(&posts[p]).filter(|(_, has)| **has).map(|(name, _)| (*name).to_owned()).collect(),
            away: if away[p] < 3 { vec![day(away[p])] } else { vec![] },
        };
        let days: Vec<Day> = (0..3).map(day).collect();
        let need = |(i, it): (usize, &(usize, usize, usize, bool, bool))| {
            let (site, post, n, each, one_person) = *it;
            let when = if each { When::Each(days.iter().take(n).copied().collect()) } else { When::Some { n, window: days.clone() } };
            let one_person = one_person.then_some(if same { 0 } else { i });
            let elsewhere = if more[i].0 { vec![1 - site] } else { vec![] };
            Need { id: format!("n{i}"), site, post: names[post].into(), when, one_person, elsewhere, alone: more[i].1 }
        };
        Ask {
            persons: vec![person(0), person(1)],
            sites: vec![Site { id: "A".into(), roster: vec![0, 1] }, Site { id: "B".into(), roster: vec![0, 1] }],
            needs: needs.iter().enumerate().map(need).collect(),
            joints: vec![],
            most_sites: most,
            far: if far { vec![(0, 1)] } else { vec![] },
            days,
        }
    }
}

/// The fewest visits, then person-days, by trying everything.
fn best_of_all(ask: &Ask) -> Option<(usize, usize)> {
    let all: Vec<Visit> = (0..12).map(|i| Visit { day: i % 3, site: i / 3 % 2, person: i / 6 }).collect();
    (0..1u32 << 12)
        .map(|set| all.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(_, it)| *it).collect::<Vec<_>>())
        .filter(|visits| check::unmet(ask, visits).is_empty())
        .map(|visits| {
            let mut days: Vec<_> = visits.iter().map(|it| (it.person, it.day)).collect();
            days.sort_unstable();
            days.dedup();
            (visits.len(), days.len())
        })
        .min()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_calendar_is_better_than_the_one_found(ask in asks()) {
        match (solve(&ask, Duration::from_secs(10)), best_of_all(&ask)) {
            (Outcome::Found(found), Some(best)) => {
                prop_assert!(found.proven);
                prop_assert_eq!((found.site_days(), found.person_days), best);
            }
            (Outcome::Colliding(needs), None) => {
                let only = |kept: &dyn Fn(usize) -> bool| Ask {
                    needs: ask.needs.iter().enumerate().filter(|(i, _)| kept(*i)).map(|(_, it)| it.clone()).collect(),
                    ..ask.clone()
                };
                prop_assert_eq!(best_of_all(&only(&|i| needs.contains(&i))), None);
                for left_out in &needs {
                    prop_assert!(best_of_all(&only(&|i| needs.contains(&i) && i != *left_out)).is_some());
                }
            }
            (found, best) => prop_assert!(false, "{found:?} against {best:?}"),
        }
    }
}
