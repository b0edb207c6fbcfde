//! Visits in one's list: what comes first, then what must be recorded, then what was.

use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::error::{ApiError, Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::problem::list::escape;
use crate::ui::field::{Form, Typed, closed};
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, said};
use crate::visit::{field, json};
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::grid::Cell;
use domain::time::Day;
use domain::visit::{self, Purpose, StateName};
use maud::{Markup, html};
use serde_json::{Value, json};
use std::sync::Arc;
use store::Tx;
use store::terms::Failure;
use store::visit_list::{Filter, Line, Scope};

const PAGE: i64 = 50;
/// What still comes or waits is read whole, to be shown in its own order.
const OPEN_MOST: i64 = 200;

struct Listed {
    coming: Vec<Line>,
    waiting: Vec<Line>,
    rest: Vec<Line>,
    next: Option<String>,
    choices: Choices,
    news: i64,
    directory: Arc<Directory>,
    today: Day,
}

/// What the filters offer.
#[derive(Default)]
struct Choices {
    campaigns: Vec<(String, String)>,
    rounds: Vec<(String, String)>,
    teams: Vec<(String, String)>,
    policies: Vec<(String, String)>,
}

const FILTERS: [&str; 9] = ["subject", "campaign", "round", "team", "state", "policy", "cell", "from", "to"];

fn filter(query: &Typed) -> Filter {
    let get = |name: &str| query.get(name);
    Filter {
        subject: get("subject").parse().ok(),
        campaign: get("campaign").parse().ok(),
        round: get("round").parse().ok(),
        team: get("team").parse().ok(),
        state: StateName::parse(get("state")),
        open: false,
        policy: get("policy").parse().ok(),
        cell: get("cell").parse::<Cell>().map(|it| it.to_string()).unwrap_or_default(),
        from: Day::read(get("from")),
        to: Day::read(get("to")),
        after: get("after").split_once('.').and_then(|(day, no)| Some((day.parse().ok()?, no.parse().ok()?))),
    }
}

/// The home of an officer's visits, unless something is asked for.
fn is_home(query: &Typed) -> bool {
    query.get("after").is_empty() && FILTERS.iter().all(|it| query.get(it).is_empty())
}

async fn listed(app: &Arc<App>, who: &Who, query: &Typed) -> Result<Listed, Error> {
    let (today, directory, english) = (app.now().day(), app.directory().await?, who.lang.is_en());
    let (actor, boxes, since) = (who.actor.clone(), who.boxes.clone(), who.read_until);
    let (wanted, home) = (filter(query), is_home(query));
    let read = app.db.read(move |tx| {
        let scope = store::visit_list::scope(tx, &actor)?;
        let (mut coming, mut waiting) = (vec![], vec![]);
        let mut rest = wanted.clone();
        if home {
            let open = Filter { open: true, ..Filter::default() };
            // A week ahead is what one prepares for; later ones come with the filter.
            let ahead = Filter { from: Some(today), to: Some(today.plus(14)), ..open.clone() };
            coming = store::visit_list::list(tx, &scope, &ahead, OPEN_MOST)?;
            coming.sort_by_key(|it| (it.when.day, it.when.minute.unwrap_or(u16::MAX), it.no));
            waiting = store::visit_list::list(tx, &scope, &Filter { to: Some(today.plus(-1)), ..open }, OPEN_MOST)?;
            waiting.reverse();
            rest.state = Some(StateName::Recorded);
        }
        let rest = store::visit_list::list(tx, &scope, &rest, PAGE + 1)?;
        let choices = choices(tx, &scope, &wanted, english)?;
        let news = store::notice::count_new(tx, &boxes, since)?;
        Ok::<_, Failure>((coming, waiting, rest, choices, news))
    });
    let (coming, waiting, mut rest, choices, news) = read.await?;
    let next = (rest.len() as i64 > PAGE).then(|| {
        rest.truncate(PAGE as usize);
        rest.last().map(|it| format!("{}.{}", it.when.day, it.no)).unwrap_or_default()
    });
    Ok(Listed { coming, waiting, rest, next, choices, news, directory, today })
}

