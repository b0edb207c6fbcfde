//! In hand: S25 to S42.

use crate::world::*;
use domain::command::{Answering, Command, PlannedStep};
use domain::light::Light;
use domain::problem::{Outcome, PauseReason, StateName, Tier};

fn extension(until: &str) -> Command {
    Command::AskExtension { until: day(until) }
}

/// S28, the supporting unit being done.
fn asked() -> Q {
    let mut q = Q::supported();
    q.on("2018-04-24 17:30:00", 王, extension("2018-05-04")).event("王: extension-asked").stays();
    q
}

fn granted() -> Q {
    let mut q = asked();
    q.on("2018-04-25 09:00", 周, Command::DecideExtension { grant: true }).event("周: extension-decided").stays();
    q
}

#[test]
fn s25_support_contributes() {
    let mut q = Q::in_hand();
    let given = Command::Support { evidence: vec![photo()] };
    q.on("2018-04-19 16:00", 陈, given).event("陈: supported").state(StateName::InHand);
    let part = &q.case().supports[0];
    assert!(part.supported.unwrap().at <= part.support.unwrap().due(&CALENDAR), "on time");
    assert_eq!(q.case().evidence.len(), 1);
    // What it adds later does not make late what was on time.
    q.on("2018-04-24 16:00", 陈, Command::Support { evidence: vec![] }).event("陈: supported");
    assert_eq!(q.case().supports[0].supported.unwrap().at, at("2018-04-19 16:00"));
}

#[test]
fn s26_support_cannot_answer() {
    Q::in_hand().on("2018-04-19 16:00", 陈, answer(Outcome::Solved)).refused("lead-unit-only");
}

#[test]
fn s27_the_lead_answers_without_support() {
    let mut q = Q::in_hand();
    q.on("2018-04-24 10:00", 李, answer(Outcome::Solved)).event("李: answered").state(StateName::Answered);
    assert!(q.case().supports[0].supported.is_none(), "the missing contribution is still named");
}

#[test]
fn s28_extension_asked_in_time() {
    asked().state(StateName::InHand).due("2018-04-25 17:30");
}

#[test]
fn s29_extension_asked_too_late() {
    let mut q = Q::in_hand();
    let refused = q.on("2018-04-24 17:30:01", 王, extension("2018-05-04")).refused("extension-too-late");
    refused.date("at", "2018-04-24 17:30");
}

#[test]
fn s30_extension_granted() {
    let q = granted();
    q.due("2018-05-04 17:30").first_due("2018-04-25 17:30").light("2018-04-26 09:00", Light::None);
}

#[test]
fn s31_extension_refused() {
    let mut q = asked();
    q.on("2018-04-25 09:00", 周, Command::DecideExtension { grant: false }).event("周: extension-decided").stays();
    q.due("2018-04-25 17:30");
    q.light("2018-04-25 09:00", Light::Yellow).light("2018-04-25 17:30:00", Light::Yellow);
    q.light("2018-04-25 17:30:01", Light::Red);
}

#[test]
fn s32_second_extension() {
    let mut q = granted();
    q.on("2018-05-02 09:00", 王, extension("2018-05-11")).refused("extension-limit").param("n", "1");
}

#[test]
fn s33_extension_backwards() {
    let mut q = Q::in_hand();
    let refused = q.on("2018-04-20 09:00", 王, extension("2018-04-25")).refused("extension-date-not-later");
    refused.date("due", "2018-04-25 17:30");
}

#[test]
fn s34_pause() {
    let mut q = Q::in_hand();
    let ask = Command::AskPause { reason: Some(PauseReason::Papers) };
    q.on("2018-04-17 10:00", 王, ask).event("王: pause-asked").state(StateName::InHand);
    q.due("2018-04-25 17:30");
    q.on("2018-04-18 10:00", 周, Command::DecidePause { grant: true })
        .event("周: pause-decided")
        .state(StateName::InHand);
    q.no_due().first_due("2018-04-25 17:30").light("2018-04-20 10:00", Light::Paused);
    q.on("2018-04-23 10:00", 周, Command::Resume).event("周: resumed").state(StateName::InHand);
    q.due("2018-04-28 17:30").first_due("2018-04-25 17:30");
    q.on("2018-04-23 11:00", 周, Command::Resume).refused("not-paused");
}

#[test]
fn s35_pause_for_a_bad_reason() {
    Q::in_hand().on("2018-04-17 10:00", 王, Command::AskPause { reason: None }).refused("pause-reason-not-allowed");
}

#[test]
fn s36_pause_after_due() {
    let ask = Command::AskPause { reason: Some(PauseReason::Papers) };
    Q::in_hand().on("2018-04-26 09:00", 王, ask).refused("overdue-no-pause");
}

