//! What a server does without being asked: due acts every five seconds, rules and holidays every minute, seals and
//! ended sessions every hour.

use crate::now::now;
use std::sync::Arc;
use std::time::Duration;
use store::terms::Failure;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};
use web::App;

const TICK: Duration = Duration::from_secs(5);
const TICKS_A_MINUTE: u64 = 12;
const TICKS_AN_HOUR: u64 = 720;

/// Runs until `stop` says true; what is being done is done to its end first.
pub async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let mut ticks = interval(TICK);
    // After a pause (a suspended machine) one look is enough: it finds all that became due meanwhile.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut count: u64 = 0;
    loop {
        tokio::select! {
            _ = stop.wait_for(|it| *it) => return,
            _ = ticks.tick() => {}
        }
        round(&app, count).await;
        count += 1;
    }
}

async fn round(app: &Arc<App>, count: u64) {
    if count.is_multiple_of(TICKS_A_MINUTE) && count > 0 {
        note("terms", app.renew_terms().await);
    }
    match store::ticker::tick(&app.db, &app.terms(), now()).await {
        Ok(0) => {}
        Ok(acts) => tracing::info!(acts, "due acts done"),
        Err(error) => tracing::warn!(%error, "due acts wait for the next round"),
    }
    if count.is_multiple_of(TICKS_AN_HOUR) {
        note("seal", seal(app).await);
        note("sessions", sweep(app).await);
    }
}

async fn seal(app: &Arc<App>) -> Result<(), Failure> {
    while app.db.write(move |tx| store::seal::seal_days(tx, now())).await? > 0 {}
    Ok(())
}

async fn sweep(app: &Arc<App>) -> Result<(), Failure> {
    let idle = app.config.idle_ms;
    while app.db.write(move |tx| store::session::sweep(tx, now(), idle)).await? >= 1_000 {}
    Ok(())
}

fn note(task: &str, done: Result<(), Failure>) {
    if let Err(failure) = done {
        tracing::warn!(task, %failure, "a background task did not succeed; it is tried again");
    }
}
