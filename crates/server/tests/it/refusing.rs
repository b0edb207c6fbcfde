//! What cannot be is refused in words: keys, folders, addresses.

use crate::both;
use crate::stage::{Said, Stage, text};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

both!(a_house_keeps_to_its_key, |stage| {
    let unit = ["unit", "add", "--name", "走访办"];
    stage.run(&unit).ok();
    let key = stage.data().join("zoufang.key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let kept = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    let missing = stage.run(&["audit", "verify"]).refused();
    assert!(missing.err.contains("缺少密钥文件") && !key.exists(), "{}", missing.err);
    fs::write(&key, "0a".repeat(32)).unwrap();
    assert!(stage.run(&["audit", "verify"]).refused().err.contains("不是建立这个数据库"));
    fs::write(&key, "不是密钥").unwrap();
    assert!(stage.run(&["audit", "verify"]).refused().err.contains("64"));
    let elsewhere = stage.file("elsewhere.key", kept);
    stage.run(&["audit", "verify", "--key", text(&elsewhere)]).ok();
});

/// As somebody who may not write where root may.
fn as_nobody(program: &Path, args: &[&str]) -> Said {
    let mut command = if rustix::process::geteuid().is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "nobody", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.args(args).output().unwrap().into()
}

#[test]
fn a_folder_that_may_not_be_written_is_refused_in_words() {
    let stage = Stage::sqlite();
    let open = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    open(stage.folder.path());
    let program = stage.folder.path().join("zoufang");
    fs::copy(env!("CARGO_BIN_EXE_zoufang"), &program).unwrap();
    open(&program);
    let closed = stage.folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    let below = closed.join("new");
    for data in [&closed, &below] {
        for verb in [
            &["serve", "--listen", "127.0.0.1:0"][..],
            &["audit", "verify"],
            &["unit", "add", "--name", "局"],
            &["demo", "--no-serve"],
        ] {
            let said = as_nobody(&program, &[verb, &["--data", text(data)]].concat()).refused();
            assert!(said.err.contains("--data"), "{verb:?} {}", said.err);
        }
    }
    let out = closed.join("out.csv");
    let data = stage.folder.path().join("mine");
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o777)).unwrap();
    as_nobody(&program, &["export", "problems", "--to", text(&out), "--data", text(&data)]).refused();
    as_nobody(&program, &["backup", text(&out), "--data", text(&data)]).refused();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn other_things_that_cannot_be_are_refused_too() {
    let stage = Stage::sqlite();
    let file = stage.file("data", "a file where the folder should be");
    assert_eq!(file, stage.data());
    stage.run(&["audit", "verify"]).refused();
    fs::remove_file(&file).unwrap();
    let url = "postgres://nobody:geheim@127.0.0.1:1/none";
    let said = stage.run(&["audit", "verify", "--database", url]).refused();
    assert!(said.err.contains("PostgreSQL") && !said.err.contains("geheim"), "{}", said.err);
    fs::write(stage.data().join("zoufang.db"), "this is no database, but long enough to look at. ".repeat(100))
        .unwrap();
    stage.run(&["audit", "verify"]).refused();
}
