//! Runs that go on behind the pages of this server: started, watched, remembered until the server ends.

use super::{Upload, gone, told};
use crate::app::App;
use crate::auth::Who;
use crate::error::Error;
use domain::id::RunId;
use intake::{Undone, Ways, Wish};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;

/// What this server knows of a run besides its row.
#[derive(Clone, Debug)]
pub enum Job {
    Running,
    Undoing,
    Undone(Undone),
    /// Why it stopped, Chinese and English.
    Failed(String, String),
}

impl Job {
    pub fn is_busy(&self) -> bool {
        matches!(self, Job::Running | Job::Undoing)
    }
}

#[derive(Default)]
pub struct Jobs(Mutex<HashMap<RunId, Job>>);

impl Jobs {
    pub fn of(&self, id: RunId) -> Option<Job> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    fn set(&self, id: RunId, job: Option<Job>) {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match job {
            Some(job) => jobs.insert(id, job),
            None => jobs.remove(&id),
        };
    }

    /// True when nothing was going on about it; then it is ours.
    fn claim(&self, id: RunId, job: Job) -> bool {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if jobs.get(&id).is_some_and(Job::is_busy) {
            return false;
        }
        jobs.insert(id, job);
        true
    }
}

/// Others who write get their turn between two batches.
const PAUSE: Duration = Duration::from_millis(2);

/// Starts the run, or goes on with the one of the same file that stopped; answers with its id once it has begun.
pub async fn start(app: &Arc<App>, who: &Who, upload: &Upload, ways: Option<Ways>) -> Result<RunId, Error> {
    let bytes = app.files.drafts().get(&upload.sha256).await.map_err(|_| gone())?.to_vec();
    let (begun, mut first) = mpsc::channel::<Result<RunId, Error>>(1);
    let (app, upload, by) = (app.clone(), upload.clone(), who.person());
    tokio::task::spawn_blocking(move || {
        let mut id = None;
        let reader = match sheet::from_bytes(&upload.name, bytes) {
            Ok(reader) => reader,
            Err(error) => return drop(begun.blocking_send(Err(told(error.into())))),
        };
        let wish = Wish {
            kind: upload.kind,
            file: &upload.name,
            sha256: &upload.sha256,
            source: &upload.source,
            ways,
            by,
            pause: PAUSE,
        };
        let done = intake::run(&app.db, &app.terms(), reader, &wish, &|| app.now(), &mut |run| {
            if id.is_none() {
                id = Some(run.id);
                app.imports.set(run.id, Some(Job::Running));
                let _ = begun.blocking_send(Ok(run.id));
            }
        });
        match (id, done) {
            (Some(id), Ok(_)) => {
                app.imports.set(id, None);
                forget(&app, &upload);
            }
            (Some(id), Err(error)) => app.imports.set(id, Some(failed(error))),
            (None, Ok(run)) => drop(begun.blocking_send(Ok(run.id))),
            (None, Err(error)) => drop(begun.blocking_send(Err(told(error)))),
        }
        app.forget_directory();
    });
    first.recv().await.unwrap_or_else(|| Err(gone()))
}

/// A table that was taken in may be full of names and telephones: it does not stay.
fn forget(app: &App, upload: &Upload) {
    let removed = tokio::runtime::Handle::current().block_on(app.files.drafts().remove(&upload.sha256));
    if let Err(error) = removed {
        tracing::warn!(%error, "a table that was imported could not be removed");
    }
}

/// Takes the run back behind the page.
pub fn undo(app: &Arc<App>, who: &Who, id: RunId) {
    if !app.imports.claim(id, Job::Undoing) {
        return;
    }
    let (app, actor) = (app.clone(), who.actor.clone());
    tokio::task::spawn_blocking(move || {
        let done = intake::undo(&app.db, &app.terms(), id, &actor, &|| app.now());
        app.imports.set(
            id,
            Some(match done {
                Ok(undone) => Job::Undone(undone),
                Err(error) => failed(error),
            }),
        );
        app.forget_directory();
    });
}

fn failed(error: intake::Error) -> Job {
    tracing::warn!(%error, "an import stopped");
    let told = told(error).tell();
    Job::Failed(told.zh, told.en)
}
