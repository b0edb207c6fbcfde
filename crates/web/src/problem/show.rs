//! One problem: what, who, where it stands, its clock, what can be done now, and its whole course.

use crate::app::{App, Directory};
use crate::attachment::shown_name;
use crate::auth::{self, Who};
use crate::error::{ApiError, Error, error_page};
use crate::lang::Lang;
use crate::problem::timeline::{self, Reader};
use crate::problem::{json, steps};
use crate::ui::field::{Typed, error_summary};
use crate::ui::page::{Frame, page};
use crate::ui::part;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::access::{self, Party};
use domain::command::CommandName;
use domain::id::ProblemId;
use domain::problem::{Board, Problem};
use domain::role::Role;
use domain::schedule;
use domain::time::Millis;
use maud::{Markup, html};
use serde_json::{Value, json};
use std::sync::Arc;
use store::attachment::Attachment;
use store::event::Shown;
use store::look::Look;
use store::order::Met;
use store::person::Person;
use store::reporter::Reporter;
use store::terms::{Failure, Terms};

/// Everything the page of one problem shows, read in one snapshot.
pub struct Shows {
    pub met: Met,
    pub reporter: Option<Reporter>,
    pub events: Vec<Shown>,
    pub attachments: Vec<Attachment>,
    pub merged: Vec<(i64, String)>,
    pub looks: Vec<Look>,
    pub colleagues: Vec<Person>,
    pub leaders: Vec<Person>,
    pub news: i64,
    pub directory: Arc<Directory>,
    pub terms: Terms,
    pub now: Millis,
}

pub enum Which {
    No(i64),
    Id(ProblemId),
}

pub async fn load(app: &Arc<App>, who: &Who, which: Which) -> Result<Shows, Error> {
    let (actor, terms, now) = (who.actor.clone(), app.terms(), app.now());
    let (boxes, since, master) = (who.boxes.clone(), who.read_until, terms.master.clone());
    let supervises = who.has(Role::Supervision);
    type Read = (Met, Option<Reporter>, Vec<Shown>, Vec<Attachment>, Vec<(i64, String)>, Vec<Look>, Vec<Person>, Vec<Person>, i64);
    let (met, reporter, events, attachments, merged, looks, colleagues, leaders, news) = app
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
            let leaders = if steps.contains(&CommandName::Board) { store::person::list_of_role(tx, Role::Leader)? } else { vec![] };
            let looks = if supervises { store::look::list(tx, &id.to_string(), 50)? } else { vec![] };
            let merged = if access::sees_internal(&met.parties) { store::problem::list_merged_into(tx, id)? } else { vec![] };
            let attachments = store::attachment::list(tx, id, 200)?;
            let news = store::notice::count_new(tx, &boxes, since)?;
            Ok((met, reporter, events, attachments, merged, looks, colleagues, leaders, news))
        })
        .await?;
    // Looking at somebody who asked to be shielded is logged before he is shown.
    let p = &met.found.problem;
    if p.shielded && access::sees_reporter(p, &met.parties) && !met.parties.contains(&Party::Reporter) {
        let (by, thing) = (who.person(), p.id.to_string());
        app.db.write(move |tx| store::look::insert(tx, by, &thing, "shielded-reporter", now)).await?;
    }
    Ok(Shows { met, reporter, events, attachments, merged, looks, colleagues, leaders, news, directory: app.directory().await?, terms, now })
}

fn unit_of(party: &Party) -> Option<domain::id::UnitId> {
    match party {
        Party::LeadHead(unit) | Party::LeadClerk(unit) | Party::SupportHead(unit) | Party::SupportClerk(unit) => Some(*unit),
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

    fn reader(&self, lang: Lang) -> Reader<'_> {
        let internal = access::sees_internal(&self.met.parties);
        Reader { lang, internal, masked: self.reporter.as_ref().filter(|_| !self.named()) }
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
                "data": if reader.internal { it.body.data.clone() } else { Value::Null },
                "texts": if reader.internal { json!(it.said.as_ref().map(|said| &said.texts)) } else { Value::Null },
                "words": reader.words(it),
                "erased": it.said.is_none(),
            })
        })
        .collect();
    Ok(Json(json!({ "events": events })))
}

