//! Problems on the web: one file per verb, page and JSON side by side.

mod around;
pub mod clock;
pub mod command;
mod gate;
pub mod json;
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
