//! One person: roles given and taken, who stands in for him and until when, the one-time link, and leaving.

use super::stand_in::{self, DeputyBody};
use super::{HatBody, hat, link, person_id};
use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::error::{Error, error_page, field};
use crate::form;
use crate::lang::Lang;
use crate::ui::field::{Typed, options};
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, tongue};
use crate::ui::slot::{Refused, Slot, is_final, status};
use crate::ui::speech;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{PersonId, UnitId};
use domain::role::{Hat, Role};
use maud::{Markup, html};
use std::collections::HashMap;
use std::sync::Arc;
use store::person::{Deputy, Person};

/// Among whom a deputy or an heir is chosen.
const COLLEAGUES: i64 = 2_000;

struct Shown {
    person: Person,
    hats: Vec<Hat>,
    /// Those in which he is away, or stands in.
    deputies: Vec<Deputy>,
    colleagues: Vec<Person>,
    directory: Arc<Directory>,
}

async fn load(app: &Arc<App>, who: &Who, id: &str) -> Result<Shown, Error> {
    who.must(Role::Secadmin)?;
    let (id, now, directory) = (person_id(id)?, app.now(), app.directory().await?);
    let shown = app.db.read(move |tx| {
        let Some(person) = store::person::find(tx, id)? else { return Ok(None) };
        let hats = store::person::hats(tx, id)?;
        let mut deputies = store::person::list_deputies(tx, now)?;
        deputies.retain(|it| it.person == id || it.by == id);
        let mut colleagues = store::person::list(tx, "", COLLEAGUES)?;
        colleagues.retain(|it| it.left_at.is_none() || deputies.iter().any(|d| d.person == it.id || d.by == it.id));
        Ok::<_, store::Error>(Some(Shown { person, hats, deputies, colleagues, directory }))
    });
    shown.await?.ok_or(Error::NoSuchPage)
}

/// `GET /people/{id}`
pub async fn show(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(id): Path<String>) -> Response {
    answer(&app, &who, &headers, &id, None, None).await
}

