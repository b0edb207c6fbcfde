//! Whatever anybody does, in whatever order: the loop never leaves its table, its dates, or its gate.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use domain::access::{self, Party};
use domain::calendar::Calendar;
use domain::clock::Span;
use domain::command::*;
use domain::course::{Change, Scene, decide};
use domain::id::{CategoryId, PersonId, ProblemId, UnitId};
use domain::light::{Light, light};
use domain::matrix::{Column, actor, problem_at};
use domain::problem::*;
use domain::refusal::Refusal;
use domain::role::Actor;
use domain::rules::Rules;
use domain::schedule;
use domain::time::{Day, Millis};
use proptest::prelude::*;
use std::sync::LazyLock;
use uuid::Uuid;

static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::shipped);

/// One try: who, what, how much later, with a word or without, with the revision seen or an older one.
#[derive(Clone, Debug)]
struct Move {
    by: Column,
    command: Command,
    after_ms: i64,
    words: bool,
    stale: bool,
    /// The state of the problem named by merge, join-common and duplicate; for a merged one, of its target.
    other: StateName,
    same_unit: bool,
}

fn unit_of(column: Column) -> UnitId {
    actor(column).hats()[0].unit
}

fn units() -> impl Strategy<Value = UnitId> {
    let stranger = UnitId(Uuid::from_u128(99));
    prop::sample::select(vec![unit_of(Column::LeadHead), unit_of(Column::Support), unit_of(Column::Officer), stranger])
}

fn days() -> impl Strategy<Value = Day> {
    (0_i64..90).prop_map(|n| Day::new(2018, 4, 10).unwrap().plus(n))
}

fn problems() -> impl Strategy<Value = ProblemId> {
    (1_u128..4).prop_map(|n| ProblemId(Uuid::from_u128(n)))
}

fn given() -> impl Strategy<Value = EvidenceGiven> {
    prop::sample::select(vec!["", "现场照片", "photo after"]).prop_map(|item| EvidenceGiven { item: item.into(), attachment: None })
}

fn pick<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

fn answers() -> impl Strategy<Value = Command> {
    let parts = (prop::option::weighted(0.9, pick(Outcome::ALL)), prop::option::of(days()), prop::option::of(problems()));
    (parts, prop::collection::vec(given(), 0..3)).prop_map(|((outcome, date, duplicate_of), evidence)| Command::Answer {
        answering: Answering { outcome, date, duplicate_of, outside: String::new(), evidence },
    })
}

fn of_units() -> BoxedStrategy<Command> {
    prop_oneof![
        (prop::option::weighted(0.9, units()), prop::collection::vec(units(), 0..3))
            .prop_map(|(lead, supports)| Command::Dispatch { lead, supports }),
        Just(Command::Receive),
        Just(Command::Dispute),
        (prop_oneof![Just(Ruling::Keep), units().prop_map(Ruling::To)], prop::option::of(units()))
            .prop_map(|(ruling, unit)| Command::Rule { ruling, unit }),
        Just(Command::Note),
        given().prop_map(|given| Command::Evidence { given }),
        prop::collection::vec(given(), 0..2).prop_map(|evidence| Command::Support { evidence }),
        days().prop_map(|until| Command::AskExtension { until }),
        any::<bool>().prop_map(|grant| Command::DecideExtension { grant }),
        prop::option::weighted(0.9, pick(PauseReason::ALL)).prop_map(|reason| Command::AskPause { reason }),
        any::<bool>().prop_map(|grant| Command::DecidePause { grant }),
        Just(Command::Resume),
        (0_usize..3).prop_map(|number| Command::Milestone { number }),
        answers(),
        Just(Command::Apply),
        Just(Command::Assign { to: PersonId(Uuid::from_u128(5)) }),
    ]
    .boxed()
}

fn of_others() -> BoxedStrategy<Command> {
    let category = CategoryId(Uuid::from_u128(9));
    prop_oneof![
        (pick(Tier::ALL), pick(Urgency::ALL))
            .prop_map(move |(tier, urgency)| Command::Triage { category: Some(category), tier, urgency }),
        problems().prop_map(|into| Command::Merge { into }),
        Just(Command::Refuse),
        any::<bool>().prop_map(|on| Command::Shield { on }),
        Just(Command::Withdraw),
        problems().prop_map(|parent| Command::JoinCommon { parent }),
        Just(Command::Coordinate),
        Just(Command::Instruct),
        Just(Command::Recategorise { category }),
        Just(Command::Remind { about: String::new() }),
        pick(&[Light::Paused, Light::None, Light::Blue, Light::Yellow, Light::Red]).prop_map(|light| Command::Slip { light }),
        pick(Tier::ALL).prop_map(|tier| Command::Raise { tier }),
        (any::<bool>(), prop::collection::vec(days(), 0..3)).prop_map(|(led, due)| Command::Board {
            leader: led.then(|| PersonId(Uuid::from_u128(7))),
            milestones: due.into_iter().map(|due| PlannedStep { what: "节点".into(), due }).collect(),
        }),
        Just(Command::Wake),
        Just(Command::FollowUp),
        Just(Command::Recall),
    ]
    .boxed()
}

