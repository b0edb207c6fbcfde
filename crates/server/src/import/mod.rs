//! What an import says in its last line, and holiday notices; tables of other things are `intake`'s.

pub mod holidays;

use std::fmt;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub imported: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub rejected: u64,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { imported, updated, unchanged, rejected } = self;
        write!(f, "imported {imported}, updated {updated}, unchanged {unchanged}, rejected {rejected}")
    }
}
