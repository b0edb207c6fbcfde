use intake::{Kind, Run, Wish};
use server::house::House;
use server::now;
use server::verb::import_table::summary;
use std::path::Path;
use std::time::Duration;

/// Takes a table in as the terminal does; the last line that it would print.
pub fn take(house: &House, kind: Kind, file: &Path, source: &str) -> String {
    let sha256 = store::words::sha256_of(std::fs::File::open(file).unwrap()).unwrap();
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let wish =
        Wish { kind, file: &name, sha256: &sha256, source, ways: None, by: None, pause: Duration::from_millis(0) };
    let reader = sheet::open(file).unwrap();
    let run: Run = intake::run(&house.db, &house.terms, reader, &wish, &now::now, &mut |_| {}).unwrap();
    summary(&run).to_string()
}
