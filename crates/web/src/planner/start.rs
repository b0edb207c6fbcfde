//! Asking for a calendar, and looking at it once it is there.

use super::job::{self, State};
use super::load::Material;
use super::{admit, page, table};
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page, field};
use crate::form;
use crate::ui::field::Typed;
use crate::ui::slot::{Refused, is_final, status};
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State as With};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::refusal::Refusal;
use domain::time::Day;
use std::sync::Arc;
use store::terms::Deed;
use uuid::Uuid;

/// How many weeks may be planned at once.
pub const WEEKS: [i64; 4] = [1, 2, 3, 4];

/// Two weeks from the next Monday on.
fn next_monday(today: Day) -> Day {
    today.plus(8 - i64::from(today.weekday()))
}

/// `GET /planner`
pub async fn html(With(app): With<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    answer(&app, &who, &headers, query, None).await
}

/// The days that the form names; the next two weeks where it names none.
fn span(typed: &Typed, today: Day) -> Result<(Day, Day), Error> {
    let from = match typed.get("from").trim() {
        "" => next_monday(today),
        text => Day::read(text)
            .ok_or_else(|| field("from", "日期请写成2018-05-14的样子。", "Write the date like 2018-05-14."))?,
    };
    if from <= today {
        let (zh, en) = (
            "请从明天或以后开始：已到的日子不能再排。",
            "Begin tomorrow or later: days that have begun cannot be planned.",
        );
        return Err(field("from", zh, en));
    }
    let weeks = typed.get("weeks").parse().ok().filter(|n| WEEKS.contains(n)).unwrap_or(2);
    Ok((from, from.plus(weeks * 7 - 1)))
}

async fn load(app: &Arc<App>, who: &Who, (from, to): (Day, Day)) -> Result<Material, Error> {
    admit(who)?;
    let (terms, actor, now) = (app.terms(), who.actor.clone(), app.now());
    let read = app.db.read(move |tx| {
        let deed = Deed { terms: &terms, by: actor.person(), now };
        Material::load(tx, &deed, &actor, (from, to))
    });
    read.await.map_err(Error::from)
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, typed: Typed, refused: Option<Refused>) -> Response {
    let today = app.now().day();
    // What cannot be read as days is shown beside the sites of the usual two weeks.
    let days = span(&typed, today).unwrap_or((next_monday(today), next_monday(today).plus(13)));
    match load(app, who, days).await {
        Ok(material) => (status(refused.as_ref()), page::view(who, &material, refused.as_ref())).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

/// `POST /planner`
pub async fn start(With(app): With<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    match begun(&app, &who, &typed).await {
        Ok(id) => Redirect::to(&format!("/planner/{id}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => {
            let refused = Refused::new("ask", typed, error);
            answer(&app, &who, &headers, Typed::default(), Some(refused)).await
        }
    }
}

async fn begun(app: &Arc<App>, who: &Who, typed: &Typed) -> Result<Uuid, Error> {
    admit(who)?;
    let by = who.person().ok_or(Refusal::Absent)?;
    let material = load(app, who, span(typed, app.now().day())?).await?;
    if !material.places.iter().any(|it| it.base.is_some() || it.later(material.to).is_some()) {
        let (zh, en) = (
            "这段时间没有已批准的阶段名单，没有可排的。",
            "No approved plan holds in this time; there is nothing to plan.",
        );
        return Err(field("from", zh, en));
    }
    job::start(app, by, material)
}

/// `GET /planner/{id}`: how far it is, then the calendar.
pub async fn show(With(app): With<Arc<App>>, who: Who, headers: HeaderMap, Path(id): Path<String>) -> Response {
    match found(&app, &who, &id) {
        Ok(State::Waiting | State::Running) => {
            let mut response = page::running(&who, &id).into_response();
            response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("1"));
            response
        }
        Ok(State::Failed) => error_page(&Error::Store(store::Error::Panicked), who.lang, auth::request_id(&headers)),
        Ok(State::Done(made)) => {
            (StatusCode::OK, table::view(&who, &id, &made, &table::Shown::found(&made))).into_response()
        }
        Ok(State::Accepted(made, versions)) => page::accepted(&who, &made, &versions).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// A calendar of one's own.
pub(super) fn found(app: &App, who: &Who, id: &str) -> Result<State, Error> {
    admit(who)?;
    let id: Uuid = id.parse().map_err(|_| Refusal::Absent)?;
    Ok(app.planner.of(id, who.person(), app.now()).ok_or(Refusal::Absent)?)
}
