//! Search 搜索 over problems, visits and subjects at once, each through the reader's own sight.

mod page;

use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{ApiError, Error, error_page};
use crate::form;
use crate::problem::json as problem_json;
use crate::shield;
use crate::ui::field::Typed;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access;
use domain::excerpt::{self, Piece};
use domain::letters;
use domain::light;
use domain::time::{Day, Millis};
use domain::visit::StateName;
use serde_json::{Value, json};
use std::sync::Arc;
use store::Tx;
use store::list::{By, Filter};
use store::subject_list;
use store::terms::{Failure, Terms};
use store::visit_list::{self, Scope};

/// Of each kind on one page; the rest is behind its link.
const EACH: i64 = 8;
/// While one types.
const FAST: i64 = 4;
/// On the page of visits alone.
const VISITS: i64 = 50;
/// Characters of an excerpt.
const AROUND: usize = 70;

struct Problem {
    line: store::list::Line,
    title: Vec<Piece>,
    excerpt: Vec<Piece>,
}

struct Visit {
    no: i64,
    day: Day,
    state: StateName,
    subject: Vec<Piece>,
    excerpt: Vec<Piece>,
}

struct Subject {
    line: subject_list::Line,
    name: Vec<Piece>,
    code: Vec<Piece>,
    address: Vec<Piece>,
}

struct Found {
    text: String,
    problems: Vec<Problem>,
    visits: Vec<Visit>,
    subjects: Vec<Subject>,
    /// There are more than are shown: of problems, of visits, of subjects.
    more: [bool; 3],
    news: i64,
    directory: Arc<Directory>,
    terms: Terms,
    now: Millis,
}

/// How much is looked for, and how closely.
#[derive(Clone, Copy)]
struct Wanted {
    each: i64,
    excerpts: bool,
    /// Visits alone, with a number below this.
    visits_before: Option<i64>,
}

fn text_of(query: &Typed) -> String {
    query.get("text").trim().chars().take(100).collect()
}

async fn find(app: &Arc<App>, who: &Who, text: String, wanted: Wanted) -> Result<Found, Error> {
    let (now, terms, directory) = (app.now(), app.terms(), app.directory().await?);
    let (asking, bounds) = (who.clone(), light::bounds(now, &terms.calendar));
    let found = app.db.read(move |tx| {
        let only_visits = wanted.visits_before.is_some();
        let mut found = Found {
            problems: vec![],
            visits: vec![],
            subjects: vec![],
            more: [false; 3],
            news: store::notice::count_new(tx, &asking.boxes, asking.read_until)?,
            directory,
            terms,
            now,
            text,
        };
        if !only_visits {
            let filter = Filter { by: By::Newest, text: found.text.clone(), ..Filter::default() };
            let scope = access::scope(&asking.actor);
            let page = store::list::page(tx, &scope, &filter, now, &bounds, wanted.each)?;
            found.more[0] = page.next.is_some();
            for line in page.lines {
                found.problems.push(problem(tx, &asking, &found.text, line, wanted.excerpts)?);
            }
        }
        if doorstep::sees_some(&asking) {
            let scope = visit_list::scope(tx, &asking.actor)?;
            doorstep_hits(tx, &scope, wanted, &mut found)?;
        }
        Ok::<_, Failure>(found)
    });
    Ok(found.await?)
}

fn doorstep_hits(tx: &mut dyn Tx, scope: &Scope, wanted: Wanted, found: &mut Found) -> Result<(), Failure> {
    if wanted.visits_before.is_none() {
        let filter = subject_list::Filter { text: found.text.clone(), ..subject_list::Filter::default() };
        let mut lines = subject_list::list(tx, scope, &filter, wanted.each + 1)?;
        found.more[2] = lines.len() as i64 > wanted.each;
        lines.truncate(wanted.each as usize);
        found.subjects = lines.into_iter().map(|line| subject(&found.text, line)).collect();
    }
    let (before, text) = (wanted.visits_before.unwrap_or(i64::MAX), &found.text);
    let mut numbers = match scope {
        Scope::All => store::search_visit::find(tx, text, None, before, wanted.each + 1)?,
        Scope::Of(viewers) => {
            let mut numbers = Vec::new();
            for viewer in viewers {
                numbers.extend(store::search_visit::find(tx, text, Some(viewer), before, wanted.each + 1)?);
            }
            numbers.sort_unstable_by_key(|no| std::cmp::Reverse(*no));
            numbers.dedup();
            numbers
        }
    };
    found.more[1] = numbers.len() as i64 > wanted.each;
    numbers.truncate(wanted.each as usize);
    for no in numbers {
        if let Some(it) = store::visit::find_by_no(tx, no)? {
            found.visits.push(visit(&found.text, &it, wanted.excerpts));
        }
    }
    Ok(())
}

