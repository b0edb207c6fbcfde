//! The card of a site: entered and changed by the bureau.

use super::keeps;
use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::doorstep::deed;
use crate::error::{Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::ui::field::Typed;
use crate::ui::page::{Frame, page};
use crate::ui::slot::{Refused, Slot, fresh, is_final, status};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::fault::Fault;
use domain::id::{SiteId, UnitId};
use domain::refusal::Refusal;
use maud::{Markup, html};
use std::sync::Arc;
use store::site::{Card, Site};

/// `GET /sites/new`
pub async fn new(State(app): State<Arc<App>>, who: Who, headers: HeaderMap) -> Response {
    answer(&app, &who, &headers, None, None).await
}

/// `GET /sites/{no}/edit`
pub async fn edit(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    match found(&app, &who, &no).await {
        Ok(site) => answer(&app, &who, &headers, Some(site), None).await,
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

async fn found(app: &Arc<App>, who: &Who, no: &str) -> Result<Site, Error> {
    keeps(who)?;
    Ok(super::read(app, who, no, |_, _, _, _| Ok(())).await?.0)
}

async fn answer(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    site: Option<Site>,
    refused: Option<Refused>,
) -> Response {
    let read = async {
        keeps(who)?;
        app.directory().await.map_err(Error::from)
    };
    match read.await {
        Ok(directory) => {
            (status(refused.as_ref()), view(who, &directory, site.as_ref(), refused.as_ref(), app)).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

fn units(lang: Lang, directory: &Directory) -> Vec<(String, String)> {
    directory.in_use().map(|it| (it.id.to_string(), it.label(lang.is_en()).to_owned())).collect()
}

fn view(who: &Who, directory: &Directory, site: Option<&Site>, refused: Option<&Refused>, app: &App) -> Markup {
    let lang = who.lang;
    let text = |id: Option<UnitId>| id.map_or(String::new(), |it| it.to_string());
    let slot = Slot::new(lang, "card", refused, || match site {
        Some(it) => fresh([
            ("name", it.name.clone()),
            ("permit", it.permit.clone()),
            ("address", it.address.clone()),
            ("owner", it.owner.to_string()),
            ("contractor", it.contractor.to_string()),
            ("consultant", text(it.consultant)),
            ("seen", it.revision.to_string()),
        ]),
        None => fresh([("id", store::site::fresh_id(app.now()).to_string())]),
    });
    let units = units(lang, directory);
    let choose = lang.of("请选择", "Choose");
    let title = if site.is_some() {
        lang.of("修改工地", "Change the site")
    } else {
        lang.of("登记工地", "Enter a site")
    };
    let action = site.map_or("/sites".to_owned(), |it| format!("/sites/{}/edit", it.no));
    let body = html! {
        main.page.narrow id="main" {
            p.crumbs {
                a href="/sites" { (lang.of("工地", "Sites")) }
                @if let Some(it) = site { " › " a href={ "/sites/" (it.no) } lang="zh-CN" { (it.name) } }
            }
            h1 { (title) }
            (slot.summary())
            form.sheet method="post" action=(action) {
                (slot.hidden("id")) (slot.hidden("seen"))
                (slot.form().field("name", "工地名称", "Name of the site").input("text"))
                (slot.form().field("permit", "施工许可证编号", "Number of the construction permit").input("text"))
                (slot.form().field("address", "地址（可不填）", "Address (optional)").input("text"))
                (slot.form().field("owner", "建设单位", "Owner").select(choose, &units))
                (slot.form().field("contractor", "施工单位", "Contractor").select(choose, &units))
                (slot.form().field("consultant", "监理单位（可不填）", "Consultant (optional)").hint(lang.of("单位先在设置里登记；它的账号才看得到这个工地。", "Units are entered under Settings first; their accounts then see this site.")).select(lang.of("没有监理", "None"), &units))
                button.primary { (lang.of("保存", "Save")) }
            }
        }
    };
    page(&Frame { who, title, news: 0, here: "/sites" }, body)
}

fn card(typed: &Typed) -> Result<Card, Error> {
    let mut faults = Vec::new();
    let mut unit = |field: &'static str, zh: &'static str, en: &'static str| {
        let found: Option<UnitId> = typed.get(field).parse().ok();
        if found.is_none() {
            faults.push(Fault::new(field, zh, en));
        }
        found
    };
    let owner = unit("owner", "请选择建设单位。", "Choose the owner.");
    let contractor = unit("contractor", "请选择施工单位。", "Choose the contractor.");
    for (field, zh, en) in [
        ("name", "请填写工地名称。", "Enter the name of the site."),
        ("permit", "请填写施工许可证编号。", "Enter the number of the construction permit."),
    ] {
        if typed.get(field).trim().is_empty() {
            faults.push(Fault::new(field, zh, en));
        }
    }
    match (owner, contractor) {
        (Some(owner), Some(contractor)) if faults.is_empty() => Ok(Card {
            name: typed.get("name").to_owned(),
            permit: typed.get("permit").to_owned(),
            address: typed.get("address").to_owned(),
            owner,
            contractor,
            consultant: typed.get("consultant").parse().ok(),
            subject: None,
        }),
        _ => Err(Refusal::Faults(faults).into()),
    }
}

/// `POST /sites`
pub async fn add(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    let done = async {
        keeps(&who)?;
        let card = card(&typed)?;
        let id = SiteId(typed.get("id").parse().unwrap_or_else(|_| store::site::fresh_id(app.now()).0));
        deed(&app, &who, move |tx, deed| store::site::add(tx, deed, id, &card)).await
    };
    match done.await {
        Ok(no) => Redirect::to(&format!("/sites/{no}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => answer(&app, &who, &headers, None, Some(Refused::new("card", typed, error))).await,
    }
}

/// `POST /sites/{no}/edit`
pub async fn change(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let done = async {
        keeps(&who)?;
        let (card, seen) = (card(&typed)?, typed.get("seen").parse().unwrap_or(-1));
        super::change(&app, &who, &no, move |tx, deed, site, _| store::site::change(tx, deed, site, &card, seen)).await
    };
    match done.await {
        Ok(()) => Redirect::to(&format!("/sites/{no}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => match found(&app, &who, &no).await {
            Ok(site) => answer(&app, &who, &headers, Some(site), Some(Refused::new("card", typed, error))).await,
            Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
        },
    }
}
