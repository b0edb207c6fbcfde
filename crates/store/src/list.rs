//! Lists of problems: always through a scope, always with a limit, one range of one index.

use crate::db::Tx;
use crate::error::Result;
pub use crate::list_count::{Count, Lights, MOST, count, lights};
pub use crate::list_filter::{By, Filter, LightIs, Which};
use crate::list_filter::{MAX, MIN, Range, filters, range, registered, whence};
pub use crate::list_sql::statements;
use crate::list_sql::{self as sql, Both};
use crate::row::Row;
use crate::{reporter, search, vals};
use domain::access::Scope;
use domain::id::{CategoryId, ProblemId, UnitId};
use domain::light::Bounds;
use domain::problem::{Source, StateName, Tier};
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
    pub source: Source,
    /// Whom it was heard at; nothing through the window of a unit, which learns that from the problem's page if at all.
    pub subject: Option<String>,
}

impl Line {
    /// Where a page ends that ends with this line.
    pub fn key(&self, filter: &Filter) -> (i64, i64) {
        let at = if filter.order().is_due() { self.clock_at } else { Some(self.registered_at) };
        (at.map_or(0, |at| at.0), self.no)
    }
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
        source: Source::parse(row.text(14)?).unwrap_or(Source::Import),
        subject: row.opt_text(15)?.map(str::to_owned),
    })
}

/// A page with the keys of its neighbours, where there are any.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    pub lines: Vec<Line>,
    pub previous: Option<(i64, i64)>,
    pub next: Option<(i64, i64)>,
}

/// The page of `size` lines that `filter` asks for.
pub fn page(tx: &mut dyn Tx, scope: &Scope, filter: &Filter, now: Millis, bounds: &Bounds, size: i64) -> Result<Page> {
    let mut lines = list(tx, scope, filter, now, bounds, size + 1)?;
    let more = lines.len() as i64 > size;
    if filter.back && !more {
        // Back at the beginning, which may have grown meanwhile: then the first page, and a whole one.
        let first = Filter { after: None, back: false, ..filter.clone() };
        return page(tx, scope, &first, now, bounds, size);
    }
    if more && filter.back {
        lines.remove(0);
    }
    lines.truncate(size.max(0) as usize);
    let key = |line: Option<&Line>| line.map(|it| it.key(filter));
    let previous = key(lines.first()).filter(|_| filter.back || filter.after.is_some());
    let next = key(lines.last()).filter(|_| filter.back || more);
    Ok(Page { lines, previous, next })
}

/// At most `limit` lines, in the order asked for; with `back` the last ones before the key.
pub fn list(
    tx: &mut dyn Tx,
    scope: &Scope,
    filter: &Filter,
    now: Millis,
    bounds: &Bounds,
    limit: i64,
) -> Result<Vec<Line>> {
    let windows = windows(scope, filter.unit);
    let asked = Asked { filter, now, bounds, limit };
    let mut lines: Vec<Line> = Vec::new();
    // Most people look through one window; who has several gets them merged, the least hidden first.
    for viewer in &windows {
        lines.extend(asked.through(tx, viewer.as_ref().map(|(key, is_unit)| Viewer { key, is_unit: *is_unit }))?);
    }
    if windows.len() > 1 {
        let descending = asked.descends();
        let sign = if descending { -1 } else { 1 };
        match filter.order().is_due() {
            true => lines.sort_by_key(|it| (sign * it.clock_at.map_or(0, |at| at.0), sign * it.no)),
            false => lines.sort_by_key(|it| sign * it.no),
        }
        lines.dedup_by_key(|it| it.no);
        lines.truncate(limit.max(0) as usize);
    }
    if filter.back {
        lines.reverse();
    }
    Ok(lines)
}

/// Viewers, and whether each is a unit, from which a shielded reporter is hidden; one that is nobody sees all.
pub(crate) fn windows(scope: &Scope, wanted: Option<UnitId>) -> Vec<Option<(String, bool)>> {
    match (scope, wanted) {
        (Scope::All, None) => vec![None],
        (Scope::All, Some(unit)) => vec![Some((unit.to_string(), false))],
        (Scope::Of { units, officers, reporter }, wanted) => {
            let units =
                units.iter().filter(|it| wanted.is_none_or(|unit| unit == **it)).map(|it| (it.to_string(), true));
            let others = officers.iter().map(ToString::to_string).chain(reporter.iter().map(ToString::to_string));
            others.filter(|_| wanted.is_none()).map(|it| (it, false)).chain(units).map(Some).collect()
        }
    }
}

/// Whose window it is.
#[derive(Clone, Copy)]
struct Viewer<'v> {
    key: &'v str,
    is_unit: bool,
}

/// Takes a shielded reporter out of a title, and drops a hit where only his name, phone or address was found.
pub(crate) fn conceal(tx: &mut dyn Tx, mut line: Line, terms: &[Term]) -> Result<Option<Line>> {
    line.subject = None;
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

struct Asked<'a> {
    filter: &'a Filter,
    now: Millis,
    bounds: &'a Bounds,
    limit: i64,
}

