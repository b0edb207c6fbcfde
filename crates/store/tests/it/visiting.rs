//! Visits as the store keeps them: plan, agree, record, amend, every derived row, promises and their reminders.

use crate::doorstep::{Doorstep, FORM, day};
use crate::stage::{at, id_of};
use domain::id::VisitId;
use domain::promise::State as PromiseState;
use domain::questionnaire::Questionnaire;
use domain::refusal::Refusal;
use domain::visit::*;
use store::terms::{Deed, Failure};
use store::{audit, promise, questionnaire, vals, visit, visit_list};
use testkit::on_both;

fn refusal(failure: Failure) -> Refusal {
    match failure {
        Failure::Refusal(refusal) => refusal,
        Failure::Store(error) => panic!("{error}"),
    }
}

fn faults(failure: Failure) -> Vec<String> {
    match refusal(failure) {
        Refusal::Faults(faults) => faults.into_iter().map(|it| it.field).collect(),
        other => panic!("{other:?}"),
    }
}

fn agree(on: &str) -> Command {
    Command::Agree { when: When { day: day(on), until: None, minute: Some(570) }, with: "沈厂长".into() }
}

fn recording(door: &Doorstep) -> Command {
    Command::Record { record: Box::new(door.record("2018-04-13")), reports: door.reports() }
}

/// Planned, agreed, recorded.
fn recorded(door: &Doorstep) -> VisitId {
    let he = &door.stage.he;
    let id = door.planned("2018-04-13");
    door.act(he, id, agree("2018-04-13"), "2018-04-12 11:00").unwrap();
    door.act(he, id, recording(door), "2018-04-13 15:00").unwrap();
    id
}

fn amended(door: &Doorstep, id: VisitId, change: impl FnOnce(&mut Record)) -> Command {
    let mut record = door.find(id).record.unwrap();
    change(&mut record);
    Command::Amend { record: Box::new(record), reports: vec![] }
}

#[track_caller]
fn green(door: &Doorstep) {
    assert_eq!(door.stage.db.read_blocking(|tx| audit::verify(tx, &mut |_| {})).unwrap().broken, None);
}

on_both!(a_record_leaves_every_row_it_should, |db| {
    let door = Doorstep::set(&db);
    let id = recorded(&door);
    let visit = door.find(id);
    assert_eq!((visit.state.name(), visit.revision, visit.version), (StateName::Recorded, 3, 1));
    assert_eq!(visit.record.as_ref().unwrap().problems.len(), 2);
    assert_eq!(door.int("select count(*) from response"), 2);
    assert_eq!(door.text("select value from response where question = 'list'"), "二期厂房");
    assert_eq!(door.text("select kind from finding"), "suggestion");
    assert_eq!(door.text("select edition from visit_policy"), "第一版");
    assert_eq!(door.int("select count(*) from grid_mark where kind = 'visit'"), 1);
    assert_eq!(door.int("select count(*) from grid_mark where kind = 'problem'"), 2);
    assert_eq!(door.text("select state from promise"), "open");
    assert_eq!(door.int("select visits from assignment"), 1);
    assert_eq!(door.text("select visited_on from assignment"), "2018-04-13");
    assert_eq!(door.int("select count(*) from visit_viewer"), 3, "the team, the officer, the leader");
    assert_eq!(door.text("select place from problem where title = '招工难'"), "23号大街1号");
    let other = "select count(*) from problem p join visit v on v.id = p.visit and v.subject = p.subject and v.campaign = p.campaign";
    assert_eq!(door.int(other), 2);
    // Both are the enterprise's own, as one reporter.
    assert_eq!(door.int("select count(distinct reporter) from problem"), 1);
    green(&door);
});

