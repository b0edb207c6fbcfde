//! Rounds 轮次: coverage, teams, which subject is whose, what is asked, and what was answered.

mod add;
mod answers;
mod asks;
mod assign;
mod coverage;
mod file;
mod page;
pub mod picture;
mod setup;
mod show;
mod split;
mod split_page;
mod spread;
mod team;

pub use add::add;
pub use answers::html as answers;
pub use asks::set as set_questionnaires;
pub use assign::{assign, hand_over};
pub use file::assign as assign_file;
pub use show::html as show;
pub use split::{perform as split, preview as split_preview};
pub use team::{add as add_team, change as change_team};
