//! The ledger as a table: one row a problem, in the order of their numbers, read in pages so that any size fits.

use crate::house::House;
use crate::now::now;
use crate::said;
use domain::access::Scope;
use domain::id::{CategoryId, UnitId};
use domain::light::{Bounds, bounds};
use domain::problem::{ClosedBy, Problem, State};
use domain::schedule;
use domain::time::Millis;
use sheet::Writer;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use store::list::{By, Filter};
use store::problem::Found;
use store::reporter::{self, Reporter};
use store::terms::Terms;
use store::{Result, Tx, category, list, problem, unit};

const PAGE: i64 = 500;

/// The heads that an import reads again stand among them under the same names.
pub const HEADS: [&str; 35] = [
    "id",
    "编号",
    "标题",
    "内容",
    "地点",
    "反映时间",
    "状态",
    "来源",
    "类别",
    "办理层级",
    "紧急程度",
    "主办",
    "协办",
    "登记时间",
    "交办时间",
    "首次期限",
    "现行期限",
    "灯",
    "办理结果",
    "反馈时间",
    "列入计划日期",
    "核验时间",
    "销号时间",
    "销号依据",
    "是否解决",
    "满意度",
    "重办次数",
    "反弹次数",
    "挂牌",
    "并入",
    "保密反映人",
    "反映人",
    "电话",
    "地址",
    "信用代码",
];

struct Names {
    units: HashMap<UnitId, String>,
    categories: HashMap<CategoryId, String>,
}

/// Writes everything into `to`, first under another name, so that a file of that name is whole. Says how many rows.
pub fn export(
    house: &House,
    to: &Path,
    with_shielded: bool,
    progress: &mut dyn FnMut(u64, u64),
) -> anyhow::Result<u64> {
    let part = part_of(to);
    let written = write(house, &part, with_shielded, progress).and_then(|rows| {
        std::fs::rename(&part, to).map_err(|error| said::io("写入", "Writing", to, &error))?;
        Ok(rows)
    });
    if written.is_err() {
        // Half a table is of no use to anybody, and it holds names.
        let _ = std::fs::remove_file(&part);
    }
    written
}

/// The extension stays, because it tells the form.
fn part_of(to: &Path) -> PathBuf {
    let name = to.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    to.with_file_name(format!(".{}.part.{name}", std::process::id()))
}

fn write(house: &House, part: &Path, with_shielded: bool, progress: &mut dyn FnMut(u64, u64)) -> anyhow::Result<u64> {
    let heads: Vec<String> = HEADS.iter().map(|it| (*it).to_owned()).collect();
    let mut writer = Writer::create(part, &heads).map_err(said::sheet(part))?;
    let now = now();
    let terms = house.terms.clone();
    let bounds = bounds(now, &terms.calendar);
    let (names, last) = house
        .db
        .read_blocking(move |tx| Ok::<_, store::Error>((names(tx)?, last(tx, now, &bounds)?)))
        .map_err(said::store("导出"))?;
    let names = std::sync::Arc::new(names);
    let (mut from, mut rows) = (1, 0);
    while from <= last {
        let (terms, names) = (terms.clone(), names.clone());
        let page = house
            .db
            .read_blocking(move |tx| page(tx, from..(from + PAGE).min(last + 1), &terms, &names, now, with_shielded));
        for row in page.map_err(said::store("导出"))? {
            writer.row(&row).map_err(said::sheet(part))?;
            rows += 1;
        }
        from += PAGE;
        progress(u64::try_from(from.min(last)).unwrap_or(0), u64::try_from(last).unwrap_or(0));
    }
    writer.finish().map_err(said::sheet(part))?;
    private(part).map_err(|error| said::io("写入", "Writing", part, &error))?;
    Ok(rows)
}

/// Readable by the owner alone: names and telephones stand in it.
fn private(file: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(())
}

fn names(tx: &mut dyn Tx) -> Result<Names> {
    Ok(Names {
        units: unit::list(tx)?.into_iter().map(|it| (it.id, it.name)).collect(),
        categories: category::list(tx)?.into_iter().map(|it| (it.id, it.name)).collect(),
    })
}

fn last(tx: &mut dyn Tx, now: Millis, bounds: &Bounds) -> Result<i64> {
    let newest = Filter { by: By::Newest, ..Filter::default() };
    Ok(list::list(tx, &Scope::All, &newest, now, bounds, 1)?.first().map_or(0, |line| line.no))
}

