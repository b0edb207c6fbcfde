//! A questionnaire as the form of a visit will show it; nothing of it can be sent.

use crate::lang::Lang;
use crate::ui::part::tongue;
use domain::questionnaire::{Kind, Question, Questionnaire};
use maud::{Markup, html};

pub fn view(lang: Lang, form: &Questionnaire) -> Markup {
    html! { @for (i, question) in form.questions.iter().enumerate() { (of_question(lang, form, i + 1, question)) } }
}

fn of_question(lang: Lang, form: &Questionnaire, number: usize, it: &Question) -> Markup {
    let (ask, hint) = (it.ask(lang.is_en()), it.hint(lang.is_en()));
    html! {
        fieldset.field.asked {
            legend { (number) ". " span lang=[tongue(lang, ask)] { (ask) } @if it.required { " " span.badge { (lang.of("必答", "Required")) } } }
            @if !hint.is_empty() { p.hint lang=[tongue(lang, hint)] { (hint) } }
            @if let Some(when) = condition(lang, form, it) { p.hint { (when) } }
            (control(lang, it, ask))
        }
    }
}

/// When the question is shown at all, in words.
fn condition(lang: Lang, form: &Questionnaire, it: &Question) -> Option<String> {
    let when = it.when.as_ref()?;
    let at = form.questions.iter().position(|other| other.key == when.question)?;
    let options = form.questions.get(at)?.kind.options()?;
    let labels: Vec<&str> =
        options.iter().filter(|it| when.is.contains(&it.code)).map(|it| it.label(lang.is_en())).collect();
    let (number, labels) = (at + 1, labels.join(lang.of("、", ", ")));
    Some(lang.of(
        format!("第{number}题答“{labels}”时才问。"),
        format!("Asked only where question {number} was answered: {labels}."),
    ))
}

fn control(lang: Lang, it: &Question, label: &str) -> Markup {
    let label = if label.is_empty() { lang.of("（还没有题目）", "(no question yet)") } else { label };
    let unit = it.kind.unit(lang.is_en());
    html! {
        @match &it.kind {
            Kind::Text => { input type="text" aria-label=(label); }
            Kind::Long => { textarea rows="3" aria-label=(label) {} }
            Kind::Number { .. } => { div.line { input.short type="text" inputmode="decimal" aria-label=(label); span lang=[tongue(lang, unit)] { (unit) } } }
            Kind::Day => { input.short type="date" aria-label=(label); }
            kind => {
                div.checks.wide-checks {
                    @for option in kind.options().unwrap_or_default() {
                        @let text = option.label(lang.is_en());
                        label.choice lang=[tongue(lang, text)] {
                            input type=(if matches!(kind, Kind::Many { .. }) { "checkbox" } else { "radio" }) name={ "preview-" (it.key) };
                            span { (text) }
                        }
                    }
                }
            }
        }
    }
}
