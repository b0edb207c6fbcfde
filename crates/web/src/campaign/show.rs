//! Reading one campaign with its rounds and the numbers so far.

use super::chart::{self, Campaigned};
use super::page;
use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page};
use crate::round::picture::{self, Pictured};
use crate::ui::slot::{Refused, status};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::id::CampaignId;
use domain::refusal::Refusal;
use domain::time::Millis;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Tx;
use store::campaign::{self, Campaign, Round};
use store::policy::Policy;
use store::tally::{self, Count};
use store::team::{self, Coverage};
use store::terms::Failure;

/// What was counted in a campaign; only for those who see every row behind it.
pub struct Numbers {
    pub problems: Vec<Count>,
    pub findings: BTreeMap<String, i64>,
    pub promises: BTreeMap<String, i64>,
    pub policies: Vec<(Policy, i64)>,
    pub visit_cells: BTreeMap<String, i64>,
    pub problem_cells: BTreeMap<String, i64>,
}

pub struct Shows {
    pub campaign: Campaign,
    /// With what its reader's teams are assigned and have visited.
    pub rounds: Vec<(Round, Coverage)>,
    pub numbers: Option<Numbers>,
    pub charts: Option<Campaigned>,
    /// The round that began last, as a picture.
    pub picture: Option<Pictured>,
    pub directory: Arc<Directory>,
    pub news: i64,
    pub now: Millis,
}

pub enum Which {
    No(i64),
    Id(CampaignId),
}

impl Which {
    pub fn read(no: &str) -> Which {
        no.parse().map_or_else(|_| Which::No(no.parse().unwrap_or(0)), Which::Id)
    }
}

pub fn find(tx: &mut dyn Tx, which: &Which) -> Result<Campaign, Failure> {
    let found = match which {
        Which::No(no) => campaign::find_by_no(tx, *no)?,
        Which::Id(id) => campaign::find(tx, *id)?,
    };
    found.ok_or_else(|| Refusal::Absent.into())
}

/// The sums over those teams that are seen; nothing where none is.
pub fn sum<'c>(coverage: impl Iterator<Item = &'c Coverage>) -> Coverage {
    coverage.fold(Coverage::default(), |sum, it| Coverage {
        assigned: sum.assigned + it.assigned,
        visited: sum.visited + it.visited,
        visits: sum.visits + it.visits,
    })
}

fn numbers(tx: &mut dyn Tx, id: CampaignId) -> Result<Numbers, Failure> {
    let counts = store::policy::counts(tx, id)?;
    let policies = store::policy::list(tx, true)?.into_iter().filter_map(|it| {
        let count = counts.get(&it.id).copied()?;
        Some((it, count))
    });
    Ok(Numbers {
        policies: policies.collect(),
        problems: tally::problems(tx, id)?,
        findings: tally::findings(tx, id)?,
        promises: tally::promises(tx, id)?,
        visit_cells: tally::grid(tx, id, "visit")?,
        problem_cells: tally::grid(tx, id, "problem")?,
    })
}

pub async fn load(app: &Arc<App>, who: &Who, which: Which) -> Result<Shows, Error> {
    doorstep::look(who)?;
    let calendar = app.terms().calendar;
    let (actor, all, now, directory) = (who.actor.clone(), doorstep::sees_all(who), app.now(), app.directory().await?);
    let (boxes, since) = (who.boxes.clone(), who.read_until);
    let shows = app
        .db
        .read(move |tx| {
            let campaign = find(tx, &which)?;
            let own = if all { vec![] } else { team::list_of_actor(tx, &actor)? };
            let mut rounds = Vec::new();
            for round in campaign::list_rounds(tx, campaign.id)? {
                if !all && !own.iter().any(|it| it.round == round.id) {
                    continue;
                }
                let coverage = team::coverage(tx, round.id)?;
                let seen = coverage.iter().filter(|(team, _)| all || own.iter().any(|it| it.id == **team));
                let sum = sum(seen.map(|(_, it)| it));
                rounds.push((round, sum));
            }
            let numbers = if all { Some(numbers(tx, campaign.id)?) } else { None };
            let bounds = domain::light::bounds(now, &calendar);
            let charts = if all { Some(chart::read(tx, campaign.clone(), &bounds, &calendar)?) } else { None };
            let begun =
                rounds.iter().map(|(it, _)| it).filter(|it| it.from <= now.day()).max_by_key(|it| (it.from, it.no));
            let picture = match begun.or(rounds.first().map(|it| &it.0)).filter(|_| all) {
                Some(round) => Some(picture::read(tx, round.clone())?),
                None => None,
            };
            let news = store::notice::count_new(tx, &boxes, since)?;
            Ok::<_, Failure>(Shows { campaign, rounds, numbers, charts, picture, directory, news, now })
        })
        .await?;
    Ok(shows)
}

/// `GET /campaigns/{no}`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    answer(&app, &who, &headers, Which::read(&no), None).await
}

/// The page with the form of a round that was not taken.
pub async fn again(app: &Arc<App>, who: &Who, headers: &HeaderMap, which: Which, refused: Refused) -> Response {
    answer(app, who, headers, which, Some(refused)).await
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, which: Which, refused: Option<Refused>) -> Response {
    match load(app, who, which).await {
        Ok(shows) => (status(refused.as_ref()), page::view(who, &shows, refused.as_ref())).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}
