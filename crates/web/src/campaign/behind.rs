//! The problems behind a mark of a campaign's charts, or behind one of its rates.

use super::chart::period;
use super::show::{Which, find};
use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::problem::json;
use crate::ui::field::Typed;
use crate::ui::number::href;
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, tongue};
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::light;
use domain::time::{Day, Millis};
use maud::{Markup, html};
use std::sync::Arc;
use store::campaign::Campaign;
use store::list::{Line, Which as Lead};
use store::tally_open::{self, AGES, Lit};
use store::tally_week::{self, Behind};
use store::terms::{Failure, Terms};

const PAGE: i64 = 50;

enum Asked {
    Open(tally_open::Behind),
    Other(Behind),
}

fn asked(query: &Typed) -> Result<Asked, Error> {
    let week = || Day::read(query.get("week")).ok_or(Error::NoSuchPage);
    Ok(Asked::Other(match query.get("of") {
        "open" | "" => {
            return Ok(Asked::Open(tally_open::Behind {
                unit: Lead::parse(query.get("unit")),
                lit: Lit::parse(query.get("lit")),
                age: query.get("age").parse().ok().filter(|it| *it <= AGES.len()),
            }));
        }
        "registered" => Behind::Registered(week()?),
        "closed" => Behind::Closed(week()?),
        "in-time" => Behind::InTime(true),
        "not-in-time" => Behind::InTime(false),
        "solved" => Behind::Solved(true),
        "not-solved" => Behind::Solved(false),
        "satisfied" => Behind::Satisfied(true),
        "unsatisfied" => Behind::Satisfied(false),
        _ => return Err(Error::NoSuchPage),
    }))
}

struct Listed {
    campaign: Campaign,
    lines: Vec<Line>,
    directory: Arc<Directory>,
    terms: Terms,
    now: Millis,
    news: i64,
}

