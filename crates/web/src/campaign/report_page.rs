//! The report upward as a paper to be printed, and as a workbook.

use super::report::{Report, level_heads, line_heads, load, round_heads};
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page, field};
use crate::lang::Lang;
use crate::problem::list::escape;
use crate::ui::page::document;
use crate::ui::part::tongue;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use sheet::{Kind, Writer};
use std::sync::Arc;

/// `GET /campaigns/{no}/report`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    match load(&app, &who, &no).await {
        Ok(report) => view(&who, &report).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// `GET /campaigns/{no}/report.xlsx`
pub async fn file(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    match workbook(&app, &who, &no).await {
        Ok((name, bytes)) => {
            let disposition = format!("attachment; filename*=UTF-8''{}", escape(&name));
            let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned();
            ([(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

async fn workbook(app: &Arc<App>, who: &Who, no: &str) -> Result<(String, Vec<u8>), Error> {
    let (report, lang) = (load(app, who, no).await?, who.lang);
    let name = format!("{}-{}.xlsx", report.campaign.name, report.now.day());
    let written =
        tokio::task::spawn_blocking(move || write(&report, lang)).await.map_err(|_| store::Error::Panicked)?;
    Ok((name, written.map_err(|error| field("report", &error.zh(), &error.to_string()))?))
}

/// The three tables below each other, each under its heads.
fn write(report: &Report, lang: Lang) -> Result<Vec<u8>, sheet::Error> {
    let texts = |heads: &[&str]| heads.iter().map(|it| (*it).to_owned()).collect::<Vec<String>>();
    let mut writer = Writer::in_memory(Kind::Xlsx, &texts(&level_heads(lang)))?;
    for row in report.level_rows(lang) {
        writer.row(&row)?;
    }
    writer.row(&[])?;
    writer.row(&texts(&round_heads(lang)))?;
    for row in report.round_rows() {
        writer.row(&row)?;
    }
    writer.row(&[])?;
    writer.row(&texts(&line_heads(lang)))?;
    for row in report.line_rows(lang) {
        writer.row(&row)?;
    }
    writer.finish()
}

fn view(who: &Who, report: &Report) -> Markup {
    let (lang, it) = (who.lang, &report.campaign);
    let title = lang.of("问题办理情况报告", "Report on problems and visits");
    let here = format!("/campaigns/{}", it.no);
    let body = html! {
        body.paper {
            nav.paper-acts aria-label=(lang.of("去处", "Ways")) {
                a.button href=(here) { (lang.of("回到行动", "Back to the campaign")) }
                a.button href={ (here) "/report.xlsx" } { (lang.of("下载表格（XLSX）", "Download as XLSX")) }
            }
            main.portrait.wide-paper {
                h1 { span lang="zh-CN" { (it.name) } br; (title) }
                p.meta { span { (it.from) " – " (it.to) } span { (lang.of("截至", "As of")) " " (report.now.minute()) } }
                h2 { (lang.of("一、各层级问题办理情况", "1. Problems by level")) }
                (table(lang, lang.of("各层级", "Levels"), &level_heads(lang), &report.level_rows(lang), true))
                p.note { (lang.of("销号率＝已销号÷（合计－其他）；“其他”为并入、不予受理、撤回，无须再办。办理中含已交办。", "Closing rate = closed ÷ (all − other); “other” was merged, refused or withdrawn. In hand includes dispatched.")) }
                h2 { (lang.of("二、走访覆盖情况", "2. Visits and coverage")) }
                @if report.rounds.is_empty() { p { (lang.of("还没有轮次。", "No round yet.")) } }
                @else { (table(lang, lang.of("覆盖", "Coverage"), &round_heads(lang), &report.round_rows(), false)) }
                h2 { (lang.of("三、市级、区级问题清单", "3. Problems of the city's and the zone's level")) }
                @if report.lines.is_empty() { p { (lang.of("没有需要市级、区级解决的问题。", "There are none for the city or the zone.")) } }
                @else { (problems(lang, report)) }
                p.meta { span { (lang.of("打印", "Printed")) " " (report.now.minute()) " " span lang="zh-CN" { (who.name) } } }
            }
        }
    };
    document(lang, title, body)
}

/// `sums`: the last row adds up the others.
fn table(lang: Lang, name: &str, heads: &[&str], rows: &[Vec<String>], sums: bool) -> Markup {
    html! {
        div.paper-scroll tabindex="0" role="region" aria-label=(name) {
            table.form.figures {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody {
                    @for (i, row) in rows.iter().enumerate() {
                        tr data-sum[sums && i + 1 == rows.len()] {
                            @for (j, cell) in row.iter().enumerate() {
                                @if j == 0 { th scope="row" lang=[tongue(lang, cell)] { (cell) } } @else { td { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn problems(lang: Lang, report: &Report) -> Markup {
    html! {
        div.paper-scroll tabindex="0" role="region" aria-label=(lang.of("问题清单", "Problems")) {
            table.form.figures.problems {
                thead { tr { @for head in line_heads(lang) { th scope="col" { (head) } } } }
                tbody {
                    @for row in report.line_rows(lang) {
                        tr data-row {
                            @for (j, cell) in row.iter().enumerate() {
                                td lang=[tongue(lang, cell)] { @if j == 0 { a href={ "/problems/" (cell) } { (cell) } } @else { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
