//! One punch with what came along, and the bureau's word on a doubtful one.

use super::review_page;
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
use domain::id::PunchId;
use domain::refusal::Refusal;
use domain::role::Actor;
use domain::site::Tie;
use std::sync::Arc;
use store::punch::{self, Punch};
use store::site_desk::{self, Decided};
use store::terms::{Deed, Failure};
use store::{Tx, notice, site};

pub(super) struct Seen {
    pub punch: Punch,
    /// His other punches of the day, at any site.
    pub others: Vec<Punch>,
    pub decided: Vec<Decided>,
    /// What came along, and reasons, are for those who take part.
    pub sees_words: bool,
    pub is_bureau: bool,
    /// It is about the reader, or he attested it.
    pub is_party: bool,
    pub news: i64,
}

struct Met {
    punch: Punch,
    ties: Vec<Tie>,
    is_party: bool,
}

/// Not there for those who have nothing to do with it.
fn meet(tx: &mut dyn Tx, actor: &Actor, id: &str) -> Result<Met, Failure> {
    let id: PunchId = id.parse().map_err(|_| Refusal::Absent)?;
    let punch = punch::find(tx, id)?.ok_or(Refusal::Absent)?;
    let place = site::find(tx, punch.what.site)?.ok_or(Refusal::Absent)?;
    let ties = site::ties(tx, actor, &place)?;
    let is_party = actor.person().is_some_and(|it| it == punch.what.person || Some(it) == punch.by);
    if !is_party && ties.iter().all(|it| *it == Tie::Staff) {
        return Err(Refusal::Absent.into());
    }
    Ok(Met { punch, ties, is_party })
}

/// `GET /punches/{id}`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(id): Path<String>) -> Response {
    answer(&app, &who, &headers, &id, None).await
}

/// `POST /punches/{id}/{command}`: then back to what waits.
pub async fn act(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((id, command)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let accepted = match command.as_str() {
        "accept" => true,
        "reject" => false,
        _ => return error_page(&Error::NoSuchPage, who.lang, auth::request_id(&headers)),
    };
    match done(&app, &who, &id, accepted, &typed).await {
        Ok(()) => Redirect::to("/sites/desk#punches").into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => answer(&app, &who, &headers, &id, Some(Refused::new("decide", typed, error))).await,
    }
}

async fn done(app: &Arc<App>, who: &Who, id: &str, accepted: bool, typed: &Typed) -> Result<(), Error> {
    let (terms, actor, now, id) = (app.terms(), who.actor.clone(), app.now(), id.to_owned());
    form::check_length("words", typed.get("words"), 500)?;
    let words = typed.get("words").to_owned();
    let done = app.db.write(move |tx| {
        let met = meet(tx, &actor, &id)?;
        if !met.ties.contains(&Tie::Bureau) {
            return Err(Refusal::NotYourRole.into());
        }
        punch::rule(tx, &Deed { terms: &terms, by: actor.person(), now }, &met.punch, accepted, &words)
    });
    done.await.map_err(Error::from)
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, id: &str, refused: Option<Refused>) -> Response {
    match read(app, who, id).await {
        Ok(seen) => (status(refused.as_ref()), review_page::view(who, &seen, refused.as_ref())).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

async fn read(app: &Arc<App>, who: &Who, id: &str) -> Result<Seen, Error> {
    let (actor, id) = (who.actor.clone(), id.to_owned());
    let (boxes, since) = (who.boxes.clone(), who.read_until);
    let read = app.db.read(move |tx| {
        let met = meet(tx, &actor, &id)?;
        let (it, day) = (&met.punch, met.punch.what.at.day());
        // Those of other sites are shown to whoever decides, and to himself.
        let sees_all = met.ties.contains(&Tie::Bureau) || actor.person() == Some(it.what.person);
        let mut others = punch::of_person(tx, it.what.person, day, day, 50)?;
        others.retain(|other| other.id != it.id && (sees_all || other.what.site == it.what.site));
        others.reverse();
        Ok::<_, Failure>(Seen {
            others,
            decided: site_desk::decided(tx, it.id)?,
            sees_words: met.is_party || met.ties.iter().any(|it| !matches!(it, Tie::Staff | Tie::Watcher)),
            is_bureau: met.ties.contains(&Tie::Bureau),
            is_party: met.is_party,
            punch: met.punch,
            news: notice::count_new(tx, &boxes, since)?,
        })
    });
    read.await.map_err(Error::from)
}
