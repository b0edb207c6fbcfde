//! Prints what a command and a read cost: operations per second and CPU microseconds each, at 1 and 64 callers.
//! `cargo run --release -p store --example engine_cost [folder or postgres:// address]`

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use store::{Db, Error, Options, Place, Result, Tx, vals};

const TIME: Duration = Duration::from_secs(2);
const ROWS: i64 = 50_000;
const SCHEMA: &str = "
    drop table if exists event; drop table if exists problem;
    create table problem (id text primary key, unit text not null, state smallint not null, due bigint not null, title text not null);
    create index problem_due on problem (unit, state, due);
    create table event (id text primary key, problem text not null references problem (id), at bigint not null, body text not null);
    create index event_problem on event (problem, at);";

#[derive(Clone, Copy)]
enum Work {
    /// The problem and that many events.
    Write(i64),
    Point,
    List,
}

fn id(number: i64) -> String {
    format!("01890a5d-ac96-774b-bcce-{number:012x}")
}

fn write(tx: &mut dyn Tx, number: i64, events: i64) -> Result<()> {
    tx.exec(
        "insert into problem (id, unit, state, due, title) values ($1, $2, $3, $4, $5)",
        &vals![id(number), id(number % 50), number % 5, number * 1000, "企业反映周边道路夜间照明不足，希望尽快修复"],
    )?;
    for event in 0..events {
        tx.exec(
            "insert into event (id, problem, at, body) values ($1, $2, $3, $4)",
            &vals![id(number * 16 + event), id(number), number, "{\"kind\":\"registered\",\"by\":\"张三\"}"],
        )?;
    }
    Ok(())
}

async fn once(db: &Db, work: Work, number: i64) -> Result<()> {
    match work {
        Work::Write(events) => db.write(move |tx| write(tx, number, events)).await,
        Work::Point => {
            let sql = "select id, unit, state, due, title from problem where id = $1";
            let id = id(number.wrapping_mul(7919).rem_euclid(ROWS));
            db.read(move |tx| tx.query_one(sql, &vals![id]).map(drop)).await
        }
        Work::List => {
            let sql =
                "select id, unit, state, due, title from problem where unit = $1 and state = $2 order by due limit 50";
            let params = vals![id(number % 50), number % 5];
            db.read(move |tx| tx.query(sql, &params).map(drop)).await
        }
    }
}

/// User and system time of this process, in 10 ms steps.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(11).take(2);
    Duration::from_millis(fields.filter_map(|field| field.parse::<u64>().ok()).sum::<u64>() * 10)
}

async fn measure(db: &Db, name: &str, callers: i64, work: Work, next: &Arc<AtomicI64>) -> Result<()> {
    let (start, used) = (Instant::now(), cpu());
    let tasks: Vec<_> = (0..callers)
        .map(|_| {
            let (db, next) = (db.clone(), next.clone());
            tokio::spawn(async move {
                let mut times = Vec::new();
                while start.elapsed() < TIME {
                    let begun = Instant::now();
                    once(&db, work, next.fetch_add(1, Ordering::Relaxed)).await?;
                    times.push(begun.elapsed());
                }
                Ok::<_, Error>(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.map_err(|_| Error::Panicked)??);
    }
    times.sort();
    let (wall, used) = (start.elapsed(), cpu() - used);
    let part = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    println!(
        "{name:24} {callers:3} callers {:9.0}/s {:7.1} CPU us/op   p50 {:>10.1?} p99 {:>10.1?}",
        times.len() as f64 / wall.as_secs_f64(),
        used.as_secs_f64() * 1e6 / times.len() as f64,
        part(50),
        part(99),
    );
    Ok(())
}

fn private_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter(|line| line.starts_with("RssAnon")).collect()
}

#[tokio::main]
async fn main() -> Result<()> {
    let given = std::env::args().nth(1).unwrap_or_else(|| std::env::temp_dir().display().to_string());
    let file = std::path::Path::new(&given).join(format!("engine_cost-{}.db", std::process::id()));
    let place = if given.starts_with("postgres") { Place::Postgres(given) } else { Place::Sqlite(file.clone()) };
    let db = Db::open(&Options { migrations: &[], ..Options::new(place, 0) })?;
    db.write(|tx| tx.batch(SCHEMA)).await?;
    for chunk in 0..ROWS / 1000 {
        db.write(move |tx| (chunk * 1000..(chunk + 1) * 1000).try_for_each(|number| write(tx, number, 1))).await?;
    }
    // Without statistics PostgreSQL sorts where it could walk the index.
    db.write(|tx| tx.batch("analyze")).await?;
    let next = Arc::new(AtomicI64::new(ROWS));
    for callers in [1, 64] {
        measure(&db, "write, 2 inserts", callers, Work::Write(1), &next).await?;
        measure(&db, "write, 8 inserts", callers, Work::Write(7), &next).await?;
        measure(&db, "point read", callers, Work::Point, &next).await?;
        measure(&db, "list of 50", callers, Work::List, &next).await?;
    }
    println!("{}", private_memory());
    drop(db);
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", file.display()));
    }
    Ok(())
}
