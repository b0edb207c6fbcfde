//! Who is asking: session cookie, bearer token or a reporter's link; and the wall against other sites.

use crate::app::App;
use crate::error::{ApiError, Error, error_page, problem_details};
use crate::lang::Lang;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::id::PersonId;
use domain::role::{Actor, Role};
use domain::time::Millis;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;
use store::notice::Letterbox;
use tracing::Instrument;

pub const SESSION: &str = "zf";
pub const LINK: &str = "zf_link";
const LANGUAGE: &str = "zf_lang";

/// Whoever asked, with everything he may do now.
#[derive(Clone, Debug)]
pub struct Who {
    pub actor: Actor,
    pub name: String,
    pub lang: Lang,
    pub read_until: Millis,
    pub boxes: Vec<Letterbox>,
}

impl Who {
    pub fn person(&self) -> Option<PersonId> {
        self.actor.person()
    }

    pub fn has(&self, role: Role) -> bool {
        self.actor.has(role)
    }

    /// Officers and the office report; enterprises and reporters do through their own door.
    pub fn may_report(&self) -> bool {
        self.has(Role::Officer) || self.has(Role::Office) || self.actor.reporter().is_some()
    }

    pub fn must(&self, role: Role) -> Result<PersonId, Error> {
        match self.person() {
            Some(id) if self.has(role) => Ok(id),
            _ => Err(Error::NoSuchPage),
        }
    }
}

pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// A cookie that scripts cannot read and other sites cannot send along with a form.
pub fn set_cookie(app: &App, name: &str, value: &str, seconds: i64) -> (HeaderName, HeaderValue) {
    let secure = if app.config.secure_cookies { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    (header::SET_COOKIE, HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("")))
}

pub fn language_cookie(app: &App, lang: &str) -> (HeaderName, HeaderValue) {
    set_cookie(app, LANGUAGE, if lang.starts_with("en") { "en" } else { "zh" }, 365 * 86_400)
}

pub fn lang_of(headers: &HeaderMap) -> Lang {
    let chosen = cookie(headers, LANGUAGE);
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Lang::parse(chosen.or(accepted).unwrap_or("zh"))
}

pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

pub(crate) async fn who(app: &Arc<App>, headers: &HeaderMap) -> Result<Who, Error> {
    let lang = lang_of(headers);
    // Who shows a token means that one; cookies count only where none is shown.
    let (link, token) = match bearer(headers) {
        Some(shown) => match shown.strip_prefix("link_") {
            Some(link) => (Some(link), None),
            None => (None, Some(shown)),
        },
        None => (cookie(headers, LINK), cookie(headers, SESSION)),
    };
    let (link, token) = (link.map(str::to_owned), token.map(str::to_owned));
    let (now, idle) = (app.now(), app.config.idle_ms);
    let found = app
        .db
        .glance(move |tx| {
            if let Some(token) = token
                && let Some((person, actor, late)) = store::session::find(tx, &token, now, idle)?
            {
                return Ok::<_, store::Error>((Some((person, actor, late.then_some(token))), None));
            }
            let Some(link) = link else { return Ok((None, None)) };
            let reporter = store::reporter::find_by_link(tx, &link)?;
            let name = reporter.map(|id| store::reporter::find(tx, id)).transpose()?.flatten().map(|it| it.name);
            Ok((None, reporter.zip(name)))
        })
        .await?;
    match found {
        (Some((person, actor, touch)), _) => {
            if let Some(token) = touch {
                let (db, now) = (app.db.clone(), now);
                // Who waits for this answer need not wait for the note that he was here.
                tokio::spawn(async move { db.write(move |tx| store::session::touch(tx, &token, now)).await });
            }
            let boxes = store::notice::boxes(&actor);
            Ok(Who { actor, name: person.name, lang, read_until: person.read_until, boxes })
        }
        (None, Some((id, name))) => {
            let actor = Actor::Reporter(id);
            // Nothing notes what a reporter by link has read, so nothing is new to him.
            Ok(Who { boxes: store::notice::boxes(&actor), actor, name, lang, read_until: now })
        }
        (None, None) => Err(Error::SignIn),
    }
}

