//! Answered, gate, closing: S43 to S53.

use crate::world::*;
use domain::command::{Command, PlannedStep};
use domain::problem::{Board, ClosedBy, Outcome, Satisfaction, Stamp, State, StateName, Verdict};
use domain::refusal::Missing;
use domain::schedule::Act;

fn closed_by(q: &Q) -> ClosedBy {
    let State::Closed { closing, .. } = &q.p.state else { panic!("not closed") };
    closing.by
}

/// On the board before anything else happens at InHand.
fn boarded(mut q: Q) -> Q {
    q.p.board = Some(Board {
        since: Stamp { at: at("2018-04-17 10:00"), by: Some(吴.id()) },
        leader: 郑.id(),
        milestones: vec![],
    });
    q
}

/// S48: silent since 2018-05-02 17:30.
fn silent() -> Q {
    let mut q = Q::verified("2018-04-20", Outcome::Solved);
    q.on("2018-04-23 10:00", 何, no_answer()).event("何: contacted").stays();
    q.on("2018-04-24 10:00", 周, no_answer()).event("周: contacted").stays();
    q
}

#[test]
fn s43_the_whole_gate() {
    let q = Q::closed();
    assert_eq!(closed_by(&q), ClosedBy::Word);
    let follow_ups = q.acts().into_iter().filter(|(_, act)| matches!(act, Act::FollowUp { .. }));
    let dates: Vec<String> = follow_ups.map(|(at, _)| at[..10].to_owned()).collect();
    assert_eq!(dates, ["2018-05-28", "2018-07-25", "2019-04-26"]);
}

#[test]
fn s44_everything_missing() {
    let mut q = boarded(Q::answered("2018-04-24 10:00", Outcome::Solved));
    q.p.evidence_items = vec!["photo after".into()];
    let refused = q.on("2018-04-24 10:01", 周, Command::Close).refused("close-incomplete");
    let zh = refused.say().zh;
    refused.missing("evidence application verification reporter signature");
    assert_eq!(zh, "还不能销号，缺：办理依据、销号申请、核验、反映人意见、督查签字。");
    assert_eq!(Missing::Evidence.words().0, "evidence");
}

#[test]
fn s45_one_part_each() {
    let close = |q: &mut Q| q.on("2018-04-26 15:00", 周, Command::Close).refused("close-incomplete");
    let mut unapplied = Q::answered("2018-04-24 10:00", Outcome::Solved);
    unapplied.on("2018-04-25 10:00", 何, Command::Verify).refused("not-applied");
    unapplied.on("2018-04-26 09:00", 泰和电子, yes()).event("泰和电子: rated");
    close(&mut unapplied).missing("application verification");
    let mut unverified = Q::answered("2018-04-24 10:00", Outcome::Solved);
    unverified.on("2018-04-24 11:00", 李, Command::Apply).event("李: applied");
    unverified.on("2018-04-26 09:00", 泰和电子, yes()).event("泰和电子: rated");
    close(&mut unverified).missing("verification");
    let mut unrated = Q::verified("2018-04-24", Outcome::Solved);
    close(&mut unrated).missing("reporter");
    let mut unsigned = boarded(Q::verified("2018-04-24", Outcome::Solved));
    unsigned.on("2018-04-26 09:00", 泰和电子, yes()).event("泰和电子: rated");
    close(&mut unsigned).missing("signature");
}

#[test]
fn s46_apply_with_gaps() {
    let mut q = Q::answered("2018-04-24 10:00", Outcome::Solved);
    q.p.evidence_items = vec!["现场照片".into(), "photo after".into()];
    let refused =
        q.on("2018-04-24 11:00", 李, Command::Apply).refused("evidence-incomplete").param("items", "photo after");
    assert_eq!(refused.say().zh, "申请销号前须补齐：photo after。");
}

#[test]
fn s47_the_verifier_is_a_handler() {
    let mut q = Q::registered();
    q.on("2018-04-16 09:00", 周, dispatch(Some(财政局), &[])).event("周: dispatched");
    let mut answered = Q::answered("2018-04-24 10:00", Outcome::Solved);
    answered.on("2018-04-24 11:00", 李, Command::Apply).event("李: applied");
    answered.on("2018-04-24 12:00", 李, Command::Verify).refused("not-your-role");
    // The same answer in a case that 何's own unit leads.
    answered.p.handling_units = q.p.handling_units.clone();
    answered.on("2018-04-25 10:00", 何, Command::Verify).refused("verifier-is-handler");
    answered.on("2018-04-25 10:00", 何, no_answer()).refused("contact-by-handler");
    answered.on("2018-04-25 10:00", 何, yes()).refused("rater-is-handler");
    answered.on("2018-04-25 10:00", 泰和电子, yes()).event("泰和电子: rated");
}

#[test]
fn s48_silence() {
    let mut q = silent();
    q.on("2018-05-02 17:30:00", 周, Command::Close).refused("close-incomplete").missing("reporter");
    q.on("2018-05-02 17:30:01", 周, Command::Close).event("周: closed").state(StateName::Closed);
    assert_eq!(closed_by(&q), ClosedBy::Silence);
    assert!(q.p.ratings.is_empty(), "neither satisfied nor rated");
}

