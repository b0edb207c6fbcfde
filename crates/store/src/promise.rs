//! Promises 承诺 made on visits: open until somebody says whether they were kept; their owners are reminded.

use crate::db::Tx;
use crate::error::Result;
use crate::event::note;
use crate::notice::{self, Letterbox};
use crate::row::Row;
use crate::terms::{Deed, Failure, Terms};
use crate::vals;
use domain::id::{CampaignId, PersonId, PromiseId, SubjectId};
use domain::promise::{State, reminder};
use domain::refusal::Refusal;
use domain::time::{Day, Millis};
use domain::visit::{Promise as Made, Record, Settled, Visit};
use serde_json::json;
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    pub id: PromiseId,
    pub visit_no: i64,
    pub subject: SubjectId,
    pub subject_no: i64,
    pub subject_name: String,
    pub text: String,
    pub owner: PersonId,
    pub owner_name: String,
    pub due: Day,
    pub state: State,
    pub settled_at: Option<Millis>,
    pub note: String,
    pub revision: i64,
}

fn promise(row: &Row) -> Result<Promise> {
    Ok(Promise {
        id: row.parse(0)?,
        visit_no: row.int(1)?,
        subject: row.parse(2)?,
        subject_no: row.int(3)?,
        subject_name: row.string(4)?,
        text: row.string(5)?,
        owner: row.parse(6)?,
        owner_name: row.string(7)?,
        due: row.parse(8)?,
        state: State::parse(row.text(9)?).unwrap_or(State::Open),
        settled_at: row.opt_millis(10)?,
        note: row.string(11)?,
        revision: row.int(12)?,
    })
}

macro_rules! promises {
    ($rest:literal) => {
        concat!(
            "select p.id, v.no, p.subject, s.no, s.name, p.text, p.owner, o.name, p.due, p.state, p.settled_at, p.note, p.revision
             from promise p join visit v on v.id = p.visit join subject s on s.id = p.subject join person o on o.id = p.owner ",
            $rest
        )
    };
}

const ONE: &str = promises!("where p.id = $1");
const OF_SUBJECT: &str = promises!("where p.subject = $1 order by p.due desc, p.id limit $2");
const OPEN_OF_SUBJECT: &str = promises!("where p.subject = $1 and p.state = 'open' order by p.due, p.id limit $2");
const OF_OWNER: &str = promises!(
    "where p.owner = $1 and p.state = $2 and (p.due > $3 or p.due = $3 and p.id > $4) order by p.due, p.id limit $5"
);
const ALL: &str =
    promises!("where p.state = $1 and (p.due > $2 or p.due = $2 and p.id > $3) order by p.due, p.id limit $4");
const OF_CAMPAIGN: &str = promises!(
    "where p.campaign = $1 and p.state = $2 and (p.due > $3 or p.due = $3 and p.id > $4) order by p.due, p.id limit $5"
);

/// For the test that prepares every statement on both engines.
pub const STATEMENTS: [&str; 6] = [ONE, OF_SUBJECT, OPEN_OF_SUBJECT, OF_OWNER, ALL, OF_CAMPAIGN];

pub fn find(tx: &mut dyn Tx, id: PromiseId) -> Result<Option<Promise>> {
    tx.query_opt(ONE, &vals![id])?.map(|row| promise(&row)).transpose()
}

pub fn list_of_subject(tx: &mut dyn Tx, subject: SubjectId, limit: i64) -> Result<Vec<Promise>> {
    tx.query(OF_SUBJECT, &vals![subject, limit])?.iter().map(promise).collect()
}

/// What was promised to a subject and is still open, the first due first.
pub fn list_open(tx: &mut dyn Tx, subject: SubjectId) -> Result<Vec<Promise>> {
    tx.query(OPEN_OF_SUBJECT, &vals![subject, 100])?.iter().map(promise).collect()
}

