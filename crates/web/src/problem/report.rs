//! Reporting a problem 登记: by the office for a caller, by an officer on the doorstep, by a reporter with his link.

use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{ApiError, Error, error_page, field};
use crate::form;
use crate::ui::field::{Form, Typed, error_summary, options};
use crate::ui::page::{Frame, page};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::course::Heard;
use domain::id::{CampaignId, ProblemId, ReporterId};
use domain::problem::Source;
use domain::refusal::Refusal;
use domain::role::{Actor, Role};
use domain::time::Millis;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use store::Tx;
use store::problem::{Draft, Found, Named};
use store::reporter::Reporter;
use store::terms::Failure;

const SOURCES: [Source; 4] = [Source::Phone, Source::Letter, Source::Behalf, Source::Visit];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReportBody {
    /// UUID made by the client; a retry carries the same.
    id: Option<ProblemId>,
    title: String,
    detail: String,
    place: String,
    occurred: String,
    source: Option<Source>,
    shielded: bool,
    reporter: Option<ReporterBody>,
    /// Number of the subject that reports it; then it is the reporter.
    subject: Option<i64>,
    campaign: Option<CampaignId>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ReporterBody {
    /// Somebody known already.
    id: Option<ReporterId>,
    name: String,
    phone: String,
    address: String,
    code: String,
}

async fn report(app: &Arc<App>, who: &Who, body: ReportBody) -> Result<(Found, bool), Error> {
    if !who.may_report() {
        return Err(Refusal::NotYourRole.into());
    }
    let (title, detail) = (body.title.trim().to_owned(), body.detail.trim().to_owned());
    if title.is_empty() {
        return Err(field("title", "请写标题：一句话说清是什么问题。", "Write a title: the problem in one sentence."));
    }
    form::check_length("title", &title, 200)?;
    form::check_length("detail", &detail, 20_000)?;
    form::check_length("place", &body.place, 200)?;
    form::check_length("occurred", &body.occurred, 100)?;
    let now = app.now();
    let own = who.actor.reporter().filter(|_| !who.has(Role::Office) && !who.has(Role::Officer));
    let source = match (own, body.source) {
        (Some(_), _) if who.person().is_some() => Source::Account,
        (Some(_), _) => Source::Link,
        (None, Some(source)) => source,
        (None, None) => Source::Api,
    };
    let reporter = match (own, body.reporter) {
        (Some(id), _) => Some(Named::Known(id)),
        (None, Some(ReporterBody { id: Some(id), .. })) if who.has(Role::Office) => Some(Named::Known(id)),
        (None, Some(it)) if !it.name.trim().is_empty() => {
            form::check_length("reporter_name", &it.name, 100)?;
            form::check_length("reporter_phone", &it.phone, 40)?;
            form::check_length("reporter_address", &it.address, 200)?;
            let id = ReporterId(store::ids::fresh(now));
            let trimmed = |text: String| text.trim().to_owned();
            Some(Named::New(Reporter {
                id,
                name: trimmed(it.name),
                phone: trimmed(it.phone),
                address: trimmed(it.address),
                code: trimmed(it.code),
            }))
        }
        _ => None,
    };
    let draft = Draft {
        id: body.id.unwrap_or_else(|| ProblemId(store::ids::fresh(now))),
        title,
        detail,
        place: body.place.trim().to_owned(),
        occurred: body.occurred.trim().to_owned(),
        source,
        reporter,
        shielded: body.shielded,
        officer: who.person().filter(|_| who.has(Role::Officer)),
        heard: Heard { campaign: body.campaign.filter(|_| own.is_none()), ..Heard::default() },
    };
    let (terms, actor) = (app.terms(), who.actor.clone());
    let subject = body.subject.filter(|_| own.is_none());
    let registered = app
        .db
        .write(move |tx| {
            let draft = match subject {
                Some(no) => of_subject(tx, &actor, no, draft, now)?,
                None => draft,
            };
            store::problem::register(tx, &terms, draft, &actor, now)
        })
        .await?;
    if registered.1 {
        app.metrics.registered.fetch_add(1, Ordering::Relaxed);
    }
    Ok(registered)
}

/// The subject with this number is the reporter; one out of sight is as if it did not exist.
fn of_subject(tx: &mut dyn Tx, actor: &Actor, no: i64, draft: Draft, now: Millis) -> Result<Draft, Failure> {
    let found = store::subject::find_by_no(tx, no)?.ok_or(Refusal::Absent)?;
    let scope = store::visit_list::scope(tx, actor)?;
    if !store::visit_list::sees_subject(tx, actor, &scope, found.id)? {
        return Err(Refusal::Absent.into());
    }
    let reporter = Some(Named::Known(store::subject::reporter(tx, found.id, now)?));
    let place = if draft.place.is_empty() { found.card.address } else { draft.place };
    Ok(Draft { reporter, place, heard: Heard { subject: Some(found.id), ..draft.heard }, ..draft })
}

/// `POST /api/v1/problems`: 201 the first time, 200 with the same answer for a retry.
pub async fn json(State(app): State<Arc<App>>, who: Who, body: Bytes) -> Result<(StatusCode, Json<Value>), ApiError> {
    let body = read_json(&body)?;
    let (found, new) = report(&app, &who, body).await?;
    let answer = json!({ "id": found.problem.id.to_string(), "no": found.no, "revision": 1, "state": "registered" });
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, Json(answer)))
}

