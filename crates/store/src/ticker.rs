//! What the system does by itself when an instant has come: wakes, reminders, notices. Each exactly once, however many
//! servers look, and after an outage all that was due, in order.

use crate::columns::Columns;
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::notice::{self, Letterbox};
use crate::problem;
use crate::terms::{Deed, Failure, Terms};
use crate::{order, promise, today, vals};
use domain::command::{Command, Order};
use domain::id::ProblemId;
use domain::problem::{Problem, State, StateName};
use domain::role::{Actor, Role};
use domain::schedule::{self, Act, Desk, Running};
use domain::time::Millis;
use std::collections::VecDeque;

const BATCH: i64 = 100;
/// How long a problem that cannot be served is left alone, so that it holds up no other.
const PATIENCE_MS: i64 = 10 * 60_000;

/// Problems for which an instant has come, the longest waiting first.
pub fn ready(tx: &mut dyn Tx, now: Millis, limit: i64) -> Result<Vec<ProblemId>> {
    tx.query("select id from problem where next_at <= $1 order by next_at limit $2", &vals![now, limit])?
        .iter()
        .map(|row| row.parse(0))
        .collect()
}

/// The first instant until then at which a problem or a promise calls for something: for whoever lets days pass at once
/// and need not look in between.
pub fn first_due(tx: &mut dyn Tx, until: Millis) -> Result<Option<Millis>> {
    let problem =
        tx.query_opt("select next_at from problem where next_at <= $1 order by next_at limit 1", &vals![until])?;
    let promise =
        tx.query_opt("select next_at from promise where next_at <= $1 order by next_at limit 1", &vals![until])?;
    let mut first = None;
    for row in problem.into_iter().chain(promise) {
        let at = row.millis(0)?;
        first = Some(first.map_or(at, |other: Millis| other.min(at)));
    }
    Ok(first)
}

/// Does for one problem what came due since the last visit; says how many acts. None when another server was faster:
/// what it did not do waits for the next look.
pub fn visit(tx: &mut dyn Tx, terms: &Terms, id: ProblemId, now: Millis) -> Result<usize, Failure> {
    let Some(mut found) = problem::find(tx, id)? else { return Ok(0) };
    let p = &found.problem;
    let due = |p: &Problem, since: Millis| -> Vec<(Millis, Act)> {
        let mut acts = schedule::acts(p, terms.rules_of(p.campaign), &terms.calendar);
        acts.retain(|(at, _)| since < *at && *at <= now);
        acts
    };
    let acts = due(p, found.visited);
    // The claim comes first: the row stays locked to the end, and `perform` below reads the new visit.
    let next = Columns::of(p, now.max(found.visited), terms).next_at;
    let claimed = tx.exec(
        "update problem set visited_at = $2, next_at = $3 where id = $1 and visited_at = $4 and revision = $5",
        &vals![id, now.max(found.visited), next, found.visited, p.revision],
    )?;
    if claimed == 0 {
        return Ok(0);
    }
    let mut done = 0;
    let mut waiting = VecDeque::from(acts);
    while let Some((at, act)) = waiting.pop_front() {
        done += 1;
        if act == Act::Wake {
            found = by_system(tx, terms, &found, Command::Wake, now)?;
            // From that midnight on it has other clocks, and some may be over already.
            waiting = due(&found.problem, at).into();
            continue;
        }
        let mut late: Vec<String> = tell(tx, terms, &found.problem, &act, now)?.into_iter().collect();
        // Several clocks that ran out together are one reminder (S13: both units owe their receipt).
        while let Some((_, act)) = waiting.pop_front_if(|(next, act)| *next == at && *act != Act::Wake) {
            done += 1;
            late.extend(tell(tx, terms, &found.problem, &act, now)?);
        }
        late.dedup();
        if !late.is_empty() && matches!(found.problem.state.name(), StateName::Dispatched | StateName::InHand) {
            found = by_system(tx, terms, &found, Command::Remind { about: late.join(",") }, now)?;
        }
    }
    Ok(done)
}

