//! Numbers of a campaign: visits, findings, promises, the grid, and its problems by unit, category, tier and state.

use crate::db::Tx;
use crate::error::Result;
use crate::vals;
use domain::id::{CampaignId, CategoryId, RoundId, UnitId};
use domain::problem::{StateName, Tier};
use std::collections::BTreeMap;

/// How many problems of a campaign stand alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    pub unit: Option<UnitId>,
    pub category: Option<CategoryId>,
    pub tier: Tier,
    pub state: StateName,
    pub count: i64,
}

/// One row for each combination that there is.
pub fn problems(tx: &mut dyn Tx, campaign: CampaignId) -> Result<Vec<Count>> {
    tx.query(
        "select lead, category, tier, state, count(*) from problem where campaign = $1 group by lead, category, tier, state",
        &vals![campaign],
    )?
    .iter()
    .map(|row| {
        Ok(Count {
            unit: row.opt_parse(0)?,
            category: row.opt_parse(1)?,
            tier: Tier::parse(row.text(2)?).unwrap_or(Tier::Unit),
            state: StateName::parse(row.text(3)?).unwrap_or(StateName::Registered),
            count: row.int(4)?,
        })
    })
    .collect()
}

/// Visits of a round by state.
pub fn visits(tx: &mut dyn Tx, round: RoundId) -> Result<BTreeMap<String, i64>> {
    pairs(tx, "select state, count(*) from visit where round = $1 group by state", &round.to_string())
}

/// Findings of a campaign by kind.
pub fn findings(tx: &mut dyn Tx, campaign: CampaignId) -> Result<BTreeMap<String, i64>> {
    pairs(tx, "select kind, count(*) from finding where campaign = $1 group by kind", &campaign.to_string())
}

/// Promises of a campaign by state.
pub fn promises(tx: &mut dyn Tx, campaign: CampaignId) -> Result<BTreeMap<String, i64>> {
    pairs(tx, "select state, count(*) from promise where campaign = $1 group by state", &campaign.to_string())
}

/// How many visits, or problems, of a campaign stand in each cell of the grid.
pub fn grid(tx: &mut dyn Tx, campaign: CampaignId, kind: &str) -> Result<BTreeMap<String, i64>> {
    tx.query(
        "select cell, count(*) from grid_mark where campaign = $1 and kind = $2 group by cell",
        &vals![campaign, kind],
    )?
    .iter()
    .map(|row| Ok((row.string(0)?, row.int(1)?)))
    .collect()
}

fn pairs(tx: &mut dyn Tx, sql: &'static str, key: &str) -> Result<BTreeMap<String, i64>> {
    tx.query(sql, &vals![key])?.iter().map(|row| Ok((row.string(0)?, row.int(1)?))).collect()
}

/// A finding for a list, with where it was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub id: String,
    pub kind: String,
    pub text: String,
    pub visit_no: i64,
    pub subject_no: i64,
    pub subject: String,
}

/// Findings of a campaign of one kind (empty: all), newest first, older than the id `before`.
pub fn list_findings(
    tx: &mut dyn Tx,
    campaign: CampaignId,
    kind: &str,
    before: &str,
    limit: i64,
) -> Result<Vec<Finding>> {
    tx.query(
        "select f.id, f.kind, f.text, v.no, s.no, s.name from finding f join visit v on v.id = f.visit join subject s on s.id = f.subject
         where f.campaign = $1 and ($2 = '' or f.kind = $2) and ($3 = '' or f.id < $3) order by f.id desc limit $4",
        &vals![campaign, kind, before, limit],
    )?
    .iter()
    .map(finding)
    .collect()
}

/// What was heard at a subject, newest first.
pub fn list_findings_of(tx: &mut dyn Tx, subject: domain::id::SubjectId, limit: i64) -> Result<Vec<Finding>> {
    tx.query(
        "select f.id, f.kind, f.text, v.no, s.no, s.name from finding f join visit v on v.id = f.visit join subject s on s.id = f.subject
         where f.subject = $1 order by f.id desc limit $2",
        &vals![subject, limit],
    )?
    .iter()
    .map(finding)
    .collect()
}

fn finding(row: &crate::Row) -> Result<Finding> {
    Ok(Finding {
        id: row.string(0)?,
        kind: row.string(1)?,
        text: row.string(2)?,
        visit_no: row.int(3)?,
        subject_no: row.int(4)?,
        subject: row.string(5)?,
    })
}

/// A problem for the rows behind a cell of the grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InCell {
    pub no: i64,
    pub title: String,
    pub state: StateName,
}

/// The problems of a campaign in one cell, by number after `after`; for those who see all problems.
pub fn list_in_cell(tx: &mut dyn Tx, campaign: CampaignId, cell: &str, after: i64, limit: i64) -> Result<Vec<InCell>> {
    tx.query(
        "select p.no, p.title, p.state from grid_mark g join problem p on p.id = g.thing
         where g.campaign = $1 and g.kind = 'problem' and g.cell = $2 and p.no > $3 order by p.no limit $4",
        &vals![campaign, cell, after, limit],
    )?
    .iter()
    .map(|row| {
        Ok(InCell {
            no: row.int(0)?,
            title: row.string(1)?,
            state: StateName::parse(row.text(2)?).unwrap_or(StateName::Registered),
        })
    })
    .collect()
}
