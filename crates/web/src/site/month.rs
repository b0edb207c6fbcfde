//! The month sheet of a site: persons by days, the verdict in the cell, the plan as its ground; a day opens beside it.

use super::month_page;
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::ui::field::Typed;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::attendance::course::FiledPlan;
use domain::id::PersonId;
use domain::refusal::Refusal;
use domain::site::Tie;
use domain::time::Day;
use std::sync::Arc;
use store::appeal;
use store::month_sheet::{self, Sheet};
use store::punch::Punch;
use store::site::Site;
use store::terms::Deed;
use store::verdict::Kept;
use store::{stage_plan, verdict};

pub(super) struct Seen {
    pub sheet: Sheet,
    pub plans: Vec<FiledPlan>,
    pub opened: Option<Opened>,
    /// Days whose verdict was changed after it was given: before and after.
    pub changed: Vec<(Kept, Kept)>,
    pub appeals: Vec<appeal::Found>,
    pub news: i64,
}

/// A day of one person, with what it rests on.
pub(super) struct Opened {
    pub person: PersonId,
    pub day: Day,
    pub punches: Vec<Punch>,
    pub history: Vec<Kept>,
}

/// The first of the month that is asked for; today's month where none is.
pub(super) fn month_of(query: &Typed, today: Day) -> Day {
    let asked: Option<Day> = format!("{}-01", query.get("month")).parse().ok();
    asked.unwrap_or_else(|| today.first_of_month())
}

/// `GET /sites/{no}/month`
pub async fn html(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    match read(&app, &who, &no, &query).await {
        Ok((site, ties, seen)) => month_page::view(&app, &who, &site, &ties, &seen).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

async fn read(app: &Arc<App>, who: &Who, no: &str, query: &Typed) -> Result<(Site, Vec<Tie>, Seen), Error> {
    let first = month_of(query, app.now().day());
    let asked: Option<(PersonId, Day)> = query.get("person").parse().ok().zip(query.get("day").parse().ok());
    let (boxes, since) = (who.boxes.clone(), who.read_until);
    super::read(app, who, no, move |tx, deed, site, ties| {
        let mut sheet = load(tx, deed, site, ties, first)?;
        let last = sheet.last;
        let own = |person: PersonId| super::sees_all(ties) || deed.by == Some(person);
        sheet.lines.retain(|it| own(it.person));
        let opened = match asked.filter(|(person, day)| own(*person) && first <= *day && *day <= last) {
            Some((person, day)) => {
                let punches = store::punch::of_day(tx, site.id, day)?;
                Some(Opened {
                    person,
                    day,
                    punches: punches.into_iter().filter(|it| it.what.person == person).collect(),
                    history: verdict::history(tx, site.id, day, person)?,
                })
            }
            None => None,
        };
        let mut changed = verdict::changed(tx, site.id, (first, last))?;
        changed.retain(|it| own(it.0.judged.person));
        let mut appeals = appeal::of_site(tx, &deed.terms.master, site.id, (first, last))?;
        appeals.retain(|it| own(it.appeal.person));
        Ok(Seen {
            sheet,
            plans: stage_plan::list(tx, site.id)?,
            opened,
            changed,
            appeals,
            news: store::notice::count_new(tx, &boxes, since)?,
        })
    })
    .await
}

/// The sheet; of staff only their own lines.
pub(super) fn load(
    tx: &mut dyn store::Tx,
    deed: &Deed,
    site: &Site,
    ties: &[Tie],
    first: Day,
) -> Result<Sheet, store::terms::Failure> {
    let sheet = month_sheet::load(tx, deed, &[site.id], first)?.pop().ok_or(Refusal::Absent)?;
    let mut sheet = sheet;
    if !super::sees_all(ties) {
        sheet.lines.retain(|it| deed.by == Some(it.person));
    }
    Ok(sheet)
}
