//! Assignments 包联 by hand: subjects to a team, out of the round, or all of one team's to another.

use super::show;
use super::team::finish;
use crate::app::App;
use crate::auth::Who;
use crate::doorstep;
use crate::error::{Error, field};
use crate::form;
use crate::ui::field::Typed;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::fault::Fault;
use domain::id::{RoundId, SubjectId, TeamId};
use domain::refusal::Refusal;
use std::sync::Arc;
use store::team::{self, Team};
use store::terms::{Deed, Failure};
use store::{Tx, subject};

/// More at once come by a file or an even split.
const MOST: usize = 500;

/// `POST /rounds/{no}/assignments`
pub async fn assign(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let done = by_hand(&app, &who, &no, &typed).await;
    finish(&app, &who, &headers, &no, "assign", typed, done).await
}

/// The numbers ticked in the list and those typed.
fn numbers(typed: &Typed) -> Result<Vec<i64>, Error> {
    let divided = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；');
    let texts = typed.get("subjects").split(divided).chain(typed.all("subject")).map(str::trim);
    let (mut numbers, mut wrong) = (Vec::new(), Vec::new());
    for text in texts.filter(|it| !it.is_empty()) {
        match text.trim_start_matches('#').parse::<i64>() {
            Ok(no) if !numbers.contains(&no) => numbers.push(no),
            Ok(_) => {}
            Err(_) => wrong.push(text.chars().take(20).collect::<String>()),
        }
    }
    let said = |zh: String, en: String| Err(Error::Field { field: "subjects", zh, en });
    if let [first, ..] = wrong.as_slice() {
        return said(
            format!("“{first}”不是编号；编号在走访对象名单里。"),
            format!("\"{first}\" is no number; the numbers stand in the register."),
        );
    }
    if numbers.is_empty() {
        return said("请填写编号，或在列表里勾选。".into(), "Type the numbers, or tick them in the list.".into());
    }
    if numbers.len() > MOST {
        return said(
            format!("一次最多{MOST}个，现有{}个；请用均分或文件。", numbers.len()),
            format!("At most {MOST} at once; there are {}. Use the even split or a file.", numbers.len()),
        );
    }
    Ok(numbers)
}

fn chosen(typed: &Typed, name: &'static str, teams: &[Team]) -> Result<TeamId, Error> {
    let given = typed.get(name).parse::<TeamId>().ok().filter(|id| teams.iter().any(|it| it.id == *id));
    given.ok_or_else(|| field(name, "请选择走访组。", "Choose the team."))
}

async fn by_hand(app: &Arc<App>, who: &Who, no: &str, typed: &Typed) -> Result<(), Error> {
    let (round, teams) = show::to_set_up(app, who, no).await?;
    let numbers = numbers(typed)?;
    if typed.get("do") == "remove" {
        return doorstep::deed(app, who, move |tx, deed| remove(tx, deed, round.id, &numbers)).await;
    }
    let team = chosen(typed, "team", &teams)?;
    doorstep::deed(app, who, move |tx, deed| {
        let given: Vec<(SubjectId, TeamId)> = known(tx, &numbers)?.into_iter().map(|id| (id, team)).collect();
        team::assign(tx, deed, round.id, &given)
    })
    .await
}

fn listed(numbers: &[i64]) -> (String, String) {
    let texts: Vec<String> = numbers.iter().take(20).map(ToString::to_string).collect();
    (texts.join("、"), texts.join(", "))
}

/// The subjects with these numbers; all that are not in the register are named.
fn known(tx: &mut dyn Tx, numbers: &[i64]) -> Result<Vec<SubjectId>, Failure> {
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    for no in numbers {
        match subject::find_by_no(tx, *no)? {
            Some(it) => found.push(it.id),
            None => unknown.push(*no),
        }
    }
    if unknown.is_empty() {
        return Ok(found);
    }
    let (zh, en) = listed(&unknown);
    let fault = Fault::new(
        "subjects",
        format!("没有编号为{zh}的走访对象；请改正后再提交。"),
        format!("There is no subject with the number {en}; correct it and submit again."),
    );
    Err(Refusal::Faults(vec![fault]).into())
}

/// All or none: what was visited in the round stays in it.
fn remove(tx: &mut dyn Tx, deed: &Deed, round: RoundId, numbers: &[i64]) -> Result<(), Failure> {
    let mut visited = Vec::new();
    for (subject, no) in known(tx, numbers)?.into_iter().zip(numbers) {
        let there = team::list_assigned(tx, round, None, no - 1, 1)?.into_iter().find(|it| it.no == *no);
        match there {
            Some(it) if it.visits > 0 => visited.push(*no),
            Some(_) => drop(team::unassign(tx, deed, round, subject)?),
            // A form sent twice has done its work the first time.
            None => {}
        }
    }
    if visited.is_empty() {
        return Ok(());
    }
    let (zh, en) = listed(&visited);
    let fault = Fault::new(
        "subjects",
        format!("{zh}在本轮已经走访过，不能移出；可以改派给别的走访组。"),
        format!("{en} was visited in this round and stays in it; it can be assigned to another team."),
    );
    Err(Refusal::Faults(vec![fault]).into())
}

/// `POST /rounds/{no}/handover`
pub async fn hand_over(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let done = pass_on(&app, &who, &no, &typed).await;
    finish(&app, &who, &headers, &no, "handover", typed, done).await
}

async fn pass_on(app: &Arc<App>, who: &Who, no: &str, typed: &Typed) -> Result<(), Error> {
    let (round, teams) = show::to_set_up(app, who, no).await?;
    let (from, to) = (chosen(typed, "from", &teams)?, chosen(typed, "to", &teams)?);
    if from == to {
        return Err(field("to", "请选择另一个走访组。", "Choose another team."));
    }
    doorstep::deed(app, who, move |tx, deed| team::hand_over(tx, deed, round.id, from, to).map(|_| ())).await
}
