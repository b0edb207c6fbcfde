//! What the system does by itself: S13, S54, escalation, follow-ups, the notices of a dispatch, races and outages.

use crate::stage::{Stage, at, id_of};
use domain::command::Command;
use domain::problem::{Outcome, StateName};
use store::notice::Letterbox;
use testkit::on_both;

fn line(to: Letterbox, kind: &str, detail: &str) -> (String, String, String) {
    (to.key(), kind.into(), detail.into())
}

on_both!(s13_one_reminder_when_it_was_not_received, |db| {
    let stage = Stage::set(&db);
    let q = stage.dispatched();
    for quiet in ["2018-04-17 17:30", "2018-04-17 17:30:01", "2018-04-18 08:29:59"] {
        stage.tick(quiet);
        assert!(!stage.kinds(q).contains(&"reminded".to_owned()), "{quiet}");
    }
    for now in ["2018-04-18 08:30", "2018-04-18 08:30", "2018-04-18 08:31"] {
        stage.tick(now);
    }
    let reminded: Vec<_> = stage.events(q).into_iter().filter(|it| it.0 == "reminded").collect();
    assert_eq!(reminded.len(), 1);
    assert_eq!(reminded[0].1, "2018-04-18 08:30:00");
    // Both the lead and the supporting unit owe their receipt.
    let mut overdue: Vec<_> = stage.notices("2018-04-18 08:30").into_iter().filter(|it| it.1 == "overdue").collect();
    let mut units = [stage.economy, stage.building].map(|unit| line(Letterbox::Unit(unit), "overdue", "receive:0"));
    units.sort();
    overdue.sort();
    assert_eq!(overdue, units);
});

on_both!(lateness_climbs_from_the_unit_to_its_head_to_supervision, |db| {
    let stage = Stage::set(&db);
    let q = stage.dispatched();
    stage.act(&stage.chen, q, Command::Receive, "2018-04-16 10:00").unwrap();
    stage.tick("2018-04-18 08:30");
    stage.tick("2018-04-19 08:29");
    assert_eq!(stage.kinds(q).iter().filter(|it| *it == "reminded").count(), 1);
    stage.tick("2018-04-19 08:30");
    assert_eq!(stage.notices("2018-04-19 08:30"), [line(Letterbox::Head(stage.economy), "overdue", "receive:1")]);
    stage.tick("2018-04-20 08:30");
    let told = stage.notices("2018-04-20 08:30");
    assert!(told.contains(&line(Letterbox::Role(domain::role::Role::Supervision), "overdue", "receive:2")), "{told:?}");
    assert!(told.contains(&line(Letterbox::Unit(stage.building), "overdue", "support:0")), "{told:?}");
    assert_eq!(stage.kinds(q).iter().filter(|it| *it == "reminded").count(), 3);
});

on_both!(the_office_is_told_of_its_own_clock_without_an_event, |db| {
    let stage = Stage::set(&db);
    let id = stage.registered(at("2018-04-13 10:00"));
    stage.tick("2018-04-20 09:00");
    let office = Letterbox::Role(domain::role::Role::Office);
    let supervision = Letterbox::Role(domain::role::Role::Supervision);
    assert_eq!(
        stage.notices("2018-04-20 09:00"),
        [
            line(office, "overdue", "triage:0"),
            line(office, "overdue", "triage:1"),
            line(supervision, "overdue", "triage:2")
        ]
    );
    assert_eq!(stage.kinds(id), ["registered"]);
    assert_eq!(stage.tick("2018-04-20 09:01"), 0);
});

on_both!(s54_a_planned_one_wakes_once_with_three_servers, |db| {
    let stage = Stage::set(&db);
    let q = stage.in_hand();
    stage.answer(q, Outcome::Planned, Some("2018-05-14"), "2018-04-24 10:00");
    stage.act(&stage.zhou, q, Command::Verify, "2018-04-25 10:00").unwrap();
    stage.tick("2018-05-13 23:59:59");
    assert_eq!(stage.find(q).problem.state.name(), StateName::Planned);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| stage.tick("2018-05-14 00:00"));
        }
    });
    let woken: Vec<_> = stage.events(q).into_iter().filter(|it| it.0 == "woken").collect();
    assert_eq!(woken, [("woken".to_owned(), "2018-05-14 00:00:00".to_owned(), "2018-05-14 00:00:00".to_owned())]);
    let found = stage.find(q).problem;
    assert_eq!(found.state.name(), StateName::InHand);
    assert_eq!(found.state.case().unwrap().clock.due(&stage.terms.calendar).at, Some(at("2018-05-23 17:30")));
});

