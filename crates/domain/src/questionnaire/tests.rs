//! Questionnaires: the shipped ones, faulty definitions, skip logic, and what is taken.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

fn named(code: &str) -> Questionnaire {
    shipped().into_iter().find(|(it, _)| *it == code).unwrap().1
}

fn chose(question: &str, choices: &[&str]) -> Response {
    let choices = choices.iter().map(|it| (*it).to_owned()).collect();
    Response { question: question.into(), choices, text: String::new() }
}

fn wrote(question: &str, text: &str) -> Response {
    Response { question: question.into(), choices: vec![], text: text.into() }
}

fn keys<'a>(questions: &[&'a Question]) -> Vec<&'a str> {
    questions.iter().map(|it| it.key.as_str()).collect()
}

/// One question of each kind, and a chain of conditions.
fn sample() -> Questionnaire {
    let body = r#"{"title": "样卷", "title-en": "", "questions": [
        {"key": "any", "ask": "有无？", "ask-en": "Any?", "kind": {"type": "yes-no"}, "required": true},
        {"key": "which", "ask": "哪些？", "ask-en": "Which?", "when": {"question": "any", "is": ["yes"]},
         "kind": {"type": "many", "options": [{"code": "a", "zh": "甲", "en": "A"}, {"code": "b", "zh": "乙", "en": ""}]}},
        {"key": "why", "ask": "为何？", "ask-en": "Why?", "kind": {"type": "text"}, "required": true,
         "when": {"question": "which", "is": ["b"]}},
        {"key": "sum", "ask": "多少？", "ask-en": "How much?",
         "kind": {"type": "number", "unit": "万元", "unit-en": "k", "min": 0, "max": 5000}},
        {"key": "since", "ask": "何时？", "ask-en": "Since when?", "kind": {"type": "day"}},
        {"key": "more", "ask": "其他", "ask-en": "", "kind": {"type": "long"}}]}"#;
    serde_json::from_str(body).unwrap()
}

#[test]
fn the_shipped_ones_have_no_faults_and_can_be_answered_in_three_minutes() {
    for (code, it) in shipped() {
        assert_eq!(it.faults(), vec![], "{code}");
        assert!((5..=9).contains(&it.questions.len()), "{code}");
        assert!((2..=3).contains(&it.questions.iter().filter(|it| it.required).count()), "{code}");
        let written = serde_json::to_string(&it).unwrap();
        assert_eq!(serde_json::from_str::<Questionnaire>(&written).unwrap(), it);
    }
}

#[test]
fn the_shipped_ones_are_whole_in_english() {
    for (code, it) in shipped() {
        assert!(!it.title_en.is_empty(), "{code}");
        for question in &it.questions {
            assert!(!question.ask_en.is_empty(), "{code} {}", question.key);
            assert_eq!(question.hint.is_empty(), question.hint_en.is_empty(), "{code} {}", question.key);
            assert_eq!(question.kind.unit(false).is_empty(), question.kind.unit(true).is_empty());
            assert!(question.kind.options().unwrap_or_default().iter().all(|it| !it.en.is_empty()));
        }
    }
}

#[test]
fn every_option_that_calls_for_details_shows_them() {
    for (code, on, detail) in [("status", "difficulties", "difficulties-detail"), ("upgrade", "help", "help-detail")] {
        let it = named(code);
        let question = it.questions.iter().find(|it| it.key == on).unwrap();
        for option in question.kind.options().unwrap() {
            assert!(keys(&it.shown(&[chose(on, &[&option.code])])).contains(&detail), "{code} {}", option.code);
        }
        assert!(!keys(&it.shown(&[])).contains(&detail));
    }
}

fn fields(change: impl FnOnce(&mut Questionnaire)) -> Vec<String> {
    let mut it = sample();
    change(&mut it);
    it.faults().into_iter().map(|it| it.field).collect()
}

