//! The numbers of the loop: defaults that a campaign may change, as data. How time is counted cannot be changed.

use crate::clock::Span;
use serde::{Deserialize, Serialize};

/// `scenarios/deadlines.md`, "Clocks of the loop".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    pub triage: Span,
    pub receive: Span,
    pub dispute: Span,
    pub support: Span,
    pub lead: Span,
    pub callback: Span,
    pub verification: Span,
    /// From the second contact attempt.
    pub silence: Span,
    pub redo: Span,
    /// Reopened, relapsed or woken.
    pub again: Span,
    pub reopen_window: Span,
    /// Calendar days after closing.
    pub follow_ups: [u32; 3],
    pub slip_answer: Span,
    pub extensions_per_round: u32,
    pub planned_days_ahead: i64,
    /// How long a dispatch can be taken back; its notices leave when this is over.
    pub recall_ms: i64,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            triage: Span::Workdays(1),
            receive: Span::Workdays(1),
            dispute: Span::Workdays(1),
            support: Span::Workdays(3),
            lead: Span::Workdays(7),
            callback: Span::Workdays(1),
            verification: Span::Workdays(3),
            silence: Span::Workdays(5),
            redo: Span::Workdays(3),
            again: Span::Workdays(7),
            reopen_window: Span::Days(30),
            follow_ups: [30, 90, 365],
            slip_answer: Span::Workdays(3),
            extensions_per_round: 1,
            planned_days_ahead: 365,
            recall_ms: 60_000,
        }
    }
}
