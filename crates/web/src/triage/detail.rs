//! The problem that lies open: its words and photographs, what it may repeat, what else is known of its subject.

use crate::attachment::shown_name;
use crate::lang::Lang;
use crate::problem::json::standing;
use crate::triage::decide::Slots;
use crate::triage::desk::{Desk, Open};
use crate::triage::page::moment;
use crate::ui::part::{self, said, tongue};
use crate::ui::photo::{Photo, photos};
use domain::problem::StateName;
use maud::{Markup, html};
use store::list::Line;
use store::triage::Alike;

pub fn head(lang: Lang, desk: &Desk, open: &Open) -> Markup {
    let (shows, no) = (&open.shows, open.shows.met.found.no);
    let (p, found) = (shows.problem(), &shows.met.found);
    html! {
        header.page-head {
            div {
                p.line.meta {
                    span.badge { (lang.of(p.source.zh(), p.source.en())) }
                    a href={ "/problems/" (no) } { (lang.of("编号", "No.")) " " (no) }
                    @match (&shows.heard.subject, &shows.reporter) {
                        (Some((no, name)), _) => { a href={ "/subjects/" (no) } lang="zh-CN" { (name) } }
                        (None, Some(reporter)) => { span lang="zh-CN" { (reporter.name) } }
                        (None, None) => {}
                    }
                    @if let Some(no) = shows.heard.visit { a href={ "/visits/" (no) } { (lang.of("走访", "Visit")) " " (no) } }
                    span { (moment(lang, p.registered.at, desk.now)) }
                    @if p.shielded { span.badge.strong { (lang.of("保密反映人", "Shielded")) } }
                }
                h1 id="title" lang="zh-CN" { (found.title) }
            }
        }
    }
}

pub fn view(lang: Lang, desk: &Desk, open: &Open, slots: &Slots) -> Markup {
    let (shows, found) = (&open.shows, &open.shows.met.found);
    let p = shows.problem();
    html! {
        div.stack {
            @if found.detail.trim().is_empty() { p.hint { (lang.of("没有写内容", "No details given")) } }
            @else { (part::words(found.detail.trim())) }
            @if !found.place.is_empty() || !found.occurred.is_empty() {
                dl.pairs {
                    @if !found.place.is_empty() { dt { (lang.of("地点", "Place")) } dd lang="zh-CN" { (found.place) } }
                    @if !found.occurred.is_empty() { dt { (lang.of("反映时间", "When reported")) } dd lang="zh-CN" { (found.occurred) } }
                }
            }
            (attachments(lang, open))
            @if p.state.name() == StateName::Registered { (repeats(lang, desk, open, slots)) }
            (about(lang, desk, open))
        }
    }
}

fn attachments(lang: Lang, open: &Open) -> Markup {
    let (shows, p) = (&open.shows, open.shows.problem());
    let seen = shows.attachments.iter().enumerate().filter(|(_, it)| it.shown_to(p, &shows.met.parties, shows.looker));
    let named = seen.map(|(i, it)| (it, format!("/attachments/{}", it.id), shown_name(it, i, &shows.met)));
    let (pictures, papers): (Vec<_>, Vec<_>) = named.partition(|(it, ..)| it.media.starts_with("image/"));
    let pictures: Vec<Photo> = pictures.iter().map(|(_, href, caption)| Photo { href, caption }).collect();
    html! {
        @if !pictures.is_empty() { (photos(lang, &pictures)) }
        @if !papers.is_empty() { ul.files { @for (_, href, name) in &papers { li { a href=(href) lang="zh-CN" { (name) } } } } }
    }
}