/// Whoever sees no visit at all is shown no filters either.
fn choices(tx: &mut dyn Tx, scope: &Scope, filter: &Filter, english: bool) -> Result<Choices, Failure> {
    if scope.is_nothing() {
        return Ok(Choices::default());
    }
    let campaigns = store::campaign::list(tx)?;
    let mut rounds = Vec::new();
    for campaign in campaigns.iter().filter(|it| filter.campaign.is_none_or(|id| id == it.id)).take(20) {
        rounds.extend(store::campaign::list_rounds(tx, campaign.id)?);
    }
    let teams = match (filter.round, rounds.as_slice()) {
        (Some(round), _) => store::team::list(tx, round)?,
        (None, [only]) => store::team::list(tx, only.id)?,
        _ => vec![],
    };
    let policies = store::policy::list(tx, true)?;
    Ok(Choices {
        campaigns: campaigns.iter().map(|it| (it.id.to_string(), it.label(english).to_owned())).collect(),
        rounds: rounds.into_iter().map(|it| (it.id.to_string(), it.name)).collect(),
        teams: teams.into_iter().map(|it| (it.id.to_string(), it.name)).collect(),
        policies: policies.into_iter().map(|it| (it.id.to_string(), it.title)).collect(),
    })
}

/// `GET /api/v1/visits`
pub async fn json(State(app): State<Arc<App>>, who: Who, RawQuery(query): RawQuery) -> Result<Json<Value>, ApiError> {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    let (actor, filter) = (who.actor.clone(), filter(&query));
    let mut lines = app
        .db
        .read(move |tx| {
            let scope = store::visit_list::scope(tx, &actor)?;
            store::visit_list::list(tx, &scope, &filter, PAGE + 1)
        })
        .await
        .map_err(Error::from)?;
    let more = lines.len() as i64 > PAGE;
    lines.truncate(PAGE as usize);
    let next = lines.last().filter(|_| more).map(|it| format!("{}.{}", it.when.day, it.no));
    let directory = app.directory().await?;
    let lines: Vec<Value> = lines.iter().map(|it| json::line(it, &directory)).collect();
    Ok(Json(json!({ "visits": lines, "next": next })))
}

/// `GET /visits`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    match listed(&app, &who, &query).await {
        Ok(listed) => view(&who, &query, &listed).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

fn view(who: &Who, query: &Typed, listed: &Listed) -> Markup {
    let (lang, home) = (who.lang, is_home(query));
    let next = listed.next.as_ref().map(|after| {
        let kept = query.0.iter().filter(|(name, value)| name != "after" && !value.is_empty());
        let mut pairs: Vec<String> = kept.map(|(name, value)| format!("{}={}&", escape(name), escape(value))).collect();
        if home {
            pairs.push("state=recorded&".into());
        }
        format!("/visits?{}after={after}", pairs.concat())
    });
    let empty = listed.coming.is_empty() && listed.waiting.is_empty() && listed.rest.is_empty();
    let body = html! {
        main.page id="main" {
            header.page-head {
                h1 { (title(lang, home, listed)) }
                @if visit::may_visit(&who.actor) { a.button.primary href="/visits/new" { (lang.of("安排走访", "Plan a visit")) } }
            }
            (filters(lang, query, listed))
            @if empty {
                div.empty {
                    strong { (lang.of("没有走访", "No visits")) }
                    p { (lang.of("安排了走访，就在这里看到。", "Once a visit is planned, it stands here.")) }
                }
            }
            (section(lang, listed, "今天和以后", "Today and coming", &listed.coming))
            (section(lang, listed, "还没有填写记录", "Still to be recorded", &listed.waiting))
            @if home { (section(lang, listed, "已走访", "Recorded", &listed.rest)) }
            @else { (section(lang, listed, "符合条件的走访", "Visits that fit", &listed.rest)) }
            (part::next_page(lang, next))
        }
    };
    page(&Frame { who, title: lang.of("走访", "Visits"), news: listed.news, here: "/visits" }, body)
}

