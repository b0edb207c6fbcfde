//! A plan as a table: the workbook to fill in, the upload that fills the form, the rows that were not taken.

use super::cells::{self, Cells, Stages};
use super::desk::Desk;
use super::make::{Told, answer};
use super::rows::{self, count};
use super::{admit, sentence};
use crate::app::App;
use crate::attachment::sent_form;
use crate::auth::{self, Who};
use crate::error::{Error, error_page, field};
use crate::form;
use crate::lang::Lang;
use crate::site;
use crate::ui::field::Typed;
use crate::ui::slot::is_final;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use domain::attendance::filing::Names;
use domain::attendance::plan::{Kind, Line, Mask, Mode, StagePlan};
use domain::id::PersonId;
use sheet::{Wanted, Writer};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::staff::Staff;
use store::{staff, stage_plan};

const MOST_BYTES: usize = 2 << 20;

pub const HEADS: [&str; 17] = [
    "阶段",
    "阶段类型",
    "阶段起",
    "阶段止",
    "姓名",
    "岗位",
    "起",
    "止",
    "方式",
    "日子",
    "班次",
    "最短分钟",
    "在岗方式",
    "可顶替工地",
    "代谁的班",
    "接替谁",
    "请假须顶岗",
];

const WANTED: [Wanted; 17] = [
    Wanted { field: "stage", heads: &["阶段", "阶段名称", "stage"], required: false },
    Wanted { field: "stage_kind", heads: &["阶段类型", "kind of stage"], required: false },
    Wanted { field: "stage_from", heads: &["阶段起", "阶段开始", "stage from"], required: false },
    Wanted { field: "stage_to", heads: &["阶段止", "阶段结束", "stage to"], required: false },
    Wanted { field: "name", heads: &["姓名", "人员", "name"], required: true },
    Wanted { field: "post", heads: &["岗位", "职务", "post"], required: false },
    Wanted { field: "from", heads: &["起", "开始", "起始日期", "from"], required: false },
    Wanted { field: "to", heads: &["止", "结束", "结束日期", "to"], required: false },
    Wanted { field: "how", heads: &["方式", "到岗方式", "how"], required: true },
    Wanted { field: "days", heads: &["日子", "到岗日", "days"], required: false },
    Wanted { field: "shift", heads: &["班次", "shift"], required: false },
    Wanted { field: "min_minutes", heads: &["最短分钟", "minutes"], required: false },
    Wanted { field: "mode", heads: &["在岗方式", "mode"], required: false },
    Wanted { field: "excused_by", heads: &["可顶替工地", "excused by"], required: false },
    Wanted { field: "covers", heads: &["代谁的班", "covers"], required: false },
    Wanted { field: "replaces", heads: &["接替谁", "replaces"], required: false },
    Wanted { field: "delegate", heads: &["请假须顶岗", "delegate"], required: false },
];

/// A row that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    pub row: u64,
    /// In the order of `HEADS`.
    pub cells: Vec<String>,
    pub zh: String,
    pub en: String,
}

impl Reject {
    /// What stands in it, for whoever looks for it.
    pub fn said(&self) -> String {
        self.cells.iter().map(|it| it.trim()).filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
    }

    pub fn with_reason(&self) -> Vec<String> {
        self.cells.iter().cloned().chain([format!("{} {}", self.zh, self.en)]).collect()
    }
}

/// `POST /sites/{no}/plans/file`
pub async fn upload(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    request: Request,
) -> Response {
    let mut typed = Typed::default();
    match taken(&app, &who, &no, request, &mut typed).await {
        Ok((filled, rejects)) => answer(&app, &who, &headers, &no, filled, Told::Shown { open: None, rejects }).await,
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => answer(&app, &who, &headers, &no, typed, Told::Refused(error)).await,
    }
}

async fn taken(
    app: &Arc<App>,
    who: &Who,
    no: &str,
    request: Request,
    typed: &mut Typed,
) -> Result<(Typed, Vec<Reject>), Error> {
    // Only whoever may file here may send a file at all.
    site::read(app, who, no, |_, _, site, ties| admit(site, ties)).await?;
    let (name, bytes) = sent_form(request, typed).await?;
    typed.0.retain(|(name, _)| name != "do");
    for (_, value) in &mut typed.0 {
        *value = value.replace("\r\n", "\n");
    }
    if bytes.len() > MOST_BYTES {
        return Err(field("file", "文件不能超过2 MB。", "The file may have at most 2 MB."));
    }
    let read = tokio::task::spawn_blocking(move || table(&name, bytes)).await.map_err(|_| store::Error::Panicked)?;
    let rows = read.map_err(|error| Error::Field { field: "file", zh: error.zh(), en: error.to_string() })?;
    if rows.is_empty() {
        return Err(field("file", "表格里没有内容。", "There is nothing in the table."));
    }
    if rows.len() > rows::MOST * 2 {
        return Err(field("file", "表格太长：最多600行。", "The table is too long: at most 600 rows."));
    }
    let named = rows.iter().map(|row| row.cells.get(4).cloned().unwrap_or_default()).collect();
    let (_, _, desk) = site::read(app, who, no, move |tx, deed, site, _| {
        let people = named_people(&staff::list(tx, site.id)?, &named);
        Desk::load(tx, deed, site, &people)
    })
    .await?;
    let replaces = typed.get("upload") != "add";
    Ok(filled(&desk, typed, rows, replaces))
}

