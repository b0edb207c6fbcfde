//! Campaigns 行动 and their rounds 轮次.

use crate::db::Tx;
use crate::error::Result;
use crate::event::{note, parse, write};
use crate::row::Row;
use crate::terms::{Deed, Failure};
use crate::{counter, vals};
use domain::campaign::Period;
use domain::fault::Fault;
use domain::id::{CampaignId, QuestionnaireId, RoundId};
use domain::refusal::Refusal;
use domain::rules::Rules;
use domain::time::Day;
use serde_json::json;
use std::collections::HashMap;

#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    pub id: CampaignId,
    pub no: i64,
    pub name: String,
    pub name_en: String,
    pub from: Day,
    pub to: Day,
    /// Its own deadlines, where it has any.
    pub rules: Option<Rules>,
    pub revision: i64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    pub id: RoundId,
    pub no: i64,
    pub campaign: CampaignId,
    pub name: String,
    pub from: Day,
    pub to: Day,
    pub revision: i64,
}

impl Campaign {
    pub fn label(&self, english: bool) -> &str {
        if english && !self.name_en.is_empty() { &self.name_en } else { &self.name }
    }
}

fn campaign(row: &Row) -> Result<Campaign> {
    let rules = row.text(6)?;
    Ok(Campaign {
        id: row.parse(0)?,
        no: row.int(1)?,
        name: row.string(2)?,
        name_en: row.string(3)?,
        from: row.parse(4)?,
        to: row.parse(5)?,
        rules: if rules.is_empty() { None } else { Some(parse(rules)?) },
        revision: row.int(7)?,
    })
}

fn round(row: &Row) -> Result<Round> {
    Ok(Round {
        id: row.parse(0)?,
        no: row.int(1)?,
        campaign: row.parse(2)?,
        name: row.string(3)?,
        from: row.parse(4)?,
        to: row.parse(5)?,
        revision: row.int(6)?,
    })
}

/// Newest first; an office has a handful.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<Campaign>> {
    tx.query(
        "select id, no, name, name_en, from_day, to_day, rules, revision from campaign order by no desc limit 200",
        &[],
    )?
    .iter()
    .map(campaign)
    .collect()
}

pub fn find(tx: &mut dyn Tx, id: CampaignId) -> Result<Option<Campaign>> {
    tx.query_opt(
        "select id, no, name, name_en, from_day, to_day, rules, revision from campaign where id = $1",
        &vals![id],
    )?
    .map(|row| campaign(&row))
    .transpose()
}

pub fn find_by_no(tx: &mut dyn Tx, no: i64) -> Result<Option<Campaign>> {
    tx.query_opt(
        "select id, no, name, name_en, from_day, to_day, rules, revision from campaign where no = $1",
        &vals![no],
    )?
    .map(|row| campaign(&row))
    .transpose()
}

/// The newest that runs on this day.
pub fn running(tx: &mut dyn Tx, day: Day) -> Result<Option<CampaignId>> {
    tx.query_opt("select id from campaign where from_day <= $1 and to_day >= $1 order by no desc limit 1", &vals![day])?
        .map(|row| row.parse(0))
        .transpose()
}

/// The deadlines of those that set their own.
pub(crate) fn list_rules(tx: &mut dyn Tx) -> Result<HashMap<CampaignId, Rules>> {
    tx.query("select id, rules from campaign where rules <> '' order by no limit 200", &[])?
        .iter()
        .map(|row| Ok((row.parse(0)?, parse(row.text(1)?)?)))
        .collect()
}

/// `id` is the client's: a retry finds what it made.
pub fn insert(tx: &mut dyn Tx, deed: &Deed, id: CampaignId, it: &Period) -> Result<Campaign, Failure> {
    if let Some(known) = find(tx, id)? {
        return Ok(known);
    }
    free(tx, "select count(*) from campaign where name = $1", &vals![&it.name])?;
    let no = counter::next(tx, "campaign")?;
    tx.exec(
        "insert into campaign (id, no, name, name_en, from_day, to_day, revision, made_at) values ($1, $2, $3, $4, $5, $6, 1, $7)",
        &vals![id, no, &it.name, &it.name_en, it.from, it.to, deed.now],
    )?;
    let data = json!({ "name": it.name, "from": it.from, "to": it.to });
    note(tx, deed, id, "campaign-opened", data)?;
    find(tx, id)?.ok_or_else(|| Refusal::Absent.into())
}

