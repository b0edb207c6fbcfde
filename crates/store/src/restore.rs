//! Restoring a backup: into an empty database only, in one transaction, believed only when everything adds up.

use crate::audit;
use crate::backup::{Counts, Mark, VERSION, runtime, schema};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::files::Files;
use crate::row::Val;
use crate::tables::{MANY, Table, index_all, tables};
use crate::words::hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::bufread::GzDecoder;
use ring::digest::{Context, SHA256};
use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// No row and no piece of a file is longer; a file made to fill the memory ends here.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;

/// Reads a backup of either engine into `db`, which must be empty, and verifies it by its digest, its counts and an
/// audit. When anything is wrong nothing stays, neither rows nor files. Blocks; not for a thread of async tasks.
pub fn restore(
    db: &Db,
    files: &Files,
    input: impl Read + Send + 'static,
    mut progress: impl FnMut(u64) + Send + 'static,
) -> Result<Counts> {
    let new_files: Arc<Mutex<Vec<String>>> = Arc::default();
    let (noted, store) = (new_files.clone(), files.clone());
    let restored = db.write_blocking(move |tx| {
        let mut reading = Reading {
            lines: Lines {
                input: BufReader::new(GzDecoder::new(BufReader::new(input))),
                digest: Context::new(&SHA256),
                number: 0,
            },
            counts: Counts::default(),
            files: store,
            new_files: noted,
            progress: &mut progress,
        };
        reading.run(tx)
    });
    if restored.is_err() {
        let runtime = runtime()?;
        for digest in new_files.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // Named by its content, a file left behind does no harm.
            let _ = runtime.block_on(files.remove(&digest));
        }
    }
    restored
}

struct Lines<R: Read> {
    input: BufReader<GzDecoder<BufReader<R>>>,
    digest: Context,
    number: u64,
}

enum Line {
    Mark(Mark),
    Row(Vec<serde_json::Value>),
    Piece(String),
}

impl<R: Read> Lines<R> {
    /// The next line; the digest covers all but the one that carries it.
    fn next(&mut self) -> Result<Line> {
        let mut line = Vec::new();
        self.number += 1;
        let number = self.number;
        let read = (&mut self.input).take(LONGEST_LINE).read_until(b'\n', &mut line);
        read.map_err(|error| {
            refused(format!("it cannot be unpacked after line {}: {error}. It is cut off, or no backup", number - 1))
        })?;
        if line.last() != Some(&b'\n') {
            return Err(refused(format!("it ends in the middle, after line {}; it was cut off", number - 1)));
        }
        let bad = |_| refused(format!("line {number} cannot be read; the file was changed"));
        let parsed = match line.first() {
            Some(b'[') => Line::Row(serde_json::from_slice(&line).map_err(bad)?),
            Some(b'"') => Line::Piece(serde_json::from_slice(&line).map_err(bad)?),
            _ => Line::Mark(serde_json::from_slice(&line).map_err(bad)?),
        };
        if !matches!(parsed, Line::Mark(Mark::Sha256(_))) {
            self.digest.update(&line);
        }
        Ok(parsed)
    }

    fn ended(&mut self) -> Result<()> {
        let mut rest = [0];
        match self.input.read(&mut rest) {
            Ok(0) => Ok(()),
            _ => Err(refused("something follows its end; the file was changed".into())),
        }
    }
}

fn refused(why: String) -> Error {
    Error::Backup(format!("The backup was refused and nothing was restored: {}.", why.trim_end_matches('.')))
}

struct Reading<'p, R: Read> {
    lines: Lines<R>,
    counts: Counts,
    files: Files,
    new_files: Arc<Mutex<Vec<String>>>,
    progress: &'p mut dyn FnMut(u64),
}

