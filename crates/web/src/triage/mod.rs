//! The triage desk 梳理台 of the office: what waits, one problem at a time, decided by one form and a few keys.

pub mod act;
mod decide;
pub mod desk;
mod detail;
pub mod habit;
mod key;
mod page;
mod pick;
pub mod several;
mod several_page;
