//! `cargo xtask scenarios DIR`: the worked scenarios of a folder against the rules, counted row by row.

use anyhow::{Context, ensure};
use domain::attendance::worked::Cases;
use domain::matrix::check_row;
use domain::worked::{Calendars, Row, check_deadline_row};
use std::path::Path;
use std::process::ExitCode;

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

/// Prints a line per file and one per failure, then the sum on a line of its own. Having checked nothing is a failure
/// too, so that a wrong folder does not look like success.
pub fn run(dir: &Path) -> anyhow::Result<ExitCode> {
    ensure!(dir.is_dir(), "{} is no folder", dir.display());
    let mut sum = Tally::default();
    let checks = [
        ("deadlines.csv", deadlines(dir)?),
        ("loop_matrix.csv", loop_matrix(dir)?),
        ("attendance.csv", attendance(dir, "attendance.csv", Cases::check_row)?),
        ("attendance_month.csv", attendance(dir, "attendance_month.csv", Cases::check_month_row)?),
        ("planner.json", planner(dir)?),
    ];
    for (file, tally) in checks {
        match tally {
            Some(Tally { passed, failed }) => {
                println!("{file}: {passed} passed, {failed} failed");
                sum.passed += passed;
                sum.failed += failed;
            }
            None if dir.join(file).exists() => println!("{file}: absent (its check; the file is there)"),
            None => println!("{file}: absent"),
        }
    }
    println!("{} passed, {} failed", sum.passed, sum.failed);
    Ok(if sum.failed == 0 && sum.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn deadlines(dir: &Path) -> anyhow::Result<Option<Tally>> {
    let calendars = Calendars::shipped().map_err(anyhow::Error::msg)?;
    check_rows(&dir.join("deadlines.csv"), |row| {
        let id = row.get("id").map_or("?", String::as_str);
        check_deadline_row(row, &calendars).map_err(|why| format!("{id}: {why}"))
    })
}

/// Days and months of the cases that stand beside them; rows without cases cannot be checked and say so.
fn attendance(
    dir: &Path,
    file: &str,
    check: impl Fn(&Cases, &Row) -> Result<(), String>,
) -> anyhow::Result<Option<Tally>> {
    let path = dir.join("attendance_cases.json");
    if !dir.join(file).exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let cases = Cases::read(&text).map_err(|why| anyhow::anyhow!("{}: {why}", path.display()))?;
    check_rows(&dir.join(file), |row| {
        let name = ["case", "person", "site", "day", "month"].map(|it| row.get(it).map_or("", String::as_str));
        check(&cases, row).map_err(|why| format!("{}: {why}", name.join(" ").replace("  ", " ")))
    })
}

/// States × commands × roles, row by row. A folder that has only the 38 commands of the page is whole as well: recall
/// and assign are decisions of this project.
fn loop_matrix(dir: &Path) -> anyhow::Result<Option<Tally>> {
    let path = dir.join("loop_matrix.csv");
    if !path.exists() {
        return Ok(None);
    }
    let rows = domain::matrix::rows();
    let mut reader = csv::Reader::from_path(&path).with_context(|| path.display().to_string())?;
    let mut tally = Tally::default();
    for record in reader.records() {
        let texts = record.map(|it| it.iter().map(str::to_owned).collect::<Vec<String>>());
        match texts.map_err(|error| error.to_string()).and_then(|texts| check_row(&rows, &texts)) {
            Ok(()) => tally.passed += 1,
            Err(why) => {
                tally.failed += 1;
                println!("  {why}");
            }
        }
    }
    Ok(Some(tally))
}

/// Each instance solved anew: the same optimum, or the same needs that collide.
fn planner(dir: &Path) -> anyhow::Result<Option<Tally>> {
    let path = dir.join("planner.json");
    if !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let mut tally = Tally::default();
    for instance in planner::worked::read(&text).map_err(anyhow::Error::msg)? {
        match instance.check() {
            Ok(()) => tally.passed += 1,
            Err(why) => {
                tally.failed += 1;
                println!("  {why}");
            }
        }
    }
    Ok(Some(tally))
}

/// Checks every row of a CSV file and prints why each failure failed; nothing if there is no such file.
fn check_rows(path: &Path, check: impl Fn(&Row) -> Result<(), String>) -> anyhow::Result<Option<Tally>> {
    if !path.exists() {
        return Ok(None);
    }
    let mut tally = Tally::default();
    let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
    for row in reader.deserialize() {
        match row.map_err(|error| error.to_string()).and_then(|row: Row| check(&row)) {
            Ok(()) => tally.passed += 1,
            Err(why) => {
                tally.failed += 1;
                println!("  {why}");
            }
        }
    }
    Ok(Some(tally))
}
