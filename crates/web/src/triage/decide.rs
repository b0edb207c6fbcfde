//! The decision about the problem that lies open: category, lead, tier, and the ways out of triage, each a form.

use crate::lang::Lang;
use crate::triage::desk::{Desk, Open, recall_left};
use crate::triage::key::address;
use crate::triage::pick::Shelf;
use crate::ui::field::Typed;
use crate::ui::part::{self, said};
use crate::ui::slot::{Refused, Slot};
use crate::ui::term::term;
use domain::id::CategoryId;
use domain::problem::StateName;
use maud::{Markup, html};

/// The forms of the desk; the one that was refused comes back as it was sent.
pub struct Slots {
    pub dispatch: Slot,
    pub refuse: Slot,
    pub merge: Slot,
    /// Those without fields.
    pub other: Slot,
}

pub fn slots(lang: Lang, desk: &Desk, open: &Open, refused: Option<&Refused>) -> Slots {
    let slot = |name: &str, fresh: fn() -> Typed| Slot::new(lang, name, refused, fresh);
    Slots {
        dispatch: Slot::new(lang, "dispatch", refused, || suggested(desk, open)),
        refuse: slot("refuse", Typed::default),
        merge: Slot::new(lang, "merge", refused, || {
            let first = open.alike.iter().find(|it| !it.state.is_end());
            Typed(first.map(|it| ("into".to_owned(), it.no.to_string())).into_iter().collect())
        }),
        other: slot("other", Typed::default),
    }
}

/// What stands in the form before anybody chose: what was triaged before, else what similar ones say.
fn suggested(desk: &Desk, open: &Open) -> Typed {
    let p = open.shows.problem();
    let category = p.category.or_else(|| usual_category(open));
    let lead = category.and_then(|it| desk.habits.leads.get(&it)).map(|it| it.lead);
    let fields = [
        ("category", category.map(|it| it.to_string())),
        ("lead", lead.map(|it| it.to_string())),
        ("tier", Some(p.tier.code().to_owned())),
        ("urgency", Some(p.urgency.code().to_owned())),
    ];
    Typed(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

/// Only where all that look alike agree.
fn usual_category(open: &Open) -> Option<CategoryId> {
    let mut known = open.alike.iter().filter_map(|it| it.category);
    let first = known.next()?;
    known.all(|it| it == first).then_some(first)
}

pub fn view(lang: Lang, desk: &Desk, open: &Open, slots: &Slots) -> Markup {
    let (shows, no) = (&open.shows, open.shows.met.found.no);
    let p = shows.problem();
    if p.state.name() != StateName::Registered {
        return decided(lang, desk, open, slots);
    }
    let shelf = shelf(lang, desk, open);
    let (slot, source) = (&slots.dispatch, desk.source.map_or("", |it| it.code()));
    let typed = slot.typed();
    let category = typed.get("category").parse().ok().and_then(|id| desk.directory.category(id));
    let usual = category.and_then(|it| desk.habits.leads.get(&it.id));
    let why = usual.map(|it| shelf.why(it)).unwrap_or_default();
    let lead = typed.get("lead").parse().ok().map(|id| shelf.unit(id)).unwrap_or_default();
    let hidden = html! {
        input type="hidden" name="seen" value=(p.revision);
        input type="hidden" name="source" value=(source);
    };
    let to = |act: &str| format!("/triage/{no}/{act}");
    html! {
        section.decide aria-label=(lang.of("决定", "Decision")) {
            @if p.category.is_none() && category.is_some() && !slot.is_refused() {
                p.hint { (lang.of("类别按相似的问题预先选好，请核对。", "The category is preselected from problems that look alike: check it.")) }
            }
            form id="decide" method="post" action=(to("dispatch")) data-keep="triage" {
                (hidden)
                (shelf.fields(&slot.form(), &why))
                p.due { span { (lang.of("时限", "Clock")) } " " output id="due" { (said(lang, &shelf.due(category))) } }
                details.more data-press="w" open[!typed.get("words").is_empty()] {
                    summary { (lang.of("交办要求", "What is asked")) " " kbd { "w" } }
                    (slot.form().field("words", "交办要求", "What is asked").area(3))
                }
                div.acts-row {
                    button.primary data-press="Enter" {
                        span id="verb" data-bare=(lang.of("交办", "Dispatch")) data-to=(lang.of("交办给", "Dispatch to ")) {
                            @if lead.is_empty() { (lang.of("交办", "Dispatch")) } @else { (lang.of("交办给", "Dispatch to ")) (said(lang, lead)) }
                        }
                        " " kbd { "Enter" }
                    }
                    button form="put-aside" data-press="n" {
                        (if desk.aside.contains(&no) { lang.of("不再放着", "Take up again") } else { lang.of("先放着", "Put aside") }) " " kbd { "n" }
                    }
                }
            }
            form id="put-aside" method="post" action=(to("aside")) { (hidden) }
            details.step.refuse data-press="r" open[slots.refuse.is_refused()] {
                summary { (lang.of("不予受理", "Refuse")) " " kbd { "r" } }
                form method="post" action=(to("refuse")) data-keep="triage-refuse" {
                    (hidden)
                    (slots.refuse.form().field("words", "理由", "Reason").hint(lang.of("反映人会读到这段话。", "The reporter will read this.")).area(3))
                    button { (lang.of("不予受理", "Refuse")) " " kbd { "Ctrl+Enter" } }
                }
            }
        }
    }
}

fn shelf<'a>(lang: Lang, desk: &'a Desk, open: &Open) -> Shelf<'a> {
    let campaign = open.shows.problem().campaign;
    Shelf { lang, directory: &desk.directory, habits: &desk.habits, terms: &desk.terms, campaign, now: desk.now }
}

