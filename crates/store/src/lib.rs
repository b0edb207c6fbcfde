//! SQL: one text for SQLite and PostgreSQL, behind commands and reads that are closures over `Tx`.

pub mod category;
mod command;
pub mod db;
pub mod error;
pub mod event;
pub mod holiday;
pub mod ids;
pub mod list;
pub mod look;
pub mod migrate;
pub mod migrations;
pub mod notice;
pub mod order;
pub mod person;
mod postgres;
mod postgres_tx;
pub mod problem;
mod queue;
pub mod reporter;
pub mod row;
pub mod search;
mod sight;
pub mod sqlite;
mod sqlite_tx;
pub mod terms;
pub mod unit;
pub mod words;

pub use db::{Db, Engine, Options, Place, Tx};
pub use error::{Error, Result};
pub use row::{Row, Val};
