//! A visit's record as the fields of its form, and back.

use crate::ui::field::Typed;
use crate::visit::field;
use domain::fault::Fault;
use domain::grid::Cell;
use domain::id::{PersonId, VersionId};
use domain::questionnaire::Response;
use domain::time::{Day, Millis};
use domain::visit::{Filled, Finding, FindingKind, Promise, Record, Reported, Settled, Visit};
use std::collections::BTreeMap;
use std::str::FromStr;

/// Repeated groups of fields: `finding.0.text`, `finding.1.text`, …
pub const GROUPS: [&str; 3] = ["finding", "problem", "promise"];
/// More rows than the rules take; what lies beyond is refused by them, not lost.
const ROWS_MOST: usize = 60;

/// What a form said. What cannot be read is replaced by something harmless and told among the faults.
pub struct Read {
    pub record: Record,
    pub reports: Vec<Reported>,
    pub faults: Vec<Fault>,
}

pub fn read(typed: &Typed, visit: &Visit, now: Millis) -> Read {
    let mut faults = Vec::new();
    let when = field::when(typed, visit.purpose, visit.when, &mut faults);
    let ids = |name: &str| typed.all(name).filter_map(|it| it.parse().ok()).collect();
    let mut record = Record {
        met: typed.get("met").to_owned(),
        minutes: typed.get("minutes").to_owned(),
        people: ids("person"),
        filled: filled(typed),
        findings: findings(typed, now),
        settled: settled(typed),
        cells: typed.all("cell").filter_map(|it| it.parse::<Cell>().ok()).collect(),
        policies: typed.all("policy").filter_map(|it| Some((it.parse().ok()?, String::new()))).collect(),
        ..Record::on(when)
    };
    record.promises = promises(typed, when.day, now, &mut faults);
    Read { record, reports: reports(typed, now), faults }
}

/// How many rows of a group the form has.
pub fn rows(typed: &Typed, group: &str) -> usize {
    let number = |name: &str| name.strip_prefix(group)?.strip_prefix('.')?.split('.').next()?.parse::<usize>().ok();
    typed.0.iter().filter_map(|(name, _)| number(name)).max().map_or(0, |it| (it + 1).min(ROWS_MOST))
}

fn id<T: FromStr>(typed: &Typed, group: &str, n: usize, fresh: fn(uuid::Uuid) -> T, now: Millis) -> T {
    typed.get(&format!("{group}.{n}.id")).parse().unwrap_or_else(|_| fresh(store::ids::fresh(now)))
}

fn findings(typed: &Typed, now: Millis) -> Vec<Finding> {
    let row = |n: usize| Finding {
        id: id(typed, "finding", n, domain::id::FindingId, now),
        kind: FindingKind::parse(typed.get(&format!("finding.{n}.kind"))).unwrap_or(FindingKind::Opinion),
        text: typed.get(&format!("finding.{n}.text")).to_owned(),
    };
    (0..rows(typed, "finding")).map(row).collect()
}

fn promises(typed: &Typed, otherwise: Day, now: Millis, faults: &mut Vec<Fault>) -> Vec<Promise> {
    let mut promises = Vec::new();
    for n in 0..rows(typed, "promise") {
        let get = |name: &str| typed.get(&format!("promise.{n}.{name}"));
        let due = Day::read(get("due"));
        if due.is_none() && !get("text").trim().is_empty() {
            faults.push(field::wrong_day(&format!("promise.{n}.due")));
        }
        promises.push(Promise {
            id: id(typed, "promise", n, domain::id::PromiseId, now),
            text: get("text").to_owned(),
            owner: get("owner").parse().unwrap_or(PersonId(uuid::Uuid::nil())),
            due: due.unwrap_or(otherwise),
        });
    }
    promises
}

fn reports(typed: &Typed, now: Millis) -> Vec<Reported> {
    let row = |n: usize| {
        let get = |name: &str| typed.get(&format!("problem.{n}.{name}")).to_owned();
        Reported {
            id: id(typed, "problem", n, domain::id::ProblemId, now),
            title: get("title"),
            detail: get("detail"),
            place: get("place"),
            shielded: get("shielded") == "yes",
        }
    };
    (0..rows(typed, "problem")).map(row).collect()
}

