//! A database with a past: every event written by the store's own functions while the clock moves, ticker included.

use crate::house::{self, House, People};
use crate::life::Life;
use crate::now::now;
use crate::text::{Chance, text};
use anyhow::{Context, Result};
use domain::command::Order;
use domain::id::{ProblemId, ReporterId};
use domain::problem::Source;
use domain::refusal::Refusal;
use domain::time::Millis;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;
use store::problem::{Draft, Named};
use store::reporter::Reporter;
use store::terms::{Failure, Terms};
use store::{Tx, ids, order, problem, seal, ticker, vals};

const DAY: i64 = 86_400_000;
const PAST: i64 = 540 * DAY;
/// The last days hold more than their share, so that a tenth is open at the end.
const RECENT: i64 = 9 * DAY;
const RECENT_PERCENT: usize = 11;
const BATCH: usize = 4_000;

/// The folder of a house with `count` problems; made at the first call, kept for the next.
pub fn with(count: usize) -> Result<PathBuf> {
    let data = house::folder()?.join(format!("history-{count}"));
    if data.join("whole").exists() {
        return Ok(data);
    }
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    fs::create_dir_all(&data)?;
    eprintln!("making {} (once)", data.display());
    let started = Instant::now();
    let house = house::make(&data)?;
    fill(&house, count)?;
    drop(house);
    fs::write(data.join("whole"), format!("made in {:.0} s\n", started.elapsed().as_secs_f64()))?;
    eprintln!("made in {:.0} s", started.elapsed().as_secs_f64());
    Ok(data)
}

/// A copy to write into, removed when dropped.
pub fn copy_of(data: &Path) -> Result<tempfile::TempDir> {
    let place = tempfile::Builder::new().prefix("copy-").tempdir_in(house::folder()?)?;
    for name in ["zoufang.db", "zoufang.key"] {
        fs::copy(data.join(name), place.path().join(name)).with_context(|| name.to_owned())?;
    }
    Ok(place)
}

struct Past {
    people: People,
    terms: Terms,
    lives: Vec<Life>,
    /// Moment, life, which of its steps.
    due: BinaryHeap<Reverse<(i64, u32, u8)>>,
    next_tick: i64,
    chance: Chance,
    end: i64,
}

fn fill(house: &House, count: usize) -> Result<()> {
    let end = now().0;
    let mut chance = Chance::new(count as u64);
    let mut past = Past {
        people: house.people.clone(),
        terms: house.terms.clone(),
        lives: Vec::with_capacity(count),
        due: BinaryHeap::with_capacity(count),
        next_tick: end - PAST,
        chance: chance.clone(),
        end,
    };
    for number in 0..count {
        let recent = chance.is(RECENT_PERCENT);
        let (from, length) = if recent { (end - RECENT, RECENT) } else { (end - PAST, PAST - RECENT) };
        let at = from + (chance.unit() * length as f64) as i64;
        past.lives.push(Life::new(&mut chance, recent));
        past.due.push(Reverse((at, number as u32, 0)));
    }
    let (mut steps, mut told) = (0usize, Instant::now());
    while !past.due.is_empty() {
        past = house.db.write_blocking(move |tx| {
            past.run(tx, BATCH)?;
            Ok::<_, Failure>(past)
        })?;
        steps += BATCH;
        if told.elapsed().as_secs() >= 20 {
            eprintln!("  {steps} steps");
            told = Instant::now();
        }
    }
    let moment = Millis(end);
    while house.db.write_blocking(move |tx| seal::seal_days(tx, moment))? > 0 {}
    Ok(())
}

impl Past {
    fn run(&mut self, tx: &mut dyn Tx, steps: usize) -> Result<(), Failure> {
        for _ in 0..steps {
            let Some(Reverse((at, number, step))) = self.due.pop() else { return Ok(()) };
            if at > self.end {
                continue;
            }
            while self.next_tick < at {
                self.tick(tx)?;
            }
            self.step(tx, Millis(at), number, step)?;
        }
        Ok(())
    }

