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

on_both!(of_the_whole_city_exactly_the_five_wrong_codes_come_back, |db| {
    let Some(bytes) = data("hangzhou.csv") else { return };
    let stage = Stage::set(&db);
    let run = stage.run(Kind::Enterprises, bytes.clone());
    let rejects = stage.rejects(&run);
    assert_eq!(run.counts, counts(25_581, 0, 0, 5), "{rejects:?}");
    assert!(rejects.iter().all(|it| it.1 == "code"), "{rejects:?}");
    assert_eq!(stage.run(Kind::Enterprises, bytes).counts, counts(0, 0, 25_581, 5));
});
