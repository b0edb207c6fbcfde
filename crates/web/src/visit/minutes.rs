//! 走访纪要: the minutes of a visit, to be printed and left with the enterprise; nothing that is ours alone.

use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::ui::page::document;
use crate::ui::part::{self, said};
use crate::visit::show::{self, Shows, Which};
use crate::visit::version;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::refusal::Refusal;
use domain::visit::Record;
use maud::{Markup, html};
use std::sync::Arc;

/// `GET /visits/{no}/minutes`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    let error = match show::load(&app, &who, Which::No(no.parse().unwrap_or(0))).await {
        Ok(shows) => match &shows.visit().record {
            Some(record) => return view(&who, &shows, record).into_response(),
            None => Error::Refusal(Refusal::Absent),
        },
        Err(error) => error,
    };
    error_page(&error, who.lang, auth::request_id(&headers))
}

fn view(who: &Who, shows: &Shows, record: &Record) -> Markup {
    let (lang, visit, found) = (who.lang, shows.visit(), &shows.met.found);
    let unit = shows.directory.unit(visit.unit).map(|it| it.label(lang.is_en())).unwrap_or_default();
    let came: Vec<&str> =
        std::iter::once(visit.officer).chain(visit.people.iter().copied()).map(|id| shows.name(id)).collect();
    let policies = version::policies(shows, record);
    let body = html! {
        body.paper {
            main.portrait {
                h1 { (lang.of("走访纪要", "Minutes of a visit")) }
                p.meta { (lang.of("编号", "No.")) " " (found.no) span { (lang.of("走访是服务，不是检查", "A visit is a service, not an inspection")) } }
                table.form {
                    tr { th { (lang.of("走访对象", "Visited")) } td lang="zh-CN" colspan="3" { (found.subject) } }
                    tr {
                        th { (lang.of("时间", "When")) } td { (record.when.say()) }
                        th { (lang.of("走访单位", "Unit")) } td { (said(lang, unit)) }
                    }
                    tr {
                        th { (lang.of("走访人", "Visitors")) } td lang="zh-CN" { (came.join("、")) }
                        th { (lang.of("见了谁", "Met")) } td lang="zh-CN" { (record.met) }
                    }
                    tr { th { (lang.of("走访情况", "What was said")) } td colspan="3" { (part::words(&record.minutes)) } }
                    @for filled in &record.filled {
                        @for (ask, answer) in version::answers(lang, shows, filled) {
                            tr { td colspan="2" { (said(lang, &ask)) } td colspan="2" { (part::words(&answer)) } }
                        }
                    }
                    @if shows.made().next().is_some() {
                        tr {
                            th { (lang.of("答应的事", "Promised")) }
                            td colspan="3" { ol { @for it in shows.made() { li lang="zh-CN" { (it.text) "（" (it.owner_name) "，" (it.due) "）" } } } }
                        }
                    }
                    @if !shows.problems.is_empty() {
                        tr {
                            th { (lang.of("记到的问题", "Problems heard")) }
                            td colspan="3" { ol { @for (no, title) in &shows.problems { li lang="zh-CN" { (no) " " (title) } } } }
                        }
                    }
                    @if !policies.is_empty() {
                        tr { th { (lang.of("讲解的政策", "Policies explained")) } td colspan="3" lang="zh-CN" { (policies.join("；")) } }
                    }
                    tr { th { (lang.of("企业意见", "The enterprise's remarks")) } td colspan="3" { br; br; } }
                    tr { th { (lang.of("走访人签名", "Visitor")) } td {} th { (lang.of("企业签名", "Enterprise")) } td {} }
                }
                p.meta { (lang.of("打印", "Printed")) " " (shows.now.minute()) " " span lang="zh-CN" { (who.name) } }
            }
        }
    };
    document(lang, &format!("{} {}", lang.of("走访纪要", "Minutes"), found.no), body)
}
