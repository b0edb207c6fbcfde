//! The plans of the sites by pattern: what a stage needs of its posts, and the way of a plan to its approval.

use super::{Member, Story, Yard, at};
use domain::attendance::course::{PlanCommand, PlanOrder};
use domain::attendance::plan::{By, Kind, Line, Mask, Mode, Post, Requirement, Stage, StageKind, StagePlan};
use domain::id::PersonId;
use domain::site::Tie;
use domain::time::{Day, Millis};
use std::collections::BTreeSet;
use store::terms::{Deed, Failure, Terms};
use store::{Tx, site, stage_plan};

fn stage_of(pattern: &str) -> (StageKind, &'static str) {
    match pattern {
        "foundation" => (StageKind::Foundation, "基础施工"),
        "structure" => (StageKind::Structure, "主体施工"),
        "fit-out" => (StageKind::FitOut, "装饰装修"),
        _ => (StageKind::Closing, "收尾"),
    }
}

/// How often a post comes. Until the turn everybody comes every workday.
fn kind(pattern: &str, post: &str, (from, to): (Day, Day)) -> (Kind, Mask) {
    let week = |n: u32| (Kind::PerWeek { n }, Mask::Workdays);
    let every = (Kind::FullTime, Mask::Workdays);
    match (pattern, post) {
        ("article-a", "技术负责人") => week(2),
        ("article-b", "技术负责人") => {
            let all = (from.number()..=to.number()).map(Day::from_number);
            let dates: BTreeSet<Day> = all.filter(|it| it.weekday() == 3).collect();
            (Kind::Named { dates }, Mask::Workdays)
        }
        ("article-c", "技术负责人") => (Kind::OnCall, Mask::Workdays),
        ("foundation", "安全员") | ("structure", "安全员") => (Kind::FullTime, Mask::All),
        ("foundation", "资料员") => week(2),
        ("structure", "资料员") => week(2),
        ("foundation" | "structure", "总监") => week(3),
        ("structure", "专业监理工程师") => week(4),
        ("fit-out", "技术负责人") => week(2),
        ("fit-out", "质量员") => week(3),
        ("fit-out", "资料员") => week(1),
        ("fit-out", "总监") => week(2),
        ("fit-out", "专业监理工程师") => week(2),
        ("closing" | "article-a" | "article-b" | "article-c", "资料员") => week(3),
        ("closing" | "article-a" | "article-b" | "article-c", "总监") => week(1),
        ("closing" | "article-a" | "article-b" | "article-c", "专业监理工程师") => week(2),
        ("closing" | "article-a" | "article-b" | "article-c", "质量员") => week(2),
        ("closing", "技术负责人") => week(1),
        _ => every,
    }
}

fn line(member: &Member, (kind, days): (Kind, Mask), (from, to): (Day, Day)) -> Line {
    Line {
        person: member.person,
        post: Post(member.post.into()),
        from,
        to,
        kind,
        days,
        mode: Mode::Once,
        min_minutes: None,
        shift: None,
        excused_by: vec![],
        covers: None,
        needs_delegate: member.post == "项目负责人",
        replaces: None,
    }
}

/// The plan of a pattern; `flat`: everybody every workday, whatever the stage.
pub fn plan(yard: &Yard, pattern: &str, from: Day, flat: bool) -> StagePlan {
    let to = from.plus(150);
    let (stage, name) = stage_of(pattern);
    let lines = yard.crew.iter().map(|it| {
        let how = if flat { (Kind::FullTime, Mask::Workdays) } else { kind(pattern, it.post, (from, to)) };
        line(it, how, (from, to))
    });
    let lines: Vec<Line> = lines.collect();
    let needs = lines.iter().filter(|it| it.kind.quota().is_some()).map(|it| Requirement {
        posts: vec![it.post.clone()],
        persons: vec![it.person],
        by: By::OnePerson,
        kind: it.kind.clone(),
        days: it.days,
    });
    let stage = Stage { name: name.into(), kind: stage, from, to, requirements: needs.collect() };
    StagePlan { site: yard.id, version: 0, effective_from: from, approved_at: None, stages: vec![stage], lines }
}

/// By the contractor.
pub fn file(
    tx: &mut dyn Tx,
    terms: &Terms,
    story: &Story,
    yard: &Yard,
    plan: StagePlan,
    now: Millis,
) -> Result<u32, Failure> {
    let deed = Deed { terms, by: Some(story.contractor(yard)), now };
    let found = site::find(tx, yard.id)?.ok_or(store::Error::NotFound)?;
    stage_plan::file(tx, &deed, &found, &[Tie::Contractor], plan)
}

pub fn decide(
    tx: &mut dyn Tx,
    terms: &Terms,
    yard: &Yard,
    (by, tie): (PersonId, Tie),
    (version, command, words): (u32, PlanCommand, &str),
    now: Millis,
) -> Result<(), Failure> {
    let found = site::find(tx, yard.id)?.ok_or(store::Error::NotFound)?;
    let seen = stage_plan::find(tx, yard.id, version)?.map_or(0, |it| it.revision);
    let order = PlanOrder { command, words: words.into(), seen };
    stage_plan::perform(tx, &Deed { terms, by: Some(by), now }, &found, &[tie], version, &order)?;
    Ok(())
}

/// Filed in the morning, confirmed at noon, approved in the afternoon.
pub fn approve(
    tx: &mut dyn Tx,
    terms: &Terms,
    story: &Story,
    yard: &Yard,
    plan: StagePlan,
    day: Day,
) -> Result<(), Failure> {
    let version = file(tx, terms, story, yard, plan, at(day, 9, 10))?;
    let owner = (story.owner(yard), Tie::Owner);
    decide(tx, terms, yard, owner, (version, PlanCommand::Confirm, ""), at(day, 11, 20))?;
    decide(tx, terms, yard, (story.bureau, Tie::Bureau), (version, PlanCommand::Approve, ""), at(day, 15, 40))
}

/// What the sites began with, on the Thursday before: three with the list that was in force before, everybody every
/// workday; the others with a plan of their stage.
pub fn first(tx: &mut dyn Tx, terms: &Terms, story: &Story) -> Result<(), Failure> {
    let day = story.begin.plus(-4);
    for yard in &story.yards {
        if yard.after.starts_with("article") {
            let deed = Deed { terms, by: Some(story.bureau), now: at(day, 9, 10) };
            stage_plan::take_over(tx, &deed, plan(yard, yard.before, story.begin, true))?;
        } else {
            approve(tx, terms, story, yard, plan(yard, yard.before, story.begin, false), day)?;
        }
    }
    Ok(())
}
