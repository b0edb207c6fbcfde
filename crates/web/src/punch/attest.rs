//! Attestation 代证: somebody vouches that another was there. It counts once the bureau has looked at it.

use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page, field};
use crate::form;
use crate::site::filing::{day, is_own};
use crate::ui::field::Typed;
use crate::ui::page::{Frame, page};
use crate::ui::slot::{Refused, Slot, fresh, is_final, status};
use crate::ui::speech;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::attendance::roll::{Doubt, Way};
use domain::fault::Fault;
use domain::id::{PersonId, PunchId};
use domain::refusal::Refusal;
use domain::site::Tie;
use domain::time::Millis;
use maud::{Markup, html};
use std::sync::Arc;
use store::punch::{self, New};
use store::site::Site;
use store::staff::{self, Staff};
use store::terms::{Deed, Failure};
use store::{Tx, notice};

/// How many days back one can vouch for.
const BACK: i64 = 3;

struct Seen {
    /// For whom the reader may vouch.
    persons: Vec<Staff>,
    news: i64,
}

/// Those for whom he may: everybody for who attests at the site, its own people for a firm; never himself.
fn persons(tx: &mut dyn Tx, deed: &Deed, site: &Site, ties: &[Tie]) -> Result<Vec<Staff>, Failure> {
    let by = deed.by.ok_or(Refusal::NotYourRole)?;
    let attests = ties.contains(&Tie::Staff) && staff::find(tx, site.id, by)?.is_some_and(|it| it.attests);
    let firms: Vec<Tie> = ties.iter().copied().filter(|it| matches!(it, Tie::Contractor | Tie::Consultant)).collect();
    if !attests && firms.is_empty() {
        return Err(Refusal::NotYourRole.into());
    }
    let mut all = staff::list(tx, site.id)?;
    all.retain(|it| it.person != by && (attests || is_own(site, &firms, it.firm)));
    Ok(all)
}

/// `GET /sites/{no}/attest`: done.
pub async fn form(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    answer(&app, &who, &headers, &no, None, !query.get("done").is_empty()).await
}

