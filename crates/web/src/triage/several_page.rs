//! The page of several at once: which, what with them, what would become of each, and what did.

use crate::asset;
use crate::auth::Who;
use crate::lang::Lang;
use crate::triage::decide::recall_this;
use crate::triage::key::address;
use crate::triage::pick::Shelf;
use crate::triage::several::{Item, Several, stands};
use crate::ui::field::Typed;
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, said};
use crate::ui::slot::{Refused, Slot};
use crate::ui::speech;
use domain::problem::{Problem, Tier, Urgency};
use domain::refusal::Refusal;
use domain::triage::Decision;
use maud::{Markup, html};

pub fn view(who: &Who, several: &Several, typed: &Typed, refused: Option<&Refused>) -> Markup {
    let (lang, source) = (who.lang, typed.get("source"));
    let slot = Slot::new(lang, "several", refused, || with_defaults(typed));
    let shelf = Shelf {
        lang,
        directory: &several.directory,
        habits: &several.habits,
        terms: &several.terms,
        campaign: None,
        now: several.now,
    };
    let title = match (several.done, several.items.len()) {
        (true, _) => lang.of("办的结果".to_owned(), "What was done".to_owned()),
        (false, n) => lang.of(format!("{n}件一起办"), format!("{n} at once")),
    };
    let body = html! {
        main.page.several id="main" {
            p.crumbs { a href=(address(None, source, None)) { (lang.of("待梳理", "Waiting for triage")) } }
            header.page-head { h1 { (title) } }
            (slot.summary())
            @if several.items.is_empty() { (none(lang)) }
            @else if several.done { (result(&shelf, several, source)) }
            @else {
                div.columns {
                    div.sheet { (chosen(&shelf, several, &slot, typed)) }
                    aside {
                        section.sheet.decide {
                            // The fields belong to the form in which the problems stand.
                            form id="several" method="get" action="/triage/several" {
                                input type="hidden" name="source" value=(source);
                                @for it in &several.items { input type="hidden" name="no" value=(it.no); }
                                (shelf.fields(&slot.form(), ""))
                                (slot.form().field("words", "交办要求", "What is asked").area(3))
                                button.wide.primary[several.decision.is_none()] name="show" value="yes" data-press=[several.decision.is_none().then_some("Enter")] { (lang.of("看看会怎样", "Show what would be done")) }
                            }
                        }
                    }
                }
            }
        }
        script type="module" src=(asset::url("keys.js")) {}
    };
    page(&Frame { who, title: &title, news: several.news, here: "/triage/several" }, body)
}

fn with_defaults(typed: &Typed) -> Typed {
    let mut typed = typed.clone();
    for (name, value) in [("tier", Tier::Unit.code()), ("urgency", Urgency::Ordinary.code())] {
        if typed.get(name).is_empty() {
            typed.0.push((name.into(), value.into()));
        }
    }
    typed
}

fn none(lang: Lang) -> Markup {
    speech::empty(
        lang.of("没有选中问题", "None was selected"),
        lang.of(
            "在待梳理的单子里勾选几件，再一起办。",
            "Tick some in the list of what waits, then decide them at once.",
        ),
        Some(("/triage", lang.of("到梳理台", "To the desk"))),
    )
}

fn unknown(lang: Lang, it: &Item) -> Markup {
    html! { @if it.problem.is_none() { span.faint { (lang.of("没有这个编号的问题", "There is no such problem")) } } @else { a href={ "/triage/" (it.no) } lang="zh-CN" { (it.title) } } }
}

/// What could be done instead is not this page's business.
fn why_not(lang: Lang, it: &Item) -> Markup {
    let Some(refusal) = &it.cannot else { return html! {} };
    let sentence = match refusal {
        Refusal::WrongState { state, .. } => lang.of(
            format!("现在是“{}”，不能再交办。", state.zh()),
            format!("it is at {} and cannot be dispatched again.", state.en()),
        ),
        refusal => {
            let told = refusal.say(&|_| it.other.clone().unwrap_or_default());
            lang.of(told.zh, told.en)
        }
    };
    html! { span.error { (lang.of("不办：", "Not done: ")) (said(lang, &sentence)) } }
}

