//! A run: reads on a thread of its own, saves 500 rows a transaction, goes on where a run of the same file stopped.

use crate::batch::{Rows, Scene, reject};
use crate::error::Error;
use crate::kind::{self, Good, Reading};
use crate::ways::{Kept, Ways};
use domain::fault::Fault;
use domain::id::{PersonId, RunId};
use domain::import::{Kind, RunState};
use domain::time::Millis;
use sheet::{Columns, Reader, Row};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;
use store::Db;
use store::ids::fresh;
use store::import_run::{self, Run};
use store::terms::{Deed, Failure, Terms};

/// Rows of one transaction.
pub const BATCH: usize = 500;

/// Batches that are read ahead while one is saved.
const AHEAD: usize = 2;
/// How often a database that is busy is asked again, and after which pause.
const TRIES: usize = 50;
const AGAIN: Duration = Duration::from_millis(200);

/// What is to be imported.
pub struct Wish<'a> {
    pub kind: Kind,
    /// The name of the file, for people.
    pub file: &'a str,
    /// Digest of the file: the same one goes on where it stopped.
    pub sha256: &'a str,
    /// Tells apart tables that number their rows alike.
    pub source: &'a str,
    /// `None`: as the last table of this kind from this source was read.
    pub ways: Option<Ways>,
    pub by: Option<PersonId>,
    /// Between two batches, so that others who write get their turn.
    pub pause: Duration,
}

/// Takes the table in; `progress` hears how far the run is after each batch.
///
/// # Errors
/// [`Error`]; what was saved until then stays, and the same file goes on from there.
pub fn run(
    db: &Db,
    terms: &Terms,
    mut reader: Reader,
    wish: &Wish,
    now: &dyn Fn() -> Millis,
    progress: &mut dyn FnMut(&Run),
) -> Result<Run, Error> {
    let begun = begin(db, terms, &mut reader, wish, now())?;
    let Begun { mut run, columns, kept } = begun;
    progress(&run);
    let saved = std::thread::scope(|scope| {
        let (sender, batches) = sync_channel(AHEAD);
        let skip = run.done;
        scope.spawn(move || {
            let reading = Reading {
                kind: wish.kind,
                columns: &columns,
                heads: &kept.heads,
                ways: &kept.ways,
                source: wish.source,
            };
            read_all(reader, &reading, skip, &sender);
        });
        save_all(db, terms, &mut run, batches, wish, now, progress)
    });
    let (by, at, terms, last) = (wish.by, now(), terms.clone(), run.clone());
    let state = if saved.is_ok() { RunState::Done } else { RunState::Stopped };
    let settled =
        db.write_blocking(move |tx| import_run::settle(tx, &Deed { terms: &terms, by, now: at }, &last, state));
    saved?;
    Ok(settled?)
}

struct Begun {
    run: Run,
    columns: Columns,
    kept: Kept,
}

/// Matches the heads before anything is written, then makes the run or finds the one that stopped.
fn begin(db: &Db, terms: &Terms, reader: &mut Reader, wish: &Wish, now: Millis) -> Result<Begun, Error> {
    let (kind, sha256, source) = (wish.kind, wish.sha256.to_owned(), wish.source.to_owned());
    let (open, last) = db.read_blocking(move |tx| {
        Ok::<_, store::Error>((
            import_run::find_open(tx, kind, &sha256, &source)?,
            import_run::find_map(tx, kind, &source)?,
        ))
    })?;
    let ways = match (&open, &wish.ways) {
        (Some(open), _) => Kept::parse(&open.map).ways,
        (None, Some(ways)) => ways.clone(),
        (None, None) => serde_json::from_str(&last).unwrap_or_default(),
    };
    ways.check(kind)?;
    let columns = reader.columns_mapped(kind::wanted(kind), &ways.pairs())?;
    let kept = Kept { ways, heads: reader.heads().to_vec() };
    let (terms, by, map) = (terms.clone(), wish.by, kept.write());
    let ways = wish.ways.as_ref().map(|it| serde_json::to_string(it).unwrap_or_default());
    let (file, sha256, source) = (wish.file.to_owned(), wish.sha256.to_owned(), wish.source.to_owned());
    let run = db.write_blocking(move |tx| {
        let new =
            import_run::New { id: RunId(fresh(now)), kind, file: &file, source: &source, sha256: &sha256, map: &map };
        if let Some(ways) = &ways {
            import_run::keep_map(tx, kind, &source, ways)?;
        }
        import_run::begin(tx, &Deed { terms: &terms, by, now }, &new)
    })?;
    Ok(Begun { run, columns, kept })
}

