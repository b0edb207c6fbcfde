//! What the program says besides its pages: toast, banner, empty state, and the question before what cannot be undone.

use crate::lang::Lang;
use maud::{Markup, html};

/// A line at the lower edge about what was just done, with the way back while there is one. Without script it stands
/// there until the next page.
pub fn toast(sentence: &Markup, undo: Option<Markup>) -> Markup {
    html! { div.toast role="status" data-toast { span { (sentence) } @if let Some(undo) = undo { (undo) } } }
}

/// A notice about this page that stays.
pub fn banner(body: Markup) -> Markup {
    html! { div.banner { (body) } }
}

/// Nothing is here: why, and what to do about it.
pub fn empty(title: &str, advice: &str, act: Option<(&str, &str)>) -> Markup {
    html! {
        div.empty {
            strong { (title) }
            @if !advice.is_empty() { p { (advice) } }
            @if let Some((href, label)) = act { a.button href=(href) { (label) } }
        }
    }
}

/// A question before something that cannot be undone. `form` is the form that does it, with its hidden fields and the
/// button. Without script it unfolds in its place; with script it stands in a dialog over the page.
pub fn confirm(lang: Lang, id: &str, act: &str, question: &str, form: Markup) -> Markup {
    html! {
        details.confirm data-confirm {
            summary.button { (act) }
            div.dialog id=(id) role="group" aria-labelledby={ (id) "-title" } {
                h2 id={ (id) "-title" } { (question) }
                (form)
                p.hint { (lang.of("再点一次上面的按钮即收起，不会改动任何内容。", "Press the button above again to leave; nothing changes.")) }
            }
        }
    }
}

/// The keys that work on this page, printed at its edge. Key caps and what they do.
pub fn keys(lang: Lang, all: &[(&[&str], &str)]) -> Markup {
    html! {
        div.keys aria-label=(lang.of("按键", "Keys")) role="group" {
            @for (caps, does) in all { span { @for cap in *caps { kbd { (cap) } } " " (does) } }
        }
    }
}
