//! Whatever is on the roll, in whatever order: a punch never harms, no plan reaches back, and judging never panics.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use domain::attendance::month::Month;
use domain::attendance::plan::*;
use domain::attendance::roll::*;
use domain::attendance::rule_set::{RuleSet, RuleSets};
use domain::attendance::verdict::{Judged, Reason, Verdict};
use domain::attendance::{Judge, Terms};
use domain::calendar::Calendar;
use domain::id::{PersonId, SiteId};
use domain::time::{Day, Millis};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::sync::LazyLock;
use uuid::Uuid;

static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::shipped);
static RULES: LazyLock<RuleSets> = LazyLock::new(RuleSets::default);

const PERSONS: u128 = 3;
const SITES: u128 = 2;
/// A Monday; six weeks with the Qingming and May Day holidays follow.
const DAYS: i64 = 42;

fn first() -> Day {
    "2018-04-02".parse().unwrap()
}

fn last() -> Day {
    first().plus(DAYS - 1)
}

fn person() -> impl Strategy<Value = PersonId> {
    (0..PERSONS).prop_map(|n| PersonId(Uuid::from_u128(n)))
}

fn site() -> impl Strategy<Value = SiteId> {
    (0..SITES).prop_map(|n| SiteId(Uuid::from_u128(n)))
}

fn day() -> impl Strategy<Value = Day> {
    (-5..DAYS + 5).prop_map(|n| first().plus(n))
}

fn days(most: i64) -> impl Strategy<Value = (Day, Day)> {
    (day(), -1..most).prop_map(|(from, n)| (from, from.plus(n)))
}

/// Mostly all the days there are.
fn long_days() -> impl Strategy<Value = (Day, Day)> {
    prop_oneof![2 => Just((first().plus(-5), last().plus(5))), 1 => days(90)]
}

fn at() -> impl Strategy<Value = Millis> {
    (day(), 0..24 * 60_i64).prop_map(|(day, minute)| Millis::at(day, minute * 60_000))
}

fn post() -> impl Strategy<Value = Post> {
    prop_oneof![Just("总监"), Just("施工员")].prop_map(|it| Post(it.into()))
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        2 => Just(Kind::FullTime),
        3 => (0_u32..8).prop_map(|n| Kind::PerWeek { n }),
        2 => (0_u32..25).prop_map(|n| Kind::PerMonth { n }),
        1 => vec(day(), 0..9).prop_map(|dates| Kind::Named { dates: dates.into_iter().collect() }),
        1 => Just(Kind::OnCall),
    ]
}

fn mask() -> impl Strategy<Value = Mask> {
    prop_oneof![3 => Just(Mask::Workdays), 1 => Just(Mask::All), 1 => (0..128_u8).prop_map(Mask::Weekdays)]
}

fn line() -> impl Strategy<Value = Line> {
    let shift = prop_oneof![Just("22:00-06:00"), Just("06:00-14:00"), Just("08:00-08:00"), Just("01:00-09:00")];
    let mode = prop_oneof![2 => Just(Mode::Once), 1 => Just(Mode::Span)];
    (
        (person(), post(), long_days(), kind(), mask(), mode),
        option::weighted(0.2, shift),
        vec(site(), 0..2),
        (option::weighted(0.15, person()), prop::bool::weighted(0.2), option::weighted(0.15, person())),
    )
        .prop_map(|((person, post, (from, to), kind, days, mode), shift, excused_by, others)| Line {
            person,
            post,
            from,
            to,
            kind,
            days,
            mode,
            min_minutes: None,
            shift: shift.map(|it| it.parse().unwrap()),
            excused_by,
            covers: others.0,
            needs_delegate: others.1,
            replaces: others.2,
        })
}

fn version() -> impl Strategy<Value = StagePlan> {
    (site(), day(), at(), vec(line(), 0..6), any::<bool>()).prop_map(|(site, effective_from, at, lines, early)| {
        let approved_at = if early { Millis::at(first().plus(-9), at.0 % 1_000_000) } else { at };
        let effective_from = if early { first() } else { effective_from };
        // The number makes versions differ where all else is equal.
        StagePlan {
            site,
            version: approved_at.0 as u32,
            effective_from,
            approved_at: Some(approved_at),
            stages: vec![],
            lines,
        }
    })
}

fn punch() -> impl Strategy<Value = Punch> {
    let drift = prop_oneof![6 => Just(0_i64), 1 => -1000..1000_i64, 1 => Just(7200_i64)];
    let late = option::weighted(0.2, 0..40 * 86_400_000_i64);
    let ruling = (at(), any::<bool>()).prop_map(|(at, accepted)| Ruling { at, accepted, by: None });
    let doubt = option::weighted(0.1, Just(Doubt::PhotoUnclear));
    let at = (day(), 0..12_i64, 0..8_i64)
        .prop_map(|(day, hour, minute)| Millis::at(day, hour * 7_200_000 + minute * 60_000));
    (person(), site(), at, late, drift, doubt, vec(ruling, 0..2)).prop_map(
        |(person, site, at, late, drift_s, doubt, rulings)| Punch {
            person,
            site,
            at,
            received: late.map(|it| at.plus(it)),
            drift_s,
            device: None,
            way: Way::Terminal,
            doubt,
            rulings,
        },
    )
}

