//! PostgreSQL: a pool of connections on a small runtime of our own, and threads that run the synchronous closures.

use crate::command::{Command, Session};
use crate::db::{Kind, Options};
use crate::error::{Error, Result};
use crate::migrate;
use crate::postgres_tx::PostgresTx;
use crate::queue::Queue;
use crate::vals;
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime as PoolRuntime};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio_postgres::{Config, NoTls};

/// Any number nobody else locks: servers that start together migrate one after the other.
const MIGRATION_LOCK: i64 = 0x7a6f_7566_616e_6701;

type Commands = Queue<(Kind, Box<dyn Command>)>;

/// PostgreSQL groups commits by itself, so here reads and writes share one queue and the connections.
pub(crate) struct Postgres {
    commands: Arc<Commands>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Connections live on a runtime of their own: one opened from a caller's runtime would die with it.
    runtime: Option<Runtime>,
}

impl Postgres {
    pub fn open(url: &str, options: &Options) -> Result<Postgres> {
        let size = options.readers.max(1);
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("postgres-io").enable_all().build();
        let runtime = runtime.map_err(no_thread)?;
        let pool = pool(url, size)?;
        let engine = Postgres {
            commands: Arc::new(Queue::new(options.queue)),
            threads: Mutex::default(),
            runtime: Some(runtime),
        };
        let handle = engine.handle()?;
        let (io, connections, options) = (handle.clone(), pool.clone(), options.clone());
        // On a thread of its own, since the caller may be an async task, on which nothing may block_on.
        thread::spawn(move || migrate(&io, &connections, &options)).join().map_err(|_| Error::Panicked)??;
        for _ in 0..size {
            engine.start(handle.clone(), pool.clone())?;
        }
        Ok(engine)
    }

    pub fn send(&self, kind: Kind, command: Box<dyn Command>) -> Result<()> {
        self.commands.push((kind, command))
    }

    fn handle(&self) -> Result<Handle> {
        self.runtime.as_ref().map(|runtime| runtime.handle().clone()).ok_or_else(Error::stopped)
    }

    fn start(&self, handle: Handle, pool: Pool) -> Result<()> {
        let commands = self.commands.clone();
        let thread = thread::Builder::new().name("postgres-tx".into()).spawn(move || {
            let mut one = VecDeque::with_capacity(1);
            while commands.take(1, &mut one) {
                for (kind, mut command) in one.drain(..) {
                    let commit = serve(&handle, &pool, kind, command.as_mut());
                    command.answer(&commit);
                }
            }
        });
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread.map_err(no_thread)?);
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.commands.close();
        for thread in self.threads.get_mut().unwrap_or_else(PoisonError::into_inner).drain(..) {
            if thread.thread().id() != thread::current().id() {
                let _ = thread.join();
            }
        }
        // A plain drop would panic when the last owner is an async task.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn no_thread(error: std::io::Error) -> Error {
    Error::Database(format!("no thread could be started: {error}"))
}

fn pool(url: &str, size: usize) -> Result<Pool> {
    // The address itself is left out of the message: it may hold a password.
    let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
        let cause = std::error::Error::source(&error).map(|cause| format!(" ({cause})")).unwrap_or_default();
        Error::Database(format!("the PostgreSQL address cannot be read: {error}{cause}"))
    })?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(5));
    }
    if config.get_application_name().is_none() {
        config.application_name("zoufang");
    }
    // A server that vanished without a word must not hold a connection for the quarter of an hour TCP would wait.
    config.tcp_user_timeout(Duration::from_secs(30)).keepalives_idle(Duration::from_secs(60));
    let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(config, NoTls, manager);
    let pool = Pool::builder(manager).max_size(size).runtime(PoolRuntime::Tokio1).build();
    pool.map_err(|error| Error::Database(error.to_string()))
}

fn connect(handle: &Handle, pool: &Pool) -> Result<Object> {
    handle.block_on(pool.get()).map_err(|error| match error {
        PoolError::Backend(error) if error.as_db_error().is_some() => error.into(),
        PoolError::Backend(error) => {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
            Error::Database(format!("PostgreSQL cannot be reached: {error}{cause}"))
        }
        error => Error::Database(format!("PostgreSQL cannot be reached: {error}")),
    })
}

fn serve(handle: &Handle, pool: &Pool, kind: Kind, command: &mut dyn Command) -> Result<()> {
    let client = connect(handle, pool)?;
    let mut tx = PostgresTx::new(handle, &client, kind);
    let keep = command.run(&mut tx);
    let ended = tx.end(keep);
    if ended.is_err() || matches!(tx.failure(), Some(Error::Database(_))) {
        // The connection may be dead, or hold plans from before another server migrated: the next command gets a new one.
        drop(tx);
        drop(Object::take(client));
    }
    // When nothing was to be kept the command has its own error to tell.
    if keep { ended } else { Ok(()) }
}

fn migrate(handle: &Handle, pool: &Pool, options: &Options) -> Result<()> {
    let client = connect(handle, pool)?;
    // Any early return drops the session and with it the lock and an unfinished transaction.
    let client = Object::take(client);
    let mut tx = PostgresTx::unmanaged(handle, &client);
    let tx: &mut dyn crate::Tx = &mut tx;
    let encoding = tx.query_one("select current_setting('server_encoding')", &[])?.string(0)?;
    if encoding != "UTF8" {
        return Err(Error::Database(format!("the PostgreSQL database must be in UTF8, but is in {encoding}")));
    }
    tx.query("select pg_advisory_lock($1)", &vals![MIGRATION_LOCK])?;
    let pending = migrate::pending(tx, options.migrations)?;
    migrate::apply(tx, &pending, options.now)?;
    tx.query("select pg_advisory_unlock($1)", &vals![MIGRATION_LOCK])?;
    Ok(())
}
