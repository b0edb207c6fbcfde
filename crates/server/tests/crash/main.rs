//! The real program under bad luck: killed, on a full disk, in a folder it may not write, left by its clients.
//!
//! `cargo test --package server --test crash -- --nocapture`

mod company;
mod disk;
mod http;
mod kill;
mod program;
mod rights;
