//! Verifying everything that was written: chains, rows and seals, in pages. Names the first that is broken.

use crate::audit_visit;
use crate::broken::{At, Broken, Fault, Thing};
use crate::db::Tx;
use crate::error::Result;
use crate::event::{self, Body};
use crate::ids;
use crate::problem::digest_of_texts;
use crate::row::Row;
use crate::seal;
use crate::vals;
use crate::visit_undo;
use crate::words::sha256;
use domain::problem::{Problem, State};
use domain::time::{Day, Millis};
use std::collections::HashMap;

const PAGE: i64 = 2_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub events: u64,
    pub problems: u64,
    pub seals: u64,
    /// The first thing that is not as it was written; the walk ends there.
    pub broken: Option<Broken>,
}

/// Why the walk ends early: something broken, or a database that does not answer.
enum Halt {
    Broken(Box<Broken>),
    Store(crate::Error),
}

impl From<crate::Error> for Halt {
    fn from(error: crate::Error) -> Halt {
        Halt::Store(error)
    }
}

type Walk<T = ()> = std::result::Result<T, Halt>;

/// Reads everything once over one snapshot; `progress` hears how many events were read so far. What an erased
/// thing said is not looked at, only that its chain is whole.
pub fn verify(tx: &mut dyn Tx, progress: &mut dyn FnMut(u64)) -> Result<Report> {
    let mut report = Report::default();
    let walked = chains(tx, &mut report, progress)
        .and_then(|()| problems(tx, &mut report))
        .and_then(|()| seals(tx, &mut report));
    match walked {
        Ok(()) => Ok(report),
        Err(Halt::Broken(broken)) => Ok(Report { broken: Some(*broken), ..report }),
        Err(Halt::Store(error)) => Err(error),
    }
}

/// How far the walk is within one thing.
struct Chain {
    thing: String,
    seq: i64,
    hash: String,
    /// The first and the last event's body.
    first: Option<Body>,
    last: Option<Body>,
}

/// All events by thing and number.
fn chains(tx: &mut dyn Tx, report: &mut Report, progress: &mut dyn FnMut(u64)) -> Walk {
    let mut now: Option<Chain> = None;
    let (mut thing, mut seq) = (String::new(), 0);
    loop {
        let rows = tx.query(
            "select thing, seq, kind, at, by, written_at, id, body, hash from event where (thing, seq) > ($1, $2) order by thing, seq limit $3",
            &vals![&thing, seq, PAGE],
        )?;
        let Some(last) = rows.last() else { break };
        (thing, seq) = (last.string(0)?, last.int(1)?);
        let ended = Things::of(tx, rows[0].text(0)?, &thing, now.as_ref())?;
        for row in &rows {
            let thing = row.text(0)?;
            if let Some(done) = now.take_if(|it| it.thing != thing) {
                ended.end(tx, done)?;
            }
            let chain = now.get_or_insert_with(|| Chain {
                thing: thing.into(),
                seq: 0,
                hash: String::new(),
                first: None,
                last: None,
            });
            if let Some(fault) = step(chain, row)? {
                return broken(tx, thing, fault);
            }
        }
        report.events += rows.len() as u64;
        progress(report.events);
    }
    match now {
        Some(done) => Things::default().end(tx, done),
        None => Ok(()),
    }
}

fn broken<T>(tx: &mut dyn Tx, thing: &str, fault: Fault) -> Walk<T> {
    let no = tx.query_opt("select no from problem where id = $1", &vals![thing])?.map(|row| row.int(0)).transpose()?;
    let (is, no) = match (no, audit_visit::named(tx, thing)?) {
        (None, Some(no)) => (Thing::Visit, no),
        (no, _) => (Thing::Problem, no),
    };
    Err(Halt::Broken(Box::new(Broken { thing: thing.into(), is, no, fault })))
}