/// What the record of this visit may settle: open, or settled by it; not its own.
pub fn list_for_record(tx: &mut dyn Tx, visit: &Visit) -> Result<Vec<Promise>> {
    let may = open_or_settled_by(tx, visit)?;
    let mut found = Vec::with_capacity(may.len());
    for id in may {
        found.extend(find(tx, id)?);
    }
    found.sort_by_key(|it| (it.due, it.id));
    Ok(found)
}

/// Whose promises a list is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    All,
    Of(Vec<PersonId>),
    Campaign(CampaignId),
}

/// Those in one state, the first due first; `after` is the due day and id of the last one seen.
pub fn list(
    tx: &mut dyn Tx,
    whose: &Whose,
    state: State,
    after: Option<(Day, PromiseId)>,
    limit: i64,
) -> Result<Vec<Promise>> {
    let (day, id) = after.map_or((String::new(), String::new()), |(day, id)| (day.to_string(), id.to_string()));
    let mut found: Vec<Promise> = Vec::new();
    match whose {
        Whose::All => found.extend(
            tx.query(ALL, &vals![state.code(), day, id, limit])?.iter().map(promise).collect::<Result<Vec<_>>>()?,
        ),
        Whose::Campaign(campaign) => found.extend(
            tx.query(OF_CAMPAIGN, &vals![*campaign, state.code(), day, id, limit])?
                .iter()
                .map(promise)
                .collect::<Result<Vec<_>>>()?,
        ),
        Whose::Of(owners) => {
            for owner in owners {
                let rows = tx.query(OF_OWNER, &vals![*owner, state.code(), &day, &id, limit])?;
                found.extend(rows.iter().map(promise).collect::<Result<Vec<_>>>()?);
            }
            found.sort_by_key(|it| (it.due, it.id));
            found.truncate(limit.max(0) as usize);
        }
    }
    Ok(found)
}

/// Those a record of this visit may settle.
pub(crate) fn open_or_settled_by(tx: &mut dyn Tx, visit: &Visit) -> Result<BTreeSet<PromiseId>> {
    tx.query(
        "select id from promise where subject = $1 and visit <> $2 and (state = 'open' or settled_visit = $2) order by due limit 200",
        &vals![visit.subject, visit.id],
    )?
    .iter()
    .map(|row| row.parse(0))
    .collect()
}

/// Makes, changes and drops this visit's promises, and settles earlier ones, as its record says.
pub(crate) fn of_record(
    tx: &mut dyn Tx,
    terms: &Terms,
    before: &Visit,
    visit: &Visit,
    record: &Record,
    now: Millis,
) -> Result<(), Failure> {
    let next = |due: Day| reminder(due, now, &terms.calendar).map(|(at, _)| at);
    for it in &record.promises {
        make(tx, visit, it, next(it.due))?;
    }
    let rows = tx.query("select id from promise where visit = $1 order by id limit 1000", &vals![visit.id])?;
    for row in &rows {
        let id: PromiseId = row.parse(0)?;
        if !record.promises.iter().any(|it| it.id == id) {
            tx.exec(
                "update promise set state = 'dropped', next_at = null, revision = revision + 1, settled_at = $2, settled_by = $3 where id = $1 and state = 'open'",
                &vals![id, now, visit.last.by],
            )?;
        }
    }
    // An amendment may take a word back; what it says as before stays as it was said.
    let said: &[Settled] = before.record.as_ref().map_or(&[], |it| &it.settled);
    for it in said.iter().filter(|it| !record.settled.contains(it)) {
        let Some(promise) = find(tx, it.promise)? else { continue };
        tx.exec(
            "update promise set state = 'open', settled_at = null, settled_by = null, settled_visit = null, note = '', next_at = $3,
               revision = revision + 1
             where id = $1 and settled_visit = $2",
            &vals![it.promise, visit.id, next(promise.due)],
        )?;
    }
    for it in record.settled.iter().filter(|it| !said.contains(it)) {
        let state = if it.kept { State::Kept } else { State::Broken };
        tx.exec(
            "update promise set state = $2, settled_at = $3, settled_by = $4, settled_visit = $5, note = $6, next_at = null,
               revision = revision + 1
             where id = $1 and subject = $7 and state = 'open'",
            &vals![it.promise, state.code(), now, visit.last.by, visit.id, it.note.trim(), visit.subject],
        )?;
    }
    Ok(())
}

