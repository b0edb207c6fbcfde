//! Attendance as rows: plans on their way, today's lines, verdicts with their history, leave, appeals.

use crate::stage::at;
use crate::yard::{POSTS, Yard, day};
use domain::attendance::appeal::{AppealCommand, AppealOrder, AppealScene};
use domain::attendance::asked::{AskCommand, AskOrder, AskScene};
use domain::attendance::course::PlanCommand;
use domain::attendance::expect::Due;
use domain::attendance::plan::{Kind, Post};
use domain::attendance::roll::{Doubt, Leave, LeaveKind, Way};
use domain::attendance::rule_set::{RuleSet, RuleSets};
use domain::attendance::verdict::{Reason, Verdict};
use domain::id::{AppealId, LeaveId, PersonId};
use domain::refusal::Refusal;
use domain::site::Tie;
use std::sync::Arc;
use store::notice::{self, Letterbox};
use store::punch::{self, New, Taken};
use store::site::Reach;
use store::staff::{self, Entry};
use store::terms::{Deed, Failure};
use store::{appeal, event, ids, leave, list, site, stage_plan, today, verdict};
use testkit::on_both;

fn verdicts(yard: &Yard, person: PersonId, on: &str) -> Vec<(Verdict, Reason, String)> {
    let (site, on) = (yard.site, day(on));
    let kept = yard.db.read_blocking(move |tx| verdict::history(tx, site, on, person)).unwrap();
    kept.into_iter().map(|it| (it.judged.verdict, it.judged.reason, it.cause)).collect()
}

fn wall(yard: &Yard, on: &str) -> today::Numbers {
    let on = day(on);
    let lines = yard.db.read_blocking(move |tx| today::wall(tx, &Reach::All, on, 0, 10)).unwrap();
    lines.into_iter().find(|it| it.no == 1).unwrap().today.unwrap()
}

fn notices(yard: &Yard, to: Letterbox) -> Vec<String> {
    let all = yard.db.read_blocking(move |tx| notice::list(tx, &[to], "", 50)).unwrap();
    all.into_iter().rev().map(|it| format!("{} {}", it.kind, it.detail)).collect()
}

/// Under the thing's key, so that they can be erased; whoever may read its history reads them.
fn assert_sealed(yard: &Yard, thing: String, words: &'static str) {
    let bodies = yard.db.read_blocking(|tx| tx.query("select body from event", &[])).unwrap();
    assert!(bodies.iter().all(|it| !it.text(0).unwrap().contains(words)), "{words}");
    let master = yard.terms.master.clone();
    let told = yard.db.read_blocking(move |tx| event::timeline(tx, &master, &thing)).unwrap();
    assert!(told.iter().any(|it| it.said.as_ref().unwrap().words == words), "{words}");
}