/// `made`: the path of a one-time link made just now.
async fn answer(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    id: &str,
    refused: Option<Refused>,
    made: Option<&str>,
) -> Response {
    match load(app, who, id).await {
        Ok(shown) => (status(refused.as_ref()), view(who, &shown, refused.as_ref(), made)).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

/// `POST /people/{id}/{what}`
pub async fn act_html(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((id, what)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    match act(&app, &who, &id, &what, &typed).await {
        Ok(Some(path)) => answer(&app, &who, &headers, &id, None, Some(&path)).await,
        Ok(None) => Redirect::to(&format!("/people/{id}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => {
            let form = ["hat", "deputy", "leave"].into_iter().find(|it| *it == what).unwrap_or("other");
            answer(&app, &who, &headers, &id, Some(Refused::new(form, typed, error)), None).await
        }
    }
}

/// A path comes back where a link was made.
async fn act(app: &Arc<App>, who: &Who, id: &str, what: &str, typed: &Typed) -> Result<Option<String>, Error> {
    who.must(Role::Secadmin)?;
    let id = person_id(id)?;
    match what {
        "link" => return link(app, who, id).await.map(Some),
        "hat" | "take" => {
            let (role, unit) = (Role::parse(typed.get("role")), typed.get("unit").parse::<UnitId>().ok());
            let role = role.ok_or_else(|| field("role", "请选择岗位。", "Choose a role."))?;
            let unit = unit.ok_or_else(|| field("unit", "请选择单位。", "Choose a unit."))?;
            hat(app, who, id, HatBody { role, unit }, what == "hat").await?;
        }
        "deputy" => {
            let by = typed.get("by").parse().map_err(|_| field("by", "请选择代理人。", "Choose a deputy."))?;
            let (from, to) = (typed.get("from").to_owned(), typed.get("to").to_owned());
            stand_in::stand_in(app, who, DeputyBody { person: Some(id), by, from, to }).await?;
        }
        "end-deputy" => stand_in::end(app, who, typed.get("deputy")).await?,
        "leave" => {
            let heir =
                typed.get("heir").parse().map_err(|_| field("heir", "请选择接手人。", "Choose who takes over."))?;
            stand_in::leave(app, who, id, heir).await?;
        }
        _ => return Err(Error::NoSuchPage),
    }
    Ok(None)
}

fn view(who: &Who, shown: &Shown, refused: Option<&Refused>, made: Option<&str>) -> Markup {
    let (lang, it) = (who.lang, &shown.person);
    let [hat, deputy, leave, other] =
        ["hat", "deputy", "leave", "other"].map(|name| Slot::new(lang, name, refused, Typed::default));
    let (here, own, works) = (format!("/people/{}", it.id), who.person() == Some(it.id), it.left_at.is_none());
    let unit = shown.directory.unit(it.unit).map_or("", |it| it.label(lang.is_en()));
    let body = html! {
        main.page.narrow id="main" {
            p.crumbs { a href="/people" { (lang.of("人员", "People")) } }
            h1 lang="zh-CN" { (it.name) }
            p.line { span.no { (it.login) } span lang=[tongue(lang, unit)] { (unit) } @if !works { span.badge { (lang.of("已离任", "Left")) } } }
            (hat.summary()) (deputy.summary()) (leave.summary()) (other.summary())
            @if let Some(path) = made {
                div.banner role="status" {
                    p { (lang.of("一次性链接（3天内有效，只能用一次），请交给本人：", "One-time link, good for 3 days and one use; hand it to the person:")) }
                    p { code { (path) } }
                }
            }
            (roles(lang, shown, &here, works && !own, &hat))
            @if own { p.hint { (lang.of("不能给自己授权或撤权。", "Nobody changes his own powers.")) } }
            (deputies(lang, shown, &here, works, &deputy))
            @if works {
                section.sheet.part {
                    h2 { (lang.of("登录", "Signing in")) }
                    p.hint { (lang.of("忘了密码，或第一次登录：发一次性链接，本人用它自己设密码。以前的链接随即作废。", "For a forgotten password or the first time: a link with which the person sets one. Links made before end.")) }
                    form method="post" action={ (here) "/link" } { button { (lang.of("发一次性链接", "Make a one-time link")) } }
                }
                @if !own { (leaving(lang, shown, &here, &leave)) }
            }
        }
    };
    page(&Frame { who, title: &it.name, news: 0, here: &here }, body)
}

fn roles(lang: Lang, shown: &Shown, here: &str, may: bool, slot: &Slot) -> Markup {
    let all = options(&Role::ALL, Role::code, |it| lang.of(it.words().1, it.words().2));
    let units: Vec<(String, String)> =
        shown.directory.in_use().map(|it| (it.id.to_string(), it.label(lang.is_en()).to_owned())).collect();
    html! {
        section.sheet.part {
            h2 { (lang.of("岗位", "Roles")) }
            ul.rows.hats {
                @if shown.hats.is_empty() { li { span.faint { (lang.of("没有岗位", "None")) } } }
                @for hat in &shown.hats {
                    @let unit = shown.directory.unit(hat.unit).map_or("", |it| it.label(lang.is_en()));
                    li {
                        span.grow { (lang.of(hat.role.words().1, hat.role.words().2)) " · " span lang=[tongue(lang, unit)] { (unit) } }
                        @if may {
                            form method="post" action={ (here) "/take" } {
                                input type="hidden" name="role" value=(hat.role.code());
                                input type="hidden" name="unit" value=(hat.unit);
                                button { (lang.of("撤销这个岗位", "Take this role")) }
                            }
                        }
                    }
                }
            }
            @if may {
                form.part method="post" action={ (here) "/hat" } {
                    div.halves {
                        (slot.form().field("role", "岗位", "Role").select(lang.of("请选择", "Choose"), &all))
                        (slot.form().field("unit", "单位", "Unit").select(lang.of("请选择", "Choose"), &units))
                    }
                    button { (lang.of("给这个岗位", "Give this role")) }
                }
            }
        }
    }
}

fn names(shown: &Shown) -> HashMap<PersonId, &str> {
    shown.colleagues.iter().map(|it| (it.id, it.name.as_str())).collect()
}

/// Everybody else who works here.
fn others(lang: Lang, shown: &Shown) -> Vec<(String, String)> {
    let others = shown.colleagues.iter().filter(|it| it.left_at.is_none() && it.id != shown.person.id);
    let unit = |id| shown.directory.unit(id).map_or("", |it| it.label(lang.is_en()));
    others.map(|it| (it.id.to_string(), format!("{} · {}", it.name, unit(it.unit)))).collect()
}

fn deputies(lang: Lang, shown: &Shown, here: &str, works: bool, slot: &Slot) -> Markup {
    let names = names(shown);
    let name = |id: PersonId| names.get(&id).copied().unwrap_or_default().to_owned();
    html! {
        section.sheet.part {
            h2 { (lang.of("代理", "Deputies")) }
            ul.rows.hats {
                @if shown.deputies.is_empty() { li { span.faint { (lang.of("没有代理", "None")) } } }
                @for it in &shown.deputies {
                    li {
                        span.grow {
                            span lang="zh-CN" { (name(it.by)) } " " (lang.of("代理", "for")) " " span lang="zh-CN" { (name(it.person)) } " "
                            span.faint { (part::instant(Some(it.from))) " – " (part::instant(Some(it.to))) }
                        }
                        form method="post" action={ (here) "/end-deputy" } {
                            input type="hidden" name="deputy" value=(it.id);
                            button { (lang.of("现在结束", "End it now")) }
                        }
                    }
                }
            }
            @if works {
                form.part method="post" action={ (here) "/deputy" } {
                    (slot.form().field("by", "代理人", "Deputy").select(lang.of("请选择", "Choose"), &others(lang, shown)))
                    div.halves {
                        (slot.form().field("from", "从", "From").input("datetime-local"))
                        (slot.form().field("to", "到", "To").input("datetime-local"))
                    }
                    button { (lang.of("设代理", "Name the deputy")) }
                }
            }
        }
    }
}

fn leaving(lang: Lang, shown: &Shown, here: &str, slot: &Slot) -> Markup {
    html! {
        section.sheet.part {
            h2 { (lang.of("离任移交", "Leaving")) }
            p.hint { (lang.of("账号停用，代理结束；手上的事和以后给他的通知都归接手人。不能撤回。", "The account ends and so do deputyships; his work and what is sent to him go to the heir. It cannot be undone.")) }
            (speech::confirm(lang, "leave", lang.of("办理离任移交", "Hand over"), lang.of("离任并移交给谁？", "Who takes over?"), html! {
                form method="post" action={ (here) "/leave" } {
                    (slot.form().field("heir", "接手人", "Who takes over").select(lang.of("请选择", "Choose"), &others(lang, shown)))
                    button.primary { (lang.of("离任并移交", "Leaves: hand over")) }
                }
            }))
        }
    }
}