on_both!(an_amendment_keeps_what_stood_there, |db| {
    let door = Doorstep::set(&db);
    let (id, he) = (recorded(&door), door.stage.he.clone());
    let wordless = Order { command: amended(&door, id, |_| {}), words: " ".into(), seen: 3 };
    let (terms, who) = (door.stage.terms.clone(), he.clone());
    let refused = db.write_blocking(move |tx| visit::perform(tx, &terms, &who, id, &wordless, at("2018-04-14 09:00")));
    assert_eq!(refusal(refused.unwrap_err()), Refusal::ReasonMissing);
    let amend = amended(&door, id, |it| {
        it.minutes = "订单饱满，缺二十人。".into();
        it.when.day = day("2018-04-12");
        it.findings.clear();
        it.promises.clear();
        it.policies.clear();
    });
    door.act(&he, id, amend, "2018-04-14 09:00").unwrap();
    let older = db.read_blocking(move |tx| visit::list_versions(tx, id)).unwrap();
    assert_eq!((older.len(), older[0].version, older[0].reason.as_str()), (1, 1, "企业补充"));
    assert_eq!((older[0].record.minutes.as_str(), older[0].by_name.as_str()), ("订单饱满，缺人。", "he"));
    assert_eq!(door.int("select count(*) from finding") + door.int("select count(*) from visit_policy"), 0);
    assert_eq!(door.text("select state from promise"), "dropped");
    assert_eq!(door.int("select visits from assignment"), 1, "an amendment is no second visit");
    assert_eq!(door.text("select visited_on from assignment"), "2018-04-12", "the day that was put right");
    assert_eq!(door.find(id).record.unwrap().problems.len(), 2, "problems live by themselves");
    green(&door);
});

on_both!(what_is_sent_twice_happens_once, |db| {
    let door = Doorstep::set(&db);
    let he = door.stage.he.clone();
    let plan = door.plan_of(&he, "2018-04-13");
    let (first, new) = door.plan(&he, plan.clone(), "2018-04-12 10:00").unwrap();
    assert!(new && !door.plan(&he, plan.clone(), "2018-04-12 10:01").unwrap().1);
    let id = first.visit.id;
    door.act(&he, id, agree("2018-04-13"), "2018-04-12 11:00").unwrap();
    // The phone sends its plan once more, long after it got on.
    assert!(!door.plan(&he, plan.clone(), "2018-04-12 11:30").unwrap().1);
    let other = Plan { when: When { day: day("2018-04-20"), until: None, minute: None }, ..plan };
    assert_eq!(refusal(door.plan(&he, other, "2018-04-12 11:31").unwrap_err()), Refusal::ClientIdReused);
    let order = recording(&door);
    let once = door.act_seen(&he, id, order.clone(), "2018-04-13 15:00", 2).unwrap();
    let twice = door.act_seen(&he, id, order, "2018-04-13 15:01", 2).unwrap();
    assert_eq!((once.visit.revision, twice.visit.revision), (3, 3));
    assert_eq!(door.int("select count(*) from problem"), 2);
    assert_eq!(door.int("select visits from assignment"), 1);
    let stale = door.act_seen(&door.stage.zhou, id, Command::Decline, "2018-04-13 16:00", 2).unwrap_err();
    let told =
        Refusal::ChangedMeanwhile { by: he.person(), at: at("2018-04-13 15:00"), event: "visit-recorded".into() };
    assert_eq!(refusal(stale), told);
    green(&door);
});

on_both!(of_two_at_once_one_goes_through, |db| {
    let door = Doorstep::set(&db);
    let id = door.planned("2018-04-13");
    let done: Vec<bool> = std::thread::scope(|scope| {
        let both = [&door.stage.he, &door.stage.zhou];
        let running =
            both.map(|who| scope.spawn(|| door.act_seen(who, id, recording(&door), "2018-04-13 15:00", 1).is_ok()));
        running.map(|it| it.join().unwrap()).to_vec()
    });
    assert_eq!(done.iter().filter(|it| **it).count(), 1);
    assert_eq!((door.find(id).revision, door.int("select visits from assignment")), (2, 1));
    assert_eq!(door.int("select count(*) from problem"), 2);
    green(&door);
});