/// `GET /campaigns/{no}/behind`
pub async fn html(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    match listed(&app, &who, &no, &query).await {
        Ok(listed) => view(&who, &query, listed).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

async fn listed(app: &Arc<App>, who: &Who, no: &str, query: &Typed) -> Result<Listed, Error> {
    doorstep::look_at_all(who)?;
    let (asked, after) = (asked(query)?, query.get("after").parse().unwrap_or(0));
    let (now, terms, directory, which) = (app.now(), app.terms(), app.directory().await?, Which::read(no));
    let (calendar, boxes, since) = (terms.calendar.clone(), who.boxes.clone(), who.read_until);
    let read = app.db.read(move |tx| {
        let campaign = find(tx, &which)?;
        let lines = match &asked {
            Asked::Open(behind) => {
                let at = (&light::bounds(now, &calendar), &tally_open::ages(now, &calendar));
                tally_open::list(tx, campaign.id, at, behind, after, PAGE + 1)?
            }
            Asked::Other(behind) => {
                tally_week::list(tx, campaign.id, *behind, period(&campaign, now), after, PAGE + 1)?
            }
        };
        let news = store::notice::count_new(tx, &boxes, since)?;
        Ok::<_, Failure>((campaign, lines, news))
    });
    let (campaign, lines, news) = read.await?;
    Ok(Listed { campaign, lines, directory, terms, now, news })
}

/// What is listed, as a sentence.
fn title(lang: Lang, query: &Typed, directory: &Directory) -> String {
    let words = match query.get("of") {
        "registered" => lang.of("当周新登记", "Registered in the week"),
        "closed" => lang.of("当周销号", "Struck off in the week"),
        "in-time" => lang.of("按时答复的", "Answered in time"),
        "not-in-time" => lang.of("没有按时答复的", "Not answered in time"),
        "solved" => lang.of("反映人说已解决的", "The reporter says solved"),
        "not-solved" => lang.of("反映人说没有解决或只解决一部分的", "The reporter says not or partly solved"),
        "satisfied" => lang.of("评价满意的", "Rated satisfied"),
        "unsatisfied" => lang.of("评价不满意的", "Rated unsatisfied"),
        _ => lang.of("在办", "Open"),
    };
    let mut said = vec![words.to_owned()];
    let unit = query.get("unit");
    if unit == "none" {
        said.push(lang.of("未交办", "Not dispatched").into());
    } else if let Some(unit) = unit.parse().ok().and_then(|id| directory.unit(id)) {
        said.push(unit.label(lang.is_en()).to_owned());
    }
    if let Some(lit) = Lit::parse(query.get("lit")) {
        said.push(
            match lit {
                Lit::Red => lang.of("超期", "overdue"),
                Lit::Yellow => lang.of("今日到期或有环节超时", "due today, or a part late"),
                Lit::Calm => lang.of("未到期", "not due"),
                Lit::Paused => lang.of("暂停", "paused"),
            }
            .into(),
        );
    }
    let ages = [
        ("件龄3个工作日内", "up to 3 workdays old"),
        ("件龄4至7个工作日", "4 to 7 workdays old"),
        ("件龄8至12个工作日", "8 to 12 workdays old"),
        ("件龄13至20个工作日", "13 to 20 workdays old"),
        ("件龄20个工作日以上", "over 20 workdays old"),
    ];
    if let Some((zh, en)) = query.get("age").parse::<usize>().ok().and_then(|it| ages.get(it)) {
        said.push(lang.of(*zh, *en).into());
    }
    if let Some(week) = Day::read(query.get("week")) {
        said.push(format!("{week} – {}", week.plus(6)));
    }
    said.join(lang.of("，", ", "))
}

fn view(who: &Who, query: &Typed, mut listed: Listed) -> Markup {
    let lang = who.lang;
    let path = format!("/campaigns/{}/behind", listed.campaign.no);
    let more = listed.lines.len() as i64 > PAGE;
    listed.lines.truncate(PAGE as usize);
    let next = listed.lines.last().filter(|_| more).map(|it| {
        let no = it.no.to_string();
        let mut all: Vec<(&str, &str)> =
            ["of", "unit", "lit", "age", "week"].into_iter().map(|name| (name, query.get(name))).collect();
        all.push(("after", &no));
        href(&path, &all)
    });
    let (name, title) = (listed.campaign.label(lang.is_en()), title(lang, query, &listed.directory));
    let body = html! {
        main.page id="main" {
            p.crumbs { a href={ "/campaigns/" (listed.campaign.no) } lang=[tongue(lang, name)] { (name) } }
            h1 { (part::said(lang, &title)) }
            @if listed.lines.is_empty() { div.empty { strong { (lang.of("没有这样的问题", "No such problems")) } } }
            @else {
                table.table.fold {
                    thead {
                        tr {
                            th scope="col" { (lang.of("时限", "Clock")) }
                            th scope="col" { (lang.of("编号", "No.")) }
                            th scope="col" { (lang.of("问题", "Problem")) }
                            th scope="col" { (lang.of("主办", "Lead")) }
                            th scope="col" { (lang.of("状态", "State")) }
                            th.number scope="col" { (lang.of("登记", "Registered")) }
                            th.number scope="col" { (lang.of("首次到期", "First due")) }
                        }
                    }
                    tbody { @for line in &listed.lines { (row(lang, &listed, line)) } }
                }
            }
            (part::next_page(lang, next))
        }
    };
    page(&Frame { who, title: &title, news: listed.news, here: &path }, body)
}

fn row(lang: Lang, listed: &Listed, line: &Line) -> Markup {
    let unit = line.lead.and_then(|id| listed.directory.unit(id)).map_or("", |it| it.label(lang.is_en()));
    let state = lang.of(line.state.zh(), line.state.en());
    html! {
        tr data-row {
            td { @if line.state.is_end() { (part::done(state)) } @else { (part::light(lang, &json::standing(line, &listed.terms, listed.now))) } }
            td { span.no data-struck=[line.state.is_end().then_some("")] { (line.no) } }
            td.cut { a href={ "/problems/" (line.no) } lang="zh-CN" { (line.title) } }
            td lang=[tongue(lang, unit)] { (unit) }
            td { (state) }
            td.number data-label=(lang.of("登记", "Registered")) { (part::day(Some(line.registered_at), listed.now)) }
            td.number data-none=[line.first_due_at.is_none().then_some("")] data-label=(lang.of("首次到期", "First due")) { (part::day(line.first_due_at, listed.now)) }
        }
    }
}
