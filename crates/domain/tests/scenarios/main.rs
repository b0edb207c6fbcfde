//! The worked scenarios of `scenarios/loop.md`, one test each, in the order of the page.
//!
//! Here is what the rules alone decide. What needs a database (lists, search, retries, several servers) is proved by
//! the tests of the store; each test here says so where it stops.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

mod again;
mod close;
mod decisions;
mod hand;
mod receive;
mod refusals;
mod several;
mod start;
mod world;
