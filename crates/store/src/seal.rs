//! The daily seal: one digest over the events of each local day that is over, chained from day to day, so that a chain
//! rewritten as a whole is told too.

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids;
use crate::vals;
use crate::words::{hex, sha256};
use domain::time::{Day, Millis};
use ring::digest::{Context, SHA256};

/// A server whose clock is a little behind may still write into yesterday.
const GRACE_MS: i64 = 10 * 60_000;
const PAGE: i64 = 5_000;
/// Days sealed in one transaction: after a long outage others get their turn in between.
const DAYS: usize = 31;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    pub day: Day,
    pub events: i64,
    pub last_event: String,
    /// SHA-256 over the hashes of the day's events in the order of their ids.
    pub digest: String,
    /// SHA-256 over the hash of the seal before, the digest, the day and the count.
    pub hash: String,
}

/// Seals the days that are over, oldest first, 31 at most; says how many. Ask again until it is none. When two servers
/// seal at once the second finds the same seal there already.
pub fn seal_days(tx: &mut dyn Tx, now: Millis) -> Result<usize> {
    let mut sealed = 0;
    let last = tx.query_opt("select day, hash from seal order by day desc limit 1", &[])?;
    let (mut from, mut before) = match last {
        Some(row) => (row.parse::<Day>(0)?.plus(1), row.string(1)?),
        None => (Millis(0).day(), String::new()),
    };
    while sealed < DAYS {
        let Some(day) = next_day(tx, from)? else { break };
        if Millis::at(day.plus(1), 0).plus(GRACE_MS) > now {
            break;
        }
        let seal = compute(tx, day, &before)?;
        let made = tx.exec(
            "insert into seal (day, events, last_event, digest, hash, at) values ($1, $2, $3, $4, $5, $6) on conflict (day) do nothing",
            &vals![day, seal.events, &seal.last_event, &seal.digest, &seal.hash, now],
        )?;
        if made == 0 {
            break;
        }
        sealed += 1;
        (from, before) = (day.plus(1), seal.hash);
    }
    Ok(sealed)
}

/// The first day from `from` on that has events.
fn next_day(tx: &mut dyn Tx, from: Day) -> Result<Option<Day>> {
    let row = tx.query_opt(
        "select id from event where id >= $1 order by id limit 1",
        &vals![ids::least(Millis::at(from, 0))],
    )?;
    let Some(row) = row else { return Ok(None) };
    let id = row.text(0)?;
    let made = ids::moment(id)
        .ok_or_else(|| Error::Database(format!("{id} is no id of an event; run zoufang audit verify")))?;
    Ok(Some(made.day().max(from)))
}

/// What the seal of `day` must be, given the hash of the one before. Reads the day in pages.
pub(crate) fn compute(tx: &mut dyn Tx, day: Day, before: &str) -> Result<Seal> {
    let end = ids::least(Millis::at(day.plus(1), 0));
    let (mut digest, mut events, mut last) = (Context::new(&SHA256), 0, ids::least(Millis::at(day, 0)));
    loop {
        let rows = tx.query(
            "select id, hash from event where id > $1 and id < $2 order by id limit $3",
            &vals![&last, &end, PAGE],
        )?;
        for row in &rows {
            digest.update(row.text(1)?.as_bytes());
            digest.update(b"\n");
        }
        events += rows.len() as i64;
        match rows.last() {
            Some(row) => last = row.string(0)?,
            None => break,
        }
    }
    let digest = hex(digest.finish().as_ref());
    let hash = sha256(&[
        before.as_bytes(),
        b"\n",
        digest.as_bytes(),
        b"\n",
        day.to_string().as_bytes(),
        b"\n",
        events.to_string().as_bytes(),
    ]);
    Ok(Seal { day, events, last_event: last, digest, hash })
}

/// Seals after `after` (empty: from the first), in order.
pub fn list(tx: &mut dyn Tx, after: &str, limit: i64) -> Result<Vec<Seal>> {
    tx.query(
        "select day, events, last_event, digest, hash from seal where day > $1 order by day limit $2",
        &vals![after, limit],
    )?
    .iter()
    .map(|row| {
        Ok(Seal {
            day: row.parse(0)?,
            events: row.int(1)?,
            last_event: row.string(2)?,
            digest: row.string(3)?,
            hash: row.string(4)?,
        })
    })
    .collect()
}

/// The newest.
pub fn last(tx: &mut dyn Tx) -> Result<Option<Seal>> {
    tx.query_opt("select day, events, last_event, digest, hash from seal order by day desc limit 1", &[])?
        .map(|row| {
            Ok(Seal {
                day: row.parse(0)?,
                events: row.int(1)?,
                last_event: row.string(2)?,
                digest: row.string(3)?,
                hash: row.string(4)?,
            })
        })
        .transpose()
}
