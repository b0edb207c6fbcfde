//! Holiday notices out of a JSON file in the form of the shipped ones, or out of a table.

use super::Summary;
use crate::house::House;
use crate::now::now;
use crate::said::{self, no};
use domain::calendar::{Notice, NoticeDay};
use domain::time::{Day, Millis};
use serde_json::json;
use sheet::Wanted;
use std::collections::BTreeMap;
use std::path::Path;
use store::event::append_next;
use store::holiday::{self, Imported};
use store::terms;

const WANTED: [Wanted; 5] = [
    Wanted { field: "day", heads: &["日期", "date", "day"], required: true },
    Wanted { field: "name", heads: &["名称", "name", "节日", "假日名称"], required: false },
    Wanted { field: "off", heads: &["是否休息", "isOffDay", "off", "休息"], required: true },
    Wanted { field: "year", heads: &["年份", "year", "通知年份"], required: false },
    Wanted { field: "paper", heads: &["通知", "paper", "papers", "文号", "出处"], required: false },
];

/// All files are read and checked before the first is written.
pub fn read_all(files: &[impl AsRef<Path>]) -> anyhow::Result<Vec<Notice>> {
    let mut notices = Vec::new();
    for file in files {
        notices.extend(read(file.as_ref())?);
    }
    Ok(notices)
}

fn read(file: &Path) -> anyhow::Result<Vec<Notice>> {
    let is_json = file.extension().is_some_and(|it| it.eq_ignore_ascii_case("json"));
    let notices = if is_json { vec![from_json(file)?] } else { from_table(file)? };
    for notice in &notices {
        check(file, notice)?;
    }
    Ok(notices)
}

fn from_json(file: &Path) -> anyhow::Result<Notice> {
    let text = std::fs::read_to_string(file).map_err(|error| said::io("读取", "Reading", file, &error))?;
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        no(
            format!(
                "{} 不是节假日文件：第{}行第{}列读不下去。应有year、papers、days（name、date、isOffDay）；什么都没有导入。",
                file.display(),
                error.line(),
                error.column()
            ),
            format!("{} is no holiday file: {error}. It needs year, papers and days with name, date, isOffDay; nothing was imported.", file.display()),
        )
    })
}

fn from_table(file: &Path) -> anyhow::Result<Vec<Notice>> {
    let mut table = sheet::open(file).map_err(said::sheet(file))?;
    let columns = table.columns(&WANTED).map_err(said::sheet(file))?;
    let mut years: BTreeMap<i16, Notice> = BTreeMap::new();
    for row in table {
        let row = row.map_err(said::sheet(file))?;
        let wrong = |field: &str, cell: &str| {
            let (name, line) = (file.display(), row.line);
            no(
                format!(
                    "{name} 第{line}行的{field}“{cell}”读不懂；日期写成2018-10-01，是否休息写“是”或“否”。什么都没有导入。"
                ),
                format!(
                    "{name}, row {line}: {field} \"{cell}\" cannot be read; write days like 2018-10-01 and yes or no. Nothing was imported."
                ),
            )
        };
        let (day_text, off_text, year_text) =
            (columns.get(&row, "day").trim(), columns.get(&row, "off").trim(), columns.get(&row, "year").trim());
        let date = Millis::parse_local(day_text).map(Millis::day).ok_or_else(|| wrong("日期", day_text))?;
        let is_off_day = yes_or_no(off_text).ok_or_else(|| wrong("是否休息", off_text))?;
        let year = match year_text {
            "" => date.year(),
            text => text.trim_end_matches('年').parse().map_err(|_| wrong("年份", text))?,
        };
        let notice = years.entry(year).or_insert_with(|| Notice { year, papers: vec![], days: vec![] });
        notice.days.push(NoticeDay { name: columns.get(&row, "name").trim().to_owned(), date, is_off_day });
        let paper = columns.get(&row, "paper").trim();
        if !paper.is_empty() && !notice.papers.iter().any(|it| it == paper) {
            notice.papers.push(paper.to_owned());
        }
    }
    for notice in years.values_mut().filter(|it| it.papers.is_empty()) {
        // A year without a paper counts as not announced; the table itself is what was announced here.
        notice.papers.push(file.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default());
    }
    Ok(years.into_values().collect())
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "是" | "休" | "休息" | "放假" | "yes" | "y" | "true" | "1" => Some(true),
        "否" | "班" | "上班" | "调休" | "不休息" | "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// A slip of the year would move every due date, so days far from their notice are refused.
fn check(file: &Path, notice: &Notice) -> anyhow::Result<()> {
    let mut seen: Vec<Day> = Vec::new();
    for it in &notice.days {
        let near = (i32::from(it.date.year()) - i32::from(notice.year)).abs() <= 1;
        if !near || seen.contains(&it.date) {
            let (name, day, year) = (file.display(), it.date, notice.year);
            let (zh, en) = if near {
                ("出现了两次", "stands there twice")
            } else {
                ("不在该年前后", "is not near that year")
            };
            return Err(no(
                format!("{name}：{year}年的通知里，日期{day}{zh}；什么都没有导入。"),
                format!("{name}: in the notice of {year} the day {day} {en}; nothing was imported."),
            ));
        }
        seen.push(it.date);
    }
    Ok(())
}

/// Writes the notices in one transaction; says what became of each.
pub fn import(house: &House, notices: Vec<Notice>) -> anyhow::Result<Summary> {
    let (master, now) = (house.terms.master.clone(), now());
    let done = house.db.write_blocking(move |tx| {
        let mut summary = Summary::default();
        for notice in &notices {
            let counter = match holiday::import(tx, notice)? {
                Imported::New => &mut summary.imported,
                Imported::Updated => &mut summary.updated,
                Imported::Unchanged => {
                    summary.unchanged += 1;
                    continue;
                }
            };
            *counter += 1;
            let (thing, data) = (format!("calendar-{}", notice.year), json!({ "days": notice.days.len() }));
            append_next(tx, &master, &thing, "holidays-imported", None, data, now)?;
        }
        Ok::<_, store::Error>(summary)
    });
    done.map_err(said::store("导入节假日"))
}

/// Moves the due dates of everything that is open; says how many were looked at.
pub fn recompute(house: &House, runtime: &tokio::runtime::Runtime) -> anyhow::Result<u64> {
    let master = house.terms.master.clone();
    let terms = house.db.read_blocking(move |tx| terms::load(tx, &master)).map_err(said::store("读取节假日"))?;
    runtime.block_on(holiday::recompute_open(&house.db, &terms)).map_err(said::store("重算期限"))
}
