//! A new version from its definition as JSON; what is wrong is named at its place in it.

use super::page;
use crate::app::App;
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page};
use crate::form;
use crate::ui::field::Typed;
use crate::ui::slot::{Refused, is_final};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::fault::Fault;
use domain::questionnaire::Questionnaire;
use domain::refusal::Refusal;
use std::sync::Arc;
use store::questionnaire;

fn faults(faults: Vec<Fault>) -> Error {
    Refusal::Faults(faults).into()
}

/// The definition, with all that is wrong with it: where in the text, or at which place of the definition.
fn read(typed: &Typed) -> Result<Questionnaire, Error> {
    let read: Questionnaire = serde_json::from_str(typed.get("body")).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        faults(vec![Fault::new(
            "body",
            format!("第{line}行第{column}列不是所要的写法：{error}"),
            format!("Line {line}, column {column} is not as asked for: {error}"),
        )])
    })?;
    let found = read.faults();
    if found.is_empty() {
        return Ok(read);
    }
    let at = |it: Fault| Fault::new("body", format!("{}：{}", it.field, it.zh), format!("{}: {}", it.field, it.en));
    Err(faults(found.into_iter().map(at).collect()))
}

pub(super) fn checked_code(code: &str) -> Result<String, Error> {
    let code = code.trim();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    // The address of the form of a new one.
    let free = code != "new" && code != "make";
    match free && !code.is_empty() && code.len() <= 40 && code.chars().all(fits) {
        true => Ok(code.to_owned()),
        false => Err(faults(vec![Fault::new(
            "code",
            "代号只能用小写字母、数字和连字符，1到40个。",
            "The code takes 1 to 40 lower-case letters, digits and hyphens.",
        )])),
    }
}

/// `POST /questionnaires`: the first version of a new one.
pub async fn add(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    match first(&app, &who, &typed).await {
        Ok(code) => Redirect::to(&format!("/questionnaires/{code}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => page::list_again(&app, &who, &headers, Refused::new("new", typed, error)).await,
    }
}

async fn first(app: &Arc<App>, who: &Who, typed: &Typed) -> Result<String, Error> {
    doorstep::set_up(who)?;
    let (code, form) = (checked_code(typed.get("code"))?, read(typed)?);
    publish_first(app, who, code, form).await
}

pub(super) async fn publish_first(
    app: &Arc<App>,
    who: &Who,
    code: String,
    form: Questionnaire,
) -> Result<String, Error> {
    doorstep::deed(app, who, move |tx, deed| {
        let newest = questionnaire::list_versions(tx, &code)?.into_iter().next();
        // A form sent twice has done its work the first time.
        if newest.is_some_and(|it| it.form != form) {
            let taken = Fault::new("code", "这个代号已经有了，请换一个。", "This code is taken; choose another.");
            return Err(Refusal::Faults(vec![taken]).into());
        }
        questionnaire::publish(tx, deed, &code, &form)?;
        Ok(code)
    })
    .await
}

/// `POST /questionnaires/{code}`: the next version.
pub async fn publish(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(code): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    match next(&app, &who, &code, &typed).await {
        Ok(()) => Redirect::to(&format!("/questionnaires/{code}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => page::again(&app, &who, &headers, &code, Refused::new("version", typed, error)).await,
    }
}

async fn next(app: &Arc<App>, who: &Who, code: &str, typed: &Typed) -> Result<(), Error> {
    doorstep::look(who)?;
    let looked = code.to_owned();
    let known = app.db.read(move |tx| questionnaire::list_versions(tx, &looked)).await?;
    if known.is_empty() {
        return Err(Refusal::Absent.into());
    }
    doorstep::set_up(who)?;
    let (form, seen) = (read(typed)?, typed.get("seen").parse::<i64>().unwrap_or(-1));
    publish_next(app, who, code.to_owned(), seen, form).await
}

/// `seen`: the version that its author changed.
pub(super) async fn publish_next(
    app: &Arc<App>,
    who: &Who,
    code: String,
    seen: i64,
    form: Questionnaire,
) -> Result<(), Error> {
    doorstep::deed(app, who, move |tx, deed| {
        let newest = questionnaire::list_versions(tx, &code)?.into_iter().next().ok_or(Refusal::Absent)?;
        if newest.form == form {
            return Ok(());
        }
        if newest.version != seen {
            return Err(store::Error::Conflict.into());
        }
        questionnaire::publish(tx, deed, &code, &form).map(|_| ())
    })
    .await
}
