//! Today at the sites, derived: what the plan wants of each person, and whether he has come. A punch brings its person's
//! line up to date in its own transaction, and the turn of the day closes yesterday and writes all lines anew.

use crate::db::Tx;
use crate::error::Result;
use crate::event::{parse, write};
use crate::many::Insert;
use crate::row::Row;
use crate::site::Reach;
use crate::terms::{Deed, Failure};
use crate::{absence, roll, stage_plan, vals, verdict};
use domain::attendance::Judge;
use domain::attendance::expect::{Due, Expected};
use domain::attendance::roll::Punch;
use domain::id::{PersonId, SiteId};
use domain::time::{Day, Millis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// What is wanted of one person at one site today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    pub person: PersonId,
    pub name: String,
    pub due: Due,
    /// The code of the reason.
    pub reason: String,
    pub post: String,
    pub came_at: Option<Millis>,
    pub left_at: Option<Millis>,
    /// A punch of today waits for somebody's look.
    pub waits: bool,
    /// When his shift begins; before that nobody misses him.
    pub begins_at: Option<Millis>,
}

fn duty(row: &Row) -> Result<Duty> {
    Ok(Duty {
        person: row.parse(0)?,
        name: row.string(1)?,
        due: Due::parse(row.text(2)?).unwrap_or(Due::Free),
        reason: row.string(3)?,
        post: row.string(4)?,
        came_at: row.opt_millis(5)?,
        left_at: row.opt_millis(6)?,
        waits: row.flag(7)?,
        begins_at: row.opt_millis(8)?,
    })
}

/// Everybody of a site today; empty until the day's turn has come to it.
pub fn duties(tx: &mut dyn Tx, site: SiteId, day: Day) -> Result<Vec<Duty>> {
    tx.query(
        "select d.person, p.name, d.due, d.reason, d.post, d.came_at, d.left_at, d.waits, d.begins_at from duty d
           join person p on p.id = d.person where d.site = $1 and d.day = $2 order by d.place, d.person limit 500",
        &vals![site, day],
    )?
    .iter()
    .map(duty)
    .collect()
}

/// One line of the wall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wall {
    pub no: i64,
    pub name: String,
    /// None until the day's turn has come to it.
    pub today: Option<Numbers>,
}

/// How many should be there, and are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    pub stage: String,
    pub must: i64,
    /// Of those who must.
    pub came: i64,
    /// Came on a day of their quota.
    pub may_came: i64,
    pub on_leave: i64,
    /// Came without being wanted.
    pub extra: i64,
    pub waits: i64,
    /// Who should be there and is not.
    pub missing: Vec<Missing>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    pub person: PersonId,
    pub name: String,
    /// When his shift begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins_at: Option<Millis>,
}

impl Numbers {
    /// Who is missing at a moment: before his shift begins nobody is.
    pub fn missing(&self, now: Millis) -> impl Iterator<Item = &str> {
        self.missing.iter().filter(move |it| it.begins_at.is_none_or(|begin| begin <= now)).map(|it| it.name.as_str())
    }
}

macro_rules! walls {
    ($rest:literal) => {
        concat!(
            "select s.no, s.name, t.stage, t.must, t.came, t.may_came, t.on_leave, t.extra, t.waits, t.missing, t.day from site s
               left join site_today t on t.site = s.id ",
            $rest
        )
    };
}

const ALL: &str = walls!("where s.ended_at is null and s.no > $1 order by s.no limit $2");
const ONE: &str = walls!("where s.no = $1");

/// For the test that prepares every statement on both engines.
pub fn statements() -> Vec<&'static str> {
    [&[ALL, ONE][..], &duty_rows().statements()].concat()
}

/// The sites that `reach` holds, by number after `after`.
pub fn wall(tx: &mut dyn Tx, reach: &Reach, day: Day, after: i64, limit: i64) -> Result<Vec<Wall>> {
    if *reach == Reach::All {
        return tx.query(ALL, &vals![after, limit])?.iter().map(|row| wall_line(row, day)).collect();
    }
    let mut lines = Vec::new();
    for site in crate::site::list(tx, reach, after, limit)?.into_iter().filter(|it| it.ended_at.is_none()) {
        lines.extend(tx.query_opt(ONE, &vals![site.no])?.map(|row| wall_line(&row, day)).transpose()?);
    }
    Ok(lines)
}

fn wall_line(row: &Row, day: Day) -> Result<Wall> {
    let is_today = row.opt_text(10)? == Some(day.to_string().as_str());
    let today = if is_today {
        Some(Numbers {
            stage: row.string(2)?,
            must: row.int(3)?,
            came: row.int(4)?,
            may_came: row.int(5)?,
            on_leave: row.int(6)?,
            extra: row.int(7)?,
            waits: row.int(8)?,
            missing: match row.text(9)? {
                "" => vec![],
                text => parse(text)?,
            },
        })
    } else {
        None
    };
    Ok(Wall { no: row.int(0)?, name: row.string(1)?, today })
}

fn duty_rows() -> &'static Insert {
    static INSERT: OnceLock<Insert> = OnceLock::new();
    INSERT.get_or_init(|| {
        Insert::new("duty", "site person day due reason post covers place came_at left_at waits begins_at")
    })
}

