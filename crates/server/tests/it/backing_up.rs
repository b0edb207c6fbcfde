//! A backup of one engine restored on the other holds the same.

use crate::stage::{Stage, text};

fn dump(stage: &Stage) -> String {
    stage.db().read_blocking(store::backup::dump).unwrap()
}

fn moves(from: &Stage, to: &Stage) {
    let table = from.file("t.csv", "标题,内容,反映人,电话\n停电,夜里停电,张三,13800001111\n停水,早上停水,,\n");
    from.run(&["import", "problems", text(&table)]).ok();
    let file = from.folder.path().join("zoufang.backup");
    from.run(&["backup", text(&file)]).ok();
    assert!(from.run(&["backup", text(&file)]).refused().err.contains("--overwrite"));
    from.run(&["backup", text(&file), "--overwrite"]).ok();

    // Without the key, and with another, nothing is restored.
    let missing = to.run(&["restore", text(&file)]).refused();
    assert!(missing.err.contains("zoufang.key"), "{}", missing.err);
    std::fs::write(to.data().join("zoufang.key"), "0a".repeat(32)).unwrap();
    assert!(to.run(&["restore", text(&file)]).refused().err.contains("什么都没有恢复"));
    std::fs::copy(from.data().join("zoufang.key"), to.data().join("zoufang.key")).unwrap();

    // Cut off: refused, and the house is still empty.
    let whole = std::fs::read(&file).unwrap();
    let cut = from.file("cut.backup", &whole[..whole.len() - 40]);
    to.run(&["restore", text(&cut)]).refused();
    to.run(&["restore", text(&file)]).ok();
    to.run(&["audit", "verify"]).ok();
    assert_eq!(dump(from), dump(to));
    assert!(to.run(&["restore", text(&file)]).refused().err.contains("not empty"));
}

#[test]
fn from_sqlite_to_postgres() {
    if let Some(to) = Stage::postgres() {
        moves(&Stage::sqlite(), &to);
    }
}

#[test]
fn from_postgres_to_sqlite() {
    if let Some(from) = Stage::postgres() {
        moves(&from, &Stage::sqlite());
    }
}
