//! The visit's table of states and commands, and what holds whatever anybody does to one.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use domain::id::*;
use domain::problem::Stamp;
use domain::refusal::Refusal;
use domain::role::{Actor, Hat, Role};
use domain::time::{Day, Millis};
use domain::visit::*;
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

const NOW: i64 = 1_523_602_800_000;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn today() -> Day {
    Millis(NOW).day()
}

fn actor(role: Role) -> Actor {
    let person = PersonId(id(7));
    Actor::Person {
        id: person,
        hats: vec![Hat { role, unit: UnitId(id(8)), of: person, within: vec![] }],
        reporter: None,
    }
}

fn planned() -> Visit {
    let when = When { day: today(), until: None, minute: None };
    let plan = Plan {
        id: VisitId(id(1)),
        subject: SubjectId(id(2)),
        campaign: None,
        round: None,
        team: None,
        unit: UnitId(id(8)),
        officer: PersonId(id(7)),
        people: BTreeSet::new(),
        purpose: Purpose::Visit,
        when,
    };
    plan_at(plan).unwrap()
}

fn plan_at(it: Plan) -> Result<Visit, Refusal> {
    plan(it, Some(PersonId(id(7))), Millis(NOW))
}

fn record() -> Record {
    Record { minutes: "谈了用工".into(), ..Record::on(When { day: today(), until: None, minute: None }) }
}

fn at(state: StateName) -> Visit {
    let stamp = Stamp { at: Millis(NOW), by: None };
    let state = match state {
        StateName::Planned => State::Planned,
        StateName::Proposed => State::Proposed,
        StateName::Agreed => State::Agreed { agreed: stamp, with: "沈厂长".into() },
        StateName::Declined => State::Declined { declined: stamp },
        StateName::Recorded => State::Recorded { recorded: stamp },
        StateName::Confirmed => State::Confirmed { recorded: stamp, confirmed: stamp },
    };
    let record = state.name().is_recorded().then(record);
    Visit { version: i64::from(record.is_some()), record, state, ..planned() }
}

fn command(name: CommandName) -> Command {
    match name {
        CommandName::Agree => Command::Agree { when: planned().when, with: "沈厂长".into() },
        CommandName::Decline => Command::Decline,
        CommandName::Record => Command::Record { record: Box::new(record()), reports: vec![] },
        CommandName::Amend => Command::Amend { record: Box::new(record()), reports: vec![] },
        CommandName::Join => Command::Join,
    }
}

fn decided(visit: &Visit, command: Command, actor: &Actor, words: &str) -> Result<Change, Refusal> {
    let order = Order { command, words: words.into(), seen: visit.revision };
    let facts = Facts { persons: [PersonId(id(7))].into(), ..Facts::default() };
    decide(visit, &order, &Scene { actor, ties: &ties(actor, visit, &[]), now: Millis(NOW), facts: &facts })
}

#[test]
fn each_command_goes_from_these_states_to_those_and_from_no_other() {
    use CommandName::*;
    use StateName::*;
    let table = [
        (Planned, Agree, Some(Agreed)),
        (Planned, Decline, Some(Declined)),
        (Planned, Record, Some(Recorded)),
        (Planned, Amend, None),
        (Planned, Join, Some(Planned)),
        (Proposed, Agree, Some(Agreed)),
        (Proposed, Decline, Some(Declined)),
        (Proposed, Record, Some(Recorded)),
        (Proposed, Amend, None),
        (Proposed, Join, Some(Proposed)),
        (Agreed, Agree, Some(Agreed)),
        (Agreed, Decline, Some(Declined)),
        (Agreed, Record, Some(Recorded)),
        (Agreed, Amend, None),
        (Agreed, Join, Some(Agreed)),
        (Declined, Agree, Some(Agreed)),
        (Declined, Decline, None),
        (Declined, Record, None),
        (Declined, Amend, None),
        (Declined, Join, None),
        (Recorded, Agree, None),
        (Recorded, Decline, None),
        (Recorded, Record, None),
        (Recorded, Amend, Some(Recorded)),
        (Recorded, Join, None),
        (Confirmed, Agree, None),
        (Confirmed, Decline, None),
        (Confirmed, Record, None),
        (Confirmed, Amend, None),
        (Confirmed, Join, None),
    ];
    assert_eq!(table.len(), StateName::ALL.len() * CommandName::ALL.len());
    for (state, name, to) in table {
        let who = actor(if name == Join { Role::Leader } else { Role::Office });
        let found = decided(&at(state), command(name), &who, "理由");
        match to {
            Some(to) => assert_eq!(found.unwrap().after.state.name(), to, "{state:?} {name:?}"),
            None => {
                let possible = steps(&ties(&who, &at(state), &[]), state);
                assert_eq!(found.unwrap_err(), Refusal::VisitState { state, command: name, possible });
            }
        }
        let by_officer = decided(&at(state), command(name), &actor(Role::Officer), "理由");
        assert_eq!(by_officer.is_ok(), to.is_some() && name != Join, "{state:?} {name:?} by the officer");
        assert_eq!(decided(&at(state), command(name), &actor(Role::Clerk), "理由").unwrap_err(), Refusal::Absent);
    }
}

