//! Planning a visit: find the subject, say when and who comes along.

use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{ApiError, Error, error_page};
use crate::form;
use crate::problem::report::read_json;
use crate::ui::field::{Form, Typed, closed, error_list, error_summary};
use crate::ui::page::{Frame, page};
use crate::ui::part::{said, tongue};
use crate::visit::field;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::fault::Fault;
use domain::id::{PersonId, RoundId, SubjectId, UnitId, VisitId};
use domain::refusal::Refusal;
use domain::role::{Actor, Hat, Role};
use domain::visit::{self, Plan, Purpose, When};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Tx;
use store::campaign::Round;
use store::subject::Subject;
use store::subject_list::Line;
use store::team::Team;
use store::terms::Failure;
use store::unit::Unit;
use store::visit::Found;
use store::visit_list::{self, Filter, Scope};

/// Visits of others this near are shown: an enterprise shall not be asked the same twice in a fortnight.
const NEAR_DAYS: i64 = 14;

/// What planning a visit to one subject may choose from.
struct Ground {
    subject: Subject,
    /// Rounds in which it is assigned to a team that the actor may plan for.
    rounds: Vec<(Round, Team)>,
    people: Vec<(PersonId, String)>,
    /// Visits near this day, each with the name of its unit.
    near: Vec<(visit_list::Line, Unit)>,
    /// As whom the actor goes, and of which unit.
    own: (PersonId, UnitId),
}

/// His own hat before one of somebody he stands in for.
fn hat(actor: &Actor) -> Option<&Hat> {
    let able = |hat: &&Hat| matches!(hat.role, Role::Officer | Role::Leader | Role::Office);
    let own = |hat: &&Hat| Some(hat.of) == actor.person();
    let mut hats: Vec<&Hat> = actor.hats().iter().filter(able).collect();
    hats.sort_by_key(|hat| (!own(hat), hat.role != Role::Officer));
    hats.first().copied()
}

fn ground(
    tx: &mut dyn Tx,
    actor: &Actor,
    subject: Option<Subject>,
    today: domain::time::Day,
) -> Result<Ground, Failure> {
    let hat = hat(actor).ok_or(Refusal::NotYourRole)?;
    let subject = subject.ok_or(Refusal::Absent)?;
    let teams = store::team::list_of_actor(tx, actor)?;
    let mut rounds = store::team::list_of_subject(tx, subject.id)?;
    rounds.retain(|(_, team)| actor.has(Role::Office) || teams.contains(team));
    let mut people = Vec::new();
    for (_, team) in &rounds {
        people.extend(store::team::members(tx, team.id)?);
    }
    for role in [Role::Officer, Role::Leader] {
        let all = store::person::list_of_role(tx, role)?.into_iter();
        people.extend(all.filter(|it| role == Role::Leader || it.unit == hat.unit).map(|it| (it.id, it.name)));
    }
    if !people.iter().any(|(id, _)| *id == hat.of) {
        people.extend(store::person::find(tx, hat.of)?.map(|it| (it.id, it.name)));
    }
    let mut seen = BTreeSet::new();
    people.retain(|(id, _)| seen.insert(*id));
    let filter = Filter {
        subject: Some(subject.id),
        from: Some(today.plus(-NEAR_DAYS)),
        to: Some(today.plus(NEAR_DAYS)),
        ..Filter::default()
    };
    let units = store::unit::list(tx)?;
    let with_unit = |it: visit_list::Line| {
        let unit = units.iter().find(|unit| unit.id == it.unit)?.clone();
        Some((it, unit))
    };
    let near = visit_list::list(tx, &Scope::All, &filter, 10)?.into_iter().filter_map(with_unit).collect();
    Ok(Ground { subject, rounds, people, near, own: (hat.of, hat.unit) })
}

#[derive(Debug, Deserialize)]
struct PlanBody {
    /// Made by the client; a retry carries the same.
    #[serde(default)]
    id: Option<VisitId>,
    subject: SubjectId,
    #[serde(flatten)]
    when: When,
    #[serde(default)]
    purpose: Option<Purpose>,
    #[serde(default)]
    round: Option<RoundId>,
    /// Who answers for it; the actor himself unless named.
    #[serde(default)]
    officer: Option<PersonId>,
    #[serde(default)]
    people: BTreeSet<PersonId>,
}

