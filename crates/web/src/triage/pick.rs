//! The choices of a decision with their keys: radios or check boxes in a fieldset, the key caps printed on them.

use crate::app::Directory;
use crate::lang::Lang;
use crate::problem::clock::length;
use crate::triage::habit::{Habits, Usual};
use crate::triage::key;
use crate::ui::field::Form;
use crate::ui::part::{said, tongue};
use domain::clock::{Span, due_after};
use domain::id::UnitId;
use domain::problem::{Tier, Urgency};
use domain::time::Millis;
use maud::{Markup, html};
use store::category::Category;
use store::terms::Terms;
use store::unit::Unit;

pub struct Choice<'a> {
    pub value: String,
    pub label: &'a str,
    pub key: Option<char>,
    /// For the script: what follows from this choice.
    pub due: Option<String>,
    pub lead: Option<(String, String)>,
}

impl<'a> Choice<'a> {
    fn new(value: String, label: &'a str, key: Option<char>) -> Choice<'a> {
        Choice { value, label, key, due: None, lead: None }
    }
}

pub struct Group<'a> {
    pub name: &'a str,
    pub legend: &'a str,
    /// The key after which the keys of the choices count.
    pub mode: &'a str,
    pub several: bool,
    /// Its keys count without that key too.
    pub direct: bool,
    pub why: &'a str,
}

/// This many stand open; the others are folded.
const OPEN: usize = 12;

impl Group<'_> {
    pub fn view(&self, form: &Form, choices: &[Choice]) -> Markup {
        let id = format!("{}{}", form.prefix, self.name);
        let error = form.error_at(self.name);
        let chosen = |it: &Choice| form.typed.all(self.name).any(|value| value == it.value);
        let (open, folded) = choices.split_at(choices.len().min(OPEN));
        html! {
            fieldset.field.keyed id=(id) tabindex="-1" data-wrong=[error.map(|_| "true")] data-mode=(self.mode) data-direct[self.direct]
                data-flip[choices.iter().all(|it| it.key.is_none())] {
                legend { (self.legend) " " kbd { (self.mode) } @if !self.why.is_empty() { " " span.why { (said(form.lang, self.why)) } } }
                @if let Some(sentence) = error { p.error { (said(form.lang, sentence)) } }
                div.choices { @for it in open { (self.one(form.lang, it, chosen(it))) } }
                @if !folded.is_empty() {
                    details.more open[folded.iter().any(chosen)] {
                        summary { (form.lang.of(format!("另外{}个", folded.len()), format!("{} more", folded.len()))) }
                        div.choices { @for it in folded { (self.one(form.lang, it, chosen(it))) } }
                    }
                }
            }
        }
    }

    fn one(&self, lang: Lang, it: &Choice, chosen: bool) -> Markup {
        let kind = if self.several { "checkbox" } else { "radio" };
        html! {
            label.pick lang=[tongue(lang, it.label)] {
                input type=(kind) name=(self.name) value=(it.value) checked[chosen] data-key=[it.key] data-due=[it.due.as_ref()]
                    data-lead=[it.lead.as_ref().map(|it| &it.0)] data-why=[it.lead.as_ref().map(|it| &it.1)];
                span { (key::cap(it.key)) span data-label { (it.label) } }
            }
        }
    }
}

/// Everything that the choices are made from.
#[derive(Clone, Copy)]
pub struct Shelf<'a> {
    pub lang: Lang,
    pub directory: &'a Directory,
    pub habits: &'a Habits,
    pub terms: &'a Terms,
    pub campaign: Option<domain::id::CampaignId>,
    pub now: Millis,
}

