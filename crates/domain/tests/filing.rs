//! What filing a stage plan finds: missing posts, certificates, promises to several sites that cannot all be kept.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use domain::attendance::filing::{Filing, Names, Trouble, check, troubles};
use domain::attendance::plan::*;
use domain::attendance::roll::Certificate;
use domain::attendance::rule_set::RuleSet;
use domain::attendance::worked::Cases;
use domain::calendar::Calendar;
use domain::id::{PersonId, SiteId};
use domain::time::{Day, Millis};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use uuid::Uuid;

static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::shipped);
static CASES: LazyLock<Cases> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/attendance_cases.json");
    Cases::read(&std::fs::read_to_string(path).unwrap()).unwrap()
});

const LV: PersonId = PersonId(Uuid::from_u128(7));

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn site(n: u128) -> SiteId {
    SiteId(Uuid::from_u128(n))
}

fn line(post: &str, from: &str, to: &str, kind: Kind) -> Line {
    Line {
        person: LV,
        post: Post(post.into()),
        from: day(from),
        to: day(to),
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

fn plan(n: u128, lines: Vec<Line>) -> StagePlan {
    let stages = vec![Stage {
        name: "收尾".into(),
        kind: StageKind::Closing,
        from: day("2018-04-23"),
        to: day("2018-06-30"),
        requirements: vec![],
    }];
    let approved_at = Millis::parse_local("2018-04-20 15:00");
    StagePlan { site: site(n), version: 1, effective_from: day("2018-04-23"), approved_at, stages, lines }
}

/// Nothing is required, so that only what the plan itself promises is found.
fn lenient() -> RuleSet {
    RuleSet { required: vec![], ..RuleSet::default() }
}

fn found(plan: &StagePlan, others: &[StagePlan], certificates: &[Certificate], rules: &RuleSet) -> Vec<Trouble> {
    troubles(&Filing { plan, others, certificates, rules, calendar: &CALENDAR })
}

/// Sites and days of each collision that filing the plan with these others finds.
fn collisions(plan: &StagePlan, others: &[StagePlan]) -> Vec<(usize, String)> {
    let found = found(plan, others, &[], &lenient()).into_iter();
    found
        .filter_map(|it| match it {
            Trouble::CannotBeKept { sites, days, .. } => Some((sites.len(), days.en())),
            _ => None,
        })
        .collect()
}

/// The plans of a case by site and version.
fn of_case(name: &str, version: u32) -> Vec<StagePlan> {
    let (_, case) = CASES.iter().find(|(it, _)| *it == name).unwrap();
    case.roll.versions.iter().filter(|it| it.version == version).cloned().collect()
}

#[test]
fn everyone_every_day_at_three_sites_is_refused_and_the_stage_plans_are_not() {
    let mut every_day = of_case("a06", 1);
    for line in every_day.iter_mut().flat_map(|it| &mut it.lines) {
        line.to = day("2018-04-10");
    }
    let found = collisions(&every_day[0], &every_day[1..]);
    assert_eq!(found, [(3, "2018-04-02 to 2018-04-04, 2018-04-08 to 2018-04-10 (6 days)".to_owned())]);
    let by_stage = of_case("a06", 2);
    assert_eq!(collisions(&by_stage[0], &by_stage[1..]), []);
}

#[test]
fn a_chief_can_keep_three_a_week_at_three_sites_and_not_at_four() {
    let mut plans = of_case("a07", 1);
    for line in plans.iter_mut().flat_map(|it| &mut it.lines) {
        line.to = day("2018-04-27");
    }
    assert_eq!(collisions(&plans[0], &plans[1..]), []);
    plans.push(StagePlan { site: site(9), ..plans[1].clone() });
    let found = collisions(&plans[0], &plans[1..]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, 4);
    assert!(found[0].1.contains("2018-04-16 to 2018-04-20"), "{found:?}");
}

#[test]
fn a_full_time_day_leaves_room_only_for_a_site_that_excuses() {
    let plans = of_case("a14", 1);
    assert_eq!(collisions(&plans[1], &plans[..1]), []);
    let mut strict = plans.clone();
    strict[0].lines[0].excused_by.clear();
    assert_eq!(collisions(&strict[1], &strict[..1]), [(2, "2018-04-11, 2018-04-13 (2 days)".to_owned())]);
}

#[test]
fn a_stage_without_a_required_post_is_refused_with_its_days() {
    let full = |post| line(post, "2018-04-23", "2018-06-30", Kind::FullTime);
    let posts = ["项目经理", "质量员", "施工员", "资料员", "总监", "专业监理工程师"];
    let mut lines: Vec<Line> = posts.into_iter().map(full).collect();
    lines.push(line("安全员", "2018-05-01", "2018-06-30", Kind::FullTime));
    for (n, line) in lines.iter_mut().enumerate() {
        line.person = PersonId(Uuid::from_u128(n as u128));
    }
    let names = Names { persons: BTreeMap::from([(lines[2].person, "吕工".into())]), ..Names::default() };
    let mut certificates: Vec<Certificate> = lines
        .iter()
        .map(|it| Certificate {
            person: it.person,
            post: it.post.clone(),
            from: day("2016-01-01"),
            to: day("2019-12-31"),
        })
        .collect();
    certificates[2].to = day("2018-06-20");
    let plan = plan(1, lines);
    let (rules, calendar) = (RuleSet::default(), &*CALENDAR);
    let faults =
        check(&Filing { plan: &plan, others: &[], certificates: &certificates, rules: &rules, calendar }, &names);
    let said: Vec<(&str, &str)> = faults.iter().map(|it| (it.field.as_str(), it.zh.as_str())).collect();
    assert_eq!(
        said,
        [
            ("stages.0", "第1个阶段缺少安全员：2018-04-23至2018-04-30（共8天）；请补上人员。"),
            (
                "lines.2",
                "第3行吕工没有施工员的有效证书：2018-06-21至2018-06-30（共10天）；请补充证书、缩短日期或换人。"
            ),
        ]
    );
    assert_eq!(faults[0].en, "Stage 1 has nobody as 安全员: 2018-04-23 to 2018-04-30 (8 days); add a person.");
}

#[test]
fn a_post_that_a_requirement_promises_is_not_missing() {
    let mut plan = plan(1, vec![]);
    let only = |name: &str| {
        let required = RuleSet::default().required.into_iter();
        RuleSet { required: required.filter(|it| it.names[0].0 == name).collect(), ..RuleSet::default() }
    };
    assert_eq!(found(&plan, &[], &[], &only("安全员")).len(), 1);
    plan.stages[0].requirements.push(Requirement {
        posts: vec![Post("安全员".into()), Post("施工员".into())],
        persons: vec![LV],
        by: By::Shared,
        kind: Kind::PerWeek { n: 2 },
        days: Mask::Workdays,
    });
    assert_eq!(found(&plan, &[], &[], &only("安全员")), []);
}

#[test]
fn lines_that_cannot_be_meant_are_named() {
    let (from, to) = ("2018-05-01", "2018-05-31");
    let named = |days: &[&str]| Kind::Named { dates: days.iter().map(|it| day(it)).collect() };
    let mut itself = line("总监", "2019-02-01", "2019-02-28", Kind::OnCall);
    itself.covers = Some(LV);
    let lines = vec![
        line("总监", from, to, Kind::PerWeek { n: 6 }),
        line("总监", "2018-05-20", "2018-06-01", Kind::PerMonth { n: 0 }),
        line("总监", "2018-08-02", "2018-08-01", Kind::OnCall),
        line("总监", "2018-09-01", "2018-09-30", named(&["2018-10-01"])),
        line("总监", "2018-10-02", "2018-10-30", named(&[])),
        itself,
    ];
    let plan = StagePlan { stages: vec![], ..plan(1, lines) };
    let found = found(&plan, &[], &[], &lenient());
    let fields: Vec<String> = found.iter().map(Trouble::field).collect();
    assert_eq!(fields, ["stages", "lines.0", "lines.1", "lines.1", "lines.2", "lines.3", "lines.4", "lines.5"]);
    assert!(matches!(&found[3], Trouble::TwoLines { other: 0, days, .. } if days.count() == 12), "{:?}", found[3]);
}

proptest! {
    /// Where all quotas may lie on the same days, they can be kept as long as there are enough visits in a week.
    #[test]
    fn quotas_collide_when_the_week_is_full(quotas in vec(1..6_u32, 2..6), sites_a_day in 1..4_u32) {
        // One whole week without a holiday.
        let line = |n: &u32| line("总监", "2018-05-07", "2018-05-13", Kind::PerWeek { n: *n });
        let plans: Vec<StagePlan> = quotas.iter().enumerate().map(|(n, quota)| {
            StagePlan { effective_from: day("2018-05-07"), ..plan(n as u128, vec![line(quota)]) }
        }).collect();
        let rules = RuleSet { sites_a_day, ..lenient() };
        let is_kept = found(&plans[0], &plans[1..], &[], &rules).is_empty();
        prop_assert_eq!(is_kept, quotas.iter().sum::<u32>() <= 5 * sites_a_day);
    }

    #[test]
    fn no_plan_makes_filing_panic(
        lines in vec((0..2_u128, any::<(i32, i32, u32)>(), 0..5_u8, any::<u8>(), 0..3_usize), 0..12), stage in any::<(i32, i32)>(),
    ) {
        let far = |n: i32| Day::from_number(i64::from(n) / 600);
        let lines: Vec<Line> = lines.into_iter().map(|(person, (from, to, n), kind, bits, excused)| Line {
            person: PersonId(Uuid::from_u128(person)),
            from: far(from),
            to: far(to),
            days: Mask::Weekdays(bits),
            kind: match kind {
                0 => Kind::FullTime,
                1 => Kind::PerWeek { n },
                2 => Kind::PerMonth { n },
                3 => Kind::OnCall,
                _ => Kind::Named { dates: [far(from), far(to), far(n as i32)].into() },
            },
            excused_by: vec![site(excused as u128)],
            ..line("施工员", "2018-05-07", "2018-05-13", Kind::OnCall)
        }).collect();
        let mut plans: Vec<StagePlan> = (0..3).map(|n| plan(n, lines.iter().skip(n as usize).cloned().collect())).collect();
        for it in &mut plans {
            (it.stages[0].from, it.stages[0].to, it.effective_from) = (far(stage.0), far(stage.1), far(stage.0));
        }
        let rules = RuleSet::default();
        let filing = Filing { plan: &plans[0], others: &plans[1..], certificates: &[], rules: &rules, calendar: &CALENDAR };
        for fault in check(&filing, &Names::default()) {
            prop_assert!(fault.zh.ends_with('。') && fault.en.ends_with('.'), "{fault:?}");
        }
    }
}