on_both!(a_plan_is_filed_returned_corrected_and_approved, |db| {
    let yard = Yard::set(&db);
    let crew = yard.crew(yard.site);
    let lines = |persons: &[PersonId]| {
        persons.iter().zip(POSTS).map(|(person, post)| Yard::line(*person, post, Kind::FullTime)).collect::<Vec<_>>()
    };
    // Without the consultant's engineer it is not taken, and the sentence says whom it wants.
    let short = yard.plan(yard.site, "2018-04-02", lines(&crew[..6]));
    match yard.file(short, "2018-03-26 09:00") {
        Err(Failure::Refusal(Refusal::Faults(faults))) => {
            assert!(faults.iter().any(|it| it.zh.contains("专业监理工程师")), "{faults:?}");
        }
        other => panic!("{other:?}"),
    }
    let plan = yard.plan(yard.site, "2018-04-02", lines(&crew));
    assert_eq!(yard.file(plan.clone(), "2018-03-26 09:00"), Ok(1));
    assert!(matches!(yard.file(plan.clone(), "2018-03-26 09:05"), Err(Failure::Refusal(Refusal::Faults(_)))));
    assert_eq!(notices(&yard, Letterbox::Firm(domain::role::Role::Owner, yard.owner)), ["plan-filed 1"]);
    yard.decide((yard.ye, Tie::Owner), 1, PlanCommand::Confirm, "", "2018-03-26 10:00").unwrap();
    yard.decide((yard.bai, Tie::Bureau), 1, PlanCommand::Return, "安全员请改为每天到岗", "2018-03-26 15:00").unwrap();
    assert_sealed(&yard, yard.site.to_string(), "安全员请改为每天到岗");
    assert_eq!(yard.file(plan, "2018-03-27 09:00"), Ok(2));
    let early = yard.decide((yard.bai, Tie::Bureau), 2, PlanCommand::Approve, "", "2018-03-27 09:30");
    assert!(matches!(early, Err(Failure::Refusal(Refusal::PlanState { .. }))), "{early:?}");
    yard.decide((yard.ye, Tie::Owner), 2, PlanCommand::Confirm, "", "2018-03-27 10:00").unwrap();
    yard.decide((yard.bai, Tie::Bureau), 2, PlanCommand::Approve, "", "2018-03-27 11:00").unwrap();
    assert_eq!(notices(&yard, Letterbox::Person(crew[0])), ["plan-approved 2"]);
    let site = yard.site;
    let plans = yard.db.read_blocking(move |tx| stage_plan::list(tx, site)).unwrap();
    let told: Vec<(u32, &str, &str)> =
        plans.iter().map(|it| (it.plan.version, it.state.code(), it.reason.as_str())).collect();
    assert_eq!(told, [(2, "approved", ""), (1, "returned", "安全员请改为每天到岗")]);
});

on_both!(the_wall_follows_every_punch_and_the_day_closes, |db| {
    let yard = Yard::set(&db);
    let crew = yard.everybody();
    yard.turn("2018-04-09 00:01");
    let numbers = wall(&yard, "2018-04-09");
    assert_eq!((numbers.must, numbers.came, numbers.missing.len()), (7, 0, 7));
    assert_eq!(yard.punch(crew[0], "2018-04-09 07:55"), Ok(Taken::Counts));
    assert_eq!(yard.punch(crew[1], "2018-04-09 08:01"), Ok(Taken::Counts));
    let numbers = wall(&yard, "2018-04-09");
    assert_eq!((numbers.must, numbers.came, numbers.missing.len()), (7, 2, 5));
    // The wall of a firm that has no part in it is empty, that of the owner is the same.
    let (owner, on) = (yard.owner, day("2018-04-09"));
    let seen = |unit| {
        let reach = Reach::Of { firms: vec![(Tie::Owner, unit)], person: None };
        yard.db.read_blocking(move |tx| today::wall(tx, &reach, on, 0, 10)).unwrap().len()
    };
    assert_eq!((seen(owner), seen(yard.contractor)), (1, 0));
    // The same punch twice is one.
    let (site, who) = (yard.site, crew[2]);
    let new = New::here(who, site, Way::Terminal, at("2018-04-09 08:10"), at("2018-04-09 08:10"));
    let twice = yard
        .by(who, "2018-04-09 08:10", move |tx, deed| {
            Ok([punch::insert(tx, deed, &new)?, punch::insert(tx, deed, &New { id: new.id, ..new.clone() })?])
        })
        .unwrap();
    assert_eq!(twice, [Taken::Counts, Taken::Known]);
    // Next morning yesterday is closed: three came, four are charged and told.
    yard.turn("2018-04-10 00:01");
    assert_eq!(verdicts(&yard, crew[0], "2018-04-09"), [(Verdict::Present, Reason::OnSite, "closed".into())]);
    assert_eq!(verdicts(&yard, crew[6], "2018-04-09"), [(Verdict::Absent, Reason::NoPunch, "closed".into())]);
    assert_eq!(notices(&yard, Letterbox::Person(crew[6])).last().unwrap(), "absent 2018-04-09");
    let firm = notices(&yard, Letterbox::Firm(domain::role::Role::Contractor, yard.contractor));
    assert_eq!(firm.iter().filter(|it| it.starts_with("absent")).count(), 4);
    assert_eq!(wall(&yard, "2018-04-10").came, 0);
    // Turned twice, nothing is said twice.
    yard.turn("2018-04-10 00:02");
    assert_eq!(notices(&yard, Letterbox::Person(crew[6])).len(), 2);
    // On the third absence of the month a problem stands in the pool.
    let count = || {
        let filter = list::Filter { source: Some(domain::problem::Source::Attendance), ..Default::default() };
        let now = at("2018-04-12 08:00");
        let bounds = domain::light::bounds(now, &yard.terms.calendar);
        let all =
            yard.db.read_blocking(move |tx| list::page(tx, &domain::access::Scope::All, &filter, now, &bounds, 50));
        all.unwrap().lines.len()
    };
    yard.turn("2018-04-11 00:01");
    assert_eq!(count(), 0);
    yard.turn("2018-04-12 00:01");
    assert_eq!(count(), 4, "four persons were missing three days running");
    yard.turn("2018-04-13 00:01");
    assert_eq!(count(), 7, "the three who came on the first day have three by now; nobody is reported twice");
});