fn leave() -> impl Strategy<Value = Leave> {
    (person(), days(15), any::<bool>(), at(), any::<bool>()).prop_map(|(person, (from, to), sick, at, early)| {
        let at = if early { Millis::at(first().plus(-9), 0) } else { at };
        let kind = if sick { LeaveKind::Sick } else { LeaveKind::Ordinary };
        Leave { person, from, to, kind, approved_at: Some(at), approved_by: None }
    })
}

fn roll() -> impl Strategy<Value = Roll> {
    let substitute = (person(), site(), person(), days(15))
        .prop_map(|(person, site, instead_of, (from, to))| Substitute { person, site, instead_of, from, to, approved_at: None });
    let certificate =
        (person(), post(), long_days()).prop_map(|(person, post, (from, to))| Certificate { person, post, from, to });
    let exit = (person(), site(), day(), at()).prop_map(|(person, site, last_day, filed_at)| Exit {
        person,
        site,
        last_day,
        filed_at,
    });
    let call = (person(), site(), at(), day()).prop_map(|(person, site, called_at, day)| Call {
        person,
        site,
        called_at,
        day,
    });
    let key = (site(), days(5)).prop_map(|(site, (from, to))| KeyPeriod { site, from, to });
    let used = (person(), 0..20_u32).prop_map(|(person, days)| LeaveUsed { person, year: 2018, days });
    (
        (vec(version(), 1..6), vec(punch(), 0..250), vec(leave(), 0..7), vec(substitute, 0..5)),
        (vec(certificate, 0..7), vec(exit, 0..3), vec(call, 0..40), vec(key, 0..2), vec(used, 0..2)),
    )
        .prop_map(
            |((versions, punches, leaves, substitutes), (certificates, exits, calls, key_periods, leave_used))| Roll {
                since: None,
                versions,
                punches,
                leaves,
                leave_used,
                substitutes,
                certificates,
                exits,
                calls,
                key_periods,
            },
        )
}

fn all(roll: &Roll, now: Millis) -> Vec<Judged> {
    let judge = Judge::new(roll, Terms { calendar: &CALENDAR, rules: &RULES, now });
    let pairs =
        (0..PERSONS).flat_map(|p| (0..SITES).map(move |s| (PersonId(Uuid::from_u128(p)), SiteId(Uuid::from_u128(s)))));
    pairs.flat_map(|(person, site)| judge.judge(person, site, first(), last())).collect()
}

fn later() -> Millis {
    Millis::at(last().plus(60), 0)
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

/// Numbers and days that nobody would send.
fn wild() -> impl Strategy<Value = (Roll, Millis, (Day, Day), RuleSet)> {
    let day = || any::<i32>().prop_map(|n| Day::from_number(i64::from(n) / 500));
    let millis = || prop_oneof![any::<i64>(), any::<i32>().prop_map(|n| i64::from(n) * 1000)].prop_map(Millis);
    let numbers = (any::<[u32; 8]>(), any::<[i64; 4]>());
    let span = prop_oneof![
        1 => (day(), 0..50_i64).prop_map(|(from, n)| (from, from.plus(n))),
        1 => Just((Day::from_number(i64::MAX).plus(-40), Day::from_number(i64::MAX))),
        1 => Just((Day::from_number(i64::MIN), Day::from_number(i64::MIN).plus(40))),
        1 => Just((Day::from_number(17_000), Day::from_number(16_000))),
    ];
    (roll(), vec((millis(), day(), any::<i64>()), 12..40), millis(), span, numbers).prop_map(
        |(mut roll, wild, now, span, (small, large))| {
            let mut next = wild.iter().cycle();
            let mut next = || next.next().unwrap();
            for it in &mut roll.versions {
                (it.approved_at, it.effective_from) = (Some(next().0), next().1);
                for line in &mut it.lines {
                    (line.from, line.to, line.min_minutes) = (next().1, next().1, Some(next().2 as u32));
                    if let Kind::PerWeek { n } | Kind::PerMonth { n } = &mut line.kind {
                        *n = next().2 as u32;
                    }
                }
            }
            for it in &mut roll.punches {
                (it.at, it.received, it.drift_s) = (next().0, Some(next().0), next().2);
            }
            for it in &mut roll.leaves {
                (it.from, it.to, it.approved_at) = (next().1, next().1, Some(next().0));
            }
            for it in &mut roll.exits {
                (it.last_day, it.filed_at) = (next().1, next().0);
            }
            roll.leave_used.iter_mut().for_each(|it| it.days = next().2 as u32);
            let rules = RuleSet {
                call_by_ms: large[0],
                min_minutes: small[0],
                shift_margin_minutes: small[1],
                drift_as_is_s: large[1],
                drift_corrected_s: large[2],
                duplicate_minutes: small[2],
                close_workday: small[3] % 50,
                sick_workdays: small[4] % 50,
                tick_ms: large[3],
                leave_a_month: small[5] % 9,
                leave_a_year: small[6] % 30,
                month_percent: small[7],
                ..RuleSet::default()
            };
            (roll, now, span, rules)
        },
    )
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
