//! Subjects 走访对象: who is visited. What a person types about one, checked; the letters by which its name is found.

use crate::credit_code;
use crate::fault::Fault;
use crate::id::PersonId;
use crate::problem::closed_list;
use crate::time::Day;
use serde::{Deserialize, Serialize};

closed_list! {
    Kind {
        Enterprise "enterprise" "企业" "Enterprise", Site "site" "工地项目" "Building site", Community "community" "社区" "Community",
        University "university" "高校" "University", Household "household" "住户" "Household",
    }
}

/// What the register says about a subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub kind: Kind,
    pub name: String,
    /// 统一社会信用代码, or empty.
    pub code: String,
    pub address: String,
    pub area: String,
    pub industry: String,
    /// No tag holds a blank.
    pub tags: Vec<String>,
    /// `YYYY-MM-DD`, or empty.
    pub founded: String,
    pub capital: String,
    pub business: String,
    pub remark: String,
    pub officer: Option<PersonId>,
}

/// Most characters of each text.
pub const LENGTHS: [(&str, usize); 8] = [
    ("name", 100),
    ("address", 200),
    ("area", 50),
    ("industry", 50),
    ("tags", 200),
    ("capital", 60),
    ("business", 5_000),
    ("remark", 1_000),
];

impl Card {
    pub fn named(kind: Kind, name: &str) -> Card {
        Card {
            kind,
            name: name.into(),
            code: String::new(),
            address: String::new(),
            area: String::new(),
            industry: String::new(),
            tags: vec![],
            founded: String::new(),
            capital: String::new(),
            business: String::new(),
            remark: String::new(),
            officer: None,
        }
    }

    /// Trims all texts and brings code and day into their one form; says all that is wrong at once.
    pub fn checked(mut self) -> Result<Card, Vec<Fault>> {
        let mut faults = Vec::new();
        for text in [
            &mut self.name,
            &mut self.code,
            &mut self.address,
            &mut self.area,
            &mut self.industry,
            &mut self.founded,
            &mut self.capital,
            &mut self.business,
            &mut self.remark,
        ] {
            if text.trim().len() != text.len() {
                *text = text.trim().to_owned();
            }
        }
        self.tags = tags(&self.tags.join(" "));
        if self.name.is_empty() {
            faults.push(Fault::new("name", "请填写名称。", "Give the name."));
        }
        if !self.code.is_empty() {
            match credit_code::check(&self.code) {
                Ok(code) => self.code = code,
                Err(wrong) => faults.push(Fault::new("code", wrong.zh(), wrong.en())),
            }
        }
        if !self.founded.is_empty() {
            match Day::read(&self.founded) {
                Some(day) => self.founded = day.to_string(),
                None => faults.push(Fault::new(
                    "founded",
                    format!("成立日期“{}”读不懂；请写成2018-04-16的样子。", self.founded),
                    format!("The founding day \"{}\" cannot be read; write it like 2018-04-16.", self.founded),
                )),
            }
        }
        let tags = self.tags.join(" ");
        let texts =
            [&self.name, &self.address, &self.area, &self.industry, &tags, &self.capital, &self.business, &self.remark];
        for (text, (field, most)) in texts.into_iter().zip(LENGTHS) {
            faults.extend(too_long(field, text, most));
        }
        if faults.is_empty() { Ok(self) } else { Err(faults) }
    }
}

/// The sentence about a text longer than `most` characters, if it is.
pub fn too_long(field: &str, text: &str, most: usize) -> Option<Fault> {
    // A character takes at least one byte, so most texts need not be counted.
    let found = if text.len() <= most { 0 } else { text.chars().count() };
    (found > most).then(|| {
        Fault::new(
            field,
            format!("最多{most}字，现有{found}字；请缩短。"),
            format!("At most {most} characters; there are {found}. Shorten it."),
        )
    })
}

/// Tags as people write them: divided by blanks, commas or 、; each once, in their order.
pub fn tags(text: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in text.split(|c: char| c.is_whitespace() || matches!(c, '、' | '，' | ',' | ';' | '；')) {
        if !tag.is_empty() && !tags.iter().any(|it| it == tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
}