on_both!(a_late_punch_changes_a_closed_day_and_says_so, |db| {
    let yard = Yard::set(&db);
    let crew = yard.everybody();
    yard.turn("2018-04-09 00:01");
    yard.turn("2018-04-10 00:01");
    let (site, who) = (yard.site, crew[3]);
    let mut new = New::here(who, site, Way::Terminal, at("2018-04-09 08:00"), at("2018-04-11 09:00"));
    new.what.device = Some("D1".into());
    let taken = yard.by(yard.shi, "2018-04-11 09:00", move |tx, deed| punch::insert(tx, deed, &new));
    assert_eq!(taken, Ok(Taken::Counts));
    assert_eq!(
        verdicts(&yard, who, "2018-04-09"),
        [(Verdict::Absent, Reason::NoPunch, "closed".into()), (Verdict::Present, Reason::OnSite, "punch".into())]
    );
    let changed =
        yard.db.read_blocking(move |tx| verdict::changed(tx, site, (day("2018-04-01"), day("2018-04-30")))).unwrap();
    assert_eq!(changed.len(), 1);
});

on_both!(a_doubtful_punch_waits_and_another_person_decides, |db| {
    let yard = Yard::set(&db);
    let crew = yard.everybody();
    yard.turn("2018-04-09 00:01");
    let (site, who, attester) = (yard.site, crew[2], crew[4]);
    let mut new = New::here(who, site, Way::Attestation, at("2018-04-09 08:00"), at("2018-04-09 09:00"));
    (new.what.doubt, new.by, new.raw) = (Some(Doubt::Unconfirmed), Some(attester), "手机没电".into());
    let id = new.id;
    let taken = yard.by(attester, "2018-04-09 09:00", move |tx, deed| punch::insert(tx, deed, &new));
    assert_eq!(taken, Ok(Taken::Waits(Reason::Unconfirmed)));
    assert_eq!((wall(&yard, "2018-04-09").came, wall(&yard, "2018-04-09").waits), (0, 1));
    yard.turn("2018-04-10 00:01");
    assert_eq!(verdicts(&yard, who, "2018-04-09")[0].0, Verdict::Review);
    let rule = |by: PersonId, words: &'static str| {
        yard.by(by, "2018-04-10 10:00", move |tx, deed| {
            let found = punch::find(tx, id)?.unwrap();
            punch::rule(tx, deed, &found, true, words)
        })
    };
    assert_eq!(rule(who, "我来了"), Err(Refusal::OtherPerson.into()));
    assert_eq!(rule(attester, "他来了"), Err(Refusal::OtherPerson.into()));
    assert_eq!(rule(yard.bai, " "), Err(Refusal::ReasonMissing.into()));
    assert_eq!(rule(yard.bai, "有监控为证"), Ok(()));
    assert_eq!(rule(yard.bai, "有监控为证"), Ok(()), "said twice it is done once");
    assert_sealed(&yard, id.to_string(), "有监控为证");
    let last = verdicts(&yard, who, "2018-04-09").pop().unwrap();
    assert_eq!(last, (Verdict::Present, Reason::OnSite, "ruling".into()));
    assert_eq!(yard.db.read_blocking(|tx| punch::waiting(tx, "", 10)).unwrap().len(), 0);
});