fn options(codes: &[&str]) -> Kind {
    let option = |code: &&str| Choice { code: (*code).into(), zh: "字".into(), en: String::new() };
    Kind::Many { options: codes.iter().map(option).collect() }
}

fn when(question: &str, is: &[&str]) -> Option<When> {
    Some(When { question: question.into(), is: is.iter().map(|it| (*it).to_owned()).collect() })
}

#[test]
fn a_faulty_definition_is_named_field_by_field() {
    assert_eq!(sample().faults(), vec![]);
    assert_eq!(fields(|it| it.title = " ".into()), ["title"]);
    assert_eq!(fields(|it| it.questions.clear()), ["questions"]);
    let many = |it: &mut Questionnaire| {
        let one = it.questions[5].clone();
        it.questions = (0..=100).map(|n| Question { key: format!("q-{n}"), ..one.clone() }).collect();
    };
    assert_eq!(fields(many), ["questions"]);
    for key in ["", "A", "甲", "a_b", &"a".repeat(41)] {
        assert_eq!(fields(|it| it.questions[3].key = key.into()), ["questions.3.key"], "{key}");
    }
    assert_eq!(fields(|it| it.questions[3].key = "any".into()), ["questions.3.key"]);
    assert_eq!(fields(|it| it.questions[4].ask = "　".into()), ["questions.4.ask"]);
    assert_eq!(fields(|it| it.questions[3].kind = options(&["a"])), ["questions.3.kind.options"]);
    let doubled = ["questions.3.kind.options.1.code", "questions.3.kind.options.2.code"];
    assert_eq!(fields(|it| it.questions[3].kind = options(&["a", "a", " b"])), doubled);
    let upside_down = Kind::Number { unit: String::new(), unit_en: String::new(), min: Some(2.0), max: Some(1.0) };
    assert_eq!(fields(|it| it.questions[3].kind = upside_down), ["questions.3.kind.min"]);
}

#[test]
fn a_condition_must_name_an_earlier_question_and_its_options() {
    for (on, codes, field) in [
        ("nobody", &["a"][..], "questions.3.when.question"),
        ("more", &["a"], "questions.3.when.question"),
        ("sum", &["a"], "questions.3.when.question"),
        ("why", &["a"], "questions.3.when.question"),
        ("which", &["a", "c"], "questions.3.when.is"),
        ("any", &[], "questions.3.when.is"),
    ] {
        assert_eq!(fields(|it| it.questions[3].when = when(on, codes)), [field], "{on}");
    }
    assert_eq!(fields(|it| it.questions[3].when = when("any", &["no"])), [""; 0]);
}

#[test]
fn faults_of_a_definition_are_sentences_that_say_what_to_do() {
    let mut it = sample();
    it.questions[3].when = when("which", &["c"]);
    let fault = it.faults().remove(0);
    assert_eq!(fault.zh, "第4题的显示条件中，“which”没有选项“c”；请改正。");
    assert_eq!(fault.en, "Question 4: its condition asks “which” for “c”, no option of it; correct it.");
}

#[test]
fn unknown_fields_of_a_definition_are_refused() {
    for body in [
        r#"{"title": "", "title-en": "", "questions": [], "x": 1}"#,
        r#"{"title": "", "title-en": "", "questions": [{"key": "a", "ask": "", "ask-en": "", "kind": {"type": "text"}, "requird": true}]}"#,
    ] {
        assert!(serde_json::from_str::<Questionnaire>(body).is_err());
    }
}

#[test]
fn hidden_answers_are_dropped_and_count_as_absent_for_later_conditions() {
    let it = sample();
    let given = [chose("any", &["no"]), chose("which", &["b"]), wrote("why", "因为")];
    assert_eq!(keys(&it.shown(&given)), ["any", "sum", "since", "more"]);
    assert_eq!(it.take(&given), Ok(vec![chose("any", &["no"])]));
    let given = [wrote("why", "因为"), chose("which", &["b"]), chose("any", &["yes"])];
    assert_eq!(keys(&it.shown(&given)), ["any", "which", "why", "sum", "since", "more"]);
    assert_eq!(it.take(&given), Ok(vec![chose("any", &["yes"]), chose("which", &["b"]), wrote("why", "因为")]));
}

