//! One step of the story: who does what when.

use domain::command::Command;
use domain::id::{ProblemId, PromiseId, ReporterId, VisitId};
use domain::time::Millis;
use domain::visit;
use store::problem::Draft;

/// Officers are those of the fourteen visiting units, clerks and heads those of the ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Office,
    Supervision,
    Leader,
    Officer(usize),
    Clerk(usize),
    Head(usize),
    Reporter(ReporterId),
}

pub enum Act {
    Register(Box<Draft>),
    Order { problem: ProblemId, command: Command, words: String, rest: String },
    Plan(Box<visit::Plan>),
    Visit { visit: VisitId, command: visit::Command, words: String },
    Settle { promise: PromiseId, kept: bool, why: &'static str },
}

pub struct Step {
    pub at: Millis,
    pub who: Who,
    pub act: Act,
}