/// A name that is taken is told at its field.
pub(crate) fn free(tx: &mut dyn Tx, sql: &'static str, values: &[crate::Val]) -> Result<(), Failure> {
    if tx.query_one(sql, values)?.int(0)? > 0 {
        let taken = Fault::new("name", "这个名称已经有了，请换一个。", "This name is taken; choose another.");
        return Err(Refusal::Faults(vec![taken]).into());
    }
    Ok(())
}

/// Name, period and deadlines; `seen` is the revision that its author saw.
pub fn update(
    tx: &mut dyn Tx,
    deed: &Deed,
    before: &Campaign,
    it: &Period,
    rules: Option<&Rules>,
    seen: i64,
) -> Result<(), Failure> {
    let text = rules.map(write).transpose()?.unwrap_or_default();
    free(tx, "select count(*) from campaign where name = $1 and id <> $2", &vals![&it.name, before.id])?;
    let changed = tx.exec(
        "update campaign set name = $3, name_en = $4, from_day = $5, to_day = $6, rules = $7, revision = revision + 1
         where id = $1 and revision = $2",
        &vals![before.id, seen, &it.name, &it.name_en, it.from, it.to, text],
    )?;
    if changed == 0 {
        return Err(Failure::Store(crate::Error::Conflict));
    }
    let data = json!({ "name": it.name, "from": it.from, "to": it.to, "rules": rules });
    note(tx, deed, before.id, "campaign-changed", data)?;
    Ok(())
}

pub fn list_rounds(tx: &mut dyn Tx, campaign: CampaignId) -> Result<Vec<Round>> {
    tx.query(
        "select id, no, campaign, name, from_day, to_day, revision from round where campaign = $1 order by no limit 200",
        &vals![campaign],
    )?
    .iter()
    .map(round)
    .collect()
}

pub fn find_round(tx: &mut dyn Tx, id: RoundId) -> Result<Option<Round>> {
    tx.query_opt("select id, no, campaign, name, from_day, to_day, revision from round where id = $1", &vals![id])?
        .map(|row| round(&row))
        .transpose()
}

pub fn find_round_by_no(tx: &mut dyn Tx, no: i64) -> Result<Option<Round>> {
    tx.query_opt("select id, no, campaign, name, from_day, to_day, revision from round where no = $1", &vals![no])?
        .map(|row| round(&row))
        .transpose()
}

pub fn insert_round(
    tx: &mut dyn Tx,
    deed: &Deed,
    id: RoundId,
    campaign: CampaignId,
    it: &Period,
) -> Result<Round, Failure> {
    if let Some(known) = find_round(tx, id)? {
        return Ok(known);
    }
    free(tx, "select count(*) from round where campaign = $1 and name = $2", &vals![campaign, &it.name])?;
    let no = counter::next(tx, "round")?;
    tx.exec(
        "insert into round (id, no, campaign, name, from_day, to_day, revision, made_at) values ($1, $2, $3, $4, $5, $6, 1, $7)",
        &vals![id, no, campaign, &it.name, it.from, it.to, deed.now],
    )?;
    let data = json!({ "campaign": campaign, "name": it.name, "from": it.from, "to": it.to });
    note(tx, deed, id, "round-opened", data)?;
    find_round(tx, id)?.ok_or_else(|| Refusal::Absent.into())
}

/// What a round asks, in this order; what was answered before stays.
pub fn set_questionnaires(
    tx: &mut dyn Tx,
    deed: &Deed,
    round: RoundId,
    asked: &[QuestionnaireId],
) -> Result<(), Failure> {
    tx.exec("delete from round_questionnaire where round = $1", &vals![round])?;
    for (place, id) in asked.iter().enumerate() {
        tx.exec(
            "insert into round_questionnaire (round, questionnaire, place) values ($1, $2, $3) on conflict (round, questionnaire) do nothing",
            &vals![round, *id, place as i64],
        )?;
    }
    note(tx, deed, round, "round-asks", json!({ "questionnaires": asked }))?;
    Ok(())
}