on_both!(nobody_is_at_two_sites_at_once_and_how_near_that_is_the_numbers_say, |db| {
    let mut yard = Yard::set(&db);
    let crew = yard.everybody();
    let (who, bai) = (crew[2], yard.bai);
    let first = Yard { site: yard.site, ..yard.clone() };
    let other = yard.clone();
    let second =
        yard.by(bai, "2018-03-22 09:00", move |tx, _| other.another(tx, "四号楼", "330100-2018-0002")).unwrap();
    let firm = yard.contractor;
    yard.by(yard.shi, "2018-03-22 10:00", move |tx, deed| {
        let entry = Entry { firm, posts: vec![Post(POSTS[2].into())], attests: false };
        staff::set(tx, deed, second, who, &entry)
    })
    .unwrap();
    yard.site = second;
    assert_eq!(first.punch(who, "2018-04-09 08:00"), Ok(Taken::Counts));
    assert_eq!(yard.punch(who, "2018-04-09 08:04"), Ok(Taken::Waits(Reason::TooFar)));
    assert_eq!(yard.punch(who, "2018-04-09 08:06"), Ok(Taken::Counts));
    let set = RuleSet { effective_from: day("2018-04-10"), travel_minutes: 30, ..RuleSet::default() };
    yard.terms.attendance = Arc::new(RuleSets::new(vec![set]));
    let first = Yard { site: first.site, ..yard.clone() };
    assert_eq!(first.punch(who, "2018-04-10 08:00"), Ok(Taken::Counts));
    assert_eq!(yard.punch(who, "2018-04-10 08:29"), Ok(Taken::Waits(Reason::TooFar)));
    assert_eq!(yard.punch(who, "2018-04-10 08:31"), Ok(Taken::Counts));
});

on_both!(leave_needs_the_yes_of_every_owner_and_excuses_today_at_once, |db| {
    let yard = Yard::set(&db);
    let crew = yard.everybody();
    yard.turn("2018-04-09 00:01");
    let (who, id) = (crew[3], LeaveId(ids::fresh(at("2018-04-09 08:00"))));
    let ask = move || Leave {
        person: who,
        from: day("2018-04-09"),
        to: day("2018-04-10"),
        kind: LeaveKind::Sick,
        approved_at: None,
        approved_by: None,
    };
    for _ in 0..2 {
        yard.by(who, "2018-04-09 08:00", move |tx, deed| leave::ask(tx, deed, id, ask(), "发烧", false)).unwrap();
    }
    let decide = |by: PersonId, command, words: &'static str| {
        let owner = yard.owner;
        yard.by(by, "2018-04-09 09:00", move |tx, deed| {
            let seen = leave::find(tx, &deed.terms.master, id)?.unwrap().asked.revision;
            let scene = AskScene { owners: &[owner], is_asker: by == who, by, now: deed.now };
            leave::perform(tx, deed, id, &AskOrder { command, words: words.into(), seen }, &scene)
        })
    };
    assert_eq!(decide(yard.ye, AskCommand::Refuse, ""), Err(Refusal::ReasonMissing.into()));
    assert_eq!(decide(who, AskCommand::Grant, ""), Err(Refusal::OtherPerson.into()), "nobody grants his own");
    let waits = |db: &store::Db| {
        let owner = yard.owner;
        db.read_blocking(move |tx| store::consent::list(tx, &[owner], 10)).unwrap().len()
    };
    assert_eq!(waits(&db), 1);
    assert_eq!(decide(yard.ye, AskCommand::Grant, ""), Ok(()));
    assert_eq!(waits(&db), 0);
    let site = yard.site;
    let duties = db.read_blocking(move |tx| today::duties(tx, site, day("2018-04-09"))).unwrap();
    assert_eq!(duties.iter().find(|it| it.person == who).unwrap().due, Due::Leave);
    assert_eq!((wall(&yard, "2018-04-09").must, wall(&yard, "2018-04-09").on_leave), (6, 1));
    yard.turn("2018-04-10 00:01");
    assert_eq!(verdicts(&yard, who, "2018-04-09"), [(Verdict::Excused, Reason::Leave, "closed".into())]);
    // Why he was away is sealed.
    let rows = db.read_blocking(|tx| tx.query("select words from leave", &[])).unwrap();
    assert!(!rows[0].text(0).unwrap().contains("发烧"));
});

