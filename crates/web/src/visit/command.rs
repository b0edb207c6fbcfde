//! The commands of a visit: agree, decline, record, amend, join; as forms and as JSON.

use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{ApiError, Error, error_page};
use crate::form;
use crate::problem::report::read_json;
use crate::ui::field::Typed;
use crate::visit::page::{self, Refused};
use crate::visit::{field, show};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{AttachmentId, PersonId, ProblemId, VisitId};
use domain::refusal::Refusal;
use domain::visit::{Command, CommandName, Order, Record, Reported, When};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use store::Error as StoreError;
use store::terms::Failure;
use store::visit::Found;

/// One place through which every command of a visit goes.
pub async fn carry_out(app: &Arc<App>, who: &Who, id: VisitId, order: Order) -> Result<Found, Error> {
    carry_out_with(app, who, id, order, vec![]).await
}

/// With the photos of the problems that it reports, in one transaction.
pub async fn carry_out_with(
    app: &Arc<App>,
    who: &Who,
    id: VisitId,
    order: Order,
    photos: Vec<(ProblemId, AttachmentId)>,
) -> Result<Found, Error> {
    let (terms, actor, now) = (app.terms(), who.actor.clone(), app.now());
    let done = app.db.write(move |tx| {
        let found = store::visit::perform(tx, &terms, &actor, id, &order, now)?;
        if let Some(by) = actor.person() {
            store::photo::attach(tx, &found.visit, by, &photos)?;
        }
        Ok(found)
    });
    let done = done.await;
    match done {
        Ok(found) => {
            app.metrics.commands.fetch_add(1, Ordering::Relaxed);
            Ok(found)
        }
        Err(failure) => {
            app.metrics.refusals.fetch_add(1, Ordering::Relaxed);
            match failure {
                Failure::Store(StoreError::Conflict) | Failure::Refusal(Refusal::ChangedMeanwhile { .. }) => {
                    Err(changed(app, who, id).await)
                }
                failure => Err(failure.into()),
            }
        }
    }
}

/// Who changed it meanwhile, by name.
async fn changed(app: &Arc<App>, who: &Who, id: VisitId) -> Error {
    let actor = who.actor.clone();
    let read = app.db.read(move |tx| {
        let last = store::visit::meet(tx, &actor, id)?.found.visit.last;
        let name = last.by.map(|by| store::person::find(tx, by)).transpose()?.flatten().map(|it| it.name);
        Ok::<_, Failure>((last, name))
    });
    match read.await {
        Ok((last, name)) => {
            let (zh, en) = match name {
                Some(name) => (name.clone(), name),
                None => ("系统".to_owned(), "The system".to_owned()),
            };
            let by = Some(last.by.unwrap_or(PersonId(uuid::Uuid::nil())));
            Error::Changed { refusal: Refusal::ChangedMeanwhile { by, at: last.at, event: last.event }, zh, en }
        }
        Err(failure) => failure.into(),
    }
}

#[derive(Deserialize)]
struct Ordered {
    command: CommandName,
    seen: i64,
    #[serde(default)]
    words: String,
    #[serde(default)]
    with: String,
    #[serde(default)]
    reports: Vec<Reported>,
}

fn order_of(body: &[u8]) -> Result<Order, Error> {
    let ordered: Ordered = read_json(body)?;
    let command = match ordered.command {
        CommandName::Agree => Command::Agree { when: read_json::<When>(body)?, with: ordered.with },
        CommandName::Decline => Command::Decline,
        CommandName::Join => Command::Join,
        CommandName::Record => {
            Command::Record { record: Box::new(read_json::<Record>(body)?), reports: ordered.reports }
        }
        CommandName::Amend => Command::Amend { record: Box::new(read_json::<Record>(body)?), reports: ordered.reports },
    };
    form::check_length("words", &ordered.words, 2_000)?;
    Ok(Order { command, words: ordered.words, seen: ordered.seen })
}

/// `POST /api/v1/visits/{id}/commands`
pub async fn json(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let id: VisitId = id.parse().map_err(|_| Error::from(Refusal::Absent))?;
    // A wrong order about something that one does not see is still "not found".
    let order = match order_of(&body) {
        Ok(order) => order,
        Err(error) => {
            let actor = who.actor.clone();
            app.db.read(move |tx| store::visit::meet(tx, &actor, id)).await?;
            return Err(error.into());
        }
    };
    let found = carry_out(&app, &who, id, order).await?;
    let visit = &found.visit;
    Ok(Json(json!({
        "id": visit.id, "no": found.no, "revision": visit.revision, "state": visit.state.name().code(), "version": visit.version,
        "problems": visit.record.as_ref().map(|it| it.problems.clone()).unwrap_or_default(),
    })))
}

async fn by_form(app: &Arc<App>, who: &Who, headers: &HeaderMap, no: &str, step: CommandName, body: &[u8]) -> Response {
    let typed = form::fields(body);
    let no = no.parse().unwrap_or(0);
    match take(app, who, no, step, &typed).await {
        Ok(()) => Redirect::to(&format!("/visits/{no}")).into_response(),
        Err(error) => again(app, who, headers, no, step, &typed, error).await,
    }
}

async fn take(app: &Arc<App>, who: &Who, no: i64, step: CommandName, typed: &Typed) -> Result<(), Error> {
    let actor = who.actor.clone();
    let visit = app.db.read(move |tx| store::visit::meet_no(tx, &actor, no)).await?.found.visit;
    let mut faults = Vec::new();
    let command = match step {
        CommandName::Agree => {
            let when = field::when(typed, visit.purpose, visit.when, &mut faults);
            Command::Agree { when, with: typed.get("with").to_owned() }
        }
        CommandName::Decline => Command::Decline,
        CommandName::Join => Command::Join,
        CommandName::Record | CommandName::Amend => return Err(Error::NoSuchPage),
    };
    if !faults.is_empty() {
        return Err(Refusal::Faults(faults).into());
    }
    form::check_length("words", typed.get("words"), 2_000)?;
    let order = Order { command, words: typed.get("words").to_owned(), seen: typed.get("seen").parse().unwrap_or(-1) };
    carry_out(app, who, visit.id, order).await.map(drop)
}

/// The visit's page once more, with the sentence and everything that was typed.
async fn again(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    no: i64,
    step: CommandName,
    typed: &Typed,
    error: Error,
) -> Response {
    error.log();
    match show::load(app, who, show::Which::No(no)).await {
        Ok(shows) if !matches!(error, Error::Refusal(Refusal::Absent)) => {
            (error.tell().status, page::view(who, &shows, Some(&Refused { step, typed, error: &error })))
                .into_response()
        }
        _ => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

/// `POST /visits/{no}/agree`
pub async fn agree(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    by_form(&app, &who, &headers, &no, CommandName::Agree, &body).await
}

/// `POST /visits/{no}/decline`
pub async fn decline(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    by_form(&app, &who, &headers, &no, CommandName::Decline, &body).await
}

/// `POST /visits/{no}/join`
pub async fn join(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    by_form(&app, &who, &headers, &no, CommandName::Join, &body).await
}
