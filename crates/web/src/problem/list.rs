//! The ledger 台账: what its reader may see, filtered, fifty at a time.

use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::error::{ApiError, Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::problem::json;
use crate::ui::field::{Field, Typed, options};
use crate::ui::page::{Frame, page};
use crate::ui::part;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::access;
use domain::light;
use domain::problem::{StateName, Tier};
use domain::role::Role;
use domain::time::Millis;
use maud::{Markup, html};
use serde_json::{Value, json};
use std::sync::Arc;
use store::list::{By, Filter, LightIs, Line};
use store::terms::Terms;

const PAGE: i64 = 50;

struct Listed {
    lines: Vec<Line>,
    next: Option<String>,
    news: i64,
    directory: Arc<Directory>,
    terms: Terms,
    now: Millis,
}

fn filter(query: &Typed) -> Filter {
    let after = query.get("after").split_once('.').and_then(|(at, no)| Some((at.parse().ok()?, no.parse().ok()?)));
    Filter {
        by: if query.get("by") == "newest" { By::Newest } else { By::Due },
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
        category: query.get("category").parse().ok(),
        boarded: query.get("boarded") == "yes",
        text: query.get("text").chars().take(100).collect(),
        after,
    }
}

async fn listed(app: &Arc<App>, who: &Who, query: &Typed) -> Result<Listed, Error> {
    let (now, terms) = (app.now(), app.terms());
    let bounds = light::bounds(now, &terms.calendar);
    let mut filter = filter(query);
    // Ended ones have no clock; asking for them means asking for the newest.
    if filter.state.is_some_and(|state| state.is_end() || state == StateName::Planned) || !filter.text.trim().is_empty() {
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
    let next = (lines.len() as i64 > PAGE).then(|| {
        lines.truncate(PAGE as usize);
        let (at, no) = lines.last().map_or((0, 0), |line| (line.clock_at.map_or(0, |at| at.0), line.no));
        format!("{}.{no}", if by == By::Due { at } else { 0 })
    });
    Ok(Listed { lines, next, news, directory: app.directory().await?, terms, now })
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
        let pairs: Vec<String> = kept.map(|(name, value)| format!("{name}={}", escape(value))).collect();
        format!("/problems?{}&after={after}", pairs.join("&"))
    });
    let body = html! {
        main.page id="main" {
            h1 { (lang.of("问题台账", "Ledger of problems")) }
            (filters(lang, who, query, &listed.directory))
            @if listed.lines.is_empty() {
                p.empty { (lang.of("没有符合条件的问题。可以放宽条件，或换成“最新登记”排序。", "Nothing fits. Loosen the filter, or sort by newest.")) }
            } @else {
                (table(lang, listed))
            }
            (part::next_page(lang, next))
        }
    };
    let frame = Frame {
        lang,
        title: lang.of("台账", "Ledger"),
        name: &who.name,
        news: listed.news,
        may_report: who.may_report(),
        may_manage: who.has(Role::Secadmin) || who.has(Role::Sysadmin),
        here: "/problems",
    };
    page(&frame, body)
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

fn filters(lang: Lang, who: &Who, query: &Typed, directory: &Directory) -> Markup {
    let label = |zh: &'static str, en: &'static str| lang.of(zh, en);
    let states = options(StateName::ALL, StateName::code, |it| lang.of(it.zh(), it.en()));
    let tiers = options(Tier::ALL, Tier::code, |it| lang.of(it.zh(), it.en()));
    let lights: Vec<(String, String)> = [
        ("red", "红", "Red"),
        ("yellow", "黄", "Yellow"),
        ("blue", "蓝", "Blue"),
        ("none", "未亮灯", "None"),
        ("paused", "暂停", "Paused"),
    ]
    .map(|(code, zh, en)| (code.to_owned(), lang.of(zh, en).to_owned()))
    .to_vec();
    let orders = [("due", "先到期", "First due"), ("newest", "最新登记", "Newest")]
        .map(|(code, zh, en)| (code.to_owned(), lang.of(zh, en).to_owned()));
    let units: Vec<(String, String)> =
        directory.units.iter().map(|it| (it.id.to_string(), it.label(lang.is_en()).to_owned())).collect();
    let categories: Vec<(String, String)> =
        directory.categories.iter().map(|it| (it.id.to_string(), it.label(lang.is_en()).to_owned())).collect();
    let any = label("全部", "All");
    html! {
        form.filters method="get" action="/problems" role="search" {
            (Field::new("text", label("查找", "Find"), query).input("search"))
            (Field::new("state", label("状态", "State"), query).select(any, &states))
            (Field::new("light", label("灯", "Light"), query).select(any, &lights))
            @if matches!(access::scope(&who.actor), access::Scope::All) {
                (Field::new("unit", label("单位", "Unit"), query).select(any, &units))
            }
            (Field::new("category", label("类别", "Category"), query).select(any, &categories))
            (Field::new("tier", label("层级", "Tier"), query).select(any, &tiers))
            (Field::new("by", label("排序", "Order"), query).select("", &orders))
            button.primary { (label("筛选", "Filter")) }
        }
    }
}

fn table(lang: Lang, listed: &Listed) -> Markup {
    let directory = &listed.directory;
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (lang.of("编号", "No.")) }
                    th scope="col" { (lang.of("问题", "Problem")) }
                    th scope="col" { (lang.of("状态", "State")) }
                    th scope="col" { (lang.of("主办", "Lead")) }
                    th scope="col" { (lang.of("类别", "Category")) }
                    th scope="col" { (lang.of("灯", "Light")) }
                    th scope="col" { (lang.of("到期", "Due")) }
                    th scope="col" { (lang.of("首次到期", "First due")) }
                }
            }
            tbody {
                @for line in &listed.lines {
                    tr {
                        td.number { (line.no) }
                        td { a href={ "/problems/" (line.no) } lang="zh-CN" { (line.title) } @if line.boarded { " " span.badge { (lang.of("挂牌", "Board")) } } }
                        td { (lang.of(line.state.zh(), line.state.en())) }
                        td { @if let Some(unit) = line.lead.and_then(|id| directory.unit(id)) { span lang=(if unit.name_en.is_empty() { "zh-CN" } else { lang.code() }) { (unit.label(lang.is_en())) } } @else { "—" } }
                        td { @if let Some(category) = line.category.and_then(|id| directory.category(id)) { (category.label(lang.is_en())) } @else { "—" } }
                        td { (part::light(lang, json::light(line, &listed.terms, listed.now), listed.now, line.clock_at, &listed.terms.calendar)) }
                        td.number { (part::instant(line.clock_at)) }
                        td.number { (part::instant(line.first_due_at)) }
                    }
                }
            }
        }
    }
}
