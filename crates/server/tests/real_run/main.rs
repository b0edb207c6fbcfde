//! The real run: 4,326 messages of citizens become problems and go the whole way on both engines.
//!
//! `cargo test --package server --test real_run -- --nocapture`

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

mod course;
mod input;

use course::Run;
use server::house::{At, House};
use server::verb::import_table::summary;
use server::{export, now};
use std::collections::BTreeMap;
use std::path::Path;
use store::{Place, vals};
use testkit::{TestPlace, on_both_places};

on_both_places!(every_message_goes_the_whole_way_and_nothing_is_lost, |place| { whole_way(place) });

fn whole_way(place: &TestPlace) {
    let folder = tempfile::tempdir().unwrap();
    let mut at = At::new(folder.path());
    if let Place::Postgres(url) = place.place() {
        at.database = Some(url.clone());
    }
    let house = House::open(&at, now::now()).unwrap();
    let input = input::find(folder.path());
    assert_eq!(import(&house, &input.pool), format!("imported {}, updated 0, unchanged 0, rejected 0", input.messages));
    assert_eq!(import(&house, &input.pool), format!("imported 0, updated 0, unchanged {}, rejected 0", input.messages));

    let mut run = Run::begin(&house, input.replies.clone());
    assert_eq!(run.problems(), input.messages);
    run.go();
    let states = run.states();
    println!("{:?}: {states:?}, {} commands accepted", house.db.engine(), run.accepted);
    for state in ["in-hand", "closed", "merged", "refused", "withdrawn"] {
        assert!(states.get(state).is_some_and(|count| *count > 0), "no problem ended {state}: {states:?}");
    }
    assert!(run.accepted as usize > input.messages * 7);
    assert!(states["closed"] > input.messages as i64 / 2);
    run.outcomes_are_as_driven();
    assert_eq!(states.get("planned"), None, "all planned ones have woken");
    let woken = house
        .db
        .read_blocking(|tx| tx.query_one("select count(*) from event where kind = 'woken'", &[])?.int(0))
        .unwrap();
    assert_eq!(woken as usize, (0..input.messages).filter(|i| i % 20 == 9).count());

    read_back_equal(&house, folder.path(), input.messages);
    let report = house.db.read_blocking(|tx| store::audit::verify(tx, &mut |_| {})).unwrap();
    assert_eq!(report.broken, None);
    assert_eq!(report.problems as usize, input.messages);
    assert_eq!(
        report.events,
        house.db.read_blocking(|tx| tx.query_one("select count(*) from event", &[])?.int(0)).unwrap() as u64
    );
    one_changed_byte_is_named(&house);
}

fn import(house: &House, file: &Path) -> String {
    let sha256 = store::words::sha256_of(std::fs::File::open(file).unwrap()).unwrap();
    let wish = intake::Wish {
        kind: intake::Kind::Problems,
        file: "pool.csv",
        sha256: &sha256,
        source: "pool",
        ways: None,
        by: None,
        pause: std::time::Duration::ZERO,
    };
    let reader = sheet::open(file).unwrap();
    let run = intake::run(&house.db, &house.terms, reader, &wish, &now::now, &mut |_| {}).unwrap();
    summary(&run).to_string()
}

/// The exported table, read by our own reader, says what the database says.
fn read_back_equal(house: &House, folder: &Path, messages: usize) {
    let to = folder.join("export.csv");
    assert_eq!(export::export(house, &to, true, &mut |_, _| {}).unwrap() as usize, messages);
    let mut reader = sheet::open(&to).unwrap();
    let heads: Vec<String> = reader.heads().to_vec();
    let column = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let (no, title, detail, state) = (column("编号"), column("标题"), column("内容"), column("状态"));
    let mut read: BTreeMap<i64, (String, String, String)> = BTreeMap::new();
    for row in &mut reader {
        let cells = row.unwrap().cells;
        read.insert(cells[no].parse().unwrap(), (cells[title].clone(), cells[detail].clone(), cells[state].clone()));
    }
    let stored = house
        .db
        .read_blocking(|tx| {
            let rows = tx.query("select no, title, detail, state from problem order by no limit 100000", &[])?;
            rows.iter()
                .map(|row| {
                    let state = domain::problem::StateName::parse(row.text(3)?).unwrap();
                    Ok::<_, store::Error>((row.int(0)?, (row.string(1)?, row.string(2)?, state.zh().to_owned())))
                })
                .collect::<Result<BTreeMap<_, _>, _>>()
        })
        .unwrap();
    assert_eq!(read.len(), messages);
    for (no, line) in &stored {
        assert_eq!(read.get(no), Some(line), "number {no}");
    }
}

fn one_changed_byte_is_named(house: &House) {
    let (thing, no) = house
        .db
        .write_blocking(|tx| {
            let row = tx.query_one("select e.id, e.body, e.thing, p.no from event e join problem p on p.id = e.thing where e.seq = 3 order by e.id limit 1", &[])?;
            let body = row.text(1)?.replacen("\"seq\":3", "\"seq\":4", 1);
            assert_eq!(tx.exec("update event set body = $2 where id = $1", &vals![row.text(0)?, body])?, 1);
            Ok::<_, store::Error>((row.string(2)?, row.int(3)?))
        })
        .unwrap();
    let report = house.db.read_blocking(|tx| store::audit::verify(tx, &mut |_| {})).unwrap();
    let broken = report.broken.expect("a changed byte is found");
    assert_eq!((broken.thing.as_str(), broken.no), (thing.as_str(), Some(no)));
    let (zh, en) = broken.say();
    println!("{zh}\n{en}");
    assert!(zh.contains(&no.to_string()) && zh.contains("第3条"), "{zh}");
}
