//! The reporter's link: made by the office or the officer, a credential of its own, no account needed.

use crate::app::App;
use crate::auth::{self, LINK, Who, set_cookie};
use crate::error::{ApiError, Error, error_page};
use crate::sign_in::token;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use domain::access::Party;
use domain::id::ProblemId;
use domain::refusal::Refusal;
use serde_json::{Value, json};
use std::sync::Arc;
use store::terms::Failure;

/// `POST /api/v1/problems/{id}/reporter-link`: a fresh link for the problem's reporter; the one before ends.
pub async fn make(State(app): State<Arc<App>>, who: Who, Path(id): Path<String>) -> Result<(StatusCode, Json<Value>), ApiError> {
    let id: ProblemId = id.parse().map_err(|_| Error::from(Refusal::NotFound))?;
    let token = token()?;
    let (actor, now, by, link) = (who.actor.clone(), app.now(), who.person(), token.clone());
    app.db
        .write(move |tx| {
            let met = store::order::meet(tx, &actor, id)?;
            if !met.parties.iter().any(|party| matches!(party, Party::Office | Party::Officer)) {
                return Err(Failure::from(Refusal::NotYourRole));
            }
            let reporter = met.found.problem.reporter.ok_or(Refusal::NotFound)?;
            store::look::insert(tx, by, &id.to_string(), "reporter-link", now)?;
            store::reporter::set_link(tx, reporter, &link)?;
            Ok(())
        })
        .await?;
    Ok((StatusCode::CREATED, Json(json!({ "path": format!("/r/{token}"), "token": format!("link_{token}") }))))
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
