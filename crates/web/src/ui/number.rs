//! Numbers that lead to their rows, bars beside them, and addresses with a query.

use maud::{Markup, html};

/// An address with those parameters that hold something.
pub fn href(path: &str, query: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = query
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", crate::problem::list::escape(value)))
        .collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// A count as a link to exactly the rows it counts; none has no rows to show.
pub fn linked(count: i64, href: &str) -> Markup {
    html! { @if count == 0 { span.faint { "0" } } @else { a href=(href) { (count) } } }
}

/// How much `part` is of `whole`, drawn; the number stands beside it, so the picture needs no words.
pub fn bar(part: i64, whole: i64) -> Markup {
    let wide = if whole <= 0 { 0 } else { (part * 1000 / whole).clamp(0, 1000) };
    html! {
        svg.share viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" {
            rect.share-all x="0" y="0" width="1000" height="10" {}
            rect.share-part x="0" y="0" width=(wide) height="10" {}
        }
    }
}

/// For people: one decimal, as a rate is read aloud.
pub fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "—".into();
    }
    let tenths = (part * 2000 + whole) / (whole * 2);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// A number that is the message, and the rows behind it.
pub struct Stat<'a> {
    pub label: &'a str,
    pub href: &'a str,
    pub number: String,
    /// Right behind the number, smaller: its unit, or what it is part of.
    pub of: String,
    /// Below it: how it was counted, or how it moved.
    pub note: Markup,
    pub burns: bool,
}

pub fn stats(all: &[Stat]) -> Markup {
    html! {
        dl.stats {
            @for it in all {
                div.stat {
                    dt { a href=(it.href) { (it.label) } }
                    dd data-light=[it.burns.then_some("red")] { (it.number) @if !it.of.is_empty() { small { (it.of) } } }
                    dd.meta { (it.note) }
                }
            }
        }
    }
}

/// How far long work is, with the sentence that says it.
pub fn progress(id: &str, sentence: &str, done: i64, all: i64) -> Markup {
    html! {
        div.progress {
            label for=(id) { (sentence) }
            progress id=(id) max=(all.max(1)) value=(done.clamp(0, all.max(1))) {}
        }
    }
}
