//! What every handler shares: the database, the terms, the files, the directory of units and categories, the clock.

use crate::import::Jobs;
use crate::metrics::Metrics;
use crate::planner;
use crate::triage::habit;
use domain::id::{CategoryId, UnitId};
use domain::time::Millis;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use store::Db;
use store::category::Category;
use store::files::Files;
use store::terms::{Failure, Terms};
use store::unit::Unit;

/// Settings of the web server; all have a default.
#[derive(Clone)]
pub struct Config {
    /// Whether cookies may travel over TLS only. On behind TLS, whether our own or a proxy's.
    pub secure_cookies: bool,
    /// Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// A session that rests this long has ended.
    pub idle_ms: i64,
    pub session_ms: i64,
    /// The present moment; tests hand in their own.
    pub clock: Arc<dyn Fn() -> Millis + Send + Sync>,
}

impl Config {
    pub fn new(clock: Arc<dyn Fn() -> Millis + Send + Sync>) -> Config {
        Config {
            secure_cookies: false,
            trusted_proxies: vec![],
            idle_ms: 30 * 60_000,
            session_ms: 12 * 3_600_000,
            clock,
        }
    }
}

/// Units and categories, read together; small, and nearly never changed.
#[derive(Debug, Default)]
pub struct Directory {
    pub units: Vec<Unit>,
    pub categories: Vec<Category>,
    unit_at: HashMap<UnitId, usize>,
    category_at: HashMap<CategoryId, usize>,
}

impl Directory {
    fn new(units: Vec<Unit>, categories: Vec<Category>) -> Directory {
        Directory {
            unit_at: units.iter().enumerate().map(|(i, it)| (it.id, i)).collect(),
            category_at: categories.iter().enumerate().map(|(i, it)| (it.id, i)).collect(),
            units,
            categories,
        }
    }

    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(*self.unit_at.get(&id)?)
    }

    /// Those to which something new can be given.
    pub fn in_use(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(|it| !it.ended)
    }

    pub fn category(&self, id: CategoryId) -> Option<&Category> {
        self.categories.get(*self.category_at.get(&id)?)
    }
}

pub struct App {
    pub db: Db,
    pub files: Files,
    pub config: Config,
    pub metrics: Metrics,
    pub imports: Jobs,
    pub planner: planner::Jobs,
    pub(crate) habits: habit::Kept,
    terms: RwLock<Terms>,
    directory: Mutex<Option<(Millis, Arc<Directory>)>>,
    /// Argon2 takes a core and 19 MiB each time: no more than this many at once.
    pub(crate) hashing: tokio::sync::Semaphore,
}

/// Other servers may have changed units or rules: what was read longer ago is read again.
const FRESH_MS: u64 = 5_000;

impl App {
    pub fn new(db: Db, files: Files, terms: Terms, config: Config) -> Arc<App> {
        Arc::new(App {
            db,
            files,
            config,
            metrics: Metrics::default(),
            imports: Jobs::default(),
            planner: planner::Jobs::default(),
            habits: habit::Kept::default(),
            terms: RwLock::new(terms),
            directory: Mutex::new(None),
            hashing: tokio::sync::Semaphore::new(2),
        })
    }

    pub fn now(&self) -> Millis {
        (self.config.clock)()
    }

    pub fn terms(&self) -> Terms {
        self.terms.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads calendar and rules anew; called by the ticker and after an import of holidays.
    pub async fn renew_terms(&self) -> Result<(), Failure> {
        let master = self.terms().master;
        let terms = self.db.read(move |tx| store::terms::load(tx, &master)).await?;
        *self.terms.write().unwrap_or_else(PoisonError::into_inner) = terms;
        Ok(())
    }

    pub async fn directory(&self) -> Result<Arc<Directory>, Failure> {
        let now = self.now();
        {
            let kept = self.directory.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((read, directory)) = &*kept
                && now.0.abs_diff(read.0) < FRESH_MS
            {
                return Ok(directory.clone());
            }
        }
        let (units, categories) =
            self.db.read(|tx| Ok::<_, store::Error>((store::unit::list(tx)?, store::category::list(tx)?))).await?;
        let read = Arc::new(Directory::new(units, categories));
        *self.directory.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, read.clone()));
        Ok(read)
    }

    /// After a change of units or categories through this server.
    pub fn forget_directory(&self) {
        *self.directory.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
