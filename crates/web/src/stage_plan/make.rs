//! Filing a plan by its form: every button works without script, since each sends the whole form and gets it back.

use super::desk::{self, Desk};
use super::form_page::{self, Says, Shown};
use super::read::{self, Draft};
use super::table::Reject;
use super::{admit, rows};
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::site;
use crate::ui::field::{Typed, Wrong};
use crate::ui::slot::is_final;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::attendance::plan::StagePlan;
use domain::fault::Fault;
use domain::refusal::Refusal;
use domain::site::Tie;
use std::sync::Arc;
use store::Tx;
use store::site::Site;
use store::stage_plan;
use store::terms::{Deed, Failure};

/// `GET /sites/{no}/plans/new`
pub async fn new(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let from = form::fields(query.unwrap_or_default().as_bytes()).get("from").parse().ok();
    let begun = site::read(&app, &who, &no, move |tx, deed, site, ties| {
        admit(site, ties)?;
        let typed = desk::start(tx, deed, site, from)?;
        let desk = Desk::load(tx, deed, site, &typed)?;
        Ok((typed, desk))
    });
    match begun.await {
        Ok((site, _, (typed, desk))) => {
            let draft = read::read(&typed, app.now().day());
            let shown = Shown { says: Says::Nothing, wrong: &[], open: None, rejects: &[] };
            form_page::view(&who, &site, &desk, &typed, &draft, &shown).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// What the button that was pressed asks for.
enum Act {
    /// Show the form again, with this line open.
    Show(Option<usize>),
    Check,
    File,
}

/// The rows as the button leaves them.
fn pressed(typed: Typed) -> (Typed, Act) {
    let act = typed.get("do").to_owned();
    let mut typed = typed;
    typed.0.retain(|(name, _)| name != "do" && name != "file");
    let parts: Vec<&str> = act.split('.').collect();
    let number = |text: &str| text.parse::<usize>().ok().filter(|it| *it < rows::MOST);
    match parts.as_slice() {
        ["check"] => (rows::without_blank(&typed), Act::Check),
        ["file"] => (rows::without_blank(&typed), Act::File),
        ["more", list] => {
            let list = if *list == "stage" { "stages" } else { "lines" };
            let next = rows::count(&typed, list);
            // A new row begins with what is usual.
            let days = if list == "lines" { "workdays" } else { "" };
            typed
                .0
                .push((format!("{list}.{next}.kind"), if list == "lines" { "full_time" } else { "structure" }.into()));
            typed.0.push((format!("{list}.{next}.days"), days.into()));
            (typed, Act::Show((list == "lines").then_some(next)))
        }
        ["need", stage] => {
            if let Some(stage) = number(stage) {
                let next = rows::count(&typed, &rows::needs(stage));
                typed.0.push((rows::need(stage, next, "kind"), "per_week".into()));
                typed.0.push((rows::need(stage, next, "days"), "workdays".into()));
            }
            (typed, Act::Show(None))
        }
        [verb @ ("drop" | "up" | "down"), list @ ("lines" | "stages"), at] => match number(at) {
            Some(at) => {
                let open = match *verb {
                    "up" => Some(at.saturating_sub(1)),
                    "down" => Some(at + 1),
                    _ => None,
                };
                (rows::moved(&typed, list, verb, at), Act::Show(open.filter(|_| *list == "lines")))
            }
            None => (typed, Act::Show(None)),
        },
        ["drop", "need", stage, at] => match (number(stage), number(at)) {
            (Some(stage), Some(at)) => (rows::moved(&typed, &rows::needs(stage), "drop", at), Act::Show(None)),
            _ => (typed, Act::Show(None)),
        },
        ["show", at] => (typed, Act::Show(number(at))),
        _ => (typed, Act::Show(None)),
    }
}

/// `POST /sites/{no}/plans/make`
pub async fn make(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    let (typed, act) = pressed(form::fields(&body));
    let typed = match with_posts(&app, &who, &no, typed).await {
        Ok(typed) => typed,
        Err(error) => return error_page(&error, who.lang, auth::request_id(&headers)),
    };
    match act {
        Act::Show(open) => answer(&app, &who, &headers, &no, typed, Told::Shown { open, rejects: vec![] }).await,
        Act::Check => answer(&app, &who, &headers, &no, typed, Told::Checked).await,
        Act::File => match filed(&app, &who, &no, &typed).await {
            Ok(version) => Redirect::to(&format!("/sites/{no}/plans/{version}")).into_response(),
            Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
            Err(error) => answer(&app, &who, &headers, &no, typed, Told::Refused(error)).await,
        },
    }
}

/// Whoever holds one post only need not say which.
async fn with_posts(app: &Arc<App>, who: &Who, no: &str, typed: Typed) -> Result<Typed, Error> {
    let blank = |at: &usize| {
        !typed.get(&rows::line(*at, "person")).is_empty() && typed.get(&rows::line(*at, "post")).is_empty()
    };
    let lines: Vec<usize> = (0..rows::count(&typed, "lines")).filter(blank).collect();
    if lines.is_empty() {
        return Ok(typed);
    }
    let (_, _, staff) = site::read(app, who, no, |tx, _, site, ties| {
        admit(site, ties)?;
        Ok(store::staff::list(tx, site.id)?)
    })
    .await?;
    let mut full = typed.clone();
    for at in lines {
        let person = typed.get(&rows::line(at, "person"));
        let held = staff.iter().find(|it| it.person.to_string() == person).map_or(&[][..], |it| &it.posts);
        if let [only] = held {
            let name = rows::line(at, "post");
            full.0.retain(|it| it.0 != name);
            full.0.push((name, only.0.clone()));
        }
    }
    Ok(full)
}

async fn filed(app: &Arc<App>, who: &Who, no: &str, typed: &Typed) -> Result<u32, Error> {
    let draft = read::read(typed, app.now().day());
    site::change(app, who, no, move |tx, deed, site, ties| {
        admit(site, ties)?;
        if !draft.faults.is_empty() {
            return Err(desk::faults(tx, deed, site, &draft)?.into());
        }
        file(tx, deed, site, ties, draft.plan)
    })
    .await
}

/// Files it. The same plan sent a second time by the same person is the one that waits already.
pub fn file(tx: &mut dyn Tx, deed: &Deed, site: &Site, ties: &[Tie], plan: StagePlan) -> Result<u32, Failure> {
    admit(site, ties)?;
    if let Some(newest) = stage_plan::list(tx, site.id)?.into_iter().next()
        && newest.is_pending()
        && newest.filed.by == deed.by
    {
        let version = newest.plan.version;
        if newest.plan == (StagePlan { site: site.id, version, approved_at: None, ..plan.clone() }) {
            return Ok(version);
        }
    }
    let plan = StagePlan { site: site.id, ..plan };
    let faults = desk::of_plan(tx, deed, &plan)?;
    if !faults.is_empty() {
        return Err(faults.into());
    }
    stage_plan::file(tx, deed, site, ties, plan)
}

/// What is to be said above the form.
pub enum Told {
    Shown { open: Option<usize>, rejects: Vec<Reject> },
    Checked,
    Refused(Error),
}

/// The form as it was sent, with what is wrong at its rows.
pub async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, no: &str, typed: Typed, told: Told) -> Response {
    let draft = Arc::new(read::read(&typed, app.now().day()));
    let (checks, seen, sent) = (matches!(told, Told::Checked), draft.clone(), typed.clone());
    let read = site::read(app, who, no, move |tx, deed, site, ties| {
        admit(site, ties)?;
        let faults = if checks { desk::faults(tx, deed, site, &seen)? } else { vec![] };
        Ok((Desk::load(tx, deed, site, &sent)?, faults))
    });
    match read.await {
        Ok((site, _, (desk, faults))) => shown(who, &site, &desk, &typed, &draft, told, faults),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

fn shown(
    who: &Who,
    site: &Site,
    desk: &Desk,
    typed: &Typed,
    draft: &Draft,
    told: Told,
    faults: Vec<Fault>,
) -> Response {
    let view = |shown: &Shown| form_page::view(who, site, desk, typed, draft, shown);
    match told {
        Told::Shown { open, rejects } => {
            view(&Shown { says: Says::Nothing, wrong: &[], open, rejects: &rejects }).into_response()
        }
        Told::Checked if faults.is_empty() => {
            view(&Shown { says: Says::Fine, wrong: &[], open: None, rejects: &[] }).into_response()
        }
        Told::Checked => {
            let wrong = wrong(who, Error::Refusal(Refusal::Faults(faults)));
            let shown = Shown { says: Says::Wrong, wrong: &wrong, open: None, rejects: &[] };
            (StatusCode::OK, view(&shown)).into_response()
        }
        Told::Refused(error) => {
            error.log();
            let (status, told) = (error.tell().status, error.tell());
            let sentence = who.lang.of(told.zh, told.en);
            let wrong = wrong(who, error);
            let shown = Shown { says: Says::Refused(&sentence), wrong: &wrong, open: None, rejects: &[] };
            (status, view(&shown)).into_response()
        }
    }
}

fn wrong(who: &Who, error: Error) -> Vec<Wrong> {
    error.wrong(who.lang)
}
