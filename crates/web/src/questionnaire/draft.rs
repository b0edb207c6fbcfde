//! A questionnaire as the fields of a form, there and back. What is half made is still a draft: faults are named at the
//! fields, and the look is shown of whatever is there.

use crate::lang::Lang;
use crate::ui::field::Typed;
use domain::fault::Fault;
use domain::questionnaire::{Choice, Kind, Question, Questionnaire, When};

/// Code, Chinese, English.
pub const KINDS: [(&str, &str, &str); 7] = [
    ("text", "一行字", "One line"),
    ("long", "一段话", "Several lines"),
    ("number", "数字", "Number"),
    ("day", "日期", "Date"),
    ("yes-no", "是或否", "Yes or no"),
    ("one", "单选", "One of several"),
    ("many", "多选", "Several of them"),
];

pub fn name(at: usize, field: &str) -> String {
    format!("q.{at}.{field}")
}

/// How many questions stand in the form.
pub fn count(typed: &Typed) -> usize {
    let numbers =
        typed.0.iter().filter_map(|(name, _)| name.strip_prefix("q.")?.split('.').next()?.parse::<usize>().ok());
    numbers.max().map_or(0, |it| it + 1).min(200)
}

fn kind_code(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Long => "long",
        Kind::Number { .. } => "number",
        Kind::Day => "day",
        Kind::YesNo => "yes-no",
        Kind::One { .. } => "one",
        Kind::Many { .. } => "many",
    }
}

/// The fields of a questionnaire that is there.
pub fn typed(form: &Questionnaire) -> Typed {
    let mut fields = vec![("title".to_owned(), form.title.clone()), ("title_en".to_owned(), form.title_en.clone())];
    for (at, it) in form.questions.iter().enumerate() {
        let mut add = |field: &str, value: String| fields.push((name(at, field), value));
        add("key", it.key.clone());
        add("ask", it.ask.clone());
        add("ask_en", it.ask_en.clone());
        add("hint", it.hint.clone());
        add("hint_en", it.hint_en.clone());
        add("kind", kind_code(&it.kind).to_owned());
        if it.required {
            add("required", "yes".to_owned());
        }
        match &it.kind {
            Kind::Number { unit, unit_en, min, max } => {
                let number = |it: &Option<f64>| it.map_or(String::new(), |it| it.to_string());
                add("unit", unit.clone());
                add("unit_en", unit_en.clone());
                add("min", number(min));
                add("max", number(max));
            }
            Kind::One { options } | Kind::Many { options } => {
                let lines = options.iter().map(|it| format!("{} | {} | {}", it.zh, it.en, it.code));
                add("options", lines.collect::<Vec<_>>().join("\n"));
            }
            _ => {}
        }
        if let Some(when) = &it.when {
            let on = form.questions.iter().find(|other| other.key == when.question);
            let label = |code: &String| {
                let options = on.and_then(|it| it.kind.options()).unwrap_or_default();
                // A word that holds what divides words could not be read back: its code stands for it.
                let said = options.iter().find(|it| it.code == *code).filter(|it| !it.zh.contains(DIVIDES));
                said.map_or_else(|| code.clone(), |it| it.zh.clone())
            };
            add("when", when.question.clone());
            add("is", when.is.iter().map(label).collect::<Vec<_>>().join("、"));
        }
    }
    Typed(fields)
}

/// A name that none of `taken` has: `q1`, `q2` …
fn fresh(start: &str, taken: &[String]) -> String {
    (1..).map(|n| format!("{start}{n}")).find(|it| !taken.contains(it)).unwrap_or_default()
}

/// One option a line: Chinese, English, and the code that answers are counted by.
fn options(text: &str) -> Vec<Choice> {
    let lines: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.split(['|', '｜']).map(str::trim).collect())
        .collect();
    let mut codes: Vec<String> = lines.iter().filter_map(|it| it.get(2)).map(|it| (*it).to_owned()).collect();
    lines
        .iter()
        .map(|it| {
            let part = |at: usize| it.get(at).copied().unwrap_or("");
            let code = match part(2) {
                "" => {
                    let code = fresh("o", &codes);
                    codes.push(code.clone());
                    code
                }
                code => code.to_owned(),
            };
            // An English word missing is the Chinese one, as everywhere in a questionnaire.
            Choice { code, zh: part(0).to_owned(), en: part(1).to_owned() }
        })
        .collect()
}

fn number(text: &str, field: String, faults: &mut Vec<Fault>) -> Option<f64> {
    match text.trim() {
        "" => None,
        text => {
            let read = text.parse::<f64>().ok().filter(|it| it.is_finite());
            if read.is_none() {
                faults.push(Fault::new(field, "请填数字，或不填。", "Write a number, or nothing."));
            }
            read
        }
    }
}

