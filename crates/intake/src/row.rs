//! One row's cells, cleaned; what is wrong with them is gathered with its field.

use domain::fault::Fault;
use domain::time::Day;
use sheet::{Columns, Row, Wanted};

pub(crate) const fn wanted(field: &'static str, required: bool, heads: &'static [&'static str]) -> Wanted {
    Wanted { field, heads, required }
}

pub(crate) struct Cells<'a> {
    pub row: &'a Row,
    pub columns: &'a Columns,
    pub faults: Vec<Fault>,
}

impl<'a> Cells<'a> {
    /// A row whose form is wrong has nothing that could be read.
    pub fn of(row: &'a Row, columns: &'a Columns) -> Result<Cells<'a>, Vec<Fault>> {
        match &row.problem {
            Some(problem) => Err(vec![Fault::new("", problem.zh(), problem.to_string())]),
            None => Ok(Cells { row, columns, faults: vec![] }),
        }
    }

    /// The text of a field, "" where it cannot be taken.
    pub fn text(&mut self, field: &'static str, most: usize) -> String {
        match clean(field, self.columns.get(self.row, field), most) {
            Ok(text) => text,
            Err(fault) => {
                self.faults.push(fault);
                String::new()
            }
        }
    }

    /// `text` that must be there; `zh` and `en` name it.
    pub fn needed(&mut self, field: &'static str, most: usize, zh: &str, en: &str) -> String {
        let text = self.text(field, most);
        if text.is_empty() && !self.faults.iter().any(|it| it.field == field) {
            self.faults.push(Fault::new(
                field,
                format!("缺少{zh}；请填写。"),
                format!("The {en} is missing; fill it in."),
            ));
        }
        text
    }

    /// The filled lines of a field.
    pub fn lines(&mut self, field: &'static str, most: usize) -> Vec<String> {
        let text = self.text(field, most);
        text.lines().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
    }

    pub fn ended<T>(self, good: T) -> Result<T, Vec<Fault>> {
        if self.faults.is_empty() { Ok(good) } else { Err(self.faults) }
    }
}

/// Trimmed of all blanks (U+00A0 and U+3000 are some) and of marks that nobody sees; line ends become plain.
pub(crate) fn clean(field: &str, text: &str, most: usize) -> Result<String, Fault> {
    let plain;
    // DEL is what a terminal left behind; it is neither seen nor meant.
    let text = if text.contains(['\r', '\u{7f}']) {
        plain = text.replace("\r\n", "\n").replace('\r', "\n").replace('\u{7f}', "");
        plain.as_str()
    } else {
        text
    };
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'));
    if let Some(c) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        let point = u32::from(c);
        return Err(Fault::new(
            field,
            format!("含有不能保存的控制字符（U+{point:04X}）；请删除后再导入。"),
            format!("It holds the control character U+{point:04X}; delete it."),
        ));
    }
    let found = if text.len() <= most { 0 } else { text.chars().count() };
    if found > most {
        return Err(Fault::new(
            field,
            format!("最多{most}字，现有{found}字；请缩短，或把多出的部分移到内容里。"),
            format!("At most {most} characters; there are {found}. Shorten it."),
        ));
    }
    Ok(text.to_owned())
}

/// A day as people write it, also one that a sheet gives with a time of midnight.
pub(crate) fn day(field: &str, text: &str) -> Result<Day, Fault> {
    let bare = text.split([' ', 'T']).next().unwrap_or_default();
    Day::read(bare).ok_or_else(|| {
        Fault::new(
            field,
            format!("日期“{text}”读不懂；请写成2018-04-16的样子。"),
            format!("The day \"{text}\" cannot be read; write it like 2018-04-16."),
        )
    })
}

/// Words divided as people divide them in one cell.
pub(crate) fn words(text: &str) -> Vec<&str> {
    let divided = |c: char| c.is_whitespace() || matches!(c, '、' | '，' | ',' | ';' | '；' | '/');
    text.split(divided).filter(|it| !it.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_at_the_ends_go_and_controls_are_refused() {
        assert_eq!(clean("detail", "\n\t\u{3000}\u{a0}一\r\n二\u{3000} \n", 9), Ok("一\n二".into()));
        assert!(clean("detail", "一\0二", 9).is_err_and(|fault| fault.zh.contains("U+0000")));
        assert!(clean("title", "一二三", 2).is_err_and(|fault| fault.field == "title"));
    }

    #[test]
    fn what_a_terminal_left_behind_is_dropped() {
        assert_eq!(clean("business", "物业\u{7f}管理", 9), Ok("物业管理".into()));
    }

    #[test]
    fn days_are_read_as_sheets_give_them() {
        for text in ["2018-04-16", "2018/4/16", "2018年4月16日", "2018-04-16 00:00:00"] {
            assert_eq!(day("day", text).map(|it| it.to_string()), Ok("2018-04-16".into()), "{text}");
        }
        assert!(day("day", "上周三").is_err());
    }
}
