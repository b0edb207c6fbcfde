//! The roll: all that bears on some persons' attendance, loaded with a fixed number of statements for every hundred.

use crate::db::Tx;
use crate::error::Result;
use crate::event::parse;
use crate::many::{look_up, rows_of, rows_with};
use crate::row::Row;
use crate::vals;
use domain::attendance::course::FiledPlan;
use domain::attendance::plan::{Post, StagePlan};
use domain::attendance::quota;
use domain::attendance::roll::*;
use domain::id::{PersonId, SiteId};
use domain::time::{Day, Millis};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

struct Sql {
    sites: &'static str,
    staff: &'static str,
    crew: &'static str,
    elsewhere: &'static str,
    plans: &'static str,
    punches: &'static str,
    rulings: &'static str,
    leaves: &'static str,
    stand_ins: &'static str,
    stood_for: &'static str,
    certificates: &'static str,
    exits: &'static str,
    calls: &'static str,
    key_periods: &'static str,
}

fn sql() -> &'static Sql {
    static SQL: OnceLock<Sql> = OnceLock::new();
    SQL.get_or_init(|| Sql {
        sites: look_up("select distinct site from plan_person where person", ""),
        staff: look_up("select distinct person from plan_person where site", ""),
        crew: look_up("select person from staff where site", ""),
        elsewhere: look_up("select distinct site from staff where person", "and site <> $101"),
        plans: look_up("select body from stage_plan where state = 'approved' and site", ""),
        punches: look_up(
            "select id, person, site, at, received, drift_s, way, device, doubt, waits from punch where person",
            "and at >= $101 and at < $102",
        ),
        rulings: look_up("select punch, at, accepted, by from ruling where punch", ""),
        leaves: look_up(
            "select body from leave where state = 'granted' and person",
            "and to_day >= $101 and from_day <= $102",
        ),
        stand_ins: look_up(
            "select body from substitute where state = 'granted' and person",
            "and to_day >= $101 and from_day <= $102",
        ),
        stood_for: look_up(
            "select body from substitute where state = 'granted' and instead_of",
            "and to_day >= $101 and from_day <= $102",
        ),
        certificates: look_up("select person, post, from_day, to_day from certificate where person", ""),
        exits: look_up("select person, site, last_day, filed_at from site_exit where person", ""),
        calls: look_up(
            "select person, site, called_at, day from site_call where person",
            "and day >= $101 and day <= $102",
        ),
        key_periods: look_up(
            "select site, from_day, to_day from key_period where site",
            "and to_day >= $101 and from_day <= $102",
        ),
    })
}

/// For the test that prepares every statement on both engines.
pub fn statements() -> Vec<&'static str> {
    let it = sql();
    vec![
        it.sites,
        it.staff,
        it.crew,
        it.elsewhere,
        it.plans,
        it.punches,
        it.rulings,
        it.leaves,
        it.stand_ins,
        it.stood_for,
        it.certificates,
        it.exits,
        it.calls,
        it.key_periods,
    ]
}

fn texts<T: ToString>(all: impl IntoIterator<Item = T>) -> Vec<String> {
    all.into_iter().map(|it| it.to_string()).collect()
}

/// Who can have a verdict at these sites: everybody whom an approved plan names, and everybody on their staff.
pub fn persons_of(tx: &mut dyn Tx, sites: &[SiteId]) -> Result<BTreeSet<PersonId>> {
    let mut persons = BTreeSet::new();
    let sites = texts(sites);
    for sql in [sql().staff, sql().crew] {
        for row in rows_of(tx, sql, &sites)? {
            persons.insert(row.parse(0)?);
        }
    }
    Ok(persons)
}

/// The other sites on whose staff these persons are.
pub(crate) fn elsewhere(tx: &mut dyn Tx, persons: &[PersonId], but: SiteId) -> Result<BTreeSet<SiteId>> {
    rows_with(tx, sql().elsewhere, &texts(persons), &vals![but])?.iter().map(|row| row.parse(0)).collect()
}

pub(crate) fn certificates<'p>(
    tx: &mut dyn Tx,
    persons: impl IntoIterator<Item = &'p PersonId>,
) -> Result<Vec<Certificate>> {
    let one = |row: &Row| {
        let (person, post) = (row.parse(0)?, Post(row.string(1)?));
        Ok(Certificate { person, post, from: row.parse(2)?, to: row.parse(3)? })
    };
    rows_of(tx, sql().certificates, &texts(persons))?.iter().map(one).collect()
}

