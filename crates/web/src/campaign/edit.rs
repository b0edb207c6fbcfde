//! Name, period and deadlines of a campaign, changed by the office.

use super::deadlines;
use super::list::{period, period_fields};
use super::show::{Which, find};
use crate::app::App;
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page};
use crate::form;
use crate::ui::field::Typed;
use crate::ui::page::{Frame, page};
use crate::ui::slot::{Refused, Slot, fresh, is_final, status};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::Period;
use domain::refusal::Refusal;
use domain::rules::Rules;
use maud::{Markup, html};
use std::sync::Arc;
use store::campaign::{self, Campaign};

async fn found(app: &Arc<App>, who: &Who, no: &str) -> Result<Campaign, Error> {
    doorstep::look(who)?;
    let which = Which::read(no);
    let found = app.db.read(move |tx| find(tx, &which)).await?;
    doorstep::set_up(who)?;
    Ok(found)
}

/// All that is wrong with name, period and deadlines at once.
fn read(typed: &Typed, own: Option<&Rules>, house: &Rules) -> Result<(Period, Option<Rules>), Error> {
    match (period(typed), deadlines::read(typed, own, house)) {
        (Ok(period), Ok(rules)) => Ok((period, rules)),
        (Err(Error::Refusal(Refusal::Faults(mut faults))), rules) => {
            faults.extend(rules.err().unwrap_or_default());
            Err(Refusal::Faults(faults).into())
        }
        (Err(error), _) => Err(error),
        (_, Err(faults)) => Err(Refusal::Faults(faults).into()),
    }
}

/// `GET /campaigns/{no}/edit`
pub async fn edit(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    match found(&app, &who, &no).await {
        Ok(campaign) => answer(&app, &who, &campaign, None),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// `POST /campaigns/{no}/edit`
pub async fn change(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let before = match found(&app, &who, &no).await {
        Ok(campaign) => campaign,
        Err(error) => return error_page(&error, who.lang, auth::request_id(&headers)),
    };
    match put(&app, &who, before.clone(), &typed).await {
        Ok(()) => Redirect::to(&format!("/campaigns/{}", before.no)).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => answer(&app, &who, &before, Some(Refused::new("campaign", typed, error))),
    }
}

async fn put(app: &Arc<App>, who: &Who, before: Campaign, typed: &Typed) -> Result<(), Error> {
    let (period, rules) = read(typed, before.rules.as_ref(), &app.terms().rules)?;
    let seen = typed.get("seen").parse().unwrap_or(-1);
    let changed = before.rules != rules;
    doorstep::deed(app, who, move |tx, deed| {
        let same = before.name == period.name
            && before.name_en == period.name_en
            && before.from == period.from
            && before.to == period.to;
        // A form sent twice has done its work the first time.
        if same && before.rules == rules {
            return Ok(());
        }
        campaign::update(tx, deed, &before, &period, rules.as_ref(), seen)
    })
    .await?;
    if changed {
        app.renew_terms().await?;
        // What is open runs by the new deadlines from now on, in lists and for the ticker as well.
        store::holiday::recompute_open(&app.db, &app.terms()).await?;
    }
    Ok(())
}

fn answer(app: &Arc<App>, who: &Who, campaign: &Campaign, mut refused: Option<Refused>) -> Response {
    let status = status(refused.as_ref());
    let mut changed = false;
    // What was typed stays; submitting again puts it in place of what somebody else has written meanwhile.
    if let Some(it) = refused.as_mut().filter(|it| matches!(it.error, Error::Store(store::Error::Conflict))) {
        it.typed.0.retain(|(name, _)| name != "seen");
        it.typed.0.push(("seen".into(), campaign.revision.to_string()));
        changed = true;
    }
    let house = app.terms().rules;
    let slot = Slot::new(who.lang, "campaign", refused.as_ref(), || {
        let mut typed = fresh([
            ("seen", campaign.revision.to_string()),
            ("name", campaign.name.clone()),
            ("name_en", campaign.name_en.clone()),
            ("from", campaign.from.to_string()),
            ("to", campaign.to.to_string()),
        ]);
        typed.0.extend(deadlines::typed(campaign.rules.as_ref(), &house));
        typed
    });
    (status, view(who, campaign, &slot, &house, changed)).into_response()
}

fn view(who: &Who, campaign: &Campaign, slot: &Slot, house: &Rules, changed: bool) -> Markup {
    let lang = who.lang;
    let here = format!("/campaigns/{}/edit", campaign.no);
    let title = lang.of("修改行动", "Change the campaign");
    let body = html! {
        main.page.narrow id="main" {
            p.crumbs { a href={ "/campaigns/" (campaign.no) } lang="zh-CN" { (campaign.name) } }
            h1 { (title) }
            (slot.summary())
            @if changed {
                div.banner {
                    p { (lang.of("现在登记的是：", "It now says: ")) span lang="zh-CN" { (campaign.name) } " · " (campaign.from) " – " (campaign.to) }
                    p { (lang.of("再次提交，以您填写的为准。", "Submit again to put what you typed in its place.")) }
                }
            }
            form.sheet method="post" action=(here) data-keep="campaign" {
                (slot.hidden("seen"))
                (period_fields(lang, slot, true))
                h2 { (lang.of("本行动的期限", "Deadlines of this campaign")) }
                p.hint { (lang.of("不填的用统一的期限。已交办的问题，期限不变。", "What is left empty is the house's. What was dispatched before keeps its dates.")) }
                (deadlines::fields(lang, slot, house))
                p { button.primary { (lang.of("保存", "Save")) } }
            }
        }
    };
    page(&Frame { who, title, news: 0, here: &here }, body)
}
