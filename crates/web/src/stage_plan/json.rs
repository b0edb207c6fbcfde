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
use domain::attendance::plan::{Line, Stage, StageKind, StagePlan};
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

/// For the description of the API: what is handed in.
pub fn schema() -> Value {
    let (text, day) = (json!({ "type": "string" }), json!({ "type": "string", "format": "date" }));
    let kinds: Vec<&str> = super::when::KINDS.iter().map(|it| it.0).collect();
    let when = json!({
        "kind": { "type": "string", "enum": kinds },
        "n": { "type": "integer", "description": "per_week, per_month" },
        "dates": { "type": "array", "items": day, "description": "named" },
        "days": { "type": "string", "description": "workdays, all, or names such as mon,thu" },
    });
    let of = |required: &[&str], own: Value| {
        let mut all = own;
        if let (Some(all), Some(when)) = (all.as_object_mut(), when.as_object()) {
            all.extend(when.clone());
        }
        json!({ "type": "object", "required": required, "properties": all })
    };
    let line = of(
        &["person", "post", "from", "to", "kind"],
        json!({
            "person": text, "post": text, "from": day, "to": day, "mode": { "type": "string", "enum": ["once", "span"] },
            "min_minutes": { "type": "integer" }, "shift": { "type": "string", "description": "22:00-06:00" },
            "excused_by": { "type": "array", "items": text, "description": "Sites at which a punch excuses." },
            "covers": text, "replaces": text, "needs_delegate": { "type": "boolean" },
        }),
    );
    let requirement = of(
        &["posts", "kind"],
        json!({
            "posts": { "type": "array", "items": text }, "persons": { "type": "array", "items": text },
            "by": { "type": "string", "enum": ["one-person", "shared"] },
        }),
    );
    let stage = json!({ "type": "object", "required": ["name", "kind", "from", "to"], "properties": {
        "name": text, "kind": { "type": "string", "enum": StageKind::ALL.iter().map(|it| it.code()).collect::<Vec<_>>() },
        "from": day, "to": day, "requirements": { "type": "array", "items": requirement },
    } });
    json!({ "type": "object", "required": ["effective_from", "lines"], "properties": {
        "effective_from": day, "stages": { "type": "array", "items": stage }, "lines": { "type": "array", "items": line },
    } })
}

/// A command with what it needs.
pub fn order_schema() -> Value {
    let commands: Vec<&str> = PlanCommand::ALL.iter().map(|it| it.code()).collect();
    json!({ "type": "object", "required": ["command", "seen"], "properties": {
        "command": { "type": "string", "enum": commands },
        "seen": { "type": "integer", "description": "The revision its author saw; a stale one is refused with changed-meanwhile." },
        "words": { "type": "string", "description": "return: the reason." },
    } })
}
