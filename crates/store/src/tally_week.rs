//! How a campaign moves: what came in and went out each week, and how the reporters were heard. Ranges of indexes.

use crate::db::Tx;
use crate::error::Result;
use crate::list::{self, Line};
use crate::list_sql::line_columns;
use crate::vals;
use domain::id::CampaignId;
use domain::time::{Day, Millis};

/// A week from Monday to Sunday, with what was registered and what was struck off in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week {
    pub monday: Day,
    pub registered: i64,
    pub closed: i64,
}

/// The last `weeks` weeks up to that of `today`, none before the one of `first`; a week's count ends at ten thousand.
pub fn weeks(tx: &mut dyn Tx, campaign: CampaignId, first: Day, today: Day, weeks: i64) -> Result<Vec<Week>> {
    let this = today.monday();
    let mut found = Vec::new();
    for back in (0..weeks).rev() {
        let monday = this.plus(-7 * back);
        if monday.plus(6) < first {
            continue;
        }
        let (from, to) = (Millis::at(monday, 0), Millis::at(monday.plus(7), 0));
        let row = tx.query_one(
            "select (select count(*) from (select 1 as one from problem where campaign = $1 and registered_at >= $2 and registered_at < $3 limit 10000) as a),
                    (select count(*) from (select 1 as one from problem where campaign = $1 and closed_at >= $2 and closed_at < $3 limit 10000) as b)",
            &vals![campaign, from, to],
        )?;
        found.push(Week { monday, registered: row.int(0)?, closed: row.int(1)? });
    }
    Ok(found)
}

/// The numbers of the three rates (`facts.md` 4.6) over the cases first due in a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    pub due: i64,
    pub in_time: i64,
    pub rated: i64,
    pub solved: i64,
    pub satisfied: i64,
}

/// At most so many are looked at, the latest due.
pub const MANY: i64 = 10_000;

pub fn heard(tx: &mut dyn Tx, campaign: CampaignId, from: Millis, until: Millis) -> Result<Heard> {
    let row = tx.query_one(
        "select count(*), coalesce(sum(case when answered = 'in-time' then 1 else 0 end), 0), coalesce(sum(case when verdict <> '' then 1 else 0 end), 0),
           coalesce(sum(case when verdict = 'yes' then 1 else 0 end), 0), coalesce(sum(case when satisfaction in ('satisfied', 'mostly') then 1 else 0 end), 0)
         from (select answered, verdict, satisfaction from problem where campaign = $1 and first_due_at >= $2 and first_due_at < $3
           order by first_due_at desc limit 10000) as few",
        &vals![campaign, from, until],
    )?;
    Ok(Heard {
        due: row.int(0)?,
        in_time: row.int(1)?,
        rated: row.int(2)?,
        solved: row.int(3)?,
        satisfied: row.int(4)?,
    })
}

/// Which rows: of a week, or of a rate's counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    Registered(Day),
    Closed(Day),
    /// Answered in time, the reporter says solved, the reporter is satisfied; `false`: those of the whole that are not.
    InTime(bool),
    Solved(bool),
    Satisfied(bool),
}

macro_rules! lines {
    ($where:literal) => {
        concat!(
            "select ",
            line_columns!(),
            " from problem p where p.campaign = $1 and ",
            $where,
            " and p.no > $4 order by p.no limit $5"
        )
    };
}

const REGISTERED: &str = lines!("p.registered_at >= $2 and p.registered_at < $3");
const CLOSED: &str = lines!("p.closed_at >= $2 and p.closed_at < $3");
const IN_TIME: &str = lines!("p.first_due_at >= $2 and p.first_due_at < $3 and p.answered = 'in-time'");
const NOT_IN_TIME: &str = lines!("p.first_due_at >= $2 and p.first_due_at < $3 and p.answered <> 'in-time'");
const SOLVED: &str = lines!("p.first_due_at >= $2 and p.first_due_at < $3 and p.verdict = 'yes'");
const NOT_SOLVED: &str = lines!("p.first_due_at >= $2 and p.first_due_at < $3 and p.verdict in ('partly', 'no')");
const SATISFIED: &str =
    lines!("p.first_due_at >= $2 and p.first_due_at < $3 and p.satisfaction in ('satisfied', 'mostly')");
const UNSATISFIED: &str = lines!("p.first_due_at >= $2 and p.first_due_at < $3 and p.satisfaction = 'unsatisfied'");

/// For the test that prepares every statement on both engines.
pub const STATEMENTS: [&str; 8] =
    [REGISTERED, CLOSED, IN_TIME, NOT_IN_TIME, SOLVED, NOT_SOLVED, SATISFIED, UNSATISFIED];

/// The rows behind a number, by number after `after`; `from` and `until` are the period of the rates.
pub fn list(
    tx: &mut dyn Tx,
    campaign: CampaignId,
    behind: Behind,
    (from, until): (Millis, Millis),
    after: i64,
    limit: i64,
) -> Result<Vec<Line>> {
    let week = |monday: Day| (Millis::at(monday, 0), Millis::at(monday.plus(7), 0));
    let (statement, (from, until)) = match behind {
        Behind::Registered(monday) => (REGISTERED, week(monday)),
        Behind::Closed(monday) => (CLOSED, week(monday)),
        Behind::InTime(true) => (IN_TIME, (from, until)),
        Behind::InTime(false) => (NOT_IN_TIME, (from, until)),
        Behind::Solved(true) => (SOLVED, (from, until)),
        Behind::Solved(false) => (NOT_SOLVED, (from, until)),
        Behind::Satisfied(true) => (SATISFIED, (from, until)),
        Behind::Satisfied(false) => (UNSATISFIED, (from, until)),
    };
    tx.query(statement, &vals![campaign, from, until, after, limit])?.iter().map(list::line).collect()
}
