//! Reading one visit with all that its page, its JSON and its minutes show, through its reader's sight.

use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::error::{ApiError, Error, error_page};
use crate::visit::{json, page};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::id::{PersonId, PolicyId, VersionId, VisitId};
use domain::refusal::Refusal;
use domain::role::Actor;
use domain::time::Millis;
use domain::visit::{Record, Visit};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use store::Tx;
use store::campaign::Round;
use store::contact::Contact;
use store::event::Shown;
use store::policy::Policy;
use store::promise::Promise;
use store::questionnaire::Version;
use store::subject::Subject;
use store::terms::Failure;
use store::visit::{Met, Older};

pub enum Which {
    No(i64),
    Id(VisitId),
}

/// Everything the page of one visit shows, read in one snapshot.
pub struct Shows {
    pub met: Met,
    pub subject: Subject,
    pub contacts: Vec<Contact>,
    pub events: Vec<Shown>,
    pub versions: Vec<Older>,
    pub forms: HashMap<VersionId, Version>,
    /// Promises made here, and those that this visit settled or could settle.
    pub promises: Vec<Promise>,
    pub policies: HashMap<PolicyId, Policy>,
    /// Number and title of the problems heard here, as far as the reader sees them.
    pub problems: Vec<(i64, String)>,
    pub hidden: usize,
    pub names: HashMap<PersonId, String>,
    pub round: Option<Round>,
    pub team: Option<String>,
    pub news: i64,
    pub directory: Arc<Directory>,
    pub now: Millis,
}

impl Shows {
    pub fn visit(&self) -> &Visit {
        &self.met.found.visit
    }

    pub fn name(&self, id: PersonId) -> &str {
        self.names.get(&id).map_or("", String::as_str)
    }

    /// Promises that were made on this visit.
    pub fn made(&self) -> impl Iterator<Item = &Promise> {
        self.promises.iter().filter(|it| it.visit_no == self.met.found.no)
    }
}

pub async fn load(app: &Arc<App>, who: &Who, which: Which) -> Result<Shows, Error> {
    let (actor, boxes, since, now) = (who.actor.clone(), who.boxes.clone(), who.read_until, app.now());
    let (master, directory) = (app.terms().master, app.directory().await?);
    let read = app.db.read(move |tx| {
        let mut met = match which {
            Which::No(no) => store::visit::meet_no(tx, &actor, no)?,
            Which::Id(id) => store::visit::meet(tx, &actor, id)?,
        };
        // Read in the order in which the round asks.
        let asked = store::visit::asked(tx, &met.found.visit)?;
        if let Some(record) = &mut met.found.visit.record {
            record.filled.sort_by_key(|filled| asked.iter().position(|it| it.id == filled.version));
        }
        let visit = met.found.visit.clone();
        let versions = store::visit::list_versions(tx, visit.id)?;
        let records: Vec<&Record> = visit.record.iter().chain(versions.iter().map(|it| &it.record)).collect();
        let all = visit.record.as_ref().map(|it| it.problems.len()).unwrap_or_default();
        let problems = problems(tx, &actor, &visit)?;
        let forms = forms(tx, &records)?;
        let names = names(tx, &visit, &records)?;
        Ok::<_, Failure>(Shows {
            subject: store::subject::find(tx, visit.subject)?.ok_or(Refusal::Absent)?,
            contacts: store::contact::list(tx, visit.subject)?,
            events: store::event::timeline(tx, &master, &visit.id.to_string())?,
            forms,
            promises: promises(tx, &visit)?,
            policies: store::policy::list(tx, true)?.into_iter().map(|it| (it.id, it)).collect(),
            hidden: all - problems.len().min(all),
            problems,
            names,
            round: visit.round.map(|id| store::campaign::find_round(tx, id)).transpose()?.flatten(),
            team: visit.team.map(|id| store::team::find(tx, id)).transpose()?.flatten().map(|it| it.name),
            news: store::notice::count_new(tx, &boxes, since)?,
            versions,
            met,
            directory,
            now,
        })
    });
    Ok(read.await?)
}

fn problems(tx: &mut dyn Tx, actor: &Actor, visit: &Visit) -> Result<Vec<(i64, String)>, Failure> {
    let mut seen = Vec::new();
    for id in visit.record.iter().flat_map(|it| &it.problems) {
        match store::order::meet(tx, actor, *id) {
            Ok(met) => seen.push((met.found.no, crate::shield::masked(tx, &met, &met.found.title)?)),
            Err(Failure::Refusal(_)) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(seen)
}

fn forms(tx: &mut dyn Tx, records: &[&Record]) -> Result<HashMap<VersionId, Version>, Failure> {
    let wanted: BTreeSet<VersionId> = records.iter().flat_map(|it| &it.filled).map(|it| it.version).collect();
    let mut forms = HashMap::new();
    for id in wanted {
        forms.extend(store::questionnaire::find_version(tx, id)?.map(|it| (id, it)));
    }
    Ok(forms)
}

fn promises(tx: &mut dyn Tx, visit: &Visit) -> Result<Vec<Promise>, Failure> {
    let mut found = Vec::new();
    for it in visit.record.iter().flat_map(|it| &it.promises) {
        found.extend(store::promise::find(tx, it.id)?);
    }
    found.extend(store::promise::list_for_record(tx, visit)?);
    Ok(found)
}

fn names(tx: &mut dyn Tx, visit: &Visit, records: &[&Record]) -> Result<HashMap<PersonId, String>, Failure> {
    let mut named: BTreeSet<PersonId> = visit.people.iter().copied().chain([visit.officer]).collect();
    for record in records {
        named.extend(record.people.iter().copied().chain(record.promises.iter().map(|it| it.owner)));
    }
    let mut names = HashMap::new();
    for id in named {
        names.extend(store::person::find(tx, id)?.map(|it| (id, it.name)));
    }
    Ok(names)
}

/// `GET /api/v1/visits/{id}`
pub async fn json(State(app): State<Arc<App>>, who: Who, Path(id): Path<String>) -> Result<Json<Value>, ApiError> {
    let id = id.parse().map_err(|_| Error::from(Refusal::Absent))?;
    let shows = load(&app, &who, Which::Id(id)).await?;
    Ok(Json(json::visit(&shows)))
}

/// `GET /visits/{no}`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    match load(&app, &who, Which::No(no.parse().unwrap_or(0))).await {
        Ok(shows) => page::view(&who, &shows, None).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}
