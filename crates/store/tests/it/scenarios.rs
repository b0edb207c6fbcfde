//! The database's half of `scenarios/loop.md`: S59, S60, S61, and rule 12 of `deadlines.md`.

use crate::stage::{Stage, at, id_of};
use domain::access::{self, Scope};
use domain::calendar::{Calendar, NoticeDay};
use domain::command::Command;
use domain::problem::Outcome;
use domain::refusal::Refusal;
use domain::role::Actor;
use store::holiday::{self, Imported};
use store::list::{self, By, Filter, Line};
use store::problem::{Draft, Named};
use store::terms::{self, Failure};
use store::vals;
use testkit::on_both;

fn listed(stage: &Stage, who: &Actor, text: &str) -> Vec<Line> {
    let (scope, now) = (access::scope(who), at("2018-04-17 09:00"));
    let bounds = domain::light::bounds(now, &stage.terms.calendar);
    let mut found = Vec::new();
    for by in [By::Due, By::Newest] {
        let (scope, filter) = (scope.clone(), Filter { text: text.into(), by, ..Filter::default() });
        let mut lines = stage.db.read_blocking(move |tx| list::list(tx, &scope, &filter, now, &bounds, 50)).unwrap();
        lines.sort_by_key(|it| it.no);
        assert!(found.is_empty() || found == lines, "both orders list the same ones");
        found = lines;
    }
    found
}

on_both!(s59_a_unit_does_not_find_a_shielded_reporter_by_name, |db| {
    let stage = Stage::set(&db);
    let q = stage.in_hand();
    // Named in the text as well, as officers write.
    let draft = Draft {
        reporter: Some(Named::Known(stage.reporter)),
        shielded: true,
        detail: "泰和电子反映夜间用水压力不足，电话13800000000".into(),
        ..stage.draft("泰和电子夜间停水", at("2018-04-13 11:00"))
    };
    let shielded = stage.file(draft, at("2018-04-13 11:00")).unwrap().0.problem.id;
    let dispatch = Command::Dispatch { lead: Some(stage.economy), supports: vec![stage.building] };
    stage.act(&stage.zhou, shielded, dispatch, "2018-04-16 09:00").unwrap();
    let has = |who: &Actor, text: &str| listed(&stage, who, text).into_iter().any(|it| it.id == shielded);
    for unit in [&stage.li, &stage.wang, &stage.chen] {
        for telling in ["泰和电子", "泰和", "13800000000", "白杨街道"] {
            assert!(!has(unit, telling), "{telling}");
        }
        assert!(has(unit, "停水") && has(unit, "用水压力") && has(unit, ""));
        let line = listed(&stage, unit, "停水").into_iter().find(|it| it.id == shielded).unwrap();
        assert!(line.shielded && !line.title.contains("泰和"), "{}", line.title);
        // Without a name in its text, an open one is not found by the reporter's name by a unit either.
        assert!(!listed(&stage, unit, "泰和电子").iter().any(|it| it.id == q));
    }
    for who in [&stage.zhou, &stage.wu] {
        assert!(has(who, "泰和电子") && has(who, "13800000000") && has(who, "停水"));
    }
    // 经发局 has no business with what was never dispatched to it.
    let other = stage.registered(at("2018-04-16 10:00"));
    assert!(listed(&stage, &stage.li, "停水").iter().all(|it| it.id != other));
    assert_eq!(
        stage.act(&stage.li, other, Command::Receive, "2018-04-16 11:00"),
        Err(Failure::Refusal(Refusal::NotFound))
    );
    let nobody = Scope::Of { units: vec![], officers: vec![], reporter: None };
    let bounds = domain::light::bounds(at("2018-04-17 09:00"), &stage.terms.calendar);
    let none =
        db.read_blocking(move |tx| list::list(tx, &nobody, &Filter::default(), at("2018-04-17 09:00"), &bounds, 50));
    assert_eq!(none, Ok(vec![]));
});

on_both!(s60_of_two_at_once_the_second_learns_of_the_first, |db| {
    let stage = Stage::set(&db);
    let q = stage.in_hand();
    stage.answer(q, Outcome::Solved, None, "2018-04-24 10:00");
    stage.act(&stage.li, q, Command::Apply, "2018-04-24 10:01").unwrap();
    let seen = stage.find(q).problem.revision;
    stage.act_seen(&stage.he, q, Command::Verify, "2018-04-25 10:00", seen).unwrap();
    let late = stage.act_seen(&stage.zhou, q, Command::Redo, "2018-04-25 10:05", seen);
    let who = id_of(&stage.he);
    let expected = Refusal::ChangedMeanwhile { by: Some(who), at: at("2018-04-25 10:00"), event: "verified".into() };
    assert_eq!(late.unwrap_err(), Failure::Refusal(expected));
    assert_eq!(stage.kinds(q).len() as i64, seen + 1);
    let again = stage.act_seen(&stage.zhou, q, Command::Redo, "2018-04-25 10:06", seen + 1).unwrap();
    assert_eq!(again.problem.state.name(), domain::problem::StateName::InHand);
});

