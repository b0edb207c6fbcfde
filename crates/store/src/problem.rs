//! Problems: register, load, and apply a change: one guarded update, one event, in one transaction.

use crate::columns::Columns;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::{self, Body, Said, parse, write};
use crate::row::Row;
use crate::sight::{self, Above, Clocks};
use crate::terms::{Failure, Terms};
use crate::words::sha256;
use crate::{counter, errand, reporter, search, vals};
use domain::access::Party;
use domain::course::{self, Change, Heard, Report};
use domain::id::{PersonId, ProblemId, ReporterId};
use domain::problem::{Problem, Source};
use domain::refusal::Refusal;
use domain::role::Actor;
use domain::time::Millis;

/// A problem with the texts and the number that stand beside its body.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub no: i64,
    pub title: String,
    pub detail: String,
    pub place: String,
    pub occurred: String,
    pub problem: Problem,
    pub(crate) visited: Millis,
}

/// What a report brings. `reporter` is somebody new, or known already.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Made by the client: a retry carries the same.
    pub id: ProblemId,
    pub title: String,
    pub detail: String,
    pub place: String,
    /// When it was heard or happened, in the reporter's words or as a date.
    pub occurred: String,
    pub source: Source,
    pub reporter: Option<Named>,
    pub shielded: bool,
    /// The visiting officer.
    pub officer: Option<PersonId>,
    pub heard: Heard,
}

#[derive(Clone, Debug)]
pub enum Named {
    Known(ReporterId),
    New(reporter::Reporter),
}

fn found(row: &Row) -> Result<Found> {
    Ok(Found {
        no: row.int(0)?,
        title: row.string(1)?,
        detail: row.string(2)?,
        place: row.string(3)?,
        occurred: row.string(4)?,
        problem: parse(row.text(5)?)?,
        visited: row.millis(6)?,
    })
}

pub fn find(tx: &mut dyn Tx, id: ProblemId) -> Result<Option<Found>> {
    tx.query_opt("select no, title, detail, place, occurred, body, visited_at from problem where id = $1", &vals![id])?
        .map(|row| found(&row))
        .transpose()
}

pub fn find_by_no(tx: &mut dyn Tx, no: i64) -> Result<Option<Found>> {
    tx.query_opt("select no, title, detail, place, occurred, body, visited_at from problem where no = $1", &vals![no])?
        .map(|row| found(&row))
        .transpose()
}

/// Numbers and titles of those merged into `id`, at most 200.
pub fn list_merged_into(tx: &mut dyn Tx, id: ProblemId) -> Result<Vec<(i64, String)>> {
    tx.query("select no, title from problem where merged_into = $1 order by no limit 200", &vals![id])?
        .iter()
        .map(|row| Ok((row.int(0)?, row.string(1)?)))
        .collect()
}