/// One event: its number, its hash, its columns.
fn step(chain: &mut Chain, row: &Row) -> Result<Option<Fault>> {
    let event = At { seq: row.int(1)?, kind: row.string(2)?, at: row.millis(3)? };
    if event.seq != chain.seq + 1 {
        return Ok(Some(Fault::Missing { seq: chain.seq + 1 }));
    }
    let (text, hash) = (row.text(7)?, row.text(8)?);
    if event::chain(&chain.hash, text) != hash {
        return Ok(Some(Fault::Body(event)));
    }
    let Ok(body) = serde_json::from_str::<Body>(text) else { return Ok(Some(Fault::Unreadable(event))) };
    let by = body.by.map(|id| id.to_string());
    let differs = [
        ("thing", body.thing != chain.thing),
        ("seq", body.seq != event.seq),
        ("kind", body.kind != event.kind),
        ("at", body.at != event.at),
        ("by", by.as_deref() != row.opt_text(4)?),
        ("written_at", body.written != row.millis(5)?),
        ("id", ids::moment(row.text(6)?) != Some(body.written)),
    ];
    if let Some((name, _)) = differs.into_iter().find(|(_, differs)| *differs) {
        return Ok(Some(Fault::Column { name, event }));
    }
    (chain.seq, chain.hash) = (event.seq, hash.into());
    chain.first.get_or_insert_with(|| body.clone());
    chain.last = Some(body);
    Ok(None)
}

/// Rows of the problems and visits that a page of events is about, read at once.
#[derive(Default)]
struct Things {
    problems: HashMap<String, Row>,
    visits: HashMap<String, Row>,
}

impl Things {
    fn of(tx: &mut dyn Tx, first: &str, last: &str, before: Option<&Chain>) -> Result<Things> {
        let from = before.map_or(first, |chain| &chain.thing);
        let rows = tx.query(
            "select p.id, p.no, p.title, p.detail, p.revision, p.body, p.state, p.source, p.reporter, p.officer, p.shielded, p.lead,
               p.category, p.tier, p.boarded, p.paused, p.registered_at, p.first_due_at, p.merged_into,
               p.subject, p.visit, p.campaign, (select count(*) from word_key k where k.thing = p.id and k.sealed = '')
             from problem p where p.id >= $1 and p.id <= $2 limit $3",
            &vals![from, last, PAGE],
        )?;
        let problems = rows.into_iter().map(|row| Ok((row.string(0)?, row))).collect::<Result<_>>()?;
        Ok(Things { problems, visits: audit_visit::page(tx, from, last, PAGE)? })
    }

    /// The chain of a thing is read to its end: does its row say the same?
    fn end(&self, tx: &mut dyn Tx, chain: Chain) -> Walk {
        let (Some(first), Some(last)) = (&chain.first, &chain.last) else { return Ok(()) };
        let other;
        let there = |it: &Things| it.problems.contains_key(&chain.thing) || it.visits.contains_key(&chain.thing);
        let things = if there(self) {
            self
        } else {
            other = Things::of(tx, &chain.thing, &chain.thing, None)?;
            &other
        };
        let fault = match (things.problems.get(&chain.thing), things.visits.get(&chain.thing)) {
            (Some(row), _) => row_fault(row, first, last)?,
            (None, Some(row)) => audit_visit::row_fault(row, first, last)?,
            // Only problems are registered and visits planned; other things need no row, nor does a visit whose import was
            // taken back: its last event says so.
            (None, None) => {
                let taken_back = last.kind == visit_undo::REMOVED;
                (matches!(first.kind.as_str(), "registered" | "visit-planned") && !taken_back)
                    .then_some(Fault::NoProblem)
            }
        };
        match fault {
            Some(fault) => broken(tx, &chain.thing, fault),
            None => Ok(()),
        }
    }
}

