//! The life of one problem in the history that is loaded: which step comes next, when, and who takes it.

use crate::house::People;
use crate::text::{Chance, text};
use domain::command::{Answering, Command, EvidenceGiven};
use domain::id::ProblemId;
use domain::problem::{Outcome, PauseReason, Satisfaction, Tier, Urgency, Verdict};
use domain::role::Actor;
use domain::time::Millis;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Register,
    Triage,
    Refuse,
    Dispatch,
    Receive,
    Note,
    AskPause,
    GrantPause,
    Answer,
    Apply,
    Contact,
    Rate,
    Verify,
    Close,
}

use Step::*;

const USUAL: [Step; 13] =
    [Register, Triage, Dispatch, Receive, Note, Answer, Apply, Contact, Rate, Verify, Close, Close, Close];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Closed,
    Refused,
    /// 列入计划: waits for its date.
    Planned,
    Paused,
    /// Nobody goes on with it: its lights go red, its head and supervision hear of it.
    Stuck,
}

/// Small, since two million of them stand in memory at once.
pub struct Life {
    pub id: Option<ProblemId>,
    pub revision: i64,
    pub unit: u8,
    fate: Fate,
    slow: bool,
}

impl Life {
    pub fn new(chance: &mut Chance, recent: bool) -> Life {
        let fate = match chance.below(1000) {
            0..30 => Fate::Refused,
            30..45 => Fate::Planned,
            // What is paused stays so only for weeks.
            45..85 if recent => Fate::Paused,
            85..105 => Fate::Stuck,
            _ => Fate::Closed,
        };
        Life { id: None, revision: 0, unit: chance.below(10) as u8, fate, slow: chance.is(8) }
    }

    pub fn steps(&self) -> &'static [Step] {
        match self.fate {
            Fate::Closed => &USUAL[..11],
            Fate::Refused => &[Register, Refuse],
            Fate::Planned => &[Register, Triage, Dispatch, Receive, Note, Answer, Verify],
            Fate::Paused => &[Register, Triage, Dispatch, Receive, Note, AskPause, GrantPause],
            Fate::Stuck => &[Register, Triage, Dispatch, Receive, Note],
        }
    }

    /// Milliseconds until this step, counted from the one before.
    pub fn wait(&self, step: Step, chance: &mut Chance) -> i64 {
        let hours = match step {
            Register => 0.0,
            Triage | Refuse => 3.0,
            Dispatch => 2.0,
            Receive => 5.0,
            Note | Answer => 40.0,
            AskPause | GrantPause => 12.0,
            Apply => 3.0,
            Contact | Rate => 8.0,
            Verify => 12.0,
            Close => 6.0,
        };
        let factor = (0.3 + 1.4 * chance.unit()) * if self.slow { 4.0 } else { 1.0 };
        (hours * factor * 3_600_000.0) as i64
    }

    pub fn actor<'p>(&self, step: Step, people: &'p People) -> &'p Actor {
        let unit = usize::from(self.unit);
        match step {
            Receive | Note | Answer | Apply => &people.clerks[unit],
            AskPause => &people.heads[unit],
            _ => &people.office,
        }
    }

    /// The command of a step, with the words that go with it.
    pub fn command(&self, step: Step, people: &People, now: Millis, chance: &mut Chance) -> (Command, String) {
        let unit = usize::from(self.unit);
        let mut words = |length: usize| text(chance, length);
        match step {
            Register | Close => (Command::Close, String::new()),
            Triage => {
                let category = people.categories.get(unit % people.categories.len().max(1)).copied();
                (Command::Triage { category, tier: Tier::Unit, urgency: Urgency::Ordinary }, String::new())
            }
            Refuse => (Command::Refuse, words(30)),
            Dispatch => {
                let supports = if unit == 3 { vec![people.units[(unit + 1) % people.units.len()]] } else { vec![] };
                (Command::Dispatch { lead: Some(people.units[unit]), supports }, words(20))
            }
            Receive => (Command::Receive, String::new()),
            Note => (Command::Note, words(40)),
            AskPause => (Command::AskPause { reason: Some(PauseReason::Papers) }, words(20)),
            GrantPause => (Command::DecidePause { grant: true }, String::new()),
            Answer => {
                let planned = self.fate == Fate::Planned;
                let answering = Answering {
                    outcome: Some(if planned { Outcome::Planned } else { Outcome::Solved }),
                    date: planned.then(|| now.day().plus(300)),
                    evidence: vec![EvidenceGiven { item: "现场照片".into(), attachment: None }],
                    ..Answering::default()
                };
                (Command::Answer { answering }, words(60))
            }
            Apply => (Command::Apply, String::new()),
            Contact => (Command::Contact { reached: true }, words(15)),
            Rate => (Command::Rate { verdict: Verdict::Yes, satisfaction: Satisfaction::Satisfied }, String::new()),
            Verify => (Command::Verify, String::new()),
        }
    }
}
