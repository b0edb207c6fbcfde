//! What the system administrator sets: units, categories, holiday notices. Everybody signed in may read the first two.

use crate::app::App;
use crate::auth::Who;
use crate::error::{ApiError, Error, field};
use crate::form;
use crate::problem::report::read_json;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use domain::calendar::Notice;
use domain::clock::Span;
use domain::id::UnitId;
use domain::role::Role;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use store::event::append_next;

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
    let by = who.must(Role::Sysadmin)?;
    let body: UnitBody = read_json(&body)?;
    form::check_length("name", &body.name, 100)?;
    let (now, master) = (app.now(), app.terms().master);
    let id = app
        .db
        .write(move |tx| {
            let id = store::unit::insert(tx, &body.name, &body.name_en, body.parent, now)?;
            append_next(tx, &master, &id.to_string(), "unit-added", Some(by), json!({ "name": body.name }), now)?;
            Ok::<_, store::Error>(id)
        })
        .await
        .map_err(|error| match error {
            store::Error::Unique { .. } => field("name", "已有同名单位。", "There is a unit of this name."),
            other => other.into(),
        })?;
    app.forget_directory();
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
    let by = who.must(Role::Sysadmin)?;
    let body: CategoryBody = read_json(&body)?;
    form::check_length("name", &body.name, 100)?;
    let (now, master) = (app.now(), app.terms().master);
    let id = app
        .db
        .write(move |tx| {
            let id = store::category::insert(tx, &body.name, &body.name_en, body.span, &body.evidence, now)?;
            append_next(tx, &master, &id.to_string(), "category-added", Some(by), json!({ "name": body.name }), now)?;
            Ok::<_, store::Error>(id)
        })
        .await
        .map_err(Error::from)?;
    app.forget_directory();
    Ok((StatusCode::CREATED, Json(json!({ "id": id.to_string() }))))
}

/// `POST /api/v1/holidays`: one notice in the shape of the shipped files; every open clock is recomputed.
pub async fn add_holidays(State(app): State<Arc<App>>, who: Who, body: Bytes) -> Result<Json<Value>, ApiError> {
    let by = who.must(Role::Sysadmin)?;
    let notice: Notice = read_json(&body)?;
    let (now, master, year) = (app.now(), app.terms().master, notice.year);
    let done = app
        .db
        .write(move |tx| {
            let done = store::holiday::import(tx, &notice)?;
            if done != store::holiday::Imported::Unchanged {
                append_next(
                    tx,
                    &master,
                    &format!("calendar-{year}"),
                    "holidays-imported",
                    Some(by),
                    json!({ "days": notice.days.len() }),
                    now,
                )?;
            }
            Ok::<_, store::Error>(done)
        })
        .await
        .map_err(Error::from)?;
    let mut recomputed = 0;
    if done != store::holiday::Imported::Unchanged {
        app.renew_terms().await?;
        recomputed = store::holiday::recompute_open(&app.db, &app.terms()).await.map_err(Error::from)?;
    }
    Ok(Json(json!({ "year": year, "recomputed": recomputed })))
}
