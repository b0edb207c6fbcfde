//! Categories 类别 as they are set up: names, the days of the lead unit, and the evidence demanded before strike-off.

use super::look;
use crate::app::App;
use crate::auth::{self, Who};
use crate::campaign::deadlines::{UNITS, parts, say};
use crate::doorstep;
use crate::error::{Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::ui::field::Typed;
use crate::ui::page::{Frame, page};
use crate::ui::part::tongue;
use crate::ui::slot::{Refused, Slot, fresh, is_final, status};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::clock::Span;
use domain::fault::Fault;
use domain::id::CategoryId;
use domain::naming::{self, Names};
use domain::refusal::Refusal;
use domain::role::Role;
use maud::{Markup, html};
use std::sync::Arc;
use store::category::Category;

const HERE: &str = "/settings/categories";

fn taken(error: Error) -> Error {
    match error {
        Error::Store(store::Error::Unique { .. }) => {
            let fault = Fault::new("name", "已有同名类别。", "There is a category of this name.");
            Refusal::Faults(vec![fault]).into()
        }
        other => other,
    }
}

pub async fn add(
    app: &Arc<App>,
    who: &Who,
    names: Names,
    span: Option<Span>,
    evidence: Vec<String>,
) -> Result<CategoryId, Error> {
    who.must(Role::Sysadmin)?;
    let added = doorstep::deed(app, who, move |tx, deed| {
        let id = store::category::insert(tx, &names.name, &names.name_en, span, &evidence, deed.now)?;
        store::event::note(tx, deed, id, "category-added", serde_json::json!({ "name": names.name }))?;
        Ok(id)
    });
    let id = added.await.map_err(taken)?;
    app.forget_directory();
    Ok(id)
}

/// All that is wrong with a form at once.
fn read(typed: &Typed) -> Result<(Names, Option<Span>, Vec<String>), Error> {
    let (names, items) = (Names::read(typed.get("name"), typed.get("name_en")), naming::items(typed.get("evidence")));
    let make = UNITS.iter().find(|it| it.0 == typed.get("span_unit")).unwrap_or(&UNITS[0]).3;
    let span = match (typed.get("span").trim(), typed.get("span").trim().parse::<u32>()) {
        ("", _) => Ok(None),
        (_, Ok(number @ 1..=999)) => Ok(Some(make(number))),
        _ => Err(Fault::new(
            "span",
            "期限请填1到999的整数；不填就用统一的。",
            "Write a whole number from 1 to 999; leave it empty for the house's.",
        )),
    };
    match (names, span, items) {
        (Ok(names), Ok(span), Ok(items)) => Ok((names, span, items)),
        (names, span, items) => {
            let mut faults = names.err().unwrap_or_default();
            faults.extend(span.err().into_iter().chain(items.err()));
            Err(Refusal::Faults(faults).into())
        }
    }
}

/// `GET /settings/categories`
pub async fn list(State(app): State<Arc<App>>, who: Who, headers: HeaderMap) -> Response {
    answer(&app, &who, &headers, None).await
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, refused: Option<Refused>) -> Response {
    let read = async {
        look(who)?;
        app.directory().await.map_err(Error::from)
    };
    match read.await {
        Ok(directory) => {
            let house = app.terms().rules.lead;
            (status(refused.as_ref()), list_view(who, &directory.categories, house, refused.as_ref())).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

fn list_view(who: &Who, all: &[Category], house: Span, refused: Option<&Refused>) -> Markup {
    let (lang, may) = (who.lang, who.has(Role::Sysadmin));
    let slot = Slot::new(lang, "new", refused, || fresh([("span_unit", "workdays".to_owned())]));
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/settings" { (lang.of("设置", "Settings")) } }
            h1 { (lang.of("类别", "Categories")) }
            (slot.summary())
            div.columns[may] {
                (table(lang, all, house, may))
                @if may {
                    aside {
                        form.sheet method="post" action=(HERE) {
                            h2 { (lang.of("新增类别", "Add a category")) }
                            (fields(lang, &slot, house))
                            button.primary.wide { (lang.of("新增类别", "Add the category")) }
                        }
                    }
                }
            }
        }
    };
    page(&Frame { who, title: lang.of("类别", "Categories"), news: 0, here: HERE }, body)
}

fn table(lang: Lang, all: &[Category], house: Span, may: bool) -> Markup {
    html! {
        table.table.fold {
            thead { tr {
                th scope="col" { (lang.of("名称", "Name")) }
                th scope="col" { (lang.of("英文名称", "In English")) }
                th scope="col" { (lang.of("主办期限", "Days of the lead")) }
                th scope="col" { (lang.of("销号前要的依据", "Evidence before strike-off")) }
            } }
            tbody {
                @for it in all {
                    tr {
                        td.cut lang=[tongue(lang, &it.name)] { @if may { a href={ (HERE) "/" (it.id) } { (it.name) } } @else { (it.name) } }
                        td data-none=[it.name_en.is_empty().then_some("")] { @if it.name_en.is_empty() { span.faint { "—" } } @else { span lang="en" { (it.name_en) } } }
                        td {
                            @if let Some(span) = it.span { strong { (say(lang, span)) } }
                            @else { span.faint { (lang.of("统一：", "The house's: ")) (say(lang, house)) } }
                        }
                        td.whole data-none=[it.evidence.is_empty().then_some("")] lang=[tongue(lang, &it.evidence.concat())] {
                            @if it.evidence.is_empty() { span.faint { "—" } } @else { (it.evidence.join(lang.of("、", ", "))) }
                        }
                    }
                }
            }
        }
    }
}

fn fields(lang: Lang, slot: &Slot, house: Span) -> Markup {
    let hint = lang.of("不填就用统一的：", "Empty: the house's, ").to_owned() + &say(lang, house);
    let form = slot.form();
    html! {
        (form.field("name", "名称", "Name").input("text"))
        (form.field("name_en", "英文名称（可不填）", "Name in English (optional)").input("text"))
        div.span {
            (form.field("span", "主办单位几天答复", "Days of the lead unit").hint(&hint).number())
            select name="span_unit" aria-label=(lang.of("单位", "Unit")) {
                @for (code, zh, en, _) in UNITS { option value=(code) selected[slot.typed().get("span_unit") == code] { (lang.of(zh, en)) } }
            }
        }
        (form.field("evidence", "销号前要的依据", "Evidence before strike-off").hint(lang.of("一行一项，如“整改后照片”；可不填。", "One item a line; optional.")).area(4))
    }
}

/// `POST /settings/categories`
pub async fn add_html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    let done = async {
        who.must(Role::Sysadmin)?;
        let (names, span, evidence) = read(&typed)?;
        add(&app, &who, names, span, evidence).await
    };
    match done.await {
        Ok(_) => Redirect::to(HERE).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => answer(&app, &who, &headers, Some(Refused::new("new", typed, error))).await,
    }
}

/// `GET /settings/categories/{id}`
pub async fn show(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(id): Path<String>) -> Response {
    one(&app, &who, &headers, &id, None).await
}

async fn one(app: &Arc<App>, who: &Who, headers: &HeaderMap, id: &str, refused: Option<Refused>) -> Response {
    let read = async {
        who.must(Role::Sysadmin)?;
        let id: CategoryId = id.parse().map_err(|_| Error::NoSuchPage)?;
        let found = app.db.read(move |tx| store::category::find(tx, id)).await?;
        found.ok_or(Error::NoSuchPage)
    };
    match read.await {
        Ok(it) => {
            let house = app.terms().rules.lead;
            (status(refused.as_ref()), view(who, &it, house, refused.as_ref())).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

fn view(who: &Who, it: &Category, house: Span, refused: Option<&Refused>) -> Markup {
    let (lang, here) = (who.lang, format!("{HERE}/{}", it.id));
    let slot = Slot::new(lang, "one", refused, || {
        let (number, unit) = it.span.map_or((String::new(), "workdays"), |span| {
            let (number, unit) = parts(span);
            (number.to_string(), unit)
        });
        fresh([
            ("name", it.name.clone()),
            ("name_en", it.name_en.clone()),
            ("span", number),
            ("span_unit", unit.to_owned()),
            ("evidence", it.evidence.join("\n")),
        ])
    });
    let label = it.label(lang.is_en());
    let body = html! {
        main.page.narrow id="main" {
            p.crumbs { a href=(HERE) { (lang.of("类别", "Categories")) } }
            h1 lang=[tongue(lang, label)] { (label) }
            (slot.summary())
            form.sheet method="post" action=(here) {
                p.hint { (lang.of("天数和依据对以后梳理或改类别的问题有效；已经梳理的不变。", "Days and evidence hold for what is triaged or recategorised from now on; what was triaged before keeps its own.")) }
                (fields(lang, &slot, house))
                button.primary { (lang.of("保存类别", "Save the category")) }
            }
        }
    };
    page(&Frame { who, title: label, news: 0, here: &here }, body)
}

/// `POST /settings/categories/{id}`
pub async fn change(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let done = async {
        who.must(Role::Sysadmin)?;
        let id: CategoryId = id.parse().map_err(|_| Error::NoSuchPage)?;
        let (names, span, evidence) = read(&typed)?;
        let changed =
            doorstep::deed(&app, &who, move |tx, deed| store::category::change(tx, deed, id, &names, span, &evidence));
        changed.await.map_err(taken)
    };
    match done.await {
        Ok(()) => {
            app.forget_directory();
            Redirect::to(HERE).into_response()
        }
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => one(&app, &who, &headers, &id, Some(Refused::new("one", typed, error))).await,
    }
}
