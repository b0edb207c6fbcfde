//! When something breaks: a full queue, a full disk, a lost connection, a closed database.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use std::sync::mpsc;
use store::{Db, Error, Options, Place, Result, Tx, vals};

const ADD: &str = "insert into probe (id, body) values ($1, $2)";

fn with_schema(db: &Db) {
    db.write_blocking(|tx| tx.batch("create table probe (id bigint primary key, body text not null)")).unwrap();
}

fn count(db: &Db) -> i64 {
    db.read_blocking(|tx| tx.query_one("select count(*) from probe", &[])?.int(0)).unwrap()
}

fn busy_when_full(options: Options, threads: usize) {
    let db = Db::open(&Options { queue: 2, ..options }).unwrap();
    with_schema(&db);
    let (started, is_started) = mpsc::channel();
    let mut blocked = Vec::new();
    for _ in 0..threads {
        let (release, released) = mpsc::channel::<()>();
        let (db, started) = (db.clone(), started.clone());
        let task = std::thread::spawn(move || {
            db.write_blocking(move |_| {
                started.send(()).unwrap();
                let _ = released.recv();
                Ok::<_, Error>(())
            })
        });
        is_started.recv().unwrap();
        blocked.push((release, task));
    }
    // The queue is let in two; of twenty more, exactly eighteen are told at once.
    let (answer, answers) = mpsc::channel();
    let waiting: Vec<_> = (0..20)
        .map(|id| {
            let (db, answer) = (db.clone(), answer.clone());
            std::thread::spawn(move || answer.send(db.write_blocking(move |tx| tx.exec(ADD, &vals![id, "a"]))))
        })
        .collect();
    let refused: Vec<_> = answers.iter().take(18).collect();
    assert!(refused.iter().all(|result| *result == Err(Error::Busy)), "{refused:?}");
    for (release, task) in blocked {
        release.send(()).unwrap();
        task.join().unwrap().unwrap();
    }
    for task in waiting {
        task.join().unwrap().unwrap();
    }
    assert_eq!(count(&db), 2);
}

#[test]
fn a_full_queue_is_busy_at_once_on_sqlite() {
    busy_when_full(testkit::sqlite_place().options(), 1);
}

#[test]
fn a_full_queue_is_busy_at_once_on_postgres() {
    if !testkit::skip_postgres() {
        let place = testkit::postgres_place();
        busy_when_full(Options { readers: 2, ..place.options() }, 2);
    }
}

