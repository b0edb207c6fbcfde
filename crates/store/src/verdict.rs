//! Verdicts 考勤结论 as they stood when a day was over, and again each time a decision or a late punch changed them: who
//! looks at a day sees what it was, what it became, and why. Judging itself is the domain's.

use crate::db::Tx;
use crate::error::Result;
use crate::event::{parse, write};
use crate::many::Insert;
use crate::terms::Deed;
use crate::{roll, vals};
use domain::attendance::Judge;
use domain::attendance::quota;
use domain::attendance::verdict::{Judged, Verdict};
use domain::id::{PersonId, SiteId};
use domain::time::{Day, Millis};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// One of a day's verdicts; `seq` counts from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub seq: i64,
    pub judged: Judged,
    pub at: Millis,
    /// What made it: closed, punch, ruling, appeal, leave, substitute, exit, key-period.
    pub cause: String,
}

/// All verdicts of one person's day at a site, the first first.
pub fn history(tx: &mut dyn Tx, site: SiteId, day: Day, person: PersonId) -> Result<Vec<Kept>> {
    tx.query(
        "select seq, body, at, cause from verdict where site = $1 and day = $2 and person = $3 order by seq limit 100",
        &vals![site, day, person],
    )?
    .iter()
    .map(|row| Ok(Kept { seq: row.int(0)?, judged: parse(row.text(1)?)?, at: row.millis(2)?, cause: row.string(3)? }))
    .collect()
}

/// The days of a period whose verdict was changed after it was first given: what it was, what it is.
pub fn changed(tx: &mut dyn Tx, site: SiteId, (from, to): (Day, Day)) -> Result<Vec<(Kept, Kept)>> {
    let mut days: BTreeMap<(Day, PersonId), Vec<Kept>> = BTreeMap::new();
    for (key, kept) in all(tx, site, (from, to))? {
        days.entry(key).or_default().push(kept);
    }
    let pairs = days.into_values().filter_map(|mut all| {
        let last = all.pop()?;
        Some((all.into_iter().next()?, last))
    });
    Ok(pairs.collect())
}

type At = (Day, PersonId);

fn all(tx: &mut dyn Tx, site: SiteId, (from, to): (Day, Day)) -> Result<Vec<(At, Kept)>> {
    tx.query(
        "select day, person, seq, body, at, cause from verdict where site = $1 and day >= $2 and day <= $3
         order by day, person, seq limit 50000",
        &vals![site, from, to],
    )?
    .iter()
    .map(|row| {
        let kept = Kept { seq: row.int(2)?, judged: parse(row.text(3)?)?, at: row.millis(4)?, cause: row.string(5)? };
        Ok(((row.parse(0)?, row.parse(1)?), kept))
    })
    .collect()
}

/// Judges the days that are over, of everybody at a site, and keeps what is new. Gives back what was new.
pub fn close(tx: &mut dyn Tx, deed: &Deed, site: SiteId, (from, to): (Day, Day)) -> Result<Vec<Judged>> {
    let persons = roll::persons_of(tx, &[site])?;
    keep(tx, deed, &[site], &persons, (from, to), "closed")
}

/// After something that may change a day of somebody at a site: his week and month there, those of the others there (one
/// may cover for him), and his own at his other sites.
pub fn rejudge(
    tx: &mut dyn Tx,
    deed: &Deed,
    person: PersonId,
    site: SiteId,
    day: Day,
    cause: &'static str,
) -> Result<Vec<Judged>> {
    let span = periods(day, day, deed.now.day());
    let persons = roll::persons_of(tx, &[site])?;
    let mut found = keep(tx, deed, &[site], &persons, span, cause)?;
    let others: Vec<SiteId> = sites_of(tx, person)?.into_iter().filter(|it| *it != site).collect();
    if !others.is_empty() {
        found.extend(keep(tx, deed, &others, &BTreeSet::from([person]), span, cause)?);
    }
    Ok(found)
}

