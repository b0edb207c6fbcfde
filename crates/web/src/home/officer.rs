//! The officer: today's visits with time, place and phone, records still to be written, promises by their day.

use super::block::{Look, Part, date};
use crate::problem::json::standing;
use crate::promise::owners;
use crate::ui::part;
use crate::visit::{by, field};
use domain::access;
use domain::light::Bounds;
use domain::promise::State;
use domain::role::{Actor, Role};
use domain::visit::Purpose;
use maud::{Markup, html};
use std::collections::HashMap;
use store::Tx;
use store::list::{By, Line as Problem};
use store::promise::{Promise, Whose};
use store::terms::Failure;
use store::visit_day::{self, Way};
use store::visit_list::{self, Filter, Line, Scope};

const SHOWN: i64 = 12;
/// How far ahead a visit is prepared for.
const AHEAD: i64 = 7;

pub struct Seen {
    today: Vec<Line>,
    coming: Vec<Line>,
    waiting: Vec<Line>,
    ways: HashMap<i64, Way>,
    promises: Vec<Promise>,
    /// What he reported himself, the newest first.
    reported: Vec<Problem>,
}

pub fn read(tx: &mut dyn Tx, actor: &Actor, bounds: &Bounds) -> Result<Option<Seen>, Failure> {
    let today = bounds.now.day();
    if !actor.has(Role::Officer) {
        return Ok(None);
    }
    let scope = visit_list::own_scope(tx, actor)?;
    let open = Filter { open: true, ..Filter::default() };
    let ahead = Filter { from: Some(today), to: Some(today.plus(AHEAD)), ..open.clone() };
    let mut coming = visit_list::list(tx, &scope, &ahead, 50)?;
    coming.sort_by_key(|it| (it.when.day, it.when.minute.unwrap_or(u16::MAX), it.no));
    let first = coming.iter().position(|it| it.when.day > today).unwrap_or(coming.len());
    let mut later = coming.split_off(first);
    later.truncate(SHOWN as usize);
    let mut waiting = visit_list::list(tx, &scope, &Filter { to: Some(today.plus(-1)), ..open }, SHOWN)?;
    waiting.reverse();
    let mut ways = HashMap::new();
    if let Scope::Of(viewers) = &scope {
        for viewer in viewers {
            ways.extend(visit_day::ways(tx, viewer, today, today.plus(AHEAD))?);
        }
    }
    let promises = store::promise::list(tx, &Whose::Of(owners(actor)), State::Open, None, SHOWN)?;
    let officers = actor.hats().iter().filter(|it| it.role == Role::Officer).map(|it| it.of).collect();
    let own = access::Scope::Of { units: vec![], officers, reporter: None };
    let newest = store::list::Filter { by: By::Newest, ..Default::default() };
    let reported = store::list::list(tx, &own, &newest, bounds.now, bounds, 6)?;
    Ok(Some(Seen { today: coming, coming: later, waiting, ways, promises, reported }))
}

pub fn view(look: &Look, seen: &Seen) -> Part {
    let lang = look.lang;
    let (today, waiting) = (seen.today.len(), seen.waiting.len());
    let day = look.now.day();
    let late = seen.promises.iter().filter(|it| it.due < day).count();
    let title = match (today, waiting) {
        (0, 0) => lang.of("今天没有走访".into(), "No visit today".into()),
        (0, late) => {
            lang.of(format!("今天没有走访，{late}次还没有填记录"), format!("No visit today, {late} to be recorded"))
        }
        (today, 0) => lang.of(format!("今天走访{today}家"), format!("Visits today: {today}")),
        (today, late) => lang.of(
            format!("今天走访{today}家，{late}次还没有填记录"),
            format!("Visits today: {today}; to be recorded: {late}"),
        ),
    };
    let note = match seen.promises.len() {
        0 => String::new(),
        n => lang.of(format!("没有兑现的承诺{n}条，{late}条已逾期"), format!("Open promises: {n}, late: {late}")),
    };
    Part {
        title,
        note,
        overdue: (waiting + late) as i64,
        today: today as i64,
        acts: html! {
            a.button.primary href="/visits/new" { (lang.of("安排走访", "Plan a visit")) }
            a.button href="/problems/new" { (lang.of("登记问题", "Report a problem")) }
        },
        main: html! {
            @if seen.today.is_empty() && seen.coming.is_empty() && seen.waiting.is_empty() {
                div.empty { strong { (lang.of("一周之内没有安排走访", "No visit within a week")) } p { (lang.of("安排了走访，就在这里看到时间、地点和电话。", "Once a visit is planned, its time, place and phone stand here.")) } }
            }
            (visits(look, seen, lang.of("今天", "Today"), &seen.today))
            (visits(look, seen, lang.of("还没有填写记录", "Still to be recorded"), &seen.waiting))
            (visits(look, seen, lang.of("一周之内", "Within a week"), &seen.coming))
        },
        side: Some(
            html! { section.sheet data-drafts=(by(look.who)) hidden { h2 { (lang.of("本机草稿", "Drafts on this machine")) } ul.rows {} } (promises(look, seen))
            (reported(look, seen)) },
        ),
    }
}