/// It is past triage: what became of it, and, if it was just dispatched, the way back.
fn decided(lang: Lang, desk: &Desk, open: &Open, slots: &Slots) -> Markup {
    let (p, no) = (open.shows.problem(), open.shows.met.found.no);
    let lead = p.state.case().and_then(|case| desk.directory.unit(case.lead.unit)).map(|it| it.label(lang.is_en()));
    let first = p.state.case().map(|case| case.first_due);
    html! {
        section.decide aria-label=(lang.of("决定", "Decision")) {
            h2 { (lang.of("这件已经不在梳理台", "This one has left the desk")) }
            dl.pairs {
                dt { (lang.of("现在", "Now")) } dd { (lang.of(p.state.name().zh(), p.state.name().en())) }
                @if let Some(lead) = lead { dt { (term(lang, "lead")) } dd { (said(lang, lead)) } }
                @if first.is_some() { dt { (term(lang, "first-due")) } dd { (part::instant(first)) } }
                dt { (lang.of("最近一次", "Last change")) } dd { (part::instant(Some(p.last.at))) }
            }
            (in_vain(lang, slots))
            p.acts-row {
                a.button href={ "/problems/" (no) } { (lang.of("打开问题页", "Open its page")) }
                @if recall_left(p, &desk.terms, desk.now).is_some() {
                    (recall(lang, no, p.revision, desk.source.map_or("", |it| it.code())))
                }
                @if let Some(next) = desk.next { a.button.primary href=(address(Some(next), desk.source.map_or("", |it| it.code()), None)) data-press="Enter" { (lang.of("下一件", "Next")) " " kbd { "Enter" } } }
            }
        }
    }
}

/// What was typed for a decision that is no longer open.
fn in_vain(lang: Lang, slots: &Slots) -> Markup {
    let typed = [&slots.dispatch, &slots.refuse, &slots.merge].into_iter().find(|it| it.is_refused()).map(Slot::typed);
    let words = typed.map(|it| it.get("words")).unwrap_or_default();
    html! {
        @if !words.trim().is_empty() {
            p.hint { (lang.of("您写的内容在这里，可以复制。", "What you wrote stands here to be copied.")) }
            textarea readonly rows="4" lang="zh-CN" aria-label=(lang.of("您写的内容", "What you wrote")) { (words) }
        }
    }
}

/// The way back within the minute, by its key.
pub fn recall(lang: Lang, no: i64, revision: i64, source: &str) -> Markup {
    let button = html! { button data-press="z" { (lang.of("收回", "Take back")) " " kbd { "z" } } };
    recall_with(no, revision, source, &button)
}

/// One of several: no key says which.
pub fn recall_this(lang: Lang, no: i64, revision: i64, source: &str) -> Markup {
    recall_with(no, revision, source, &html! { button { (lang.of("收回", "Take back")) } })
}

fn recall_with(no: i64, revision: i64, source: &str, button: &Markup) -> Markup {
    html! {
        form.inline method="post" action={ "/triage/" (no) "/recall" } {
            input type="hidden" name="seen" value=(revision);
            input type="hidden" name="source" value=(source);
            (button)
        }
    }
}
