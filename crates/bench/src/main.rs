//! Benchmarks of the product against yardsticks measured in the same run: `cargo xtask bench [PART…]`.

mod client;
mod clients;
mod curve;
mod doorstep;
mod echo;
mod history;
mod house;
mod inside;
mod life;
mod machine;
mod now;
mod pgsearch;
mod process;
mod raw;
mod read;
mod report;
mod search;
mod sites;
mod start;
mod table;
mod text;

use anyhow::{Result, bail};
use std::process::ExitCode;
use table::Table;

const USAGE: &str = "usage: bench [report] [read] [search] [start] [clients] [doorstep] [sites] [curve]   (all but curve when none is named)";
const USUAL: [&str; 7] = ["report", "read", "search", "start", "clients", "doorstep", "sites"];

fn main() -> ExitCode {
    let named: Vec<String> = std::env::args().skip(1).collect();
    match run(&named) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(named: &[String]) -> Result<()> {
    if named == ["echo"] {
        return echo::run();
    }
    let parts: Vec<&str> = if named.is_empty() { USUAL.to_vec() } else { named.iter().map(String::as_str).collect() };
    if let Some(unknown) = parts.iter().find(|it| !USUAL.contains(*it) && **it != "curve") {
        bail!("there is no part {unknown:?}\n{USAGE}");
    }
    println!("{}", machine::describe());
    let (mut holds, mut misses) = (0, 0);
    for part in parts {
        eprintln!("== {part}, {}", machine::load());
        let tables: Vec<Table> = match part {
            "report" => report::run()?,
            "read" => vec![read::run()?],
            "search" => vec![search::run()?],
            "start" => vec![start::run()?],
            "clients" => vec![clients::run()?],
            "doorstep" => doorstep::run()?,
            "sites" => sites::run()?,
            _ => curve::run()?,
        };
        for table in &tables {
            println!("\n{table}");
            holds += table.holding();
            misses += table.missing();
        }
    }
    println!("\nlimits: {holds} hold, {misses} missed");
    Ok(())
}
