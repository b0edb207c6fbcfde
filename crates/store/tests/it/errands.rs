//! Errands: what stands in the rows is what follows from the problem, on which desk, step by step.

use crate::stage::{Stage, id_of};
use domain::command::Command;
use domain::errand::Kind;
use domain::problem::{Outcome, Satisfaction, Verdict};
use domain::role::Role;
use domain::time::Millis;
use store::Db;
use store::errand;
use store::notice::Letterbox;
use testkit::on_both;

fn held(db: &Db, desk: Letterbox, kind: Kind) -> Vec<i64> {
    db.read_blocking(move |tx| errand::list(tx, &[desk], kind, Millis(i64::MAX), 50))
        .unwrap()
        .into_iter()
        .map(|it| it.line.no)
        .collect()
}

fn rows(db: &Db) -> Vec<String> {
    let rows = db.read_blocking(|tx| {
        tx.query("select holder, kind, no, problem, due_at from errand order by holder, kind, no", &[])
    });
    rows.unwrap().iter().map(|it| format!("{:?}", it.values())).collect()
}

on_both!(errands_move_from_desk_to_desk_and_can_be_derived_anew, |db| {
    let s = Stage::set(&db);
    let unit = Letterbox::Unit(s.economy);
    let office = Letterbox::Role(Role::Office);
    let none = Vec::<i64>::new();
    let q = s.dispatched();
    assert_eq!(held(&db, unit, Kind::Receive), [1]);
    s.act(&s.li, q, Command::Receive, "2018-04-16 15:00").unwrap();
    assert_eq!(held(&db, unit, Kind::Receive), none);
    assert_eq!(held(&db, Letterbox::Unit(s.building), Kind::Receive), [1]);
    s.act(&s.li, q, Command::Assign { to: id_of(&s.wang) }, "2018-04-16 15:10").unwrap();
    let (wang, economy) = (Letterbox::Person(id_of(&s.wang)), s.economy);
    let assigned = db.read_blocking(move |tx| errand::list_assigned(tx, &[wang], &[economy], 5)).unwrap();
    assert_eq!(assigned.len(), 1);
    s.act(&s.wang, q, Command::AskExtension { until: "2018-05-04".parse().unwrap() }, "2018-04-17 10:00").unwrap();
    assert_eq!(held(&db, office, Kind::Extension), [1]);
    assert_eq!(held(&db, unit, Kind::Pending), [1]);
    s.act(&s.zhou, q, Command::DecideExtension { grant: false }, "2018-04-17 11:00").unwrap();
    assert_eq!(held(&db, office, Kind::Extension), none);
    s.answer(q, Outcome::Solved, None, "2018-04-24 10:00");
    assert_eq!(held(&db, office, Kind::Contact), [1]);
    assert_eq!(held(&db, Letterbox::Reporter(s.reporter), Kind::Rate), [1]);
    s.act(&s.li, q, Command::Apply, "2018-04-24 10:01").unwrap();
    assert_eq!(held(&db, office, Kind::Verify), [1]);

    // A database from before has none: filled once, it has the same.
    let before = rows(&db);
    assert!(!before.is_empty());
    let terms = s.terms.clone();
    db.write_blocking(move |tx| {
        tx.exec("delete from errand", &[])?;
        errand::fill(tx, &terms)
    })
    .unwrap();
    assert_eq!(rows(&db), before);

    s.act(&s.he, q, Command::Verify, "2018-04-25 10:00").unwrap();
    assert_eq!(held(&db, office, Kind::Close), none);
    let rating = Command::Rate { verdict: Verdict::Yes, satisfaction: Satisfaction::Satisfied };
    s.act(&s.taihe, q, rating, "2018-04-26 10:00").unwrap();
    assert_eq!(held(&db, office, Kind::Close), [1]);
    s.act(&s.zhou, q, Command::Close, "2018-04-26 15:00").unwrap();
    assert_eq!(rows(&db), Vec::<String>::new());
});
