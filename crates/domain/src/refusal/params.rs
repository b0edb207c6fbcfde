//! What a refusal names, for programs: dates, lights, lists.

use super::Refusal;

impl Refusal {
    /// Parameters by name, for problem details (RFC 9457 extension members).
    pub fn params(&self) -> Vec<(&'static str, String)> {
        use Refusal::*;
        match self {
            WrongState { state, command, possible } => vec![
                ("state", state.code().into()),
                ("command", command.code().into()),
                ("possible", possible.iter().map(|it| it.code()).collect::<Vec<_>>().join(" ")),
            ],
            ChangedMeanwhile { at, event, .. } => vec![("at", at.rfc3339()), ("event", event.clone())],
            DisputeTooLate { at } | ExtensionTooLate { at } | RatingExpired { at } => vec![("at", at.rfc3339())],
            SlipAboveLight { light, slip } => vec![("light", light.code().into()), ("slip", slip.code().into())],
            ExtensionDateNotLater { due } => vec![("due", due.rfc3339())],
            ExtensionLimit { n } => vec![("n", n.to_string())],
            NotOursInside { unit } => vec![("unit", unit.clone())],
            EvidenceIncomplete { items } => vec![("items", items.join("、"))],
            CloseIncomplete { missing } => {
                vec![("missing", missing.iter().map(|it| it.words().0).collect::<Vec<_>>().join(" "))]
            }
            NotYetDue { date } => vec![("date", date.to_string())],
            _ => vec![],
        }
    }
}
