//! What a day wants of somebody against what the judgement makes of it: nobody is charged for a day he was told to be
//! free of.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use domain::attendance::expect::{Due, Expected};
use domain::attendance::roll::Roll;
use domain::attendance::rule_set::RuleSets;
use domain::attendance::verdict::{Judged, Reason, Verdict};
use domain::attendance::{Judge, Terms};
use domain::time::Millis;
use proptest::prelude::*;
use std::collections::BTreeSet;

mod rolls;
use rolls::*;

/// What is asked at one moment, beside what is judged at another.
fn pairs(roll: &Roll, asked: Millis, judged: Millis) -> Vec<(Expected, Judged)> {
    let judge = |now| Judge::new(roll, Terms { calendar: &CALENDAR, rules: &RULES, now });
    let (before, after) = (judge(asked), judge(judged));
    let of = |(person, site)| {
        before.expect(person, site, first(), last()).into_iter().zip(after.judge(person, site, first(), last()))
    };
    places().flat_map(of).collect()
}

/// Nobody came, and nothing is learnt after `now`.
fn without_news(mut roll: Roll, now: Millis) -> Roll {
    roll.punches.clear();
    roll.versions.retain(|it| it.approved_at.is_some_and(|at| at <= now));
    roll.leaves.retain(|it| it.approved_at.is_some_and(|at| at <= now));
    roll.substitutes.retain(|it| it.approved_at.is_none_or(|at| at <= now));
    roll.exits.retain(|it| it.filed_at <= now);
    roll.calls.retain(|it| it.called_at <= now);
    roll
}

/// With several lines for one day, which of them speaks depends on what else happens by its end.
fn with_one_line_each(mut roll: Roll) -> Roll {
    for version in &mut roll.versions {
        let mut known = BTreeSet::new();
        version.lines.retain(|it| known.insert(it.person));
    }
    roll
}

fn is_no_day_of_the_plan(judged: &Judged) -> bool {
    matches!(judged.verdict, Verdict::NotNeeded | Verdict::Extra)
        && matches!(judged.reason, Reason::DayOff | Reason::NotInPlan | Reason::OutsideStage | Reason::NotANamedDate)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_charged_for_a_day_he_was_told_to_be_free_of(roll in roll(), now in at()) {
        for (expected, judged) in pairs(&without_news(roll, now), now, later()) {
            prop_assert_eq!((expected.person, expected.site, expected.day), (judged.person, judged.site, judged.day));
            if judged.verdict == Verdict::Absent {
                prop_assert_eq!(expected.due, Due::Must, "{:?} then {}", expected, judged.en());
            }
            if is_no_day_of_the_plan(&judged) {
                prop_assert_eq!(expected.due, Due::Free, "{:?} then {}", expected, judged.en());
            }
        }
    }

    /// With all days over and all punches known, both say the same in their own words.
    #[test]
    fn a_day_that_is_over_is_expected_as_it_is_judged(roll in roll()) {
        for (expected, judged) in pairs(&with_one_line_each(roll), later(), later()) {
            let due: &[Due] = match (judged.verdict, judged.reason) {
                (Verdict::Present | Verdict::Absent | Verdict::Short | Verdict::Review, _) => &[Due::Must],
                (Verdict::Excused, Reason::AtOtherSite) => &[Due::Free],
                (Verdict::Excused, _) => &[Due::Leave],
                // Filled by then, or made up on a later day.
                (Verdict::NotNeeded | Verdict::Extra, Reason::QuotaFreeDay) => &[Due::May, Due::Free],
                (Verdict::NotNeeded | Verdict::Extra, _) => &[Due::Free],
                (Verdict::Open, _) => &[],
            };
            prop_assert!(due.contains(&expected.due), "{:?} then {}", expected, judged.en());
            prop_assert_eq!(expected.came, judged.span);
            prop_assert!(!expected.why().0.is_empty() && !expected.why().1.is_empty());
        }
    }

    #[test]
    fn no_input_makes_expecting_panic((roll, now, (from, to), rules) in wild()) {
        let rules = RuleSets::new(vec![rules]);
        let judge = Judge::new(&roll, Terms { calendar: &CALENDAR, rules: &rules, now });
        for (person, site) in judge.places() {
            let days = (to.number() - from.number() + 1).max(0);
            prop_assert_eq!(judge.expect(person, site, from, to).len() as i64, days);
        }
    }
}
