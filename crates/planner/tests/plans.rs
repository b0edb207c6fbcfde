//! From approved plans to a calendar and back: what it saves, and that whoever keeps it is never charged.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use domain::attendance::filing::{Filing, Trouble, troubles};
use domain::attendance::plan::*;
use domain::attendance::roll::{Leave, LeaveKind, Punch, Roll, Way};
use domain::attendance::rule_set::{RuleSet, RuleSets};
use domain::attendance::verdict::{Judged, Verdict};
use domain::attendance::{Judge, Terms};
use domain::calendar::Calendar;
use domain::id::{PersonId, SiteId};
use domain::time::{Day, Millis};
use planner::plans::{Given, ask, cost_by_plan, named, post_name};
use planner::{Ask, Outcome, When, solve};
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::time::Duration;
use uuid::Uuid;

static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::shipped);
static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet { required: vec![], ..RuleSet::default() });

/// A firm with its sites, and the days that it plans.
#[derive(Clone, Debug)]
struct Firm {
    plans: Vec<StagePlan>,
    staff: BTreeMap<SiteId, BTreeMap<PersonId, Vec<Post>>>,
    away: BTreeMap<PersonId, BTreeSet<Day>>,
    movable: BTreeSet<PersonId>,
    from: Day,
    to: Day,
}

/// The next versions, and everybody's days as visits.
struct Accepted {
    plans: Vec<StagePlan>,
    visits: Vec<(PersonId, SiteId, Day)>,
}

impl Firm {
    fn new(plans: Vec<StagePlan>, movable: &[PersonId], from: &str, to: &str) -> Firm {
        let (staff, away) = (BTreeMap::new(), BTreeMap::new());
        Firm { plans, staff, away, movable: movable.iter().copied().collect(), from: day(from), to: day(to) }
    }

    fn with<T>(&self, what: impl Fn(&Given) -> T) -> T {
        let plans: Vec<&StagePlan> = self.plans.iter().collect();
        what(&Given {
            plans: &plans,
            staff: &self.staff,
            away: &self.away,
            from: self.from,
            to: self.to,
            calendar: &CALENDAR,
            rules: &RULES,
            movable: &self.movable,
        })
    }

    fn ask(&self) -> Ask {
        self.with(ask)
    }

    fn accept(&self) -> Option<Accepted> {
        let ask = self.ask();
        let Outcome::Found(found) = solve(&ask, Duration::from_secs(4)) else { return None };
        let next = |plan| {
            let approved_at = Some(Millis::at(self.from.plus(-3), 0));
            StagePlan { approved_at, ..named(plan, &ask, &found, self.from, self.to) }
        };
        let visit = |it: &planner::Visit| {
            (ask.persons[it.person].id.parse().unwrap(), ask.sites[it.site].id.parse().unwrap(), ask.days[it.day])
        };
        Some(Accepted {
            plans: self.plans.iter().map(next).collect(),
            visits: found.visits.iter().map(visit).collect(),
        })
    }

    /// What is judged in the time planned when everybody comes on the days of the calendar and on no other.
    fn judge(&self, accepted: &Accepted) -> Vec<Judged> {
        let punch = |(person, site, day): &(PersonId, SiteId, Day)| Punch {
            person: *person,
            site: *site,
            at: Millis::at(*day, 9 * 3_600_000),
            received: None,
            drift_s: 0,
            device: None,
            way: Way::Terminal,
            doubt: None,
            rulings: vec![],
        };
        let leave = |(person, day): (PersonId, Day)| Leave {
            person,
            from: day,
            to: day,
            kind: LeaveKind::Ordinary,
            approved_at: Some(Millis::at(self.from.plus(-20), 0)),
            approved_by: None,
        };
        let away = self.away.iter().flat_map(|(person, days)| days.iter().map(|day| (*person, *day)));
        let roll = Roll {
            versions: self.plans.iter().chain(&accepted.plans).cloned().collect(),
            punches: accepted.visits.iter().map(punch).collect(),
            leaves: away.map(leave).collect(),
            ..Roll::default()
        };
        let rules = RuleSets::default();
        let terms = Terms { calendar: &CALENDAR, rules: &rules, now: Millis::at(self.to.plus(90), 0) };
        let judge = Judge::new(&roll, terms);
        let places = self.movable.iter().flat_map(|person| self.plans.iter().map(|plan| (*person, plan.site)));
        places.flat_map(|(person, site)| judge.judge(person, site, self.from, self.to)).collect()
    }

