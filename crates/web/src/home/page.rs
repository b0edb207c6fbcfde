//! The page at `/`: reads the parts of all hats in one snapshot, and puts what burns most first.

use super::block::{Look, Part, date};
use super::{admin, inbox, leader, office, officer, reporter, site, staff, supervision, unit};
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::ui::page::{Frame, page};
use crate::ui::part::said;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::light;
use maud::{Markup, html};
use std::sync::Arc;
use store::notice::Notice;
use store::terms::Failure;

struct Seen {
    unit: Option<unit::Seen>,
    officer: Option<officer::Seen>,
    office: Option<office::Seen>,
    supervision: Option<supervision::Seen>,
    leader: Option<leader::Seen>,
    reporter: Option<reporter::Seen>,
    site: Option<site::Seen>,
    staff: Option<staff::Seen>,
    admin: Option<admin::Seen>,
    notices: Vec<Notice>,
    news: i64,
}

/// `GET /`: who is not signed in is sent to where that is done.
pub async fn html(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let who = match auth::who(&app, &headers).await {
        Ok(who) => who,
        Err(Error::SignIn) => return Redirect::to("/sign-in").into_response(),
        Err(error) => return error_page(&error, auth::lang_of(&headers), auth::request_id(&headers)),
    };
    match view(&app, &who).await {
        Ok(markup) => markup.into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

async fn view(app: &Arc<App>, who: &Who) -> Result<Markup, Error> {
    let (now, terms, directory) = (app.now(), app.terms(), app.directory().await?);
    let (actor, boxes, since, under) = (who.actor.clone(), who.boxes.clone(), who.read_until, terms.clone());
    let read = app.db.read(move |tx| {
        let bounds = light::bounds(now, &under.calendar);
        Ok::<_, Failure>(Seen {
            unit: unit::read(tx, &actor, &bounds)?,
            officer: officer::read(tx, &actor, &bounds)?,
            office: office::read(tx, &actor, &bounds, &under.calendar)?,
            supervision: supervision::read(tx, &actor, &bounds)?,
            leader: leader::read(tx, &actor, &bounds, &under)?,
            reporter: reporter::read(tx, &actor, &bounds)?,
            site: site::read(tx, &actor, now)?,
            staff: staff::read(tx, &actor, &under, now)?,
            admin: admin::read(tx, &actor, now)?,
            notices: inbox::read(tx, &actor, &boxes)?,
            news: store::notice::count_new(tx, &boxes, since)?,
        })
    });
    let seen = read.await?;
    let look = Look { who, lang: who.lang, directory: &directory, terms: &terms, now };
    let mut parts: Vec<Part> = [
        seen.leader.as_ref().map(|it| leader::view(&look, it)),
        seen.office.as_ref().map(|it| office::view(&look, it)),
        seen.supervision.as_ref().map(|it| supervision::view(&look, it)),
        seen.unit.as_ref().map(|it| unit::view(&look, it)),
        seen.officer.as_ref().map(|it| officer::view(&look, it)),
        seen.reporter.as_ref().map(|it| reporter::view(&look, it)),
        seen.site.as_ref().map(|it| site::view(&look, it)),
        seen.staff.as_ref().map(|it| staff::view(&look, it)),
        seen.admin.as_ref().map(|it| admin::view(&look, it)),
    ]
    .into_iter()
    .flatten()
    .collect();
    // A stable order where nothing tells them apart: that of the list above.
    parts.sort_by_key(|it| (std::cmp::Reverse(it.overdue > 0), std::cmp::Reverse(it.today > 0)));
    Ok(frame(&look, &parts, &seen))
}

fn frame(look: &Look, parts: &[Part], seen: &Seen) -> Markup {
    let lang = look.lang;
    let notices = inbox::view(look, &seen.notices, seen.news);
    let today = date(lang, look.now.day());
    let body = html! {
        main.page.home id="main" {
            @match parts.first() {
                None => {
                    header.page-head { div { h1 { (lang.of("今天没有要您办的", "Nothing for you today")) } p.meta { (today) } } }
                    @if seen.notices.is_empty() { div.empty { strong { (lang.of("没有待办，也没有通知", "Nothing waits, and there are no notices")) } } }
                    (notices)
                }
                Some(first) => {
                    (head(look, first, Some(&today)))
                    (content(first, Some(&notices)))
                    @for part in &parts[1..] {
                        section.hat {
                            (head(look, part, None))
                            (content(part, None))
                        }
                    }
                }
            }
        }
    };
    page(&Frame { who: look.who, title: lang.of("首页", "Home"), news: seen.news, here: "/" }, body)
}

/// The finding, then the numbers behind it. Only the first hat's is the title of the page.
fn head(look: &Look, part: &Part, today: Option<&str>) -> Markup {
    html! {
        header.page-head {
            div {
                @match today {
                    Some(today) => {
                        h1 { (said(look.lang, &part.title)) }
                        p.meta { (today) @if !part.note.is_empty() { " · " (said(look.lang, &part.note)) } }
                    }
                    None => {
                        h2 { (said(look.lang, &part.title)) }
                        @if !part.note.is_empty() { p.meta { (said(look.lang, &part.note)) } }
                    }
                }
            }
            div.line { (part.acts) }
        }
    }
}

fn content(part: &Part, notices: Option<&Markup>) -> Markup {
    html! {
        @match (&part.side, notices) {
            (Some(side), _) => { div.columns { div { (part.main) } aside { (side) @if let Some(it) = notices { (it) } } } }
            (None, Some(it)) => { (part.main) div.after { (it) } }
            (None, None) => { (part.main) }
        }
    }
}
