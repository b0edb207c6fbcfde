//! Plays the stories through the same rules that everybody is under, with the clock moving, many steps a transaction.

use super::cast::Cast;
use super::plot::{Act, Step, Who};
use crate::house::House;
use crate::said;
use domain::command::Order;
use domain::role::Actor;
use domain::time::Millis;
use std::sync::Arc;
use store::terms::{Failure, Terms};
use store::{Tx, order, problem, seal, ticker};

const BATCH: usize = 250;
/// How often the ticker looks in while the clock moves.
const LOOK_MS: i64 = 30 * 60_000;

pub fn play(house: &House, cast: Cast, steps: Vec<Step>, now: Millis) -> anyhow::Result<()> {
    let cast = Arc::new(cast);
    let mut clock = steps.first().map_or(now, |step| step.at);
    let mut steps = steps.into_iter().peekable();
    while steps.peek().is_some() {
        let batch: Vec<Step> = steps.by_ref().take(BATCH).collect();
        let (terms, cast) = (house.terms.clone(), cast.clone());
        clock = house
            .db
            .write_blocking(move |tx| act_all(tx, &terms, &cast, batch, clock))
            .map_err(said::failure("演示"))?;
    }
    let terms = house.terms.clone();
    let ended = house.db.write_blocking(move |tx| {
        look(tx, &terms, clock, now)?;
        while seal::seal_days(tx, now)? > 0 {}
        Ok(())
    });
    ended.map_err(said::failure("演示"))
}

fn act_all(
    tx: &mut dyn Tx,
    terms: &Terms,
    cast: &Cast,
    steps: Vec<Step>,
    mut clock: Millis,
) -> Result<Millis, Failure> {
    for step in steps {
        clock = look(tx, terms, clock, step.at)?;
        act(tx, terms, cast, step)?;
    }
    Ok(clock)
}

/// The ticker between two steps, at half hours.
fn look(tx: &mut dyn Tx, terms: &Terms, mut clock: Millis, until: Millis) -> Result<Millis, Failure> {
    while clock.plus(LOOK_MS) <= until {
        clock = clock.plus(LOOK_MS);
        for id in ticker::ready(tx, clock, 500)? {
            ticker::visit(tx, terms, id, clock)?;
        }
    }
    Ok(clock)
}

fn act(tx: &mut dyn Tx, terms: &Terms, cast: &Cast, step: Step) -> Result<(), Failure> {
    let reporter;
    let actor = match step.who {
        Who::Office => &cast.office,
        Who::Supervision => &cast.supervision,
        Who::Leader => &cast.leader,
        Who::Officer(at) => &cast.benches[at].officer,
        Who::Clerk(at) => &cast.benches[at].clerk,
        Who::Head(at) => &cast.benches[at].head,
        Who::Reporter(id) => {
            reporter = Actor::Reporter(id);
            &reporter
        }
    };
    match step.act {
        Act::Register(draft) => {
            problem::register(tx, terms, *draft, actor, step.at)?;
        }
        Act::Order { command, words, rest } => {
            let seen = problem::find(tx, step.problem)?.map_or(0, |found| found.problem.revision);
            let name = command.name();
            let order = Order { command, words, rest, seen };
            order::perform(tx, terms, actor, step.problem, &order, step.at).map_err(|failure| {
                tracing::error!(problem = %step.problem, command = name.code(), who = ?step.who, at = step.at.minute(), %failure, "a step of the demonstration was refused");
                failure
            })?;
        }
    }
    Ok(())
}