fn problem(
    tx: &mut dyn Tx,
    who: &Who,
    text: &str,
    line: store::list::Line,
    excerpts: bool,
) -> Result<Problem, Failure> {
    let terms = domain::search::query(text);
    let title = excerpt::pieces(&line.title, &excerpt::spans(&line.title, &terms));
    let mut shown = Vec::new();
    if excerpts {
        let met = store::order::meet(tx, &who.actor, line.id)?;
        let detail = shield::masked(tx, &met, &met.found.detail)?;
        shown = excerpt::around(&detail, &terms, AROUND);
    }
    Ok(Problem { line, title, excerpt: shown })
}

fn in_name(name: &str, text: &str) -> Vec<Piece> {
    excerpt::pieces(name, &excerpt::spans_of_name(name, &letters::query(text)))
}

fn visit(text: &str, found: &store::visit::Found, excerpts: bool) -> Visit {
    let record = found.visit.record.as_ref().filter(|_| excerpts).map(store::search_visit::text);
    let terms = domain::search::query(text);
    Visit {
        no: found.no,
        day: found.visit.when.day,
        state: found.visit.state.name(),
        subject: in_name(&found.subject, text),
        excerpt: record.map_or(vec![], |it| excerpt::around(&it, &terms, AROUND)),
    }
}

fn subject(text: &str, line: subject_list::Line) -> Subject {
    let terms = domain::search::query(text);
    let mut code = excerpt::spans(&line.code, &terms);
    if code.is_empty()
        && let Some(part) = subject_list::part_of_code(text)
    {
        code.extend(line.code.match_indices(&part).map(|(at, part)| at..at + part.len()));
    }
    Subject {
        name: in_name(&line.name, text),
        code: excerpt::pieces(&line.code, &code),
        address: excerpt::pieces(&line.address, &excerpt::spans(&line.address, &terms)),
        line,
    }
}

/// The problem of a bare number, where its reader sees one.
async fn of_number(app: &Arc<App>, who: &Who, text: &str) -> Result<Option<i64>, Error> {
    let digits = text.trim_start_matches(['#', '＃']);
    let fits = !digits.is_empty() && digits.len() <= 12 && digits.bytes().all(|it| it.is_ascii_digit());
    let (Some(no), actor) = (fits.then(|| digits.parse::<i64>().ok()).flatten(), who.actor.clone()) else {
        return Ok(None);
    };
    match app.db.read(move |tx| store::order::meet_no(tx, &actor, no)).await {
        Ok(met) => Ok(Some(met.found.no)),
        Err(Failure::Refusal(_)) => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}

/// `GET /search`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    let text = text_of(&query);
    let answer = async {
        if let Some(no) = of_number(&app, &who, &text).await? {
            return Ok(Redirect::to(&format!("/problems/{no}")).into_response());
        }
        let visits_before = (query.get("in") == "visits").then(|| query.get("before").parse().unwrap_or(i64::MAX));
        let each = if visits_before.is_some() { VISITS } else { EACH };
        let found = find(&app, &who, text, Wanted { each, excerpts: true, visits_before }).await?;
        Ok::<_, Error>(page::view(&who, &found, visits_before.is_some()).into_response())
    };
    answer.await.unwrap_or_else(|error| error_page(&error, who.lang, auth::request_id(&headers)))
}

/// `GET /search/fast`: a list to choose from while one types, no page.
pub async fn fast(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let text = text_of(&form::fields(query.unwrap_or_default().as_bytes()));
    let answer = async {
        let number = of_number(&app, &who, &text).await?;
        let found = find(&app, &who, text, Wanted { each: FAST, excerpts: false, visits_before: None }).await?;
        Ok::<_, Error>(page::fragment(who.lang, &found, number).into_response())
    };
    answer.await.unwrap_or_else(|error| error_page(&error, who.lang, auth::request_id(&headers)))
}

/// `GET /api/v1/search`
pub async fn json(State(app): State<Arc<App>>, who: Who, RawQuery(query): RawQuery) -> Result<Json<Value>, ApiError> {
    let text = text_of(&form::fields(query.unwrap_or_default().as_bytes()));
    let found = find(&app, &who, text, Wanted { each: EACH, excerpts: false, visits_before: None }).await?;
    let plain = |pieces: &[Piece]| pieces.iter().map(|it| it.text.as_str()).collect::<String>();
    let problems: Vec<Value> = found
        .problems
        .iter()
        .map(|it| problem_json::line(&it.line, &found.directory, &found.terms, found.now))
        .collect();
    let visits: Vec<Value> = found
        .visits
        .iter()
        .map(|it| json!({ "no": it.no, "subject": plain(&it.subject), "day": it.day.to_string(), "state": it.state.code() }))
        .collect();
    let subjects: Vec<Value> = found
        .subjects
        .iter()
        .map(|it| json!({ "id": it.line.id.to_string(), "no": it.line.no, "name": it.line.name, "code": it.line.code }))
        .collect();
    Ok(Json(json!({ "problems": problems, "visits": visits, "subjects": subjects })))
}
