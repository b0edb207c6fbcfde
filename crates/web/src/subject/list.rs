//! The register of subjects: what its reader may see, filtered, fifty at a time.

use crate::app::App;
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::ui::field::{Form, Typed, options};
use crate::ui::number::href;
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, tongue};
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::subject::Kind;
use maud::{Markup, html};
use std::sync::Arc;
use store::subject_list::{self, Filter, Line};
use store::visit_list;

const PAGE: i64 = 50;

pub(super) struct Listed {
    pub lines: Vec<Line>,
    pub next: Option<i64>,
    news: i64,
}

fn filter(query: &Typed) -> Filter {
    let text = |name: &str| query.get(name).trim().chars().take(100).collect::<String>();
    Filter {
        text: text("text"),
        kind: Kind::parse(query.get("kind")),
        area: text("area"),
        industry: text("industry"),
        tag: text("tag"),
        after: query.get("after").parse().ok(),
        ..Filter::default()
    }
}

pub(super) async fn listed(app: &Arc<App>, who: &Who, query: &Typed) -> Result<Listed, Error> {
    doorstep::look(who)?;
    let (actor, filter, boxes, since) = (who.actor.clone(), filter(query), who.boxes.clone(), who.read_until);
    let (mut lines, news) = app
        .db
        .read(move |tx| {
            let scope = visit_list::scope(tx, &actor)?;
            let lines = subject_list::list(tx, &scope, &filter, PAGE + 1)?;
            Ok::<_, store::Error>((lines, store::notice::count_new(tx, &boxes, since)?))
        })
        .await?;
    let more = lines.len() as i64 > PAGE;
    lines.truncate(PAGE as usize);
    let next = lines.last().filter(|_| more).map(|it| it.no);
    Ok(Listed { lines, next, news })
}

/// `GET /subjects`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    match listed(&app, &who, &query).await {
        Ok(listed) => view(&who, &query, &listed).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

fn view(who: &Who, query: &Typed, listed: &Listed) -> Markup {
    let lang = who.lang;
    let next = listed.next.map(|after| {
        let after = after.to_string();
        let kept =
            query.0.iter().filter(|(name, _)| name != "after").map(|(name, value)| (name.as_str(), value.as_str()));
        href("/subjects", &kept.chain([("after", after.as_str())]).collect::<Vec<_>>())
    });
    let body = html! {
        main.page id="main" {
            header.page-head {
                h1 { (lang.of("走访对象", "Subjects")) }
                @if doorstep::sets_up(who) {
                    div.line {
                        a.button href="/imports" { (lang.of("导入", "Import")) }
                        a.button.primary href="/subjects/new" { (lang.of("登记对象", "Enter a subject")) }
                    }
                }
            }
            (filters(lang, query))
            @if listed.lines.is_empty() {
                div.empty {
                    strong { (lang.of("没有符合条件的对象", "Nothing fits")) }
                    p { (lang.of("可以放宽条件，或清除后重新查找。", "Loosen the filter, or clear it and look again.")) }
                }
            } @else {
                (table(lang, &listed.lines))
            }
            (part::next_page(lang, next))
        }
    };
    page(&Frame { who, title: lang.of("走访对象", "Subjects"), news: listed.news, here: "/subjects" }, body)
}

fn filters(lang: Lang, query: &Typed) -> Markup {
    let kinds = options(Kind::ALL, Kind::code, |it| lang.of(it.zh(), it.en()));
    let form = Form::new(lang, query);
    let text = |kind: &str, name: &str, zh: &str, en: &str| {
        let on = (!query.get(name).is_empty()).then_some("true");
        html! { label.filter data-on=[on] { span { (lang.of(zh, en)) } input type=(kind) name=(name) value=(query.get(name)); } }
    };
    let more = ["industry", "tag"].into_iter().any(|name| !query.get(name).is_empty());
    html! {
        form.filters method="get" action="/subjects" role="search" {
            (text("search", "text", "查找", "Find"))
            (form.field("kind", "种类", "Kind").filter(lang.of("全部", "All"), &kinds))
            (text("text", "area", "片区", "Area"))
            details.more open[more] {
                summary { (lang.of("更多条件", "More")) }
                (text("text", "industry", "行业", "Industry"))
                (text("text", "tag", "标签", "Tag"))
            }
            button { (lang.of("筛选", "Filter")) }
            @if !query.0.is_empty() { a.quiet href="/subjects" { (lang.of("清除", "Clear")) } }
        }
    }
}

fn table(lang: Lang, lines: &[Line]) -> Markup {
    html! {
        table.table.fold {
            thead {
                tr {
                    th.number scope="col" { (lang.of("编号", "No.")) }
                    th scope="col" { (lang.of("名称", "Name")) }
                    th scope="col" { (lang.of("种类", "Kind")) }
                    th scope="col" { (lang.of("片区", "Area")) }
                    th scope="col" { (lang.of("行业", "Industry")) }
                    th scope="col" { (lang.of("地址", "Address")) }
                }
            }
            tbody {
                @for it in lines {
                    tr {
                        td.number { span.no { (it.no) } }
                        td.cut { a href={ "/subjects/" (it.no) } lang="zh-CN" { (it.name) } }
                        td { (lang.of(it.kind.zh(), it.kind.en())) }
                        (narrowing(lang, "area", &it.area))
                        (narrowing(lang, "industry", &it.industry))
                        td data-minor lang=[tongue(lang, &it.address)] { (it.address) }
                    }
                }
            }
        }
    }
}

/// A value that, followed, shows all that have it.
fn narrowing(lang: Lang, name: &str, value: &str) -> Markup {
    html! {
        td data-none=[value.is_empty().then_some("")] lang=[tongue(lang, value)] {
            @if value.is_empty() { span.faint { "—" } } @else { a href=(href("/subjects", &[(name, value)])) { (value) } }
        }
    }
}
