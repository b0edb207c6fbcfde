//! Photos as small pictures that open large, each with what it shows.

use crate::lang::Lang;
use crate::ui::part::tongue;
use maud::{Markup, html};

pub struct Photo<'a> {
    pub href: &'a str,
    pub caption: &'a str,
}

/// Loaded when they come into view; their room is kept, so that nothing jumps.
pub fn photos(lang: Lang, all: &[Photo]) -> Markup {
    html! {
        ul.photos {
            @for it in all {
                li {
                    a href=(it.href) lang=[tongue(lang, it.caption)] {
                        img src=(it.href) alt=(it.caption) loading="lazy" decoding="async" width="160" height="120";
                        span aria-hidden="true" { (it.caption) }
                    }
                }
            }
        }
    }
}
