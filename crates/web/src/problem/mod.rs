//! Problems on the web: one file per verb, page and JSON side by side.

pub mod bulk;
mod bulk_page;
pub mod command;
pub mod export;
pub mod filter;
pub mod json;
mod ledger;
pub mod list;
pub mod page;
pub mod paper;
pub mod report;
pub mod show;
mod stepper;
mod steps;
pub mod timeline;
