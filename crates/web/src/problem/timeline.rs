//! The timeline: every event about a problem, with the words that its reader may read.

use crate::app::Directory;
use crate::lang::Lang;
use crate::problem::show::Seen;
use crate::shield;
use crate::ui::part;
use crate::ui::photo::{Photo, photos};
use domain::command::CommandName;
use domain::id::{PersonId, UnitId};
use domain::problem::{Outcome, Tier};
use domain::time::Millis;
use maud::{Markup, html};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use store::event::Shown;
use store::reporter::Reporter;

/// What a reporter reads of the course of his problem: what was decided and answered, not who argued with whom.
const OPEN: [&str; 14] = [
    "registered",
    "dispatched",
    "received",
    "answered",
    "extension-decided",
    "refused",
    "withdrawn",
    "merged",
    "rated",
    "verified",
    "closed",
    "redo-ordered",
    "reopened",
    "relapsed",
];
/// Of these he reads the words too: they are addressed to him or are his own.
const ADDRESSED: [&str; 7] = ["answered", "extension-decided", "refused", "withdrawn", "rated", "reopened", "closed"];

pub struct Reader<'a> {
    pub lang: Lang,
    pub internal: bool,
    pub names: &'a HashMap<PersonId, String>,
    /// Somebody to be masked from this reader.
    pub masked: Option<&'a Reporter>,
}

