//! The persons and units of `scenarios/loop.md`, the standard problem Q, and a driver that reads like the page.

use domain::access::{self, Party};
use domain::calendar::Calendar;
use domain::command::{Answering, Command, EvidenceGiven, Facts, Order};
use domain::course::{Change, Report, Scene, decide, register};
use domain::id::{PersonId, ProblemId, ReporterId, UnitId};
use domain::light::Light;
use domain::problem::{Case, Outcome, Problem, Satisfaction, Source, StateName, Tier, Urgency, Verdict};
use domain::refusal::{Refusal, Saying};
use domain::role::{Actor, Hat, Role};
use domain::rules::Rules;
use domain::schedule;
use domain::time::{Day, Millis};
use std::sync::LazyLock;
use uuid::Uuid;

pub static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::shipped);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    经发局,
    建设局,
    财政局,
    商务局,
    走访办,
    督查室,
    管委会,
}

impl Unit {
    pub fn id(self) -> UnitId {
        UnitId(Uuid::from_u128(1 + self as u128))
    }
}

/// Who acts. The head of 商务局 has no name on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    周,
    吴,
    李,
    王,
    陈,
    何,
    郑,
    商务局长,
    泰和电子,
    东海机械,
    System,
}

pub use Unit::*;
pub use Who::*;

impl Who {
    pub fn id(self) -> PersonId {
        PersonId(Uuid::from_u128(100 + self as u128))
    }

    pub fn reporter(self) -> ReporterId {
        ReporterId(Uuid::from_u128(200 + self as u128))
    }

    pub fn name(self) -> String {
        if self == System { "system".into() } else { format!("{self:?}") }
    }

    pub fn actor(self) -> Actor {
        let (role, unit) = match self {
            周 => (Role::Office, 走访办),
            吴 => (Role::Supervision, 督查室),
            李 => (Role::Clerk, 经发局),
            王 => (Role::Head, 经发局),
            陈 => (Role::Head, 建设局),
            何 => (Role::Officer, 财政局),
            郑 => (Role::Leader, 管委会),
            商务局长 => (Role::Head, 商务局),
            泰和电子 | 东海机械 => return Actor::Reporter(self.reporter()),
            System => return Actor::System,
        };
        let hat = Hat { role, unit: unit.id(), of: self.id(), within: vec![unit.id()] };
        Actor::Person { id: self.id(), hats: vec![hat], reporter: None }
    }
}

