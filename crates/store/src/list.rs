//! Lists of problems: always through a scope, always with a limit, one range of one index.

use crate::db::Tx;
use crate::error::Result;
pub use crate::list_filter::{By, Filter, LightIs, Which};
use crate::list_filter::{MAX, MIN, Range, filters, range, whence};
use crate::row::Row;
use crate::{reporter, search, vals};
use domain::access::Scope;
use domain::id::{CategoryId, ProblemId, UnitId};
use domain::light::Bounds;
use domain::problem::{StateName, Tier};
use domain::search::Term;
use domain::time::Millis;

#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub id: ProblemId,
    pub no: i64,
    pub title: String,
    pub state: StateName,
    pub lead: Option<UnitId>,
    pub category: Option<CategoryId>,
    pub tier: Tier,
    pub boarded: bool,
    pub paused: bool,
    pub registered_at: Millis,
    pub clock_at: Option<Millis>,
    pub first_due_at: Option<Millis>,
    pub late_at: Option<Millis>,
    pub shielded: bool,
}

pub(crate) fn line(row: &Row) -> Result<Line> {
    Ok(Line {
        id: row.parse(0)?,
        no: row.int(1)?,
        title: row.string(2)?,
        state: StateName::parse(row.text(3)?).unwrap_or(StateName::Registered),
        lead: row.opt_parse(4)?,
        category: row.opt_parse(5)?,
        tier: Tier::parse(row.text(6)?).unwrap_or(Tier::Unit),
        boarded: row.flag(7)?,
        paused: row.flag(8)?,
        registered_at: row.millis(9)?,
        clock_at: row.opt_millis(10)?,
        first_due_at: row.opt_millis(11)?,
        late_at: row.opt_millis(12)?,
        shielded: row.flag(13)?,
    })
}

/// One text for all lists. `$t` is the table whose columns the range and the late shares are read from.
macro_rules! lines {
    ($t:literal, $from:literal, $rest:literal) => {
        concat!(
            "select p.id, p.no, p.title, p.state, p.lead, p.category, p.tier, p.boarded, p.paused, p.registered_at, p.clock_at,
               p.first_due_at, p.late_at, p.shielded from ",
            $from,
            " and coalesce(", $t, ".clock_at, $2) >= $2 and coalesce(", $t, ".clock_at, $3) <= $3",
            " and ($4 = '' or ($4 = 'late' and (", $t, ".clock_at <= $5 or ", $t, ".late_at < $6))
               or ($4 = 'not' and coalesce(", $t, ".late_at, $6) >= $6))
               and ($7 = '' or p.state = $7) and ($8 = '' or p.tier = $8) and ($9 = '' or coalesce(p.category, 'none') = $9)
               and ($10 = 0 or p.boarded = 1) and ($11 = 0 or p.paused = 1)
               and ($15 = '' or p.campaign = $15) and ($16 = '' or coalesce(p.lead, 'none') = $16)
               and ($17 = '' or p.subject = $17) and ($18 = '' or p.visit = $18) and ($19 = 0 or p.shielded = 0) ",
            $rest
        )
    };
}

