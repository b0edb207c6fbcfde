//! The real program under bad luck: killed, on a full disk, in a folder it may not write, left by its clients.
//!
//! `cargo test --package server --test crash -- --nocapture`

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

mod company;
mod disk;
mod http;
mod import;
mod kill;
mod program;
mod rights;
