//! Problems on the web: one file per verb, page and JSON side by side.

mod around;
pub mod bulk;
mod bulk_page;
pub mod clock;
pub mod command;
pub mod export;
pub mod filter;
mod gate;
pub mod json;
mod ledger;
pub mod list;
pub mod page;
pub mod paper;
mod related;
pub mod report;
mod result;
pub mod show;
mod stepper;
mod steps;
pub mod timeline;
