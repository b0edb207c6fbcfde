//! Appeals 申诉 of the person concerned against a day's verdict; decided by somebody of the bureau who had no part in it.

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::{self, parse, write};
use crate::notice::{self, Letterbox};
use crate::punch;
use crate::roll;
use crate::row::Row;
use crate::terms::{Deed, Failure};
use crate::words::{self, MasterKey};
use crate::{counter, today, vals, verdict};
use domain::attendance::Judge;
use domain::attendance::appeal::{self, Appeal, AppealOrder, AppealScene, AppealState};
use domain::attendance::roll::Way;
use domain::attendance::verdict::{Judged, Verdict};
use domain::fault::Fault;
use domain::id::{AppealId, PersonId, SiteId};
use domain::refusal::Refusal;
use domain::role::Role;
use domain::time::{Day, Millis};
use serde_json::json;
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub id: AppealId,
    pub no: i64,
    pub name: String,
    pub site_no: i64,
    pub site_name: String,
    pub appeal: Appeal,
    /// What he says; none where its key was destroyed.
    pub words: Option<String>,
}

fn found(tx: &mut dyn Tx, master: &MasterKey, row: &Row) -> Result<Found> {
    let appeal: Appeal = parse(row.text(2)?)?;
    let key = words::find_key(tx, master, &appeal.person.to_string())?;
    let words = key.map(|key| key.open(row.text(3)?)).transpose()?;
    Ok(Found {
        id: row.parse(0)?,
        no: row.int(1)?,
        appeal,
        words,
        name: row.string(4)?,
        site_no: row.int(5)?,
        site_name: row.string(6)?,
    })
}

macro_rules! appeals {
    ($rest:literal) => {
        concat!(
            "select a.id, a.no, a.body, a.words, p.name, s.no, s.name from appeal a join person p on p.id = a.person
               join site s on s.id = a.site ",
            $rest
        )
    };
}

const BY_ID: &str = appeals!("where a.id = $1");
const BY_NO: &str = appeals!("where a.no = $1");
const OPEN: &str = appeals!("where a.state = 'open' and a.no > $1 order by a.no limit $2");
const OF_PERSON: &str = appeals!("where a.person = $1 order by a.no desc limit $2");
const OF_SITE: &str =
    appeals!("where a.site = $1 and a.day >= $2 and a.day <= $3 order by a.day, a.person, a.no limit 500");

/// For the test that prepares every statement on both engines.
pub const STATEMENTS: [&str; 5] = [BY_ID, BY_NO, OPEN, OF_PERSON, OF_SITE];

fn all(tx: &mut dyn Tx, master: &MasterKey, rows: &[Row]) -> Result<Vec<Found>> {
    rows.iter().map(|row| found(tx, master, row)).collect()
}

pub fn find_by_no(tx: &mut dyn Tx, master: &MasterKey, no: i64) -> Result<Option<Found>> {
    tx.query_opt(BY_NO, &vals![no])?.map(|row| found(tx, master, &row)).transpose()
}

/// Those that nobody has decided, the oldest first.
pub fn open(tx: &mut dyn Tx, master: &MasterKey, after: i64, limit: i64) -> Result<Vec<Found>> {
    let rows = tx.query(OPEN, &vals![after, limit])?;
    all(tx, master, &rows)
}

pub fn of_person(tx: &mut dyn Tx, master: &MasterKey, person: PersonId, limit: i64) -> Result<Vec<Found>> {
    let rows = tx.query(OF_PERSON, &vals![person, limit])?;
    all(tx, master, &rows)
}

pub fn of_site(tx: &mut dyn Tx, master: &MasterKey, site: SiteId, (from, to): (Day, Day)) -> Result<Vec<Found>> {
    let rows = tx.query(OF_SITE, &vals![site, from, to])?;
    all(tx, master, &rows)
}

/// The day as it is judged now.
pub fn judged(tx: &mut dyn Tx, deed: &Deed, person: PersonId, site: SiteId, day: Day) -> Result<Option<Judged>> {
    let roll = roll::load(tx, &BTreeSet::from([person]), day, day)?;
    let judge = Judge::new(&roll, deed.attendance());
    Ok(judge.judge(person, site, day, day).pop())
}

