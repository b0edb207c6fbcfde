//! Imports 导入 on the web: a file is chosen, looked at before anything is written, taken in while its page shows how far
//! it is, and undone as a whole. The engine is `intake`, the same as on the terminal.

use crate::app::App;
use crate::attachment::sent_form;
use crate::auth::{self, Who};
use crate::error::{Error, error_page, field};
use crate::form;
use crate::ui::field::Typed;
use crate::ui::number::href;
use crate::ui::slot::{Refused, is_final, status};
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::RunId;
use domain::refusal::Refusal;
use domain::role::Role;
use intake::{Kind, Preview, Run, Ways};
use std::sync::Arc;

mod job;
mod look;
mod page;

pub use job::Jobs;

/// Runs on one page of the list, and rejected rows shown on a run's own page.
const PAGE: i64 = 50;

/// People and powers are the security administrator's, punches the construction bureau's, everything else is the office's.
fn may(who: &Who, kind: Kind) -> bool {
    who.has(match kind {
        Kind::Persons => Role::Secadmin,
        Kind::Punches => Role::Bureau,
        _ => Role::Office,
    })
}

fn kinds(who: &Who) -> Vec<Kind> {
    Kind::ALL.iter().copied().filter(|kind| may(who, *kind)).collect()
}

pub fn may_import(who: &Who) -> bool {
    !kinds(who).is_empty()
}

fn admit(who: &Who) -> Result<(), Error> {
    if may_import(who) { Ok(()) } else { Err(Refusal::Absent.into()) }
}

/// A file that was uploaded, and as what it is to be read. Whoever can name its digest has had its bytes.
#[derive(Clone)]
struct Upload {
    kind: Kind,
    source: String,
    name: String,
    sha256: String,
}

impl Upload {
    fn of(who: &Who, typed: &Typed) -> Result<Upload, Error> {
        let kind = Kind::parse(typed.get("kind")).filter(|kind| may(who, *kind)).ok_or(Refusal::Absent)?;
        let text = |name: &str| typed.get(name).trim().chars().take(100).collect::<String>();
        Ok(Upload { kind, source: text("source"), name: text("name"), sha256: text("file") })
    }

    fn query(&self) -> [(&str, &str); 4] {
        [("kind", self.kind.code()), ("source", &self.source), ("name", &self.name), ("file", &self.sha256)]
    }
}

/// What the form says about columns; nothing said is `None`: as the last time.
fn ways(typed: &Typed) -> Option<Ways> {
    let chosen = typed.0.iter().filter_map(|(name, head)| Some((name.strip_prefix("map.")?, head)));
    let fields = chosen.filter(|(_, head)| !head.is_empty()).map(|(field, head)| (field.to_owned(), head.clone()));
    let asked = typed.0.iter().any(|(name, _)| name.starts_with("map."));
    asked.then(|| Ways { fields: fields.collect(), rest: typed.get("rest") == "yes" })
}

