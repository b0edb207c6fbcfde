//! One's own days for programs, as the page has them.

use super::mine::looked_at;
use super::own;
use crate::app::App;
use crate::auth::Who;
use crate::error::{ApiError, Error};
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use std::sync::Arc;
use store::own_days::{self, Place};
use store::terms::{Deed, Failure};

/// `GET /api/v1/attendance`
pub async fn own_days(State(app): State<Arc<App>>, who: Who) -> Result<Json<Value>, ApiError> {
    let person = own(&who)?;
    let (terms, now) = (app.terms(), app.now());
    let read = app.db.read(move |tx| {
        let deed = Deed { terms: &terms, by: Some(person), now };
        Ok::<_, Failure>(own_days::load(tx, &deed, person, looked_at(now.day()))?)
    });
    let places = read.await.map_err(Error::from)?;
    Ok(Json(json!({ "today": now.day(), "sites": places.iter().map(told).collect::<Vec<_>>() })))
}

fn told(place: &Place) -> Value {
    let behind = place.behind.iter().map(|it| {
        json!({
            "day": it.day, "verdict": it.verdict.code(), "reason": it.reason.code(), "punches": it.punches,
            "zh": it.zh(), "en": it.en(),
        })
    });
    let ahead = place.ahead.iter().map(|it| {
        let (zh, en) = it.why();
        json!({
            "day": it.day, "due": it.due.code(), "reason": it.reason.code(), "post": it.post, "zh": zh, "en": en,
            "owed": it.tally.map(|it| it.owed), "attended": it.tally.map(|it| it.attended),
            "came_at": it.came.map(|it| it.0), "left_at": it.came.map(|it| it.1),
        })
    });
    json!({
        "site": place.site.no, "name": place.site.name,
        "behind": behind.collect::<Vec<_>>(), "ahead": ahead.collect::<Vec<_>>(),
    })
}
