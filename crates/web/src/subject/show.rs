//! Reading one subject with all that its page and its JSON show, through its reader's sight.

use super::page;
use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page};
use crate::ui::slot::{Refused, status};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::access;
use domain::id::{PersonId, SubjectId};
use domain::light;
use domain::promise;
use domain::refusal::Refusal;
use domain::role::Actor;
use domain::time::Millis;
use std::sync::Arc;
use store::campaign::Round;
use store::contact::Contact;
use store::list::{By, Filter};
use store::promise::Promise;
use store::questionnaire::Past;
use store::subject::{self, Subject};
use store::tally::Finding;
use store::team::Team;
use store::terms::{Failure, Terms};
use store::{Tx, visit_list};

/// How many rows of each kind stand on the page; a link leads to all of them.
pub(super) const SHOWN: i64 = 20;

/// Everything the page of one subject shows, read in one snapshot.
pub struct Shows {
    pub subject: Subject,
    pub officer: Option<String>,
    pub contacts: Vec<Contact>,
    pub rounds: Vec<(Round, Team)>,
    /// Of the team of the newest round.
    pub members: Vec<(PersonId, String)>,
    pub visits: Vec<visit_list::Line>,
    pub past: Vec<Past>,
    pub findings: Vec<Finding>,
    /// Open ones first.
    pub promises: Vec<Promise>,
    pub problems: Vec<store::list::Line>,
    pub news: i64,
    pub directory: Arc<Directory>,
    pub terms: Terms,
    pub now: Millis,
}

pub enum Which {
    No(i64),
    Id(SubjectId),
}

/// The subject, if `actor` sees it.
fn meet(tx: &mut dyn Tx, actor: &Actor, which: &Which) -> Result<(Subject, visit_list::Scope), Failure> {
    let found = match which {
        Which::No(no) => subject::find_by_no(tx, *no)?,
        Which::Id(id) => subject::find(tx, *id)?,
    };
    let found = found.ok_or(Refusal::Absent)?;
    let scope = visit_list::scope(tx, actor)?;
    match visit_list::sees_subject(tx, actor, &scope, found.id)? {
        true => Ok((found, scope)),
        false => Err(Refusal::Absent.into()),
    }
}

pub(super) async fn find(app: &Arc<App>, who: &Who, which: Which) -> Result<Subject, Error> {
    doorstep::look(who)?;
    let actor = who.actor.clone();
    Ok(app.db.read(move |tx| meet(tx, &actor, &which).map(|(subject, _)| subject)).await?)
}

pub async fn load(app: &Arc<App>, who: &Who, which: Which) -> Result<Shows, Error> {
    doorstep::look(who)?;
    let (actor, terms, now, directory) = (who.actor.clone(), app.terms(), app.now(), app.directory().await?);
    let (boxes, since) = (who.boxes.clone(), who.read_until);
    let shows = app
        .db
        .read(move |tx| {
            let (subject, scope) = meet(tx, &actor, &which)?;
            let id = subject.id;
            let visits =
                visit_list::list(tx, &scope, &visit_list::Filter { subject: Some(id), ..Default::default() }, 100)?;
            let seen = |no: i64| scope == visit_list::Scope::All || visits.iter().any(|it| it.no == no);
            let past =
                store::questionnaire::list_of_subject(tx, id)?.into_iter().filter(|it| seen(it.visit_no)).collect();
            let findings = store::tally::list_findings_of(tx, id, SHOWN)?;
            let findings = findings.into_iter().filter(|it| seen(it.visit_no)).collect();
            let mut promises = store::promise::list_of_subject(tx, id, 100)?;
            promises.sort_by_key(|it| (it.state != promise::State::Open, it.due));
            let bounds = light::bounds(now, &terms.calendar);
            let of_it = Filter { subject: Some(id), by: By::Newest, ..Filter::default() };
            let problems = store::list::list(tx, &access::scope(&actor), &of_it, now, &bounds, SHOWN)?;
            let rounds = store::team::list_of_subject(tx, id)?;
            let members = match rounds.first() {
                Some((_, team)) => store::team::members(tx, team.id)?,
                None => vec![],
            };
            let officer = subject.card.officer.map(|it| store::person::find(tx, it)).transpose()?.flatten();
            Ok::<_, Failure>(Shows {
                officer: officer.map(|it| it.name),
                contacts: store::contact::list(tx, id)?,
                rounds,
                members,
                past,
                findings,
                promises,
                problems,
                news: store::notice::count_new(tx, &boxes, since)?,
                subject,
                visits,
                directory,
                terms,
                now,
            })
        })
        .await?;
    Ok(shows)
}

/// `GET /subjects/{no}`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    answer(&app, &who, &headers, &no, None).await
}

/// The page with a form of it that was not taken.
pub(super) async fn again(app: &Arc<App>, who: &Who, headers: &HeaderMap, no: &str, refused: Refused) -> Response {
    answer(app, who, headers, no, Some(refused)).await
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, no: &str, refused: Option<Refused>) -> Response {
    match load(app, who, Which::No(no.parse().unwrap_or(0))).await {
        Ok(shows) => (status(refused.as_ref()), page::view(who, &shows, refused.as_ref())).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}