// The bare comparisons by due are what the index is searched by; `coalesce` above would hide them from it.
const SEEN_BY_DUE: &str = lines!(
    "s",
    "sight s join problem p on p.no = s.no where s.viewer = $1 and s.clock_at >= $2 and s.clock_at <= $3",
    "and (s.clock_at > $12 or s.no > $13) order by s.clock_at, s.no limit $14"
);
const SEEN_NEWEST: &str = lines!(
    "s",
    "sight s join problem p on p.no = s.no where s.viewer = $1 and s.no < $13",
    "and ($12 = 0 or s.clock_at is not null) order by s.no desc limit $14"
);
const ALL_BY_DUE: &str = lines!(
    "p",
    "problem p where $1 = '' and p.clock_at >= $2 and p.clock_at <= $3",
    "and (p.clock_at > $12 or p.no > $13) order by p.clock_at, p.no limit $14"
);
const ALL_NEWEST: &str = lines!(
    "p",
    "problem p where $1 = '' and p.no < $13",
    "and ($12 = 0 or p.clock_at is not null) order by p.no desc limit $14"
);
/// A rare state is not looked for among all.
const ALL_NEWEST_IN_STATE: &str = lines!(
    "p",
    "problem p where $1 = '' and p.state = $7 and p.no < $13",
    "and ($12 = 0 or p.clock_at is not null) order by p.no desc limit $14"
);
/// Everything of one campaign, of one subject, of one visit: a range of its own index.
const ALL_NEWEST_OF_CAMPAIGN: &str = lines!(
    "p",
    "problem p where $1 = '' and p.campaign = $15 and p.no < $13",
    "and ($12 = 0 or p.clock_at is not null) order by p.no desc limit $14"
);
const ALL_NEWEST_OF_SUBJECT: &str = lines!(
    "p",
    "problem p where $1 = '' and p.subject = $17 and p.no < $13",
    "and ($12 = 0 or p.clock_at is not null) order by p.no desc limit $14"
);
const ALL_NEWEST_OF_VISIT: &str = lines!(
    "p",
    "problem p where $1 = '' and p.visit = $18 and p.no < $13",
    "and ($12 = 0 or p.clock_at is not null) order by p.no desc limit $14"
);
const HIT: &str =
    lines!("p", "problem p where p.no = $1", "and ($12 = 0 or p.clock_at is not null) and $13 = 0 and $14 = 0");

/// For the test that prepares every statement on both engines.
pub const STATEMENTS: [&str; 9] = [
    SEEN_BY_DUE,
    SEEN_NEWEST,
    ALL_BY_DUE,
    ALL_NEWEST,
    ALL_NEWEST_IN_STATE,
    ALL_NEWEST_OF_CAMPAIGN,
    ALL_NEWEST_OF_SUBJECT,
    ALL_NEWEST_OF_VISIT,
    HIT,
];

/// At most `limit` lines, in the order asked for.
pub fn list(
    tx: &mut dyn Tx,
    scope: &Scope,
    filter: &Filter,
    now: Millis,
    bounds: &Bounds,
    limit: i64,
) -> Result<Vec<Line>> {
    // A viewer, and whether it is a unit, from which a shielded reporter is hidden.
    let viewers: Vec<(String, bool)> = match (scope, filter.unit) {
        (Scope::All, None) => return by_text_or(tx, filter, None, now, bounds, limit),
        (Scope::All, Some(unit)) => vec![(unit.to_string(), false)],
        (Scope::Of { units, officers, reporter }, wanted) => {
            let units =
                units.iter().filter(|it| wanted.is_none_or(|unit| unit == **it)).map(|it| (it.to_string(), true));
            let others = officers.iter().map(ToString::to_string).chain(reporter.iter().map(ToString::to_string));
            others.filter(|_| wanted.is_none()).map(|it| (it, false)).chain(units).collect()
        }
    };
    // Most people look through one window; who has several gets them merged, the least hidden first.
    let mut lines: Vec<Line> = Vec::new();
    for (viewer, is_unit) in &viewers {
        lines.extend(by_text_or(tx, filter, Some(Viewer { key: viewer, is_unit: *is_unit }), now, bounds, limit)?);
    }
    if viewers.len() > 1 {
        match filter.by {
            By::Due if filter.text.trim().is_empty() => lines.sort_by_key(|it| (it.clock_at, it.no)),
            _ => lines.sort_by_key(|it| std::cmp::Reverse(it.no)),
        }
        lines.dedup_by_key(|it| it.no);
        lines.truncate(limit.max(0) as usize);
    }
    Ok(lines)
}

/// Whose window it is.
#[derive(Clone, Copy)]
struct Viewer<'v> {
    key: &'v str,
    is_unit: bool,
}

/// Takes a shielded reporter out of a title, and drops a hit where only his name, phone or address was found.
pub(crate) fn conceal(tx: &mut dyn Tx, mut line: Line, terms: &[Term]) -> Result<Option<Line>> {
    if !line.shielded {
        return Ok(Some(line));
    }
    let row = tx.query_opt(
        "select reporter, detail, place from problem where no = $1 and reporter is not null",
        &vals![line.no],
    )?;
    let Some(row) = row else { return Ok(Some(line)) };
    let Some(reporter) = reporter::find(tx, row.parse(0)?)? else { return Ok(Some(line)) };
    line.title = reporter.mask(&line.title);
    let rest = reporter.mask(&format!("{} {}", row.text(1)?, row.text(2)?));
    Ok(domain::search::holds(&format!("{} {rest}", line.title), terms).then_some(line))
}

