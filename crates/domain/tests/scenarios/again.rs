//! Planned, closed, reopened: S54 to S56.

use crate::world::*;
use domain::command::{Answering, Command};
use domain::problem::{Outcome, StateName};
use domain::schedule::Act;
use domain::time::Millis;

/// S54: answered planned for 2018-05-14.
fn planned() -> Q {
    let mut q = Q::supported();
    let answering = Answering { date: Some(day("2018-05-14")), ..answering(Outcome::Planned) };
    q.on("2018-04-24 10:00", 李, Command::Answer { answering }).event("李: answered").state(StateName::Answered);
    q
}

/// That three servers write `woken` once is for the store; here the instant, and that it is effective from then.
#[test]
fn s54_planned_wakes() {
    let mut q = planned();
    q.on("2018-04-25 09:00", 周, Command::Close).refused("planned-cannot-close");
    q.on("2018-04-25 10:00", 周, Command::Verify).event("周: verified").state(StateName::Planned);
    q.on("2018-04-25 11:00", 周, Command::Close).refused("wrong-state").param("state", "planned");
    let wakes: Vec<_> = q.acts().into_iter().filter(|(_, act)| *act == Act::Wake).map(|(at, _)| at).collect();
    assert_eq!(wakes, ["2018-05-14 00:00:00"]);
    let early = q.on("2018-05-13 23:59:59", System, Command::Wake).refused("not-yet-due").param("date", "2018-05-14");
    assert_eq!(early.say().zh, "计划日期2018-05-14未到。");
    q.wordless("2018-05-10 09:00", 周, Command::Wake).refused("reason-missing");
    // Written later, after an outage; effective that morning.
    let told = q.wordless("2018-05-14 07:13", System, Command::Wake).event("system: woken").state(StateName::InHand);
    assert_eq!(told.result.unwrap().at, at("2018-05-14 00:00"));
    q.due("2018-05-23 17:30").first_due("2018-04-25 17:30");
    q.on("2018-05-14 07:14", System, Command::Wake).refused("wrong-state");
}

#[test]
fn s54_planned_wakes_on_the_stroke() {
    let mut q = planned();
    q.on("2018-04-25 10:00", 周, Command::Verify).event("周: verified");
    q.wordless("2018-05-14 00:00:00", System, Command::Wake).event("system: woken").state(StateName::InHand);
    q.due("2018-05-23 17:30");
}

#[test]
fn s55_reopen() {
    let mut q = Q::closed();
    q.wordless("2018-05-21 09:30", 泰和电子, Command::Reopen).refused("reason-missing");
    q.on("2018-05-21 09:30", 泰和电子, Command::Reopen).event("泰和电子: reopened").state(StateName::InHand);
    assert_eq!((q.p.reopened, q.p.relapsed, q.case().lead.unit), (1, 0, 经发局.id()));
    q.due("2018-05-30 17:30").first_due("2018-04-25 17:30");
    Q::closed().on("2018-05-28 17:30:00", 泰和电子, Command::Reopen).event("泰和电子: reopened");
    Q::closed().on("2018-05-28 17:30:01", 泰和电子, Command::Reopen).refused("reopen-window-passed");
}

#[test]
fn s55_a_first_rating_after_closing_has_the_same_limit() {
    let silent = || {
        let mut q = Q::verified("2018-04-17", Outcome::Solved);
        q.on("2018-04-18 10:00", 何, no_answer()).event("何: contacted");
        q.on("2018-04-19 10:00", 周, no_answer()).event("周: contacted");
        q.on("2018-04-26 17:31", 周, Command::Close).event("周: closed");
        q
    };
    silent().on("2018-05-28 17:30:00", 泰和电子, no()).event("泰和电子: rated").stays();
    let refused = silent().on("2018-05-28 17:30:01", 泰和电子, no()).refused("rating-expired");
    refused.date("at", "2018-05-28 17:30");
    let mut rated = Q::closed();
    rated.on("2018-05-28 17:30:01", 泰和电子, no()).refused("already-rated");
}

#[test]
fn s56_relapse() {
    let mut q = Q::closed();
    q.on("2018-07-25 10:00", 何, Command::FollowUp).event("何: followed-up").stays();
    q.wordless("2018-07-25 10:30", 何, Command::Relapse).refused("reason-missing");
    q.on("2018-07-25 10:30", 何, Command::Relapse).event("何: relapsed").state(StateName::InHand);
    assert_eq!((q.p.relapsed, q.p.reopened), (1, 0));
    let due: Millis = CALENDAR.tick(CALENDAR.plus_workdays(day("2018-07-25"), 7));
    q.due(&due.minute()).first_due("2018-04-25 17:30");
}
