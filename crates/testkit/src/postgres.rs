//! PostgreSQL for tests: one migrated template per schema, cloned for every test and dropped after it.

use crate::cluster;
use crate::{Guard, NOW, TestDb, TestPlace};
use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;
use store::migrations::MIGRATIONS;
use store::{Db, Options, Place};
use tokio_postgres::{Client, NoTls, error::SqlState};

/// So that of all test processes one makes the template.
const TEMPLATE_LOCK: i64 = 0x7a6f_7566_616e_6702;

/// A database that is dropped with its guard.
pub(crate) struct Database(String);

/// True, and loudly so, when `ZOUFANG_SKIP_POSTGRES=1`.
pub fn skip_postgres() -> bool {
    let skip = std::env::var("ZOUFANG_SKIP_POSTGRES").is_ok_and(|value| value == "1");
    if skip {
        // Not by eprintln!, which the test runner keeps to itself while tests pass.
        let _ = writeln!(std::io::stderr(), "*** SKIPPED on PostgreSQL: ZOUFANG_SKIP_POSTGRES=1 is set ***");
    }
    skip
}

/// An empty database.
pub fn postgres_place() -> TestPlace {
    new_place("template0")
}

pub fn postgres() -> TestDb {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TestDb::open(new_place(TEMPLATE.get_or_init(template)))
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("drop database if exists {} with (force)", self.0);
        // Not worth a second panic while a failing test unwinds; the next run clears what stays.
        if let Err(error) = admin(move |client| Box::pin(async move { client.batch_execute(&sql).await })) {
            eprintln!("a test database was not dropped: {error}");
        }
    }
}

fn new_place(template: &str) -> TestPlace {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    static CLEARED: OnceLock<()> = OnceLock::new();
    CLEARED.get_or_init(clear_stale);
    let name = format!("zoufang_t_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
    create(&name, template);
    TestPlace { place: Place::Postgres(cluster::url_of(&name)), _guard: Guard::Database { _database: Database(name) } }
}

fn create(name: &str, template: &str) {
    let sql = format!("create database {name} template {template}");
    let made = admin(move |client| {
        Box::pin(async move {
            // A template somebody is still connected to (a server process on its way out) cannot be cloned yet.
            for _ in 0..200 {
                match client.batch_execute(&sql).await {
                    Err(error) if error.code() == Some(&SqlState::OBJECT_IN_USE) => {}
                    other => return other,
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
            client.batch_execute(&sql).await
        })
    });
    made.unwrap_or_else(|error| panic!("no PostgreSQL test database {name}: {error}"));
}

/// Named after what the migrations say, so an edited migration makes a new one.
fn template() -> String {
    let text: String = MIGRATIONS.iter().map(|m| format!("{m:?}")).collect();
    // FNV-1a: stable between processes and builds, which the standard hasher does not promise.
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let name = format!("zoufang_template_{hash:016x}");
    let wanted = name.clone();
    let made = admin(move |client| {
        Box::pin(async move {
            client.execute("select pg_advisory_lock($1)", &[&TEMPLATE_LOCK]).await?;
            if client.query_opt("select 1 from pg_database where datname = $1", &[&wanted]).await?.is_some() {
                return Ok(());
            }
            // Under another name until it is whole.
            let making = format!("{wanted}_making");
            client.batch_execute(&format!("drop database if exists {making} with (force)")).await?;
            client.batch_execute(&format!("create database {making} template template0")).await?;
            let place = Place::Postgres(cluster::url_of(&making));
            let opened = thread::spawn(move || Db::open(&Options { readers: 1, ..Options::new(place, NOW) }).map(drop));
            match opened.join() {
                Ok(Ok(())) => {}
                Ok(Err(error)) => panic!("the migrations failed on PostgreSQL: {error}"),
                Err(_) => panic!("the migrations panicked on PostgreSQL"),
            }
            let leave = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
            for _ in 0..200 {
                client.execute(leave, &[&making]).await?;
                let renamed = client.batch_execute(&format!("alter database {making} rename to {wanted}")).await;
                match renamed {
                    Err(error) if error.code() == Some(&SqlState::OBJECT_IN_USE) => {}
                    other => return other,
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
            panic!("{making} is still in use");
        })
    });
    made.unwrap_or_else(|error| panic!("no PostgreSQL template: {error}"));
    name
}

/// Drops what killed test processes left, and all but the newest few templates.
fn clear_stale() {
    // On a server shared with other machines a process number says nothing.
    if cluster::given_url().is_some() {
        return;
    }
    let cleared = admin(|client| {
        Box::pin(async move {
            let tests = "select datname from pg_database where datname like 'zoufang\\_t\\_%'";
            let templates = "select datname from pg_database where datname like 'zoufang\\_template\\_%'
                             order by oid desc offset 6";
            let mut stale = Vec::new();
            for row in client.query(tests, &[]).await? {
                let name: String = row.get(0);
                let alive = name.split('_').nth(2).is_some_and(|pid| Path::new("/proc").join(pid).exists());
                if !alive {
                    stale.push(name);
                }
            }
            stale.extend(client.query(templates, &[]).await?.iter().map(|row| row.get::<_, String>(0)));
            for name in stale {
                // Without force: another process may be cloning it right now, and then it is not stale.
                let _ = client.batch_execute(&format!("drop database if exists {name}")).await;
            }
            Ok(())
        })
    });
    cleared.unwrap_or_else(|error| panic!("PostgreSQL for tests cannot be used: {error}"));
}

type Work<'c, T> = std::pin::Pin<Box<dyn Future<Output = Result<T, tokio_postgres::Error>> + 'c>>;

/// Runs `work` on a connection of its own to the maintenance database. On a thread of its own, because tests call this
/// from inside async runtimes too.
fn admin<T: Send>(work: impl for<'c> FnOnce(&'c Client) -> Work<'c, T> + Send) -> Result<T, tokio_postgres::Error> {
    let url = cluster::url();
    thread::scope(|scope| {
        let thread = scope.spawn(move || {
            let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
            built.unwrap_or_else(|error| panic!("no runtime: {error}")).block_on(async {
                let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
                tokio::spawn(connection);
                work(&client).await
            })
        });
        match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
