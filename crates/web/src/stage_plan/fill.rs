//! A plan that is there as the fields of the form, to be changed into the next version.

use super::rows::{line, need, stage};
use crate::ui::field::Typed;
use domain::attendance::plan::{Kind, Line, Mask, Mode, Post, Requirement, Stage, StagePlan};
use domain::time::Day;
use std::collections::BTreeSet;

/// Whose leave needs a substitute unless the line says otherwise (余杭: project leader and chief supervisor).
pub fn is_chief(post: &str) -> bool {
    ["项目负责人", "项目经理", "项目总监", "总监", "总监理工程师"].contains(&post.trim())
}

pub fn typed(plan: &StagePlan) -> Typed {
    let mut fields = vec![("effective".to_owned(), plan.effective_from.to_string())];
    for (at, it) in plan.stages.iter().enumerate() {
        add_stage(&mut fields, at, it);
    }
    for (at, it) in plan.lines.iter().enumerate() {
        add_line(&mut fields, at, it);
    }
    Typed(fields)
}

type Fields = Vec<(String, String)>;

fn add_stage(fields: &mut Fields, at: usize, it: &Stage) {
    let mut add = |field: &str, value: String| fields.push((stage(at, field), value));
    add("name", it.name.clone());
    add("kind", it.kind.code().to_owned());
    add("from", it.from.to_string());
    add("to", it.to.to_string());
    for (n, requirement) in it.requirements.iter().enumerate() {
        add_need(fields, at, n, requirement);
    }
}

fn add_need(fields: &mut Fields, at: usize, n: usize, it: &Requirement) {
    let mut add = |field: &str, value: String| fields.push((need(at, n, field), value));
    add("posts", it.posts.iter().map(|it| it.0.as_str()).collect::<Vec<_>>().join("、"));
    it.persons.iter().for_each(|id| add("persons", id.to_string()));
    add("by", it.by.code().to_owned());
    kind_and_days(&mut add, &it.kind, it.days);
}

pub fn add_line(fields: &mut Fields, at: usize, it: &Line) {
    let mut add = |field: &str, value: String| fields.push((line(at, field), value));
    add("person", it.person.to_string());
    add("post", it.post.0.clone());
    add("from", it.from.to_string());
    add("to", it.to.to_string());
    kind_and_days(&mut add, &it.kind, it.days);
    add("mode", if it.mode == Mode::Span { "span" } else { "once" }.to_owned());
    add("min_minutes", it.min_minutes.map_or(String::new(), |n| n.to_string()));
    add("shift", it.shift.map_or(String::new(), |it| it.to_string()));
    it.excused_by.iter().for_each(|id| add("excused_by", id.to_string()));
    add("covers", it.covers.map_or(String::new(), |id| id.to_string()));
    add("replaces", it.replaces.map_or(String::new(), |id| id.to_string()));
    add("delegate", delegate(&it.post, it.needs_delegate).to_owned());
}

/// Nothing where the post says it already.
fn delegate(post: &Post, needs: bool) -> &'static str {
    match (needs, is_chief(&post.0)) {
        (true, false) => "yes",
        (false, true) => "no",
        _ => "",
    }
}

pub fn kind_code(kind: &Kind) -> &'static str {
    match kind {
        Kind::FullTime => "full_time",
        Kind::PerWeek { .. } => "per_week",
        Kind::PerMonth { .. } => "per_month",
        Kind::Named { .. } => "named",
        Kind::OnCall => "on_call",
    }
}

fn kind_and_days(add: &mut impl FnMut(&str, String), kind: &Kind, days: Mask) {
    add("kind", kind_code(kind).to_owned());
    match kind {
        Kind::PerWeek { n } | Kind::PerMonth { n } => add("n", n.to_string()),
        Kind::Named { dates } => add("dates", dates_text(dates)),
        _ => {}
    }
    match days {
        Mask::Workdays => add("days", "workdays".into()),
        Mask::All => add("days", "all".into()),
        Mask::Weekdays(_) => {
            add("days", "some".into());
            days.to_string().split(',').for_each(|name| add("weekday", name.to_owned()));
        }
    }
}

pub fn dates_text(dates: &BTreeSet<Day>) -> String {
    dates.iter().map(Day::to_string).collect::<Vec<_>>().join("、")
}

/// A first plan: one stage to be named, and a line for everybody on the staff in his first post.
pub fn first(effective: Day, staff: &[store::staff::Staff]) -> Typed {
    let mut fields = vec![
        ("effective".to_owned(), effective.to_string()),
        (stage(0, "name"), String::new()),
        (stage(0, "kind"), "foundation".to_owned()),
    ];
    for (at, it) in staff.iter().take(super::rows::MOST).enumerate() {
        fields.push((line(at, "person"), it.person.to_string()));
        fields.push((line(at, "post"), it.posts.first().map_or(String::new(), |post| post.0.clone())));
        fields.push((line(at, "kind"), "full_time".to_owned()));
        fields.push((line(at, "days"), "workdays".to_owned()));
    }
    if staff.is_empty() {
        fields.push((line(0, "person"), String::new()));
    }
    Typed(fields)
}
