//! What a subject answered over time: per questionnaire a table, a row for each question, a column for each visit.

use crate::lang::Lang;
use crate::ui::part::tongue;
use domain::questionnaire::Question;
use maud::{Markup, html};
use store::questionnaire::Past;

/// More visits than these do not stand side by side.
const COLUMNS: usize = 4;

pub fn view(lang: Lang, past: &[Past]) -> Markup {
    if past.is_empty() {
        return html! {};
    }
    let mut codes: Vec<&str> = Vec::new();
    for it in past {
        if !codes.contains(&it.version.code.as_str()) {
            codes.push(&it.version.code);
        }
    }
    html! {
        div id="answers" {
            @for code in codes { (of_one(lang, &past.iter().filter(|it| it.version.code == code).take(COLUMNS).collect::<Vec<_>>())) }
        }
    }
}

/// The newest first; questions in the order of the newest version, then those that it no longer asks.
fn of_one(lang: Lang, past: &[&Past]) -> Markup {
    let mut questions: Vec<&Question> = Vec::new();
    for question in past.iter().flat_map(|it| &it.version.form.questions) {
        let answered = past.iter().any(|it| it.responses.iter().any(|said| said.question == question.key));
        if answered && !questions.iter().any(|it| it.key == question.key) {
            questions.push(question);
        }
    }
    let title = past.first().map_or("", |it| it.version.form.title(lang.is_en()));
    html! {
        section {
            h2 { (lang.of("答卷", "Answers")) " · " span lang=[tongue(lang, title)] { (title) } }
            @if past.len() > 1 { p.meta { (lang.of("左边有竖线的，与上一次不同。", "A line at the left: not as the time before.")) } }
            table.table.answers {
                thead {
                    tr {
                        th scope="col" { (lang.of("题目", "Question")) }
                        @for it in past { th scope="col" { a href={ "/visits/" (it.visit_no) } { (it.day) } } }
                    }
                }
                tbody {
                    @for question in questions {
                        tr {
                            th scope="row" lang=[tongue(lang, question.ask(lang.is_en()))] { (question.ask(lang.is_en())) }
                            @for (i, it) in past.iter().enumerate() { (answer(lang, it, past.get(i + 1).copied(), &question.key)) }
                        }
                    }
                }
            }
        }
    }
}

/// As the version read it that was answered: labels may have changed since.
fn said(past: &Past, key: &str, english: bool) -> String {
    let said = past.responses.iter().find(|it| it.question == key);
    let question = past.version.form.questions.iter().find(|it| it.key == key);
    said.zip(question).map(|(said, question)| question.show(said, english)).unwrap_or_default()
}

/// Marked where it is not what was said the time before.
fn answer(lang: Lang, past: &Past, before: Option<&Past>, key: &str) -> Markup {
    let text = said(past, key, lang.is_en());
    let changed = before.is_some_and(|it| said(it, key, lang.is_en()) != text);
    html! {
        td data-label=(past.day) data-changed=[changed.then_some("")] lang=[tongue(lang, &text)] {
            @if changed { span.unseen { (lang.of("有变化：", "Changed: ")) } }
            @if text.is_empty() { span.faint { "—" } } @else { (text) }
        }
    }
}
