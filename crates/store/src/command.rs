//! A command on its way: a closure that runs once inside a transaction and answers its caller only when the commit is known.

use crate::db::Tx;
use crate::error::{Error, Result};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::oneshot;

/// A transaction as the engines see it.
pub(crate) trait Session: Tx {
    /// The first statement that failed. After one, the whole command counts as failed even when it hides the error:
    /// PostgreSQL would not commit it, and SQLite must not differ.
    fn failure(&self) -> Option<&Error>;
}

/// What an engine does with a command, whatever its types.
pub(crate) trait Command: Send {
    /// Runs the closure; true when its changes are to be kept.
    fn run(&mut self, session: &mut dyn Session) -> bool;
    /// Tells the caller. `commit` says whether what was to be kept was really saved.
    fn answer(self: Box<Self>, commit: &Result<()>);
}

pub(crate) type Answer<T, E> = oneshot::Receiver<Result<T, E>>;

struct Call<F, T, E> {
    closure: Option<F>,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

pub(crate) fn call<T, E, F>(closure: F) -> (Box<dyn Command>, Answer<T, E>)
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    (Box::new(Call { closure: Some(closure), outcome: None, reply }), answer)
}

impl<T, E, F> Command for Call<F, T, E>
where
    T: Send,
    E: From<Error> + Send,
    F: FnOnce(&mut dyn Tx) -> Result<T, E> + Send,
{
    fn run(&mut self, session: &mut dyn Session) -> bool {
        let Some(closure) = self.closure.take() else { return false };
        // The session is only used to roll back afterwards, so a half-done closure can leave nothing broken behind.
        let mut outcome = catch_unwind(AssertUnwindSafe(|| closure(&mut *session))).unwrap_or_else(|panic| {
            tracing::error!(panic = words(panic.as_ref()), "a database command panicked and was undone");
            Err(Error::Panicked.into())
        });
        if outcome.is_ok()
            && let Some(error) = session.failure()
        {
            outcome = Err(error.clone().into());
        }
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn answer(self: Box<Self>, commit: &Result<()>) {
        let answer = match (self.outcome, commit) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(error.clone().into()),
            (Some(outcome), Ok(())) => outcome,
            (None, Ok(())) => Err(Error::stopped().into()),
        };
        // A caller that went away (a closed connection) does not undo what was saved.
        let _ = self.reply.send(answer);
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
