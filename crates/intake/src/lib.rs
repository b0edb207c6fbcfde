//! Tables in: good rows go in batch by batch, bad rows come back with the reason, a run that stopped goes on where it
//! was, the same file twice changes nothing, and a whole run can be undone. Page and terminal run the same engine.
//!
//! [`preview`] shows what [`run`] would do; [`undo`] takes back what it did; [`rejects`] gives what it did not take.

mod batch;
mod book;
mod contact;
mod enterprise;
mod error;
mod identity;
mod kind;
mod people;
mod person;
mod preview;
mod problem;
mod punch;
mod rejects;
mod row;
mod run;
mod undo;
mod undo_loop;
mod undo_person;
mod undo_punch;
mod undo_register;
mod visit;
mod ways;

pub use book::Verdict;
pub use domain::import::{Kind, RunState};
pub use error::Error;
pub use identity::derived;
pub use kind::{fields, wanted};
pub use preview::{Preview, Seen, preview};
pub use rejects::{first_rejects, reject_heads, write_rejects};
pub use run::{BATCH, Wish, run};
pub use store::import_run::{Counts, Run};
pub use undo::{Undone, undo};
pub use ways::Ways;