impl Asked<'_> {
    /// In which direction the index is read; a page before the key is read from the key backwards.
    fn descends(&self) -> bool {
        self.filter.order().is_descending() != self.filter.back
    }

    fn through(&self, tx: &mut dyn Tx, viewer: Option<Viewer>) -> Result<Vec<Line>> {
        if self.filter.has_text() { self.by_words(tx, viewer) } else { self.by_index(tx, viewer) }
    }

    /// In the order of numbers among those that hold the words; other filters are asked of each hit, 100 pages deep at most.
    fn by_words(&self, tx: &mut dyn Tx, viewer: Option<Viewer>) -> Result<Vec<Line>> {
        let (filter, limit) = (self.filter, self.limit);
        let range = range(filter.light, self.now, self.bounds);
        // What has no clock has no light.
        let lit = filter.light.is_some_and(|light| light != LightIs::Paused);
        let terms = domain::search::query(&filter.text);
        let (way, edge) = if self.descends() { (search::Way::Newest, MAX) } else { (search::Way::Oldest, MIN) };
        let mut edge = filter.after.map_or(edge, |(_, no)| no);
        let by_unit = viewer.is_some_and(|it| it.is_unit);
        let rest =
            [filters(filter, &range, self.now), vals![lit, 0, 0].to_vec(), whence(filter, by_unit, registered(filter))]
                .concat();
        let mut lines = Vec::new();
        for _ in 0..100 {
            let hits = search::find(tx, &filter.text, viewer.map(|it| it.key), way, edge, limit)?;
            for no in &hits {
                let row = tx.query_opt(sql::HIT, &[&vals![*no][..], &rest].concat())?;
                let Some(row) = row else { continue };
                let shown = if by_unit { conceal(tx, line(&row)?, &terms)? } else { Some(line(&row)?) };
                lines.extend(shown);
                if lines.len() as i64 == limit {
                    return Ok(lines);
                }
            }
            match hits.last() {
                Some(last) if hits.len() as i64 == limit => edge = *last,
                _ => break,
            }
        }
        Ok(lines)
    }

    fn by_index(&self, tx: &mut dyn Tx, viewer: Option<Viewer>) -> Result<Vec<Line>> {
        let (filter, descends, by_due) = (self.filter, self.descends(), self.filter.order().is_due());
        let range = range(filter.light, self.now, self.bounds);
        let edge = if descends { (MAX, MAX) } else { (MIN, MIN) };
        let (at, no) = filter.after.unwrap_or(edge);
        let range = match (by_due, descends) {
            (true, false) => Range { from: range.from.max(at), ..range },
            (true, true) => Range { to: range.to.min(at), ..range },
            (false, _) => range,
        };
        let statement = statement(filter, viewer.is_some(), by_due);
        let (mut first, mut last) = registered(filter);
        if statement == &sql::OF_PERIOD {
            (first, last) = if descends { (first, last.min(at)) } else { (first.max(at), last) };
        }
        // What has no light has no clock; by number that is asked of each row.
        let lit = filter.light.is_some_and(|light| light != LightIs::Paused);
        let by_unit = viewer.is_some_and(|it| it.is_unit);
        let mut values = vals![viewer.map_or("", |it| it.key)].to_vec();
        values.extend(filters(filter, &range, self.now));
        values.extend(vals![if by_due { at } else { i64::from(lit) }, no, self.limit].to_vec());
        values.extend(whence(filter, by_unit, (first, last)));
        if statement == &sql::OF_PERIOD {
            values.extend(vals![at].to_vec());
        }
        let lines: Result<Vec<Line>> = tx.query(statement[usize::from(descends)], &values)?.iter().map(line).collect();
        if by_unit {
            return lines?.into_iter().filter_map(|line| conceal(tx, line, &[]).transpose()).collect();
        }
        lines
    }
}

/// The index in which the fewest are looked at.
fn statement(filter: &Filter, seen: bool, by_due: bool) -> &'static Both {
    match (seen, by_due) {
        (true, true) => &sql::SEEN_BY_DUE,
        (true, false) => &sql::SEEN_BY_NO,
        (false, true) if filter.boarded => &sql::BOARDED_BY_DUE,
        (false, true) => &sql::ALL_BY_DUE,
        (false, false) if filter.visit.is_some() => &sql::OF_VISIT,
        (false, false) if filter.subject.is_some() => &sql::OF_SUBJECT,
        (false, false) if filter.from.is_some() || filter.until.is_some() => &sql::OF_PERIOD,
        (false, false) if filter.light == Some(LightIs::Paused) => &sql::PAUSED,
        (false, false) if filter.campaign.is_some() => &sql::OF_CAMPAIGN,
        (false, false) if matches!(filter.category, Which::One(_)) => &sql::OF_CATEGORY,
        (false, false) if filter.state.is_some() => &sql::IN_STATE,
        (false, false) if filter.tier.is_some() => &sql::OF_TIER,
        (false, false) if filter.source.is_some() => &sql::OF_SOURCE,
        (false, false) => &sql::ALL_BY_NO,
    }
}
