//! Plays the story through the same rules that everybody is under, with the clock moving, many steps a transaction.

use super::cast::Cast;
use super::step::{Act, Step, Who};
use crate::house::House;
use crate::{out, said};
use domain::command::{Command, Order};
use domain::id::{ProblemId, PromiseId, VisitId};
use domain::role::Actor;
use domain::time::Millis;
use domain::visit;
use std::sync::Arc;
use store::terms::{Deed, Failure, Terms};
use store::{Tx, order, problem, promise, seal, ticker};

const BATCH: usize = 500;

pub fn play(house: &House, cast: Cast, steps: Vec<Step>, now: Millis) -> anyhow::Result<()> {
    let cast = Arc::new(cast);
    let bar = out::measuring("建立演示数据 Making the demonstration", steps.len() as u64);
    let mut steps = steps.into_iter().peekable();
    while steps.peek().is_some() {
        let batch: Vec<Step> = steps.by_ref().take(BATCH).collect();
        let (terms, cast, count) = (house.terms.clone(), cast.clone(), batch.len() as u64);
        let played = house.db.write_blocking(move |tx| act_all(tx, &terms, &cast, batch));
        played.map_err(said::failure("演示"))?;
        bar.inc(count);
    }
    let terms = house.terms.clone();
    let ended = house.db.write_blocking(move |tx| look(tx, &terms, now));
    bar.finish_and_clear();
    ended.map_err(said::failure("演示"))
}

/// Seals the days of the story, once nothing more is told of them.
pub fn seal(house: &House, now: Millis) -> anyhow::Result<()> {
    let sealed = house.db.write_blocking(move |tx| -> Result<(), Failure> {
        while seal::seal_days(tx, now)? > 0 {}
        Ok(())
    });
    sealed.map_err(said::failure("演示"))
}

fn act_all(tx: &mut dyn Tx, terms: &Terms, cast: &Cast, steps: Vec<Step>) -> Result<(), Failure> {
    for step in steps {
        look(tx, terms, step.at)?;
        act(tx, terms, cast, step)?;
    }
    Ok(())
}

/// The ticker at every instant that came before the next step.
fn look(tx: &mut dyn Tx, terms: &Terms, until: Millis) -> Result<(), Failure> {
    while let Some(at) = ticker::first_due(tx, until)? {
        promise::remind(tx, terms, at)?;
        for id in ticker::ready(tx, at, 500)? {
            ticker::visit(tx, terms, id, at)?;
        }
    }
    Ok(())
}

fn act(tx: &mut dyn Tx, terms: &Terms, cast: &Cast, step: Step) -> Result<(), Failure> {
    let (at, who) = (step.at, step.who);
    let reporter;
    let actor = match who {
        Who::Office => &cast.office,
        Who::Supervision => &cast.supervision,
        Who::Leader => &cast.leader,
        Who::Officer(at) => &cast.visitors[at].officer,
        Who::Clerk(at) => &cast.benches[at].clerk,
        Who::Head(at) => &cast.benches[at].head,
        Who::Reporter(id) => {
            reporter = Actor::Reporter(id);
            &reporter
        }
    };
    let (what, done) = match step.act {
        Act::Register(draft) => ("register", problem::register(tx, terms, *draft, actor, at).map(|_| ())),
        Act::Plan(plan) => ("plan", store::visit::plan(tx, terms, *plan, actor, at).map(|_| ())),
        Act::Order { problem, command, words, rest } => {
            (command.name().code(), command_problem(tx, terms, actor, problem, command, [words, rest], at))
        }
        Act::Visit { visit, command, words } => {
            (command.name().code(), command_visit(tx, terms, actor, visit, command, words, at))
        }
        Act::Settle { promise, kept, why } => {
            ("settle", settle(tx, &Deed { terms, by: actor.person(), now: at }, promise, kept, why))
        }
    };
    done.inspect_err(|failure| {
        tracing::error!(what, ?who, at = at.minute(), %failure, "a step of the demonstration was refused");
    })
}

fn command_problem(
    tx: &mut dyn Tx,
    terms: &Terms,
    actor: &Actor,
    id: ProblemId,
    command: Command,
    [words, rest]: [String; 2],
    at: Millis,
) -> Result<(), Failure> {
    let seen = problem::find(tx, id)?.map_or(0, |found| found.problem.revision);
    let order = Order { command, words, rest, seen };
    order::perform(tx, terms, actor, id, &order, at).map(|_| ())
}

fn command_visit(
    tx: &mut dyn Tx,
    terms: &Terms,
    actor: &Actor,
    id: VisitId,
    command: visit::Command,
    words: String,
    at: Millis,
) -> Result<(), Failure> {
    let seen = store::visit::find(tx, id)?.map_or(0, |found| found.visit.revision);
    let order = visit::Order { command, words, seen };
    store::visit::perform(tx, terms, actor, id, &order, at).map(|_| ())
}

fn settle(tx: &mut dyn Tx, deed: &Deed, id: PromiseId, kept: bool, why: &str) -> Result<(), Failure> {
    let it = promise::find(tx, id)?.ok_or(store::Error::NotFound)?;
    promise::settle(tx, deed, &it, kept, why)
}
