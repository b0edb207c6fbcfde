//! What belongs to a problem: into which it was merged, what was merged into it, others of the same subject.

use crate::lang::Lang;
use crate::problem::json::standing;
use crate::problem::show::Shows;
use crate::ui::part;
use maud::{Markup, html};

pub fn view(lang: Lang, shows: &Shows) -> Markup {
    if shows.merged.is_empty() && shows.into.is_none() && shows.siblings.is_empty() {
        return html! {};
    }
    html! {
        section.sheet.related {
            h2 { (lang.of("相关问题", "Related")) }
            @if let Some((no, title)) = &shows.into { h3 { (lang.of("已并入", "Merged into")) } ul.rows { (row(*no, title.as_deref())) } }
            @if !shows.merged.is_empty() {
                h3 { (lang.of("并入本件", "Merged into this")) }
                ul.rows { @for (no, title) in &shows.merged { (row(*no, title.as_deref())) } }
            }
            @if !shows.siblings.is_empty() {
                h3 { (lang.of("同一走访对象", "Of the same subject")) }
                ul.rows {
                    @for it in &shows.siblings {
                        li {
                            span.no data-struck=[it.state.is_end().then_some("")] { (it.no) }
                            a href={ "/problems/" (it.no) } lang="zh-CN" { (it.title) }
                            @if it.state.is_end() { (part::done(lang.of(it.state.zh(), it.state.en()))) }
                            @else { (part::light(lang, &standing(it, &shows.terms, shows.now))) }
                        }
                    }
                }
            }
        }
    }
}

/// A title stands only where the reader sees that problem.
fn row(no: i64, title: Option<&str>) -> Markup {
    html! { li { @match title { Some(title) => { span.no { (no) } a href={ "/problems/" (no) } lang="zh-CN" { (title) } }, None => span.no { (no) } } } }
}
