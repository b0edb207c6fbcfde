//! Reporting a problem over HTTP, beside the disk, a raw transaction, the writer without HTTP, and a bare echo.

use crate::client::{self, Load, Make};
use crate::history;
use crate::house;
use crate::inside;
use crate::machine;
use crate::now::now;
use crate::process::{Server, mb};
use crate::table::{Limit, Table, figure};
use crate::text::Chance;
use crate::{echo, raw};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

const TIME: Duration = Duration::from_secs(4);
const ROUNDS: usize = 3;
const SLICES: u64 = 10;
const SLICE: Duration = Duration::from_millis(250);

/// What one round gave; rounds are compared, since neighbours on the machine come and go.
#[derive(Default)]
struct Rounds {
    raw_ms: Vec<f64>,
    inside_one: Vec<f64>,
    inside_rate: Vec<f64>,
    inside_cpu: Vec<f64>,
    one_ms: Vec<f64>,
    one_p99: Vec<f64>,
    rate: Vec<f64>,
    cpu: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
    share: Vec<f64>,
    syncs: Vec<f64>,
}

pub fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}

pub fn run() -> Result<Vec<Table>> {
    let runtime = runtime()?;
    let (mut rounds, mut private) = (Rounds::default(), 0.0);
    for round in 0..ROUNDS {
        let (place, house) = house::fresh()?;
        rounds.syncs.push(machine::syncs(place.path())?);
        let alone = 1000.0 / runtime.block_on(inside::register(&house, 1, TIME / 2))?.rate;
        let inside = runtime.block_on(inside::register(&house, 64, TIME))?;
        drop(house);
        let (place, house) = house::fresh()?;
        let token = house.session(&house.people.office)?;
        drop(house);
        let server = Server::start(place.path())?;
        let requests = reports(&token, round as u64);
        // Statements are prepared and pages in memory before anything counts.
        runtime.block_on(client::closed(server.address, 8, Duration::from_millis(500), requests.clone()))?;
        let one = one(&runtime, &server, &requests)?;
        let before = server.cpu()?;
        let many = runtime.block_on(client::closed(server.address, 64, TIME, requests))?;
        let cpu = (server.cpu()? - before).as_secs_f64() * 1000.0 / many.count();
        private = f64::max(private, mb(server.private()?));
        eprintln!(
            "  round {round}: raw {} ms, inside {:.0}/s at {} CPU ms, HTTP {} ms alone, {:.0}/s at {} CPU ms, {}",
            figure(one.raw_ms),
            inside.rate,
            figure(inside.cpu_ms),
            figure(one.ms),
            many.rate(),
            figure(cpu),
            machine::load()
        );
        rounds.raw_ms.push(one.raw_ms);
        rounds.inside_one.push(alone);
        rounds.inside_rate.push(inside.rate);
        rounds.inside_cpu.push(inside.cpu_ms);
        rounds.one_ms.push(one.ms);
        rounds.one_p99.push(one.p99);
        rounds.rate.push(many.rate());
        rounds.cpu.push(cpu);
        rounds.p50.push(many.quantile(0.5));
        rounds.p99.push(many.quantile(0.99));
        rounds.share.push(many.rate() / inside.rate * 100.0);
    }
    let mut table =
        Table::new(format!("Report a problem: 12 + 100 characters, median of {ROUNDS} rounds on an empty database"));
    lines(&mut table, &mut rounds);
    let (bare, bare_cpu) = bare(&runtime)?;
    table.told(
        "bare axum, JSON echo of the same body, 64 connections",
        bare.rate(),
        "/s",
        format!("{} CPU ms each", figure(bare_cpu)),
    );
    table.limited("private memory of the server afterwards", private, "MB", Limit::AtMost(300.0), "");
    let mut tables = vec![table];
    tables.extend(pool(&runtime)?);
    Ok(tables)
}

/// One connection and raw transactions in turn, so that both meet the same disk; each in a database of its own that began
/// empty, for two programs that write one file pay for each other's caches.
fn one(runtime: &tokio::runtime::Runtime, server: &Server, requests: &Make) -> Result<One> {
    let (place, house) = house::fresh()?;
    drop(house);
    let file = place.path().join("zoufang.db");
    let (mut all, mut best_one, mut best_raw) = (Load::default(), f64::INFINITY, f64::INFINITY);
    for slice in 0..SLICES {
        best_raw = best_raw.min(raw::transaction(&file, now(), slice, SLICE)?);
        let load = runtime.block_on(client::closed(server.address, 1, SLICE, requests.clone()))?;
        best_one = best_one.min(load.quantile(0.5));
        all.latencies.extend(load.latencies);
    }
    all.latencies.sort_unstable();
    Ok(One { ms: best_one, raw_ms: best_raw, p99: all.quantile(0.99) })
}

/// Medians of the quietest slice: a busy neighbour makes a thread that waits for the disk wait for its turn as well,
/// four milliseconds at a time.
struct One {
    ms: f64,
    raw_ms: f64,
    p99: f64,
}

