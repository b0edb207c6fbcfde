//! `scenarios/loop_matrix.csv` and `.md` against the rules: every state, command and role, cell by cell.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use domain::access::{self, Party};
use domain::command::CommandName;
use domain::matrix::{ALLOWED, Column, Row, actor, check_row, problem_at, rows};
use domain::problem::{State, StateName};
use domain::refusal::Refusal;
use domain::role::{Actor, Role};
use std::collections::BTreeMap;
use std::path::PathBuf;

fn scenarios(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(file)
}

/// Header and rows.
fn table() -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(scenarios("loop_matrix.csv")).unwrap();
    let texts = |it: &csv::StringRecord| it.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = texts(reader.headers().unwrap());
    (header, reader.records().map(|it| texts(&it.unwrap())).collect())
}

#[test]
fn every_cell_is_as_the_table_says() {
    let ((header, table), rows) = (table(), rows());
    assert_eq!(header, Row::header());
    let failed: Vec<String> = table.iter().filter_map(|texts| check_row(&rows, texts).err()).collect();
    assert!(failed.is_empty(), "{} of {} rows:\n{}", failed.len(), table.len(), failed.join("\n"));
}

#[test]
fn the_table_is_whole() {
    let (_, table) = table();
    let ours: Vec<Vec<String>> = rows().iter().map(|row| row.texts()[..2].to_vec()).collect();
    let theirs: Vec<Vec<String>> = table.iter().map(|texts| texts[..2].to_vec()).collect();
    assert_eq!(theirs.len(), 9 * 40);
    assert!(ours == theirs, "the rows stand in another order");
}

/// A comparison that accepts a wrong cell proves nothing: spoil each in turn.
#[test]
fn a_spoilt_cell_is_noticed() {
    let rows = rows();
    for texts in table().1 {
        for i in 0..texts.len() {
            let mut spoilt = texts.clone();
            spoilt[i] = if spoilt[i] == "allowed" { "not-your-role".into() } else { format!("{}x", spoilt[i]) };
            assert!(check_row(&rows, &spoilt).is_err(), "{texts:?} column {i}");
        }
    }
}

/// The page that people read says in short words what the CSV says in full codes.
#[test]
fn the_page_says_the_same_as_the_csv() {
    let page = std::fs::read_to_string(scenarios("loop_matrix.md")).unwrap();
    let short = |cell: &str| match cell {
        "role" => "not-your-role".to_owned(),
        "state" => "wrong-state".to_owned(),
        "none" => "not-found".to_owned(),
        "head" => "needs-unit-head".to_owned(),
        "lead" => "lead-unit-only".to_owned(),
        "**allowed**" => ALLOWED.to_owned(),
        other => other.to_owned(),
    };
    let lines = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| state |"));
    let cell =
        |(i, cell): (usize, &str)| if (2..11).contains(&i) { short(cell.trim()) } else { cell.trim().to_owned() };
    let inner = |line: &str| line.strip_prefix('|').and_then(|it| it.strip_suffix('|')).unwrap().to_owned();
    let read: Vec<Vec<String>> = lines.map(|line| inner(line).split('|').enumerate().map(cell).collect()).collect();
    let table = table().1;
    assert_eq!(read.len(), table.len());
    // The page also says to whom a guard answers; the CSV lists the codes alone.
    let codes = |guards: &str| -> String {
        let words = guards.split(", ").filter_map(|guard| guard.split(" (").next());
        words.collect::<Vec<_>>().join(" ")
    };
    for (page, csv) in read.iter().zip(&table) {
        assert_eq!(page[..12], csv[..12]);
        assert_eq!(codes(&page[12]), csv[12]);
    }
}

/// The clerk of the supporting unit has its head's cells but for the dispute.
#[test]
fn a_supporting_clerk_differs_in_the_dispute_only() {
    let rows = rows();
    for state in StateName::ALL {
        let p = problem_at(*state);
        let Actor::Person { id, mut hats, reporter } = actor(Column::Support) else { panic!() };
        hats[0].role = Role::Clerk;
        let parties = access::parties(&Actor::Person { id, hats, reporter }, &p, &|_| vec![]);
        for command in CommandName::ALL {
            let row = rows.iter().find(|row| row.state == *state && row.command == *command).unwrap();
            let mut expected = row.cells[Column::Support as usize];
            if *command == CommandName::Dispute && expected != "not-found" {
                expected = "needs-unit-head";
            }
            let answer = access::admit(&parties, &p, *command, p.revision);
            assert_eq!(answer.map_or_else(|why| why.code(), |_| ALLOWED), expected, "{state:?} {command:?}");
        }
    }
}

