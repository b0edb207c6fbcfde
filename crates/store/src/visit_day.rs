//! What one needs on the way to a visit: where it is, whom to ask for, at which number. And what an enterprise is told
//! of visits to it.

use crate::db::Tx;
use crate::error::Result;
use crate::event::parse;
use crate::vals;
use domain::id::ReporterId;
use domain::time::Day;
use domain::visit::{StateName, When};
use serde::Deserialize;
use std::collections::HashMap;

/// Of a visit's subject: its address, and its first contact with a telephone number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    pub address: String,
    pub contact: String,
    pub phone: String,
}

/// By number of the visit, for one window's visits of these days; 100 at most.
pub fn ways(tx: &mut dyn Tx, viewer: &str, from: Day, to: Day) -> Result<HashMap<i64, Way>> {
    tx.query(
        "select w.no, s.address, coalesce(c.name, ''), coalesce(c.phone, '') from visit_viewer w join subject s on s.id = w.subject
           left join contact c on c.id = (select min(k.id) from contact k where k.subject = s.id and k.phone <> '')
         where w.viewer = $1 and w.day >= $2 and w.day <= $3 order by w.day, w.no limit 100",
        &vals![viewer, from, to],
    )?
    .iter()
    .map(|row| Ok((row.int(0)?, Way { address: row.string(1)?, contact: row.string(2)?, phone: row.string(3)? })))
    .collect()
}

/// A visit as the one who is visited knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Coming {
    pub when: When,
    pub state: StateName,
    pub officer: String,
    pub phone: String,
}

#[derive(Deserialize)]
struct Brief {
    when: When,
}

/// Visits to the subject that reports as this reporter, from this day on, the first first.
pub fn list_coming(tx: &mut dyn Tx, reporter: ReporterId, from: Day, limit: i64) -> Result<Vec<Coming>> {
    tx.query(
        "select v.body, v.state, p.name, p.phone from subject s join visit v on v.subject = s.id join person p on p.id = v.officer
         where s.reporter = $1 and v.day >= $2 and v.state in ('planned', 'proposed', 'agreed') order by v.day, v.no limit $3",
        &vals![reporter, from, limit],
    )?
    .iter()
    .map(|row| {
        let brief: Brief = parse(row.text(0)?)?;
        Ok(Coming {
            when: brief.when,
            state: StateName::parse(row.text(1)?).unwrap_or(StateName::Planned),
            officer: row.string(2)?,
            phone: row.string(3)?,
        })
    })
    .collect()
}
