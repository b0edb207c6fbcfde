//! The same commands at the same instants leave the same rows on both engines, and get the same answers.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use domain::command::{Answering, Command, EvidenceGiven, Order, PlannedStep, Ruling};
use domain::id::{CategoryId, FindingId, PersonId, ProblemId, PromiseId, ReporterId, SubjectId, UnitId, VisitId};
use domain::light::Light;
use domain::problem::{Outcome, PauseReason, Problem, Satisfaction, Source, State, Tier, Urgency, Verdict};
use domain::role::{Actor, Role};
use domain::time::Millis;
use domain::visit::{self, Finding, FindingKind, Plan, Promise, Purpose, Record, Settled, When};
use proptest::prelude::*;
use store::problem::{Draft, Named};
use store::reporter::Reporter;
use store::terms::{Deed, Failure, Terms};
use store::words::MasterKey;
use store::{Db, event, order, person, problem, tables, terms, ticker, vals};
use uuid::Uuid;

const UNITS: u64 = 5;
const PROBLEMS: u64 = 4;
const ROLES: [(Role, u64); 10] = [
    (Role::Office, 1),
    (Role::Supervision, 1),
    (Role::Leader, 1),
    (Role::Head, 2),
    (Role::Clerk, 2),
    (Role::Head, 3),
    (Role::Clerk, 3),
    (Role::Clerk, 4),
    (Role::Officer, 5),
    (Role::Enterprise, 5),
];

fn id(kind: u64, number: u64) -> Uuid {
    Uuid::from_u128(0x0162_7eb7_d680_7000_8000_0000_0000_0000 | u128::from(kind) << 32 | u128::from(number))
}
fn unit(number: u64) -> UnitId {
    UnitId(id(1, number))
}
fn who(number: u64) -> PersonId {
    PersonId(id(2, number))
}
fn what(number: u64) -> ProblemId {
    ProblemId(id(3, number))
}
fn reporter() -> ReporterId {
    ReporterId(id(4, 1))
}

/// Ids that are the same on both engines; `insert` would make fresh ones.
fn set(db: &Db) -> Terms {
    db.write_blocking(|tx| -> Result<Terms, Failure> {
        for number in 1..=UNITS {
            let name = format!("单位{number}");
            let path = if number == 4 { format!("{} {}", unit(4), unit(2)) } else { unit(number).to_string() };
            tx.exec("insert into unit (id, name, path) values ($1, $2, $3)", &vals![unit(number), name, path])?;
        }
        for (number, (role, at)) in (0..).zip(ROLES) {
            let login = format!("p{number}");
            let name = login.clone();
            let reporter = (role == Role::Enterprise).then(reporter);
            tx.exec(
                "insert into person (id, login, name, unit, reporter) values ($1, $2, $3, $4, $5)",
                &vals![who(number), login, name, unit(at), reporter],
            )?;
            tx.exec(
                "insert into hat (person, role, unit) values ($1, $2, $3)",
                &vals![who(number), role.code(), unit(at)],
            )?;
        }
        tx.exec(
            "insert into category (id, name, span, evidence) values ($1, '供电', '{\"hours\":24}', '照片')",
            &vals![CategoryId(id(5, 1))],
        )?;
        let card = domain::subject::Card::named(domain::subject::Kind::Enterprise, "泰和电子");
        let (master, now) = (MasterKey::from_bytes([7; 32]), Millis(1_523_581_200_000));
        let terms = terms::load(tx, &master)?;
        store::subject::insert(tx, &Deed { terms: &terms, by: None, now }, SubjectId(id(6, 1)), card)?;
        for notice in domain::calendar::Calendar::shipped_notices().unwrap() {
            store::holiday::import(tx, &notice)?;
        }
        Ok(terms::load(tx, &master)?)
    })
    .unwrap()
}

#[derive(Clone, Debug)]
enum Step {
    File {
        what: u64,
        text: u8,
        shielded: bool,
    },
    /// By anybody, or by one whose step it is.
    Act {
        who: u64,
        what: u64,
        command: Command,
        words: bool,
        stale: bool,
    },
    /// A visit planned, or a command on it.
    Visit {
        who: u64,
        what: u64,
        deed: u8,
        stale: bool,
    },
    /// What usually comes next, so that all states are reached.
    On {
        what: u64,
        outcome: Outcome,
    },
    Tick,
}

fn fitting(command: &Command) -> &'static [u64] {
    use Command as C;
    match command {
        C::Receive | C::Answer { .. } | C::Apply | C::Note | C::Evidence { .. } => &[3, 4],
        C::Dispute | C::AskExtension { .. } | C::AskPause { .. } | C::Assign { .. } => &[3],
        C::Support { .. } => &[5, 6],
        C::Verify | C::Contact { .. } => &[0, 8],
        C::Sign | C::Slip { .. } => &[1],
        C::Rate { .. } | C::Reopen => &[9],
        _ => &[0],
    }
}

