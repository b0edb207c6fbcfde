//! Pages from a database with a past: the ledger by unit and light, and one problem.

use crate::client::{self, Make};
use crate::history;
use crate::house::{self, House};
use crate::machine;
use crate::process::{Server, mb};
use crate::report::{median, runtime};
use crate::table::{Limit, Table, figure};
use anyhow::{Result, ensure};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub const PROBLEMS: usize = 200_000;
const LIGHTS: [&str; 4] = ["red", "yellow", "blue", "none"];
const ROUNDS: usize = 3;

pub fn run() -> Result<Table> {
    let data = history::with(PROBLEMS)?;
    let house = house::open(&data)?;
    let size = history::size(&house, &data)?;
    let mut table = Table::new(format!(
        "Pages with {} problems ({} of them open) and {} events, {:.1} GB",
        size.problems,
        size.open,
        size.events,
        size.bytes as f64 / 1e9
    ));
    pages(&mut table, house, &data, size.problems)?;
    Ok(table)
}

/// Session tokens and requests of the office: pages of every unit and light that has a full one, and problems all over.
struct Requests {
    lists: Vec<String>,
    token: String,
    clerk: String,
    problems: i64,
}

impl Requests {
    fn lists(&self, gzip: bool) -> Make {
        let all: Vec<Vec<u8>> = self.lists.iter().map(|path| client::page(path, &self.token, gzip)).collect();
        Arc::new(move |number| all[number as usize % all.len()].clone())
    }

    fn clerk_lists(&self) -> Make {
        let all: Vec<Vec<u8>> =
            LIGHTS.iter().map(|light| client::page(&format!("/problems?light={light}"), &self.clerk, false)).collect();
        Arc::new(move |number| all[number as usize % all.len()].clone())
    }

    /// Always the same page, as one of these sees it.
    fn page(&self, path: &str, clerk: bool) -> Make {
        let request = client::page(path, if clerk { &self.clerk } else { &self.token }, false);
        Arc::new(move |_| request.clone())
    }

    /// What somebody types into the search field, letter by letter: words of the texts, a company, a number.
    fn typing(&self) -> Make {
        const TYPED: [&str; 8] = ["噪", "噪声", "停水", "地铁", "施工", "hz", "杭州", "18"];
        let all: Vec<Vec<u8>> = TYPED
            .iter()
            .map(|text| client::page(&format!("/search/fast?text={}", crate::text::encode(text)), &self.token, false))
            .collect();
        Arc::new(move |number| all[number as usize % all.len()].clone())
    }

    /// A stride that is prime to the count meets every problem once before any twice.
    fn problem(&self, gzip: bool) -> Make {
        let (token, problems) = (self.token.clone(), self.problems as u64);
        Arc::new(move |number| {
            let no = number.wrapping_mul(7_919_003) % problems + 1;
            client::page(&format!("/problems/{no}"), &token, gzip)
        })
    }
}

pub fn pages(table: &mut Table, house: House, data: &Path, problems: i64) -> Result<()> {
    let runtime = runtime()?;
    let paths =
        house.people.units.iter().flat_map(|unit| LIGHTS.map(|light| format!("/problems?unit={unit}&light={light}")));
    let mut asked = Requests {
        lists: paths.collect(),
        token: house.session(&house.people.office)?,
        clerk: house.session(&house.people.clerks[0])?,
        problems,
    };
    drop(house);
    let server = Server::start(data)?;
    let (lists, rows, bytes) = runtime.block_on(full(&server, &asked))?;
    ensure!(!lists.is_empty(), "no unit has 50 problems under any light");
    table.told(
        "pages with 50 rows, of unit × light",
        lists.len() as f64,
        "of 40",
        format!("{rows:.1} rows, {:.0} KB in the mean", bytes / 1000.0),
    );
    asked.lists = lists;
    let list = |what, make, cpu| Page { what, make, cpu, rate: 200, p99: 10.0 };
    // What waits on a desk is a dozen lists; what is typed must only seem immediate.
    let desk = |what, make| Page { what, make, cpu: Some(5.0), rate: 50, p99: 100.0 };
    let pages = [
        list("list of 50, by unit and light", asked.lists(false), Some(1.0)),
        list("the same packed with gzip, as browsers ask", asked.lists(true), None),
        list("list of 50 by light, a unit's clerk", asked.clerk_lists(), None),
        list("one problem's page", asked.problem(false), Some(0.7)),
        list("the same packed with gzip", asked.problem(true), None),
        desk("the office's home", asked.page("/", false)),
        desk("a clerk's home", asked.page("/", true)),
        desk("the triage desk", asked.page("/triage", false)),
        desk("typing in the search field", asked.typing()),
    ];
    for page in &pages {
        measure(&mut *table, &runtime, &server, page)?;
    }
    table.limited("private memory of the server afterwards", mb(server.private()?), "MB", Limit::AtMost(300.0), "");
    Ok(())
}

