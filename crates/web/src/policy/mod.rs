//! Policies 政策 that visitors explain: their list, new ones, next editions, and those no longer explained.

use crate::app::App;
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::ui::field::{Form, Typed};
use crate::ui::page::{Frame, page};
use crate::ui::part::tongue;
use crate::ui::slot::{Refused, Slot, fresh, is_final, status};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::fault::Fault;
use domain::id::PolicyId;
use domain::refusal::Refusal;
use maud::{Markup, html};
use std::sync::Arc;
use store::policy::{self, Policy};

/// `GET /policies`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap) -> Response {
    answer(&app, &who, &headers, None).await
}

/// `POST /policies`: a new one, or a change of the one with the id of the form.
pub async fn save(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    match put(&app, &who, &typed).await {
        Ok(()) => Redirect::to("/policies").into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => {
            let form = if typed.get("was").is_empty() { "new" } else { "change" };
            answer(&app, &who, &headers, Some(Refused::new(form, typed, error))).await
        }
    }
}

/// What somebody saw of a policy before he changed it.
fn was(it: &Policy) -> String {
    format!("{}|{}|{}|{}", it.issuer, it.issued_on, it.edition, it.ended)
}

async fn put(app: &Arc<App>, who: &Who, typed: &Typed) -> Result<(), Error> {
    doorstep::set_up(who)?;
    let get = |name: &str| typed.get(name).trim().to_owned();
    let id = typed.get("id").parse().unwrap_or_else(|_| PolicyId(store::ids::fresh(app.now())));
    let ended = typed.get("ended") == "yes";
    let new = Policy {
        id,
        title: get("title"),
        issuer: get("issuer"),
        issued_on: get("issued_on"),
        edition: get("edition"),
        ended,
    };
    let seen = typed.get("was").to_owned();
    doorstep::deed(app, who, move |tx, deed| {
        let known = policy::list(tx, true)?.into_iter().find(|it| it.title == new.title);
        match known {
            // A form sent twice has done its work the first time.
            Some(known) if was(&known) == was(&new) => Ok(()),
            Some(known) if seen.is_empty() && known.id != new.id => {
                let taken = Fault::new(
                    "title",
                    "已有这项政策；请在列表里修改。",
                    "There is this policy; change it in the list.",
                );
                Err(Refusal::Faults(vec![taken]).into())
            }
            Some(known) if !seen.is_empty() && was(&known) != seen => Err(store::Error::Conflict.into()),
            _ => policy::save(tx, deed, &new),
        }
    })
    .await
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, refused: Option<Refused>) -> Response {
    let read = async {
        doorstep::look(who)?;
        app.db.read(|tx| policy::list(tx, true)).await.map_err(Error::from)
    };
    match read.await {
        Ok(policies) => {
            let id = store::ids::fresh(app.now()).to_string();
            (status(refused.as_ref()), view(who, &policies, id, refused.as_ref())).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

fn view(who: &Who, policies: &[Policy], id: String, refused: Option<&Refused>) -> Markup {
    let (lang, office) = (who.lang, doorstep::sets_up(who));
    let title = lang.of("政策", "Policies");
    let new = Slot::new(lang, "new", refused, || fresh([("id", id)]));
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/campaigns" { (lang.of("行动", "Campaigns")) } }
            h1 { (title) }
            (new.summary())
            (Slot::new(lang, "change", refused, Typed::default).summary())
            div.columns[office] {
                div {
                    @if policies.is_empty() { div.empty { strong { (lang.of("还没有政策", "No policy yet")) } p { (lang.of("走访时讲解的政策和宣传单，登记在这里。", "Policies explained on visits, and their leaflets, stand here.")) } } }
                    @else { (table(lang, policies, office, refused)) }
                }
                @if office {
                    aside {
                        form.sheet method="post" action="/policies" {
                            h2 { (lang.of("新增政策", "Add a policy")) }
                            (new.hidden("id"))
                            (new.form().field("title", "名称", "Title").area(2))
                            (fields(lang, &new.form()))
                            button.primary.wide { (lang.of("新增", "Add")) }
                        }
                    }
                }
            }
        }
    };
    page(&Frame { who, title, news: 0, here: "/policies" }, body)
}

fn fields(lang: Lang, form: &Form) -> Markup {
    html! {
        (form.field("issuer", "发文机关", "Issued by").input("text"))
        (form.field("issued_on", "发文日期", "Issued on").input("date"))
        (form.field("edition", "宣传单版次", "Edition of the leaflet").hint(lang.of("印在宣传单上的，如2018年第1版", "As printed on it")).input("text"))
    }
}

fn table(lang: Lang, policies: &[Policy], office: bool, refused: Option<&Refused>) -> Markup {
    html! {
        table.table.fold {
            thead {
                tr {
                    th scope="col" { (lang.of("名称", "Title")) }
                    th scope="col" { (lang.of("发文机关", "Issued by")) }
                    th scope="col" { (lang.of("发文日期", "Issued on")) }
                    th scope="col" { (lang.of("宣传单", "Leaflet")) }
                    th scope="col" { (lang.of("状态", "State")) }
                    @if office { th scope="col" { (lang.of("办理", "Do")) } }
                }
            }
            tbody {
                @for it in policies {
                    tr {
                        td.cut.whole lang=[tongue(lang, &it.title)] { (it.title) }
                        td data-none=[it.issuer.is_empty().then_some("")] lang=[tongue(lang, &it.issuer)] { (it.issuer) }
                        td data-none=[it.issued_on.is_empty().then_some("")] { (it.issued_on) }
                        td data-none=[it.edition.is_empty().then_some("")] lang=[tongue(lang, &it.edition)] { (it.edition) }
                        td { @if it.ended { span.faint { (lang.of("不再讲解", "No longer explained")) } } @else { (lang.of("讲解", "Explained")) } }
                        @if office { td { (changing(lang, it, refused)) } }
                    }
                }
            }
        }
    }
}

fn changing(lang: Lang, it: &Policy, refused: Option<&Refused>) -> Markup {
    let of_this = refused.filter(|refused| refused.form == "change" && refused.typed.get("title") == it.title);
    let slot = Slot::new(lang, "change", of_this, || {
        fresh([
            ("issuer", it.issuer.clone()),
            ("issued_on", it.issued_on.clone()),
            ("edition", it.edition.clone()),
            ("ended", if it.ended { "yes" } else { "" }.to_owned()),
        ])
    });
    // Only the refused one may carry the ids that the summary links to.
    let prefix = if slot.is_refused() { "change-".to_owned() } else { format!("{}-", it.id) };
    let form = Form { prefix: &prefix, ..slot.form() };
    html! {
        details.acts open[slot.is_refused()] {
            summary { (lang.of("修改", "Change")) }
            form method="post" action="/policies" {
                input type="hidden" name="id" value=(it.id);
                input type="hidden" name="title" value=(it.title);
                input type="hidden" name="was" value=(was(it));
                (fields(lang, &form))
                (form.check("ended", "不再讲解", "No longer explained"))
                button { (lang.of("保存", "Save")) }
            }
        }
    }
}
