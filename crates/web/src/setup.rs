//! What the system administrator sets: units, categories, holiday notices. Everybody signed in may read the first two.

use crate::app::App;
use crate::auth::Who;
use crate::error::ApiError;
use crate::problem::report::read_json;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use domain::calendar::Notice;
use domain::clock::Span;
use domain::id::UnitId;
use domain::naming::Names;
use domain::refusal::Refusal;
use domain::role::Role;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /api/v1/units`
pub async fn units(State(app): State<Arc<App>>, _who: Who) -> Result<Json<Value>, ApiError> {
    let directory = app.directory().await?;
    let units: Vec<Value> = directory
        .units
        .iter()
        .map(|it| json!({ "id": it.id.to_string(), "name": it.name, "name_en": it.name_en, "parent": it.parent.map(|id| id.to_string()) }))
        .collect();
    Ok(Json(json!({ "units": units })))
}

/// `GET /api/v1/categories`
pub async fn categories(State(app): State<Arc<App>>, _who: Who) -> Result<Json<Value>, ApiError> {
    let directory = app.directory().await?;
    let categories: Vec<Value> = directory
        .categories
        .iter()
        .map(|it| json!({ "id": it.id.to_string(), "name": it.name, "name_en": it.name_en, "span": it.span, "evidence": it.evidence }))
        .collect();
    Ok(Json(json!({ "categories": categories })))
}

#[derive(Deserialize)]
struct UnitBody {
    name: String,
    #[serde(default)]
    name_en: String,
    #[serde(default)]
    parent: Option<UnitId>,
}

/// `POST /api/v1/units`
pub async fn add_unit(
    State(app): State<Arc<App>>,
    who: Who,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    who.must(Role::Sysadmin)?;
    let body: UnitBody = read_json(&body)?;
    let names = Names::read(&body.name, &body.name_en).map_err(Refusal::Faults)?;
    let id = crate::settings::unit::add(&app, &who, names, body.parent).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id.to_string() }))))
}

#[derive(Deserialize)]
struct CategoryBody {
    name: String,
    #[serde(default)]
    name_en: String,
    #[serde(default)]
    span: Option<Span>,
    #[serde(default)]
    evidence: Vec<String>,
}

/// `POST /api/v1/categories`
pub async fn add_category(
    State(app): State<Arc<App>>,
    who: Who,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    who.must(Role::Sysadmin)?;
    let body: CategoryBody = read_json(&body)?;
    let names = Names::read(&body.name, &body.name_en).map_err(Refusal::Faults)?;
    let id = crate::settings::category::add(&app, &who, names, body.span, body.evidence).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id.to_string() }))))
}

/// `POST /api/v1/holidays`: one notice in the shape of the shipped files; every open clock is recomputed.
pub async fn add_holidays(State(app): State<Arc<App>>, who: Who, body: Bytes) -> Result<Json<Value>, ApiError> {
    who.must(Role::Sysadmin)?;
    let notice: Notice = read_json(&body)?;
    let year = notice.year;
    let recomputed = crate::settings::calendar::take_in(&app, &who, notice).await?;
    Ok(Json(json!({ "year": year, "recomputed": recomputed })))
}
