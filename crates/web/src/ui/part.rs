//! Small parts: the light with its verdict, instants, words in their own language, the pager.

use crate::lang::Lang;
use domain::calendar::Calendar;
use domain::light::Light;
use domain::time::Millis;
use maud::{Markup, html};

/// How a clock stands, for `light`.
pub struct Standing<'a> {
    pub light: Light,
    pub due: Option<Millis>,
    /// A share of it is late though the whole is not.
    pub late: bool,
    pub now: Millis,
    pub calendar: &'a Calendar,
}

/// The light with its words: colour is the third signal, after shape and sentence.
pub fn light(lang: Lang, standing: &Standing) -> Markup {
    match verdict(lang, standing) {
        Some(words) => html! { span.light data-light=(standing.light.code()) { (words) } },
        None => html! { span.faint { "—" } },
    }
}

/// The words of a light; none where no clock runs.
pub fn verdict(lang: Lang, standing: &Standing) -> Option<String> {
    let Standing { light, due, late, now, calendar } = standing;
    Some(match (light, due) {
        (Light::Paused, _) => lang.of("暂停计时".to_owned(), "Paused".to_owned()),
        (_, None) => return None,
        (Light::Red, Some(due)) => {
            let days = calendar.workdays_between(due.day(), now.day());
            if days == 0 {
                lang.of("已超时".into(), "Overdue".into())
            } else {
                lang.of(format!("超{days}日"), format!("Overdue {days} d"))
            }
        }
        (_, Some(due)) => {
            let days = calendar.workdays_between(now.day(), due.day());
            let left = match due.day() == now.day() {
                true => lang.of("今日到期".into(), "Due today".into()),
                false => lang.of(format!("剩{days}日"), format!("{days} d left")),
            };
            // A yellow light on a clock with days to spare has another reason, which is said.
            if *late { lang.of(format!("{left}，有环节超时"), format!("{left}, part late")) } else { left }
        }
    })
}

pub fn done(words: &str) -> Markup {
    html! { span.light data-light="done" { (words) } }
}

pub fn instant(at: Option<Millis>) -> Markup {
    match at {
        Some(at) => html! { time datetime=(at.rfc3339()) { (at.minute()) } },
        None => html! { span.faint { "—" } },
    }
}

/// For tables: day and month, with the year where it is another; the minute is in the attribute.
pub fn day(at: Option<Millis>, now: Millis) -> Markup {
    let Some(at) = at else { return html! { span.faint { "—" } } };
    let day = at.day().to_string();
    let short = if at.day().year() == now.day().year() { day.get(5..).unwrap_or(&day) } else { &day };
    html! { time datetime=(at.rfc3339()) title=(at.minute()) { (short) } }
}

/// People's own words: in Chinese whatever the reader's language, line breaks kept.
pub fn words(text: &str) -> Markup {
    html! { p.words lang="zh-CN" { (text) } }
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// For the `lang` attribute of something whose text comes from data: Chinese in an English page says that it is.
pub fn tongue(lang: Lang, text: &str) -> Option<&'static str> {
    (lang.is_en() && text.chars().any(is_chinese)).then_some("zh-CN")
}

/// A sentence with names in it: what is Chinese in an English page is marked, so that it is set and read aloud right.
pub fn said(lang: Lang, text: &str) -> Markup {
    if tongue(lang, text).is_none() {
        return html! { (text) };
    }
    let mut runs: Vec<(bool, String)> = Vec::new();
    for c in text.chars() {
        match runs.last_mut() {
            Some((chinese, run)) if *chinese == is_chinese(c) => run.push(c),
            _ => runs.push((is_chinese(c), c.to_string())),
        }
    }
    html! { @for (chinese, run) in &runs { @if *chinese { span lang="zh-CN" { (run) } } @else { (run) } } }
}

pub fn next_page(lang: Lang, href: Option<String>) -> Markup {
    html! {
        @if let Some(href) = href {
            nav.pager aria-label=(lang.of("翻页", "Pages")) { a.button rel="next" href=(href) { (lang.of("下一页", "Next page")) } }
        }
    }
}
