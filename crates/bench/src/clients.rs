//! Bad company: clients that vanish in the middle of a submission, and thousands that say nothing.

use crate::client::{self, Conn};
use crate::house;
use crate::process::{Server, mb};
use crate::report::{reports, runtime};
use crate::table::{Limit, Table, figure};
use anyhow::Result;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

const DROPPED: usize = 200;
const IDLE: usize = 2_000;

pub fn run() -> Result<Table> {
    raise_files();
    let (place, house) = house::fresh()?;
    let token = house.session(&house.people.office)?;
    drop(house);
    let server = Server::start(place.path())?;
    let runtime = runtime()?;
    let mut table = Table::new(format!("{DROPPED} clients gone in the middle of a submission, {IDLE} idle ones"));
    let before = runtime.block_on(client::counted(server.address, 16, 2_000, reports(&token, 71)))?;
    table.told(
        "before: reports at 16 connections",
        before.rate(),
        "/s",
        format!("p99 {} ms", figure(before.quantile(0.99))),
    );
    let (idle, after, page) = runtime.block_on(async {
        for number in 0..DROPPED {
            drop_in_the_middle(server.address, &token, number).await?;
        }
        let mut idle = Vec::with_capacity(IDLE);
        for _ in 0..IDLE {
            idle.push(TcpStream::connect(server.address).await?);
        }
        let after = client::counted(server.address, 16, 2_000, reports(&token, 72)).await?;
        let request = client::page("/problems?by=newest", &token, false);
        let page = client::counted(server.address, 16, 500, Arc::new(move |_| request.clone())).await?;
        Ok::<_, anyhow::Error>((idle, after, page))
    })?;
    let answered = (after.count() + page.count()) / 2_500.0 * 100.0;
    table.limited(
        "afterwards: requests answered well",
        answered,
        "%",
        Limit::AtLeast(100.0),
        "2,000 reports and 500 pages at 16 connections",
    );
    table.told("reports", after.rate(), "/s", format!("p99 {} ms", figure(after.quantile(0.99))));
    table.told("pages", page.rate(), "/s", format!("p99 {} ms", figure(page.quantile(0.99))));
    table.limited(
        "private memory with all of them",
        mb(server.private()?),
        "MB",
        Limit::AtMost(300.0),
        format!("{} connections open", idle.len()),
    );
    drop(idle);
    let alive = runtime.block_on(async {
        Ok::<_, anyhow::Error>(
            Conn::open(server.address).await?.ask(&client::page("/readyz", &token, false)).await?.status,
        )
    })?;
    table.limited("/readyz when they are gone: status", f64::from(alive), "", Limit::AtMost(200.0), "");
    Ok(table)
}

/// Half of the head, or half of the body; with a polite end or a reset.
async fn drop_in_the_middle(address: SocketAddr, token: &str, number: usize) -> Result<()> {
    let whole =
        client::post("/api/v1/problems", token, &format!(r#"{{"title":"{}","source":"phone"}}"#, "断".repeat(60)));
    let length = if number.is_multiple_of(2) { whole.len() - 90 } else { 60 };
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(&whole[..length]).await?;
    if number % 4 < 2 {
        stream.set_zero_linger()?;
    }
    // Some are read before they are gone, some are not.
    if number.is_multiple_of(3) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Ok(())
}

/// A shell's 1,024 files are too few for this many connections.
fn raise_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let now = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: now.maximum, maximum: now.maximum });
}
