//! Attachments: a file is sniffed, stripped, stored under its digest, and only then noted in the database.

use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{ApiError, Error, error_page, field};
use crate::form;
use crate::problem::page;
use crate::problem::show::{self, Which};
use crate::ui::field::Typed;
use crate::ui::slot::is_final;
use axum::Json;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{DefaultBodyLimit, Multipart, Path, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{AttachmentId, ProblemId};
use domain::refusal::Refusal;
use serde_json::{Value, json};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use store::attachment::Attachment;
use store::order::Met;
use store::sniff;
use store::terms::Failure;

const LIST: i64 = 200;

/// The problem is met first: who does not see it cannot fill the disk through it.
async fn add(app: &Arc<App>, who: &Who, met: Met, name: &str, bytes: Vec<u8>) -> Result<Attachment, Error> {
    let admitted =
        tokio::task::spawn_blocking(move || sniff::admit(bytes)).await.map_err(|_| store::Error::Panicked)?;
    let (media, bytes) = admitted.map_err(|unfit| {
        let (_, zh, en) = unfit.say();
        Error::Field { field: "file", zh, en }
    })?;
    let size = bytes.len() as i64;
    let sha256 = app.files.put(Bytes::from(bytes)).await?;
    let (problem, now, by) = (met.found.problem.id, app.now(), who.person());
    let new = Attachment {
        id: AttachmentId(store::ids::fresh(now)),
        problem,
        name: sniff::clean_name(name, media),
        media: media.code().to_owned(),
        size,
        sha256,
        by,
        at: now,
        checked: true,
    };
    app.db.write(move |tx| store::attachment::insert(tx, &new)).await.map_err(Error::from)
}

fn value(it: &Attachment, name: &str) -> Value {
    json!({ "id": it.id.to_string(), "name": name, "media": it.media, "size": it.size, "sha256": it.sha256, "at": it.at.rfc3339() })
}

async fn meet(app: &Arc<App>, who: &Who, id: &str) -> Result<Met, Error> {
    let id: ProblemId = id.parse().map_err(|_| Error::from(Refusal::NotFound))?;
    let actor = who.actor.clone();
    app.db.read(move |tx| store::order::meet(tx, &actor, id)).await.map_err(Error::from)
}

/// What a form may hold besides its file.
const AROUND: usize = 16 * 1024;

/// Reads a body of at most 20 MB, after its sender was admitted. What is more is read and dropped, up to five times as
/// much: a browser whose sending is cut off shows a broken connection instead of our sentence.
pub(crate) async fn whole(mut body: Body) -> Result<Vec<u8>, Error> {
    let (mut bytes, mut dropped) = (Vec::new(), 0);
    while let Some(part) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let part = part.map_err(|_| {
            field("file", "文件没有传完，请重新上传。", "The file did not arrive whole; send it again.")
        })?;
        let Ok(part) = part.into_data() else { continue };
        if dropped == 0 && bytes.len() + part.len() <= sniff::LARGEST + AROUND {
            bytes.extend_from_slice(&part);
            continue;
        }
        dropped += part.len();
        if dropped > 5 * sniff::LARGEST {
            break;
        }
    }
    if dropped > 0 { Err(Error::TooLarge) } else { Ok(bytes) }
}

/// `POST /api/v1/problems/{id}/attachments?name=…`
pub async fn add_json(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let met = meet(&app, &who, &id).await?;
    let name = form::fields(query.unwrap_or_default().as_bytes()).get("name").to_owned();
    let added = add(&app, &who, met, &name, whole(request.into_body()).await?).await?;
    Ok((StatusCode::CREATED, Json(value(&added, &added.name))))
}