on_both!(an_appeal_that_is_upheld_turns_the_day_and_both_verdicts_stay, |db| {
    let yard = Yard::set(&db);
    let crew = yard.everybody();
    yard.turn("2018-04-09 00:01");
    yard.turn("2018-04-10 00:01");
    let (site, who, id) = (yard.site, crew[5], AppealId(ids::fresh(at("2018-04-10 08:00"))));
    let file = |by: PersonId, on: &'static str, words: &'static str| {
        yard.by(by, "2018-04-10 08:00", move |tx, deed| appeal::file(tx, deed, id, (site, day(on)), words))
    };
    assert!(matches!(file(who, "2018-04-09", ""), Err(Failure::Refusal(Refusal::Faults(_)))));
    assert_eq!(file(who, "2018-04-08", "周日来过"), Ok(1), "a worked Sunday is charged as well");
    let second = AppealId(ids::fresh(at("2018-04-10 08:01")));
    let no = yard
        .by(who, "2018-04-10 08:01", move |tx, deed| {
            appeal::file(tx, deed, second, (site, day("2018-04-09")), "当天在现场验收，有签到单")
        })
        .unwrap();
    let decide = |by: PersonId, command, words: &'static str| {
        yard.by(by, "2018-04-11 10:00", move |tx, deed| {
            let seen = appeal::find_by_no(tx, &deed.terms.master, no)?.unwrap().appeal.revision;
            let scene = AppealScene { is_bureau: true, by, now: deed.now };
            appeal::perform(tx, deed, no, &AppealOrder { command, words: words.into(), seen }, &scene)
        })
    };
    assert_eq!(decide(who, AppealCommand::Uphold, "属实"), Err(Refusal::OtherPerson.into()));
    assert_eq!(decide(yard.bai, AppealCommand::Uphold, "验收签到单属实"), Ok(()));
    assert_sealed(&yard, second.to_string(), "验收签到单属实");
    assert_eq!(
        verdicts(&yard, who, "2018-04-09"),
        [(Verdict::Absent, Reason::NoPunch, "closed".into()), (Verdict::Present, Reason::OnSite, "appeal".into())]
    );
    assert!(notices(&yard, Letterbox::Person(who)).contains(&format!("appeal-upheld {no} 2018-04-09")));
    assert!(matches!(decide(yard.bao, AppealCommand::Reject, "x"), Err(Failure::Refusal(Refusal::AppealState { .. }))));
});

