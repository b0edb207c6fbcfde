//! The rows behind the numbers of a campaign that no other list has: its findings, and its problems in a cell of the grid.

use super::show::{Which, find};
use crate::app::App;
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page};
use crate::form;
use crate::ui::field::{Form, Typed, options};
use crate::ui::number::href;
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, tongue};
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::grid::Cell;
use domain::visit::FindingKind;
use maud::{Markup, html};
use std::sync::Arc;
use store::campaign::Campaign;
use store::tally::{self, Finding, InCell};
use store::terms::Failure;

const PAGE: i64 = 50;

/// `GET /campaigns/{no}/findings`
pub async fn findings(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    let kind = FindingKind::parse(query.get("kind"));
    let before = query.get("before").to_owned();
    let read = async {
        doorstep::look_at_all(&who)?;
        let read = app.db.read(move |tx| {
            let campaign = find(tx, &Which::read(&no))?;
            let kind = kind.map_or("", FindingKind::code);
            let rows = tally::list_findings(tx, campaign.id, kind, &before, PAGE + 1)?;
            Ok::<_, Failure>((campaign, rows))
        });
        read.await.map_err(Error::from)
    };
    match read.await {
        Ok((campaign, rows)) => findings_view(&who, &campaign, &query, rows).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

fn findings_view(who: &Who, campaign: &Campaign, query: &Typed, mut rows: Vec<Finding>) -> Markup {
    let lang = who.lang;
    let path = format!("/campaigns/{}/findings", campaign.no);
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|it| href(&path, &[("kind", query.get("kind")), ("before", &it.id)]));
    let kinds = options(FindingKind::ALL, FindingKind::code, |it| lang.of(it.zh(), it.en()));
    let label = |code: &str| FindingKind::parse(code).map_or("", |it| lang.of(it.zh(), it.en()));
    let body = html! {
        main.page id="main" {
            (crumbs(who, campaign))
            h1 { (lang.of("见闻", "Findings")) }
            form.filters method="get" action=(path) {
                (Form::new(lang, query).field("kind", "种类", "Kind").filter(lang.of("全部", "All"), &kinds))
                button { (lang.of("筛选", "Filter")) }
            }
            @if rows.is_empty() { div.empty { strong { (lang.of("没有符合条件的见闻", "Nothing fits")) } } }
            @else {
                table.table.fold {
                    thead {
                        tr {
                            th scope="col" { (lang.of("种类", "Kind")) }
                            th scope="col" { (lang.of("内容", "What was heard")) }
                            th scope="col" { (lang.of("走访对象", "Subject")) }
                            th.number scope="col" { (lang.of("走访记录", "Visit")) }
                        }
                    }
                    tbody {
                        @for it in &rows {
                            tr data-row {
                                td { span.badge { (label(&it.kind)) } }
                                td.cut.whole lang="zh-CN" { (it.text) }
                                td { a href={ "/subjects/" (it.subject_no) } lang="zh-CN" { (it.subject) } }
                                td.number data-label=(lang.of("走访记录", "Visit")) { a href={ "/visits/" (it.visit_no) } { (it.visit_no) } }
                            }
                        }
                    }
                }
            }
            (part::next_page(lang, next))
        }
    };
    page(&Frame { who, title: lang.of("见闻", "Findings"), news: 0, here: &path }, body)
}

fn crumbs(who: &Who, campaign: &Campaign) -> Markup {
    let name = campaign.label(who.lang.is_en());
    html! { p.crumbs { a href={ "/campaigns/" (campaign.no) } lang=[tongue(who.lang, name)] { (name) } } }
}

/// `GET /campaigns/{no}/problems`: those in one cell of the grid.
pub async fn problems(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    let (cell, after) = (query.get("cell").parse::<Cell>(), query.get("after").parse().unwrap_or(0));
    let read = async {
        doorstep::look_at_all(&who)?;
        let cell = cell.map_err(|_| Error::NoSuchPage)?;
        let read = app.db.read(move |tx| {
            let campaign = find(tx, &Which::read(&no))?;
            let rows = tally::list_in_cell(tx, campaign.id, &cell.to_string(), after, PAGE + 1)?;
            Ok::<_, Failure>((campaign, cell, rows))
        });
        read.await.map_err(Error::from)
    };
    match read.await {
        Ok((campaign, cell, rows)) => cell_view(&who, &campaign, cell, rows).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

fn cell_view(who: &Who, campaign: &Campaign, cell: Cell, mut rows: Vec<InCell>) -> Markup {
    let lang = who.lang;
    let path = format!("/campaigns/{}/problems", campaign.no);
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let name = cell.to_string();
    let next = rows.last().filter(|_| more).map(|it| href(&path, &[("cell", &name), ("after", &it.no.to_string())]));
    let title =
        format!("{} · {}", lang.of(cell.link.zh(), cell.link.en()), lang.of(cell.battle.zh(), cell.battle.en()));
    let body = html! {
        main.page id="main" {
            (crumbs(who, campaign))
            h1 { (title) }
            ul.rows.sheet {
                @for it in &rows {
                    li data-row {
                        span.no data-struck=[it.state.is_end().then_some("")] { (it.no) }
                        a href={ "/problems/" (it.no) } lang="zh-CN" { (it.title) }
                        span.badge { (lang.of(it.state.zh(), it.state.en())) }
                    }
                }
            }
            (part::next_page(lang, next))
        }
    };
    page(&Frame { who, title: &title, news: 0, here: &path }, body)
}
