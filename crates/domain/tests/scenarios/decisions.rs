//! What `loop.md` decides and no scenario walks through: recall, assign, the share of a supporting unit, requests.

use crate::world::*;
use domain::access;
use domain::clock::Span;
use domain::command::{Answering, Command, Ruling};
use domain::course::{Scene, decide};
use domain::problem::{Outcome, PauseReason, State, StateName};
use domain::role::{Actor, Role};
use domain::rules::Rules;
use domain::schedule::Act;
use domain::time::Millis;

fn ruled(to: Ruling) -> Command {
    Command::Rule { ruling: to, unit: Some(建设局.id()) }
}

/// Decision 19.
#[test]
fn a_recalled_dispatch_never_counts() {
    let mut q = Q::dispatched();
    assert!(q.acts().iter().any(|(at, act)| *act == Act::Dispatched && at == "2018-04-16 09:01:00"), "notices wait");
    Q::dispatched().on("2018-04-16 09:01:01", 周, Command::Recall).refused("recall-too-late");
    q.on("2018-04-16 09:01:00", 周, Command::Recall).event("周: recalled").state(StateName::Registered);
    assert!(q.p.handling_units.is_empty() && q.parties(李).is_empty());
    q.on("2018-04-17 09:00", 周, dispatch(Some(财政局), &[])).event("周: dispatched");
    q.due("2018-04-26 17:30").first_due("2018-04-26 17:30");
    let mut received = Q::dispatched();
    received.on("2018-04-16 09:00:30", 陈, Command::Receive).event("陈: received");
    received.on("2018-04-16 09:00:40", 周, Command::Recall).refused("recall-too-late");
}

/// Decision 20.
#[test]
fn assign_names_a_person_of_the_unit() {
    let mut q = Q::dispatched();
    let (case, assign) = (q.case().clone(), || Command::Assign { to: 李.id() });
    q.facts.assignee_units = vec![经发局.id()];
    q.on("2018-04-16 10:00", 陈, assign()).refused("not-a-member");
    q.on("2018-04-16 10:00", 王, assign()).event("王: assigned").stays();
    assert_eq!(q.case().lead.assignee, Some(李.id()));
    assert_eq!(q.case().clock, case.clock);
}

/// Decision 13: its share only, until the same moment, whether or not the lead has received.
#[test]
fn a_supporting_unit_disputes_its_share_in_hand() {
    let mut q = Q::in_hand();
    q.on("2018-04-17 17:30:00", 陈, Command::Dispute).event("陈: disputed").state(StateName::InHand);
    q.on("2018-04-18 09:00", 陈, Command::Dispute).refused("dispute-pending");
    q.wordless("2018-04-18 10:00", 周, ruled(Ruling::Keep)).refused("reason-missing");
    q.on("2018-04-18 10:00", 周, ruled(Ruling::Keep)).event("周: ruled").state(StateName::InHand);
    q.on("2018-04-18 11:00", 陈, Command::Dispute).refused("ruling-is-final");
    Q::in_hand().on("2018-04-17 17:30:01", 陈, Command::Dispute).refused("dispute-too-late");
    let mut received = Q::in_hand();
    received.on("2018-04-16 16:00", 陈, Command::Receive).event("陈: received");
    received.on("2018-04-16 17:00", 陈, Command::Dispute).refused("wrong-state");
}

/// Rule 10: only the receive date of the unit ruled responsible counts anew, not the share's own three workdays.
#[test]
fn a_share_ruled_to_another_unit_keeps_its_date() {
    let mut q = Q::in_hand();
    q.on("2018-04-17 16:00", 陈, Command::Dispute).event("陈: disputed");
    q.on("2018-04-18 10:00", 周, ruled(Ruling::To(商务局.id()))).event("周: ruled").stays();
    let part = &q.case().supports[0];
    assert_eq!((part.unit, part.receive.due(&CALENDAR)), (商务局.id(), at("2018-04-19 17:30")));
    assert_eq!(part.support.unwrap().due(&CALENDAR), at("2018-04-19 17:30"));
    q.due("2018-04-25 17:30");
    q.on("2018-04-18 11:00", 商务局长, Command::Receive).event("商务局长: received").stays();
}

/// A share ruled to a unit of the case takes nothing away from what that unit has done.
#[test]
fn a_share_ruled_to_a_unit_of_the_case_is_no_share_of_its_own() {
    let mut q = Q::registered();
    q.on("2018-04-16 09:00", 周, dispatch(Some(经发局), &[建设局, 商务局])).event("周: dispatched");
    q.on("2018-04-16 10:00", 商务局长, Command::Receive).event("商务局长: received");
    q.on("2018-04-16 11:00", 陈, Command::Dispute).event("陈: disputed");
    q.on("2018-04-16 12:00", 周, ruled(Ruling::To(商务局.id()))).event("周: ruled").stays();
    let supports = &q.case().supports;
    assert_eq!((supports.len(), supports[0].unit, supports[0].received.is_some()), (1, 商务局.id(), true));
    assert!(q.parties(陈).is_empty());
}