fn of_the_gate() -> BoxedStrategy<Command> {
    prop_oneof![
        any::<bool>().prop_map(|reached| Command::Contact { reached }),
        (pick(Verdict::ALL), pick(Satisfaction::ALL))
            .prop_map(|(verdict, satisfaction)| Command::Rate { verdict, satisfaction }),
        Just(Command::Verify),
        Just(Command::Sign),
        Just(Command::Close),
        Just(Command::Redo),
        Just(Command::Reopen),
        Just(Command::Relapse),
    ]
    .boxed()
}

/// Mostly somebody who may at all, so that sequences get somewhere; sometimes anybody.
fn moves() -> impl Strategy<Value = Move> {
    let command = prop_oneof![3 => of_units(), 1 => of_others(), 3 => of_the_gate()];
    let after = prop_oneof![
        2 => 0_i64..120_000,
        4 => 0_i64..8 * 3_600_000,
        1 => 0_i64..10 * 86_400_000,
        1 => Just(0_i64),
    ];
    let flags = (prop::bool::weighted(0.9), prop::bool::weighted(0.03), prop::bool::weighted(0.15), any::<bool>());
    (command, any::<u8>(), after, flags, pick(StateName::ALL)).prop_map(|(command, n, after_ms, flags, other)| {
        let (words, stale, anybody, same_unit) = flags;
        let able = |by: &Column| {
            StateName::ALL.iter().any(|state| access::steps(&parties(&actor(*by), &problem_at(*state)), *state).contains(&command.name()))
        };
        let columns: Vec<Column> = Column::ALL.iter().copied().filter(|by| anybody || able(by)).collect();
        Move { by: columns[usize::from(n) % columns.len()], command, after_ms, words, stale, other, same_unit }
    })
}

fn parties(who: &Actor, p: &Problem) -> Vec<Party> {
    access::parties(who, p, &|_| vec![])
}

/// Plays a sequence from one of the states and looks at each step.
fn play(start: StateName, moves: &[Move], mut look: impl FnMut(&Step)) {
    let mut p = problem_at(start);
    p.evidence_items = vec!["photo after".into()];
    p.revision = 1;
    let mut now = Millis::parse_local(if start == StateName::Registered { "2018-04-16 09:00" } else { "2018-04-26 16:00" }).unwrap();
    if matches!(start, StateName::Dispatched | StateName::InHand) {
        now = Millis::parse_local("2018-04-16 16:00").unwrap();
    }
    let rules = Rules::default();
    for it in moves {
        now = now.plus(it.after_ms);
        let who = actor(it.by);
        let facts = Facts {
            category: Some((if it.same_unit { Span::Workdays(5) } else { Span::Hours(48) }, vec!["现场照片".into()])),
            other: Some(Problem { id: ProblemId(Uuid::from_u128(2)), ..problem_at(it.other) }),
            other_is_merged_into_this: false,
            inside: None,
            assignee_units: if it.same_unit { vec![unit_of(Column::LeadHead)] } else { vec![] },
        };
        let words = if it.words { "理由".to_owned() } else { String::new() };
        let order = Order { command: it.command.clone(), rest: words.clone(), words, seen: p.revision - i64::from(it.stale) };
        let standing = parties(&who, &p);
        let scene = Scene { actor: &who, parties: &standing, now, calendar: &CALENDAR, rules: &rules, facts: &facts };
        let result = decide(&p, &order, &scene);
        look(&Step { before: &p, it, who: &who, now, facts: &facts, result: &result });
        if let Ok(change) = result {
            p = change.after;
        }
    }
}

struct Step<'a> {
    before: &'a Problem,
    it: &'a Move,
    who: &'a Actor,
    now: Millis,
    facts: &'a Facts,
    result: &'a Result<Change, Refusal>,
}

