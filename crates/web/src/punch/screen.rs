//! The screen at the gate of a site: a code that changes every half minute, and a field into which a reader types identity
//! cards. Whoever knows its address may open it; it tells nothing but the name of who has just punched.

use super::{code, qr, secret_of};
use crate::app::App;
use crate::auth;
use crate::error::{Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::ui::page::{bare, bare_again};
use crate::ui::part::said;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use domain::attendance::roll::Way;
use domain::id::PunchId;
use domain::time::Millis;
use maud::{Markup, html};
use std::sync::Arc;
use store::punch::{self, New, Taken};
use store::site::Site;
use store::staff;
use store::terms::{Deed, Failure};

/// What the last card came to.
enum Card {
    None,
    /// Name, when, and whether a person must look at it first.
    Punched(String, Millis, bool),
    Refused(&'static str, &'static str),
}

/// `GET /screen/{no}/{token}`
pub async fn html(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    OriginalUri(uri): OriginalUri,
    Path((no, token)): Path<(String, String)>,
) -> Response {
    match find(&app, &no, &token).await {
        Ok(shown) => (StatusCode::OK, view(&app, &headers, &uri, &shown, &Card::None)).into_response(),
        Err(error) => sorry(&headers, &uri, &error),
    }
}

/// `POST /screen/{no}/{token}`: a card was held to the reader. Answered with the page itself, for a name stands in no
/// address.
pub async fn card(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    OriginalUri(uri): OriginalUri,
    Path((no, token)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let done = async {
        let shown = find(&app, &no, &token).await?;
        let typed = form::fields(&body);
        let id = typed.get("id").parse().ok().map(PunchId);
        let card = take(&app, &shown.0, typed.get("card"), id).await?;
        Ok::<_, Error>((shown, card))
    };
    match done.await {
        Ok((shown, card)) => {
            let status =
                if matches!(card, Card::Refused(..)) { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            (status, view(&app, &headers, &uri, &shown, &card)).into_response()
        }
        Err(error) => sorry(&headers, &uri, &error),
    }
}

/// Nobody stands by to load it again: after a trouble that passes, the screen comes back by itself.
fn sorry(headers: &HeaderMap, uri: &Uri, error: &Error) -> Response {
    let mut response = error_page(error, auth::lang_of(headers), auth::request_id(headers));
    let again = format!("{AGAIN_S}; url={}", uri.path());
    if !matches!(error, Error::NoSuchPage)
        && let Ok(again) = HeaderValue::from_str(&again)
    {
        response.headers_mut().insert(header::REFRESH, again);
    }
    response
}

const AGAIN_S: i64 = 10;

/// Under the wrong address there is nothing.
async fn find(app: &Arc<App>, no: &str, token: &str) -> Result<(Site, String), Error> {
    let found = secret_of(app, no).await?.filter(|it| code::is_same(token, &code::screen(&it.1)));
    found.ok_or(Error::NoSuchPage)
}

/// The sentences repeat nothing of the number: others stand before the screen too.
async fn take(app: &Arc<App>, site: &Site, card: &str, id: Option<PunchId>) -> Result<Card, Error> {
    if site.ended_at.is_some() {
        return Ok(Card::None);
    }
    if domain::id_card::check(card).is_err() {
        let (zh, en) = (
            "没有读到完整的身份证号，请把身份证再刷一次。",
            "The number was not read to its end; hold the card to the reader again.",
        );
        return Ok(Card::Refused(zh, en));
    }
    let (terms, now, site, card) = (app.terms(), app.now(), site.clone(), card.to_owned());
    let found = app.db.write(move |tx| {
        let deed = Deed { terms: &terms, by: None, now };
        let person = staff::find_by_card(tx, &deed, &card)?;
        let Some(person) = person.map(|it| staff::find(tx, site.id, it)).transpose()?.flatten() else {
            return Ok::<_, Failure>(None);
        };
        let mut new = New { raw: "card".into(), ..New::here(person.person, site.id, Way::IdCard, now, now) };
        // The form sent twice punches once; an id that is already somebody else's is no reason to lose a punch.
        let known = id.map(|id| punch::find(tx, id)).transpose()?.flatten();
        match (&known, id) {
            (Some(it), _) if it.what.person == person.person => {
                return Ok(Some(Card::Punched(person.name, it.what.at, it.waits)));
            }
            (None, Some(id)) => new.id = id,
            _ => {}
        }
        let taken = punch::insert(tx, &deed, &new)?;
        Ok(Some(Card::Punched(person.name, now, matches!(taken, Taken::Waits(_)))))
    });
    match found.await {
        Ok(Some(card)) => Ok(card),
        Ok(None) => Ok(Card::Refused(
            "这张身份证没有登记在本工地；请施工单位或监理单位先登记人员。",
            "This card is not entered at this site; the firm must enter the person first.",
        )),
        Err(failure) => Err(failure.into()),
    }
}

/// The address that people reach this house by, for a code that another device opens.
fn origin(app: &App, headers: &HeaderMap, uri: &Uri) -> String {
    let scheme = if app.config.secure_cookies { "https" } else { "http" };
    let named = headers.get(header::HOST).and_then(|it| it.to_str().ok());
    // Over HTTP/2 the name stands in the address itself.
    let host = named.or(uri.authority().map(|it| it.as_str())).unwrap_or("localhost");
    format!("{scheme}://{host}")
}

/// As long as a name can be read; the code before it is still taken a moment after its time.
const SHORTEST_S: i64 = 4;

fn view(app: &App, headers: &HeaderMap, uri: &Uri, (site, secret): &(Site, String), card: &Card) -> Markup {
    let (lang, now) = (auth::lang_of(headers), app.now());
    let here = format!("/screen/{}/{}", site.no, code::screen(secret));
    let title = lang.of("打卡", "Punch in");
    if site.ended_at.is_some() {
        let main = html! {
            main.page.narrow id="main" {
                h1 lang="zh-CN" { (site.name) }
                p { (lang.of("这个工地已经完工，不再打卡。", "The work here is over; nobody punches in any more.")) }
            }
        };
        return bare(lang, title, &here, main);
    }
    let address = format!("{}/punch/{}/{}", origin(app, headers, uri), site.no, code::make(secret, now));
    let main = html! {
        main.page.gate id="main" {
            h1 lang="zh-CN" { (site.name) }
            (told(lang, card))
            div.gate-ways {
                section {
                    h2 { (lang.of("用手机扫码打卡", "Scan with your phone")) }
                    @match qr::svg(&address, lang.of("打卡二维码", "Code to punch in")) {
                        Some(code) => { (code) }
                        None => { p.error { (lang.of("服务器地址太长，画不出二维码。", "The address of the server is too long for a code.")) } }
                    }
                    p.hint { (lang.of("每30秒换一次，拍照转发无效。", "It changes every 30 seconds; a photo of it is too late.")) }
                }
                section {
                    h2 { (lang.of("刷身份证打卡", "Or use your identity card")) }
                    form method="post" action=(here) autocomplete="off" {
                        input type="hidden" name="id" value=(store::ids::fresh(now));
                        // No keyboard on the glass: a reader types, and nobody types the number of another.
                        div.field {
                            label for="card" { (lang.of("身份证放到读卡器上", "Hold the card to the reader")) }
                            input type="text" id="card" name="card" autocomplete="off" inputmode="none" spellcheck="false" autofocus
                                aria-describedby="card-hint";
                            p.hint id="card-hint" { (lang.of("号码只用来认人，不显示，不留在本机。", "The number only finds the person; it is not shown and not kept on this machine.")) }
                        }
                        button { (lang.of("打卡", "Punch in")) }
                    }
                }
            }
        }
    };
    let left = (code::left_ms(now) + 999) / 1000;
    let seconds = if matches!(card, Card::None) { left } else { left.max(SHORTEST_S) };
    bare_again(lang, title, &here, seconds, main)
}

fn told(lang: Lang, card: &Card) -> Markup {
    html! {
        @match card {
            Card::None => {}
            Card::Punched(name, at, waits) => {
                p.gate-said role="status" {
                    span lang="zh-CN" { (name) } " " (at.clock()) " "
                    @if *waits { (lang.of("已记下，待复核", "noted, to be reviewed")) } @else { (lang.of("已打卡", "punched in")) }
                }
            }
            Card::Refused(zh, en) => { p.gate-said.error role="alert" { (said(lang, lang.of(zh, en))) } }
        }
    }
}