fn page(
    tx: &mut dyn Tx,
    numbers: std::ops::Range<i64>,
    terms: &Terms,
    names: &Names,
    now: Millis,
    with_shielded: bool,
) -> Result<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    for no in numbers {
        let Some(found) = problem::find_by_no(tx, no)? else { continue };
        let reporter = match found.problem.reporter {
            Some(id) => reporter::find(tx, id)?,
            None => None,
        };
        let into = match &found.problem.state {
            State::Merged { into, .. } => problem::find(tx, *into)?.map(|it| it.no),
            _ => None,
        };
        rows.push(row(&found, reporter, into, terms, names, now, with_shielded));
    }
    Ok(rows)
}

fn row(
    found: &Found,
    reporter: Option<Reporter>,
    into: Option<i64>,
    terms: &Terms,
    names: &Names,
    now: Millis,
    with_shielded: bool,
) -> Vec<String> {
    let p = &found.problem;
    let hidden = p.shielded && !with_shielded;
    let text = |text: &str| match &reporter {
        Some(reporter) if hidden => reporter.mask(text),
        _ => text.to_owned(),
    };
    let (case, answer) = (p.state.case(), p.state.answer());
    let units = |ids: &mut dyn Iterator<Item = UnitId>| {
        ids.filter_map(|id| names.units.get(&id).cloned()).collect::<Vec<_>>().join("、")
    };
    let minute = |at: Option<Millis>| at.map(Millis::minute).unwrap_or_default();
    let yes = |is: bool| if is { "是" } else { "" }.to_owned();
    let closing = closing(p);
    let rating = p.ratings.last();
    let shown = reporter.as_ref().filter(|_| !hidden);
    let of_reporter = |field: fn(&Reporter) -> &String| shown.map(field).cloned().unwrap_or_default();
    vec![
        p.id.to_string(),
        found.no.to_string(),
        text(&found.title),
        text(&found.detail),
        text(&found.place),
        found.occurred.clone(),
        p.state.name().zh().into(),
        p.source.zh().into(),
        p.category.and_then(|id| names.categories.get(&id).cloned()).unwrap_or_default(),
        p.tier.zh().into(),
        p.urgency.zh().into(),
        units(&mut case.map(|case| case.lead.unit).into_iter()),
        units(&mut case.iter().flat_map(|case| case.supports.iter().map(|part| part.unit))),
        p.registered.at.minute(),
        minute(case.map(|case| case.dispatched.at)),
        minute(case.map(|case| case.first_due)),
        minute(running(p, terms)),
        schedule::light_under(p, now, terms.rules_of(p.campaign), &terms.calendar).label().into(),
        answer.map(|it| it.outcome.zh().to_owned()).unwrap_or_default(),
        minute(answer.map(|it| it.given.at)),
        answer.and_then(|it| it.planned_for).map(|day| day.to_string()).unwrap_or_default(),
        minute(answer.and_then(|it| it.verified).map(|it| it.at)),
        minute(closing.map(|(at, _)| at)),
        closing.map(|(_, by)| by.to_owned()).unwrap_or_default(),
        rating.map(|it| it.verdict.zh().to_owned()).unwrap_or_default(),
        rating.map(|it| it.satisfaction.zh().to_owned()).unwrap_or_default(),
        p.reopened.to_string(),
        p.relapsed.to_string(),
        yes(p.board.is_some()),
        into.map(|no| no.to_string()).unwrap_or_default(),
        yes(p.shielded),
        of_reporter(|it| &it.name),
        of_reporter(|it| &it.phone),
        of_reporter(|it| &it.address),
        of_reporter(|it| &it.code),
    ]
}

fn running(p: &Problem, terms: &Terms) -> Option<Millis> {
    match &p.state {
        State::Dispatched { case } | State::InHand { case } => case.clock.due(&terms.calendar).at,
        _ => None,
    }
}

fn closing(p: &Problem) -> Option<(Millis, &'static str)> {
    let closing = match &p.state {
        State::Closed { closing, .. } => closing,
        State::Merged { closing, .. } => closing.as_ref()?,
        _ => return None,
    };
    let by = match closing.by {
        ClosedBy::Word => "反映人认可",
        ClosedBy::Silence => "回访无应答",
        ClosedBy::Signature => "督查签批",
    };
    Some((closing.closed.at, by))
}
