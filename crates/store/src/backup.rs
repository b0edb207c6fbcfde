//! Backups in one format for both engines: gzip over lines of JSON, a digest at the end. Written from one snapshot while
//! others work; restored only into an empty database, whole or not at all.
//!
//! Lines: a head; for each table its name and columns, then a row a line as an array; for each file its digest and size,
//! then its bytes in base64; the counts; the SHA-256 of all lines before. The master key is never in it.

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::files::Files;
use crate::row::{Row, Val};
use crate::tables::tables;
use crate::words::hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::time::Millis;
use flate2::Compression;
use flate2::write::GzEncoder;
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::io::{BufWriter, Write};
use std::path::Path;

pub(crate) const VERSION: u32 = 1;
/// Bytes of a file on one line; a multiple of three, so that the pieces join without padding.
const PIECE: usize = 768 * 1024;

/// What a backup holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub tables: BTreeMap<String, u64>,
    pub files: u64,
    /// Digests of files that attachments name, but that were not on the disk or had changed there.
    pub missing: Vec<String>,
}

impl Counts {
    pub fn rows(&self) -> u64 {
        self.tables.values().sum()
    }
}

/// A line that is not a row and not a piece of a file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mark {
    Zoufang { version: u32, schema: i64, made_at: Millis, key: String },
    Table { name: String, columns: Vec<String> },
    File { sha256: String, size: usize },
    End(Counts),
    Sha256(String),
}

pub(crate) fn values(row: &Row) -> Vec<serde_json::Value> {
    row.values()
        .iter()
        .map(|it| match it {
            Val::Null => serde_json::Value::Null,
            Val::Int(value) => (*value).into(),
            Val::Real(value) => (*value).into(),
            Val::Text(value) => value.as_str().into(),
        })
        .collect()
}

struct Lines<W: Write> {
    out: GzEncoder<BufWriter<W>>,
    digest: Context,
    line: Vec<u8>,
}

impl<W: Write> Lines<W> {
    fn write(&mut self, value: &impl Serialize) -> Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, value).map_err(|error| Error::Backup(error.to_string()))?;
        self.line.push(b'\n');
        self.digest.update(&self.line);
        self.out.write_all(&self.line).map_err(written)
    }

    fn end(mut self) -> Result<()> {
        let digest = hex(self.digest.clone().finish().as_ref());
        self.write(&Mark::Sha256(digest))?;
        self.out.finish().and_then(|mut out| out.flush()).map_err(written)
    }
}

fn written(error: std::io::Error) -> Error {
    Error::Disk(format!("The backup could not be written: {error}."))
}

/// Writes everything to `out`; `progress` hears how many rows were written. Blocks; not for a thread of async tasks.
/// A file that is gone from the disk is named in the counts and keeps nothing else from being saved.
pub fn backup(
    db: &Db,
    files: &Files,
    now: Millis,
    out: impl Write + Send + 'static,
    mut progress: impl FnMut(u64) + Send + 'static,
) -> Result<Counts> {
    let files = files.clone();
    db.read_blocking(move |tx| {
        let out = GzEncoder::new(BufWriter::new(out), Compression::fast());
        let mut lines = Lines { out, digest: Context::new(&SHA256), line: Vec::new() };
        let key = crate::terms::setting(tx, "key")?.unwrap_or_default();
        lines.write(&Mark::Zoufang { version: VERSION, schema: schema(tx)?, made_at: now, key })?;
        let (mut counts, mut total) = (Counts::default(), 0);
        for table in tables() {
            let columns = table.columns.iter().map(ToString::to_string).collect();
            lines.write(&Mark::Table { name: table.name.into(), columns })?;
            let mut rows = 0;
            table.each(tx, |row| {
                rows += 1;
                total += 1;
                if total % 1_000 == 0 {
                    progress(total);
                }
                lines.write(&values(row))
            })?;
            counts.tables.insert(table.name.into(), rows);
        }
        progress(total);
        write_files(tx, &files, &mut lines, &mut counts)?;
        lines.write(&Mark::End(counts.clone()))?;
        lines.end()?;
        Ok(counts)
    })
}

/// `backup` into a file that has its name only once it is whole.
pub fn backup_to(
    db: &Db,
    files: &Files,
    now: Millis,
    to: &Path,
    progress: impl FnMut(u64) + Send + 'static,
) -> Result<Counts> {
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // It holds names, phone numbers and passwords' hashes.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&part).map_err(written)?;
    let counts = backup(db, files, now, file.try_clone().map_err(written)?, progress)?;
    file.sync_all().and_then(|()| std::fs::rename(&part, to)).map_err(written)?;
    Ok(counts)
}

pub(crate) fn schema(tx: &mut dyn Tx) -> Result<i64> {
    tx.query_one("select max(version) from schema_version", &[])?.int(0)
}

/// Files are read through async doors; here there is no runtime to disturb.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|error| Error::Database(format!("no runtime: {error}")))
}

fn write_files<W: Write>(tx: &mut dyn Tx, files: &Files, lines: &mut Lines<W>, counts: &mut Counts) -> Result<()> {
    let runtime = runtime()?;
    // Many rows may point to one file. Half a digest tells them apart and keeps a million of them in 16 MB.
    let mut seen = HashSet::new();
    let mut after = String::new();
    loop {
        let rows =
            tx.query("select id, sha256 from attachment where id > $1 order by id limit 2000", &crate::vals![&after])?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.string(0)?;
        for row in &rows {
            let sha256 = row.string(1)?;
            if !seen.insert(u128::from_str_radix(sha256.get(..32).unwrap_or_default(), 16).unwrap_or_default()) {
                continue;
            }
            let Ok(bytes) = runtime.block_on(files.get(&sha256)) else {
                tracing::error!(%sha256, "a file is missing on the disk or was changed there; it is not in the backup");
                counts.missing.push(sha256);
                continue;
            };
            lines.write(&Mark::File { sha256, size: bytes.len() })?;
            for piece in bytes.chunks(PIECE) {
                lines.write(&BASE64.encode(piece))?;
            }
            counts.files += 1;
        }
    }
}

/// All tables as text, for comparing two databases: of a row's columns nothing is left out, of the tables only those
/// that a backup leaves out.
pub fn dump(tx: &mut dyn Tx) -> Result<String> {
    let mut text = String::new();
    for table in tables() {
        let mut rows = Vec::new();
        table.each(tx, |row| {
            rows.push(crate::event::write(&values(row))?);
            Ok::<_, Error>(())
        })?;
        // The engines need not agree on the order of texts.
        rows.sort_unstable();
        text.push_str(&format!("{} ({})\n{}\n", table.name, table.columns.join(", "), rows.join("\n")));
    }
    Ok(text)
}
