//! Which questions are shown, and which responses are taken: skip logic, one spelling, every fault at once.

use super::{Kind, LONG_MOST, Question, Questionnaire, Response, TEXT_MOST, When, value};
use crate::fault::Fault;
use std::collections::BTreeSet;

/// A sentence bears no more of what was wrongly chosen.
const NAMED_MOST: usize = 5;

impl Questionnaire {
    /// The questions that are asked after what was `given`. What was said to a hidden question counts as not said.
    pub fn shown(&self, given: &[Response]) -> Vec<&Question> {
        self.asked(given).into_iter().map(|(question, _)| question).collect()
    }

    /// What is kept of what was `given`: what is shown and not empty, in the order of the questions and in one spelling.
    /// Otherwise every fault, the field of each being `q.` and the question's key.
    pub fn take(&self, given: &[Response]) -> Result<Vec<Response>, Vec<Fault>> {
        let (mut taken, mut faults) = (Vec::new(), Vec::new());
        for (question, said) in self.asked(given) {
            match question.settle(said) {
                Ok(response) => taken.extend(response),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(taken) } else { Err(faults) }
    }

    fn asked(&self, given: &[Response]) -> Vec<(&Question, Response)> {
        let mut asked: Vec<(&Question, Response)> = Vec::new();
        for question in &self.questions {
            if question.when.as_ref().is_none_or(|when| when.holds(&asked)) {
                asked.push((question, question.gather(given)));
            }
        }
        asked
    }
}

impl When {
    fn holds(&self, asked: &[(&Question, Response)]) -> bool {
        let said = asked.iter().find(|(question, _)| question.key == self.question);
        said.is_some_and(|(_, said)| said.choices.iter().any(|code| self.is.contains(code)))
    }
}

impl Question {
    /// All that was said to this question. Where it was answered twice (a form with boxes, a phone and a desk), both
    /// are joined: what cannot be true together is then named as a fault instead of being lost.
    fn gather(&self, given: &[Response]) -> Response {
        let mine = || given.iter().filter(|it| it.question == self.key);
        let mut said = Response { question: self.key.clone(), ..Response::default() };
        let Some(options) = self.kind.options() else {
            let texts = mine().map(|it| one_line_end(&it.text).trim().to_owned()).filter(|it| !it.is_empty());
            said.text = texts.collect::<Vec<_>>().join("\n");
            return said;
        };
        let chosen = mine().flat_map(|it| &it.choices).map(|code| code.trim()).filter(|code| !code.is_empty());
        let chosen: BTreeSet<&str> = chosen.collect();
        let known: Vec<&str> = options.iter().map(|it| it.code.as_str()).filter(|code| chosen.contains(code)).collect();
        let unknown = chosen.into_iter().filter(|code| !known.contains(code));
        said.choices = known.iter().copied().chain(unknown).map(str::to_owned).collect();
        said
    }

    /// Nothing where nothing was said and nothing had to be.
    fn settle(&self, said: Response) -> Result<Option<Response>, Fault> {
        if said.choices.is_empty() && said.text.is_empty() {
            return if self.required { Err(self.missing()) } else { Ok(None) };
        }
        let text = match &self.kind {
            Kind::Text => self.text(&said.text, TEXT_MOST)?,
            Kind::Long => self.text(&said.text, LONG_MOST)?,
            Kind::Number { unit, unit_en, min, max } => self.number(&said.text, [unit, unit_en], *min, *max)?,
            Kind::Day => self.day(&said.text)?,
            Kind::YesNo | Kind::One { .. } | Kind::Many { .. } => {
                self.chosen(&said.choices)?;
                String::new()
            }
        };
        Ok(Some(Response { text, ..said }))
    }

    fn chosen(&self, choices: &[String]) -> Result<(), Fault> {
        let options = self.kind.options().unwrap_or_default();
        let is_option = |code: &String| options.iter().any(|it| it.code == *code);
        let unknown = choices.iter().filter(|code| !is_option(code));
        let unknown: Vec<String> = unknown.take(NAMED_MOST).map(|code| short(code)).collect();
        if !unknown.is_empty() {
            return Err(self.fault(
                format!("没有选项“{}”；请从所列选项中选择。", unknown.join("、")),
                format!("has no option “{}”; choose from those listed.", unknown.join(", ")),
            ));
        }
        let many = matches!(self.kind, Kind::Many { .. });
        let n = choices.len();
        if many || n == 1 {
            return Ok(());
        }
        Err(self.fault(
            format!("只能选一项，现选了{n}项；请只保留一项。"),
            format!("takes one option, {n} were chosen; keep one."),
        ))
    }

    fn text(&self, text: &str, most: usize) -> Result<String, Fault> {
        let n = text.chars().count();
        if n <= most {
            return Ok(text.to_owned());
        }
        Err(self.fault(
            format!("最多{most}字，现有{n}字；请删减。"),
            format!("takes at most {most} characters, there are {n}; shorten the text."),
        ))
    }

    fn number(&self, text: &str, units: [&str; 2], min: Option<f64>, max: Option<f64>) -> Result<String, Fault> {
        let Some(plain) = value::number(text, units) else {
            let found = short(text);
            return Err(self.fault(
                format!("应填数字，如 1200 或 12.5，现为“{found}”；请改正。"),
                format!("takes a number such as 1200 or 12.5, not “{found}”; correct it."),
            ));
        };
        // A plain decimal is always read; were it not, no limit could be held against it.
        let read: f64 = plain.parse().unwrap_or(f64::NAN);
        if min.is_none_or(|min| read >= min) && max.is_none_or(|max| read <= max) {
            return Ok(plain);
        }
        let (zh, en) = match (min, max) {
            (Some(min), Some(max)) => (format!("应在{min}到{max}之间"), format!("must lie between {min} and {max}")),
            (Some(min), None) => (format!("不能小于{min}"), format!("cannot be less than {min}")),
            (None, Some(max)) => (format!("不能大于{max}"), format!("cannot be more than {max}")),
            (None, None) => (String::new(), String::new()),
        };
        Err(self.fault(format!("{zh}，现为{plain}；请改正。"), format!("{en}, it is {plain}; correct it.")))
    }

    fn day(&self, text: &str) -> Result<String, Fault> {
        value::day(text).map(|day| day.to_string()).ok_or_else(|| {
            let found = short(text);
            self.fault(
                format!("应填日期，如 2018-04-13，现为“{found}”；请改正。"),
                format!("takes a day such as 2018-04-13, not “{found}”; correct it."),
            )
        })
    }

    fn missing(&self) -> Fault {
        let (zh, en) = (self.ask(false), self.ask(true));
        Fault::new(self.field(), format!("请回答：{zh}"), format!("Please answer: {en}"))
    }

    fn fault(&self, zh: String, en: String) -> Fault {
        Fault::new(self.field(), format!("“{}”{zh}", self.ask(false)), format!("“{}” {en}", self.ask(true)))
    }

    fn field(&self) -> String {
        format!("q.{}", self.key)
    }
}

/// Forms send two characters for the end of a line, which would count twice.
fn one_line_end(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// As much of it as a sentence bears.
fn short(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(40).chain(['…']).collect() }
}
