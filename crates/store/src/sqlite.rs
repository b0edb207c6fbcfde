//! SQLite: one writer thread that commits in groups, and a few readers, each thread owning its connection.
//!
//! Measured for readers (2 cores, 64 callers): threads of their own 8 µs of CPU per point read, tokio's blocking pool 18.

use crate::command::Command;
use crate::db::{Kind, Options};
use crate::error::{Error, Result};
use crate::migrate;
use crate::queue::Queue;
use crate::sqlite_tx::{SqliteTx, step};
use rusqlite::{Connection, OpenFlags};
use std::collections::VecDeque;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// How many commands share one commit. More would save little and let the first wait long for the last.
const GROUP: usize = 256;

const WRITER: &str = "sqlite-write";

type Commands = Queue<Box<dyn Command>>;

/// Connections for reads on the calling thread: one a core is enough for what takes microseconds.
const AT_HAND: usize = 2;

pub(crate) struct Sqlite {
    writes: Arc<Commands>,
    reads: Arc<Commands>,
    at_hand: Mutex<Vec<Connection>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Sqlite {
    pub fn open(file: &Path, options: &Options) -> Result<Sqlite> {
        let writer = open_writer(file)?;
        migrate_file(&writer, file, options)?;
        let engine = Sqlite {
            writes: Arc::new(Queue::new(options.queue)),
            reads: Arc::new(Queue::new(options.queue)),
            at_hand: Mutex::new((0..AT_HAND).map(|_| open_reader(file)).collect::<Result<_>>()?),
            threads: Mutex::default(),
        };
        engine.start(WRITER, &engine.writes, move |queue| write_loop(&writer, queue))?;
        for _ in 0..options.readers.max(1) {
            let reader = open_reader(file)?;
            engine.start("sqlite-read", &engine.reads, move |queue| read_loop(&reader, queue))?;
        }
        Ok(engine)
    }

    pub fn send(&self, kind: Kind, command: Box<dyn Command>) -> Result<()> {
        match kind {
            Kind::Write => self.writes.push(command),
            Kind::Read => self.reads.push(command),
        }
    }

    /// Serves a read on this very thread, or gives it back when every connection at hand is in use.
    pub fn read_here(&self, command: Box<dyn Command>) -> Option<Box<dyn Command>> {
        let conn = self.at_hand.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let Some(conn) = conn else { return Some(command) };
        read_one(&conn, command);
        self.at_hand.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        None
    }

    fn start(&self, name: &str, queue: &Arc<Commands>, run: impl FnOnce(&Commands) + Send + 'static) -> Result<()> {
        let queue = queue.clone();
        let thread = thread::Builder::new().name(name.into()).spawn(move || {
            let abandoned = AbandonOnExit(queue);
            run(&abandoned.0);
        });
        let thread = thread.map_err(|error| Error::Database(format!("no thread could be started: {error}")))?;
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        // The writer, which was started first, is closed last and alone: only the last connection writes the log back
        // into the file, and of two that close at once neither takes itself for the last.
        self.reads.close();
        self.at_hand.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
        for thread in self.threads.get_mut().unwrap_or_else(PoisonError::into_inner).drain(..).rev() {
            if thread.thread().name() == Some(WRITER) {
                self.writes.close();
            }
            // The last clone may have been dropped inside a command.
            if thread.thread().id() != thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}

struct AbandonOnExit(Arc<Commands>);

impl Drop for AbandonOnExit {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

/// Copies the whole database into a new file, compact and consistent, while others read and write it.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    // Under another name first: a copy that ended half-way must not look like one that is whole.
    let part = beside(to, "part");
    let disk = |error: std::io::Error| Error::Disk(format!("The copy {} cannot be written: {error}.", to.display()));
    create_private(&part).map_err(disk)?;
    let conn = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.execute("vacuum into ?1", [part.to_str().ok_or_else(|| Error::Disk("The path is not UTF-8.".into()))?])?;
    drop(conn);
    File::open(&part).and_then(|file| file.sync_all()).map_err(disk)?;
    fs::rename(&part, to).map_err(disk)
}

/// Empty and readable by the owner alone: the file holds names, phone numbers and passwords' hashes.
/// SQLite gives its `-wal` and `-shm` the same rights.
fn create_private(file: &Path) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

fn open_writer(file: &Path) -> Result<Connection> {
    if !file.exists() {
        create_private(file)
            .map_err(|error| Error::Disk(format!("The database file {} cannot be made: {error}.", file.display())))?;
    }
    let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    // SQLite opens such a file for reading alone and would refuse the first report, hours later.
    if conn.is_readonly("main")? {
        return Err(Error::Disk(format!(
            "The database file {} may not be written. Check its owner and rights.",
            file.display()
        )));
    }
    conn.set_prepared_statement_cache_capacity(256);
    // temp_store: savepoints keep the pages they may have to restore; beyond 64 KB these would go to a file.
    // wal_autocheckpoint: 16 MB instead of 4, a quarter of the pauses in which a commit also copies the log back.
    conn.execute_batch(
        "pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = full;
         pragma foreign_keys = on; pragma cache_size = -65536; pragma temp_store = memory;
         pragma wal_autocheckpoint = 4000; pragma journal_size_limit = 67108864;",
    )?;
    Ok(conn)
}

fn open_reader(file: &Path) -> Result<Connection> {
    let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.set_prepared_statement_cache_capacity(256);
    // mmap_size: a quarter less CPU per point read, and pages of the file are the system's to give back, not private
    // memory. The price is that a disk that cannot be read ends the program instead of the read; what was saved stays.
    conn.execute_batch(
        "pragma busy_timeout = 5000; pragma query_only = on; pragma cache_size = -8192; pragma temp_store = memory;
         pragma mmap_size = 268435456;",
    )?;
    Ok(conn)
}

fn migrate_file(conn: &Connection, file: &Path, options: &Options) -> Result<()> {
    let mut tx = SqliteTx::write(conn);
    if migrate::pending(&mut tx, options.migrations)?.is_empty() {
        return Ok(());
    }
    // Of programs that start together one copies and migrates. The lock is no SQLite lock, because the copy is made
    // by a connection of its own and each migration commits by itself; and it goes with a program that is killed.
    let lock_file = beside(file, "migrating");
    let lock = File::create(&lock_file).and_then(|lock| lock.lock().map(|()| lock));
    let _lock = lock.map_err(|error| Error::Disk(format!("{} cannot be locked: {error}.", lock_file.display())))?;
    let pending = migrate::pending(&mut tx, options.migrations)?;
    let tables = "select count(*) from sqlite_master where type = 'table' and name <> 'schema_version'";
    let has_data = conn.query_row(tables, [], |row| row.get::<_, i64>(0))? > 0;
    if let Some(first) = pending.first()
        && has_data
    {
        let to = beside(file, &format!("before-{:04}", first.version));
        copy(file, &to)?;
        tracing::info!(copy = %to.display(), "database copied before it is migrated");
    }
    conn.execute_batch("pragma foreign_keys = off")?;
    migrate::apply(&mut tx, &pending, options.now)?;
    conn.execute_batch("pragma foreign_keys = on")?;
    // Whoever still waits on it finds nothing left to do.
    let _ = fs::remove_file(lock_file);
    Ok(())
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    name.into()
}

fn read_loop(conn: &Connection, queue: &Commands) {
    let mut one = VecDeque::with_capacity(1);
    while queue.take(1, &mut one) {
        for command in one.drain(..) {
            read_one(conn, command);
        }
    }
}

fn read_one(conn: &Connection, mut command: Box<dyn Command>) {
    let begun = step(conn, "begin");
    if begun.is_ok() {
        command.run(&mut SqliteTx::read(conn));
        // Nothing was changed, and a read that has its rows has them whatever the end says.
        let _ = step(conn, "rollback");
    }
    command.answer(&begun);
}

fn write_loop(conn: &Connection, queue: &Commands) {
    let mut group = VecDeque::with_capacity(GROUP);
    while queue.take(GROUP, &mut group) {
        while !group.is_empty() {
            let mut done = Vec::with_capacity(group.len());
            let commit = commit_group(conn, &mut group, &mut done);
            if commit.is_err() && !conn.is_autocommit() {
                let _ = step(conn, "rollback");
            }
            // Only now: nobody is told "saved" before the disk has it.
            for command in done {
                command.answer(&commit);
            }
        }
    }
}

/// Runs the group in one transaction, moving each command to `done`. An error is about all of `done`: none was saved.
/// Commands still in `group` then have not run and may be tried in a new transaction.
fn commit_group(
    conn: &Connection,
    group: &mut VecDeque<Box<dyn Command>>,
    done: &mut Vec<Box<dyn Command>>,
) -> Result<()> {
    // A command alone needs no savepoint: what undoes it undoes the transaction.
    let alone = group.len() == 1;
    if let Err(error) = step(conn, "begin immediate") {
        done.extend(group.drain(..));
        return Err(error);
    }
    while let Some(command) = group.pop_front() {
        done.push(command);
        let Some(command) = done.last_mut() else { break };
        if !alone {
            step(conn, "savepoint command")?;
        }
        let mut tx = SqliteTx::write(conn);
        let keep = command.run(&mut tx);
        // On a full or broken disk SQLite may give up the whole transaction, with what others did in it.
        if conn.is_autocommit() {
            let given_up = || Error::Database("the transaction was given up".into());
            return Err(tx.failed.unwrap_or_else(given_up));
        }
        match (keep, alone) {
            (true, true) => {}
            (true, false) => step(conn, "release command")?,
            (false, true) => return step(conn, "rollback"),
            (false, false) => {
                step(conn, "rollback to command")?;
                step(conn, "release command")?;
            }
        }
    }
    step(conn, "commit")
}