fn commands() -> impl Strategy<Value = Command> {
    let days = 20..60_i64;
    let day = |days: i64| Millis(1_523_581_200_000).day().plus(days);
    let evidence = || vec![EvidenceGiven { item: "照片".into(), attachment: None }];
    let outcomes = prop::sample::select(Outcome::ALL);
    prop_oneof![
        4 => prop::bool::ANY.prop_map(|both| Command::Dispatch { lead: Some(unit(2)), supports: if both { vec![unit(3)] } else { vec![] } }),
        6 => Just(Command::Receive),
        5 => (outcomes, days.clone()).prop_map(move |(outcome, days)| Command::Answer {
            answering: Answering {
                outcome: Some(outcome), date: Some(day(days)), duplicate_of: Some(what(1)), outside: "电力公司".into(), evidence: evidence(),
            }
        }),
        4 => Just(Command::Apply),
        4 => Just(Command::Verify),
        3 => (prop::sample::select(Verdict::ALL), prop::sample::select(Satisfaction::ALL))
            .prop_map(|(verdict, satisfaction)| Command::Rate { verdict, satisfaction }),
        3 => Just(Command::Close),
        2 => Just(Command::Support { evidence: evidence() }),
        2 => Just(Command::Dispute),
        2 => prop_oneof![Just(Ruling::Keep), Just(Ruling::To(unit(3)))].prop_map(|ruling| Command::Rule { ruling, unit: None }),
        2 => days.prop_map(move |days| Command::AskExtension { until: day(days) }),
        2 => prop::bool::ANY.prop_map(|grant| Command::DecideExtension { grant }),
        2 => prop::sample::select(PauseReason::ALL).prop_map(|reason| Command::AskPause { reason: Some(reason) }),
        2 => prop::bool::ANY.prop_map(|grant| Command::DecidePause { grant }),
        1 => Just(Command::Resume),
        1 => Just(Command::Recategorise { category: CategoryId(id(5, 1)) }),
        1 => (prop::sample::select(Tier::ALL), prop::sample::select(Urgency::ALL))
            .prop_map(|(tier, urgency)| Command::Triage { category: Some(CategoryId(id(5, 1))), tier, urgency }),
        1 => Just(Command::Board { leader: Some(who(2)), milestones: vec![PlannedStep { what: "勘察".into(), due: day(25) }] }),
        1 => Just(Command::Milestone { number: 1 }),
        1 => Just(Command::Sign),
        1 => Just(Command::Redo),
        1 => Just(Command::Reopen),
        1 => Just(Command::Relapse),
        1 => Just(Command::Recall),
        1 => Just(Command::Withdraw),
        1 => Just(Command::Note),
        1 => Just(Command::Slip { light: Light::Red }),
        1 => Just(Command::Assign { to: who(4) }),
        1 => prop::bool::ANY.prop_map(|reached| Command::Contact { reached }),
        1 => prop::bool::ANY.prop_map(|on| Command::Shield { on }),
        1 => (1..=PROBLEMS).prop_map(|into| Command::Merge { into: what(into) }),
    ]
}

fn steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
    let act = (
        commands(),
        0..ROLES.len() as u64,
        1..=PROBLEMS,
        any::<prop::sample::Index>(),
        0..20_u8,
        prop::bool::weighted(0.9),
    )
        .prop_map(|(command, anybody, what, index, mood, words)| {
            let who = if mood < 4 { anybody } else { *index.get(fitting(&command)) };
            Step::Act { who, what, command, words, stale: mood == 19 }
        });
    let file =
        (1..=PROBLEMS, 0..2_u8, prop::bool::ANY).prop_map(|(what, text, shielded)| Step::File { what, text, shielded });
    let on = (1..=PROBLEMS, prop::sample::select(Outcome::ALL)).prop_map(|(what, outcome)| Step::On { what, outcome });
    let visit = (prop::sample::select(vec![8_u64, 8, 0, 2, 3]), 1..=2_u64, 0..9_u8, prop::bool::weighted(0.1))
        .prop_map(|(who, what, deed, stale)| Step::Visit { who, what, deed, stale });
    let pause = prop_oneof![Just(1_000), Just(60_000), Just(3_600_000), Just(20 * 3_600_000)];
    prop::collection::vec(
        (pause, prop_oneof![2 => file, 16 => act, 12 => on, 4 => Just(Step::Tick), 6 => visit]),
        40..100,
    )
}