/// The answer first: what today asks for.
fn title(lang: Lang, home: bool, listed: &Listed) -> String {
    let today = listed.coming.iter().filter(|it| it.when.day == listed.today).count();
    match (home, today, listed.waiting.len()) {
        (false, ..) => lang.of("走访".into(), "Visits".into()),
        (_, 0, 0) => lang.of("今天没有走访".into(), "No visit today".into()),
        (_, 0, late) => {
            lang.of(format!("今天没有走访，{late}次还没有填记录"), format!("No visit today, {late} to be recorded"))
        }
        (_, today, 0) => lang.of(format!("今天走访{today}家"), format!("Visits today: {today}")),
        (_, today, late) => lang.of(
            format!("今天走访{today}家，{late}次还没有填记录"),
            format!("Visits today: {today}; to be recorded: {late}"),
        ),
    }
}

fn section(lang: Lang, listed: &Listed, zh: &str, en: &str, lines: &[Line]) -> Markup {
    html! {
        @if !lines.is_empty() {
            section.visits {
                h2 { (lang.of(zh, en)) " " span.count { (lines.len()) } }
                ul.rows.sheet { @for line in lines { (row(lang, listed, line)) } }
            }
        }
    }
}

fn row(lang: Lang, listed: &Listed, line: &Line) -> Markup {
    let unit = listed.directory.unit(line.unit).map(|it| it.label(lang.is_en())).unwrap_or_default();
    let (today, time) = (line.when.day == listed.today, field::time(line.when.minute));
    let day = line.when.day.to_string();
    let state = lang.of(line.state.zh(), line.state.en());
    html! {
        li {
            span.when {
                time datetime=(day) { @if today { strong { (lang.of("今天", "Today")) } } @else { (day) } }
                @if !time.is_empty() { " " (time) }
            }
            a href={ "/visits/" (line.no) } lang="zh-CN" { (line.subject) }
            span.meta { (said(lang, unit)) " " span lang="zh-CN" { (line.officer_name) } }
            @if line.purpose == Purpose::Stay { span.badge { (lang.of("蹲点", "Stay")) } }
            @if line.state.is_recorded() { (part::done(state)) } @else { span.badge { (state) } }
        }
    }
}

fn filters(lang: Lang, query: &Typed, listed: &Listed) -> Markup {
    let (any, form, choices) = (lang.of("全部", "All"), Form::new(lang, query), &listed.choices);
    let states = closed(lang, StateName::ALL, StateName::code, StateName::zh, StateName::en);
    let cells: Vec<(String, String)> =
        Cell::all().map(|it| (it.to_string(), crate::visit::version::cell(lang, it))).collect();
    let more = ["campaign", "team", "policy", "cell", "from", "to"].into_iter().any(|name| !query.get(name).is_empty());
    html! {
        form.filters method="get" action="/visits" {
            @if !query.get("subject").is_empty() { input type="hidden" name="subject" value=(query.get("subject")); }
            (form.field("state", "状态", "State").filter(any, &states))
            @if !choices.rounds.is_empty() { (form.field("round", "轮次", "Round").filter(any, &choices.rounds)) }
            details.more open[more] {
                summary { (lang.of("更多条件", "More")) }
                @if !choices.campaigns.is_empty() { (form.field("campaign", "行动", "Campaign").filter(any, &choices.campaigns)) }
                @if !choices.teams.is_empty() { (form.field("team", "走访组", "Team").filter(any, &choices.teams)) }
                @if !choices.policies.is_empty() { (form.field("policy", "政策", "Policy").filter(any, &choices.policies)) }
                (form.field("cell", "归类", "Grid").filter(any, &cells))
                @for (name, zh, en) in [("from", "自", "From"), ("to", "至", "To")] {
                    label.filter data-on=[(!query.get(name).is_empty()).then_some("true")] { span { (lang.of(zh, en)) } input type="date" name=(name) value=(query.get(name)); }
                }
            }
            button { (lang.of("筛选", "Filter")) }
            @if !query.0.is_empty() { a.quiet href="/visits" { (lang.of("清除", "Clear")) } }
        }
    }
}
