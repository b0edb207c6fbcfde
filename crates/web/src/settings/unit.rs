//! Units 单位 as they are set up: their tree, adding one, its names, out of use and back.

use super::look;
use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page, field};
use crate::form;
use crate::lang::Lang;
use crate::ui::field::Typed;
use crate::ui::page::{Frame, page};
use crate::ui::part::tongue;
use crate::ui::slot::{Refused, Slot, fresh, is_final, status};
use crate::ui::speech;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::fault::Fault;
use domain::id::UnitId;
use domain::naming::Names;
use domain::refusal::Refusal;
use domain::role::Role;
use maud::{Markup, html};
use std::sync::Arc;
use store::unit::Unit;

const HERE: &str = "/settings/units";

/// A name that another has already stands at its field.
fn taken(error: Error) -> Error {
    match error {
        Error::Store(store::Error::Unique { .. }) => {
            let fault = Fault::new("name", "已有同名单位。", "There is a unit of this name.");
            Refusal::Faults(vec![fault]).into()
        }
        other => other,
    }
}

pub async fn add(app: &Arc<App>, who: &Who, names: Names, parent: Option<UnitId>) -> Result<UnitId, Error> {
    who.must(Role::Sysadmin)?;
    let id = doorstep::deed(app, who, move |tx, deed| Ok(store::unit::add(tx, deed, &names, parent)?))
        .await
        .map_err(taken)?;
    app.forget_directory();
    Ok(id)
}

/// `GET /settings/units`
pub async fn list(State(app): State<Arc<App>>, who: Who, headers: HeaderMap) -> Response {
    answer(&app, &who, &headers, None).await
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, refused: Option<Refused>) -> Response {
    let read = async {
        look(who)?;
        app.directory().await.map_err(Error::from)
    };
    match read.await {
        Ok(directory) => (status(refused.as_ref()), list_view(who, &directory, refused.as_ref())).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

/// Each below the one it belongs to.
fn tree(units: &[Unit]) -> Vec<&Unit> {
    fn below<'u>(units: &'u [Unit], parent: Option<UnitId>, tree: &mut Vec<&'u Unit>) {
        for it in units.iter().filter(|it| it.parent == parent) {
            tree.push(it);
            below(units, Some(it.id), tree);
        }
    }
    let mut all = Vec::new();
    below(units, None, &mut all);
    all
}

fn choices(lang: Lang, directory: &Directory) -> Vec<(String, String)> {
    directory.in_use().map(|it| (it.id.to_string(), it.label(lang.is_en()).to_owned())).collect()
}

fn list_view(who: &Who, directory: &Directory, refused: Option<&Refused>) -> Markup {
    let (lang, may) = (who.lang, who.has(Role::Sysadmin));
    let slot = Slot::new(lang, "new", refused, Typed::default);
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/settings" { (lang.of("设置", "Settings")) } }
            h1 { (lang.of("单位", "Units")) }
            (slot.summary())
            div.columns[may] {
                (table(lang, directory, may))
                @if may {
                    aside {
                        form.sheet method="post" action=(HERE) {
                            h2 { (lang.of("新增单位", "Add a unit")) }
                            (names(&slot))
                            (slot.form().field("parent", "上级单位", "Belongs to").hint(lang.of("上级看得到下级办的问题；以后不能改。", "Those above see what those below handle; it cannot be changed later.")).select(lang.of("没有上级", "None"), &choices(lang, directory)))
                            button.primary.wide { (lang.of("新增单位", "Add the unit")) }
                        }
                    }
                }
            }
        }
    };
    page(&Frame { who, title: lang.of("单位", "Units"), news: 0, here: HERE }, body)
}

fn names(slot: &Slot) -> Markup {
    html! {
        (slot.form().field("name", "名称", "Name").input("text"))
        (slot.form().field("name_en", "英文名称（可不填）", "Name in English (optional)").input("text"))
    }
}

fn table(lang: Lang, directory: &Directory, may: bool) -> Markup {
    html! {
        table.table.fold {
            thead { tr {
                th scope="col" { (lang.of("名称", "Name")) }
                th scope="col" { (lang.of("英文名称", "In English")) }
                th scope="col" { (lang.of("使用", "Use")) }
            } }
            tbody {
                @for it in tree(&directory.units) {
                    tr {
                        td.cut lang=[tongue(lang, &it.name)] data-depth=(it.path.len().min(4)) {
                            @if may { a href={ (HERE) "/" (it.id) } { (it.name) } } @else { (it.name) }
                        }
                        td data-none=[it.name_en.is_empty().then_some("")] { @if it.name_en.is_empty() { span.faint { "—" } } @else { span lang="en" { (it.name_en) } } }
                        td { @if it.ended { span.faint { (lang.of("已停用", "Out of use")) } } @else { (lang.of("在用", "In use")) } }
                    }
                }
            }
        }
    }
}

