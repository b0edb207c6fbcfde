//! The list of migrations, oldest first. Append only: what was released is never changed.

use crate::migrate::Migration;

macro_rules! migration {
    ($version:literal, $name:literal) => {
        Migration {
            version: $version,
            name: $name,
            sql: include_str!(concat!("../migrations/", $name, ".sql")),
            sqlite: None,
            pg: None,
        }
    };
}

pub const MIGRATIONS: &[Migration] = &[
    migration!(1, "0001_people"),
    migration!(2, "0002_problem"),
    migration!(3, "0003_event"),
    Migration {
        sqlite: Some(include_str!("../migrations/0004_search.sqlite.sql")),
        pg: Some(include_str!("../migrations/0004_search.pg.sql")),
        ..migration!(4, "0004_search")
    },
    Migration {
        sqlite: Some(include_str!("../migrations/0005_doorstep.sqlite.sql")),
        pg: Some(include_str!("../migrations/0005_doorstep.pg.sql")),
        ..migration!(5, "0005_doorstep")
    },
    Migration {
        sqlite: Some(include_str!("../migrations/0006_view.sqlite.sql")),
        pg: Some(include_str!("../migrations/0006_view.pg.sql")),
        ..migration!(6, "0006_view")
    },
    migration!(7, "0007_home"),
    migration!(8, "0008_triage"),
    migration!(10, "0010_photo"),
    migration!(11, "0011_site"),
];
