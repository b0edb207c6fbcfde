//! Imports 导入: a run with how far it is, the rows it rejected, and which head gives which field.

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::note;
use crate::import_change::{self, Change};
use crate::many::Insert;
use crate::row::{Row, Val};
use crate::terms::Deed;
use crate::vals;
use crate::words::sha256;
use domain::id::{PersonId, RunId};
use domain::import::{Kind, RunState};
use domain::time::Millis;
use serde_json::json;
use std::sync::OnceLock;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub imported: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub rejected: i64,
}

impl Counts {
    pub fn plus(self, other: Counts) -> Counts {
        Counts {
            imported: self.imported + other.imported,
            updated: self.updated + other.updated,
            unchanged: self.unchanged + other.unchanged,
            rejected: self.rejected + other.rejected,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub id: RunId,
    pub kind: Kind,
    /// The name of the file, for people.
    pub file: String,
    /// Tells apart tables that number their rows alike.
    pub source: String,
    pub sha256: String,
    /// Field → head and how the rest is taken, as JSON.
    pub map: String,
    pub state: RunState,
    pub by: Option<PersonId>,
    pub at: Millis,
    /// Rows of the file that are done; a batch and this number are saved together.
    pub done: i64,
    pub counts: Counts,
    /// How many changes it noted.
    pub seq: i64,
    pub ended_at: Option<Millis>,
}

/// What a run begins with.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub id: RunId,
    pub kind: Kind,
    pub file: &'a str,
    pub source: &'a str,
    pub sha256: &'a str,
    pub map: &'a str,
}

/// A row that could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    pub line: i64,
    pub field: String,
    pub zh: String,
    pub en: String,
    pub cells: Vec<String>,
}

fn run(row: &Row) -> Result<Run> {
    Ok(Run {
        id: row.parse(0)?,
        kind: Kind::parse(row.text(1)?).unwrap_or(Kind::Problems),
        file: row.string(2)?,
        source: row.string(3)?,
        sha256: row.string(4)?,
        map: row.string(5)?,
        state: RunState::parse(row.text(6)?).unwrap_or(RunState::Done),
        by: row.opt_parse(7)?,
        at: row.millis(8)?,
        done: row.int(9)?,
        counts: Counts {
            imported: row.int(10)?,
            updated: row.int(11)?,
            unchanged: row.int(12)?,
            rejected: row.int(13)?,
        },
        seq: row.int(14)?,
        ended_at: row.opt_millis(15)?,
    })
}

pub fn find(tx: &mut dyn Tx, id: RunId) -> Result<Option<Run>> {
    tx.query_opt(
        "select id, kind, file, source, sha256, map, state, by, at, done_rows, imported, updated, unchanged, rejected, seq, ended_at
         from import_run where id = $1",
        &vals![id],
    )?
    .map(|row| run(&row))
    .transpose()
}

/// The run of the same file that did not come to its end.
pub fn find_open(tx: &mut dyn Tx, kind: Kind, sha256: &str, source: &str) -> Result<Option<Run>> {
    tx.query_opt(
        "select id, kind, file, source, sha256, map, state, by, at, done_rows, imported, updated, unchanged, rejected, seq, ended_at
         from import_run where kind = $1 and sha256 = $2 and source = $3 and state in ('running', 'stopped') order by id desc limit 1",
        &vals![kind.code(), sha256, source],
    )?
    .map(|row| run(&row))
    .transpose()
}

/// Newest first, older than `before`.
pub fn list(tx: &mut dyn Tx, before: Option<RunId>, limit: i64) -> Result<Vec<Run>> {
    tx.query(
        "select id, kind, file, source, sha256, map, state, by, at, done_rows, imported, updated, unchanged, rejected, seq, ended_at
         from import_run where id < $1 order by id desc limit $2",
        &vals![before.map_or("~".to_owned(), |it| it.to_string()), limit],
    )?
    .iter()
    .map(run)
    .collect()
}

/// Begins a run, or goes on with one of the same file that stopped.
pub fn begin(tx: &mut dyn Tx, deed: &Deed, new: &New) -> Result<Run> {
    if let Some(open) = find_open(tx, new.kind, new.sha256, new.source)? {
        tx.exec("update import_run set state = 'running' where id = $1", &vals![open.id])?;
        let data = json!({ "done": open.done });
        note(tx, deed, open.id, "import-resumed", data)?;
        return Ok(Run { state: RunState::Running, ..open });
    }
    tx.exec(
        "insert into import_run (id, kind, file, done_rows, at, source, sha256, map, state, by) values ($1, $2, $3, 0, $4, $5, $6, $7, 'running', $8)",
        &vals![new.id, new.kind.code(), new.file, deed.now, new.source, new.sha256, new.map, deed.by],
    )?;
    let data = json!({ "kind": new.kind, "sha256": new.sha256 });
    note(tx, deed, new.id, "import-begun", data)?;
    find(tx, new.id)?.ok_or(Error::NotFound)
}

