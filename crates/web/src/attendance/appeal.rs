//! Appealing 申诉 against the verdict of one of one's own days.

use super::{own, way};
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::ui::field::Typed;
use crate::ui::page::{Frame, page};
use crate::ui::part::{instant, said};
use crate::ui::slot::{Refused, Slot, fresh, is_final, status};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::attendance::appeal::can_be_appealed;
use domain::attendance::verdict::Judged;
use domain::id::AppealId;
use domain::refusal::Refusal;
use domain::time::Day;
use maud::{Markup, html};
use std::sync::Arc;
use store::punch::{self, Punch};
use store::site::{self, Site};
use store::staff;
use store::terms::{Deed, Failure};

struct Seen {
    site: Site,
    judged: Judged,
    punches: Vec<Punch>,
}

/// The day that is spoken of; there is nothing without one.
fn named(typed: &Typed) -> Result<(i64, Day), Error> {
    let named = typed.get("site").parse().ok().zip(typed.get("day").parse().ok());
    named.ok_or(Refusal::Absent.into())
}

/// `GET /attendance/appeal`: site, day.
pub async fn form(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    answer(&app, &who, &headers, &query, None).await
}

/// `POST /attendance/appeal`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    match filed(&app, &who, &typed).await {
        Ok(no) => Redirect::to(&format!("/appeals/{no}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => {
            let refused = Refused::new("appeal", typed.clone(), error);
            answer(&app, &who, &headers, &typed, Some(refused)).await
        }
    }
}

async fn filed(app: &Arc<App>, who: &Who, typed: &Typed) -> Result<i64, Error> {
    let (person, (no, day)) = (own(who)?, named(typed)?);
    let (terms, now, words) = (app.terms(), app.now(), typed.get("words").to_owned());
    let id = AppealId(typed.get("id").parse().unwrap_or_else(|_| store::ids::fresh(now)));
    let filed = app.db.write(move |tx| {
        let site = site::find_by_no(tx, no)?.ok_or(Refusal::Absent)?;
        staff::find(tx, site.id, person)?.ok_or(Refusal::Absent)?;
        store::appeal::file(tx, &Deed { terms: &terms, by: Some(person), now }, id, (site.id, day), &words)
    });
    filed.await.map_err(Error::from)
}

async fn read(app: &Arc<App>, who: &Who, typed: &Typed) -> Result<Seen, Error> {
    let (person, (no, day)) = (own(who)?, named(typed)?);
    let (terms, now) = (app.terms(), app.now());
    let read = app.db.read(move |tx| {
        let site = site::find_by_no(tx, no)?.ok_or(Refusal::Absent)?;
        staff::find(tx, site.id, person)?.ok_or(Refusal::Absent)?;
        let deed = Deed { terms: &terms, by: Some(person), now };
        let judged = store::appeal::judged(tx, &deed, person, site.id, day)?.ok_or(Refusal::Absent)?;
        let mut punches = punch::of_person(tx, person, day, day, 50)?;
        punches.retain(|it| it.what.site == site.id);
        punches.reverse();
        Ok::<_, Failure>(Seen { site, judged, punches })
    });
    read.await.map_err(Error::from)
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, typed: &Typed, refused: Option<Refused>) -> Response {
    match read(app, who, typed).await {
        Ok(seen) => (status(refused.as_ref()), view(app, who, &seen, refused.as_ref())).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

fn view(app: &App, who: &Who, seen: &Seen, refused: Option<&Refused>) -> Markup {
    let (lang, it) = (who.lang, &seen.judged);
    let slot = Slot::new(lang, "appeal", refused, || {
        fresh([
            ("id", store::ids::fresh(app.now()).to_string()),
            ("site", seen.site.no.to_string()),
            ("day", it.day.to_string()),
        ])
    });
    let title = lang.of("申诉", "Appeal");
    let body = html! {
        main.page.narrow id="main" {
            p.crumbs { a href="/attendance" { (lang.of("我的考勤", "My days")) } }
            h1 { (title) }
            (slot.summary())
            section.sheet {
                h2 lang="zh-CN" { (seen.site.name) }
                p { (said(lang, &lang.of(it.zh(), it.en()))) }
                @if seen.punches.is_empty() { p.hint { (lang.of("当天在这个工地没有打卡。", "No punch at this site on this day.")) } }
                @else { ul.rows { @for it in &seen.punches { li { span.when { (instant(Some(it.what.at))) } span.grow { (way(lang, it)) } } } } }
            }
            @if can_be_appealed(it.verdict) {
                form.sheet.part method="post" action="/attendance/appeal" {
                    (slot.hidden("id")) (slot.hidden("site")) (slot.hidden("day"))
                    (slot.form().field("words", "当天的情况", "What happened").hint(lang.of("写明到岗时间、谁能证明、为什么没有打上卡。加密保存；只有您和建设局看得到。", "When you were there, who can say so, why there is no punch. Kept under seal; only you and the bureau read it.")).area(6))
                    button.primary { (lang.of("提交申诉", "File the appeal")) }
                }
            } @else {
                p.hint.part { (lang.of("这一天的结论没有对您不利，不用申诉。", "The verdict of this day is not against you; there is nothing to appeal.")) }
            }
        }
    };
    page(&Frame { who, title, news: 0, here: "/attendance" }, body)
}