fn next(p: &Problem, outcome: Outcome, now: Millis) -> (u64, Command) {
    let evidence = vec![EvidenceGiven { item: "照片".into(), attachment: None }];
    match &p.state {
        State::Registered => (0, Command::Dispatch { lead: Some(unit(2)), supports: vec![unit(3)] }),
        State::Dispatched { case } if case.lead.disputed.is_some() => {
            (0, Command::Rule { ruling: Ruling::Keep, unit: None })
        }
        State::Dispatched { .. } => (4, Command::Receive),
        State::InHand { .. } => {
            let answering = Answering {
                outcome: Some(outcome),
                date: Some(now.day().plus(3)),
                duplicate_of: Some(what(1)),
                outside: "电力公司".into(),
                evidence,
            };
            (4, Command::Answer { answering })
        }
        State::Answered { answer, .. } if answer.applied.is_none() => (4, Command::Apply),
        State::Answered { answer, .. } if answer.verified.is_none() => (8, Command::Verify),
        State::Answered { case, .. } if p.ratings.iter().all(|it| it.round != case.round) => {
            (9, Command::Rate { verdict: Verdict::Yes, satisfaction: Satisfaction::Satisfied })
        }
        State::Answered { answer, .. } if p.board.is_some() && answer.signed.is_none() => (1, Command::Sign),
        State::Answered { .. } => (0, Command::Close),
        State::Planned { .. } => (0, Command::Wake),
        _ => (9, Command::Reopen),
    }
}

fn actor(tx: &mut dyn store::Tx, number: u64, now: Millis) -> store::Result<Actor> {
    let found = person::find(tx, who(number))?.unwrap();
    person::actor(tx, &found, now)
}

const VISITS: [&str; 5] = [
    "select id, no, state, day, revision, body, sent from visit order by id limit 100",
    "select viewer, visit, day from visit_viewer order by viewer, visit limit 100",
    "select visit, version, body, at from visit_version order by visit, version limit 1000",
    "select id, state, text, due, settled_at, settled_visit, revision, next_at from promise order by id limit 100",
    "select id, text from finding order by id limit 100",
];

/// What the store answered, as text.
fn run(db: &Db, terms: &Terms, step: &Step, now: Millis) -> String {
    let terms = terms.clone();
    match step.clone() {
        Step::Tick => format!("{:?}", testkit::runtime().block_on(ticker::tick(db, &terms, now))),
        Step::File { what: number, text, shielded } => {
            let filed = db.write_blocking(move |tx| {
                let known = store::reporter::find(tx, reporter())?;
                let new = Reporter {
                    id: reporter(),
                    name: "泰和电子".into(),
                    phone: "1".into(),
                    address: String::new(),
                    code: String::new(),
                };
                let draft = Draft {
                    id: what(number),
                    title: format!("问题{text}"),
                    detail: "夜间停电".into(),
                    place: String::new(),
                    occurred: String::new(),
                    source: Source::Visit,
                    reporter: Some(if known.is_some() { Named::Known(reporter()) } else { Named::New(new) }),
                    shielded,
                    officer: Some(who(8)),
                    heard: Default::default(),
                };
                let by = actor(tx, 8, now)?;
                problem::register(tx, &terms, draft, &by, now)
            });
            format!("{filed:?}")
        }
        Step::On { what: number, outcome } => {
            let found = db.read_blocking(move |tx| problem::find(tx, what(number))).unwrap().unwrap();
            let (who, command) = next(&found.problem, outcome, now);
            run(db, &terms, &Step::Act { who, what: number, command, words: true, stale: false }, now)
        }
        Step::Visit { who, what, deed, stale } => {
            let done = db.write_blocking(move |tx| {
                let by = actor(tx, who, now)?;
                visited(tx, &terms, &by, what, deed, stale, now)
            });
            format!("{done:?}")
        }
        Step::Act { who, what: number, command, words, stale } => {
            let done = db.write_blocking(move |tx| -> Result<_, Failure> {
                let by = actor(tx, who, now)?;
                let seen = problem::find(tx, what(number))?.map_or(0, |it| it.problem.revision) - i64::from(stale);
                let words = if words { "理由".into() } else { String::new() };
                order::perform(tx, &terms, &by, what(number), &Order { command, words, rest: "其余".into(), seen }, now)
            });
            format!("{done:?}")
        }
    }
}

fn plan_of(what: u64, when: When) -> Plan {
    Plan {
        id: VisitId(id(7, what)),
        subject: SubjectId(id(6, 1)),
        campaign: None,
        round: None,
        team: None,
        unit: unit(5),
        officer: who(8),
        people: Default::default(),
        purpose: Purpose::Visit,
        when,
    }
}

