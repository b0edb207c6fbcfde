//! How many problems stand under each light, and in a list: from an index, and never more looked at than are told.

use crate::db::Tx;
use crate::error::Result;
use crate::list::{Filter, LightIs, list, windows};
use crate::list_filter::{By, range};
use crate::vals;
use domain::access::Scope;
use domain::light::Bounds;
use domain::time::Millis;

/// Counted so far; beyond it a page says "and more".
pub const MOST: i64 = 300;

/// So many, or so many and more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub number: i64,
    pub more: bool,
}

impl Count {
    fn of(found: i64) -> Count {
        Count { number: found.min(MOST), more: found > MOST }
    }

    pub fn plus(self, other: Count) -> Count {
        Count { number: self.number + other.number, more: self.more || other.more }
    }
}

/// What runs under each light. Those of which nothing is known without looking at everything are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lights {
    pub red: Option<Count>,
    pub yellow: Option<Count>,
    pub blue: Option<Count>,
    pub none: Option<Count>,
}

impl Lights {
    pub fn of(&self, light: LightIs) -> Option<Count> {
        match light {
            LightIs::Red => self.red,
            LightIs::Yellow => self.yellow,
            LightIs::Blue => self.blue,
            LightIs::None => self.none,
            LightIs::Paused => None,
        }
    }

    /// All that have a running clock.
    pub fn all(&self) -> Option<Count> {
        Some(self.red?.plus(self.yellow?).plus(self.blue?).plus(self.none?))
    }
}

const LIT: [LightIs; 4] = [LightIs::Red, LightIs::Yellow, LightIs::Blue, LightIs::None];

/// The lights under `filter`, whatever light it asks for itself; nothing for words, whose hits have no order of clocks.
pub fn lights(tx: &mut dyn Tx, scope: &Scope, filter: &Filter, now: Millis, bounds: &Bounds) -> Result<Option<Lights>> {
    if filter.has_text() {
        return Ok(None);
    }
    let windows = windows(scope, filter.unit);
    match windows.as_slice() {
        [viewer] if filter.is_plain() => {
            let viewer = viewer.as_ref().map(|(key, _)| key.as_str());
            let mut counts = [None; 4];
            for (at, light) in LIT.into_iter().enumerate() {
                counts[at] = Some(in_index(tx, viewer, light, now, bounds)?);
            }
            let [red, yellow, blue, none] = counts;
            Ok(Some(Lights { red, yellow, blue, none }))
        }
        _ => one_by_one(tx, scope, filter, now, bounds).map(Some),
    }
}

fn in_index(tx: &mut dyn Tx, viewer: Option<&str>, light: LightIs, now: Millis, bounds: &Bounds) -> Result<Count> {
    let range = range(Some(light), now, bounds);
    // A yellow light has two reasons: due today, which is a range, or a late share, which is looked for behind it.
    let (near, far) = match light {
        LightIs::Yellow => {
            ((range.from, range.yellow_until, ""), Some((range.yellow_until.max(now.0 - 1) + 1, range.to, "late")))
        }
        _ => ((range.from, range.to, range.late), None),
    };
    let mut total = Count::default();
    for (from, to, late) in [Some(near), far].into_iter().flatten() {
        let row = match viewer {
            Some(viewer) => tx.query_one(
                "select coalesce(sum(case when $4 = '' or $4 = 'late' and late_at < $5 or $4 = 'not' and coalesce(late_at, $5) >= $5
                   then 1 else 0 end), 0), count(*)
                 from (select late_at from sight where viewer = $1 and clock_at >= $2 and clock_at <= $3 limit $6) as looked",
                &vals![viewer, from, to, late, now, MOST + 1],
            )?,
            None => tx.query_one(
                "select coalesce(sum(case when $3 = '' or $3 = 'late' and late_at < $4 or $3 = 'not' and coalesce(late_at, $4) >= $4
                   then 1 else 0 end), 0), count(*)
                 from (select late_at from problem where clock_at >= $1 and clock_at <= $2 limit $5) as looked",
                &vals![from, to, late, now, MOST + 1],
            )?,
        };
        let (found, looked) = (row.int(0)?, row.int(1)?);
        total = total.plus(Count { number: found.min(MOST), more: looked > MOST });
    }
    Ok(total)
}

/// By looking at the first of them by their clocks. Beyond the last of them a light is not known.
fn one_by_one(tx: &mut dyn Tx, scope: &Scope, filter: &Filter, now: Millis, bounds: &Bounds) -> Result<Lights> {
    let all = Filter { by: By::Due, light: None, after: None, back: false, ..filter.clone() };
    let lines = list(tx, scope, &all, now, bounds, MOST + 1)?;
    let more = lines.len() as i64 > MOST;
    let last = lines.last().and_then(|it| it.clock_at).filter(|_| more).map_or(i64::MAX, |at| at.0);
    let counts = LIT.map(|light| {
        let range = range(Some(light), now, bounds);
        let number = lines.iter().take(MOST as usize).filter(|line| {
            let Some(at) = line.clock_at.map(|at| at.0) else { return false };
            let late = line.late_at.is_some_and(|it| it < now);
            (range.from..=range.to).contains(&at)
                && match range.late {
                    "late" => at <= range.yellow_until || late,
                    "not" => !late,
                    _ => true,
                }
        });
        let number = number.count() as i64;
        // What begins behind the last one looked at was not looked at.
        (range.from <= last).then_some(Count { number, more: more && range.to >= last })
    });
    let [red, yellow, blue, none] = counts;
    Ok(Lights { red, yellow, blue, none })
}

/// How many lines `filter` has in all, on whichever page it stands.
pub fn count(tx: &mut dyn Tx, scope: &Scope, filter: &Filter, now: Millis, bounds: &Bounds) -> Result<Count> {
    let windows = windows(scope, filter.unit);
    let by_no = !filter.order().is_due() && filter.light.is_none();
    let row = match windows.as_slice() {
        [None] if by_no && filter.is_plain() => tx.query_one(
            "select count(*) from (select 1 as one from problem where no > $1 limit $2) as looked",
            &vals![i64::MIN, MOST + 1],
        )?,
        [Some((viewer, _))] if by_no && filter.is_plain() => tx.query_one(
            "select count(*) from (select 1 as one from sight where viewer = $1 limit $2) as looked",
            &vals![viewer, MOST + 1],
        )?,
        _ => {
            let all = Filter { after: None, back: false, ..filter.clone() };
            return Ok(Count::of(list(tx, scope, &all, now, bounds, MOST + 1)?.len() as i64));
        }
    };
    Ok(Count::of(row.int(0)?))
}