fn visits(look: &Look, seen: &Seen, title: &str, lines: &[Line]) -> Markup {
    html! {
        @if !lines.is_empty() {
            section.agenda {
                h2 { (title) " " span.faint { (lines.len()) } }
                ul.rows.sheet { @for line in lines { (visit(look, seen.ways.get(&line.no), line)) } }
            }
        }
    }
}

fn visit(look: &Look, way: Option<&Way>, line: &Line) -> Markup {
    let (lang, today) = (look.lang, look.now.day());
    let time = field::time(line.when.minute);
    let past = line.when.day < today;
    html! {
        li {
            span.when {
                @if line.when.day != today { time datetime=(line.when.day) { (date(lang, line.when.day)) } " " }
                @if time.is_empty() { span.faint { (lang.of("时间未定", "No time yet")) } } @else { strong { (time) } }
            }
            div.grow {
                a href={ "/visits/" (line.no) } lang="zh-CN" { (line.subject) }
                @if line.purpose == Purpose::Stay { " " span.badge { (lang.of("蹲点", "Stay")) } }
                @if let Some(way) = way {
                    p.meta lang="zh-CN" {
                        (way.address)
                        @if !way.phone.is_empty() { " · " (way.contact) " " a href={ "tel:" (way.phone) } { (way.phone) } }
                    }
                }
            }
            @if line.when.day <= today { a.button.next href={ "/visits/" (line.no) "/record" } data-first=[past.then_some("")] { (lang.of("填记录", "Record")) } }
            @else { span.badge { (lang.of(line.state.zh(), line.state.en())) } }
        }
    }
}

fn promises(look: &Look, seen: &Seen) -> Markup {
    let (lang, today) = (look.lang, look.now.day());
    html! {
        @if !seen.promises.is_empty() {
            section.sheet {
                h2 { (lang.of("答应过的", "What was promised")) " " span.faint { (seen.promises.len()) } }
                ul.rows {
                    @for it in &seen.promises {
                        li {
                            p.line {
                                @if it.due < today { span.light data-light="red" { (lang.of("逾期", "Late")) " " (date(lang, it.due)) } }
                                @else if it.due == today { span.light data-light="yellow" { (lang.of("今天", "Today")) } }
                                @else { span.light data-light="blue" { (date(lang, it.due)) } }
                            }
                            a href="/promises" lang="zh-CN" { (it.text) }
                            p.meta lang="zh-CN" { (it.subject_name) }
                        }
                    }
                }
                p.meta { a href="/promises?whose=mine" { (lang.of("看全部承诺", "All promises")) } }
            }
        }
    }
}

/// How far the problems are that he brought home.
fn reported(look: &Look, seen: &Seen) -> Markup {
    let lang = look.lang;
    html! {
        @if !seen.reported.is_empty() {
            section.sheet {
                h2 { (lang.of("登记过的问题，办到哪一步", "What was reported, and how far it is")) }
                ul.rows {
                    @for it in &seen.reported {
                        li {
                            p.line {
                                span.no data-struck=[it.state.is_end().then_some("")] { (it.no) }
                                @if it.state.is_end() { (part::done(lang.of(it.state.zh(), it.state.en()))) }
                                @else { (part::light(lang, &standing(it, look.terms, look.now))) }
                            }
                            a href={ "/problems/" (it.no) } lang="zh-CN" { (it.title) }
                            @if !it.state.is_end() { p.meta { (lang.of(it.state.zh(), it.state.en())) } }
                        }
                    }
                }
                p.meta { a href="/problems?by=newest" { (lang.of("看全部", "All of them")) } }
            }
        }
    }
}