/// Local, to the minute or to the second.
pub fn at(text: &str) -> Millis {
    Millis::parse_local(text).unwrap()
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn problem(id: u128, reporter: Who) -> Problem {
    let report = Report {
        id: ProblemId(Uuid::from_u128(id)),
        source: Source::Visit,
        reporter: Some(reporter.reporter()),
        shielded: false,
        officer: Some(何.id()),
        heard: Default::default(),
        digest: "sha".into(),
    };
    register(report, Some(何.id()), at("2018-04-13 10:00"), &Rules::default())
}

/// A problem and what the rules may look up about others.
pub struct Q {
    pub p: Problem,
    pub facts: Facts,
}

impl Q {
    /// Registered by 何 on Friday 2018-04-13, reported by 泰和电子, triaged.
    pub fn registered() -> Q {
        let mut q = Q::of(problem(1, 泰和电子));
        let triage = Command::Triage { category: None, tier: Tier::Unit, urgency: Urgency::Ordinary };
        q.on("2018-04-13 16:00", 周, triage).event("周: triaged");
        q
    }

    pub fn of(p: Problem) -> Q {
        Q { p, facts: Facts::default() }
    }

    /// Dispatched on Monday 2018-04-16 09:00 to 经发局 (lead) and 建设局 (support).
    pub fn dispatched() -> Q {
        let mut q = Q::registered();
        q.on("2018-04-16 09:00", 周, dispatch(Some(经发局), &[建设局])).event("周: dispatched");
        q
    }

    /// "Q at InHand".
    pub fn in_hand() -> Q {
        let mut q = Q::dispatched();
        q.on("2018-04-16 15:00", 李, Command::Receive).event("李: received");
        q
    }

    /// As the page says it for S39: the supporting unit has done its part in time.
    pub fn supported() -> Q {
        let mut q = Q::in_hand();
        q.on("2018-04-17 10:00", 陈, Command::Receive).event("陈: received");
        q.on("2018-04-19 16:00", 陈, Command::Support { evidence: vec![photo()] }).event("陈: supported");
        q
    }

    pub fn answered(when: &str, outcome: Outcome) -> Q {
        let mut q = Q::supported();
        q.on(when, 李, answer(outcome)).event("李: answered");
        q
    }

    /// Answered, applied for and verified, all on that day.
    pub fn verified(day: &str, outcome: Outcome) -> Q {
        let mut q = Q::answered(&format!("{day} 10:00"), outcome);
        q.on(&format!("{day} 11:00"), 李, Command::Apply).event("李: applied");
        q.on(&format!("{day} 14:00"), 何, Command::Verify).event("何: verified");
        q
    }

    /// S43, up to the close on 2018-04-26 15:00.
    pub fn closed() -> Q {
        let mut q = Q::answered("2018-04-24 10:00", Outcome::Solved);
        q.on("2018-04-24 11:00", 李, Command::Apply).event("李: applied");
        q.on("2018-04-25 10:00", 何, Command::Verify).event("何: verified");
        q.on("2018-04-26 09:00", 泰和电子, yes()).event("泰和电子: rated");
        q.on("2018-04-26 15:00", 周, Command::Close).event("周: closed").state(StateName::Closed);
        q
    }

    /// With a reason given.
    pub fn on(&mut self, when: &str, who: Who, command: Command) -> Told {
        self.order(when, who, Order { command, words: "理由".into(), rest: "其余".into(), seen: self.p.revision })
    }

    /// Without a word.
    pub fn wordless(&mut self, when: &str, who: Who, command: Command) -> Told {
        self.order(when, who, Order { command, words: " ".into(), rest: String::new(), seen: self.p.revision })
    }

    /// From a page opened at an earlier revision.
    pub fn stale(&mut self, seen: i64, when: &str, who: Who, command: Command) -> Told {
        self.order(when, who, Order { command, words: "理由".into(), rest: String::new(), seen })
    }

    fn order(&mut self, when: &str, who: Who, order: Order) -> Told {
        let (actor, parties, rules) = (who.actor(), self.parties(who), Rules::default());
        let scene = Scene {
            actor: &actor,
            parties: &parties,
            now: at(when),
            calendar: &CALENDAR,
            rules: &rules,
            facts: &self.facts,
        };
        let result = decide(&self.p, &order, &scene);
        let told = Told { who, before: self.p.clone(), result };
        if let Ok(change) = &told.result {
            self.p = change.after.clone();
        }
        told
    }

    pub fn parties(&self, who: Who) -> Vec<Party> {
        access::parties(&who.actor(), &self.p, &|_| vec![])
    }

    pub fn case(&self) -> &Case {
        self.p.state.case().unwrap()
    }

    pub fn state(&self, name: StateName) -> &Q {
        assert_eq!(self.p.state.name(), name);
        self
    }

    pub fn due(&self, expected: &str) -> &Q {
        let due = self.case().clock.due(&CALENDAR).at;
        assert_eq!(due.map(Millis::minute).as_deref(), Some(expected), "due");
        self
    }

    pub fn no_due(&self) -> &Q {
        assert_eq!(self.case().clock.due(&CALENDAR).at, None);
        self
    }

    pub fn first_due(&self, expected: &str) -> &Q {
        assert_eq!(self.case().first_due, at(expected), "first due");
        self
    }

    pub fn light(&self, when: &str, expected: Light) -> &Q {
        assert_eq!(schedule::light(&self.p, at(when), &CALENDAR), expected, "light of {when}");
        self
    }

    /// What the system does, with its instants.
    pub fn acts(&self) -> Vec<(String, schedule::Act)> {
        schedule::acts(&self.p, &Rules::default(), &CALENDAR).into_iter().map(|(at, act)| (at.second(), act)).collect()
    }
}

/// What the rules said to an order.
pub struct Told {
    who: Who,
    before: Problem,
    pub result: Result<Change, Refusal>,
}

impl Told {
    /// Accepted, and written as exactly this one event.
    pub fn event(self, expected: &str) -> Told {
        let change = self.result.as_ref().unwrap_or_else(|refusal| panic!("{expected} was refused: {refusal:?}"));
        assert_eq!(format!("{}: {}", self.who.name(), change.event), expected);
        assert_eq!(change.after.revision, self.before.revision + 1);
        assert_eq!(change.after.last.event, change.event);
        self
    }

    pub fn state(self, name: StateName) -> Told {
        assert_eq!(self.result.as_ref().unwrap().after.state.name(), name);
        self
    }

    /// Accepted, and still at the state where it was.
    pub fn stays(self) -> Told {
        let name = self.before.state.name();
        self.state(name)
    }

    pub fn refused(self, code: &str) -> Refused {
        let Err(refusal) = self.result else { panic!("should have been refused: {code}") };
        assert_eq!(refusal.code(), code);
        Refused { refusal }
    }
}

pub struct Refused {
    pub refusal: Refusal,
}

impl Refused {
    pub fn param(self, name: &str, expected: &str) -> Refused {
        let params = self.refusal.params();
        let found = params.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str());
        assert_eq!(found, Some(expected), "{name} of {params:?}");
        self
    }

    /// A date, as programs get it and as the Chinese sentence says it.
    pub fn date(self, name: &str, minute: &str) -> Refused {
        let zh = self.say().zh;
        assert!(zh.contains(minute), "{zh}");
        self.param(name, &at(minute).rfc3339())
    }

    /// The list of what is missing to close.
    pub fn missing(self, expected: &str) -> Refused {
        self.param("missing", expected)
    }

    pub fn say(&self) -> Saying {
        self.refusal.say(&|id| if id == 何.id() { "何".into() } else { "某".into() })
    }
}

pub fn dispatch(lead: Option<Unit>, supports: &[Unit]) -> Command {
    Command::Dispatch { lead: lead.map(Unit::id), supports: supports.iter().map(|unit| unit.id()).collect() }
}

pub fn photo() -> EvidenceGiven {
    EvidenceGiven { item: "现场照片".into(), attachment: None }
}

pub fn answering(outcome: Outcome) -> Answering {
    Answering { outcome: Some(outcome), evidence: vec![photo()], ..Answering::default() }
}

pub fn answer(outcome: Outcome) -> Command {
    Command::Answer { answering: answering(outcome) }
}

pub fn yes() -> Command {
    Command::Rate { verdict: Verdict::Yes, satisfaction: Satisfaction::Satisfied }
}

pub fn no() -> Command {
    Command::Rate { verdict: Verdict::No, satisfaction: Satisfaction::Unsatisfied }
}

pub fn no_answer() -> Command {
    Command::Contact { reached: false }
}
