//! The clock of the machine, read in this one place and handed on as a parameter.

use domain::time::{Day, Millis};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A demonstration of another day is served as if it were that day.
static SHIFT: AtomicI64 = AtomicI64::new(0);

pub fn now() -> Millis {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)).plus(SHIFT.load(Ordering::Relaxed))
}

/// From now on the clock runs as if today were `day`, at `ms` from midnight, or at the same time of day.
pub fn pretend(day: Day, ms: Option<i64>) {
    let today = now();
    let moved = Millis::at(day, ms.unwrap_or(today.local().1)).0 - today.0;
    SHIFT.fetch_add(moved, Ordering::Relaxed);
}
