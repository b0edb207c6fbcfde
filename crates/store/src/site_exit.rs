//! Exits 退场: filed by the person's firm, they end his time at a site; until then he is the one judged.

use crate::db::Tx;
use crate::error::Result;
use crate::ids::fresh;
use crate::notice::{self, Letterbox};
use crate::site::Site;
use crate::terms::{Deed, Failure};
use crate::{event, staff, today, vals, verdict};
use domain::fault::Fault;
use domain::id::{PersonId, SiteId};
use domain::refusal::Refusal;
use domain::role::Role;
use domain::time::{Day, Millis};
use serde_json::json;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    pub person: PersonId,
    pub name: String,
    pub last_day: Day,
    pub filed_at: Millis,
}

/// The newest first.
pub fn list(tx: &mut dyn Tx, site: SiteId) -> Result<Vec<Exit>> {
    tx.query(
        "select e.person, p.name, e.last_day, e.filed_at from site_exit e join person p on p.id = e.person
         where e.site = $1 order by e.filed_at desc, e.id limit 100",
        &vals![site],
    )?
    .iter()
    .map(|row| {
        Ok(Exit { person: row.parse(0)?, name: row.string(1)?, last_day: row.parse(2)?, filed_at: row.millis(3)? })
    })
    .collect()
}

/// Filed once for a last day; the same again changes nothing.
pub fn file(tx: &mut dyn Tx, deed: &Deed, site: &Site, person: PersonId, last_day: Day) -> Result<(), Failure> {
    let known = staff::find(tx, site.id, person)?.ok_or(Refusal::Absent)?;
    if last_day > deed.now.day().plus(366) {
        let (zh, en) = ("退场日期太远，请核对年份。", "The last day is too far off; check the year.");
        return Err(vec![Fault::new("last_day", zh, en)].into());
    }
    let same = tx.query_opt(
        "select 1 from site_exit where person = $1 and site = $2 and last_day = $3",
        &vals![person, site.id, last_day],
    )?;
    if same.is_some() {
        return Ok(());
    }
    tx.exec(
        "insert into site_exit (id, person, site, last_day, filed_at, by) values ($1, $2, $3, $4, $5, $6)",
        &vals![fresh(deed.now).to_string(), person, site.id, last_day, deed.now, deed.by],
    )?;
    event::note(tx, deed, site.id, "exit-filed", json!({ "person": person, "last_day": last_day }))?;
    let about = format!("{last_day} {}", known.name);
    for to in [Letterbox::Firm(Role::Owner, site.owner), Letterbox::Person(person)] {
        notice::insert_site(tx, to, site.id, "exit-filed", &about, deed.now)?;
    }
    today::refresh(tx, deed, site.id)?;
    verdict::rejudge(tx, deed, person, site.id, last_day.min(deed.now.day()), "exit")?;
    Ok(())
}
