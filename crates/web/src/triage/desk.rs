//! Reading the desk: what waits, the problem that lies open, what it may repeat, and what is known about its subject.

use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::problem::show::{self, Shows, Which};
use crate::triage::habit::{self, Habits};
use crate::triage::page;
use crate::ui::field::Typed;
use crate::ui::slot::Refused;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::access::Scope;
use domain::id::{PersonId, UnitId};
use domain::problem::{self, Source, StateName};
use domain::refusal::Refusal;
use domain::role::Role;
use domain::time::Millis;
use std::sync::Arc;
use store::Tx;
use store::list::{By, Filter, Line};
use store::terms::{Failure, Terms};
use store::triage::{Alike, Waiting};

/// So many lie on the desk at once.
pub const PAGE: i64 = 50;
/// Numbers of what was put aside, in the browser of who did it: it says nothing to anybody else.
pub const ASIDE: &str = "zf_aside";
const MOST_ASIDE: usize = 50;

pub struct Desk {
    pub source: Option<Source>,
    pub lines: Vec<Waiting>,
    pub more: bool,
    pub counts: Vec<(Source, i64)>,
    pub aside: Vec<i64>,
    pub next: Option<i64>,
    pub before: Option<i64>,
    pub done: Option<Done>,
    pub news: i64,
    pub directory: Arc<Directory>,
    pub habits: Arc<Habits>,
    pub terms: Terms,
    pub now: Millis,
    pub open: Option<Open>,
}

/// The problem that lies open.
pub struct Open {
    pub shows: Shows,
    pub alike: Vec<Alike>,
    pub about: About,
}

/// What else is known of the subject, or of the reporter where there is no subject.
#[derive(Default)]
pub struct About {
    pub lines: Vec<Line>,
    pub last_visit: Option<store::visit_list::Line>,
}

/// What was just done with another one, read from what stands there now.
pub struct Done {
    pub no: i64,
    pub state: StateName,
    pub lead: Option<UnitId>,
    pub revision: i64,
    /// How long it can still be taken back.
    pub seconds: Option<i64>,
}

pub fn aside(headers: &HeaderMap) -> Vec<i64> {
    let kept = auth::cookie(headers, ASIDE).unwrap_or_default();
    kept.split('.').filter_map(|no| no.parse().ok()).take(MOST_ASIDE).collect()
}

/// Of numbers in their order the first that was not put aside.
pub fn first_of(numbers: &[i64], aside: &[i64]) -> Option<i64> {
    numbers.iter().copied().find(|no| !aside.contains(no))
}

pub async fn load(app: &Arc<App>, who: &Who, no: Option<i64>, query: &Typed, aside: Vec<i64>) -> Result<Desk, Error> {
    let by = who.must(Role::Office)?;
    let (terms, now, actor) = (app.terms(), app.now(), who.actor.clone());
    let (directory, habits) = (app.directory().await?, habit::read(app).await?);
    let (boxes, since) = (who.boxes.clone(), who.read_until);
    let source = Source::parse(query.get("source"));
    let (after, done) = (query.get("after").parse().unwrap_or(0), query.get("done").parse::<i64>().ok());
    let (rules, looked) = (terms.clone(), aside.clone());
    let read = app.db.read(move |tx| {
        let mut lines = store::triage::list(tx, source, after, PAGE + 1)?;
        if let Some(no) = no
            && !lines.iter().take(PAGE as usize).any(|it| it.no == no)
        {
            // What was opened by its number stands at the head of its own page.
            let window = store::triage::list(tx, source, no - 1, PAGE + 1)?;
            if window.first().is_some_and(|it| it.no == no) {
                lines = window;
            }
        }
        let more = lines.len() as i64 > PAGE;
        lines.truncate(PAGE as usize);
        let listed: Vec<i64> = lines.iter().map(|it| it.no).collect();
        let no = no.or_else(|| first_of(&listed, &looked));
        let (behind, before) = match no {
            Some(no) => store::triage::around(tx, source, no, MOST_ASIDE as i64 + 1)?,
            None => (vec![], vec![]),
        };
        let done = match done {
            Some(done) => just_done(tx, &rules, &actor, by, done, now)?,
            None => None,
        };
        let counts = store::triage::count(tx)?;
        let news = store::notice::count_new(tx, &boxes, since)?;
        Ok::<_, Failure>((lines, more, no, first_of(&behind, &looked), first_of(&before, &looked), done, counts, news))
    });
    let (lines, more, no, next, before, done, counts, news) = read.await?;
    let open = match no {
        Some(no) => Some(lay_open(app, who, no).await?),
        None => None,
    };
    Ok(Desk { source, lines, more, counts, aside, next, before, done, news, directory, habits, terms, now, open })
}

