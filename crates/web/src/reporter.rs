//! The reporter's link: made by the office or the officer, a credential of its own, no account needed.

use crate::app::App;
use crate::auth::{self, LINK, Who, set_cookie};
use crate::error::{ApiError, Error, error_page};
use crate::sign_in::token;
use crate::ui::page::{Frame, page};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use domain::access::Party;
use domain::id::ProblemId;
use domain::refusal::Refusal;
use domain::role::Actor;
use maud::{Markup, html};
use serde_json::{Value, json};
use std::sync::Arc;
use store::Tx;
use store::order::Met;
use store::terms::Failure;

/// Makes a fresh link for the reporter of the problem that `meet` finds, and answers with its token.
async fn renew(
    app: &Arc<App>,
    who: &Who,
    meet: impl FnOnce(&mut dyn Tx, &Actor) -> Result<Met, Failure> + Send + 'static,
) -> Result<String, Error> {
    let token = token()?;
    let (actor, now, by, link) = (who.actor.clone(), app.now(), who.person(), token.clone());
    app.db
        .write(move |tx| {
            let met = meet(tx, &actor)?;
            if !met.parties.iter().any(|party| matches!(party, Party::Office | Party::Officer)) {
                return Err(Failure::from(Refusal::NotYourRole));
            }
            let reporter = met.found.problem.reporter.ok_or(Refusal::NotFound)?;
            store::look::insert(tx, by, &met.found.problem.id.to_string(), "reporter-link", now)?;
            store::reporter::set_link(tx, reporter, &link)?;
            Ok(())
        })
        .await?;
    Ok(token)
}

/// `POST /api/v1/problems/{id}/reporter-link`: a fresh link for the problem's reporter; the one before ends.
pub async fn make(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let id: ProblemId = id.parse().map_err(|_| Error::from(Refusal::NotFound))?;
    let token = renew(&app, &who, move |tx, actor| store::order::meet(tx, actor, id)).await?;
    Ok((StatusCode::CREATED, Json(json!({ "path": format!("/r/{token}"), "token": format!("link_{token}") }))))
}

/// `POST /problems/{no}/reporter-link`: shown once, to be handed on.
pub async fn make_html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    let no: i64 = no.parse().unwrap_or(0);
    match renew(&app, &who, move |tx, actor| store::order::meet_no(tx, actor, no)).await {
        Ok(token) => shown(&who, no, &headers, &token).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

fn shown(who: &Who, no: i64, headers: &HeaderMap, token: &str) -> Markup {
    let lang = who.lang;
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let title = lang.of("反映人链接", "The reporter's link");
    let body = html! {
        main.page.narrow id="main" {
            h1 { (title) }
            div.banner role="status" {
                p { (lang.of("请把这个链接交给反映人；以前发的链接从现在起无效。", "Hand this link to the reporter; one made before no longer works.")) }
                p { code { (host) "/r/" (token) } }
            }
            p { a.button href={ "/problems/" (no) } { (lang.of("回到问题", "Back to the problem")) } }
        }
    };
    page(&Frame { who, title, news: 0, here: &format!("/problems/{no}") }, body)
}

/// `GET /r/{token}`: in through the link. The token moves into a cookie, so that it stands in no further address.
pub async fn enter(State(app): State<Arc<App>>, headers: HeaderMap, Path(token): Path<String>) -> Response {
    let lang = auth::lang_of(&headers);
    let asked = token.clone();
    let found = app.db.read(move |tx| store::reporter::find_by_link(tx, &asked)).await;
    match found {
        Ok(Some(_)) => {
            let cookies = [set_cookie(&app, LINK, &token, 30 * 86_400), set_cookie(&app, auth::SESSION, "", 0)];
            (AppendHeaders(cookies), Redirect::to("/problems?by=newest")).into_response()
        }
        Ok(None) => {
            let error = Error::Denied {
                zh: "链接无效或已更换，请向走访办索取新的链接。",
                en: "The link is not valid or was replaced; ask the office for a new one.",
            };
            let mut response = error_page(&error, lang, auth::request_id(&headers));
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        }
        Err(error) => error_page(&error.into(), lang, auth::request_id(&headers)),
    }
}
