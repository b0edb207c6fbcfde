//! Form fields: label, hint, the sentence about what is wrong, and the control with what was typed.

use crate::lang::Lang;
use crate::ui::part::{said, tongue};
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

/// A field and what is wrong with it, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub field: String,
    pub sentence: String,
}

/// The fields of one form: what was typed, what is wrong with which, and a prefix that keeps the ids of several forms
/// on a page apart.
#[derive(Clone, Copy)]
pub struct Form<'a> {
    pub lang: Lang,
    pub typed: &'a Typed,
    pub prefix: &'a str,
    /// Names of fields and the sentences that stand at them.
    pub wrong: &'a [Wrong],
}

impl<'a> Form<'a> {
    pub fn new(lang: Lang, typed: &'a Typed) -> Form<'a> {
        Form { lang, typed, prefix: "", wrong: &[] }
    }

    /// What is wrong with a field, if something is.
    pub fn error_at(&self, name: &str) -> Option<&'a str> {
        self.wrong.iter().find(|it| it.field == name).map(|it| it.sentence.as_str())
    }

    pub fn field(&self, name: &'a str, zh: &'a str, en: &'a str) -> Field<'a> {
        Field {
            form: *self,
            name,
            label: self.lang.of(zh, en),
            hint: "",
            error: self.error_at(name),
            value: self.typed.get(name),
            complete: None,
        }
    }

    /// Check boxes with one name.
    pub fn checks(&self, name: &str, zh: &str, en: &str, options: &[(String, String)]) -> Markup {
        let error = self.error_at(name);
        html! {
            fieldset.field {
                legend { (self.lang.of(zh, en)) }
                @if let Some(sentence) = error { p.error { (said(self.lang, sentence)) } }
                div.checks {
                    @for (value, label) in options {
                        label.choice lang=[tongue(self.lang, label)] {
                            input type="checkbox" name=(name) value=(value) checked[self.typed.all(name).any(|it| it == value)];
                            span { (label) }
                        }
                    }
                }
            }
        }
    }

    /// One check box whose label is a sentence.
    pub fn check(&self, name: &str, zh: &str, en: &str) -> Markup {
        html! {
            label.choice.field {
                input type="checkbox" name=(name) value="yes" checked[self.typed.get(name) == "yes"];
                span { (self.lang.of(zh, en)) }
            }
        }
    }
}

pub struct Field<'a> {
    form: Form<'a>,
    name: &'a str,
    label: &'a str,
    hint: &'a str,
    error: Option<&'a str>,
    value: &'a str,
    complete: Option<&'a str>,
}