/// A moment ago, by the same person: later it says nothing.
fn just_done(
    tx: &mut dyn Tx,
    terms: &Terms,
    actor: &domain::role::Actor,
    by: PersonId,
    no: i64,
    now: Millis,
) -> Result<Option<Done>, Failure> {
    let met = match store::order::meet_no(tx, actor, no) {
        Ok(met) => met,
        Err(Failure::Refusal(_)) => return Ok(None),
        Err(failure) => return Err(failure),
    };
    let p = &met.found.problem;
    let age = now.0 - p.last.at.0;
    if p.last.by != Some(by) || age > terms.rules_of(p.campaign).recall_ms {
        return Ok(None);
    }
    let lead = match &p.state {
        problem::State::Dispatched { case } => Some(case.lead.unit),
        _ => None,
    };
    let seconds = lead.and(recall_left(p, terms, now));
    Ok(Some(Done { no, state: p.state.name(), lead, revision: p.revision, seconds }))
}

/// How many seconds a dispatch can still be recalled, if at all.
pub fn recall_left(p: &problem::Problem, terms: &Terms, now: Millis) -> Option<i64> {
    let problem::State::Dispatched { case } = &p.state else { return None };
    let left = terms.rules_of(p.campaign).recall_ms - (now.0 - case.dispatched.at.0);
    (left > 0 && case.parts().all(|part| part.received.is_none())).then_some(left.div_euclid(1000).max(1))
}

async fn lay_open(app: &Arc<App>, who: &Who, no: i64) -> Result<Open, Error> {
    let shows = show::load(app, who, Which::No(no)).await?;
    let p = shows.problem();
    let (subject, reporter, title) = (p.subject, p.reporter, shows.met.found.title.clone());
    let (now, bounds) = (shows.now, domain::light::bounds(shows.now, &shows.terms.calendar));
    let (alike, about) = app
        .db
        .read(move |tx| {
            let alike = store::triage::list_alike(tx, no, &title, 3)?;
            let mut about = About::default();
            let filter = Filter { by: By::Newest, subject, ..Filter::default() };
            about.lines = match (subject, reporter) {
                (Some(_), _) => store::list::list(tx, &Scope::All, &filter, now, &bounds, 8)?,
                (None, Some(_)) => {
                    let own = Scope::Of { units: vec![], officers: vec![], reporter };
                    store::list::list(tx, &own, &filter, now, &bounds, 8)?
                }
                (None, None) => vec![],
            };
            about.lines.retain(|it| it.no != no);
            if subject.is_some() {
                let visits = store::visit_list::Filter {
                    subject,
                    state: Some(domain::visit::StateName::Recorded),
                    ..Default::default()
                };
                about.last_visit = store::visit_list::list(tx, &store::visit_list::Scope::All, &visits, 1)?.pop();
            }
            Ok::<_, store::Error>((alike, about))
        })
        .await?;
    Ok(Open { shows, alike, about })
}

/// `GET /triage`
pub async fn list(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    answer(&app, &who, &headers, None, query).await
}

/// `GET /triage/{no}`
pub async fn one(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    match no.parse() {
        Ok(no) => answer(&app, &who, &headers, Some(no), query).await,
        Err(_) => error_page(&Refusal::NotFound.into(), who.lang, auth::request_id(&headers)),
    }
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, no: Option<i64>, query: Option<String>) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    match load(app, who, no, &query, aside(headers)).await {
        Ok(desk) => page::view(who, &desk, no.is_some(), None).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

/// The desk once more, with the sentence and everything that was typed.
pub async fn again(app: &Arc<App>, who: &Who, headers: &HeaderMap, no: i64, refused: Refused) -> Response {
    match load(app, who, Some(no), &refused.typed, aside(headers)).await {
        Ok(desk) => {
            let status = crate::ui::slot::status(Some(&refused));
            (status, page::view(who, &desk, true, Some(&refused))).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}