/// `GET /problems/{no}`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    let which = Which::No(no.parse().unwrap_or(0));
    match load(&app, &who, which).await {
        Ok(shows) => view(&who, &shows, None).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// A step that was refused: shown again with everything that was typed.
pub struct Refused<'a> {
    pub step: CommandName,
    pub typed: &'a Typed,
    pub error: &'a Error,
    pub sentence: String,
}

pub fn refused(who: &Who, shows: &Shows, refused: Refused) -> Response {
    let status = match refused.error.tell().status {
        status if status.is_client_error() || status.is_server_error() => status,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, view(who, shows, Some(refused))).into_response()
}

fn view(who: &Who, shows: &Shows, refused: Option<Refused>) -> Markup {
    let (lang, p) = (who.lang, shows.problem());
    let title = shows.shown(&shows.met.found.title);
    let reader = shows.reader(lang);
    let body = html! {
        main.page.columns id="main" {
            div {
                p.meta {
                    span.no { (lang.of("编号", "No.")) " " (shows.met.found.no) } " "
                    span.badge { (lang.of(p.state.name().zh(), p.state.name().en())) } " "
                    (light(lang, shows))
                    @if p.board.is_some() { " " span.badge { (lang.of("挂牌", "Board")) } }
                    @if p.shielded { " " span.badge { (lang.of("保密反映人", "Shielded")) } }
                }
                h1 lang="zh-CN" { (title) }
                @if let Some(refused) = &refused { (error_summary(lang, &refused.sentence)) }
                section.sheet.document { (part::words(&shows.shown(&shows.met.found.detail))) }
                (facts(lang, shows, reader.internal))
                (board(lang, shows))
                (attachments(lang, shows))
                section {
                    h2 { (lang.of("办理过程", "Course")) }
                    (timeline::view(&shows.events, &reader, &shows.directory))
                }
                (looks(lang, shows))
            }
            aside {
                h2 { (lang.of("现在可以办", "What can be done now")) }
                (steps::view(lang, shows, refused.as_ref()))
                p { a href={ "/problems/" (shows.met.found.no) "/paper" } { (lang.of("打印交办单", "Print the dispatch slip")) } }
            }
        }
    };
    let here = format!("/problems/{}", shows.met.found.no);
    let frame = Frame {
        lang,
        title: &format!("{} {}", lang.of("问题", "Problem"), shows.met.found.no),
        name: &who.name,
        news: shows.news,
        may_report: who.may_report(),
        may_manage: who.has(Role::Secadmin) || who.has(Role::Sysadmin),
        here: &here,
    };
    page(&frame, body)
}

fn light(lang: Lang, shows: &Shows) -> Markup {
    let (p, terms) = (shows.problem(), &shows.terms);
    let light = schedule::light_under(p, shows.now, &terms.rules, &terms.calendar);
    part::light(lang, light, shows.now, schedule::main_clock(p, &terms.rules, &terms.calendar), &terms.calendar)
}

