//! Receive, dispute, rule: S11 to S24.

use crate::world::*;
use domain::command::{Command, Ruling};
use domain::light::Light;
use domain::problem::StateName;
use domain::schedule::{Act, Desk};

const KEEP: Command = Command::Rule { ruling: Ruling::Keep, unit: None };

fn to(unit: Unit) -> Command {
    Command::Rule { ruling: Ruling::To(unit.id()), unit: None }
}

/// S14: disputed at the last second.
fn disputed() -> Q {
    let mut q = Q::dispatched();
    q.on("2018-04-17 17:30:00", 王, Command::Dispute).event("王: disputed").stays();
    q
}

/// S20.
fn ruled_to_another() -> Q {
    let mut q = disputed();
    q.on("2018-04-18 10:00", 周, to(商务局)).event("周: ruled").stays();
    q
}

#[test]
fn s11_receive() {
    let mut q = Q::dispatched();
    q.on("2018-04-16 15:00", 李, Command::Receive).event("李: received").state(StateName::InHand);
    q.due("2018-04-25 17:30");
    assert!(q.case().supports[0].received.is_none());
}

#[test]
fn s12_support_receives() {
    let mut q = Q::in_hand();
    q.on("2018-04-16 16:00", 陈, Command::Receive).event("陈: received").state(StateName::InHand);
    assert_eq!(q.case().supports[0].received.unwrap().by, Some(陈.id()));
    q.on("2018-04-16 16:01", 陈, Command::Receive).refused("wrong-state");
}

/// That several servers write one `reminded` only is for the store; here the one instant at which it falls due.
#[test]
fn s13_not_received_in_time() {
    let mut q = Q::dispatched();
    q.light("2018-04-17 17:30:00", Light::None).light("2018-04-17 17:30:01", Light::Yellow);
    let receive = |unit: Unit, level| {
        let found = q.acts().into_iter().filter(|(_, act)| match act {
            Act::Overdue { clock, level: it } => {
                clock.what == "receive" && clock.desk == Desk::Unit(unit.id()) && *it == level
            }
            _ => false,
        });
        found.map(|(at, _)| at).collect::<Vec<_>>()
    };
    assert_eq!(receive(经发局, 0), ["2018-04-18 08:30:00"]);
    assert_eq!(receive(经发局, 1), ["2018-04-19 08:30:00"]);
    assert_eq!(receive(经发局, 2), ["2018-04-20 08:30:00"]);
    assert_eq!(receive(建设局, 0), ["2018-04-18 08:30:00"]);
    q.on("2018-04-18 08:30", System, Command::Remind { about: "receive".into() }).event("system: reminded").stays();
}

#[test]
fn s14_dispute_in_time() {
    let q = disputed();
    q.state(StateName::Dispatched).due("2018-04-25 17:30").first_due("2018-04-25 17:30");
    assert!(q.case().lead.disputed.is_some());
}

#[test]
fn s15_dispute_one_second_late() {
    let mut q = Q::dispatched();
    q.on("2018-04-17 17:30:01", 王, Command::Dispute).refused("dispute-too-late").date("at", "2018-04-17 17:30");
}

#[test]
fn s16_a_clerk_cannot_dispute() {
    Q::dispatched().on("2018-04-17 10:00", 李, Command::Dispute).refused("needs-unit-head");
}

/// That the typed form is kept is for the page.
#[test]
fn s17_dispute_without_reason() {
    Q::dispatched().wordless("2018-04-17 10:00", 王, Command::Dispute).refused("reason-missing");
}

fn kept() -> Q {
    let mut q = disputed();
    q.on("2018-04-18 10:00", 周, KEEP).event("周: ruled").stays();
    q
}

#[test]
fn s18_ruled_keep() {
    let q = kept();
    assert_eq!(q.case().lead.receive.due(&CALENDAR), at("2018-04-19 17:30"));
    assert_eq!(q.case().lead.unit, 经发局.id());
    q.state(StateName::Dispatched).due("2018-04-25 17:30");
}

#[test]
fn s19_second_dispute() {
    kept().on("2018-04-18 11:00", 王, Command::Dispute).refused("ruling-is-final");
}

/// Old and new unit stand in the problem before and after, from which the store tells the event.
#[test]
fn s20_ruled_to_another_unit() {
    let mut q = ruled_to_another();
    q.state(StateName::Dispatched).due("2018-04-25 17:30").first_due("2018-04-25 17:30");
    assert_eq!(q.case().lead.unit, 商务局.id());
    assert_eq!(q.case().lead.receive.due(&CALENDAR), at("2018-04-19 17:30"));
    for who in [李, 王] {
        assert!(q.parties(who).is_empty());
        q.on("2018-04-18 11:00", who, Command::Receive).refused("not-found");
    }
    q.on("2018-04-19 17:30", 商务局长, Command::Receive).event("商务局长: received").state(StateName::InHand);
}

#[test]
fn s21_the_new_unit_disputes() {
    ruled_to_another().on("2018-04-18 11:00", 商务局长, Command::Dispute).refused("ruling-is-final");
}

#[test]
fn s22_ruling_without_dispute() {
    Q::dispatched().on("2018-04-17 10:00", 周, KEEP).refused("no-dispute");
}

#[test]
fn s23_receiving_ends_ones_own_dispute() {
    let mut q = disputed();
    let told = q.on("2018-04-18 09:00", 李, Command::Receive).event("李: received").state(StateName::InHand);
    // Taken back: waiting before, not after.
    assert!(told.result.unwrap().after.state.case().unwrap().lead.disputed.is_none());
    q.on("2018-04-18 10:00", 周, KEEP).refused("no-dispute");
}

#[test]
fn s24_dispute_after_receipt() {
    let mut q = Q::in_hand();
    q.on("2018-04-17 09:00", 王, Command::Dispute)
        .refused("wrong-state")
        .param("state", "in-hand")
        .param("command", "dispute")
        .param("possible", "note evidence ask-extension ask-pause resume milestone answer assign");
}