/// What a batch brought, to be saved in the transaction that wrote it.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Rows of the file in it, rejected ones included.
    pub rows: i64,
    pub counts: Counts,
    pub changes: Vec<Change>,
    pub rejects: Vec<Reject>,
}

/// Moves a run on by a batch; two that import the same file at once do not both.
pub fn advance(tx: &mut dyn Tx, deed: &Deed, before: &Run, batch: &Batch) -> Result<Run> {
    let counts = before.counts.plus(batch.counts);
    let (done, seq) = (before.done + batch.rows, before.seq + batch.changes.len() as i64);
    let moved = tx.exec(
        "update import_run set done_rows = $3, all_rows = $3, imported = $4, updated = $5, unchanged = $6, rejected = $7, seq = $8
         where id = $1 and done_rows = $2 and state = 'running'",
        &vals![before.id, before.done, done, counts.imported, counts.updated, counts.unchanged, counts.rejected, seq],
    )?;
    if moved == 0 {
        return Err(Error::Conflict);
    }
    import_change::insert_many(tx, before.id, before.seq, &batch.changes)?;
    insert_rejects(tx, before.id, &batch.rejects)?;
    let pieces: Vec<&[u8]> =
        batch.changes.iter().flat_map(|it| [it.thing.as_bytes(), b"=", it.after.as_bytes(), b"\n"]).collect();
    let it = batch.counts;
    let data = json!({
        "rows": [before.done, done], "imported": it.imported, "updated": it.updated, "unchanged": it.unchanged,
        "rejected": it.rejected, "digest": sha256(&pieces),
    });
    note(tx, deed, before.id, "import-batch", data)?;
    Ok(Run { done, seq, counts, ..before.clone() })
}

/// Ends a run, or lets it stand to be gone on with.
pub fn settle(tx: &mut dyn Tx, deed: &Deed, before: &Run, state: RunState) -> Result<Run> {
    let ended = (!state.is_open()).then_some(deed.now);
    tx.exec("update import_run set state = $2, ended_at = $3 where id = $1", &vals![before.id, state.code(), ended])?;
    let kind = match state {
        RunState::Undone => "import-undone",
        RunState::Done => "import-ended",
        RunState::Running | RunState::Stopped => "import-stopped",
    };
    let it = before.counts;
    let data = json!({
        "imported": it.imported, "updated": it.updated, "unchanged": it.unchanged, "rejected": it.rejected,
    });
    note(tx, deed, before.id, kind, data)?;
    Ok(Run { state, ended_at: ended, ..before.clone() })
}

fn rejects() -> &'static Insert {
    static SQL: OnceLock<Insert> = OnceLock::new();
    SQL.get_or_init(|| Insert::new("import_reject", "run line field zh en cells"))
}

pub(crate) fn statements() -> [&'static str; 2] {
    rejects().statements()
}

fn insert_rejects(tx: &mut dyn Tx, run: RunId, all: &[Reject]) -> Result<()> {
    let mut values: Vec<Val> = Vec::with_capacity(all.len() * 6);
    for it in all {
        let cells = serde_json::to_string(&it.cells).unwrap_or_default();
        values.extend(vals![run, it.line, &it.field, &it.zh, &it.en, cells]);
    }
    rejects().rows(tx, &values)
}

/// In the order of the file, after a line.
pub fn list_rejects(tx: &mut dyn Tx, run: RunId, after: i64, limit: i64) -> Result<Vec<Reject>> {
    tx.query(
        "select line, field, zh, en, cells from import_reject where run = $1 and line > $2 order by line limit $3",
        &vals![run, after, limit],
    )?
    .iter()
    .map(|row| {
        Ok(Reject {
            line: row.int(0)?,
            field: row.string(1)?,
            zh: row.string(2)?,
            en: row.string(3)?,
            cells: crate::event::parse(row.text(4)?)?,
        })
    })
    .collect()
}

/// The map that was used last for tables of this kind from this source; empty when there was none.
pub fn find_map(tx: &mut dyn Tx, kind: Kind, source: &str) -> Result<String> {
    let row =
        tx.query_opt("select map from import_map where kind = $1 and source = $2", &vals![kind.code(), source])?;
    row.map_or(Ok(String::new()), |row| row.string(0))
}

pub fn keep_map(tx: &mut dyn Tx, kind: Kind, source: &str, map: &str) -> Result<()> {
    tx.exec(
        "insert into import_map (kind, source, map) values ($1, $2, $3) on conflict (kind, source) do update set map = excluded.map",
        &vals![kind.code(), source, map],
    )?;
    Ok(())
}
