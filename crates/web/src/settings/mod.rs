//! Settings 设置: what the house is set up with, one page of links; units, categories, calendar and deadlines behind them.

pub mod calendar;
mod calendar_page;
pub mod category;
pub mod unit;

use crate::app::App;
use crate::auth::{self, Who};
use crate::campaign::deadlines as spans;
use crate::doorstep;
use crate::error::{Error, error_page};
use crate::import;
use crate::lang::Lang;
use crate::ui::page::{Frame, page};
use crate::ui::part::tongue;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::role::Role;
use maud::{Markup, html};
use std::sync::Arc;

/// Those who set up something may read all of it; each part is changed by its own administrator.
fn look(who: &Who) -> Result<(), Error> {
    let sets = [Role::Office, Role::Secadmin, Role::Sysadmin].into_iter().any(|role| who.has(role));
    if sets { Ok(()) } else { Err(Error::NoSuchPage) }
}

/// Address, what it is called, what one does there.
type Link = (&'static str, [&'static str; 2], [&'static str; 2]);

/// `GET /settings`
pub async fn html(who: Who, headers: HeaderMap) -> Response {
    if let Err(error) = look(&who) {
        return error_page(&error, who.lang, auth::request_id(&headers));
    }
    let lang = who.lang;
    let (office, persons) = (doorstep::sets_up(&who), who.has(Role::Secadmin) || who.has(Role::Sysadmin));
    let house: [(bool, Link); 5] = [
        (
            true,
            (
                "/settings/units",
                ["单位", "Units"],
                ["有哪些单位、叫什么；改名、停用。", "Which units there are and their names; renaming, retiring."],
            ),
        ),
        (
            true,
            (
                "/settings/categories",
                ["类别", "Categories"],
                [
                    "问题分成哪些类，每类几天办完、要什么依据。",
                    "Kinds of problems, the days for each and the evidence it needs.",
                ],
            ),
        ),
        (
            true,
            (
                "/settings/calendar",
                ["日历", "Calendar"],
                [
                    "哪天放假、哪天调休上班；收入放假安排。",
                    "Days off and working weekends; taking in a holiday notice.",
                ],
            ),
        ),
        (
            true,
            (
                "/settings/deadlines",
                ["期限", "Deadlines"],
                [
                    "统一的期限是多少，哪些行动另有规定。",
                    "The deadlines of the house, and which campaigns set their own.",
                ],
            ),
        ),
        (
            persons,
            (
                "/people",
                ["人员和岗位", "People and roles"],
                [
                    "谁在哪个单位做什么；代理、离任移交、一次性链接。",
                    "Who works where as what; deputies, handing over, one-time links.",
                ],
            ),
        ),
    ];
    let doorstep: [(bool, Link); 4] = [
        (
            office,
            (
                "/campaigns",
                ["行动和轮次", "Campaigns and rounds"],
                ["开一年的行动，分轮次、走访组和包联。", "A year's campaign, its rounds, teams and assignments."],
            ),
        ),
        (
            office,
            (
                "/questionnaires",
                ["问卷", "Questionnaires"],
                [
                    "走访时问什么；一题一题地编，看手机上的样子。",
                    "What visits ask; made question by question, as it looks on a phone.",
                ],
            ),
        ),
        (office, ("/policies", ["政策", "Policies"], ["走访时讲解哪些政策。", "The policies that visitors explain."])),
        (
            import::may_import(&who),
            (
                "/imports",
                ["导入", "Import"],
                ["把整张表格收进来，可以整批撤销。", "Tables taken in as a whole, and undone as a whole."],
            ),
        ),
    ];
    let body = html! {
        main.page.narrow id="main" {
            h1 { (lang.of("设置", "Settings")) }
            (group(lang, lang.of("全局", "The house"), &house))
            (group(lang, lang.of("走访", "Visits"), &doorstep))
        }
    };
    page(&Frame { who: &who, title: lang.of("设置", "Settings"), news: 0, here: "/settings" }, body).into_response()
}

fn group(lang: Lang, title: &str, links: &[(bool, Link)]) -> Markup {
    html! {
        @if links.iter().any(|(shown, _)| *shown) {
            section.settings {
                h2 { (title) }
                ul.sheet {
                    @for (_, (href, name, does)) in links.iter().filter(|(shown, _)| *shown) {
                        li { a href=(href) { (lang.of(name[0], name[1])) } p { (lang.of(does[0], does[1])) } }
                    }
                }
            }
        }
    }
}

/// `GET /settings/deadlines`
pub async fn deadlines(State(app): State<Arc<App>>, who: Who, headers: HeaderMap) -> Response {
    let read = async {
        look(&who)?;
        app.db.read(store::campaign::list).await.map_err(Error::from)
    };
    let campaigns = match read.await {
        Ok(campaigns) => campaigns,
        Err(error) => return error_page(&error, who.lang, auth::request_id(&headers)),
    };
    let (lang, terms) = (who.lang, app.terms());
    let own: Vec<_> = campaigns.iter().filter_map(|it| Some((it, terms.campaigns.get(&it.id)?))).collect();
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/settings" { (lang.of("设置", "Settings")) } }
            h1 { (lang.of("期限", "Deadlines")) }
            p.intro { (lang.of(
                "没有另作规定的行动都按这里的期限。某个行动要不同的期限，在它的“修改”页里填；类别也可以规定自己的办理天数。",
                "These hold for every campaign that sets no others. A campaign sets its own on its page of changes; a category may set its own days for the answer.",
            )) }
            table.table.plain-table {
                thead { tr {
                    th scope="col" { (lang.of("环节", "Step")) }
                    th scope="col" { (lang.of("统一的期限", "Of the house")) }
                    @for (campaign, _) in &own {
                        th scope="col" lang=[tongue(lang, campaign.label(lang.is_en()))] {
                            @if doorstep::sets_up(&who) { a href={ "/campaigns/" (campaign.no) "/edit" } { (campaign.label(lang.is_en())) } }
                            @else { (campaign.label(lang.is_en())) }
                        }
                    }
                } }
                tbody {
                    @for (at, (step, span)) in spans::all(lang, &terms.rules).into_iter().enumerate() {
                        tr {
                            th scope="row" { (step) }
                            td { (spans::say(lang, span)) }
                            @for (_, rules) in &own {
                                @let theirs = spans::all(lang, rules)[at].1;
                                td { @if theirs == span { span.faint { (lang.of("同左", "same")) } } @else { strong { (spans::say(lang, theirs)) } } }
                            }
                        }
                    }
                }
            }
            @if own.is_empty() { p.hint { (lang.of("现在没有行动另作规定。", "No campaign sets its own now.")) } }
        }
    };
    page(&Frame { who: &who, title: lang.of("期限", "Deadlines"), news: 0, here: "/settings/deadlines" }, body)
        .into_response()
}