/// Those whom the table names, as the form would, so that their other sites are known.
fn named_people(staff: &[Staff], named: &BTreeSet<String>) -> Typed {
    let persons = staff.iter().filter(|it| named.contains(it.name.trim()));
    Typed(persons.enumerate().map(|(at, it)| (rows::line(at, "person"), it.person.to_string())).collect())
}

/// A row in the order of `HEADS`.
struct Read {
    row: u64,
    cells: Vec<String>,
    wrong: Option<(String, String)>,
}

fn table(name: &str, bytes: Vec<u8>) -> Result<Vec<Read>, sheet::Error> {
    let mut reader = sheet::from_bytes(name, bytes)?.flexible(true);
    let columns = reader.columns(&WANTED)?;
    reader
        .take(rows::MOST * 2 + 1)
        .map(|row| {
            let row = row?;
            let cells = WANTED.iter().map(|it| columns.get(&row, it.field).trim().to_owned()).collect();
            let wrong = row.problem.map(|it| (it.zh(), it.to_string()));
            Ok(Read { row: row.line, cells, wrong })
        })
        .collect()
}

/// The form with the good rows in it, and the bad ones.
fn filled(desk: &Desk, typed: &Typed, rows: Vec<Read>, replaces: bool) -> (Typed, Vec<Reject>) {
    let is_row = |name: &str| name.starts_with("lines.") || name.starts_with("stages.");
    let mut form = if replaces {
        Typed(typed.0.iter().filter(|it| !is_row(&it.0)).cloned().collect())
    } else {
        rows::without_blank(typed)
    };
    let mut stages = Stages::new();
    for at in 0..count(&form, "stages") {
        let day = |field: &str| domain::time::Day::read(form.get(&rows::stage(at, field)));
        stages.insert(form.get(&rows::stage(at, "name")).trim().to_owned(), (day("from"), day("to")));
    }
    let begin = domain::time::Day::read(form.get("effective"));
    let (mut rejects, mut next_stage, mut next_line) = (vec![], count(&form, "stages"), count(&form, "lines"));
    for read in rows {
        let cells: Cells = WANTED.iter().zip(&read.cells).map(|(it, cell)| (it.field, cell.as_str())).collect();
        let mut given = match &read.wrong {
            None => cells::read(desk, &cells, &mut stages, begin),
            Some(wrong) => cells::Given { wrong: vec![wrong.clone()], ..cells::Given::default() },
        };
        if let Some(fields) = given.stage.take() {
            form.0.extend(fields.into_iter().map(|(field, value)| (rows::stage(next_stage, field), value)));
            next_stage += 1;
        }
        if let Some(fields) = given.line.take() {
            form.0.extend(fields.into_iter().map(|(field, value)| (rows::line(next_line, field), value)));
            next_line += 1;
        }
        if !given.wrong.is_empty() {
            let (zh, en): (Vec<String>, Vec<String>) = given.wrong.into_iter().unzip();
            rejects.push(Reject { row: read.row, cells: read.cells, zh: zh.concat(), en: en.join(" ") });
        }
    }
    if replaces {
        keep_needs(typed, &mut form);
    }
    // What comes next mends what was left out.
    form.0.retain(|(name, _)| name != "upload");
    form.0.push(("upload".into(), if rejects.is_empty() { "replace" } else { "add" }.into()));
    (form, rejects)
}

/// A table has no column for what a stage asks of its posts: a stage that keeps its name keeps that too.
fn keep_needs(before: &Typed, after: &mut Typed) {
    let name = |typed: &Typed, at: usize| typed.get(&rows::stage(at, "name")).trim().to_owned();
    for to in 0..count(after, "stages") {
        let known = name(after, to);
        let Some(from) = (0..count(before, "stages")).find(|at| name(before, *at) == known) else { continue };
        let start = format!("{}.", rows::needs(from));
        let needs = before.0.iter().filter_map(|(name, value)| Some((name.strip_prefix(&start)?, value)));
        let kept: Vec<(String, String)> =
            needs.map(|(rest, value)| (format!("{}.{rest}", rows::needs(to)), value.clone())).collect();
        after.0.extend(kept);
    }
}

