//! A shielded reporter 保密反映人: texts and data as those read them from whom he is hidden (`loop.md`, decision 12).

use domain::access;
use serde_json::Value;
use store::order::Met;
use store::reporter::{self, Reporter};
use store::{Result, Tx};

/// A text of the problem `met` as its reader may read it, where its reporter was not loaded anyway.
pub fn masked(tx: &mut dyn Tx, met: &Met, text: &str) -> Result<String> {
    let p = &met.found.problem;
    match p.reporter {
        Some(id) if !access::sees_reporter(p, &met.parties) => {
            Ok(reporter::find(tx, id)?.map_or_else(|| text.to_owned(), |it| it.mask(text)))
        }
        _ => Ok(text.to_owned()),
    }
}

/// Every text in `data`, which carries free words too: an item of evidence, a milestone, a body outside.
pub fn mask_data(reporter: &Reporter, data: &Value) -> Value {
    match data {
        Value::String(text) => Value::String(reporter.mask(text)),
        Value::Array(all) => all.iter().map(|it| mask_data(reporter, it)).collect(),
        Value::Object(map) => map.iter().map(|(name, it)| (name.clone(), mask_data(reporter, it))).collect(),
        other => other.clone(),
    }
}
