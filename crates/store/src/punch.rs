//! Punches 打卡 however they were shown, kept with what came; and what a person decided about doubtful ones.

use crate::db::Tx;
use crate::error::Result;
use crate::ids::fresh;
use crate::row::Row;
use crate::terms::{Deed, Failure};
use crate::{event, today, vals, verdict};

use domain::attendance::review::doubt_of;
use domain::attendance::roll::{self, Doubt, Way};
use domain::attendance::rule_set::RuleSet;
use domain::attendance::verdict::Reason;
use domain::fault::Fault;
use domain::id::{PersonId, PunchId, SiteId};
use domain::refusal::Refusal;
use domain::time::{Day, Millis};
use serde_json::json;

/// One that comes in. `what.received` is when the server had it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    pub id: PunchId,
    pub what: roll::Punch,
    /// As it came: the code, the line of a file.
    pub raw: String,
    /// Who entered or attested it, where it was not the person himself.
    pub by: Option<PersonId>,
}

impl New {
    /// Made on the server by the server's clock.
    pub fn here(person: PersonId, site: SiteId, way: Way, at: Millis, now: Millis) -> New {
        let what = roll::Punch {
            person,
            site,
            at,
            received: Some(now),
            drift_s: 0,
            device: None,
            way,
            doubt: None,
            rulings: vec![],
        };
        New { id: PunchId(fresh(now)), what, raw: String::new(), by: None }
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It counts.
    Counts,
    /// A person must look at it first.
    Waits(Reason),
    /// Known already: the same device, person and time, or the same id.
    Known,
}

/// Stores it and brings today's line of the person up to date, in one transaction.
pub fn insert(tx: &mut dyn Tx, deed: &Deed, new: &New) -> Result<Taken, Failure> {
    let (taken, past) = keep(tx, deed, new)?;
    if let Some(day) = past {
        verdict::rejudge(tx, deed, new.what.person, new.what.site, day, "punch")?;
    }
    Ok(taken)
}

/// Stores it, and today's line; of a day that is over, which one that is, for whoever judges it anew.
pub(crate) fn keep(tx: &mut dyn Tx, deed: &Deed, new: &New) -> Result<(Taken, Option<Day>), Failure> {
    let it = &new.what;
    if tx.query_opt("select 1 from staff where site = $1 and person = $2", &vals![it.site, it.person])?.is_none() {
        return Err(vec![Fault::new(
            "person",
            "此人不在本工地人员名单中，没有打卡；请施工单位或监理单位先登记人员。",
            "This person is not on the staff of the site and was not punched in; the firm must enter the person first.",
        )]
        .into());
    }
    let terms = deed.attendance();
    let mut what = it.clone();
    let rules = terms.rules.on(what.at.day());
    if what.doubt.is_none() && is_elsewhere_at_once(tx, &what, rules)? {
        what.doubt = Some(Doubt::TooFar);
    }
    let doubt = doubt_of(&what, &terms);
    let day = what.true_at(rules).day();
    let stored = tx.exec(
        "insert into punch (id, person, site, at, day, received, drift_s, way, device, doubt, raw, by, waits)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing",
        &vals![
            new.id,
            what.person,
            what.site,
            what.at,
            day,
            what.received.unwrap_or(deed.now),
            what.drift_s,
            what.way.code(),
            what.device.clone().unwrap_or_default(),
            what.doubt.map_or("", Doubt::code),
            &new.raw,
            new.by,
            doubt.is_some()
        ],
    )?;
    if stored == 0 {
        return Ok((Taken::Known, None));
    }
    today::punched(tx, deed, &what, day, doubt.is_some())?;
    Ok((doubt.map_or(Taken::Counts, Taken::Waits), Some(day).filter(|it| *it < deed.now.day())))
}

/// 中山 中建通〔2023〕90号: nobody is at two sites at once.
fn is_elsewhere_at_once(tx: &mut dyn Tx, it: &roll::Punch, rules: &RuleSet) -> Result<bool> {
    let travel_ms = i64::from(rules.travel_minutes) * 60_000;
    let row = tx.query_opt(
        "select 1 from punch where person = $1 and at > $2 and at < $3 and site <> $4 limit 1",
        &vals![it.person, it.at.plus(-travel_ms), it.at.plus(travel_ms), it.site],
    )?;
    Ok(row.is_some())
}

/// One as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Punch {
    pub id: PunchId,
    pub what: roll::Punch,
    pub name: String,
    pub site_no: i64,
    pub site_name: String,
    pub raw: String,
    pub by: Option<PersonId>,
    pub by_name: String,
    pub waits: bool,
}

fn punch(row: &Row) -> Result<Punch> {
    let what = roll::Punch {
        person: row.parse(1)?,
        site: row.parse(2)?,
        at: row.millis(3)?,
        received: Some(row.millis(4)?),
        drift_s: row.int(5)?,
        device: Some(row.string(7)?).filter(|it| !it.is_empty()),
        way: Way::parse(row.text(6)?).unwrap_or(Way::Terminal),
        doubt: Doubt::parse(row.text(8)?),
        rulings: vec![],
    };
    Ok(Punch {
        id: row.parse(0)?,
        what,
        raw: row.string(9)?,
        by: row.opt_parse(10)?,
        waits: row.flag(11)?,
        name: row.string(12)?,
        site_no: row.int(13)?,
        site_name: row.string(14)?,
        by_name: row.string(15)?,
    })
}

macro_rules! punches {
    ($rest:literal) => {
        concat!(
            "select u.id, u.person, u.site, u.at, u.received, u.drift_s, u.way, u.device, u.doubt, u.raw, u.by, u.waits, p.name, s.no,
               s.name, coalesce(b.name, '') from punch u join person p on p.id = u.person join site s on s.id = u.site
               left join person b on b.id = u.by ",
            $rest
        )
    };
}

