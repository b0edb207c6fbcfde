//! Real registers, where they are at hand.

use crate::stage::{Stage, counts};
use intake::Kind;
use std::path::PathBuf;
use testkit::on_both;

/// The folder of real input; says loudly when it is absent.
fn data(file: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("ZOUFANG_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let path = folder.join("enterprises").join(file);
    let read = std::fs::read(&path).ok();
    if read.is_none() {
        eprintln!("*** SKIPPED, NOTHING WAS TESTED: {} is absent; set ZOUFANG_DATA ***", path.display());
    }
    read
}

on_both!(the_zone_comes_in_whole_and_a_second_time_nothing_changes, |db| {
    let Some(bytes) = data("zone_gb18030.csv") else { return };
    let stage = Stage::set(&db);
    assert_eq!(stage.run(Kind::Enterprises, bytes.clone()).counts, counts(572, 0, 0, 0));
    assert_eq!(stage.run(Kind::Enterprises, bytes).counts, counts(0, 0, 572, 0));
    stage.verified();
});

on_both!(the_whole_city_comes_in, |db| {
    let Some(bytes) = data("hangzhou.csv") else { return };
    let stage = Stage::set(&db);
    assert_eq!(stage.run(Kind::Enterprises, bytes).counts, counts(25_586, 0, 0, 0));
});

/// The whole province takes minutes in a build for tests, so of its good rows only the first are imported.
#[test]
fn of_the_whole_province_exactly_the_five_wrong_codes_come_back() {
    let Some(bytes) = data("zhejiang.csv.gz") else { return };
    let table = sheet::from_bytes("zhejiang.csv.gz", bytes).unwrap().table().unwrap();
    let mut some = sheet::Writer::in_memory(sheet::Kind::Csv, &table.heads).unwrap();
    let mut good = 0;
    for row in &table.rows {
        let wrong = domain::credit_code::check(&row.cells[1]).is_err();
        good += i64::from(!wrong && good < 700);
        if wrong || good < 700 {
            some.row(&row.cells).unwrap();
        }
    }
    assert_eq!(table.rows.len(), 151_978);
    let test = testkit::sqlite();
    let stage = Stage::set(&test.db());
    let run = stage.run(Kind::Enterprises, some.finish().unwrap());
    let rejects = stage.rejects(&run);
    // Eighteen companies stand there twice.
    assert_eq!(run.counts, counts(681, 0, 18, 5), "{rejects:?}");
    assert!(rejects.iter().all(|it| it.1 == "code"), "{rejects:?}");
}