fn by_text_or(
    tx: &mut dyn Tx,
    filter: &Filter,
    viewer: Option<Viewer>,
    now: Millis,
    bounds: &Bounds,
    limit: i64,
) -> Result<Vec<Line>> {
    if filter.text.trim().is_empty() {
        by_index(tx, filter, viewer, now, bounds, limit)
    } else {
        by_words(tx, filter, viewer, now, bounds, limit)
    }
}

/// Newest first among those that hold the words; other filters are asked of each hit, 100 pages deep at most.
fn by_words(
    tx: &mut dyn Tx,
    filter: &Filter,
    viewer: Option<Viewer>,
    now: Millis,
    bounds: &Bounds,
    limit: i64,
) -> Result<Vec<Line>> {
    let range = range(filter.light, now, bounds);
    // What has no clock has no light.
    let lit = filter.light.is_some_and(|light| light != LightIs::Paused);
    let terms = domain::search::query(&filter.text);
    let mut before = filter.after.map_or(MAX, |(_, no)| no);
    let mut lines = Vec::new();
    for _ in 0..100 {
        let hits = search::find(tx, &filter.text, viewer.map(|it| it.key), before, limit)?;
        for no in &hits {
            let row = tx.query_opt(
                HIT,
                &[
                    vals![*no].to_vec(),
                    filters(filter, &range, now),
                    vals![lit, 0, 0].to_vec(),
                    whence(filter, viewer.is_some_and(|it| it.is_unit)),
                ]
                .concat(),
            )?;
            let Some(row) = row else { continue };
            let shown = match viewer {
                Some(viewer) if viewer.is_unit => conceal(tx, line(&row)?, &terms)?,
                _ => Some(line(&row)?),
            };
            lines.extend(shown);
            if lines.len() as i64 == limit {
                return Ok(lines);
            }
        }
        match hits.last() {
            Some(last) if hits.len() as i64 == limit => before = *last,
            _ => break,
        }
    }
    Ok(lines)
}

fn by_index(
    tx: &mut dyn Tx,
    filter: &Filter,
    viewer: Option<Viewer>,
    now: Millis,
    bounds: &Bounds,
    limit: i64,
) -> Result<Vec<Line>> {
    let range = range(filter.light, now, bounds);
    let paused = filter.light == Some(LightIs::Paused);
    let by = if paused { By::Newest } else { filter.by };
    let (at, no) = match (filter.after, by) {
        (Some(after), _) => after,
        (None, By::Due) => (MIN, MIN),
        (None, By::Newest) => (MAX, MAX),
    };
    let range = Range { from: if by == By::Due { range.from.max(at) } else { range.from }, ..range };
    let mut values = vals![viewer.map_or("", |it| it.key)].to_vec();
    values.extend(filters(filter, &range, now));
    let newest_with_light = by == By::Newest && filter.light.is_some() && !paused;
    values.extend(if by == By::Due {
        vals![at, no, limit].to_vec()
    } else {
        vals![i64::from(newest_with_light), no, limit].to_vec()
    });
    values.extend(whence(filter, viewer.is_some_and(|it| it.is_unit)));
    let statement = match (viewer, by) {
        (Some(_), By::Due) => SEEN_BY_DUE,
        (Some(_), By::Newest) => SEEN_NEWEST,
        (None, By::Due) => ALL_BY_DUE,
        (None, By::Newest) if filter.visit.is_some() => ALL_NEWEST_OF_VISIT,
        (None, By::Newest) if filter.subject.is_some() => ALL_NEWEST_OF_SUBJECT,
        (None, By::Newest) if filter.campaign.is_some() => ALL_NEWEST_OF_CAMPAIGN,
        (None, By::Newest) if filter.state.is_some() => ALL_NEWEST_IN_STATE,
        (None, By::Newest) => ALL_NEWEST,
    };
    let lines: Result<Vec<Line>> = tx.query(statement, &values)?.iter().map(line).collect();
    match viewer {
        Some(viewer) if viewer.is_unit => {
            lines?.into_iter().filter_map(|line| conceal(tx, line, &[]).transpose()).collect()
        }
        _ => lines,
    }
}
