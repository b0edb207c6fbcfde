//! What an amendment changed: the record before against the one after it, field by field.

use crate::lang::Lang;
use crate::ui::part;
use crate::visit::show::Shows;
use domain::visit::Record;
use maud::{Markup, html};

/// The versions before the present one, newest first: who changed it, when, why, and what differed.
pub fn view(lang: Lang, shows: &Shows) -> Markup {
    let Some(now) = &shows.visit().record else { return html! {} };
    let after = std::iter::once(now).chain(shows.versions.iter().map(|it| &it.record));
    html! {
        @if !shows.versions.is_empty() {
            section {
                h2 { (lang.of("修改前的记录", "Before it was amended")) }
                @for (older, newer) in shows.versions.iter().zip(after) {
                    details.older {
                        summary {
                            (lang.of(format!("第{}版", older.version), format!("Version {}", older.version))) " · "
                            (part::instant(Some(older.at))) " " span lang="zh-CN" { (older.by_name) "：" (older.reason) }
                        }
                        dl.pairs {
                            @for (name, before, after) in differences(lang, shows, &older.record, newer) {
                                dt { (name) }
                                dd { del { (part::words(&before)) } ins { (part::words(&after)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

type Difference = (&'static str, String, String);

fn differences(lang: Lang, shows: &Shows, before: &Record, after: &Record) -> Vec<Difference> {
    let texts = |record: &Record| texts(lang, shows, record);
    let pairs = texts(before).into_iter().zip(texts(after));
    pairs.filter(|(a, b)| a.1 != b.1).map(|((name, a), (_, b))| (name, a, b)).collect()
}

fn texts(lang: Lang, shows: &Shows, it: &Record) -> [(&'static str, String); 9] {
    let none = || "—".to_owned();
    let lines = |all: Vec<String>| if all.is_empty() { none() } else { all.join("\n") };
    let answers = |it: &Record| {
        it.filled
            .iter()
            .flat_map(|filled| answers(lang, shows, filled))
            .map(|(ask, said)| format!("{ask} {said}"))
            .collect()
    };
    [
        (lang.of("时间", "When"), it.when.say()),
        (lang.of("见了谁", "Met"), if it.met.is_empty() { none() } else { it.met.clone() }),
        (lang.of("同去", "Came along"), lines(it.people.iter().map(|id| shows.name(*id).to_owned()).collect())),
        (lang.of("走访情况", "Minutes"), it.minutes.clone()),
        (lang.of("答卷", "Answers"), lines(answers(it))),
        (
            lang.of("见闻", "Findings"),
            lines(
                it.findings.iter().map(|it| format!("{} {}", lang.of(it.kind.zh(), it.kind.en()), it.text)).collect(),
            ),
        ),
        (
            lang.of("承诺", "Promises"),
            lines(it.promises.iter().map(|it| format!("{} {} {}", it.text, shows.name(it.owner), it.due)).collect()),
        ),
        (lang.of("政策", "Policies"), lines(policies(shows, it))),
        (lang.of("归类", "Grid"), lines(it.cells.iter().map(|it| cell(lang, *it)).collect())),
    ]
}

/// Question and answer as people read them.
pub fn answers(lang: Lang, shows: &Shows, filled: &domain::visit::Filled) -> Vec<(String, String)> {
    let Some(version) = shows.forms.get(&filled.version) else { return vec![] };
    let english = lang.is_en();
    let answer = |it: &domain::questionnaire::Response| {
        let question = version.form.questions.iter().find(|question| question.key == it.question)?;
        Some((question.ask(english).to_owned(), question.show(it, english)))
    };
    filled.responses.iter().filter_map(answer).collect()
}

pub fn policies(shows: &Shows, it: &Record) -> Vec<String> {
    let titled = |(id, edition): (&domain::id::PolicyId, &String)| {
        let title = shows.policies.get(id).map_or("", |it| it.title.as_str());
        if edition.is_empty() { title.to_owned() } else { format!("{title}（{edition}）") }
    };
    it.policies.iter().map(titled).collect()
}

pub fn cell(lang: Lang, it: domain::grid::Cell) -> String {
    format!("{} · {}", lang.of(it.link.zh(), it.link.en()), lang.of(it.battle.zh(), it.battle.en()))
}
