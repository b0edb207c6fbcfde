//! `scenarios/attendance.csv` and `attendance_month.csv` against the rules: every row, every column.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use domain::attendance::verdict::Verdict;
use domain::attendance::worked::Cases;
use domain::time::Day;
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

/// A check that accepts a wrong row proves nothing: spoil each asserted cell of each row in turn.
#[test]
fn a_spoilt_cell_is_noticed() {
    let cases = cases();
    let days = ["weekday", "workday", "needed", "verdict", "reason", "punches", "flags"];
    let months = ["present", "absent", "short", "excused", "at_other_site", "rate", "reaches_80"];
    let spoilt = |row: &Row, column: &str| {
        let mut spoilt = row.clone();
        spoilt.get_mut(column).unwrap().push('x');
        spoilt
    };
    for row in rows("attendance.csv").iter().step_by(7) {
        for column in days {
            assert!(cases.check_row(&spoilt(row, column)).is_err(), "{row:?} {column}");
        }
    }
    for row in rows("attendance_month.csv") {
        for column in months {
            assert!(cases.check_month_row(&spoilt(&row, column)).is_err(), "{row:?} {column}");
        }
    }
}

/// The page was worked out by hand: its letters run day by day from the date given.
#[test]
fn the_letters_of_the_page_come_out() {
    let cases = cases();
    let page = std::fs::read_to_string(scenarios("attendance.md")).unwrap();
    let (mut case, mut lines) = (String::new(), 0);
    for line in page.lines() {
        if let Some(name) = line.strip_prefix("**").and_then(|it| it.split_once(' ')) {
            case = name.0.to_owned();
        }
        let Some((head, letters)) = line.strip_prefix("- ").and_then(|it| it.split_once(": `")) else { continue };
        let words: Vec<&str> = head.split(' ').collect();
        let [person, "at", site, "from", from] = words[..] else { continue };
        let letters: String = letters.trim_end_matches('`').split(' ').collect();
        let from: Day = from.parse().unwrap();
        let judged = cases.judge(&case, person, site, from, from.plus(letters.len() as i64 - 1)).unwrap();
        let ours: String = judged.iter().map(|it| letter(it.verdict)).collect();
        assert_eq!(ours, letters, "{case} {head}");
        lines += 1;
    }
    assert!(lines >= 40, "only {lines} lines of letters");
}

fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Present => 'P',
        Verdict::Absent => 'A',
        Verdict::Short => 'S',
        Verdict::Excused => 'E',
        Verdict::NotNeeded => 'n',
        Verdict::Extra => 'X',
        Verdict::Review => 'R',
        Verdict::Open => 'O',
    }
}

/// As officials read them.
#[test]
fn every_verdict_has_its_sentence_in_both_languages() {
    let cases = cases();
    let one = |case: &str, person: &str, site: &str, day: &str| {
        let day: Day = day.parse().unwrap();
        cases.judge(case, person, site, day, day).unwrap().remove(0)
    };
    let missed = one("a02", "he", "A", "2018-04-20");
    assert_eq!(
        missed.zh(),
        "2018-04-20（周五）缺勤：应到天数未到满，缺的天数计在最后的应到日（本周应到2天，已到1天）。"
    );
    assert_eq!(
        missed.en(),
        "2018-04-20 (Fri), absent: days owed were missed; they are charged to the last days possible (1 of 2 in this week)."
    );
    let short = one("a11", "ye", "C", "2018-04-17");
    assert_eq!(short.zh(), "2018-04-17（周二）在岗不足：首末打卡间隔不足，打卡2次，22:10至01:30。");
    assert_eq!(one("a10", "lao", "C", "2018-05-14").zh(), "2018-05-14（周一）缺勤：未办结退场，仍考核原人员。");
}
