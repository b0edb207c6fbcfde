//! The ledger 台账: what its reader may see, filtered, fifty at a time.

use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::error::{ApiError, Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::problem::json;
use crate::ui::field::{Form, Typed, options};
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, tongue};
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::access::{self, Scope};
use domain::light;
use domain::problem::{StateName, Tier};
use domain::role::Actor;
use domain::time::Millis;
use maud::{Markup, html};
use serde_json::{Value, json};
use std::sync::Arc;
use store::list::{By, Filter, LightIs, Line, Which};
use store::terms::Terms;

const PAGE: i64 = 50;

pub(super) struct Listed {
    pub lines: Vec<Line>,
    pub next: Option<String>,
    /// The number that heads the next page.
    pub beyond: Option<i64>,
    news: i64,
    directory: Arc<Directory>,
    terms: Terms,
    now: Millis,
}

fn filter(query: &Typed, own: bool) -> Filter {
    let after = query.get("after").split_once('.').and_then(|(at, no)| Some((at.parse().ok()?, no.parse().ok()?)));
    Filter {
        by: match query.get("by") {
            "newest" => By::Newest,
            "due" => By::Due,
            // A reporter looks for what he reported, struck off or not; a desk for what burns.
            _ if own => By::Newest,
            _ => By::Due,
        },
        unit: query.get("unit").parse().ok(),
        state: StateName::parse(query.get("state")),
        light: match query.get("light") {
            "red" => Some(LightIs::Red),
            "yellow" => Some(LightIs::Yellow),
            "blue" => Some(LightIs::Blue),
            "none" => Some(LightIs::None),
            "paused" => Some(LightIs::Paused),
            _ => None,
        },
        tier: Tier::parse(query.get("tier")),
        category: Which::parse(query.get("category")),
        campaign: query.get("campaign").parse().ok(),
        subject: query.get("subject").parse().ok(),
        visit: query.get("visit").parse().ok(),
        lead: Which::parse(query.get("lead")),
        boarded: query.get("boarded") == "yes",
        text: query.get("text").chars().take(100).collect(),
        after,
    }
}

/// Somebody who sees nothing but what he reported.
fn is_reporter(actor: &Actor) -> bool {
    matches!(access::scope(actor), Scope::Of { units, officers, reporter: Some(_) } if units.is_empty() && officers.is_empty())
}

pub(super) async fn listed(app: &Arc<App>, who: &Who, query: &Typed) -> Result<Listed, Error> {
    let (now, terms) = (app.now(), app.terms());
    let bounds = light::bounds(now, &terms.calendar);
    let mut filter = filter(query, is_reporter(&who.actor));
    // Ended ones have no clock; asking for them means asking for the newest.
    if filter.state.is_some_and(|state| state.is_end() || state == StateName::Planned) || !filter.text.trim().is_empty()
    {
        filter.by = By::Newest;
    }
    let by = filter.by;
    let (scope, boxes, since) = (access::scope(&who.actor), who.boxes.clone(), who.read_until);
    let (mut lines, news) = app
        .db
        .read(move |tx| {
            let lines = store::list::list(tx, &scope, &filter, now, &bounds, PAGE + 1)?;
            Ok::<_, store::Error>((lines, store::notice::count_new(tx, &boxes, since)?))
        })
        .await?;
    let beyond = lines.get(PAGE as usize).map(|it| it.no);
    let next = (lines.len() as i64 > PAGE).then(|| {
        lines.truncate(PAGE as usize);
        let (at, no) = lines.last().map_or((0, 0), |line| (line.clock_at.map_or(0, |at| at.0), line.no));
        format!("{}.{no}", if by == By::Due { at } else { 0 })
    });
    Ok(Listed { lines, next, beyond, news, directory: app.directory().await?, terms, now })
}

/// `GET /api/v1/problems`
pub async fn json(State(app): State<Arc<App>>, who: Who, RawQuery(query): RawQuery) -> Result<Json<Value>, ApiError> {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    let listed = listed(&app, &who, &query).await?;
    let lines: Vec<Value> =
        listed.lines.iter().map(|line| json::line(line, &listed.directory, &listed.terms, listed.now)).collect();
    Ok(Json(json!({ "problems": lines, "next": listed.next })))
}

