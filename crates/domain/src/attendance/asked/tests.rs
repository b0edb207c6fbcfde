//! Leave and substitution on their way through the owners.

use super::*;
use crate::attendance::roll::LeaveKind;
use crate::id::SiteId;
use crate::time::Day;
use uuid::Uuid;

const OWNERS: [UnitId; 2] = [UnitId(Uuid::from_u128(11)), UnitId(Uuid::from_u128(12))];

fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

fn leave() -> Leave {
    let (from, to) = (Day::new(2018, 4, 16).unwrap(), Day::new(2018, 4, 18).unwrap());
    Leave { person: person(1), from, to, kind: LeaveKind::Ordinary, approved_at: Some(Millis(1)), approved_by: None }
}

fn substitute() -> Substitute {
    let Leave { from, to, .. } = leave();
    let site = SiteId(Uuid::from_u128(9));
    Substitute { person: person(3), site, instead_of: person(1), from, to, approved_at: Some(Millis(1)) }
}

fn asked() -> Asked<Leave> {
    ask(leave(), &[OWNERS[0], OWNERS[1], OWNERS[0]], person(1), false, Millis(1_000)).unwrap()
}

fn act<T: Approvable + Clone>(
    it: &Asked<T>,
    command: AskCommand,
    words: &str,
    owners: &[UnitId],
    by: u128,
) -> Result<Asked<T>, Refusal> {
    let order = AskOrder { command, words: words.into(), seen: it.revision };
    let scene = AskScene { owners, is_asker: owners.is_empty(), by: person(by), now: Millis(2_000) };
    decide(it, &order, &scene)
}

#[test]
fn leave_is_granted_with_the_last_yes_of_the_owners_and_no_earlier() {
    let it = asked();
    assert_eq!((it.what.approved_at, it.consents.len()), (None, 2), "who asks does not approve");
    let it = act(&it, AskCommand::Grant, "", &OWNERS[..1], 7).unwrap();
    assert_eq!((it.state, it.granted(), it.last.event.as_str()), (AskState::Asked, None, "leave-consented"));
    assert_eq!(it.waits_for().collect::<Vec<_>>(), [OWNERS[1]]);
    assert_eq!(act(&it, AskCommand::Grant, "", &OWNERS[..1], 7), Err(Refusal::NotYourRole), "it has had its say");
    let it = act(&it, AskCommand::Grant, "", &OWNERS[1..], 8).unwrap();
    assert_eq!((it.state, it.last.event.as_str(), it.revision), (AskState::Granted, "leave-granted", 3));
    let granted = it.granted().unwrap();
    assert_eq!((granted.approved_at, granted.approved_by), (Some(Millis(2_000)), Some(person(8))));
    assert_eq!(
        act(&it, AskCommand::Withdraw, "", &[], 1),
        Err(Refusal::AskState { state: AskState::Granted, command: AskCommand::Withdraw })
    );
}

#[test]
fn one_who_acts_for_both_owners_grants_it_at_once() {
    assert_eq!(act(&asked(), AskCommand::Grant, "", &OWNERS, 7).unwrap().state, AskState::Granted);
}

#[test]
fn one_no_refuses_it_and_says_why() {
    let it = act(&asked(), AskCommand::Grant, "", &OWNERS[..1], 7).unwrap();
    assert_eq!(act(&it, AskCommand::Refuse, " ", &OWNERS[1..], 8), Err(Refusal::ReasonMissing));
    let it = act(&it, AskCommand::Refuse, "浇筑期间", &OWNERS[1..], 8).unwrap();
    assert_eq!((it.state, it.reason.as_str(), it.granted()), (AskState::Refused, "浇筑期间", None));
    assert_eq!((it.last.event.as_str(), it.decided.and_then(|it| it.by)), ("leave-refused", Some(person(8))));
}

#[test]
fn who_asked_and_whom_it_concerns_do_not_decide() {
    assert_eq!(act(&asked(), AskCommand::Grant, "", &OWNERS, 1), Err(Refusal::OtherPerson));
    let it = ask(substitute(), &OWNERS[..1], person(5), true, Millis(1_000)).unwrap();
    for by in [1, 3, 5] {
        assert_eq!(act(&it, AskCommand::Refuse, "x", &OWNERS[..1], by), Err(Refusal::OtherPerson), "{by}");
    }
    let it = act(&it, AskCommand::Grant, "", &OWNERS[..1], 7).unwrap();
    assert_eq!(it.granted().and_then(|it| it.approved_at), Some(Millis(2_000)));
    assert_eq!(it.last.event, "substitute-granted");
}

#[test]
fn everybody_is_offered_what_he_can_do() {
    let possible = |owners: &[UnitId], is_asker, by: u128| {
        asked().possible(&AskScene { owners, is_asker, by: person(by), now: Millis(2_000) })
    };
    assert_eq!(possible(&OWNERS[1..], false, 7), [AskCommand::Grant, AskCommand::Refuse]);
    assert_eq!(possible(&[], true, 1), [AskCommand::Withdraw]);
    assert_eq!(possible(&[UnitId(Uuid::from_u128(13))], false, 7), []);
    let withdrawn = act(&asked(), AskCommand::Withdraw, "", &[], 1).unwrap();
    assert_eq!((withdrawn.state, withdrawn.last.event.as_str()), (AskState::Withdrawn, "leave-withdrawn"));
    assert_eq!(withdrawn.possible(&AskScene { owners: &OWNERS, is_asker: true, by: person(7), now: Millis(1) }), []);
}

#[test]
fn a_stale_revision_says_who_was_first() {
    let it = act(&asked(), AskCommand::Grant, "", &OWNERS[..1], 7).unwrap();
    let order = AskOrder { command: AskCommand::Grant, words: String::new(), seen: 1 };
    let scene = AskScene { owners: &OWNERS[1..], is_asker: false, by: person(8), now: Millis(3_000) };
    let told = Refusal::ChangedMeanwhile { by: Some(person(7)), at: Millis(2_000), event: "leave-consented".into() };
    assert_eq!(decide(&it, &order, &scene), Err(told));
}

#[test]
fn what_cannot_be_meant_is_named_with_its_field() {
    assert!(matches!(ask(leave(), &[], person(1), false, Millis(1)), Err(Refusal::Faults(_))));
    let names = Names { persons: [(person(1), "吕工".to_owned())].into(), ..Names::default() };
    let of = |days: i64| {
        let leave = Leave { to: leave().from.plus(days - 1), ..leave() };
        faults(&leave, &names).into_iter().map(|it| (it.field, it.zh)).collect::<Vec<_>>()
    };
    assert_eq!(of(60), []);
    let sentence = "吕工请假的结束日期2018-04-15早于开始日期2018-04-16；请改正。";
    assert_eq!(of(0), [("to".to_owned(), sentence.to_owned())]);
    let sentence = "吕工请假61天，一次最多60天；请缩短，或在阶段名单中换人。";
    assert_eq!(of(61), [("to".to_owned(), sentence.to_owned())]);
}

#[test]
fn it_is_written_and_read_back() {
    let it = ask(substitute(), &OWNERS, person(5), true, Millis(1_000)).unwrap();
    let text = serde_json::to_string(&it).unwrap();
    assert_eq!(serde_json::from_str::<Asked<Substitute>>(&text).unwrap(), it);
}
