//! Recording a visit, and amending the record: the form, and what a browser sends from it.

use crate::app::App;
use crate::auth::{self, SESSION, Who};
use crate::error::{Error, error_page};
use crate::form as fields;
use crate::sign_in;
use crate::ui::field::Typed;
use crate::visit::command::carry_out_with;
use crate::visit::form::{self, Sheet};
use crate::visit::question::LastTime;
use crate::visit::sent::{self, Sent};
use crate::visit::{photo, review, typed};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use domain::fault::Fault;
use domain::id::PersonId;
use domain::refusal::Refusal;
use domain::role::Role;
use domain::time::Millis;
use domain::visit::{self, Command, CommandName, Order, Visit};
use maud::Markup;
use std::sync::Arc;
use store::Tx;
use store::terms::Failure;

pub async fn load(app: &Arc<App>, who: &Who, no: i64) -> Result<(Sheet, Option<Visit>), Error> {
    let (actor, boxes, since) = (who.actor.clone(), who.boxes.clone(), who.read_until);
    let read = app.db.read(move |tx| {
        let met = store::visit::meet_no(tx, &actor, no)?;
        let visit = &met.found.visit;
        let last = if visit.record.is_none() { store::visit::last_before(tx, visit)? } else { None };
        let mut policies = store::policy::list(tx, true)?;
        let explained = |id| visit.record.as_ref().is_some_and(|it| it.policies.contains_key(&id));
        policies.retain(|it| !it.ended || explained(it.id));
        let sheet = Sheet {
            asked: store::visit::asked(tx, visit)?,
            promises: store::promise::list_for_record(tx, visit)?,
            policies,
            people: people(tx, visit)?,
            last: LastTime::new(),
            last_day: None,
            news: store::notice::count_new(tx, &boxes, since)?,
            met,
        };
        Ok::<_, Failure>((sheet, last))
    });
    Ok(read.await?)
}

/// The team, the officers of the unit, leaders, and whoever was named before.
pub fn people(tx: &mut dyn Tx, visit: &Visit) -> Result<Vec<(PersonId, String)>, Failure> {
    let mut found = match visit.team {
        Some(team) => store::team::members(tx, team)?,
        None => vec![],
    };
    let officers = store::person::list_of_role(tx, Role::Officer)?;
    found.extend(officers.into_iter().filter(|it| it.unit == visit.unit).map(|it| (it.id, it.name)));
    found.extend(store::person::list_of_role(tx, Role::Leader)?.into_iter().map(|it| (it.id, it.name)));
    let owners = visit.record.iter().flat_map(|it| &it.promises).map(|it| it.owner);
    for id in visit.people.iter().copied().chain([visit.officer]).chain(owners) {
        found.extend(store::person::find(tx, id)?.filter(|it| it.left_at.is_none()).map(|it| (it.id, it.name)));
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|(id, _)| seen.insert(*id));
    Ok(found)
}

/// What a fresh form is filled with: the record that stands, or the plan and what was answered last time.
fn prefilled(sheet: &mut Sheet, last: Option<&Visit>, today: domain::time::Day) -> Typed {
    let visit = &sheet.met.found.visit;
    if let Some(record) = &visit.record {
        return typed::of_record(record);
    }
    let mut when = visit.when;
    when.day = when.day.min(today);
    let mut fields: Vec<(String, String)> = crate::visit::field::of_when(&when).into();
    fields.extend(visit.people.iter().map(|it| ("person".to_owned(), it.to_string())));
    let Some((day, record)) = last.and_then(|it| Some((it.when.day, it.record.as_ref()?))) else {
        return Typed(fields);
    };
    for version in &sheet.asked {
        let answered = record.filled.iter().flat_map(|it| &it.responses);
        for response in answered {
            let Some(question) = version.form.questions.iter().find(|it| it.key == response.question) else { continue };
            // What the present version would not take is not put into anybody's mouth.
            let fits = question
                .kind
                .options()
                .is_none_or(|all| response.choices.iter().all(|it| all.iter().any(|o| o.code == *it)));
            if !fits || question.kind.options().is_some() != response.text.is_empty() {
                continue;
            }
            let name = format!("q.{}.{}", version.id, response.question);
            sheet.last.insert(name, question.show(response, false));
            fields.extend(typed::responses(version.id, response));
        }
    }
    sheet.last_day = (!sheet.last.is_empty()).then(|| day.to_string());
    Typed(fields)
}

