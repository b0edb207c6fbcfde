//! Ids as values, and fresh ids: UUIDv7 of the moment that is handed in.

use crate::row::Val;
use domain::id::{AttachmentId, CategoryId, EventId, PersonId, ProblemId, ReporterId, UnitId};
use domain::time::Millis;
use uuid::{NoContext, Timestamp, Uuid};

macro_rules! id_values {
    ($($name:ident),*) => {$(
        impl From<$name> for Val {
            fn from(id: $name) -> Val { Val::Text(id.to_string()) }
        }
    )*};
}
id_values!(ProblemId, UnitId, PersonId, ReporterId, CategoryId, AttachmentId, EventId);

/// A UUIDv7 that sorts by `now`.
pub fn fresh(now: Millis) -> Uuid {
    let ms = now.0.max(0) as u64;
    Uuid::new_v7(Timestamp::from_unix(NoContext, ms / 1000, (ms % 1000) as u32 * 1_000_000))
}