/// Decision 5: an answer ends a pause; while asked for, nothing is decided yet.
#[test]
fn an_answer_ends_a_pause() {
    let mut q = Q::in_hand();
    q.on("2018-04-17 10:00", 王, Command::AskPause { reason: Some(PauseReason::Expert) }).event("王: pause-asked");
    q.on("2018-04-18 10:00", 周, Command::DecidePause { grant: true }).event("周: pause-decided");
    q.on("2018-04-18 10:00", 周, Command::DecidePause { grant: true }).refused("no-request");
    q.on("2018-04-19 10:00", 李, answer(Outcome::Solved)).event("李: answered");
    assert!(!q.case().clock.is_paused() && !q.p.is_paused());
}

/// Decisions 6 and 16: duplicate and withdrawn take effect by being verified, without an application.
#[test]
fn verifying_a_duplicate_or_a_withdrawn_one_ends_it() {
    let mut q = Q::in_hand();
    let other = problem(9, 东海机械);
    let duplicate =
        Command::Answer { answering: Answering { duplicate_of: Some(other.id), ..answering(Outcome::Duplicate) } };
    q.on("2018-04-18 10:00", 李, duplicate.clone()).refused("duplicate-needs-original");
    q.facts.other = Some(other.clone());
    q.on("2018-04-18 10:00", 李, duplicate).event("李: answered");
    q.on("2018-04-19 10:00", 周, Command::Verify).event("周: verified").state(StateName::Merged);
    assert!(matches!(q.p.state, State::Merged { into, .. } if into == other.id));
    assert!(!q.parties(李).is_empty(), "its units still see it");
    let mut q = Q::answered("2018-04-24 10:00", Outcome::Withdrawn);
    q.on("2018-04-24 11:00", 何, Command::Verify).event("何: verified").state(StateName::Withdrawn);
}

/// Silence counts what was tried since the answer that it is silent about.
#[test]
fn attempts_before_the_answer_are_no_silence() {
    let a = Q::in_hand();
    let mut q = Q::of(problem(2, 东海机械));
    q.facts.other = Some(a.p.clone());
    q.on("2018-04-17 09:00", 周, Command::Merge { into: a.p.id }).event("周: merged");
    q.on("2018-04-17 10:00", 何, no_answer()).event("何: contacted");
    q.on("2018-04-18 10:00", 周, no_answer()).event("周: contacted");
    q.facts.other = Some(Q::verified("2018-04-24", Outcome::Solved).p);
    q.on("2018-05-08 10:00", 周, Command::Close).refused("close-incomplete").missing("reporter");
}

/// Decision 3: the head of a bureau handles what its division leads.
#[test]
fn a_head_above_the_lead_is_a_handler() {
    let mut q = Q::answered("2018-04-24 10:00", Outcome::Solved);
    q.on("2018-04-24 11:00", 李, Command::Apply).event("李: applied");
    let bureau = 管委会.id();
    let Actor::Person { id, mut hats, .. } = 周.actor() else { panic!() };
    hats.push(domain::role::Hat { role: Role::Head, unit: bureau, of: id, within: vec![bureau] });
    let actor = Actor::Person { id, hats, reporter: None };
    let parties = access::parties(&actor, &q.p, &|unit| if unit == 经发局.id() { vec![bureau] } else { vec![] });
    let (rules, facts, now) = (Rules::default(), Default::default(), at("2018-04-25 10:00"));
    let scene = Scene { actor: &actor, parties: &parties, now, calendar: &CALENDAR, rules: &rules, facts: &facts };
    let order = domain::command::Order {
        command: Command::Verify,
        words: String::new(),
        rest: String::new(),
        seen: q.p.revision,
    };
    assert_eq!(decide(&q.p, &order, &scene).unwrap_err().code(), "verifier-is-handler");
}

/// Categories counted in hours: the unit hears of lateness at once, by night too (`deadlines.md`, "Notices").
#[test]
fn an_hourly_problem_is_told_at_once() {
    let mut q = Q::registered();
    q.p.lead_span = Span::Hours(12);
    q.on("2018-04-16 09:00", 周, dispatch(Some(经发局), &[])).event("周: dispatched");
    q.due("2018-04-16 21:00");
    let told =
        q.acts().into_iter().find(|(_, act)| matches!(act, Act::Overdue { clock, level: 0 } if clock.what == "lead"));
    assert_eq!(told.map(|(at, _)| at), Some(at("2018-04-16 21:00").plus(1).second()));
    assert_eq!(q.case().first_due, Millis::at(day("2018-04-16"), 21 * 3_600_000));
}