/// Whether a question takes choices or a text, the questionnaire knows: it is handed both.
fn filled(typed: &Typed) -> Vec<Filled> {
    let mut by_version: BTreeMap<VersionId, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
    for (name, value) in &typed.0 {
        let Some((version, key)) = name.strip_prefix("q.").and_then(|it| it.split_once('.')) else { continue };
        let Ok(version) = version.parse() else { continue };
        by_version.entry(version).or_default().entry(key).or_default().push(value);
    }
    let response = |(key, values): (&str, Vec<&str>)| Response {
        question: key.to_owned(),
        text: values.join("\n"),
        choices: values.into_iter().filter(|it| !it.is_empty()).map(str::to_owned).collect(),
    };
    let filled = |(version, said): (VersionId, BTreeMap<&str, Vec<&str>>)| Filled {
        version,
        responses: said.into_iter().map(response).collect(),
    };
    by_version.into_iter().map(filled).collect()
}

fn settled(typed: &Typed) -> Vec<Settled> {
    let one = |(name, value): &(String, String)| {
        let id = name.strip_prefix("settled.")?;
        let kept = match value.as_str() {
            "kept" => true,
            "broken" => false,
            _ => return None,
        };
        Some(Settled { promise: id.parse().ok()?, kept, note: typed.get(&format!("note.{id}")).to_owned() })
    };
    typed.0.iter().filter_map(one).collect()
}

/// The fields of a record that stands already, for an amendment.
pub fn of_record(record: &Record) -> Typed {
    let mut fields: Vec<(String, String)> = field::of_when(&record.when).into();
    let mut add = |name: String, value: &dyn std::fmt::Display| fields.push((name, value.to_string()));
    add("met".into(), &record.met);
    add("minutes".into(), &record.minutes);
    record.people.iter().for_each(|it| add("person".into(), it));
    record.policies.keys().for_each(|it| add("policy".into(), it));
    record.cells.iter().for_each(|it| add("cell".into(), it));
    for filled in &record.filled {
        for response in &filled.responses {
            responses(filled.version, response).into_iter().for_each(|(name, value)| add(name, &value));
        }
    }
    for (n, it) in record.findings.iter().enumerate() {
        add(format!("finding.{n}.id"), &it.id);
        add(format!("finding.{n}.kind"), &it.kind.code());
        add(format!("finding.{n}.text"), &it.text);
    }
    for (n, it) in record.promises.iter().enumerate() {
        add(format!("promise.{n}.id"), &it.id);
        add(format!("promise.{n}.text"), &it.text);
        add(format!("promise.{n}.owner"), &it.owner);
        add(format!("promise.{n}.due"), &it.due);
    }
    for it in &record.settled {
        add(format!("settled.{}", it.promise), &if it.kept { "kept" } else { "broken" });
        add(format!("note.{}", it.promise), &it.note);
    }
    Typed(fields)
}

/// The fields of one answer.
pub fn responses(version: VersionId, response: &Response) -> Vec<(String, String)> {
    let name = format!("q.{version}.{}", response.question);
    match response.choices.is_empty() {
        true => vec![(name, response.text.clone())],
        false => response.choices.iter().map(|it| (name.clone(), it.clone())).collect(),
    }
}

/// One row at least in every group, one more in `more`; each with the id under which it will be kept.
pub fn with_rows(mut typed: Typed, more: &str, now: Millis) -> Typed {
    for group in GROUPS {
        let there = rows(&typed, group);
        let wanted = there.max(1) + usize::from(more == group && there > 0);
        for n in 0..wanted.min(ROWS_MOST) {
            let name = format!("{group}.{n}.id");
            if typed.get(&name).is_empty() {
                typed.0.push((name, store::ids::fresh(now).to_string()));
            }
        }
    }
    typed
}
