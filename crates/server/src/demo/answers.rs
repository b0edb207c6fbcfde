//! What an enterprise answers to the questionnaires: drawn by what it makes, where it sells and what it takes part in.

use super::dice::Dice;
use super::hosts::Host;
use super::texts::{Texts, fill};
use domain::questionnaire::{Choice, Kind, Question, Questionnaire, Response};

type Weights = &'static [(&'static str, usize)];

/// Answers to all questions; what a form does not show after them is left out by its rules.
pub fn all(form: &Questionnaire, host: &Host, texts: &Texts, dice: &Dice) -> Vec<Response> {
    form.questions.iter().map(|question| one(question, host, texts, dice)).collect()
}

fn one(question: &Question, host: &Host, texts: &Texts, dice: &Dice) -> Response {
    let (mut choices, mut text) = (vec![], String::new());
    match &question.kind {
        Kind::One { .. } | Kind::YesNo => choices.push(chosen(question, host, dice)),
        Kind::Many { options } => choices = several(&question.key, options, host, dice),
        Kind::Number { .. } => text = number(&question.key, host, dice),
        Kind::Text | Kind::Long => text = words(&question.key, host, texts, dice),
        Kind::Day => {}
    }
    Response { question: question.key.clone(), choices, text }
}

fn chosen(question: &Question, host: &Host, dice: &Dice) -> String {
    match weights(&question.key, host) {
        [] => question.kind.options().map_or(String::new(), |options| dice.one(options).code.clone()),
        weights => dice.weighed(weights).to_owned(),
    }
}

/// Nothing where every option is as likely.
fn weights(key: &str, host: &Host) -> Weights {
    const STEPS: Weights = &[("done", 15), ("doing", 20), ("planned", 35), ("none", 30)];
    const TRIED: Weights = &[("done", 45), ("doing", 50), ("planned", 5)];
    match key {
        "operation" => &[("better", 46), ("same", 31), ("worse", 21), ("halted", 2)],
        "friction" if host.exports() => &[("none", 10), ("some", 52), ("heavy", 38)],
        "friction" if host.makes() => &[("none", 66), ("some", 31), ("heavy", 3)],
        "friction" => &[("none", 88), ("some", 12)],
        "outlook" if host.exports() => &[("better", 26), ("same", 30), ("worse", 22), ("unsure", 22)],
        "outlook" => &[("better", 52), ("same", 28), ("worse", 8), ("unsure", 12)],
        "under-way" => &[("yes", 44), ("no", 56)],
        "planned" => &[("yes", 38), ("no", 62)],
        "coming-years" => &[("more", 36), ("same", 34), ("less", 4), ("elsewhere", 6), ("none", 8), ("unsure", 12)],
        "factory-iot" if host.has("工厂物联网试点") => TRIED,
        "factory-iot" if !host.makes() => &[("planned", 8), ("none", 92)],
        "cloud" if host.has("企业上云试点") => TRIED,
        "factory-iot" | "industrial-internet" | "cloud" => STEPS,
        _ => &[],
    }
}

fn several(key: &str, options: &[Choice], host: &Host, dice: &Dice) -> Vec<String> {
    let most = match key {
        "difficulties" => dice.weighed(&[(0, 12), (1, 38), (2, 34), (3, 16)]),
        "cloud-systems" => dice.between(1, 4),
        _ => dice.weighed(&[(0, 30), (1, 40), (2, 22), (3, 8)]),
    };
    let fits =
        |code: &str| code != "other" && (host.makes() || !matches!(code, "utilities" | "environment" | "production"));
    let codes: Vec<&str> = options.iter().map(|it| it.code.as_str()).filter(|it| fits(it)).collect();
    dice.some(&codes, most).into_iter().map(str::to_owned).collect()
}

fn number(key: &str, host: &Host, dice: &Dice) -> String {
    let number = match key {
        "friction-export-share" if host.exports() => dice.between(3, 18) * 5,
        "friction-export-share" => dice.between(1, 6) * 5,
        "output-growth" => return (dice.between(0, 34) as i64 - 12).to_string(),
        "staff-wanted" => dice.weighed(&[(0, 30), (5, 20), (12, 20), (30, 20), (60, 10)]),
        "coming-years-investment" => dice.between(2, 60) * 500,
        _ => dice.between(3, 90) * 100,
    };
    number.to_string()
}

/// From the answers to a question of `answers.txt`, without those that deny what was just said.
fn words(key: &str, host: &Host, texts: &Texts, dice: &Dice) -> String {
    let (about, denials): (&str, &[&str]) = match key {
        "difficulties-detail" => ("difficulties", &["暂无突出"]),
        "friction-detail" if host.exports() => ("friction", &["暂无直接", "没有对美", "间接影响"]),
        "friction-detail" => ("friction", &["暂无直接", "没有对美", "主打产品在清单内"]),
        "under-way-list" => ("projects", &["无在建"]),
        "planned-list" => ("plans", &["没有大的", "视贸易形势"]),
        "help-detail" => ("help", &["暂不需要"]),
        "space-needed" if host.makes() && dice.percent(18) => return format!("厂房{}000平方米", dice.between(2, 9)),
        _ => return String::new(),
    };
    let denies = |text: &str| denials.iter().any(|it| text.starts_with(it));
    let fitting: Vec<_> = texts.answers.iter().filter(|[on, text]| *on == about && !denies(text)).collect();
    fill(dice.one(&fitting)[1], &host.short, dice)
}
