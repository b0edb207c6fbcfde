//! Visits 走访 on the web: one file a verb, page and JSON side by side.

pub mod command;
pub(crate) mod field;
mod form;
mod group;
mod json;
pub mod list;
pub mod minutes;
mod page;
pub mod photo;
pub mod plan;
mod question;
pub mod record;
mod review;
pub mod schema;
mod sent;
pub mod show;
mod steps;
mod timeline;
mod typed;
mod version;

pub(crate) use form::by;
