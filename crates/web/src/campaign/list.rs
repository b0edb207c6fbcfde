//! The list of campaigns, and opening one.

use crate::app::App;
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::ui::field::Typed;
use crate::ui::page::{Frame, page};
use crate::ui::part::tongue;
use crate::ui::slot::{Refused, Slot, fresh, is_final, status};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::Period;
use domain::id::CampaignId;
use domain::refusal::Refusal;
use maud::{Markup, html};
use std::sync::Arc;
use store::campaign::{self, Campaign};

/// Name and period as the forms of campaigns and rounds have them.
pub fn period(typed: &Typed) -> Result<Period, Error> {
    Period::read(typed.get("name"), typed.get("name_en"), typed.get("from"), typed.get("to"))
        .map_err(|faults| Refusal::Faults(faults).into())
}

pub fn period_fields(lang: Lang, slot: &Slot, english_too: bool) -> Markup {
    let form = slot.form();
    html! {
        (form.field("name", "名称", "Name").input("text"))
        @if english_too { (form.field("name_en", "英文名称", "English name").hint(lang.of("可不填", "May stay empty")).input("text")) }
        div.halves {
            (form.field("from", "开始日期", "First day").input("date"))
            (form.field("to", "结束日期", "Last day").input("date"))
        }
    }
}

/// `GET /campaigns`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap) -> Response {
    answer(&app, &who, &headers, None).await
}

/// `POST /campaigns`
pub async fn add(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    match open(&app, &who, &typed).await {
        Ok(no) => Redirect::to(&format!("/campaigns/{no}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => answer(&app, &who, &headers, Some(Refused::new("campaign", typed, error))).await,
    }
}

async fn open(app: &Arc<App>, who: &Who, typed: &Typed) -> Result<i64, Error> {
    doorstep::set_up(who)?;
    let period = period(typed)?;
    let id = typed.get("id").parse().unwrap_or_else(|_| CampaignId(store::ids::fresh(app.now())));
    doorstep::deed(app, who, move |tx, deed| Ok(campaign::insert(tx, deed, id, &period)?.no)).await
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, refused: Option<Refused>) -> Response {
    let (boxes, since) = (who.boxes.clone(), who.read_until);
    let read = async {
        doorstep::look(who)?;
        let read = app
            .db
            .read(move |tx| Ok::<_, store::Error>((campaign::list(tx)?, store::notice::count_new(tx, &boxes, since)?)));
        read.await.map_err(Error::from)
    };
    match read.await {
        Ok((campaigns, news)) => {
            let id = store::ids::fresh(app.now()).to_string();
            let slot = Slot::new(who.lang, "campaign", refused.as_ref(), || fresh([("id", id)]));
            (status(refused.as_ref()), view(who, &campaigns, news, &slot)).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

fn view(who: &Who, campaigns: &[Campaign], news: i64, slot: &Slot) -> Markup {
    let (lang, office) = (who.lang, doorstep::sets_up(who));
    let body = html! {
        main.page id="main" {
            h1 { (lang.of("行动", "Campaigns")) }
            (slot.summary())
            div.columns[office] {
                div {
                    @if campaigns.is_empty() {
                        div.empty {
                            strong { (lang.of("还没有行动", "No campaign yet")) }
                            p { (lang.of("一次行动有名称和起止日期，分轮次走访。", "A campaign has a name and a period, and rounds of visits.")) }
                        }
                    } @else { (table(lang, campaigns)) }
                    nav.line.more-links aria-label=(lang.of("走访用的资料", "What visits use")) {
                        a href="/questionnaires" { (lang.of("问卷", "Questionnaires")) }
                        a href="/policies" { (lang.of("政策", "Policies")) }
                    }
                }
                @if office {
                    aside {
                        form.sheet method="post" action="/campaigns" {
                            h2 { (lang.of("开展新的行动", "Open a campaign")) }
                            (slot.hidden("id"))
                            (period_fields(lang, slot, true))
                            button.primary.wide { (lang.of("开展行动", "Open the campaign")) }
                        }
                    }
                }
            }
        }
    };
    page(&Frame { who, title: lang.of("行动", "Campaigns"), news, here: "/campaigns" }, body)
}

fn table(lang: Lang, campaigns: &[Campaign]) -> Markup {
    html! {
        table.table.fold {
            thead {
                tr {
                    th.number scope="col" { (lang.of("编号", "No.")) }
                    th scope="col" { (lang.of("名称", "Name")) }
                    th scope="col" { (lang.of("起止日期", "Period")) }
                    th scope="col" { (lang.of("期限", "Deadlines")) }
                }
            }
            tbody {
                @for it in campaigns {
                    tr {
                        td.number { span.no { (it.no) } }
                        td.cut { a href={ "/campaigns/" (it.no) } lang=[tongue(lang, it.label(lang.is_en()))] { (it.label(lang.is_en())) } }
                        td { (it.from) " – " (it.to) }
                        td { (if it.rules.is_some() { lang.of("自定", "Its own") } else { lang.of("统一", "The house's") }) }
                    }
                }
            }
        }
    }
}
