//! The kit: functions that return markup. A view takes one struct; a component knows nothing of the database.

pub mod field;
pub mod number;
pub mod page;
pub mod part;
pub mod slot;
