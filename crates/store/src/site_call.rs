//! Calls of somebody on call 通知到岗: one made by 18:00 of the day before obliges.

use crate::db::Tx;
use crate::error::Result;
use crate::ids::fresh;
use crate::notice::{self, Letterbox};
use crate::site::Site;
use crate::terms::{Deed, Failure};
use crate::{event, staff, today, vals};
use domain::fault::Fault;
use domain::id::{PersonId, SiteId};
use domain::refusal::Refusal;
use domain::time::{Day, Millis};
use serde_json::json;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub person: PersonId,
    pub name: String,
    pub day: Day,
    pub called_at: Millis,
}

/// The latest day first.
pub fn list(tx: &mut dyn Tx, site: SiteId) -> Result<Vec<Call>> {
    tx.query(
        "select c.person, p.name, c.day, c.called_at from site_call c join person p on p.id = c.person
         where c.site = $1 order by c.day desc, c.id limit 100",
        &vals![site],
    )?
    .iter()
    .map(|row| Ok(Call { person: row.parse(0)?, name: row.string(1)?, day: row.parse(2)?, called_at: row.millis(3)? }))
    .collect()
}

/// A second call for the same day changes nothing: the first one obliges, or none does.
pub fn make(tx: &mut dyn Tx, deed: &Deed, site: &Site, person: PersonId, day: Day) -> Result<(), Failure> {
    staff::find(tx, site.id, person)?.ok_or(Refusal::Absent)?;
    if day <= deed.now.day() {
        let (zh, en) = ("只能通知明天及以后的日子。", "Only days from tomorrow on can be called for.");
        return Err(vec![Fault::new("day", zh, en)].into());
    }
    let same = tx.query_opt(
        "select 1 from site_call where person = $1 and day = $2 and site = $3",
        &vals![person, day, site.id],
    )?;
    if same.is_some() {
        return Ok(());
    }
    tx.exec(
        "insert into site_call (id, person, site, called_at, day, by) values ($1, $2, $3, $4, $5, $6)",
        &vals![fresh(deed.now).to_string(), person, site.id, deed.now, day, deed.by],
    )?;
    event::note(tx, deed, site.id, "person-called", json!({ "person": person, "day": day }))?;
    notice::insert_site(tx, Letterbox::Person(person), site.id, "person-called", &day.to_string(), deed.now)?;
    today::refresh_person(tx, deed, person)?;
    Ok(())
}
