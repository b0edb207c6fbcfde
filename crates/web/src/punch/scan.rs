//! What a scan of the screen's code opens: one button, which redeems the moment of the scan.

use super::code::{self, Wrong};
use super::secret_of;
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::ui::field::Typed;
use crate::ui::page::{Frame, page};
use crate::ui::part::instant;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::attendance::roll::Way;
use domain::id::{PersonId, PunchId};
use domain::refusal::Refusal;
use domain::time::Millis;
use maud::{Markup, html};
use std::sync::Arc;
use store::punch::{self, New, Taken};
use store::site::Site;
use store::staff;
use store::terms::{Deed, Failure};

/// What a scan came to.
enum Opened {
    /// No code of this site, or no such site: the two are not told apart.
    Unknown,
    Late(Site),
    Ended(Site),
    /// Signed in, but not on the staff.
    Stranger(Site),
    /// With the ticket that tells the moment of the scan.
    Ready(Site, String),
}

/// `GET /punch/{no}/{code}`
pub async fn form(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((no, text)): Path<(String, String)>,
) -> Response {
    match opened(&app, &who, &no, &text).await {
        Ok(opened) => view(&app, &who, &format!("/punch/{no}/{text}"), &opened),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

async fn opened(app: &Arc<App>, who: &Who, no: &str, text: &str) -> Result<Opened, Error> {
    let person = who.person().ok_or(Error::NoSuchPage)?;
    let Some((site, secret)) = secret_of(app, no).await? else { return Ok(Opened::Unknown) };
    let now = app.now();
    match code::check(&secret, text, now) {
        Err(Wrong::Unknown) => return Ok(Opened::Unknown),
        Err(Wrong::Late) => return Ok(Opened::Late(site)),
        Ok(()) if site.ended_at.is_some() => return Ok(Opened::Ended(site)),
        Ok(()) => {}
    }
    let id = site.id;
    let known = app.db.read(move |tx| staff::find(tx, id, person)).await?;
    Ok(match known {
        Some(_) => Opened::Ready(site, code::ticket(&secret, &person.to_string(), now)),
        None => Opened::Stranger(site),
    })
}

/// `POST /punch/{no}`: the ticket is redeemed once; a second time it is the same punch.
pub async fn html(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    match punched(&app, &who, &no, &form::fields(&body)).await {
        Ok(Ok(id)) => Redirect::to(&format!("/attendance?punched={id}")).into_response(),
        Ok(Err(opened)) => view(&app, &who, "/attendance", &opened),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

async fn punched(app: &Arc<App>, who: &Who, no: &str, typed: &Typed) -> Result<Result<PunchId, Opened>, Error> {
    let person = who.person().ok_or(Refusal::Absent)?;
    let Some((site, secret)) = secret_of(app, no).await? else { return Ok(Err(Opened::Unknown)) };
    let (now, ticket) = (app.now(), typed.get("ticket").to_owned());
    let at = match code::redeem(&secret, &person.to_string(), &ticket, now) {
        Err(Wrong::Unknown) => return Ok(Err(Opened::Unknown)),
        // Sent again much later it is still the punch that it made.
        Err(Wrong::Late) => {
            let at = ticket.split_once('-').and_then(|it| it.0.parse().ok()).map_or(now, Millis);
            let made = app.db.read(move |tx| known(tx, person, at)).await?;
            return Ok(made.ok_or(Opened::Late(site)));
        }
        Ok(_) if site.ended_at.is_some() => return Ok(Err(Opened::Ended(site))),
        Ok(at) => at,
    };
    let (terms, id) = (app.terms(), typed.get("id").parse().ok().map(PunchId));
    let mut new = New { raw: ticket, ..New::here(person, site.id, Way::Qr, at, now) };
    new.id = id.unwrap_or(new.id);
    let done = app.db.write(move |tx| {
        let taken = punch::insert(tx, &Deed { terms: &terms, by: Some(person), now }, &new)?;
        let made = if taken == Taken::Known { known(tx, person, at)? } else { Some(new.id) };
        Ok::<_, Failure>(made.ok_or(Refusal::ClientIdReused)?)
    });
    Ok(Ok(done.await?))
}

/// The punch that this moment made before.
fn known(tx: &mut dyn store::Tx, person: PersonId, at: Millis) -> Result<Option<PunchId>, Failure> {
    let all = punch::of_person(tx, person, at.day(), at.day(), 200)?;
    Ok(all.iter().find(|it| it.what.at == at && it.what.way == Way::Qr).map(|it| it.id))
}

fn view(app: &App, who: &Who, here: &str, opened: &Opened) -> Response {
    let lang = who.lang;
    let (status, title, site, sentence) = match opened {
        Opened::Ready(site, ticket) => {
            let main = html! { main.page.narrow id="main" { (ready(lang, site, ticket, app.now())) } };
            return page(&Frame { who, title: lang.of("打卡", "Punch in"), news: 0, here }, main).into_response();
        }
        Opened::Unknown => (
            StatusCode::NOT_FOUND,
            lang.of("没有这个码", "No such code"),
            None,
            lang.of(
                "这不是工地打卡屏上的码；请到工地扫屏幕上的码。",
                "This is no code of a site's screen; scan the one on the screen at the site.",
            ),
        ),
        Opened::Late(site) => (
            StatusCode::GONE,
            lang.of("码已过时", "The code is over"),
            Some(site),
            lang.of(
                "这个码已经过时，没有打卡；请再扫一次屏幕上现在的码。",
                "This code is over and you are not punched in; scan the one that is on the screen now.",
            ),
        ),
        Opened::Ended(site) => (
            StatusCode::CONFLICT,
            lang.of("已经完工", "The work is over"),
            Some(site),
            lang.of("这个工地已经完工，不再打卡。", "The work here is over; nobody punches in any more."),
        ),
        Opened::Stranger(site) => (
            StatusCode::FORBIDDEN,
            lang.of("不在名单", "Not on the staff"),
            Some(site),
            lang.of(
                "您不在这个工地的人员名单中，没有打卡；请施工单位或监理单位先登记人员。",
                "You are not on the staff of this site and are not punched in; the firm must enter you first.",
            ),
        ),
    };
    let main = html! {
        main.page.narrow id="main" {
            h1 { (title) }
            @if let Some(site) = site { p.meta lang="zh-CN" { (site.name) } }
            p.scan-said { (sentence) }
        }
    };
    (status, page(&Frame { who, title, news: 0, here }, main)).into_response()
}

fn ready(lang: Lang, site: &Site, ticket: &str, now: Millis) -> Markup {
    html! {
        h1 lang="zh-CN" { (site.name) }
        p.meta { (lang.of("扫码时间", "Scanned at")) " " (instant(Some(now))) }
        form.scan method="post" action={ "/punch/" (site.no) } {
            input type="hidden" name="id" value=(store::ids::fresh(now));
            input type="hidden" name="ticket" value=(ticket);
            button.primary.wide { (lang.of("打卡", "Punch in")) }
            p.hint { (lang.of("两分钟内点一下就行，时间按扫码时算。", "Tap within two minutes; the moment of the scan counts.")) }
        }
    }
}
