//! `cargo xtask …`: what the project checks about itself.

mod scenarios;
mod tidy;

use anyhow::bail;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

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
        ["tidy"] => tidy::run(&root()),
        ["tidy", "--bless"] => tidy::bless(&root()),
        ["bench", ref rest @ ..] => bench(rest),
        _ => bail!("usage: cargo xtask scenarios DIR | tidy [--bless] | bench [PART…]"),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Speed is measured on release builds of the product and of the bench, in one run.
fn bench(parts: &[&str]) -> anyhow::Result<ExitCode> {
    let built = Command::new("cargo")
        .args(["build", "--release", "--package", "server", "--package", "bench"])
        .current_dir(root())
        .status()?;
    if !built.success() {
        bail!("the release build failed");
    }
    let ran = Command::new(root().join("target/release/bench")).args(parts).current_dir(root()).status()?;
    Ok(if ran.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
