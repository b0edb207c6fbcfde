//! Sessions, lock-out, one-time links.

use crate::stage::{Stage, at, id_of};
use domain::refusal::Refusal;
use domain::role::{Actor, Role};
use store::session::{self, TokenDigest};
use store::terms::Failure;
use store::{Result, person};
use testkit::on_both;

const HOUR: i64 = 3_600_000;

on_both!(a_session_ends_when_idle_when_over_and_when_ended, |db| {
    let stage = Stage::set(&db);
    let li = id_of(&stage.li);
    let found = |now: &str| {
        let now = at(now);
        db.read_blocking(move |tx| session::find(tx, "secret", now, HOUR)).unwrap().map(|it| it.0.login)
    };
    let touch = |now: &str| {
        let now = at(now);
        db.write_blocking(move |tx| session::touch(tx, "secret", now)).unwrap()
    };
    let start = || {
        let now = at("2018-04-16 09:00");
        db.write_blocking(move |tx| session::start(tx, li, &TokenDigest::of("secret"), now, 8 * HOUR)).unwrap();
    };
    start();
    let stored = db.read_blocking(|tx| tx.query_one("select token from session", &[])?.string(0)).unwrap();
    assert!(!stored.contains("secret") && stored.len() == 64);
    assert_eq!(found("2018-04-16 09:59:59").as_deref(), Some("li"));
    assert_eq!(found("2018-04-16 10:00"), None);
    assert!(!touch("2018-04-16 09:00:59"), "once a minute at most");
    assert!(touch("2018-04-16 09:30"));
    assert_eq!(found("2018-04-16 10:29").as_deref(), Some("li"));
    for minutes in (0..450).step_by(30) {
        touch(&at("2018-04-16 10:00").plus(minutes * 60_000).second());
    }
    assert_eq!(found("2018-04-16 16:59:59").as_deref(), Some("li"));
    assert_eq!(found("2018-04-16 17:00"), None, "however busy, it ends");
    assert!(!touch("2018-04-16 17:00"));
    assert_eq!(db.write_blocking(|tx| session::sweep(tx, at("2018-04-16 17:00"), HOUR)), Ok(1));
    start();
    db.write_blocking(|tx| session::end(tx, "secret")).unwrap();
    assert_eq!(found("2018-04-16 09:01"), None);
    start();
    let heir = id_of(&stage.wang);
    db.write_blocking(move |tx| person::leave(tx, li, heir, at("2018-04-16 09:01"))).unwrap();
    assert_eq!(found("2018-04-16 09:02"), None);
});

on_both!(five_wrong_passwords_lock_and_each_further_one_twice_as_long, |db| {
    let stage = Stage::set(&db);
    let li = id_of(&stage.li);
    let fail = |now: domain::time::Millis| db.write_blocking(move |tx| session::failed(tx, li, now)).unwrap();
    let mut now = at("2018-04-16 09:00");
    for _ in 0..4 {
        assert_eq!(fail(now), None);
    }
    for minutes in [15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440, 1440, 1440] {
        let until = now.plus(minutes * 60_000);
        assert_eq!(fail(now), Some(until));
        assert_eq!(fail(now.plus(1)), Some(until), "knocking on does not lengthen the wait");
        let known = db.read_blocking(|tx| person::password(tx, "li")).unwrap().unwrap();
        assert_eq!((known.id, known.locked_until, known.phc.as_str()), (li, until, "phc"));
        now = until;
    }
    db.write_blocking(move |tx| session::succeeded(tx, li)).unwrap();
    assert_eq!(fail(now), None);
});

on_both!(guesses_sent_at_once_are_all_counted, |db| {
    let stage = Stage::set(&db);
    let (li, now) = (id_of(&stage.li), at("2018-04-16 09:00"));
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| db.write_blocking(move |tx| session::failed(tx, li, now)).unwrap());
        }
    });
    let known = db.read_blocking(|tx| person::password(tx, "li")).unwrap().unwrap();
    assert_eq!(known.locked_until, now.plus(15 * 60_000));
});

on_both!(a_one_time_link_works_once_and_ends_all_sessions, |db| {
    let stage = Stage::set(&db);
    let (li, now) = (id_of(&stage.li), at("2018-04-16 09:00"));
    let unit = stage.economy;
    let make = |by: Actor, token: &'static str| {
        db.write_blocking(move |tx| session::make_link(tx, &by, li, &TokenDigest::of(token), now, 24 * HOUR))
    };
    assert_eq!(make(stage.zhou.clone(), "a"), Err(Failure::Refusal(Refusal::NotYourRole)));
    let guard = db
        .write_blocking(move |tx| -> Result<Actor> {
            let new = person::NewPerson {
                login: "sec",
                name: "安",
                unit,
                roles: &[Role::Secadmin],
                reporter: None,
                password: "",
            };
            let id = person::insert(tx, &new, now)?;
            let found = person::find(tx, id)?.unwrap();
            person::actor(tx, &found, now)
        })
        .unwrap();
    make(guard.clone(), "a").unwrap();
    make(guard, "b").unwrap();
    let usable = |token: &'static str, now| db.read_blocking(move |tx| session::find_link(tx, token, now)).unwrap();
    assert_eq!(usable("a", now), None, "a newer link ends the older");
    assert_eq!(usable("b", now), Some(li));
    assert_eq!(usable("b", now.plus(24 * HOUR)), None);
    db.write_blocking(move |tx| session::start(tx, li, &TokenDigest::of("old"), now, 8 * HOUR)).unwrap();
    let used = || db.write_blocking(move |tx| session::use_link(tx, "b", "$argon2id$new", now)).unwrap();
    assert_eq!(used(), Some(li));
    assert_eq!(used(), None);
    assert!(db.read_blocking(move |tx| session::find(tx, "old", now, HOUR)).unwrap().is_none());
    assert_eq!(db.read_blocking(|tx| person::password(tx, "li")).unwrap().unwrap().phc, "$argon2id$new");
});
