//! Persons, roles, deputies, handing over: the security administrator's desk. Every change of powers is an event.

mod page;
mod person;
mod stand_in;

use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{ApiError, Error, error_page, field};
use crate::form;
use crate::problem::report::read_json;
use crate::sign_in::token;
use crate::ui::field::Typed;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::id::{PersonId, UnitId};
use domain::role::{Hat, Role};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use store::event::append_next;
use store::person::{Deputy, NewPerson, Person};
use store::session::TokenDigest;

pub use person::{act_html, show};
pub use stand_in::{deputy_json, leave_json};

pub(crate) const LINK_MS: i64 = 3 * 86_400_000;
const PAGE: i64 = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PersonBody {
    login: String,
    name: String,
    unit: Option<UnitId>,
    roles: Vec<Role>,
}

async fn add(app: &Arc<App>, who: &Who, body: PersonBody) -> Result<PersonId, Error> {
    let by = who.must(Role::Secadmin)?;
    form::check_length("login", &body.login, 100)?;
    form::check_length("name", &body.name, 100)?;
    if body.login.trim().is_empty() || body.name.trim().is_empty() {
        return Err(field("login", "请写账号和姓名。", "Give a login and a name."));
    }
    let unit = body.unit.ok_or_else(|| field("unit", "请选择单位。", "Choose a unit."))?;
    if body.roles.iter().filter(|role| role.is_administrator()).count() > 1 {
        return Err(two_administrators());
    }
    let (now, master) = (app.now(), app.terms().master);
    let done = app
        .db
        .write(move |tx| {
            let (login, name, roles) = (body.login, body.name, body.roles);
            let new = NewPerson { login: &login, name: &name, unit, roles: &roles, reporter: None, password: "" };
            let id = store::person::insert(tx, &new, now)?;
            let codes: Vec<&str> = roles.iter().map(|role| role.code()).collect();
            append_next(
                tx,
                &master,
                &id.to_string(),
                "person-added",
                Some(by),
                json!({ "unit": unit.to_string(), "roles": codes }),
                now,
            )?;
            Ok::<_, store::Error>(id)
        })
        .await;
    done.map_err(|error| match error {
        store::Error::Unique { .. } => field("login", "这个账号已经有人用了。", "This login is taken."),
        other => other.into(),
    })
}

/// `POST /api/v1/persons`
pub async fn add_json(
    State(app): State<Arc<App>>,
    who: Who,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    who.must(Role::Secadmin)?;
    let id = add(&app, &who, read_json(&body)?).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id.to_string() }))))
}

async fn link(app: &Arc<App>, who: &Who, id: PersonId) -> Result<String, Error> {
    let by = who.must(Role::Secadmin)?;
    let (token, now, actor, master) = (token()?, app.now(), who.actor.clone(), app.terms().master);
    let digest = TokenDigest::of(&token);
    app.db
        .write(move |tx| {
            if find_working(tx, id)?.is_none() {
                return Ok(false);
            }
            store::session::make_link(tx, &actor, id, &digest, now, LINK_MS)?;
            append_next(tx, &master, &id.to_string(), "one-time-link-made", Some(by), Value::Null, now)?;
            Ok::<_, store::terms::Failure>(true)
        })
        .await
        .map_err(Error::from)
        .and_then(|made| if made { Ok(format!("/first/{token}")) } else { Err(Error::NoSuchPage) })
}

/// `POST /api/v1/persons/{id}/one-time-link`
pub async fn link_json(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    who.must(Role::Secadmin)?;
    Ok((StatusCode::CREATED, Json(json!({ "path": link(&app, &who, person_id(&id)?).await? }))))
}

fn person_id(text: &str) -> Result<PersonId, Error> {
    text.parse().map_err(|_| Error::NoSuchPage)
}

/// Somebody who works here; powers and work are given to no one else.
fn find_working(tx: &mut dyn store::Tx, id: PersonId) -> Result<Option<Person>, store::Error> {
    Ok(store::person::find(tx, id)?.filter(|it| it.left_at.is_none()))
}

#[derive(Debug, Deserialize)]
pub struct HatBody {
    role: Role,
    unit: UnitId,
}

/// `POST` and `DELETE /api/v1/persons/{id}/hats`
async fn hat(app: &Arc<App>, who: &Who, id: PersonId, body: HatBody, give: bool) -> Result<(), Error> {
    let by = who.must(Role::Secadmin)?;
    if by == id {
        return Err(Error::Denied { zh: "不能给自己授权或撤权。", en: "Nobody changes his own powers." });
    }
    let (now, master) = (app.now(), app.terms().master);
    app.db
        .write(move |tx| {
            if find_working(tx, id)?.is_none() {
                return Ok(Err(Error::NoSuchPage));
            }
            let held = store::person::hats(tx, id)?;
            let clash = give
                && body.role.is_administrator()
                && held.iter().any(|hat| hat.role.is_administrator() && hat.role != body.role);
            if clash {
                return Ok::<_, store::Error>(Err(two_administrators()));
            }
            if give {
                store::person::add_hat(tx, id, body.role, body.unit)?;
            } else {
                store::person::remove_hat(tx, id, body.role, body.unit)?;
            }
            let kind = if give { "hat-given" } else { "hat-taken" };
            let data = json!({ "role": body.role.code(), "unit": body.unit.to_string() });
            append_next(tx, &master, &id.to_string(), kind, Some(by), data, now)?;
            Ok(Ok(()))
        })
        .await?
}

