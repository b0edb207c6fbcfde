//! Several forms on one page: what stands in each, and what was wrong with the one that was just sent.

use crate::error::Error;
use crate::lang::Lang;
use crate::ui::field::{Form, Typed, Wrong, error_list, error_summary};
use axum::http::StatusCode;
use maud::{Markup, html};

/// A form that was sent and not taken: which one of its page, what was typed, and why.
pub struct Refused {
    pub form: &'static str,
    pub typed: Typed,
    pub error: Error,
}

impl Refused {
    pub fn new(form: &'static str, typed: Typed, error: Error) -> Refused {
        error.log();
        Refused { form, typed, error }
    }
}

/// The page is not there for who asked, or he may not: then no form comes back either.
pub fn is_final(error: &Error) -> bool {
    let status = error.tell().status;
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND)
}

pub fn status(refused: Option<&Refused>) -> StatusCode {
    refused.map_or(StatusCode::OK, |it| it.error.tell().status)
}

/// One form of a page.
pub struct Slot {
    lang: Lang,
    prefix: String,
    typed: Typed,
    wrong: Vec<Wrong>,
    sentence: Option<String>,
}

impl Slot {
    /// What was typed if it is the one refused, else `fresh`.
    pub fn new(lang: Lang, name: &str, refused: Option<&Refused>, fresh: impl FnOnce() -> Typed) -> Slot {
        let prefix = format!("{name}-");
        match refused.filter(|it| it.form == name) {
            Some(it) => {
                let told = it.error.tell();
                let (wrong, sentence) = (it.error.wrong(lang), Some(lang.of(told.zh, told.en)));
                Slot { lang, prefix, typed: it.typed.clone(), wrong, sentence }
            }
            None => Slot { lang, prefix, typed: fresh(), wrong: vec![], sentence: None },
        }
    }

    pub fn typed(&self) -> &Typed {
        &self.typed
    }

    pub fn is_refused(&self) -> bool {
        self.sentence.is_some()
    }

    pub fn form(&self) -> Form<'_> {
        Form { lang: self.lang, typed: &self.typed, prefix: &self.prefix, wrong: &self.wrong }
    }

    /// Stands at the top of the page, for that is what is read first.
    pub fn summary(&self) -> Markup {
        match &self.sentence {
            None => html! {},
            Some(sentence) if self.wrong.is_empty() => error_summary(self.lang, sentence),
            Some(_) => error_list(self.lang, &self.prefix, &self.wrong),
        }
    }

    pub fn hidden(&self, name: &str) -> Markup {
        html! { input type="hidden" name=(name) value=(self.typed.get(name)); }
    }

    /// Folded until asked for; open where it was refused.
    pub fn fold(&self, title: &str, body: Markup) -> Markup {
        html! {
            details.step id={ (self.prefix) "step" } open[self.is_refused()] { summary { (title) } (body) }
        }
    }
}

/// Fields as they stand before anybody typed.
pub fn fresh<const N: usize>(fields: [(&str, String); N]) -> Typed {
    Typed(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
