//! Ids as values, and fresh ids: UUIDv7 of the moment that is handed in.

use crate::row::Val;
use domain::id::*;
use domain::time::Millis;
use uuid::{NoContext, Timestamp, Uuid};

macro_rules! id_values {
    ($($name:ident),*) => {$(
        impl From<$name> for Val {
            fn from(id: $name) -> Val { Val::Text(id.to_string()) }
        }
    )*};
}
id_values!(
    ProblemId,
    UnitId,
    PersonId,
    ReporterId,
    CategoryId,
    AttachmentId,
    EventId,
    SubjectId,
    ContactId,
    CampaignId,
    RoundId,
    TeamId,
    QuestionnaireId,
    VersionId,
    PolicyId,
    VisitId,
    FindingId,
    PromiseId,
    RunId,
    SiteId,
    CertificateId,
    LeaveId,
    SubstituteId,
    PunchId,
    AppealId
);

/// A UUIDv7 that sorts by `now`.
pub fn fresh(now: Millis) -> Uuid {
    let ms = now.0.max(0) as u64;
    Uuid::new_v7(Timestamp::from_unix(NoContext, ms / 1000, (ms % 1000) as u32 * 1_000_000))
}

/// No id made at `at` or later sorts before this.
pub(crate) fn least(at: Millis) -> String {
    Uuid::from_u128((at.0.max(0) as u128) << 80).to_string()
}

/// The moment an id was made, as it says itself.
pub(crate) fn moment(id: &str) -> Option<Millis> {
    let (seconds, nanos) = Uuid::try_parse(id).ok()?.get_timestamp()?.to_unix();
    Some(Millis(i64::try_from(seconds).ok()? * 1000 + i64::from(nanos / 1_000_000)))
}
