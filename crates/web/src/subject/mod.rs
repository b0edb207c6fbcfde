//! Subjects 走访对象: the register, entering and changing them, their contacts, and the page about one.

mod answers;
mod contact;
mod edit;
pub mod json;
pub mod list;
mod page;
mod show;

pub use contact::{add as add_contact, change as change_contact};
pub use edit::{add, change, edit, new};
pub use show::html as show;
