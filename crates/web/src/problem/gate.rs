//! What strike-off needs, part by part: what is there, what is missing, and who has it.

use crate::lang::Lang;
use crate::problem::json;
use crate::problem::show::Shows;
use crate::ui::part::said;
use domain::problem::{Answer, Case, State};
use domain::refusal::Missing;
use domain::time::Millis;
use maud::{Markup, html};

/// How many parts are still missing; none where nothing is to be struck off.
pub fn count(shows: &Shows) -> Option<usize> {
    matches!(shows.problem().state, State::Answered { .. }).then(|| missing(shows).len())
}

fn missing(shows: &Shows) -> Vec<Missing> {
    json::missing(shows.problem(), &shows.met.parties, &shows.terms, shows.now)
}

pub fn view(lang: Lang, shows: &Shows) -> Markup {
    let State::Answered { case, answer } = &shows.problem().state else { return html! {} };
    let missing = missing(shows);
    let parts = [Missing::Evidence, Missing::Application, Missing::Verification, Missing::Reporter, Missing::Signature];
    let asked: Vec<Missing> = parts
        .into_iter()
        .filter(|it| *it != Missing::Signature || shows.problem().board.is_some() || missing.contains(it))
        .collect();
    let there = asked.len() - missing.len();
    html! {
        h3 { (lang.of("销号条件", "Needed for strike-off")) " " span.faint { (lang.of(format!("{}项已齐{there}项", asked.len()), format!("{there} of {} are there", asked.len()))) } }
        ul.gate-list {
            @for it in asked {
                @let lacks = missing.contains(&it);
                li data-missing=[lacks.then_some("")] {
                    b { (lang.of(it.words().1, it.words().2)) @if lacks { " " span.faint { (lang.of("还缺", "missing")) } } }
                    @let note = if lacks { whose(lang, shows, case, answer, it) } else { there_is(lang, shows, case, answer, it) };
                    @if !note.is_empty() { small { (said(lang, &note)) } }
                }
            }
        }
    }
}

fn lead(lang: Lang, shows: &Shows, case: &Case) -> String {
    shows.directory.unit(case.lead.unit).map(|it| it.label(lang.is_en()).to_owned()).unwrap_or_default()
}

/// Who has what is missing.
fn whose(lang: Lang, shows: &Shows, case: &Case, answer: &Answer, part: Missing) -> String {
    let unit = lead(lang, shows, case);
    match part {
        Missing::Evidence => {
            let items = shows.problem().missing_evidence(case).join(lang.of("、", ", "));
            lang.of(format!("{unit}补：{items}"), format!("{unit} adds: {items}"))
        }
        Missing::Application => lang.of(format!("在{unit}"), format!("With {unit}")),
        Missing::Verification if answer.applied.is_none() => {
            lang.of("先要申请销号".into(), "After the application for strike-off".into())
        }
        Missing::Verification => lang.of("由承办单位以外的人核验".into(), "By somebody of no handling unit".into()),
        Missing::Reporter => reporter(lang, shows, answer),
        Missing::Signature => lang.of("在督查室".into(), "With supervision".into()),
    }
}

fn reporter(lang: Lang, shows: &Shows, answer: &Answer) -> String {
    let p = shows.problem();
    let round = p.state.case().map_or(1, |case| case.round);
    if p.ratings.iter().any(|it| it.round == round) {
        return lang.of("反映人没有认可".into(), "The reporter does not agree".into());
    }
    let rules = shows.terms.rules_of(p.campaign);
    let tries = answer.contacts.len();
    match domain::gate::silent_from(&answer.contacts, rules, &shows.terms.calendar) {
        Some(at) => lang.of(
            format!("已联系{tries}次，{}后仍无答复即视为默认", at.minute()),
            format!("{tries} attempts; counts as silence after {}", at.minute()),
        ),
        None => lang.of(
            format!("等反映人评价；已联系{tries}次，两天各联系一次后可按默认办"),
            format!("Waits for the reporter; {tries} attempts so far, two on two days are needed for silence"),
        ),
    }
}

fn there_is(lang: Lang, shows: &Shows, case: &Case, answer: &Answer, part: Missing) -> String {
    let at = |stamp: Option<Millis>| stamp.map(Millis::minute).unwrap_or_default();
    match part {
        Missing::Evidence => {
            let n = case.evidence.len();
            lang.of(format!("{n}项"), format!("{n} items"))
        }
        Missing::Application => format!("{} {}", lead(lang, shows, case), at(answer.applied.map(|it| it.at))),
        Missing::Verification => at(answer.verified.map(|it| it.at)),
        Missing::Reporter => {
            let round = case.round;
            match shows.problem().ratings.iter().rev().find(|it| it.round == round) {
                Some(it) => lang.of(
                    format!("{}，{}", it.verdict.zh(), it.satisfaction.zh()),
                    format!("{}, {}", it.verdict.en(), it.satisfaction.en()),
                ),
                None => lang.of("按默认".into(), "By silence".into()),
            }
        }
        Missing::Signature => at(answer.signed.map(|it| it.at)),
    }
}