/// 登记. The first answer to a client id holds for every retry with the same content (`loop.md`, decision 15);
/// the flag says whether it was new.
pub fn register(
    tx: &mut dyn Tx,
    terms: &Terms,
    draft: Draft,
    actor: &Actor,
    now: Millis,
) -> Result<(Found, bool), Failure> {
    let sent = digest_of(&draft);
    if let Some(known) = sent_before(tx, draft.id, &sent)? {
        return Ok((known, false));
    }
    let no = counter::next(tx, "problem")?;
    // The counter lets one in at a time: a retry that ran beside its first try finds it only now, and gives the number back.
    if let Some(known) = sent_before(tx, draft.id, &sent)? {
        counter::give_back(tx, "problem")?;
        return Ok((known, false));
    }
    let (reporter, reporter_words) = match draft.reporter {
        None => (None, None),
        Some(Named::Known(id)) => (Some(id), reporter::find(tx, id)?.map(|it| it.words())),
        Some(Named::New(new)) => {
            reporter::insert(tx, &new, now)?;
            (Some(new.id), Some(new.words()))
        }
    };
    let report = Report {
        id: draft.id,
        source: draft.source,
        reporter,
        shielded: draft.shielded,
        officer: draft.officer,
        heard: draft.heard,
        digest: digest_of_texts(&draft.title, &draft.detail),
    };
    let problem = course::register(report, actor.person(), now, terms.rules_of(draft.heard.campaign));
    let body = write(&problem)?;
    let columns = Columns::of(&problem, now, terms);
    tx.exec(
        "insert into problem (id, no, title, detail, place, occurred, revision, body, state, source, reporter, officer, shielded,
           tier, registered_at, clock_at, visited_at, next_at, sent, subject, visit, campaign)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
        &vals![
            problem.id, no, &draft.title, &draft.detail, &draft.place, &draft.occurred, problem.revision, &body,
            problem.state.name().code(), problem.source.code(), reporter, draft.officer, problem.shielded,
            problem.tier.code(), now, columns.clocks.clock_at, now, columns.next_at, sent, problem.subject, problem.visit, problem.campaign
        ],
    )?;
    sight::sync(tx, no, None, (&problem, columns.clocks), &Above::new())?;
    search::index_problem(tx, no, &format!("{} {} {}", draft.title, draft.detail, draft.place))?;
    if let Some(words) = reporter_words {
        search::index_reporter(tx, no, &words)?;
    }
    let event = Body {
        thing: problem.id.to_string(),
        seq: 1,
        kind: "registered".into(),
        at: now,
        written: now,
        by: actor.person(),
        party: match actor {
            Actor::System => "system",
            Actor::Reporter(_) => "reporter",
            Actor::Person { .. } => "person",
        }
        .into(),
        state: problem.state.name().code().into(),
        data: serde_json::json!({ "no": no, "source": problem.source.code(), "digest": problem.digest }),
        words: String::new(),
        after: sha256(&[body.as_bytes()]),
    };
    event::append(tx, &terms.master, event, &Said::default())?;
    let found = Found {
        no,
        title: draft.title,
        detail: draft.detail,
        place: draft.place,
        occurred: draft.occurred,
        problem,
        visited: now,
    };
    Ok((found, true))
}

fn sent_before(tx: &mut dyn Tx, id: ProblemId, sent: &str) -> Result<Option<Found>, Failure> {
    match tx.query_opt("select sent from problem where id = $1", &vals![id])? {
        None => Ok(None),
        Some(row) if row.text(0)? == sent => Ok(find(tx, id)?),
        Some(_) => Err(Refusal::ClientIdReused.into()),
    }
}

/// Digest of the texts as registered; the event carries it, so a text changed in the table is told.
pub(crate) fn digest_of_texts(title: &str, detail: &str) -> String {
    sha256(&[title.as_bytes(), b"\0", detail.as_bytes()])
}

fn digest_of(draft: &Draft) -> String {
    let reporter = match &draft.reporter {
        None => String::new(),
        Some(Named::Known(id)) => id.to_string(),
        // Its id is fresh at each try, so it does not belong to the content.
        Some(Named::New(new)) => format!("{}\0{}\0{}\0{}", new.name, new.phone, new.address, new.code),
    };
    let shielded: &[u8] = if draft.shielded { b"shielded" } else { b"open" };
    let parts: [&[u8]; 7] = [
        draft.title.as_bytes(),
        draft.detail.as_bytes(),
        draft.place.as_bytes(),
        draft.occurred.as_bytes(),
        draft.source.code().as_bytes(),
        reporter.as_bytes(),
        shielded,
    ];
    let mut separated: Vec<&[u8]> = Vec::with_capacity(14);
    for part in parts {
        separated.extend([part, b"\0"]);
    }
    sha256(&separated)
}