impl<R: Read> Reading<'_, R> {
    fn run(&mut self, tx: &mut dyn Tx) -> Result<Counts> {
        for table in tables() {
            if !table.is_empty(tx)? {
                let why = "Nothing was restored: this database is not empty (table";
                return Err(Error::Backup(format!("{why} {} has rows). Restore into a new one.", table.name)));
            }
        }
        self.head(tx)?;
        let mut next = self.lines.next()?;
        for table in tables() {
            next = self.table(tx, table, next)?;
        }
        index_all(tx)?;
        let end = self.restore_files(next)?;
        self.counts.missing.clone_from(&end.missing);
        if self.counts != end {
            return Err(refused("it does not hold as many rows and files as it says; it was changed".into()));
        }
        let digest = hex(self.lines.digest.clone().finish().as_ref());
        match self.lines.next()? {
            Line::Mark(Mark::Sha256(said)) if said == digest => self.lines.ended()?,
            _ => return Err(refused("its digest does not fit; it was changed".into())),
        }
        for table in tables() {
            let rows = tx.query_one(table.count, &[])?.int(0)?;
            if self.counts.tables.get(table.name) != Some(&(rows as u64)) {
                return Err(refused(format!("table {} does not hold what was read", table.name)));
            }
        }
        match audit::verify(tx, &mut |_| {})?.broken {
            Some(broken) => Err(refused(format!("what it holds was changed before it was made. {}", broken.say().1))),
            None => Ok(self.counts.clone()),
        }
    }

    fn head(&mut self, tx: &mut dyn Tx) -> Result<()> {
        let Line::Mark(Mark::Zoufang { version, schema: found, .. }) = self.lines.next()? else {
            return Err(refused("it does not begin like one".into()));
        };
        let known = schema(tx)?;
        if version > VERSION || found > known {
            return Err(Error::Newer { found, known });
        }
        if found < known {
            let how = "restore it with the program that made it, then open that database with this one";
            return Err(refused(format!("it is of schema {found}, this program is at {known}; {how}")));
        }
        Ok(())
    }

    /// The rows of one table; gives back the line after them.
    fn table(&mut self, tx: &mut dyn Tx, table: &Table, head: Line) -> Result<Line> {
        match head {
            Line::Mark(Mark::Table { name, columns }) if name == table.name && columns == table.columns => {}
            _ => return Err(refused(format!("table {} is missing or has other columns", table.name))),
        }
        let mut adopted: Vec<[Val; 2]> = Vec::new();
        let (mut rows, mut waiting) = (0, Vec::with_capacity(MANY * table.columns.len()));
        let next = loop {
            let row = match self.lines.next()? {
                Line::Row(row) if row.len() == table.columns.len() => row,
                Line::Row(_) => {
                    return Err(refused(format!("line {} has too few or too many columns", self.lines.number)));
                }
                other => break other,
            };
            let mut values: Vec<Val> = row.into_iter().map(|it| self.value(it)).collect::<Result<_>>()?;
            if table.adopt.is_some() && values[1] != Val::Null {
                adopted.push([values[0].clone(), std::mem::replace(&mut values[1], Val::Null)]);
            }
            waiting.extend(values);
            if waiting.len() == MANY * table.columns.len() {
                self.put(tx, table, table.insert_many, &waiting)?;
                waiting.clear();
            }
            rows += 1;
            if rows % 1_000 == 0 {
                (self.progress)(self.counts.rows() + rows);
            }
        };
        for row in waiting.chunks(table.columns.len()) {
            self.put(tx, table, table.insert, row)?;
        }
        if let Some(sql) = table.adopt {
            for pair in &adopted {
                tx.exec(sql, pair)?;
            }
        }
        self.counts.tables.insert(table.name.into(), rows);
        (self.progress)(self.counts.rows());
        Ok(next)
    }

    fn put(&self, tx: &mut dyn Tx, table: &Table, sql: &'static str, values: &[Val]) -> Result<()> {
        let put = tx.exec(sql, values);
        put.map(drop).map_err(|error| match error {
            Error::Busy | Error::Disk(_) => error,
            error => refused(format!(
                "a row before line {} cannot be put into table {}. {error}",
                self.lines.number, table.name
            )),
        })
    }

    fn value(&self, value: serde_json::Value) -> Result<Val> {
        match value {
            serde_json::Value::Null => Ok(Val::Null),
            serde_json::Value::String(text) => Ok(Val::Text(text)),
            serde_json::Value::Number(number) if number.as_i64().is_some() => {
                Ok(Val::Int(number.as_i64().unwrap_or_default()))
            }
            _ => Err(refused(format!("line {} holds what no column can", self.lines.number))),
        }
    }

    /// The files, up to the line with the counts.
    fn restore_files(&mut self, mut next: Line) -> Result<Counts> {
        let runtime = runtime()?;
        loop {
            let (sha256, size) = match next {
                Line::Mark(Mark::End(counts)) => return Ok(counts),
                Line::Mark(Mark::File { sha256, size }) => (sha256, size),
                _ => return Err(refused(format!("line {} is out of place", self.lines.number))),
            };
            let mut bytes = Vec::new();
            while bytes.len() < size {
                match self.lines.next()? {
                    Line::Piece(text) if !text.is_empty() => match BASE64.decode(&text) {
                        Ok(piece) => bytes.extend(piece),
                        Err(_) => return Err(refused(format!("line {} cannot be read", self.lines.number))),
                    },
                    _ => return Err(refused(format!("file {sha256} is not whole"))),
                }
            }
            let (digest, new) = runtime.block_on(self.files.put_new(bytes.into()))?;
            if new {
                self.new_files.lock().unwrap_or_else(PoisonError::into_inner).push(digest.clone());
            }
            if digest != sha256 {
                return Err(refused(format!("file {sha256} was changed")));
            }
            self.counts.files += 1;
            next = self.lines.next()?;
        }
    }
}
