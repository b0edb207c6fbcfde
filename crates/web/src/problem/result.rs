//! The answer as it stands: outcome, words, by whom and when, what shows it.

use crate::lang::Lang;
use crate::problem::show::Shows;
use crate::ui::part::{self, said};
use maud::{Markup, html};

pub fn view(lang: Lang, shows: &Shows) -> Markup {
    let (p, reader) = (shows.problem(), shows.reader(lang));
    let (Some(answer), Some(case)) = (p.state.answer(), p.state.case()) else { return html! {} };
    let given = shows.events.iter().rev().find(|it| it.body.kind == "answered");
    let unit = shows.directory.unit(case.lead.unit).map(|it| it.label(lang.is_en()).to_owned()).unwrap_or_default();
    let items: Vec<String> =
        case.evidence.iter().filter(|it| !it.item.is_empty()).map(|it| shows.shown(&it.item)).collect();
    html! {
        section {
            h2 { (lang.of("办理结果", "What was done")) " " (part::done(lang.of(answer.outcome.zh(), answer.outcome.en()))) }
            @if let Some(words) = given.and_then(|it| reader.words(it)) { (part::words(&words)) }
            p.meta {
                (said(lang, &unit)) " "
                @if let Some(given) = given.filter(|_| reader.internal) { span lang="zh-CN" { (given.by_name) } " " }
                (part::instant(Some(answer.given.at)))
                @if let Some(day) = answer.planned_for { " · " (lang.of("计划日期", "Planned for")) " " (day) }
            }
            @if !items.is_empty() {
                p.meta { (lang.of("办理依据：", "Evidence: ")) @for (i, it) in items.iter().enumerate() { @if i > 0 { (lang.of("、", ", ")) } span lang="zh-CN" { (it) } } }
            }
        }
    }
}