/// What the form says, complete or not, with what cannot be read at all.
pub fn read(typed: &Typed) -> (Questionnaire, Vec<Fault>) {
    let get = |at: usize, field: &str| typed.get(&name(at, field)).trim().to_owned();
    let all = count(typed);
    let mut faults = Vec::new();
    let mut keys: Vec<String> = (0..all).map(|at| get(at, "key")).collect();
    for at in 0..all {
        if keys[at].is_empty() {
            keys[at] = fresh("q", &keys);
        }
    }
    let mut questions: Vec<Question> = Vec::new();
    for (at, key) in keys.into_iter().enumerate() {
        let list = options(typed.get(&name(at, "options")));
        let kind = match get(at, "kind").as_str() {
            "long" => Kind::Long,
            "number" => Kind::Number {
                unit: get(at, "unit"),
                unit_en: get(at, "unit_en"),
                min: number(&get(at, "min"), name(at, "min"), &mut faults),
                max: number(&get(at, "max"), name(at, "max"), &mut faults),
            },
            "day" => Kind::Day,
            "yes-no" => Kind::YesNo,
            "one" => Kind::One { options: list },
            "many" => Kind::Many { options: list },
            _ => Kind::Text,
        };
        let when = get(at, "when");
        let when = (!when.is_empty()).then(|| condition(&questions, when, &get(at, "is")));
        questions.push(Question {
            key,
            ask: get(at, "ask"),
            ask_en: get(at, "ask_en"),
            hint: get(at, "hint"),
            hint_en: get(at, "hint_en"),
            kind,
            required: get(at, "required") == "yes",
            when,
        });
    }
    let (title, title_en) = (typed.get("title").trim().to_owned(), typed.get("title_en").trim().to_owned());
    (Questionnaire { title, title_en, questions }, faults)
}

/// Between the words of a condition.
const DIVIDES: [char; 6] = ['、', ',', '，', ';', '；', '\n'];

/// The words of options, in either language, become their codes; a word that is none stays, and is refused by the rules.
fn condition(earlier: &[Question], question: String, text: &str) -> When {
    let options = earlier.iter().find(|it| it.key == question).and_then(|it| it.kind.options()).unwrap_or_default();
    let code = |word: &str| {
        let same = |it: &&Choice| it.zh == word || it.en.eq_ignore_ascii_case(word) || it.code == word;
        options.iter().find(same).map_or_else(|| word.to_owned(), |it| it.code.clone())
    };
    let words = text.split(DIVIDES).map(str::trim).filter(|it| !it.is_empty());
    When { question, is: words.map(code).collect() }
}

/// A fault of the definition at the field in which it was typed.
pub fn placed(fault: Fault) -> Fault {
    let mut parts = fault.field.split('.');
    let field = match (parts.next(), parts.next().and_then(|it| it.parse::<usize>().ok()), parts.next()) {
        (Some("questions"), Some(at), Some("kind")) => match parts.next() {
            Some("min") => name(at, "min"),
            _ => name(at, "options"),
        },
        (Some("questions"), Some(at), Some("when")) => name(at, if parts.next() == Some("is") { "is" } else { "when" }),
        (Some("questions"), Some(at), Some(field)) => name(at, field),
        (Some("questions"), ..) => "title".to_owned(),
        (Some(field), ..) => field.to_owned(),
        (None, ..) => String::new(),
    };
    Fault { field, ..fault }
}

/// The same fields after a question was taken out (`drop`) or has changed places with the one above (`up`).
pub fn moved(typed: &Typed, verb: &str, at: usize) -> Typed {
    let new = |number: usize| match verb {
        "drop" if number == at => None,
        "drop" if number > at => Some(number - 1),
        "up" if number == at && at > 0 => Some(at - 1),
        "up" if at > 0 && number == at - 1 => Some(at),
        _ => Some(number),
    };
    let fields = typed.0.iter().filter_map(|(field, value)| {
        let Some((number, rest)) = field.strip_prefix("q.").and_then(|it| it.split_once('.')) else {
            return Some((field.clone(), value.clone()));
        };
        Some((name(new(number.parse().ok()?)?, rest), value.clone()))
    });
    Typed(fields.collect())
}

pub fn kinds(lang: Lang) -> Vec<(String, String)> {
    KINDS.iter().map(|(code, zh, en)| ((*code).to_owned(), lang.of(*zh, *en).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shipped_goes_through_the_form_unchanged() {
        for (code, form) in domain::questionnaire::shipped() {
            let (again, faults) = read(&typed(&form));
            assert!(faults.is_empty(), "{code}");
            assert_eq!(again, form, "{code}");
        }
    }

    #[test]
    fn what_is_new_gets_its_codes_and_conditions_are_read_from_words() {
        let fields = [
            ("title", "试"),
            ("q.0.key", ""),
            ("q.0.ask", "扩产吗"),
            ("q.0.kind", "one"),
            ("q.0.options", "扩产 | More\n不变｜Same | o1\n减产"),
            ("q.1.ask", "为什么"),
            ("q.1.when", "q1"),
            ("q.1.is", "减产，more"),
        ];
        let typed = Typed(fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
        let (form, _) = read(&typed);
        let codes: Vec<&str> =
            form.questions[0].kind.options().unwrap_or_default().iter().map(|it| it.code.as_str()).collect();
        assert_eq!((form.questions[0].key.as_str(), codes), ("q1", vec!["o2", "o1", "o3"]));
        assert_eq!(
            form.questions[1].when.as_ref().map(|it| it.is.clone()),
            Some(vec!["o3".to_owned(), "o2".to_owned()])
        );
        let up = moved(&typed, "up", 1);
        assert_eq!((up.get("q.0.ask"), up.get("q.1.ask")), ("为什么", "扩产吗"));
        assert_eq!(count(&moved(&typed, "drop", 0)), 1);
        let fault = placed(Fault::new("questions.3.when.is", "", ""));
        assert_eq!(fault.field, "q.3.is");
    }
}
