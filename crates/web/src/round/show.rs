//! Reading one round with its teams, their coverage and their subjects, through its reader's sight.

use super::page;
use super::picture::{self, Pictured};
use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page};
use crate::form;
use crate::ui::field::Typed;
use crate::ui::slot::{Refused, status};
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::id::{PersonId, TeamId};
use domain::refusal::Refusal;
use domain::role::{Actor, Role};
use domain::time::Millis;
use domain::visit::{self, StateName};
use std::collections::HashMap;
use std::sync::Arc;
use store::Tx;
use store::campaign::{self, Campaign, Round};
use store::person::Person;
use store::questionnaire::Version;
use store::team::{self, Assigned, Coverage, Team};
use store::terms::Failure;

pub(super) const PAGE: i64 = 50;

/// What only the office's forms need.
#[derive(Default)]
pub struct Setup {
    pub officers: Vec<Person>,
    pub questionnaires: Vec<Version>,
}

/// Everything the page of a round shows, read in one snapshot.
pub struct Shows {
    pub campaign: Campaign,
    pub round: Round,
    /// Those that its reader sees.
    pub teams: Vec<Team>,
    /// The team that was asked for, if one was, with its members.
    pub chosen: Option<(TeamId, Vec<(PersonId, String)>)>,
    /// Count and first names of each team.
    pub members: HashMap<TeamId, (i64, Vec<String>)>,
    pub coverage: HashMap<TeamId, Coverage>,
    pub picture: Pictured,
    pub subjects: Vec<Assigned>,
    pub next: Option<i64>,
    /// How many visits stand in each state; only for those who see them all.
    pub visits: Vec<(StateName, i64)>,
    pub asked: Vec<Version>,
    pub setup: Option<Setup>,
    pub all: bool,
    pub directory: Arc<Directory>,
    pub news: i64,
    pub now: Millis,
}

impl Shows {
    pub fn team(&self, id: TeamId) -> Option<&Team> {
        self.teams.iter().find(|it| it.id == id)
    }
}

/// The round with those of its teams that `actor` sees; out of sight where that is none.
pub fn meet(tx: &mut dyn Tx, actor: &Actor, no: &str) -> Result<(Round, Vec<Team>), Failure> {
    let found = match no.parse() {
        Ok(id) => campaign::find_round(tx, id)?,
        Err(_) => campaign::find_round_by_no(tx, no.parse().unwrap_or(0))?,
    };
    let round = found.ok_or(Refusal::Absent)?;
    let teams = team::list(tx, round.id)?;
    if visit::sees_all(actor) {
        return Ok((round, teams));
    }
    let own = team::list_of_actor(tx, actor)?;
    let teams: Vec<Team> = teams.into_iter().filter(|it| own.iter().any(|mine| mine.id == it.id)).collect();
    if teams.is_empty() { Err(Refusal::Absent.into()) } else { Ok((round, teams)) }
}

/// For what the office does to a round: first whether it is there for who asks, then whether he may.
pub(super) async fn to_set_up(app: &Arc<App>, who: &Who, no: &str) -> Result<(Round, Vec<Team>), Error> {
    doorstep::look(who)?;
    let (actor, no) = (who.actor.clone(), no.to_owned());
    let met = app.db.read(move |tx| meet(tx, &actor, &no)).await?;
    doorstep::set_up(who)?;
    Ok(met)
}

fn subjects(
    tx: &mut dyn Tx,
    round: &Round,
    teams: &[Team],
    all: bool,
    query: &Typed,
) -> Result<(Vec<Assigned>, Option<i64>), Failure> {
    let after = query.get("after").parse().unwrap_or(0);
    let visited = match query.get("visited") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let wanted: Option<TeamId> = query.get("team").parse().ok().filter(|id| teams.iter().any(|it| it.id == *id));
    let mut found = Vec::new();
    match (wanted, all) {
        (None, true) => found.extend(team::list_covered(tx, round.id, None, visited, after, PAGE + 1)?),
        (Some(team), _) => found.extend(team::list_covered(tx, round.id, Some(team), visited, after, PAGE + 1)?),
        // Most officers are in one team.
        (None, false) => {
            for team in teams {
                found.extend(team::list_covered(tx, round.id, Some(team.id), visited, after, PAGE + 1)?);
            }
            found.sort_by_key(|it| it.no);
        }
    }
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    let next = found.last().filter(|_| more).map(|it| it.no);
    Ok((found, next))
}

async fn load(app: &Arc<App>, who: &Who, no: &str, query: Typed) -> Result<Shows, Error> {
    doorstep::look(who)?;
    let (actor, now, directory, no) = (who.actor.clone(), app.now(), app.directory().await?, no.to_owned());
    let (boxes, since) = (who.boxes.clone(), who.read_until);
    let (all, office) = (doorstep::sees_all(who), doorstep::sets_up(who));
    let shows = app.db.read(move |tx| {
        let (round, teams) = meet(tx, &actor, &no)?;
        let (subjects, next) = subjects(tx, &round, &teams, all, &query)?;
        let counted = if all { store::tally::visits(tx, round.id)? } else { Default::default() };
        let chosen = match query.get("team").parse().ok().filter(|id| teams.iter().any(|it| it.id == *id)) {
            Some(id) => Some((id, team::members(tx, id)?)),
            None => None,
        };
        let setup = match office {
            true => Some(Setup {
                officers: match &chosen {
                    Some(_) => store::person::list_of_role(tx, Role::Officer)?,
                    None => vec![],
                },
                questionnaires: store::questionnaire::list(tx)?,
            }),
            false => None,
        };
        Ok::<_, Failure>(Shows {
            chosen,
            campaign: campaign::find(tx, round.campaign)?.ok_or(Refusal::Absent)?,
            members: team::members_of_round(tx, round.id)?,
            coverage: team::coverage(tx, round.id)?,
            picture: picture::read_of(tx, round.clone(), teams.clone())?,
            visits: counted.into_iter().filter_map(|(code, count)| Some((StateName::parse(&code)?, count))).collect(),
            asked: store::questionnaire::list_of_round(tx, round.id)?,
            news: store::notice::count_new(tx, &boxes, since)?,
            round,
            teams,
            subjects,
            next,
            setup,
            all,
            directory,
            now,
        })
    });
    shows.await.map_err(Error::from)
}

/// `GET /rounds/{no}`
pub async fn html(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    answer(&app, &who, &headers, &no, query, None).await
}

/// The page with a form of it that was not taken.
pub(super) async fn again(app: &Arc<App>, who: &Who, headers: &HeaderMap, no: &str, refused: Refused) -> Response {
    answer(app, who, headers, no, Typed::default(), Some(refused)).await
}

async fn answer(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    no: &str,
    query: Typed,
    refused: Option<Refused>,
) -> Response {
    // The form of a team's members that was refused stands on the page of that team.
    let refused_team = refused.as_ref().filter(|it| it.form == "members").map(|it| it.typed.get("team").to_owned());
    let asked = refused_team.map_or(query.clone(), |team| Typed(vec![("team".into(), team)]));
    match load(app, who, no, asked).await {
        Ok(shows) => (status(refused.as_ref()), page::view(who, &shows, &query, refused.as_ref())).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}
