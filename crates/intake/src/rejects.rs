//! The rows that could not be taken, as a table with the reason: corrected there, it can be imported as it is.

use crate::error::Error;
use crate::ways::Kept;
use sheet::Writer;
use store::Db;
use store::import_run::{self, Reject, Run};

const PAGE: i64 = 500;

/// The heads of the reject table of a run.
pub fn reject_heads(run: &Run) -> Vec<String> {
    let own = ["row", "field", "reason"].iter().map(|it| (*it).to_owned());
    own.chain(Kept::parse(&run.map).heads).collect()
}

/// For the terminal.
pub fn first_rejects(db: &Db, run: &Run, limit: i64) -> Result<Vec<Reject>, Error> {
    let id = run.id;
    Ok(db.read_blocking(move |tx| import_run::list_rejects(tx, id, i64::MIN, limit))?)
}

/// Writes all of them, also those of batches before the run stopped; the writer was made with [`reject_heads`].
pub fn write_rejects(db: &Db, run: &Run, writer: &mut Writer) -> Result<(), Error> {
    let (id, mut after) = (run.id, i64::MIN);
    loop {
        let page = db.read_blocking(move |tx| import_run::list_rejects(tx, id, after, PAGE))?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.line;
        for it in page {
            let mut cells = vec![it.line.to_string(), it.field, format!("{} {}", it.zh, it.en)];
            cells.extend(it.cells);
            writer.row(&cells)?;
        }
    }
}
