//! For each command a ladder: an order with every fault at once, then one fault less each time, up to one without.

use super::sample::{LEAD, OTHER, PROBLEM, SUPPORT, at, date, person, problem_at, unit};
use super::{Column, SLIP};
use crate::clock::{Pause, Span};
use crate::command::*;
use crate::id::CategoryId;
use crate::light::Light;
use crate::problem::*;
use crate::time::Millis;
use uuid::Uuid;

const CATEGORY: CategoryId = CategoryId(Uuid::from_u128(9));

/// One order, and what is different about the sample problem when it is given.
pub(super) struct Attempt {
    pub command: Command,
    /// The state of the row, where none is named: only a closed one has a rating that expired.
    pub state: Option<StateName>,
    /// The first role that may, where none is named.
    pub by: Option<Column>,
    pub now: Millis,
    pub facts: Facts,
    words: &'static str,
    rest: &'static str,
    shape: Box<dyn Fn(&mut Problem)>,
}

impl Attempt {
    pub fn problem(&self, state: StateName) -> Problem {
        let mut p = problem_at(state);
        (self.shape)(&mut p);
        p
    }

    pub fn order(&self, p: &Problem) -> Order {
        Order { command: self.command.clone(), words: self.words.into(), rest: self.rest.into(), seen: p.revision }
    }

    fn said(self) -> Attempt {
        Attempt { words: "理由", ..self }
    }

    fn shaped(self, shape: impl Fn(&mut Problem) + 'static) -> Attempt {
        Attempt { shape: Box::new(shape), ..self }
    }

    fn now(self, now: Millis) -> Attempt {
        Attempt { now, ..self }
    }

    fn by(self, by: Column) -> Attempt {
        Attempt { by: Some(by), ..self }
    }

    fn on(self, state: StateName) -> Attempt {
        Attempt { state: Some(state), ..self }
    }

    fn other(mut self, other: Problem) -> Attempt {
        self.facts.other = Some(other);
        self
    }
}

fn give(command: Command) -> Attempt {
    let facts = Facts { category: Some((Span::Workdays(7), vec![])), ..Facts::default() };
    Attempt { command, state: None, by: None, now: at(4, 16, 16), facts, words: "", rest: "", shape: Box::new(|_| {}) }
}

fn other_at(state: StateName) -> Problem {
    Problem { id: OTHER, ..problem_at(state) }
}

/// A refusal for want of a reason, then the order with one.
fn reasoned(command: Command) -> Vec<Attempt> {
    vec![give(command.clone()), give(command).said()]
}

pub(super) fn attempts(command: CommandName) -> Vec<Attempt> {
    use CommandName as N;
    match command {
        N::Triage => {
            vec![give(Command::Triage { category: Some(CATEGORY), tier: Tier::Unit, urgency: Urgency::Ordinary })]
        }
        N::Merge => merge(),
        N::Refuse => reasoned(Command::Refuse),
        N::Dispatch => dispatch(),
        N::Shield => vec![give(Command::Shield { on: true })],
        N::Withdraw => reasoned(Command::Withdraw),
        N::JoinCommon => [StateName::Closed, StateName::InHand]
            .map(|state| give(Command::JoinCommon { parent: OTHER }).other(other_at(state)))
            .into(),
        N::Coordinate => {
            vec![give(Command::Coordinate), give(Command::Coordinate).shaped(|p| p.tier = Tier::Committee)]
        }
        N::Instruct => vec![give(Command::Instruct).said()],
        N::Recategorise => reasoned(Command::Recategorise { category: CATEGORY }),
        N::Receive => vec![give(Command::Receive)],
        N::Dispute => dispute(),
        N::Rule => rule(),
        N::Remind => vec![give(Command::Remind { about: String::new() })],
        N::Slip => [Light::Red, SLIP].map(|light| give(Command::Slip { light }).now(at(4, 24, 9))).into(),
        N::Note => vec![give(Command::Note).said()],
        N::Evidence => vec![give(Command::Evidence { given: photo() })],
        N::Support => vec![give(Command::Support { evidence: vec![photo()] })],
        N::AskExtension => ask_extension(),
        N::DecideExtension => {
            let decide = || give(Command::DecideExtension { grant: true });
            vec![decide(), decide().shaped(|p| in_case(p, extension_waits))]
        }
        N::AskPause => ask_pause(),
        N::DecidePause => {
            let decide = || give(Command::DecidePause { grant: true });
            let waits =
                |case: &mut Case| case.pause = Some(PauseRequest { asked: stamp(), reason: PauseReason::Papers });
            vec![decide(), decide().shaped(move |p| in_case(p, waits))]
        }
        N::Resume => {
            let paused = |case: &mut Case| case.clock.pauses.push(Pause { from: at(4, 16, 15), to: None });
            vec![give(Command::Resume), give(Command::Resume).shaped(move |p| in_case(p, paused))]
        }
        N::Raise => [Tier::Spot, Tier::Above].map(|tier| give(Command::Raise { tier })).into(),
        N::Board => board(),
        N::Milestone => {
            let report = || give(Command::Milestone { number: 1 });
            vec![report(), report().shaped(on_board)]
        }
        N::Answer => answer(),
        N::Apply => {
            vec![give(Command::Apply).shaped(|p| p.evidence_items = vec!["photo after".into()]), give(Command::Apply)]
        }
        N::Contact => {
            let contact = || give(Command::Contact { reached: false }).now(at(4, 26, 9));
            vec![contact().shaped(all_handle), contact()]
        }
        N::Rate => rate(),
        N::Verify => {
            let verify = || give(Command::Verify).now(at(4, 25, 9));
            vec![verify().shaped(|p| (not_applied(p), all_handle(p)).0), verify().shaped(not_applied), verify()]
        }
        N::Sign => {
            let sign = |shape: fn(&mut Problem)| give(Command::Sign).now(at(4, 26, 9)).shaped(shape);
            vec![sign(not_verified), sign(|p| (not_verified(p), on_board(p)).0), sign(on_board)]
        }
        N::Close => close(),
        N::Redo => reasoned(Command::Redo),
        N::Wake => wake(),
        N::Reopen => {
            let late = at(5, 28, 18);
            vec![
                give(Command::Reopen).now(late),
                give(Command::Reopen).now(late).said(),
                give(Command::Reopen).now(at(5, 21, 9)).said(),
            ]
        }
        N::FollowUp => vec![give(Command::FollowUp).said()],
        N::Relapse => reasoned(Command::Relapse),
        N::Recall => vec![give(Command::Recall), give(Command::Recall).now(at(4, 16, 9).plus(60_000))],
        N::Assign => assign(),
    }
}

