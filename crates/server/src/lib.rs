//! The command line: verbs over one house, that is a database with its files and its key.

pub mod args;
pub mod demo;
pub mod export;
pub mod folder;
pub mod house;
pub mod import;
pub mod key;
pub mod net;
pub mod now;
pub mod out;
pub mod said;
pub mod stock;
pub mod verb;
