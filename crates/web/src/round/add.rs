//! Adding a round to a campaign.

use crate::app::App;
use crate::auth::{self, Who};
use crate::campaign::{self, Which, period};
use crate::doorstep;
use crate::error::{Error, error_page};
use crate::form;
use crate::ui::field::Typed;
use crate::ui::slot::{Refused, is_final};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::RoundId;
use std::sync::Arc;

/// `POST /campaigns/{no}/rounds`
pub async fn add(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    match open(&app, &who, Which::read(&no), &typed).await {
        Ok(no) => Redirect::to(&format!("/rounds/{no}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => {
            let refused = Refused::new("round", typed, error);
            campaign::again(&app, &who, &headers, Which::read(&no), refused).await
        }
    }
}

async fn open(app: &Arc<App>, who: &Who, which: Which, typed: &Typed) -> Result<i64, Error> {
    doorstep::look(who)?;
    let campaign = app.db.read(move |tx| campaign::find(tx, &which)).await?;
    doorstep::set_up(who)?;
    let period = period(typed)?;
    let id = typed.get("id").parse().unwrap_or_else(|_| RoundId(store::ids::fresh(app.now())));
    doorstep::deed(app, who, move |tx, deed| Ok(store::campaign::insert_round(tx, deed, id, campaign.id, &period)?.no))
        .await
}
