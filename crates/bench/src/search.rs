//! Searching for words of two characters among 200,000 problems, as the office and as a unit's clerk.

use crate::client::{self, Load, Make};
use crate::history;
use crate::house::{self, House};
use crate::pgsearch;
use crate::process::Server;
use crate::read::PROBLEMS;
use crate::report::runtime;
use crate::table::{Limit, Table, figure};
use crate::text::SOUGHT;
use anyhow::Result;
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Questions for each word. A p99 of fewer says little; without a limit to judge, fewer are enough.
const EACH: u64 = 300;
const EACH_TOLD: u64 = 30;

pub fn run() -> Result<Table> {
    let data = history::with(PROBLEMS)?;
    let house = house::open(&data)?;
    let mut table = Table::new(format!("Search for two characters among {PROBLEMS} problems, newest 50 as HTML"));
    let hits = hits(&data.join("zoufang.db"))?;
    on(&mut table, "SQLite", house, |tokens| Ok((Server::start(&data)?, tokens)), Some(30.0), &hits)?;
    pgsearch::run(&mut table, &hits)?;
    Ok(table)
}

/// Measures both readers on one engine.
pub fn on(
    table: &mut Table,
    engine: &str,
    house: House,
    start: impl FnOnce([String; 2]) -> Result<(Server, [String; 2])>,
    limit: Option<f64>,
    hits: &str,
) -> Result<()> {
    let tokens = [house.session(&house.people.office)?, house.session(&house.people.clerks[0])?];
    drop(house);
    let (server, tokens) = start(tokens)?;
    let runtime = runtime()?;
    let token = tokens[0].clone();
    for (who, token) in ["office", "a unit's clerk"].iter().zip(tokens) {
        let mut all = Vec::new();
        let mut told = Vec::new();
        for word in SOUGHT {
            let count = if limit.is_some() { EACH } else { EACH_TOLD };
            let load = runtime.block_on(one(&server, word, &token, count))?;
            told.push(format!("{word} {}", figure(load.quantile(0.99))));
            all.extend(load.latencies);
        }
        all.sort_unstable();
        let all = Load { took: Duration::from_secs(1), latencies: all };
        let beside = format!("p50 {} ms; p99 by word: {}", figure(all.quantile(0.5)), told.join(", "));
        match limit {
            Some(limit) => {
                table.limited(format!("{engine}, {who}: p99"), all.quantile(0.99), "ms", Limit::AtMost(limit), beside)
            }
            None => table.told(format!("{engine}, {who}: p99"), all.quantile(0.99), "ms", beside),
        }
        let open =
            runtime.block_on(client::open(server.address, 50, Duration::from_secs(6), asked(&SOUGHT, &token)))?;
        let beside = format!("p50 {} ms; all words in turn", figure(open.quantile(0.5)));
        match limit {
            Some(limit) => table.limited(
                format!("{engine}, {who}: p99 at 50 /s open loop"),
                open.quantile(0.99),
                "ms",
                Limit::AtMost(limit),
                beside,
            ),
            None => table.told(format!("{engine}, {who}: p99 at 50 /s open loop"), open.quantile(0.99), "ms", beside),
        }
    }
    fast(table, engine, &server, &runtime, &token, limit.map(|_| 100.0))?;
    table.told(format!("{engine}: words sought"), SOUGHT.len() as f64, "words", hits.to_owned());
    Ok(())
}

/// Suggestions under the search field, over problems, visits and subjects: one asks while he types.
fn fast(
    table: &mut Table,
    engine: &str,
    server: &Server,
    runtime: &tokio::runtime::Runtime,
    token: &str,
    limit: Option<f64>,
) -> Result<()> {
    let words = SOUGHT.iter().map(|word| client::page(&format!("/search/fast?text={}", escaped(word)), token, false));
    let words: Vec<Vec<u8>> = words.collect();
    let make: Make = Arc::new(move |number| words[number as usize % words.len()].clone());
    let load = runtime.block_on(async {
        client::counted(server.address, 1, 5, make.clone()).await?;
        client::counted(server.address, 1, EACH, make).await
    })?;
    let (what, beside) =
        (format!("{engine}, suggestions while one types: p99"), format!("p50 {} ms", figure(load.quantile(0.5))));
    match limit {
        Some(limit) => table.limited(what, load.quantile(0.99), "ms", Limit::AtMost(limit), beside),
        None => table.told(what, load.quantile(0.99), "ms", beside),
    }
    Ok(())
}

async fn one(server: &Server, word: &str, token: &str, count: u64) -> Result<Load> {
    let make = asked(&[word], token);
    client::counted(server.address, 1, 5, make.clone()).await?;
    client::counted(server.address, 1, count, make).await
}

fn asked(words: &[&str], token: &str) -> Make {
    let all: Vec<Vec<u8>> =
        words.iter().map(|word| client::page(&format!("/problems?text={}", escaped(word)), token, false)).collect();
    Arc::new(move |number| all[number as usize % all.len()].clone())
}

fn escaped(word: &str) -> String {
    word.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// How many problems hold each word.
fn hits(file: &Path) -> Result<String> {
    let conn = Connection::open(file)?;
    let mut told = Vec::new();
    for word in SOUGHT {
        let sql = "select count(*) from problem_words where words match ?1";
        let count: i64 = conn.query_row(sql, [format!("\"{word}\"")], |row| row.get(0))?;
        told.push(format!("{word} in {count}"));
    }
    Ok(told.join(", "))
}
