//! One person of a site: posts, certificates, identity number under seal, the way into his account.

use super::{filing, person_page, staff};
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::ui::field::Typed;
use crate::ui::slot::{Refused, is_final, status};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::attendance::plan::Post;
use domain::attendance::roll;
use domain::fault::Fault;
use domain::id::{CertificateId, PersonId};
use domain::refusal::Refusal;
use domain::site::Tie;
use domain::time::Day;
use std::sync::Arc;
use store::session::TokenDigest;
use store::site::Site;
use store::staff::{Certificate, Staff};

pub(super) struct Seen {
    pub staff: Staff,
    pub certificates: Vec<Certificate>,
    /// Whose people he is may change him.
    pub is_own: bool,
}

/// What was just made or looked up, and is shown once.
pub(super) enum Shown {
    Nothing,
    /// The path of a one-time link.
    Link(String),
    Identity(String),
}

/// `GET /sites/{no}/staff/{person}`
pub async fn html(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((no, person)): Path<(String, String)>,
) -> Response {
    answer(&app, &who, &headers, (&no, &person), None, Shown::Nothing).await
}

async fn answer(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    (no, person): (&str, &str),
    refused: Option<Refused>,
    shown: Shown,
) -> Response {
    let read = async { Ok::<_, Error>((read(app, who, no, person).await?, app.directory().await?)) };
    match read.await {
        Ok(((site, ties, seen), directory)) => {
            let view = person_page::view(app, who, &directory, &site, &ties, &seen, refused.as_ref(), &shown);
            (status(refused.as_ref()), view).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

async fn read(app: &Arc<App>, who: &Who, no: &str, person: &str) -> Result<(Site, Vec<Tie>, Seen), Error> {
    let person: PersonId = person.parse().map_err(|_| Refusal::Absent)?;
    super::read(app, who, no, move |tx, deed, site, ties| {
        if !super::sees_all(ties) && deed.by != Some(person) {
            return Err(Refusal::Absent.into());
        }
        let staff = store::staff::find(tx, site.id, person)?.ok_or(Refusal::Absent)?;
        let is_own = super::files(ties) && filing::is_own(site, ties, staff.firm);
        Ok(Seen { certificates: store::staff::certificates(tx, person)?, staff, is_own })
    })
    .await
}

/// `POST /sites/{no}/staff/{person}/{what}`
pub async fn act(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((no, person, what)): Path<(String, String, String)>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let Some(form) = ["posts", "identity", "certificate", "link", "reveal"].into_iter().find(|it| *it == what) else {
        return error_page(&Error::NoSuchPage, who.lang, auth::request_id(&headers));
    };
    match done(&app, &who, (&no, &person), form, &typed).await {
        Ok(Shown::Nothing) => Redirect::to(&format!("/sites/{no}/staff/{person}")).into_response(),
        Ok(shown) => answer(&app, &who, &headers, (&no, &person), None, shown).await,
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => {
            answer(&app, &who, &headers, (&no, &person), Some(Refused::new(form, typed, error)), Shown::Nothing).await
        }
    }
}

fn certificate(typed: &Typed, app: &App, person: PersonId) -> Result<Certificate, Error> {
    let mut faults = Vec::new();
    let mut day = |name: &'static str| {
        let found = Day::read(typed.get(name));
        if found.is_none() {
            faults.push(Fault::new(name, "日期请写成2018-04-16的样子。", "Write the date like 2018-04-16."));
        }
        found
    };
    let (from, to) = (day("from"), day("to"));
    let (Some(from), Some(to)) = (from, to) else { return Err(Refusal::Faults(faults).into()) };
    let post = Post(typed.get("post").trim().to_owned());
    let id = CertificateId(typed.get("id").parse().unwrap_or_else(|_| store::ids::fresh(app.now())));
    Ok(Certificate { id, number: typed.get("number").to_owned(), what: roll::Certificate { person, post, from, to } })
}

async fn done(
    app: &Arc<App>,
    who: &Who,
    (no, person): (&str, &str),
    form: &'static str,
    typed: &Typed,
) -> Result<Shown, Error> {
    let person: PersonId = person.parse().map_err(|_| Refusal::Absent)?;
    let entry = if form == "posts" { Some(staff::entry(typed)?) } else { None };
    let certificate = if form == "certificate" { Some(certificate(typed, app, person)?) } else { None };
    let token = crate::sign_in::token()?;
    let digest = TokenDigest::of(&token);
    let identity = typed.get("identity").to_owned();
    super::change(app, who, no, move |tx, deed, site, ties| {
        let known = store::staff::find(tx, site.id, person)?.ok_or(Refusal::Absent)?;
        if !super::files(ties) || !filing::is_own(site, ties, known.firm) {
            return Err(Refusal::NotYourRole.into());
        }
        match form {
            "posts" => {
                let entry = entry.ok_or(Refusal::Absent)?;
                if !store::staff::firms(site).contains(&entry.firm) || !filing::is_own(site, ties, entry.firm) {
                    return Err(Refusal::NotYourRole.into());
                }
                store::staff::set(tx, deed, site.id, person, &entry)?;
            }
            "identity" => store::staff::identify(tx, deed, person, &identity)?,
            "certificate" => store::staff::certify(tx, deed, &certificate.ok_or(Refusal::Absent)?)?,
            "reveal" => {
                let number = store::staff::reveal(tx, deed, person)?;
                return Ok(number.map_or(Shown::Nothing, Shown::Identity));
            }
            _ => {
                let by = deed.by.ok_or(Refusal::NotYourRole)?;
                store::session::make_staff_link(tx, by, person, &digest, deed.now, crate::people::LINK_MS)?;
                store::event::note(tx, deed, person, "one-time-link", serde_json::json!({}))?;
                return Ok(Shown::Link(format!("/first/{token}")));
            }
        }
        Ok(Shown::Nothing)
    })
    .await
}
