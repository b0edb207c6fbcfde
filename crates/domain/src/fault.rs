//! A fault: what is wrong with one field that somebody filled in, in both languages, saying what to do.

/// All faults of a form are handed back at once, each with the name of its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub field: String,
    pub zh: String,
    pub en: String,
}

impl Fault {
    /// `zh` and `en` are whole sentences: what is wrong, and what to do.
    pub fn new(field: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Fault {
        Fault { field: field.into(), zh: zh.into(), en: en.into() }
    }
}