/// Reads to the end, or until nobody listens; the first `skip` rows are done already.
fn read_all(reader: Reader, reading: &Reading, skip: i64, to: &SyncSender<Result<Rows, sheet::Error>>) {
    let (mut firsts, mut batch, mut seen) = (Firsts::default(), Rows::default(), 0);
    for row in reader {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                let _ = to.send(Err(error));
                return;
            }
        };
        seen += 1;
        let read = reading.read(&row).and_then(|good| firsts.check(&row, good));
        if seen <= skip {
            continue;
        }
        add(&mut batch, row, read);
        if batch.rows as usize == BATCH && to.send(Ok(std::mem::take(&mut batch))).is_err() {
            return;
        }
    }
    if batch.rows > 0 {
        let _ = to.send(Ok(batch));
    }
}

fn add(batch: &mut Rows, row: Row, read: Result<Good, Vec<Fault>>) {
    if batch.rows == 0 {
        batch.first = row.line;
    }
    batch.rows += 1;
    match read {
        Ok(good) => {
            batch.goods.push(good);
            batch.cells.push((row.line, row.cells));
        }
        Err(faults) => batch.rejects.push(reject(row.line, row.cells, &faults)),
    }
}

/// Credit codes met in this file, with their first row.
#[derive(Default)]
pub(crate) struct Firsts(HashMap<String, (u64, String)>);

impl Firsts {
    /// The same code under another name in one file is a slip in one of the two rows.
    pub fn check(&mut self, row: &Row, good: Good) -> Result<Good, Vec<Fault>> {
        let Good::Enterprise(it) = &good else { return Ok(good) };
        let (code, name) = it.code_and_name();
        if code.is_empty() {
            return Ok(good);
        }
        let (line, first) = self.0.entry(code.to_owned()).or_insert_with(|| (row.line, name.to_owned()));
        if first == name {
            return Ok(good);
        }
        Err(vec![Fault::new(
            "code",
            format!("与第{line}行“{first}”的信用代码相同，名称却不同；请核对是哪一行写错了。"),
            format!(
                "Row {line}, \"{first}\", has the same credit code under another name; check which of the two is wrong."
            ),
        )])
    }
}

fn save_all(
    db: &Db,
    terms: &Terms,
    run: &mut Run,
    batches: Receiver<Result<Rows, sheet::Error>>,
    wish: &Wish,
    now: &dyn Fn() -> Millis,
    progress: &mut dyn FnMut(&Run),
) -> Result<(), Error> {
    for rows in batches {
        let rows = Arc::new(rows?);
        *run =
            save(db, terms, run, &rows, wish.by, now).map_err(|failure| Error::Store { failure, line: rows.first })?;
        progress(run);
        if !wish.pause.is_zero() {
            std::thread::sleep(wish.pause);
        }
    }
    Ok(())
}

fn save(
    db: &Db,
    terms: &Terms,
    run: &Run,
    rows: &Arc<Rows>,
    by: Option<PersonId>,
    now: &dyn Fn() -> Millis,
) -> Result<Run, Failure> {
    let mut tries = 0;
    loop {
        let (terms, before, rows, at) = (terms.clone(), run.clone(), rows.clone(), now());
        let saved = db.write_blocking(move |tx| rows.save(tx, &Scene { terms: &terms, by, now: at, run: &before }));
        match saved {
            Err(Failure::Store(store::Error::Busy)) if tries < TRIES => {
                tries += 1;
                std::thread::sleep(AGAIN);
            }
            other => return other,
        }
    }
}
