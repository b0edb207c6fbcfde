//! One's own attendance: where one is wanted today, this week and the next; punches, leave, appeals.

use super::week::{self, Names};
use super::{mine_page, own};
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::id::PunchId;
use domain::time::Day;
use std::sync::Arc;
use store::own_days::{self, Place};
use store::punch::{self, Punch};
use store::terms::{Deed, Failure};
use store::{appeal, leave, month_sheet, notice};

/// How far back a day can still be appealed from here.
pub(super) const BACK: i64 = 31;
/// Whose punches are listed.
pub(super) const PUNCHED: i64 = 7;
/// Leaves and appeals of a list.
pub(super) const SHOWN: i64 = 20;
/// Appeals against days that can still be spoken of.
const SPOKEN: i64 = 200;

pub(super) struct Seen {
    pub places: Vec<Place>,
    pub names: Names,
    pub punches: Vec<Punch>,
    pub leaves: Vec<leave::Found>,
    pub appeals: Vec<appeal::Found>,
    /// The punch that was just made.
    pub punched: Option<Punch>,
    pub news: i64,
}

/// `GET /attendance`: punched.
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    match read(&app, &who, query.get("punched").parse().ok()).await {
        Ok(seen) => mine_page::view(&app, &who, &seen).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// The days that the page looks at: as far back as one appeals, and to the end of next week.
pub(super) fn looked_at(today: Day) -> (Day, Day) {
    (today.plus(-BACK), week::two_weeks(today).1)
}

async fn read(app: &Arc<App>, who: &Who, punched: Option<PunchId>) -> Result<Seen, Error> {
    let person = own(who)?;
    let (terms, now) = (app.terms(), app.now());
    let (boxes, since) = (who.boxes.clone(), who.read_until);
    let read = app.db.read(move |tx| {
        let (deed, today) = (Deed { terms: &terms, by: Some(person), now }, now.day());
        let places = own_days::load(tx, &deed, person, looked_at(today))?;
        let names = month_sheet::names_of(tx, &week::stood_in_for(&places))?;
        let punched = punched.map(|it| punch::find(tx, it)).transpose()?.flatten();
        Ok::<_, Failure>(Seen {
            places,
            names,
            punches: punch::of_person(tx, person, today.plus(1 - PUNCHED), today, 100)?,
            leaves: leave::of_person(tx, &terms.master, person, SHOWN)?,
            appeals: appeal::of_person(tx, &terms.master, person, SPOKEN)?,
            punched: punched.filter(|it| it.what.person == person),
            news: notice::count_new(tx, &boxes, since)?,
        })
    });
    read.await.map_err(Error::from)
}