on_both!(who_stands_outside_the_teams_visits_too, |db| {
    let door = Doorstep::set(&db);
    let qian = door.outsider.clone();
    let mut plan = door.plan_of(&qian, "2018-04-13");
    let foreign = Plan { round: Some(door.round), campaign: None, ..plan.clone() };
    assert_eq!(faults(door.plan(&qian, foreign, "2018-04-12 10:00").unwrap_err()), ["round"]);
    plan.purpose = Purpose::Stay;
    assert_eq!(faults(door.plan(&qian, plan.clone(), "2018-04-12 10:00").unwrap_err()), ["until"]);
    plan.when.until = Some(day("2018-04-17"));
    let id = door.plan(&qian, plan, "2018-04-12 10:00").unwrap().0.visit.id;
    // No team of his: the team's officers do not see it, the office does.
    let (he, clerk) = (door.stage.he.clone(), door.stage.li.clone());
    for stranger in [&he, &clerk] {
        assert_eq!(refusal(door.act(stranger, id, Command::Decline, "2018-04-13 09:00").unwrap_err()), Refusal::Absent);
    }
    assert_eq!(
        refusal(door.plan(&clerk, door.plan_of(&clerk, "2018-04-13"), "2018-04-12 10:00").unwrap_err()),
        Refusal::NotYourRole
    );
    door.act(&door.leader, id, Command::Join, "2018-04-13 09:00").unwrap();
    assert_eq!(refusal(door.act(&qian, id, Command::Join, "2018-04-13 09:01").unwrap_err()), Refusal::NotYourRole);
    let until = Some(day("2018-04-16"));
    let record = Record {
        minutes: "蹲点三天".into(),
        people: [id_of(&door.leader)].into(),
        ..Record::on(When { day: day("2018-04-13"), until, minute: None })
    };
    door.act(&qian, id, Command::Record { record: Box::new(record), reports: vec![] }, "2018-04-17 17:00").unwrap();
    assert_eq!(door.find(id).people, [id_of(&door.leader)].into());
    assert_eq!(door.int("select visits from assignment"), 0, "not a visit of the round");
    green(&door);
});

on_both!(a_form_opened_before_the_new_version_is_still_taken, |db| {
    let door = Doorstep::set(&db);
    let (he, id) = (door.stage.he.clone(), door.planned("2018-04-13"));
    let terms = door.stage.terms.clone();
    db.write_blocking(move |tx| {
        let mut next: Questionnaire = serde_json::from_str(FORM).unwrap();
        next.title = "推项目（二）".into();
        questionnaire::publish(tx, &Deed { terms: &terms, by: None, now: at("2018-04-13 12:00") }, "projects", &next)
    })
    .unwrap();
    door.act(&he, id, recording(&door), "2018-04-13 15:00").unwrap();
    assert_eq!(door.find(id).record.unwrap().filled[0].version, door.version);
    let (round, version) = (door.round, door.version);
    let counts = db.read_blocking(move |tx| questionnaire::counts(tx, round, version)).unwrap();
    assert_eq!(counts.get(&("planned".to_owned(), "yes".to_owned())), Some(&1));
    // The round asks nothing any more: what was answered outlives an amendment.
    let terms = door.stage.terms.clone();
    db.write_blocking(move |tx| {
        store::campaign::set_questionnaires(
            tx,
            &Deed { terms: &terms, by: None, now: at("2018-04-14 08:00") },
            round,
            &[],
        )
    })
    .unwrap();
    let amend = amended(&door, id, |it| it.met = "沈厂长、财务".into());
    door.act(&he, id, amend, "2018-04-14 09:00").unwrap();
    assert_eq!(door.find(id).record.unwrap().filled.len(), 1);
});

