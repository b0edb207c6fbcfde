//! The demonstration as the program itself makes it, in a real browser: docs/tour.md followed word by word, and every page
//! looked at in both languages, sizes and themes.
//!
//! `cargo test --package server --test tour`

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

mod follow;
mod pictures;
mod steps;
mod typed;
mod walk;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use testkit::eyes::{Eyes, in_minutes, in_time, skipped};

const PASSWORD: &str = "tour-2018";
const TOUR: &str = include_str!("../../../../docs/tour.md");

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The demonstration as of the day that the tour names, served by the program.
fn serve(folder: &std::path::Path) -> (Server, String) {
    // Half past two: whoever walks it does so in the afternoon, whenever the test runs.
    let as_of = format!("{} 14:30", steps::as_of(TOUR));
    let mut child = Command::new(env!("CARGO_BIN_EXE_zoufang"))
        .args(["demo", "--as-of", &as_of, "--password", PASSWORD, "--listen", "127.0.0.1:0", "--data"])
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.rsplit_once("http://").map(|(_, it)| format!("http://{}", it.trim())))
        .expect("the demonstration said where it is");
    std::thread::spawn(move || lines.for_each(drop));
    (Server(child), address)
}

#[test]
fn the_tour_is_true_word_by_word() {
    if skipped() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (_server, address) = serve(&folder.path().join("demo"));
    in_time(async move {
        let eyes = Eyes::open(address).await;
        eyes.window(1440, 900, false).await;
        let mut scanned = String::new();
        for step in steps::read(TOUR) {
            follow::one(&eyes, &step, PASSWORD, &mut scanned).await;
        }
        eyes.close().await;
    });
}

#[test]
fn every_page_fits_speaks_one_language_and_can_be_used_by_all() {
    if skipped() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (_server, address) = serve(&folder.path().join("demo"));
    in_minutes(25, async move {
        let eyes = Eyes::open(address).await;
        let (pages, complaints) = walk::everywhere(&eyes, PASSWORD).await;
        eyes.close().await;
        let all: Vec<String> =
            complaints.iter().map(|(page, what)| format!("{page}\n    {}", what.join("\n    "))).collect();
        assert!(all.is_empty(), "{} of {pages} pages:\n{}", all.len(), all.join("\n"));
        assert!(pages > 100, "only {pages} pages were reached");
    });
}

#[test]
fn every_form_that_is_refused_comes_back_with_what_was_typed() {
    if skipped() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (_server, address) = serve(&folder.path().join("demo"));
    in_minutes(15, async move {
        let eyes = Eyes::open(address).await;
        eyes.window(1440, 900, false).await;
        let (tried, complaints) = typed::everywhere(&eyes, PASSWORD).await;
        eyes.close().await;
        assert!(complaints.is_empty(), "of {tried} tries:\n{}", complaints.join("\n"));
        assert!(tried > 60, "only {tried} tries");
    });
}

#[test]
fn the_pictures_of_the_guide_can_be_taken_and_all_are_shown() {
    if !skipped() {
        let folder = tempfile::tempdir().unwrap();
        let (_server, address) = serve(&folder.path().join("demo"));
        in_minutes(10, async move {
            let eyes = Eyes::open(address).await;
            pictures::take(&eyes, PASSWORD).await;
            eyes.close().await;
        });
    }
    pictures::all_are_shown();
}
