//! Photos taken while recording: each is sent at once where there is script, else with the form; they wait until the
//! record is saved.

use super::sent::File;
use crate::app::App;
use crate::attachment::whole;
use crate::auth::{self, Who};
use crate::error::{ApiError, Error, error_page, field};
use crate::form;
use crate::ui::field::Typed;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::fault::Fault;
use domain::id::{AttachmentId, PersonId, ProblemId};
use domain::refusal::Refusal;
use domain::visit::{CommandName, Visit};
use serde_json::{Value, json};
use std::sync::Arc;
use store::photo::{self, Photo};
use store::sniff::{self, Media};

/// `problem.{n}.photo` of the rows of a form, without those taken out again: which photo belongs to which problem.
pub fn chosen(typed: &Typed) -> Vec<(ProblemId, AttachmentId)> {
    let rows = super::typed::rows(typed, "problem");
    let mut found = Vec::new();
    for n in 0..rows {
        let Ok(problem) = typed.get(&format!("problem.{n}.id")).parse() else { continue };
        found.extend(of_row(typed, n).filter_map(|it| Some((problem, it.parse().ok()?))));
    }
    found
}

/// The photos of one row.
pub fn of_row(typed: &Typed, n: usize) -> impl Iterator<Item = &str> {
    let (name, drop) = (format!("problem.{n}.photo"), format!("problem.{n}.drop"));
    typed
        .0
        .iter()
        .filter(move |(key, value)| *key == name && !typed.all(&drop).any(|it| it == value))
        .map(|(_, value)| value.as_str())
}

async fn keep(
    app: &Arc<App>,
    visit: &Visit,
    by: PersonId,
    id: AttachmentId,
    name: &str,
    bytes: Vec<u8>,
) -> Result<(), Error> {
    let admitted =
        tokio::task::spawn_blocking(move || sniff::admit(bytes)).await.map_err(|_| store::Error::Panicked)?;
    let (media, bytes) = admitted.map_err(|unfit| {
        let (_, zh, en) = unfit.say();
        Error::Field { field: "file", zh, en }
    })?;
    if !matches!(media, Media::Jpeg | Media::Png) {
        return Err(field("file", "这里只收照片（JPEG、PNG）。", "Only photos (JPEG, PNG) are taken here."));
    }
    let size = bytes.len() as i64;
    let sha256 = app.files.drafts().put(Bytes::from(bytes)).await?;
    let (visit, now) = (visit.id, app.now());
    let new = Photo {
        id,
        visit,
        by,
        name: sniff::clean_name(name, media),
        media: media.code().into(),
        size,
        sha256,
        at: now,
    };
    let gone = app
        .db
        .write(move |tx| {
            photo::insert(tx, &new)?;
            Ok::<_, store::terms::Failure>(photo::sweep(tx, now)?)
        })
        .await?;
    for digest in gone {
        // Left over at worst; it is in nobody's way.
        let _ = app.files.drafts().remove(&digest).await;
    }
    Ok(())
}

/// Photos that came with the form: kept, and named in the form from now on. What is wrong with one stands at its field.
pub async fn take(app: &Arc<App>, who: &Who, visit: &Visit, files: Vec<File>, typed: &mut Typed) -> Vec<Fault> {
    let mut faults = Vec::new();
    let Some(by) = who.person() else { return faults };
    for file in files {
        let Some(row) = file.field.strip_prefix("problem.").and_then(|it| it.strip_suffix(".file")) else { continue };
        let id = AttachmentId(store::ids::fresh(app.now()));
        match keep(app, visit, by, id, &file.name, file.bytes).await {
            Ok(()) => typed.0.push((format!("problem.{row}.photo"), id.to_string())),
            Err(error) => {
                let told = error.tell();
                faults.push(Fault::new(file.field, told.zh, told.en));
            }
        }
    }
    faults
}

/// Before the record is saved: what belongs to it lies where attachments lie.
pub async fn settle(
    app: &Arc<App>,
    who: &Who,
    visit: &Visit,
    chosen: &[(ProblemId, AttachmentId)],
) -> Result<(), Error> {
    let Some(by) = who.person().filter(|_| !chosen.is_empty()) else { return Ok(()) };
    let id = visit.id;
    let waiting = app.db.read(move |tx| photo::list(tx, id, by)).await?;
    for it in waiting.iter().filter(|it| chosen.iter().any(|(_, id)| *id == it.id)) {
        let bytes = app.files.drafts().get(&it.sha256).await?;
        app.files.put(bytes).await?;
    }
    Ok(())
}

/// The visit, for one who may write its record.
async fn visit(app: &Arc<App>, who: &Who, no: &str) -> Result<(Visit, PersonId), Error> {
    let (actor, no) = (who.actor.clone(), no.parse().unwrap_or(0));
    let met = app.db.read(move |tx| store::visit::meet_no(tx, &actor, no)).await?;
    let steps = domain::visit::steps(&met.ties, met.found.visit.state.name());
    if !steps.iter().any(|it| matches!(it, CommandName::Record | CommandName::Amend)) {
        return Err(Refusal::NotYourRole.into());
    }
    Ok((met.found.visit, who.person().ok_or(Refusal::Absent)?))
}

/// `POST /visits/{no}/photos?id=…&name=…`: the body is the photo. 201 the first time, and for a retry.
pub async fn add(
    State(app): State<Arc<App>>,
    who: Who,
    Path(no): Path<String>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let (visit, by) = visit(&app, &who, &no).await?;
    let query = form::fields(query.unwrap_or_default().as_bytes());
    let id = query.get("id").parse().unwrap_or_else(|_| AttachmentId(store::ids::fresh(app.now())));
    keep(&app, &visit, by, id, query.get("name"), whole(request.into_body()).await?).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id.to_string() }))))
}

/// `GET /visits/{no}/photos/{id}`: one's own, as long as it waits.
pub async fn get(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((no, id)): Path<(String, String)>,
) -> Response {
    let sent = async {
        let (visit, by) = visit(&app, &who, &no).await?;
        let id: AttachmentId = id.parse().map_err(|_| Refusal::Absent)?;
        let waiting = app.db.read(move |tx| photo::list(tx, visit.id, by)).await?;
        let it = waiting.into_iter().find(|it| it.id == id).ok_or(Refusal::Absent)?;
        let mut response = app.files.drafts().get(&it.sha256).await?.into_response();
        let media = HeaderValue::from_str(&it.media).unwrap_or(HeaderValue::from_static("application/octet-stream"));
        response.headers_mut().insert(header::CONTENT_TYPE, media);
        response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
        Ok::<_, Error>(response)
    };
    sent.await.unwrap_or_else(|error| error_page(&error, who.lang, auth::request_id(&headers)))
}
