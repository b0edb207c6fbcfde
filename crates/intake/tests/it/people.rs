//! Persons and contacts.

use crate::stage::{Stage, counts};
use domain::role::Role;
use intake::Kind;
use store::person;
use testkit::on_both;

on_both!(persons_come_in_with_their_roles_and_without_a_password, |db| {
    let stage = Stage::set(&db);
    let file = "姓名,单位,岗位,登录名,电话\n张伟,经发局,走访干部、承办人,,138\n张伟,经发局,单位负责人,zw2,\n李娜,没有的局,承办人,,\n\
                赵六,走访办,系统管理员、审计员,,\n钱七,走访办,船长,,\n何平,走访办,走访办,he,\n";
    let run = stage.run(Kind::Persons, file);
    assert_eq!(run.counts, counts(2, 0, 0, 4));
    let rejects = stage.rejects(&run);
    let fields: Vec<&str> = rejects.iter().map(|it| it.1.as_str()).collect();
    assert_eq!(fields, ["unit", "roles", "roles", "login"]);
    assert!(rejects[0].2.contains("zoufang unit add"), "{rejects:?}");
    let made = stage.ask(|tx| person::find_by_login(tx, "zhangwei")).unwrap();
    assert_eq!((made.name.as_str(), made.phone.as_str()), ("张伟", "138"));
    let id = made.id;
    let hats = stage.ask(move |tx| person::hats(tx, id));
    assert!(hats.len() == 2 && hats.iter().any(|it| it.role == Role::Clerk), "{hats:?}");
    assert_eq!(stage.run(Kind::Persons, file).counts, counts(0, 0, 2, 4));
    let more = "姓名,单位,岗位,登录名\n张伟,经发局,领导,zhangwei\n";
    assert_eq!(stage.run(Kind::Persons, more).counts, counts(0, 1, 0, 0));
    stage.verified();
});

on_both!(contacts_go_to_their_subject, |db| {
    let stage = Stage::set(&db);
    stage.run(Kind::Enterprises, "名称\n甲厂\n乙厂\n");
    let file = "企业名称,联系人,职务,电话,邮箱\n甲厂,王工,厂长,138,a@b.cn\n丁厂,李工,,,\n乙厂,,,138,\n乙厂,孙工,,电话一三八,\n";
    let run = stage.run(Kind::Contacts, file);
    assert_eq!(run.counts, counts(1, 0, 0, 3));
    let fields: Vec<String> = stage.rejects(&run).into_iter().map(|it| it.1).collect();
    assert_eq!(fields, ["subject", "name", "phone"]);
    assert_eq!(stage.run(Kind::Contacts, file).counts, counts(0, 0, 1, 3));
    let later = "企业名称,联系人,电话\n甲厂,王工,139\n";
    assert_eq!(stage.run(Kind::Contacts, later).counts, counts(0, 1, 0, 0));
    assert_eq!(stage.count("select count(*) from contact where phone = '139' and post = '厂长'"), 1);
});
