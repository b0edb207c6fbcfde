//! Whatever is on the roll, in whatever order: a punch never harms, no plan reaches back, and judging never panics.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use domain::attendance::month::Month;
use domain::attendance::plan::*;
use domain::attendance::roll::*;
use domain::attendance::rule_set::RuleSets;
use domain::attendance::verdict::{Judged, Reason, Verdict};
use domain::attendance::{Judge, Terms};
use domain::id::{PersonId, SiteId};
use domain::time::{Day, Millis};
use proptest::prelude::*;
use uuid::Uuid;

mod rolls;
use rolls::*;

fn all(roll: &Roll, now: Millis) -> Vec<Judged> {
    let judge = Judge::new(roll, Terms { calendar: &CALENDAR, rules: &RULES, now });
    places().flat_map(|(person, site)| judge.judge(person, site, first(), last())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn one_more_punch_never_turns_present_into_absent(roll in roll(), more in punch(), now in at()) {
        let mut longer = roll.clone();
        longer.punches.push(Punch { received: None, drift_s: 0, doubt: None, rulings: vec![], ..more });
        for now in [now, later()] {
            for (before, after) in all(&roll, now).iter().zip(all(&longer, now)) {
                if before.verdict == Verdict::Present {
                    prop_assert!(
                        matches!(after.verdict, Verdict::Present | Verdict::Extra), "{} became {}", before.en(), after.en()
                    );
                }
            }
        }
    }

    #[test]
    fn a_day_outside_the_plan_never_counts(mut roll in roll()) {
        roll.substitutes.clear();
        for line in roll.versions.iter_mut().flat_map(|it| &mut it.lines) {
            line.replaces = None;
        }
        let lines: Vec<(SiteId, &Line)> = roll.versions.iter().flat_map(|it| it.lines.iter().map(|line| (it.site, line))).collect();
        for it in all(&roll, later()) {
            let on_plan = |(site, line): &(SiteId, &Line)| {
                *site == it.site && line.person == it.person && line.from <= it.day && it.day <= line.to
            };
            if !lines.iter().any(on_plan) {
                prop_assert!(matches!(it.verdict, Verdict::NotNeeded | Verdict::Extra), "{}", it.en());
                prop_assert_eq!(Month::of(&[it]), Month::default());
            }
        }
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(roll in roll(), now in at(), turn in 0..50_usize) {
        let mut other = roll.clone();
        fn turned<T>(items: &mut [T], turn: usize) {
            items.reverse();
            if !items.is_empty() {
                items.rotate_left(turn % items.len());
            }
        }
        turned(&mut other.punches, turn);
        turned(&mut other.leaves, turn);
        turned(&mut other.substitutes, turn);
        turned(&mut other.certificates, turn);
        turned(&mut other.exits, turn);
        turned(&mut other.calls, turn);
        turned(&mut other.key_periods, turn);
        for punch in &mut other.punches {
            punch.rulings.reverse();
        }
        // Two versions of one site approved at the same millisecond would be told apart by their places alone.
        let mut keys: Vec<_> = roll.versions.iter().map(|it| (it.site, it.effective_from, it.approved_at)).collect();
        keys.sort();
        keys.dedup();
        if keys.len() == roll.versions.len() {
            turned(&mut other.versions, turn);
        }
        prop_assert_eq!(all(&roll, now), all(&other, now));
    }

    #[test]
    fn a_later_version_changes_no_day_before_its_approval(roll in roll(), version in version(), now in at()) {
        let mut longer = roll.clone();
        let approved = version.approved_at.unwrap().day();
        longer.versions.push(version);
        for now in [now, later()] {
            for (before, after) in all(&roll, now).iter().zip(all(&longer, now)) {
                if before.day < approved {
                    prop_assert_eq!(before, &after);
                }
            }
        }
    }

    /// Quotas apart: as with sick leave, a day that leave excuses moves what is charged within its week.
    #[test]
    fn a_substitution_approved_later_changes_no_day_past_its_deadline(roll in roll(), late in substitute(), approved in at()) {
        let mut roll = roll;
        for line in roll.versions.iter_mut().flat_map(|it| &mut it.lines).filter(|it| it.kind.quota().is_some()) {
            line.kind = Kind::FullTime;
        }
        let mut longer = roll.clone();
        longer.substitutes.push(Substitute { approved_at: Some(approved), ..late });
        let rules = RULES.on(first());
        for (before, after) in all(&roll, later()).iter().zip(all(&longer, later())) {
            let by = CALENDAR.plus_workdays(before.day, rules.sick_workdays);
            if Millis::at(by, rules.tick_ms) < approved {
                prop_assert_eq!(before, &after);
            }
        }
    }

    #[test]
    fn a_week_asks_no_more_than_its_quota(roll in roll()) {
        let mut roll = roll;
        for line in roll.versions.iter_mut().flat_map(|it| &mut it.lines) {
            (line.kind, line.covers) = (Kind::PerWeek { n: 2 }, None);
            (line.days, line.post) = (Mask::All, Post("总监".into()));
        }
        roll.substitutes.clear();
        let judged = all(&roll, later());
        for week in judged.chunks(7) {
            let asked = week.iter().filter(|it| {
                matches!(it.verdict, Verdict::Present | Verdict::Absent | Verdict::Short | Verdict::Review)
            });
            let asked: Vec<String> = asked.map(Judged::en).collect();
            prop_assert!(asked.len() <= 2, "{asked:?}");
        }
    }

    #[test]
    fn a_day_that_counts_says_so_the_same_way_everywhere(roll in roll(), now in at()) {
        for it in all(&roll, now) {
            let came = it.punches > 0;
            match it.verdict {
                Verdict::Present | Verdict::Short | Verdict::Extra => prop_assert!(came, "{}", it.en()),
                Verdict::NotNeeded => prop_assert!(!came || it.reason == Reason::QuotaFreeDay, "{}", it.en()),
                _ => {}
            }
            prop_assert_eq!(it.span.is_some(), came);
            prop_assert!(it.zh().ends_with('。') && it.en().ends_with('.'));
        }
    }
}

proptest! {
    #[test]
    fn no_input_makes_judging_panic((roll, now, (from, to), rules) in wild()) {
        let rules = RuleSets::new(vec![rules]);
        let judge = Judge::new(&roll, Terms { calendar: &CALENDAR, rules: &rules, now });
        for (person, site) in judge.places() {
            let judged = judge.judge(person, site, from, to);
            let month = Month::of(&judged);
            for text in judged.iter().flat_map(|it| [it.zh(), it.en()]) {
                prop_assert!(!text.is_empty());
            }
            prop_assert!(!month.zh(rules.on(to)).is_empty() && !month.en(rules.on(to)).is_empty());
            let expected = (to.number() - from.number() + 1).max(0);
            prop_assert_eq!(judged.len() as i64, expected);
        }
    }
}

/// A plan approved within the week asks for a delegate, so that leave which excused no longer does: what was charged
/// before its approval stays and is not charged a second time.
#[test]
fn a_plan_changed_within_a_week_charges_no_day_twice() {
    let (person, site) = (PersonId(Uuid::from_u128(0)), SiteId(Uuid::from_u128(0)));
    let day = |text: &str| text.parse::<Day>().unwrap();
    let line = |needs_delegate| Line {
        person,
        post: Post("总监".into()),
        from: first(),
        to: last(),
        kind: Kind::PerWeek { n: 2 },
        days: Mask::All,
        mode: Mode::Once,
        min_minutes: None,
        shift: None,
        excused_by: vec![],
        covers: None,
        needs_delegate,
        replaces: None,
    };
    let version = |version, approved: &str, needs_delegate| StagePlan {
        site,
        version,
        effective_from: first(),
        approved_at: Millis::parse_local(approved),
        stages: vec![],
        lines: vec![line(needs_delegate)],
    };
    let leave = Leave {
        person,
        from: day("2018-05-01"),
        to: day("2018-05-05"),
        kind: LeaveKind::Ordinary,
        approved_at: Millis::parse_local("2018-04-02 00:00"),
        approved_by: None,
    };
    let roll = Roll {
        versions: vec![version(1, "2018-03-28 10:00", false), version(2, "2018-05-02 00:00", true)],
        leaves: vec![leave],
        ..Roll::default()
    };
    let judge = Judge::new(&roll, Terms { calendar: &CALENDAR, rules: &RULES, now: later() });
    let absent = |from: &str| -> Vec<String> {
        let judged = judge.judge(person, site, day(from), day("2018-05-06"));
        judged.iter().filter(|it| it.verdict == Verdict::Absent).map(|it| it.day.to_string()).collect()
    };
    assert_eq!(absent("2018-04-30"), ["2018-04-30", "2018-05-06"]);
    // Asked from the middle of the week, the same days are charged.
    assert_eq!(absent("2018-05-03"), ["2018-05-06"]);
}
