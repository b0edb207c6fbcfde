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

/// One try, in numbers that mean something only where the problem stands by then.
#[derive(Clone, Copy, Debug)]
struct Draw {
    /// Which of the steps that somebody may take now; or, for `anybody`, which command by which column.
    step: u16,
    anybody: bool,
    after_ms: i64,
    /// With a word, or without.
    words: bool,
    stale: bool,
    /// Picks the arguments.
    n: usize,
    m: usize,
}

/// Who gives which command, and the state of the problem that it names.
#[derive(Debug)]
struct Move {
    by: Column,
    command: Command,
    other: StateName,
}

fn draws() -> impl Strategy<Value = Draw> {
    let after =
        prop_oneof![4 => 0_i64..50_000, 5 => 0_i64..8 * 3_600_000, 2 => 0_i64..6 * 86_400_000, 1 => Just(0_i64)];
    let flags = (prop::bool::weighted(0.1), prop::bool::weighted(0.9), prop::bool::weighted(0.03));
    (any::<u16>(), flags, after, 0_usize..1000, 0_usize..1000).prop_map(|(step, flags, after_ms, n, m)| {
        let (anybody, words, stale) = flags;
        Draw { step, anybody, after_ms, words, stale, n, m }
    })
}

fn unit_of(column: Column) -> UnitId {
    actor(column).hats()[0].unit
}

fn nth<T: Copy>(all: &[T], n: usize) -> T {
    all[n % all.len()]
}

/// Mostly a step that somebody may take now, seldom one that ends it all at once; sometimes anything by anybody.
fn choose(draw: &Draw, p: &Problem, now: Millis) -> Move {
    let state = p.state.name();
    let ends = |name: &CommandName| matches!(name, CommandName::Withdraw | CommandName::Refuse | CommandName::Merge);
    let steps = Column::ALL
        .iter()
        .flat_map(|by| access::steps(&parties(&actor(*by), p), state).into_iter().map(move |it| (*by, it)));
    let mut steps: Vec<(Column, CommandName)> =
        steps.filter(|(_, name)| draw.n.is_multiple_of(8) || !ends(name)).collect();
    let step = usize::from(draw.step);
    if draw.anybody || steps.is_empty() {
        steps = vec![(nth(Column::ALL, step), nth(CommandName::ALL, draw.n))];
    }
    // First the step, then who of those that may: else what many may do would be nearly all that happens.
    let mut names: Vec<CommandName> = steps.iter().map(|(_, name)| *name).collect();
    names.sort_unstable();
    names.dedup();
    let name = nth(&names, step);
    let able: Vec<Column> = steps.iter().filter(|(_, it)| *it == name).map(|(by, _)| *by).collect();
    let by = nth(&able, draw.m);
    Move { by, command: command(name, draw, now), other: nth(StateName::ALL, draw.n / 7) }
}

fn command(name: CommandName, draw: &Draw, now: Millis) -> Command {
    use CommandName as N;
    let (n, m, odd) = (draw.n, draw.m, draw.m % 2 == 1);
    let units =
        [unit_of(Column::LeadHead), unit_of(Column::Support), unit_of(Column::Officer), UnitId(Uuid::from_u128(99))];
    let (category, other) = (CategoryId(Uuid::from_u128(9)), ProblemId(Uuid::from_u128(1 + (m % 4) as u128)));
    let day = |n: usize| now.day().plus(n as i64 % 30);
    let shown =
        |n: usize| EvidenceGiven { item: nth(&["现场照片", "photo after", ""], n).into(), attachment: None };
    match name {
        N::Triage => {
            Command::Triage { category: Some(category), tier: nth(Tier::ALL, n), urgency: nth(Urgency::ALL, n) }
        }
        N::Merge => Command::Merge { into: other },
        N::Refuse => Command::Refuse,
        N::Dispatch => Command::Dispatch {
            lead: (n % 9 > 0).then(|| nth(&units, n)),
            supports: vec![nth(&units, m), nth(&units, m / 4)],
        },
        N::Shield => Command::Shield { on: odd },
        N::Withdraw => Command::Withdraw,
        N::JoinCommon => Command::JoinCommon { parent: other },
        N::Coordinate => Command::Coordinate,
        N::Instruct => Command::Instruct,
        N::Recategorise => Command::Recategorise { category },
        N::Receive => Command::Receive,
        N::Dispute => Command::Dispute,
        N::Rule if odd => Command::Rule { ruling: Ruling::Keep, unit: None },
        N::Rule => Command::Rule { ruling: Ruling::To(nth(&units, n)), unit: (n % 5 == 0).then(|| nth(&units, m)) },
        N::Remind => Command::Remind { about: String::new() },
        N::Slip => {
            Command::Slip { light: nth(&[Light::Blue, Light::Yellow, Light::Red, Light::None, Light::Paused], n) }
        }
        N::Note => Command::Note,
        N::Evidence => Command::Evidence { given: shown(n) },
        N::Support => Command::Support { evidence: vec![shown(n)] },
        N::AskExtension => Command::AskExtension { until: day(n) },
        N::DecideExtension => Command::DecideExtension { grant: odd },
        N::AskPause => Command::AskPause { reason: (n % 9 > 0).then(|| nth(PauseReason::ALL, n)) },
        N::DecidePause => Command::DecidePause { grant: odd },
        N::Resume => Command::Resume,
        N::Raise => Command::Raise { tier: nth(Tier::ALL, n) },
        N::Board => Command::Board {
            leader: (n % 9 > 0).then(|| PersonId(Uuid::from_u128(7))),
            milestones: (0..m % 3).map(|i| PlannedStep { what: "节点".into(), due: day(n + i) }).collect(),
        },
        N::Milestone => Command::Milestone { number: n % 3 },
        N::Answer => Command::Answer {
            answering: Answering {
                outcome: (n % 19 > 0).then(|| nth(Outcome::ALL, n)),
                date: (m % 9 > 0).then(|| day(m)),
                duplicate_of: (m % 9 > 1).then_some(other),
                outside: String::new(),
                evidence: vec![shown(m), shown(m / 3)],
            },
        },
        N::Apply => Command::Apply,
        N::Contact => Command::Contact { reached: n % 7 == 0 },
        N::Rate => Command::Rate { verdict: nth(Verdict::ALL, n), satisfaction: nth(Satisfaction::ALL, m) },
        N::Verify => Command::Verify,
        N::Sign => Command::Sign,
        N::Close => Command::Close,
        N::Redo => Command::Redo,
        N::Wake => Command::Wake,
        N::Reopen => Command::Reopen,
        N::FollowUp => Command::FollowUp,
        N::Relapse => Command::Relapse,
        N::Recall => Command::Recall,
        N::Assign => Command::Assign { to: PersonId(Uuid::from_u128(5)) },
    }
}

