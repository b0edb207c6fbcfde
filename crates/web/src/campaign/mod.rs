//! Campaigns 行动: their list, the page with the numbers so far, set-up, and the report upward.

mod behind;
pub mod chart;
pub mod deadlines;
mod edit;
mod list;
mod page;
mod report;
mod report_page;
mod rows;
mod show;
mod tables;

pub use behind::html as behind;
pub use edit::{change, edit};
pub use list::{add, html as list, period};
pub use report_page::{file as report_file, html as report};
pub use rows::{findings, problems};
pub use show::html as show;
pub use show::{Which, again, find, sum};