/// As [`rejudge`], once for many persons and the days from the first to the last of them.
pub(crate) fn rejudge_all(
    tx: &mut dyn Tx,
    deed: &Deed,
    site: SiteId,
    who: &BTreeSet<PersonId>,
    (from, to): (Day, Day),
    cause: &'static str,
) -> Result<()> {
    let span = periods(from, to, deed.now.day());
    let persons = roll::persons_of(tx, &[site])?;
    keep(tx, deed, &[site], &persons, span, cause)?;
    let mut others: BTreeMap<SiteId, BTreeSet<PersonId>> = BTreeMap::new();
    for person in who {
        for other in sites_of(tx, *person)?.into_iter().filter(|it| *it != site) {
            others.entry(other).or_default().insert(*person);
        }
    }
    for (other, persons) in others {
        keep(tx, deed, &[other], &persons, span, cause)?;
    }
    Ok(())
}

/// After a decision about somebody, whatever the site: leave. `from` to `to` are the days that it is about.
pub fn rejudge_person(
    tx: &mut dyn Tx,
    deed: &Deed,
    person: PersonId,
    (from, to): (Day, Day),
    cause: &'static str,
) -> Result<Vec<Judged>> {
    let span = periods(from, to, deed.now.day());
    let mut found = Vec::new();
    for site in sites_of(tx, person)? {
        let persons = roll::persons_of(tx, &[site])?;
        found.extend(keep(tx, deed, &[site], &persons, span, cause)?);
    }
    Ok(found)
}

fn sites_of(tx: &mut dyn Tx, person: PersonId) -> Result<Vec<SiteId>> {
    tx.query("select distinct site from plan_person where person = $1 order by site limit 50", &vals![person])?
        .iter()
        .map(|row| row.parse(0))
        .collect()
}

/// Whole weeks and months, as far as they are over.
fn periods(from: Day, to: Day, today: Day) -> (Day, Day) {
    let (first, last) = quota::periods(from, to);
    (first, last.min(today.plus(-1)))
}

fn keep(
    tx: &mut dyn Tx,
    deed: &Deed,
    sites: &[SiteId],
    persons: &BTreeSet<PersonId>,
    (from, to): (Day, Day),
    cause: &'static str,
) -> Result<Vec<Judged>> {
    if to < from {
        return Ok(vec![]);
    }
    let roll = roll::load(tx, persons, from, to)?;
    let judge = Judge::new(&roll, deed.attendance());
    let mut new = Vec::new();
    let mut rows = Vec::new();
    for site in sites {
        let mut known: BTreeMap<At, Kept> = BTreeMap::new();
        known.extend(all(tx, *site, (from, to))?);
        for person in persons {
            for judged in judge.judge(*person, *site, from, to) {
                let before = known.get(&(judged.day, judged.person));
                // Days on which nothing was wanted and nobody came are not kept.
                let is_empty = matches!(judged.verdict, Verdict::NotNeeded | Verdict::Open);
                let is_new = match before {
                    None => !is_empty,
                    Some(it) => it.judged.verdict != judged.verdict || it.judged.reason != judged.reason,
                };
                if !is_new || judged.verdict == Verdict::Open {
                    continue;
                }
                let seq = before.map_or(1, |it| it.seq + 1);
                rows.extend(vals![
                    *site,
                    judged.day,
                    judged.person,
                    seq,
                    judged.verdict.code(),
                    judged.reason.code(),
                    write(&judged)?,
                    deed.now,
                    cause
                ]);
                new.push(judged);
            }
        }
    }
    insert().rows(tx, &rows)?;
    Ok(new)
}

fn insert() -> &'static Insert {
    static INSERT: OnceLock<Insert> = OnceLock::new();
    INSERT.get_or_init(|| Insert::new("verdict", "site day person seq verdict reason body at cause"))
}

/// For the test that prepares every statement on both engines.
pub fn statements() -> [&'static str; 2] {
    insert().statements()
}

/// On how many days of a month somebody was charged as absent at a site, as the verdicts stand.
pub fn absences(tx: &mut dyn Tx, site: SiteId, person: PersonId, (from, to): (Day, Day)) -> Result<u32> {
    let row = tx.query_one(
        "select count(*) from verdict v where v.person = $1 and v.day >= $2 and v.day <= $3 and v.site = $4 and v.verdict = 'absent'
           and not exists (select 1 from verdict w where w.site = v.site and w.day = v.day and w.person = v.person and w.seq > v.seq)",
        &vals![person, from, to, site],
    )?;
    Ok(row.int(0)?.max(0) as u32)
}