    /// Promises of the time planned that filing would refuse because they cannot all be kept.
    fn collisions(&self, accepted: &Accepted) -> Vec<Trouble> {
        let mut plans = accepted.plans.clone();
        for plan in &mut plans {
            plan.lines.retain(|it| it.from <= self.to && self.from <= it.to);
            plan.lines.iter_mut().for_each(|it| (it.from, it.to) = (it.from.max(self.from), it.to.min(self.to)));
        }
        let of = |nth: usize| {
            let mut others = plans.clone();
            let plan = others.remove(nth);
            troubles(&Filing { plan: &plan, others: &others, certificates: &[], rules: &RULES, calendar: &CALENDAR })
        };
        let all = (0..plans.len()).flat_map(of);
        let of_the_firm = |it: &Trouble| match it {
            Trouble::CannotBeKept { person, .. } => self.movable.contains(person),
            Trouble::TwoLines { .. } => true,
            _ => false,
        };
        all.filter(of_the_firm).collect()
    }
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

fn site(n: u128) -> SiteId {
    SiteId(Uuid::from_u128(100 + n))
}

fn line(n: u128, kind: Kind) -> Line {
    Line {
        person: person(n),
        post: Post("技术员".into()),
        from: day("2018-04-02"),
        to: day("2018-06-29"),
        kind,
        days: Mask::Workdays,
        mode: Mode::Once,
        min_minutes: None,
        shift: None,
        excused_by: vec![],
        covers: None,
        needs_delegate: false,
        replaces: None,
    }
}

fn plan(n: u128, requirements: Vec<Requirement>, lines: Vec<Line>) -> StagePlan {
    let (from, to) = (day("2018-04-02"), day("2018-06-29"));
    StagePlan {
        site: site(n),
        version: 1,
        effective_from: from,
        approved_at: Millis::parse_local("2018-03-28 10:00"),
        stages: vec![Stage { name: "收尾".into(), kind: StageKind::Closing, from, to, requirements }],
        lines,
    }
}

fn requirement(posts: &[&str], kind: Kind) -> Requirement {
    let posts = posts.iter().map(|it| Post((*it).into())).collect();
    Requirement { posts, persons: vec![], by: By::Shared, kind, days: Mask::Workdays }
}

/// Days of each need's window, with how many are asked for; none where each is.
fn asked(ask: &Ask) -> Vec<(&str, Option<usize>, usize)> {
    let of = |it: &When| match it {
        When::Some { n, window } => (Some(*n), window.len()),
        When::Each(days) => (None, days.len()),
    };
    ask.needs.iter().map(|it| (post_name(&it.post), of(&it.when).0, of(&it.when).1)).collect()
}

#[test]
fn the_technician_of_three_closing_sites_comes_three_times_instead_of_fifteen() {
    let named_date = Kind::Named { dates: [day("2018-04-25")].into() };
    let plans = vec![
        plan(1, vec![], vec![line(1, Kind::PerWeek { n: 2 })]),
        plan(2, vec![], vec![line(1, named_date)]),
        plan(3, vec![], vec![line(1, Kind::OnCall)]),
    ];
    let firm = Firm::new(plans, &[person(1)], "2018-04-23", "2018-04-27");
    let ask = firm.ask();
    assert_eq!(asked(&ask), [("技术员", Some(2), 5), ("技术员", None, 1)]);
    assert_eq!((ask.everyone_every_day(), firm.with(cost_by_plan)), (15, 6));
    let accepted = firm.accept().unwrap();
    assert_eq!(accepted.visits.len(), 3);
    // Before and after the week the promise of two days stands; the other sites repeat.
    let a = &accepted.plans[0];
    assert_eq!((a.version, a.effective_from, a.lines.len()), (2, day("2018-04-23"), 3));
    let dates: BTreeSet<Day> = accepted.visits.iter().filter(|it| it.1 == site(1)).map(|it| it.2).collect();
    let of = |from: &str, to: &str, kind| Line { from: day(from), to: day(to), ..line(1, kind) };
    assert_eq!(
        a.lines,
        [
            of("2018-04-02", "2018-04-22", Kind::PerWeek { n: 2 }),
            of("2018-04-23", "2018-04-27", Kind::Named { dates }),
            of("2018-04-28", "2018-06-29", Kind::PerWeek { n: 2 }),
        ]
    );
    assert_eq!([&accepted.plans[1].lines, &accepted.plans[2].lines], [&firm.plans[1].lines, &firm.plans[2].lines]);
    let others = &accepted.plans[1..];
    let filing = Filing { plan: a, others, certificates: &[], rules: &RULES, calendar: &CALENDAR };
    assert_eq!(troubles(&filing), []);
    let judged = firm.judge(&accepted);
    let count = |verdict| judged.iter().filter(|it| it.verdict == verdict).count();
    assert_eq!((count(Verdict::Present), count(Verdict::Absent), count(Verdict::Extra)), (3, 0, 0));
}

#[test]
fn a_requirement_goes_before_the_quotas_of_its_persons() {
    let quota = |n| line(n, Kind::PerWeek { n: 2 });
    let plans = vec![plan(1, vec![requirement(&["技术员"], Kind::PerWeek { n: 2 })], vec![quota(1), quota(2)])];
    let mut firm = Firm::new(plans, &[person(1), person(2)], "2018-04-16", "2018-05-06");
    // Of the May Day week three workdays are left, floor(2×3/5) = 1.
    assert_eq!(asked(&firm.ask()), [("技术员", Some(2), 5), ("技术员", Some(2), 6), ("技术员", Some(1), 3)]);
    assert_eq!(firm.accept().unwrap().visits.len(), 5);
    // Where it names one person, the other's promise stands.
    firm.plans[0].stages[0].requirements[0].persons = vec![person(1)];
    assert_eq!(asked(&firm.ask()).len(), 6);
    // Nobody of the firm can fill it: it is not the firm's.
    firm.movable = [person(3)].into();
    assert_eq!(asked(&firm.ask()), []);
}

#[test]
fn one_and_the_same_person_comes_in_all_weeks() {
    let requirement = Requirement { by: By::OnePerson, ..requirement(&["技术员"], Kind::PerWeek { n: 3 }) };
    let plans = vec![plan(1, vec![requirement], vec![])];
    let mut firm = Firm::new(plans, &[person(1), person(2)], "2018-04-16", "2018-04-27");
    firm.staff = [(site(1), [1, 2].map(|n| (person(n), vec![Post("技术员".into())])).into())].into();
    // Each is away in one week, so that nobody can come in both.
    let days = |from: &str| (0..5).map(|n| day(from).plus(n)).collect();
    firm.away = [(person(1), days("2018-04-16")), (person(2), days("2018-04-23"))].into();
    assert!(matches!(solve(&firm.ask(), Duration::from_secs(4)), Outcome::Colliding(needs) if needs.len() == 2));
    firm.away.remove(&person(2));
    let accepted = firm.accept().unwrap();
    assert!(accepted.visits.iter().all(|it| it.0 == person(2)) && accepted.visits.len() == 6);
    // He had no line: he gets one.
    let lines: Vec<(PersonId, &str)> =
        accepted.plans[0].lines.iter().map(|it| (it.person, it.post.0.as_str())).collect();
    assert_eq!(lines, [(person(2), "技术员")]);
}

#[test]
fn a_joint_requirement_asks_for_the_posts_of_the_firm() {
    let plans = vec![plan(1, vec![requirement(&["技术员", "总监"], Kind::PerWeek { n: 1 })], vec![])];
    let mut firm = Firm::new(plans, &[person(1), person(2)], "2018-04-16", "2018-04-20");
    let post = |name: &str| vec![Post(name.into())];
    firm.staff = [(site(1), [(person(1), post("技术员")), (person(2), post("总监"))].into())].into();
    let both = firm.ask();
    assert_eq!((both.needs.len(), both.joints[0].n, both.joints[0].posts.len()), (0, 1, 2));
    firm.movable.remove(&person(2));
    let one = firm.ask();
    assert_eq!((asked(&one), one.joints.len()), (vec![("技术员", Some(1), 5)], 0));
}

#[test]
fn a_full_time_day_belongs_to_its_site_unless_another_excuses() {
    let dates: BTreeSet<Day> = [day("2018-04-17")].into();
    let mut plans =
        vec![plan(1, vec![], vec![line(1, Kind::FullTime)]), plan(2, vec![], vec![line(1, Kind::Named { dates })])];
    let firm = |plans: &[StagePlan]| Firm::new(plans.to_vec(), &[person(1)], "2018-04-16", "2018-04-20");
    let colliding = solve(&firm(&plans).ask(), Duration::from_secs(4));
    assert!(matches!(colliding, Outcome::Colliding(needs) if needs.len() == 2));
    plans[0].lines[0].excused_by = vec![site(2)];
    let firm = firm(&plans);
    let accepted = firm.accept().unwrap();
    assert_eq!(accepted.visits.len(), 5);
    assert_eq!(firm.judge(&accepted).iter().filter(|it| it.verdict == Verdict::Absent).count(), 0);
}

fn from() -> Day {
    day("2018-04-16")
}

fn kinds() -> impl Strategy<Value = Kind> {
    let dates = btree_set((-3..14_i64).prop_map(|n| from().plus(n)), 1..4);
    prop_oneof![
        1 => Just(Kind::FullTime),
        5 => (1..4_u32).prop_map(|n| Kind::PerWeek { n }),
        3 => (1..9_u32).prop_map(|n| Kind::PerMonth { n }),
        2 => dates.prop_map(|dates| Kind::Named { dates }),
        1 => Just(Kind::OnCall),
    ]
}

fn masks() -> impl Strategy<Value = Mask> {
    prop_oneof![5 => Just(Mask::Workdays), 1 => Just(Mask::All), 1 => (1..128_u8).prop_map(Mask::Weekdays)]
}

fn posts() -> impl Strategy<Value = Post> {
    prop_oneof![Just("技术员"), Just("安全员")].prop_map(|it| Post(it.into()))
}

fn lines(n: u128) -> impl Strategy<Value = Line> {
    let ends = prop_oneof![3 => Just((-14, 70)), 1 => (-5..5_i64, 4..12_i64)];
    (posts(), kinds(), masks(), ends, option::weighted(0.4, 1..4_u128), option::weighted(0.15, 1..4_u128)).prop_map(
        move |(post, kind, days, (first, last), excused, covers)| Line {
            post,
            days,
            from: from().plus(first),
            to: from().plus(last),
            excused_by: excused.map(site).into_iter().collect(),
            covers: covers.map(person).filter(|it| *it != person(n)),
            ..line(n, kind)
        },
    )
}

fn requirements() -> impl Strategy<Value = Requirement> {
    let one = prop::bool::weighted(0.3);
    (vec(posts(), 1..3), btree_set(1..4_u128, 0..3), one, kinds(), masks()).prop_map(
        |(posts, persons, one, kind, days)| Requirement {
            posts,
            persons: persons.into_iter().map(person).collect(),
            by: if one { By::OnePerson } else { By::Shared },
            kind,
            days,
        },
    )
}

/// Three persons at three sites, each with at most one line at each; sometimes a fourth who is not of the firm.
fn firms() -> impl Strategy<Value = Firm> {
    let lines = (1..4_u128).map(|n| vec(option::weighted(0.5, lines(n)), 3)).collect::<Vec<_>>();
    let stranger = vec(option::weighted(0.3, self::lines(4)), 3);
    let required = vec(vec(requirements(), 0..2), 3);
    let staff = vec((1..4_u128, 1..5_u128, posts()), 0..5);
    let away = vec((1..4_u128, 0..10_i64), 0..4);
    (lines, stranger, required, staff, away, (0..5_i64, 4..9_i64)).prop_map(
        |(lines, stranger, required, staff, away, (begin, length))| {
            let plans = (0..3_usize).map(|at| {
                let own = lines.iter().chain([&stranger]).filter_map(|all| all[at].clone());
                let here = site(at as u128 + 1);
                let strangers = |mut line: Line| {
                    line.excused_by.retain(|it| *it != here);
                    line
                };
                plan(at as u128 + 1, required[at].clone(), own.map(strangers).collect())
            });
            let mut firm = Firm::new(plans.collect(), &[1, 2, 3].map(person), "2018-04-16", "2018-04-16");
            (firm.from, firm.to) = (from().plus(begin), from().plus(begin + length));
            for (at, who, post) in staff {
                firm.staff.entry(site(at)).or_default().entry(person(who)).or_default().push(post);
            }
            for (who, n) in away {
                firm.away.entry(person(who)).or_default().insert(from().plus(n));
            }
            firm
        },
    )
}

/// Whole weeks, and nothing but the lines themselves.
fn by_lines(mut firm: Firm) -> Firm {
    (firm.from, firm.to) = (from(), from().plus(13));
    for plan in &mut firm.plans {
        plan.stages[0].requirements.clear();
        for line in &mut plan.lines {
            if let Kind::PerMonth { n } = line.kind {
                line.kind = Kind::PerWeek { n: n % 5 };
            }
        }
    }
    firm
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whoever_keeps_the_calendar_is_never_charged(firm in firms()) {
        if let Some(accepted) = firm.accept() {
            for it in firm.judge(&accepted) {
                prop_assert!(it.verdict != Verdict::Absent, "{} at {}: {}", it.person, it.site, it.en());
            }
            // Leave is not known when a plan is filed: what it makes possible is no promise.
            if firm.away.is_empty() {
                prop_assert_eq!(firm.collisions(&accepted), vec![]);
            }
        }
    }

    /// The calendar is no way round the plans: it keeps what they ask by their own words too.
    #[test]
    fn the_calendar_keeps_the_plans_it_came_from(firm in firms().prop_map(by_lines)) {
        if let Some(accepted) = firm.accept() {
            let accepted = Accepted { plans: vec![], ..accepted };
            for it in firm.judge(&accepted) {
                prop_assert!(it.verdict != Verdict::Absent, "{} at {}: {}", it.person, it.site, it.en());
            }
        }
    }
}
