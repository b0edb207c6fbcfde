//! The desk of sites: what waits for an owner, for the bureau, for a contractor, the longest waiting first.

use super::desk_page;
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::site::look;
use crate::ui::field::Typed;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::id::{LeaveId, SubstituteId};
use domain::role::{Actor, Role};
use domain::time::Millis;
use std::sync::Arc;
use store::punch::{self, Punch};
use store::site_desk::{self, Counts, Plan};
use store::terms::{Failure, Terms};
use store::{Tx, appeal, colleague, consent, leave, notice, substitute};

pub(super) const PAGE: i64 = 20;
/// More than an owner can have waiting without noticing.
const ASKED: i64 = 100;

/// What an owner is asked, and since when.
pub(super) enum Asked {
    Leave(leave::Found),
    Substitute(substitute::Found),
}

pub(super) struct OwnerDesk {
    pub asked: Vec<(Asked, Millis)>,
    pub plans: Vec<Plan>,
}

pub(super) struct BureauDesk {
    pub plans: Vec<Plan>,
    pub punches: Vec<Punch>,
    pub more_punches: Option<String>,
    pub appeals: Vec<appeal::Found>,
    pub more_appeals: Option<i64>,
    /// Who only watches over it acts on nothing.
    pub acts: bool,
}

pub(super) struct Seen {
    pub owner: Option<OwnerDesk>,
    pub bureau: Option<BureauDesk>,
    /// Returned plans.
    pub contractor: Option<Vec<Plan>>,
    /// All that waits for the reader, beyond what the lists show.
    pub counts: Counts,
    pub news: i64,
}

/// `GET /sites/desk`: punch, appeal (what a list goes on after).
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    match read(&app, &who, &query).await {
        Ok(seen) => desk_page::view(&app, &who, &seen).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

async fn read(app: &Arc<App>, who: &Who, query: &Typed) -> Result<Seen, Error> {
    look(who)?;
    let (terms, actor) = (app.terms(), who.actor.clone());
    let (boxes, since) = (who.boxes.clone(), who.read_until);
    let after = (query.get("punch").to_owned(), query.get("appeal").parse().unwrap_or(0));
    let read = app.db.read(move |tx| {
        let watches = [Role::Office, Role::Supervision, Role::Leader].into_iter().any(|role| actor.has(role));
        let contractor = actor.has(Role::Contractor);
        Ok::<_, Failure>(Seen {
            owner: if actor.has(Role::Owner) { Some(owner(tx, &terms, &actor)?) } else { None },
            bureau: match actor.has(Role::Bureau) || watches {
                true => Some(bureau(tx, &terms, &actor, after)?),
                false => None,
            },
            contractor: if contractor { Some(site_desk::returned(tx, &actor)?) } else { None },
            counts: site_desk::counts(tx, &actor)?,
            news: notice::count_new(tx, &boxes, since)?,
        })
    });
    read.await.map_err(Error::from)
}

fn owner(tx: &mut dyn Tx, terms: &Terms, actor: &Actor) -> Result<OwnerDesk, Failure> {
    let mut asked = Vec::new();
    for it in consent::list(tx, &colleague::owners(actor), ASKED)? {
        let found = if it.kind == "leave" {
            let id: Option<LeaveId> = it.thing.parse().ok();
            id.map(|id| leave::find(tx, &terms.master, id)).transpose()?.flatten().map(Asked::Leave)
        } else {
            let id: Option<SubstituteId> = it.thing.parse().ok();
            id.map(|id| substitute::find(tx, id)).transpose()?.flatten().map(Asked::Substitute)
        };
        asked.extend(found.map(|found| (found, it.asked_at)));
    }
    Ok(OwnerDesk { asked, plans: site_desk::to_confirm(tx, actor)? })
}

fn bureau(tx: &mut dyn Tx, terms: &Terms, actor: &Actor, after: (String, i64)) -> Result<BureauDesk, Failure> {
    let mut punches = punch::waiting(tx, &after.0, PAGE + 1)?;
    let more = punches.len() as i64 > PAGE;
    punches.truncate(PAGE as usize);
    let more_punches = punches.last().filter(|_| more).map(|it| it.id.to_string());
    let mut appeals = appeal::open(tx, &terms.master, after.1, PAGE + 1)?;
    let more = appeals.len() as i64 > PAGE;
    appeals.truncate(PAGE as usize);
    let more_appeals = appeals.last().filter(|_| more).map(|it| it.no);
    let plans = site_desk::to_approve(tx)?;
    Ok(BureauDesk { plans, punches, more_punches, appeals, more_appeals, acts: actor.has(Role::Bureau) })
}
