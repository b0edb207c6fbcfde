//! The checks that ask the database: its form, its content, and whether the server has kept up.

use super::{Sheet, engine};
use domain::calendar::Calendar;
use domain::time::{DAY_MS, Day, Millis};
use store::words::MasterKey;
use store::{Db, Engine, Result, Tx, terms, ticker};

pub(super) fn check(db: &Db, master: &MasterKey, sheet: &mut Sheet, now: Millis) {
    let master = master.clone();
    let seen = db.read_blocking(move |tx| Seen::of(tx, &master, now));
    match seen {
        Ok(seen) => seen.tell(engine(db), sheet, now),
        Err(error) => sheet.fail("数据库读不出来", &error.to_string()),
    }
}

/// Everything found in one look.
struct Seen {
    version: String,
    schema: i64,
    /// `None` on PostgreSQL, which looks after itself.
    damage: Option<Vec<String>>,
    sealed: Option<Day>,
    /// When the oldest event after the last seal was written.
    unsealed: Option<Millis>,
    newest: Option<Millis>,
    waiting: usize,
    /// By how many milliseconds the database's clock is ahead of ours.
    ahead: Option<i64>,
    calendar: std::sync::Arc<Calendar>,
}

impl Seen {
    fn of(tx: &mut dyn Tx, master: &MasterKey, now: Millis) -> Result<Seen> {
        let (version, damage, ahead) = match tx.engine() {
            Engine::Sqlite => {
                let rows = tx.query("pragma quick_check(20)", &[])?;
                let found: Vec<String> = rows.iter().map(|row| row.string(0)).collect::<Result<_>>()?;
                let damage = found.into_iter().filter(|line| line != "ok").collect();
                (tx.query_one("select sqlite_version()", &[])?.string(0)?, Some(damage), None)
            }
            Engine::Postgres => {
                let version = tx.query_one("select current_setting('server_version')", &[])?.string(0)?;
                let clock = "select cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";
                let theirs = tx.query_one(clock, &[])?.int(0)?;
                (version, None, Some(theirs - crate::now::now().0))
            }
        };
        let last = tx.query_opt("select day, last_event from seal order by day desc limit 1", &[])?;
        let (sealed, after) = match last {
            Some(row) => (Some(row.parse::<Day>(0)?), row.string(1)?),
            None => (None, String::new()),
        };
        // By id, which begins with the moment: there is no index on the moment itself.
        let first = "select written_at from event where id > $1 order by id limit 1";
        let newest = "select written_at from event order by id desc limit 1";
        Ok(Seen {
            version,
            schema: tx.query_one("select max(version) from schema_version", &[])?.int(0)?,
            damage,
            sealed,
            unsealed: tx.query_opt(first, &store::vals![after])?.map(|row| row.millis(0)).transpose()?,
            newest: tx.query_opt(newest, &[])?.map(|row| row.millis(0)).transpose()?,
            // What came due in the last minute, a server at work is about to do.
            waiting: ticker::ready(tx, now.plus(-60_000), 1_000)?.len(),
            ahead,
            calendar: terms::load(tx, master)?.calendar,
        })
    }

    fn tell(&self, engine: &str, sheet: &mut Sheet, now: Millis) {
        let (version, schema) = (&self.version, self.schema);
        sheet.ok(&format!("{engine} {version}，数据库结构版本{schema}"), "database reachable, schema up to date");
        match &self.damage {
            None => {}
            Some(damage) if damage.is_empty() => sheet.ok("数据库文件完整", "the database file is whole"),
            Some(damage) => sheet.fail(
                "数据库文件已损坏：请停止服务，恢复最近的备份",
                &format!("the file is damaged, restore a backup: {}", damage.join("; ")),
            ),
        }
        self.clock(sheet, now);
        self.seal(sheet, now);
        match self.waiting {
            0 => sheet.ok("没有积压的到期事项", "no due acts are waiting"),
            many => sheet.warn(
                &format!("{many}件问题有到期事项未处理：zoufang serve 是否在运行？"),
                "due acts are waiting: is `zoufang serve` running?",
            ),
        }
        self.holidays(sheet, now);
    }

    fn clock(&self, sheet: &mut Sheet, now: Millis) {
        let local = now.minute();
        let before = self.newest.is_some_and(|newest| newest.0 > now.0 + 5 * 60_000);
        if now.day().year() < 2018 || before {
            return sheet.fail(
                &format!("本机时间{local}早于已有记录：请校准时间（timedatectl），否则期限会算错"),
                "the clock is behind what was written already: set it, or due dates go wrong",
            );
        }
        match self.ahead {
            Some(ahead) if ahead.abs() > 2_000 => sheet.warn(
                &format!("本机与PostgreSQL的时间相差{}秒：请统一对时（NTP）", ahead.abs() / 1_000),
                "this machine's clock and PostgreSQL's differ: use NTP",
            ),
            _ => sheet.ok(&format!("本机时间（北京时间）{local}"), "the clock is sane"),
        }
    }

    fn seal(&self, sheet: &mut Sheet, now: Millis) {
        let last = self.sealed.map_or("尚无".to_owned(), |day| day.to_string());
        let late = self.unsealed.is_some_and(|at| Millis::at(at.day().plus(1), 0).0 + DAY_MS / 8 < now.0);
        match late {
            true => sheet.warn(
                &format!("每日封印停在{last}：zoufang serve 是否在运行？"),
                "a day that is over is not sealed: is `zoufang serve` running?",
            ),
            false => sheet.ok(&format!("最近的每日封印：{last}"), "every day that is over is sealed"),
        }
    }

    fn holidays(&self, sheet: &mut Sheet, now: Millis) {
        let (year, month) = (now.day().year(), now.day().month());
        let next = year.saturating_add(1);
        if !self.calendar.announced(year) {
            return sheet.warn(
                &format!("{year}年的节假日安排没有导入，期限只按周末推算：请用 zoufang import holidays 导入"),
                "this year's holidays are missing: import them",
            );
        }
        match self.calendar.announced(next) {
            true => sheet.ok(&format!("{year}年和{next}年的节假日安排都已导入"), "holidays of this year and the next are known"),
            // The State Council's notice comes in autumn.
            false if month < 10 => sheet.ok(&format!("{year}年的节假日安排已导入"), "holidays of this year are known"),
            false => sheet.warn(
                &format!("{next}年的节假日安排还没有导入，跨年的期限只按周末推算：国务院公布后请用 zoufang import holidays 导入"),
                "next year's holidays are missing: import them when they are announced",
            ),
        }
    }
}
