//! The daily seal.

use crate::stage::{Stage, at};
use domain::command::Command;
use store::seal;
use testkit::on_both;

fn seal_at(stage: &Stage, now: &str) -> usize {
    let now = at(now);
    stage.db.write_blocking(move |tx| seal::seal_days(tx, now)).unwrap()
}

on_both!(a_day_is_sealed_ten_minutes_after_it_is_over_and_once, |db| {
    let stage = Stage::set(&db);
    assert_eq!(seal_at(&stage, "2018-04-20 10:00"), 0, "nothing happened yet");
    stage.in_hand();
    assert_eq!(seal_at(&stage, "2018-04-14 00:09:59"), 0);
    assert_eq!(seal_at(&stage, "2018-04-14 00:10"), 1);
    assert_eq!(seal_at(&stage, "2018-04-17 08:00"), 1, "the two days without events have no seal");
    assert_eq!(seal_at(&stage, "2018-04-30 08:00"), 0);
    let seals = db.read_blocking(|tx| seal::list(tx, "", 10)).unwrap();
    let days: Vec<_> = seals.iter().map(|it| (it.day.to_string(), it.events)).collect();
    assert_eq!(days, [("2018-04-13".into(), 1), ("2018-04-16".into(), 2)]);
    assert_ne!(seals[0].hash, seals[1].hash);
    let after = db.read_blocking(|tx| seal::list(tx, "2018-04-13", 10)).unwrap();
    assert_eq!(after, seals[1..]);
});

on_both!(servers_that_seal_at_once_agree, |db| {
    let stage = Stage::set(&db);
    for day in 10..28 {
        stage.registered(at(&format!("2018-04-{day} 23:59:59")));
        stage.registered(at(&format!("2018-04-{day} 00:00")));
    }
    let sealed: usize = std::thread::scope(|scope| {
        let servers: Vec<_> = (0..3).map(|_| scope.spawn(|| seal_at(&stage, "2018-05-02 08:00"))).collect();
        servers.into_iter().map(|it| it.join().unwrap()).sum()
    });
    assert_eq!(sealed, 18);
    let seals = db.read_blocking(|tx| seal::list(tx, "", 100)).unwrap();
    assert!(seals.len() == 18 && seals.iter().all(|it| it.events == 2));
});

on_both!(after_a_long_outage_the_days_are_sealed_in_portions, |db| {
    let stage = Stage::set(&db);
    let id = stage.in_hand();
    let first = at("2018-05-01 10:00");
    for day in 0..40 {
        stage.act(&stage.li, id, Command::Note, &first.plus(day * 86_400_000).second()).unwrap();
    }
    assert_eq!([31, 11, 0], [0; 3].map(|_| seal_at(&stage, "2018-07-01 08:00")));
});
