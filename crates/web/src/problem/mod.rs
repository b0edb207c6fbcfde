//! Problems on the web: one file per verb, page and JSON side by side.

pub mod command;
pub mod json;
pub mod list;
pub mod page;
pub mod paper;
pub mod report;
pub mod show;
mod stepper;
mod steps;
pub mod timeline;