fn chosen(shelf: &Shelf, several: &Several, slot: &Slot, typed: &Typed) -> Markup {
    let lang = shelf.lang;
    let able = several.able().count();
    html! {
        h2 { (if several.decision.is_some() { lang.of("将这样办", "What would be done") } else { lang.of("选中的", "Selected") }) }
        ul.rows {
            @for it in &several.items {
                li {
                    span.no { (it.no) } (unknown(lang, it))
                    @if it.cannot.is_some() { (why_not(lang, it)) }
                    @else if let (Some(decision), Some(p)) = (&several.decision, &it.problem) { (would(shelf, decision, p)) }
                }
            }
        }
        @if let Some(decision) = &several.decision {
            form.acts-row method="post" action="/triage/several" {
                @for (it, p) in several.able() { input type="hidden" name="item" value={ (it.no) "." (p.revision) }; }
                @for (name, value) in slot.typed().0.iter().filter(|(name, _)| !matches!(name.as_str(), "no" | "show" | "item")) { input type="hidden" name=(name) value=(value); }
                @if able > 0 {
                    button.primary data-press="Enter" {
                        (lang.of(format!("把这{able}件交办给"), format!("Dispatch these {able} to "))) (said(lang, decision.lead.map_or("", |id| shelf.unit(id)))) " " kbd { "Enter" }
                    }
                } @else { p.hint { (lang.of("没有一件可以这样办。", "None of them can be done so.")) } }
                a.button.quiet href=(address(None, typed.get("source"), None)) { (lang.of("不办了", "Leave it")) }
            }
        }
    }
}

fn would(shelf: &Shelf, decision: &Decision, p: &Problem) -> Markup {
    let lang = shelf.lang;
    let category = |id| shelf.directory.category(id).map_or("", |it| it.label(lang.is_en()));
    let chosen = decision.category.and_then(|id| shelf.directory.category(id));
    let shelf = Shelf { campaign: p.campaign, ..*shelf };
    html! {
        span.meta {
            (lang.of("交办给", "To ")) (said(lang, decision.lead.map_or("", |id| shelf.unit(id))))
            @match (p.category, decision.category) {
                (Some(was), Some(is)) if was != is => { (lang.of("；类别由", "; category from ")) (said(lang, category(was))) (lang.of("改为", " to ")) (said(lang, category(is))) }
                (_, Some(is)) => { (lang.of("；类别", "; category ")) (said(lang, category(is))) }
                _ => {}
            }
            @if p.tier != decision.tier { (lang.of("；层级改为", "; tier ")) (lang.of(decision.tier.zh(), decision.tier.en())) }
            (lang.of("；", "; ")) (said(lang, &shelf.due(chosen)))
        }
    }
}

fn result(shelf: &Shelf, several: &Several, source: &str) -> Markup {
    let lang = shelf.lang;
    html! {
        ul.rows.sheet {
            @for it in &several.items {
                li {
                    span.no { (it.no) } (unknown(lang, it))
                    @match (&several.decision, &it.problem) {
                        (Some(decision), Some(p)) if stands(it, decision) => {
                            (part::done(&lang.of(format!("已交办给{}", decision.lead.map_or("", |id| shelf.unit(id))), "Dispatched".to_owned())))
                            @if it.recall { (recall_this(lang, it.no, p.revision, source)) }
                        }
                        (_, Some(p)) => {
                            span.error {
                                (lang.of("没有办：现在是", "Not done: it is at ")) (lang.of(p.state.name().zh(), p.state.name().en())) " "
                                (part::instant(Some(p.last.at))) @if let Some(name) = &it.other { " " span lang="zh-CN" { (name) } }
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
        p.acts-row { a.button.primary href=(address(None, source, None)) data-press="Enter" { (lang.of("回到梳理台", "Back to the desk")) " " kbd { "Enter" } } }
    }
}
