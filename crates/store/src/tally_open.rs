//! What is open in a campaign, counted once by lead unit, state, light and age. One range of one index, never the table.

use crate::db::Tx;
use crate::error::Result;
use crate::list::{self, Line, Which};
use crate::list_sql::line_columns;
use crate::vals;
use domain::calendar::Calendar;
use domain::id::{CampaignId, UnitId};
use domain::light::Bounds;
use domain::problem::StateName;
use domain::time::Millis;

/// As a chart groups them: late parts raise to yellow, as they do on the page of the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lit {
    Red,
    Yellow,
    /// Blue and not yet near: time is left.
    Calm,
    Paused,
}

impl Lit {
    pub const ALL: [Lit; 4] = [Lit::Red, Lit::Yellow, Lit::Calm, Lit::Paused];

    pub fn code(self) -> &'static str {
        match self {
            Lit::Red => "red",
            Lit::Yellow => "yellow",
            Lit::Calm => "calm",
            Lit::Paused => "paused",
        }
    }

    pub fn parse(code: &str) -> Option<Lit> {
        Lit::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// Workdays since the dispatch: up to 3, 7, 12, 20, and more. `None`: not dispatched.
pub const AGES: [u32; 4] = [3, 7, 12, 20];

/// From which moment on a dispatch is at most so many workdays old.
pub fn ages(now: Millis, calendar: &Calendar) -> [Millis; 4] {
    let mut day = now.day();
    let mut walked = 0;
    AGES.map(|workdays| {
        // A dispatch on day 0 is one workday old on the next: n workdays lie between the two days.
        while walked < workdays {
            if calendar.is_workday(day) {
                walked += 1;
            }
            day = day.plus(-1);
        }
        Millis::at(day, 0)
    })
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    pub unit: Option<UnitId>,
    pub state: StateName,
    pub lit: Lit,
    /// 0 … 4, as [`AGES`].
    pub age: Option<usize>,
    pub count: i64,
}

/// At most so many are looked at, in a hundredth of a second; a zone has some thousand open at most.
pub const MANY: i64 = 10_000;

pub fn count(tx: &mut dyn Tx, campaign: CampaignId, bounds: &Bounds, ages: &[Millis; 4]) -> Result<Vec<Count>> {
    tx.query(
        "select lead, state, lit, age, count(*) from (
           select lead, state,
             case when paused = 1 then 'paused' when clock_at < $2 then 'red' when clock_at <= $3 or late_at < $2 then 'yellow' else 'calm' end as lit,
             case when dispatched_at is null then -1 when dispatched_at >= $4 then 0 when dispatched_at >= $5 then 1
               when dispatched_at >= $6 then 2 when dispatched_at >= $7 then 3 else 4 end as age
           from problem where campaign = $1 and state in ('registered', 'dispatched', 'in-hand', 'answered') limit 10000) as few
         group by lead, state, lit, age",
        &vals![campaign, bounds.now, bounds.yellow_until, ages[0], ages[1], ages[2], ages[3]],
    )?
    .iter()
    .map(|row| {
        Ok(Count {
            unit: row.opt_parse(0)?,
            state: StateName::parse(row.text(1)?).unwrap_or(StateName::Registered),
            lit: Lit::parse(row.text(2)?).unwrap_or(Lit::Calm),
            age: usize::try_from(row.int(3)?).ok(),
            count: row.int(4)?,
        })
    })
    .collect()
}

/// How many of a campaign stand in a state; at most ten thousand.
pub fn count_in_state(tx: &mut dyn Tx, campaign: CampaignId, state: StateName) -> Result<i64> {
    tx.query_one(
        "select count(*) from (select 1 as one from problem where campaign = $1 and state = $2 limit 10000) as few",
        &vals![campaign, state.code()],
    )?
    .int(0)
}

/// Which rows of the open ones: a lead unit or none, a light, an age.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Behind {
    pub unit: Which<UnitId>,
    pub lit: Option<Lit>,
    pub age: Option<usize>,
}

const BEHIND: &str = concat!(
    "select ",
    line_columns!(),
    " from (
         select no, case when paused = 1 then 'paused' when clock_at < $2 then 'red' when clock_at <= $3 or late_at < $2 then 'yellow' else 'calm' end as lit,
           case when dispatched_at is null then -1 when dispatched_at >= $4 then 0 when dispatched_at >= $5 then 1
             when dispatched_at >= $6 then 2 when dispatched_at >= $7 then 3 else 4 end as age
         from problem where campaign = $1 and state in ('registered', 'dispatched', 'in-hand', 'answered') and ($8 = '' or coalesce(lead, 'none') = $8)
           and no > $11) as few join problem p on p.no = few.no
     where ($9 = '' or few.lit = $9) and ($10 = -2 or few.age = $10) order by p.no limit $12"
);

/// For the test that prepares every statement on both engines.
pub const STATEMENTS: [&str; 1] = [BEHIND];

/// The rows behind a mark of a chart, by number after `after`.
pub fn list(
    tx: &mut dyn Tx,
    campaign: CampaignId,
    (bounds, ages): (&Bounds, &[Millis; 4]),
    behind: &Behind,
    after: i64,
    limit: i64,
) -> Result<Vec<Line>> {
    let unit = behind.unit.key();
    let age = behind.age.map_or(-2, |it| it as i64);
    tx.query(
        BEHIND,
        &vals![
            campaign,
            bounds.now,
            bounds.yellow_until,
            ages[0],
            ages[1],
            ages[2],
            ages[3],
            unit,
            behind.lit.map_or("", Lit::code),
            age,
            after,
            limit
        ],
    )?
    .iter()
    .map(list::line)
    .collect()
}