/// Where the outcome of the answer decides where a command leads.
pub(super) fn variants(command: CommandName) -> Vec<(&'static str, Attempt)> {
    let verify = |shape: fn(&mut Problem)| give(Command::Verify).now(at(4, 25, 9)).shaped(shape);
    match command {
        CommandName::Verify => vec![
            ("planned", verify(planned)),
            (
                "duplicate",
                verify(|p| in_answer(p, |it| (it.outcome, it.duplicate_of) = (Outcome::Duplicate, Some(OTHER)))),
            ),
            ("withdrawn", verify(|p| in_answer(p, |it| it.outcome = Outcome::Withdrawn))),
        ],
        _ => vec![],
    }
}

fn merge() -> Vec<Attempt> {
    let into = |id, state| give(Command::Merge { into: id }).other(other_at(state));
    vec![into(PROBLEM, StateName::Closed), into(OTHER, StateName::Closed), into(OTHER, StateName::InHand)]
}

fn dispatch() -> Vec<Attempt> {
    let to = |lead, support| give(Command::Dispatch { lead, supports: vec![support] });
    vec![to(None, LEAD), to(Some(LEAD), LEAD), to(Some(LEAD), SUPPORT)]
}

fn dispute() -> Vec<Attempt> {
    let (late, order) = (at(4, 18, 9), || give(Command::Dispute));
    vec![
        order().now(late).shaped(|p| in_case(p, |case| (case.ruled = true, disputes(case)).0)),
        order().now(late).shaped(|p| in_case(p, |case| (case.ruled = true, disputes(case)).0)).said(),
        order().now(late).shaped(|p| in_case(p, disputes)).said(),
        order().now(late).said(),
        order().said(),
    ]
}

fn rule() -> Vec<Attempt> {
    let order = || give(Command::Rule { ruling: Ruling::Keep, unit: None });
    vec![order(), order().shaped(|p| in_case(p, disputes)), order().shaped(|p| in_case(p, disputes)).said()]
}

fn ask_extension() -> Vec<Attempt> {
    let until = |day| give(Command::AskExtension { until: date(4, day) });
    let extended = |case: &mut Case| (case.extensions_in_round = 1, extension_waits(case)).0;
    let late = at(4, 25, 9);
    vec![
        until(25).now(late).shaped(move |p| in_case(p, extended)),
        until(25).now(late).shaped(move |p| in_case(p, extended)).said(),
        until(25).shaped(move |p| in_case(p, extended)).said(),
        until(25).shaped(|p| in_case(p, extension_waits)).said(),
        until(25).said(),
        until(27).said(),
    ]
}