/// A new one, or what an amendment made of one of this visit's own: the id is the client's and may be another's.
fn make(tx: &mut dyn Tx, visit: &Visit, it: &Made, next: Option<Millis>) -> Result<(), Failure> {
    let known = tx.query_opt("select visit from promise where id = $1", &vals![it.id])?;
    if known.is_some_and(|row| row.text(0) != Ok(visit.id.to_string().as_str())) {
        return Err(Refusal::ClientIdReused.into());
    }
    tx.exec(
        "insert into promise (id, visit, subject, campaign, text, owner, due, state, revision, next_at)
         values ($1, $2, $3, $4, $5, $6, $7, 'open', 1, $8)
         on conflict (id) do update set text = excluded.text, owner = excluded.owner, due = excluded.due,
           revision = promise.revision + 1,
           state = case when promise.state = 'dropped' then 'open' else promise.state end,
           settled_at = case when promise.state = 'dropped' then null else promise.settled_at end,
           settled_by = case when promise.state = 'dropped' then null else promise.settled_by end,
           next_at = case when promise.state in ('open', 'dropped') then excluded.next_at else null end
         where promise.text <> excluded.text or promise.owner <> excluded.owner or promise.due <> excluded.due
           or promise.state = 'dropped'",
        &vals![it.id, visit.id, visit.subject, visit.campaign, &it.text, it.owner, it.due, next],
    )?;
    Ok(())
}

/// Its owner, or the office, says what became of it.
pub fn settle(tx: &mut dyn Tx, deed: &Deed, it: &Promise, kept: bool, why: &str) -> Result<(), Failure> {
    if !kept && why.trim().is_empty() {
        return Err(Refusal::ReasonMissing.into());
    }
    let state = if kept { State::Kept } else { State::Broken };
    let changed = tx.exec(
        "update promise set state = $3, settled_at = $4, settled_by = $5, note = $6, next_at = null, revision = revision + 1
         where id = $1 and revision = $2 and state = 'open'",
        &vals![it.id, it.revision, state.code(), deed.now, deed.by, why.trim()],
    )?;
    if changed == 0 {
        return Err(Failure::Store(crate::Error::Conflict));
    }
    note(tx, deed, it.id, "promise-settled", json!({ "state": state.code() }))?;
    Ok(())
}

/// Reminds the owners of what falls due or is late; says how many were reminded. Exactly once with any number of
/// servers: the guarded update lets one through.
pub fn remind(tx: &mut dyn Tx, terms: &Terms, now: Millis) -> Result<usize> {
    let rows = tx.query(
        "select id, owner, due, next_at from promise where next_at <= $1 order by next_at limit 200",
        &vals![now],
    )?;
    let mut reminded = 0;
    for row in &rows {
        let (id, owner, due, at): (PromiseId, PersonId, Day, i64) =
            (row.parse(0)?, row.parse(1)?, row.parse(2)?, row.int(3)?);
        let next = reminder(due, now, &terms.calendar).map(|(at, _)| at);
        let taken = tx.exec(
            "update promise set next_at = $3 where id = $1 and next_at = $2 and state = 'open'",
            &vals![id, at, next],
        )?;
        if taken == 1 {
            let kind = if now.day() > due { "promise-late" } else { "promise-due" };
            notice::insert_about(tx, Letterbox::Person(owner), id, kind, now)?;
            reminded += 1;
        }
    }
    Ok(reminded)
}