/// `GET /imports`
pub async fn list(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    match listed(&app, &who, &query).await {
        Ok((runs, next)) => page::list(&who, &runs, next, None).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

async fn listed(app: &Arc<App>, who: &Who, query: &Typed) -> Result<(Vec<Run>, Option<RunId>), Error> {
    admit(who)?;
    let (kinds, before) = (kinds(who), query.get("before").parse().ok());
    let mut runs = app.db.read(move |tx| store::import_run::list(tx, before, PAGE + 1)).await?;
    let more = runs.len() as i64 > PAGE;
    runs.truncate(PAGE as usize);
    let next = runs.last().filter(|_| more).map(|it| it.id);
    runs.retain(|run| kinds.contains(&run.kind));
    Ok((runs, next))
}

/// `POST /imports`: the file is kept, then looked at.
pub async fn upload(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, request: Request) -> Response {
    let mut typed = Typed::default();
    match received(&app, &who, request, &mut typed).await {
        Ok(upload) => Redirect::to(&href("/imports/new", &upload.query())).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => {
            let refused = Refused::new("upload", typed, error);
            let (runs, next) = listed(&app, &who, &Typed::default()).await.unwrap_or_default();
            (status(Some(&refused)), page::list(&who, &runs, next, Some(&refused))).into_response()
        }
    }
}

async fn received(app: &Arc<App>, who: &Who, request: Request, typed: &mut Typed) -> Result<Upload, Error> {
    admit(who)?;
    let (name, bytes) = sent_form(request, typed).await?;
    typed.0.push(("name".into(), name));
    typed.0.push(("file".into(), app.files.drafts().put(Bytes::from(bytes)).await?));
    Upload::of(who, typed)
}

/// `GET /imports/new`: what the import would do.
pub async fn preview(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let typed = form::fields(query.unwrap_or_default().as_bytes());
    answer(&app, &who, &headers, &typed, None).await
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, typed: &Typed, refused: Option<&Refused>) -> Response {
    let looked = async {
        let upload = Upload::of(who, typed)?;
        let (preview, ways) = look::look(app, &upload, ways(typed)).await?;
        Ok::<(Upload, Preview, Ways), Error>((upload, preview, ways))
    };
    match looked.await {
        Ok((upload, preview, ways)) => {
            (status(refused), page::preview(who, &upload, &preview, &ways, refused)).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

/// `POST /imports/start`
pub async fn start(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    let started = match Upload::of(&who, &typed) {
        Ok(upload) => job::start(&app, &who, &upload, ways(&typed)).await,
        Err(error) => Err(error),
    };
    match started {
        Ok(run) => Redirect::to(&format!("/imports/{run}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => {
            let refused = Refused::new("start", typed.clone(), error);
            answer(&app, &who, &headers, &typed, Some(&refused)).await
        }
    }
}

async fn find(app: &Arc<App>, who: &Who, id: &str) -> Result<Run, Error> {
    admit(who)?;
    let id: RunId = id.parse().map_err(|_| Refusal::Absent)?;
    let run = app.db.read(move |tx| store::import_run::find(tx, id)).await?;
    Ok(run.filter(|run| may(who, run.kind)).ok_or(Refusal::Absent)?)
}

/// `GET /imports/{id}`: how far it is, what was not taken. While it runs the page comes again by itself.
pub async fn show(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let shown = async {
        let run = find(&app, &who, &id).await?;
        let rejects = app.db.read(move |tx| store::import_run::list_rejects(tx, run.id, i64::MIN, PAGE)).await?;
        Ok::<_, Error>((find(&app, &who, &id).await?, rejects))
    };
    match shown.await {
        Ok((run, rejects)) => {
            let job = app.imports.of(run.id);
            let busy = job.as_ref().is_some_and(job::Job::is_busy);
            let mut response = page::show(&who, &run, job.as_ref(), &rejects).into_response();
            if busy {
                response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("1"));
            }
            response
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// `POST /imports/{id}/resume`: an interrupted one goes on where it stopped.
pub async fn resume(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(id): Path<String>) -> Response {
    act(&app, &who, &headers, &id, true).await
}

/// `POST /imports/{id}/undo`
pub async fn undo(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(id): Path<String>) -> Response {
    act(&app, &who, &headers, &id, false).await
}

async fn act(app: &Arc<App>, who: &Who, headers: &HeaderMap, id: &str, resume: bool) -> Response {
    let done = async {
        let run = find(app, who, id).await?;
        if resume {
            let Run { kind, source, file: name, sha256, .. } = run;
            job::start(app, who, &Upload { kind, source, name, sha256 }, None).await.map(drop)
        } else {
            job::undo(app, who, run.id);
            Ok(())
        }
    };
    match done.await {
        Ok(()) => Redirect::to(&format!("/imports/{id}")).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

/// `GET /imports/{id}/rejects.csv`: the rows that were not taken, with the reason; corrected there it can be imported.
pub async fn rejects(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let file = async {
        let run = find(&app, &who, &id).await?;
        look::rejects(&app, run).await
    };
    match file.await {
        Ok(bytes) => {
            let head = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"rejects.csv\""),
            ];
            (head, bytes).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// What the engine says, at the field of the file.
fn told(error: intake::Error) -> Error {
    match error {
        intake::Error::Sheet(error) => Error::Field { field: "file", zh: error.zh(), en: error.to_string() },
        intake::Error::Said { zh, en } => Error::Field { field: "file", zh, en },
        intake::Error::Store { failure, .. } => failure.into(),
    }
}

fn gone() -> Error {
    field("file", "文件已不在服务器上，请重新上传。", "The file is no longer on the server; upload it again.")
}
