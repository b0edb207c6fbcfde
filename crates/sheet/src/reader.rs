//! The rows of an opened table below its heads.

use crate::columns::{Columns, Wanted, columns_at, mapped, matches};
use crate::records::blank;
use crate::{Error, Problem, Row, Table};

/// The heads stand within so many filled rows; above them there may be titles and notes.
const HEAD_ROWS: usize = 20;

/// An opened table: its heads, then its rows one by one; empty rows are skipped, their numbers are
/// counted.
pub struct Reader {
    rows: Box<dyn Iterator<Item = Result<Row, Error>> + Send>,
    first: Vec<Row>,
    heads_at: usize,
    next: usize,
    heads: Vec<String>,
    sheet: Option<String>,
    flexible: bool,
    failed: bool,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("heads", &self.heads).field("sheet", &self.sheet).finish_non_exhaustive()
    }
}

impl Reader {
    pub(crate) fn new(
        mut rows: Box<dyn Iterator<Item = Result<Row, Error>> + Send>,
        sheet: Option<String>,
    ) -> Result<Self, Error> {
        let first = rows.by_ref().take(HEAD_ROWS).collect::<Result<Vec<_>, _>>()?;
        if first.is_empty() {
            return Err(Error::Empty);
        }
        let filled = |row: &Row| row.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
        let heads_at = first.iter().position(|row| filled(row) >= 2).unwrap_or(0);
        // The cells of a workbook stand on a grid: none is missing, a short row is just empty there.
        let flexible = sheet.is_some();
        let mut reader = Self { rows, first, heads_at, next: 0, heads: Vec::new(), sheet, flexible, failed: false };
        reader.settle(heads_at);
        Ok(reader)
    }

    fn settle(&mut self, heads_at: usize) {
        self.heads_at = heads_at;
        self.next = heads_at + 1;
        self.heads = self.first.get(heads_at).map(|row| row.cells.clone()).unwrap_or_default();
        while self.heads.last().is_some_and(|head| head.trim().is_empty()) {
            self.heads.pop();
        }
    }

    /// The heads as written, trailing empty ones cut off. Until [`Reader::heads_row`] is asked they
    /// are the first row with two filled cells, else the first row.
    pub fn heads(&self) -> &[String] {
        &self.heads
    }

    /// The row of the heads as a person counts it, from 1.
    pub fn heads_line(&self) -> u64 {
        self.first.get(self.heads_at).map_or(0, |row| row.line)
    }

    /// The name of the sheet, for workbooks.
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// Whether rows shorter than the heads are taken as ending in empty cells. Text files: no,
    /// unless asked for; workbooks: always.
    #[must_use]
    pub fn flexible(mut self, yes: bool) -> Self {
        self.flexible = yes || self.sheet.is_some();
        self
    }

    /// Takes for heads the row, among the first 20 filled ones, that matches most of the wanted
    /// fields, and gives its line. To be called before the first row is read; later it changes nothing.
    pub fn heads_row(&mut self, wanted: &[Wanted]) -> u64 {
        if self.next == self.heads_at + 1 {
            let scores = self.first.iter().map(|row| matches(&row.cells, wanted));
            let best = scores.enumerate().fold(
                (self.heads_at, 0),
                |best, (at, score)| {
                    if score > best.1 { (at, score) } else { best }
                },
            );
            self.settle(best.0);
        }
        self.heads_line()
    }

    /// [`Reader::heads_row`], then [`crate::columns()`].
    ///
    /// # Errors
    /// [`Error::Heads`] naming every head that is missing or doubled.
    pub fn columns(&mut self, wanted: &[Wanted]) -> Result<Columns, Error> {
        let line = self.heads_row(wanted);
        columns_at(&self.heads, wanted, line)
    }

    /// [`Reader::columns`] where somebody said which head gives which field: that beats what the heads tell.
    /// A field that is not wanted is left out.
    ///
    /// # Errors
    /// [`Error::Heads`] naming every head that is missing or doubled.
    pub fn columns_mapped(&mut self, wanted: &[Wanted], map: &[(String, String)]) -> Result<Columns, Error> {
        if map.is_empty() {
            return self.columns(wanted);
        }
        if self.next == self.heads_at + 1 {
            let scores = self.first.iter().map(|row| mapped(&row.cells, wanted, map, 0).map_or(0, |it| it.len()));
            let best = scores.enumerate().fold(
                (self.heads_at, 0),
                |best, (at, score)| {
                    if score > best.1 { (at, score) } else { best }
                },
            );
            if best.1 > 0 {
                self.settle(best.0);
            }
        }
        mapped(&self.heads, wanted, map, self.heads_line())
    }

    /// Reads everything into memory.
    ///
    /// # Errors
    /// Any [`Error`] of the rows; problems of single rows stand in [`Row::problem`].
    pub fn table(self) -> Result<Table, Error> {
        let heads = self.heads.clone();
        Ok(Table { heads, rows: self.collect::<Result<_, _>>()? })
    }

    fn fit(&self, mut row: Row) -> Row {
        let heads = self.heads.len();
        let cells = row.cells.len();
        if cells > heads {
            if blank(row.cells.get(heads..).unwrap_or_default()) {
                row.cells.truncate(heads);
            } else {
                row.problem = row.problem.or(Some(Problem::Long { cells, heads }));
            }
        } else if cells < heads {
            if self.flexible {
                row.cells.resize(heads, String::new());
            } else {
                row.problem = row.problem.or(Some(Problem::Short { cells, heads }));
            }
        }
        row
    }
}

impl Iterator for Reader {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let row = match self.first.get_mut(self.next) {
            Some(row) => Ok(std::mem::take(row)),
            None => self.rows.next()?,
        };
        self.next += 1;
        self.failed = row.is_err();
        Some(row.map(|row| self.fit(row)))
    }
}
