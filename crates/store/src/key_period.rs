//! Key periods 关键工序时段 of a site, set by the bureau: no leave excuses in them.

use crate::db::Tx;
use crate::error::Result;
use crate::ids::fresh;
use crate::notice::{self, Letterbox};
use crate::site::Site;
use crate::terms::{Deed, Failure};
use crate::{event, staff, today, vals};
use domain::fault::Fault;
use domain::id::SiteId;
use domain::time::Day;
use serde_json::json;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPeriod {
    pub from: Day,
    pub to: Day,
    pub why: String,
}

/// The latest first.
pub fn list(tx: &mut dyn Tx, site: SiteId) -> Result<Vec<KeyPeriod>> {
    tx.query(
        "select from_day, to_day, why from key_period where site = $1 order by to_day desc, id limit 100",
        &vals![site],
    )?
    .iter()
    .map(|row| Ok(KeyPeriod { from: row.parse(0)?, to: row.parse(1)?, why: row.string(2)? }))
    .collect()
}

/// It never reaches back: whoever was on leave yesterday could not know of it.
pub fn set(tx: &mut dyn Tx, deed: &Deed, site: &Site, it: &KeyPeriod) -> Result<(), Failure> {
    let mut faults = Vec::new();
    if it.to < it.from {
        faults.push(Fault::new("to", "结束日期不能早于开始日期。", "It cannot end before it begins."));
    }
    if it.from <= deed.now.day() {
        faults.push(Fault::new(
            "from",
            "关键工序时段从明天或以后开始。",
            "A key period begins tomorrow at the earliest.",
        ));
    }
    if it.to.number() - it.from.number() > 120 {
        faults.push(Fault::new("to", "一个时段最长120天。", "A key period lasts at most 120 days."));
    }
    if it.why.trim().is_empty() || it.why.chars().count() > 200 {
        faults.push(Fault::new("why", "请写明工序，不超过200字。", "Say which work it is, at most 200 characters."));
    }
    if !faults.is_empty() {
        return Err(faults.into());
    }
    let same = tx.query_opt(
        "select 1 from key_period where site = $1 and from_day = $2 and to_day = $3",
        &vals![site.id, it.from, it.to],
    )?;
    if same.is_some() {
        return Ok(());
    }
    tx.exec(
        "insert into key_period (id, site, from_day, to_day, why, made_at, by) values ($1, $2, $3, $4, $5, $6, $7)",
        &vals![fresh(deed.now).to_string(), site.id, it.from, it.to, it.why.trim(), deed.now, deed.by],
    )?;
    let data = json!({ "from": it.from, "to": it.to });
    event::say(tx, deed, site.id, "key-period-set", data, it.why.trim())?;
    let about = format!("{} {}", it.from, it.to);
    for it in staff::list(tx, site.id)? {
        notice::insert_site(tx, Letterbox::Person(it.person), site.id, "key-period-set", &about, deed.now)?;
    }
    today::refresh(tx, deed, site.id)?;
    Ok(())
}
