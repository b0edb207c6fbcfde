//! Register, triage, dispatch: S01 to S10.

use crate::world::*;
use domain::access::{Scope, scope};
use domain::command::Command;
use domain::id::ProblemId;
use domain::problem::{Outcome, Problem, Satisfaction, State, StateName, Tier, Urgency, Verdict};

/// B, reported by 东海机械, the same matter as A.
fn b() -> Q {
    let mut q = Q::of(problem(2, 东海机械));
    let triage = Command::Triage { category: None, tier: Tier::Unit, urgency: Urgency::Ordinary };
    q.on("2018-04-17 09:00", 周, triage).event("周: triaged");
    q
}

/// B merged into `a`, with `a` as it stands now for what B reads from it.
fn merged_into(a: &Problem) -> Q {
    let mut q = b();
    q.facts.other = Some(a.clone());
    q.on("2018-04-18 09:00", 周, Command::Merge { into: a.id }).event("周: merged").state(StateName::Merged);
    q
}

#[test]
fn s01_dispatch_starts_the_clock() {
    let mut q = Q::registered();
    q.on("2018-04-16 09:00", 周, dispatch(Some(经发局), &[建设局]))
        .event("周: dispatched")
        .state(StateName::Dispatched);
    let case = q.case();
    assert_eq!((case.lead.unit, case.supports[0].unit), (经发局.id(), 建设局.id()));
    for part in [&case.lead, &case.supports[0]] {
        assert_eq!(part.receive.due(&CALENDAR), at("2018-04-17 17:30"));
    }
    assert_eq!(case.supports[0].support.unwrap().due(&CALENDAR), at("2018-04-19 17:30"));
    q.due("2018-04-25 17:30").first_due("2018-04-25 17:30");
}

#[test]
fn s02_no_lead() {
    let mut q = Q::registered();
    q.on("2018-04-16 09:00", 周, dispatch(None, &[建设局])).refused("lead-missing");
    q.state(StateName::Registered);
}

#[test]
fn s03_one_unit_twice() {
    let mut q = Q::registered();
    q.on("2018-04-16 09:00", 周, dispatch(Some(经发局), &[经发局])).refused("lead-is-support");
    q.state(StateName::Registered);
}

/// That the reporter reads the reason in plain words is the page's business; it is sealed in this event.
#[test]
fn s04_refuse_with_reason() {
    let mut q = Q::registered();
    q.wordless("2018-04-16 09:00", 周, Command::Refuse).refused("reason-missing");
    q.state(StateName::Registered);
    q.on("2018-04-16 09:00", 周, Command::Refuse).event("周: refused").state(StateName::Refused);
}

/// That an unknown id is answered alike is for the store; here the same refusal without any parameter.
#[test]
fn s05_a_unit_cannot_see_what_was_not_dispatched_to_it() {
    let mut q = Q::registered();
    assert!(q.parties(李).is_empty());
    let triage = Command::Triage { category: None, tier: Tier::Unit, urgency: Urgency::Ordinary };
    let refused = q.on("2018-04-16 09:00", 李, triage).refused("not-found");
    assert!(refused.refusal.params().is_empty());
    let Scope::Of { units, officers, reporter } = scope(&李.actor()) else { panic!() };
    assert_eq!((units, officers, reporter), (vec![经发局.id()], vec![], None));
}

/// That A shows two reporters is read from the merged ones in the store.
#[test]
fn s06_a_merge_keeps_the_second_reporter() {
    let a = Q::in_hand();
    let before = b();
    let q = merged_into(&a.p);
    let State::Merged { into, .. } = q.p.state else { panic!() };
    assert_eq!(into, a.p.id);
    a.state(StateName::InHand);
    assert_eq!(q.p.reporter, Some(东海机械.reporter()));
    assert_eq!((q.p.id, &q.p.digest), (before.p.id, &before.p.digest));
}

#[test]
fn s07_each_rates_for_himself() {
    let mut a = Q::verified("2018-04-24", Outcome::Solved);
    let mut q = merged_into(&Q::in_hand().p);
    a.on("2018-04-25 09:00", 泰和电子, yes()).event("泰和电子: rated");
    q.facts.other = Some(a.p.clone());
    q.on("2018-04-25 09:30", 东海机械, no()).event("东海机械: rated").stays();
    q.on("2018-04-25 10:00", 周, Command::Close).refused("close-incomplete").missing("reporter");
    assert_eq!(q.p.ratings.len() + a.p.ratings.len(), 2);
    a.on("2018-04-25 10:00", 周, Command::Close).event("周: closed");
}

#[test]
fn s08_the_merged_one_has_its_own_close() {
    let mut a = Q::verified("2018-04-24", Outcome::Solved);
    let mut q = merged_into(&Q::in_hand().p);
    q.facts.other = Some(a.p.clone());
    q.on("2018-04-25 09:30", 东海机械, no()).event("东海机械: rated");
    a.on("2018-04-25 11:00", 周, Command::Redo).event("周: redo-ordered").state(StateName::InHand);
    q.facts.other = Some(a.p.clone());
    q.on("2018-04-25 11:30", 周, Command::Close)
        .refused("close-incomplete")
        .missing("application verification reporter");
    a.on("2018-04-26 09:00", 李, answer(Outcome::Solved)).event("李: answered");
    a.on("2018-04-26 09:05", 李, Command::Apply).event("李: applied");
    a.on("2018-04-26 10:00", 何, Command::Verify).event("何: verified");
    q.facts.other = Some(a.p.clone());
    let mostly = Command::Rate { verdict: Verdict::Yes, satisfaction: Satisfaction::Mostly };
    q.on("2018-04-26 11:00", 东海机械, mostly).event("东海机械: rated");
    let before = a.p.clone();
    q.on("2018-04-26 15:00", 周, Command::Close).event("周: closed").state(StateName::Merged);
    let State::Merged { closing: Some(closing), .. } = &q.p.state else { panic!() };
    assert_eq!(closing.closed.at, at("2018-04-26 15:00"));
    assert_eq!(a.p, before);
    assert_eq!(q.p.ratings.iter().map(|it| it.verdict).collect::<Vec<_>>(), [Verdict::No, Verdict::Yes]);
    // Its close happens once: a second one would move the time and count twice.
    q.on("2018-04-27 15:00", 周, Command::Close).refused("wrong-state").param("state", "merged");
}

#[test]
fn s09_merge_into_itself() {
    let mut a = Q::registered();
    let q = merged_into(&a.p);
    a.facts.other = Some(q.p.clone());
    a.facts.other_is_merged_into_this = true;
    a.on("2018-04-18 10:00", 周, Command::Merge { into: q.p.id }).refused("merge-into-itself");
    let own: ProblemId = a.p.id;
    a.on("2018-04-18 10:00", 周, Command::Merge { into: own }).refused("merge-into-itself");
    a.state(StateName::Registered);
}

#[test]
fn s10_merge_into_a_closed_one() {
    let mut q = b();
    q.facts.other = Some(Q::closed().p);
    q.on("2018-04-27 09:00", 周, Command::Merge { into: Q::closed().p.id }).refused("merge-target-ended");
    q.state(StateName::Registered);
}
