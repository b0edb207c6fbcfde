//! Promises 承诺: one's own, or all for the office; what became of them.

use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::problem::list::escape;
use crate::ui::field::{Form, Typed, closed, error_list, error_summary};
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, said};
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::fault::Fault;
use domain::id::{PersonId, PromiseId};
use domain::promise::State as Stand;
use domain::refusal::Refusal;
use domain::role::Actor;
use domain::time::Day;
use domain::visit;
use maud::{Markup, html};
use std::sync::Arc;
use store::promise::{Promise, Whose};
use store::terms::{Deed, Failure};

const PAGE: i64 = 50;

struct Listed {
    promises: Vec<Promise>,
    campaigns: Vec<(String, String)>,
    next: Option<String>,
    news: i64,
    today: Day,
}

/// Those whose promises are one's own: himself, and whom he stands in for.
pub(crate) fn owners(actor: &Actor) -> Vec<PersonId> {
    let mut all: Vec<PersonId> = actor.person().into_iter().collect();
    for hat in actor.hats() {
        if !all.contains(&hat.of) {
            all.push(hat.of);
        }
    }
    all
}

fn stand(query: &Typed) -> Stand {
    Stand::parse(query.get("state")).unwrap_or(Stand::Open)
}

async fn listed(app: &Arc<App>, who: &Who, query: &Typed) -> Result<Listed, Error> {
    let (all, state) = (visit::sees_all(&who.actor) && query.get("whose") != "mine", stand(query));
    let campaign = query.get("campaign").parse().ok().filter(|_| all);
    let whose = match (all, campaign) {
        (true, Some(campaign)) => Whose::Campaign(campaign),
        (true, None) => Whose::All,
        (false, _) => Whose::Of(owners(&who.actor)),
    };
    let after = query.get("after").split_once('.').and_then(|(day, id)| Some((day.parse().ok()?, id.parse().ok()?)));
    let (boxes, since, english) = (who.boxes.clone(), who.read_until, who.lang.is_en());
    let read = app.db.read(move |tx| {
        let promises = store::promise::list(tx, &whose, state, after, PAGE + 1)?;
        let campaigns = if all { store::campaign::list(tx)? } else { vec![] };
        Ok::<_, Failure>((promises, campaigns, store::notice::count_new(tx, &boxes, since)?))
    });
    let (mut promises, campaigns, news) = read.await?;
    let more = promises.len() as i64 > PAGE;
    promises.truncate(PAGE as usize);
    let next = promises.last().filter(|_| more).map(|it| format!("{}.{}", it.due, it.id));
    let campaigns = campaigns.iter().map(|it| (it.id.to_string(), it.label(english).to_owned())).collect();
    Ok(Listed { promises, campaigns, next, news, today: app.now().day() })
}

/// `GET /promises`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    match listed(&app, &who, &query).await {
        Ok(listed) => view(&who, &query, &listed, None).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// `POST /promises/{id}/settle`
pub async fn settle(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    match take(&app, &who, &id, &typed).await {
        Ok(()) => Redirect::to("/promises").into_response(),
        Err(error @ (Error::Refusal(Refusal::Absent) | Error::SignIn)) => {
            error_page(&error, who.lang, auth::request_id(&headers))
        }
        Err(error) => {
            error.log();
            match listed(&app, &who, &Typed::default()).await {
                Ok(listed) => {
                    let refused = Refused { id: &id, typed: &typed, error: &error };
                    (error.tell().status, view(&who, &Typed::default(), &listed, Some(&refused))).into_response()
                }
                Err(_) => error_page(&error, who.lang, auth::request_id(&headers)),
            }
        }
    }
}

async fn take(app: &Arc<App>, who: &Who, id: &str, typed: &Typed) -> Result<(), Error> {
    let id: PromiseId = id.parse().map_err(|_| Refusal::Absent)?;
    let (terms, actor, now) = (app.terms(), who.actor.clone(), app.now());
    let (said, note) = (typed.get("kept").to_owned(), typed.get("note").trim().to_owned());
    form::check_length("note", &note, 500)?;
    let seen: i64 = typed.get("seen").parse().unwrap_or(-1);
    let settled = app.db.write(move |tx| {
        let it = store::promise::find(tx, id)?.ok_or(Refusal::Absent)?;
        if !owners(&actor).contains(&it.owner) && !actor.has(domain::role::Role::Office) {
            return Err(Refusal::Absent.into());
        }
        let kept = match said.as_str() {
            "kept" => true,
            "broken" => false,
            _ => {
                let fault = Fault::new("kept", "请选择是否已落实。", "Say whether it was kept.");
                return Err(Refusal::Faults(vec![fault]).into());
            }
        };
        let same = (it.state == if kept { Stand::Kept } else { Stand::Broken }) && it.note == note;
        if same {
            return Ok(());
        }
        if !kept && note.is_empty() {
            let fault = Fault::new("note", "没有落实的，请写明原因。", "Say why it was not kept.");
            return Err(Refusal::Faults(vec![fault]).into());
        }
        // What its author saw is what is settled.
        let it = Promise { revision: seen, ..it };
        store::promise::settle(tx, &Deed { terms: &terms, by: actor.person(), now }, &it, kept, &note)
    });
    settled.await.map_err(Error::from)
}

