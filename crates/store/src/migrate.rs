//! Brings a schema up to date: numbered migrations, each in one transaction, never edited after release, never downwards.

use crate::db::{Engine, Tx};
use crate::error::{Error, Result};
use crate::vals;
use ring::digest;
use std::fmt::Write;

/// `sql` is in the portable subset; `sqlite` and `pg` run after it on that engine only (full-text search, partitions).
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    pub version: i64,
    pub name: &'static str,
    pub sql: &'static str,
    pub sqlite: Option<&'static str>,
    pub pg: Option<&'static str>,
}

impl Migration {
    fn special(&self, engine: Engine) -> Option<&'static str> {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.pg,
        }
    }

    /// Over what runs on this engine. Line ends do not count, so a checkout on Windows is the same migration.
    fn sha256(&self, engine: Engine) -> String {
        let mut context = digest::Context::new(&digest::SHA256);
        for part in [self.sql, self.special(engine).unwrap_or_default()] {
            context.update(part.replace('\r', "").as_bytes());
            context.update(&[0]);
        }
        context.finish().as_ref().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

const BOOTSTRAP: &str = "create table if not exists schema_version (
    version bigint primary key,
    name text not null,
    sha256 text not null,
    at bigint not null
)";

/// What is still to be applied; an error if this program and the database do not belong together.
pub(crate) fn pending(tx: &mut dyn Tx, known: &'static [Migration]) -> Result<Vec<&'static Migration>> {
    if let Some(pair) = known.windows(2).find(|pair| pair[0].version >= pair[1].version) {
        return Err(differs(&pair[1], "the list of migrations is not in ascending order"));
    }
    tx.batch(BOOTSTRAP)?;
    let applied = tx.query("select version, name, sha256 from schema_version order by version", &[])?;
    let newest = known.last().map_or(0, |migration| migration.version);
    for row in &applied {
        let version = row.int(0)?;
        if version > newest {
            let found = applied.last().map_or(Ok(version), |row| row.int(0))?;
            return Err(Error::Newer { found, known: newest });
        }
        let Some(migration) = known.iter().find(|migration| migration.version == version) else {
            let name = row.string(1)?;
            return Err(Error::Migration { version, name, why: "this program does not know it".into() });
        };
        if row.text(2)? != migration.sha256(tx.engine()) {
            return Err(differs(migration, "its text was changed after it was applied"));
        }
    }
    let newest = applied.last().map_or(Ok(0), |row| row.int(0))?;
    let pending: Vec<_> = known.iter().filter(|m| !applied.iter().any(|row| row.int(0) == Ok(m.version))).collect();
    match pending.first() {
        Some(first) if first.version < newest => Err(differs(first, "later ones were applied without it")),
        _ => Ok(pending),
    }
}

/// Applies each in a transaction of its own, so a failure leaves the schema at a version that is known.
pub(crate) fn apply(tx: &mut dyn Tx, pending: &[&'static Migration], now: i64) -> Result<()> {
    for migration in pending {
        apply_one(tx, migration, now).map_err(|error| match error {
            error @ (Error::Disk(_) | Error::Busy) => error,
            error => differs(migration, &format!("it failed and was undone. {error}")),
        })?;
    }
    Ok(())
}

fn apply_one(tx: &mut dyn Tx, migration: &Migration, now: i64) -> Result<()> {
    let engine = tx.engine();
    tx.batch(match engine {
        // Takes the write lock first, so that of two programs opening the same file the second sees the first's work.
        Engine::Sqlite => "begin immediate",
        Engine::Postgres => "begin",
    })?;
    let done = tx.query("select version from schema_version where version = $1", &vals![migration.version])?;
    if done.is_empty() {
        tx.batch(migration.sql)?;
        if let Some(sql) = migration.special(engine) {
            tx.batch(sql)?;
        }
        if engine == Engine::Sqlite {
            // Foreign keys are off while migrating (a table can only be rebuilt that way), so they are checked here.
            if let Some(row) = tx.query_opt("pragma foreign_key_check", &[])? {
                return Err(Error::Constraint(format!("rows of table {} refer to nothing.", row.text(0)?)));
            }
        }
        tx.exec(
            "insert into schema_version (version, name, sha256, at) values ($1, $2, $3, $4)",
            &vals![migration.version, migration.name, migration.sha256(engine), now],
        )?;
    }
    tx.batch("commit")?;
    tracing::info!(version = migration.version, name = migration.name, "schema migrated");
    Ok(())
}

fn differs(migration: &Migration, why: &str) -> Error {
    Error::Migration { version: migration.version, name: migration.name.into(), why: why.into() }
}
