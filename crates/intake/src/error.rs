//! Why a table was not taken, said in Chinese and English.

use std::fmt;
use store::terms::Failure;

#[derive(Debug)]
pub enum Error {
    /// The file cannot be read; nothing of it was used.
    Sheet(sheet::Error),
    /// The database, or a rule. `line` is the first row of the batch that was not saved, 0 before any.
    Store { failure: Failure, line: u64 },
    /// Said in words of our own.
    Said { zh: String, en: String },
}

impl Error {
    pub fn said(zh: impl Into<String>, en: impl Into<String>) -> Error {
        Error::Said { zh: zh.into(), en: en.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Sheet(error) => error.fmt(f),
            Error::Store { failure, line: 0 } => failure.fmt(f),
            Error::Store { failure, line } => write!(f, "{failure} Rows before row {line} are saved."),
            Error::Said { zh, en } => write!(f, "{zh}\n{en}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<sheet::Error> for Error {
    fn from(error: sheet::Error) -> Error {
        Error::Sheet(error)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        Error::Store { failure, line: 0 }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Error {
        Failure::from(error).into()
    }
}
