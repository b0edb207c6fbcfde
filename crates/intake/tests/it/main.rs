//! Tables in, each test on both engines.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

mod enterprises;
mod loops;
mod people;
mod previewing;
mod punches;
mod real;
mod searching;
mod stage;
mod traps;
mod undoing;