/// `GET /problems`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    match listed(&app, &who, &query).await {
        Ok(listed) => view(&who, &query, &listed).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

fn view(who: &Who, query: &Typed, listed: &Listed) -> Markup {
    let lang = who.lang;
    let next = listed.next.as_ref().map(|after| {
        let kept = query.0.iter().filter(|(name, value)| name != "after" && !value.is_empty());
        let pairs: Vec<String> = kept.map(|(name, value)| format!("{}={}&", escape(name), escape(value))).collect();
        format!("/problems?{}after={after}", pairs.concat())
    });
    let body = html! {
        main.page id="main" {
            header.page-head {
                h1 { (lang.of("问题台账", "Ledger of problems")) }
                @if who.may_report() { a.button.primary href="/problems/new" { (lang.of("登记问题", "Report a problem")) } }
            }
            (tabs(lang, query))
            (filters(lang, who, query, &listed.directory))
            @if listed.lines.is_empty() {
                div.empty {
                    strong { (lang.of("没有符合条件的问题", "Nothing fits")) }
                    p { (lang.of("可以放宽条件，或看全部最新登记。", "Loosen the filter, or look at all, newest first.")) }
                }
            } @else {
                (table(lang, listed))
            }
            (part::next_page(lang, next))
        }
    };
    page(&Frame { who, title: lang.of("台账", "Ledger"), news: listed.news, here: "/problems" }, body)
}

/// For a query string of our own.
pub fn escape(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len()), |mut escaped, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => escaped.push(char::from(byte)),
            _ => {
                let _ = write!(escaped, "%{byte:02X}");
            }
        }
        escaped
    })
}

/// The questions asked every day, each one link.
fn tabs(lang: Lang, query: &Typed) -> Markup {
    const TABS: [(&str, &str, &str, &str, &str); 6] = [
        ("", "", "待办", "Open", "/problems?by=due"),
        ("light", "red", "超时", "Overdue", "/problems?light=red"),
        ("light", "yellow", "今日到期", "Due today", "/problems?light=yellow"),
        ("state", "answered", "已反馈", "Answered", "/problems?state=answered"),
        ("boarded", "yes", "挂牌", "On the board", "/problems?boarded=yes"),
        ("by", "newest", "最新登记", "Newest", "/problems?by=newest"),
    ];
    let chosen = TABS.iter().rposition(|(name, value, ..)| !name.is_empty() && query.get(name) == *value).unwrap_or(0);
    html! {
        nav.tabs aria-label=(lang.of("常用查询", "Views")) {
            @for (i, (_, _, zh, en, href)) in TABS.iter().enumerate() {
                a href=(href) aria-current=[(i == chosen).then_some("page")] { (lang.of(*zh, *en)) }
            }
        }
    }
}