#[test]
fn s49_two_attempts_on_one_day_are_one() {
    let mut q = Q::verified("2018-04-20", Outcome::Solved);
    q.on("2018-04-24 09:00", 何, no_answer()).event("何: contacted");
    q.on("2018-04-24 16:00", 周, no_answer()).event("周: contacted");
    q.on("2018-05-08 09:00", 周, Command::Close).refused("close-incomplete").missing("reporter");
}

#[test]
fn s50_a_word_ends_the_silence() {
    let mut q = silent();
    q.on("2018-04-27 09:00", 泰和电子, no()).event("泰和电子: rated");
    q.on("2018-05-03 09:00", 周, Command::Close).refused("close-incomplete").missing("reporter");
    let mut q = silent();
    q.on("2018-04-27 09:00", 周, Command::Contact { reached: true }).event("周: contacted");
    q.on("2018-05-03 09:00", 周, Command::Close).refused("close-incomplete").missing("reporter");
}

#[test]
fn s51_redo() {
    let mut q = silent();
    q.on("2018-04-27 09:00", 泰和电子, no()).event("泰和电子: rated");
    q.wordless("2018-05-03 10:00", 周, Command::Redo).refused("reason-missing");
    q.on("2018-05-03 10:00", 周, Command::Redo).event("周: redo-ordered").state(StateName::InHand);
    q.due("2018-05-08 17:30").first_due("2018-04-25 17:30");
    assert_eq!(q.p.ratings.len(), 1, "the rating stays in the history");
    q.on("2018-05-04 09:00", 李, answer(Outcome::Solved)).event("李: answered");
    let close = q.on("2018-05-04 10:00", 周, Command::Close).refused("close-incomplete");
    close.missing("application verification reporter");
    q.on("2018-05-04 11:00", 泰和电子, yes()).event("泰和电子: rated");
}

#[test]
fn s52_unsatisfied_yet_lawful() {
    let mut q = Q::verified("2018-04-24", Outcome::Explained);
    q.on("2018-04-25 09:00", 吴, Command::Sign).refused("nothing-to-sign");
    q.on("2018-04-25 10:00", 泰和电子, no()).event("泰和电子: rated");
    q.on("2018-04-25 11:00", 周, Command::Close).refused("close-incomplete").missing("signature");
    q.on("2018-04-26 09:00", 吴, Command::Sign).event("吴: signed").stays();
    q.on("2018-04-26 10:00", 周, Command::Close).event("周: closed").state(StateName::Closed);
    assert_eq!(closed_by(&q), ClosedBy::Signature);
    let mut solved = Q::verified("2018-04-24", Outcome::Solved);
    solved.on("2018-04-25 10:00", 泰和电子, no()).event("泰和电子: rated");
    solved.on("2018-04-26 09:00", 吴, Command::Sign).refused("nothing-to-sign");
}

#[test]
fn s53_board_item() {
    let mut q = Q::in_hand();
    let milestones = vec![PlannedStep { what: "通水".into(), due: day("2018-04-24") }];
    q.on("2018-04-17 10:00", 吴, Command::Board { leader: Some(郑.id()), milestones }).event("吴: boarded");
    q.on("2018-04-24 10:00", 李, answer(Outcome::Solved)).event("李: answered");
    q.on("2018-04-24 10:30", 李, Command::Apply).event("李: applied");
    q.on("2018-04-24 10:40", 吴, Command::Sign).refused("not-verified");
    q.on("2018-04-24 11:00", 何, Command::Verify).event("何: verified");
    q.on("2018-04-24 12:00", 泰和电子, yes()).event("泰和电子: rated");
    q.on("2018-04-25 09:00", 周, Command::Close).refused("close-incomplete").missing("signature");
    q.on("2018-04-25 09:00", 周, Command::Sign).refused("not-your-role");
    q.on("2018-04-25 10:00", 吴, Command::Sign).event("吴: signed");
    q.on("2018-04-25 11:00", 周, Command::Close).event("周: closed").state(StateName::Closed);
}

/// Decision 18: partly counts as yes for the outcome partly alone.
#[test]
fn a_partly_fills_the_gate_of_a_partly_solved_one_only() {
    let partly = || Command::Rate { verdict: Verdict::Partly, satisfaction: Satisfaction::Mostly };
    let close = |outcome| {
        let mut q = Q::verified("2018-04-24", outcome);
        q.on("2018-04-25 10:00", 泰和电子, partly()).event("泰和电子: rated");
        q.on("2018-04-25 11:00", 周, Command::Close)
    };
    close(Outcome::Partly).event("周: closed");
    close(Outcome::Explained).refused("close-incomplete").missing("signature");
    close(Outcome::Solved).refused("close-incomplete").missing("reporter");
    close(Outcome::NotOurs).refused("close-incomplete").missing("reporter");
}

/// Decision 8: what supervision signed for the board before the reporter said no is not "not satisfied, yet lawful".
#[test]
fn a_signature_before_the_no_does_not_answer_it() {
    let mut q = boarded(Q::verified("2018-04-24", Outcome::Explained));
    q.on("2018-04-25 09:00", 吴, Command::Sign).event("吴: signed");
    q.on("2018-04-25 10:00", 泰和电子, no()).event("泰和电子: rated");
    q.on("2018-04-25 11:00", 周, Command::Close).refused("close-incomplete").missing("signature");
    q.on("2018-04-25 12:00", 吴, Command::Sign).event("吴: signed");
    q.on("2018-04-25 13:00", 周, Command::Close).event("周: closed");
}
