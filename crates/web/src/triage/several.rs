//! Several problems decided at once: what would be done with each is shown first, each is done by itself, and what was
//! not done is named with the reason.

use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::problem::list::escape;
use crate::triage::act::{Act, carry_out, decision};
use crate::triage::desk::recall_left;
use crate::triage::habit::{self, Habits};
use crate::triage::several_page as page;
use crate::ui::field::Typed;
use crate::ui::slot::Refused;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access;
use domain::command::CommandName;
use domain::problem::{self, Problem};
use domain::refusal::Refusal;
use domain::role::Role;
use domain::time::Millis;
use domain::triage::Decision;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::terms::{Failure, Terms};

/// As many as lie on the desk at once.
const MOST: usize = 50;

pub struct Several {
    pub items: Vec<Item>,
    /// What is to be done, once it is said in full.
    pub decision: Option<Decision>,
    pub done: bool,
    pub news: i64,
    pub directory: Arc<Directory>,
    pub habits: Arc<Habits>,
    pub terms: Terms,
    pub now: Millis,
}

pub struct Item {
    pub no: i64,
    pub title: String,
    pub problem: Option<Problem>,
    /// Why it cannot be dispatched now.
    pub cannot: Option<Refusal>,
    /// Who changed it last, where that is not who looks.
    pub other: Option<String>,
    /// Whether its dispatch can still be taken back.
    pub recall: bool,
}

impl Several {
    /// Those with which the decision can be carried out.
    pub fn able(&self) -> impl Iterator<Item = (&Item, &Problem)> {
        self.items.iter().filter(|it| it.cannot.is_none()).filter_map(|it| Some((it, it.problem.as_ref()?)))
    }
}

fn numbers(typed: &Typed) -> Vec<i64> {
    let mut seen = BTreeSet::new();
    typed.all("no").filter_map(|it| it.parse().ok()).filter(|it| seen.insert(*it)).take(MOST).collect()
}

async fn load(app: &Arc<App>, who: &Who, typed: &Typed) -> Result<Several, Error> {
    let by = who.must(Role::Office)?;
    let (actor, now, terms) = (who.actor.clone(), app.now(), app.terms());
    let (boxes, since, asked, rules) = (who.boxes.clone(), who.read_until, numbers(typed), terms.clone());
    let read = app.db.read(move |tx| {
        let mut items = Vec::new();
        for no in asked {
            let met = match store::order::meet_no(tx, &actor, no) {
                Ok(met) => met,
                Err(Failure::Refusal(refusal)) => {
                    let cannot = Some(refusal);
                    items.push(Item { no, title: String::new(), problem: None, cannot, other: None, recall: false });
                    continue;
                }
                Err(failure) => return Err(failure),
            };
            let p = met.found.problem;
            let cannot = access::admit(&met.parties, &p, CommandName::Dispatch, p.revision).err();
            let other = p.last.by.filter(|it| *it != by).map(|it| store::person::find(tx, it)).transpose()?.flatten();
            let recall = recall_left(&p, &rules, now).is_some() && p.last.by == Some(by);
            let other = other.map(|it| it.name);
            items.push(Item { no, title: met.found.title, problem: Some(p), cannot, other, recall });
        }
        Ok((items, store::notice::count_new(tx, &boxes, since)?))
    });
    let (items, news) = read.await?;
    let (directory, habits) = (app.directory().await?, habit::read(app).await?);
    Ok(Several { items, decision: None, done: false, news, directory, habits, terms, now })
}

/// `GET /triage/several`
pub async fn preview(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let typed = form::fields(query.unwrap_or_default().as_bytes());
    let mut several = match load(&app, &who, &typed).await {
        Ok(several) => several,
        Err(error) => return error_page(&error, who.lang, auth::request_id(&headers)),
    };
    several.done = !typed.get("done").is_empty();
    let asked = !typed.get("show").is_empty() || several.done;
    let refused = match asked.then(|| decision(&several.directory, &typed)) {
        Some(Ok(decision)) => {
            several.decision = Some(decision);
            None
        }
        Some(Err(error)) => Some(Refused::new("several", typed.clone(), error)),
        None => None,
    };
    page::view(&who, &several, &typed, refused.as_ref()).into_response()
}

/// `POST /triage/several`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    match take(&app, &who, &typed).await {
        Ok(to) => Redirect::to(&to).into_response(),
        Err(error @ Error::Refusal(Refusal::Faults(_))) => match load(&app, &who, &typed).await {
            Ok(several) => {
                let refused = Refused::new("several", typed.clone(), error);
                let status = crate::ui::slot::status(Some(&refused));
                (status, page::view(&who, &several, &typed, Some(&refused))).into_response()
            }
            Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
        },
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// Each in a transaction of its own: one that cannot be done takes no other along. What became of each is read from what
/// stands there afterwards, so that the page can be loaded again.
async fn take(app: &Arc<App>, who: &Who, typed: &Typed) -> Result<String, Error> {
    who.must(Role::Office)?;
    let decision = decision(&*app.directory().await?, typed)?;
    let items = typed.all("item").filter_map(|it| it.split_once('.'));
    let items: Vec<(i64, i64)> =
        items.filter_map(|(no, seen)| Some((no.parse().ok()?, seen.parse().ok()?))).take(MOST).collect();
    for (no, seen) in &items {
        match carry_out(app, who, *no, *seen, Act::Dispatch(decision.clone()), typed.get("words")).await {
            Ok(()) | Err(Error::Refusal(_) | Error::Changed { .. }) => {}
            // Full queue, full disk: those after it would fare no better.
            Err(error) => return Err(error),
        }
    }
    let kept = ["category", "lead", "supports", "tier", "urgency", "source"];
    let pairs = typed.0.iter().filter(|(name, value)| kept.contains(&name.as_str()) && !value.is_empty());
    let mut query: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", escape(value))).collect();
    query.extend(items.iter().map(|(no, _)| format!("no={no}")));
    Ok(format!("/triage/several?done=yes&{}", query.join("&")))
}

/// Whether this is what was asked for, by who asked.
pub fn stands(item: &Item, decision: &Decision) -> bool {
    let case = item.problem.as_ref().and_then(|p| match &p.state {
        problem::State::Dispatched { case } => Some(case),
        _ => None,
    });
    item.other.is_none() && case.is_some_and(|case| Some(case.lead.unit) == decision.lead)
}
