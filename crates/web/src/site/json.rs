//! Sites for programs: the same rules and the same sight as the pages.

use super::month::{load, month_of};
use super::{look, read};
use crate::app::App;
use crate::auth::Who;
use crate::error::ApiError;
use crate::form;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use domain::attendance::verdict::Judged;
use serde_json::{Value, json};
use std::sync::Arc;
use store::site::Site;
use store::terms::Failure;

const PAGE: i64 = 100;

fn told(site: &Site) -> Value {
    json!({
        "id": site.id, "no": site.no, "name": site.name, "permit": site.permit, "address": site.address,
        "owner": site.owner, "contractor": site.contractor, "consultant": site.consultant,
        "revision": site.revision, "ended_at": site.ended_at,
    })
}

/// `GET /api/v1/sites`: after.
pub async fn list(State(app): State<Arc<App>>, who: Who, RawQuery(query): RawQuery) -> Result<Json<Value>, ApiError> {
    look(&who)?;
    let after = form::fields(query.unwrap_or_default().as_bytes()).get("after").parse().unwrap_or(0);
    let reach = store::site::reach(&who.actor);
    let mut sites = app.db.read(move |tx| store::site::list(tx, &reach, after, PAGE + 1)).await?;
    let more = sites.len() as i64 > PAGE;
    sites.truncate(PAGE as usize);
    let next = sites.last().filter(|_| more).map(|it| it.no);
    Ok(Json(json!({ "sites": sites.iter().map(told).collect::<Vec<_>>(), "next": next })))
}

/// `GET /api/v1/sites/{no}`: the card, and today.
pub async fn one(State(app): State<Arc<App>>, who: Who, Path(no): Path<String>) -> Result<Json<Value>, ApiError> {
    let (site, _, duties) = read(&app, &who, &no, |tx, deed, site, ties| {
        let mut duties = store::today::duties(tx, site.id, deed.now.day())?;
        duties.retain(|it| super::sees_all(ties) || deed.by == Some(it.person));
        Ok::<_, Failure>(duties)
    })
    .await?;
    let today = duties.iter().map(|it| {
        json!({
            "person": it.person, "name": it.name, "due": it.due.code(), "reason": it.reason, "post": it.post,
            "came_at": it.came_at, "left_at": it.left_at, "waits": it.waits,
        })
    });
    let mut body = told(&site);
    body["today"] = today.collect();
    Ok(Json(body))
}

fn verdict(it: &Judged) -> Value {
    json!({
        "day": it.day, "verdict": it.verdict.code(), "reason": it.reason.code(), "punches": it.punches,
        "zh": it.zh(), "en": it.en(),
    })
}

/// `GET /api/v1/sites/{no}/month`: month (YYYY-MM).
pub async fn month(
    State(app): State<Arc<App>>,
    who: Who,
    Path(no): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, ApiError> {
    let first = month_of(&form::fields(query.unwrap_or_default().as_bytes()), app.now().day());
    let (site, _, sheet) = read(&app, &who, &no, move |tx, deed, site, ties| load(tx, deed, site, ties, first)).await?;
    let lines = sheet.lines.iter().map(|line| {
        let m = &line.month;
        json!({
            "person": line.person, "name": line.name, "posts": line.posts,
            "days": line.days.iter().map(verdict).collect::<Vec<_>>(),
            "present": m.present, "absent": m.absent, "short": m.short, "review": m.review, "excused": m.excused,
            "at_other_site": m.at_other_site, "open": m.open,
        })
    });
    Ok(Json(json!({ "site": site.no, "first": sheet.first, "last": sheet.last, "lines": lines.collect::<Vec<_>>() })))
}