#[test]
fn what_is_taken_has_one_spelling() {
    let given = [
        wrote("more", " 一\r\n二 "),
        wrote("since", "2018年4月13日"),
        wrote("sum", "１，２００万元"),
        wrote("nobody", "x"),
        chose("which", &[" b", "a", "b", ""]),
        wrote("why", "因为"),
        chose("any", &["yes"]),
    ];
    let taken = sample().take(&given).unwrap();
    let wanted = [
        chose("any", &["yes"]),
        chose("which", &["a", "b"]),
        wrote("why", "因为"),
        wrote("sum", "1200"),
        wrote("since", "2018-04-13"),
        wrote("more", "一\n二"),
    ];
    assert_eq!(taken, wanted);
}

#[test]
fn every_fault_is_named_at_once() {
    let given = [
        chose("any", &["yes", "no"]),
        chose("which", &["b", "c"]),
        wrote("why", " "),
        wrote("sum", "5000.5"),
        wrote("since", "2018-02-30"),
        wrote("more", &"字".repeat(LONG_MOST + 1)),
    ];
    let faults = sample().take(&given).unwrap_err();
    let said: Vec<(&str, &str)> = faults.iter().map(|it| (it.field.as_str(), it.zh.as_str())).collect();
    let wanted = [
        ("q.any", "“有无？”只能选一项，现选了2项；请只保留一项。"),
        ("q.which", "“哪些？”没有选项“c”；请从所列选项中选择。"),
        ("q.why", "请回答：为何？"),
        ("q.sum", "“多少？”应在0到5000之间，现为5000.5；请改正。"),
        ("q.since", "“何时？”应填日期，如 2018-04-13，现为“2018-02-30”；请改正。"),
        ("q.more", "“其他”最多5000字，现有5001字；请删减。"),
    ];
    assert_eq!(said, wanted);
    assert_eq!(faults[2].en, "Please answer: Why?");
    let faults = sample().take(&[chose("any", &["no"]), wrote("sum", "很多")]).unwrap_err();
    assert_eq!(faults[0].en, "“How much?” takes a number such as 1200 or 12.5, not “很多”; correct it.");
}

#[test]
fn two_answers_to_one_question_are_joined_and_none_is_lost() {
    let given = [chose("any", &["no"]), wrote("sum", "1"), wrote("sum", "2"), wrote("more", "一"), wrote("more", "二")];
    assert_eq!(sample().take(&given).unwrap_err().len(), 1);
    assert_eq!(sample().take(&given[3..]).unwrap_err()[0].field, "q.any");
    let given = [&given[..1], &given[3..]].concat();
    assert_eq!(sample().take(&given).unwrap()[1], wrote("more", "一\n二"));
}

#[test]
fn responses_are_shown_as_people_read_them() {
    let it = sample();
    let show = |at: usize, response: Response, english| it.questions[at].show(&response, english);
    assert_eq!(show(0, chose("any", &["yes"]), false), "是");
    assert_eq!(show(0, chose("any", &["no"]), true), "No");
    assert_eq!(show(1, chose("which", &["a", "b", "gone"]), false), "甲、乙、gone");
    assert_eq!(show(1, chose("which", &["a", "b"]), true), "A, 乙");
    assert_eq!(show(3, wrote("sum", "1200"), false), "1200万元");
    assert_eq!(show(3, wrote("sum", "1200"), true), "1200 k");
    assert_eq!(show(3, wrote("sum", ""), false), "");
    assert_eq!(show(4, wrote("since", "2018-04-13"), true), "2018-04-13");
    assert_eq!(named("status").questions[7].show(&wrote("output-growth", "-5"), true), "-5%");
}

