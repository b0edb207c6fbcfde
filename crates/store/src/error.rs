//! What can go wrong in the store, as sentences a person can act on; both engines' own codes are translated here.

use rusqlite::ffi;
use tokio_postgres::error::{DbError, SqlState};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("There is no such entry.")]
    NotFound,
    #[error("Somebody else was faster: the entry changed in the meantime. Look at it again and repeat.")]
    Conflict,
    /// `constraint` reads the same on both engines: `table(column, column)`, or the index name where
    /// the index is over an expression.
    #[error("This exists already ({constraint}).")]
    Unique { constraint: String },
    #[error("The entry breaks a rule of the database: {0}")]
    Constraint(String),
    #[error("Too much is waiting to be saved or read. Try again in a moment.")]
    Busy,
    #[error("{0}")]
    Disk(String),
    #[error("A command failed inside the program and was undone. The log says where.")]
    Panicked,
    #[error(
        "This database was written by a newer program (schema {found}; this program knows up to {known}). \
         Start the newer program, or restore the copy made before the upgrade."
    )]
    Newer { found: i64, known: i64 },
    #[error("Migration {version} ({name}) is not what was applied to this database: {why}")]
    Migration { version: i64, name: String, why: String },
    /// A backup that cannot be made or restored, as a sentence.
    #[error("{0}")]
    Backup(String),
    #[error("Database: {0}")]
    Database(String),
}

impl Error {
    /// The engine ended before it answered, because the program is stopping.
    pub(crate) fn stopped() -> Error {
        Error::Database("the database is being closed".into())
    }

    pub(crate) fn read_only() -> Error {
        Error::Database("a read tried to change something".into())
    }

    pub(crate) fn wrong_params(sql: &str, wanted: usize, given: usize) -> Error {
        Error::Database(format!("\"{sql}\" has {wanted} parameters ($1, $2, …), but {given} values were given"))
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        let rusqlite::Error::SqliteFailure(code, message) = &error else {
            return Error::Database(error.to_string());
        };
        let message = message.clone().unwrap_or_else(|| code.to_string());
        match code.extended_code & 0xff {
            ffi::SQLITE_CONSTRAINT => sqlite_constraint(code.extended_code, message),
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => Error::Busy,
            ffi::SQLITE_FULL => Error::Disk(
                "The disk is full, so this was not saved. What was saved before is safe; free some space and repeat."
                    .into(),
            ),
            ffi::SQLITE_IOERR => Error::Disk(format!(
                "The disk reported an error, so this was not saved ({message}, code {}). Check the disk.",
                code.extended_code
            )),
            ffi::SQLITE_READONLY => {
                Error::Disk(format!("The database file may not be written ({message}). Check its owner and rights."))
            }
            ffi::SQLITE_CANTOPEN => Error::Disk(format!(
                "The database file cannot be opened ({message}). Check that its folder exists and may be written."
            )),
            ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB => {
                Error::Database(format!("the file is damaged or is no database ({message}); restore a backup"))
            }
            _ => Error::Database(message),
        }
    }
}

fn sqlite_constraint(extended: i32, message: String) -> Error {
    let after = |prefix: &str| message.split_once(prefix).map(|(_, rest)| rest.to_owned());
    match extended {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            // "UNIQUE constraint failed: unit.a, unit.b", or "…: index 'name'" over expressions.
            let list = after("failed: ").unwrap_or_else(|| message.clone());
            let constraint = match list.strip_prefix("index '").and_then(|rest| rest.strip_suffix('\'')) {
                Some(index) => index.to_owned(),
                None => {
                    let table = list.split('.').next().unwrap_or_default();
                    let columns: Vec<_> =
                        list.split(", ").map(|part| part.split_once('.').map_or(part, |(_, column)| column)).collect();
                    format!("{table}({})", columns.join(", "))
                }
            };
            Error::Unique { constraint }
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Error::Constraint(FOREIGN.into()),
        _ => Error::Constraint(message),
    }
}

const FOREIGN: &str = "it refers to something that does not exist, or something else still refers to it.";

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Error {
        match error.as_db_error() {
            Some(error) => postgres_error(error),
            None if error.is_closed() => Error::Database(
                "the connection to PostgreSQL was lost; it is not known whether the last change was saved".into(),
            ),
            None => {
                let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
                Error::Database(format!("PostgreSQL: {error}{cause}"))
            }
        }
    }
}

fn postgres_error(error: &DbError) -> Error {
    let code = error.code();
    let message = error.message().to_owned();
    if *code == SqlState::UNIQUE_VIOLATION {
        return Error::Unique { constraint: postgres_unique(error) };
    }
    if *code == SqlState::FOREIGN_KEY_VIOLATION || *code == SqlState::RESTRICT_VIOLATION {
        return Error::Constraint(FOREIGN.into());
    }
    match code.code() {
        "40001" | "40P01" => Error::Conflict,
        // Lock not available, statement cancelled by a time limit, too many connections, starting up.
        "55P03" | "57014" | "53300" | "57P03" => Error::Busy,
        "57P01" | "57P02" => Error::Database(format!(
            "PostgreSQL closed the connection ({message}); it is not known whether the last change was saved"
        )),
        "25006" => Error::read_only(),
        "53100" => Error::Disk(format!(
            "The disk of the PostgreSQL server is full, so this was not saved ({message}). Free some space there."
        )),
        "58030" => Error::Disk(format!("The disk of the PostgreSQL server reported an error ({message}).")),
        code if code.starts_with("23") => Error::Constraint(message),
        code => Error::Database(format!("PostgreSQL: {message} (code {code})")),
    }
}

/// The detail reads `Key (a, b)=(…) …`, in the server's language; only the brackets are relied upon.
fn postgres_unique(error: &DbError) -> String {
    let columns = error
        .detail()
        .and_then(|detail| detail.split_once('('))
        .and_then(|(_, rest)| rest.split_once(")=("))
        .map(|(columns, _)| columns.replace('"', ""));
    match (error.table(), columns) {
        // A bracket inside means an expression, for which SQLite, too, can only name the index.
        (Some(table), Some(columns)) if !columns.contains('(') => format!("{table}({columns})"),
        _ => error.constraint().unwrap_or_default().to_owned(),
    }
}
