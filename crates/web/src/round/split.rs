//! The even split: which subjects, shown team by team before anything is assigned, then done exactly as shown.

use super::show;
use super::split_page;
use crate::app::App;
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page, field};
use crate::form;
use crate::ui::field::Typed;
use crate::ui::slot::{Refused, fresh, is_final, status};
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::split_evenly;
use domain::id::{RoundId, SubjectId, TeamId};
use domain::refusal::Refusal;
use domain::subject::Kind;
use std::collections::HashSet;
use std::sync::Arc;
use store::Tx;
use store::campaign::Round;
use store::subject_list::{self, Filter};
use store::team::{self, Team};
use store::visit_list::Scope;

/// More subjects at once come by a file.
const MOST: usize = 2_000;
const PAGE: i64 = 500;

/// What would be done: each team's subjects by number.
pub struct Plan {
    pub parts: Vec<(TeamId, Vec<i64>)>,
}

impl Plan {
    pub fn size(&self) -> usize {
        self.parts.iter().map(|(_, numbers)| numbers.len()).sum()
    }

    /// For the hidden field: `team:1,2,3;team:4,5`.
    pub fn write(&self) -> String {
        let part = |(team, numbers): &(TeamId, Vec<i64>)| {
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            format!("{team}:{}", numbers.join(","))
        };
        self.parts.iter().map(part).collect::<Vec<_>>().join(";")
    }

    fn read(text: &str) -> Option<Plan> {
        let part = |text: &str| {
            let (team, numbers) = text.split_once(':')?;
            let numbers = numbers.split(',').filter(|it| !it.is_empty()).map(|it| it.parse().ok());
            Some((team.parse().ok()?, numbers.collect::<Option<Vec<i64>>>()?))
        };
        let parts = text.split(';').map(part).collect::<Option<Vec<_>>>()?;
        Some(Plan { parts }).filter(|it| it.size() <= MOST)
    }
}

struct Wanted {
    filter: Filter,
    count: usize,
    /// Subjects that have a team in this round keep it.
    rest: bool,
}

fn wanted(query: &Typed) -> Result<Wanted, Error> {
    let text = |name: &str| query.get(name).trim().to_owned();
    let count = match text("count").as_str() {
        "" => MOST,
        given => given.parse().ok().filter(|it| (1..=MOST).contains(it)).ok_or_else(|| Error::Field {
            field: "count",
            zh: format!("请填1到{MOST}的整数；不填就是全部。"),
            en: format!("Write a whole number from 1 to {MOST}; leave it empty for all."),
        })?,
    };
    let filter = Filter {
        kind: Kind::parse(query.get("kind")),
        area: text("area"),
        industry: text("industry"),
        tag: text("tag"),
        ..Filter::default()
    };
    Ok(Wanted { filter, count, rest: query.get("rest") == "yes" })
}

fn assigned(tx: &mut dyn Tx, round: RoundId) -> Result<HashSet<SubjectId>, store::Error> {
    let (mut found, mut after) = (HashSet::new(), 0);
    loop {
        let page = team::list_assigned(tx, round, None, after, 1_000)?;
        let Some(last) = page.last() else { return Ok(found) };
        after = last.no;
        found.extend(page.iter().map(|it| it.subject));
    }
}

fn plan(tx: &mut dyn Tx, round: RoundId, teams: &[Team], wanted: Wanted) -> Result<Plan, store::Error> {
    let kept = if wanted.rest { assigned(tx, round)? } else { HashSet::new() };
    let (mut lines, mut filter) = (Vec::new(), wanted.filter);
    // The register is listed from its end; the first numbers come last.
    loop {
        let page = subject_list::list(tx, &Scope::All, &filter, PAGE)?;
        let Some(last) = page.last() else { break };
        filter.after = Some(last.no);
        lines.extend(page.into_iter().filter(|it| !kept.contains(&it.id)));
    }
    lines.reverse();
    lines.truncate(wanted.count);
    let areas: Vec<&str> = lines.iter().map(|it| it.area.as_str()).collect();
    let mut parts: Vec<(TeamId, Vec<i64>)> = teams.iter().map(|it| (it.id, vec![])).collect();
    for (at, line) in split_evenly(&areas, teams.len()).into_iter().zip(&lines) {
        parts[at].1.push(line.no);
    }
    Ok(Plan { parts })
}

/// `GET /rounds/{no}/split`: the form, and below it what it would do.
pub async fn preview(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    let (round, teams) = match show::to_set_up(&app, &who, &no).await {
        Ok(met) => met,
        Err(error) => return error_page(&error, who.lang, auth::request_id(&headers)),
    };
    if query.0.is_empty() {
        let first = fresh([("kind", "enterprise".to_owned()), ("rest", "yes".to_owned())]);
        return split_page::view(&who, &round, &teams, &first, None, None).into_response();
    }
    match planned(&app, &round, &teams, &query).await {
        Ok(plan) => split_page::view(&who, &round, &teams, &query, Some(&plan), None).into_response(),
        Err(error) => refused(&who, &round, &teams, query, error),
    }
}

async fn planned(app: &Arc<App>, round: &Round, teams: &[Team], query: &Typed) -> Result<Plan, Error> {
    let wanted = wanted(query)?;
    let (id, of) = (round.id, teams.to_vec());
    let plan = app.db.read(move |tx| plan(tx, id, &of, wanted)).await?;
    match plan.size() {
        0 => Err(field(
            "kind",
            "没有符合条件的对象；请放宽条件。已分配的不动时，可能都已分配。",
            "No subject fits; loosen the filter. Where assigned ones stay, all may be assigned already.",
        )),
        _ => Ok(plan),
    }
}

fn refused(who: &Who, round: &Round, teams: &[Team], typed: Typed, error: Error) -> Response {
    let it = Refused::new("split", typed, error);
    (status(Some(&it)), split_page::view(who, round, teams, &it.typed, None, Some(&it))).into_response()
}

/// `POST /rounds/{no}/split`: exactly the plan that was shown; sent twice, it is done once.
pub async fn perform(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let (round, teams) = match show::to_set_up(&app, &who, &no).await {
        Ok(met) => met,
        Err(error) => return error_page(&error, who.lang, auth::request_id(&headers)),
    };
    match carry_out(&app, &who, round.id, &typed).await {
        Ok(()) => Redirect::to(&format!("/rounds/{}", round.no)).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => refused(&who, &round, &teams, typed, error),
    }
}

async fn carry_out(app: &Arc<App>, who: &Who, round: RoundId, typed: &Typed) -> Result<(), Error> {
    let unread = || field("kind", "请先选择对象，看过各组家数。", "Choose the subjects first, and look at the sizes.");
    let plan = Plan::read(typed.get("plan")).ok_or_else(unread)?;
    let rest = typed.get("rest") == "yes";
    doorstep::deed(app, who, move |tx, deed| {
        let kept = if rest { assigned(tx, round)? } else { HashSet::new() };
        let mut given = Vec::new();
        for (team, numbers) in &plan.parts {
            for no in numbers {
                let subject = store::subject::find_by_no(tx, *no)?.ok_or(Refusal::Absent)?;
                // Whoever was assigned by hand since the plan was shown stays where he was put.
                if !kept.contains(&subject.id) {
                    given.push((subject.id, *team));
                }
            }
        }
        if given.is_empty() { Ok(()) } else { team::assign(tx, deed, round, &given) }
    })
    .await
}
