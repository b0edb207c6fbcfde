//! The numbers of attendance as dated data: defaults, where each comes from, and which set holds on a day.

use crate::attendance::plan::{Post, StageKind};
use crate::time::{DAY_MS, Day, Millis};
use serde::{Deserialize, Serialize};

/// One set of numbers, in force from a day. Like a plan, it never reaches back before it was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleSet {
    pub effective_from: Day,
    pub entered_at: Millis,
    /// A call obliges if made by then on the day before; in milliseconds from midnight.
    pub call_by_ms: i64,
    pub min_minutes: u32,
    /// How long before its begin and after its end a shift takes punches.
    pub shift_margin_minutes: u32,
    pub drift_as_is_s: i64,
    pub drift_corrected_s: i64,
    pub duplicate_minutes: u32,
    /// Punches of one person at two sites nearer to each other than this are looked at; 0 is never.
    pub travel_minutes: u32,
    /// The month closes at `tick_ms` on this workday of the next month.
    pub close_workday: u32,
    /// Sick leave must be approved by `tick_ms` of this workday after the day.
    pub sick_workdays: u32,
    pub tick_ms: i64,
    pub leave_a_month: u32,
    pub leave_a_year: u32,
    pub month_percent: u32,
    /// So many days charged as absent in one month at one site make a problem in the pool; 0 is never.
    pub problem_after_absences: u32,
    /// Sites that one person can be asked to attend on one day.
    pub sites_a_day: u32,
    pub required: Vec<RequiredPost>,
}

/// A post that the stages of these kinds must fill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiredPost {
    /// Its names; any one will do.
    pub names: Vec<Post>,
    pub stages: Vec<StageKind>,
    pub certificate: bool,
}

/// A number of a rule set with where it comes from, for the foot of every report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    pub field: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

const fn source(field: &'static str, zh: &'static str, en: &'static str) -> Source {
    Source { field, zh, en }
}

/// Where the default of each number comes from; `attendance.md` is the page of worked cases.
pub const SOURCES: &[Source] = &[
    source(
        "call_by_ms",
        "本系统约定：前一日18:00前通知方有约束力（attendance.md 第3条）",
        "Our convention: a call binds by 18:00 of the day before (attendance.md, rule 3)",
    ),
    source(
        "min_minutes",
        "本系统约定：首末打卡间隔不少于240分钟（attendance.md 第5条）",
        "Our convention: 240 minutes from first to last punch (attendance.md, rule 5)",
    ),
    source(
        "shift_margin_minutes",
        "本系统约定：班次前后各2小时（attendance.md 第6条）",
        "Our convention: two hours before and after a shift (attendance.md, rule 6)",
    ),
    source(
        "drift_as_is_s",
        "本系统约定：时钟偏差2分钟内不更正（attendance.md 第7条）",
        "Our convention: up to two minutes of drift as is (attendance.md, rule 7)",
    ),
    source(
        "drift_corrected_s",
        "本系统约定：时钟偏差15分钟内更正，超出转人工复核（attendance.md 第7条）",
        "Our convention: up to fifteen minutes corrected, beyond to review (attendance.md, rule 7)",
    ),
    source(
        "duplicate_minutes",
        "本系统约定：5分钟内重复打卡合并（attendance.md 第7条）",
        "Our convention: punches within five minutes are one (attendance.md, rule 7)",
    ),
    source(
        "travel_minutes",
        "中山 中建通〔2023〕90号：一人不同时在两个工地；多近算同时为本系统约定，5分钟内",
        "中山 中建通〔2023〕90号: nobody is at two sites at once; that within five minutes is at once is our convention",
    ),
    source(
        "close_workday",
        "本系统约定：次月第5个工作日17:30关账（attendance.md 第7条）",
        "Our convention: the month closes on the fifth workday of the next (attendance.md, rule 7)",
    ),
    source(
        "sick_workdays",
        "本系统约定：病假须在次一工作日17:30前批准（attendance.md 第8条）",
        "Our convention: sick leave is approved by the next workday (attendance.md, rule 8)",
    ),
    source("tick_ms", "deadlines.md 第6条：17:30:00", "deadlines.md, rule 6: 17:30:00"),
    source(
        "leave_a_month",
        "黑龙江关键岗位人员考勤规定：请假每月不超过6天",
        "Heilongjiang rules for key posts: at most 6 days of leave a month",
    ),
    source(
        "leave_a_year",
        "黑龙江关键岗位人员考勤规定：请假每年不超过20天",
        "Heilongjiang rules for key posts: at most 20 days of leave a year",
    ),
    source(
        "month_percent",
        "建质〔2011〕111号：项目负责人每月带班生产时间不少于当月施工时间的80%",
        "建质〔2011〕111号: the project leader is on site for 80 % of the month's construction time",
    ),
    source(
        "problem_after_absences",
        "本系统约定：同一工地一个月内缺勤满3天列为问题，填0则不列",
        "Our convention: three absences in a month at one site make a problem; 0 is never",
    ),
    source(
        "sites_a_day",
        "本系统约定：一人一天最多两个工地（planner.json）",
        "Our convention: at most two sites a day (planner.json)",
    ),
    source(
        "required",
        "余杭区现场管理人员人脸识别考勤通知：七类岗位",
        "Yuhang notice on face attendance of site staff: seven posts",
    ),
];

