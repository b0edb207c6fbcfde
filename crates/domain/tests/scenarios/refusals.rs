//! The table "Refusals: stable codes" of `loop.md` against what people are told: status and both sentences, word for word.

use crate::world::{at, day};
use domain::command::CommandName;
use domain::id::PersonId;
use domain::light::Light;
use domain::problem::StateName;
use domain::refusal::{Missing, Refusal};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Codes of this project that the page does not have.
const ADDITIONS: [&str; 4] = ["milestone-unknown", "duplicate-needs-original", "not-a-member", "not-available-yet"];

fn who() -> PersonId {
    PersonId(Uuid::from_u128(1))
}

/// A placeholder and what stands for it in Chinese and in English.
type Filled = (&'static str, &'static str, &'static str);

/// Every refusal with arguments, and what its placeholders stand for in Chinese and in English.
fn all() -> Vec<(Refusal, Vec<Filled>)> {
    use Refusal::*;
    let (tick, minute) = (at("2018-04-17 17:30"), "2018-04-17 17:30");
    let plain = [
        NotFound,
        NotYourRole,
        NeedsUnitHead,
        LeadUnitOnly,
        ClientIdReused,
        ReasonMissing,
        MergeIntoItself,
        MergeTargetEnded,
        LeadMissing,
        LeadIsSupport,
        ParentEnded,
        CoordinationTier,
        DisputePending,
        RulingIsFinal,
        NoDispute,
        ExtensionPending,
        NoRequest,
        PauseReasonNotAllowed,
        OverdueNoPause,
        NotPaused,
        TierNotHigher,
        BoardNeedsLeader,
        BoardNeedsMilestones,
        AlreadyOnBoard,
        NotOnBoard,
        MilestoneUnknown,
        OutcomeMissing,
        EvidenceMissing,
        OutcomeNeedsDate,
        PlannedDateInvalid,
        PartlyNeedsRest,
        DuplicateNeedsOriginal,
        ContactByHandler,
        AlreadyRated,
        RaterIsHandler,
        VerifierIsHandler,
        NotApplied,
        NotVerified,
        NothingToSign,
        PlannedCannotClose,
        RecallTooLate,
        ReopenWindowPassed,
        NotAMember,
        NotAvailableYet,
    ];
    let possible = vec![CommandName::Note, CommandName::Answer];
    let missing = vec![Missing::Evidence, Missing::Signature];
    let told = vec![
        (
            WrongState { state: StateName::InHand, command: CommandName::Dispute, possible },
            vec![
                ("state", "办理中", "In hand"),
                ("command", "退单", "dispute"),
                ("possible", "记办理情况、反馈", "note, answer"),
            ],
        ),
        (
            ChangedMeanwhile { by: Some(who()), at: tick, event: "redo-ordered".into() },
            vec![("who", "何", "何"), ("at", minute, minute), ("what", "责令重办", "redo ordered")],
        ),
        (DisputeTooLate { at: tick }, vec![("at", minute, minute)]),
        (
            SlipAboveLight { light: Light::Blue, slip: Light::Red },
            vec![("light", "蓝色", "blue"), ("slip", "红色", "red")],
        ),
        (ExtensionTooLate { at: tick }, vec![("at", minute, minute)]),
        (ExtensionLimit { n: 1 }, vec![("n", "1", "1")]),
        (ExtensionDateNotLater { due: tick }, vec![("due", minute, minute)]),
        (NotOursInside { unit: "商务局".into() }, vec![("unit", "商务局", "商务局")]),
        (EvidenceIncomplete { items: vec!["甲".into(), "乙".into()] }, vec![("items", "甲、乙", "甲, 乙")]),
        (RatingExpired { at: tick }, vec![("at", minute, minute)]),
        (CloseIncomplete { missing }, vec![("missing", "办理依据、督查签字", "evidence, supervision's signature")]),
        (NotYetDue { date: day("2018-05-14") }, vec![("date", "2018-05-14", "2018-05-14")]),
    ];
    plain.into_iter().map(|refusal| (refusal, vec![])).chain(told).collect()
}

/// Code → status, Chinese, English, as the page has them.
fn page() -> BTreeMap<String, (u16, String, String)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/loop.md");
    let text = std::fs::read_to_string(path).unwrap();
    let section = text.split("## Refusals").nth(1).unwrap().split("\n## ").next().unwrap().to_owned();
    let row = |line: &str| {
        let cells: Vec<&str> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
        let [code, status, zh, en] = cells[..] else { return None };
        Some((code.to_owned(), (status.parse().ok()?, zh.to_owned(), en.to_owned())))
    };
    section.lines().filter_map(row).collect()
}

#[test]
fn every_sentence_is_as_the_page_has_it() {
    let page = page();
    assert!(page.len() >= 52, "only {} codes read", page.len());
    for (refusal, stands_for) in all() {
        let said = refusal.say(&|_| "何".into());
        let Some((status, zh, en)) = page.get(said.code) else {
            assert!(ADDITIONS.contains(&said.code), "{} is neither on the page nor an addition", said.code);
            continue;
        };
        let fill = |sentence: &str, english: bool| {
            stands_for.iter().fold(sentence.to_owned(), |text, (name, zh, en)| {
                let value = if english { en } else { zh };
                assert!(text.contains(&format!("{{{name}}}")), "{text} has no {name}");
                text.replace(&format!("{{{name}}}"), value)
            })
        };
        assert_eq!((said.status, said.zh, said.en), (*status, fill(zh, false), fill(en, true)), "{}", said.code);
    }
}

#[test]
fn every_code_of_the_page_exists_and_the_rest_are_the_additions() {
    let page = page();
    let ours: Vec<&str> = all().iter().map(|(refusal, _)| refusal.code()).collect();
    let unknown: Vec<&String> = page.keys().filter(|code| !ours.contains(&code.as_str())).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let added: Vec<&str> = ours.iter().copied().filter(|code| !page.contains_key(*code)).collect();
    let mut expected = ADDITIONS.to_vec();
    expected.sort_by_key(|code| ours.iter().position(|it| it == code));
    assert_eq!(added, expected);
}

/// Every placeholder that a program would want is a parameter too; the person is named in the sentence alone.
#[test]
fn placeholders_are_parameters() {
    for (refusal, stands_for) in all() {
        let params: Vec<&str> = refusal.params().iter().map(|(name, _)| *name).collect();
        for (name, ..) in stands_for.iter().filter(|(name, ..)| *name != "who") {
            let name = if *name == "what" { "event" } else { name };
            assert!(params.contains(&name), "{}: {name} of {params:?}", refusal.code());
        }
    }
}
