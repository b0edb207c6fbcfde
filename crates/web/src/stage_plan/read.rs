//! What was typed as a plan. All that cannot be read is named at its field; the other rows keep their places, so that
//! what the rules say about line 3 stands at line 3.

use super::fill::is_chief;
use super::rows::{count, line, need, needs, stage};
use super::when;
use crate::form;
use crate::ui::field::Typed;
use domain::attendance::plan::{By, Line, Mode, Post, Requirement, Shift, Stage, StageKind, StagePlan};
use domain::fault::Fault;
use domain::id::{PersonId, SiteId};
use domain::time::Day;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Stages and lines that cannot be read stand in the plan as rows that say nothing.
pub struct Draft {
    pub plan: StagePlan,
    pub faults: Vec<Fault>,
    /// Nothing can be checked without the day from which it holds.
    pub has_day: bool,
    unread_stages: BTreeSet<usize>,
    unread_lines: BTreeSet<usize>,
}

pub fn read(typed: &Typed, today: Day) -> Draft {
    let mut faults = Vec::new();
    let effective = Day::read(typed.get("effective"));
    if effective.is_none() {
        faults.push(Fault::new("effective", "请填写从哪一天起执行。", "Say from which day the plan holds."));
    }
    let day = effective.unwrap_or(today);
    let stages: Vec<Option<Stage>> = (0..count(typed, "stages")).map(|at| read_stage(typed, at, &mut faults)).collect();
    let known: Vec<&Stage> = stages.iter().flatten().collect();
    let whole = known.iter().map(|it| it.from).min().zip(known.iter().map(|it| it.to).max());
    let lines: Vec<Option<Line>> =
        (0..count(typed, "lines")).map(|at| read_line(typed, at, whole, effective, &mut faults)).collect();
    let unread = |is_read: Vec<bool>| (0..is_read.len()).filter(|at| !is_read[*at]).collect::<BTreeSet<usize>>();
    Draft {
        has_day: effective.is_some(),
        unread_stages: unread(stages.iter().map(Option::is_some).collect()),
        unread_lines: unread(lines.iter().map(Option::is_some).collect()),
        plan: StagePlan {
            site: SiteId(Uuid::nil()),
            version: 0,
            effective_from: day,
            approved_at: None,
            stages: stages.into_iter().map(|it| it.unwrap_or_else(|| no_stage(day))).collect(),
            lines: lines.into_iter().enumerate().map(|(at, it)| it.unwrap_or_else(|| no_line(at, day))).collect(),
        },
        faults,
    }
}

impl Draft {
    pub fn line(&self, at: usize) -> Option<&Line> {
        self.plan.lines.get(at).filter(|_| !self.unread_lines.contains(&at))
    }

    /// What the rules find in the rows that could be read. While a line is unread nobody knows which posts are filled.
    pub fn said_of_what_is_read(&self, found: Vec<Fault>) -> Vec<Fault> {
        let place = |field: &str, list: &str| field.strip_prefix(list)?.split('.').next()?.parse::<usize>().ok();
        let holds = |it: &Fault| match (place(&it.field, "lines."), place(&it.field, "stages.")) {
            (Some(at), _) => !self.unread_lines.contains(&at),
            (_, Some(at)) => !self.unread_stages.contains(&at) && self.unread_lines.is_empty(),
            _ => it.field != "stages" || self.plan.stages.is_empty(),
        };
        found.into_iter().filter(holds).collect()
    }
}

fn no_stage(day: Day) -> Stage {
    Stage { name: String::new(), kind: StageKind::Other, from: day, to: day, requirements: vec![] }
}

/// Somebody who is nobody, each another, so that no two of them clash.
fn no_line(at: usize, day: Day) -> Line {
    Line {
        person: PersonId(Uuid::from_u128(at as u128)),
        post: Post(String::new()),
        from: day,
        to: day,
        kind: domain::attendance::plan::Kind::OnCall,
        days: domain::attendance::plan::Mask::All,
        mode: Mode::Once,
        min_minutes: None,
        shift: None,
        excused_by: vec![],
        covers: None,
        needs_delegate: false,
        replaces: None,
    }
}

/// Faults of one row, each saying which row it is of.
pub struct Row<'f> {
    pub faults: &'f mut Vec<Fault>,
    pub zh: String,
    pub en: String,
}

impl Row<'_> {
    pub fn wrong(&mut self, field: String, zh: &str, en: &str) {
        self.faults.push(Fault::new(field, format!("{}{zh}", self.zh), format!("{}{en}", self.en)));
    }
}

fn read_day(row: &mut Row, typed: &Typed, name: String) -> Option<Day> {
    let text = typed.get(&name).trim();
    let found = Day::read(text);
    match (found, text.is_empty()) {
        (Some(day), _) => Some(day),
        (None, true) => {
            row.wrong(name, "请填写日期。", "give the date.");
            None
        }
        (None, false) => {
            row.wrong(name, "日期请写成2018-05-14的样子。", "write the date like 2018-05-14.");
            None
        }
    }
}

