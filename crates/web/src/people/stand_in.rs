//! Who works in somebody's place: deputies for a dated time, and the heir of one who leaves.

use super::{find_working, person_id};
use crate::app::App;
use crate::auth::Who;
use crate::error::{ApiError, Error, field};
use crate::problem::report::read_json;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::id::PersonId;
use domain::role::Role;
use domain::time::Millis;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use store::event::append_next;

#[derive(Debug, Deserialize)]
pub struct LeaveBody {
    heir: PersonId,
}

pub(super) async fn leave(app: &Arc<App>, who: &Who, id: PersonId, heir: PersonId) -> Result<(), Error> {
    let by = who.must(Role::Secadmin)?;
    if id == heir {
        return Err(field("heir", "接手人须是另一个人。", "Another person must take over."));
    }
    let (now, master) = (app.now(), app.terms().master);
    app.db
        .write(move |tx| {
            if find_working(tx, id)?.is_none() {
                return Ok::<_, store::Error>(Err(Error::NoSuchPage));
            }
            if find_working(tx, heir)?.is_none() {
                return Ok(Err(field(
                    "heir",
                    "接手人须是在岗人员。",
                    "Who takes over must be somebody who works here.",
                )));
            }
            store::person::leave(tx, id, heir, now)?;
            append_next(
                tx,
                &master,
                &id.to_string(),
                "handed-over",
                Some(by),
                json!({ "heir": heir.to_string() }),
                now,
            )?;
            Ok(Ok(()))
        })
        .await?
}

/// `POST /api/v1/persons/{id}/leave`: open work passes to the heir in one step.
pub async fn leave_json(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    who.must(Role::Secadmin)?;
    let body: LeaveBody = read_json(&body)?;
    leave(&app, &who, person_id(&id)?, body.heir).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize)]
pub struct DeputyBody {
    /// Who is away; oneself when left out.
    pub(super) person: Option<PersonId>,
    pub(super) by: PersonId,
    /// Local, `2018-04-16 09:00` or a day.
    pub(super) from: String,
    pub(super) to: String,
}

pub(super) async fn stand_in(app: &Arc<App>, who: &Who, body: DeputyBody) -> Result<String, Error> {
    let me = who.person().ok_or(Error::NoSuchPage)?;
    let person = body.person.unwrap_or(me);
    if person != me {
        who.must(Role::Secadmin)?;
    }
    let instant = |name: &'static str, text: &str| -> Result<Millis, Error> {
        Millis::parse_local(text)
            .ok_or_else(|| field(name, "时间请写成2018-04-16 09:00的样子。", "Write the time like 2018-04-16 09:00."))
    };
    let (from, to) = (instant("from", &body.from)?, instant("to", &body.to)?);
    if to <= from {
        return Err(field("to", "结束时间要晚于开始时间。", "It must end after it begins."));
    }
    if body.by == person {
        return Err(field("by", "代理人须是另一个人。", "A deputy is another person."));
    }
    let (now, master, by) = (app.now(), app.terms().master, body.by);
    app.db
        .write(move |tx| {
            if find_working(tx, person)?.is_none() {
                return Ok::<_, store::Error>(Err(Error::NoSuchPage));
            }
            if find_working(tx, by)?.is_none() {
                return Ok(Err(field("by", "代理人须是在岗人员。", "A deputy must be somebody who works here.")));
            }
            let id = store::person::insert_deputy(tx, person, by, from, to, now)?;
            let data = json!({ "by": by.to_string(), "from": from.rfc3339(), "to": to.rfc3339() });
            append_next(tx, &master, &person.to_string(), "deputy-named", Some(me), data, now)?;
            Ok(Ok(id))
        })
        .await?
}

/// `POST /api/v1/deputies`
pub async fn deputy_json(
    State(app): State<Arc<App>>,
    who: Who,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let id = stand_in(&app, &who, read_json(&body)?).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))))
}

/// Ends a deputyship before its time; `id` is the deputyship's.
pub(super) async fn end(app: &Arc<App>, who: &Who, id: &str) -> Result<(), Error> {
    let me = who.must(Role::Secadmin)?;
    let (now, master, id) = (app.now(), app.terms().master, id.to_owned());
    app.db
        .write(move |tx| {
            // Over already: what was asked for holds.
            let Some(person) = store::person::end_deputy(tx, &id, now)? else { return Ok(()) };
            append_next(tx, &master, &person.to_string(), "deputy-ended", Some(me), json!({ "deputy": id }), now)
        })
        .await
        .map_err(Error::from)
}