/// Writes the notices of one act. What is late is given back as `clock:level`.
fn tell(tx: &mut dyn Tx, terms: &Terms, p: &Problem, act: &Act, now: Millis) -> Result<Option<String>> {
    let mut tell = |to: Letterbox, kind: &str, detail: &str| notice::insert(tx, to, Some(p.id), kind, detail, now);
    match act {
        Act::Overdue { clock, level } => {
            let about = format!("{}:{level}", clock.what);
            tell(whom(clock, *level), "overdue", &about)?;
            return Ok(Some(about));
        }
        Act::DueToday { clock } => tell(whom(clock, 0), "due-today", clock.what)?,
        Act::Dispatched => {
            let (State::Dispatched { case } | State::InHand { case }) = &p.state else { return Ok(None) };
            for part in case.parts().filter(|part| part.received.is_none()) {
                let share = if part.unit == case.lead.unit { "lead" } else { "support" };
                tell(Letterbox::Unit(part.unit), "dispatched", share)?;
            }
        }
        Act::FollowUp { number } => {
            let days = terms.rules.follow_ups.get(usize::from(*number)).map_or(String::new(), u32::to_string);
            for to in p.officer.map(Letterbox::Person).into_iter().chain([Letterbox::Role(Role::Office)]) {
                tell(to, "follow-up", &days)?;
            }
        }
        Act::Wake => {}
    }
    Ok(None)
}

/// The desk itself, one workday later its head, two workdays later supervision (`deadlines.md`, "Clocks of the loop").
fn whom(clock: &Running, level: u8) -> Letterbox {
    match (clock.desk, level) {
        (Desk::Office, 0 | 1) => Letterbox::Role(Role::Office),
        (Desk::Unit(unit), 0) => Letterbox::Unit(unit),
        (Desk::Unit(unit), 1) => Letterbox::Head(unit),
        _ => Letterbox::Role(Role::Supervision),
    }
}

fn by_system(
    tx: &mut dyn Tx,
    terms: &Terms,
    found: &problem::Found,
    command: Command,
    now: Millis,
) -> Result<problem::Found, Failure> {
    let order = Order { command, words: String::new(), rest: String::new(), seen: found.problem.revision };
    order::perform(tx, terms, &Actor::System, found.problem.id, &order, now)
}

/// Visits until none is ready, one transaction a problem; says how many acts were done. One that cannot be served is
/// logged and looked at again in ten minutes. A full queue or disk ends the round: that is nobody's fault.
pub async fn tick(db: &Db, terms: &Terms, now: Millis) -> Result<usize> {
    let mut done = 0;
    loop {
        let terms = terms.clone();
        match db.write(move |tx| promise::remind(tx, &terms, now)).await? {
            0 => break,
            reminded => done += reminded,
        }
    }
    done += turn_sites(db, terms, now).await?;
    loop {
        let ready = db.read(move |tx| ready(tx, now, BATCH)).await?;
        if ready.is_empty() {
            return Ok(done);
        }
        for id in ready {
            let terms = terms.clone();
            match db.write(move |tx| visit(tx, &terms, id, now)).await {
                Ok(acts) => done += acts,
                Err(Failure::Store(error @ (Error::Busy | Error::Disk(_)))) => return Err(error),
                Err(failure) => {
                    tracing::error!(problem = %id, %failure, "the ticker could not serve a problem; it tries again in ten minutes");
                    db.write(move |tx| postpone(tx, id, now)).await?;
                }
            }
        }
    }
}

/// The turn of the day at every site that has not had it, one transaction a site. One that fails is told in the log and
/// passed over until the next look.
async fn turn_sites(db: &Db, terms: &Terms, now: Millis) -> Result<usize> {
    let mut done = 0;
    let mut after = String::new();
    loop {
        let from = after.clone();
        let sites = db.read(move |tx| today::behind(tx, now.day(), &from, BATCH)).await?;
        let Some(last) = sites.last() else { return Ok(done) };
        after = last.to_string();
        for site in sites {
            let terms = terms.clone();
            match db.write(move |tx| today::turn(tx, &Deed { terms: &terms, by: None, now }, site)).await {
                Ok(()) => done += 1,
                Err(Failure::Store(error @ (Error::Busy | Error::Disk(_)))) => return Err(error),
                Err(failure) => {
                    tracing::error!(%site, %failure, "the day could not be turned at a site; the next look tries again");
                }
            }
        }
    }
}

/// `visited_at` stays, so that nothing is forgotten.
fn postpone(tx: &mut dyn Tx, id: ProblemId, now: Millis) -> Result<()> {
    tx.exec("update problem set next_at = $2 where id = $1 and next_at <= $3", &vals![id, now.plus(PATIENCE_MS), now])?;
    Ok(())
}