const ONE: &str = punches!("where u.id = $1");
const WAITING: &str = punches!("where u.waits = 1 and u.id > $1 order by u.id limit $2");
const OF_DAY: &str = punches!("where u.site = $1 and u.day = $2 order by u.at, u.id limit 2000");
const OF_PERSON: &str = punches!("where u.person = $1 and u.at >= $2 and u.at < $3 order by u.at desc, u.id limit $4");

/// For the test that prepares every statement on both engines.
pub const STATEMENTS: [&str; 4] = [ONE, WAITING, OF_DAY, OF_PERSON];

pub fn find(tx: &mut dyn Tx, id: PunchId) -> Result<Option<Punch>> {
    let found = tx.query_opt(ONE, &vals![id])?.map(|row| punch(&row)).transpose()?;
    let Some(mut found) = found else { return Ok(None) };
    found.what.rulings = rulings(tx, id)?;
    Ok(Some(found))
}

pub fn rulings(tx: &mut dyn Tx, id: PunchId) -> Result<Vec<roll::Ruling>> {
    tx.query("select at, accepted, by from ruling where punch = $1 order by at limit 50", &vals![id])?
        .iter()
        .map(|row| Ok(roll::Ruling { at: row.millis(0)?, accepted: row.flag(1)?, by: row.opt_parse(2)? }))
        .collect()
}

/// Doubtful ones that nobody has looked at, the oldest first.
pub fn waiting(tx: &mut dyn Tx, after: &str, limit: i64) -> Result<Vec<Punch>> {
    tx.query(WAITING, &vals![after, limit])?.iter().map(punch).collect()
}

/// All of a day at a site.
pub fn of_day(tx: &mut dyn Tx, site: SiteId, day: Day) -> Result<Vec<Punch>> {
    let mut all: Vec<Punch> = tx.query(OF_DAY, &vals![site, day])?.iter().map(punch).collect::<Result<_>>()?;
    for it in all.iter_mut().filter(|it| it.what.doubt.is_some() || it.what.drift_s != 0) {
        it.what.rulings = rulings(tx, it.id)?;
    }
    Ok(all)
}

/// Somebody's own, the newest first.
pub fn of_person(tx: &mut dyn Tx, person: PersonId, from: Day, to: Day, limit: i64) -> Result<Vec<Punch>> {
    let (from, to) = (Millis::at(from, 0), Millis::at(to.plus(1), 0));
    tx.query(OF_PERSON, &vals![person, from, to, limit])?.iter().map(punch).collect()
}

/// A person of the bureau has looked at a punch; whom it concerns, and who attested it, cannot decide (rule 15).
pub fn rule(tx: &mut dyn Tx, deed: &Deed, it: &Punch, accepted: bool, reason: &str) -> Result<(), Failure> {
    if deed.by.is_none() || deed.by == Some(it.what.person) || deed.by == it.by {
        return Err(Refusal::OtherPerson.into());
    }
    if !it.waits {
        // Said twice, or somebody else was faster with the same answer.
        return match it.what.rulings.last() {
            Some(last) if last.accepted == accepted => Ok(()),
            _ => Err(Failure::Store(crate::Error::Conflict)),
        };
    }
    if reason.trim().is_empty() {
        return Err(Refusal::ReasonMissing.into());
    }
    decide(tx, deed, it.id, accepted, reason.trim())?;
    let event = if accepted { "punch-accepted" } else { "punch-rejected" };
    let data = json!({ "person": it.what.person, "site": it.what.site });
    event::say(tx, deed, it.id, event, data, reason.trim())?;
    let day = tx.query_one("select day from punch where id = $1", &vals![it.id])?.parse(0)?;
    today::refresh_person(tx, deed, it.what.person)?;
    verdict::rejudge(tx, deed, it.what.person, it.what.site, day, "ruling")?;
    Ok(())
}

/// The decision alone; whoever calls it sees to the days that it changes.
pub(crate) fn decide(tx: &mut dyn Tx, deed: &Deed, id: PunchId, accepted: bool, reason: &str) -> Result<()> {
    tx.exec(
        "insert into ruling (punch, at, accepted, by, reason) values ($1, $2, $3, $4, $5) on conflict (punch, at) do nothing",
        &vals![id, deed.now, accepted, deed.by, reason],
    )?;
    tx.exec("update punch set waits = 0 where id = $1", &vals![id])?;
    Ok(())
}

/// Takes back one that an import brought; its day is judged anew.
pub fn remove(tx: &mut dyn Tx, deed: &Deed, it: &Punch) -> Result<()> {
    tx.exec("delete from punch where id = $1", &vals![it.id])?;
    let data = json!({ "person": it.what.person, "site": it.what.site, "at": it.what.at });
    event::note(tx, deed, it.id, "punch-removed", data)?;
    today::refresh_person(tx, deed, it.what.person)?;
    let day = it.what.at.day();
    verdict::rejudge(tx, deed, it.what.person, it.what.site, day, "punch")?;
    Ok(())
}

/// Who ruled on somebody's punches of a day, or attested them: they do not decide his appeal.
pub fn reviewers(tx: &mut dyn Tx, person: PersonId, site: SiteId, day: Day) -> Result<Vec<PersonId>> {
    let rows = tx.query(
        "select r.by from punch u join ruling r on r.punch = u.id where u.site = $1 and u.day = $2 and u.person = $3 and r.by is not null
         union select u.by from punch u where u.site = $1 and u.day = $2 and u.person = $3 and u.by is not null",
        &vals![site, day, person],
    )?;
    rows.iter().map(|row| row.parse(0)).collect()
}
