//! Faults of a single row, and the limits of what is read.

use thiserror::Error;

/// What a file has too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// Bytes of the whole, in MB.
    Megabytes(u64),
    /// Bytes of one cell, in MB.
    CellMegabytes(u64),
    /// Columns.
    Columns(usize),
    /// Filled cells.
    Cells(usize),
}

impl Limit {
    pub(crate) fn en(self) -> String {
        match self {
            Self::Megabytes(n) => format!("{n} MB"),
            Self::CellMegabytes(n) => format!("{n} MB in one cell"),
            Self::Columns(n) => format!("{n} columns"),
            Self::Cells(n) => format!("{n} filled cells"),
        }
    }

    pub(crate) fn zh(self) -> String {
        match self {
            Self::Megabytes(n) => format!("{n} MB"),
            Self::CellMegabytes(n) => format!("单个单元格 {n} MB"),
            Self::Columns(n) => format!("{n} 列"),
            Self::Cells(n) => format!("{n} 个非空单元格"),
        }
    }
}

/// A fault of one row; the others can still be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Problem {
    /// Fewer cells than heads, in a text file.
    #[error(
        "The row has {cells} cells where the heads have {heads}. Add the missing cells, or leave them empty between commas."
    )]
    Short {
        /// Cells found.
        cells: usize,
        /// Heads there.
        heads: usize,
    },
    /// More cells than heads, and the surplus is not empty.
    #[error(
        "The row has {cells} cells where the heads have only {heads}. Put text that holds commas in quotation marks, or delete what stands outside the table."
    )]
    Long {
        /// Cells found.
        cells: usize,
        /// Heads there.
        heads: usize,
    },
    /// Text goes on after the quotation mark that closes a cell.
    #[error("A quotation mark stands in the wrong place. Write a quotation mark inside a cell twice.")]
    Quote,
}

impl Problem {
    /// The sentence for the person who chose the file.
    pub fn zh(&self) -> String {
        match self {
            Self::Short { cells, heads } => {
                format!("本行只有 {cells} 格，表头有 {heads} 格。请补齐缺少的单元格（可留空，但逗号不可少）。")
            }
            Self::Long { cells, heads } => {
                format!("本行有 {cells} 格，表头只有 {heads} 格。含逗号的文字请加引号，表格以外的内容请删除。")
            }
            Self::Quote => "本行的引号位置不对。单元格文字中的引号请连写两个。".into(),
        }
    }
}
