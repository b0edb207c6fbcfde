//! Units and accounts.

use crate::both;
use crate::stage::Said;
use std::io::Write;
use std::process::Stdio;
use store::session;

both!(accounts_are_added_with_a_link_or_a_password, |stage| {
    stage.run(&["unit", "add", "--name", "管委会"]).ok();
    stage.run(&["unit", "add", "--name", "走访办", "--name-en", "Office", "--parent", "管委会"]).ok();
    assert!(stage.run(&["unit", "add", "--name", "走访办"]).refused().err.contains("已经存在"));
    assert!(stage.run(&["unit", "add", "--name", "科", "--parent", "没有的局"]).refused().err.contains("没有的局"));

    let add = ["user", "add", "--login", "zhou", "--name", "周敏", "--unit", "走访办", "--role", "office"];
    let said = stage.run(&add).ok();
    let token = said.last().strip_prefix("/first/").unwrap().to_owned();
    assert_eq!(token.len(), 64);
    let now = server::now::now();
    let used = stage.db().read_blocking(move |tx| session::find_link(tx, &token, now)).unwrap();
    assert!(used.is_some());
    assert!(stage.run(&add).refused().err.contains("zhou"));

    let admins = [
        "user",
        "add",
        "--login",
        "a",
        "--name",
        "甲",
        "--unit",
        "走访办",
        "--role",
        "sysadmin",
        "--role",
        "安全管理员",
    ];
    stage.run(&admins).refused();
    let no_unit = ["user", "add", "--login", "b", "--name", "乙", "--unit", "没有的局", "--role", "clerk"];
    assert!(stage.run(&no_unit).refused().err.contains("unit add"));
    let no_role = ["user", "add", "--login", "b", "--name", "乙", "--unit", "走访办", "--role", "king"];
    assert_eq!(stage.run(&no_role).code, 2);

    let with_password = |password: &str| -> Said {
        let args = [
            "user",
            "add",
            "--login",
            "li",
            "--name",
            "李晨",
            "--unit",
            "走访办",
            "--role",
            "承办人",
            "--password-stdin",
        ];
        let mut child =
            stage.command(&args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    };
    with_password("short\n").refused();
    let said = with_password("correct horse battery\n").ok();
    assert!(!said.out.contains("/first/") && !said.out.contains("horse"));
    let stored = stage
        .db()
        .read_blocking(|tx| tx.query_one("select password from person where login = 'li'", &[])?.string(0))
        .unwrap();
    assert!(stored.starts_with("$argon2id$"));
});