/// Somebody of the same roles who is no party gets the answer of an id that does not exist.
#[test]
fn strangers_find_nothing() {
    for state in StateName::ALL {
        let mut p = problem_at(*state);
        p.reporter = None;
        p.officer = None;
        for column in [Column::Officer, Column::Reporter] {
            let parties = access::parties(&actor(column), &p, &|_| vec![]);
            assert!(CommandName::ALL.iter().all(|it| access::admit(&parties, &p, *it, 1) == Err(Refusal::NotFound)));
        }
    }
}

/// One that became Merged from a verified duplicate is seen by its units; they get the codes of the Withdrawn rows.
#[test]
fn a_verified_duplicate_answers_its_units_like_a_withdrawn_one() {
    let (rows, mut p) = (rows(), problem_at(StateName::Merged));
    let dispatched = problem_at(StateName::Withdrawn).state.case().cloned();
    let State::Merged { case, .. } = &mut p.state else { panic!() };
    *case = dispatched;
    for column in [Column::LeadClerk, Column::LeadHead, Column::Support] {
        let parties = access::parties(&actor(column), &p, &|_| vec![]);
        for row in rows.iter().filter(|row| row.state == StateName::Withdrawn) {
            let answer = access::admit(&parties, &p, row.command, p.revision);
            assert_eq!(answer.unwrap_err().code(), row.cells[column as usize], "{:?}", row.command);
        }
    }
}

/// What pages offer as buttons, and refusals name as possible, is what would be let through.
#[test]
fn the_steps_offered_are_those_allowed() {
    for row in rows() {
        for column in Column::ALL {
            let p = problem_at(row.state);
            let parties: Vec<Party> = access::parties(&actor(*column), &p, &|_| vec![]);
            let offered = access::steps(&parties, row.state).contains(&row.command);
            assert_eq!(offered, row.cells[*column as usize] == ALLOWED, "{:?} {:?} {column:?}", row.state, row.command);
        }
    }
}

/// For the eyes of an official: the table in Chinese, with recall and assign.
#[test]
fn the_table_reads() {
    let mut pages: BTreeMap<StateName, Vec<String>> = BTreeMap::new();
    for row in rows() {
        let word = |cell: &&str| match *cell {
            ALLOWED => "可办",
            "not-your-role" => "非本岗",
            "wrong-state" => "状态不符",
            "not-found" => "不可见",
            "needs-unit-head" => "须负责人",
            "lead-unit-only" => "限主办",
            other => panic!("{other}"),
        };
        let cells: Vec<&str> = row.cells.iter().map(word).collect();
        let line = format!("| {} | {} | {} |", row.command.zh(), cells.join(" | "), after_zh(&row));
        pages.entry(row.state).or_default().push(line);
    }
    let columns: Vec<&str> = Column::ALL.iter().map(|it| it.zh()).collect();
    let head = format!("| 办理事项 | {} | 办理后 |\n|{}", columns.join(" | "), "---|".repeat(columns.len() + 2));
    let page =
        |(state, lines): (&StateName, &Vec<String>)| format!("## {}\n\n{head}\n{}\n", state.zh(), lines.join("\n"));
    insta::assert_snapshot!("state_command_role", pages.iter().map(page).collect::<Vec<_>>().join("\n"));
}

/// The states after, in Chinese.
fn after_zh(row: &Row) -> String {
    let mut text =
        row.after.replace("support unit", "协办单位").replace("its own close", "仅本件销号").replace("same", "不变");
    for (code, zh) in [("planned:", "列入计划："), ("duplicate:", "重复："), ("withdrawn:", "反映人撤回：")]
    {
        text = text.replace(code, zh);
    }
    StateName::ALL.iter().fold(text, |text, state| text.replace(&format!("{state:?}"), state.zh()))
}
