//! What a verb says on standard output, and progress on a terminal.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::Write;
use std::time::Duration;

/// Unlike `println!` this does not panic when the reader has gone away, as `| head` does.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// The same for what is beside the result, on standard error.
pub fn mention(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Rows done, of a number that is not known before. Shown on a terminal only.
pub fn counting(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::no_length().with_message(what);
    let style = ProgressStyle::with_template("{spinner} {msg} {human_pos}  {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Rows done of a known number. Shown on a terminal only.
pub fn measuring(what: &'static str, all: u64) -> ProgressBar {
    let bar = ProgressBar::new(all).with_message(what);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len}  {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
