//! Questionnaires 问卷: their list, each as its form will look with its versions, and publishing a new version.

mod draft;
mod make;
mod page;
mod preview;
mod publish;

pub use make::{edit, make, new};
pub use page::{list, show};
pub use publish::{add, publish};