impl Reader<'_> {
    pub fn sees(&self, kind: &str) -> bool {
        self.internal || OPEN.contains(&kind)
    }

    pub fn words(&self, shown: &Shown) -> Option<String> {
        if !self.internal && !ADDRESSED.contains(&shown.body.kind.as_str()) {
            return None;
        }
        let said = shown.said.as_ref()?;
        let text = match (said.words.is_empty(), said.rest.is_empty()) {
            (true, true) => return None,
            (_, true) => said.words.clone(),
            (_, false) => format!("{}\n{}", said.words, said.rest),
        };
        Some(self.masked.map_or_else(|| text.clone(), |it| it.mask(&text)))
    }

    /// What an event carries, for programs.
    pub fn data(&self, data: &Value) -> Value {
        self.masked.map_or_else(|| data.clone(), |it| shield::mask_data(it, data))
    }

    /// The facts of the event that are worth a line, from its data.
    pub fn facts(&self, shown: &Shown, directory: &Directory) -> String {
        let (lang, data) = (self.lang, &self.data(&shown.body.data));
        let unit = |value: &Value| {
            let id: Option<UnitId> = value.as_str().and_then(|id| id.parse().ok());
            id.and_then(|id| directory.unit(id)).map(|it| it.label(lang.is_en()).to_owned())
        };
        let text = |name: &str| data.get(name).and_then(Value::as_str).unwrap_or_default();
        let texts = shown.said.as_ref().map(|said| self.data(&Value::Object(said.texts.clone()))).unwrap_or_default();
        let free = |name: &str| texts.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let grant = data.get("grant").and_then(Value::as_bool);
        match shown.body.kind.as_str() {
            "dispatched" => {
                let lead = data.get("lead").and_then(unit).unwrap_or_default();
                let supports: Vec<String> =
                    data.get("supports").and_then(Value::as_array).into_iter().flatten().filter_map(unit).collect();
                let (lead_word, support_word) = (lang.of("主办：", "lead: "), lang.of("；协办：", "; support: "));
                if supports.is_empty() {
                    format!("{lead_word}{lead}")
                } else {
                    format!("{lead_word}{lead}{support_word}{}", supports.join(lang.of("、", ", ")))
                }
            }
            "ruled" => match data.pointer("/ruling/to").and_then(unit) {
                Some(to) => lang.of(format!("改由{to}办理"), format!("now with {to}")),
                None => lang.of("维持原交办".into(), "kept as it was".into()),
            },
            "answered" => {
                let outcome = Outcome::parse(text("outcome")).map(|it| lang.of(it.zh(), it.en()).to_owned());
                outcome
                    .into_iter()
                    .chain([text("date").to_owned(), free("outside")])
                    .filter(|it| !it.is_empty())
                    .collect::<Vec<_>>()
                    .join(" ")
            }
            "triaged" | "recategorised" => {
                let id = text("category").parse().ok();
                id.and_then(|id| directory.category(id)).map(|it| it.label(lang.is_en()).to_owned()).unwrap_or_default()
            }
            "assigned" => {
                text("to").parse().ok().and_then(|id: PersonId| self.names.get(&id)).cloned().unwrap_or_default()
            }
            "reminded" => {
                let late: Vec<&str> =
                    text("about").split(',').map(|it| clock(lang, it)).filter(|it| !it.is_empty()).collect();
                if late.is_empty() {
                    String::new()
                } else {
                    lang.of(format!("{}超时", late.join("、")), format!("overdue: {}", late.join(", ")))
                }
            }
            "evidence-added" => free("item"),
            "raised" => Tier::parse(text("tier")).map(|it| lang.of(it.zh(), it.en()).to_owned()).unwrap_or_default(),
            "slip-issued" => {
                let colour = match text("light") {
                    "red" => lang.of("红", "red"),
                    "yellow" => lang.of("黄", "yellow"),
                    _ => lang.of("蓝", "blue"),
                };
                let number = data.pointer("/told/number").and_then(Value::as_i64).unwrap_or_default();
                let by = data
                    .pointer("/told/answer_by")
                    .and_then(Value::as_str)
                    .and_then(|at| at.get(..10))
                    .unwrap_or_default();
                lang.of(
                    format!("{colour}色第{number}号，{by}前答复"),
                    format!("{colour}, no. {number}, answer by {by}"),
                )
            }
            "received" if self.internal && data.pointer("/told/dispute_taken_back").is_some() => {
                lang.of("退单随签收收回".into(), "the dispute is taken back".into())
            }
            "shielded" if data.get("on").and_then(Value::as_bool) == Some(false) => {
                lang.of("解除".into(), "no longer".into())
            }
            "extension-asked" => lang.of(format!("申请延至{}", text("until")), format!("until {}", text("until"))),
            "extension-decided" | "pause-decided" => match grant {
                Some(true) => lang.of("同意".into(), "granted".into()),
                Some(false) => lang.of("不同意".into(), "denied".into()),
                None => String::new(),
            },
            "contacted" => match data.get("reached").and_then(Value::as_bool) {
                Some(true) => lang.of("已联系上".into(), "reached".into()),
                _ => lang.of("未联系上".into(), "no answer".into()),
            },
            "rated" => {
                let verdict = domain::problem::Verdict::parse(text("verdict")).map(|it| lang.of(it.zh(), it.en()));
                let satisfaction =
                    domain::problem::Satisfaction::parse(text("satisfaction")).map(|it| lang.of(it.zh(), it.en()));
                [verdict, satisfaction].into_iter().flatten().collect::<Vec<_>>().join(lang.of("，", ", "))
            }
            _ => String::new(),
        }
    }
}

/// Which clock a notice or a reminder of the system is about; it writes `clock:level`.
pub fn clock(lang: Lang, about: &str) -> &'static str {
    match about.split(':').next().unwrap_or_default() {
        "receive" => lang.of("签收", "receipt"),
        "support" => lang.of("协办反馈", "the supporting unit's part"),
        "lead" => lang.of("办理", "the answer"),
        "triage" => lang.of("梳理", "triage"),
        "ruling" => lang.of("裁定", "the ruling"),
        "callback" => lang.of("回访", "the callback"),
        "verification" => lang.of("核验", "verification"),
        "milestone" => lang.of("挂牌节点", "a milestone"),
        _ => "",
    }
}

/// The name of an event in the reader's language.
pub fn kind(lang: Lang, kind: &str) -> String {
    match lang {
        Lang::Zh => CommandName::event_zh(kind).to_owned(),
        Lang::En => CommandName::event_en(kind),
    }
}

/// Events that move the clock are drawn as squares, words that people said as filled dots.
fn mark(shown: &Shown) -> Option<&'static str> {
    match shown.body.kind.as_str() {
        "dispatched" | "ruled" | "extension-decided" | "pause-decided" | "resumed" | "recategorised"
        | "redo-ordered" | "reopened" | "relapsed" | "woken" | "recalled" => Some("clock"),
        _ if shown.said.as_ref().is_some_and(|it| !it.words.is_empty()) => Some("say"),
        _ => None,
    }
}

