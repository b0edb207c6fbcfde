//! What a visit brought home: minutes, answers to the questionnaires, findings, promises, policies explained, problems.

use super::{Scene, Visit, When};
use crate::fault::Fault;
use crate::grid::Cell;
use crate::id::{FindingId, PersonId, PolicyId, ProblemId, PromiseId, VersionId};
use crate::problem::closed_list;
use crate::questionnaire::{Questionnaire, Response};
use crate::refusal::Refusal;
use crate::subject::too_long;
use crate::time::Day;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

closed_list! {
    /// 见闻: what is not a problem and shall not be lost.
    FindingKind {
        Opinion "opinion" "意见" "Opinion", Suggestion "suggestion" "建议" "Suggestion", Voice "voice" "新声音" "New voice",
        Practice "practice" "新做法" "New practice", Story "story" "新鲜事" "Story",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub id: FindingId,
    pub kind: FindingKind,
    pub text: String,
}

/// 承诺: what was promised on the spot, by whom, until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    pub id: PromiseId,
    pub text: String,
    pub owner: PersonId,
    pub due: Day,
}

/// What became of a promise made before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    pub promise: PromiseId,
    pub kept: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The answers to one version of a questionnaire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    pub version: VersionId,
    pub responses: Vec<Response>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// When it took place.
    #[serde(flatten)]
    pub when: When,
    /// Whom the visitors met, in their words.
    #[serde(default)]
    pub met: String,
    #[serde(default)]
    pub people: BTreeSet<PersonId>,
    #[serde(default)]
    pub minutes: String,
    #[serde(default)]
    pub filled: Vec<Filled>,
    #[serde(default)]
    pub findings: Vec<Finding>,
    #[serde(default)]
    pub promises: Vec<Promise>,
    #[serde(default)]
    pub settled: Vec<Settled>,
    /// Policies explained, with the edition of the leaflet that was handed over.
    #[serde(default)]
    pub policies: BTreeMap<PolicyId, String>,
    #[serde(default)]
    pub cells: BTreeSet<Cell>,
    /// Reported in place; they live by themselves.
    #[serde(default)]
    pub problems: Vec<ProblemId>,
}

impl Record {
    /// One in which nothing stands yet.
    pub fn on(when: When) -> Record {
        Record {
            when,
            met: String::new(),
            people: BTreeSet::new(),
            minutes: String::new(),
            filled: vec![],
            findings: vec![],
            promises: vec![],
            settled: vec![],
            policies: BTreeMap::new(),
            cells: BTreeSet::new(),
            problems: vec![],
        }
    }
}

/// A problem reported in place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    pub id: ProblemId,
    pub title: String,
    #[serde(default)]
    pub detail: String,
    #[serde(default)]
    pub place: String,
    #[serde(default)]
    pub shielded: bool,
}

/// What a rule must know about other things.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The versions that may be answered, in the order in which they are asked.
    pub forms: Vec<(VersionId, Questionnaire)>,
    /// Promises to this subject that are open, or were settled by this visit.
    pub promises: BTreeSet<PromiseId>,
    /// Policies with their present edition.
    pub policies: BTreeMap<PolicyId, String>,
    /// Persons who may take part or own a promise.
    pub persons: BTreeSet<PersonId>,
}

const MOST: usize = 50;

/// The record as it is kept; everything that is wrong with it is named at once. Fields are those of the form:
/// `q.{version}.{question}`, `finding.{n}.text`, `promise.{n}.due`, `problem.{n}.title`, n from 0.
pub(super) fn checked(
    visit: &Visit,
    record: &Record,
    reports: &[Reported],
    scene: &Scene,
) -> Result<(Record, Vec<Reported>), Refusal> {
    let mut it = record.clone();
    let mut faults = it.when.faults(visit.purpose);
    if it.when.day > scene.now.day() {
        faults.push(Fault::new(
            "day",
            "走访日期不能晚于今天；尚未走访的请先约定时间。",
            "The day of the visit cannot lie ahead; agree the time first.",
        ));
    }
    for (field, text, most) in [("met", &mut it.met, 200), ("minutes", &mut it.minutes, 20_000)] {
        *text = text.trim().to_owned();
        faults.extend(too_long(field, text, most));
    }
    if it.minutes.is_empty() {
        faults.push(Fault::new("minutes", "请写几句走访情况。", "Write a few sentences about the visit."));
    }
    it.people.retain(|person| scene.facts.persons.contains(person));
    it.filled = filled(&it.filled, scene.facts, &mut faults);
    findings(&mut it, &mut faults);
    promises(&mut it, scene, &mut faults);
    it.settled.retain(|it| scene.facts.promises.contains(&it.promise));
    let policies = std::mem::take(&mut it.policies);
    it.policies = policies
        .into_iter()
        .filter_map(|(id, edition)| {
            let known = scene.facts.policies.get(&id)?;
            Some((
                id,
                if edition.trim().is_empty() { known.clone() } else { edition.trim().chars().take(60).collect() },
            ))
        })
        .collect();
    let reports = reported(reports, &mut faults);
    let before = visit.record.as_ref().map(|it| it.problems.clone()).unwrap_or_default();
    it.problems = before;
    for report in &reports {
        if !it.problems.contains(&report.id) {
            it.problems.push(report.id);
        }
    }
    if faults.is_empty() { Ok((it, reports)) } else { Err(Refusal::Faults(faults)) }
}

