//! Confirm, return, approve.

use super::show;
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::site;
use crate::ui::slot::{Refused, is_final};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::attendance::course::{FiledPlan, PlanCommand, PlanOrder};
use domain::id::PersonId;
use domain::refusal::Refusal;
use std::sync::Arc;
use store::stage_plan;
use store::terms::Failure;

/// `POST /sites/{no}/plans/{version}/{command}`
pub async fn html(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((no, version, command)): Path<(String, String, String)>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    // A command that is none is asked about a plan all the same: what one does not see is not there.
    let done = match PlanCommand::ALL.iter().copied().find(|it| it.code() == command) {
        Some(command) => {
            let order = PlanOrder {
                command,
                words: typed.get("words").to_owned(),
                seen: typed.get("seen").parse().unwrap_or(-1),
            };
            carry_out(&app, &who, &no, &version, order).await.map(|_| command.code())
        }
        None => Err(Refusal::Absent.into()),
    };
    match done {
        Ok(_) => Redirect::to(&format!("/sites/{no}/plans/{version}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => {
            let name = PlanCommand::ALL.iter().map(|it| it.code()).find(|it| *it == command).unwrap_or_default();
            let refused = Refused::new(name, typed, error);
            show::answer(&app, &who, &headers, (&no, &version), None, Some(refused)).await
        }
    }
}

/// One place through which every command of a plan goes.
pub(super) async fn carry_out(
    app: &Arc<App>,
    who: &Who,
    no: &str,
    version: &str,
    order: PlanOrder,
) -> Result<FiledPlan, Error> {
    form::check_length("words", &order.words, 500)?;
    let parsed = version.parse::<u32>();
    let done = site::change(app, who, no, move |tx, deed, site, ties| {
        let Ok(version) = parsed else { return Err(Refusal::Absent.into()) };
        stage_plan::perform(tx, deed, site, ties, version, &order)
    });
    match done.await {
        Err(Error::Refusal(Refusal::ChangedMeanwhile { by, at, event })) => {
            Err(changed(app, Refusal::ChangedMeanwhile { by, at, event }, by).await)
        }
        other => other,
    }
}

/// Who changed it meanwhile, by name.
async fn changed(app: &Arc<App>, refusal: Refusal, by: Option<PersonId>) -> Error {
    let found = app.db.read(move |tx| match by {
        Some(id) => store::person::find(tx, id).map_err(Failure::from),
        None => Ok(None),
    });
    match found.await {
        Ok(Some(person)) => Error::Changed { refusal, zh: person.name.clone(), en: person.name },
        Ok(None) => Error::Changed { refusal, zh: "系统".to_owned(), en: "The system".to_owned() },
        Err(failure) => failure.into(),
    }
}
