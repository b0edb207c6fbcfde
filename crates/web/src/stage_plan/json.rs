//! Plans as JSON: the same rules as the pages.

use super::{make, show};
use crate::app::App;
use crate::auth::Who;
use crate::error::{ApiError, Error};
use crate::problem::report::read_json;
use crate::site;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::attendance::course::{FiledPlan, PlanCommand, PlanOrder};
use domain::attendance::plan::{Line, Stage, StagePlan};
use domain::refusal::Refusal;
use domain::time::Day;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use store::stage_plan;

/// `GET /api/v1/sites/{no}/plans`
pub async fn list(State(app): State<Arc<App>>, who: Who, Path(no): Path<String>) -> Result<Json<Value>, ApiError> {
    let read = site::read(&app, &who, &no, |tx, deed, site, ties| {
        let all = stage_plan::list(tx, site.id)?;
        Ok(all.into_iter().map(|it| show::as_seen(it, ties, deed.by)).collect::<Vec<FiledPlan>>())
    });
    let (_, _, plans) = read.await?;
    Ok(Json(json!({ "plans": plans })))
}

/// What is handed in: the plan without what the house gives it.
#[derive(Deserialize)]
struct Given {
    effective_from: Day,
    #[serde(default)]
    stages: Vec<Stage>,
    lines: Vec<Line>,
}

/// `POST /api/v1/sites/{no}/plans`
pub async fn add(
    State(app): State<Arc<App>>,
    who: Who,
    Path(no): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let given: Result<Given, Error> = read_json(&body);
    // What one does not see is not there, whatever was sent.
    let (site, ..) = site::read(&app, &who, &no, |_, _, site, ties| super::admit(site, ties)).await?;
    let Given { effective_from, stages, lines } = given?;
    let plan = StagePlan { site: site.id, version: 0, effective_from, approved_at: None, stages, lines };
    let version =
        site::change(&app, &who, &no, move |tx, deed, site, ties| make::file(tx, deed, site, ties, plan)).await?;
    Ok((StatusCode::CREATED, Json(json!({ "version": version }))))
}

#[derive(Deserialize)]
struct Ordered {
    command: PlanCommand,
    seen: i64,
    #[serde(default)]
    words: String,
}

/// `POST /api/v1/sites/{no}/plans/{version}/commands`
pub async fn command(
    State(app): State<Arc<App>>,
    who: Who,
    Path((no, version)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let ordered: Result<Ordered, Error> = read_json(&body);
    let asked = version.parse::<u32>();
    site::read(&app, &who, &no, move |tx, _, site, _| {
        let found = match asked {
            Ok(version) => stage_plan::find(tx, site.id, version)?,
            Err(_) => None,
        };
        found.map(drop).ok_or_else(|| Refusal::Absent.into())
    })
    .await?;
    let Ordered { command, seen, words } = ordered?;
    let after = super::command::carry_out(&app, &who, &no, &version, PlanOrder { command, words, seen }).await?;
    Ok(Json(json!({ "version": after.plan.version, "state": after.state, "revision": after.revision })))
}