#[test]
fn all_that_is_wrong_with_a_record_is_named_at_once() {
    let mut wrong = record();
    wrong.minutes = "  ".into();
    wrong.met = "长".repeat(201);
    wrong.when.day = today().plus(1);
    wrong.when.minute = Some(1440);
    wrong.findings = vec![Finding { id: FindingId(id(3)), kind: FindingKind::Story, text: "长".repeat(2_001) }];
    let stranger = PersonId(id(99));
    wrong.promises =
        vec![Promise { id: PromiseId(id(4)), text: "答复".into(), owner: stranger, due: today().plus(-1) }];
    let report = Reported {
        id: ProblemId(id(5)),
        title: String::new(),
        detail: "没有标题".into(),
        place: String::new(),
        shielded: false,
    };
    let command = Command::Record { record: Box::new(wrong), reports: vec![report] };
    let Refusal::Faults(faults) = decided(&planned(), command, &actor(Role::Officer), "").unwrap_err() else {
        panic!()
    };
    let mut fields: Vec<&str> = faults.iter().map(|it| it.field.as_str()).collect();
    fields.sort_unstable();
    let all =
        ["day", "finding.0.text", "met", "minutes", "problem.0.title", "promise.0.due", "promise.0.owner", "time"];
    assert_eq!(fields, all);
}

#[test]
fn a_retired_colleague_or_policy_is_left_out_without_a_word() {
    let mut it = record();
    it.people = [PersonId(id(7)), PersonId(id(99))].into();
    it.policies = [(PolicyId(id(6)), "第一版".to_owned())].into();
    let change =
        decided(&planned(), Command::Record { record: Box::new(it), reports: vec![] }, &actor(Role::Office), "")
            .unwrap();
    let kept = change.after.record.unwrap();
    assert_eq!((kept.people, kept.policies.len()), ([PersonId(id(7))].into(), 0));
}

fn orders() -> impl Strategy<Value = (Command, Role, bool, i64)> {
    let day = (-800_000_i64..3_000_000, any::<bool>())
        .prop_map(|(far, near)| if near { today() } else { Day::from_number(far) });
    let when = (day, prop::option::of(-5_i64..90), prop::option::of(any::<u16>()))
        .prop_map(|(day, until, minute)| When { day, until: until.map(|it| day.plus(it)), minute });
    let record = (when.clone(), ".{0,3}", 0_usize..60, any::<bool>()).prop_map(|(when, text, many, sound)| {
        let minutes = if sound { "谈了".to_owned() } else { text.clone() };
        let promise = |n: usize| Promise {
            id: PromiseId(id(n as u128)),
            text: text.clone(),
            owner: PersonId(id(7)),
            due: when.day,
        };
        Record { minutes, promises: (0..many / 20).map(promise).collect(), ..Record::on(when) }
    });
    let command = prop_oneof![
        2 => when.prop_map(|when| Command::Agree { when, with: "厂长".into() }),
        1 => Just(Command::Decline),
        3 => record.clone().prop_map(|it| Command::Record { record: Box::new(it), reports: vec![] }),
        3 => record.prop_map(|it| Command::Amend { record: Box::new(it), reports: vec![] }),
        1 => Just(Command::Join),
    ];
    let role = prop::sample::select(vec![Role::Office, Role::Officer, Role::Leader, Role::Clerk, Role::Supervision]);
    (command, role, any::<bool>(), prop_oneof![9 => Just(0_i64), 1 => -2_i64..2])
}

proptest! {
    #[test]
    fn a_recorded_visit_never_loses_its_record(orders in prop::collection::vec(orders(), 1..40)) {
        let mut visit = planned();
        for (command, role, words, stale) in orders {
            let who = actor(role);
            let name = command.name();
            let order = Order { command, words: if words { "理由".into() } else { String::new() }, seen: visit.revision + stale };
            let facts = Facts { persons: [PersonId(id(7))].into(), ..Facts::default() };
            let ties = ties(&who, &visit, &[]);
            let able = steps(&ties, visit.state.name()).contains(&name);
            let found = decide(&visit, &order, &Scene { actor: &who, ties: &ties, now: Millis(NOW), facts: &facts });
            let Ok(change) = found else { continue };
            prop_assert!(able && stale == 0, "{:?} by {:?}", name, role);
            let after = change.after;
            prop_assert_eq!(after.revision, visit.revision + 1);
            prop_assert!(after.version >= visit.version);
            prop_assert!(after.record.is_some() >= visit.record.is_some());
            prop_assert_eq!(after.record.is_some(), after.state.name().is_recorded());
            if let Some(record) = &after.record {
                prop_assert!(record.when.day <= today() && !record.minutes.trim().is_empty());
                prop_assert_eq!(record.when, after.when);
            }
            prop_assert!(!after.people.contains(&after.officer));
            visit = after;
        }
    }
}