/// Yuhang's seven posts, in every stage: how often they come is for the plan to say, not whether they are named.
fn yuhang_posts() -> Vec<RequiredPost> {
    const POSTS: [&[&str]; 7] = [
        &["项目负责人", "项目经理"],
        &["质量员"],
        &["施工员"],
        &["安全员"],
        &["资料员"],
        &["项目总监", "总监"],
        &["专业监理工程师"],
    ];
    let post = |names: &&[&str]| RequiredPost {
        names: names.iter().map(|name| Post((*name).to_owned())).collect(),
        stages: StageKind::ALL.to_vec(),
        certificate: true,
    };
    POSTS.iter().map(post).collect()
}

impl Default for RuleSet {
    fn default() -> RuleSet {
        const MINUTE_MS: i64 = 60_000;
        RuleSet {
            effective_from: Day::from_number(i64::MIN),
            entered_at: Millis(i64::MIN),
            call_by_ms: 18 * 60 * MINUTE_MS,
            min_minutes: 240,
            shift_margin_minutes: 120,
            drift_as_is_s: 120,
            drift_corrected_s: 900,
            duplicate_minutes: 5,
            travel_minutes: 5,
            close_workday: 5,
            sick_workdays: 1,
            tick_ms: (17 * 60 + 30) * MINUTE_MS,
            leave_a_month: 6,
            leave_a_year: 20,
            month_percent: 80,
            problem_after_absences: 3,
            sites_a_day: 2,
            required: yuhang_posts(),
        }
    }
}

impl RuleSet {
    /// No margin is longer than half a day, so that a punch is looked for on few days.
    pub(crate) fn margin_ms(&self) -> i64 {
        (i64::from(self.shift_margin_minutes) * 60_000).min(DAY_MS / 2)
    }
}

/// All rule sets; before the first, the defaults hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSets {
    sets: Vec<RuleSet>,
    first: RuleSet,
}

impl Default for RuleSets {
    fn default() -> RuleSets {
        RuleSets::new(vec![])
    }
}

impl RuleSets {
    pub fn new(mut sets: Vec<RuleSet>) -> RuleSets {
        sets.sort_by_key(|set| (set.effective_from, set.entered_at));
        RuleSets { sets, first: RuleSet::default() }
    }

    /// Of those entered before the day began and effective by it, the latest.
    pub fn on(&self, day: Day) -> &RuleSet {
        let mut sets = self.sets.iter().rev();
        sets.find(|set| set.effective_from <= day && set.entered_at.day() < day).unwrap_or(&self.first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_set_holds_from_its_day_and_never_before_it_was_entered() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let set = |from: &str, entered: &str, month_percent| RuleSet {
            effective_from: day(from),
            entered_at: Millis::parse_local(entered).unwrap(),
            month_percent,
            ..RuleSet::default()
        };
        let sets = RuleSets::new(vec![set("2018-05-01", "2018-04-01", 85), set("2018-04-01", "2018-04-17 15:00", 90)]);
        let percent = |text: &str| sets.on(day(text)).month_percent;
        assert_eq!([percent("2018-04-17"), percent("2018-04-18"), percent("2018-05-01")], [80, 90, 85]);
    }

    #[test]
    fn every_number_says_where_it_comes_from() {
        let json = serde_json::to_value(RuleSet::default()).unwrap();
        let fields: Vec<&String> = json.as_object().unwrap().keys().collect();
        for field in fields.iter().filter(|it| !matches!(it.as_str(), "effective_from" | "entered_at")) {
            assert!(SOURCES.iter().any(|it| it.field == field.as_str()), "{field}");
        }
        assert_eq!(SOURCES.len() + 2, fields.len());
    }
}