/// A body that is no JSON of the wanted shape is refused in words that say where.
pub fn read_json<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    let wrong = |error: serde_json::Error| Error::Field {
        field: "body",
        zh: format!("内容不是所要的JSON：第{}行第{}列。{error}", error.line(), error.column()),
        en: format!("The body is not the JSON asked for: line {}, column {}. {error}", error.line(), error.column()),
    };
    // A NUL can stand in no text of either database.
    if memchr_nul(body) {
        return Err(field("body", "文字中不能有空字符（U+0000）。", "A text may not hold the character U+0000."));
    }
    serde_json::from_slice(body).map_err(wrong)
}

fn memchr_nul(body: &[u8]) -> bool {
    body.contains(&0) || body.windows(6).any(|it| it == b"\\u0000")
}

/// `GET /problems/new`
pub async fn form(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    if !who.may_report() {
        return error_page(&Refusal::NotYourRole.into(), who.lang, auth::request_id(&headers));
    }
    let asked = form::fields(query.unwrap_or_default().as_bytes());
    let mut typed = vec![("id".to_owned(), store::ids::fresh(app.now()).to_string())];
    typed.extend(asked.0.into_iter().filter(|(name, _)| name == "subject"));
    match around(&app, &who, &typed[..]).await {
        Ok(around) => {
            typed.extend(around.running.clone().map(|id| ("campaign".to_owned(), id)));
            view(&who, &Typed(typed), &around, None).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// What the form offers besides fields to type in.
#[derive(Default)]
struct Around {
    /// Id and name of the campaigns; the one that runs today.
    campaigns: Vec<(String, String)>,
    running: Option<String>,
    /// Number and name of the subject it is about.
    subject: Option<(i64, String)>,
}

async fn around(app: &Arc<App>, who: &Who, typed: &[(String, String)]) -> Result<Around, Error> {
    if who.actor.reporter().is_some() && !who.has(Role::Office) && !who.has(Role::Officer) {
        return Ok(Around::default());
    }
    let no = typed.iter().find(|(name, _)| name == "subject").and_then(|(_, no)| no.parse::<i64>().ok());
    let (actor, english, today) = (who.actor.clone(), who.lang.is_en(), app.now().day());
    let around = app.db.read(move |tx| {
        let campaigns = store::campaign::list(tx)?;
        let running = campaigns.iter().find(|it| it.from <= today && today <= it.to).map(|it| it.id.to_string());
        let subject = match no.map(|no| store::subject::find_by_no(tx, no)).transpose()?.flatten() {
            Some(it) => {
                let scope = store::visit_list::scope(tx, &actor)?;
                store::visit_list::sees_subject(tx, &actor, &scope, it.id)?.then_some((it.no, it.card.name))
            }
            None => None,
        };
        let campaigns = campaigns.iter().map(|it| (it.id.to_string(), it.label(english).to_owned())).collect();
        Ok::<_, store::Error>(Around { campaigns, running, subject })
    });
    Ok(around.await?)
}

/// `POST /problems`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    let get = |name: &str| typed.get(name).to_owned();
    let body = ReportBody {
        id: typed.get("id").parse().ok(),
        title: get("title"),
        detail: get("detail"),
        place: get("place"),
        occurred: get("occurred"),
        source: Source::parse(typed.get("source")),
        shielded: typed.get("shielded") == "yes",
        reporter: Some(ReporterBody {
            id: None,
            name: get("reporter_name"),
            phone: get("reporter_phone"),
            address: get("reporter_address"),
            code: get("reporter_code"),
        }),
        subject: typed.get("subject").parse().ok(),
        campaign: typed.get("campaign").parse().ok(),
    };
    match report(&app, &who, body).await {
        Ok((found, _)) => Redirect::to(&format!("/problems/{}", found.no)).into_response(),
        Err(error @ (Error::SignIn | Error::Refusal(Refusal::NotYourRole))) => {
            error_page(&error, who.lang, auth::request_id(&headers))
        }
        Err(error) => {
            error.log();
            let around = around(&app, &who, &typed.0).await.unwrap_or_default();
            let typed = with_fresh_id(typed, &error, &app);
            (error.tell().status, view(&who, &typed, &around, Some(&error))).into_response()
        }
    }
}

/// The number of a form that was changed after it had been sent is used up: what stands in it now is filed under another.
fn with_fresh_id(typed: Typed, error: &Error, app: &App) -> Typed {
    if !matches!(error, Error::Refusal(Refusal::ClientIdReused)) {
        return typed;
    }
    let id = ("id".to_owned(), store::ids::fresh(app.now()).to_string());
    Typed([id].into_iter().chain(typed.0.into_iter().filter(|(name, _)| name != "id")).collect())
}

fn view(who: &Who, typed: &Typed, around: &Around, error: Option<&Error>) -> Markup {
    let lang = who.lang;
    let told = error.map(Error::tell);
    let sentence = told.as_ref().map(|told| lang.of(told.zh.as_str(), told.en.as_str()));
    let wrong = error.map(|it| it.wrong(lang)).unwrap_or_default();
    let form = Form { wrong: &wrong, ..Form::new(lang, typed) };
    let own = who.actor.reporter().is_some() && !who.has(Role::Office) && !who.has(Role::Officer);
    let sources = options(&SOURCES, Source::code, |it| lang.of(it.zh(), it.en()));
    let body = html! {
        main.page.narrow id="main" {
            h1 { (lang.of("登记问题", "Report a problem")) }
            @if let Some(sentence) = sentence { (error_summary(lang, sentence)) }
            form.sheet method="post" action="/problems" data-keep="report" {
                input type="hidden" name="id" value=(typed.get("id"));
                (form.field("title", "标题", "Title").hint(lang.of("一句话说清是什么问题", "The problem in one sentence")).input("text"))
                (form.field("detail", "内容", "Details").hint(lang.of("时间、地点、影响、希望怎样解决", "When, where, what it does, what would help")).area(7))
                div.halves {
                    (form.field("place", "地点", "Place").input("text"))
                    (form.field("occurred", "反映时间", "When reported").input("text"))
                    @if !own { (form.field("source", "来源", "Source").select("", &sources)) }
                    @if !around.campaigns.is_empty() {
                        (form.field("campaign", "所属行动", "Campaign").select(lang.of("不属于行动", "None"), &around.campaigns))
                    }
                }
                @if let Some((no, name)) = &around.subject {
                    input type="hidden" name="subject" value=(no);
                    p.field { (lang.of("反映人：", "Reporter: ")) a href={ "/subjects/" (no) } lang="zh-CN" { (name) } }
                } @else if !own {
                    fieldset {
                        legend { (lang.of("反映人（可不填）", "Reporter (optional)")) }
                        div.halves {
                            (form.field("reporter_name", "姓名或单位名称", "Name").input("text"))
                            (form.field("reporter_phone", "电话", "Phone").input("tel"))
                            (form.field("reporter_address", "地址", "Address").input("text"))
                        }
                    }
                }
                (form.check("shielded", "对承办单位保密反映人", "Keep the reporter from the handling units"))
                p { button.primary { (lang.of("登记", "Register")) } }
            }
        }
    };
    page(&Frame { who, title: lang.of("登记问题", "Report a problem"), news: 0, here: "/problems/new" }, body)
}
