//! An import killed again and again: what was saved stays, nothing comes in twice, and in the end everything is as after a
//! run that nobody disturbed.

use crate::program::{BINARY, ended, settle, verified};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use store::{Db, Options, Place};

const ROWS: u32 = 5_000;

fn register() -> String {
    let mut file = String::from("企业名称,统一社会信用代码,注册地址,联系人\n");
    for number in 0..ROWS {
        let code = match number % 50 {
            7 => "91330101143041950D".to_owned(),
            _ => domain::credit_code::complete(&format!("9133010114{number:07}")).unwrap(),
        };
        file.push_str(&format!("第{number}号机械制造有限公司,{code},白杨街道{number}号,王{number}\n"));
    }
    file
}

fn import(data: &Path, file: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command.args(["import", "enterprises"]).arg(file).arg("--data").arg(data).stdin(Stdio::null());
    command
}

fn open(data: &Path) -> Db {
    Db::open(&Options { readers: 1, ..Options::new(Place::Sqlite(data.join("zoufang.db")), 0) }).unwrap()
}

fn done(db: &Db) -> i64 {
    db.read_blocking(|tx| tx.query_one("select coalesce(max(done_rows), 0) from import_run", &[])?.int(0)).unwrap()
}

/// Everything that an import writes, ids and instants aside.
fn written(db: &Db) -> Vec<Vec<String>> {
    db.read_blocking(|tx| {
        let mut all = Vec::new();
        for sql in [
            "select cast(s.no as text), s.name, s.code, s.address, cast(s.revision as text), coalesce(c.name, '')
             from subject s left join contact c on c.subject = s.id order by s.no, c.name",
            "select cast(line as text), field, zh, en, cells, '' from import_reject order by line",
            "select kind, state, cast(done_rows as text), cast(imported as text), cast(rejected as text), cast(seq as text) from import_run",
            "select before, '', '', '', '', '' from import_change order by place",
        ] {
            for row in tx.query(sql, &[])? {
                all.push((0..6).map(|at| row.string(at)).collect::<store::Result<Vec<_>>>()?);
            }
        }
        Ok::<_, store::Error>(all)
    })
    .unwrap()
}

#[test]
fn an_import_killed_five_times_ends_like_one_that_was_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data, calm) =
        (folder.path().join("register.csv"), folder.path().join("data"), folder.path().join("calm"));
    std::fs::write(&file, register()).unwrap();
    settle(&data);
    settle(&calm);
    let mut kills = 0;
    for _ in 0..5 {
        let db = open(&data);
        let before = done(&db);
        let mut child = import(&data, &file).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while done(&db) == before && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let after = done(&db);
        assert!(after > before && after % 500 == 0, "{before} {after}");
        kills += i32::from(after < i64::from(ROWS));
    }
    assert!(kills >= 3, "the import was too quick to be killed");
    let said = ended(&mut import(&data, &file));
    let last = |out: &[u8]| String::from_utf8_lossy(out).lines().last().unwrap_or_default().to_owned();
    assert_eq!(last(&said.stdout), "imported 4900, updated 0, unchanged 0, rejected 100");
    assert_eq!(last(&ended(&mut import(&calm, &file)).stdout), last(&said.stdout));
    assert_eq!(written(&open(&data)), written(&open(&calm)));
    verified(&data);
}
