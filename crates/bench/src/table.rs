//! A table of what was measured, with its yardstick or limit, and whether it holds.

use std::fmt;

pub enum Limit {
    /// Only told.
    None,
    AtMost(f64),
    AtLeast(f64),
}

struct Line {
    what: String,
    measured: f64,
    unit: &'static str,
    limit: Limit,
    beside: String,
}

pub struct Table {
    title: String,
    lines: Vec<Line>,
}

impl Table {
    pub fn new(title: impl Into<String>) -> Table {
        Table { title: title.into(), lines: vec![] }
    }

    /// A figure without a limit; `beside` says what it is to be held against.
    pub fn told(&mut self, what: impl Into<String>, measured: f64, unit: &'static str, beside: impl Into<String>) {
        self.lines.push(Line { what: what.into(), measured, unit, limit: Limit::None, beside: beside.into() });
    }

    pub fn limited(
        &mut self,
        what: impl Into<String>,
        measured: f64,
        unit: &'static str,
        limit: Limit,
        beside: impl Into<String>,
    ) {
        self.lines.push(Line { what: what.into(), measured, unit, limit, beside: beside.into() });
    }

    pub fn holding(&self) -> usize {
        self.lines.iter().filter(|it| it.holds() == Some(true)).count()
    }

    pub fn missing(&self) -> usize {
        self.lines.iter().filter(|it| it.holds() == Some(false)).count()
    }
}

impl Line {
    fn holds(&self) -> Option<bool> {
        match self.limit {
            Limit::None => None,
            Limit::AtMost(most) => Some(self.measured <= most),
            Limit::AtLeast(least) => Some(self.measured >= least),
        }
    }
}

/// Three digits that say something, without a tail of noughts.
pub fn figure(value: f64) -> String {
    match value.abs() {
        it if it >= 100.0 => format!("{value:.0}"),
        it if it >= 10.0 => format!("{value:.1}"),
        it if it >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "### {}\n", self.title)?;
        writeln!(f, "| | measured | limit | | beside |\n|---|---:|---:|---|---|")?;
        for line in &self.lines {
            let limit = match line.limit {
                Limit::None => String::new(),
                Limit::AtMost(most) => format!("≤ {}", figure(most)),
                Limit::AtLeast(least) => format!("≥ {}", figure(least)),
            };
            let verdict = match line.holds() {
                None => "",
                Some(true) => "holds",
                Some(false) => "**misses**",
            };
            writeln!(
                f,
                "| {} | {} {} | {limit} | {verdict} | {} |",
                line.what,
                figure(line.measured),
                line.unit,
                line.beside
            )?;
        }
        Ok(())
    }
}