/// Writes a decided change: `before` must still be what stands in the table, else `Conflict`.
pub fn apply(
    tx: &mut dyn Tx,
    terms: &Terms,
    before: Found,
    change: Change,
    data: serde_json::Value,
    said: &Said,
    now: Millis,
) -> Result<Found> {
    let (old, new) = (&before.problem, change.after);
    let body = write(&new)?;
    let columns = Columns::of(&new, before.visited, terms);
    write_row(tx, &new, old.revision, &body, &columns)?;
    let mut above = Above::new();
    sight::above(tx, old, &mut above)?;
    sight::above(tx, &new, &mut above)?;
    let old_clocks = Columns::of(old, before.visited, terms).clocks;
    sight::sync(tx, before.no, Some((old, old_clocks)), (&new, columns.clocks), &above)?;
    errand::sync(tx, before.no, Some(old), &new, terms, &above)?;
    let event = Body {
        thing: new.id.to_string(),
        seq: new.revision,
        kind: change.event.into(),
        at: change.at,
        written: now,
        by: new.last.by,
        party: party(change.party).into(),
        state: new.state.name().code().into(),
        data,
        words: String::new(),
        after: sha256(&[body.as_bytes()]),
    };
    event::append(tx, &terms.master, event, said)?;
    Ok(Found { problem: new, ..before })
}

/// `visited_at` is left alone: it is the ticker's, who may have visited since this problem was read. `next_at` is then
/// too early at worst, and the ticker looks once for nothing.
fn write_row(tx: &mut dyn Tx, p: &Problem, was: i64, body: &str, columns: &Columns) -> Result<()> {
    let changed = tx.exec(
        "update problem set revision = $2, body = $3, state = $4, shielded = $5, lead = $6, category = $7, tier = $8, boarded = $9,
           paused = $10, clock_at = $11, first_due_at = $12, due_at = $13, late_at = $14, next_at = $15, merged_into = $16,
           dispatched_at = $17, closed_at = $18, answered = $19, verdict = $20, satisfaction = $21, slips = $22
         where id = $1 and revision = $23",
        &vals![
            p.id, p.revision, body, p.state.name().code(), p.shielded, p.state.case().map(|case| case.lead.unit), p.category,
            p.tier.code(), p.board.is_some(), p.is_paused(), columns.clocks.clock_at, columns.first_due_at, columns.due_at,
            columns.clocks.late_at, columns.next_at, columns.merged_into, columns.dispatched_at, columns.closed_at,
            columns.heard.answered, columns.heard.verdict, columns.heard.satisfaction, i64::from(p.slips), was
        ],
    )?;
    if changed == 1 { Ok(()) } else { Err(Error::Conflict) }
}

fn party(party: Party) -> &'static str {
    match party {
        Party::Office => "office",
        Party::Supervision => "supervision",
        Party::Leader => "leader",
        Party::LeadHead(_) => "lead-head",
        Party::LeadClerk(_) => "lead-clerk",
        Party::SupportHead(_) => "support-head",
        Party::SupportClerk(_) => "support-clerk",
        Party::Officer => "officer",
        Party::Reporter => "reporter",
        Party::System => "system",
    }
}

/// The clock that the light would read under these terms.
pub(crate) fn clock_under(found: &Found, terms: &Terms) -> Option<i64> {
    Columns::of(&found.problem, found.visited, terms).clocks.clock_at
}

/// Recomputes the derived columns after a holiday notice: open clocks move, first due dates stay.
pub fn recompute(tx: &mut dyn Tx, terms: &Terms, found: &Found) -> Result<()> {
    let p = &found.problem;
    let columns = Columns::of(p, found.visited, terms);
    let kept = tx.query_one("select clock_at, late_at from problem where id = $1", &vals![p.id])?;
    let old = Clocks { clock_at: kept.opt_int(0)?, late_at: kept.opt_int(1)? };
    write_row(tx, p, p.revision, &write(p)?, &columns)?;
    let mut above = Above::new();
    sight::above(tx, p, &mut above)?;
    sight::sync(tx, found.no, Some((p, old)), (p, columns.clocks), &above)?;
    errand::sync(tx, found.no, None, p, terms, &above)
}
