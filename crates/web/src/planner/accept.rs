//! A calendar changed by hand: what it fails to meet, and taking it over as the next versions of all plans at once.

use super::job::{Made, State};
use super::load::{Material, Place};
use super::start::found;
use super::table::{self, Shown};
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::ui::field::Typed;
use crate::ui::slot::is_final;
use axum::body::Bytes;
use axum::extract::{Path, State as With};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::attendance::plan::StagePlan;
use domain::fault::Fault;
use domain::refusal::Refusal;
use planner::{Ask, Calendar, Visit, check as counted};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::terms::{Deed, Failure};
use store::{Tx, site, stage_plan};

/// What is ticked, as far as the calendar has such cells.
fn ticked(typed: &Typed, ask: &Ask) -> BTreeSet<Visit> {
    let visit = |text: &str| {
        let mut parts = text.split('.').map(|it| it.parse::<usize>().ok());
        let (day, site, person) = (parts.next()??, parts.next()??, parts.next()??);
        let is_there = day < ask.days.len() && site < ask.sites.len() && person < ask.persons.len();
        is_there.then_some(Visit { day, site, person })
    };
    typed.all("v").filter_map(visit).collect()
}

fn shown(made: &Made, typed: &Typed) -> Shown {
    let visits = ticked(typed, &made.ask);
    let list: Vec<Visit> = visits.iter().copied().collect();
    Shown { unmet: counted::unmet(&made.ask, &list), visits, checked: true, refused: vec![] }
}

/// The calendar as it was found, or where it went.
fn of(app: &App, who: &Who, id: &str) -> Result<Result<Arc<Made>, ()>, Error> {
    Ok(match found(app, who, id)? {
        State::Done(made) => Ok(made),
        _ => Err(()),
    })
}

/// `POST /planner/{id}/check`
pub async fn check(
    With(app): With<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    match of(&app, &who, &id) {
        Ok(Ok(made)) => table::view(&who, &id, &made, &shown(&made, &form::fields(&body))).into_response(),
        // Still being computed, or taken over already: its page says which.
        Ok(Err(())) => Redirect::to(&format!("/planner/{id}")).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// `POST /planner/{id}/accept`
pub async fn accept(
    With(app): With<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    let made = match of(&app, &who, &id) {
        Ok(Ok(made)) => made,
        Ok(Err(())) => return Redirect::to(&format!("/planner/{id}")).into_response(),
        Err(error) => return error_page(&error, who.lang, auth::request_id(&headers)),
    };
    let mut shown = shown(&made, &form::fields(&body));
    if !shown.unmet.is_empty() {
        shown.refused = vec![who.lang.of("名单的要求还没有都满足：", "Not all that the plans ask is met:").to_owned()];
        return (StatusCode::UNPROCESSABLE_ENTITY, table::view(&who, &id, &made, &shown)).into_response();
    }
    match filed(&app, &who, made.clone(), shown.visits.iter().copied().collect()).await {
        Ok(versions) => {
            if let Ok(number) = id.parse() {
                app.planner.set(number, State::Accepted(made, versions));
            }
            Redirect::to(&format!("/planner/{id}")).into_response()
        }
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => {
            error.log();
            let (wrong, told) = (error.wrong(who.lang), error.tell());
            let sentence = who.lang.of(told.zh, told.en);
            shown.refused =
                if wrong.is_empty() { vec![sentence] } else { wrong.into_iter().map(|it| it.sentence).collect() };
            (told.status, table::view(&who, &id, &made, &shown)).into_response()
        }
    }
}

/// Files the next version of every site of the firm whose plan the calendar changes: all of them, or none.
async fn filed(app: &Arc<App>, who: &Who, made: Arc<Made>, visits: Vec<Visit>) -> Result<Vec<(i64, u32)>, Error> {
    let (terms, actor, now) = (app.terms(), who.actor.clone(), app.now());
    let done = app.db.write(move |tx| {
        let deed = Deed { terms: &terms, by: actor.person(), now };
        let next = next(tx, &made, visits.clone(), now.day())?;
        let mut plans = Vec::with_capacity(next.len());
        for (place, plan) in next {
            let site = site::find(tx, place.id)?.ok_or(Refusal::Absent)?;
            let ties = site::ties(tx, &actor, &site)?;
            plans.push((site, ties, plan));
        }
        let numbers: Vec<i64> = plans.iter().map(|it| it.0.no).collect();
        let filed = stage_plan::file_all(tx, &deed, plans)?;
        Ok::<_, Failure>(numbers.into_iter().zip(filed.iter().map(|it| it.version)).collect())
    });
    done.await.map_err(Error::from)
}

/// The versions to be filed; what has changed since it was computed stands against them.
fn next(
    tx: &mut dyn Tx,
    made: &Made,
    visits: Vec<Visit>,
    today: domain::time::Day,
) -> Result<Vec<(Place, StagePlan)>, Failure> {
    let Material { from, to, .. } = made.material;
    let calendar = Calendar { visits, person_days: 0, fewest_site_days: 0, proven: false };
    let mut faults = Vec::new();
    let mut plans = Vec::new();
    if from <= today {
        let (zh, en) = ("排班的第一天已经到了，请重新排班。", "The first day of the calendar has come; plan anew.");
        faults.push(Fault::new("plan", zh, en));
    }
    for place in made.material.places.iter().filter(|it| it.files) {
        let Some(base) = &place.base else { continue };
        let approved = stage_plan::approved(tx, place.id)?;
        if stage_plan::in_force(&approved, from) != Some(base) {
            let name = &place.name;
            let (zh, en) = (
                format!("{name}的名单已经换了一版，请重新排班。"),
                format!("{name} has another version in force now; plan anew."),
            );
            faults.push(Fault::new("plan", zh, en));
        }
        let plan = planner::plans::named(base, &made.ask, &calendar, from, to);
        if plan.lines == base.lines {
            continue;
        }
        if let Some(n) = place.later(to) {
            let name = &place.name;
            let (zh, en) = (
                format!("{name}的第{n}版在这段时间内生效，请从它生效那天起排班。"),
                format!("Version {n} of {name} comes into force within these days; plan from its day on."),
            );
            faults.push(Fault::new("plan", zh, en));
        }
        plans.push((place.clone(), plan));
    }
    if plans.is_empty() && faults.is_empty() {
        let (zh, en) =
            ("各工地的名单已经是这样，没有要申报的。", "The plans say so already; there is nothing to file.");
        faults.push(Fault::new("plan", zh, en));
    }
    if faults.is_empty() { Ok(plans) } else { Err(faults.into()) }
}
