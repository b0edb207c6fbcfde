//! Subjects for programs: the register, one of them, and entering one.

use super::list;
use super::show::{self, Shows, Which};
use crate::app::App;
use crate::auth::Who;
use crate::doorstep;
use crate::error::{ApiError, field};
use crate::form;
use crate::problem::report::read_json;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use domain::id::{PersonId, SubjectId};
use domain::subject::{Card, Kind};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /api/v1/subjects`
pub async fn list(State(app): State<Arc<App>>, who: Who, RawQuery(query): RawQuery) -> Result<Json<Value>, ApiError> {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    let listed = list::listed(&app, &who, &query).await?;
    let lines: Vec<Value> = listed
        .lines
        .iter()
        .map(|it| json!({ "id": it.id.to_string(), "no": it.no, "kind": it.kind.code(), "name": it.name, "code": it.code, "area": it.area, "industry": it.industry, "address": it.address }))
        .collect();
    Ok(Json(json!({ "subjects": lines, "next": listed.next.map(|no| no.to_string()) })))
}

/// `GET /api/v1/subjects/{id}`: by id or by number.
pub async fn show(State(app): State<Arc<App>>, who: Who, Path(id): Path<String>) -> Result<Json<Value>, ApiError> {
    let which = match id.parse::<SubjectId>() {
        Ok(id) => Which::Id(id),
        Err(_) => Which::No(id.parse().unwrap_or(0)),
    };
    let shows = show::load(&app, &who, which).await?;
    Ok(Json(value(&shows)))
}

fn value(shows: &Shows) -> Value {
    let (it, card) = (&shows.subject, &shows.subject.card);
    let contacts: Vec<Value> = shows
        .contacts
        .iter()
        .map(|it| json!({ "id": it.id.to_string(), "name": it.name, "post": it.post, "phone": it.phone, "email": it.email, "note": it.note }))
        .collect();
    let rounds: Vec<Value> = shows
        .rounds
        .iter()
        .map(|(round, team)| json!({ "round": round.no, "name": round.name, "team": team.id.to_string(), "unit": team.unit.to_string() }))
        .collect();
    json!({
        "id": it.id.to_string(), "no": it.no, "revision": it.revision, "kind": card.kind.code(), "name": card.name, "code": card.code,
        "address": card.address, "area": card.area, "industry": card.industry, "tags": card.tags, "founded": card.founded,
        "capital": card.capital, "business": card.business, "remark": card.remark, "officer": card.officer.map(|it| it.to_string()),
        "contacts": contacts, "rounds": rounds,
        "visits": shows.visits.iter().map(|it| it.no).collect::<Vec<_>>(),
        "problems": shows.problems.iter().map(|it| it.no).collect::<Vec<_>>(),
        "promises": shows.promises.iter().map(|it| it.id.to_string()).collect::<Vec<_>>(),
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    /// UUID made by the client; a retry carries the same.
    id: Option<SubjectId>,
    kind: String,
    name: String,
    code: String,
    address: String,
    area: String,
    industry: String,
    tags: Vec<String>,
    founded: String,
    capital: String,
    business: String,
    remark: String,
    officer: Option<PersonId>,
}

/// `POST /api/v1/subjects`: 201 the first time, 200 with the same answer for a retry.
pub async fn add(State(app): State<Arc<App>>, who: Who, body: Bytes) -> Result<(StatusCode, Json<Value>), ApiError> {
    doorstep::set_up(&who)?;
    let it: Body = read_json(&body)?;
    let kind = match it.kind.as_str() {
        "" => Kind::Enterprise,
        text => Kind::parse(text)
            .ok_or_else(|| field("kind", "没有这一种走访对象。", "There is no such kind of subject."))?,
    };
    let card = Card {
        kind,
        name: it.name,
        code: it.code,
        address: it.address,
        area: it.area,
        industry: it.industry,
        tags: it.tags,
        founded: it.founded,
        capital: it.capital,
        business: it.business,
        remark: it.remark,
        officer: it.officer,
    };
    let id = it.id.unwrap_or_else(|| SubjectId(store::ids::fresh(app.now())));
    let (subject, new) = super::edit::enter(&app, &who, id, card).await?;
    let answer = json!({ "id": subject.id.to_string(), "no": subject.no, "revision": subject.revision });
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, Json(answer)))
}
