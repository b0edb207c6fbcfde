//! What burns: problems by their running clock, the first due first, in a range of it; and how many there are.

use crate::db::Tx;
use crate::error::Result;
use crate::list::{self, Line};
use crate::list_sql::line_columns;
use crate::vals;
use domain::access::Scope;
use domain::time::Millis;

/// Of a count: more than this is "many".
pub const MANY: usize = 1_000;

/// Clocks that run out from the first to the last of these moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Millis,
    pub to: Millis,
}

macro_rules! lines {
    ($rest:literal) => {
        concat!("select ", line_columns!(), " from ", $rest)
    };
}

const ALL: &str = lines!("problem p where p.clock_at >= $1 and p.clock_at <= $2 order by p.clock_at, p.no limit $3");
const SEEN: &str = lines!(
    "sight s join problem p on p.no = s.no where s.viewer = $4 and s.clock_at >= $1 and s.clock_at <= $2
     order by s.clock_at, s.no limit $3"
);
/// The longest late for which nobody of supervision has written a slip yet.
const WITHOUT_SLIP: &str = lines!("problem p where p.slips = 0 and p.clock_at < $1 order by p.clock_at, p.no limit $2");

/// For the test that prepares every statement on both engines.
pub const STATEMENTS: [&str; 3] = [ALL, SEEN, WITHOUT_SLIP];

/// A viewer, and whether it is a unit, from which a shielded reporter is hidden.
fn viewers(scope: &Scope) -> Vec<(String, bool)> {
    match scope {
        Scope::All => vec![],
        Scope::Of { units, officers, reporter } => {
            let others = officers.iter().map(ToString::to_string).chain(reporter.iter().map(ToString::to_string));
            others.map(|it| (it, false)).chain(units.iter().map(|it| (it.to_string(), true))).collect()
        }
    }
}

/// At most `limit`, the first due first.
pub fn list(tx: &mut dyn Tx, scope: &Scope, span: Span, limit: i64) -> Result<Vec<Line>> {
    if *scope == Scope::All {
        return tx.query(ALL, &vals![span.from, span.to, limit])?.iter().map(list::line).collect();
    }
    let mut found = Vec::new();
    for (viewer, is_unit) in viewers(scope) {
        for row in tx.query(SEEN, &vals![span.from, span.to, limit, viewer])? {
            let line = list::line(&row)?;
            found.extend(if is_unit { list::conceal(tx, line, &[])? } else { Some(line) });
        }
    }
    // Whom several windows show it, the least hidden came first.
    found.sort_by_key(|it| (it.clock_at, it.no));
    found.dedup_by_key(|it| it.no);
    found.truncate(limit.max(0) as usize);
    Ok(found)
}

/// How many; at most [`MANY`], counted through all windows once.
pub fn count(tx: &mut dyn Tx, scope: &Scope, span: Span) -> Result<usize> {
    if *scope == Scope::All {
        let row = tx.query_one(
            "select count(*) from (select 1 as one from problem where clock_at >= $1 and clock_at <= $2 limit 1000) as few",
            &vals![span.from, span.to],
        )?;
        return Ok(row.int(0)?.max(0) as usize);
    }
    let mut seen: Vec<i64> = Vec::new();
    for (viewer, _) in viewers(scope) {
        for row in tx.query(
            "select no from sight where viewer = $1 and clock_at >= $2 and clock_at <= $3 limit 1000",
            &vals![viewer, span.from, span.to],
        )? {
            seen.push(row.int(0)?);
        }
    }
    seen.sort_unstable();
    seen.dedup();
    Ok(seen.len().min(MANY))
}

/// How many are registered and wait to be triaged, and how many of them longer than they should; at most [`MANY`].
pub fn count_registered(tx: &mut dyn Tx, now: Millis) -> Result<(i64, i64)> {
    let row = tx.query_one(
        "select count(*), coalesce(sum(case when clock_at < $1 then 1 else 0 end), 0) from (
           select clock_at from problem where state = 'registered' order by no desc limit 1000) as few",
        &vals![now],
    )?;
    Ok((row.int(0)?, row.int(1)?))
}

/// Overdue without a slip 督查单, for supervision.
pub fn list_without_slip(tx: &mut dyn Tx, now: Millis, limit: i64) -> Result<Vec<Line>> {
    tx.query(WITHOUT_SLIP, &vals![now, limit])?.iter().map(list::line).collect()
}
