//! One row of a table of problems, read and checked; what is wrong is said with its field.

use super::identity::derived;
use domain::id::{ProblemId, ReporterId};
use domain::problem::Source;
use domain::time::Millis;
use sheet::{Columns, Row, Wanted};
use store::problem::{Draft, Named};
use store::reporter::Reporter;

const fn wanted(field: &'static str, required: bool, heads: &'static [&'static str]) -> Wanted {
    Wanted { field, heads, required }
}

/// "id" goes before 编号: an export carries both, and the id says more.
pub const WANTED: [Wanted; 10] = [
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
];

/// Field, Chinese, English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub field: String,
    pub zh: String,
    pub en: String,
}

impl Fault {
    pub fn new(field: &str, zh: impl Into<String>, en: impl Into<String>) -> Fault {
        Fault { field: field.into(), zh: zh.into(), en: en.into() }
    }
}

/// A row that can be registered, with the reporter it names, if it names one.
#[derive(Clone, Debug)]
pub struct Good {
    pub draft: Draft,
    pub reporter: Option<Reporter>,
}

/// `from` tells apart tables that number their rows alike.
pub fn read(row: &Row, columns: &Columns, from: &str) -> Result<Good, Fault> {
    if let Some(problem) = &row.problem {
        return Err(Fault::new("", problem.zh(), problem.to_string()));
    }
    let field = |name: &'static str, most: usize| clean(name, columns.get(row, name), most);
    let (mut title, detail) = (field("title", 200)?, field("detail", 20_000)?);
    if title.is_empty() && detail.is_empty() {
        return Err(Fault::new(
            "title",
            "标题和内容都是空的；请至少填写一项。",
            "Title and detail are both empty; fill in one of them.",
        ));
    }
    if title.is_empty() {
        title = first_words(&detail);
    }
    let (place, occurred) = (field("place", 200)?, when(&field("occurred", 100)?));
    let (name, phone) = (field("reporter", 100)?, field("phone", 40)?);
    let (address, code) = (field("address", 200)?, field("code", 40)?);
    let own = field("id", 200)?;
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
        shielded: matches!(field("shielded", 10)?.as_str(), "是" | "yes" | "true" | "TRUE" | "1" | "保密"),
        officer: None,
        heard: Default::default(),
    };
    Ok(Good { draft, reporter })
}

/// Trimmed of all blanks (U+00A0 and U+3000 are some) and of marks that nobody sees; line ends become plain.
fn clean(field: &str, text: &str, most: usize) -> Result<String, Fault> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'));
    if let Some(c) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        let point = u32::from(c);
        return Err(Fault::new(
            field,
            format!("含有不能保存的控制字符（U+{point:04X}）；请删除后再导入。"),
            format!("It holds the control character U+{point:04X}; delete it."),
        ));
    }
    let found = text.chars().count();
    if found > most {
        return Err(Fault::new(
            field,
            format!("最多{most}字，现有{found}字；请缩短，或把多出的部分移到内容里。"),
            format!("At most {most} characters; there are {found}. Shorten it."),
        ));
    }
    Ok(text.to_owned())
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

    #[test]
    fn blanks_at_the_ends_go_and_controls_are_refused() {
        assert_eq!(clean("detail", "\n\t\u{3000}\u{a0}一\r\n二\u{3000} \n", 9), Ok("一\n二".into()));
        assert!(clean("detail", "一\0二", 9).is_err_and(|fault| fault.zh.contains("U+0000")));
        assert!(clean("title", "一二三", 2).is_err_and(|fault| fault.field == "title"));
    }
}
