//! Signing in and out, the one-time link for a new password, the choice of language.

use crate::app::App;
use crate::auth::{self, LINK, SESSION, Who, set_cookie};
use crate::error::{ApiError, Error, field};
use crate::form;
use crate::lang::Lang;
use crate::password;
use crate::problem::report::read_json;
use crate::ui::field::{Form, Typed, error_summary};
use crate::ui::page::bare;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use store::session::TokenDigest;
use store::words::{hex, random};

/// 256 random bits, as text.
pub fn token() -> Result<String, store::Error> {
    random::<32>().map(|bytes| hex(&bytes))
}

/// The same sentence for an unknown login and a wrong password.
const WRONG: Error = Error::Denied {
    zh: "账号或密码不对。连续五次不对，账号会锁定15分钟。",
    en: "Login or password is wrong. After five wrong ones the account is locked for 15 minutes.",
};
const LOCKED: Error = Error::Denied {
    zh: "账号已锁定，请稍后再试，或请安全管理员重置密码。",
    en: "The account is locked: try later, or ask the security administrator for a new password.",
};

/// The token of a fresh session.
pub(crate) async fn sign_in(app: &Arc<App>, login: &str, given: &str) -> Result<String, Error> {
    let login = login.trim().to_owned();
    if given.chars().count() > 256 || login.chars().count() > 100 {
        return Err(WRONG);
    }
    let known = app.db.read(move |tx| store::person::password(tx, &login)).await?;
    let now = app.now();
    let locked = known.as_ref().is_some_and(|it| it.locked_until > now);
    // The hash is computed in every case: how long it takes tells nothing.
    let phc = known.as_ref().map(|it| it.phc.clone()).unwrap_or_default();
    let fits = password::verify_async(app, given.to_owned(), phc).await?;
    let Some(known) = known.filter(|it| it.left_at.is_none()) else { return Err(WRONG) };
    if locked {
        return Err(LOCKED);
    }
    let id = known.id;
    if !fits {
        app.db.write(move |tx| store::session::failed(tx, id, now)).await?;
        return Err(WRONG);
    }
    let (token, life) = (token()?, app.config.session_ms);
    let digest = TokenDigest::of(&token);
    app.db
        .write(move |tx| {
            store::session::succeeded(tx, id)?;
            store::session::start(tx, id, &digest, now, life)
        })
        .await?;
    Ok(token)
}

#[derive(Deserialize)]
struct SignIn {
    login: String,
    password: String,
}

/// `POST /api/v1/session`
pub async fn json(State(app): State<Arc<App>>, body: Bytes) -> Result<(StatusCode, Json<Value>), ApiError> {
    let body: SignIn = read_json(&body)?;
    let token = sign_in(&app, &body.login, &body.password).await?;
    Ok((StatusCode::CREATED, Json(json!({ "token": token }))))
}

