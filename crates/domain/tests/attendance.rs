//! `scenarios/attendance.csv` and `attendance_month.csv` against the rules: every row, every column.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use domain::attendance::worked::Cases;
use domain::worked::Row;
use std::path::PathBuf;

fn scenarios(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(file)
}

fn cases() -> Cases {
    Cases::read(&std::fs::read_to_string(scenarios("attendance_cases.json")).unwrap()).unwrap()
}

fn rows(file: &str) -> Vec<Row> {
    csv::Reader::from_path(scenarios(file)).unwrap().deserialize().map(Result::unwrap).collect()
}

/// All rows of the file, with all that fail and why.
fn check(file: &str, least: usize, check: impl Fn(&Row) -> Result<(), String>) {
    let rows = rows(file);
    assert!(rows.len() >= least, "only {} rows", rows.len());
    let name = |row: &Row| {
        ["case", "person", "site", "day", "month"].map(|it| row.get(it).map_or("", String::as_str)).join(" ")
    };
    let failed: Vec<String> =
        rows.iter().filter_map(|row| check(row).err().map(|why| format!("{}: {why}", name(row)))).collect();
    assert!(failed.is_empty(), "{} of {} failed\n{}", failed.len(), rows.len(), failed.join("\n"));
}

#[test]
fn every_worked_day_comes_out() {
    let cases = cases();
    check("attendance.csv", 363, |row| cases.check_row(row));
}

#[test]
fn every_worked_month_comes_out() {
    let cases = cases();
    check("attendance_month.csv", 4, |row| cases.check_month_row(row));
}
