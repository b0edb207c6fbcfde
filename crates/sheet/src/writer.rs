//! Writing tables: CSV as Chinese Excel opens it, or an Excel workbook of text cells.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Format, Workbook};

use crate::guard::guard;
use crate::{Error, Limit, MAX_COLUMNS};

const SHEET_ROWS: u32 = 1_048_576;
const CELL_UNITS: usize = 32_767;

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// UTF-8 with byte order mark, CR LF.
    Csv,
    /// Excel workbook, every cell a text.
    Xlsx,
}

impl Kind {
    /// By the extension: `.xlsx` or anything else.
    pub fn of(path: &Path) -> Self {
        let xlsx = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx"));
        if xlsx { Self::Xlsx } else { Self::Csv }
    }
}

enum Target {
    File(BufWriter<File>),
    Memory(Vec<u8>),
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::Memory(memory) => memory.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Memory(_) => Ok(()),
        }
    }
}

enum Form {
    Csv(Target),
    Xlsx(Box<Workbook>, Option<PathBuf>),
}

/// Writes a table row by row. A cell that a spreadsheet program would run as a formula gets a guard
/// tab, which reading takes off again.
///
/// An .xlsx row is flushed to an unnamed file in the system's folder for such files, so that a long
/// table costs little memory; such a table is written to its path only by [`Writer::finish`].
pub struct Writer {
    form: Form,
    line: u32,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("line", &self.line).finish_non_exhaustive()
    }
}

fn failed(cause: impl ToString) -> Error {
    Error::Write(cause.to_string())
}

impl Writer {
    /// Starts a file, its form told by the extension. The heads shall not be empty, nor the last of them.
    ///
    /// # Errors
    /// [`Error::Write`] when the file cannot be made; [`Error::DoesNotFit`] for heads too long.
    pub fn create(path: &Path, heads: &[String]) -> Result<Self, Error> {
        let file = File::create(path).map_err(failed)?;
        let form = match Kind::of(path) {
            Kind::Csv => Form::Csv(Target::File(BufWriter::new(file))),
            Kind::Xlsx => Form::Xlsx(Box::default(), Some(path.to_owned())),
        };
        Self::start(form, heads)
    }

    /// Starts a table in memory.
    ///
    /// # Errors
    /// [`Error::DoesNotFit`] for heads too long.
    pub fn in_memory(kind: Kind, heads: &[String]) -> Result<Self, Error> {
        let form = match kind {
            Kind::Csv => Form::Csv(Target::Memory(Vec::new())),
            Kind::Xlsx => Form::Xlsx(Box::default(), None),
        };
        Self::start(form, heads)
    }

    fn start(mut form: Form, heads: &[String]) -> Result<Self, Error> {
        match &mut form {
            Form::Csv(target) => target.write_all("\u{feff}".as_bytes()).map_err(failed)?,
            Form::Xlsx(book, _) => {
                let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
                sheet.set_freeze_panes(1, 0).map_err(failed)?;
                // Text columns: long numbers typed into a template keep all their digits.
                let text = Format::new().set_num_format("@");
                for column in 0..u16::try_from(heads.len().min(MAX_COLUMNS)).unwrap_or(0) {
                    sheet.set_column_format(column, &text).map_err(failed)?;
                    sheet.set_column_width(column, 18).map_err(failed)?;
                }
            }
        }
        let mut writer = Self { form, line: 0 };
        writer.row(heads)?;
        Ok(writer)
    }

    /// Writes one row. A row of nothing but white space is written, but skipped by every reading.
    ///
    /// # Errors
    /// [`Error::Write`]; [`Error::DoesNotFit`] when a workbook cannot hold it (CSV can).
    pub fn row(&mut self, cells: &[String]) -> Result<(), Error> {
        let line = u64::from(self.line) + 1;
        if cells.len() > MAX_COLUMNS {
            return Err(Error::TooLarge { limit: Limit::Columns(MAX_COLUMNS), line: Some(line) });
        }
        match &mut self.form {
            Form::Csv(target) => {
                let record: Vec<String> = cells.iter().map(|cell| quoted(&guard(cell))).collect();
                target.write_all((record.join(",") + "\r\n").as_bytes()).map_err(failed)?;
            }
            Form::Xlsx(book, _) => sheet_row(book, self.line, cells)?,
        }
        self.line = self.line.saturating_add(1);
        Ok(())
    }

    /// Ends the table: flushes a file, or gives the bytes of a table in memory (none for a file).
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        match self.form {
            Form::Csv(mut target) => {
                target.flush().map_err(failed)?;
                Ok(if let Target::Memory(bytes) = target { bytes } else { Vec::new() })
            }
            Form::Xlsx(mut book, None) => book.save_to_buffer().map_err(failed),
            Form::Xlsx(mut book, Some(path)) => book.save(path).map(|()| Vec::new()).map_err(failed),
        }
    }
}

fn sheet_row(book: &mut Workbook, line: u32, cells: &[String]) -> Result<(), Error> {
    let no = |zh, en| Err(Error::DoesNotFit { line: u64::from(line) + 1, zh, en });
    if line >= SHEET_ROWS {
        return no("工作表最多 1048576 行", "a sheet has at most 1048576 rows");
    }
    let guarded: Vec<_> = cells.iter().map(|cell| guard(cell)).collect();
    if guarded.iter().any(|cell| cell.encode_utf16().count() > CELL_UNITS) {
        return no("单元格最多 32767 个字符", "a cell holds at most 32767 characters");
    }
    let sheet = book.worksheet_from_index(0).map_err(failed)?;
    for (column, cell) in (0_u16..).zip(&guarded) {
        match line {
            0 => sheet.write_string_with_format(line, column, &**cell, &Format::new().set_bold().set_num_format("@")),
            _ => sheet.write_string(line, column, &**cell),
        }
        .map_err(failed)?;
    }
    Ok(())
}

/// In quotation marks where anything in the cell might divide it or be trimmed.
fn quoted(cell: &str) -> String {
    let edge = |c: Option<char>| c.is_some_and(char::is_whitespace);
    let marks =
        cell.contains([',', ';', '"', '\r', '\n', '\t']) || edge(cell.chars().next()) || edge(cell.chars().next_back());
    if marks { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}
