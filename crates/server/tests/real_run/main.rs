//! The real runs, each on both engines: 4,326 messages of citizens become problems and go the whole way; and the 2018 case
//! on the real register, from 160 doorsteps to the report upward.
//!
//! `cargo test --package server --test real_run -- --nocapture` (one of them: `messages`, `case_2018`)

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

mod case_2018;
mod cast;
mod course;
mod doorstep;
mod input;
mod messages;
mod report;
mod taking;

use server::export;
use server::house::House;
use std::collections::BTreeMap;
use std::path::Path;
use store::vals;

/// The exported table, read by our own reader, says what the database says.
pub fn read_back_equal(house: &House, folder: &Path, messages: usize) {
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

pub fn one_changed_byte_is_named(house: &House) {
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
