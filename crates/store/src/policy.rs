//! Policies 政策 that visitors explain, with the edition of the leaflet.

use crate::db::Tx;
use crate::error::Result;
use crate::event::note;
use crate::terms::{Deed, Failure};
use crate::vals;
use domain::fault::Fault;
use domain::id::{CampaignId, PolicyId};
use domain::refusal::Refusal;
use domain::subject::too_long;
use domain::time::Day;
use serde_json::json;
use std::collections::HashMap;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub id: PolicyId,
    pub title: String,
    pub issuer: String,
    /// `YYYY-MM-DD`, or empty.
    pub issued_on: String,
    /// Of the leaflet, as printed on it.
    pub edition: String,
    pub ended: bool,
}

/// In the order of their titles; those no longer explained only when asked for.
pub fn list(tx: &mut dyn Tx, ended_too: bool) -> Result<Vec<Policy>> {
    tx.query(
        "select id, title, issuer, issued_on, edition, ended_at from policy where ($1 = 1 or ended_at is null) order by title limit 500",
        &vals![ended_too],
    )?
    .iter()
    .map(|row| {
        Ok(Policy {
            id: row.parse(0)?,
            title: row.string(1)?,
            issuer: row.string(2)?,
            issued_on: row.string(3)?,
            edition: row.string(4)?,
            ended: row.opt_int(5)?.is_some(),
        })
    })
    .collect()
}

/// A new one, or the next edition of the one with this title.
pub fn save(tx: &mut dyn Tx, deed: &Deed, it: &Policy) -> Result<(), Failure> {
    let mut faults = Vec::new();
    if it.title.trim().is_empty() {
        faults.push(Fault::new("title", "请填写政策名称。", "Give the policy's title."));
    }
    for (field, text, most) in [("title", &it.title, 200), ("issuer", &it.issuer, 100), ("edition", &it.edition, 60)] {
        faults.extend(too_long(field, text, most));
    }
    let issued = Day::read(&it.issued_on).map(|it| it.to_string()).unwrap_or_default();
    if issued.is_empty() && !it.issued_on.trim().is_empty() {
        faults.push(Fault::new("issued_on", "日期请写成2018-04-16的样子。", "Write the date like 2018-04-16."));
    }
    if !faults.is_empty() {
        return Err(Refusal::Faults(faults).into());
    }
    tx.exec(
        "insert into policy (id, title, issuer, issued_on, edition, made_at, ended_at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (title) do update set issuer = excluded.issuer, issued_on = excluded.issued_on, edition = excluded.edition,
           ended_at = excluded.ended_at",
        &vals![it.id, it.title.trim(), it.issuer.trim(), issued, it.edition.trim(), deed.now, it.ended.then_some(deed.now)],
    )?;
    let data = json!({ "title": it.title.trim(), "edition": it.edition.trim(), "ended": it.ended });
    note(tx, deed, it.id, "policy-saved", data)?;
    Ok(())
}

/// At how many visits of a campaign each was explained.
pub fn counts(tx: &mut dyn Tx, campaign: CampaignId) -> Result<HashMap<PolicyId, i64>> {
    tx.query("select policy, count(*) from visit_policy where campaign = $1 group by policy", &vals![campaign])?
        .iter()
        .map(|row| Ok((row.parse(0)?, row.int(1)?)))
        .collect()
}