/// Only versions that may be answered; one without any answer is left out, unless it demands one.
fn filled(given: &[Filled], facts: &Facts, faults: &mut Vec<Fault>) -> Vec<Filled> {
    let mut kept = Vec::new();
    for (version, form) in &facts.forms {
        let responses = given.iter().find(|it| it.version == *version).map_or(&[][..], |it| &it.responses);
        match form.take(responses) {
            Ok(responses) if responses.is_empty() => {}
            Ok(responses) => kept.push(Filled { version: *version, responses }),
            Err(wrong) => faults.extend(wrong.into_iter().map(|fault| Fault {
                field: format!("q.{version}.{}", fault.field.trim_start_matches("q.")),
                ..fault
            })),
        }
    }
    kept
}

fn findings(it: &mut Record, faults: &mut Vec<Fault>) {
    for (n, finding) in it.findings.iter_mut().enumerate() {
        finding.text = finding.text.trim().to_owned();
        faults.extend(too_long(&format!("finding.{n}.text"), &finding.text, 2_000));
    }
    // A row of the form that nobody filled in.
    it.findings.retain(|it| !it.text.is_empty());
    too_many("finding.0.text", it.findings.len(), faults);
}

fn promises(it: &mut Record, scene: &Scene, faults: &mut Vec<Fault>) {
    for (n, promise) in it.promises.iter_mut().enumerate() {
        promise.text = promise.text.trim().to_owned();
        if promise.text.is_empty() {
            continue;
        }
        faults.extend(too_long(&format!("promise.{n}.text"), &promise.text, 500));
        if !scene.facts.persons.contains(&promise.owner) {
            faults.push(Fault::new(format!("promise.{n}.owner"), "请选择由谁落实。", "Choose who keeps this promise."));
        }
        if promise.due < it.when.day || promise.due > it.when.day.plus(3 * 366) {
            faults.push(Fault::new(
                format!("promise.{n}.due"),
                "承诺的期限须在走访当天至三年以内。",
                "A promise is due between the day of the visit and three years later.",
            ));
        }
    }
    it.promises.retain(|it| !it.text.is_empty());
    too_many("promise.0.text", it.promises.len(), faults);
}

fn reported(reports: &[Reported], faults: &mut Vec<Fault>) -> Vec<Reported> {
    let mut kept = Vec::new();
    for (n, report) in reports.iter().enumerate() {
        let mut report = report.clone();
        for text in [&mut report.title, &mut report.detail, &mut report.place] {
            *text = text.trim().to_owned();
        }
        if report.title.is_empty() && report.detail.is_empty() {
            continue;
        }
        if report.title.is_empty() {
            faults.push(Fault::new(
                format!("problem.{n}.title"),
                "请写标题：一句话说清是什么问题。",
                "Write a title: the problem in one sentence.",
            ));
        }
        faults.extend(too_long(&format!("problem.{n}.title"), &report.title, 200));
        faults.extend(too_long(&format!("problem.{n}.detail"), &report.detail, 20_000));
        faults.extend(too_long(&format!("problem.{n}.place"), &report.place, 200));
        kept.push(report);
    }
    too_many("problem.0.title", kept.len(), faults);
    kept
}

fn too_many(field: &str, found: usize, faults: &mut Vec<Fault>) {
    if found > MOST {
        faults.push(Fault::new(
            field,
            format!("一次最多{MOST}项，现有{found}项；其余请另行登记。"),
            format!("At most {MOST} at a time; there are {found}."),
        ));
    }
}
