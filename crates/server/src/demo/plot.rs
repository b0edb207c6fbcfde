//! One problem's story while it is written: who does what when, in the order of time.

use super::cast::Cast;
use super::days::Days;
use super::dice::Dice;
use super::sayings;
use super::step::{Act, Step, Who};
use super::texts::{Filled, Text};
use domain::command::{Answering, Command, EvidenceGiven};
use domain::course::Heard;
use domain::id::{ProblemId, ReporterId};
use domain::problem::{Outcome, Satisfaction, Source, Tier, Urgency, Verdict};
use domain::time::{Day, Millis};
use domain::visit::Reported;
use store::problem::{Draft, Named};

/// Who tells of a problem: a host by number, or a resident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Speaker {
    Host(usize),
    Resident(usize),
}

pub struct Plot<'a> {
    pub cast: &'a Cast,
    pub days: &'a Days,
    pub dice: &'a Dice,
    pub id: ProblemId,
    /// Which text it is.
    pub number: usize,
    pub text: &'a Text,
    pub filled: Filled,
    pub speaker: Speaker,
    pub reporter: ReporterId,
    pub lead: usize,
    pub support: Option<usize>,
    /// The visit on which it was heard, and the officer who heard it.
    pub heard: Option<(usize, usize)>,
    pub at: Millis,
    pub steps: Vec<Step>,
    /// For the record of that visit.
    pub reported: Option<Reported>,
}

const SOURCES: [Source; 3] = [Source::Phone, Source::Letter, Source::Behalf];

