//! The course of a visit: who did what, when, and why.

use crate::lang::Lang;
use crate::ui::part;
use domain::visit::event_words;
use maud::{Markup, html};
use store::event::Shown;

pub fn view(lang: Lang, events: &[Shown]) -> Markup {
    html! {
        ol.timeline {
            @for it in events.iter().rev() {
                @let (zh, en) = event_words(&it.body.kind);
                @let words = it.said.as_ref().map_or("", |said| said.words.as_str());
                @let day = it.body.data.get("day").and_then(|it| it.as_str()).unwrap_or_default();
                li data-kind="say" {
                    div.when { (part::instant(Some(it.body.at))) span lang="zh-CN" { (it.by_name) } }
                    div {
                        strong { (lang.of(zh, en)) }
                        @if !day.is_empty() { " " span.faint { (day) } }
                        @if !words.is_empty() { (part::words(words)) }
                    }
                }
            }
        }
    }
}
