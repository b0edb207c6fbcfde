//! The reading log: who looked at what somebody asked to have shielded, or at a personal file.

use crate::db::Tx;
use crate::error::Result;
use crate::ids::fresh;
use crate::vals;
use domain::id::PersonId;
use domain::time::Millis;

pub fn insert(tx: &mut dyn Tx, by: Option<PersonId>, thing: &str, what: &str, now: Millis) -> Result<()> {
    tx.exec(
        "insert into look (id, person, thing, what, at) values ($1, $2, $3, $4, $5)",
        &vals![fresh(now).to_string(), by, thing, what, now],
    )?;
    Ok(())
}

#[derive(Clone, Debug)]
pub struct Look {
    pub by_name: String,
    pub what: String,
    pub at: Millis,
}

pub fn list(tx: &mut dyn Tx, thing: &str, limit: i64) -> Result<Vec<Look>> {
    tx.query(
        "select coalesce(p.name, ''), l.what, l.at from look l left join person p on p.id = l.person where l.thing = $1 order by l.id desc limit $2",
        &vals![thing, limit],
    )?
    .into_iter()
    .map(|row| Ok(Look { by_name: row.string(0)?, what: row.string(1)?, at: row.millis(2)? }))
    .collect()
}
