//! What the desk does with one problem: dispatch it, refuse it, merge it, take a dispatch back, put it aside.

use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::error::{Error, error_page, field};
use crate::form;
use crate::problem::command::changed;
use crate::triage::desk::{self, ASIDE, aside, first_of};
use crate::triage::key::address;
use crate::ui::field::Typed;
use crate::ui::slot::{Refused, is_final};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use domain::command::{Command, Order};
use domain::fault::Fault;
use domain::id::ProblemId;
use domain::problem::{Source, Tier, Urgency};
use domain::refusal::Refusal;
use domain::role::Role;
use domain::triage::{Decision, ended_so, recalled_so};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use store::terms::Failure;
use store::{Error as StoreError, Tx};

/// What is to be done, as the form says it.
#[derive(Clone, Debug)]
pub enum Act {
    Dispatch(Decision),
    Refuse,
    Merge { into: i64 },
    Recall,
}

/// One half of a day: what is aside tomorrow morning is on the desk again.
const ASIDE_SECONDS: i64 = 12 * 3_600;

/// `POST /triage/{no}/{act}`
pub async fn html(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((no, act)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let no: i64 = no.parse().unwrap_or(0);
    match take(&app, &who, &headers, no, &act, &typed).await {
        Ok(response) => response,
        Err(error) if is_final(&error) || matches!(error, Error::NoSuchPage) => {
            error_page(&error, who.lang, auth::request_id(&headers))
        }
        Err(error) => {
            let form = match act.as_str() {
                "dispatch" => "dispatch",
                "refuse" => "refuse",
                "merge" => "merge",
                _ => "other",
            };
            desk::again(&app, &who, &headers, no, Refused::new(form, typed, error)).await
        }
    }
}

async fn take(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    no: i64,
    act: &str,
    typed: &Typed,
) -> Result<Response, Error> {
    who.must(Role::Office)?;
    let source = typed.get("source");
    if act == "aside" {
        return put_aside(app, who, headers, no, source).await;
    }
    if !matches!(act, "dispatch" | "refuse" | "merge" | "recall") {
        return Err(Error::NoSuchPage);
    }
    // Seen before it is read: who asks about what is not there learns nothing from its form.
    let actor = who.actor.clone();
    app.db.read(move |tx| store::order::meet_no(tx, &actor, no).map(|_| ())).await?;
    let directory = app.directory().await?;
    let act = match act {
        "dispatch" => Act::Dispatch(decision(&directory, typed)?),
        "refuse" => Act::Refuse,
        "merge" => Act::Merge { into: target(typed)? },
        _ => Act::Recall,
    };
    let back = matches!(act, Act::Recall);
    carry_out(app, who, no, typed.get("seen").parse().unwrap_or(-1), act, typed.get("words")).await?;
    let to = if back { address(Some(no), source, None) } else { onward(app, headers, no, source, true).await? };
    Ok(Redirect::to(&to).into_response())
}

/// All that is missing is said at once.
pub fn decision(directory: &Directory, typed: &Typed) -> Result<Decision, Error> {
    let category = typed.get("category").parse().ok().filter(|id| directory.category(*id).is_some());
    let lead = typed.get("lead").parse().ok().filter(|id| directory.unit(*id).is_some_and(|it| !it.ended));
    let (tier, urgency) = (Tier::parse(typed.get("tier")), Urgency::parse(typed.get("urgency")));
    let supports: Vec<_> = typed.all("supports").filter_map(|it| it.parse().ok()).collect();
    let mut faults = Vec::new();
    // Where an installation has set up no categories there is none to choose.
    if category.is_none() && !directory.categories.is_empty() {
        faults.push(Fault::new(
            "category",
            "请选择类别，办理时限由它定。",
            "Choose a category: it decides how long there is.",
        ));
    }
    if lead.is_none() {
        faults.push(Fault::new("lead", "请指定主办单位。", "Name the lead unit."));
    }
    if lead.is_some_and(|lead| supports.contains(&lead)) {
        let said = Refusal::LeadIsSupport.say(&|_| String::new());
        faults.push(Fault::new("supports", said.zh, said.en));
    }
    let (Some(tier), Some(urgency), true) = (tier, urgency, faults.is_empty()) else {
        if tier.is_none() {
            faults.push(Fault::new("tier", "请选择办理层级。", "Choose a tier."));
        }
        if urgency.is_none() {
            faults.push(Fault::new("urgency", "请选择紧急程度。", "Choose how urgent it is."));
        }
        return Err(Refusal::Faults(faults).into());
    };
    Ok(Decision { category, tier, urgency, lead, supports })
}

/// A number that was written counts before the one that was chosen.
fn target(typed: &Typed) -> Result<i64, Error> {
    let written = typed.get("other").trim().trim_start_matches('#');
    let text = if written.is_empty() { typed.get("into") } else { written };
    text.parse().map_err(|_| {
        field("into", "请选择或写明并入哪一件的编号。", "Choose the problem to merge into, or write its number.")
    })
}

/// One request, one transaction: all of its orders are carried out, or none. What was sent twice is done once.
pub async fn carry_out(app: &Arc<App>, who: &Who, no: i64, seen: i64, act: Act, words: &str) -> Result<(), Error> {
    form::check_length("words", words, 20_000)?;
    let (terms, actor, now, by, words) = (app.terms(), who.actor.clone(), app.now(), who.person(), words.to_owned());
    let done = app
        .db
        .write(move |tx| {
            let met = store::order::meet_no(tx, &actor, no)?;
            let (id, p) = (met.found.problem.id, &met.found.problem);
            let commands = match &act {
                Act::Dispatch(decision) if decision.stands(p, by, seen) => return Ok(()),
                Act::Refuse if ended_so(p, by, seen, None) => return Ok(()),
                Act::Recall if recalled_so(p, by, seen) => return Ok(()),
                Act::Dispatch(decision) => decision.commands(p),
                Act::Refuse => vec![Command::Refuse],
                Act::Recall => vec![Command::Recall],
                Act::Merge { into } => {
                    let into = named(tx, &actor, *into)?;
                    if ended_so(p, by, seen, Some(into)) {
                        return Ok(());
                    }
                    vec![Command::Merge { into }]
                }
            };
            let (mut seen, last) = (seen, commands.len() - 1);
            for (i, command) in commands.into_iter().enumerate() {
                let words = if i == last { words.clone() } else { String::new() };
                let order = Order { command, words, rest: String::new(), seen };
                seen = store::order::perform(tx, &terms, &actor, id, &order, now)?.problem.revision;
            }
            Ok::<_, Failure>(())
        })
        .await;
    let counter = if done.is_ok() { &app.metrics.commands } else { &app.metrics.refusals };
    counter.fetch_add(1, Ordering::Relaxed);
    match done {
        Err(Failure::Store(StoreError::Conflict) | Failure::Refusal(Refusal::ChangedMeanwhile { .. })) => {
            let actor = who.actor.clone();
            let met = app.db.read(move |tx| store::order::meet_no(tx, &actor, no)).await?;
            Err(changed(app, who, met.found.problem.id, seen).await)
        }
        done => Ok(done?),
    }
}

/// The problem into which another is merged, through the actor's sight; what is not there is said at the field.
fn named(tx: &mut dyn Tx, actor: &domain::role::Actor, no: i64) -> Result<ProblemId, Failure> {
    match store::order::meet_no(tx, actor, no) {
        Ok(met) => Ok(met.found.problem.id),
        Err(Failure::Refusal(_)) => Err(Refusal::Faults(vec![Fault::new(
            "into",
            "没有这个编号的问题。",
            "There is no problem with this number.",
        )])
        .into()),
        Err(failure) => Err(failure),
    }
}

/// The next that waits behind `no`, else the first of all.
async fn onward(app: &Arc<App>, headers: &HeaderMap, no: i64, source: &str, done: bool) -> Result<String, Error> {
    let (aside, chosen) = (aside(headers), Source::parse(source));
    let next = app
        .db
        .read(move |tx| {
            let limit = aside.len() as i64 + 1;
            let (behind, _) = store::triage::around(tx, chosen, no, limit)?;
            if let Some(next) = first_of(&behind, &aside) {
                return Ok(Some(next));
            }
            let (all, _) = store::triage::around(tx, chosen, 0, limit + 1)?;
            Ok::<_, StoreError>(all.into_iter().find(|it| *it != no && !aside.contains(it)))
        })
        .await?;
    Ok(address(next, source, done.then_some(no)))
}

async fn put_aside(app: &Arc<App>, who: &Who, headers: &HeaderMap, no: i64, source: &str) -> Result<Response, Error> {
    let actor = who.actor.clone();
    app.db.read(move |tx| store::order::meet_no(tx, &actor, no).map(|_| ())).await?;
    let mut kept = aside(headers);
    let to = match kept.iter().position(|it| *it == no) {
        Some(at) => {
            kept.remove(at);
            address(Some(no), source, None)
        }
        None => {
            let to = onward(app, headers, no, source, false).await?;
            // The oldest falls back onto the desk when there are too many.
            kept.insert(0, no);
            to
        }
    };
    let text: Vec<String> = kept.iter().map(ToString::to_string).collect();
    let cookie = auth::set_cookie(app, ASIDE, &text.join("."), ASIDE_SECONDS);
    Ok((AppendHeaders([cookie]), Redirect::to(&to)).into_response())
}
