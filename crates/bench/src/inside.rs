//! The same writer without HTTP: callers in this process that register problems through the store.

use crate::history;
use crate::house::House;
use crate::now::now;
use crate::process::own_cpu;
use crate::text::Chance;
use anyhow::Result;
use std::time::{Duration, Instant};
use store::problem;
use store::terms::Failure;

pub struct Inside {
    pub rate: f64,
    /// Processor milliseconds of one, making its text included.
    pub cpu_ms: f64,
}

/// `callers` at once, each with its next as soon as the last is answered.
pub async fn register(house: &House, callers: u64, time: Duration) -> Result<Inside> {
    let (started, cpu) = (Instant::now(), own_cpu()?);
    let tasks: Vec<_> = (0..callers)
        .map(|caller| {
            let (db, terms, actor) = (house.db.clone(), house.terms.clone(), house.people.office.clone());
            tokio::spawn(async move {
                let mut chance = Chance::new(1_000 + caller);
                let mut count = 0u64;
                while started.elapsed() < time {
                    let at = now();
                    let mut draft = history::draft(&mut chance, at);
                    draft.reporter = None;
                    let (terms, actor) = (terms.clone(), actor.clone());
                    db.write(move |tx| problem::register(tx, &terms, draft, &actor, at)).await?;
                    count += 1;
                }
                Ok::<_, Failure>(count)
            })
        })
        .collect();
    let mut count = 0;
    for task in tasks {
        count += task.await??;
    }
    let spent = own_cpu()?.saturating_sub(cpu);
    Ok(Inside {
        rate: count as f64 / started.elapsed().as_secs_f64(),
        cpu_ms: spent.as_secs_f64() * 1000.0 / count as f64,
    })
}
