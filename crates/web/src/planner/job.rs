//! Calendars that are computed behind the pages of this server, one at a time, and remembered for an hour.

use super::load::Material;
use crate::app::App;
use crate::error::Error;
use domain::id::PersonId;
use domain::time::Millis;
use planner::{Ask, Outcome};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// How long the solver may think.
pub const LIMIT: Duration = Duration::from_secs(10);
const KEPT_MS: i64 = 3_600_000;
/// More at once are told to come back.
const MOST_WAITING: usize = 20;

/// What was computed, with all it was computed from.
pub struct Made {
    pub material: Material,
    pub ask: Ask,
    pub outcome: Outcome,
    /// What the plans cost where everybody comes on every day of his lines.
    pub by_plan: usize,
}

#[derive(Clone)]
pub enum State {
    Waiting,
    Running,
    Done(Arc<Made>),
    /// The versions that came of it: number of the site, version.
    Accepted(Arc<Made>, Vec<(i64, u32)>),
    Failed,
}

struct Job {
    by: PersonId,
    made_at: Millis,
    state: State,
}

pub struct Jobs {
    all: Mutex<HashMap<Uuid, Job>>,
    turn: Semaphore,
}

impl Default for Jobs {
    fn default() -> Jobs {
        Jobs { all: Mutex::default(), turn: Semaphore::new(1) }
    }
}

impl Jobs {
    /// For whoever asked for it; for others it is not there.
    pub fn of(&self, id: Uuid, by: Option<PersonId>, now: Millis) -> Option<State> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, it| now.0 - it.made_at.0 < KEPT_MS);
        all.get(&id).filter(|it| Some(it.by) == by).map(|it| it.state.clone())
    }

    fn begin(&self, id: Uuid, by: PersonId, now: Millis) -> Result<(), Error> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, it| now.0 - it.made_at.0 < KEPT_MS);
        let waiting = all.values().filter(|it| matches!(it.state, State::Waiting | State::Running)).count();
        if waiting >= MOST_WAITING {
            return Err(store::Error::Busy.into());
        }
        all.insert(id, Job { by, made_at: now, state: State::Waiting });
        Ok(())
    }

    pub fn set(&self, id: Uuid, state: State) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(it) = all.get_mut(&id) {
            it.state = state;
        }
    }
}

/// Begins, and answers at once with the id under which the result will stand.
pub fn start(app: &Arc<App>, by: PersonId, material: Material) -> Result<Uuid, Error> {
    let id = store::ids::fresh(app.now());
    app.planner.begin(id, by, app.now())?;
    let app = app.clone();
    tokio::spawn(async move {
        // The permit lasts until the solver is done: it takes a whole core.
        let Ok(_turn) = app.planner.turn.acquire().await else { return };
        app.planner.set(id, State::Running);
        let made = tokio::task::spawn_blocking(move || make(material)).await;
        app.planner.set(id, made.map_or(State::Failed, |made| State::Done(Arc::new(made))));
    });
    Ok(id)
}

fn make(material: Material) -> Made {
    let ask = material.ask();
    let outcome = planner::solve(&ask, LIMIT);
    let by_plan = material.by_plan();
    Made { material, ask, outcome, by_plan }
}
