//! The fast counting against the rules read literally, one day at a time; and no input that makes it panic or hang.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use domain::calendar::{Calendar, Notice, NoticeDay, OfficeHours};
use domain::clock::{Change, Clock, Extension, Pause, Span, ask_by, due_after};
use domain::light::{Light, bounds, escalation, light, send_at};
use domain::time::{DAY_MS, Day, Millis};
use proptest::prelude::*;

fn at(text: &str) -> Millis {
    Millis::parse_local(text).unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Somewhere in 2017 to 2029, often on the edge of a tick or of midnight.
fn instants() -> impl Strategy<Value = Millis> {
    let edge =
        prop_oneof![0..DAY_MS, prop::sample::select(vec![0, 63_000_000 - 1, 63_000_000, 63_000_001, DAY_MS - 1])];
    (17_167_i64..21_900, edge).prop_map(|(number, ms)| Millis::at(Day::from_number(number), ms))
}

fn spans(most: u32) -> impl Strategy<Value = Span> {
    prop_oneof![
        (1..=most).prop_map(Span::Workdays),
        (1..=most).prop_map(Span::Days),
        (1..=most / 20 + 1).prop_map(Span::Months),
        (1..=most).prop_map(Span::Hours),
    ]
}

/// Closed pauses of up to three weeks after `start`, overlapping or touching as it happens.
fn pauses(start: Millis) -> impl Strategy<Value = Vec<Pause>> {
    let tick = 63_000_000 - start.local().1;
    let ms = prop_oneof![-DAY_MS..40 * DAY_MS, (0_i64..40).prop_map(move |days| days * DAY_MS + tick)];
    let pause = (ms, prop_oneof![0..21 * DAY_MS, (0_i64..21).prop_map(|days| days * DAY_MS)]);
    let pause =
        pause.prop_map(move |(from, length)| Pause { from: start.plus(from), to: Some(start.plus(from + length)) });
    prop::collection::vec(pause, 0..5)
}

fn running() -> impl Strategy<Value = Clock> {
    (instants(), spans(40)).prop_flat_map(|(start, span)| {
        pauses(start).prop_map(move |pauses| Clock { pauses, ..Clock::start(start, span) })
    })
}

/// Rules 1 to 7, day by day (hours: minute by minute would be slow, so by the free stretches between pauses).
fn literal(clock: &Clock, calendar: &Calendar) -> Millis {
    let counts = |day: Day| !clock.paused_at(calendar.tick(day));
    let days = |n: i64, counted: &dyn Fn(Day) -> bool| {
        let (mut day, mut n) = (clock.start.day(), n);
        while n > 0 {
            day = day.plus(1);
            n -= i64::from(counted(day));
        }
        while !(calendar.is_workday(day) && counts(day)) {
            day = day.plus(1);
        }
        calendar.tick(day)
    };
    match clock.span {
        Span::Workdays(n) => days(i64::from(n), &|day| calendar.is_workday(day) && counts(day)),
        Span::Days(n) => days(i64::from(n), &counts),
        Span::Months(n) => days(clock.start.day().plus_months(n).number() - clock.start.day().number(), &counts),
        Span::Hours(n) => {
            let (mut now, mut left) = (clock.start, i64::from(n) * 3_600_000);
            loop {
                while let Some(pause) = clock.pauses.iter().find(|pause| pause.from <= now && Some(now) < pause.to) {
                    now = pause.to.unwrap();
                }
                let next = clock.pauses.iter().map(|pause| pause.from).filter(|from| *from > now).min();
                match next {
                    Some(next) if next.0 - now.0 <= left => {
                        left -= next.0 - now.0;
                        now = next;
                    }
                    _ => return now.plus(left),
                }
            }
        }
    }
}

/// Rules 8 and 9 on top: a change counts from the first dispatch, an extension pushes only what it swallows itself.
fn literal_with_decisions(clock: &Clock, calendar: &Calendar) -> Millis {
    let by = |start, span| literal(&Clock { start, span, ..clock.clone() }, calendar);
    let ruled = match clock.changes[..] {
        [.., Change { at, span }] => match (by(clock.start, span), span) {
            (due, _) if due > at => due,
            (_, Span::Hours(_)) => by(at, span),
            _ => by(at, Span::Workdays(1)),
        },
        [] => by(clock.start, clock.span),
    };
    let [.., Extension { granted, until }] = clock.extensions[..] else { return ruled };
    let eve = granted.day().plus(-1);
    let left = calendar.workdays_between(eve, calendar.on_or_next_workday(until));
    let pauses = clock.pauses.iter().copied().filter(|pause| pause.from > granted).collect();
    let pushed = Clock { pauses, ..Clock::start(Millis::at(eve, 0), Span::Workdays(left)) };
    let extended = literal(&pushed, calendar);
    if clock.changes.iter().any(|change| change.at > granted) { ruled.max(extended) } else { extended }
}

proptest! {
    #[test]
    fn changes_and_extensions_count_as_the_rules_say(
        clock in running(), spans in prop::collection::vec(spans(40), 0..3), gap in 1..20 * DAY_MS,
        granted in prop::option::of(0..50 * DAY_MS), days in 1_i64..30,
    ) {
        let calendar = Calendar::shipped();
        let changes = (1..).zip(spans).map(|(n, span)| Change { at: clock.start.plus(n * gap), span }).collect();
        let granted = granted.map(|ms| clock.start.plus(ms));
        let extension = granted.map(|granted| Extension { granted, until: granted.day().plus(days) });
        let clock = Clock { changes, extensions: extension.into_iter().collect(), ..clock };
        prop_assert_eq!(clock.due(&calendar).at.unwrap(), literal_with_decisions(&clock, &calendar));
    }

    #[test]
    fn a_clock_with_pauses_counts_as_the_rules_say(clock in running()) {
        let calendar = Calendar::shipped();
        prop_assert_eq!(clock.due(&calendar).at.unwrap(), literal(&clock, &calendar));
        let bare = Clock::start(clock.start, clock.span);
        prop_assert_eq!(due_after(clock.start, clock.span, &calendar).at.unwrap(), literal(&bare, &calendar));
    }

    #[test]
    fn the_warning_is_about_the_days_looked_at(start in instants(), span in spans(400)) {
        let calendar = Calendar::shipped();
        let due = due_after(start, span, &calendar);
        let (mut day, last) = (start.day(), due.at.unwrap().day());
        let mut looked = false;
        while day < last {
            day = day.plus(1);
            looked |= !calendar.announced(day.year());
        }
        prop_assert_eq!(due.not_announced, looked && !matches!(span, Span::Hours(_)));
    }

    #[test]
    fn lights_and_their_bounds_agree_with_the_days_left(now in instants(), away in -10 * DAY_MS..20 * DAY_MS, late: bool) {
        let calendar = Calendar::shipped();
        let due = now.plus(away);
        let left = calendar.workdays_between(now.day(), due.day());
        let literal = match left {
            _ if now > due => Light::Red,
            0 => Light::Yellow,
            1 | 2 => Light::Blue,
            _ => Light::None,
        };
        prop_assert_eq!(bounds(now, &calendar).light(due), literal);
        prop_assert_eq!(light(now, Some(due), false, false, &calendar), literal);
        let raised = if late && literal < Light::Yellow { Light::Yellow } else { literal };
        prop_assert_eq!(light(now, Some(due), false, late, &calendar), raised);
        prop_assert_eq!(light(now, Some(due), true, late, &calendar), Light::Paused);
        prop_assert_eq!(light(now, None, false, late, &calendar), Light::None);
    }

    #[test]
    fn workdays_are_found_and_counted_alike(start in instants(), n in 1_u32..600) {
        let (calendar, start) = (Calendar::shipped(), start.day());
        let found = calendar.plus_workdays(start, n);
        prop_assert!(calendar.is_workday(found));
        prop_assert_eq!(calendar.workdays_between(start, found), n);
        prop_assert_eq!(calendar.workdays_between(start, found.plus(-1)), n - 1);
        prop_assert_eq!(calendar.previous_workday(calendar.plus_workdays(start, n + 1)), found);
        let same_or_next = if calendar.is_workday(start) { start } else { calendar.next_workday(start) };
        prop_assert_eq!(calendar.on_or_next_workday(start), same_or_next);
    }

    #[test]
    fn notices_leave_in_office_hours(now in instants()) {
        let calendar = Calendar::shipped();
        for at in std::iter::once(send_at(now, false, &calendar)).chain(escalation(now, &calendar)) {
            let (day, ms) = at.local();
            prop_assert!(at >= now && calendar.is_workday(day) && (30_600_000..=63_000_000).contains(&ms));
        }
        prop_assert_eq!(send_at(now, true, &calendar), now);
    }

    /// Any instant, span and order of events: an answer comes, at once, without overflow.
    #[test]
    fn nothing_absurd_panics_or_hangs(
        i in prop::collection::vec(any::<i64>().prop_map(Millis), 9),
        n in prop::collection::vec(prop_oneof![any::<u32>(), Just(u32::MAX), 0..3650_u32], 4),
        unit in 0..4_usize, number: i64, hours: (i64, i64), open: bool,
    ) {
        let units = [Span::Workdays(n[0]), Span::Days(n[1]), Span::Months(n[2]), Span::Hours(n[3])];
        let hours = OfficeHours { open_ms: hours.0, close_ms: hours.1 };
        for calendar in [Calendar::shipped(), Calendar::empty().with_hours(hours).with_blue_window(n[0])] {
            let clock = Clock {
                start: i[0],
                span: units[unit],
                pauses: vec![Pause { from: i[1], to: Some(i[2]) }, Pause { from: i[3], to: (!open).then_some(i[4]) }],
                changes: vec![Change { at: i[5], span: units[3 - unit] }, Change { at: i[6], span: units[unit / 2] }],
                extensions: vec![Extension { granted: i[7], until: Day::from_number(number) }],
            };
            prop_assert_eq!(clock.due(&calendar).at.is_none(), open);
            prop_assert!(clock.first_due(&calendar).at.is_some());
            ask_by(i[8], &calendar);
            send_at(i[8], false, &calendar);
            escalation(i[8], &calendar);
            light(i[0], Some(i[8]), false, false, &calendar);
            calendar.workdays_between(i[1].day(), i[2].day());
            calendar.previous_workday(i[3].day());
        }
    }
}

#[test]
fn the_shipped_files_parse_and_2027_is_not_announced() {
    let notices = Calendar::shipped_notices().unwrap();
    assert_eq!(notices.iter().map(|notice| notice.year).collect::<Vec<_>>(), (2017..=2027).collect::<Vec<_>>());
    assert!(notices.iter().all(|notice| notice.year == 2027 || notice.days.len() > 25));
    let calendar = Calendar::shipped();
    assert!((2017..=2026).all(|year| calendar.announced(year)));
    assert!(!calendar.announced(2016) && !calendar.announced(2027));
}

#[test]
fn a_date_in_two_files_takes_the_later_notice() {
    let notice = |year, is_off_day| Notice {
        year,
        papers: vec!["https://www.gov.cn/".into()],
        days: vec![NoticeDay { name: "元旦".into(), date: day("2018-12-31"), is_off_day }],
    };
    assert!(!Calendar::from_notices(&[notice(2019, true), notice(2018, false)]).is_workday(day("2018-12-31")));
    assert!(Calendar::from_notices(&[notice(2018, true), notice(2019, false)]).is_workday(day("2018-12-31")));
}

fn q() -> Clock {
    Clock::start(at("2018-04-16 09:00"), Span::Workdays(7))
}

#[track_caller]
fn check(clock: Clock, due: &str) {
    assert_eq!(clock.due(&Calendar::shipped()).at.unwrap().second(), format!("{due}:00"));
}

#[test]
fn of_several_changes_the_last_decides() {
    let fifteen = Change { at: at("2018-04-18 10:00"), span: Span::Workdays(15) };
    let five = Change { at: at("2018-04-27 10:00"), span: Span::Workdays(5) };
    check(Clock { changes: vec![fifteen, five], ..q() }, "2018-04-28 17:30");
    check(Clock { changes: vec![five, Change { at: at("2018-04-27 11:00"), ..fifteen }], ..q() }, "2018-05-08 17:30");
}

#[test]
fn the_workday_after_a_change_waits_for_a_pause_too() {
    let changes = vec![Change { at: at("2018-04-27 10:00"), span: Span::Days(1) }];
    let pauses = vec![Pause { from: at("2018-04-28 09:00"), to: Some(at("2018-05-02 18:00")) }];
    check(Clock { changes, pauses, ..q() }, "2018-05-03 17:30");
}

#[test]
fn an_extension_yields_only_to_a_later_change_with_a_later_date() {
    let extensions = vec![Extension { granted: at("2018-04-24 15:00"), until: day("2018-05-04") }];
    let change = |at: Millis, n| vec![Change { at, span: Span::Workdays(n) }];
    let before = Clock { extensions: extensions.clone(), changes: change(at("2018-04-18 10:00"), 15), ..q() };
    check(before, "2018-05-04 17:30");
    let after = Clock { extensions: extensions.clone(), changes: change(at("2018-04-25 10:00"), 15), ..q() };
    check(after, "2018-05-08 17:30");
    let second = Extension { granted: at("2018-04-26 15:00"), until: day("2018-05-12") };
    check(Clock { extensions: vec![extensions[0], second], ..q() }, "2018-05-14 17:30");
}

#[test]
fn a_pause_before_the_grant_does_not_push_the_new_date() {
    let pauses = vec![Pause { from: at("2018-04-17 09:00"), to: Some(at("2018-04-19 09:00")) }];
    let extensions = vec![Extension { granted: at("2018-04-24 15:00"), until: day("2018-05-04") }];
    check(Clock { pauses, extensions, ..q() }, "2018-05-04 17:30");
}

#[test]
fn lateness_climbs_on_three_mornings() {
    let told = escalation(at("2018-04-25 17:30"), &Calendar::shipped()).map(Millis::minute);
    assert_eq!(told, ["2018-04-26 08:30", "2018-04-27 08:30", "2018-04-28 08:30"]);
}