impl<'a> Shelf<'a> {
    /// Units in which somebody can receive come first: the digits are theirs.
    pub fn units(&self) -> Vec<&'a Unit> {
        let mut units: Vec<&Unit> = self.directory.units.iter().filter(|it| !it.ended).collect();
        units.sort_by_key(|it| !self.habits.hands.contains(&it.id));
        units
    }

    pub fn unit(&self, id: UnitId) -> &'a str {
        self.directory.unit(id).map_or("", |it| it.label(self.lang.is_en()))
    }

    fn span(&self, category: Option<&Category>) -> Span {
        category.and_then(|it| it.span).unwrap_or(self.terms.rules_of(self.campaign).lead)
    }

    /// What a dispatch now would be due.
    pub fn due(&self, category: Option<&Category>) -> String {
        let (rules, calendar) = (self.terms.rules_of(self.campaign), &self.terms.calendar);
        let span = self.span(category);
        let at = |span| due_after(self.now, span, calendar).at.map(|at| day(self.lang, at)).unwrap_or_default();
        let (receive, first) = (at(rules.receive), at(span));
        let length = length(self.lang, span);
        self.lang.of(
            format!("签收 {receive}，首次到期 {first}（{length}）"),
            format!("To receive by {receive}, first due {first} ({length})"),
        )
    }

    pub fn why(&self, usual: &Usual) -> String {
        let (lead, Usual { part, whole, .. }) = (self.unit(usual.lead), usual);
        self.lang.of(
            format!("同类问题{whole}件中{part}件由{lead}办"),
            format!("{part} of {whole} in this category went to {lead}"),
        )
    }

    pub fn categories(&self) -> Vec<Choice<'a>> {
        let all = &self.directory.categories;
        let keys = key::of_names(all.iter().map(|it| it.name.as_str()));
        // A parent is there to group: what is sent on lies in one of its children, or in one that has none.
        all.iter()
            .zip(keys)
            .map(|(it, key)| Choice {
                due: Some(self.due(Some(it))),
                lead: self.habits.leads.get(&it.id).map(|usual| (usual.lead.to_string(), self.why(usual))),
                ..Choice::new(it.id.to_string(), it.label(self.lang.is_en()), key)
            })
            .collect()
    }

    pub fn leads(&self) -> Vec<Choice<'a>> {
        let label = |it: &'a Unit| it.label(self.lang.is_en());
        self.units()
            .into_iter()
            .enumerate()
            .map(|(i, it)| Choice::new(it.id.to_string(), label(it), key::of_unit(i)))
            .collect()
    }

    pub fn tiers(&self) -> Vec<Choice<'a>> {
        Tier::ALL
            .iter()
            .zip(1u8..)
            .map(|(it, i)| Choice::new(it.code().into(), self.lang.of(it.zh(), it.en()), Some(char::from(b'0' + i))))
            .collect()
    }

    pub fn urgencies(&self) -> Vec<Choice<'a>> {
        Urgency::ALL.iter().map(|it| Choice::new(it.code().into(), self.lang.of(it.zh(), it.en()), None)).collect()
    }

    /// Category, lead, support, tier, urgency.
    pub fn fields(&self, form: &Form, why: &str) -> Markup {
        let lang = self.lang;
        let group = |name, legend, mode, why| Group { name, legend, mode, several: false, direct: false, why };
        let (categories, leads) = (self.categories(), self.leads());
        let supports = form.typed.all("supports").next().is_some() || form.error_at("supports").is_some();
        html! {
            @if !categories.is_empty() { (group("category", lang.of("类别", "Category"), "c", "").view(form, &categories)) }
            (Group { direct: true, ..group("lead", lang.of("主办", "Lead"), "u", why) }.view(form, &leads))
            details.more open[supports] {
                summary { (lang.of("协办", "Supporting units")) " " kbd { "s" } }
                (Group { several: true, ..group("supports", lang.of("协办单位", "Supporting units"), "s", "") }.view(form, &leads))
            }
            (group("tier", lang.of("层级", "Tier"), "l", "").view(form, &self.tiers()))
            (group("urgency", lang.of("紧急程度", "Urgency"), "e", "").view(form, &self.urgencies()))
        }
    }
}

/// `5月24日 周四`
pub fn day(lang: Lang, at: Millis) -> String {
    const WEEK: [(&str, &str); 7] =
        [("一", "Mon"), ("二", "Tue"), ("三", "Wed"), ("四", "Thu"), ("五", "Fri"), ("六", "Sat"), ("日", "Sun")];
    let (day, ms) = at.local();
    let (zh, en) = WEEK[usize::from(day.weekday().saturating_sub(1)) % 7];
    let time = format!("{:02}:{:02}", ms / 3_600_000, ms / 60_000 % 60);
    lang.of(
        format!("{}月{}日 周{zh} {time}", day.month(), day.day_of_month()),
        format!("{en} {:02}-{:02} {time}", day.month(), day.day_of_month()),
    )
}
