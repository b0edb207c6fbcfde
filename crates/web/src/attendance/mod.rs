//! Attendance 考勤 as people ask about it: one's own days, leave and substitutes with their owners, appeals with the bureau,
//! and the desk of what waits for whom.

pub mod mine;
mod mine_page;
pub(crate) mod week;

use crate::auth::Who;
use crate::error::Error;
use crate::lang::Lang;
use domain::attendance::appeal::AppealState;
use domain::attendance::asked::AskState;
use domain::id::PersonId;
use domain::refusal::Refusal;
use domain::role::Role;
use maud::{Markup, html};
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
        @if let Some(doubt) = it.what.doubt { " · " (lang.of(doubt.zh(), doubt.en())) }
        @if it.waits { " · " b { (lang.of("待复核", "to be reviewed")) } }
    }
}
