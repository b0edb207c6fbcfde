//! How a table is to be read: which head gives which field, and what becomes of the columns that no field claims.

use crate::error::Error;
use crate::kind;
use domain::import::Kind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ways {
    /// Field → head; beats what the heads tell.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Of problems: every column that no field claims is written under the detail, so that nothing of an old ledger is lost.
    #[serde(default)]
    pub rest: bool,
}

impl Ways {
    pub fn is_empty(&self) -> bool {
        *self == Ways::default()
    }

    /// Refuses fields that this kind of table does not have.
    pub(crate) fn check(&self, kind: Kind) -> Result<(), Error> {
        let known = kind::fields(kind);
        let Some(wrong) = self.fields.keys().find(|it| !known.contains(&it.as_str())) else { return Ok(()) };
        let known = known.join(" ");
        Err(Error::said(
            format!("{}没有“{wrong}”这个字段；可用的有：{known}。", kind.zh()),
            format!("{} have no field \"{wrong}\"; there are: {known}.", kind.en()),
        ))
    }

    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        self.fields.iter().map(|(field, head)| (field.clone(), head.clone())).collect()
    }
}

/// What a run keeps about how it read its table.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Kept {
    #[serde(flatten)]
    pub ways: Ways,
    pub heads: Vec<String>,
}

impl Kept {
    pub fn parse(text: &str) -> Kept {
        serde_json::from_str(text).unwrap_or_default()
    }

    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