/// For JSON handlers: the refusal is a problem document.
impl FromRequestParts<Arc<App>> for Who {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Who, Response> {
        match who(app, &parts.headers).await {
            Ok(who) => Ok(who),
            Err(error) if parts.uri.path().starts_with("/api/") => Err(ApiError(error).into_response()),
            Err(Error::SignIn) if comes_back(&parts.method, parts.uri.path()) => {
                let back = crate::problem::list::escape(parts.uri.path_and_query().map_or("/", |it| it.as_str()));
                Err(axum::response::Redirect::to(&format!("/sign-in?back={back}")).into_response())
            }
            Err(error) => Err(error_page(&error, lang_of(&parts.headers), request_id(&parts.headers))),
        }
    }
}

/// Pages of the doorstep and the triage desk, to which one comes back after signing in: what was typed waits there. And
/// those to which a scan or a notice leads.
fn comes_back(method: &Method, path: &str) -> bool {
    let pages = [
        "/visits",
        "/promises",
        "/triage",
        "/punch/",
        "/punches/",
        "/attendance",
        "/sites",
        "/leaves/",
        "/substitutes/",
        "/appeals/",
    ];
    *method == Method::GET && pages.iter().any(|it| path.starts_with(it))
}

pub fn request_id(headers: &HeaderMap) -> &str {
    headers.get("x-request-id").and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// Around every request: a number, the wall against other sites, security headers, a log line, the counters.
pub async fn guard(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = store::ids::fresh(app.now()).simple().to_string();
    let value = HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static(""));
    request.headers_mut().insert("x-request-id", value.clone());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let client = client(&app, &request).map(|it| it.to_string()).unwrap_or_default();
    let span = tracing::info_span!("request", id, client, %method, path = logged(&path));
    let (api, lang) = (path.starts_with("/api/"), lang_of(request.headers()));
    let mut response = if comes_from_elsewhere(request.method(), request.headers()) {
        told(&Error::CrossSite, api, lang, &id)
    } else {
        in_words(next.run(request).instrument(span.clone()).await, api, lang, &id)
    };
    let micros = started.elapsed().as_micros() as u64;
    app.metrics.answered(response.status().as_u16(), micros);
    let _in = span.enter();
    tracing::info!(status = response.status().as_u16(), micros, "answered");
    let headers = response.headers_mut();
    headers.insert("x-request-id", value);
    for (name, value) in [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.config.secure_cookies {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Who is at the other end: the peer, or what a trusted proxy says of whom it serves. Its own entry is the last.
fn client(app: &App, request: &Request) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>()?.0.ip();
    let forwarded = || request.headers().get("x-forwarded-for")?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok();
    if app.config.trusted_proxies.contains(&peer) { forwarded().or(Some(peer)) } else { Some(peer) }
}

/// Tokens of links stand in their paths and shall not stand in a log.
fn logged(path: &str) -> &str {
    ["/first/", "/r/", "/screen/", "/punch/"].into_iter().find(|it| path.starts_with(it)).unwrap_or(path)
}

fn told(error: &Error, api: bool, lang: Lang, id: &str) -> Response {
    if api { problem_details(error) } else { error_page(error, lang, id) }
}

/// What the framework refuses before a handler runs (a body too large, a path that is no text) it refuses in English
/// plain text; people and programs get the same words as everywhere.
fn in_words(response: Response, api: bool, lang: Lang, id: &str) -> Response {
    let plain = response.headers().get(header::CONTENT_TYPE).is_some_and(|it| it.as_bytes().starts_with(b"text/plain"));
    match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE if plain => told(&Error::TooLarge, api, lang, id),
        StatusCode::BAD_REQUEST if plain => told(&Error::NoSuchPage, api, lang, id),
        _ => response,
    }
}

/// A change that a browser sends on behalf of another site. Programs with a bearer token carry no cookie to abuse.
fn comes_from_elsewhere(method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    match text("origin") {
        Some(origin) => origin.split_once("://").map(|(_, host)| host) != text("host"),
        None => bearer(headers).is_none() && (cookie(headers, SESSION).is_some() || cookie(headers, LINK).is_some()),
    }
}