/// A kind of page, with what it may cost.
struct Page {
    what: &'static str,
    make: Make,
    /// CPU milliseconds at most; without it the page is only told.
    cpu: Option<f64>,
    /// Requests a second of the open loop, and what 99 of 100 may take there, in milliseconds.
    rate: u32,
    p99: f64,
}

fn measure(table: &mut Table, runtime: &tokio::runtime::Runtime, server: &Server, page: &Page) -> Result<()> {
    let Page { what, make, cpu: limit, rate: asked, p99: most } = page;
    let (cpu, rate) = costs(runtime, server, make)?;
    let beside = format!("{rate:.0} /s at 16 connections");
    let open = (0..ROUNDS)
        .map(|_| runtime.block_on(client::open(server.address, *asked, Duration::from_secs(5), make.clone())));
    let open: Vec<_> = open.collect::<Result<_>>()?;
    let of = |share: f64| median(&mut open.iter().map(|it| it.quantile(share)).collect::<Vec<_>>());
    let (costs, loop_) = (format!("{what}: CPU of the server, each"), format!("{what}: p99 at {asked} /s open loop"));
    let median_of = format!("p50 {} ms; {}", figure(of(0.5)), machine::load());
    match limit {
        Some(limit) => {
            table.limited(costs, cpu, "ms", Limit::AtMost(*limit), beside);
            table.limited(loop_, of(0.99), "ms", Limit::AtMost(*most), median_of);
        }
        None => {
            table.told(costs, cpu, "ms", beside);
            table.told(loop_, of(0.99), "ms", median_of);
        }
    }
    Ok(())
}

/// CPU milliseconds each, and requests a second; the median of three runs at 16 connections.
fn costs(runtime: &tokio::runtime::Runtime, server: &Server, make: &Make) -> Result<(f64, f64)> {
    let (mut cpus, mut rates) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let before = server.cpu()?;
        let load = runtime.block_on(client::closed(server.address, 16, Duration::from_secs(2), make.clone()))?;
        let cpu = (server.cpu()? - before).as_secs_f64() * 1000.0 / load.count();
        // The first fills caches.
        if round > 0 {
            cpus.push(cpu);
            rates.push(load.rate());
        }
    }
    Ok((median(&mut cpus), median(&mut rates)))
}

/// Those of the list pages that are full, with their mean rows and bytes.
async fn full(server: &Server, asked: &Requests) -> Result<(Vec<String>, f64, f64)> {
    let mut conn = client::Conn::open(server.address).await?;
    let (mut found, mut rows, mut bytes) = (Vec::new(), 0, 0);
    for path in &asked.lists {
        let answer = conn.ask(&client::page(path, &asked.token, false)).await?;
        ensure!(answer.status == 200, "{path}: status {}", answer.status);
        let count = problems_on(&String::from_utf8_lossy(&answer.body));
        if count >= 50 {
            found.push(path.clone());
            rows += count;
            bytes += answer.body.len();
        }
    }
    let pages = found.len().max(1) as f64;
    Ok((found, rows as f64 / pages, bytes as f64 / pages))
}

/// Different problems that a page links to, whatever its rows look like.
fn problems_on(page: &str) -> usize {
    let links = page.split("href=\"/problems/").skip(1);
    let numbers: BTreeSet<&str> = links.filter_map(|rest| rest.split('"').next()).collect();
    numbers.iter().filter(|it| it.bytes().all(|byte| byte.is_ascii_digit())).count()
}
