//! What an import would do, before anything is written.

use crate::book::{Book, Verdict};
use crate::enterprise;
use crate::error::Error;
use crate::kind::{self, Good, Reading};
use crate::run::Firsts;
use crate::ways::Ways;
use domain::fault::Fault;
use domain::import::Kind;
use domain::time::Millis;
use sheet::{Reader, Row};
use store::Db;
use store::terms::Failure;

/// Rows that are shown.
const ROWS: usize = 10;

/// One of the first rows.
#[derive(Clone, Debug)]
pub struct Seen {
    /// As a person counts it in the file.
    pub line: u64,
    pub cells: Vec<String>,
    pub faults: Vec<Fault>,
    /// Of enterprises without a fault.
    pub verdict: Option<Verdict>,
}

#[derive(Clone, Debug, Default)]
pub struct Preview {
    pub heads: Vec<String>,
    pub rows: Vec<Seen>,
    /// Field and the head that gives it.
    pub columns: Vec<(&'static str, String)>,
    /// Fields that must have a column and have none, with the head they are wanted under.
    pub missing: Vec<(&'static str, &'static str)>,
    /// Set when the map does not fit the heads; nothing is read of the rows then.
    pub wrong_map: Option<(String, String)>,
}

/// Reads the first rows. `db` is asked what is there already; nothing is written.
pub fn preview(
    db: &Db,
    mut reader: Reader,
    kind: Kind,
    ways: &Ways,
    source: &str,
    now: Millis,
) -> Result<Preview, Error> {
    ways.check(kind)?;
    let wanted = kind::wanted(kind);
    // Nothing is required here: what is missing is told, and the person may choose another head.
    let open: Vec<sheet::Wanted> = wanted.iter().map(|it| sheet::Wanted { required: false, ..*it }).collect();
    let columns = match reader.columns_mapped(&open, &ways.pairs()) {
        Ok(columns) => columns,
        Err(error @ sheet::Error::Heads { .. }) => {
            let wrong_map = Some((error.zh(), error.to_string()));
            return Ok(Preview { heads: reader.heads().to_vec(), wrong_map, ..Preview::default() });
        }
        Err(other) => return Err(other.into()),
    };
    let heads = reader.heads().to_vec();
    let head = |at: usize| heads.get(at).cloned().unwrap_or_default();
    let mut shown = Preview {
        columns: columns.places().iter().map(|(field, at)| (*field, head(*at))).collect(),
        missing: wanted
            .iter()
            .filter(|it| it.required && !columns.has(it.field))
            .map(|it| (it.field, it.heads.first().copied().unwrap_or(it.field)))
            .collect(),
        heads: heads.clone(),
        ..Preview::default()
    };
    let rows = reader.take(ROWS).collect::<Result<Vec<Row>, _>>()?;
    let reading = Reading { kind, columns: &columns, heads: &heads, ways, source };
    let (mut firsts, mut goods) = (Firsts::default(), Vec::new());
    for row in rows {
        let read = reading.read(&row).and_then(|good| firsts.check(&row, good));
        let faults = match read {
            Ok(Good::Enterprise(good)) => {
                goods.push((shown.rows.len(), *good));
                vec![]
            }
            Ok(_) => vec![],
            Err(faults) => faults,
        };
        shown.rows.push(Seen { line: row.line, cells: row.cells, faults, verdict: None });
    }
    judge(db, goods, now, &mut shown.rows)?;
    Ok(shown)
}

/// New, changed with what differs, or unchanged.
fn judge(db: &Db, goods: Vec<(usize, enterprise::Good)>, now: Millis, rows: &mut [Seen]) -> Result<(), Error> {
    if goods.is_empty() {
        return Ok(());
    }
    let judged = db.read_blocking(move |tx| {
        let all: Vec<&enterprise::Good> = goods.iter().map(|it| &it.1).collect();
        let mut book = Book::load(tx, &all, None)?;
        Ok::<_, Failure>(goods.iter().map(|(at, good)| (*at, book.take(good, now))).collect::<Vec<_>>())
    })?;
    for (at, verdict) in judged {
        let Some(row) = rows.get_mut(at) else { continue };
        match verdict {
            Ok(verdict) => row.verdict = Some(verdict),
            Err(faults) => row.faults = faults,
        }
    }
    Ok(())
}