async fn plan(app: &Arc<App>, who: &Who, body: PlanBody, mut faults: Vec<Fault>) -> Result<(Found, bool), Error> {
    let (terms, actor, now) = (app.terms(), who.actor.clone(), app.now());
    let planned = app.db.write(move |tx| {
        let subject = store::subject::find(tx, body.subject)?;
        let ground = ground(tx, &actor, subject, now.day())?;
        let chosen = body.round.map(|id| ground.rounds.iter().find(|(round, _)| round.id == id));
        if matches!(chosen, Some(None)) {
            faults.push(Fault::new(
                "round",
                "这个对象在所选轮次里不由您的走访组包联；请重选。",
                "In this round the subject is not your team's; choose again.",
            ));
        }
        let (officer, known) =
            (body.officer.unwrap_or(ground.own.0), |id: &PersonId| ground.people.iter().any(|(it, _)| it == id));
        if !known(&officer) {
            faults.push(Fault::new("officer", "请从所列人员中选择由谁走访。", "Choose the visitor from those listed."));
        }
        let chosen = chosen.flatten();
        let plan = Plan {
            id: body.id.unwrap_or_else(|| VisitId(store::ids::fresh(now))),
            subject: body.subject,
            // A unit outside the teams, or an enterprise outside the round: it counts for the year's campaign all the same.
            campaign: match chosen {
                Some((round, _)) => Some(round.campaign),
                None => store::campaign::running(tx, body.when.day)?,
            },
            round: chosen.map(|(round, _)| round.id),
            team: chosen.map(|(_, team)| team.id),
            unit: chosen.map_or(ground.own.1, |(_, team)| team.unit),
            officer,
            people: body.people.iter().copied().filter(known).collect(),
            purpose: body.purpose.unwrap_or(Purpose::Visit),
            when: body.when,
        };
        if faults.is_empty() {
            return store::visit::plan(tx, &terms, plan, &actor, now);
        }
        if let Err(Refusal::Faults(more)) = visit::plan(plan, actor.person(), now) {
            faults.extend(
                more.into_iter().filter(|it| !faults.iter().any(|known| known.field == it.field)).collect::<Vec<_>>(),
            );
        }
        Err(Refusal::Faults(faults).into())
    });
    Ok(planned.await?)
}

/// `POST /api/v1/visits`: 201 the first time, 200 with the same answer for a retry.
pub async fn json(State(app): State<Arc<App>>, who: Who, body: Bytes) -> Result<(StatusCode, Json<Value>), ApiError> {
    if !visit::may_visit(&who.actor) {
        return Err(Error::from(Refusal::NotYourRole).into());
    }
    let (found, new) = plan(&app, &who, read_json(&body)?, vec![]).await?;
    let answer = json!({ "id": found.visit.id, "no": found.no, "revision": found.visit.revision, "state": found.visit.state.name().code() });
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, Json(answer)))
}

/// `GET /visits/new`
pub async fn form(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    let refuse = |error: Error| error_page(&error, who.lang, auth::request_id(&headers));
    if !visit::may_visit(&who.actor) {
        return refuse(Refusal::NotYourRole.into());
    }
    if query.get("subject").is_empty() {
        let text: String = query.get("find").trim().chars().take(100).collect();
        let wanted = text.clone();
        return match app.db.read(move |tx| store::subject_list::search_register(tx, &wanted, 20)).await {
            Ok(hits) => search(&who, &text, &hits).into_response(),
            Err(error) => refuse(error.into()),
        };
    }
    let now = app.now();
    let ground = match ground_of(&app, &who, query.get("subject")).await {
        Ok(ground) => ground,
        Err(error) => return refuse(error),
    };
    let round = ground.rounds.first().map(|(it, _)| it.id.to_string()).unwrap_or_default();
    let officer = ground.rounds.first().and_then(|_| ground.people.first()).filter(|_| who.has(Role::Office));
    let officer = officer.map_or(ground.own.0, |(id, _)| *id);
    let typed = Typed(vec![
        ("id".into(), store::ids::fresh(now).to_string()),
        ("subject".into(), ground.subject.no.to_string()),
        ("purpose".into(), "visit".into()),
        ("day".into(), now.day().to_string()),
        ("round".into(), round),
        ("officer".into(), officer.to_string()),
    ]);
    view(&who, &ground, &typed, None).into_response()
}

async fn ground_of(app: &Arc<App>, who: &Who, no: &str) -> Result<Ground, Error> {
    let (actor, no, today) = (who.actor.clone(), no.trim().parse().unwrap_or(0), app.now().day());
    let read = app.db.read(move |tx| {
        let subject = store::subject::find_by_no(tx, no)?;
        ground(tx, &actor, subject, today)
    });
    Ok(read.await?)
}

/// `POST /visits`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    let refuse = |error: Error| error_page(&error, who.lang, auth::request_id(&headers));
    if !visit::may_visit(&who.actor) {
        return refuse(Refusal::NotYourRole.into());
    }
    let ground = match ground_of(&app, &who, typed.get("subject")).await {
        Ok(ground) => ground,
        Err(error) => return refuse(error),
    };
    let mut faults = Vec::new();
    let purpose = Purpose::parse(typed.get("purpose")).unwrap_or(Purpose::Visit);
    let otherwise = When { day: app.now().day(), until: None, minute: None };
    let body = PlanBody {
        id: typed.get("id").parse().ok(),
        subject: ground.subject.id,
        when: field::when(&typed, purpose, otherwise, &mut faults),
        purpose: Some(purpose),
        round: typed.get("round").parse().ok(),
        officer: typed.get("officer").parse().ok(),
        people: typed.all("person").filter_map(|it| it.parse().ok()).collect(),
    };
    match plan(&app, &who, body, faults).await {
        Ok((found, _)) => Redirect::to(&format!("/visits/{}", found.no)).into_response(),
        Err(error) => {
            error.log();
            // An id that was used for something else is used up: what stands in the form now goes under another.
            let mut typed = typed;
            if matches!(error, Error::Refusal(Refusal::ClientIdReused)) {
                typed.0.retain(|(name, _)| name != "id");
                typed.0.push(("id".into(), store::ids::fresh(app.now()).to_string()));
            }
            (error.tell().status, view(&who, &ground, &typed, Some(&error))).into_response()
        }
    }
}

