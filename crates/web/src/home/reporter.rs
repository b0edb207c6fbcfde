//! An enterprise or another reporter: its own problems, where each stands, and what it is asked to do.

use super::block::{Look, Part, date};
use crate::problem::json;
use crate::ui::part;
use crate::visit::field;
use domain::access::Scope;
use domain::errand::Kind;
use domain::light::Bounds;
use domain::problem::StateName;
use domain::role::Actor;
use domain::time::Millis;
use domain::visit;
use maud::{Markup, html};
use store::Tx;
use store::errand::{self, Errand};
use store::list::{By, Filter, Line};
use store::notice::Letterbox;
use store::terms::Failure;
use store::visit_day::{self, Coming};

const SHOWN: i64 = 15;

pub struct Seen {
    lines: Vec<Line>,
    rate: Vec<Errand>,
    coming: Vec<Coming>,
}

pub fn read(tx: &mut dyn Tx, actor: &Actor, bounds: &Bounds) -> Result<Option<Seen>, Failure> {
    let Some(reporter) = actor.reporter() else { return Ok(None) };
    let scope = Scope::Of { units: vec![], officers: vec![], reporter: Some(reporter) };
    let filter = Filter { by: By::Newest, ..Filter::default() };
    let mut lines = store::list::list(tx, &scope, &filter, bounds.now, bounds, SHOWN)?;
    // What is still open is what one looks for.
    lines.sort_by_key(|it| it.state.is_end());
    Ok(Some(Seen {
        lines,
        rate: errand::list(tx, &[Letterbox::Reporter(reporter)], Kind::Rate, Millis(i64::MAX), SHOWN)?,
        coming: visit_day::list_coming(tx, reporter, bounds.now.day(), 5)?,
    }))
}

pub fn view(look: &Look, seen: &Seen) -> Part {
    let lang = look.lang;
    let open = seen.lines.iter().filter(|it| !it.state.is_end()).count();
    let title = match (seen.rate.len(), open) {
        (0, 0) => lang.of("您没有在办的问题".into(), "You have no open problem".into()),
        (0, n) => lang.of(format!("您反映的{n}件正在办"), format!("{n} of your problems are being worked on")),
        (n, _) => lang.of(format!("{n}件有了答复，请您评价"), format!("{n} answered: please say whether it helped")),
    };
    Part {
        title,
        note: lang.of("评价由您说了算；不评价也可以。".into(), "Your word decides; you need not rate.".into()),
        overdue: 0,
        today: seen.rate.len() as i64,
        acts: html! { a.button href="/problems/new" { (lang.of("反映新的问题", "Report another problem")) } },
        main: html! {
            @if !seen.rate.is_empty() {
                section.after {
                    h2 { (lang.of("请您评价", "Please rate")) }
                    ul.rows.sheet {
                        @for it in &seen.rate {
                            li {
                                span.no { (it.line.no) }
                                div.grow { a href={ "/problems/" (it.line.no) } lang="zh-CN" { (it.line.title) } }
                                a.button.primary href={ "/problems/" (it.line.no) "#next" } { (lang.of("看答复，作评价", "Read and rate")) }
                            }
                        }
                    }
                }
            }
            section.after {
                h2 { (lang.of("您反映的问题", "Your problems")) }
                @if seen.lines.is_empty() { div.empty { strong { (lang.of("还没有反映过问题", "You have not reported anything yet")) } } }
                @else { ul.rows.sheet { @for it in &seen.lines { (row(look, it)) } } }
                @if seen.lines.len() as i64 == SHOWN { p.meta { a href="/problems?by=newest" { (lang.of("看全部", "All of them")) } } }
            }
        },
        side: (!seen.coming.is_empty()).then(|| visits(look, &seen.coming)),
    }
}

/// Where it stands, in one sentence without the house's own words.
fn stands(look: &Look, it: &Line) -> String {
    let lang = look.lang;
    let unit = it.lead.and_then(|id| look.directory.unit(id)).map_or("", |it| it.label(lang.is_en()));
    match it.state {
        StateName::Registered => {
            lang.of("已登记，正在确定由谁来办".into(), "Registered; it is being decided who takes it on".into())
        }
        StateName::Dispatched | StateName::InHand => {
            lang.of(format!("{unit}正在办理"), format!("In the hands of {unit}"))
        }
        StateName::Answered => lang.of(format!("{unit}已答复"), format!("Answered by {unit}")),
        StateName::Planned => {
            lang.of(format!("{unit}已列入计划，到时继续办"), format!("Planned by {unit}; it goes on then"))
        }
        state => lang.of(state.zh().to_owned(), state.en().to_owned()),
    }
}

fn row(look: &Look, it: &Line) -> Markup {
    let lang = look.lang;
    html! {
        li {
            span.no data-struck=[it.state.is_end().then_some("")] { (it.no) }
            div.grow {
                a href={ "/problems/" (it.no) } lang="zh-CN" { (it.title) }
                @if !it.state.is_end() { p.meta { (part::said(lang, &stands(look, it))) } }
            }
            @if it.state.is_end() { (part::done(lang.of(it.state.zh(), it.state.en()))) }
            @else { (part::light(lang, &json::standing(it, look.terms, look.now))) }
        }
    }
}

fn visits(look: &Look, coming: &[Coming]) -> Markup {
    let lang = look.lang;
    html! {
        section.sheet {
            h2 { (lang.of("要来走访", "Visits to you")) }
            ul.rows {
                @for it in coming {
                    li {
                        p.line { strong { (date(lang, it.when.day)) " " (field::time(it.when.minute)) } }
                        p.meta lang="zh-CN" { (it.officer) @if !it.phone.is_empty() { " " a href={ "tel:" (it.phone) } { (it.phone) } } }
                        p.meta { @if it.state == visit::StateName::Agreed { (lang.of("时间已约定", "The time is agreed")) } @else { (lang.of("时间还没有定，会与您联系；也可以打电话约", "Not agreed yet: you will be called, or call to agree")) } }
                    }
                }
            }
            p.meta { (lang.of("走访是服务，不是检查。", "A visit is service, not inspection.")) }
        }
    }
}
