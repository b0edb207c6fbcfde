//! A questionnaire 问卷: its questions and the responses to them, as versioned data, and the three that are shipped.
//!
//! What is wrong with one stands in `define`; which questions are shown and which responses are taken, in `take`.

use crate::problem::closed_list;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

mod define;
mod take;
mod value;

#[cfg(test)]
mod tests;

/// The body of a version; a change is a new version, so that old responses keep the questions they answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Questionnaire {
    pub title: String,
    pub title_en: String,
    pub questions: Vec<Question>,
}

/// One question; where its English is empty, the Chinese stands for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Question {
    /// Stays the same over versions, so that years can be compared.
    pub key: String,
    pub ask: String,
    pub ask_en: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hint: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hint_en: String,
    pub kind: Kind,
    #[serde(default)]
    pub required: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
}

/// What may be answered. The limits of `Text` and `Long` are [`TEXT_MOST`] and [`LONG_MOST`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Kind {
    Text,
    Long,
    Number {
        #[serde(default)]
        unit: String,
        #[serde(default)]
        unit_en: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<f64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<f64>,
    },
    Day,
    YesNo,
    One {
        options: Vec<Choice>,
    },
    Many {
        options: Vec<Choice>,
    },
}

/// Characters that a `Text` may have.
pub const TEXT_MOST: usize = 500;
/// Characters that a `Long` may have.
pub const LONG_MOST: usize = 5_000;

/// An option of `One` or `Many`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub code: String,
    pub zh: String,
    pub en: String,
}

/// The question is shown only where the earlier `question` is shown and its choices hold one of these codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    pub question: String,
    pub is: Vec<String>,
}

/// What was answered to one question: codes where it has options, else a text. A misspelt field is refused, since an
/// answer would be lost with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    pub question: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

closed_list! {
    /// The options of a `YesNo`.
    YesOrNo { Yes "yes" "是" "Yes", No "no" "否" "No" }
}

static YES_NO: LazyLock<Vec<Choice>> = LazyLock::new(|| {
    let all = YesOrNo::ALL.iter();
    all.map(|it| Choice { code: it.code().into(), zh: it.zh().into(), en: it.en().into() }).collect()
});

impl Kind {
    /// What can be chosen; nothing where the answer is a text.
    pub fn options(&self) -> Option<&[Choice]> {
        match self {
            Kind::One { options } | Kind::Many { options } => Some(options),
            Kind::YesNo => Some(&YES_NO),
            Kind::Text | Kind::Long | Kind::Number { .. } | Kind::Day => None,
        }
    }

    /// The unit of a number; empty for all others.
    pub fn unit(&self, english: bool) -> &str {
        match self {
            Kind::Number { unit, unit_en, .. } => in_language(unit, unit_en, english),
            _ => "",
        }
    }
}

impl Questionnaire {
    /// The title in the language asked for.
    pub fn title(&self, english: bool) -> &str {
        in_language(&self.title, &self.title_en, english)
    }
}

impl Choice {
    /// The label in the language asked for.
    pub fn label(&self, english: bool) -> &str {
        in_language(&self.zh, &self.en, english)
    }
}

impl Question {
    /// What is asked, in the language asked for.
    pub fn ask(&self, english: bool) -> &str {
        in_language(&self.ask, &self.ask_en, english)
    }

    /// The hint in the language asked for; empty where there is none.
    pub fn hint(&self, english: bool) -> &str {
        in_language(&self.hint, &self.hint_en, english)
    }

    /// The response as a person reads it: labels, a number with its unit, a text as it is.
    pub fn show(&self, response: &Response, english: bool) -> String {
        let Some(options) = self.kind.options() else {
            return match self.kind.unit(english) {
                "" => response.text.clone(),
                _ if response.text.is_empty() => String::new(),
                unit if english && !unit.starts_with('%') => format!("{} {unit}", response.text),
                unit => format!("{}{unit}", response.text),
            };
        };
        // A code that is no option any more is still better than nothing.
        let label = |code| options.iter().find(|it| it.code == code).map_or(code, |it| it.label(english));
        let labels: Vec<&str> = response.choices.iter().map(|code| label(code.as_str())).collect();
        labels.join(if english { ", " } else { "、" })
    }
}

fn in_language<'a>(zh: &'a str, en: &'a str, english: bool) -> &'a str {
    if english && !en.is_empty() { en } else { zh }
}

/// 摸情况, 推项目, 促转型: code and body, as a new installation finds them. A campaign may change them.
pub const SHIPPED: [(&str, &str); 3] = [
    ("status", include_str!("../questionnaires/status.json")),
    ("projects", include_str!("../questionnaires/projects.json")),
    ("upgrade", include_str!("../questionnaires/upgrade.json")),
];

/// [`SHIPPED`], read.
pub fn shipped() -> Vec<(&'static str, Questionnaire)> {
    let read = |body| serde_json::from_str(body).expect("the shipped questionnaires are read by a test of this crate");
    SHIPPED.into_iter().map(|(code, body)| (code, read(body))).collect()
}
