//! Teams 走访组 of a round: forming one, and who is in it.

use super::show;
use crate::app::App;
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page, field};
use crate::form;
use crate::ui::field::Typed;
use crate::ui::slot::{Refused, is_final};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{PersonId, TeamId, UnitId};
use domain::refusal::Refusal;
use domain::role::Role;
use domain::subject::too_long;
use std::sync::Arc;
use store::team;

/// The members as one text, to tell whether they are still those that somebody saw.
pub(super) fn was(members: &[(PersonId, String)]) -> String {
    let mut ids: Vec<String> = members.iter().map(|(id, _)| id.to_string()).collect();
    ids.sort();
    ids.join(" ")
}

/// `POST /rounds/{no}/teams`
pub async fn add(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let done = form_team(&app, &who, &no, &typed).await;
    finish(&app, &who, &headers, &no, "team", typed, done).await
}

async fn form_team(app: &Arc<App>, who: &Who, no: &str, typed: &Typed) -> Result<(), Error> {
    let (round, _) = show::to_set_up(app, who, no).await?;
    let directory = app.directory().await?;
    let unit = typed.get("unit").parse::<UnitId>().ok().and_then(|id| directory.unit(id));
    let unit = unit.ok_or_else(|| field("unit", "请选择单位。", "Choose the unit."))?;
    let name = match typed.get("name").trim() {
        "" => unit.name.clone(),
        name => name.to_owned(),
    };
    if let Some(fault) = too_long("name", &name, 60) {
        return Err(Refusal::Faults(vec![fault]).into());
    }
    let id = typed.get("id").parse().unwrap_or_else(|_| TeamId(store::ids::fresh(app.now())));
    let unit = unit.id;
    doorstep::deed(app, who, move |tx, deed| team::insert(tx, deed, id, round.id, unit, &name).map(|_| ())).await
}

/// `POST /rounds/{no}/teams/{id}`
pub async fn change(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((no, id)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let mut typed = form::fields(&body);
    let done = set_members(&app, &who, &no, &id, &typed).await;
    typed.0.push(("team".into(), id));
    finish(&app, &who, &headers, &no, "members", typed, done).await
}

async fn set_members(app: &Arc<App>, who: &Who, no: &str, id: &str, typed: &Typed) -> Result<(), Error> {
    let (_, teams) = show::to_set_up(app, who, no).await?;
    let team = id.parse::<TeamId>().ok().filter(|id| teams.iter().any(|it| it.id == *id)).ok_or(Refusal::Absent)?;
    let mut members: Vec<PersonId> = typed.all("members").filter_map(|it| it.parse().ok()).collect();
    members.sort();
    members.dedup();
    let seen = typed.get("was").to_owned();
    doorstep::deed(app, who, move |tx, deed| {
        let present = team::members(tx, team)?;
        let wanted = members.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        // A form sent twice has done its work the first time.
        if was(&present) == wanted {
            return Ok(());
        }
        if was(&present) != seen {
            return Err(store::Error::Conflict.into());
        }
        let officers = store::person::list_of_role(tx, Role::Officer)?;
        let known = |id: &PersonId| present.iter().any(|it| it.0 == *id) || officers.iter().any(|it| it.id == *id);
        if !members.iter().all(known) {
            return Err(Refusal::Absent.into());
        }
        team::set_members(tx, deed, team, &members)
    })
    .await
}

/// Back to the round, or its page with the form that was not taken.
pub(super) async fn finish(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    no: &str,
    form: &'static str,
    typed: Typed,
    done: Result<(), Error>,
) -> Response {
    match done {
        Ok(()) => Redirect::to(&format!("/rounds/{no}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(headers)),
        Err(error) => show::again(app, who, headers, no, Refused::new(form, typed, error)).await,
    }
}
