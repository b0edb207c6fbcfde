//! The pages of the search: what was found in groups, and the short list while one types.

use super::{Found, Problem, Subject, Visit};
use crate::auth::Who;
use crate::lang::Lang;
use crate::problem::json;
use crate::ui::number::href;
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, tongue};
use crate::ui::speech;
use domain::excerpt::Piece;
use maud::{Markup, html};

/// What was looked for, marked. All of it comes from data.
fn marked(lang: Lang, pieces: &[Piece]) -> Markup {
    let all: String = pieces.iter().map(|it| it.text.as_str()).collect();
    html! {
        span lang=[tongue(lang, &all)] { @for it in pieces { @if it.found { mark { (it.text) } } @else { (it.text) } } }
    }
}

pub(super) fn view(who: &Who, found: &Found, only_visits: bool) -> Markup {
    let lang = who.lang;
    let title = lang.of("搜索", "Search");
    let text = &found.text;
    let nothing = found.problems.is_empty() && found.visits.is_empty() && found.subjects.is_empty();
    let all = |path: &str| href(path, &[("text", text.as_str())]);
    let body = html! {
        main.page id="main" {
            @if only_visits { p.crumbs { a href=(all("/search")) { (lang.of("搜索", "Search")) } } }
            h1 { (title) }
            form.filters method="get" action="/search" {
                label.filter { span { (lang.of("查找", "Find")) } input type="search" name="text" value=(text); }
                button { (lang.of("搜索", "Search")) }
            }
            @if text.is_empty() {
                (speech::empty(
                    lang.of("写下要找的字", "Write what you look for"),
                    lang.of("企业名称、拼音或首字母、信用代码的一部分、问题编号、正文里的字都可以。", "A name, its pinyin or initials, part of a credit code, a problem's number, or words of a text."),
                    None,
                ))
            } @else if nothing {
                (speech::empty(
                    lang.of("没有找到", "Nothing found"),
                    lang.of("换一个说法，或少写几个字。只能找到您看得到的内容。", "Try other or fewer words. Only what you may see is found."),
                    None,
                ))
            }
            @if !found.problems.is_empty() {
                (group(lang, "problems", lang.of("问题", "Problems"), found.more[0].then(|| all("/problems")), html! {
                    @for it in &found.problems { (problem(lang, it, found)) }
                }))
            }
            @if !found.visits.is_empty() {
                @let more = found.more[1].then(|| match (only_visits, found.visits.last()) {
                    (true, Some(last)) => href("/search", &[("text", text), ("in", "visits"), ("before", &last.no.to_string())]),
                    _ => href("/search", &[("text", text), ("in", "visits")]),
                });
                (group(lang, "visits", lang.of("走访", "Visits"), more, html! { @for it in &found.visits { (visit(lang, it)) } }))
            }
            @if !found.subjects.is_empty() {
                (group(lang, "subjects", lang.of("走访对象", "Subjects"), found.more[2].then(|| all("/subjects")), html! {
                    @for it in &found.subjects { (subject(lang, it)) }
                }))
            }
        }
    };
    page(&Frame { who, title, news: found.news, here: "/search" }, body)
}

fn group(lang: Lang, id: &str, title: &str, more: Option<String>, rows: Markup) -> Markup {
    html! {
        section.hits id=(id) {
            h2 { (title) }
            ul.rows.sheet { (rows) }
            @if let Some(href) = more { p.more-links { a href=(href) { (lang.of("全部这样的", "All of these")) } } }
        }
    }
}

fn problem(lang: Lang, it: &Problem, found: &Found) -> Markup {
    let state = lang.of(it.line.state.zh(), it.line.state.en());
    html! {
        li {
            div.grow {
                a href={ "/problems/" (it.line.no) } { (marked(lang, &it.title)) }
                @if !it.excerpt.is_empty() { p.excerpt { (marked(lang, &it.excerpt)) } }
            }
            span.no { (it.line.no) }
            @if it.line.state.is_end() { (part::done(state)) } @else {
                span.faint { (state) } (part::light(lang, &json::standing(&it.line, &found.terms, found.now)))
            }
        }
    }
}

fn visit(lang: Lang, it: &Visit) -> Markup {
    html! {
        li {
            div.grow {
                a href={ "/visits/" (it.no) } { (marked(lang, &it.subject)) }
                @if !it.excerpt.is_empty() { p.excerpt { (marked(lang, &it.excerpt)) } }
            }
            time.faint datetime=(it.day) { (it.day) } span.faint { (lang.of(it.state.zh(), it.state.en())) }
        }
    }
}

fn subject(lang: Lang, it: &Subject) -> Markup {
    html! {
        li {
            div.grow {
                a href={ "/subjects/" (it.line.no) } { (marked(lang, &it.name)) }
                @if !it.line.address.is_empty() { p.excerpt { (marked(lang, &it.address)) } }
            }
            @if !it.line.code.is_empty() { span.no { (marked(lang, &it.code)) } }
            span.faint { (lang.of(it.line.kind.zh(), it.line.kind.en())) }
        }
    }
}

/// Options for the field in the bar; `number`: the problem whose number was typed.
pub(super) fn fragment(lang: Lang, found: &Found, number: Option<i64>) -> Markup {
    let option = |kind: &str, href: &str, words: Markup| {
        html! {
            li role="option" aria-selected="false" data-href=(href) { span.faint { (kind) } " " (words) }
        }
    };
    let (problem, visit, subject) = (lang.of("问题", "Problem"), lang.of("走访", "Visit"), lang.of("对象", "Subject"));
    html! {
        ul role="listbox" id="find-hits" aria-label=(lang.of("搜索建议", "Suggestions")) {
            @if let Some(no) = number { (option(problem, &format!("/problems/{no}"), html! { (lang.of("编号", "No.")) " " mark { (no) } })) }
            @for it in &found.problems { (option(problem, &format!("/problems/{}", it.line.no), marked(lang, &it.title))) }
            @for it in &found.subjects { (option(subject, &format!("/subjects/{}", it.line.no), marked(lang, &it.name))) }
            @for it in &found.visits {
                (option(visit, &format!("/visits/{}", it.no), html! { (marked(lang, &it.subject)) " " (it.day) }))
            }
            @if !found.text.is_empty() {
                li.all role="option" aria-selected="false" data-href=(href("/search", &[("text", found.text.as_str())])) { (lang.of("全部结果", "All results")) }
            }
        }
    }
}
