//! Views 视图 of the ledger: saving the filter in force under a name, renaming and deleting.

use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::problem::filter::{self, LEDGER};
use crate::ui::field::Typed;
use crate::ui::page::{Frame, page};
use crate::ui::part::said;
use crate::ui::slot::{Refused, Slot, fresh, is_final, status};
use crate::ui::speech;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::fault::Fault;
use domain::id::PersonId;
use domain::refusal::Refusal;
use domain::view::{self, Named};
use maud::{Markup, html};
use std::sync::Arc;
use store::view::View;

/// Who has no account keeps nothing here.
fn owner(who: &Who) -> Result<PersonId, Error> {
    who.person().ok_or(Error::NoSuchPage)
}

/// `GET /views`
pub async fn list(State(app): State<Arc<App>>, who: Who, headers: HeaderMap) -> Response {
    answer(&app, &who, &headers, None).await
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, refused: Option<Refused>) -> Response {
    let read = async {
        let person = owner(who)?;
        let views = app.db.read(move |tx| store::view::list(tx, person)).await?;
        Ok::<_, Error>((views, app.directory().await?))
    };
    match read.await {
        Ok((views, directory)) => {
            let said: Vec<String> = views
                .iter()
                .map(|it| filter::sentence(who.lang, &form::fields(it.query.as_bytes()), &directory, &[]))
                .collect();
            (status(refused.as_ref()), page_of(who, &views, &said, refused.as_ref())).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

/// `POST /views`: the filter that the ledger showed, under a name; back to it.
pub async fn save(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    let done = async {
        let person = owner(&who)?;
        let query = filter::normal(&form::fields(typed.get("query").as_bytes()));
        let named = Named::read(typed.get("name"), &query).map_err(Refusal::Faults)?;
        let now = app.now();
        app.db.write(move |tx| store::view::save(tx, person, &named, now)).await?;
        Ok::<_, Error>(query)
    };
    match done.await {
        Ok(query) => Redirect::to(&format!("{LEDGER}?{query}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => answer(&app, &who, &headers, Some(Refused::new("new", typed, error))).await,
    }
}

/// `POST /views/{id}`: renames, or deletes.
pub async fn change(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    match changed(&app, &who, &id, &typed).await {
        Ok(()) => Redirect::to("/views").into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => answer(&app, &who, &headers, Some(Refused::new("one", with_id(typed, id), error))).await,
    }
}

fn with_id(mut typed: Typed, id: String) -> Typed {
    typed.0.push(("id".into(), id));
    typed
}

async fn changed(app: &Arc<App>, who: &Who, id: &str, typed: &Typed) -> Result<(), Error> {
    let (person, id) = (owner(who)?, id.to_owned());
    let found = if typed.get("what") == "delete" {
        app.db.write(move |tx| store::view::remove(tx, person, &id)).await?
    } else {
        let name = view::name(typed.get("name")).map_err(|fault| Refusal::Faults(vec![fault]))?;
        app.db.write(move |tx| store::view::rename(tx, person, &id, &name)).await.map_err(|error| match error {
            store::Error::Unique { .. } => {
                let taken = Fault::new("name", "已有同名的视图。", "There is a view of this name.");
                Error::from(Refusal::Faults(vec![taken]))
            }
            other => other.into(),
        })?
    };
    if found { Ok(()) } else { Err(Error::NoSuchPage) }
}

fn page_of(who: &Who, views: &[View], said_of: &[String], refused: Option<&Refused>) -> Markup {
    let (lang, title) = (who.lang, who.lang.of("我的视图", "My views"));
    let new = Slot::new(lang, "new", refused, Typed::default);
    let body = html! {
        main.page.narrow id="main" {
            p.crumbs { a href=(LEDGER) { (lang.of("台账", "Ledger")) } }
            h1 { (title) }
            (new.summary())
            @if new.is_refused() {
                form.sheet method="post" action="/views" {
                    (new.hidden("query"))
                    (new.form().field("name", "视图的名字", "Name of the view").input("text"))
                    button.primary { (lang.of("保存视图", "Save view")) }
                }
            }
            @if views.is_empty() {
                (speech::empty(
                    lang.of("还没有视图", "No views yet"),
                    lang.of("在台账里设好筛选，再点“把现在的筛选存为视图”。", "Set a filter in the ledger, then save it as a view."),
                    Some((LEDGER, lang.of("到台账", "To the ledger"))),
                ))
            } @else {
                ul.rows.sheet.views { @for (it, sentence) in views.iter().zip(said_of) { (one(lang, it, sentence, refused)) } }
            }
        }
    };
    page(&Frame { who, title, news: 0, here: LEDGER }, body)
}

fn one(lang: Lang, it: &View, sentence: &str, refused: Option<&Refused>) -> Markup {
    let mine = refused.filter(|refused| refused.form == "one" && refused.typed.get("id") == it.id);
    let slot = Slot::new(lang, "one", mine, || fresh([("name", it.name.clone())]));
    let (prefix, typed) = (format!("view-{}-", it.id), slot.typed().clone());
    let wrong = mine.map(|it| it.error.wrong(lang)).unwrap_or_default();
    let form = crate::ui::field::Form { lang, typed: &typed, prefix: &prefix, wrong: &wrong };
    html! {
        li {
            div.grow {
                a href={ (LEDGER) "?" (it.query) } lang="zh-CN" { (it.name) } " "
                span.faint { (said(lang, sentence)) }
            }
            details.fold-form open[mine.is_some()] {
                summary { (lang.of("改名或删除", "Rename or delete")) }
                form method="post" action={ "/views/" (it.id) } {
                    (form.field("name", "视图的名字", "Name of the view").input("text"))
                    div.line {
                        button.primary { (lang.of("改名", "Rename")) }
                        button name="what" value="delete" formnovalidate { (lang.of("删除这个视图", "Delete this view")) }
                    }
                }
            }
        }
    }
}
