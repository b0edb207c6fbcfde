//! The commands of the loop: one handler for all forty, as form and as JSON.

use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{ApiError, Error, error_page};
use crate::form;
use crate::problem::around::around;
use crate::problem::page::{self, Refused};
use crate::problem::report::read_json;
use crate::problem::show::{self, Which};
use crate::ui::field::Typed;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access;
use domain::command::{Command, CommandName, Order};
use domain::id::{PersonId, ProblemId};
use domain::problem::Last;
use domain::refusal::Refusal;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use store::Error as StoreError;
use store::problem::Found;
use store::terms::Failure;

/// Carries out `order`; with `apply` the application for strike-off follows in the same transaction (two events).
pub(super) async fn carry_out(
    app: &Arc<App>,
    who: &Who,
    id: ProblemId,
    order: Order,
    apply: bool,
) -> Result<Found, Error> {
    if matches!(order.command, Command::JoinCommon { .. } | Command::Coordinate) {
        // Seen before refused: whoever may not see it learns nothing from the answer.
        let actor = who.actor.clone();
        app.db.read(move |tx| store::order::meet(tx, &actor, id)).await?;
        return Err(Refusal::NotAvailableYet.into());
    }
    form::check_length("words", &order.words, 20_000)?;
    form::check_length("rest", &order.rest, 5_000)?;
    // Names of evidence and milestones are lines, not essays.
    let free = serde_json::to_string(&order.command).unwrap_or_default();
    form::check_length("command", &free, 20_000)?;
    let (terms, actor, now) = (app.terms(), who.actor.clone(), app.now());
    let seen = order.seen;
    let done = app
        .db
        .write(move |tx| {
            let found = store::order::perform(tx, &terms, &actor, id, &order, now)?;
            if !apply {
                return Ok(found);
            }
            let then = Order {
                command: Command::Apply,
                words: String::new(),
                rest: String::new(),
                seen: found.problem.revision,
            };
            store::order::perform(tx, &terms, &actor, id, &then, now)
        })
        .await;
    match done {
        Ok(found) => {
            app.metrics.commands.fetch_add(1, Ordering::Relaxed);
            Ok(found)
        }
        // Somebody's commit came between our reading and our writing: told like any stale revision.
        Err(Failure::Store(StoreError::Conflict) | Failure::Refusal(Refusal::ChangedMeanwhile { .. })) => {
            app.metrics.refusals.fetch_add(1, Ordering::Relaxed);
            Err(changed(app, who, id, seen).await)
        }
        Err(failure) => {
            app.metrics.refusals.fetch_add(1, Ordering::Relaxed);
            Err(failure.into())
        }
    }
}

/// Who changed it meanwhile, by name to the house; a reporter reads no names of officials.
pub async fn changed(app: &Arc<App>, who: &Who, id: ProblemId, seen: i64) -> Error {
    let actor = who.actor.clone();
    let read = app.db.read(move |tx| {
        let met = store::order::meet(tx, &actor, id)?;
        let name = match met.found.problem.last.by {
            Some(by) => store::person::find(tx, by)?.map(|it| it.name),
            None => None,
        };
        Ok::<_, Failure>((met, name))
    });
    let (met, name) = match read.await {
        Ok((met, _)) if met.found.problem.revision == seen => return Error::Store(StoreError::Conflict),
        Ok(read) => read,
        Err(failure) => return failure.into(),
    };
    let Last { by, at, event } = met.found.problem.last;
    let (zh, en) = match (name, by) {
        (Some(name), _) if access::sees_internal(&met.parties) => (name.clone(), name),
        (_, Some(_)) => ("工作人员".into(), "An official".into()),
        (_, None) if OF_REPORTERS.contains(&event.as_str()) => ("反映人".into(), "The reporter".into()),
        (_, None) => ("系统".into(), "The system".into()),
    };
    // The rules have no name for the system and reporters; the sentence needs one, so any id will do.
    let refusal = Refusal::ChangedMeanwhile { by: Some(by.unwrap_or(PersonId(uuid::Uuid::nil()))), at, event };
    Error::Changed { refusal, zh, en }
}

