//! Rolls of attendance of every kind, for the property tests: three persons, two sites, six weeks.

use domain::attendance::plan::*;
use domain::attendance::roll::*;
use domain::attendance::rule_set::{RuleSet, RuleSets};
use domain::calendar::Calendar;
use domain::id::{PersonId, SiteId};
use domain::time::{Day, Millis};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::sync::LazyLock;
use uuid::Uuid;

pub static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::shipped);
pub static RULES: LazyLock<RuleSets> = LazyLock::new(RuleSets::default);

pub const PERSONS: u128 = 3;
pub const SITES: u128 = 2;
/// A Monday; six weeks with the Qingming and May Day holidays follow.
pub const DAYS: i64 = 42;

pub fn first() -> Day {
    "2018-04-02".parse().unwrap()
}

pub fn last() -> Day {
    first().plus(DAYS - 1)
}

pub fn person() -> impl Strategy<Value = PersonId> {
    (0..PERSONS).prop_map(|n| PersonId(Uuid::from_u128(n)))
}

pub fn site() -> impl Strategy<Value = SiteId> {
    (0..SITES).prop_map(|n| SiteId(Uuid::from_u128(n)))
}

pub fn day() -> impl Strategy<Value = Day> {
    (-5..DAYS + 5).prop_map(|n| first().plus(n))
}

pub fn days(most: i64) -> impl Strategy<Value = (Day, Day)> {
    (day(), -1..most).prop_map(|(from, n)| (from, from.plus(n)))
}

/// Mostly all the days there are.
pub fn long_days() -> impl Strategy<Value = (Day, Day)> {
    prop_oneof![2 => Just((first().plus(-5), last().plus(5))), 1 => days(90)]
}

pub fn at() -> impl Strategy<Value = Millis> {
    (day(), 0..24 * 60_i64).prop_map(|(day, minute)| Millis::at(day, minute * 60_000))
}

pub fn post() -> impl Strategy<Value = Post> {
    prop_oneof![Just("总监"), Just("施工员")].prop_map(|it| Post(it.into()))
}

pub fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        2 => Just(Kind::FullTime),
        3 => (0_u32..8).prop_map(|n| Kind::PerWeek { n }),
        2 => (0_u32..25).prop_map(|n| Kind::PerMonth { n }),
        1 => vec(day(), 0..9).prop_map(|dates| Kind::Named { dates: dates.into_iter().collect() }),
        1 => Just(Kind::OnCall),
    ]
}

pub fn mask() -> impl Strategy<Value = Mask> {
    prop_oneof![3 => Just(Mask::Workdays), 1 => Just(Mask::All), 1 => (0..128_u8).prop_map(Mask::Weekdays)]
}

pub fn line() -> impl Strategy<Value = Line> {
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

pub fn version() -> impl Strategy<Value = StagePlan> {
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

pub fn punch() -> impl Strategy<Value = Punch> {
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

pub fn leave() -> impl Strategy<Value = Leave> {
    (person(), days(15), any::<bool>(), at(), any::<bool>()).prop_map(|(person, (from, to), sick, at, early)| {
        let at = if early { Millis::at(first().plus(-9), 0) } else { at };
        let kind = if sick { LeaveKind::Sick } else { LeaveKind::Ordinary };
        Leave { person, from, to, kind, approved_at: Some(at), approved_by: None }
    })
}

pub fn substitute() -> impl Strategy<Value = Substitute> {
    (person(), site(), person(), days(15), option::weighted(0.5, at())).prop_map(
        |(person, site, instead_of, (from, to), approved_at)| Substitute {
            person,
            site,
            instead_of,
            from,
            to,
            approved_at,
        },
    )
}

pub fn roll() -> impl Strategy<Value = Roll> {
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
        (vec(version(), 1..6), vec(punch(), 0..250), vec(leave(), 0..7), vec(substitute(), 0..5)),
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

/// Everybody at every site.
pub fn places() -> impl Iterator<Item = (PersonId, SiteId)> {
    (0..PERSONS).flat_map(|p| (0..SITES).map(move |s| (PersonId(Uuid::from_u128(p)), SiteId(Uuid::from_u128(s)))))
}

pub fn later() -> Millis {
    Millis::at(last().plus(60), 0)
}

/// Numbers and days that nobody would send.
pub fn wild() -> impl Strategy<Value = (Roll, Millis, (Day, Day), RuleSet)> {
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
            for it in &mut roll.substitutes {
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
