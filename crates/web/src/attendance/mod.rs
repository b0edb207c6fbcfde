//! Attendance 考勤 as people ask about it: one's own days, leave and substitutes with their owners, appeals with the bureau,
//! and the desk of what waits for whom.

pub mod appeal;
pub mod asked;
mod asked_page;
pub mod decide;
mod decide_page;
pub mod desk;
mod desk_page;
pub mod json;
pub mod leave;
pub mod mine;
mod mine_page;
pub(crate) mod week;

use crate::app::App;
use crate::auth::Who;
use crate::error::Error;
use crate::lang::Lang;
use domain::attendance::appeal::AppealState;
use domain::attendance::asked::AskState;
use domain::attendance::roll::Doubt;
use domain::id::PersonId;
use domain::refusal::Refusal;
use domain::role::Role;
use maud::{Markup, html};
use std::sync::Arc;
use store::punch::Punch;

/// For the pages of site staff themselves; for others they are not there.
pub(crate) fn own(who: &Who) -> Result<PersonId, Error> {
    match who.person() {
        Some(person) if who.has(Role::SiteStaff) => Ok(person),
        _ => Err(Refusal::Absent.into()),
    }
}

fn ask_state(lang: Lang, it: AskState) -> Markup {
    let light = match it {
        AskState::Asked => "yellow",
        AskState::Granted => "done",
        AskState::Refused => "red",
        AskState::Withdrawn => "none",
    };
    html! { span.light data-light=(light) { (lang.of(it.zh(), it.en())) } }
}

fn appeal_state(lang: Lang, it: AppealState) -> Markup {
    let light = match it {
        AppealState::Open => "yellow",
        AppealState::Upheld => "done",
        AppealState::Rejected => "red",
        AppealState::Withdrawn => "none",
    };
    html! { span.light data-light=(light) { (lang.of(it.zh(), it.en())) } }
}

/// How somebody punched in, and what is doubtful about it.
pub(crate) fn way(lang: Lang, it: &Punch) -> Markup {
    html! {
        (lang.of(it.what.way.zh(), it.what.way.en()))
        @if !it.by_name.is_empty() { " · " span lang="zh-CN" { (it.by_name) } }
        @if let Some(doubt) = it.what.doubt.filter(|it| *it != Doubt::Unconfirmed) { " · " (lang.of(doubt.zh(), doubt.en())) }
        @if it.waits { " · " b { (lang.of("待复核", "to be reviewed")) } }
    }
}

/// Somebody else was first: his name, which the rules do not know.
pub(crate) async fn named(app: &Arc<App>, error: Error) -> Error {
    let Error::Refusal(refusal @ Refusal::ChangedMeanwhile { by: Some(by), .. }) = error else { return error };
    match app.db.read(move |tx| store::person::find(tx, by)).await {
        Ok(found) => {
            let name = found.map_or(String::new(), |it| it.name);
            Error::Changed { refusal, zh: name.clone(), en: name }
        }
        Err(error) => error.into(),
    }
}

/// Back to where the reader comes from: his own days, or the desk.
pub(crate) fn crumbs(who: &Who) -> Markup {
    let lang = who.lang;
    html! {
        p.crumbs {
            @if own(who).is_ok() { a href="/attendance" { (lang.of("我的考勤", "My days")) } }
            @else { a href="/sites" { (lang.of("工地", "Sites")) } " › " a href="/sites/desk" { (lang.of("待办", "Desk")) } }
        }
    }
}
