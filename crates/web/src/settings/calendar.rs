//! The calendar 日历: a year as it counts, and taking in a holiday notice: first what it would change, then doing it.

use super::calendar_page::{self, Shown, Would};
use super::look;
use crate::app::App;
use crate::attachment::sent_form;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::ui::field::Typed;
use crate::ui::slot::{Refused, is_final, status};
use axum::body::Bytes;
use axum::extract::{RawQuery, Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::calendar::Notice;
use domain::holiday;
use domain::refusal::Refusal;
use domain::role::Role;
use serde_json::json;
use std::sync::Arc;
use store::event::append_next;
use store::holiday::Imported;

/// Writes the notice and moves every open clock to it; says how many were looked at.
pub async fn take_in(app: &Arc<App>, who: &Who, notice: Notice) -> Result<u64, Error> {
    let by = who.must(Role::Sysadmin)?;
    let (now, master) = (app.now(), app.terms().master);
    let done = app
        .db
        .write(move |tx| {
            let done = store::holiday::import(tx, &notice)?;
            if done != Imported::Unchanged {
                let (thing, data) = (format!("calendar-{}", notice.year), json!({ "days": notice.days.len() }));
                append_next(tx, &master, &thing, "holidays-imported", Some(by), data, now)?;
            }
            Ok::<_, store::Error>(done)
        })
        .await
        .map_err(Error::from)?;
    if done == Imported::Unchanged {
        return Ok(0);
    }
    app.renew_terms().await?;
    store::holiday::recompute_open(&app.db, &app.terms()).await.map_err(Error::from)
}

fn year(app: &App, query: &Typed) -> i16 {
    let asked = query.get("year").parse().ok().filter(|it| (2000..=2100).contains(it));
    asked.unwrap_or_else(|| app.now().day().year())
}

/// `GET /settings/calendar`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    let year = year(&app, &query);
    answer(&app, &who, &headers, year, None).await
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, year: i16, refused: Option<Refused>) -> Response {
    let read = async {
        look(who)?;
        app.db.read(store::holiday::list).await.map_err(Error::from)
    };
    match read.await {
        Ok(notices) => {
            let shown = Shown { year, notices, calendar: app.terms().calendar, today: app.now().day() };
            (status(refused.as_ref()), calendar_page::view(who, &shown, refused.as_ref())).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

/// `POST /settings/calendar/preview`: a pasted notice.
pub async fn preview(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    would(&app, &who, &headers, typed).await
}

/// `POST /settings/calendar/file`: the same from a file.
pub async fn file(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, request: Request) -> Response {
    if let Err(error) = who.must(Role::Sysadmin) {
        return error_page(&error, who.lang, auth::request_id(&headers));
    }
    match sent_form(request, &mut Typed::default()).await {
        Ok((_, bytes)) => {
            let text = String::from_utf8_lossy(&bytes).replace('\0', "\u{fffd}");
            would(&app, &who, &headers, Typed(vec![("notice".into(), text)])).await
        }
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => {
            let year = app.now().day().year();
            answer(&app, &who, &headers, year, Some(Refused::new("file", Typed::default(), error))).await
        }
    }
}

fn read(typed: &Typed) -> Result<Notice, Error> {
    holiday::read(typed.get("notice")).map_err(|fault| Refusal::Faults(vec![fault]).into())
}

async fn would(app: &Arc<App>, who: &Who, headers: &HeaderMap, typed: Typed) -> Response {
    let looked = async {
        who.must(Role::Sysadmin)?;
        let (notice, terms) = (read(&typed)?, app.terms());
        let asked = notice.clone();
        let (known, moved) = app
            .db
            .read(move |tx| {
                let known = store::holiday::list(tx)?.into_iter().find(|it| it.year == asked.year);
                let under = store::holiday::terms_with(tx, &terms, &asked)?;
                Ok::<_, store::Error>((known, store::holiday::preview(tx, &under)?))
            })
            .await?;
        Ok::<_, Error>(Would { changes: holiday::changes(known.as_ref(), &notice), notice, moved })
    };
    match looked.await {
        Ok(would) => calendar_page::would(who, &would, typed.get("notice")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(headers)),
        Err(error) => {
            let year = app.now().day().year();
            answer(app, who, headers, year, Some(Refused::new("notice", typed, error))).await
        }
    }
}

/// `POST /settings/calendar`: as was shown.
pub async fn save(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    let done = async {
        who.must(Role::Sysadmin)?;
        let notice = read(&typed)?;
        let year = notice.year;
        take_in(&app, &who, notice).await?;
        Ok::<_, Error>(year)
    };
    match done.await {
        Ok(year) => Redirect::to(&format!("/settings/calendar?year={year}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => {
            let year = app.now().day().year();
            answer(&app, &who, &headers, year, Some(Refused::new("notice", typed, error))).await
        }
    }
}
