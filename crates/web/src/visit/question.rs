//! The questionnaires in the form of a record: every question, with its condition said in words and in attributes, and
//! what was answered last time.

use crate::lang::Lang;
use crate::ui::field::Form;
use crate::ui::part::said;
use domain::questionnaire::{Choice, Kind, Question, Questionnaire};
use maud::{Markup, html};
use std::collections::HashMap;
use store::questionnaire::Version;

/// What was answered last time, by the name of the field.
pub type LastTime = HashMap<String, String>;

pub fn view(form: &Form, version: &Version, last: &LastTime) -> Markup {
    let english = form.lang.is_en();
    html! {
        fieldset.asks id={ "asks-" (version.id) } {
            legend { (said(form.lang, version.form.title(english))) }
            @for question in &version.form.questions { (ask(form, version, question, last)) }
        }
    }
}

fn ask(form: &Form, version: &Version, question: &Question, last: &LastTime) -> Markup {
    let (lang, english) = (form.lang, form.lang.is_en());
    let name = format!("q.{}.{}", version.id, question.key);
    let unit = question.kind.unit(english);
    let label = format!(
        "{}{}",
        question.ask(english),
        if unit.is_empty() { String::new() } else { lang.of(format!("（{unit}）"), format!(" ({unit})")) }
    );
    let label = if question.required { label } else { format!("{label}{}", lang.of("（可不填）", " (optional)")) };
    let before = last.get(&name);
    let hints: Vec<String> = [
        question.when.as_ref().map(|_| condition(lang, &version.form, question)),
        Some(question.hint(english).to_owned()).filter(|it| !it.is_empty()),
        before.map(|it| lang.of(format!("上次：{it}"), format!("Last time: {it}"))),
    ]
    .into_iter()
    .flatten()
    .collect();
    let hint = hints.join(lang.of(" ", " "));
    let field = form.field(&name, &label, &label).hint(&hint);
    let control = match &question.kind {
        Kind::Text => field.input("text"),
        Kind::Long => field.area(3),
        Kind::Number { .. } => field.number(),
        Kind::Day => field.input("date"),
        Kind::Many { .. } => field.choices(&labels(question, english), true),
        Kind::YesNo | Kind::One { .. } => {
            let mut labels = labels(question, english);
            // Who chose by mistake must be able to take it back.
            if !question.required {
                labels.push((String::new(), lang.of("不填", "No answer").to_owned()));
            }
            field.choices(&labels, false)
        }
    };
    let after = question.when.as_ref().map(|it| format!("q.{}.{}", version.id, it.question));
    let is = question.when.as_ref().map(|it| it.is.join(" "));
    html! { div.ask data-when=[after] data-is=[is] data-last=[before.map(|_| "")] { (control) } }
}

fn labels(question: &Question, english: bool) -> Vec<(String, String)> {
    let all: &[Choice] = question.kind.options().unwrap_or_default();
    all.iter().map(|it| (it.code.clone(), it.label(english).to_owned())).collect()
}

/// "选了“有”才答": for whoever sees all questions at once, because no script hides them.
fn condition(lang: Lang, form: &Questionnaire, question: &Question) -> String {
    let Some(when) = &question.when else { return String::new() };
    let english = lang.is_en();
    let Some(earlier) = form.questions.iter().find(|it| it.key == when.question) else { return String::new() };
    let all = earlier.kind.options().unwrap_or_default();
    let named: Vec<&str> = all.iter().filter(|it| when.is.contains(&it.code)).map(|it| it.label(english)).collect();
    lang.of(
        format!("“{}”选了“{}”才答。", earlier.ask(false), named.join("”或“")),
        format!("Only if \u{201c}{}\u{201d} was answered with {}.", earlier.ask(true), named.join(" or ")),
    )
}