on_both!(the_next_visit_settles_a_promise_and_may_take_it_back, |db| {
    let door = Doorstep::set(&db);
    let (first, he) = (recorded(&door), door.stage.he.clone());
    let made = door.find(first).record.unwrap().promises[0].id;
    let second = door.planned("2018-04-20");
    let settled = vec![Settled { promise: made, kept: true, note: "4月18日已答复".into() }];
    let record = Record { promises: vec![], settled, findings: vec![], ..door.record("2018-04-20") };
    door.act(&he, second, Command::Record { record: Box::new(record), reports: vec![] }, "2018-04-20 15:00").unwrap();
    let it = db.read_blocking(move |tx| promise::find(tx, made)).unwrap().unwrap();
    assert_eq!((it.state, it.note.as_str(), it.revision), (PromiseState::Kept, "4月18日已答复", 2));
    assert_eq!(door.int("select count(*) from promise where next_at is not null"), 0);
    // Amended without touching it: it stays as it was said.
    door.act(&he, second, amended(&door, second, |it| it.met = "厂长".into()), "2018-04-20 16:00").unwrap();
    assert_eq!(door.int("select revision from promise"), 2);
    door.act(&he, second, amended(&door, second, |it| it.settled.clear()), "2018-04-20 17:00").unwrap();
    let it = db.read_blocking(move |tx| promise::find(tx, made)).unwrap().unwrap();
    assert_eq!((it.state, it.settled_at, it.note.as_str()), (PromiseState::Open, None, ""));
    door.stage.tick("2018-04-20 17:01");
    let reminded = door.stage.notices("2018-04-20 17:01").into_iter().filter(|it| it.1.starts_with("promise"));
    assert_eq!(reminded.count(), 0, "it is due on Monday; nobody is reminded at once");
    assert_eq!(door.int("select visits from assignment"), 2);
    // Nobody can take over another visit's promise by its id.
    let theft = amended(&door, second, |it| {
        it.promises =
            vec![Promise { id: made, text: "别的".into(), owner: id_of(&door.stage.he), due: day("2018-04-30") }];
    });
    assert_eq!(refusal(door.act(&he, second, theft, "2018-04-20 18:00").unwrap_err()), Refusal::ClientIdReused);
    green(&door);
});

on_both!(a_promise_left_out_and_put_back_is_open_again, |db| {
    let door = Doorstep::set(&db);
    let (id, he) = (recorded(&door), door.stage.he.clone());
    let kept = door.find(id).record.unwrap().promises;
    door.act(&he, id, amended(&door, id, |it| it.promises.clear()), "2018-04-13 16:00").unwrap();
    assert_eq!(door.text("select state from promise"), "dropped");
    door.act(&he, id, amended(&door, id, |it| it.promises = kept), "2018-04-13 17:00").unwrap();
    assert_eq!(door.text("select state from promise"), "open");
    assert_eq!(door.int("select count(*) from promise where next_at is not null and settled_at is null"), 1);
});

on_both!(owners_are_reminded_once_at_each_time, |db| {
    let door = Doorstep::set(&db);
    recorded(&door);
    let promised = |since: &str| {
        let all = door.stage.notices(since).into_iter();
        all.filter(|it| it.1.starts_with("promise")).map(|it| it.1).collect::<Vec<_>>()
    };
    // The problems have clocks of their own, which are not looked at here.
    assert!(promised("2018-04-01 00:00").is_empty());
    for when in ["2018-04-20 08:30", "2018-04-20 08:31", "2018-04-23 08:30", "2018-04-23 09:00"] {
        door.stage.tick(when);
    }
    assert_eq!(promised("2018-04-20 00:00"), ["promise-due", "promise-due"]);
    door.stage.tick("2018-04-24 08:30");
    door.stage.tick("2018-04-25 08:30");
    assert_eq!(promised("2018-04-24 00:00"), ["promise-late"]);
    let (terms, he) = (door.stage.terms.clone(), id_of(&door.stage.he));
    db.write_blocking(move |tx| {
        let open = promise::list(tx, &promise::Whose::Of(vec![he]), PromiseState::Open, None, 10)?;
        let deed = Deed { terms: &terms, by: Some(he), now: at("2018-04-25 09:00") };
        assert_eq!(promise::settle(tx, &deed, &open[0], false, " "), Err(Refusal::ReasonMissing.into()));
        promise::settle(tx, &deed, &open[0], false, "供电公司未批")?;
        let again = promise::settle(tx, &deed, &open[0], true, "");
        assert_eq!(again, Err(Failure::Store(store::Error::Conflict)));
        Ok::<_, Failure>(())
    })
    .unwrap();
    door.stage.tick("2018-06-01 08:30");
    assert_eq!(promised("2018-04-25 00:00").len(), 0);
});

