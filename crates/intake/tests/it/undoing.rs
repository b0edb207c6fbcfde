//! Imports taken back as a whole: what goes, what is put back, what stays and why.

use crate::loops::VISITS;
use crate::stage::{Stage, counts, now};
use domain::command::{Command, Order};
use domain::problem::{Tier, Urgency};
use domain::role::Actor;
use intake::{Kind, RunState};
use store::terms::Deed;
use store::{import_run, order, problem, subject};
use testkit::on_both;

on_both!(enterprises_go_or_are_put_back_unless_others_built_on_them, |db| {
    let stage = Stage::set(&db);
    stage.run(Kind::Enterprises, "名称,地址,联系人\n甲厂,一号,王工\n乙厂,二号,\n");
    let run = stage.run(
        Kind::Enterprises,
        "名称,地址,联系人,电话\n甲厂,十号,王工,138\n乙厂,二十号,,\n丙厂,三号,李工,139\n丁厂,四号,,\n戊厂,五号,,\n",
    );
    assert_eq!(run.counts, counts(3, 2, 0, 0));
    stage.assign(&["丁厂"]);
    let (before, terms) = (stage.subject("乙厂"), stage.terms.clone());
    stage
        .db
        .write_blocking(move |tx| {
            let deed = Deed { terms: &terms, by: None, now: now() };
            let mut card = before.card.clone();
            card.industry = "纺织".into();
            subject::update(tx, &deed, &before, card, before.revision)
        })
        .unwrap();
    let undone = stage.undo(&run);
    // 甲厂 and its contact put back, 丙厂 with its contact and 戊厂 gone.
    assert_eq!((undone.removed, undone.restored), (3, 2), "{undone:?}");
    let kept: Vec<(&str, bool)> =
        undone.kept.iter().map(|(what, zh, _)| (what.split(' ').next_back().unwrap(), zh.contains("改过"))).collect();
    assert_eq!(kept, [("丁厂", false), ("乙厂", true)]);
    assert_eq!(stage.subject("甲厂").card.address, "一号");
    assert_eq!(stage.count("select count(*) from subject"), 3);
    assert_eq!(stage.count("select count(*) from contact where phone <> ''"), 0);
    assert_eq!(stage.undo(&run), intake::Undone::default());
    let id = run.id;
    assert_eq!(stage.ask(move |tx| import_run::find(tx, id)).unwrap().state, RunState::Undone);
    stage.verified();
});

on_both!(two_imports_can_be_taken_back_one_after_the_other, |db| {
    let stage = Stage::set(&db);
    let first = stage.run(Kind::Enterprises, "名称,地址\n甲厂,一号\n");
    let second = stage.run(Kind::Enterprises, "名称,地址\n甲厂,二号\n");
    assert_eq!(stage.undo(&second).restored, 1);
    assert_eq!(stage.undo(&first).removed, 1);
    assert_eq!(stage.count("select count(*) from subject"), 0);
});

on_both!(persons_go_unless_they_signed_in_or_something_names_them, |db| {
    let stage = Stage::set(&db);
    let file = "姓名,单位,岗位,登录名,电话\n甲,经发局,走访干部,a,\n乙,经发局,走访干部,b,\n丙,经发局,承办人,c,\n顾青,经发局,承办人,gu,137\n";
    let run = stage.run(Kind::Persons, file);
    assert_eq!(run.counts, counts(3, 1, 0, 0));
    stage.db.write_blocking(|tx| tx.exec("update person set password = 'phc' where login = 'a'", &[])).unwrap();
    stage.run(Kind::Enterprises, "名称,包联干部\n甲厂,b\n");
    let undone = stage.undo(&run);
    assert_eq!((undone.removed, undone.restored), (2, 1), "{undone:?}");
    let kept: Vec<&str> = undone.kept.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(kept, ["b 乙", "a 甲"]);
    assert_eq!(stage.count("select count(*) from hat h join person p on p.id = h.person where p.login = 'gu'"), 1);
    stage.verified();
});