fn read_stage(typed: &Typed, at: usize, faults: &mut Vec<Fault>) -> Option<Stage> {
    let n = at + 1;
    let mut row = Row { faults, zh: format!("第{n}个阶段："), en: format!("Stage {n}: ") };
    let name = typed.get(&stage(at, "name")).trim().to_owned();
    if name.is_empty() {
        row.wrong(stage(at, "name"), "请填写名称，如“主体收尾”。", "give it a name.");
    }
    if let Err(error) = form::check_length("name", &name, 50) {
        let told = error.tell();
        row.wrong(stage(at, "name"), &told.zh, &told.en);
    }
    let kind = StageKind::parse(typed.get(&stage(at, "kind")));
    if kind.is_none() {
        row.wrong(stage(at, "kind"), "请选择阶段类型。", "choose its kind.");
    }
    let from = read_day(&mut row, typed, stage(at, "from"));
    let to = read_day(&mut row, typed, stage(at, "to"));
    let before = row.faults.len();
    let needs = count(typed, &needs(at));
    let requirements: Vec<Option<Requirement>> =
        (0..needs).map(|n| read_need(typed, at, n, from, row.faults)).collect();
    let all_read = row.faults.len() == before && requirements.iter().all(Option::is_some);
    let (kind, from, to) = (kind?, from?, to?);
    (all_read && !name.is_empty()).then(|| Stage {
        name,
        kind,
        from,
        to,
        requirements: requirements.into_iter().flatten().collect(),
    })
}

/// Posts as people divide them.
pub fn posts(text: &str) -> Vec<Post> {
    let parts = text.split(['、', '，', ',', '+', '＋', ';', '；']).flat_map(str::split_whitespace);
    parts.map(|it| Post(it.to_owned())).collect()
}

fn read_need(typed: &Typed, at: usize, n: usize, from: Option<Day>, faults: &mut Vec<Fault>) -> Option<Requirement> {
    let field = |name: &str| need(at, n, name);
    let (stage, number) = (at + 1, n + 1);
    let mut row = Row {
        faults,
        zh: format!("第{stage}个阶段的第{number}条要求："),
        en: format!("Stage {stage}, requirement {number}: "),
    };
    let posts = posts(typed.get(&field("posts")));
    if posts.is_empty() {
        row.wrong(field("posts"), "请填写岗位。", "name its posts.");
    }
    let kind = when::kind(typed, &field, from, &mut row);
    let days = when::mask(typed, &field, &mut row);
    let persons = typed.all(&field("persons")).filter_map(|id| id.parse().ok()).collect();
    let by = By::parse(typed.get(&field("by"))).unwrap_or(By::Shared);
    let (kind, days) = (kind?, days?);
    (!posts.is_empty()).then_some(Requirement { posts, persons, by, kind, days })
}

fn read_line(
    typed: &Typed,
    at: usize,
    whole: Option<(Day, Day)>,
    effective: Option<Day>,
    faults: &mut Vec<Fault>,
) -> Option<Line> {
    let field = |name: &str| line(at, name);
    let n = at + 1;
    let mut row = Row { faults, zh: format!("第{n}行："), en: format!("Line {n}: ") };
    let person: Option<PersonId> = typed.get(&field("person")).parse().ok();
    if person.is_none() {
        row.wrong(field("person"), "请选择人员。", "choose the person.");
    }
    let post = typed.get(&field("post")).trim().to_owned();
    if post.is_empty() {
        row.wrong(field("post"), "请选择岗位。", "choose the post.");
    }
    // Who leaves the days empty means all stages.
    let mut bound = |name: &str, of_all: Option<Day>| match (typed.get(&field(name)).trim().is_empty(), of_all) {
        (true, Some(day)) => Some(day),
        _ => read_day(&mut row, typed, field(name)),
    };
    let from = bound("from", whole.map(|it| it.0));
    let to = bound("to", whole.map(|it| it.1));
    let kind = when::kind(typed, &field, from.or(effective), &mut row);
    let days = when::mask(typed, &field, &mut row);
    let before = row.faults.len();
    let shift = read_shift(typed.get(&field("shift")), &field, &mut row);
    let min_minutes = read_minutes(typed.get(&field("min_minutes")), &field, &mut row);
    let is_read = row.faults.len() == before && !post.is_empty();
    let needs_delegate = match typed.get(&field("delegate")) {
        "yes" => true,
        "no" => false,
        _ => is_chief(&post),
    };
    let (person, from, to, kind, days) = (person?, from?, to?, kind?, days?);
    is_read.then(|| Line {
        person,
        post: Post(post),
        from,
        to,
        kind,
        days,
        mode: if typed.get(&field("mode")) == "span" { Mode::Span } else { Mode::Once },
        min_minutes,
        shift,
        excused_by: typed.all(&field("excused_by")).filter_map(|id| id.parse().ok()).collect(),
        covers: typed.get(&field("covers")).parse().ok(),
        needs_delegate,
        replaces: typed.get(&field("replaces")).parse().ok(),
    })
}

fn read_shift(text: &str, field: &dyn Fn(&str) -> String, row: &mut Row) -> Option<Shift> {
    if text.trim().is_empty() {
        return None;
    }
    let text = text.trim().replace('：', ":").replace(['–', '—', '~', '～', '至', '到', '－'], "-");
    let found = text.parse().ok();
    if found.is_none() {
        row.wrong(field("shift"), "班次请写成22:00-06:00的样子。", "write the shift like 22:00-06:00.");
    }
    found
}

fn read_minutes(text: &str, field: &dyn Fn(&str) -> String, row: &mut Row) -> Option<u32> {
    if text.trim().is_empty() {
        return None;
    }
    let found = text.trim().parse().ok().filter(|n| (1..=24 * 60).contains(n));
    if found.is_none() {
        row.wrong(field("min_minutes"), "最短分钟请填1到1440的整数。", "minutes are a number from 1 to 1440.");
    }
    found
}