impl Plot<'_> {
    /// Somewhere on that workday, and after what happened before.
    pub fn on(&mut self, ago: usize) -> &mut Self {
        let share = self.dice.between(0, 1_000);
        let at = self.days.moment(ago, share);
        self.at = at.max(self.later(3, 25)).min(self.days.now);
        self
    }

    pub fn soon(&mut self) -> &mut Self {
        self.at = self.later(5, 45).min(self.days.now);
        self
    }

    fn later(&mut self, low: usize, high: usize) -> Millis {
        let minutes = self.dice.between(low, high);
        self.at.plus(i64::try_from(minutes).unwrap_or(0) * 60_000)
    }

    pub fn by(&mut self, who: Who, command: Command, words: &str) -> &mut Self {
        self.with_rest(who, command, words, "")
    }

    /// The head of the lead unit.
    pub fn head(&mut self, command: Command, words: &str) -> &mut Self {
        self.by(Who::Head(self.lead), command, words)
    }

    /// A clerk of the lead unit.
    pub fn clerk(&mut self, command: Command, words: &str) -> &mut Self {
        self.by(Who::Clerk(self.lead), command, words)
    }

    fn with_rest(&mut self, who: Who, command: Command, words: &str, rest: &str) -> &mut Self {
        let act = Act::Order { problem: self.id, command, words: words.into(), rest: rest.into() };
        self.steps.push(Step { at: self.at, who, act });
        self
    }

    /// On the record of the visit where it was heard, or by the office that was told otherwise.
    pub fn register(&mut self, shielded: bool) -> &mut Self {
        let Filled { title, detail, place, .. } = self.filled.clone();
        if self.heard.is_some() {
            self.reported = Some(Reported { id: self.id, title, detail, place, shielded });
            return self;
        }
        let subject = match self.speaker {
            Speaker::Host(at) => Some(self.cast.hosts[at].id),
            Speaker::Resident(_) => None,
        };
        let draft = Draft {
            id: self.id,
            title,
            detail,
            place,
            occurred: self.at.day().to_string(),
            source: *self.dice.one(&SOURCES),
            reporter: Some(Named::Known(self.reporter)),
            shielded,
            officer: None,
            heard: Heard { subject, visit: None, campaign: Some(self.cast.ground.campaign) },
        };
        self.steps.push(Step { at: self.at, who: Who::Office, act: Act::Register(Box::new(draft)) });
        self
    }

    pub fn triage(&mut self) -> &mut Self {
        let urgent = self.text.is_emergency() || self.dice.percent(12);
        let urgency = if urgent { Urgency::Urgent } else { Urgency::Ordinary };
        // Of the 2,828 of 2018 the zone and its units closed 2,653, the city 122.
        let tiers = [(Tier::Spot, 220), (Tier::Unit, 755), (Tier::Committee, 17), (Tier::Above, 8)];
        let tier = self.dice.weighed(&tiers);
        let category = self.cast.categories.get(self.text.category).copied();
        self.by(Who::Office, Command::Triage { category, tier, urgency }, "")
    }

    pub fn dispatch(&mut self) -> &mut Self {
        let words = *self.dice.one(&sayings::DISPATCHES);
        let lead = Some(self.cast.benches[self.lead].unit);
        let supports = self.support.iter().map(|at| self.cast.benches[*at].unit).collect();
        self.by(Who::Office, Command::Dispatch { lead, supports }, words)
    }

    pub fn receive(&mut self) -> &mut Self {
        self.clerk(Command::Receive, "");
        let clerk = self.cast.benches[self.lead].clerk.person();
        if let (Some(to), true) = (clerk, self.dice.percent(35)) {
            self.soon().head(Command::Assign { to }, "");
        }
        self
    }

    /// The supporting unit receives its share.
    pub fn assist(&mut self) -> &mut Self {
        match self.support {
            Some(at) => self.soon().by(Who::Clerk(at), Command::Receive, ""),
            None => self,
        }
    }

    pub fn give_support(&mut self) -> &mut Self {
        let words = *self.dice.one(&sayings::SUPPORTS);
        let evidence = vec![EvidenceGiven { item: "核查记录".into(), attachment: None }];
        match self.support {
            Some(at) => self.soon().by(Who::Clerk(at), Command::Support { evidence }, words),
            None => self,
        }
    }

    pub fn note(&mut self) -> &mut Self {
        let words = *self.dice.one(&sayings::NOTES);
        self.clerk(Command::Note, words)
    }

    pub fn answer(&mut self, outcome: Outcome, date: Option<Day>) -> &mut Self {
        let item = |it: &str| EvidenceGiven { item: it.into(), attachment: None };
        let mut evidence = vec![item(self.dice.one::<&str>(&["现场照片", "办理情况说明", "会议纪要", "批复文件"]))];
        if self.text.category == "夜间施工噪声" {
            evidence.push(item("整改后照片"));
        }
        let (words, rest) = match outcome {
            Outcome::Explained => (sayings::EXPLAINED.to_owned(), ""),
            Outcome::Partly => (format!("{}{}", sayings::PARTLY, self.filled.answer), sayings::REST),
            Outcome::Planned => (sayings::PLANNED.to_owned(), ""),
            _ => (self.filled.answer.clone(), ""),
        };
        let answering =
            Answering { outcome: Some(outcome), date, duplicate_of: None, outside: String::new(), evidence };
        self.with_rest(Who::Clerk(self.lead), Command::Answer { answering }, &words, rest)
    }

    pub fn apply(&mut self) -> &mut Self {
        self.clerk(Command::Apply, "办理完毕，申请销号。")
    }

    /// By somebody who had no hand in it: the visiting officer, unless his own unit had.
    pub fn checker(&self) -> Who {
        match self.heard {
            Some((_, by)) if by != self.lead && Some(by) != self.support => Who::Officer(by),
            _ => Who::Office,
        }
    }

    pub fn verify(&mut self) -> &mut Self {
        let who = self.checker();
        self.by(who, Command::Verify, "现场核验，情况与反馈一致。")
    }

    pub fn contact(&mut self, reached: bool) -> &mut Self {
        let who = self.checker();
        self.by(
            who,
            Command::Contact { reached },
            if reached { "电话回访，反映人表示知晓。" } else { "电话无人接听。" },
        )
    }

    pub fn rate(&mut self, verdict: Verdict) -> &mut Self {
        let satisfaction = match verdict {
            Verdict::No => Satisfaction::Unsatisfied,
            Verdict::Partly => Satisfaction::Mostly,
            Verdict::Yes if self.dice.percent(72) => Satisfaction::Satisfied,
            Verdict::Yes => Satisfaction::Mostly,
        };
        let words = match verdict {
            Verdict::Yes => "问题解决了，谢谢。",
            Verdict::Partly => "解决了一部分。",
            Verdict::No => "没有解决，希望再想想办法。",
        };
        self.by(Who::Reporter(self.reporter), Command::Rate { verdict, satisfaction }, words)
    }

    pub fn close(&mut self) -> &mut Self {
        self.by(Who::Office, Command::Close, "")
    }
}
