//! Contacts 联系人 of a subject: entered, changed and removed by the office, on the subject's page.

use super::show::{self, Which};
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
use domain::id::{ContactId, SubjectId};
use domain::refusal::Refusal;
use std::sync::Arc;
use store::contact::{self, Contact};

fn contact(typed: &Typed, id: ContactId, subject: SubjectId) -> Contact {
    let get = |name: &str| typed.get(name).to_owned();
    Contact {
        id,
        subject,
        name: get("name"),
        post: get("post"),
        phone: get("phone"),
        email: get("email"),
        note: get("note"),
    }
}

/// `id`: the contact that is changed; for a new one the form has brought its own.
async fn save(app: &Arc<App>, who: &Who, no: &str, id: Option<&str>, typed: &Typed) -> Result<(), Error> {
    let subject = show::find(app, who, Which::No(no.parse().unwrap_or(0))).await?.id;
    doorstep::set_up(who)?;
    let fresh = ContactId(store::ids::fresh(app.now()));
    let (new, given) = (id.is_none(), id.unwrap_or(typed.get("id")).parse::<ContactId>());
    if !new && given.is_err() {
        return Err(Refusal::Absent.into());
    }
    let it = contact(typed, given.unwrap_or(fresh), subject);
    let remove = typed.get("do") == "remove";
    doorstep::deed(app, who, move |tx, deed| {
        let known = contact::find(tx, it.id)?;
        match known {
            // Another subject's contact is none of this one's.
            Some(known) if known.subject != subject => Err(Refusal::Absent.into()),
            // A form sent twice has done its work the first time.
            Some(_) if new => Ok(()),
            None if !new && remove => Ok(()),
            None if !new => Err(Refusal::Absent.into()),
            Some(known) if remove => contact::remove(tx, deed, &known),
            _ => contact::save(tx, deed, it),
        }
    })
    .await
}

/// `POST /subjects/{no}/contacts`
pub async fn add(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let done = save(&app, &who, &no, None, &typed).await;
    answer(&app, &who, &headers, &no, "contact", typed, done).await
}

/// `POST /subjects/{no}/contacts/{id}`: changed, or removed where the form says `do=remove`.
pub async fn change(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((no, id)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let mut typed = form::fields(&body);
    let done = save(&app, &who, &no, Some(&id), &typed).await;
    typed.0.push(("contact".into(), id));
    answer(&app, &who, &headers, &no, "change", typed, done).await
}

async fn answer(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    no: &str,
    form: &'static str,
    typed: Typed,
    done: Result<(), Error>,
) -> Response {
    match done {
        Ok(()) => Redirect::to(&format!("/subjects/{no}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(headers)),
        Err(error) => show::again(app, who, headers, no, Refused::new(form, typed, error)).await,
    }
}
