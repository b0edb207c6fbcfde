//! The wall of today: who should be at the sites, who is, who is not.

use super::look;
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::home::block::date;
use crate::lang::Lang;
use crate::ui::number::{Stat, bar, href, stats};
use crate::ui::page::{Frame, page};
use crate::ui::part::{next_page, said};
use crate::ui::speech;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::role::Role;
use domain::time::Millis;
use maud::{Markup, html};
use std::sync::Arc;
use store::terms::Failure;
use store::today::{Numbers, Wall};

/// Sites on one page: a zone has some hundreds.
const PAGE: i64 = 1_000;
/// Sites of the list that names who is missing.
const NAMED: usize = 100;
/// Names of one site.
const NAMES: usize = 6;

/// `GET /sites`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let after = form::fields(query.unwrap_or_default().as_bytes()).get("after").parse().unwrap_or(0);
    match read(&app, &who, after).await {
        Ok((lines, news)) => view(&who, &lines, news, app.now()).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

async fn read(app: &Arc<App>, who: &Who, after: i64) -> Result<(Vec<Wall>, i64), Error> {
    look(who)?;
    let (reach, day) = (store::site::reach(&who.actor), app.now().day());
    let (boxes, since) = (who.boxes.clone(), who.read_until);
    let read = app.db.read(move |tx| {
        let lines = store::today::wall(tx, &reach, day, after, PAGE + 1)?;
        Ok::<_, Failure>((lines, store::notice::count_new(tx, &boxes, since)?))
    });
    read.await.map_err(Error::from)
}

/// All sites together.
fn total(lines: &[Wall]) -> Numbers {
    let mut total = Numbers::default();
    for it in lines.iter().filter_map(|it| it.today.as_ref()) {
        total.must += it.must;
        total.came += it.came;
        total.may_came += it.may_came;
        total.on_leave += it.on_leave;
        total.extra += it.extra;
        total.waits += it.waits;
    }
    total
}

fn view(who: &Who, all: &[Wall], news: i64, now: Millis) -> Markup {
    let lang = who.lang;
    let more = all.len() as i64 > PAGE;
    let lines = &all[..all.len().min(PAGE as usize)];
    let missing: Vec<(&Wall, Vec<&str>)> = lines
        .iter()
        .filter_map(|it| Some((it, it.today.as_ref()?.missing(now).collect::<Vec<_>>())))
        .filter(|it| !it.1.is_empty())
        .collect();
    let next = lines.last().filter(|_| more).map(|it| href("/sites", &[("after", &it.no.to_string())]));
    let title = lang.of("今日工地", "Sites today");
    let body = html! {
        main.page id="main" {
            header.page-head {
                div {
                    h1 { (finding(lang, lines, missing.iter().map(|it| it.1.len()).sum())) }
                    p.meta { (date(lang, now.day())) " · " (lang.of("按已批准的阶段名单，每次打卡即更新", "By the approved stage plans; every punch counts at once")) }
                }
                div.line {
                                        a.button.quiet href="/sites/rules" { (lang.of("考勤的数", "Numbers")) }
                    @if who.has(Role::Bureau) { a.button href="/sites/new" { (lang.of("登记工地", "Enter a site")) } }
                    @if who.has(Role::Contractor) || who.has(Role::Consultant) { a.button href="/planner" { (lang.of("排班", "Planner")) } }
                }
            }
            @if lines.is_empty() {
                (speech::empty(lang.of("还没有工地", "No sites yet"), lang.of("建设局登记工地后，各参建单位在这里看到自己的工地。", "Once the bureau has entered a site, its firms find it here."), None))
            } @else {
                (numbers(lang, lines, &missing))
                (missing_table(lang, &missing))
                (tiles(lang, lines, now))
                (next_page(lang, next))
            }
        }
    };
    page(&Frame { who, title, news, here: "/sites" }, body)
}

fn finding(lang: Lang, lines: &[Wall], missing: usize) -> String {
    match (lines.is_empty(), missing) {
        (true, _) => lang.of("今日工地".into(), "Sites today".into()),
        (_, 0) => {
            lang.of(format!("{}个工地，应到的都到了", lines.len()), format!("{} sites, nobody is missing", lines.len()))
        }
        (_, n) => {
            lang.of(format!("{}个工地，{n}人应到未到", lines.len()), format!("{} sites, {n} missing", lines.len()))
        }
    }
}

fn numbers(lang: Lang, lines: &[Wall], missing: &[(&Wall, Vec<&str>)]) -> Markup {
    let it = total(lines);
    let gone: usize = missing.iter().map(|it| it.1.len()).sum();
    let stat = |label, number: i64, of: String, note: Markup, burns| Stat {
        label,
        href: "#all",
        number: number.to_string(),
        of,
        note,
        burns,
    };
    html! {
        (stats(&[
            stat(lang.of("应到已到", "Wanted and there"), it.came, format!(" / {}", it.must), bar(it.came, it.must), false),
            Stat { href: "#missing", ..stat(lang.of("应到未到", "Missing"), gone as i64, String::new(), html! { (lang.of("班次未到的不算", "Shifts that have not begun are left out")) }, gone > 0) },
            stat(lang.of("请假获准", "On leave"), it.on_leave, String::new(), html! { (lang.of("顶岗的另计应到", "Substitutes count among the wanted")) }, false),
            stat(lang.of("按天数到的", "On a quota day"), it.may_came, String::new(), html! { (lang.of("每周、每月若干天的", "Of so many days a week or month")) }, false),
            Stat { href: "/sites/desk", ..stat(lang.of("打卡待复核", "To be reviewed"), it.waits, String::new(), html! { (lang.of("复核前不算到，也不算缺", "Neither there nor missing until then")) }, false) },
        ]))
    }
}

fn missing_table(lang: Lang, missing: &[(&Wall, Vec<&str>)]) -> Markup {
    html! {
        section.sheet.part id="missing" {
            h2 { (lang.of("应到未到", "Missing")) " " span.count { (missing.len()) } }
            @if missing.is_empty() { p.hint { (lang.of("现在没有。", "Nobody at the moment.")) } }
            @else {
                table.table.fold.gone {
                    thead { tr {
                        th scope="col" { (lang.of("工地", "Site")) }
                        th scope="col" { (lang.of("阶段", "Stage")) }
                        th.number scope="col" { (lang.of("已到 / 应到", "There / wanted")) }
                        th scope="col" { (lang.of("还没到的人", "Who is missing")) }
                    } }
                    tbody {
                        @for (it, names) in missing.iter().take(NAMED) {
                            @let today = it.today.as_ref();
                            tr {
                                td.cut { a href={ "/sites/" (it.no) } lang="zh-CN" { (it.name) } }
                                td { (said(lang, today.map_or("", |it| it.stage.as_str()))) }
                                td.number data-label=(lang.of("已到 / 应到", "There / wanted")) { (today.map_or(0, |it| it.came)) " / " (today.map_or(0, |it| it.must)) }
                                td lang="zh-CN" {
                                    (names.iter().take(NAMES).copied().collect::<Vec<_>>().join("、"))
                                    @if names.len() > NAMES { " " span.faint { "+" (names.len() - NAMES) } }
                                }
                            }
                        }
                    }
                }
                @if missing.len() > NAMED { p.hint { (lang.of(format!("只列出前{NAMED}个工地。"), format!("The first {NAMED} sites."))) } }
            }
        }
    }
}

/// Every site as one tile; the ground says at a glance whether somebody is missing.
fn tiles(lang: Lang, lines: &[Wall], now: Millis) -> Markup {
    html! {
        section.part id="all" {
            h2 { (lang.of("全部工地", "All sites")) " " span.count { (lines.len()) } }
            ul.wall {
                @for it in lines {
                    li {
                        a href={ "/sites/" (it.no) } data-wall=(ground(it, now)) {
                            b lang="zh-CN" { (it.name) }
                            @match &it.today {
                                None => { span { (lang.of("待统计", "not counted yet")) } }
                                Some(today) if today.must == 0 => { span { (lang.of("今天不要求到岗", "nobody wanted today")) } }
                                Some(today) => { span { (today.came) " / " (today.must) @if !today.stage.is_empty() { " · " bdi lang="zh-CN" { (today.stage) } } } }
                            }
                        }
                    }
                }
            }
            ul.legend {
                li { span data-wall="full" {} (lang.of("应到的都到了", "All there")) }
                li { span data-wall="gone" {} (lang.of("有人未到", "Somebody is missing")) }
                li { span data-wall="free" {} (lang.of("今天不要求到岗，或待统计", "Nobody wanted, or not counted yet")) }
            }
        }
    }
}

fn ground(it: &Wall, now: Millis) -> &'static str {
    match &it.today {
        Some(today) if today.missing(now).next().is_some() => "gone",
        Some(today) if today.must > 0 => "full",
        _ => "free",
    }
}
