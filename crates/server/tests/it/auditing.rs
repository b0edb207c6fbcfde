//! The audit is green on what the program wrote, and names a byte that was changed.

use crate::both;

both!(a_changed_byte_is_named, |stage| {
    let table = stage.file("t.csv", "标题,内容\n停电,夜里停电\n停水,早上停水\n");
    stage.run(&["import", "problems", table.to_str().unwrap()]).ok();
    let said = stage.run(&["audit", "verify"]).ok();
    // Two problems, three questionnaires of a new house, and an import that began, saved a batch and ended.
    assert!(said.last().contains("problems 2, events 8"), "{}", said.out);
    let change =
        "update event set body = replace(body, 'import', 'letter') where thing = (select id from problem where no = 2)";
    assert_eq!(stage.db().write_blocking(move |tx| tx.exec(change, &[])).unwrap(), 1);
    let said = stage.run(&["audit", "verify"]).refused();
    assert!(said.err.contains("问题2") && said.err.contains("Problem 2"), "{}", said.err);
});

both!(a_doctor_finds_a_new_house_well, |stage| {
    let none = stage.run(&["doctor"]).refused();
    assert!(none.out.contains("fail") && !stage.data().exists());
    stage.run(&["unit", "add", "--name", "走访办"]).ok();
    let said = stage.run(&["doctor"]).ok();
    assert!(!said.out.contains("fail") && said.out.lines().count() >= 8, "{}", said.out);
    std::fs::remove_file(stage.data().join("zoufang.key")).unwrap();
    let said = stage.run(&["doctor"]).refused();
    assert!(said.out.contains("zoufang.key"), "{}", said.out);
});
