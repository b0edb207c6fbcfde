//! The same search on PostgreSQL: 200,000 reports, every fifth dispatched so that a clerk sees some.

use crate::history;
use crate::house::{self, House};
use crate::now::now;
use crate::process::{Server, zoufang};
use crate::read::PROBLEMS;
use crate::search;
use crate::table::Table;
use crate::text::Chance;
use anyhow::{Context, Result, bail};
use domain::command::{Command, Order};
use domain::time::Millis;
use std::path::PathBuf;
use std::process::Command as Process;
use store::terms::Failure;
use store::{Place, order, problem};
use tokio_postgres::NoTls;

const BATCH: usize = 1_000;

pub fn run(table: &mut Table, hits: &str) -> Result<()> {
    let found = std::fs::read_dir("/usr/lib/postgresql").is_ok_and(|mut it| it.next().is_some());
    if !found || testkit::skip_postgres() {
        eprintln!("!! POSTGRESQL IS ABSENT: search is measured on SQLite alone. apt-get install postgresql");
        return Ok(());
    }
    let (data, url) = ready()?;
    let house = house::open_at(&data, Place::Postgres(url.clone()))?;
    search::on(table, "PostgreSQL", house, |tokens| Ok((Server::start_on(&data, Some(&url))?, tokens)), None, hits)
}

/// The folder with the key and the address of the database, both made and filled at the first call.
fn ready() -> Result<(PathBuf, String)> {
    let place = testkit::postgres_place();
    let Place::Postgres(like) = place.place() else { bail!("no PostgreSQL place") };
    let name = format!("zoufang_bench_{PROBLEMS}");
    let url = beside(like, &name)?;
    let data = house::folder()?.join(format!("postgres-{PROBLEMS}"));
    let whole = data.join("whole");
    if whole.exists() && exists(&beside(like, "postgres")?, &name)? {
        return Ok((data, url));
    }
    let _ = std::fs::remove_dir_all(&data);
    std::fs::create_dir_all(&data)?;
    admin(&beside(like, "postgres")?, &format!("drop database if exists {name}"))?;
    admin(&beside(like, "postgres")?, &format!("create database {name}"))?;
    eprintln!("filling PostgreSQL with {PROBLEMS} reports (once)");
    let done = Process::new(zoufang()?)
        .args(["unit", "add", "--name", "示范区管委会", "--database", &url, "--data"])
        .arg(&data)
        .output()?;
    if !done.status.success() {
        bail!("{}", String::from_utf8_lossy(&done.stderr));
    }
    fill(&house::open_at(&data, Place::Postgres(url.clone()))?)?;
    // As its own housekeeping would within minutes: statistics, and the words that wait outside the index.
    admin(&url, "vacuum analyze")?;
    std::fs::write(&whole, "")?;
    Ok((data, url))
}

fn fill(house: &House) -> Result<()> {
    let mut chance = Chance::new(PROBLEMS as u64);
    let from = now().0 - 30 * 86_400_000;
    for batch in 0..PROBLEMS / BATCH {
        let (terms, people) = (house.terms.clone(), house.people.clone());
        chance = house.db.write_blocking(move |tx| {
            for i in 0..BATCH {
                let at = Millis(from + (batch * BATCH + i) as i64 * 10_000);
                let (found, _) = problem::register(tx, &terms, history::draft(&mut chance, at), &people.office, at)?;
                if i % 5 == 0 {
                    let lead = people.units[(i / 5) % people.units.len()];
                    let command = Command::Dispatch { lead: Some(lead), supports: vec![] };
                    let order = Order { command, words: String::new(), rest: String::new(), seen: 1 };
                    order::perform(tx, &terms, &people.office, found.problem.id, &order, at)?;
                }
            }
            Ok::<_, Failure>(chance)
        })?;
    }
    Ok(())
}

/// The address of another database of the same server.
fn beside(url: &str, name: &str) -> Result<String> {
    let (front, query) = url.split_once('?').unwrap_or((url, ""));
    let (server, _) = front.rsplit_once('/').context("an address without a database")?;
    Ok(format!("{server}/{name}?{query}"))
}

fn exists(admin: &str, name: &str) -> Result<bool> {
    with(admin, async |client| {
        Ok(client.query_opt("select 1 from pg_database where datname = $1", &[&name]).await?.is_some())
    })
}

fn admin(admin: &str, sql: &str) -> Result<()> {
    with(admin, async |client| Ok(client.batch_execute(sql).await?))
}

fn with<T>(url: &str, work: impl AsyncFnOnce(&tokio_postgres::Client) -> Result<T>) -> Result<T> {
    crate::report::runtime()?.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        work(&client).await
    })
}
