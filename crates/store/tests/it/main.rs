//! The store as its callers use it, each test on both engines.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

mod attaching;
mod attendance_rows;
mod attending;
mod auditing;
mod backing_up;
mod doorstep;
mod errands;
mod listing;
mod scenarios;
mod sealing;
mod signing_in;
mod stage;
mod ticking;
mod visiting;
mod yard;
