//! Problems: registered once for each row, however often the table is imported; an old ledger with all its columns.

use crate::batch::{Outcome, Scene};
use crate::contact::subject_of;
use crate::identity::derived;
use crate::kind::Reading;
use crate::row::{Cells, clean, wanted};
use domain::course::Heard;
use domain::fault::Fault;
use domain::id::{ProblemId, ReporterId};
use domain::problem::Source;
use domain::refusal::Refusal;
use domain::role::Actor;
use domain::time::Millis;
use sheet::{Row, Wanted};
use store::Tx;
use store::import_change::Change;
use store::problem::{self, Draft, Named};
use store::reporter::{self, Reporter};
use store::terms::Failure;

/// "id" goes before 编号: an export carries both, and the id says more.
pub(crate) const WANTED: [Wanted; 11] = [
    wanted("id", false, &["id", "编号", "问题编号", "外部编号", "uuid"]),
    wanted("title", true, &["标题", "title", "主题", "subject", "问题", "问题标题"]),
    wanted("detail", false, &["内容", "detail", "详情", "问题描述", "正文", "description", "text"]),
    wanted("reporter", false, &["反映人", "reporter", "反映企业", "企业名称", "诉求人", "来信人"]),
    wanted("phone", false, &["电话", "phone", "联系电话", "手机", "tel"]),
    wanted("address", false, &["地址", "address", "反映人地址", "联系地址"]),
    wanted("code", false, &["信用代码", "统一社会信用代码", "credit_code", "code"]),
    wanted("occurred", false, &["反映时间", "reported_at", "发生时间", "occurred", "occurred_at", "时间", "日期"]),
    wanted("place", false, &["地点", "place", "问题地点", "发生地点", "location"]),
    wanted("shielded", false, &["保密反映人", "保密", "shielded"]),
    wanted("subject", false, &["走访对象", "走访企业", "所属企业", "enterprise"]),
];

/// A row that can be registered, with the reporter it names, if it names one.
#[derive(Clone, Debug)]
pub(crate) struct Good {
    draft: Draft,
    reporter: Option<Reporter>,
    /// Code or name.
    subject: String,
}

/// `source` tells apart tables that number their rows alike.
pub(crate) fn read(row: &Row, reading: &Reading) -> Result<Good, Vec<Fault>> {
    let mut cells = Cells::of(row, reading.columns)?;
    let (mut title, mut detail) = (cells.text("title", 200), cells.text("detail", 20_000));
    if title.is_empty() && detail.is_empty() && cells.faults.is_empty() {
        cells.faults.push(Fault::new(
            "title",
            "标题和内容都是空的；请至少填写一项。",
            "Title and detail are both empty; fill in one of them.",
        ));
    }
    if title.is_empty() {
        title = first_words(&detail);
    }
    if reading.ways.rest {
        detail = with_rest(row, reading, detail, &mut cells.faults);
    }
    let (place, occurred) = (cells.text("place", 200), when(&cells.text("occurred", 100)));
    let (name, phone) = (cells.text("reporter", 100), cells.text("phone", 40));
    let (address, code) = (cells.text("address", 200), cells.text("code", 40));
    let (own, subject, from) = (cells.text("id", 200), cells.text("subject", 200), reading.source);
    let id = ProblemId(match (own.as_str(), own.parse()) {
        ("", _) => derived(&["problem by content", from, &title, &detail, &place, &occurred, &name, &phone]),
        (_, Ok(id)) => id,
        (own, Err(_)) => derived(&["problem", from, own]),
    });
    let reporter = (!name.is_empty() || !phone.is_empty()).then(|| {
        // Two who are only called 张女士 are two; a telephone or a credit code makes them one.
        let scope = if phone.is_empty() && code.is_empty() { id.to_string() } else { String::new() };
        let id = ReporterId(derived(&["reporter", &scope, &name, &phone, &address, &code]));
        Reporter { id, name: if name.is_empty() { phone.clone() } else { name }, phone, address, code }
    });
    let draft = Draft {
        id,
        title,
        detail,
        place,
        occurred,
        source: Source::Import,
        reporter: reporter.as_ref().map(|it| Named::Known(it.id)),
        shielded: matches!(cells.text("shielded", 10).as_str(), "是" | "yes" | "true" | "TRUE" | "1" | "保密"),
        officer: None,
        heard: Heard::default(),
    };
    cells.ended(Good { draft, reporter, subject })
}

