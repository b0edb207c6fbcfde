//! How the costs grow with the database: 10,000, 200,000 and, where it was made before, 2,000,000 problems.

use crate::client;
use crate::history;
use crate::house;
use crate::process::Server;
use crate::read;
use crate::report::{reports, runtime};
use crate::start;
use crate::table::{Table, figure};
use anyhow::Result;
use std::time::Duration;

const SIZES: [usize; 3] = [10_000, 200_000, 2_000_000];

pub fn run() -> Result<Vec<Table>> {
    let mut tables = Vec::new();
    for count in SIZES {
        // An hour of making and 25 GB of disk: only who wants them asks for them.
        if count > 200_000 && std::env::var_os("BENCH_2M").is_none() {
            eprintln!("!! {count} PROBLEMS ARE NOT MEASURED: set BENCH_2M=1 to make them (an hour, 25 GB)");
            continue;
        }
        tables.push(at(count)?);
    }
    Ok(tables)
}

fn at(count: usize) -> Result<Table> {
    let data = history::with(count)?;
    let house = house::open(&data)?;
    let size = history::size(&house, &data)?;
    let title = format!(
        "{} problems ({} open), {} events, {:.2} GB",
        size.problems,
        size.open,
        size.events,
        size.bytes as f64 / 1e9
    );
    let mut table = Table::new(title);
    read::pages(&mut table, house, &data, size.problems)?;
    start::lines(&mut table, "", &data)?;
    let copy = history::copy_of(&data)?;
    let house = house::open(copy.path())?;
    let token = house.session(&house.people.office)?;
    drop(house);
    let server = Server::start(copy.path())?;
    let runtime = runtime()?;
    runtime.block_on(client::closed(server.address, 64, Duration::from_secs(1), reports(&token, 1)))?;
    let before = server.cpu()?;
    let load = runtime.block_on(client::closed(server.address, 64, Duration::from_secs(4), reports(&token, 2)))?;
    let cpu = (server.cpu()? - before).as_secs_f64() * 1000.0 / load.count();
    let beside = format!("{:.0} /s, p99 {} ms", load.rate(), figure(load.quantile(0.99)));
    table.told("report a problem, 64 connections: CPU of the server, each", cpu, "ms", beside);
    Ok(table)
}