/// A new site waits for its first turn.
pub(crate) fn begin(tx: &mut dyn Tx, site: SiteId) -> Result<()> {
    tx.exec("insert into site_today (site, day) values ($1, '') on conflict (site) do nothing", &vals![site])?;
    Ok(())
}

/// Writes all lines of a site anew.
pub fn refresh(tx: &mut dyn Tx, deed: &Deed, site: SiteId) -> Result<()> {
    let day = deed.now.day();
    let persons = roll::persons_of(tx, &[site])?;
    let roll = roll::load(tx, &persons, day, day)?;
    let judge = Judge::new(&roll, deed.attendance());
    let plan = stage_plan::in_force(roll.versions.iter().filter(|it| it.site == site), day);
    tx.exec("delete from duty where site = $1", &vals![site])?;
    let lines = |person: &PersonId| plan.and_then(|it| it.lines.iter().position(|it| it.person == *person));
    let mut persons: Vec<PersonId> = persons.into_iter().collect();
    persons.sort_by_key(|it| (lines(it).unwrap_or(usize::MAX), *it));
    let mut rows = Vec::new();
    let mut place = 0;
    for person in &persons {
        for it in judge.expect(*person, site, day, day) {
            // Who is not wanted and has not come is nobody's news.
            if it.due == Due::Free && it.came.is_none() && it.post.is_none() {
                continue;
            }
            place += 1;
            let covers = plan.and_then(|it| it.lines.iter().find(|it| it.person == *person)?.covers);
            rows.extend(row_of(&it, place, covers, waits(tx, &it)?));
        }
    }
    duty_rows().rows(tx, &rows)?;
    let stage = plan.and_then(|it| it.stages.iter().find(|it| it.from <= day && day <= it.to));
    tx.exec(
        "update site_today set day = $2, stage = $3 where site = $1",
        &vals![site, day, stage.map_or("", |it| it.name.as_str())],
    )?;
    sum(tx, site, day)
}

fn row_of(it: &Expected, place: i64, covers: Option<PersonId>, waits: bool) -> [crate::Val; 12] {
    let begins_at = it.shift.map(|shift| shift.on(it.day).0);
    vals![
        it.site,
        it.person,
        it.day,
        it.due.code(),
        it.reason.code(),
        it.post.as_ref().map_or("", |it| it.0.as_str()),
        covers.map_or(String::new(), |it| it.to_string()),
        place,
        it.came.map(|it| it.0),
        it.came.map(|it| it.1),
        waits,
        begins_at
    ]
}

fn waits(tx: &mut dyn Tx, it: &Expected) -> Result<bool> {
    let row = tx.query_opt(
        "select 1 from punch where person = $1 and at >= $2 and at < $3 and site = $4 and waits = 1 limit 1",
        &vals![it.person, Millis::at(it.day, 0), Millis::at(it.day.plus(1), 0), it.site],
    )?;
    Ok(row.is_some())
}

/// After a decision about somebody, at all his sites: leave, a ruling, a substitute.
pub fn refresh_person(tx: &mut dyn Tx, deed: &Deed, person: PersonId) -> Result<()> {
    let day = deed.now.day();
    let rows =
        tx.query("select site from duty where person = $1 and day = $2 order by site limit 50", &vals![person, day])?;
    let sites: Vec<SiteId> = rows.iter().map(|row| row.parse(0)).collect::<Result<_>>()?;
    if sites.is_empty() {
        return Ok(());
    }
    let roll = roll::load(tx, &BTreeSet::from([person]), day, day)?;
    let judge = Judge::new(&roll, deed.attendance());
    for site in sites {
        for it in judge.expect(person, site, day, day) {
            let waits = waits(tx, &it)?;
            tx.exec(
                "update duty set due = $3, reason = $4, came_at = $5, left_at = $6, waits = $7 where site = $1 and person = $2",
                &vals![
                    site,
                    person,
                    it.due.code(),
                    it.reason.code(),
                    it.came.map(|it| it.0),
                    it.came.map(|it| it.1),
                    waits
                ],
            )?;
        }
        sum(tx, site, day)?;
    }
    Ok(())
}