/// `GET /visits/{no}/record`
pub async fn form(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    let no = no.parse().unwrap_or(0);
    let now = app.now();
    match load(&app, &who, no).await.and_then(may) {
        Ok((mut sheet, last)) => {
            let typed = prefilled(&mut sheet, last.as_ref(), now.day());
            form::view(&who, &sheet, &typed::with_rows(typed, "", now), None).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// Whoever could not save it is told before he types.
fn may((sheet, last): (Sheet, Option<Visit>)) -> Result<(Sheet, Option<Visit>), Error> {
    let (state, command) = (sheet.met.found.visit.state.name(), sheet.command());
    let steps = visit::steps(&sheet.met.ties, state);
    match steps.contains(&command) {
        true => Ok((sheet, last)),
        false if steps.is_empty() => Err(Refusal::NotYourRole.into()),
        false => Err(Refusal::VisitState { state, command, possible: steps }.into()),
    }
}

/// `POST /visits/{no}/record`: with a session, or with login and password where it was lost.
pub async fn html(
    State(app): State<Arc<App>>,
    who: Result<Who, Response>,
    headers: HeaderMap,
    Path(no): Path<String>,
    request: Request,
) -> Response {
    let sent = match sent::read(request, who.is_ok()).await {
        Ok(sent) => sent,
        Err(error) => {
            let lang = who.as_ref().map_or_else(|_| auth::lang_of(&headers), |it| it.lang);
            return error_page(&error, lang, auth::request_id(&headers));
        }
    };
    match who {
        Ok(who) => send(&app, &who, &headers, &no, sent).await,
        Err(_) => signed_out(&app, headers, &no, sent.typed).await,
    }
}

async fn signed_out(app: &Arc<App>, mut headers: HeaderMap, no: &str, typed: Typed) -> Response {
    let lang = auth::lang_of(&headers);
    let again = |error: Option<Error>| {
        let status = error.as_ref().map_or(StatusCode::UNAUTHORIZED, |it| it.tell().status);
        (status, form::signed_out(lang, &no.parse::<i64>().unwrap_or(0).to_string(), &typed, error.as_ref()))
            .into_response()
    };
    if typed.get("login").trim().is_empty() {
        return again(None);
    }
    let signed = match sign_in::sign_in(app, typed.get("login"), typed.get("password")).await {
        Ok(token) => token,
        Err(error) => return again(Some(error)),
    };
    let cookie = HeaderValue::from_str(&format!("{SESSION}={signed}")).unwrap_or(HeaderValue::from_static(""));
    headers.insert(header::COOKIE, cookie);
    let who = match auth::who(app, &headers).await {
        Ok(who) => Who { lang, ..who },
        Err(error) => return again(Some(error)),
    };
    let cookies = sign_in::cookies(app, &signed);
    let kept = typed.0.into_iter().filter(|(name, _)| !matches!(name.as_str(), "login" | "password")).collect();
    let sent = Sent { typed: Typed(kept), ..Sent::default() };
    (AppendHeaders(cookies), send(app, &who, &headers, no, sent).await).into_response()
}

async fn send(app: &Arc<App>, who: &Who, headers: &HeaderMap, no: &str, sent: Sent) -> Response {
    let (no, now) = (no.parse().unwrap_or(0), app.now());
    let (sheet, _) = match load(app, who, no).await {
        Ok(loaded) => loaded,
        Err(error) => return error_page(&error, who.lang, auth::request_id(headers)),
    };
    let Sent { mut typed, files, mut faults } = sent;
    faults.extend(photo::take(app, who, &sheet.met.found.visit, files, &mut typed).await);
    let more = typed.get("more").to_owned();
    if faults.is_empty() && (!more.is_empty() || typed.get("do") == "back") {
        let typed = typed::with_rows(typed, &more, now);
        return form::view(who, &sheet, &typed, None).into_response();
    }
    if !faults.is_empty() {
        return again(app, who, headers, no, typed, Refusal::Faults(faults).into()).await;
    }
    let done = match typed.get("do") {
        "review" => looked_at(app, who, &sheet, &typed).await.map(IntoResponse::into_response),
        _ => save(app, who, &sheet, &typed).await.map(|()| Redirect::to(&format!("/visits/{no}")).into_response()),
    };
    match done {
        Ok(response) => response,
        Err(error) => again(app, who, headers, no, typed, error).await,
    }
}

/// The order that a form asks for, and what of it could not be read.
fn order(sheet: &Sheet, typed: &Typed, now: Millis) -> Result<(Order, Vec<Fault>), Error> {
    let visit = &sheet.met.found.visit;
    let read = typed::read(typed, visit, now);
    let record = Box::new(read.record);
    let seen = typed.get("seen").parse().unwrap_or(-1);
    // What was sent once before is the same command, though the visit has a record by now.
    let retried = visit.version == 1 && seen + 1 == visit.revision && typed.get("words").trim().is_empty();
    let command = match sheet.command() {
        CommandName::Amend if !retried => Command::Amend { record, reports: read.reports },
        _ => Command::Record { record, reports: read.reports },
    };
    let order = Order { command, words: typed.get("words").to_owned(), seen };
    fields::check_length("words", &order.words, 2_000)?;
    Ok((order, read.faults))
}

/// What the rules make of it, without carrying it out.
async fn looked_at(app: &Arc<App>, who: &Who, sheet: &Sheet, typed: &Typed) -> Result<Markup, Error> {
    let (id, subject, now) = (sheet.met.found.visit.id, sheet.met.found.visit.subject, app.now());
    let ((order, faults), actor) = (order(sheet, typed, now)?, who.actor.clone());
    let read = app.db.read(move |tx| {
        let address = store::subject::find(tx, subject)?.map(|it| it.card.address).unwrap_or_default();
        Ok::<_, Failure>((store::visit::check(tx, &actor, id, &order, now), address))
    });
    let (checked, address) = read.await?;
    match checked {
        Ok(change) if faults.is_empty() => Ok(review::view(who, sheet, typed, &change, &address)),
        checked => Err(with_faults(faults, checked.map(drop))),
    }
}

async fn save(app: &Arc<App>, who: &Who, sheet: &Sheet, typed: &Typed) -> Result<(), Error> {
    let (visit, now) = (&sheet.met.found.visit, app.now());
    let (order, faults) = order(sheet, typed, now)?;
    if faults.is_empty() {
        let photos = photo::chosen(typed);
        photo::settle(app, who, visit, &photos).await?;
        return carry_out_with(app, who, visit.id, order, photos).await.map(drop);
    }
    let (id, actor) = (visit.id, who.actor.clone());
    let checked = app.db.read(move |tx| store::visit::check(tx, &actor, id, &order, now)).await;
    Err(with_faults(faults, checked.map(drop)))
}

/// All that is wrong at once: what could not be read, and what the rules say of the rest.
fn with_faults(mut faults: Vec<Fault>, checked: Result<(), Failure>) -> Error {
    match checked {
        Ok(()) => {}
        Err(Failure::Refusal(Refusal::Faults(more))) => {
            faults.extend(
                more.into_iter().filter(|it| !faults.iter().any(|known| known.field == it.field)).collect::<Vec<_>>(),
            );
        }
        Err(other) => return other.into(),
    }
    Refusal::Faults(faults).into()
}

/// The form once more, with the sentence, everything that was typed and the revision that stands now.
async fn again(app: &Arc<App>, who: &Who, headers: &HeaderMap, no: i64, typed: Typed, error: Error) -> Response {
    error.log();
    match load(app, who, no).await {
        Ok((sheet, _)) if !matches!(error, Error::Refusal(Refusal::Absent | Refusal::NotYourRole)) => {
            let typed = typed::with_rows(typed, "", app.now());
            (error.tell().status, form::view(who, &sheet, &typed, Some(&error))).into_response()
        }
        _ => error_page(&error, who.lang, auth::request_id(headers)),
    }
}