/// What it may repeat. The likest is chosen already, so that two keys merge; a number can be written where it is another.
fn repeats(lang: Lang, desk: &Desk, open: &Open, slots: &Slots) -> Markup {
    let (shows, slot) = (&open.shows, &slots.merge);
    let (no, typed) = (shows.met.found.no, slot.typed());
    let listed = open.alike.iter().filter(|it| !it.state.is_end());
    let other =
        Some(typed.get("into")).filter(|into| !into.is_empty() && listed.clone().all(|it| it.no.to_string() != **into));
    let other = if typed.get("other").is_empty() { other.unwrap_or_default() } else { typed.get("other") };
    html! {
        section.banner.repeats {
            form method="post" action={ "/triage/" (no) "/merge" } {
                input type="hidden" name="seen" value=(shows.problem().revision);
                input type="hidden" name="source" value=(desk.source.map_or("", |it| it.code()));
                fieldset.field.keyed data-mode="m" {
                    legend { (if open.alike.is_empty() { lang.of("并入另一件", "Merge into another") } else { lang.of("可能重复", "It may repeat") }) " " kbd { "m" } }
                    @for (i, it) in listed.clone().enumerate() { (candidate(lang, desk, it, i, typed.get("into") == it.no.to_string())) }
                    @for it in open.alike.iter().filter(|it| it.state.is_end()) {
                        p.line { span.no data-struck { (it.no) } " " a href={ "/problems/" (it.no) } lang="zh-CN" { (it.title) } span.meta { (lang.of(it.state.zh(), it.state.en())) } }
                    }
                }
                @if let Some(sentence) = slot.form().error_at("into") { p.error id="merge-into" tabindex="-1" { (said(lang, sentence)) } }
                div.acts-row {
                    label.other { span { (lang.of("或写编号", "Or its number")) } input type="text" inputmode="numeric" name="other" value=(other) aria-invalid=[slot.form().error_at("into").map(|_| "true")]; }
                    button { (lang.of("并入", "Merge")) " " kbd { "Enter" } }
                }
            }
        }
    }
}

fn candidate(lang: Lang, desk: &Desk, it: &Alike, i: usize, chosen: bool) -> Markup {
    let digit = char::from(b'1' + (i % 9) as u8);
    let lead = it.lead.and_then(|id| desk.directory.unit(id)).map(|it| it.label(lang.is_en()));
    html! {
        div.candidate {
            label.pick { input type="radio" name="into" value=(it.no) checked[chosen] data-key=(digit); span { kbd aria-hidden="true" { (digit) } " " (it.no) } }
            div {
                a href={ "/problems/" (it.no) } lang="zh-CN" { (it.title) }
                p.meta {
                    (lang.of(format!("标题相同{}%", it.likeness), format!("{}% of the title", it.likeness))) " · "
                    (lang.of(it.state.zh(), it.state.en()))
                    @if let Some(lead) = lead { " · " (said(lang, lead)) }
                }
            }
        }
    }
}

fn about(lang: Lang, desk: &Desk, open: &Open) -> Markup {
    let (about, shows) = (&open.about, &open.shows);
    if shows.problem().subject.is_none() && about.lines.is_empty() {
        return html! {};
    }
    let (ended, running): (Vec<&Line>, Vec<&Line>) = about.lines.iter().partition(|it| it.state.is_end());
    html! {
        section.about {
            h2 { (if shows.problem().subject.is_some() { lang.of("这个走访对象", "This subject") } else { lang.of("同一反映人", "The same reporter") }) }
            dl.pairs {
                dt { (lang.of("在办", "Open")) }
                dd { (lines(lang, desk, &running)) }
                dt { (lang.of("已办结", "Ended")) }
                dd { (lines(lang, desk, &ended)) }
                @if shows.problem().subject.is_some() {
                    dt { (lang.of("上次走访", "Last visit")) }
                    dd {
                        @match &about.last_visit {
                            Some(it) => {
                                @let unit = desk.directory.unit(it.unit).map_or("", |it| it.label(lang.is_en()));
                                a href={ "/visits/" (it.no) } { (it.when.day) } " " (said(lang, unit)) " " span lang="zh-CN" { (it.officer_name) }
                            }
                            None => span.faint { (lang.of("没有", "none")) }
                        }
                    }
                }
            }
        }
    }
}

fn lines(lang: Lang, desk: &Desk, lines: &[&Line]) -> Markup {
    html! {
        @if lines.is_empty() { span.faint { (lang.of("没有", "none")) } }
        @for it in lines {
            div.line {
                span.no data-struck=[it.state.is_end().then_some("")] { (it.no) }
                a href={ "/problems/" (it.no) } lang=[tongue(lang, &it.title)] { (it.title) }
                @if it.state.is_end() { (part::done(lang.of(it.state.zh(), it.state.en()))) }
                @else { (part::light(lang, &standing(it, &desk.terms, desk.now))) }
            }
        }
    }
}