struct Refused<'a> {
    id: &'a str,
    typed: &'a Typed,
    error: &'a Error,
}

fn view(who: &Who, query: &Typed, listed: &Listed, refused: Option<&Refused>) -> Markup {
    let (lang, all) = (who.lang, visit::sees_all(&who.actor));
    let next = listed.next.as_ref().map(|after| {
        let kept = query.0.iter().filter(|(name, value)| name != "after" && !value.is_empty());
        let pairs: Vec<String> = kept.map(|(name, value)| format!("{}={}&", escape(name), escape(value))).collect();
        format!("/promises?{}after={after}", pairs.concat())
    });
    let shown = refused.is_some_and(|it| listed.promises.iter().any(|promise| promise.id.to_string() == it.id));
    let body = html! {
        main.page.narrow id="main" {
            p.crumbs { a href="/visits" { (lang.of("走访", "Visits")) } }
            header.page-head { h1 { (lang.of("承诺", "Promises")) } }
            @if let Some(told) = refused.filter(|_| !shown).map(|it| it.error.tell()) { (error_summary(lang, &lang.of(told.zh, told.en))) }
            (filters(lang, query, listed, all))
            @if listed.promises.is_empty() { div.empty { strong { (lang.of("没有这样的承诺", "No such promises")) } } }
            @else { ul.rows.sheet { @for it in &listed.promises { (row(who, listed, it, refused)) } } }
            (part::next_page(lang, next))
        }
    };
    page(&Frame { who, title: lang.of("承诺", "Promises"), news: listed.news, here: "/promises" }, body)
}

fn filters(lang: Lang, query: &Typed, listed: &Listed, all: bool) -> Markup {
    let states = closed(lang, Stand::ALL, Stand::code, Stand::zh, Stand::en);
    let typed = Typed(query.0.iter().cloned().chain([("state".to_owned(), stand(query).code().to_owned())]).collect());
    let form = Form::new(lang, &typed);
    let whose = [("mine".to_owned(), lang.of("我的", "Mine").to_owned())];
    let any = lang.of("全部", "All");
    html! {
        form.filters method="get" action="/promises" {
            (form.field("state", "状态", "State").filter("", &states))
            @if all { (form.field("whose", "谁的", "Whose").filter(any, &whose)) }
            @if !listed.campaigns.is_empty() { (form.field("campaign", "行动", "Campaign").filter(any, &listed.campaigns)) }
            button { (lang.of("筛选", "Filter")) }
        }
    }
}

fn row(who: &Who, listed: &Listed, it: &Promise, refused: Option<&Refused>) -> Markup {
    let lang = who.lang;
    let id = it.id.to_string();
    let mine = refused.filter(|refused| refused.id == id);
    let late = it.state == Stand::Open && it.due < listed.today;
    let able =
        it.state == Stand::Open && (owners(&who.actor).contains(&it.owner) || who.has(domain::role::Role::Office));
    html! {
        li {
            span.when { @if late { span.light data-light="red" { (lang.of("逾期", "Late")) " " (it.due) } } @else { (it.due) } }
            div.told {
                p lang="zh-CN" { strong { (it.text) } }
                p.meta {
                    a href={ "/visits/" (it.visit_no) } lang="zh-CN" { (it.subject_name) } " "
                    span lang="zh-CN" { (it.owner_name) } " " (said(lang, lang.of(it.state.zh(), it.state.en())))
                    @if !it.note.is_empty() { " " span lang="zh-CN" { (it.note) } }
                }
                @if able { (settle_form(lang, it, mine)) }
            }
        }
    }
}

fn settle_form(lang: Lang, it: &Promise, refused: Option<&Refused>) -> Markup {
    let nothing = Typed::default();
    let prefix = format!("p{}-", it.id.0.simple());
    let wrong = refused.map(|it| it.error.wrong(lang)).unwrap_or_default();
    let form = Form { wrong: &wrong, prefix: &prefix, ..Form::new(lang, refused.map_or(&nothing, |it| it.typed)) };
    let choices = [("kept", "已落实", "Kept"), ("broken", "未能落实", "Not kept")];
    let choices: Vec<(String, String)> =
        choices.map(|(code, zh, en)| (code.to_owned(), lang.of(zh, en).to_owned())).into();
    html! {
        details open[refused.is_some()] {
            summary { (lang.of("登记落实情况", "Say what became of it")) }
            @if let Some(refused) = refused {
                @if wrong.is_empty() { @let told = refused.error.tell(); (error_summary(lang, &lang.of(told.zh, told.en))) }
                @else { (error_list(lang, &prefix, &wrong)) }
            }
            form method="post" action={ "/promises/" (it.id) "/settle" } data-keep="settle" {
                input type="hidden" name="seen" value=(it.revision);
                (form.field("kept", "是否落实", "Was it kept").choices(&choices, false))
                (form.field("note", "说明", "Note").hint(lang.of("未能落实的请写明原因", "Needed where it was not kept")).input("text"))
                button.primary { (lang.of("登记", "Save")) }
            }
        }
    }
}
