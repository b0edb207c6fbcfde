//! `doctor`: looks at everything the program needs and says of each whether it is well, and if not what to do.

use crate::house::{At, open_db};
use crate::net::limit;
use crate::now::now;
use crate::out::say;
use crate::said::{Said, no};
use crate::{folder, key};
use domain::time::Millis;
use std::path::Path;
use store::words::MasterKey;
use store::{Db, Engine, terms};

mod database;

const MORE: &str = "\
每项一行：ok 正常，warn 应当处理，fail 必须处理（退出码1）。不新建任何数据。
One line a check: ok, warn, fail (exit code 1). Nothing new is made.";

#[derive(Debug, clap::Args)]
#[command(after_help = MORE)]
pub struct Args {}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Ok,
    Warn,
    Fail,
}

/// Collects the worst on the way.
struct Sheet {
    worst: Level,
}

impl Sheet {
    fn line(&mut self, level: Level, zh: &str, en: &str) {
        self.worst = self.worst.max(level);
        let word = match level {
            Level::Ok => "ok  ",
            Level::Warn => "warn",
            Level::Fail => "fail",
        };
        say(&format!("{word}  {zh}  {en}"));
    }

    fn ok(&mut self, zh: &str, en: &str) {
        self.line(Level::Ok, zh, en);
    }

    fn warn(&mut self, zh: &str, en: &str) {
        self.line(Level::Warn, zh, en);
    }

    fn fail(&mut self, zh: &str, en: &str) {
        self.line(Level::Fail, zh, en);
    }

    fn error(&mut self, error: &anyhow::Error) {
        match error.downcast_ref::<Said>() {
            Some(said) => self.fail(&said.zh, &said.en),
            None => self.fail("出错：", &format!("{error:#}")),
        }
    }
}

pub fn run(at: &At, _args: &Args) -> anyhow::Result<()> {
    let mut sheet = Sheet { worst: Level::Ok };
    check(at, &mut sheet, now());
    match sheet.worst {
        Level::Fail => Err(no(
            "体检发现必须处理的问题，见上面标fail的各行。",
            "Something must be put right: see the lines marked fail.",
        )),
        Level::Warn => {
            say("可以运行，但有应当处理的事项，见标warn的各行。 It runs; see the lines marked warn.");
            Ok(())
        }
        Level::Ok => {
            say("一切正常。 All is well.");
            Ok(())
        }
    }
}

fn check(at: &At, sheet: &mut Sheet, now: Millis) {
    let data = at.data.display();
    if !at.data.is_dir() {
        sheet.fail(
            &format!("数据目录 {data} 不存在：用 --data 指明，或先运行 zoufang serve 新建。"),
            &format!("There is no data folder {data}: name it with --data, or let `zoufang serve` make it."),
        );
        return;
    }
    match folder::prepare(&at.data) {
        Ok(()) => sheet.ok(&format!("数据目录 {data} 可写"), "data folder writable"),
        Err(error) => return sheet.error(&error),
    }
    disk(&at.data, sheet);
    let connections = limit::connections();
    match connections {
        0..1_024 => sheet.warn(
            &format!("只允许同时{connections}个连接：请提高打开文件数上限（ulimit -n 或 systemd的LimitNOFILE）"),
            "few connections possible: raise the limit of open files",
        ),
        _ => sheet.ok(&format!("可同时接受{connections}个连接"), "connections possible"),
    }
    if at.database.is_none() && !at.db_file().is_file() {
        sheet.warn("还没有数据库：zoufang serve 会新建", "no database yet: `zoufang serve` makes one");
        return;
    }
    let master = key_file(at, sheet);
    let db = match open_db(at, now) {
        Ok(db) => db,
        Err(error) => return sheet.error(&error),
    };
    let bound = db.read_blocking(|tx| terms::setting(tx, "key"));
    match (bound, master) {
        (Ok(None), _) => {
            sheet.warn("数据库是空的：zoufang serve 会建好", "the database is empty: `zoufang serve` fills it");
        }
        (Ok(Some(bound)), Some(master)) if bound == master.fingerprint() => {
            sheet.ok("密钥与数据库相符", "the key fits the database");
            database::check(&db, &master, sheet, now);
        }
        (Ok(Some(_)), Some(_)) => sheet.fail(
            "密钥不是建立这个数据库时用的那一个：请放回原来的密钥文件，或用 --key 指明",
            "the key is not the one of this database: put the original file back, or name it with --key",
        ),
        // That there is no key was said above.
        (Ok(Some(_)), None) => {}
        (Err(error), _) => sheet.fail("数据库读不出来", &error.to_string()),
    }
}

fn disk(folder: &Path, sheet: &mut Sheet) {
    let Ok(space) = rustix::fs::statvfs(folder) else {
        return sheet.warn("查不到剩余磁盘空间", "the free space could not be found out");
    };
    let free = space.f_bavail.saturating_mul(space.f_frsize) >> 20;
    let (zh, en) = (format!("磁盘剩余{free} MB"), format!("{free} MB free"));
    match free {
        0..200 => {
            sheet.fail(&format!("{zh}：即将写满，请立即清理或扩容"), &format!("{en}: nearly full, make room now"))
        }
        200..2_048 => sheet.warn(&format!("{zh}：请清理或扩容"), &format!("{en}: make room")),
        _ => sheet.ok(&zh, &en),
    }
}

fn key_file(at: &At, sheet: &mut Sheet) -> Option<MasterKey> {
    let file = at.key_file();
    match key::read(&file) {
        Ok(Some(master)) => {
            if is_open_to_others(&file) {
                let file = file.display();
                sheet.warn(&format!("密钥文件别人也能读：chmod 600 {file}"), "others can read the key file");
            }
            Some(master)
        }
        Ok(None) => {
            sheet.error(&key::missing(&file));
            None
        }
        Err(error) => {
            sheet.error(&error);
            None
        }
    }
}

fn is_open_to_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
}

fn engine(db: &Db) -> &'static str {
    match db.engine() {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    }
}