/// A punch came in: its person's line, whoever covers for him, and his other sites. Most mornings that is one line and one
/// number, so the lines of his colleagues are left alone.
pub(crate) fn punched(tx: &mut dyn Tx, deed: &Deed, punch: &Punch, day: Day, waits: bool) -> Result<()> {
    if day != deed.now.day() {
        return Ok(());
    }
    let row = tx.query_opt(
        "select d.due, d.waits, (select count(*) from duty o where o.person = d.person),
           (select count(*) from duty c where c.site = d.site and c.covers = d.person)
         from duty d where d.site = $1 and d.person = $2 and d.day = $3",
        &vals![punch.site, punch.person, day],
    )?;
    let Some(row) = row else {
        // Nobody expected him: a line of his own, where the day's turn has come to the site.
        let turned = tx.query_opt("select 1 from site_today where site = $1 and day = $2", &vals![punch.site, day])?;
        return if turned.is_some() { refresh(tx, deed, punch.site) } else { Ok(()) };
    };
    let (due, waited, sites, covered) = (row.text(0)?, row.flag(1)?, row.int(2)?, row.int(3)?);
    if waits {
        tx.exec(
            "update duty set waits = 1 where site = $1 and person = $2 and day = $3",
            &vals![punch.site, punch.person, day],
        )?;
        return sum(tx, punch.site, day);
    }
    // Of two at once one is the first.
    let first = tx.exec(
        "update duty set came_at = $4, left_at = $4 where site = $1 and person = $2 and day = $3 and came_at is null",
        &vals![punch.site, punch.person, day, punch.at],
    )?;
    if first == 0 {
        tx.exec(
            "update duty set came_at = case when came_at > $4 then $4 else came_at end,
               left_at = case when left_at < $4 then $4 else left_at end where site = $1 and person = $2 and day = $3",
            &vals![punch.site, punch.person, day, punch.at],
        )?;
        return Ok(());
    }
    if covered > 0 {
        let others = tx.query(
            "select person from duty where site = $1 and covers = $2 order by person limit 20",
            &vals![punch.site, punch.person],
        )?;
        for row in &others {
            refresh_person(tx, deed, row.parse(0)?)?;
        }
    }
    match Due::parse(due) {
        _ if sites > 1 => refresh_person(tx, deed, punch.person),
        Some(due) if !waited && covered == 0 => one_more(tx, (punch.site, punch.person), due, day),
        _ => sum(tx, punch.site, day),
    }
}

/// `sum` for one who has just come. The numbers come first: they lock the line, so that two at once take their names out
/// of the same list.
fn one_more(tx: &mut dyn Tx, (site, person): (SiteId, PersonId), due: Due, day: Day) -> Result<()> {
    let is = |it: Due| i64::from(due == it);
    tx.exec(
        "update site_today set came = came + $3, may_came = may_came + $4, extra = extra + $5 where site = $1 and day = $2",
        &vals![site, day, is(Due::Must), is(Due::May), is(Due::Free)],
    )?;
    if due != Due::Must {
        return Ok(());
    }
    let row = tx.query_one("select missing from site_today where site = $1", &vals![site])?;
    let mut missing: Vec<Missing> = if row.text(0)?.is_empty() { vec![] } else { parse(row.text(0)?)? };
    missing.retain(|it| it.person != person);
    let text = if missing.is_empty() { String::new() } else { write(&missing)? };
    tx.exec("update site_today set missing = $2 where site = $1", &vals![site, text])?;
    Ok(())
}

/// The line of the wall, from the lines of the persons.
fn sum(tx: &mut dyn Tx, site: SiteId, day: Day) -> Result<()> {
    let mut it = Numbers::default();
    for duty in duties(tx, site, day)? {
        let came = duty.came_at.is_some();
        it.must += i64::from(duty.due == Due::Must);
        it.came += i64::from(duty.due == Due::Must && came);
        it.may_came += i64::from(duty.due == Due::May && came);
        it.on_leave += i64::from(duty.due == Due::Leave);
        it.extra += i64::from(duty.due == Due::Free && came);
        it.waits += i64::from(duty.waits && !came);
        if duty.due == Due::Must && !came && !duty.waits {
            it.missing.push(Missing { person: duty.person, name: duty.name, begins_at: duty.begins_at });
        }
    }
    let missing = if it.missing.is_empty() { String::new() } else { write(&it.missing)? };
    tx.exec(
        "update site_today set must = $2, came = $3, may_came = $4, on_leave = $5, extra = $6, waits = $7, missing = $8 where site = $1",
        &vals![site, it.must, it.came, it.may_came, it.on_leave, it.extra, it.waits, missing],
    )?;
    Ok(())
}

/// Sites to which the turn of the day has not come, by id after `after`.
pub fn behind(tx: &mut dyn Tx, day: Day, after: &str, limit: i64) -> Result<Vec<SiteId>> {
    tx.query(
        "select site from site_today where day < $1 and site > $2 order by site limit $3",
        &vals![day, after, limit],
    )?
    .iter()
    .map(|row| row.parse(0))
    .collect()
}

/// No more days are closed at once; what lies before was never looked at.
const MOST_DAYS: i64 = 62;

/// The turn of the day at a site: the days since the last turn are closed, with notices of who was missing, and today's
/// lines are written. None of it happens twice: a site already turned is left alone.
pub fn turn(tx: &mut dyn Tx, deed: &Deed, site: SiteId) -> Result<(), Failure> {
    let today = deed.now.day();
    let row = tx.query_opt("select day from site_today where site = $1 and day < $2", &vals![site, today])?;
    let Some(row) = row else { return Ok(()) };
    if let Ok(last) = row.parse::<Day>(0) {
        // A night shift of the day before ends in the morning, and a week's missing days are charged to its last.
        let monday = last.monday();
        let from = monday.max(today.plus(-MOST_DAYS));
        let new = verdict::close(tx, deed, site, (from, today.plus(-1)))?;
        absence::tell(tx, deed, site, &new)?;
    }
    refresh(tx, deed, site)?;
    Ok(())
}
