//! Tables as Chinese offices have them: reading and writing CSV, TSV, gzip-packed CSV and Excel workbooks.
//!
//! [`open`] and [`from_bytes`] tell the format by content, not by name, and read the file to its
//! end once before they answer: undecodable bytes, a quotation that never closes, a cut gzip or a
//! damaged workbook is an [`Error`] there, so a file that cannot be read to its end never yields a
//! first row. Faults of a single row (too few or too many cells) stand in [`Row::problem`] and
//! leave the other rows alone.
//!
//! Text is never altered, with one exception: a *guard tab*, that is a leading tab followed by one
//! of `= + - @ TAB CR`, is taken off on reading. [`Writer`] puts it there so that a spreadsheet
//! program never takes a citizen's text for a formula; written and read again, every text is equal.

mod bomb;
mod book;
mod columns;
mod divider;
mod error;
mod guard;
mod ole;
mod open;
mod problem;
mod reader;
mod records;
mod text;
mod values;
mod writer;

pub use columns::{Columns, Wanted, columns};
pub use error::Error;
pub use open::{from_bytes, open};
pub use problem::{Limit, Problem};
pub use reader::Reader;
pub use writer::{Kind, Writer};

/// A whole table in memory, for small files and tests; see [`Reader::table`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The heads, trailing empty ones cut off.
    pub heads: Vec<String>,
    /// All rows below the heads that hold anything.
    pub rows: Vec<Row>,
}

/// One row below the heads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Where a person finds it: the row number of the sheet, or the text line on which the record
    /// starts; from 1.
    pub line: u64,
    /// The cells, guard tabs removed. At least as many as heads unless `problem` says otherwise.
    pub cells: Vec<String>,
    /// Why this row alone cannot be taken, if so.
    pub problem: Option<Problem>,
}

/// Largest workbook file read, packed.
pub const MAX_BOOK_BYTES: u64 = 128 << 20;
/// Largest content of a workbook, unpacked.
pub const MAX_UNPACKED_BYTES: u64 = 512 << 20;
/// Largest text file read, unpacked.
pub const MAX_TEXT_BYTES: u64 = 2 << 30;
/// Most filled cells of a workbook.
pub const MAX_CELLS: usize = 12_000_000;
/// Most columns of any table.
pub const MAX_COLUMNS: usize = 2_048;
/// Longest single cell of a text file, in bytes.
pub const MAX_CELL_BYTES: usize = 16 << 20;
