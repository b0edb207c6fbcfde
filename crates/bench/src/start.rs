//! From the start of the program to the first "ready", on a database with a past, and the memory it rests in.

use crate::client::{self, Conn};
use crate::history;
use crate::process::{Server, mb};
use crate::read::PROBLEMS;
use crate::report::{median, runtime};
use crate::table::{Limit, Table, figure};
use anyhow::{Result, ensure};
use std::path::Path;
use std::time::Duration;

pub fn run() -> Result<Table> {
    let data = history::with(PROBLEMS)?;
    let mut table = Table::new(format!("Start on {PROBLEMS} problems"));
    lines(&mut table, "", &data)?;
    Ok(table)
}

pub fn lines(table: &mut Table, of: &str, data: &Path) -> Result<()> {
    let runtime = runtime()?;
    let (mut ready, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let server = Server::start(data)?;
        let status = runtime.block_on(async {
            let mut conn = Conn::open(server.address).await?;
            Ok::<_, anyhow::Error>(conn.ask(&client::page("/readyz", "none", false)).await?.status)
        })?;
        ready.push(server.started.elapsed().as_secs_f64() * 1000.0);
        ensure!(status == 200, "/readyz answered {status}");
        std::thread::sleep(Duration::from_secs(2));
        idle.push(mb(server.private()?));
    }
    let slowest = ready.iter().copied().fold(0.0, f64::max);
    table.limited(
        format!("{of}ready after"),
        median(&mut ready),
        "ms",
        Limit::AtMost(300.0),
        format!("median of 5, slowest {} ms", figure(slowest)),
    );
    table.limited(
        format!("{of}private memory idle"),
        median(&mut idle),
        "MB",
        Limit::AtMost(80.0),
        "two seconds after the start",
    );
    Ok(())
}
