//! Two versions of a plan side by side: what is new, what is gone, what is said otherwise.

use super::{sentence, show};
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::lang::Lang;
use crate::site;
use crate::ui::page::{Frame, page};
use crate::ui::part::said;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::attendance::course::FiledPlan;
use domain::attendance::difference::{Change, Difference};
use domain::attendance::filing::Names;
use domain::attendance::plan::{Stage, StagePlan};
use domain::refusal::Refusal;
use maud::{Markup, html};
use std::sync::Arc;
use store::site::Site;
use store::stage_plan;

/// `GET /sites/{no}/plans/{version}/compare/{other}`: what `version` changes against `other`, or the other way round: the
/// later one is always the one that changes.
pub async fn html(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((no, version, other)): Path<(String, String, String)>,
) -> Response {
    match read(&app, &who, &no, &version, &other).await {
        Ok((site, [before, after], names)) => view(&who, &site, &before, &after, &names).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

async fn read(app: &Arc<App>, who: &Who, no: &str, a: &str, b: &str) -> Result<(Site, [FiledPlan; 2], Names), Error> {
    let numbers = (a.parse::<u32>(), b.parse::<u32>());
    let (site, _, (plans, names)) = site::read(app, who, no, move |tx, deed, site, ties| {
        let (Ok(a), Ok(b)) = numbers else { return Err(Refusal::Absent.into()) };
        let before = stage_plan::find(tx, site.id, a.min(b))?.ok_or(Refusal::Absent)?;
        let after = stage_plan::find(tx, site.id, a.max(b))?.ok_or(Refusal::Absent)?;
        let plans = [before, after].map(|it| show::as_seen(it, ties, deed.by));
        let names = show::names(tx, site, &plans.iter().collect::<Vec<_>>())?;
        Ok((plans, names))
    })
    .await?;
    Ok((site, plans, names))
}

fn view(who: &Who, site: &Site, before: &FiledPlan, after: &FiledPlan, names: &Names) -> Markup {
    let (lang, here) = (who.lang, format!("/sites/{}", site.no));
    let (a, b) = (before.plan.version, after.plan.version);
    let title = lang.of(format!("第{b}版比第{a}版改了什么"), format!("What version {b} changes against version {a}"));
    let body = html! {
        main.page id="main" {
            p.crumbs {
                a href="/sites" { (lang.of("工地", "Sites")) } " › " a href=(here) lang="zh-CN" { (site.name) } " › "
                a href={ (here) "/plans/" (b) } { (version(lang, b)) }
            }
            h1 { (title) }
            p.meta { @for it in [before, after] { span.plan-of { (head(lang, it)) } } }
            section.sheet { (changes(lang, &before.plan, &after.plan, names)) }
            p { a href={ (here) "/plans/" (a) } { (version(lang, a)) } " · " a href={ (here) "/plans/" (b) } { (version(lang, b)) } }
        }
    };
    page(&Frame { who, title: &title, news: 0, here: &format!("{here}/plans/{b}/compare/{a}") }, body)
}

pub fn version(lang: Lang, n: u32) -> String {
    lang.of(format!("第{n}版"), format!("Version {n}"))
}

fn head(lang: Lang, it: &FiledPlan) -> String {
    let (n, day, state) =
        (version(lang, it.plan.version), it.plan.effective_from, lang.of(it.state.zh(), it.state.en()));
    lang.of(format!("{n}：{day}起执行，{state}"), format!("{n}: in force from {day}, {}", state.to_lowercase()))
}

/// Added, gone and changed, in words.
pub fn changes(lang: Lang, before: &StagePlan, after: &StagePlan, names: &Names) -> Markup {
    let found = Difference::between(before, after);
    let year = after.effective_from.year();
    let line = |plan: &StagePlan, at: usize| sentence::line(lang, &plan.lines[at], names, year);
    let stage = |plan: &StagePlan, at: usize| stage(lang, &plan.stages[at], names, year);
    html! {
        @if found.is_empty() {
            p { (lang.of("阶段和人员都没有改动", "Stages and lines are the same")) @if before.effective_from != after.effective_from { (lang.of("，只改了执行日期", "; only the day from which it holds has changed")) } (lang.of("。", ".")) }
        } @else {
            p.lead { b { (count(lang, &found)) } }
            ul.plan-changes {
                @for it in &found.stages { (one(lang, lang.of("阶段", "Stage"), it, &|at| stage(before, at), &|at| stage(after, at))) }
                @for it in &found.lines { (one(lang, lang.of("人员", "Line"), it, &|at| line(before, at), &|at| line(after, at))) }
            }
        }
    }
}

/// Only what there is: 改动2行，其余5行不变.
fn count(lang: Lang, found: &Difference) -> String {
    let of = |wanted: fn(&Change) -> bool| found.lines.iter().filter(|it| wanted(it)).count();
    let counts = [
        (of(|it| matches!(it, Change::Added(_))), "新增", "added"),
        (of(|it| matches!(it, Change::Gone(_))), "删去", "gone"),
        (of(|it| matches!(it, Change::Changed { .. })), "改动", "changed"),
    ];
    let some = counts.iter().filter(|it| it.0 > 0);
    let said: Vec<String> = some.map(|(n, zh, en)| lang.of(format!("{zh}{n}行"), format!("{n} {en}"))).collect();
    match (said.is_empty(), found.same) {
        (true, same) => {
            lang.of(format!("阶段有改动，{same}行人员不变"), format!("Stages have changed; {same} lines as before"))
        }
        (_, 0) => lang.of(said.join("，"), format!("Lines: {}", said.join(", "))),
        (_, same) => lang.of(
            format!("{}，其余{same}行不变", said.join("，")),
            format!("Lines: {}, {same} as before", said.join(", ")),
        ),
    }
}

fn one(
    lang: Lang,
    what: &str,
    it: &Change,
    before: &dyn Fn(usize) -> String,
    after: &dyn Fn(usize) -> String,
) -> Markup {
    let (kind, word) = match it {
        Change::Added(_) => ("added", lang.of("新增", "added")),
        Change::Gone(_) => ("gone", lang.of("删去", "gone")),
        Change::Changed { .. } => ("changed", lang.of("改动", "changed")),
    };
    html! {
        li data-change=(kind) {
            span.badge { (what) " " (word) }
            div {
                @match it {
                    Change::Added(at) => { ins { (said(lang, &after(*at))) } }
                    Change::Gone(at) => { del { (said(lang, &before(*at))) } }
                    Change::Changed { before: a, after: b } => {
                        del { (said(lang, &before(*a))) }
                        ins { (said(lang, &after(*b))) }
                    }
                }
            }
        }
    }
}

/// A stage with all it asks for, in one sentence.
fn stage(lang: Lang, it: &Stage, names: &Names, year: i16) -> String {
    let needs: Vec<String> = it.requirements.iter().map(|it| sentence::requirement(lang, it, names, year)).collect();
    let needs = if needs.is_empty() {
        String::new()
    } else {
        lang.of(format!("；{}", needs.join("；")), format!("; {}", needs.join("; ")))
    };
    let when = sentence::span(lang, it.from, it.to, year);
    lang.of(
        format!("{}（{}） {when}{needs}", it.name, it.kind.zh()),
        format!("{} ({}), {when}{needs}", it.name, it.kind.en()),
    )
}