#[test]
fn on_a_full_disk_acknowledged_rows_stay_and_saving_goes_on_once_there_is_space() {
    let test = testkit::sqlite();
    let db = test.db();
    with_schema(&db);
    let limit = |pages: &'static str| db.write_blocking(move |tx| tx.batch(pages)).unwrap();
    limit("pragma max_page_count = 300");
    let body = "满".repeat(2000);
    let mut saved = 0;
    let full = loop {
        let body = body.clone();
        match db.write_blocking(move |tx| tx.exec(ADD, &vals![saved, body])) {
            Ok(_) => saved += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(&full, Error::Disk(text) if text.starts_with("The disk is full")), "{full:?}");
    assert!(saved > 10);
    assert_eq!(count(&db), saved);

    // Side by side: whoever is told "saved" is saved, and the rest hear of the disk, whichever of them filled it.
    let tasks: Vec<_> = (0..64)
        .map(|number| {
            let db = db.clone();
            let body = if number % 2 == 0 { body.clone() } else { "x".into() };
            std::thread::spawn(move || db.write_blocking(move |tx| tx.exec(ADD, &vals![1000 + number, body])))
        })
        .collect();
    let results: Vec<Result<u64>> = tasks.into_iter().map(|task| task.join().unwrap()).collect();
    assert!(results.iter().all(|r| matches!(r, Ok(1) | Err(Error::Disk(_)))), "{results:?}");
    let rest = results.iter().filter(|result| result.is_ok()).count() as i64;
    assert_eq!(count(&db), saved + rest);

    limit("pragma max_page_count = 100000");
    assert_eq!(db.write_blocking(move |tx| tx.exec(ADD, &vals![5000, body])), Ok(1));
    assert_eq!(count(&db), saved + rest + 1);
}

#[test]
fn a_file_that_cannot_be_made_is_a_sentence_about_the_disk() {
    let place = Place::Sqlite("/nowhere/at/all/zoufang.db".into());
    let error = Db::open(&Options::new(place, 0)).err().unwrap();
    assert!(matches!(&error, Error::Disk(text) if text.contains("/nowhere/at/all")), "{error:?}");
}

#[test]
fn a_server_that_is_not_there_is_a_sentence_without_the_password() {
    let place = Place::Postgres("postgres://user:secret@127.0.0.1:1/zoufang".into());
    assert!(!format!("{place:?}").contains("secret"));
    let error = Db::open(&Options::new(place, 0)).err().unwrap().to_string();
    assert!(error.contains("cannot be reached") && !error.contains("secret"), "{error}");
}

#[test]
fn after_a_lost_connection_the_next_command_gets_a_new_one() {
    if testkit::skip_postgres() {
        return;
    }
    let test = testkit::postgres();
    let db = test.db();
    with_schema(&db);
    let lost = db.write_blocking(|tx| {
        tx.exec(ADD, &vals![1, "lost"])?;
        tx.query("select pg_terminate_backend(pg_backend_pid())", &[])?;
        tx.exec(ADD, &vals![2, "lost"])
    });
    assert!(matches!(&lost, Err(Error::Database(text)) if text.contains("connection")), "{lost:?}");
    for id in 0..8 {
        assert_eq!(db.write_blocking(move |tx| tx.exec(ADD, &vals![id, "kept"])), Ok(1));
    }
    assert_eq!(count(&db), 8);
}

#[test]
fn a_deadlock_is_a_conflict_for_one_of_the_two() {
    if testkit::skip_postgres() {
        return;
    }
    let test = testkit::postgres();
    let db = test.db();
    with_schema(&db);
    db.write_blocking(|tx| tx.exec("insert into probe (id, body) values (1, ''), (2, '')", &[])).unwrap();
    let meet = std::sync::Arc::new(std::sync::Barrier::new(2));
    let cross = |first: i64, second: i64| {
        let (db, meet) = (db.clone(), meet.clone());
        std::thread::spawn(move || {
            db.write_blocking(move |tx| {
                let lock = |tx: &mut dyn Tx, id: i64| tx.exec("update probe set body = 'x' where id = $1", &vals![id]);
                lock(tx, first)?;
                meet.wait();
                lock(tx, second)
            })
        })
    };
    let results = [cross(1, 2), cross(2, 1)].map(|task| task.join().unwrap());
    assert_eq!(results.iter().filter(|result| **result == Ok(1)).count(), 1, "{results:?}");
    assert!(results.contains(&Err(Error::Conflict)), "{results:?}");
}

#[test]
fn what_was_answered_is_there_after_reopening() {
    let test = testkit::sqlite_place();
    let open = || Db::open(&test.options()).unwrap();
    let db = open();
    with_schema(&db);
    db.write_blocking(|tx| tx.exec(ADD, &vals![1, "一"])).unwrap();
    drop(db);
    let Place::Sqlite(file) = test.place() else { panic!("SQLite") };
    assert!(!file.with_extension("db-wal").exists(), "closing writes the log back into the file");
    assert_eq!(count(&open()), 1);
}

#[test]
fn a_database_opens_and_closes_inside_an_async_task() {
    testkit::runtime().block_on(async {
        for place in [Some(testkit::sqlite_place()), (!testkit::skip_postgres()).then(testkit::postgres_place)] {
            let Some(place) = place else { continue };
            let db = Db::open(&place.options()).unwrap();
            assert_eq!(db.write(|tx| tx.query_one("select 1", &[])?.int(0)).await, Ok(1));
        }
    });
}