fn row_fault(row: &Row, first: &Body, last: &Body) -> Result<Option<Fault>> {
    let (body, event) = (row.text(5)?, At { seq: last.seq, kind: last.kind.clone(), at: last.at });
    if row.int(4)? > last.seq {
        return Ok(Some(Fault::Missing { seq: last.seq + 1 }));
    }
    if sha256(&[body.as_bytes()]) != last.after {
        return Ok(Some(Fault::Row { name: "body", event }));
    }
    let Ok(p) = serde_json::from_str::<Problem>(body) else { return Ok(Some(Fault::Row { name: "body", event })) };
    let merged = match &p.state {
        State::Merged { into, .. } => Some(into.to_string()),
        _ => None,
    };
    let case = p.state.case();
    let differs = [
        ("revision", row.int(4)? != last.seq || p.revision != last.seq),
        ("id", p.id.to_string() != last.thing),
        ("no", first.data.get("no").and_then(serde_json::Value::as_i64) != Some(row.int(1)?)),
        ("state", row.text(6)? != p.state.name().code()),
        ("source", row.text(7)? != p.source.code()),
        ("reporter", row.opt_string(8)? != p.reporter.map(|id| id.to_string())),
        ("officer", row.opt_string(9)? != p.officer.map(|id| id.to_string())),
        ("shielded", row.flag(10)? != p.shielded),
        ("lead", row.opt_string(11)? != case.map(|case| case.lead.unit.to_string())),
        ("category", row.opt_string(12)? != p.category.map(|id| id.to_string())),
        ("tier", row.text(13)? != p.tier.code()),
        ("boarded", row.flag(14)? != p.board.is_some()),
        ("paused", row.flag(15)? != p.is_paused()),
        ("registered_at", row.millis(16)? != p.registered.at),
        ("first_due_at", row.opt_millis(17)? != case.map(|case| case.first_due)),
        ("merged_into", row.opt_string(18)? != merged),
        ("subject", row.opt_string(19)? != p.subject.map(|id| id.to_string())),
        ("visit", row.opt_string(20)? != p.visit.map(|id| id.to_string())),
        ("campaign", row.opt_string(21)? != p.campaign.map(|id| id.to_string())),
    ];
    if let Some((name, _)) = differs.into_iter().find(|(_, differs)| *differs) {
        return Ok(Some(Fault::Row { name, event }));
    }
    let registered = first.data.get("digest").and_then(serde_json::Value::as_str).unwrap_or_default();
    let erased = row.int(22)? > 0;
    if p.digest != registered || !erased && digest_of_texts(row.text(2)?, row.text(3)?) != registered {
        return Ok(Some(Fault::Texts { registered: first.at }));
    }
    Ok(None)
}

/// No problem and no visit without events.
fn problems(tx: &mut dyn Tx, report: &mut Report) -> Walk {
    report.problems = tx.query_one("select count(*) from problem", &[])?.int(0)? as u64;
    let row = tx.query_opt(
        "select p.id from problem p where not exists (select 1 from event e where e.thing = p.id) order by p.no limit 1",
        &[],
    )?;
    if let Some(row) = row {
        return broken(tx, row.text(0)?, Fault::NoEvents);
    }
    match audit_visit::without_events(tx)? {
        Some(thing) => broken(tx, &thing, Fault::NoEvents),
        None => Ok(()),
    }
}

/// Every seal again, and no events in days between them.
fn seals(tx: &mut dyn Tx, report: &mut Report) -> Walk {
    let seal_broken =
        |fault| Err(Halt::Broken(Box::new(Broken { thing: String::new(), is: Thing::Problem, no: None, fault })));
    let (mut after, mut before, mut open) = (String::new(), String::new(), Millis(0));
    loop {
        let page = seal::list(tx, &after, 100)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.day.to_string();
        for sealed in page {
            let start = Millis::at(sealed.day, 0);
            if let Some(day) = unsealed(tx, open, start)? {
                return seal_broken(Fault::Unsealed { day });
            }
            let wanted = seal::compute(tx, sealed.day, &before)?;
            if (wanted.events, &wanted.last_event, &wanted.digest)
                != (sealed.events, &sealed.last_event, &sealed.digest)
            {
                return seal_broken(Fault::Seal { day: sealed.day });
            }
            if wanted.hash != sealed.hash {
                return seal_broken(Fault::SealChain { day: sealed.day });
            }
            (before, open) = (sealed.hash, Millis::at(sealed.day.plus(1), 0));
            report.seals += 1;
        }
    }
}

fn unsealed(tx: &mut dyn Tx, from: Millis, to: Millis) -> Result<Option<Day>> {
    let row = tx.query_opt(
        "select id from event where id >= $1 and id < $2 order by id limit 1",
        &vals![ids::least(from), ids::least(to)],
    )?;
    Ok(row.map(|row| row.string(0)).transpose()?.and_then(|id| ids::moment(&id)).map(Millis::day))
}