fn ask_pause() -> Vec<Attempt> {
    let (ask, late) = (|reason| give(Command::AskPause { reason }), at(4, 26, 9));
    let papers = Some(PauseReason::Papers);
    vec![ask(None).now(late), ask(None).now(late).said(), ask(papers).now(late).said(), ask(papers).said()]
}

fn board() -> Vec<Attempt> {
    let leader = Some(person(Column::Leader));
    let steps = vec![PlannedStep { what: "开工".into(), due: date(4, 20) }];
    let put = |leader, milestones| give(Command::Board { leader, milestones });
    vec![
        put(None, vec![]).shaped(on_board),
        put(leader, vec![]).shaped(on_board),
        put(leader, steps.clone()).shaped(on_board),
        put(leader, steps),
    ]
}

fn answer() -> Vec<Attempt> {
    let with = |outcome, day: Option<i8>, evidence| {
        let date = day.map(|day| date(4, day));
        give(Command::Answer { answering: Answering { outcome, date, evidence, ..Answering::default() } })
    };
    let (planned, photos) = (Some(Outcome::Planned), || vec![photo()]);
    let mut inside = with(Some(Outcome::NotOurs), None, photos());
    inside.facts.inside = Some("商务局".into());
    vec![
        with(None, None, vec![]),
        with(planned, None, vec![]),
        with(planned, None, photos()),
        with(planned, Some(16), photos()),
        with(Some(Outcome::Partly), None, photos()),
        inside,
        with(Some(Outcome::Solved), None, photos()),
    ]
}

fn rate() -> Vec<Attempt> {
    let order = || {
        let command = Command::Rate { verdict: Verdict::Yes, satisfaction: Satisfaction::Satisfied };
        give(command).now(at(4, 26, 9)).other(other_at(StateName::Answered))
    };
    let late = || order().now(at(5, 28, 18)).on(StateName::Closed);
    vec![
        late().shaped(|p| (says_yes(p), all_handle(p)).0),
        late().shaped(all_handle),
        order().shaped(all_handle),
        order(),
    ]
}

fn close() -> Vec<Attempt> {
    let mut other = other_at(StateName::Answered);
    says_yes(&mut other);
    let order = || give(Command::Close).now(at(4, 26, 15)).other(other.clone());
    vec![order().shaped(planned), order(), order().shaped(says_yes)]
}

fn wake() -> Vec<Attempt> {
    let early = at(5, 10, 9);
    let order = || give(Command::Wake);
    vec![order().now(early).by(Column::System), order().now(early).by(Column::Office), order().now(at(5, 14, 0))]
}

fn assign() -> Vec<Attempt> {
    let to = |units| {
        let mut order = give(Command::Assign { to: person(Column::LeadClerk) });
        order.facts.assignee_units = units;
        order
    };
    vec![to(vec![]), to(vec![LEAD, SUPPORT])]
}

fn photo() -> EvidenceGiven {
    EvidenceGiven { item: "现场照片".into(), attachment: None }
}

fn stamp() -> Stamp {
    Stamp { at: at(4, 16, 15), by: None }
}

fn in_case(p: &mut Problem, change: impl Fn(&mut Case)) {
    if let State::Dispatched { case } | State::InHand { case } = &mut p.state {
        change(case);
    }
}

fn in_answer(p: &mut Problem, change: impl Fn(&mut Answer)) {
    if let State::Answered { answer, .. } = &mut p.state {
        change(answer);
    }
}

fn disputes(case: &mut Case) {
    for part in std::iter::once(&mut case.lead).chain(&mut case.supports).filter(|part| part.received.is_none()) {
        part.disputed = Some(stamp());
    }
}

fn extension_waits(case: &mut Case) {
    case.extension = Some(ExtensionRequest { asked: stamp(), until: date(4, 27) });
}

fn on_board(p: &mut Problem) {
    let milestones = vec![Milestone { what: "开工".into(), due: date(4, 20), done: None }];
    p.board = Some(Board { since: stamp(), leader: person(Column::Leader), milestones });
}

fn all_handle(p: &mut Problem) {
    p.handling_units.extend(Column::ALL.iter().map(|column| unit(*column)));
}

fn not_applied(p: &mut Problem) {
    in_answer(p, |it| (it.applied, it.verified) = (None, None));
}

fn not_verified(p: &mut Problem) {
    in_answer(p, |it| it.verified = None);
}

fn planned(p: &mut Problem) {
    in_answer(p, |it| (it.outcome, it.planned_for, it.verified) = (Outcome::Planned, Some(date(5, 14)), None));
}

fn says_yes(p: &mut Problem) {
    p.ratings.push(Rating { given: stamp(), round: 1, verdict: Verdict::Yes, satisfaction: Satisfaction::Satisfied });
}
