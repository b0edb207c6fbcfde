//! Excel workbooks (.xlsx and the old .xls): the first visible sheet on which anything stands.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Reader as _, SheetType, SheetVisible, Xls, XlsError, Xlsx, XlsxError};

use crate::guard::unguard;
use crate::{Error, Limit, MAX_BOOK_BYTES, MAX_CELLS, MAX_COLUMNS, Row, bomb, ole, values};

/// More sheets than these are not looked through for one that is not empty.
const SHEETS: usize = 64;

/// The filled cells of a sheet; empty ones, however many and however formatted, cost nothing.
#[derive(Debug, Default)]
pub struct Book {
    pub sheet: String,
    cells: Vec<(u32, u32, Box<str>)>,
}

impl Book {
    fn add(&mut self, (row, column): (u32, u32), text: String) -> Result<(), Error> {
        if text.is_empty() {
            return Ok(());
        }
        let line = Some(u64::from(row) + 1);
        if column as usize >= MAX_COLUMNS {
            return Err(Error::TooLarge { limit: Limit::Columns(MAX_COLUMNS), line });
        }
        if self.cells.len() >= MAX_CELLS {
            return Err(Error::TooLarge { limit: Limit::Cells(MAX_CELLS), line });
        }
        self.cells.push((row, column, unguard(text).into_boxed_str()));
        Ok(())
    }

    fn blank(&self) -> bool {
        self.cells.iter().all(|(_, _, text)| text.trim().is_empty())
    }

    /// The rows on which anything stands, in order.
    pub fn rows(mut self) -> impl Iterator<Item = Row> + Send {
        if !self.cells.is_sorted_by_key(|&(row, column, _)| (row, column)) {
            self.cells.sort_by_key(|&(row, column, _)| (row, column));
        }
        let mut cells = self.cells.into_iter().peekable();
        std::iter::from_fn(move || {
            let &(row, ..) = cells.peek()?;
            let mut filled = Row { line: u64::from(row) + 1, ..Row::default() };
            while let Some((_, column, text)) = cells.next_if(|cell| cell.0 == row) {
                let column = column as usize;
                if filled.cells.len() <= column {
                    filled.cells.resize(column + 1, String::new());
                }
                if let Some(cell) = filled.cells.get_mut(column) {
                    *cell = text.into();
                }
            }
            Some(filled)
        })
        .filter(|row| !crate::records::blank(&row.cells))
    }
}

fn damaged(detail: impl ToString, line: Option<u64>) -> Error {
    Error::Book { line, detail: detail.to_string() }
}

/// Reads a workbook; a panic of the Excel reader on a hostile file becomes an error.
fn guarded(read: impl FnOnce() -> Result<Book, Error>) -> Result<Book, Error> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged("its structure makes no sense", None)))
}

pub fn check_size(bytes: u64) -> Result<(), Error> {
    if bytes > MAX_BOOK_BYTES {
        return Err(Error::TooLarge { limit: Limit::Megabytes(MAX_BOOK_BYTES >> 20), line: None });
    }
    Ok(())
}

/// Reads an .xlsx file.
pub fn xlsx(bytes: Vec<u8>) -> Result<Book, Error> {
    check_size(bytes.len() as u64)?;
    bomb::check(&bytes)?;
    guarded(|| {
        let mut file = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
            XlsxError::Password => Error::Password,
            XlsxError::RelationshipNotFound | XlsxError::FileNotFound(_) => Error::NotATable {
                zh: "压缩包内不是 Excel 工作簿",
                en: "a zip archive without an Excel workbook",
            },
            other => damaged(other, None),
        })?;
        for name in visible(file.sheets_metadata()) {
            let mut book = Book { sheet: name.clone(), cells: Vec::new() };
            let mut cells = match file.worksheet_cells_reader(&name) {
                Ok(cells) => cells,
                Err(XlsxError::NotAWorksheet(_)) => continue,
                Err(error) => return Err(damaged(error, None)),
            };
            let mut last = None;
            while let Some(cell) = cells.next_cell().map_err(|error| damaged(error, last))? {
                last = Some(u64::from(cell.get_position().0) + 1);
                book.add(cell.get_position(), values::text(cell.get_value()))?;
            }
            if !book.blank() {
                return Ok(book);
            }
        }
        Err(Error::Empty)
    })
}

/// Reads an .xls file.
pub fn xls(bytes: Vec<u8>) -> Result<Book, Error> {
    check_size(bytes.len() as u64)?;
    ole::check(&bytes)?;
    guarded(|| {
        let mut file = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
            XlsError::Password => Error::Password,
            other => damaged(other, None),
        })?;
        for name in visible(file.sheets_metadata()) {
            let mut book = Book { sheet: name.clone(), cells: Vec::new() };
            let Ok(range) = file.worksheet_range(&name) else {
                continue;
            };
            let Some((top, left)) = range.start() else {
                continue;
            };
            for (row, column, value) in range.used_cells() {
                let at = (top + u32::try_from(row).unwrap_or(0), left + u32::try_from(column).unwrap_or(0));
                book.add(at, values::text(&values::borrowed(value)))?;
            }
            if !book.blank() {
                return Ok(book);
            }
        }
        Err(Error::Empty)
    })
}

fn visible(sheets: &[calamine::Sheet]) -> Vec<String> {
    let seen =
        sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible);
    seen.take(SHEETS).map(|sheet| sheet.name.clone()).collect()
}
