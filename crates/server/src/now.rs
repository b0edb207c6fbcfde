//! The clock of the machine, read in this one place and handed on as a parameter.

use domain::time::Millis;
use std::time::{SystemTime, UNIX_EPOCH};

pub fn now() -> Millis {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
