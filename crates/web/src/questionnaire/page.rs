//! The pages of questionnaires: the list, and one of them with its versions.

use super::preview;
use crate::app::App;
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::ui::page::{Frame, page};
use crate::ui::part::tongue;
use crate::ui::slot::{Refused, Slot, fresh, status};
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::refusal::Refusal;
use maud::{Markup, html};
use std::sync::Arc;
use store::questionnaire::{self, Version};

/// What a new questionnaire begins with.
const SAMPLE: &str = r#"{
  "title": "问卷名称",
  "title-en": "Name of the questionnaire",
  "questions": [
    { "key": "first", "ask": "题目？", "ask-en": "The question?", "kind": { "type": "text" } }
  ]
}"#;

/// `GET /questionnaires`
pub async fn list(State(app): State<Arc<App>>, who: Who, headers: HeaderMap) -> Response {
    list_answer(&app, &who, &headers, None).await
}

pub(super) async fn list_again(app: &Arc<App>, who: &Who, headers: &HeaderMap, refused: Refused) -> Response {
    list_answer(app, who, headers, Some(refused)).await
}

async fn list_answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, refused: Option<Refused>) -> Response {
    let read = async {
        doorstep::look(who)?;
        app.db.read(questionnaire::list).await.map_err(Error::from)
    };
    match read.await {
        Ok(all) => (status(refused.as_ref()), list_view(who, &all, refused.as_ref())).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

fn list_view(who: &Who, all: &[Version], refused: Option<&Refused>) -> Markup {
    let (lang, title) = (who.lang, who.lang.of("问卷", "Questionnaires"));
    let slot = Slot::new(lang, "new", refused, || fresh([("body", SAMPLE.to_owned())]));
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/settings" { (lang.of("设置", "Settings")) } }
            h1 { (title) }
            (slot.summary())
            @if all.is_empty() { div.empty { strong { (lang.of("还没有问卷", "No questionnaire yet")) } } }
            @else { (table(lang, all)) }
            @if doorstep::sets_up(who) {
                p.line.new-one { a.button.primary href="/questionnaires/new" { (lang.of("编一份新问卷", "Make a new questionnaire")) } }
                section.new-one {
                    (slot.fold(lang.of("用JSON编一份新问卷", "A new questionnaire, as JSON"), html! {
                        form method="post" action="/questionnaires" {
                            (slot.form().field("code", "代号", "Code").hint(lang.of("小写字母、数字和连字符，如exports", "Lower-case letters, digits and hyphens, such as exports")).input("text"))
                            (slot.form().field("body", "内容（JSON）", "Definition (JSON)").area(14))
                            button { (lang.of("发布", "Publish")) }
                        }
                    }))
                }
            }
        }
    };
    page(&Frame { who, title, news: 0, here: "/questionnaires" }, body)
}

fn table(lang: Lang, all: &[Version]) -> Markup {
    html! {
        table.table.fold {
            thead {
                tr {
                    th scope="col" { (lang.of("名称", "Name")) }
                    th scope="col" { (lang.of("代号", "Code")) }
                    th.number scope="col" { (lang.of("版本", "Version")) }
                    th.number scope="col" { (lang.of("题数", "Questions")) }
                }
            }
            tbody {
                @for it in all {
                    @let title = it.form.title(lang.is_en());
                    tr {
                        td.cut { a href={ "/questionnaires/" (it.code) } lang=[tongue(lang, title)] { (title) } }
                        td { code lang="zxx" { (it.code) } }
                        td.number data-label=(lang.of("版本", "Version")) { (it.version) }
                        td.number data-label=(lang.of("题数", "Questions")) { (it.form.questions.len()) }
                    }
                }
            }
        }
    }
}

/// `GET /questionnaires/{code}`; `?version=` shows an earlier one.
pub async fn show(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    answer(&app, &who, &headers, &code, query.get("version").parse().ok(), None).await
}

pub(super) async fn again(app: &Arc<App>, who: &Who, headers: &HeaderMap, code: &str, refused: Refused) -> Response {
    answer(app, who, headers, code, None, Some(refused)).await
}

async fn answer(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    code: &str,
    version: Option<i64>,
    mut refused: Option<Refused>,
) -> Response {
    let code = code.to_owned();
    let read = async {
        doorstep::look(who)?;
        let versions = app.db.read(move |tx| questionnaire::list_versions(tx, &code)).await?;
        let shown = versions.iter().find(|it| version.is_none_or(|no| it.version == no)).cloned();
        Ok::<_, Error>((shown.ok_or(Refusal::Absent)?, versions))
    };
    match read.await {
        Ok((shown, versions)) => {
            let status = status(refused.as_ref());
            renew(&versions, refused.as_mut());
            (status, view(who, &shown, &versions, refused.as_ref())).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

/// Somebody else has published meanwhile: his version is shown above, and what was typed can follow it.
fn renew(versions: &[Version], refused: Option<&mut Refused>) {
    let (Some(newest), Some(it)) = (versions.first(), refused) else { return };
    if matches!(it.error, Error::Store(store::Error::Conflict)) {
        it.typed.0.retain(|(name, _)| name != "seen");
        it.typed.0.push(("seen".into(), newest.version.to_string()));
    }
}

fn view(who: &Who, shown: &Version, versions: &[Version], refused: Option<&Refused>) -> Markup {
    let lang = who.lang;
    let here = format!("/questionnaires/{}", shown.code);
    let title = shown.form.title(lang.is_en());
    let newest = versions.first().map_or(0, |it| it.version);
    let slot = Slot::new(lang, "version", refused, || {
        let body = serde_json::to_string_pretty(&shown.form).unwrap_or_default();
        fresh([("seen", newest.to_string()), ("body", body)])
    });
    let body = html! {
        main.page id="main" {
            header.page-head {
                div {
                    p.crumbs { a href="/questionnaires" { (lang.of("问卷", "Questionnaires")) } }
                    h1 lang=[tongue(lang, title)] { (title) }
                    p.line {
                        code lang="zxx" { (shown.code) } span.faint { (lang.of("版本", "Version")) }
                        @for it in versions { a href={ (here) "?version=" (it.version) } aria-current=[(it.version == shown.version).then_some("page")] { (it.version) } }
                    }
                }
            }
            (slot.summary())
            div.columns {
                section.sheet.document aria-label=(lang.of("填写时的样子", "As it will look")) { (preview::view(lang, &shown.form)) }
                aside {
                    @if doorstep::sets_up(who) {
                        a.button.primary.wide href={ (here) "/edit" } { (lang.of("改这份问卷", "Change this questionnaire")) }
                        form.sheet method="post" action=(here) {
                            h2 { (lang.of("或用JSON发布新版本", "Or publish a version as JSON")) }
                            p.hint { (lang.of("题目的key不变，历年才能比较；以前的答卷仍按原来的版本。", "Keep the keys, so that years can be compared; what was answered keeps its version.")) }
                            (slot.hidden("seen"))
                            (slot.form().field("body", "内容（JSON）", "Definition (JSON)").area(24))
                            button.wide { (lang.of("发布", "Publish")) }
                        }
                    }
                }
            }
        }
    };
    page(&Frame { who, title, news: 0, here: &here }, body)
}
