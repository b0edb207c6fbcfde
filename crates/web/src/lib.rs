//! The web of Zoufang: pages and JSON over the same handlers. Rules live in `domain`, rows in `store`.

pub mod app;
pub mod asset;
mod attachment;
pub mod auth;
mod campaign;
mod doorstep;
pub mod error;
mod form;
mod gallery;
mod health;
mod help;
mod import;
mod inbox;
mod lang;
mod metrics;
pub mod openapi;
pub mod password;
mod people;
mod policy;
mod problem;
mod promise;
mod questionnaire;
mod reporter;
mod round;
pub mod router;
mod search;
mod settings;
mod setup;
mod shield;
mod sign_in;
mod subject;
mod ui;
mod view;
mod visit;

pub use app::{App, Config};
pub use router::router;
