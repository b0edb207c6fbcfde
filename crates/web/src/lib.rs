//! The web of Zoufang: pages and JSON over the same handlers. Rules live in `domain`, rows in `store`.

pub mod app;
pub mod asset;
mod attachment;
pub mod auth;
pub mod error;
mod form;
mod health;
mod inbox;
mod lang;
mod metrics;
pub mod openapi;
pub mod password;
mod people;
mod problem;
mod promise;
mod reporter;
pub mod router;
mod setup;
mod shield;
mod sign_in;
mod ui;
mod visit;

pub use app::{App, Config};
pub use router::router;