fn filters(lang: Lang, who: &Who, query: &Typed, directory: &Directory) -> Markup {
    let states = options(StateName::ALL, StateName::code, |it| lang.of(it.zh(), it.en()));
    let tiers = options(Tier::ALL, Tier::code, |it| lang.of(it.zh(), it.en()));
    let listed = |all: &[(&str, &str, &str)]| -> Vec<(String, String)> {
        all.iter().map(|(code, zh, en)| ((*code).to_owned(), lang.of(*zh, *en).to_owned())).collect()
    };
    let lights = listed(&[
        ("red", "超时", "Overdue"),
        ("yellow", "今日到期或有环节超时", "Due today, or a part late"),
        ("blue", "三个工作日内到期", "Within three workdays"),
        ("none", "未临期", "Not yet near"),
        ("paused", "暂停", "Paused"),
    ]);
    let orders = listed(&[("due", "先到期", "First due"), ("newest", "最新登记", "Newest")]);
    let units: Vec<(String, String)> =
        directory.units.iter().map(|it| (it.id.to_string(), it.label(lang.is_en()).to_owned())).collect();
    let categories: Vec<(String, String)> =
        directory.categories.iter().map(|it| (it.id.to_string(), it.label(lang.is_en()).to_owned())).collect();
    let any = lang.of("全部", "All");
    let form = Form::new(lang, query);
    let more = ["category", "tier", "by"].into_iter().any(|name| !query.get(name).is_empty());
    html! {
        form.filters method="get" action="/problems" role="search" {
            label.filter data-on=[(!query.get("text").is_empty()).then_some("true")] {
                span { (lang.of("查找", "Find")) }
                input type="search" name="text" value=(query.get("text"));
            }
            (form.field("state", "状态", "State").filter(any, &states))
            (form.field("light", "时限", "Clock").filter(any, &lights))
            @if matches!(access::scope(&who.actor), Scope::All) { (form.field("unit", "单位", "Unit").filter(any, &units)) }
            details.more open[more] {
                summary { (lang.of("更多条件", "More")) }
                (form.field("category", "类别", "Category").filter(any, &categories))
                (form.field("tier", "层级", "Tier").filter(any, &tiers))
                (form.field("by", "排序", "Order").filter("", &orders))
            }
            button { (lang.of("筛选", "Filter")) }
            @if !query.0.is_empty() { a.quiet href="/problems" { (lang.of("清除", "Clear")) } }
        }
    }
}

fn table(lang: Lang, listed: &Listed) -> Markup {
    html! {
        table.table.fold {
            thead {
                tr {
                    th scope="col" { (lang.of("时限", "Clock")) }
                    th scope="col" { (lang.of("编号", "No.")) }
                    th scope="col" { (lang.of("问题", "Problem")) }
                    th scope="col" { (lang.of("类别", "Category")) }
                    th scope="col" { (lang.of("主办", "Lead")) }
                    th scope="col" { (lang.of("状态", "State")) }
                    th scope="col" { (lang.of("层级", "Tier")) }
                    th.number scope="col" { (lang.of("首次到期", "First due")) }
                    th.number scope="col" { (lang.of("现到期", "Due now")) }
                }
            }
            tbody { @for line in &listed.lines { (row(lang, line, listed)) } }
        }
    }
}

fn row(lang: Lang, line: &Line, listed: &Listed) -> Markup {
    let (directory, now) = (&listed.directory, listed.now);
    let unit = line.lead.and_then(|id| directory.unit(id)).map(|it| it.label(lang.is_en()));
    let category = line.category.and_then(|id| directory.category(id)).map(|it| it.label(lang.is_en()));
    let state = lang.of(line.state.zh(), line.state.en());
    // The same date is not said twice: what stands alone is the first, what was moved stands beside it.
    let moved = line.clock_at.filter(|at| Some(*at) != line.first_due_at);
    html! {
        tr {
            td { @if line.state.is_end() { (part::done(state)) } @else { (part::light(lang, &json::standing(line, &listed.terms, now))) } }
            td.number { span.no data-struck=[line.state.is_end().then_some("")] { (line.no) } }
            td.cut {
                a href={ "/problems/" (line.no) } lang="zh-CN" { (line.title) }
                @if line.boarded { " " span.badge { (lang.of("挂牌", "Board")) } }
            }
            td data-none=[category.is_none().then_some("")] lang=[tongue(lang, category.unwrap_or_default())] { @if let Some(category) = category { (category) } @else { span.faint { "—" } } }
            td data-none=[unit.is_none().then_some("")] lang=[tongue(lang, unit.unwrap_or_default())] { @if let Some(unit) = unit { (unit) } @else { span.faint { "—" } } }
            td { (state) }
            td data-minor { (lang.of(line.tier.zh(), line.tier.en())) }
            td.number data-none=[line.first_due_at.is_none().then_some("")] data-label=(lang.of("首次到期", "First due")) { (part::day(line.first_due_at, now)) }
            td.number data-none=[moved.is_none().then_some("")] data-label=(lang.of("现到期", "Due now")) { (part::day(moved, now)) }
        }
    }
}
