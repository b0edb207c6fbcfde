//! What is wrong with the definition of a questionnaire, before anybody is asked by it.

use super::{Choice, Kind, Question, Questionnaire, When};
use crate::fault::Fault;
use std::collections::{BTreeMap, BTreeSet};

/// More than these nobody answers on a visit.
const QUESTIONS_MOST: usize = 100;

impl Questionnaire {
    /// Every fault of the definition. Fields are named as in its JSON, counted from 0: `questions.3.key`; the sentences
    /// count from 1.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.title.trim().is_empty() {
            faults.push(Fault::new("title", "问卷没有标题；请填写。", "The questionnaire has no title; enter one."));
        }
        let n = self.questions.len();
        if n == 0 {
            faults.push(Fault::new("questions", "问卷没有题目；请至少加一题。", "There are no questions; add one."));
        }
        if n > QUESTIONS_MOST {
            let zh = format!("问卷最多{QUESTIONS_MOST}题，现有{n}题；请删减。");
            let en = format!("A questionnaire has at most {QUESTIONS_MOST} questions, this one has {n}; remove some.");
            faults.push(Fault::new("questions", zh, en));
        }
        let mut earlier = BTreeMap::new();
        for (at, question) in self.questions.iter().enumerate() {
            faults.extend(question.faults(&earlier).into_iter().map(|fault| placed(at, fault)));
            earlier.entry(question.key.as_str()).or_insert(question);
        }
        faults
    }
}

/// The fault of the question at this place; until here it named neither place nor number.
fn placed(at: usize, fault: Fault) -> Fault {
    let (n, Fault { field, zh, en }) = (at + 1, fault);
    Fault::new(format!("questions.{at}.{field}"), format!("第{n}题{zh}"), format!("Question {n}: {en}"))
}

impl Question {
    fn faults(&self, earlier: &BTreeMap<&str, &Question>) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !is_key(&self.key) {
            let zh = "的代号只能用小写字母、数字和连字符，1到40个；请改正。";
            let en = "its key takes 1 to 40 lower-case letters, digits and hyphens; correct it.";
            faults.push(Fault::new("key", zh, en));
        } else if earlier.contains_key(self.key.as_str()) {
            let key = &self.key;
            let (zh, en) =
                (format!("的代号“{key}”已用过；请换一个。"), format!("the key “{key}” is taken; choose another."));
            faults.push(Fault::new("key", zh, en));
        }
        if self.ask.trim().is_empty() {
            faults.push(Fault::new("ask", "没有题目内容；请填写。", "it asks nothing; enter what is asked."));
        }
        match &self.kind {
            Kind::One { options } | Kind::Many { options } => faults.extend(option_faults(options)),
            Kind::Number { min: Some(min), max: Some(max), .. } if min > max => {
                let zh = format!("的最小值{min}大于最大值{max}；请改正。");
                let en = format!("its least number {min} is above its greatest {max}; correct one.");
                faults.push(Fault::new("kind.min", zh, en));
            }
            _ => {}
        }
        faults.extend(self.when.as_ref().and_then(|when| when.fault(earlier)));
        faults
    }
}

impl When {
    fn fault(&self, earlier: &BTreeMap<&str, &Question>) -> Option<Fault> {
        let key = &self.question;
        let Some(on) = earlier.get(key.as_str()) else {
            let zh = format!("的显示条件指向“{key}”，前面没有这一题；请指向前面的题。");
            let en = format!("its condition names “{key}”, no earlier question; name an earlier one.");
            return Some(Fault::new("when.question", zh, en));
        };
        let Some(options) = on.kind.options() else {
            let zh = format!("的显示条件指向“{key}”，该题没有选项；请指向有选项的题。");
            let en = format!("its condition names “{key}”, which has no options; name one that has.");
            return Some(Fault::new("when.question", zh, en));
        };
        if self.is.is_empty() {
            let zh = "的显示条件没有选项，永远不会显示；请至少填一个选项代号。";
            let en = "its condition has no codes, so it is never shown; enter a code.";
            return Some(Fault::new("when.is", zh, en));
        }
        let is_option = |code: &str| options.iter().any(|it| it.code == code);
        let unknown: Vec<&str> = self.is.iter().map(String::as_str).filter(|code| !is_option(code)).collect();
        if unknown.is_empty() {
            return None;
        }
        let zh = format!("的显示条件中，“{key}”没有选项“{}”；请改正。", unknown.join("、"));
        let en = format!("its condition asks “{key}” for “{}”, no option of it; correct it.", unknown.join(", "));
        Some(Fault::new("when.is", zh, en))
    }
}

fn option_faults(options: &[Choice]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if options.len() < 2 {
        let n = options.len();
        let (zh, en) =
            (format!("至少要有2个选项，现有{n}个；请补充。"), format!("it needs 2 options, it has {n}; add some."));
        faults.push(Fault::new("kind.options", zh, en));
    }
    let mut codes = BTreeSet::new();
    for (at, option) in options.iter().enumerate() {
        let (n, code) = (at + 1, option.code.as_str());
        let mut fault = |field, zh, en| faults.push(Fault::new(format!("kind.options.{at}.{field}"), zh, en));
        // Responses are trimmed, so a code with blanks around it could never be chosen.
        if code.is_empty() || code != code.trim() {
            let zh = format!("第{n}个选项的代号为空或首尾有空格；请改正。");
            fault("code", zh, format!("the code of option {n} is empty or has blanks around it; correct it."));
        } else if !codes.insert(code) {
            let zh = format!("第{n}个选项的代号“{code}”重复；请换一个。");
            fault("code", zh, format!("the code “{code}” of option {n} is taken; choose another."));
        }
        if option.zh.trim().is_empty() {
            let zh = format!("第{n}个选项没有文字；请填写。");
            fault("zh", zh, format!("option {n} has no words; enter them."));
        }
    }
    faults
}

fn is_key(key: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=40).contains(&key.len()) && key.bytes().all(fits)
}