fn facts(lang: Lang, shows: &Shows, internal: bool) -> Markup {
    let (p, directory) = (shows.problem(), &shows.directory);
    let unit = |id| directory.unit(id).map(|it| it.label(lang.is_en()).to_owned()).unwrap_or_default();
    let case = p.state.case();
    let due = schedule::main_clock(p, &shows.terms.rules, &shows.terms.calendar);
    html! {
        dl.pairs {
            @if let Some(case) = case {
                dt { (lang.of("主办单位", "Lead unit")) } dd lang="zh-CN" { (unit(case.lead.unit)) }
                @if !case.supports.is_empty() {
                    dt { (lang.of("协办单位", "Supporting units")) }
                    dd lang="zh-CN" {
                        @for part in &case.supports {
                            span { (unit(part.unit)) } " "
                            @if part.supported.is_none() { span.hint lang=(lang.code()) { (lang.of("（未反馈）", "(nothing given yet)")) } }
                        }
                    }
                }
                dt { (lang.of("首次到期", "First due")) } dd { (part::instant(Some(case.first_due))) }
            }
            dt { (lang.of("现到期", "Due now")) }
            dd {
                @if p.is_paused() { (lang.of("暂停计时", "Paused")) } @else { (part::instant(due)) }
                @if internal && case.is_some_and(|case| case.clock.due(&shows.terms.calendar).not_announced) {
                    " " span.hint { (lang.of("（所涉年份放假安排尚未公布，按周末推算）", "(holidays of that year not announced: by weekends)")) }
                }
            }
            dt { (lang.of("类别", "Category")) }
            dd { (p.category.and_then(|id| directory.category(id)).map_or("—", |it| it.label(lang.is_en()))) }
            dt { (lang.of("层级", "Tier")) } dd { (lang.of(p.tier.zh(), p.tier.en())) }
            dt { (lang.of("来源", "Source")) } dd { (lang.of(p.source.zh(), p.source.en())) }
            @if !shows.met.found.place.is_empty() { dt { (lang.of("地点", "Place")) } dd lang="zh-CN" { (shows.shown(&shows.met.found.place)) } }
            @if !shows.met.found.occurred.is_empty() { dt { (lang.of("反映时间", "When reported")) } dd lang="zh-CN" { (shows.shown(&shows.met.found.occurred)) } }
            dt { (lang.of("反映人", "Reporter")) }
            dd lang="zh-CN" {
                @match &shows.reporter {
                    Some(reporter) if shows.named() => { (reporter.name) " " (reporter.phone) " " (reporter.address) }
                    Some(_) => { span lang=(lang.code()) { (lang.of("已保密", "Shielded")) } }
                    None => { "—" }
                }
            }
            @if !shows.merged.is_empty() {
                dt { (lang.of("并入本件", "Merged into this")) }
                dd { @for (no, title) in &shows.merged { a href={ "/problems/" (no) } lang="zh-CN" { (no) " " (title) } " " } }
            }
            @if p.reopened + p.relapsed > 0 {
                dt { (lang.of("重办、反弹", "Reopened, relapsed")) } dd { (p.reopened) " / " (p.relapsed) }
            }
        }
    }
}

fn board(lang: Lang, shows: &Shows) -> Markup {
    let Some(Board { milestones, .. }) = &shows.problem().board else { return html! {} };
    html! {
        section {
            h2 { (lang.of("挂牌节点", "Milestones")) }
            ol {
                @for milestone in milestones {
                    li {
                        (milestone.due) " " span lang="zh-CN" { (milestone.what) } " "
                        @if let Some(done) = milestone.done { (lang.of("已报告", "reported")) " " (part::instant(Some(done.at))) }
                    }
                }
            }
        }
    }
}

fn attachments(lang: Lang, shows: &Shows) -> Markup {
    html! {
        section {
            h2 { (lang.of("附件", "Attachments")) }
            @if shows.attachments.is_empty() { p.hint { (lang.of("没有附件", "None")) } }
            ul {
                @for (i, it) in shows.attachments.iter().enumerate().filter(|(_, it)| it.shown_to(shows.problem(), &shows.met.parties)) {
                    li {
                        a href={ "/attachments/" (it.id) } lang="zh-CN" { (shown_name(it, i, &shows.met)) }
                        " " span.hint { (it.size / 1024 + 1) " KB" }
                        @if !it.checked && shows.met.parties.contains(&Party::Office) {
                            form.inline method="post" action={ "/attachments/" (it.id) "/check" } {
                                button.quiet { (lang.of("已核，可给承办单位看", "Checked: units may see it")) }
                            }
                        }
                    }
                }
            }
            form method="post" enctype="multipart/form-data" action={ "/problems/" (shows.met.found.no) "/attachments" } {
                label for="file" { (lang.of("添加附件（JPEG、PNG、PDF、Office，不超过20 MB）", "Add a file (JPEG, PNG, PDF, Office, up to 20 MB)")) }
                input type="file" id="file" name="file" accept=".jpg,.jpeg,.png,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx";
                button { (lang.of("上传", "Upload")) }
            }
        }
    }
}

fn looks(lang: Lang, shows: &Shows) -> Markup {
    if shows.looks.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { (lang.of("谁看过反映人", "Who looked at the reporter")) }
            ul { @for look in &shows.looks { li { span lang="zh-CN" { (look.by_name) } " " (part::instant(Some(look.at))) } } }
        }
    }
}
