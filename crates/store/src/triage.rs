//! What waits for triage 梳理: its list, its numbers, what went where before, and problems that look alike.

use crate::db::Tx;
use crate::error::Result;
use crate::row::{Row, Val};
use crate::{search, vals};
use domain::id::{CategoryId, UnitId};
use domain::problem::{Source, StateName};
use domain::time::Millis;
use domain::triage::{likeness, probes};
use std::collections::{BTreeMap, BTreeSet};

/// One that waits, as its line in the list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    pub no: i64,
    pub title: String,
    pub source: Source,
    pub registered_at: Millis,
    /// When triage is due.
    pub clock_at: Option<Millis>,
    /// The subject or the reporter by name; nobody of whom the name is not to be shown at a glance.
    pub whom: String,
}

fn waiting(row: &Row) -> Result<Waiting> {
    Ok(Waiting {
        no: row.int(0)?,
        title: row.string(1)?,
        source: Source::parse(row.text(2)?).unwrap_or(Source::Import),
        registered_at: row.millis(3)?,
        clock_at: row.opt_millis(4)?,
        whom: if row.flag(5)? { String::new() } else { row.string(6)? },
    })
}

macro_rules! lines {
    ($where:literal) => {
        concat!(
            "select p.no, p.title, p.source, p.registered_at, p.clock_at, p.shielded, coalesce(s.name, r.name, '')
               from problem p left join subject s on s.id = p.subject left join reporter r on r.id = p.reporter
             where p.state = 'registered' and ",
            $where,
            " p.no > $1 order by p.no limit $2"
        )
    };
}

const ALL: &str = lines!("");
const OF_SOURCE: &str = lines!("p.source = $3 and");

/// For the test that prepares every statement on both engines.
pub const STATEMENTS: [&str; 3] = [ALL, OF_SOURCE, BY_NUMBER];

/// At most `limit` that wait, after number `after`, the oldest first: all triage clocks of a campaign run equally long,
/// so the oldest is the first that is due.
pub fn list(tx: &mut dyn Tx, source: Option<Source>, after: i64, limit: i64) -> Result<Vec<Waiting>> {
    let rows = match source {
        None => tx.query(ALL, &vals![after, limit])?,
        Some(source) => tx.query(OF_SOURCE, &vals![after, limit, source.code()])?,
    };
    rows.iter().map(waiting).collect()
}

/// Numbers of those that wait behind `no`, and in front of it, the nearest first.
pub fn around(tx: &mut dyn Tx, source: Option<Source>, no: i64, limit: i64) -> Result<(Vec<i64>, Vec<i64>)> {
    let source = source.map_or("", Source::code);
    let behind = tx.query(
        "select no from problem where state = 'registered' and ($2 = '' or source = $2) and no > $1 order by no limit $3",
        &vals![no, source, limit],
    )?;
    let before = tx.query(
        "select no from problem where state = 'registered' and ($2 = '' or source = $2) and no < $1 order by no desc limit $3",
        &vals![no, source, limit],
    )?;
    let numbers = |rows: Vec<Row>| rows.iter().map(|row| row.int(0)).collect::<Result<Vec<_>>>();
    Ok((numbers(behind)?, numbers(before)?))
}

/// More of one source than this are not counted to the end.
pub const MANY: i64 = 1_000;

/// How many wait, by source.
pub fn count(tx: &mut dyn Tx) -> Result<Vec<(Source, i64)>> {
    let mut counts = Vec::new();
    for source in Source::ALL {
        let row = tx.query_one(
            "select count(*) from (select 1 as one from problem where state = 'registered' and source = $1 limit $2) as w",
            &vals![source.code(), MANY],
        )?;
        counts.push((*source, row.int(0)?));
    }
    counts.retain(|(_, count)| *count > 0);
    Ok(counts)
}

/// Category, lead and how many, among the newest of each state after dispatch.
pub fn list_leads(tx: &mut dyn Tx) -> Result<Vec<(CategoryId, UnitId, i64)>> {
    tx.query(
        "select h.category, h.lead, count(*) from (
           select category, lead from (select category, lead from problem where state = 'dispatched' order by no desc limit 500) as a
           union all select category, lead from (select category, lead from problem where state = 'in-hand' order by no desc limit 500) as b
           union all select category, lead from (select category, lead from problem where state = 'answered' order by no desc limit 500) as c
           union all select category, lead from (select category, lead from problem where state = 'closed' order by no desc limit 500) as d
         ) as h where h.category is not null and h.lead is not null group by h.category, h.lead",
        &[],
    )?
    .iter()
    .map(|row| Ok((row.parse(0)?, row.parse(1)?, row.int(2)?)))
    .collect()
}

/// Units in which somebody can receive.
pub fn list_hands(tx: &mut dyn Tx) -> Result<BTreeSet<UnitId>> {
    tx.query(
        "select distinct h.unit from hat h join person p on p.id = h.person
         where h.role in ('clerk', 'head') and p.left_at is null limit 5000",
        &[],
    )?
    .iter()
    .map(|row| row.parse(0))
    .collect()
}

/// Another problem whose title is like one's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    pub no: i64,
    pub title: String,
    pub state: StateName,
    pub lead: Option<UnitId>,
    pub category: Option<CategoryId>,
    /// Of a hundred.
    pub likeness: u32,
}

/// The newest so many that hold one piece of the title.
const HITS: i64 = 12;
const LOOKED_AT: usize = 24;
/// Less than this says nothing.
const LIKE: u32 = 25;
const BY_NUMBER: &str = "select no, title, state, lead, category from problem
   where no in ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)";

/// At most `limit` others that look like the problem `no`, the likest first; for somebody who sees all. What was
/// refused, withdrawn or merged itself is left out.
pub fn list_alike(tx: &mut dyn Tx, no: i64, title: &str, limit: usize) -> Result<Vec<Alike>> {
    let mut hits: BTreeMap<i64, usize> = BTreeMap::new();
    for probe in probes(title) {
        for hit in search::find_in_text(tx, &probe, HITS)? {
            *hits.entry(hit).or_default() += 1;
        }
    }
    hits.remove(&no);
    let mut numbers: Vec<(usize, i64)> = hits.into_iter().map(|(no, times)| (times, no)).collect();
    numbers.sort_unstable_by(|a, b| b.cmp(a));
    numbers.truncate(LOOKED_AT);
    let Some((_, last)) = numbers.last().copied() else { return Ok(vec![]) };
    // The last number fills up what the statement asks more.
    let values: Vec<Val> = (0..LOOKED_AT).map(|i| Val::from(numbers.get(i).map_or(last, |(_, no)| *no))).collect();
    let mut alike = Vec::new();
    for row in &tx.query(BY_NUMBER, &values)? {
        let state = StateName::parse(row.text(2)?).unwrap_or(StateName::Registered);
        let other = row.string(1)?;
        let likeness = likeness(title, &other);
        if likeness < LIKE || matches!(state, StateName::Refused | StateName::Withdrawn | StateName::Merged) {
            continue;
        }
        let (lead, category) = (row.opt_parse(3)?, row.opt_parse(4)?);
        alike.push(Alike { no: row.int(0)?, title: other, state, lead, category, likeness });
    }
    alike.sort_by_key(|it| std::cmp::Reverse((it.likeness, it.no)));
    alike.truncate(limit);
    Ok(alike)
}
