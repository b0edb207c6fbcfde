//! `scenarios/deadlines.{csv,md}` against the rules: every row, every column, every month.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use domain::calendar::Calendar;
use domain::time::Day;
use domain::worked::{Calendars, Row, check_deadline_row};
use std::path::PathBuf;

fn scenarios(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(file)
}

fn rows() -> Vec<Row> {
    csv::Reader::from_path(scenarios("deadlines.csv")).unwrap().deserialize().map(Result::unwrap).collect()
}

#[test]
fn every_worked_example_comes_out() {
    let (rows, calendars) = (rows(), Calendars::shipped().unwrap());
    assert!(rows.len() >= 158, "only {} rows", rows.len());
    let failed: Vec<String> = (rows.iter())
        .filter_map(|row| check_deadline_row(row, &calendars).err().map(|why| format!("{}: {why}", row["id"])))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// A check that accepts a wrong row proves nothing: spoil each asserted cell of each row in turn.
#[test]
fn a_spoilt_cell_is_noticed() {
    let calendars = Calendars::shipped().unwrap();
    for row in rows() {
        for column in ["start_utc", "first_due_local", "due_local", "due_utc", "due_weekday", "not_announced", "light"]
        {
            let mut spoilt = row.clone();
            let cell = spoilt.get_mut(column).unwrap();
            *cell = if cell.starts_with("2018-") { "2018-01-01 00:00:00".into() } else { format!("{cell}x") };
            assert!(check_deadline_row(&spoilt, &calendars).is_err(), "{} {column}", row["id"]);
        }
    }
}

#[test]
fn every_month_has_its_workdays() {
    let page = std::fs::read_to_string(scenarios("deadlines.md")).unwrap();
    let calendar = Calendar::shipped();
    let mut years = Vec::new();
    for line in page.lines() {
        let numbers: Vec<i64> = line.split('|').filter_map(|cell| cell.trim().parse().ok()).collect();
        let [year @ 2000..=2100, months @ .., sum] = &numbers[..] else { continue };
        assert_eq!(months.len(), 12, "{line}");
        let first = |month: usize| Day::new(*year as i16, 1, 1).unwrap().plus_months(month as u32).plus(-1);
        let counted: Vec<i64> =
            (0..12).map(|month| i64::from(calendar.workdays_between(first(month), first(month + 1)))).collect();
        assert_eq!(counted, months, "{year}");
        assert_eq!(i64::from(calendar.workdays_between(first(0), first(12))), *sum, "{year}");
        years.push(*year);
    }
    assert_eq!(years, (2017..=2026).collect::<Vec<i64>>());
}
