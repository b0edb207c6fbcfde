//! Ids: UUIDv7, made by whoever creates the thing (so a retry is harmless), written as text.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { Uuid::from_str(text).map($name) }
        }
    )*};
}

ids! {
    ProblemId,
    UnitId,
    PersonId,
    /// Somebody who reported without an account: name and phone live in table `reporter`, never in events.
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
    /// One version of a questionnaire; what was answered stays answered.
    VersionId,
    PolicyId,
    VisitId,
    FindingId,
    PromiseId,
    RunId,
    /// A building site 工地: where attendance is judged.
    SiteId,
    CertificateId,
    LeaveId,
    SubstituteId,
    PunchId,
    AppealId,
}