/// What happened, and files that were added by themselves, in the order of time.
enum Entry<'a> {
    Event(&'a Shown, Vec<&'a Seen>),
    File(&'a Seen),
}

/// The files that an event names: what shows an answer, a part, an item of evidence.
fn named<'f>(data: &Value, files: &'f [Seen]) -> Vec<&'f Seen> {
    match data {
        Value::String(text) => files.iter().filter(|it| it.id == *text).collect(),
        Value::Array(all) => all.iter().flat_map(|it| named(it, files)).collect(),
        Value::Object(map) => map.values().flat_map(|it| named(it, files)).collect(),
        _ => vec![],
    }
}

fn entries<'a>(events: &'a [Shown], files: &'a [Seen], reader: &Reader) -> Vec<Entry<'a>> {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let mut entries: Vec<(Millis, Entry)> = Vec::new();
    for shown in events.iter().filter(|it| reader.sees(&it.body.kind)) {
        let files = named(&shown.body.data, files);
        used.extend(files.iter().map(|it| it.id.as_str()));
        entries.push((shown.body.at, Entry::Event(shown, files)));
    }
    entries.extend(files.iter().filter(|it| !used.contains(it.id.as_str())).map(|it| (it.at, Entry::File(it))));
    // Events keep their order where they fall on one instant.
    entries.sort_by_key(|(at, _)| *at);
    entries.into_iter().rev().map(|(_, entry)| entry).collect()
}

pub fn view(events: &[Shown], files: &[Seen], reader: &Reader, directory: &Directory) -> Markup {
    html! {
        ol.timeline {
            @for entry in entries(events, files, reader) {
                @match entry {
                    Entry::Event(shown, files) => (event(shown, &files, reader, directory)),
                    Entry::File(file) => (added(reader.lang, file)),
                }
            }
        }
    }
}

fn event(shown: &Shown, files: &[&Seen], reader: &Reader, directory: &Directory) -> Markup {
    let lang = reader.lang;
    html! {
        li data-kind=[mark(shown)] {
            div.when {
                (part::instant(Some(shown.body.at)))
                @if reader.internal && !shown.by_name.is_empty() { span lang="zh-CN" { (shown.by_name) } }
                @if shown.body.by.is_none() && shown.body.party == "system" { span { (lang.of("系统", "System")) } }
            }
            div {
                strong { (kind(lang, &shown.body.kind)) }
                @let facts = reader.facts(shown, directory);
                @if !facts.is_empty() { " " span.why { (part::said(lang, &facts)) } }
                @if let Some(due) = moved(shown) { " " span.why { (lang.of("到期", "due")) " " (due) } }
                @if shown.said.is_none() { p.hint { (lang.of("文字已依法删除", "The words were erased")) } }
                @if let Some(words) = reader.words(shown) { (part::words(&words)) }
                (pictures(lang, files))
            }
        }
    }
}

/// The due date as this event left it.
fn moved(shown: &Shown) -> Option<&str> {
    shown.body.data.pointer("/told/due").and_then(Value::as_str).and_then(|at| at.get(..10))
}

fn added(lang: Lang, file: &Seen) -> Markup {
    html! {
        li data-kind="file" {
            div.when { (part::instant(Some(file.at))) @if !file.by.is_empty() { span lang="zh-CN" { (file.by) } } }
            div { strong { (lang.of("添加附件", "File added")) } (pictures(lang, &[file])) }
        }
    }
}

fn pictures(lang: Lang, files: &[&Seen]) -> Markup {
    let seen: Vec<Photo> =
        files.iter().filter(|it| it.picture).map(|it| Photo { href: &it.href, caption: &it.name }).collect();
    html! {
        @if !seen.is_empty() { (photos(lang, &seen)) }
        @for it in files.iter().filter(|it| !it.picture) { p { a href=(it.href) lang="zh-CN" { (it.name) } } }
    }
}