/// Where a command may lead from a state, as the table has it; the state itself where it is "same".
fn leads_to(state: StateName, command: CommandName, rows: &[domain::matrix::Row]) -> Vec<StateName> {
    let row = rows.iter().find(|row| row.state == state && row.command == command).unwrap();
    let named = StateName::ALL.iter().copied().filter(|it| row.after.contains(&format!("{it:?}")));
    named.chain(row.after.contains("same").then_some(state)).collect()
}

static ROWS: LazyLock<Vec<domain::matrix::Row>> = LazyLock::new(domain::matrix::rows);

fn starts() -> impl Strategy<Value = StateName> {
    prop_oneof![4 => Just(StateName::Registered), 2 => Just(StateName::InHand), 2 => Just(StateName::Answered), 1 => pick(StateName::ALL)]
}

fn sequences() -> impl Strategy<Value = Vec<Move>> {
    prop::collection::vec(moves(), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    /// (a) Never a panic; never off the table; refused changes nothing; accepted is one revision more. (f) with it.
    #[test]
    fn no_sequence_leaves_the_table(start in starts(), moves in sequences()) {
        play(start, &moves, |step| {
            let Ok(change) = step.result else { return };
            let (before, after) = (step.before, &change.after);
            let allowed = leads_to(before.state.name(), step.it.command.name(), &ROWS);
            assert!(allowed.contains(&after.state.name()), "{:?} led to {:?}", step.it, after.state.name());
            assert_eq!(after.revision, before.revision + 1);
            assert_eq!(change.event, step.it.command.name().event());
            assert_eq!((after.last.by, after.last.at, after.last.event.as_str()), (step.who.person(), step.now, change.event));
            assert!(change.at <= step.now);
            // What never changes, whatever happens.
            assert_eq!((after.id, after.reporter, after.registered, &after.digest), (before.id, before.reporter, before.registered, &before.digest));
            assert!(after.handlers.is_superset(&before.handlers) || step.it.command == Command::Recall);
            let text = serde_json::to_string(after).unwrap();
            assert_eq!(&serde_json::from_str::<Problem>(&text).unwrap(), after);
        });
    }

    /// A refusal is one of those that the table lists for this cell, or one of this project's additions.
    #[test]
    fn refusals_are_those_of_the_table(start in starts(), moves in sequences()) {
        play(start, &moves, |step| {
            let Err(refusal) = step.result else { return };
            let code = refusal.code();
            if matches!(code, "not-found" | "not-your-role" | "needs-unit-head" | "lead-unit-only" | "changed-meanwhile" | "wrong-state") {
                return;
            }
            let row = ROWS.iter().find(|row| row.state == step.before.state.name() && row.command == step.it.command.name()).unwrap();
            let added = match step.it.command {
                Command::Milestone { .. } => code == "milestone-unknown",
                Command::Answer { .. } => matches!(code, "duplicate-needs-original" | "merge-into-itself"),
                _ => false,
            };
            assert!(row.guards.contains(&code) || added, "{code} to {:?} at {:?}", step.it.command, row.state);
        });
    }

    /// (b) Disputes and rulings move no date of the whole; the first due date stays until a recall.
    #[test]
    fn disputes_and_rulings_move_nothing(start in starts(), moves in sequences()) {
        play(start, &moves, |step| {
            let Ok(change) = step.result else { return };
            let (Some(before), Some(after)) = (step.before.state.case(), change.after.state.case()) else { return };
            assert_eq!(before.first_due, after.first_due, "{:?}", step.it.command);
            if matches!(step.it.command, Command::Dispute | Command::Rule { .. } | Command::Receive | Command::Assign { .. }) {
                assert_eq!(before.clock, after.clock, "{:?}", step.it.command);
                assert_eq!(before.clock.due(&CALENDAR), after.clock.due(&CALENDAR));
            }
        });
    }

    /// (c) Nobody who is a handler verifies, contacts or rates for the reporter.
    #[test]
    fn no_handler_verifies(start in starts(), moves in sequences()) {
        play(start, &moves, |step| {
            let verifying = matches!(step.it.command, Command::Verify | Command::Contact { .. })
                || matches!(step.it.command, Command::Rate { .. }) && step.it.by != Column::Reporter;
            if verifying && step.result.is_ok() {
                assert!(!access::is_handler(step.who, step.before), "{:?} did {:?}", step.it.by, step.it.command);
                assert!(!step.who.hats().iter().any(|hat| step.before.handling_units.contains(&hat.unit)));
            }
        });
    }

    /// (d) Closed means evidence, application, verification by no handler, and the reporter's word, silence or a signature.
    #[test]
    fn nothing_closes_without_the_gate(moves in prop::collection::vec(moves(), 20..120)) {
        let (mut applied, mut verified, mut rating, mut attempts, mut signed) = (false, false, None, Vec::<Day>::new(), false);
        play(StateName::InHand, &moves, |step| {
            let Ok(change) = step.result else { return };
            match step.it.command {
                Command::Answer { .. } => (applied, verified, rating, attempts, signed) = (false, false, None, vec![], false),
                Command::Apply => applied = true,
                Command::Verify => verified = applied && !access::is_handler(step.who, step.before),
                Command::Rate { verdict, .. } => rating = Some(verdict),
                Command::Contact { reached: true } => attempts.clear(),
                Command::Contact { reached: false } => attempts.push(step.now.day()),
                Command::Sign => signed = true,
                _ => {}
            }
            let (State::Answered { answer, case }, State::Closed { closing, .. }) = (&step.before.state, &change.after.state) else { return };
            assert!(applied && verified, "closed without application or verification");
            assert!(step.before.missing_evidence(case).is_empty());
            assert!(step.before.board.is_none() || signed, "on the board, unsigned");
            let first_day = attempts.first().copied();
            match closing.by {
                ClosedBy::Word => assert!(rating == Some(Verdict::Yes) || (rating, answer.outcome) == (Some(Verdict::Partly), Outcome::Partly)),
                ClosedBy::Silence => assert!(rating.is_none() && attempts.iter().any(|day| Some(*day) != first_day)),
                ClosedBy::Signature => assert!(signed && rating.is_some() && matches!(answer.outcome, Outcome::Explained | Outcome::Partly)),
            }
        });
    }

    /// (e) The ticker never looks back, misses nothing, and the stored instants give the same light.
    #[test]
    fn the_schedule_agrees_with_the_light(start in starts(), moves in sequences(), later in prop::collection::vec(0_i64..40 * 86_400_000, 4)) {
        let rules = Rules::default();
        play(start, &moves, |step| {
            let Ok(change) = step.result else { return };
            let p = &change.after;
            let (main, late, paused) = (schedule::main_clock(p, &rules, &CALENDAR), schedule::late_at(p, &CALENDAR), p.is_paused());
            assert!(!paused || main.is_none(), "paused, yet a date");
            let mut visits: Vec<Millis> = later.iter().map(|ms| step.now.plus(*ms)).collect();
            visits.sort_unstable();
            let mut before = None;
            let acts = schedule::acts(p, &rules, &CALENDAR);
            for now in visits {
                let stored = light(now, main, paused, late.is_some_and(|at| now > at), &CALENDAR);
                assert_eq!(stored, schedule::light(p, now, &CALENDAR));
                let next = schedule::next_act(p, now, &rules, &CALENDAR);
                assert!(next.is_none_or(|at| at > now));
                assert_eq!(next, acts.iter().map(|(at, _)| *at).filter(|at| *at > now).min());
                let order = |at: Option<Millis>| at.map_or(i64::MAX, |at| at.0);
                assert!(before.is_none_or(|before: Option<Millis>| order(before) <= order(next)), "next_act went back");
                before = Some(next);
            }
        });
    }
}

/// The sequences above prove little if they get nowhere: every command is accepted, and every state reached, often.
#[test]
fn the_sequences_get_about() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    use std::collections::BTreeMap;
    let mut runner = TestRunner::deterministic();
    let (mut accepted, mut reached) = (BTreeMap::new(), BTreeMap::new());
    for _ in 0..1500 {
        let (start, moves) = (starts(), sequences()).new_tree(&mut runner).unwrap().current();
        play(start, &moves, |step| {
            if let Ok(change) = step.result {
                *accepted.entry(step.it.command.name()).or_insert(0) += 1;
                *reached.entry(change.after.state.name()).or_insert(0) += 1;
                assert!(step.facts.other.is_some());
            }
        });
    }
    let seldom = |name: &&CommandName| accepted.get(*name).copied().unwrap_or(0) < 5;
    assert_eq!(CommandName::ALL.iter().filter(seldom).collect::<Vec<_>>(), Vec::<&CommandName>::new(), "{accepted:?}");
    assert!(StateName::ALL.iter().all(|name| reached.get(name).copied().unwrap_or(0) >= 20), "{reached:?}");
}
