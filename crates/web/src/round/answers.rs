//! What a round answered to one questionnaire: counts with bars, each a link to the visits behind it; texts as a list.

use super::show;
use super::spread::{self, Bin};
use crate::app::App;
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::ui::field::Typed;
use crate::ui::number::href;
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, tongue};
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::questionnaire::{Kind, Question};
use domain::refusal::Refusal;
use maud::{Markup, html};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::campaign::Round;
use store::questionnaire::{self, Given, Version};
use store::terms::Failure;

const PAGE: i64 = 50;
/// Texts shown under their question; a link leads to all.
const TEXTS: i64 = 5;

struct Answers {
    round: Round,
    version: Version,
    /// All versions, the newest first.
    versions: Vec<i64>,
    visits: i64,
    counts: BTreeMap<(String, String), i64>,
    texts: HashMap<String, Vec<Given>>,
    /// In order, for each question that asks for a number.
    numbers: HashMap<String, Vec<f64>>,
}

/// Of so many answers the spread is drawn.
const NUMBERS: i64 = 2_000;

/// `GET /rounds/{no}/answers/{code}`
pub async fn html(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((no, code)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    let done = match query.get("question") {
        "" => load(&app, &who, no, code, &query).await.map(|it| view(&who, &it)),
        _ => rows(&app, &who, no, code, &query).await,
    };
    match done {
        Ok(markup) => markup.into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// The version asked for, or the newest; with the numbers of all.
fn version(tx: &mut dyn store::Tx, code: &str, wanted: &str) -> Result<(Version, Vec<i64>), Failure> {
    let versions = questionnaire::list_versions(tx, code)?;
    let numbers = versions.iter().map(|it| it.version).collect();
    let wanted = wanted.parse::<i64>().ok();
    let found = versions.into_iter().find(|it| wanted.is_none_or(|no| it.version == no));
    Ok((found.ok_or(Refusal::Absent)?, numbers))
}

async fn load(app: &Arc<App>, who: &Who, no: String, code: String, query: &Typed) -> Result<Answers, Error> {
    doorstep::look_at_all(who)?;
    let (actor, wanted) = (who.actor.clone(), query.get("version").to_owned());
    let answers = app.db.read(move |tx| {
        let (round, _) = show::meet(tx, &actor, &no)?;
        let (version, versions) = version(tx, &code, &wanted)?;
        let counts = questionnaire::counts(tx, round.id, version.id)?;
        let (mut texts, mut numbers) = (HashMap::new(), HashMap::new());
        for question in version.form.questions.iter().filter(|it| it.kind.options().is_none()) {
            if !counts.contains_key(&(question.key.clone(), String::new())) {
                continue;
            }
            if matches!(question.kind, Kind::Number { .. }) {
                let given = questionnaire::list_given(tx, round.id, version.id, &question.key, "", 0, NUMBERS)?;
                let mut values: Vec<f64> = given.iter().filter_map(|it| it.value.parse().ok()).collect();
                values.sort_by(f64::total_cmp);
                numbers.insert(question.key.clone(), values);
            } else {
                let given = questionnaire::list_given(tx, round.id, version.id, &question.key, "", 0, TEXTS)?;
                texts.insert(question.key.clone(), given);
            }
        }
        let visits = questionnaire::count_visits(tx, round.id, version.id)?;
        Ok::<_, Failure>(Answers { round, version, versions, visits, counts, texts, numbers })
    });
    answers.await.map_err(Error::from)
}

fn view(who: &Who, it: &Answers) -> Markup {
    let (lang, form) = (who.lang, &it.version.form);
    let here = format!("/rounds/{}/answers/{}", it.round.no, it.version.code);
    let title = form.title(lang.is_en());
    let body = html! {
        main.page id="main" {
            header.page-head {
                div {
                    p.crumbs { a href={ "/rounds/" (it.round.no) } lang="zh-CN" { (it.round.name) } }
                    h1 { span lang=[tongue(lang, title)] { (title) } (lang.of(format!("：{}次走访作答", it.visits), format!(": answered at {} visits", it.visits))) }
                    @if it.versions.len() > 1 {
                        p.line {
                            span.faint { (lang.of("版本", "Version")) }
                            @for no in &it.versions { a href={ (here) "?version=" (no) } aria-current=[(*no == it.version.version).then_some("page")] { (no) } }
                        }
                    }
                }
            }
            div.sheet.document { @for (i, question) in form.questions.iter().enumerate() { (of_question(lang, it, &format!("q{i}"), question, &here)) } }
        }
    };
    page(&Frame { who, title, news: 0, here: &here }, body)
}

fn of_question(lang: Lang, it: &Answers, id: &str, question: &Question, here: &str) -> Markup {
    let ask = question.ask(lang.is_en());
    let version = it.version.version.to_string();
    let to = |choice: &str| href(here, &[("version", &version), ("question", &question.key), ("choice", choice)]);
    let count = |choice: &str| it.counts.get(&(question.key.clone(), choice.to_owned())).copied().unwrap_or(0);
    html! {
        section.question {
            h2 lang=[tongue(lang, ask)] { (ask) }
            @match (question.kind.options(), it.numbers.get(&question.key)) {
                (Some(_), _) => { (spread::choices(lang, (id, question), it.visits, &count, &to)) }
                (None, Some(values)) => {
                    (spread::numbers(lang, (id, question), values, &|bin| {
                        let (from, until) = (bin.from.to_string(), bin.to.map(|it| it.to_string()).unwrap_or_default());
                        href(here, &[("version", &version), ("question", &question.key), ("from", &from), ("to", &until)])
                    }))
                }
                (None, None) => {
                    @let texts = it.texts.get(&question.key).map_or(&[][..], Vec::as_slice);
                    @if texts.is_empty() { p.faint { (lang.of("没有人回答。", "Nobody answered.")) } }
                    ul.rows { @for given in texts { (text(lang, given)) } }
                    @if count("") > TEXTS { p { a href=(to("")) { (lang.of(format!("全部{}条", count("")), format!("All {}", count("")))) } } }
                }
            }
        }
    }
}

fn text(lang: Lang, given: &Given) -> Markup {
    html! {
        li data-row {
            span.when { (given.day) }
            span.grow lang=[tongue(lang, &given.value)] { (given.value) }
            a.none href={ "/subjects/" (given.subject_no) } lang="zh-CN" { (given.subject) }
            a.none href={ "/visits/" (given.visit_no) } { (lang.of("走访记录", "Visit")) " " (given.visit_no) }
        }
    }
}

async fn rows(app: &Arc<App>, who: &Who, no: String, code: String, query: &Typed) -> Result<Markup, Error> {
    doorstep::look_at_all(who)?;
    let (actor, wanted) = (who.actor.clone(), query.get("version").to_owned());
    let (question, choice) = (query.get("question").to_owned(), query.get("choice").to_owned());
    let after = query.get("after").parse().unwrap_or(0);
    let bin = query.get("from").parse().ok().map(|from| Bin { from, to: query.get("to").parse().ok(), count: 0 });
    let read = app.db.read(move |tx| {
        let (round, _) = show::meet(tx, &actor, &no)?;
        let (version, _) = version(tx, &code, &wanted)?;
        let question = version.form.questions.iter().find(|it| it.key == question).cloned().ok_or(Refusal::Absent)?;
        let limit = if bin.is_some() { NUMBERS } else { PAGE + 1 };
        let mut given = questionnaire::list_given(tx, round.id, version.id, &question.key, &choice, after, limit)?;
        // Numbers are kept as they were written; which bin one is in is not a question for the database.
        given.retain(|it| bin.is_none_or(|bin| it.value.parse().is_ok_and(|value| bin.holds(value))));
        given.truncate(PAGE as usize + 1);
        Ok::<_, Failure>((round, version, question, choice, given))
    });
    let (round, version, question, choice, given) = read.await?;
    Ok(rows_view(who, (&round, &version), &question, (&choice, query), given))
}

fn rows_view(
    who: &Who,
    (round, version): (&Round, &Version),
    question: &Question,
    (choice, query): (&str, &Typed),
    mut given: Vec<Given>,
) -> Markup {
    let lang = who.lang;
    let here = format!("/rounds/{}/answers/{}", round.no, version.code);
    let no = version.version.to_string();
    let more = given.len() as i64 > PAGE;
    given.truncate(PAGE as usize);
    let next = given.last().filter(|_| more).map(|it| {
        href(
            &here,
            &[
                ("version", &no),
                ("question", &question.key),
                ("choice", choice),
                ("from", query.get("from")),
                ("to", query.get("to")),
                ("after", &it.visit_no.to_string()),
            ],
        )
    });
    let option = question.kind.options().and_then(|all| all.iter().find(|it| it.code == choice));
    let bin = query.get("from").parse().ok().map(|from| spread::label(lang, from, query.get("to").parse().ok()));
    let label = bin.or(option.map(|it| it.label(lang.is_en()).to_owned())).unwrap_or_default();
    let (title, ask) = (version.form.title(lang.is_en()), question.ask(lang.is_en()));
    let body = html! {
        main.page id="main" {
            p.crumbs { a href={ (here) "?version=" (no) } lang=[tongue(lang, title)] { (title) } }
            h1 { span lang=[tongue(lang, ask)] { (ask) } @if !label.is_empty() { " " span.badge lang=[tongue(lang, &label)] { (label) } } }
            ul.rows.sheet { @for it in &given { (text(lang, it)) } }
            (part::next_page(lang, next))
        }
    };
    page(&Frame { who, title, news: 0, here: &here }, body)
}