    /// Once an hour what the server does every five seconds.
    fn tick(&mut self, tx: &mut dyn Tx) -> Result<(), Failure> {
        let at = Millis(self.next_tick);
        for id in ticker::ready(tx, at, 5_000)? {
            ticker::visit(tx, &self.terms, id, at)?;
        }
        self.next_tick += DAY / 24;
        Ok(())
    }

    fn step(&mut self, tx: &mut dyn Tx, at: Millis, number: u32, at_step: u8) -> Result<(), Failure> {
        let Some(life) = self.lives.get_mut(number as usize) else { return Ok(()) };
        let Some(step) = life.steps().get(usize::from(at_step)).copied() else { return Ok(()) };
        match life.id {
            None => {
                let (found, _) =
                    problem::register(tx, &self.terms, draft(&mut self.chance, at), &self.people.office, at)?;
                (life.id, life.revision) = (Some(found.problem.id), found.problem.revision);
            }
            Some(id) => {
                let (command, words) = life.command(step, &self.people, at, &mut self.chance);
                let mut order = Order { command, words, rest: String::new(), seen: life.revision };
                let actor = life.actor(step, &self.people);
                let mut done = order::perform(tx, &self.terms, actor, id, &order, at);
                if matches!(done, Err(Failure::Refusal(Refusal::ChangedMeanwhile { .. }))) {
                    // The ticker reminded somebody meanwhile.
                    order.seen = problem::find(tx, id)?.map_or(0, |found| found.problem.revision);
                    done = order::perform(tx, &self.terms, actor, id, &order, at);
                }
                life.revision = match done {
                    // Too late to be paused: it stays where it is, and its lights go red.
                    Err(Failure::Refusal(Refusal::OverdueNoPause)) => return Ok(()),
                    done => done?.problem.revision,
                };
            }
        }
        if let Some(next) = life.steps().get(usize::from(at_step) + 1) {
            let wait = life.wait(*next, &mut self.chance);
            self.due.push(Reverse((at.0 + wait, number, at_step + 1)));
        }
        Ok(())
    }
}

/// A report of 100 characters, half of them with somebody who reported.
pub fn draft(chance: &mut Chance, at: Millis) -> Draft {
    let reporter = chance.is(50).then(|| {
        Named::New(Reporter {
            id: ReporterId(ids::fresh(at)),
            name: format!("{}公司", text(chance, 4)),
            phone: format!("138{:08}", chance.below(100_000_000)),
            address: String::new(),
            code: String::new(),
        })
    });
    Draft {
        id: ProblemId(ids::fresh(at)),
        title: text(chance, 12),
        detail: text(chance, 100),
        place: String::new(),
        occurred: String::new(),
        source: Source::Phone,
        reporter,
        shielded: false,
        officer: None,
        heard: Default::default(),
    }
}

/// How many problems, how many of them ended, how many events; and the bytes of the file.
pub struct Size {
    pub problems: i64,
    pub open: i64,
    pub events: i64,
    pub bytes: u64,
}

pub fn size(house: &House, data: &Path) -> Result<Size> {
    let bytes = fs::metadata(data.join("zoufang.db"))?.len();
    let (problems, open, events) = house.db.read_blocking(|tx| {
        let count = |tx: &mut dyn Tx, sql: &'static str| tx.query_one(sql, &vals![])?.int(0);
        let problems = count(tx, "select count(*) from problem")?;
        let open = count(tx, "select count(*) from problem where state in ('registered', 'dispatched', 'in-hand', 'answered', 'planned')")?;
        Ok::<_, store::Error>((problems, open, count(tx, "select count(*) from event")?))
    })?;
    Ok(Size { problems, open, events, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::life::Step;

    #[test]
    fn a_usual_life_ends_with_its_closing() {
        let mut chance = Chance::new(1);
        let life = (0..).map(|_| Life::new(&mut chance, false)).find(|life| life.steps().len() == 11);
        assert_eq!(life.and_then(|life| life.steps().last().copied()), Some(Step::Close));
    }
}
