//! The inbox: notices in the boxes of one's roles, newest first.

use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{ApiError, Error, error_page};
use crate::form;
use crate::inbox_site;
use crate::lang::Lang;
use crate::problem::list::escape;
use crate::problem::timeline;
use crate::shield;
use crate::ui::page::{Frame, page};
use crate::ui::part;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::command::CommandName;
use domain::role::Actor;
use domain::site::event_words as site_words;
use maud::{Markup, html};
use serde_json::{Value, json};
use std::sync::Arc;
use store::Tx;
use store::notice::Notice;
use store::terms::Failure;

const PAGE: i64 = 50;

async fn listed(app: &Arc<App>, who: &Who, query: Option<String>) -> Result<(Vec<Notice>, Option<String>), Error> {
    let before = form::fields(query.unwrap_or_default().as_bytes()).get("before").to_owned();
    let (boxes, actor) = (who.boxes.clone(), who.actor.clone());
    app.db
        .read(move |tx| {
            let mut notices = store::notice::list(tx, &boxes, &before, PAGE + 1)?;
            let more = notices.len() as i64 > PAGE;
            notices.truncate(PAGE as usize);
            let next = notices.last().filter(|_| more).map(|it| it.id.clone());
            let mut seen = Vec::with_capacity(notices.len());
            for notice in notices {
                seen.extend(as_seen(tx, &actor, notice)?);
            }
            Ok::<_, Failure>((seen, next))
        })
        .await
        .map_err(Error::from)
}

/// A notice about what its reader no longer sees says nothing to him; a shielded reporter is kept out of its title.
pub(crate) fn as_seen(tx: &mut dyn Tx, actor: &Actor, notice: Notice) -> Result<Option<Notice>, Failure> {
    if let Some((no, _)) = notice.site {
        return match store::site::meet(tx, actor, no) {
            Ok(_) => Ok(Some(notice)),
            Err(Failure::Refusal(_)) => Ok(None),
            Err(failure) => Err(failure),
        };
    }
    let Some(id) = notice.problem else { return Ok(Some(notice)) };
    match store::order::meet(tx, actor, id) {
        Ok(met) => Ok(Some(Notice { title: shield::masked(tx, &met, &notice.title)?, ..notice })),
        Err(Failure::Refusal(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// `GET /api/v1/notices`
pub async fn json(State(app): State<Arc<App>>, who: Who, RawQuery(query): RawQuery) -> Result<Json<Value>, ApiError> {
    let (notices, next) = listed(&app, &who, query).await?;
    let notices: Vec<Value> = notices
        .iter()
        .map(|it| {
            json!({
                "id": it.id, "kind": it.kind, "detail": it.detail, "at": it.at.rfc3339(), "no": it.no,
                "problem": it.problem.map(|id| id.to_string()), "new": it.at > who.read_until,
                "promise": it.promise.as_ref().map(|(text, no, name)| json!({ "text": text, "subject_no": no, "subject": name })),
                "site": it.site.as_ref().map(|(no, name)| json!({ "no": no, "name": name })),
            })
        })
        .collect();
    Ok(Json(json!({ "notices": notices, "next": next })))
}

async fn mark(app: &Arc<App>, who: &Who) -> Result<(), Error> {
    let now = app.now();
    if let Some(id) = who.person() {
        app.db.write(move |tx| store::person::mark_read(tx, id, now)).await?;
    }
    Ok(())
}

/// `POST /api/v1/notices/read`
pub async fn read_json(State(app): State<Arc<App>>, who: Who) -> Result<StatusCode, ApiError> {
    mark(&app, &who).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /inbox/read`
pub async fn read(State(app): State<Arc<App>>, who: Who, headers: HeaderMap) -> Response {
    match mark(&app, &who).await {
        Ok(()) => Redirect::to("/inbox").into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// `GET /inbox`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    match listed(&app, &who, query).await {
        Ok((notices, next)) => view(&who, &notices, next).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// What a notice says. Kinds are events, or what the ticker found.
fn sentence(lang: Lang, notice: &Notice) -> String {
    let clock = timeline::clock(lang, &notice.detail);
    match notice.kind.as_str() {
        "overdue" => lang.of(format!("超时提醒：{clock}"), format!("Overdue: {clock}")),
        "due-today" => lang.of("今日到期".into(), "Due today".into()),
        "follow-up" => lang.of("后续跟踪到期".into(), "A follow-up is due".into()),
        "promise-due" => lang.of("承诺快到期".into(), "A promise is nearly due".into()),
        "promise-late" => lang.of("承诺已逾期".into(), "A promise is late".into()),
        kind if !site_words(kind).1.is_empty() => lang.of(site_words(kind).0, site_words(kind).1).to_owned(),
        kind => {
            let known = CommandName::event_zh(kind);
            lang.of(if known.is_empty() { kind.to_owned() } else { known.to_owned() }, CommandName::event_en(kind))
        }
    }
}

/// One notice: when, what happened, to which problem, promise or site.
pub(crate) fn entry(lang: Lang, notice: &Notice, new: bool) -> Markup {
    html! {
        li data-new=[new.then_some("")] {
            span.when { (part::instant(Some(notice.at))) }
            strong { (sentence(lang, notice)) }
            @if let Some((text, no, name)) = &notice.promise {
                a href="/promises" lang="zh-CN" { (text) }
                span.meta { a href={ "/subjects/" (no) } lang="zh-CN" { (name) } }
            }
            (inbox_site::about(lang, notice))
            @if let Some(no) = notice.no { a href={ "/problems/" (no) } lang="zh-CN" { (no) " " (notice.title) } }
        }
    }
}

fn view(who: &Who, notices: &[Notice], next: Option<String>) -> Markup {
    let lang = who.lang;
    let news = notices.iter().filter(|it| it.at > who.read_until).count();
    let body = html! {
        main.page.narrow id="main" {
            header.page-head {
                h1 { (lang.of("通知", "Inbox")) }
                @if news > 0 { form method="post" action="/inbox/read" { button { (lang.of("全部标为已读", "Mark all as read")) } } }
            }
            @if notices.is_empty() { div.empty { (lang.of("没有通知。", "No notices.")) } }
            @else {
                ul.rows.sheet {
                    @for notice in notices {
                        (entry(lang, notice, notice.at > who.read_until))
                    }
                }
            }
            (part::next_page(lang, next.map(|id| format!("/inbox?before={}", escape(&id)))))
        }
    };
    page(&Frame { who, title: lang.of("通知", "Inbox"), news: news as i64, here: "/inbox" }, body)
}
