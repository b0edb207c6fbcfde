//! The ledger 台账: what its reader may see, filtered, fifty at a time.

use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{ApiError, Error, error_page};
use crate::form;
use crate::problem::{filter, json, ledger};
use crate::ui::field::Typed;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::access::{self, Scope};
use domain::light;
use domain::role::Actor;
use domain::time::Millis;
use serde_json::{Value, json};
use std::sync::Arc;
use store::campaign::Campaign;
use store::list::{Count, Filter, Lights, Page};
use store::terms::Terms;
use store::view::View;

pub(super) const PAGE: i64 = 50;

/// Everything that the page shows, read in one snapshot.
pub struct Listed {
    pub page: Page,
    pub filter: Filter,
    /// How many in all, as far as that was counted.
    pub count: Option<Count>,
    pub lights: Option<Lights>,
    pub views: Vec<View>,
    pub campaigns: Vec<Campaign>,
    pub news: i64,
    pub directory: Arc<Directory>,
    pub terms: Terms,
    pub now: Millis,
}

/// Somebody who sees nothing but what he reported.
pub fn is_reporter(actor: &Actor) -> bool {
    matches!(access::scope(actor), Scope::Of { units, officers, reporter: Some(_) } if units.is_empty() && officers.is_empty())
}

async fn listed(app: &Arc<App>, who: &Who, query: &Typed) -> Result<Listed, Error> {
    let (now, terms) = (app.now(), app.terms());
    let bounds = light::bounds(now, &terms.calendar);
    let filter = filter::read(query, is_reporter(&who.actor));
    let (scope, boxes, since) = (access::scope(&who.actor), who.boxes.clone(), who.read_until);
    let (asked, person, doorstep) = (filter.clone(), who.person(), doorstep::sees_some(who));
    let (page, count, lights, views, campaigns, news) = app
        .db
        .read(move |tx| {
            let page = store::list::page(tx, &scope, &asked, now, &bounds, PAGE)?;
            let lights = store::list::lights(tx, &scope, &asked, now, &bounds)?;
            let whole = (page.previous.is_none() && page.next.is_none())
                .then_some(Count { number: page.lines.len() as i64, more: false });
            let count = match (whole, &lights) {
                (None, Some(lights)) if asked.order().is_due() => match asked.light {
                    Some(light) => lights.of(light),
                    None => lights.all(),
                },
                // Of words one learns only by looking at each hit whether it fits; that is done page by page.
                (None, Some(_)) => Some(store::list::count(tx, &scope, &asked, now, &bounds)?),
                (whole, _) => whole,
            };
            let views = person.map(|id| store::view::list(tx, id)).transpose()?.unwrap_or_default();
            let campaigns = if doorstep { store::campaign::list(tx)? } else { vec![] };
            let news = store::notice::count_new(tx, &boxes, since)?;
            Ok::<_, store::Error>((page, count, lights, views, campaigns, news))
        })
        .await?;
    let directory = app.directory().await?;
    Ok(Listed { page, filter, count, lights, views, campaigns, news, directory, terms, now })
}

/// `GET /api/v1/problems`
pub async fn json(State(app): State<Arc<App>>, who: Who, RawQuery(query): RawQuery) -> Result<Json<Value>, ApiError> {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    let (now, terms, directory) = (app.now(), app.terms(), app.directory().await?);
    let bounds = light::bounds(now, &terms.calendar);
    let (scope, filter) = (access::scope(&who.actor), filter::read(&query, is_reporter(&who.actor)));
    let page = app.db.read(move |tx| store::list::page(tx, &scope, &filter, now, &bounds, PAGE)).await?;
    let lines: Vec<Value> = page.lines.iter().map(|line| json::line(line, &directory, &terms, now)).collect();
    let (next, previous) = (page.next.map(filter::say_key), page.previous.map(filter::say_key));
    Ok(Json(json!({ "problems": lines, "next": next, "previous": previous })))
}

/// `GET /problems`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    match listed(&app, &who, &query).await {
        Ok(listed) => ledger::view(&who, &query, &listed).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// For a query string of our own.
pub fn escape(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len()), |mut escaped, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => escaped.push(char::from(byte)),
            _ => {
                let _ = write!(escaped, "%{byte:02X}");
            }
        }
        escaped
    })
}
