//! Counters for `/metrics`, in the text format of Prometheus. A handful of atomics needs no registry.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

/// Upper bounds of the latency buckets, in milliseconds.
const BOUNDS: [u64; 8] = [1, 5, 10, 50, 100, 500, 1000, 5000];

#[derive(Default)]
pub struct Metrics {
    /// By hundreds of the status: 1xx to 5xx.
    answers: [AtomicU64; 5],
    latency: [AtomicU64; 9],
    latency_sum_us: AtomicU64,
    pub registered: AtomicU64,
    pub commands: AtomicU64,
    pub refusals: AtomicU64,
    pub busy: AtomicU64,
    pub ticked: AtomicU64,
}

impl Metrics {
    pub fn answered(&self, status: u16, micros: u64) {
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        self.answers[class].fetch_add(1, Ordering::Relaxed);
        let bucket = BOUNDS.iter().position(|bound| micros <= bound * 1000).unwrap_or(BOUNDS.len());
        self.latency[bucket].fetch_add(1, Ordering::Relaxed);
        self.latency_sum_us.fetch_add(micros, Ordering::Relaxed);
    }

    pub fn text(&self) -> String {
        let mut text = String::from("# TYPE zoufang_http_answers_total counter\n");
        for (i, count) in self.answers.iter().enumerate() {
            let _ =
                writeln!(text, "zoufang_http_answers_total{{class=\"{}xx\"}} {}", i + 1, count.load(Ordering::Relaxed));
        }
        text.push_str("# TYPE zoufang_http_seconds histogram\n");
        let mut sum = 0;
        for (i, count) in self.latency.iter().enumerate() {
            sum += count.load(Ordering::Relaxed);
            let bound = BOUNDS.get(i).map_or("+Inf".to_owned(), |ms| (*ms as f64 / 1000.0).to_string());
            let _ = writeln!(text, "zoufang_http_seconds_bucket{{le=\"{bound}\"}} {sum}");
        }
        let seconds = self.latency_sum_us.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(text, "zoufang_http_seconds_sum {seconds}\nzoufang_http_seconds_count {sum}");
        for (name, count) in [
            ("problems_registered", &self.registered),
            ("commands", &self.commands),
            ("refusals", &self.refusals),
            ("busy", &self.busy),
            ("ticked", &self.ticked),
        ] {
            let _ = writeln!(
                text,
                "# TYPE zoufang_{name}_total counter\nzoufang_{name}_total {}",
                count.load(Ordering::Relaxed)
            );
        }
        text
    }
}