on_both!(a_visit_that_fell_through_says_why_and_may_be_agreed_anew, |db| {
    let door = Doorstep::set(&db);
    let (id, he) = (door.planned("2018-04-13"), door.stage.he.clone());
    door.act(&he, id, Command::Decline, "2018-04-13 09:00").unwrap();
    let refused = refusal(door.act(&he, id, recording(&door), "2018-04-13 15:00").unwrap_err());
    let told = Refusal::VisitState {
        state: StateName::Declined,
        command: CommandName::Record,
        possible: vec![CommandName::Agree],
    };
    assert_eq!(refused, told);
    door.act(&he, id, agree("2018-04-17"), "2018-04-13 16:00").unwrap();
    assert_eq!(door.text("select day from visit_viewer where viewer <> '' order by viewer limit 1"), "2018-04-17");
    let ahead = door.record("2018-04-17");
    let early = door.act(&he, id, Command::Record { record: Box::new(ahead), reports: vec![] }, "2018-04-16 15:00");
    assert_eq!(faults(early.unwrap_err()), ["day"]);
});

on_both!(lists_go_by_windows_and_filters, |db| {
    let door = Doorstep::set(&db);
    let id = recorded(&door);
    let coming = door.planned("2018-04-20");
    let outside =
        door.plan(&door.outsider, door.plan_of(&door.outsider, "2018-04-21"), "2018-04-12 10:00").unwrap().0.visit.id;
    let list = |who: &domain::role::Actor, filter: visit_list::Filter| {
        let who = who.clone();
        let lines = db.read_blocking(move |tx| {
            let scope = visit_list::scope(tx, &who)?;
            visit_list::list(tx, &scope, &filter, 10)
        });
        lines.unwrap().into_iter().map(|it| it.id).collect::<Vec<_>>()
    };
    let any = visit_list::Filter::default();
    assert_eq!(list(&door.stage.zhou, any.clone()), [outside, coming, id]);
    assert_eq!(list(&door.stage.he, any.clone()), [coming, id]);
    assert_eq!(list(&door.outsider, any.clone()), [outside]);
    assert!(list(&door.stage.li, any.clone()).is_empty());
    let with = |change: fn(&mut visit_list::Filter)| {
        let mut filter = visit_list::Filter::default();
        change(&mut filter);
        filter
    };
    assert_eq!(list(&door.stage.he, with(|it| it.open = true)), [coming]);
    assert_eq!(list(&door.stage.he, with(|it| it.state = Some(StateName::Recorded))), [id]);
    assert_eq!(list(&door.stage.he, with(|it| it.cell = "community.projects".into())), [id]);
    assert_eq!(list(&door.stage.zhou, visit_list::Filter { policy: Some(door.policy), ..any.clone() }), [id]);
    assert_eq!(list(&door.stage.zhou, visit_list::Filter { after: Some((day("2018-04-21"), 3)), ..any }), [coming, id]);
});

on_both!(a_visit_changed_behind_the_programs_back_is_named, |db| {
    let door = Doorstep::set(&db);
    recorded(&door);
    let told = || {
        let broken =
            db.read_blocking(|tx| audit::verify(tx, &mut |_| {})).unwrap().broken.expect("something is broken");
        let (zh, en) = broken.say();
        assert!(zh.starts_with("走访") || zh.contains("的走访"), "{zh}");
        en
    };
    let end = "is not what its last one, event 3 (visit-recorded, 2018-04-13 15:00:00), made it; the row was changed outside the program.";
    door.stage.exec("update visit set day = '2018-04-12' where no = 1", vec![]);
    assert_eq!(told(), format!("Visit 1: \"day\" {end}"));
    door.stage.exec("update visit set day = '2018-04-13', body = replace(body, '缺人', '不缺人') where no = 1", vec![]);
    assert_eq!(told(), format!("Visit 1: \"body\" {end}"));
    door.stage.exec("update visit set body = replace(body, '不缺人', '缺人') where no = 1", vec![]);
    green(&door);
    door.stage.exec(
        "update event set body = replace(body, 'visit-agreed', 'visit-agreeD') where kind = $1",
        vals!["visit-agreed"].into(),
    );
    assert!(told().starts_with("Visit 1: event 2 (visit-agreed"));
});