/// `POST /sites/{no}/plans/rejects.csv`: the rows of the page come back as a file; nothing of them was kept.
pub async fn rejects(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    let allowed = site::read(&app, &who, &no, |_, _, site, ties| admit(site, ties)).await;
    let typed = form::fields(&body);
    let cells = |text: &str| serde_json::from_str::<Vec<String>>(text).unwrap_or_default();
    let rows: Vec<Vec<String>> = typed.all("row").map(cells).collect();
    let heads: Vec<String> = HEADS.iter().map(|it| (*it).to_owned()).chain(["原因".to_owned()]).collect();
    let made = match allowed {
        Ok(_) => workbook(sheet::Kind::Csv, heads, rows).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(bytes) => sent(bytes, "text/csv; charset=utf-8", "rejects.csv"),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// `GET /sites/{no}/plans/template.xlsx`
pub async fn template(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    let made = site::read(&app, &who, &no, |tx, deed, site, ties| {
        admit(site, ties)?;
        let newest = stage_plan::list(tx, site.id)?.into_iter().next().map(|it| it.plan);
        let typed = newest.as_ref().map(super::fill::typed).unwrap_or_default();
        Ok((newest, Desk::load(tx, deed, site, &typed)?))
    });
    let heads: Vec<String> = HEADS.iter().map(|it| (*it).to_owned()).collect();
    let made = match made.await {
        Ok((_, _, (newest, desk))) => workbook(sheet::Kind::Xlsx, heads, example(newest.as_ref(), &desk)).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(bytes) => {
            sent(bytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "stage-plan.xlsx")
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

async fn workbook(kind: sheet::Kind, heads: Vec<String>, rows: Vec<Vec<String>>) -> Result<Vec<u8>, Error> {
    let write = move || {
        let mut writer = Writer::in_memory(kind, &heads)?;
        rows.iter().try_for_each(|row| writer.row(row))?;
        writer.finish()
    };
    let written = tokio::task::spawn_blocking(write).await.map_err(|_| store::Error::Panicked)?;
    written.map_err(|error: sheet::Error| Error::Field { field: "file", zh: error.zh(), en: error.to_string() })
}

fn sent(bytes: Vec<u8>, media: &'static str, name: &str) -> Response {
    let head = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (head, bytes).into_response()
}

/// The newest version as rows; for a site without one, a stage to be filled in and everybody on its staff. Whoever is on the
/// staff and in no line is left out of a version that is there: sent back unchanged, a table changes nothing.
fn example(newest: Option<&StagePlan>, desk: &Desk) -> Vec<Vec<String>> {
    let row = |cells: &[(usize, &str)]| {
        let mut row = vec![String::new(); HEADS.len()];
        cells.iter().for_each(|(at, text)| row[*at] = (*text).to_owned());
        row
    };
    let Some(plan) = newest else {
        let staff = desk.staff.iter().map(|it| {
            let post = it.posts.first().map_or("", |post| post.0.as_str());
            row(&[(4, &it.name), (5, post), (8, "全勤"), (9, "工作日")])
        });
        return [row(&[(0, "基础施工"), (1, "基础")])].into_iter().chain(staff).collect();
    };
    let stages = plan
        .stages
        .iter()
        .map(|it| row(&[(0, &it.name), (1, it.kind.zh()), (2, &it.from.to_string()), (3, &it.to.to_string())]));
    stages.chain(plan.lines.iter().map(|it| line(it, &desk.names))).collect()
}

fn line(it: &Line, names: &Names) -> Vec<String> {
    let person = |id: Option<PersonId>| id.map_or(String::new(), |id| sentence::person(names, id).to_owned());
    let how = match &it.kind {
        Kind::FullTime => "全勤".to_owned(),
        Kind::PerWeek { n } => format!("每周{n}天"),
        Kind::PerMonth { n } => format!("每月{n}天"),
        Kind::Named { dates } => format!("指定日期:{}", super::fill::dates_text(dates)),
        Kind::OnCall => "通知到岗".to_owned(),
    };
    let days = match it.days {
        Mask::Weekdays(bits) => sentence::weekdays(Lang::Zh, bits),
        mask => sentence::mask(Lang::Zh, mask),
    };
    let delegate = match (it.needs_delegate, super::fill::is_chief(&it.post.0)) {
        (true, false) => "是",
        (false, true) => "否",
        _ => "",
    };
    let mut row = vec![String::new(); 4];
    row.extend([
        sentence::person(names, it.person).to_owned(),
        it.post.0.clone(),
        it.from.to_string(),
        it.to.to_string(),
        how,
        days,
        it.shift.map_or(String::new(), |it| it.to_string()),
        it.min_minutes.map_or(String::new(), |n| n.to_string()),
        if it.mode == Mode::Span { "首末打卡" } else { "打一次卡" }.to_owned(),
        it.excused_by.iter().map(|id| sentence::site(names, *id)).collect::<Vec<_>>().join("、"),
        person(it.covers),
        person(it.replaces),
        delegate.to_owned(),
    ]);
    row
}
