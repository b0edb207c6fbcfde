//! Every verb explains itself, in Chinese and in English.

use crate::stage::Stage;

#[test]
fn every_verb_has_its_help() {
    let stage = Stage::sqlite();
    let verbs: [&[&str]; 16] = [
        &[],
        &["serve"],
        &["demo"],
        &["import"],
        &["import", "problems"],
        &["import", "holidays"],
        &["export"],
        &["export", "problems"],
        &["user"],
        &["user", "add"],
        &["unit", "add"],
        &["audit", "verify"],
        &["backup"],
        &["restore"],
        &["doctor"],
        &["unit"],
    ];
    for verb in verbs {
        let said = stage.run(&[verb, &["--help"]].concat()).ok();
        assert!(said.out.contains("--data") && said.out.contains("数据"), "{verb:?}\n{}", said.out);
    }
    assert!(stage.run(&["--version"]).ok().out.starts_with("zoufang "));
    let wrong = stage.run(&["fly"]);
    assert!(wrong.code == 2 && wrong.err.contains("--help"), "{}", wrong.err);
    assert!(!stage.data().exists());
}
