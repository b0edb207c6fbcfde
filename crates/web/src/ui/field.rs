//! Form fields: label, hint, the sentence about what is wrong, and the control with what was typed.

use crate::lang::Lang;
use maud::{Markup, html};

/// What a person typed, by field name, so that a refused form comes back as it was.
#[derive(Clone, Debug, Default)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    pub fn all<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

pub struct Field<'a> {
    pub name: &'a str,
    pub label: &'a str,
    pub hint: &'a str,
    pub error: Option<&'a str>,
    pub value: &'a str,
}

impl<'a> Field<'a> {
    pub fn new(name: &'a str, label: &'a str, typed: &'a Typed) -> Field<'a> {
        Field { name, label, hint: "", error: None, value: typed.get(name) }
    }

    pub fn hint(self, hint: &'a str) -> Field<'a> {
        Field { hint, ..self }
    }

    pub fn error(self, error: Option<&'a str>) -> Field<'a> {
        Field { error, ..self }
    }

    fn around(&self, control: Markup) -> Markup {
        html! {
            div.field {
                label for=(self.name) { (self.label) }
                @if !self.hint.is_empty() { p.hint id={ (self.name) "-hint" } { (self.hint) } }
                @if let Some(error) = self.error { p.error id={ (self.name) "-error" } { (error) } }
                (control)
            }
        }
    }

    pub fn input(self, kind: &str) -> Markup {
        let invalid = self.error.map(|_| "true");
        let control = html! { input type=(kind) id=(self.name) name=(self.name) value=(self.value) aria-invalid=[invalid]; };
        self.around(control)
    }

    pub fn area(self, rows: u8) -> Markup {
        let invalid = self.error.map(|_| "true");
        let control = html! { textarea id=(self.name) name=(self.name) rows=(rows) aria-invalid=[invalid] { (self.value) } };
        self.around(control)
    }

    /// Value and label of each option; an empty first one where nothing is chosen yet.
    pub fn select(self, empty: &str, options: &[(String, String)]) -> Markup {
        let invalid = self.error.map(|_| "true");
        let control = html! {
            select id=(self.name) name=(self.name) aria-invalid=[invalid] {
                @if !empty.is_empty() { option value="" { (empty) } }
                @for (value, label) in options { option value=(value) selected[value == self.value] { (label) } }
            }
        };
        self.around(control)
    }
}

/// Check boxes with one name.
pub fn checks(name: &str, legend: &str, options: &[(String, String)], typed: &Typed) -> Markup {
    html! {
        fieldset.field {
            legend { (legend) }
            div.checks {
                @for (value, label) in options {
                    label.choice { input type="checkbox" name=(name) value=(value) checked[typed.all(name).any(|it| it == value)]; (label) }
                }
            }
        }
    }
}

/// Options of a closed list.
pub fn options<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str, label: impl Fn(T) -> &'static str) -> Vec<(String, String)> {
    all.iter().map(|it| (code(*it).to_owned(), label(*it).to_owned())).collect()
}

pub fn error_summary(lang: Lang, sentence: &str) -> Markup {
    html! {
        div.error-summary role="alert" tabindex="-1" id="error" {
            strong { (lang.of("没有提交成功", "Not submitted")) }
            p { (sentence) }
        }
    }
}
