//! Real files, where they are at hand.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use std::path::PathBuf;

use sheet::{Reader, Wanted, open};

/// The folder of real input; says loudly when it is absent.
fn data(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("ZOUFANG_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    eprintln!("*** SKIPPED, NOTHING WAS TESTED: {} is absent; set ZOUFANG_DATA ***", path.display());
    None
}

fn count(file: &str, heads: usize) -> Option<usize> {
    let reader = open(&data(file)?).unwrap();
    assert_eq!(reader.heads().len(), heads);
    Some(reader.map(|row| row.unwrap()).inspect(|row| assert_eq!(row.problem, None, "line {}", row.line)).count())
}

#[test]
fn messages_with_cells_of_many_lines() {
    if let Some(rows) = count("messages/pool.csv", 7) {
        assert_eq!(rows, 4_326);
    }
    if let Some(rows) = count("messages/replied.csv", 5) {
        assert_eq!(rows, 2_233);
    }
    if let Some(rows) = count("messages/categorised.csv", 3) {
        assert_eq!(rows, 6_725);
    }
}

#[test]
fn enterprises_in_gb18030() {
    const WANTED: &[Wanted] = &[
        Wanted { field: "name", heads: &["企业名称"], required: true },
        Wanted { field: "code", heads: &["统一社会信用代码"], required: true },
    ];
    if let Some(path) = data("enterprises/zone_gb18030.csv") {
        let mut reader: Reader = open(&path).unwrap();
        let columns = reader.columns(WANTED).unwrap();
        let rows: Vec<_> = reader.map(Result::unwrap).collect();
        assert_eq!(rows.len(), 572);
        assert!(rows.iter().all(|row| row.problem.is_none() && columns.get(row, "code").len() == 18));
    }
}

#[test]
fn a_province_packed() {
    if let Some(rows) = count("enterprises/zhejiang.csv.gz", 9) {
        assert!(rows > 150_000, "{rows}");
    }
}