/// A questionnaire and responses to it, many of them fit to be taken, others anything at all.
fn filled() -> impl Strategy<Value = (Questionnaire, Vec<Response>)> {
    let all = shipped().into_iter().map(|(_, it)| it).chain([sample()]).collect::<Vec<_>>();
    prop::sample::select(all).prop_flat_map(|it| {
        let keys: Vec<String> = it.questions.iter().map(|it| it.key.clone()).chain(["nobody".into()]).collect();
        let codes = it.questions.iter().filter_map(|it| it.kind.options()).flatten().map(|it| it.code.clone());
        let codes: Vec<String> = codes.collect();
        let text = prop_oneof![
            "[ 0-9０-９,，.-]{0,8}(万元|%|人)?",
            "20[0-9]{2}(-|/|年)1?[0-9](-|/|月)[0-9]{1,2}日?",
            any::<String>(),
            "[\\r\\n 字]{0,9}",
        ];
        let wild = (prop::sample::select(keys), vec(prop_oneof![prop::sample::select(codes), any::<String>()], 0..3));
        let wild = (wild, text).prop_map(|((question, choices), text)| Response { question, choices, text });
        let tame = it.questions.iter().map(fit).collect::<Vec<_>>();
        (Just(it), tame, vec(wild, 0..3)).prop_map(|(it, tame, wild)| (it, [tame, wild].concat()))
    })
}

fn fit(question: &Question) -> BoxedStrategy<Response> {
    let key = question.key.clone();
    match (question.kind.options(), &question.kind) {
        (Some(options), kind) => {
            let most = if matches!(kind, Kind::Many { .. }) { options.len() } else { 1 };
            let codes: Vec<String> = options.iter().map(|it| it.code.clone()).collect();
            let chosen = prop::sample::subsequence(codes, 1..=most).prop_shuffle();
            chosen.prop_map(move |choices| Response { question: key.clone(), choices, text: String::new() }).boxed()
        }
        (None, Kind::Number { .. }) => "[ ]?[0-9０-９]{1,2}".prop_map(move |text| wrote(&key, &text)).boxed(),
        (None, Kind::Day) => "201[0-9](/|\\.)[1-9](/|\\.)[1-9]".prop_map(move |text| wrote(&key, &text)).boxed(),
        (None, _) => any::<String>().prop_map(move |text| wrote(&key, &text)).boxed(),
    }
}

proptest! {
    #[test]
    fn what_is_taken_is_taken_again_unchanged((it, given) in filled()) {
        match it.take(&given) {
            Ok(taken) => {
                let shown = keys(&it.shown(&given));
                prop_assert_eq!(keys(&it.shown(&taken)), shown.clone());
                prop_assert!(taken.iter().all(|it| shown.contains(&it.question.as_str())));
                prop_assert_eq!(it.take(&taken), Ok(taken));
            }
            Err(faults) => prop_assert!(!faults.is_empty() && faults.iter().all(|it| it.field.starts_with("q."))),
        }
    }

    #[test]
    fn enough_of_the_fit_ones_are_taken((it, _) in filled(), seed in any::<u8>()) {
        let said = it.questions.iter().filter_map(|question| {
            let options = question.kind.options()?;
            Some(chose(&question.key, &[&options[usize::from(seed) % options.len()].code]))
        });
        let said: Vec<Response> = said.chain([wrote("why", "因为")]).collect();
        prop_assert!(it.take(&said).is_ok());
    }

    #[test]
    fn nothing_that_is_read_as_json_makes_it_panic(key in "[a-z]{1,2}", text in any::<String>(), n in any::<f64>()) {
        let mut it = sample();
        it.questions[1].key = key.clone();
        it.questions[3].kind = Kind::Number { unit: text.clone(), unit_en: String::new(), min: Some(n), max: None };
        it.questions[4].when = when(&text, &[&key]);
        it.faults();
        let _ = it.take(&[wrote("sum", &text), chose(&key, &[&text]), wrote("since", &text)]);
    }
}
