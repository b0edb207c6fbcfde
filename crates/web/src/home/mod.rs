//! The home of each role at `/`: what is mine today, what burns first. One file for each role's blocks; who wears several
//! hats gets the blocks of each.

mod admin;
pub(crate) mod block;
mod inbox;
mod leader;
mod leader_charts;
mod office;
mod officer;
mod page;
mod reporter;
mod site;
mod staff;
mod supervision;
mod unit;

pub use page::html;
