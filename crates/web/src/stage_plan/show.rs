//! One version of a plan, as far as its reader may see it.

use super::desk;
use super::show_page;
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::site;
use crate::ui::slot::{Refused, status};
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::attendance::course::{FiledPlan, PlanState};
use domain::attendance::filing::Names;
use domain::fault::Fault;
use domain::id::PersonId;
use domain::refusal::Refusal;
use domain::site::Tie;
use std::sync::Arc;
use store::site::Site;
use store::terms::Failure;
use store::{Tx, stage_plan};

pub struct Seen {
    pub filed: FiledPlan,
    /// All versions, the newest first.
    pub all: Vec<FiledPlan>,
    /// The one that it is compared with.
    pub before: Option<FiledPlan>,
    /// What the rules find now; promises elsewhere may have changed since it was filed.
    pub troubles: Vec<Fault>,
    pub names: Names,
    pub news: i64,
}

/// `GET /sites/{no}/plans/{version}`
pub async fn html(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((no, version)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let against = form::fields(query.unwrap_or_default().as_bytes()).get("against").parse().ok();
    answer(&app, &who, &headers, (&no, &version), against, None).await
}

pub(super) async fn answer(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    (no, version): (&str, &str),
    against: Option<u32>,
    refused: Option<Refused>,
) -> Response {
    let read = async { Ok::<_, Error>((read(app, who, no, version, against).await?, app.directory().await?)) };
    match read.await {
        Ok(((site, ties, seen), directory)) => {
            let view = show_page::view(who, &directory, &site, &ties, &seen, refused.as_ref(), app.now());
            (status(refused.as_ref()), view).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

async fn read(
    app: &Arc<App>,
    who: &Who,
    no: &str,
    version: &str,
    against: Option<u32>,
) -> Result<(Site, Vec<Tie>, Seen), Error> {
    let version = version.parse::<u32>();
    let (boxes, since) = (who.boxes.clone(), who.read_until);
    site::read(app, who, no, move |tx, deed, site, ties| {
        let Ok(version) = version else { return Err(Refusal::Absent.into()) };
        let filed = stage_plan::find(tx, site.id, version)?.ok_or(Refusal::Absent)?;
        let all: Vec<FiledPlan> =
            stage_plan::list(tx, site.id)?.into_iter().map(|it| as_seen(it, ties, deed.by)).collect();
        let earlier = |it: &&FiledPlan| it.plan.version < version;
        let before = match against {
            Some(n) => all.iter().find(|it| it.plan.version == n && n != version),
            // What was in force before, or what stood in its place while there was none.
            None => all
                .iter()
                .filter(earlier)
                .find(|it| it.state == PlanState::Approved)
                .or_else(|| all.iter().find(earlier)),
        };
        let before = before.cloned();
        let counts =
            site::sees_all(ties) && filed.state != PlanState::Returned && !filed.taken_over && site.ended_at.is_none();
        let troubles = if counts { desk::of_plan(tx, deed, &filed.plan)? } else { vec![] };
        let filed = as_seen(filed, ties, deed.by);
        let named: Vec<&FiledPlan> = before.iter().chain([&filed]).collect();
        let names = names(tx, site, &named)?;
        let news = store::notice::count_new(tx, &boxes, since)?;
        Ok(Seen { filed, all, before, troubles, names, news })
    })
    .await
}

/// Who works at a site and has no other tie to it sees his own lines, and no requirements of others.
pub(super) fn as_seen(it: FiledPlan, ties: &[Tie], reader: Option<PersonId>) -> FiledPlan {
    if site::sees_all(ties) {
        return it;
    }
    let mut own = it;
    own.plan.lines.retain(|line| Some(line.person) == reader);
    own.plan.stages.iter_mut().for_each(|it| it.requirements.clear());
    own
}

/// The names of all whom these versions name or who had a hand in them.
pub(super) fn names(tx: &mut dyn Tx, site: &Site, all: &[&FiledPlan]) -> Result<Names, Failure> {
    let mut names = Names::default();
    names.sites.insert(site.id, site.name.clone());
    let hands = all.iter().flat_map(|it| [Some(it.filed), it.confirmed, it.decided]).flatten().filter_map(|it| it.by);
    let lines = || all.iter().flat_map(|it| &it.plan.lines);
    let of_lines = lines().flat_map(|it| [Some(it.person), it.covers, it.replaces]).flatten();
    let of_needs = all
        .iter()
        .flat_map(|it| &it.plan.stages)
        .flat_map(|it| &it.requirements)
        .flat_map(|it| it.persons.iter().copied());
    for id in hands.chain(of_lines).chain(of_needs) {
        if !names.persons.contains_key(&id)
            && let Some(person) = store::person::find(tx, id)?
        {
            names.persons.insert(id, person.name);
        }
    }
    for id in lines().flat_map(|it| it.excused_by.iter().copied()) {
        if !names.sites.contains_key(&id)
            && let Some(other) = store::site::find(tx, id)?
        {
            names.sites.insert(id, other.name);
        }
    }
    Ok(names)
}
