//! The migration runner, with injected lists: once each, in order, never changed, never downwards, copied before.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use std::path::Path;
use store::migrate::Migration;
use store::{Db, Engine, Error, Options, Place, Result};
use testkit::{TestPlace, on_both_places};

const FIRST: Migration = Migration {
    version: 1,
    name: "first",
    sql: "create table note (id bigint primary key, body text not null);
          insert into note (id, body) values (1, '一');",
    sqlite: Some("create table only_here (engine text); insert into only_here values ('Sqlite');"),
    pg: Some("create table only_here (engine text); insert into only_here values ('Postgres');"),
};
const SECOND: Migration = Migration {
    version: 2,
    name: "second",
    sql: "alter table note add column at bigint; update note set at = 7;",
    sqlite: None,
    pg: None,
};

fn open(place: &TestPlace, migrations: &'static [Migration]) -> Result<Db> {
    Db::open(&Options { migrations, now: 99, ..place.options() })
}

fn int(db: &Db, sql: &'static str) -> Result<i64> {
    db.read_blocking(move |tx| tx.query_one(sql, &[])?.int(0))
}

on_both_places!(migrations_run_once_each_in_order_and_the_part_for_the_engine, |place| {
    let db = open(place, &[FIRST]).unwrap();
    let engine = db.read_blocking(|tx| tx.query_one("select engine from only_here", &[])?.string(0)).unwrap();
    assert_eq!(engine, format!("{:?}", db.engine()));
    drop(db);
    for _ in 0..2 {
        let db = open(place, &[FIRST, SECOND]).unwrap();
        assert_eq!(int(&db, "select at from note"), Ok(7));
        assert_eq!(int(&db, "select max(version) from schema_version where at = 99"), Ok(2));
        assert_eq!(int(&db, "select count(*) from schema_version"), Ok(2));
    }
});

on_both_places!(a_newer_database_is_refused_and_left_alone, |place| {
    drop(open(place, &[FIRST, SECOND]).unwrap());
    let error = open(place, &[FIRST]).err().unwrap();
    assert_eq!(error, Error::Newer { found: 2, known: 1 });
    assert!(error.to_string().contains("newer program"), "{error}");
    drop(open(place, &[FIRST, SECOND]).unwrap());
});

on_both_places!(a_migration_changed_after_it_was_applied_is_refused, |place| {
    drop(open(place, &[FIRST]).unwrap());
    let changed = open(place, &[Migration { sql: "create table note (id bigint primary key)", ..FIRST }, SECOND]);
    assert!(matches!(changed.err(), Some(Error::Migration { version: 1, why, .. }) if why.contains("changed")));
    // Line ends are no change.
    const CRLF: Migration = Migration { sql: "create table a (id bigint);\r\n", version: 2, ..SECOND };
    drop(open(place, &[FIRST, CRLF]).unwrap());
    drop(open(place, &[FIRST, Migration { sql: "create table a (id bigint);\n", ..CRLF }]).unwrap());
});

on_both_places!(a_migration_that_was_left_out_or_is_unknown_is_refused, |place| {
    drop(open(place, &[SECOND_ALONE]).unwrap());
    let late = open(place, &[FIRST, SECOND_ALONE]);
    assert!(matches!(late.err(), Some(Error::Migration { version: 1, why, .. }) if why.contains("later ones")));
    let unknown = open(place, &[Migration { version: 3, ..SECOND }]);
    assert!(matches!(unknown.err(), Some(Error::Migration { version: 2, why, .. }) if why.contains("know")));
});
const SECOND_ALONE: Migration = Migration { sql: "create table b (id bigint)", ..SECOND };

on_both_places!(a_migration_that_fails_is_undone_and_those_before_stay, |place| {
    const BROKEN: Migration = Migration { sql: "delete from note; insert into nowhere values (1);", ..SECOND };
    let error = open(place, &[FIRST, BROKEN]).err().unwrap();
    assert!(matches!(&error, Error::Migration { version: 2, why, .. } if why.contains("nowhere")), "{error:?}");
    let db = open(place, &[FIRST]).unwrap();
    assert_eq!(int(&db, "select count(*) from note"), Ok(1));
    drop(db);
    assert_eq!(int(&open(place, &[FIRST, SECOND]).unwrap(), "select at from note"), Ok(7));
});

on_both_places!(servers_that_start_together_migrate_once, |place| {
    drop(open(place, &[FIRST]).unwrap());
    std::thread::scope(|scope| {
        let servers: Vec<_> = (0..6).map(|_| scope.spawn(|| open(place, &[FIRST, SECOND]))).collect();
        for server in servers {
            assert_eq!(int(&server.join().unwrap().unwrap(), "select at from note"), Ok(7));
        }
    });
    if let Place::Sqlite(_) = place.place() {
        let copy =
            Db::open(&Options { migrations: &[FIRST], ..Options::new(Place::Sqlite(copy_of(place, "0002")), 0) });
        assert_eq!(int(&copy.unwrap(), "select max(version) from schema_version"), Ok(1), "copied before, not after");
    }
});

fn copy_of(place: &TestPlace, version: &str) -> std::path::PathBuf {
    let Place::Sqlite(file) = place.place() else { panic!("SQLite") };
    file.with_extension(format!("db.before-{version}"))
}

#[test]
fn a_file_with_data_is_copied_before_it_is_migrated_and_a_new_one_is_not() {
    let place = testkit::sqlite_place();
    drop(open(&place, &[FIRST]).unwrap());
    assert!(!copy_of(&place, "0001").exists());
    drop(open(&place, &[FIRST, SECOND]).unwrap());
    let copy = copy_of(&place, "0002");
    assert!(copy.exists() && !Path::new(&format!("{}.part", copy.display())).exists());
    let before = Db::open(&Options { migrations: &[FIRST], ..Options::new(Place::Sqlite(copy), 0) }).unwrap();
    assert_eq!(before.engine(), Engine::Sqlite);
    assert_eq!(int(&before, "select count(*) from note"), Ok(1));
    assert_eq!(int(&before, "select max(version) from schema_version"), Ok(1));
}

#[test]
fn a_migration_that_breaks_a_reference_is_undone() {
    const REFERENCE: Migration = Migration {
        sql: "create table child (note bigint references note (id)); insert into child (note) values (5);",
        ..SECOND
    };
    let place = testkit::sqlite_place();
    let error = open(&place, &[FIRST, REFERENCE]).err().unwrap();
    assert!(matches!(&error, Error::Migration { why, .. } if why.contains("child")), "{error:?}");
    drop(open(&place, &[FIRST]).unwrap());
}

#[test]
#[cfg(unix)]
fn the_file_and_its_copy_can_be_read_by_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let place = testkit::sqlite_place();
    drop(open(&place, &[FIRST]).unwrap());
    let db = open(&place, &[FIRST, SECOND]).unwrap();
    let Place::Sqlite(file) = place.place() else { panic!("SQLite") };
    for file in [file.clone(), file.with_extension("db-wal"), copy_of(&place, "0002")] {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
    drop(db);
}
