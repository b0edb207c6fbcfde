//! 交办单: the dispatch slip, to be printed; what a unit gets on paper.

use crate::app::App;
use crate::auth::{self, Who};
use crate::error::error_page;
use crate::problem::show::{self, Shows, Which};
use crate::ui::page::document;
use crate::ui::part;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use std::sync::Arc;

/// `GET /problems/{no}/paper`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    match show::load(&app, &who, Which::No(no.parse().unwrap_or(0))).await {
        Ok(shows) => view(&who, &shows).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

fn view(who: &Who, shows: &Shows) -> Markup {
    let (lang, found, p) = (who.lang, &shows.met.found, shows.problem());
    let unit = |id| shows.directory.unit(id).map(|it| it.name.clone()).unwrap_or_default();
    let asked = shows.events.iter().rev().find(|it| it.body.kind == "dispatched").and_then(|it| it.said.as_ref());
    let asked = asked.map(|it| shows.shown(&it.words)).unwrap_or_default();
    let internal = domain::access::sees_internal(&shows.met.parties);
    let calendar = &shows.terms.calendar;
    let body = html! {
        body.paper {
            main.portrait {
                h1 { (lang.of("问题交办单", "Dispatch slip")) }
                p.meta { (lang.of("编号", "No.")) " " (found.no) span.push { (lang.of("登记时间", "Registered")) " " (p.registered.at.minute()) } }
                table.form {
                    tr { th { (lang.of("标题", "Title")) } td lang="zh-CN" colspan="3" { (shows.shown(&found.title)) } }
                    tr {
                        th { (lang.of("反映人", "Reporter")) }
                        td {
                            @match &shows.reporter {
                                Some(reporter) if shows.named() => { span lang="zh-CN" { (reporter.name) " " (reporter.phone) } }
                                Some(_) => { (lang.of("已保密", "Shielded")) }
                                None => { "—" }
                            }
                        }
                        th { (lang.of("地点", "Place")) } td lang="zh-CN" { (shows.shown(&found.place)) }
                    }
                    tr { th { (lang.of("内容", "Details")) } td lang="zh-CN" colspan="3" { (part::words(&shows.shown(&found.detail))) } }
                    @if let Some(case) = p.state.case() {
                        tr {
                            th { (lang.of("主办单位", "Lead unit")) } td lang="zh-CN" { (unit(case.lead.unit)) }
                            th { (lang.of("协办单位", "Supporting units")) } td lang="zh-CN" { (case.supports.iter().map(|it| unit(it.unit)).collect::<Vec<_>>().join("、")) }
                        }
                        tr {
                            th { (lang.of("交办时间", "Dispatched")) } td { (case.dispatched.at.minute()) }
                            th { (lang.of("签收期限", "Receive by")) } td { (case.lead.receive.due(calendar).minute()) }
                        }
                        tr {
                            th { (lang.of("首次到期", "First due")) } td { (case.first_due.minute()) }
                            th { (lang.of("现到期", "Due now")) }
                            td {
                                @match domain::schedule::main_clock(p, shows.terms.rules_of(p.campaign), calendar) {
                                    Some(due) if due != case.first_due => { (due.minute()) }
                                    Some(_) => { (lang.of("同左", "the same")) }
                                    None => { "—" }
                                }
                            }
                        }
                    }
                    @if internal { tr { th { (lang.of("交办要求", "What is asked")) } td lang="zh-CN" colspan="3" { (part::words(&asked)) } } }
                    tr.tall { th { (lang.of("办理情况", "What was done")) } td colspan="3" {} }
                    tr { th { (lang.of("承办人", "Clerk")) } td {} th { (lang.of("单位负责人", "Head of unit")) } td {} }
                    tr { th { (lang.of("签收人", "Received by")) } td {} th { (lang.of("签收时间", "At")) } td {} }
                }
                p.meta { (lang.of("打印", "Printed")) " " (shows.now.minute()) " " span lang="zh-CN" { (who.name) } }
            }
        }
    };
    document(lang, &format!("{} {}", lang.of("交办单", "Dispatch slip"), found.no), body)
}