fn parties(who: &Actor, p: &Problem) -> Vec<Party> {
    access::parties(who, p, &|_| vec![])
}

/// Plays a sequence from one of the states and looks at each step.
fn play(start: StateName, draws: &[Draw], mut look: impl FnMut(&Step)) {
    let mut p = problem_at(start);
    if draws.first().is_some_and(|draw| draw.m.is_multiple_of(2)) {
        p.evidence_items = vec!["photo after".into()];
    }
    let mut now =
        Millis::parse_local(if start == StateName::Registered { "2018-04-16 09:00" } else { "2018-04-26 16:00" })
            .unwrap();
    if matches!(start, StateName::Dispatched | StateName::InHand) {
        now = Millis::parse_local("2018-04-16 16:00").unwrap();
    }
    let rules = Rules::default();
    for draw in draws {
        now = now.plus(draw.after_ms);
        let it = &choose(draw, &p, now);
        let who = actor(it.by);
        let facts = Facts {
            category: Some((
                if draw.m.is_multiple_of(2) { Span::Workdays(5) } else { Span::Hours(48) },
                vec!["photo after".into()],
            )),
            other: Some(Problem { id: ProblemId(Uuid::from_u128(2)), ..problem_at(it.other) }),
            other_is_merged_into_this: false,
            inside: None,
            assignee_units: if draw.m.is_multiple_of(2) { vec![unit_of(Column::LeadHead)] } else { vec![] },
        };
        let words = if draw.words { "理由".to_owned() } else { String::new() };
        let order =
            Order { command: it.command.clone(), rest: words.clone(), words, seen: p.revision - i64::from(draw.stale) };
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
    use StateName::*;
    prop::sample::select(vec![Registered, Registered, Dispatched, InHand, Answered, Answered, Planned, Closed, Merged])
}

fn sequences() -> impl Strategy<Value = Vec<Draw>> {
    prop::collection::vec(draws(), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    /// (a) Never a panic; never off the table; refused changes nothing; accepted is one revision more. (f) with it.
    #[test]
    fn no_sequence_leaves_the_table(start in starts(), draws in sequences()) {
        play(start, &draws, |step| {
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
    fn refusals_are_those_of_the_table(start in starts(), draws in sequences()) {
        play(start, &draws, |step| {
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
    fn disputes_and_rulings_move_nothing(start in starts(), draws in sequences()) {
        play(start, &draws, |step| {
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
    fn no_handler_verifies(start in starts(), draws in sequences()) {
        play(start, &draws, |step| {
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
    fn nothing_closes_without_the_gate(draws in prop::collection::vec(draws(), 20..120)) {
        let (mut applied, mut verified, mut rating, mut attempts, mut signed) = (false, false, None, Vec::<Day>::new(), false);
        play(StateName::InHand, &draws, |step| {
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
    fn the_schedule_agrees_with_the_light(start in starts(), draws in sequences(), later in prop::collection::vec(0_i64..40 * 86_400_000, 4)) {
        let rules = Rules::default();
        play(start, &draws, |step| {
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
    for _ in 0..2000 {
        let (start, draws) = (starts(), sequences()).new_tree(&mut runner).unwrap().current();
        play(start, &draws, |step| {
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