/// `POST /sites/{no}/attest`
pub async fn html(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    match attested(&app, &who, &no, &typed).await {
        Ok(()) => Redirect::to(&format!("/sites/{no}/attest?done=1")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => answer(&app, &who, &headers, &no, Some(Refused::new("attest", typed, error)), false).await,
    }
}

/// When it was, as it was typed.
fn moment(typed: &Typed, now: Millis) -> Result<Millis, Error> {
    let day = day(typed, "day")?;
    let text = typed.get("time").trim().replace('：', ":");
    let at = Millis::parse_local(&format!("{day} {text}")).filter(|_| text.contains(':'));
    let at = at.ok_or_else(|| field("time", "时间请写成08:30的样子。", "Write the time like 08:30."))?;
    if at > now {
        return Err(field("time", "还没有到这个时间，不能代证。", "This moment has not come yet."));
    }
    if day < now.day().plus(-BACK) {
        return Err(Error::Field {
            field: "day",
            zh: format!("只能代证今天和前{BACK}天；更早的请本人申诉。"),
            en: format!("Only today and the {BACK} days before; for earlier ones the person appeals."),
        });
    }
    Ok(at)
}

async fn attested(app: &Arc<App>, who: &Who, no: &str, typed: &Typed) -> Result<(), Error> {
    let now = app.now();
    let person: Option<PersonId> = typed.get("person").parse().ok();
    let (at, why) = (moment(typed, now), typed.get("words").trim().to_owned());
    let id = PunchId(typed.get("id").parse().unwrap_or_else(|_| store::ids::fresh(now)));
    crate::site::change(app, who, no, move |tx, deed, site, ties| {
        // Who may not attest here learns nothing about what he typed.
        let known = persons(tx, deed, site, ties)?;
        let mut faults = Vec::new();
        let found = known.iter().find(|it| Some(it.person) == person);
        if found.is_none() {
            faults.push(Fault::new(
                "person",
                "请选择人员；不能给自己代证。",
                "Choose a person; nobody attests for himself.",
            ));
        }
        if let Err(Error::Field { field, zh, en }) = &at {
            faults.push(Fault::new(*field, zh.clone(), en.clone()));
        }
        if why.is_empty() || why.chars().count() > 500 {
            faults.push(Fault::new(
                "words",
                "请写明为什么没有打上卡、凭什么证明，不超过500字。",
                "Say why there is no punch and how you know, in at most 500 characters.",
            ));
        }
        if site.ended_at.is_some() {
            faults.push(Fault::new(
                "person",
                "这个工地已经完工，不再打卡。",
                "The work here is over; nobody punches in any more.",
            ));
        }
        let (Some(found), Ok(at), true) = (found, at, faults.is_empty()) else { return Err(faults.into()) };
        let mut new = New { raw: why, by: deed.by, ..New::here(found.person, site.id, Way::Attestation, at, deed.now) };
        (new.id, new.what.doubt) = (id, Some(Doubt::Unconfirmed));
        punch::insert(tx, deed, &new)?;
        Ok(())
    })
    .await
}

async fn answer(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    no: &str,
    refused: Option<Refused>,
    is_done: bool,
) -> Response {
    let (boxes, since) = (who.boxes.clone(), who.read_until);
    let read = crate::site::read(app, who, no, move |tx, deed, site, ties| {
        Ok(Seen { persons: persons(tx, deed, site, ties)?, news: notice::count_new(tx, &boxes, since)? })
    });
    match read.await {
        Ok((site, _, seen)) => {
            let view = view(app, who, &site, &seen, refused.as_ref(), is_done);
            (status(refused.as_ref()), view).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

fn view(app: &App, who: &Who, site: &Site, seen: &Seen, refused: Option<&Refused>, is_done: bool) -> Markup {
    let (lang, now) = (who.lang, app.now());
    let here = format!("/sites/{}/attest", site.no);
    let slot = Slot::new(lang, "attest", refused, || {
        let time = now.clock();
        fresh([("id", store::ids::fresh(now).to_string()), ("day", now.day().to_string()), ("time", time)])
    });
    let persons: Vec<(String, String)> = seen
        .persons
        .iter()
        .map(|it| {
            let posts: Vec<&str> = it.posts.iter().map(|it| it.0.as_str()).collect();
            (it.person.to_string(), format!("{}（{}）", it.name, posts.join("、")))
        })
        .collect();
    let title = lang.of("代证", "Attest");
    let body = html! {
        main.page.narrow id="main" {
            p.crumbs { a href="/sites" { (lang.of("工地", "Sites")) } " › " a href={ "/sites/" (site.no) } lang="zh-CN" { (site.name) } }
            h1 { (title) }
            @if is_done { (speech::toast(&html! { (lang.of("已提交，建设局复核后算数", "Sent; it counts once the bureau has looked at it")) }, None)) }
            (slot.summary())
            p.hint { (lang.of("人到了，打不上卡：手机没电、屏幕坏了、没带身份证。代证和打卡一样算到岗，但要建设局另一人看过。", "For who was there and could not punch in: no battery, a broken screen, no card. It counts like a punch once another person of the bureau has looked at it.")) }
            @if persons.is_empty() {
                (speech::empty(lang.of("没有可以代证的人", "There is nobody to attest for"), lang.of("登记在本工地的其他人员会出现在这里。", "Others who are entered at this site appear here."), None))
            } @else {
                form.sheet.part method="post" action=(here) {
                    (slot.hidden("id"))
                    (slot.form().field("person", "谁到了", "Who was there").select(lang.of("请选择", "Choose"), &persons))
                    div.halves {
                        (slot.form().field("day", "哪天", "Day").input("date"))
                        (slot.form().field("time", "几点", "Time").input("time"))
                    }
                    (slot.form().field("words", "为什么没有打上卡，您怎么知道他到了", "Why there is no punch, and how you know").area(3))
                    button.primary { (lang.of("代证", "Attest")) }
                }
            }
        }
    };
    page(&Frame { who, title, news: seen.news, here: &here }, body)
}
