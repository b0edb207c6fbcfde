//! Reading one problem with all that its page, its JSON and its paper show, through its reader's sight.

use crate::app::{App, Directory};
use crate::attachment::shown_name;
use crate::auth::{self, Who};
use crate::error::{ApiError, Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::problem::around::around;
use crate::problem::timeline::Reader;
use crate::problem::{json, page};
use crate::shield;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::access::{self, Party};
use domain::command::CommandName;
use domain::id::{PersonId, ProblemId};
use domain::problem::{Problem, State as Is};
use domain::role::{Actor, Role};
use domain::time::Millis;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use store::attachment::Attachment;
use store::event::Shown;
use store::list::{By, Filter, Line};
use store::look::Look;
use store::order::Met;
use store::person::Person;
use store::reporter::Reporter;
use store::terms::{Failure, Terms};

/// Everything the page of one problem shows, read in one snapshot.
pub struct Shows {
    /// Who looks, where he has an account.
    pub looker: Option<PersonId>,
    pub met: Met,
    pub reporter: Option<Reporter>,
    pub events: Vec<Shown>,
    pub attachments: Vec<Attachment>,
    /// Merged into this one; with its title where the reader sees it.
    pub merged: Vec<(i64, Option<String>)>,
    pub looks: Vec<Look>,
    pub colleagues: Vec<Person>,
    pub leaders: Vec<Person>,
    /// Of those that the state names: assignees, the leader of the board.
    pub names: HashMap<PersonId, String>,
    /// The one into which it was merged, and others of its subject.
    pub into: Option<(i64, Option<String>)>,
    pub siblings: Vec<Line>,
    /// Where it was heard, as far as the reader sees it.
    pub heard: Heard,
    pub news: i64,
    pub directory: Arc<Directory>,
    pub terms: Terms,
    pub now: Millis,
}

/// Number and name of the subject, number of the visit.
#[derive(Default)]
pub struct Heard {
    pub subject: Option<(i64, String)>,
    pub visit: Option<i64>,
}

/// A file as its reader sees it.
pub struct Seen {
    pub id: String,
    pub href: String,
    pub name: String,
    pub picture: bool,
    pub at: Millis,
    /// To the house, who added it.
    pub by: String,
}

pub enum Which {
    No(i64),
    Id(ProblemId),
}

pub async fn load(app: &Arc<App>, who: &Who, which: Which) -> Result<Shows, Error> {
    let (actor, terms, now) = (who.actor.clone(), app.terms(), app.now());
    let (boxes, since, master) = (who.boxes.clone(), who.read_until, terms.master.clone());
    let supervises = who.has(Role::Supervision);
    type Names = HashMap<PersonId, String>;
    type Read = (
        Met,
        Option<Reporter>,
        Vec<Shown>,
        Vec<Attachment>,
        Vec<(i64, Option<String>)>,
        Vec<Look>,
        Vec<Person>,
        Vec<Person>,
        Names,
        Heard,
        Related,
        i64,
    );
    type Related = (Option<(i64, Option<String>)>, Vec<Line>);
    let bounds = domain::light::bounds(now, &terms.calendar);
    let (met, reporter, events, attachments, merged, looks, colleagues, leaders, names, heard, related, news) = app
        .db
        .read(move |tx| -> Result<Read, Failure> {
            let met = match which {
                Which::No(no) => store::order::meet_no(tx, &actor, no)?,
                Which::Id(id) => store::order::meet(tx, &actor, id)?,
            };
            let (id, state) = (met.found.problem.id, met.found.problem.state.name());
            let reporter = met.found.problem.reporter.map(|id| store::reporter::find(tx, id)).transpose()?.flatten();
            let events = store::event::timeline(tx, &master, &id.to_string())?;
            let steps = access::steps(&met.parties, state);
            let own_unit = met.parties.iter().find_map(unit_of);
            let colleagues = match own_unit.filter(|_| steps.contains(&CommandName::Assign)) {
                Some(unit) => store::person::list_of_unit(tx, unit)?,
                None => vec![],
            };
            let leaders = if steps.contains(&CommandName::Board) {
                store::person::list_of_role(tx, Role::Leader)?
            } else {
                vec![]
            };
            let looks = if supervises { store::look::list(tx, &id.to_string(), 50)? } else { vec![] };
            let merged = if access::sees_internal(&met.parties) { merged_into(tx, &actor, id)? } else { vec![] };
            let attachments = store::attachment::list(tx, id, 200)?;
            let mut named = persons_of(&met.found.problem, &events);
            named.extend(attachments.iter().filter_map(|it| it.by));
            let mut names = Names::new();
            for id in named {
                names.extend(store::person::find(tx, id)?.map(|it| (id, it.name)));
            }
            let news = store::notice::count_new(tx, &boxes, since)?;
            let heard = heard(tx, &actor, &met)?;
            let related = (into(tx, &actor, &met)?, siblings(tx, &actor, &met, now, &bounds)?);
            Ok((met, reporter, events, attachments, merged, looks, colleagues, leaders, names, heard, related, news))
        })
        .await?;
    // Looking at somebody who asked to be shielded is logged before he is shown.
    let p = &met.found.problem;
    if p.shielded && access::sees_reporter(p, &met.parties) && !met.parties.contains(&Party::Reporter) {
        let (by, thing) = (who.person(), p.id.to_string());
        app.db.write(move |tx| store::look::insert(tx, by, &thing, "shielded-reporter", now)).await?;
    }
    let (into, siblings) = related;
    Ok(Shows {
        looker: who.person(),
        into,
        siblings,
        met,
        reporter,
        events,
        attachments,
        merged,
        looks,
        colleagues,
        leaders,
        names,
        heard,
        news,
        directory: app.directory().await?,
        terms,
        now,
    })
}

/// Who may not know the reporter does not learn it from where it was heard.
fn heard(tx: &mut dyn store::Tx, actor: &Actor, met: &Met) -> Result<Heard, Failure> {
    let p = &met.found.problem;
    let mut heard = Heard::default();
    if !access::sees_reporter(p, &met.parties) {
        return Ok(heard);
    }
    if let Some(id) = p.subject {
        let scope = store::visit_list::scope(tx, actor)?;
        if store::visit_list::sees_subject(tx, actor, &scope, id)? {
            heard.subject = store::subject::find(tx, id)?.map(|it| (it.no, it.card.name));
        }
    }
    if let Some(id) = p.visit {
        heard.visit = match store::visit::meet(tx, actor, id) {
            Ok(met) => Some(met.found.no),
            Err(Failure::Refusal(_)) => None,
            Err(failure) => return Err(failure),
        };
    }
    Ok(heard)
}

fn persons_of(p: &Problem, events: &[Shown]) -> BTreeSet<PersonId> {
    let parts = p.state.case().into_iter().flat_map(|case| case.parts());
    let assigned = events
        .iter()
        .filter(|it| it.body.kind == "assigned")
        .filter_map(|it| it.body.data.get("to")?.as_str()?.parse().ok());
    parts.filter_map(|part| part.assignee).chain(p.board.as_ref().map(|board| board.leader)).chain(assigned).collect()
}

/// A title is shown to those who see that problem itself, and without the reporter where he is shielded from them.
fn merged_into(tx: &mut dyn store::Tx, actor: &Actor, id: ProblemId) -> Result<Vec<(i64, Option<String>)>, Failure> {
    let mut merged = Vec::new();
    for (no, title) in store::problem::list_merged_into(tx, id)? {
        let title = match store::order::meet_no(tx, actor, no) {
            Ok(met) => Some(shield::masked(tx, &met, &title)?),
            Err(Failure::Refusal(_)) => None,
            Err(failure) => return Err(failure),
        };
        merged.push((no, title));
    }
    Ok(merged)
}

/// Of the house alone: to a reporter it is told in the words of the merge.
fn into(tx: &mut dyn store::Tx, actor: &Actor, met: &Met) -> Result<Option<(i64, Option<String>)>, Failure> {
    let Is::Merged { into, .. } = &met.found.problem.state else { return Ok(None) };
    if !access::sees_internal(&met.parties) {
        return Ok(None);
    }
    match store::order::meet(tx, actor, *into) {
        Ok(other) => {
            let title = shield::masked(tx, &other, &other.found.title)?;
            Ok(Some((other.found.no, Some(title))))
        }
        Err(Failure::Refusal(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

const SIBLINGS: i64 = 6;

/// Through the reader's own list; to whom the reporter is hidden, his other problems are too.
fn siblings(
    tx: &mut dyn store::Tx,
    actor: &Actor,
    met: &Met,
    now: Millis,
    bounds: &domain::light::Bounds,
) -> Result<Vec<Line>, Failure> {
    let p = &met.found.problem;
    if p.subject.is_none() || !access::sees_reporter(p, &met.parties) {
        return Ok(vec![]);
    }
    let filter = Filter { by: By::Newest, subject: p.subject, ..Filter::default() };
    let mut lines = store::list::list(tx, &access::scope(actor), &filter, now, bounds, SIBLINGS)?;
    lines.retain(|it| it.id != p.id);
    Ok(lines)
}

fn unit_of(party: &Party) -> Option<domain::id::UnitId> {
    match party {
        Party::LeadHead(unit) | Party::LeadClerk(unit) | Party::SupportHead(unit) | Party::SupportClerk(unit) => {
            Some(*unit)
        }
        _ => None,
    }
}

impl Shows {
    pub fn problem(&self) -> &Problem {
        &self.met.found.problem
    }

    pub fn named(&self) -> bool {
        access::sees_reporter(self.problem(), &self.met.parties)
    }

    pub fn reader(&self, lang: Lang) -> Reader<'_> {
        let internal = access::sees_internal(&self.met.parties);
        Reader { lang, internal, names: &self.names, masked: self.reporter.as_ref().filter(|_| !self.named()) }
    }

    /// The files that the reader sees, under the names that he reads.
    pub fn files(&self) -> Vec<Seen> {
        let internal = access::sees_internal(&self.met.parties);
        let shown = |it: &&(usize, &Attachment)| it.1.shown_to(self.problem(), &self.met.parties, self.looker);
        let seen = |(i, it): (usize, &Attachment)| Seen {
            id: it.id.to_string(),
            href: format!("/attachments/{}", it.id),
            name: shown_name(it, i, &self.met),
            picture: it.media.starts_with("image/"),
            at: it.at,
            by: it.by.filter(|_| internal).and_then(|id| self.names.get(&id)).cloned().unwrap_or_default(),
        };
        self.attachments.iter().enumerate().filter(|it| shown(&it)).map(seen).collect()
    }

    pub fn shown<'t>(&'t self, text: &'t str) -> String {
        self.reporter.as_ref().filter(|_| !self.named()).map_or_else(|| text.to_owned(), |it| it.mask(text))
    }
}

/// `GET /api/v1/problems/{id}`
pub async fn json(State(app): State<Arc<App>>, who: Who, Path(id): Path<String>) -> Result<Json<Value>, ApiError> {
    let id = id.parse().map_err(|_| Error::from(domain::refusal::Refusal::NotFound))?;
    let shows = load(&app, &who, Which::Id(id)).await?;
    Ok(Json(json::problem(&shows.met, shows.reporter.as_ref(), &shows.directory, &shows.terms, shows.now)))
}

/// `GET /api/v1/problems/{id}/events`
pub async fn events(State(app): State<Arc<App>>, who: Who, Path(id): Path<String>) -> Result<Json<Value>, ApiError> {
    let id = id.parse().map_err(|_| Error::from(domain::refusal::Refusal::NotFound))?;
    let shows = load(&app, &who, Which::Id(id)).await?;
    let reader = shows.reader(who.lang);
    let events: Vec<Value> = shows
        .events
        .iter()
        .filter(|it| reader.sees(&it.body.kind))
        .map(|it| {
            json!({
                "seq": it.body.seq,
                "event": it.body.kind,
                "at": it.body.at.rfc3339(),
                "written_at": it.body.written.rfc3339(),
                "by": if reader.internal { json!(it.by_name) } else { Value::Null },
                "as": if reader.internal { json!(it.body.party) } else { Value::Null },
                "state": it.body.state,
                "data": if reader.internal { reader.data(&it.body.data) } else { Value::Null },
                "texts": if reader.internal { reader.data(&json!(it.said.as_ref().map(|said| &said.texts))) } else { Value::Null },
                "words": reader.words(it),
                "erased": it.said.is_none(),
            })
        })
        .collect();
    Ok(Json(json!({ "events": events })))
}

/// `GET /problems/{no}`
pub async fn html(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let (no, query) = (no.parse().unwrap_or(0), form::fields(query.unwrap_or_default().as_bytes()));
    let shows = load(&app, &who, Which::No(no)).await;
    let around = around(&app, &who, &headers, &query, no).await;
    match shows.and_then(|shows| Ok((shows, around?))) {
        Ok((shows, around)) => page::view(&who, &shows, around.as_ref()).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}
