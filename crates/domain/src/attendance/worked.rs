//! Worked examples: rows of `scenarios/attendance.csv` and `attendance_month.csv` against the rules, for the tests and
//! `cargo xtask scenarios`.

use crate::attendance::month::Month;
use crate::attendance::roll::{LeaveUsed, Roll};
use crate::attendance::rule_set::RuleSets;
use crate::attendance::verdict::Judged;
use crate::attendance::{Judge, Terms};
use crate::calendar::Calendar;
use crate::id::{PersonId, SiteId};
use crate::time::{DAY_MS, Day, Millis};
use crate::worked::Row;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// A case of `attendance_cases.json`, read as the product's own roll.
pub struct Case {
    pub as_of: Day,
    pub roll: Roll,
}

pub struct Cases {
    cases: BTreeMap<String, Case>,
    calendar: Calendar,
    rules: RuleSets,
}

/// The fields that hold names, and those that hold local times: ids and milliseconds in the product.
const NAMES: [&str; 6] = ["person", "site", "for", "covers", "replaces", "excused_by"];
const TIMES: [&str; 5] = ["at", "received", "approved_at", "called_at", "filed_at"];

impl Cases {
    pub fn read(text: &str) -> Result<Cases, String> {
        let all: Vec<Map<String, Value>> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let mut cases = BTreeMap::new();
        for mut it in all {
            let name = it.get("case").and_then(Value::as_str).ok_or("a case has no name")?.to_owned();
            let as_of = it.get("as_of").and_then(Value::as_str).ok_or_else(|| format!("{name}: as_of is missing"))?;
            let as_of: Day = as_of.parse().map_err(|error| format!("{name}: {error}"))?;
            let used = it.remove("leave_used_before");
            let mut value = Value::Object(it);
            translate(&mut value).map_err(|error| format!("{name}: {error}"))?;
            let mut roll: Roll = serde_json::from_value(value).map_err(|error| format!("{name}: {error}"))?;
            for (person, days) in used.as_ref().and_then(Value::as_object).into_iter().flatten() {
                let days = days.as_u64().and_then(|it| u32::try_from(it).ok()).unwrap_or(0);
                roll.leave_used.push(LeaveUsed { person: PersonId(id(person)), year: as_of.year(), days });
            }
            cases.insert(name, Case { as_of, roll });
        }
        Ok(Cases { cases, calendar: Calendar::shipped(), rules: RuleSets::default() })
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Case)> {
        self.cases.iter().map(|(name, case)| (name.as_str(), case))
    }

    /// What the rules say of a person of a case from one day to another.
    pub fn judge(&self, case: &str, person: &str, site: &str, from: Day, to: Day) -> Result<Vec<Judged>, String> {
        let case = self.cases.get(case).ok_or_else(|| format!("case {case:?} is not there"))?;
        let now = Millis::at(case.as_of, DAY_MS);
        let terms = Terms { calendar: &self.calendar, rules: &self.rules, now };
        Ok(Judge::new(&case.roll, terms).judge(PersonId(id(person)), SiteId(id(site)), from, to))
    }

    /// Judges the day anew and compares every column; the error names all that differ.
    pub fn check_row(&self, row: &Row) -> Result<(), String> {
        let day: Day = cell(row, "day")?.parse()?;
        let judged = self.judge(cell(row, "case")?, cell(row, "person")?, cell(row, "site")?, day, day)?;
        let [judged] = &judged[..] else { return Err(format!("{} verdicts for one day", judged.len())) };
        let yes = |it: bool| if it { "yes" } else { "no" }.to_owned();
        let flags: BTreeSet<&str> = judged.flags.iter().map(|it| it.code()).collect();
        let expected_flags: BTreeSet<&str> = cell(row, "flags")?.split_whitespace().collect();
        let weekday = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][usize::from(day.weekday()) - 1];
        let mut differ = compare(
            row,
            &[
                ("weekday", weekday.to_owned()),
                ("workday", yes(self.calendar.is_workday(day))),
                ("needed", yes(judged.verdict.is_needed())),
                ("verdict", judged.verdict.code().to_owned()),
                ("reason", judged.reason.code().to_owned()),
                ("punches", judged.punches.to_string()),
            ],
        )?;
        if flags != expected_flags {
            differ.push(format!("flags: expected {expected_flags:?}, got {flags:?}"));
        }
        if differ.is_empty() { Ok(()) } else { Err(differ.join("; ")) }
    }

    pub fn check_month_row(&self, row: &Row) -> Result<(), String> {
        let first: Day = format!("{}-01", cell(row, "month")?).parse()?;
        let last = first.plus_months(1).plus(-1);
        let judged = self.judge(cell(row, "case")?, cell(row, "person")?, cell(row, "site")?, first, last)?;
        let month = Month::of(&judged);
        let reaches = month.reaches(self.rules.on(last)).map_or("", |it| if it { "yes" } else { "no" });
        let differ = compare(
            row,
            &[
                ("present", month.present.to_string()),
                ("absent", month.absent.to_string()),
                ("short", month.short.to_string()),
                ("excused", month.excused.to_string()),
                ("at_other_site", month.at_other_site.to_string()),
                ("rate", month.rate()),
                ("reaches_80", reaches.to_owned()),
            ],
        )?;
        if differ.is_empty() { Ok(()) } else { Err(differ.join("; ")) }
    }
}

fn compare(row: &Row, answers: &[(&str, String)]) -> Result<Vec<String>, String> {
    let mut differ = Vec::new();
    for (column, answer) in answers {
        let expected = cell(row, column)?;
        if answer != expected {
            differ.push(format!("{column}: expected {expected:?}, got {answer:?}"));
        }
    }
    Ok(differ)
}

fn cell<'a>(row: &'a HashMap<String, String>, column: &str) -> Result<&'a str, String> {
    row.get(column).map(|text| text.trim()).ok_or_else(|| format!("column {column} is missing"))
}

/// Names become ids and local times milliseconds, in place; all else is as the product reads it.
fn translate(value: &mut Value) -> Result<(), String> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(translate),
        Value::Object(fields) => fields.iter_mut().try_for_each(|(field, value)| match value {
            // A call is for a day, a substitution for a person.
            Value::String(text) if field == "for" && text.parse::<Day>().is_ok() => Ok(()),
            Value::String(text) if NAMES.contains(&field.as_str()) => {
                *value = Value::String(id(text).to_string());
                Ok(())
            }
            Value::Array(names) if NAMES.contains(&field.as_str()) => {
                for name in names.iter_mut() {
                    *name = Value::String(id(name.as_str().unwrap_or_default()).to_string());
                }
                Ok(())
            }
            Value::String(text) if TIMES.contains(&field.as_str()) => {
                let at = Millis::parse_local(text).ok_or_else(|| format!("{field}: {text:?} is no local time"))?;
                *value = Value::from(at.0);
                Ok(())
            }
            _ => translate(value),
        }),
        _ => Ok(()),
    }
}

/// The first sixteen letters of a name as an id.
fn id(name: &str) -> Uuid {
    let mut bytes = [0; 16];
    for (byte, letter) in bytes.iter_mut().zip(name.bytes()) {
        *byte = letter;
    }
    Uuid::from_bytes(bytes)
}