/// Events that a reporter without an account causes; the system's own are others.
const OF_REPORTERS: [&str; 5] = ["registered", "shielded", "withdrawn", "rated", "reopened"];

#[derive(serde::Deserialize)]
struct Ordered {
    #[serde(flatten)]
    order: Order,
    /// With `answer`: apply for strike-off at once.
    #[serde(default)]
    apply: bool,
}

/// `POST /api/v1/problems/{id}/commands`
pub async fn json(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let id: ProblemId = id.parse().map_err(|_| Error::from(Refusal::NotFound))?;
    // An unknown command or a wrong field on a thing that one does not see is still "not found".
    let ordered: Ordered = match read_json(&body) {
        Ok(ordered) => ordered,
        Err(error) => {
            let actor = who.actor.clone();
            app.db.read(move |tx| store::order::meet(tx, &actor, id)).await?;
            return Err(error.into());
        }
    };
    let found = carry_out(&app, &who, id, ordered.order, ordered.apply).await?;
    Ok(Json(json!({
        "id": found.problem.id.to_string(),
        "no": found.no,
        "revision": found.problem.revision,
        "state": found.problem.state.name().code(),
    })))
}

/// `POST /problems/{no}/{command}`
pub async fn html(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((no, step)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let no: i64 = no.parse().unwrap_or(0);
    match order_of(&app, &who, no, &step, &typed).await {
        Ok((id, order)) => match carry_out(&app, &who, id, order, typed.get("apply") == "yes").await {
            Ok(_) => Redirect::to(&format!("/problems/{no}")).into_response(),
            Err(error) => again(&app, &who, &headers, no, &step, &typed, error).await,
        },
        Err(error) => again(&app, &who, &headers, no, &step, &typed, error).await,
    }
}

async fn order_of(app: &Arc<App>, who: &Who, no: i64, step: &str, typed: &Typed) -> Result<(ProblemId, Order), Error> {
    let name = CommandName::ALL.iter().copied().find(|it| it.code() == step).ok_or(Error::NoSuchPage)?;
    let numbers: Vec<i64> = ["into", "parent", "duplicate_of"]
        .iter()
        .filter_map(|field| typed.get(field).trim().trim_start_matches('#').parse().ok())
        .collect();
    let actor = who.actor.clone();
    let (id, known) = app
        .db
        .read(move |tx| {
            let id = store::order::meet_no(tx, &actor, no)?.found.problem.id;
            let mut known = Vec::new();
            for number in numbers {
                if let Ok(met) = store::order::meet_no(tx, &actor, number) {
                    known.push((number, met.found.problem.id));
                }
            }
            Ok::<_, Failure>((id, known))
        })
        .await?;
    let order = form::order(name, typed, &|number| known.iter().find(|(no, _)| *no == number).map(|(_, id)| *id))?;
    Ok((id, order))
}

/// The problem's page once more, with the sentence and everything that was typed.
async fn again(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    no: i64,
    step: &str,
    typed: &Typed,
    error: Error,
) -> Response {
    error.log();
    let lang = who.lang;
    let name = CommandName::ALL.iter().copied().find(|it| it.code() == step);
    let shows = show::load(app, who, Which::No(no)).await;
    match (name, shows, &error) {
        (_, _, Error::Refusal(Refusal::NotFound) | Error::SignIn | Error::NoSuchPage) | (None, ..) | (_, Err(_), _) => {
            error_page(&error, lang, auth::request_id(headers))
        }
        (Some(step), Ok(shows), _) => {
            let told = error.tell();
            let around = around(app, who, headers, &Typed::default(), no).await.ok().flatten();
            page::refused(
                who,
                &shows,
                around.as_ref(),
                Refused { step, typed, error: &error, sentence: lang.of(told.zh, told.en) },
            )
        }
    }
}
