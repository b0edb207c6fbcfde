//! What is filed for a site's people: exits, calls, leave and substitutes by their firm; key periods by the bureau; a new
//! screen; the end of the work.

use super::show;
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page, field};
use crate::form;
use crate::ui::field::Typed;
use crate::ui::slot::{Refused, is_final};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::attendance::roll::{Leave, LeaveKind, Substitute};
use domain::id::{LeaveId, PersonId, SubstituteId, UnitId};
use domain::refusal::Refusal;
use domain::site::Tie;
use domain::time::Day;
use std::sync::Arc;
use store::key_period::KeyPeriod;
use store::site::Site;
use store::terms::{Deed, Failure};
use store::{Tx, key_period, leave, site_call, site_exit, staff, substitute};

/// `POST /sites/{no}/{what}`
pub async fn html(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((no, what)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let Some(form) = FORMS.into_iter().find(|it| *it == what) else {
        return error_page(&Error::NoSuchPage, who.lang, auth::request_id(&headers));
    };
    match done(&app, &who, &no, form, &typed).await {
        Ok(()) => Redirect::to(&format!("/sites/{no}#{form}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => show::answer(&app, &who, &headers, &no, Some(Refused::new(form, typed, error))).await,
    }
}

const FORMS: [&str; 7] = ["exit", "call", "leave", "substitute", "key-period", "screen", "end"];

fn person(typed: &Typed, name: &'static str) -> Result<PersonId, Error> {
    typed.get(name).parse().map_err(|_| field(name, "请选择人员。", "Choose a person."))
}

pub(crate) fn day(typed: &Typed, name: &'static str) -> Result<Day, Error> {
    Day::read(typed.get(name))
        .ok_or_else(|| field(name, "日期请写成2018-04-16的样子。", "Write the date like 2018-04-16."))
}

/// Ids made by the page that holds the form, so that a form sent twice does its work once.
fn id(app: &App, typed: &Typed) -> uuid::Uuid {
    typed.get("id").parse().unwrap_or_else(|_| store::ids::fresh(app.now()))
}

/// What a form does, within the transaction that has met the site.
type Act = Box<dyn FnOnce(&mut dyn Tx, &Deed, &Site, &[Tie]) -> Result<(), Failure> + Send>;

async fn done(app: &Arc<App>, who: &Who, no: &str, form: &'static str, typed: &Typed) -> Result<(), Error> {
    let act: Act = match form {
        "exit" => {
            let (person, last) = (person(typed, "person")?, day(typed, "last_day")?);
            Box::new(move |tx, deed, site, ties| {
                own_people(tx, deed, site, ties, person)?;
                site_exit::file(tx, deed, site, person, last)
            })
        }
        "call" => {
            let (person, day) = (person(typed, "person")?, day(typed, "day")?);
            Box::new(move |tx, deed, site, ties| {
                own_people(tx, deed, site, ties, person)?;
                site_call::make(tx, deed, site, person, day)
            })
        }
        "leave" => {
            let (id, person, why) = (LeaveId(id(app, typed)), person(typed, "person")?, typed.get("words").to_owned());
            let (from, to, kind) = (day(typed, "from")?, day(typed, "to")?, leave_kind(typed)?);
            Box::new(move |tx, deed, site, ties| {
                own_people(tx, deed, site, ties, person)?;
                let leave = Leave { person, from, to, kind, approved_at: None, approved_by: None };
                leave::ask(tx, deed, id, leave, &why, true)
            })
        }
        "substitute" => {
            let (id, instead_of) = (SubstituteId(id(app, typed)), person(typed, "instead_of")?);
            let (person, from, to) = (person(typed, "person")?, day(typed, "from")?, day(typed, "to")?);
            Box::new(move |tx, deed, site, ties| {
                let by_firm = deed.by != Some(instead_of);
                if by_firm {
                    own_people(tx, deed, site, ties, instead_of)?;
                }
                let what = Substitute { person, site: site.id, instead_of, from, to, approved_at: None };
                substitute::ask(tx, deed, id, site, what, by_firm)
            })
        }
        "key-period" => {
            let it = KeyPeriod { from: day(typed, "from")?, to: day(typed, "to")?, why: typed.get("why").to_owned() };
            Box::new(move |tx, deed, site, ties| {
                bureau(ties)?;
                key_period::set(tx, deed, site, &it)
            })
        }
        "screen" => Box::new(|tx, deed, site, ties| {
            if !super::files(ties) {
                return Err(Refusal::NotYourRole.into());
            }
            Ok(store::site::renew_secret(tx, deed, site.id)?)
        }),
        _ => Box::new(|tx, deed, site, ties| {
            bureau(ties)?;
            store::site::end(tx, deed, site)
        }),
    };
    super::change(app, who, no, act).await
}

pub(crate) fn leave_kind(typed: &Typed) -> Result<LeaveKind, Error> {
    LeaveKind::parse(typed.get("kind"))
        .ok_or_else(|| field("kind", "请选择事假或病假。", "Choose ordinary or sick leave."))
}

fn bureau(ties: &[Tie]) -> Result<(), Failure> {
    if ties.contains(&Tie::Bureau) { Ok(()) } else { Err(Refusal::NotYourRole.into()) }
}

/// A firm files for its own people only; the bureau for all.
pub(crate) fn own_people(
    tx: &mut dyn Tx,
    _: &Deed,
    site: &Site,
    ties: &[Tie],
    person: PersonId,
) -> Result<(), Failure> {
    if ties.contains(&Tie::Bureau) {
        return Ok(());
    }
    let known = staff::find(tx, site.id, person)?.ok_or(Refusal::Absent)?;
    if is_own(site, ties, known.firm) { Ok(()) } else { Err(Refusal::NotYourRole.into()) }
}

/// Whether people of this firm are the reader's own.
pub(crate) fn is_own(site: &Site, ties: &[Tie], of: UnitId) -> bool {
    let is = |tie: Tie, firm: Option<UnitId>| ties.contains(&tie) && Some(of) == firm;
    ties.contains(&Tie::Bureau)
        || is(Tie::Contractor, Some(site.contractor))
        || is(Tie::Consultant, site.consultant)
        || is(Tie::Owner, Some(site.owner))
}
