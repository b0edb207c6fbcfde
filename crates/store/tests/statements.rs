//! Every SQL text in the sources is understood by both engines, also those that no other test happens to run.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use std::path::Path;
use store::{Engine, tables};
use testkit::on_both;

struct Statement {
    place: String,
    sql: String,
}

/// The string literals that stand first in the brackets of `query(`, `query_opt(`, `query_one(` and `exec(`.
fn statements() -> Vec<Statement> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let source = std::fs::read_to_string(&path).unwrap();
        for call in [".query(", ".query_opt(", ".query_one(", ".exec("] {
            for (at, _) in source.match_indices(call) {
                let line = source[..at].matches('\n').count() + 1;
                let place = format!("{}:{line}", path.file_name().unwrap().display());
                if let Some(sql) = literal(source[at + call.len()..].trim_start()) {
                    found.push(Statement { place, sql });
                }
            }
        }
    }
    found
}

/// The string literal that `code` begins with, as the compiler reads it.
fn literal(code: &str) -> Option<String> {
    let mut chars = code.strip_prefix('"')?.chars().peekable();
    let mut text = String::new();
    loop {
        match chars.next()? {
            '"' => return Some(text),
            '\\' => match chars.next()? {
                '\n' => while chars.next_if(|it| it.is_whitespace()).is_some() {},
                'n' => text.push('\n'),
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
}

/// Search, and asking an engine about itself, are the only things that are said differently.
fn only_on(it: &Statement) -> Option<Engine> {
    let says = |words: &[&str]| words.iter().any(|word| it.sql.contains(word));
    if it.place.starts_with("search") {
        let postgres = says(&["tsvector", "tsquery", "plan_cache_mode"]);
        let both = it.sql.starts_with("delete");
        return (!both).then_some(if postgres { Engine::Postgres } else { Engine::Sqlite });
    }
    if it.place.starts_with("postgres") {
        return Some(Engine::Postgres);
    }
    says(&["pragma"]).then_some(Engine::Sqlite)
}

on_both!(both_engines_understand_every_statement, |db| {
    let statements = statements();
    assert!(statements.len() >= 100, "the scanner found only {}", statements.len());
    for it in statements {
        if only_on(&it).is_some_and(|engine| engine != db.engine()) {
            continue;
        }
        let sql = it.sql.clone();
        // Each in a transaction of its own, since one that failed takes no further statement.
        let understood = db.write_blocking(move |tx| tx.prepare(&sql));
        assert_eq!(understood, Ok(()), "{}: {}", it.place, it.sql);
    }
    let lists = store::list::statements();
    for sql in [
        &lists[..],
        &store::promise::STATEMENTS,
        &store::visit_list::STATEMENTS,
        &store::triage::STATEMENTS,
        &store::errand::STATEMENTS,
        &store::burning::STATEMENTS,
        &store::board::STATEMENTS,
        &store::tally_open::STATEMENTS,
        &store::tally_week::STATEMENTS,
        &store::site::STATEMENTS,
        &store::site_desk::STATEMENTS,
        &store::punch::STATEMENTS,
        &store::appeal::STATEMENTS,
        &store::roll::statements(),
        &store::verdict::statements(),
        &store::today::statements(),
        &store::month_sheet::statements(),
    ]
    .concat()
    {
        assert_eq!(db.write_blocking(move |tx| tx.prepare(sql)), Ok(()), "{sql}");
    }
    let own = [
        &store::subject_list::STATEMENTS[..],
        &store::search::statements(db.engine())[..],
        &store::search_subject::statements(db.engine()),
        &store::search_visit::statements(db.engine()),
        &store::subject_bulk::statements(),
    ];
    for sql in own.concat() {
        assert_eq!(db.write_blocking(move |tx| tx.prepare(sql)), Ok(()), "{sql}");
    }
    for table in tables::tables() {
        for sql in [Some(table.page), Some(table.insert), Some(table.insert_many), Some(table.count), table.adopt]
            .into_iter()
            .flatten()
        {
            assert_eq!(db.write_blocking(move |tx| tx.prepare(sql)), Ok(()), "{sql}");
        }
    }
});

on_both!(a_statement_that_is_not_understood_is_told, |db| {
    assert!(db.write_blocking(|tx| tx.prepare("select nothing from nowhere")).is_err());
});

#[test]
fn every_list_has_a_limit() {
    // One row by nature: an aggregate, a key, or what the caller reads as one.
    let one = |sql: &str| sql.contains("count(*)") || sql.contains("max(") || !sql.starts_with("select");
    for it in statements() {
        let listing = !one(&it.sql) && it.sql.contains("order by");
        assert!(
            !listing || it.sql.contains(" limit ") || it.place.starts_with("migrate.rs"),
            "{}: {}",
            it.place,
            it.sql
        );
    }
}

#[test]
fn literals_are_read_as_the_compiler_reads_them() {
    assert_eq!(literal("\"a \\\"b\\\"\", 1").as_deref(), Some("a \"b\""));
    assert_eq!(literal("\"a \\\n    b\"").as_deref(), Some("a b"));
    assert_eq!(literal("SQL, &[])"), None);
}

#[test]
fn every_list_of_problems_is_one_range_of_one_index() {
    let test = testkit::sqlite();
    let db = test.db();
    for sql in store::list::statements() {
        let marks = (1..=24).rev().find(|it| sql.contains(&format!("${it}"))).unwrap();
        let explain: &'static str = format!("explain query plan {sql}").leak();
        let plan = db
            .read_blocking(move |tx| {
                let rows = tx.query(explain, &vec![store::Val::from(""); marks])?;
                rows.iter().map(|row| row.string(3)).collect::<Result<Vec<_>, _>>()
            })
            .unwrap();
        let sorted = plan.iter().any(|it| it.contains("TEMP B-TREE") || it.starts_with("SCAN"));
        assert!(!sorted, "{plan:?} for {sql}");
    }
}