/// `POST /settings/units`
pub async fn add_html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    let done = async {
        who.must(Role::Sysadmin)?;
        let names = Names::read(typed.get("name"), typed.get("name_en")).map_err(Refusal::Faults)?;
        add(&app, &who, names, typed.get("parent").parse().ok()).await
    };
    match done.await {
        Ok(_) => Redirect::to(HERE).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => answer(&app, &who, &headers, Some(Refused::new("new", typed, error))).await,
    }
}

/// `GET /settings/units/{id}`
pub async fn show(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(id): Path<String>) -> Response {
    one(&app, &who, &headers, &id, None).await
}

async fn one(app: &Arc<App>, who: &Who, headers: &HeaderMap, id: &str, refused: Option<Refused>) -> Response {
    let read = async {
        who.must(Role::Sysadmin)?;
        let id: UnitId = id.parse().map_err(|_| Error::NoSuchPage)?;
        let unit = app.db.read(move |tx| store::unit::find(tx, id)).await?;
        unit.ok_or(Error::NoSuchPage)
    };
    match read.await {
        Ok(unit) => (status(refused.as_ref()), view(who, &unit, refused.as_ref())).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

fn view(who: &Who, unit: &Unit, refused: Option<&Refused>) -> Markup {
    let (lang, here) = (who.lang, format!("{HERE}/{}", unit.id));
    let slot =
        Slot::new(lang, "names", refused, || fresh([("name", unit.name.clone()), ("name_en", unit.name_en.clone())]));
    let use_of = Slot::new(lang, "use", refused, Typed::default);
    let label = unit.label(lang.is_en());
    let body = html! {
        main.page.narrow id="main" {
            p.crumbs { a href=(HERE) { (lang.of("单位", "Units")) } }
            h1 lang=[tongue(lang, label)] { (label) }
            (slot.summary()) (use_of.summary())
            form.sheet method="post" action=(here) {
                h2 { (lang.of("名称", "Names")) }
                p.hint { (lang.of("改名后，以前办的问题也显示新名称；旧名称留在记录里。", "What it handled before shows the new name too; the old one stays in the record.")) }
                (names(&slot))
                button.primary name="what" value="rename" { (lang.of("保存名称", "Save the names")) }
            }
            section.sheet.part {
                @if unit.ended {
                    h2 { (lang.of("已停用", "Out of use")) }
                    form method="post" action=(here) { button name="what" value="revive" { (lang.of("重新启用", "Use it again")) } }
                } @else {
                    h2 { (lang.of("停用", "Retire it")) }
                    p.hint { (lang.of("停用后不能再向它交办；以前办的都在。撤并改组的，请新增单位，再把人和问题移过去。", "Nothing is dispatched to it any more; all it did stays. For a reorganised bureau add the new unit and move people and problems.")) }
                    (speech::confirm(lang, "end", lang.of("停用这个单位", "Retire this unit"), lang.of("停用这个单位吗？", "Retire this unit?"), html! {
                        form method="post" action=(here) { button.primary name="what" value="end" { (lang.of("停用", "Retire it")) } }
                    }))
                }
            }
        }
    };
    page(&Frame { who, title: label, news: 0, here: &here }, body)
}

/// `POST /settings/units/{id}`
pub async fn change(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let which = if typed.get("what") == "rename" { "names" } else { "use" };
    match changed(&app, &who, &id, &typed).await {
        Ok(()) => Redirect::to(HERE).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => one(&app, &who, &headers, &id, Some(Refused::new(which, typed, error))).await,
    }
}

async fn changed(app: &Arc<App>, who: &Who, id: &str, typed: &Typed) -> Result<(), Error> {
    who.must(Role::Sysadmin)?;
    let id: UnitId = id.parse().map_err(|_| Error::NoSuchPage)?;
    match typed.get("what") {
        "rename" => {
            let names = Names::read(typed.get("name"), typed.get("name_en")).map_err(Refusal::Faults)?;
            doorstep::deed(app, who, move |tx, deed| store::unit::rename(tx, deed, id, &names)).await.map_err(taken)?;
        }
        "end" => doorstep::deed(app, who, move |tx, deed| store::unit::end(tx, deed, id)).await?,
        "revive" => doorstep::deed(app, who, move |tx, deed| store::unit::revive(tx, deed, id)).await?,
        _ => return Err(field("name", "请选择改名、停用或重新启用。", "Choose renaming, retiring or using again.")),
    }
    app.forget_directory();
    Ok(())
}
