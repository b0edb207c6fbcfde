//! A bounded queue between callers and the threads that own database connections.

use crate::error::{Error, Result};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    ready: Condvar,
    limit: usize,
}

struct State<T> {
    waiting: VecDeque<T>,
    idle: usize,
    closed: bool,
}

impl<T> Queue<T> {
    pub fn new(limit: usize) -> Queue<T> {
        let state = State { waiting: VecDeque::new(), idle: 0, closed: false };
        Queue { state: Mutex::new(state), ready: Condvar::new(), limit }
    }

    /// Never waits: a full queue is `Busy`, so that a caller hears it at once instead of after a time limit.
    pub fn push(&self, item: T) -> Result<()> {
        let mut state = self.lock();
        if state.closed {
            return Err(Error::stopped());
        }
        if state.waiting.len() >= self.limit {
            return Err(Error::Busy);
        }
        state.waiting.push_back(item);
        let wake = state.idle > 0;
        drop(state);
        // Waking costs a system call even when nobody sleeps, hence the count of sleepers.
        if wake {
            self.ready.notify_one();
        }
        Ok(())
    }

    /// Waits for something and moves up to `most` items over; false when the queue is closed and empty.
    pub fn take(&self, most: usize, into: &mut VecDeque<T>) -> bool {
        let mut state = self.lock();
        while state.waiting.is_empty() {
            if state.closed {
                return false;
            }
            state.idle += 1;
            state = self.ready.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
        let count = state.waiting.len().min(most);
        into.extend(state.waiting.drain(..count));
        true
    }

    /// What waits is still served; nothing new is let in.
    pub fn close(&self) {
        self.lock().closed = true;
        self.ready.notify_all();
    }

    /// For a thread that ends out of turn: callers get an answer (their commands are dropped) instead of waiting for ever.
    pub fn abandon(&self) {
        let mut state = self.lock();
        state.closed = true;
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        drop(waiting);
        self.ready.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
