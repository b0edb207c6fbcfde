//! SQLite for tests: migrated once per process, then copied into a folder of its own for every test.

use crate::{Guard, NOW, TestDb, TestPlace};
use std::fs;
use std::sync::OnceLock;
use store::{Db, Options, Place};

/// An empty folder; the file is made by whoever opens it.
pub fn sqlite_place() -> TestPlace {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder for a test database: {error}"));
    let place = Place::Sqlite(folder.path().join("zoufang.db"));
    TestPlace { place, _guard: Guard::Folder { _folder: folder } }
}

pub fn sqlite() -> TestDb {
    static MIGRATED: OnceLock<Vec<u8>> = OnceLock::new();
    let place = sqlite_place();
    let Place::Sqlite(file) = place.place() else { unreachable!("sqlite_place makes SQLite places") };
    let bytes = MIGRATED.get_or_init(|| {
        let first = file.with_extension("first");
        let opened = Db::open(&Options { readers: 1, ..Options::new(Place::Sqlite(first.clone()), NOW) });
        // Closing the last connection writes the log back, so the file alone is the whole database.
        drop(opened.unwrap_or_else(|error| panic!("the migrations failed on SQLite: {error}")));
        fs::read(&first).unwrap_or_else(|error| panic!("no migrated file: {error}"))
    });
    fs::write(file, bytes).unwrap_or_else(|error| panic!("the test database was not written: {error}"));
    TestDb::open(place)
}