on_both!(s60_also_when_both_are_under_way_at_the_same_moment, |db| {
    let stage = Stage::set(&db);
    let q = stage.in_hand();
    for minute in 10..30 {
        let seen = stage.find(q).problem.revision;
        let now = format!("2018-04-17 10:{minute}");
        let answers: Vec<_> = std::thread::scope(|scope| {
            let both =
                [&stage.li, &stage.wang].map(|who| scope.spawn(|| stage.act_seen(who, q, Command::Note, &now, seen)));
            both.into_iter().map(|it| it.join().unwrap()).collect()
        });
        let refused: Vec<_> = answers.into_iter().filter_map(Result::err).collect();
        assert!(
            matches!(&refused[..], [Failure::Refusal(Refusal::ChangedMeanwhile { event, .. })] if event == "noted"),
            "{refused:?}"
        );
        assert_eq!(stage.kinds(q).len() as i64, seen + 1);
    }
});

on_both!(s61_a_retry_is_answered_like_the_first_time, |db| {
    let stage = Stage::set(&db);
    let now = at("2018-04-13 10:00");
    let draft = Draft { reporter: Some(Named::New(stage.taihe())), ..stage.draft("夜间停水", now) };
    let (first, new) = stage.file(draft.clone(), now).unwrap();
    assert!(new);
    let later = at("2018-04-13 10:05");
    let retry = Draft {
        reporter: Some(Named::New(store::reporter::Reporter {
            id: domain::id::ReporterId(store::ids::fresh(later)),
            ..stage.taihe()
        })),
        ..draft.clone()
    };
    let (second, new) = stage.file(retry, later).unwrap();
    assert_eq!((second, new), (first.clone(), false));
    let reused = stage.file(Draft { title: "白天停水".into(), ..draft }, later);
    assert_eq!(reused.unwrap_err(), Failure::Refusal(Refusal::ClientIdReused));
    assert_eq!(stage.kinds(first.problem.id), ["registered"]);
    let counts = db.read_blocking(|tx| tx.query_one("select count(*), max(no) from problem", &[])).unwrap();
    assert_eq!((counts.int(0), counts.int(1)), (Ok(1), Ok(1)));
});

on_both!(s61_also_when_it_comes_before_the_first_was_answered, |db| {
    let stage = Stage::set(&db);
    for round in 1..=10 {
        let now = at("2018-04-13 10:00").plus(round);
        let draft = stage.draft("夜间停水", now);
        let answers: Vec<_> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..4).map(|_| scope.spawn(|| stage.file(draft.clone(), now).unwrap())).collect();
            tries.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|it| it.1).count(), 1);
        assert!(answers.iter().all(|it| it.0.no == round), "no number is lost");
    }
});

on_both!(a_new_notice_moves_open_clocks_and_nothing_that_is_finished, |db| {
    let stage = Stage::set(&db);
    let (q, closed) = (stage.in_hand(), stage.closed());
    let many: Vec<_> = (0..230).map(|it| stage.registered(at("2018-04-23 10:00").plus(it))).collect();
    let columns = |id: domain::id::ProblemId| {
        let row = db.read_blocking(move |tx| {
            tx.query_one("select p.clock_at, p.due_at, p.first_due_at, (select min(s.clock_at) from sight s where s.problem = p.id) from problem p where p.id = $1", &vals![id])
        });
        let row = row.unwrap();
        [0, 1, 2, 3].map(|it| row.opt_millis(it).unwrap().map(|it| it.minute()))
    };
    let before = Some("2018-04-25 17:30".to_owned());
    assert_eq!(columns(q), [before.clone(), before.clone(), before.clone(), before.clone()]);
    let finished = columns(closed);
    let mut notice = Calendar::shipped_notices().unwrap().into_iter().find(|it| it.year == 2018).unwrap();
    for day in ["2018-04-24", "2018-04-25"] {
        notice.days.push(NoticeDay { name: "停工".into(), date: day.parse().unwrap(), is_off_day: true });
    }
    let import = |notice: &domain::calendar::Notice| {
        let (notice, master) = (notice.clone(), stage.terms.master.clone());
        db.write_blocking(move |tx| Ok::<_, store::Error>((holiday::import(tx, &notice)?, terms::load(tx, &master)?)))
            .unwrap()
    };
    let (imported, terms) = import(&notice);
    assert_eq!(imported, Imported::Updated);
    let events = stage.kinds(q).len();
    assert_eq!(testkit::runtime().block_on(holiday::recompute_open(&db, &terms)), Ok(232));
    let after = Some("2018-04-27 17:30".to_owned());
    assert_eq!(columns(q), [after.clone(), after.clone(), before, after]);
    assert_eq!(columns(closed), finished);
    for id in many {
        assert_eq!(columns(id)[0].as_deref(), Some("2018-04-26 17:30"));
    }
    assert_eq!(stage.kinds(q).len(), events, "a notice is no event of the problem");
    assert_eq!(db.read_blocking(|tx| store::audit::verify(tx, &mut |_| {})).unwrap().broken, None);
    assert_eq!(import(&notice).0, Imported::Unchanged);
});