on_both!(a_month_sheet_is_judged_from_rows, |db| {
    let yard = Yard::set(&db);
    let crew = yard.everybody();
    for on in ["2018-04-09", "2018-04-10"] {
        yard.turn(&format!("{on} 00:01"));
        yard.punch(crew[0], &format!("{on} 08:00")).unwrap();
    }
    let (site, terms) = (yard.site, yard.terms.clone());
    let sheet = db
        .read_blocking(move |tx| {
            let deed = Deed { terms: &terms, by: None, now: at("2018-04-11 12:00") };
            store::month_sheet::load(tx, &deed, &[site], day("2018-04-01"))
        })
        .unwrap()
        .pop()
        .unwrap();
    assert_eq!(sheet.lines.len(), 7);
    let line = &sheet.lines[0];
    assert_eq!((line.person, line.name.as_str(), line.days.len()), (crew[0], "项目负责人某", 30));
    // From the second of April on there were five workdays before the ninth, one of them a worked Sunday.
    assert_eq!((line.month.present, line.month.absent), (2, 4));
    assert_eq!(sheet.stages[1].0.as_ref().unwrap().name, "主体");
});

on_both!(an_identity_number_is_sealed_found_again_and_each_look_is_logged, |db| {
    let yard = Yard::set(&db);
    let (li, wu) = (yard.hire(yard.site, "李工", "施工员"), yard.hire(yard.site, "吴工", "质量员"));
    let number = domain::id_card::complete("33010019800101123").unwrap();
    let enter = |person: PersonId, number: String| {
        yard.by(yard.shi, "2018-04-01 09:00", move |tx, deed| store::staff::identify(tx, deed, person, &number))
    };
    assert!(matches!(enter(li, "330100198001011230".into()), Err(Failure::Refusal(Refusal::Faults(_)))));
    enter(li, number.clone()).unwrap();
    assert!(matches!(enter(wu, number.clone()), Err(Failure::Refusal(Refusal::Faults(_)))), "one number, one person");
    let rows = db.read_blocking(|tx| tx.query("select sealed, digest, shown from identity", &[])).unwrap();
    assert!(rows[0].values().iter().all(|it| !format!("{it:?}").contains("19800101")), "{rows:?}");
    let (card, shown) = (number.to_lowercase(), number.clone());
    let (found, told) = yard
        .by(yard.shi, "2018-04-01 10:00", move |tx, deed| {
            Ok((store::staff::find_by_card(tx, deed, &card)?, store::staff::reveal(tx, deed, li)?))
        })
        .unwrap();
    assert_eq!((found, told), (Some(li), Some(shown)));
    let looks = db.read_blocking(move |tx| store::look::list(tx, &li.to_string(), 10)).unwrap();
    assert_eq!(looks.len(), 1);
});

on_both!(whoever_has_no_tie_finds_no_site, |db| {
    let yard = Yard::set(&db);
    let crew = yard.crew(yard.site);
    let (bai, shi, staff) = (yard.bai, yard.shi, crew[0]);
    let met = db
        .read_blocking(move |tx| {
            let mut met = Vec::new();
            for id in [bai, shi, staff] {
                let person = store::person::find(tx, id)?.unwrap();
                let actor = store::person::actor(tx, &person, at("2018-04-01 09:00"))?;
                met.push(site::meet(tx, &actor, 1).map(|it| it.1));
            }
            Ok::<_, store::Error>(met)
        })
        .unwrap();
    assert_eq!(met, [Ok(vec![Tie::Bureau]), Ok(vec![Tie::Contractor]), Ok(vec![Tie::Staff])]);
    let stranger = domain::role::Actor::Person {
        id: PersonId(ids::fresh(at("2018-04-01 09:00"))),
        hats: vec![domain::role::Hat {
            role: domain::role::Role::Contractor,
            unit: yard.owner,
            of: staff,
            within: vec![yard.owner],
        }],
        reporter: None,
    };
    let none = db.read_blocking(move |tx| Ok::<_, store::Error>(site::meet(tx, &stranger, 1).map(|it| it.1))).unwrap();
    assert_eq!(none, Err(Refusal::Absent.into()));
});