#[test]
fn s37_raise_the_tier() {
    let mut q = Q::in_hand();
    let clock = q.case().clock.clone();
    q.on("2018-04-17 10:00", 周, Command::Raise { tier: Tier::Committee }).event("周: raised").stays();
    assert_eq!((q.p.tier, &q.case().clock), (Tier::Committee, &clock));
    q.on("2018-04-17 10:01", 周, Command::Raise { tier: Tier::Spot }).refused("tier-not-higher");
}

#[test]
fn s38_board() {
    let mut q = Q::in_hand();
    let step = |what: &str, due| PlannedStep { what: what.into(), due: day(due) };
    let steps = vec![step("开工", "2018-04-20"), step("通水", "2018-04-24")];
    let board = |leader: Option<Who>, milestones| Command::Board { leader: leader.map(Who::id), milestones };
    q.on("2018-04-17 10:00", 吴, board(None, steps.clone())).refused("board-needs-leader");
    q.on("2018-04-17 10:00", 吴, board(Some(郑), vec![])).refused("board-needs-milestones");
    q.on("2018-04-17 10:00", 吴, board(Some(郑), steps.clone())).event("吴: boarded").state(StateName::InHand);
    assert_eq!(q.p.board.as_ref().unwrap().milestones.len(), 2);
    q.on("2018-04-17 10:01", 吴, board(Some(郑), steps)).refused("already-on-board");
    q.on("2018-04-20 10:00", 李, Command::Milestone { number: 1 }).event("李: milestone-reported").stays();
    q.on("2018-04-20 10:00", 李, Command::Milestone { number: 3 }).refused("milestone-unknown");
}

/// A moment of the past asks the problem as it stood then: the store keeps every revision.
#[test]
fn s39_the_light_is_computed() {
    let q = Q::supported();
    let before = q.p.clone();
    q.light("2018-04-20 09:00", Light::None)
        .light("2018-04-23 09:00", Light::Blue)
        .light("2018-04-24 09:00", Light::Blue);
    q.light("2018-04-25 17:30:00", Light::Yellow).light("2018-04-25 17:30:01", Light::Red);
    q.light("2018-04-20 09:00", Light::None);
    assert_eq!(q.p, before);
}

/// Number and answer date of the slip are given by the store; the problem counts them.
#[test]
fn s40_slip() {
    let mut q = Q::supported();
    let slip = |light| Command::Slip { light };
    q.on("2018-04-23 10:00", 吴, slip(Light::Red))
        .refused("slip-above-light")
        .param("light", "blue")
        .param("slip", "red");
    q.on("2018-04-23 10:00", 吴, slip(Light::Blue)).event("吴: slip-issued").stays();
    q.on("2018-04-26 10:00", 吴, slip(Light::Red)).event("吴: slip-issued").stays();
    assert_eq!(q.p.slips, 2);
    q.on("2018-04-26 10:00", 吴, slip(Light::None)).refused("slip-above-light");
}

#[test]
fn s41_an_answer_needs_a_typed_outcome() {
    let give = |answering: Answering, rest: bool| {
        let (mut q, command) = (Q::in_hand(), Command::Answer { answering });
        if rest { q.on("2018-04-24 10:00", 李, command) } else { q.wordless("2018-04-24 10:00", 李, command) }
    };
    give(Answering::default(), true).refused("outcome-missing");
    give(Answering { outcome: Some(Outcome::Solved), ..Answering::default() }, true).refused("evidence-missing");
    let blank = vec![Default::default()];
    give(Answering { outcome: Some(Outcome::Solved), evidence: blank, ..Answering::default() }, true)
        .refused("evidence-missing");
    give(answering(Outcome::Partly), false).refused("partly-needs-rest");
    give(answering(Outcome::Planned), true).refused("outcome-needs-date");
    let planned = |date| give(Answering { date: Some(day(date)), ..answering(Outcome::Planned) }, true);
    planned("2018-04-24").refused("planned-date-invalid");
    planned("2019-04-25").refused("planned-date-invalid");
    planned("2018-04-25").event("李: answered");
    planned("2019-04-24").event("李: answered");
    give(answering(Outcome::Partly), true).event("李: answered").state(StateName::Answered);
}

#[test]
fn s42_not_ours_but_inside() {
    let mut q = Q::in_hand();
    q.facts.inside = Some("商务局".into());
    let command =
        Command::Answer { answering: Answering { outside: "商务局".into(), ..answering(Outcome::NotOurs) } };
    let refused = q.on("2018-04-24 10:00", 李, command).refused("not-ours-inside").param("unit", "商务局");
    assert!(refused.say().zh.starts_with("商务局在本次行动之内"));
}