on_both!(s54_after_an_outage_it_woke_that_midnight_and_what_came_due_since_is_done_in_order, |db| {
    let stage = Stage::set(&db);
    let q = stage.in_hand();
    stage.act(&stage.chen, q, Command::Support { evidence: vec![] }, "2018-04-17 10:00").unwrap();
    stage.answer(q, Outcome::Planned, Some("2018-05-14"), "2018-04-24 10:00");
    stage.act(&stage.zhou, q, Command::Verify, "2018-04-24 11:00").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| stage.tick("2018-05-25 10:00"));
        }
    });
    let events = stage.events(q);
    let since: Vec<_> =
        events.iter().skip_while(|it| it.0 != "woken").map(|it| (it.0.as_str(), it.1.as_str())).collect();
    // Due 05-23 17:30: told the unit on 05-24, its head on 05-25, both in time for the one visit.
    assert_eq!(since[0], ("woken", "2018-05-14 00:00:00"));
    assert_eq!(since[1..].iter().map(|it| it.0).collect::<Vec<_>>(), ["reminded", "reminded"]);
    assert!(events.iter().filter(|it| it.0 == "woken").all(|it| it.2 == "2018-05-25 10:00:00"));
    let told: Vec<_> =
        stage.notices("2018-05-25 10:00").into_iter().filter(|it| it.1 != "woken").map(|it| (it.1, it.2)).collect();
    let mut expected = vec![("due-today", "lead"), ("overdue", "lead:0"), ("overdue", "lead:1")];
    expected.sort_unstable();
    let mut sorted: Vec<_> = told.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
});

on_both!(follow_ups_come_after_30_90_and_365_days, |db| {
    let stage = Stage::set(&db);
    let q = stage.closed();
    let officer = Letterbox::Person(id_of(&stage.he));
    let office = Letterbox::Role(domain::role::Role::Office);
    stage.tick("2018-05-28 08:29:59");
    for (days, day) in [("30", "2018-05-28"), ("90", "2018-07-25"), ("365", "2019-04-26")] {
        let now = format!("{day} 08:30");
        for _ in 0..2 {
            stage.tick(&now);
        }
        assert_eq!(stage.notices(&now), [line(officer, "follow-up", days), line(office, "follow-up", days)], "{day}");
    }
    assert_eq!(stage.kinds(q).last().unwrap(), "closed");
    let rows = db.read_blocking(|tx| tx.query("select next_at from problem", &[])).unwrap();
    assert_eq!(rows[0].opt_int(0), Ok(None));
});

on_both!(notices_of_a_dispatch_leave_when_its_minute_is_over, |db| {
    let stage = Stage::set(&db);
    let q = stage.dispatched();
    stage.tick("2018-04-16 09:00:59");
    let dispatched =
        |since: &str| stage.notices(since).into_iter().filter(|it| it.1 == "dispatched").collect::<Vec<_>>();
    assert_eq!(dispatched("2018-04-16 00:00"), []);
    stage.act(&stage.chen, q, Command::Receive, "2018-04-16 09:00:59").unwrap();
    stage.tick("2018-04-16 09:01");
    // 建设局 has it already.
    assert_eq!(dispatched("2018-04-16 00:00"), [line(Letterbox::Unit(stage.economy), "dispatched", "lead")]);
    let recalled = stage.registered(at("2018-04-17 10:00"));
    let dispatch = Command::Dispatch { lead: Some(stage.economy), supports: vec![] };
    stage.act(&stage.zhou, recalled, dispatch, "2018-04-17 10:00").unwrap();
    stage.act(&stage.zhou, recalled, Command::Recall, "2018-04-17 10:00:30").unwrap();
    stage.tick("2018-04-17 10:02");
    assert_eq!(dispatched("2018-04-17 00:00"), []);
});

on_both!(one_that_cannot_be_served_holds_up_no_other, |db| {
    let stage = Stage::set(&db);
    let (q, other) = (stage.dispatched(), stage.dispatched());
    stage.tick("2018-04-17 09:00");
    let whole = db
        .read_blocking(move |tx| tx.query_one("select body from problem where id = $1", &store::vals![q])?.string(0))
        .unwrap();
    stage.exec("update problem set body = 'torn' where id = $1", store::vals![q].into());
    stage.tick("2018-04-18 08:30");
    assert_eq!(stage.kinds(other).iter().filter(|it| *it == "reminded").count(), 1);
    stage.exec("update problem set body = $2 where id = $1", store::vals![q, whole].into());
    stage.tick("2018-04-18 08:39");
    assert!(!stage.kinds(q).contains(&"reminded".to_owned()));
    // Ten minutes later it is looked at again, and nothing was forgotten.
    stage.tick("2018-04-18 08:40");
    assert_eq!(stage.kinds(q).iter().filter(|it| *it == "reminded").count(), 1);
});
