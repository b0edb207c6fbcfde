//! Asking leave 请假 for oneself; a substitute is named by the firm.

use super::own;
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::site::filing::{day, leave_kind};
use crate::ui::field::{Typed, closed};
use crate::ui::page::{Frame, page};
use crate::ui::part::said;
use crate::ui::slot::{Refused, Slot, fresh, is_final, status};
use crate::ui::speech;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::attendance::roll::{Leave, LeaveKind};
use domain::id::LeaveId;
use domain::time::Day;
use maud::{Markup, html};
use std::sync::Arc;
use store::key_period::{self, KeyPeriod};
use store::terms::{Deed, Failure};
use store::{leave, staff};

/// `GET /attendance/leave`: from, to.
pub async fn form(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    answer(&app, &who, &headers, &query, None).await
}

/// `POST /attendance/leave`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    match asked(&app, &who, &typed).await {
        Ok(id) => Redirect::to(&format!("/leaves/{id}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => {
            let refused = Refused::new("leave", typed, error);
            answer(&app, &who, &headers, &Typed::default(), Some(refused)).await
        }
    }
}

async fn asked(app: &Arc<App>, who: &Who, typed: &Typed) -> Result<LeaveId, Error> {
    let person = own(who)?;
    let (terms, now) = (app.terms(), app.now());
    let id = LeaveId(typed.get("id").parse().unwrap_or_else(|_| store::ids::fresh(now)));
    let (kind, from, to) = (leave_kind(typed)?, day(typed, "from")?, day(typed, "to")?);
    let (what, why) =
        (Leave { person, from, to, kind, approved_at: None, approved_by: None }, typed.get("words").to_owned());
    let asked =
        app.db.write(move |tx| leave::ask(tx, &Deed { terms: &terms, by: Some(person), now }, id, what, &why, false));
    asked.await?;
    Ok(id)
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, query: &Typed, refused: Option<Refused>) -> Response {
    match key_periods(app, who).await {
        Ok(periods) => (status(refused.as_ref()), view(app, who, query, &periods, refused.as_ref())).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

/// In which no leave excuses, of his sites and from today on.
async fn key_periods(app: &Arc<App>, who: &Who) -> Result<Vec<(String, KeyPeriod)>, Error> {
    let (person, today) = (own(who)?, app.now().day());
    let read = app.db.read(move |tx| {
        let mut all = Vec::new();
        for (site, _, name) in staff::sites_of(tx, person)? {
            let periods = key_period::list(tx, site)?.into_iter().filter(|it| it.to >= today);
            all.extend(periods.map(|it| (name.clone(), it)));
        }
        Ok::<_, Failure>(all)
    });
    read.await.map_err(Error::from)
}

fn view(app: &App, who: &Who, query: &Typed, periods: &[(String, KeyPeriod)], refused: Option<&Refused>) -> Markup {
    let (lang, now) = (who.lang, app.now());
    let terms = app.terms();
    let rules = terms.attendance.on(now.day());
    let asked = |name: &str| query.get(name).parse().map_or(String::new(), |it: Day| it.to_string());
    let slot = Slot::new(lang, "leave", refused, || {
        fresh([("id", store::ids::fresh(now).to_string()), ("from", asked("from")), ("to", asked("to"))])
    });
    let kinds = closed(lang, LeaveKind::ALL, LeaveKind::code, LeaveKind::zh, LeaveKind::en);
    let title = lang.of("请假", "Ask leave");
    let (month, year, sick) = (rules.leave_a_month, rules.leave_a_year, rules.sick_workdays);
    let body = html! {
        main.page.narrow id="main" {
            p.crumbs { a href="/attendance" { (lang.of("我的考勤", "My days")) } }
            h1 { (title) }
            (slot.summary())
            @if !periods.is_empty() {
                (speech::banner(html! {
                    p { b { (lang.of("关键工序时段内请假不能免考：", "In a key period leave does not excuse:")) } }
                    ul { @for (site, it) in periods { li { span lang="zh-CN" { (site) } " " (it.from) " – " (it.to) " " span lang="zh-CN" { (it.why) } } } }
                }))
            }
            form.sheet method="post" action="/attendance/leave" {
                (slot.hidden("id"))
                (slot.form().field("kind", "假别", "Kind").choices(&kinds, false))
                div.halves {
                    (slot.form().field("from", "从哪天", "First day").input("date"))
                    (slot.form().field("to", "到哪天", "Last day").input("date"))
                }
                (slot.form().field("words", "原因", "Why").hint(lang.of("加密保存；只有您、您的单位、有关建设单位和建设局看得到。", "Kept under seal; only you, your firm, the owners concerned and the bureau read it.")).area(3))
                button.primary { (lang.of("提交，等建设单位同意", "Ask; the owner decides")) }
            }
            p.hint {
                (said(lang, &lang.of(
                    format!("这几天的阶段名单要求您到的每个工地，都要建设单位同意。事假须在当天开始前获准，病假须在次{sick}个工作日17:30前获准。每月最多{month}天，每年最多{year}天。需要顶岗的，由您的单位安排。"),
                    format!("The owner of every site whose plan wants you on these days must agree: ordinary leave before the day begins, sick leave by 17:30 of workday {sick} after it. At most {month} days a month and {year} a year. A substitute is named by your firm."),
                )))
            }
        }
    };
    page(&Frame { who, title, news: 0, here: "/attendance/leave" }, body)
}