/// Every column that no field claims, as a line of its own: nothing of an old ledger is lost.
fn with_rest(row: &Row, reading: &Reading, detail: String, faults: &mut Vec<Fault>) -> String {
    let claimed = |at: usize| reading.columns.places().iter().any(|(_, place)| *place == at);
    let mut lines: Vec<String> = if detail.is_empty() { vec![] } else { vec![detail] };
    for (at, head) in reading.heads.iter().enumerate().filter(|(at, _)| !claimed(*at)) {
        match clean("detail", row.cells.get(at).map_or("", String::as_str), 20_000) {
            Ok(text) if text.is_empty() => {}
            Ok(text) => lines.push(format!("{}：{text}", head.trim())),
            Err(fault) => faults.push(fault),
        }
    }
    let detail = lines.join("\n");
    faults.extend(domain::subject::too_long("detail", &detail, 20_000));
    detail
}

/// A date in either usual form becomes one form; anything else stays in the reporter's words.
fn when(text: &str) -> String {
    match Millis::parse_local(text) {
        Some(at) if text.contains(':') => at.second(),
        Some(at) => at.day().to_string(),
        None => text.to_owned(),
    }
}

fn first_words(detail: &str) -> String {
    let line = detail.lines().next().unwrap_or_default().trim();
    let words: String = line.chars().take(40).collect();
    if words.len() < line.len() { words + "…" } else { words }
}

pub(crate) fn save(tx: &mut dyn Tx, scene: &Scene, good: &Good, changes: &mut Vec<Change>) -> Result<Outcome, Failure> {
    let mut draft = good.draft.clone();
    if !good.subject.is_empty() {
        match subject_of(tx, &good.subject)? {
            Ok(subject) => draft.heard.subject = Some(subject.id),
            Err(fault) => return Ok(Outcome::Rejected(vec![fault])),
        }
    }
    // Only for a problem that is new: a row that will be rejected leaves nobody's name behind.
    if let Some(new) = &good.reporter
        && problem::find(tx, draft.id)?.is_none()
        && reporter::find(tx, new.id)?.is_none()
    {
        reporter::insert(tx, new, scene.now)?;
    }
    match problem::register(tx, scene.terms, draft, &Actor::System, scene.now) {
        Ok((found, true)) => {
            changes.push(Change::made("problem", found.problem.id, found.problem.digest));
            Ok(Outcome::Imported)
        }
        Ok((_, false)) => Ok(Outcome::Unchanged),
        // Refused before anything was written, so the transaction is whole.
        Err(Failure::Refusal(Refusal::ClientIdReused)) => Ok(Outcome::Rejected(vec![Fault::new(
            "id",
            "这个编号已经登记过，内容与本行不同；登记过的问题不能用导入修改。若是另一来源的编号，请加 --from 来源名 再导入。",
            "This id was registered with other content, and an import does not change what is registered. If the ids come from another source, import with --from NAME.",
        )])),
        Err(other) => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_date_forms_become_one_and_other_words_stay() {
        assert_eq!(when("2019/9/27 9:17:14"), "2019-09-27 09:17:14");
        assert_eq!(when("2019-01-02 10:00:00"), "2019-01-02 10:00:00");
        assert_eq!(when("2019/1/2"), "2019-01-02");
        assert_eq!(when("上周三夜里"), "上周三夜里");
    }
}
