//! For tests only: a fresh database on each engine for every test, and the macros that run one body on both.

#[cfg(feature = "browser")]
mod axe;
mod cluster;
#[cfg(feature = "browser")]
pub mod eyes;
mod postgres;
mod sqlite;

pub use postgres::{postgres, postgres_place, skip_postgres};
pub use sqlite::{sqlite, sqlite_place};
pub use store::{Db, Place};

use store::{Engine, Options};

/// What `schema_version` says about test databases.
const NOW: i64 = 1_523_865_600_000;

/// An empty place for a database, removed when dropped.
pub struct TestPlace {
    place: Place,
    _guard: Guard,
}

enum Guard {
    Folder { _folder: tempfile::TempDir },
    Database { _database: postgres::Database },
}

impl TestPlace {
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Options with few connections, so that many tests can run side by side.
    pub fn options(&self) -> Options {
        Options { readers: 4, ..Options::new(self.place.clone(), NOW) }
    }
}

/// A migrated database of its own for one test, removed when dropped.
pub struct TestDb {
    // Dropped in this order: the database is closed before its place is removed.
    db: Db,
    place: TestPlace,
}

impl TestDb {
    fn open(place: TestPlace) -> TestDb {
        let db = Db::open(&place.options()).unwrap_or_else(|error| panic!("a test database did not open: {error}"));
        TestDb { db, place }
    }

    pub fn db(&self) -> Db {
        self.db.clone()
    }

    pub fn place(&self) -> &Place {
        self.place.place()
    }

    pub fn engine(&self) -> Engine {
        self.db.engine()
    }
}

/// A runtime for one async test.
pub fn runtime() -> tokio::runtime::Runtime {
    let built = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    built.unwrap_or_else(|error| panic!("no runtime: {error}"))
}

/// `on_both!(a_closed_issue_cannot_be_assigned, |db| { … })`: the body runs on SQLite and on PostgreSQL,
/// each with a migrated database of its own (`db: Db`).
#[macro_export]
macro_rules! on_both {
    ($name:ident, |$db:ident| $body:block) => {
        mod $name {
            use super::*;
            fn on_both_body($db: $crate::Db) $body
            #[test]
            fn sqlite() {
                let test = $crate::sqlite();
                on_both_body(test.db());
            }
            #[test]
            fn postgres() {
                if !$crate::skip_postgres() {
                    let test = $crate::postgres();
                    on_both_body(test.db());
                }
            }
        }
    };
}

/// `on_both!` with an async body.
#[macro_export]
macro_rules! on_both_async {
    ($name:ident, |$db:ident| $body:block) => {
        mod $name {
            use super::*;
            async fn on_both_body($db: $crate::Db) $body
            #[test]
            fn sqlite() {
                let test = $crate::sqlite();
                $crate::runtime().block_on(on_both_body(test.db()));
            }
            #[test]
            fn postgres() {
                if !$crate::skip_postgres() {
                    let test = $crate::postgres();
                    $crate::runtime().block_on(on_both_body(test.db()));
                }
            }
        }
    };
}

/// `on_both!` before there is a schema: the body gets `&TestPlace`, empty.
#[macro_export]
macro_rules! on_both_places {
    ($name:ident, |$place:ident| $body:block) => {
        mod $name {
            use super::*;
            fn on_both_body($place: &$crate::TestPlace) $body
            #[test]
            fn sqlite() {
                on_both_body(&$crate::sqlite_place());
            }
            #[test]
            fn postgres() {
                if !$crate::skip_postgres() {
                    on_both_body(&$crate::postgres_place());
                }
            }
        }
    };
}
