//! The real binary, verb by verb, on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

mod auditing;
mod backing_up;
mod demonstrating;
mod exporting;
mod helping;
mod importing;
mod people;
mod refusing;
mod serving;
mod stage;