fn visited(
    tx: &mut dyn store::Tx,
    terms: &Terms,
    by: &Actor,
    what: u64,
    deed: u8,
    stale: bool,
    now: Millis,
) -> Result<store::visit::Found, Failure> {
    let when = When { day: now.day(), until: None, minute: Some(570) };
    let visit_id = VisitId(id(7, what));
    let text = now.minute();
    let record = Box::new(Record {
        minutes: text.clone(),
        findings: vec![Finding { id: FindingId(id(8, what)), kind: FindingKind::Story, text: text.clone() }],
        promises: if deed.is_multiple_of(2) {
            vec![Promise { id: PromiseId(id(9, what)), text, owner: who(8), due: now.day().plus(3) }]
        } else {
            vec![]
        },
        settled: vec![Settled { promise: PromiseId(id(9, 3 - what)), kept: deed < 6, note: String::new() }],
        ..Record::on(when)
    });
    let command = match deed {
        0 => return Ok(store::visit::plan(tx, terms, plan_of(what, when), by, now)?.0),
        1 => visit::Command::Agree { when, with: "厂长".into() },
        2 => visit::Command::Decline,
        3 => visit::Command::Join,
        4..=6 => visit::Command::Record { record, reports: vec![] },
        _ => visit::Command::Amend { record, reports: vec![] },
    };
    let seen = store::visit::find(tx, visit_id)?.map_or(0, |it| it.visit.revision) - i64::from(stale);
    store::visit::perform(tx, terms, by, visit_id, &visit::Order { command, words: "理由".into(), seen }, now)
}

/// Everything that is written, but for what must differ: ids made at random, seals over random nonces, and hashes of both.
fn written(db: &Db, terms: &Terms) -> String {
    let master = terms.master.clone();
    db.read_blocking(move |tx| {
        let mut lines = Vec::new();
        for table in tables::tables()
            .iter()
            .filter(|it| matches!(it.name, "problem" | "sight" | "counter" | "reporter" | "person"))
        {
            let rows = tx.query(table.page, &vals!["", i64::MIN][..if table.name == "sight" { 2 } else { 1 }])?;
            lines.extend(rows.iter().map(|row| format!("{} {:?}", table.name, row.values())));
        }
        for sql in VISITS {
            lines.extend(tx.query(sql, &[])?.iter().map(|row| format!("visit {:?}", row.values())));
        }
        for number in 1..=PROBLEMS {
            for it in event::timeline(tx, &master, &what(number).to_string())? {
                let sealed = !it.body.words.is_empty();
                lines.push(format!(
                    "event {:?} {:?} {sealed}",
                    event::Body { words: String::new(), ..it.body },
                    it.said
                ));
            }
        }
        let rows =
            tx.query("select thing, seq, kind, at, written_at, by from event order by thing, seq limit 5000", &[])?;
        lines.extend(rows.iter().map(|row| format!("column {:?}", row.values())));
        let mut notices: Vec<_> = tx
            .query("select box, problem, kind, detail, at from notice limit 5000", &[])?
            .iter()
            .map(|row| format!("{:?}", row.values()))
            .collect();
        notices.sort();
        lines.extend(notices);
        Ok::<_, store::Error>(lines.join("\n"))
    })
    .unwrap()
}

proptest! {
    // Every case makes two databases; a failing one is shrunk little for the same reason.
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_commands_leave_the_same_rows(steps in steps()) {
        if testkit::skip_postgres() {
            return Ok(());
        }
        let tests = [testkit::sqlite(), testkit::postgres()];
        let dbs = tests.each_ref().map(|it| it.db());
        let terms = dbs.each_ref().map(set);
        let mut now = Millis(1_523_581_200_000);
        for what in 1..=2 {
            let plan = Step::Visit { who: 8, what, deed: 0, stale: false };
            prop_assert_eq!(run(&dbs[0], &terms[0], &plan, now), run(&dbs[1], &terms[1], &plan, now));
        }
        for number in 1..=PROBLEMS {
            let file = Step::File { what: number, text: 0, shielded: number == 2 };
            prop_assert_eq!(run(&dbs[0], &terms[0], &file, now), run(&dbs[1], &terms[1], &file, now));
        }
        for (pause, step) in &steps {
            now = now.plus(*pause);
            let [one, other] = [0, 1].map(|it| run(&dbs[it], &terms[it], step, now));
            prop_assert_eq!(one, other, "{:?}", step);
        }
        let [one, other] = [0, 1].map(|it| written(&dbs[it], &terms[it]));
        prop_assert_eq!(one, other);
        for db in &dbs {
            let report = db.read_blocking(|tx| store::audit::verify(tx, &mut |_| {})).unwrap();
            prop_assert_eq!(report.broken, None);
        }
    }
}
