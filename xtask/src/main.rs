//! `cargo xtask …`: what the project checks about itself.

mod scenarios;

use anyhow::bail;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    run(&args).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(args: &[String]) -> anyhow::Result<ExitCode> {
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["scenarios", dir] => scenarios::run(Path::new(dir)),
        _ => bail!("usage: cargo xtask scenarios DIR"),
    }
}
