//! Small parts: the light with its verdict, badges, instants, the pager.

use crate::lang::Lang;
use domain::calendar::Calendar;
use domain::light::Light;
use domain::time::Millis;
use maud::{Markup, html};

/// The light with its words: colour is the third signal, after shape and sentence.
pub fn light(lang: Lang, light: Light, now: Millis, due: Option<Millis>, calendar: &Calendar) -> Markup {
    let words = match (light, due) {
        (Light::Paused, _) => lang.of("暂停计时".to_owned(), "Paused".to_owned()),
        (_, None) => return html! { span.light { "—" } },
        (Light::Red, Some(due)) => {
            let days = calendar.workdays_between(due.day(), now.day());
            if days == 0 { lang.of("已超时".into(), "Overdue".into()) } else { lang.of(format!("超{days}日"), format!("Overdue {days} d")) }
        }
        (_, Some(due)) if due.day() == now.day() => lang.of("今日到期".into(), "Due today".into()),
        (_, Some(due)) => {
            let days = calendar.workdays_between(now.day(), due.day());
            lang.of(format!("剩{days}日"), format!("{days} d left"))
        }
    };
    html! { span.light data-light=(light.code()) { (words) } }
}

pub fn instant(at: Option<Millis>) -> Markup {
    match at {
        Some(at) => html! { time datetime=(at.rfc3339()) { (at.minute()) } },
        None => html! { "—" },
    }
}

/// People's own words: in Chinese whatever the reader's language, line breaks kept.
pub fn words(text: &str) -> Markup {
    html! { p.words lang="zh-CN" { (text) } }
}

pub fn next_page(lang: Lang, href: Option<String>) -> Markup {
    html! {
        nav.pager aria-label=(lang.of("翻页", "Pages")) {
            @if let Some(href) = href { a rel="next" href=(href) { (lang.of("下一页", "Next page")) } }
        }
    }
}