fn two_administrators() -> Error {
    field(
        "roles",
        "系统、安全、审计三个管理员不能由一人兼任。",
        "Nobody may hold two of the three administrators' roles.",
    )
}

pub async fn give_hat(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    who.must(Role::Secadmin)?;
    hat(&app, &who, person_id(&id)?, read_json(&body)?, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn take_hat(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    who.must(Role::Secadmin)?;
    hat(&app, &who, person_id(&id)?, read_json(&body)?, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

struct Listed {
    persons: Vec<(Person, Vec<Hat>)>,
    deputies: Vec<Deputy>,
    next: Option<String>,
}

async fn listed(app: &Arc<App>, who: &Who, query: Option<String>) -> Result<Listed, Error> {
    if !who.has(Role::Secadmin) && !who.has(Role::Sysadmin) {
        return Err(Error::NoSuchPage);
    }
    let (after, now) = (form::fields(query.unwrap_or_default().as_bytes()).get("after").to_owned(), app.now());
    let (mut persons, deputies) = app
        .db
        .read(move |tx| {
            let mut hats = store::person::hats_of_page(tx, &after, PAGE + 1)?;
            let persons = store::person::list(tx, &after, PAGE + 1)?;
            let persons: Vec<_> = persons
                .into_iter()
                .map(|it| {
                    let worn = hats.remove(&it.id);
                    (it, worn.unwrap_or_default())
                })
                .collect();
            Ok::<_, store::Error>((persons, store::person::list_deputies(tx, now)?))
        })
        .await?;
    let more = persons.len() as i64 > PAGE;
    persons.truncate(PAGE as usize);
    let next = persons.last().filter(|_| more).map(|(it, _)| it.login.clone());
    Ok(Listed { persons, deputies, next })
}

/// `GET /api/v1/persons`
pub async fn json(State(app): State<Arc<App>>, who: Who, RawQuery(query): RawQuery) -> Result<Json<Value>, ApiError> {
    let listed = listed(&app, &who, query).await?;
    let persons: Vec<Value> = listed
        .persons
        .iter()
        .map(|(it, hats)| {
            let hats: Vec<Value> = hats.iter().map(|hat| json!({ "role": hat.role.code(), "unit": hat.unit.to_string() })).collect();
            json!({ "id": it.id.to_string(), "login": it.login, "name": it.name, "unit": it.unit.to_string(), "hats": hats, "left": it.left_at.is_some() })
        })
        .collect();
    Ok(Json(json!({ "persons": persons, "next": listed.next })))
}

/// `GET /people`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    match (listed(&app, &who, query).await, app.directory().await) {
        (Ok(listed), Ok(directory)) => {
            page::view(&who, &listed, &directory, &Typed::default(), None, None).into_response()
        }
        (Err(error), _) => error_page(&error, who.lang, auth::request_id(&headers)),
        (_, Err(error)) => error_page(&error.into(), who.lang, auth::request_id(&headers)),
    }
}

/// `POST /people`: adds a person and shows the link to be handed to him.
pub async fn add_html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    let body = PersonBody {
        login: typed.get("login").to_owned(),
        name: typed.get("name").to_owned(),
        unit: typed.get("unit").parse().ok(),
        roles: typed.all("roles").filter_map(Role::parse).collect(),
    };
    let done = match add(&app, &who, body).await {
        Ok(id) => link(&app, &who, id).await,
        Err(error) => Err(error),
    };
    with_result(&app, &who, &headers, &typed, done).await
}

async fn with_result(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    typed: &Typed,
    done: Result<String, Error>,
) -> Response {
    if let Err(error @ (Error::NoSuchPage | Error::SignIn)) = &done {
        return error_page(error, who.lang, auth::request_id(headers));
    }
    match (listed(app, who, None).await, app.directory().await) {
        (Ok(listed), Ok(directory)) => {
            let status = done.as_ref().err().map_or(StatusCode::OK, |error| error.tell().status);
            (status, page::view(who, &listed, &directory, typed, done.as_ref().err(), done.as_ref().ok()))
                .into_response()
        }
        (Err(error), _) => error_page(&error, who.lang, auth::request_id(headers)),
        (_, Err(error)) => error_page(&error.into(), who.lang, auth::request_id(headers)),
    }
}
