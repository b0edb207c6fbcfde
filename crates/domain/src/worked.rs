//! Worked examples: one row of `scenarios/deadlines.csv` against the rules, for the tests and `cargo xtask scenarios`.

use crate::calendar::{Calendar, Notice, NoticeDay};
use crate::clock::{Change, Clock, Due, Extension, Pause, Span, ask_by};
use crate::light::{light, send_at};
use crate::time::{Day, Millis};
use std::collections::HashMap;

/// A row by the names of its columns.
pub type Row = HashMap<String, String>;

/// The three calendars that the rows name (rule 12).
pub struct Calendars {
    files: Calendar,
    before_2019: Calendar,
    before_2020: Calendar,
}

impl Calendars {
    /// The shipped files, and two tables as they stood before a notice changed them.
    pub fn shipped() -> Result<Calendars, String> {
        let notices =
            Calendar::shipped_notices().map_err(|error| format!("a shipped holiday file is broken: {error}"))?;
        let before = |year, days: &[(i8, i8, bool)]| {
            let day = |&(month, day, is_off_day)| {
                Some(NoticeDay { name: String::new(), date: Day::new(year, month, day)?, is_off_day })
            };
            let older = Notice { year, papers: Vec::new(), days: days.iter().filter_map(day).collect() };
            Calendar::from_notices(&[&notices[..], &[older]].concat())
        };
        Ok(Calendars {
            files: Calendar::from_notices(&notices),
            before_2019: before(2019, &[(4, 28, true), (5, 2, false), (5, 3, false), (5, 4, true), (5, 5, true)]),
            before_2020: before(2020, &[(1, 31, false), (2, 1, false), (2, 2, true)]),
        })
    }

    fn named(&self, name: &str) -> Result<&Calendar, String> {
        match name {
            "files" => Ok(&self.files),
            "2019-before-notice" => Ok(&self.before_2019),
            "2020-before-notice" => Ok(&self.before_2020),
            _ => Err(format!("calendar {name:?} is not known")),
        }
    }
}

/// What the rules answer to a row.
struct Answer {
    first: Option<Millis>,
    due: Due,
    light: &'static str,
}

impl Answer {
    /// Of a kind that counts nothing, so that rule 13 has nothing to say.
    fn plain(due: Millis, light: &'static str) -> Answer {
        Answer { first: None, due: Due { at: Some(due), not_announced: false }, light }
    }
}

/// Works the row out anew and compares every column that it asserts; the error names all that differ.
pub fn check_deadline_row(row: &Row, calendars: &Calendars) -> Result<(), String> {
    let calendar = calendars.named(cell(row, "calendar")?)?;
    let answer = match cell(row, "kind")? {
        "due" => due(row, calendar)?,
        "ask_by" => Answer::plain(ask_by(instant(cell(row, "now_local")?)?, calendar), ""),
        "light" => {
            let (now, due) = (instant(cell(row, "now_local")?)?, instant(cell(row, "due_local")?)?);
            let paused = cell(row, "pauses")? == "open";
            Answer::plain(due, light(now, Some(due), paused, false, calendar).code())
        }
        "send_at" => Answer::plain(send_at(instant(cell(row, "now_local")?)?, false, calendar), ""),
        kind => return Err(format!("kind {kind:?} is not known")),
    };
    let start = cell(row, "start_local")?;
    let start = if start.is_empty() { None } else { Some(instant(start)?) };
    let at = answer.due.at;
    let answers = [
        ("start_utc", written(start, utc)),
        ("first_due_local", written(answer.first, Millis::second)),
        ("due_local", written(at, Millis::second)),
        ("due_utc", written(at, utc)),
        ("due_weekday", written(at, weekday)),
        ("not_announced", if answer.due.not_announced { "yes" } else { "no" }.to_owned()),
        ("light", answer.light.to_owned()),
    ];
    let mut wrong = Vec::new();
    for (column, answer) in answers {
        let expected = cell(row, column)?;
        if answer != expected {
            wrong.push(format!("{column}: expected {expected:?}, got {answer:?}"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

fn due(row: &Row, calendar: &Calendar) -> Result<Answer, String> {
    let mut clock = Clock::start(instant(cell(row, "start_local")?)?, span(cell(row, "n")?, cell(row, "unit")?)?);
    for (from, to) in pairs(cell(row, "pauses")?, '/')? {
        let to = if to.is_empty() { None } else { Some(instant(to)?) };
        clock.pauses.push(Pause { from: instant(from)?, to });
    }
    for (at, rule) in pairs(cell(row, "changes")?, '|')? {
        let (n, unit) = rule.split_once(' ').ok_or_else(|| format!("{rule:?} is no \"n unit\""))?;
        clock.changes.push(Change { at: instant(at)?, span: span(n, unit)? });
    }
    for (granted, until) in pairs(cell(row, "extension")?, '|')? {
        clock.extensions.push(Extension { granted: instant(granted)?, until: until.parse()? });
    }
    Ok(Answer { first: clock.first_due(calendar).at, due: clock.due(calendar), light: "" })
}

fn cell<'a>(row: &'a Row, column: &str) -> Result<&'a str, String> {
    row.get(column).map(|text| text.trim()).ok_or_else(|| format!("column {column} is missing"))
}

/// The parts between semicolons, each cut in two.
fn pairs(text: &str, by: char) -> Result<Vec<(&str, &str)>, String> {
    let parts = text.split(';').filter(|part| !part.is_empty());
    parts.map(|part| part.split_once(by).ok_or_else(|| format!("{part:?} has no {by:?}"))).collect()
}

fn instant(text: &str) -> Result<Millis, String> {
    Millis::parse_local(text).ok_or_else(|| format!("{text:?} is no local time"))
}

fn span(n: &str, unit: &str) -> Result<Span, String> {
    let n = n.parse().map_err(|_| format!("{n:?} is no number"))?;
    match unit {
        "workday" => Ok(Span::Workdays(n)),
        "day" => Ok(Span::Days(n)),
        "month" => Ok(Span::Months(n)),
        "hour" => Ok(Span::Hours(n)),
        _ => Err(format!("unit {unit:?} is not known")),
    }
}

fn written(at: Option<Millis>, write: impl Fn(Millis) -> String) -> String {
    at.map(write).unwrap_or_default()
}

/// By jiff, so that our own arithmetic does not vouch for itself.
fn utc(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|error| error.to_string(), |at| at.to_string())
}

fn weekday(at: Millis) -> String {
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][usize::from(at.day().weekday()) - 1].to_owned()
}