/// By the person himself; the same id a second time is the same appeal. Only one can be open for a day.
pub fn file(tx: &mut dyn Tx, deed: &Deed, id: AppealId, (site, day): (SiteId, Day), why: &str) -> Result<i64, Failure> {
    let Some(person) = deed.by else { return Err(Refusal::NotYourRole.into()) };
    if let Some(row) = tx.query_opt(BY_ID, &vals![id])? {
        let known = found(tx, &deed.terms.master, &row)?;
        let same = known.appeal.person == person && known.appeal.day == day && known.appeal.site == site;
        return if same { Ok(known.no) } else { Err(Refusal::ClientIdReused.into()) };
    }
    if why.trim().is_empty() || why.chars().count() > 1000 {
        let (zh, en) =
            ("请写明当天的情况，不超过1000字。", "Say what happened on the day, in at most 1,000 characters.");
        return Err(vec![Fault::new("words", zh, en)].into());
    }
    let open = tx.query_opt(
        "select no from appeal where site = $1 and day = $2 and person = $3 and state = 'open'",
        &vals![site, day, person],
    )?;
    if let Some(row) = open {
        let no = row.int(0)?;
        return Err(vec![Fault::new(
            "words",
            format!("这一天已有申诉（第{no}号）正在处理。"),
            format!("An appeal for this day is open already (no. {no})."),
        )]
        .into());
    }
    let judged = judged(tx, deed, person, site, day)?.ok_or(Refusal::Absent)?;
    let reviewers = punch::reviewers(tx, person, site, day)?;
    let appeal = appeal::file(&judged, reviewers, person, deed.now)?;
    let no = counter::next(tx, "appeal")?;
    let words = words::key_for_writing(tx, &deed.terms.master, &person.to_string())?.seal(why.trim())?;
    tx.exec(
        "insert into appeal (id, no, person, site, day, state, revision, body, words) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &vals![id, no, person, site, day, appeal.state.code(), appeal.revision, write(&appeal)?, words],
    )?;
    event::note(tx, deed, id, "appeal-filed", json!({ "no": no, "person": person, "site": site, "day": day }))?;
    notice::insert_site(tx, Letterbox::Role(Role::Bureau), site, "appeal-filed", &format!("{no} {day}"), deed.now)?;
    Ok(no)
}

/// Upheld, the day's doubtful punches count, or an attestation is entered by the decision (rule 15).
pub fn perform(tx: &mut dyn Tx, deed: &Deed, no: i64, order: &AppealOrder, scene: &AppealScene) -> Result<(), Failure> {
    let before = find_by_no(tx, &deed.terms.master, no)?.ok_or(Refusal::Absent)?;
    let after = appeal::decide(&before.appeal, order, scene)?;
    let changed = tx.exec(
        "update appeal set state = $3, revision = $4, body = $5 where id = $1 and revision = $2",
        &vals![before.id, before.appeal.revision, after.state.code(), after.revision, write(&after)?],
    )?;
    if changed == 0 {
        return Err(Failure::Store(Error::Conflict));
    }
    event::say(tx, deed, before.id, &after.last.event, json!({ "no": no }), &after.words)?;
    if after.state == AppealState::Upheld {
        credit(tx, deed, &after, &format!("appeal:{no}"))?;
        today::refresh_person(tx, deed, after.person)?;
        verdict::rejudge(tx, deed, after.person, after.site, after.day, "appeal")?;
    }
    if after.state != AppealState::Withdrawn {
        let about = format!("{no} {}", after.day);
        notice::insert_site(tx, Letterbox::Person(after.person), after.site, &after.last.event, &about, deed.now)?;
    }
    Ok(())
}

/// Nine o'clock, where the plan names no shift.
const MORNING_MS: i64 = 9 * 3_600_000;

/// Where no doubtful punch of the day is left to be accepted, two attestations are entered, far enough apart for whoever
/// must stay a while: at nine, and at the end of the shortest stay that counts.
fn credit(tx: &mut dyn Tx, deed: &Deed, appeal: &Appeal, raw: &str) -> Result<()> {
    let rows = tx.query(
        "select u.id from punch u where u.site = $1 and u.day = $2 and u.person = $3 and (u.doubt <> '' or u.waits = 1 or u.drift_s <> 0)",
        &vals![appeal.site, appeal.day, appeal.person],
    )?;
    for row in &rows {
        punch::decide(tx, deed, row.parse(0)?, true, raw)?;
    }
    let roll = roll::load(tx, &BTreeSet::from([appeal.person]), appeal.day, appeal.day)?;
    let judge = Judge::new(&roll, deed.attendance());
    let judged = judge.judge(appeal.person, appeal.site, appeal.day, appeal.day).pop();
    if judged.is_some_and(|it| matches!(it.verdict, Verdict::Present | Verdict::Extra)) {
        return Ok(());
    }
    let minutes = i64::from(deed.terms.attendance.on(appeal.day).min_minutes);
    let expected = judge.expect(appeal.person, appeal.site, appeal.day, appeal.day).pop();
    let shift = expected.and_then(|it| it.shift);
    let begin = shift.map_or(Millis::at(appeal.day, MORNING_MS), |it| it.on(appeal.day).0);
    for at in [begin, begin.plus(minutes * 60_000)] {
        let new = punch::New::here(appeal.person, appeal.site, Way::Attestation, at, deed.now);
        tx.exec(
            "insert into punch (id, person, site, at, day, received, drift_s, way, device, doubt, raw, by, waits)
             values ($1, $2, $3, $4, $5, $6, 0, $7, '', 'unconfirmed', $8, $9, 0) on conflict do nothing",
            &vals![new.id, appeal.person, appeal.site, at, appeal.day, deed.now, new.what.way.code(), raw, deed.by],
        )?;
        punch::decide(tx, deed, new.id, true, raw)?;
    }
    Ok(())
}