fn triage_first_problem(stage: &Stage) {
    let (terms, actor) = (stage.terms.clone(), stage.zhou.clone());
    let command = Command::Triage { category: None, tier: Tier::Unit, urgency: Urgency::Ordinary };
    stage
        .db
        .write_blocking(move |tx| {
            let found = problem::find_by_no(tx, 1)?.unwrap();
            let order = Order { command, words: String::new(), rest: String::new(), seen: 1 };
            order::perform(tx, &terms, &actor, found.problem.id, &order, now())?;
            let unit = store::unit::find_by_name(tx, "经发局")?.unwrap().id;
            let command = Command::Dispatch { lead: Some(unit), supports: vec![] };
            let order = Order { command, words: String::new(), rest: String::new(), seen: 2 };
            order::perform(tx, &terms, &actor, found.problem.id, &order, now())
        })
        .unwrap();
}

on_both!(problems_are_withdrawn_by_the_office_unless_they_went_on, |db| {
    let stage = Stage::set(&db);
    let run = stage.run(Kind::Problems, "标题\n停电\n停水\n停气\n");
    triage_first_problem(&stage);
    let nobody = intake::undo(&stage.db, &stage.terms, run.id, &Actor::System, &now);
    // Nobody of the office: nothing is withdrawn, and it is said.
    assert_eq!(nobody.unwrap().kept.len(), 3);
    assert_eq!(stage.count("select count(*) from problem where state = 'withdrawn'"), 0);
});

on_both!(problems_that_went_on_are_kept_and_told, |db| {
    let stage = Stage::set(&db);
    let run = stage.run(Kind::Problems, "标题\n停电\n停水\n停气\n");
    triage_first_problem(&stage);
    let undone = stage.undo(&run);
    assert_eq!((undone.removed, undone.kept.len()), (2, 1), "{undone:?}");
    assert!(undone.kept[0].0 == "1 停电" && undone.kept[0].1.contains("已交办"), "{undone:?}");
    assert_eq!(stage.count("select count(*) from problem where state = 'withdrawn'"), 2);
    stage.verified();
});

on_both!(visits_go_and_the_coverage_is_counted_anew, |db| {
    let stage = Stage::set(&db);
    stage.run(Kind::Enterprises, "名称\n甲厂\n乙厂\n");
    stage.assign(&["甲厂", "乙厂"]);
    let run = stage.run(Kind::Visits, VISITS);
    let undone = stage.undo(&run);
    assert_eq!((undone.removed, undone.kept.len()), (3, 0), "{undone:?}");
    // The one whose problems were withdrawn stays as one that fell through.
    assert_eq!(stage.count("select count(*) from visit"), 1);
    assert_eq!(stage.count("select count(*) from visit where state = 'declined'"), 1);
    assert_eq!(stage.count("select count(*) from problem where state = 'withdrawn'"), 2);
    assert_eq!(stage.count("select count(*) from promise") + stage.count("select count(*) from finding"), 0);
    assert_eq!(stage.count("select cast(sum(visits) as bigint) from assignment"), 0);
    assert_eq!(stage.count("select count(*) from assignment where visited_on is not null"), 0);
    stage.verified();
});

on_both!(visits_whose_problems_went_on_are_kept, |db| {
    let stage = Stage::set(&db);
    stage.run(Kind::Enterprises, "名称\n甲厂\n乙厂\n");
    stage.assign(&["甲厂", "乙厂"]);
    let run = stage.run(Kind::Visits, VISITS);
    triage_first_problem(&stage);
    let undone = stage.undo(&run);
    assert_eq!((undone.removed, undone.kept.len()), (2, 1), "{undone:?}");
    assert!(undone.kept[0].1.contains("1号问题"), "{undone:?}");
    assert_eq!(stage.count("select count(*) from problem where state = 'registered'"), 1);
    assert_eq!(stage.count("select cast(sum(visits) as bigint) from assignment"), 1);
    stage.verified();
});
