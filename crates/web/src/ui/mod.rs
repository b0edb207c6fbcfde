//! The kit: functions that return markup. A view takes one struct; a component knows nothing of the database.

pub mod chart;
mod chart_draw;
pub mod field;
pub mod number;
pub mod page;
pub mod part;
pub mod photo;
pub mod slot;
pub mod speech;
pub mod term;