impl<'a> Field<'a> {
    pub fn hint(self, hint: &'a str) -> Field<'a> {
        Field { hint, ..self }
    }

    /// What a browser's password store is told.
    pub fn complete(self, complete: &'a str) -> Field<'a> {
        Field { complete: Some(complete), ..self }
    }

    fn id(&self) -> String {
        format!("{}{}", self.form.prefix, self.name)
    }

    fn invalid(&self) -> Option<&'static str> {
        self.error.map(|_| "true")
    }

    /// What a screen reader reads along with the control.
    fn described(&self) -> Option<String> {
        let (hint, error) = (!self.hint.is_empty(), self.error.is_some());
        let names: Vec<String> = [(hint, "hint"), (error, "error")]
            .into_iter()
            .filter(|(there, _)| *there)
            .map(|(_, it)| format!("{}-{it}", self.id()))
            .collect();
        if names.is_empty() { None } else { Some(names.join(" ")) }
    }

    fn around(&self, control: Markup) -> Markup {
        let id = self.id();
        html! {
            div.field data-wrong=[self.invalid()] {
                label for=(id) { (self.label) }
                @if !self.hint.is_empty() { p.hint id={ (id) "-hint" } { (said(self.form.lang, self.hint)) } }
                @if let Some(error) = self.error { p.error id={ (id) "-error" } { (said(self.form.lang, error)) } }
                (control)
            }
        }
    }

    pub fn input(self, kind: &str) -> Markup {
        let control = html! {
            input type=(kind) id=(self.id()) name=(self.name) value=(self.value) autocomplete=[self.complete]
                aria-invalid=[self.invalid()] aria-describedby=[self.described()];
        };
        self.around(control)
    }

    /// A number with the keys for it on a phone; what is no number stays as it was typed.
    pub fn number(self) -> Markup {
        let control = html! {
            input type="text" inputmode="decimal" id=(self.id()) name=(self.name) value=(self.value)
                aria-invalid=[self.invalid()] aria-describedby=[self.described()];
        };
        self.around(control)
    }

    /// One of these as radios, or several as check boxes.
    pub fn choices(self, options: &[(String, String)], several: bool) -> Markup {
        let (id, form) = (self.id(), self.form);
        let kind = if several { "checkbox" } else { "radio" };
        html! {
            fieldset.field id=(id) tabindex="-1" data-wrong=[self.invalid()] aria-describedby=[self.described()] {
                legend { (self.label) }
                @if !self.hint.is_empty() { p.hint id={ (id) "-hint" } { (said(form.lang, self.hint)) } }
                @if let Some(error) = self.error { p.error id={ (id) "-error" } { (said(form.lang, error)) } }
                div.choices {
                    @for (value, label) in options {
                        label.choice lang=[tongue(form.lang, label)] {
                            input type=(kind) name=(self.name) value=(value) checked[form.typed.all(self.name).any(|it| it == value)];
                            span { (label) }
                        }
                    }
                }
            }
        }
    }

    pub fn area(self, rows: u8) -> Markup {
        let control = html! {
            textarea id=(self.id()) name=(self.name) rows=(rows) lang=[tongue(self.form.lang, self.value)]
                aria-invalid=[self.invalid()] aria-describedby=[self.described()] { (self.value) }
        };
        self.around(control)
    }

    /// Value and label of each option; an empty first one where nothing is chosen yet.
    pub fn select(self, empty: &str, options: &[(String, String)]) -> Markup {
        let control = html! {
            select id=(self.id()) name=(self.name) aria-invalid=[self.invalid()] aria-describedby=[self.described()] {
                (self.options(empty, options))
            }
        };
        self.around(control)
    }

    fn options(&self, empty: &str, options: &[(String, String)]) -> Markup {
        html! {
            @if !empty.is_empty() { option value="" { (empty) } }
            @for (value, label) in options {
                option value=(value) lang=[tongue(self.form.lang, label)] selected[value == self.value] { (label) }
            }
        }
    }

    /// Label and list in one line, for a row of filters; one in force shows itself.
    pub fn filter(self, empty: &str, options: &[(String, String)]) -> Markup {
        let in_force = (!self.value.is_empty() && !empty.is_empty()).then_some("true");
        html! {
            label.filter data-on=[in_force] { span { (self.label) } select name=(self.name) { (self.options(empty, options)) } }
        }
    }
}

/// Options of a closed list.
pub fn options<T: Copy>(
    all: &[T],
    code: impl Fn(T) -> &'static str,
    label: impl Fn(T) -> &'static str,
) -> Vec<(String, String)> {
    all.iter().map(|it| (code(*it).to_owned(), label(*it).to_owned())).collect()
}

/// Options of a closed list in the reader's language.
pub fn closed<T: Copy>(
    lang: Lang,
    all: &[T],
    code: fn(T) -> &'static str,
    zh: fn(T) -> &'static str,
    en: fn(T) -> &'static str,
) -> Vec<(String, String)> {
    options(all, code, |it| lang.of(zh(it), en(it)))
}

pub fn error_summary(lang: Lang, sentence: &str) -> Markup {
    html! {
        div.error-summary role="alert" tabindex="-1" id="error" {
            strong { (lang.of("没有提交成功", "Not submitted")) }
            p { (said(lang, sentence)) }
        }
    }
}

/// All that is wrong with a form, each sentence a link to its field.
pub fn error_list(lang: Lang, prefix: &str, wrong: &[Wrong]) -> Markup {
    html! {
        div.error-summary role="alert" tabindex="-1" id="error" {
            strong { (lang.of("没有提交成功，填写的内容都在", "Not submitted; all you typed is here")) }
            ul {
                @for it in wrong {
                    li { a href={ "#" (prefix) (it.field) } { (said(lang, &it.sentence)) } }
                }
            }
        }
    }
}