fn lines(table: &mut Table, rounds: &mut Rounds) {
    let r = rounds;
    let rate = format!(
        "{:.0} /s, p50 {} ms, p99 {} ms",
        median(&mut r.rate),
        figure(median(&mut r.p50)),
        figure(median(&mut r.p99))
    );
    table.limited("64 connections, CPU of the server, each", median(&mut r.cpu), "ms", Limit::AtMost(0.3), rate);
    let inside = format!(
        "in process, 64 callers: {:.0} /s, {} CPU ms each",
        median(&mut r.inside_rate),
        figure(median(&mut r.inside_cpu))
    );
    table.limited(
        "64 connections, share of the writer in process",
        median(&mut r.share),
        "%",
        Limit::AtLeast(50.0),
        inside,
    );
    let raw = format!(
        "{} ms (p99 {}); raw transaction {} ms; the writer in process {} ms",
        figure(least(&r.one_ms)),
        figure(median(&mut r.one_p99)),
        figure(least(&r.raw_ms)),
        figure(least(&r.inside_one))
    );
    table.limited(
        "1 connection, times a raw transaction",
        least(&r.one_ms) / least(&r.raw_ms),
        "×",
        Limit::AtMost(2.0),
        raw,
    );
    table.told("fdatasync of this disk", median(&mut r.syncs), "/s", "4 KiB written over the same place");
}

fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Every request another report, under an id of its own.
pub fn reports(token: &str, seed: u64) -> Make {
    let token = token.to_owned();
    Arc::new(move |number| {
        let mut chance = Chance::new(seed << 32 | number);
        let draft = history::draft(&mut chance, now());
        client::post("/api/v1/problems", &token, &body(&draft.id.to_string(), &draft.title, &draft.detail))
    })
}

fn body(id: &str, title: &str, detail: &str) -> String {
    serde_json::json!({ "id": id, "title": title, "detail": detail, "source": "phone" }).to_string()
}

fn bare(runtime: &tokio::runtime::Runtime) -> Result<(Load, f64)> {
    let server = echo::start()?;
    let mut chance = Chance::new(5);
    let draft = history::draft(&mut chance, now());
    let request = client::post("/", "none", &body(&draft.id.to_string(), &draft.title, &draft.detail));
    let make: Make = Arc::new(move |_| request.clone());
    runtime.block_on(client::closed(server.address, 64, Duration::from_millis(500), make.clone()))?;
    let before = server.cpu()?;
    let load = runtime.block_on(client::closed(server.address, 64, TIME / 2, make))?;
    let cpu = (server.cpu()? - before).as_secs_f64() * 1000.0 / load.count();
    Ok((load, cpu))
}

/// Real messages, which are longer and of all lengths; each once.
fn pool(runtime: &tokio::runtime::Runtime) -> Result<Option<Table>> {
    let folder =
        std::env::var_os("ZOUFANG_DATA").map_or_else(|| PathBuf::from("..").join("shared").join("data"), PathBuf::from);
    let file = folder.join("messages/pool.csv");
    if !file.exists() {
        eprintln!(
            "!! {} IS ABSENT: the real messages are not measured. Name their folder with ZOUFANG_DATA.",
            file.display()
        );
        return Ok(None);
    }
    let read = sheet::open(&file)?.table()?;
    let at = |name: &str| read.heads.iter().position(|it| it == name).with_context(|| format!("no column {name}"));
    let (title, detail) = (at("title")?, at("detail")?);
    let (place, house) = house::fresh()?;
    let token = house.session(&house.people.office)?;
    drop(house);
    let (mut requests, mut length) = (Vec::new(), 0);
    for row in &read.rows {
        let (title, detail) = (&row.cells[title], &row.cells[detail]);
        length += title.chars().count() + detail.chars().count();
        let title: String = title.chars().take(200).collect();
        let detail: String = detail.replace('\0', "").chars().take(20_000).collect();
        let id = store::ids::fresh(now()).to_string();
        requests.push(client::post(
            "/api/v1/problems",
            &token,
            &body(&id, if title.trim().is_empty() { "无题" } else { &title }, &detail),
        ));
    }
    let count = requests.len();
    let mean = length as f64 / count as f64;
    let make: Make = Arc::new(move |number| requests[number as usize % count].clone());
    let server = Server::start(place.path())?;
    let before = server.cpu()?;
    let load = runtime.block_on(client::counted(server.address, 64, count as u64, make))?;
    let cpu = (server.cpu()? - before).as_secs_f64() * 1000.0 / load.count();
    let mut table = Table::new("Report the messages of pool.csv, 64 connections");
    table.told("CPU of the server, each", cpu, "ms", format!("{count} messages, {mean:.0} characters in the mean"));
    table.told(
        "messages",
        load.rate(),
        "/s",
        format!("p50 {} ms, p99 {} ms", figure(load.quantile(0.5)), figure(load.quantile(0.99))),
    );
    Ok(Some(table))
}