/// `POST /problems/{no}/attachments`
pub async fn add_html(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    request: Request,
) -> Response {
    match from_form(&app, &who, &no, request).await {
        Ok(()) => Redirect::to(&format!("/problems/{no}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => {
            error.log();
            match show::load(&app, &who, Which::No(no.parse().unwrap_or(0))).await {
                Ok(shows) => page::file_refused(&who, &shows, &error),
                Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
            }
        }
    }
}

async fn from_form(app: &Arc<App>, who: &Who, no: &str, request: Request) -> Result<(), Error> {
    let (actor, no) = (who.actor.clone(), no.parse().unwrap_or(0));
    let met = app.db.read(move |tx| store::order::meet_no(tx, &actor, no)).await?;
    let (name, bytes) = sent_file(request).await?;
    add(app, who, met, &name, bytes).await.map(|_| ())
}

/// Name and bytes of the file that a form has sent; to be asked for after its sender was admitted.
pub(crate) async fn sent_file(request: Request) -> Result<(String, Vec<u8>), Error> {
    sent_form(request, &mut Typed::default()).await
}

/// `sent_file`; the fields that stand before the file are put into `typed`, also where the file is missing.
pub(crate) async fn sent_form(request: Request, typed: &mut Typed) -> Result<(String, Vec<u8>), Error> {
    use axum::extract::FromRequest;
    let missing = || field("file", "请选择要上传的文件。", "Choose a file to upload.");
    // The limit of text bodies does not hold here; the one of files does.
    let (parts, body) = request.into_parts();
    let bytes = whole(body).await?;
    let mut request = Request::from_parts(parts, Body::from(bytes));
    DefaultBodyLimit::disable().apply(&mut request);
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| missing())?;
    while let Some(part) = parts.next_field().await.map_err(|_| missing())? {
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|_| missing())?;
        match field.as_str() {
            "file" if !bytes.is_empty() => return Ok((name, bytes.to_vec())),
            "file" => {}
            _ => typed.0.push((field, String::from_utf8_lossy(&bytes).replace('\0', "\u{fffd}"))),
        }
    }
    Err(missing())
}

/// `GET /api/v1/problems/{id}/attachments`
pub async fn list_json(State(app): State<Arc<App>>, who: Who, Path(id): Path<String>) -> Result<Json<Value>, ApiError> {
    let met = meet(&app, &who, &id).await?;
    let id = met.found.problem.id;
    let all = app.db.read(move |tx| store::attachment::list(tx, id, LIST)).await.map_err(Error::from)?;
    let shown: Vec<Value> = all
        .iter()
        .enumerate()
        .filter(|(_, it)| it.shown_to(&met.found.problem, &met.parties, who.person()))
        .map(|(i, it)| value(it, &shown_name(it, i, &met)))
        .collect();
    Ok(Json(json!({ "attachments": shown })))
}

/// A file name can tell who a shielded reporter is; units of the case read a number instead.
pub fn shown_name(it: &Attachment, i: usize, met: &Met) -> String {
    if domain::access::sees_reporter(&met.found.problem, &met.parties) {
        return it.name.clone();
    }
    let ending = it.name.rsplit_once('.').map_or("", |(_, ending)| ending);
    format!("附件{}.{ending}", i + 1)
}

/// An attachment, its place among those of its problem, and the problem as its reader meets it.
async fn found(app: &Arc<App>, who: &Who, id: &str) -> Result<(Attachment, usize, Met), Error> {
    let id: AttachmentId = id.parse().map_err(|_| Error::from(Refusal::NotFound))?;
    let (actor, reader) = (who.actor.clone(), who.person());
    app.db
        .read(move |tx| {
            let it = store::attachment::find(tx, id)?.ok_or(Refusal::NotFound)?;
            let met = store::order::meet(tx, &actor, it.problem)?;
            if !it.shown_to(&met.found.problem, &met.parties, reader) {
                return Err(Failure::from(Refusal::NotFound));
            }
            let place = store::attachment::list(tx, it.problem, LIST)?.iter().position(|other| other.id == id);
            Ok((it, place.unwrap_or(0), met))
        })
        .await
        .map_err(Error::from)
}

/// Always as a download, so that nothing in a file runs as a page of ours.
async fn sent(app: &Arc<App>, who: &Who, id: &str) -> Result<Response, Error> {
    let (it, place, met) = found(app, who, id).await?;
    let mut response = app.files.get(&it.sha256).await?.into_response();
    let disposition =
        format!("attachment; filename*=UTF-8''{}", crate::problem::list::escape(&shown_name(&it, place, &met)));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_str(&it.media).unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment")),
    );
    Ok(response)
}

/// `GET /attachments/{id}`
pub async fn get(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(id): Path<String>) -> Response {
    sent(&app, &who, &id).await.unwrap_or_else(|error| error_page(&error, who.lang, auth::request_id(&headers)))
}

/// `GET /api/v1/attachments/{id}`
pub async fn get_json(State(app): State<Arc<App>>, who: Who, Path(id): Path<String>) -> Result<Response, ApiError> {
    Ok(sent(&app, &who, &id).await?)
}

/// `POST /attachments/{id}/check`
pub async fn check_html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let done = match found(&app, &who, &id).await {
        Ok((it, _, met)) => {
            let actor = who.actor.clone();
            app.db
                .write(move |tx| store::attachment::check(tx, &actor, it.id))
                .await
                .map(|()| met.found.no)
                .map_err(Error::from)
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(no) => Redirect::to(&format!("/problems/{no}")).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}