/// `DELETE /api/v1/session`
pub async fn end(State(app): State<Arc<App>>, _who: Who, headers: HeaderMap) -> Result<StatusCode, ApiError> {
    if let Some(token) = auth::bearer(&headers).or(auth::cookie(&headers, SESSION)).map(str::to_owned) {
        app.db.write(move |tx| store::session::end(tx, &token)).await.map_err(Error::from)?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/me`
pub async fn me(who: Who) -> Json<Value> {
    let hats: Vec<Value> = who
        .actor
        .hats()
        .iter()
        .map(|hat| json!({ "role": hat.role.code(), "unit": hat.unit.to_string(), "of": hat.of.to_string() }))
        .collect();
    Json(json!({ "id": who.person().map(|id| id.to_string()), "name": who.name, "hats": hats }))
}

/// `GET /sign-in`
pub async fn form(headers: HeaderMap, RawQuery(query): RawQuery) -> Markup {
    view(auth::lang_of(&headers), &form::fields(query.unwrap_or_default().as_bytes()), None)
}

/// `POST /sign-in`
pub async fn html(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Response {
    let (typed, lang) = (form::fields(&body), auth::lang_of(&headers));
    match sign_in(&app, typed.get("login"), typed.get("password")).await {
        Ok(token) => {
            let back = typed.get("back");
            let to = if is_own(back) { back } else { "/" };
            (AppendHeaders(cookies(&app, &token)), Redirect::to(to)).into_response()
        }
        Err(error) => {
            error.log();
            (error.tell().status, view(lang, &typed, Some(&error))).into_response()
        }
    }
}

/// A reporter's link opened on this machine before would otherwise take over when the session ends.
pub(crate) fn cookies(app: &App, token: &str) -> [(HeaderName, HeaderValue); 2] {
    [set_cookie(app, SESSION, token, app.config.session_ms / 1000), set_cookie(app, LINK, "", 0)]
}

/// `POST /sign-out`
pub async fn out(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if let Some(token) = auth::cookie(&headers, SESSION).map(str::to_owned) {
        let ended = app.db.write(move |tx| store::session::end(tx, &token)).await;
        if let Err(error) = ended {
            Error::from(error).log();
        }
    }
    let cookies = [set_cookie(&app, SESSION, "", 0), set_cookie(&app, LINK, "", 0)];
    (AppendHeaders(cookies), Redirect::to("/sign-in")).into_response()
}

/// `POST /language`
pub async fn language(State(app): State<Arc<App>>, body: Bytes) -> Response {
    let typed = form::fields(&body);
    let back = typed.get("back");
    let back = if is_own(back) { back } else { "/" };
    let cookie = auth::language_cookie(&app, typed.get("language"));
    (AppendHeaders([cookie]), Redirect::to(back)).into_response()
}

/// Whether an address is a page of this house. "//elsewhere" is another, and so is "/\t/elsewhere": browsers leave out
/// tabs and line ends.
fn is_own(address: &str) -> bool {
    address.starts_with('/')
        && !address.starts_with("//")
        && address.bytes().all(|it| it.is_ascii_graphic() && it != b'\\')
}

fn view(lang: Lang, typed: &Typed, error: Option<&Error>) -> Markup {
    let told = error.map(Error::tell);
    let (form, nothing) = (Form::new(lang, typed), Typed::default());
    bare(
        lang,
        lang.of("登录", "Sign in"),
        "/sign-in",
        html! {
            main.page.narrow id="main" {
                h1 { (lang.of("登录", "Sign in")) }
                @if let Some(told) = &told { (error_summary(lang, lang.of(&told.zh, &told.en))) }
                form.sheet method="post" action="/sign-in" {
                    @if is_own(typed.get("back")) { input type="hidden" name="back" value=(typed.get("back")); }
                    (form.field("login", "账号", "Login").complete("username").input("text"))
                    (Form::new(lang, &nothing).field("password", "密码", "Password").complete("current-password").input("password"))
                    p { button.primary.wide { (lang.of("登录", "Sign in")) } }
                }
            }
        },
    )
}

/// `GET /first/{token}`: a new password by one-time link.
pub async fn first(State(app): State<Arc<App>>, headers: HeaderMap, Path(token): Path<String>) -> Response {
    let (lang, now, here) = (auth::lang_of(&headers), app.now(), format!("/first/{token}"));
    match app.db.read(move |tx| store::session::find_link(tx, &token, now)).await {
        Ok(Some(_)) => first_view(lang, &here, None).into_response(),
        Ok(None) => (StatusCode::NOT_FOUND, first_view(lang, &here, Some(&ended()))).into_response(),
        Err(error) => {
            let error = Error::from(error);
            error.log();
            (error.tell().status, first_view(lang, &here, Some(&error))).into_response()
        }
    }
}

fn ended() -> Error {
    Error::Denied {
        zh: "链接已用过或已过期，请安全管理员重新发一个。",
        en: "The link was used or has ended; ask the security administrator for another.",
    }
}

/// `POST /first/{token}`
pub async fn set_first(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(token): Path<String>,
    body: Bytes,
) -> Response {
    let (typed, here) = (form::fields(&body), format!("/first/{token}"));
    match set_password(&app, token, typed.get("password"), typed.get("again")).await {
        Ok(()) => Redirect::to("/sign-in").into_response(),
        Err(error) => {
            error.log();
            (error.tell().status, first_view(auth::lang_of(&headers), &here, Some(&error))).into_response()
        }
    }
}

async fn set_password(app: &Arc<App>, token: String, new: &str, again: &str) -> Result<(), Error> {
    if new != again {
        return Err(field("again", "两次输入的密码不一样。", "The two passwords differ."));
    }
    let (now, link) = (app.now(), token.clone());
    let login = app
        .db
        .read(move |tx| {
            let person = store::session::find_link(tx, &link, now)?;
            Ok::<_, store::Error>(
                person.map(|id| store::person::find(tx, id)).transpose()?.flatten().map(|it| it.login),
            )
        })
        .await?
        .ok_or_else(ended)?;
    if !password::is_acceptable(new, &login) {
        return Err(field(
            "password",
            "密码至少10个字，最多128个，不能含账号。用一句自己记得住的话最好。",
            "10 to 128 characters, without your login in it. A sentence you remember is best.",
        ));
    }
    let phc = password::hash_async(app, new.to_owned()).await?;
    match app.db.write(move |tx| store::session::use_link(tx, &token, &phc, now)).await? {
        Some(_) => Ok(()),
        None => Err(ended()),
    }
}

fn first_view(lang: Lang, here: &str, error: Option<&Error>) -> Markup {
    let told = error.map(Error::tell);
    let nothing = Typed::default();
    let sentence = told.as_ref().map(|told| lang.of(told.zh.as_str(), told.en.as_str()));
    let wrong = error.map(|it| it.wrong(lang)).unwrap_or_default();
    let form = Form { wrong: &wrong, ..Form::new(lang, &nothing) };
    bare(
        lang,
        lang.of("设置密码", "Set your password"),
        here,
        html! {
            main.page.narrow id="main" {
                h1 { (lang.of("设置密码", "Set your password")) }
                @if let Some(sentence) = sentence { (error_summary(lang, sentence)) }
                form.sheet method="post" {
                    (form.field("password", "新密码", "New password").hint(lang.of("至少10个字", "At least 10 characters")).complete("new-password").input("password"))
                    (form.field("again", "再输一次", "Once more").complete("new-password").input("password"))
                    p { button.primary.wide { (lang.of("保存", "Save")) } }
                }
            }
        },
    )
}
