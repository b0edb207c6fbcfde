//! CSV and TSV records one by one: quotation marks, CR LF, cells over several lines, strict about cut files.

use std::io::Read;

use encoding_rs::Encoding;

use crate::text::{Lines, Text};
use crate::{Error, Limit, MAX_CELL_BYTES, MAX_COLUMNS, Problem, Row, guard::unguard};

enum State {
    CellStart,
    Plain,
    Quoted,
    /// After a quotation mark inside a quotation: the end of it, or the first of two.
    Mark,
}

/// The records of a text file; empty ones are skipped.
pub struct Records<R> {
    text: Text<R>,
    packed: bool,
    divider: u8,
    piece: String,
    pos: usize,
    lines: Lines,
    /// The last record ended with CR: an LF now belongs to it.
    after_cr: bool,
    finished: bool,
}

/// A record being put together.
struct Draft {
    line: u64,
    cells: Vec<String>,
    cell: Vec<u8>,
    cell_line: u64,
    stray: bool,
}

impl Draft {
    fn end_cell(&mut self) -> Result<(), Error> {
        if self.cells.len() >= MAX_COLUMNS {
            return Err(Error::TooLarge { limit: Limit::Columns(MAX_COLUMNS), line: Some(self.line) });
        }
        // The pieces are text and are cut at ASCII only, so nothing is ever replaced here.
        let text = match String::from_utf8(std::mem::take(&mut self.cell)) {
            Ok(text) => text,
            Err(bytes) => String::from_utf8_lossy(bytes.as_bytes()).into_owned(),
        };
        self.cells.push(unguard(text));
        Ok(())
    }
}

impl<R: Read> Records<R> {
    pub fn new(raw: R, encoding: &'static Encoding, divider: u8, packed: bool) -> Self {
        Self {
            text: Text::new(raw, encoding),
            packed,
            divider,
            piece: String::new(),
            pos: 0,
            lines: Lines::new(),
            after_cr: false,
            finished: false,
        }
    }

    /// True when a byte stands at `pos`.
    fn more(&mut self) -> Result<bool, Error> {
        while self.pos >= self.piece.len() {
            let first = self.lines.line() == 1 && self.piece.is_empty();
            self.pos = 0;
            match self.text.next(&mut self.piece) {
                Ok(true) if first && self.piece.starts_with('\u{feff}') && self.text.gb18030() => self.pos = 3,
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(fault) => return Err(fault.at(self.lines.line(), self.packed)),
            }
        }
        Ok(true)
    }

    fn rest(&self) -> &[u8] {
        self.piece.as_bytes().get(self.pos..).unwrap_or_default()
    }

    fn take(&mut self, count: usize) {
        let end = (self.pos + count).min(self.piece.len());
        self.lines.feed(self.piece.as_bytes().get(self.pos..end).unwrap_or_default());
        self.pos = end;
    }

    fn record(&mut self) -> Result<Option<Draft>, Error> {
        if self.more()? && self.after_cr && self.rest().first() == Some(&b'\n') {
            self.take(1);
        }
        self.after_cr = false;
        let line = self.lines.line();
        let mut draft = Draft { line, cells: Vec::new(), cell: Vec::new(), cell_line: line, stray: false };
        let mut state = State::CellStart;
        loop {
            if !self.more()? {
                self.finished = true;
                if matches!(state, State::Quoted) {
                    return Err(Error::OpenQuote { line: draft.cell_line });
                }
                draft.end_cell()?;
                return Ok(Some(draft));
            }
            let rest = self.rest();
            let Some(&byte) = rest.first() else { continue };
            match state {
                State::CellStart => {
                    draft.cell_line = self.lines.line();
                    state = State::Plain;
                    if byte == b'"' {
                        self.take(1);
                        state = State::Quoted;
                    }
                }
                State::Quoted => {
                    let end = rest.iter().position(|&b| b == b'"');
                    draft.cell.extend_from_slice(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default());
                    if draft.cell.len() > MAX_CELL_BYTES {
                        return Err(Error::OpenQuote { line: draft.cell_line });
                    }
                    self.take(end.map_or(usize::MAX >> 1, |at| at + 1));
                    if end.is_some() {
                        state = State::Mark;
                    }
                }
                State::Mark if byte == b'"' => {
                    draft.cell.push(b'"');
                    self.take(1);
                    state = State::Quoted;
                }
                State::Mark => {
                    draft.stray |= !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') && byte != self.divider;
                    state = State::Plain;
                }
                State::Plain => {
                    let divider = self.divider;
                    let end = rest.iter().position(|&b| b == divider || b == b'\n' || b == b'\r');
                    draft.cell.extend_from_slice(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default());
                    if draft.cell.len() > MAX_CELL_BYTES {
                        let limit = Limit::CellMegabytes((MAX_CELL_BYTES >> 20) as u64);
                        return Err(Error::TooLarge { limit, line: Some(draft.cell_line) });
                    }
                    let mark = end.and_then(|at| rest.get(at)).copied();
                    self.take(end.map_or(usize::MAX >> 1, |at| at + 1));
                    if let Some(mark) = mark {
                        draft.end_cell()?;
                        state = State::CellStart;
                        if mark != divider {
                            self.after_cr = mark == b'\r';
                            return Ok(Some(draft));
                        }
                    }
                }
            }
        }
    }
}

impl<R: Read> Iterator for Records<R> {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.finished {
            match self.record() {
                Ok(Some(draft)) if blank(&draft.cells) => {}
                Ok(Some(draft)) => {
                    let problem = draft.stray.then_some(Problem::Quote);
                    return Some(Ok(Row { line: draft.line, cells: draft.cells, problem }));
                }
                Ok(None) => self.finished = true,
                Err(error) => {
                    self.finished = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

/// A row in which nothing stands but white space.
pub fn blank(cells: &[String]) -> bool {
    cells.iter().all(|cell| cell.trim().is_empty())
}