/// All that is known of these persons, at all their sites, for judging the days from `from` to `to`.
pub fn load(tx: &mut dyn Tx, persons: &BTreeSet<PersonId>, from: Day, to: Day) -> Result<Roll> {
    let mut roll = Roll::default();
    let (begin, end) = whole(from, to);
    // Leave is counted from the beginning of the year, and only on days on which he did not come.
    let year = Day::new(begin.year(), 1, 1).unwrap_or(begin);
    let sql = sql();

    let mut all = persons.clone();
    let span = |from: Day| vals![from, end];
    for row in rows_with(tx, sql.stand_ins, &texts(persons), &span(begin))? {
        all.insert(substitute(&row)?.instead_of);
    }
    let mut sites: BTreeSet<SiteId> = BTreeSet::new();
    for row in rows_of(tx, sql.sites, &texts(&all))? {
        sites.insert(row.parse(0)?);
    }
    roll.versions = plans(tx, &sites)?;
    // For whom one covers, and whom one replaces, decide about his days.
    for line in roll.versions.iter().flat_map(|it| &it.lines).filter(|it| persons.contains(&it.person)) {
        all.extend(line.covers);
    }
    let keys = texts(&all);

    roll.leaves = rows_with(tx, sql.leaves, &keys, &span(year))?
        .iter()
        .map(|row| Ok(parse::<Body<Leave>>(row.text(0)?)?.what))
        .collect::<Result<_>>()?;
    let mut since: BTreeMap<PersonId, Day> = BTreeMap::new();
    for leave in roll.leaves.iter().filter(|it| it.from < begin) {
        let first = since.entry(leave.person).or_insert(begin);
        *first = (*first).min(leave.from.max(year));
    }
    roll.punches = punches(tx, &keys, begin, end)?;
    for (person, first) in since {
        roll.punches.extend(punches(tx, &[person.to_string()], first, begin.plus(-1))?);
    }
    let mut stand_ins = rows_with(tx, sql.stand_ins, &keys, &span(year))?;
    stand_ins.extend(rows_with(tx, sql.stood_for, &keys, &span(year))?);
    for row in &stand_ins {
        let it = substitute(row)?;
        if !roll.substitutes.contains(&it) {
            roll.substitutes.push(it);
        }
    }
    let certified: BTreeSet<PersonId> =
        all.iter().copied().chain(roll.substitutes.iter().map(|it| it.person)).collect();
    roll.certificates = certificates(tx, &certified)?;
    let replaced = roll.versions.iter().flat_map(|it| &it.lines).filter_map(|it| it.replaces);
    let leaving: BTreeSet<PersonId> = all.iter().copied().chain(replaced).collect();
    for row in rows_of(tx, sql.exits, &texts(&leaving))? {
        roll.exits.push(exit(&row)?);
    }
    for row in rows_with(tx, sql.calls, &keys, &span(begin))? {
        roll.calls.push(Call {
            person: row.parse(0)?,
            site: row.parse(1)?,
            called_at: row.millis(2)?,
            day: row.parse(3)?,
        });
    }
    for row in rows_with(tx, sql.key_periods, &texts(&sites), &span(year))? {
        roll.key_periods.push(KeyPeriod { site: row.parse(0)?, from: row.parse(1)?, to: row.parse(2)? });
    }
    Ok(roll)
}

/// Filled up to whole weeks and months, and the days around them into which a shift may reach.
fn whole(from: Day, to: Day) -> (Day, Day) {
    let (first, last) = quota::periods(from, to);
    (first.plus(-2), last.plus(2))
}

/// The course around what was asked is of no account here.
#[derive(serde::Deserialize)]
struct Body<T> {
    what: T,
}

fn substitute(row: &Row) -> Result<Substitute> {
    Ok(parse::<Body<Substitute>>(row.text(0)?)?.what)
}

fn exit(row: &Row) -> Result<Exit> {
    Ok(Exit { person: row.parse(0)?, site: row.parse(1)?, last_day: row.parse(2)?, filed_at: row.millis(3)? })
}

fn plans(tx: &mut dyn Tx, sites: &BTreeSet<SiteId>) -> Result<Vec<StagePlan>> {
    let rows = rows_of(tx, sql().plans, &texts(sites))?;
    let mut plans: Vec<StagePlan> =
        rows.iter().map(|row| Ok(parse::<FiledPlan>(row.text(0)?)?.plan)).collect::<Result<_>>()?;
    plans.sort_by_key(|it| (it.site, it.version));
    Ok(plans)
}

fn punches(tx: &mut dyn Tx, persons: &[String], from: Day, to: Day) -> Result<Vec<Punch>> {
    let span = vals![Millis::at(from, 0), Millis::at(to.plus(1), 0)];
    let rows = rows_with(tx, sql().punches, persons, &span)?;
    let mut doubtful: Vec<(String, usize)> = Vec::new();
    let mut punches = Vec::with_capacity(rows.len());
    for row in &rows {
        let doubt = Doubt::parse(row.text(8)?);
        // Only what waited once can have been ruled on.
        if doubt.is_some() || row.flag(9)? || row.int(5)? != 0 || row.millis(4)?.day() > row.millis(3)?.day() {
            doubtful.push((row.string(0)?, punches.len()));
        }
        punches.push(Punch {
            person: row.parse(1)?,
            site: row.parse(2)?,
            at: row.millis(3)?,
            received: Some(row.millis(4)?),
            drift_s: row.int(5)?,
            way: Way::parse(row.text(6)?).unwrap_or(Way::Terminal),
            device: Some(row.string(7)?).filter(|it| !it.is_empty()),
            doubt,
            rulings: vec![],
        });
    }
    let keys: Vec<String> = doubtful.iter().map(|it| it.0.clone()).collect();
    let places: BTreeMap<String, usize> = doubtful.into_iter().collect();
    for row in rows_of(tx, sql().rulings, &keys)? {
        let ruling = Ruling { at: row.millis(1)?, accepted: row.flag(2)?, by: row.opt_parse(3)? };
        let place = places.get(row.text(0)?).and_then(|it| punches.get_mut(*it));
        if let Some(punch) = place.filter(|it: &&mut Punch| !it.rulings.contains(&ruling)) {
            punch.rulings.push(ruling);
        }
    }
    Ok(punches)
}
