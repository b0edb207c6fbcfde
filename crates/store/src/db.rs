//! The door to the database: commands and reads are closures over a small synchronous `Tx`, the same on both engines.

use crate::command::{self, Command};
use crate::error::{Error, Result};
use crate::migrate::Migration;
use crate::postgres::Postgres;
use crate::row::{Row, Val};
use crate::sqlite::Sqlite;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// One transaction. Statements are in the portable subset: `$1` parameters, types text, bigint, smallint and double
/// precision, times handed in. After a statement failed the transaction is lost, whatever the closure does with the error.
pub trait Tx {
    /// Runs a statement without an answer; returns how many rows it changed, which is how guarded updates are told.
    fn exec(&mut self, sql: &'static str, params: &[Val]) -> Result<u64>;
    fn query(&mut self, sql: &'static str, params: &[Val]) -> Result<Vec<Row>>;
    /// Several statements at once without parameters; for migrations and tests only, since nothing is cached.
    fn batch(&mut self, sql: &str) -> Result<()>;
    /// Whether the engine understands the statement, without running it; for tests.
    fn prepare(&mut self, sql: &str) -> Result<()>;
    fn engine(&self) -> Engine;
}

impl dyn Tx + '_ {
    /// The first row, if there is one.
    pub fn query_opt(&mut self, sql: &'static str, params: &[Val]) -> Result<Option<Row>> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    /// The first row, or `NotFound`.
    pub fn query_one(&mut self, sql: &'static str, params: &[Val]) -> Result<Row> {
        self.query_opt(sql, params)?.ok_or(Error::NotFound)
    }
}

#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// The file; its `-wal` and `-shm` lie beside it.
    Sqlite(PathBuf),
    /// A `postgres://` address; a Unix socket is `postgresql:///name?host=/folder`.
    Postgres(String),
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Sqlite(file) => write!(f, "Sqlite({})", file.display()),
            // The address may hold a password, and places end up in logs.
            Place::Postgres(_) => write!(f, "Postgres(…)"),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Options {
    pub place: Place,
    /// How many commands, and how many reads, may wait before the next is refused as `Busy`.
    pub queue: usize,
    /// Threads that read (SQLite), or connections that read and write (PostgreSQL).
    pub readers: usize,
    /// Milliseconds since 1970, noted beside each migration applied on opening.
    pub now: i64,
    pub migrations: &'static [Migration],
}

impl Options {
    pub fn new(place: Place, now: i64) -> Options {
        let readers = match place {
            Place::Sqlite(_) => 4,
            Place::Postgres(_) => 16,
        };
        Options { place, queue: 1024, readers, now, migrations: crate::migrations::MIGRATIONS }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Write,
    Read,
}

/// Shared by everyone; closing happens when the last clone is dropped.
#[derive(Clone)]
pub struct Db {
    engine: Arc<Running>,
}

enum Running {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Db {
    /// Opens the database and brings its schema up to date. Blocks; may be called inside or outside a tokio runtime.
    pub fn open(options: &Options) -> Result<Db> {
        let engine = match &options.place {
            Place::Sqlite(file) => Running::Sqlite(Sqlite::open(file, options)?),
            Place::Postgres(url) => Running::Postgres(Postgres::open(url, options)?),
        };
        Ok(Db { engine: Arc::new(engine) })
    }

    pub fn engine(&self) -> Engine {
        match *self.engine {
            Running::Sqlite(_) => Engine::Sqlite,
            Running::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a command in one transaction; `Ok` means it is on the disk. An `Err` from the closure undoes all of it.
    /// Nothing slow inside (no hashing, no network, no documents): on SQLite every other writer waits for it.
    /// Dropping the future does not call the command back.
    pub async fn write<T, E>(&self, f: impl FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (command, answer) = command::call(f);
        self.send(Kind::Write, command)?;
        answer.await.unwrap_or_else(|_| Err(Error::stopped().into()))
    }

    /// Runs a closure over one snapshot of the database; it sees every write answered before, and may change nothing.
    pub async fn read<T, E>(&self, f: impl FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (command, answer) = command::call(f);
        self.send(Kind::Read, command)?;
        answer.await.unwrap_or_else(|_| Err(Error::stopped().into()))
    }

    /// `read` for a few lookups by key that stand before every answer, such as whose session it is. On SQLite it runs on
    /// the calling thread: two changes of thread cost more than the lookups. Not for lists, timelines or searches, since
    /// that thread serves others too.
    pub async fn glance<T, E>(&self, f: impl FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (command, answer) = command::call(f);
        let waiting = match &*self.engine {
            Running::Sqlite(engine) => engine.read_here(command),
            Running::Postgres(_) => Some(command),
        };
        if let Some(command) = waiting {
            self.send(Kind::Read, command)?;
        }
        answer.await.unwrap_or_else(|_| Err(Error::stopped().into()))
    }

    /// `write` for the command line and tests; not to be called on a thread that runs async tasks.
    pub fn write_blocking<T, E>(&self, f: impl FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (command, answer) = command::call(f);
        self.send(Kind::Write, command)?;
        answer.blocking_recv().unwrap_or_else(|_| Err(Error::stopped().into()))
    }

    /// `read` for the command line and tests; not to be called on a thread that runs async tasks.
    pub fn read_blocking<T, E>(&self, f: impl FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (command, answer) = command::call(f);
        self.send(Kind::Read, command)?;
        answer.blocking_recv().unwrap_or_else(|_| Err(Error::stopped().into()))
    }

    fn send(&self, kind: Kind, command: Box<dyn Command>) -> Result<()> {
        match &*self.engine {
            Running::Sqlite(engine) => engine.send(kind, command),
            Running::Postgres(engine) => engine.send(kind, command),
        }
    }
}
