//! The keys of the desk: a letter for each category, a digit for each of the first ten units, and the line that says all.

use crate::lang::Lang;
use crate::problem::list::escape;
use domain::letters::initials;
use maud::{Markup, html};
use std::collections::BTreeSet;

/// Units beyond the ten digits have letters.
const UNITS: &str = "1234567890abcdefghijklmnopqrstuvwxyz";
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

pub fn of_unit(place: usize) -> Option<char> {
    UNITS.chars().nth(place)
}

/// One for each name: the first of its pinyin initials that is still free, else any. A name that is added later takes no
/// key away from one before it, for fingers remember.
pub fn of_names<'n>(names: impl Iterator<Item = &'n str>) -> Vec<Option<char>> {
    let mut taken = BTreeSet::new();
    names
        .map(|name| {
            let own = initials(name).to_lowercase();
            let free = own.chars().chain(LETTERS.chars()).find(|it| !taken.contains(it));
            taken.extend(free);
            free
        })
        .collect()
}

pub fn cap(key: Option<char>) -> Markup {
    html! { @if let Some(key) = key { kbd aria-hidden="true" { (key) } " " } }
}

/// Key, Chinese, English; the first ones stand on the bottom edge, all of them in the fold.
const KEYS: [(&[&str], &str, &str); 16] = [
    (&["j", "k"], "下一件、上一件", "Next, previous"),
    (&["c"], "类别，再按字母", "Category + letter"),
    (&["1", "…", "0"], "主办单位", "Lead unit"),
    (&["l"], "层级，再按数字", "Tier + digit"),
    (&["e"], "紧急", "Urgent"),
    (&["m"], "并入", "Merge"),
    (&["Enter"], "交办并到下一件", "Dispatch, next"),
    (&["z"], "收回", "Take back"),
    (&["x"], "选中几件一起办", "Select"),
    (&["b"], "一起办选中的", "Decide selected"),
    (&["u"], "主办单位，再按数字或字母", "Lead unit + digit or letter"),
    (&["s"], "协办单位，再按数字或字母", "Supporting unit + digit or letter"),
    (&["w"], "写交办要求", "Write what is asked"),
    (&["n"], "先放着，到下一件", "Put aside, go to the next"),
    (&["r"], "不予受理，写完理由按 Ctrl+Enter", "Refuse; after the reason Ctrl+Enter"),
    (&["Esc"], "离开输入框", "Leave a field"),
];
const ON_THE_EDGE: usize = 10;

fn said(lang: Lang, (keys, zh, en): &(&[&str], &'static str, &'static str)) -> Markup {
    html! { span { @for key in *keys { kbd { (key) } } " " (lang.of(*zh, *en)) } }
}

pub fn line(lang: Lang) -> Markup {
    html! {
        footer.keys {
            @for it in &KEYS[..ON_THE_EDGE] { (said(lang, it)) }
            details.keys-all data-press="?" {
                summary { kbd { "?" } " " (lang.of("全部按键", "All keys")) }
                div { @for it in &KEYS { (said(lang, it)) } }
            }
        }
    }
}

/// An address of the desk that keeps the source chosen.
pub fn address(no: Option<i64>, source: &str, done: Option<i64>) -> String {
    let path = no.map_or("/triage".to_owned(), |no| format!("/triage/{no}"));
    let source = Some(source).filter(|it| !it.is_empty()).map(|it| format!("source={}", escape(it)));
    let query: Vec<String> = source.into_iter().chain(done.map(|no| format!("done={no}"))).collect();
    if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_has_the_first_of_its_letters_that_is_free() {
        let names = ["道路交通", "市政", "用工", "电力", "ERP", "道"];
        let keys: String = of_names(names.into_iter()).into_iter().map(Option::unwrap_or_default).collect();
        assert_eq!(keys, "dsylea");
    }
}