fn search(who: &Who, text: &str, hits: &[Line]) -> Markup {
    let lang = who.lang;
    let body = html! {
        main.page.narrow id="main" {
            p.crumbs { a href="/visits" { (lang.of("走访", "Visits")) } }
            h1 { (lang.of("去哪家走访", "Whom to visit")) }
            form.sheet method="get" action="/visits/new" role="search" {
                div.field {
                    label for="find" { (lang.of("名称或统一社会信用代码", "Name or credit code")) }
                    input type="search" id="find" name="find" value=(text);
                }
                p { button.primary { (lang.of("查找", "Find")) } }
            }
            @if !text.is_empty() {
                @if hits.is_empty() { div.empty { strong { (lang.of("没有找到", "Nothing found")) } p { (lang.of("请核对名称，或请走访办先登记这家企业。", "Check the name, or ask the office to enter it first.")) } } }
                @else {
                    ul.rows.sheet {
                        @for hit in hits {
                            li { a href={ "/visits/new?subject=" (hit.no) } lang="zh-CN" { (hit.name) } span.meta lang="zh-CN" { (hit.address) } }
                        }
                    }
                }
            }
        }
    };
    page(&Frame { who, title: lang.of("安排走访", "Plan a visit"), news: 0, here: "/visits/new" }, body)
}

fn view(who: &Who, ground: &Ground, typed: &Typed, error: Option<&Error>) -> Markup {
    let lang = who.lang;
    let wrong = error.map(|it| it.wrong(lang)).unwrap_or_default();
    let form = Form { wrong: &wrong, ..Form::new(lang, typed) };
    let rounds: Vec<(String, String)> = ground
        .rounds
        .iter()
        .map(|(round, team)| (round.id.to_string(), format!("{} {}", round.name, team.name)))
        .collect();
    let people: Vec<(String, String)> = ground.people.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    let purposes = closed(lang, Purpose::ALL, Purpose::code, Purpose::zh, Purpose::en);
    let body = html! {
        main.page.narrow.hand id="main" {
            p.crumbs { a href="/visits/new" { (lang.of("换一家", "Another subject")) } }
            h1 { (lang.of("安排走访", "Plan a visit")) }
            p.line { strong lang="zh-CN" { (ground.subject.card.name) } span.meta lang="zh-CN" { (ground.subject.card.address) } }
            @if !wrong.is_empty() { (error_list(lang, "", &wrong)) }
            @else if let Some(told) = error.map(Error::tell) { (error_summary(lang, &lang.of(told.zh, told.en))) }
            (near(who, ground))
            form.sheet method="post" action="/visits" data-keep="plan" {
                input type="hidden" name="id" value=(typed.get("id"));
                input type="hidden" name="subject" value=(ground.subject.no);
                (form.field("purpose", "方式", "Kind").choices(&purposes, false))
                div.halves {
                    (form.field("day", "日期", "Day").input("date"))
                    (form.field("time", "时间（可不填）", "Time (optional)").input("time"))
                    (form.field("until", "蹲点的结束日期", "Last day of a stay").input("date"))
                }
                @if !rounds.is_empty() { (form.field("round", "轮次", "Round").select(lang.of("不属于任何轮次", "Of no round"), &rounds)) }
                @if people.len() > 1 {
                    (form.field("officer", "由谁走访", "Who visits").select("", &people))
                    (form.checks("person", "同去的人（可不选）", "Who comes along (optional)", &people))
                }
                p { button.primary.wide { (lang.of("安排走访", "Plan the visit")) } }
            }
        }
    };
    page(&Frame { who, title: lang.of("安排走访", "Plan a visit"), news: 0, here: "/visits/new" }, body)
}

/// 一家企业，不要两周里问两遍: others on their way there, by unit and day.
fn near(who: &Who, ground: &Ground) -> Markup {
    let lang = who.lang;
    html! {
        @if !ground.near.is_empty() {
            div.banner {
                strong { (lang.of("前后两周还有走访", "Other visits within a fortnight")) }
                ul {
                    @for (it, unit) in &ground.near {
                        li {
                            (it.when.say()) " " (said(lang, unit.label(lang.is_en()))) " "
                            span lang=[tongue(lang, &it.officer_name)] { (it.officer_name) } " "
                            span.faint { (lang.of(it.state.zh(), it.state.en())) }
                        }
                    }
                }
                p.hint { (lang.of("能一起去就一起去，少打扰企业。", "Go together where you can: the enterprise has other work to do.")) }
            }
        }
    }
}
