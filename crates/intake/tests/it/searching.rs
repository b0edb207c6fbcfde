//! Subjects found by what is typed of them, and only by whom may see them.

use crate::stage::{Stage, now};
use domain::letters;
use intake::Kind;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::subject_list::{Filter, list, search_register};
use store::visit_list::{self, Scope};
use store::{Db, person};
use testkit::on_both;

fn found(stage: &Stage, scope: Scope, filter: Filter) -> Vec<String> {
    let lines = stage.ask(move |tx| list(tx, &scope, &filter, 50));
    lines.into_iter().map(|it| it.name).collect()
}

fn typed(stage: &Stage, text: &str) -> Vec<String> {
    let text = text.to_owned();
    stage.ask(move |tx| search_register(tx, &text, 50)).into_iter().map(|it| it.name).collect()
}

const REGISTER: &str = "名称,信用代码,地址,街道,行业,标签,包联干部\n\
    杭州泰尔茂医疗产品有限公司,91330101143041950C,6号大街,白杨,医药,外资 重点,何平\n\
    西安先导电子有限公司,,二号,下沙,电子,,\n\
    绿叶食品厂,,三号,白杨,食品,重点,\n";

on_both!(a_subject_is_found_by_name_letters_code_tag_and_address, |db| {
    let stage = Stage::set(&db);
    stage.run(Kind::Enterprises, REGISTER);
    let (tem, xian, green) = ("杭州泰尔茂医疗产品有限公司", "西安先导电子有限公司", "绿叶食品厂");
    for (text, names) in [
        ("泰尔茂", vec![tem]),
        ("tem", vec![tem]),
        ("taiermao", vec![tem]),
        ("tai er mao", vec![tem]),
        ("TEMYL", vec![tem]),
        ("9133010114", vec![tem]),
        ("91330101143041950c", vec![tem]),
        ("重点", vec![green, tem]),
        ("大街", vec![tem]),
        ("xian", vec![xian]),
        ("dianz", vec![xian]),
        ("lvye", vec![green]),
        ("xadz 电子", vec![]),
        ("xaxd 电子", vec![xian]),
        ("\" OR *", vec![]),
        ("'|&:*", vec![]),
        (" ", vec![]),
    ] {
        assert_eq!(typed(&stage, text), names, "{text}");
    }
    let later = "名称,信用代码\n泰尔茂改名,91330101143041950C\n";
    stage.run(Kind::Enterprises, later);
    assert_eq!(typed(&stage, "gaiming"), ["泰尔茂改名"]);
    assert_eq!(typed(&stage, "yiliao"), Vec::<String>::new());
});

on_both!(lists_have_filters_pages_and_a_scope, |db| {
    let stage = Stage::set(&db);
    stage.run(Kind::Enterprises, REGISTER);
    let (tem, xian, green) = ("杭州泰尔茂医疗产品有限公司", "西安先导电子有限公司", "绿叶食品厂");
    stage.assign(&[xian]);
    let none = Filter::default;
    let team = Some(stage.team);
    let round = Some(stage.round);
    let he = stage.ask(|tx| person::find_by_login(tx, "he")).unwrap();
    for (filter, names) in [
        (none(), vec![green, xian, tem]),
        (Filter { after: Some(3), ..none() }, vec![xian, tem]),
        (Filter { area: "白杨".into(), ..none() }, vec![green, tem]),
        (Filter { industry: "电子".into(), ..none() }, vec![xian]),
        (Filter { tag: "外资".into(), ..none() }, vec![tem]),
        (Filter { officer: Some(he.id), ..none() }, vec![tem]),
        (Filter { team, ..none() }, vec![xian]),
        (Filter { round, ..none() }, vec![xian]),
        (Filter { kind: Some(domain::subject::Kind::Site), ..none() }, vec![]),
        (Filter { text: "重点".into(), area: "白杨".into(), after: Some(3), ..none() }, vec![tem]),
        (Filter { text: "xd".into(), team, ..none() }, vec![xian]),
    ] {
        assert_eq!(found(&stage, Scope::All, filter.clone()), names, "{filter:?}");
    }
    // He keeps in touch with one, and his team is assigned another.
    let scope = stage.ask(move |tx| {
        let actor = person::actor(tx, &he, now())?;
        visit_list::scope(tx, &actor)
    });
    assert_eq!(found(&stage, scope.clone(), none()), [xian, tem]);
    assert_eq!(found(&stage, scope.clone(), Filter { text: "有限公司".into(), ..none() }), [xian, tem]);
    assert_eq!(found(&stage, scope.clone(), Filter { text: "lvye".into(), ..none() }), Vec::<String>::new());
    assert_eq!(found(&stage, scope, Filter { text: "tem".into(), ..none() }), [tem]);
    assert_eq!(found(&stage, Scope::Of(vec![]), none()), Vec::<String>::new());
});

fn every_part_finds(db: &Db) {
    let stage = Stage::set(db);
    let names = "杭州长安鑫源电气3M绿能㐀𠮷股份有限公司\n女娲（中国）嗯嗯信息技术有限责任公司\n";
    stage.run(Kind::Enterprises, format!("名称\n{names}"));
    let all: Vec<String> = names.lines().map(str::to_owned).collect();
    let mut runner = TestRunner::new(Config { cases: 60, ..Config::default() });
    let parts = (0..2_usize, 0..20_usize, 1..20_usize);
    runner
        .run(&parts, |(which, from, length)| {
            let name = &all[which];
            let letters: String = letters::initials(name).chars().skip(from).take(length).collect();
            let spelled = letters::syllables(name).into_iter().skip(from).take(length).collect::<String>();
            for text in [letters, spelled] {
                if text.chars().any(|c| c.is_ascii_alphabetic()) && text.len() <= 64 {
                    prop_assert!(typed(&stage, &text).contains(name), "{} {}", name, text);
                }
            }
            Ok(())
        })
        .unwrap();
}

on_both!(every_run_of_initials_and_of_syllables_finds_its_name, |db| { every_part_finds(&db) });
