//! The dated numbers of attendance: rule sets as somebody entered them.

use crate::db::Tx;
use crate::error::Result;
use crate::event::{self, parse, write};
use crate::terms::Deed;
use crate::vals;
use domain::attendance::rule_set::{RuleSet, RuleSets};
use serde_json::json;

pub fn sets(tx: &mut dyn Tx) -> Result<RuleSets> {
    let rows = tx.query("select body from attendance_rules order by effective_from, entered_at limit 500", &[])?;
    Ok(RuleSets::new(rows.iter().map(|row| parse(row.text(0)?)).collect::<Result<_>>()?))
}

/// The latest day first.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<RuleSet>> {
    tx.query("select body from attendance_rules order by effective_from desc, entered_at desc limit 100", &[])?
        .iter()
        .map(|row| parse(row.text(0)?))
        .collect()
}

/// From its day on; never before the day after it is entered.
pub fn add(tx: &mut dyn Tx, deed: &Deed, set: &RuleSet) -> Result<()> {
    let set = RuleSet { entered_at: deed.now, ..set.clone() };
    tx.exec(
        "insert into attendance_rules (effective_from, entered_at, body, by) values ($1, $2, $3, $4)",
        &vals![set.effective_from, set.entered_at, write(&set)?, deed.by],
    )?;
    event::note(tx, deed, "attendance-rules", "attendance-rules-set", json!({ "from": set.effective_from }))
}
