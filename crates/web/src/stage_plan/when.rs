//! On which days: the kind of a promise, its number, its dates and its mask, as a form sends them and as people write them.

use super::read::Row;
use super::sentence::WEEKDAYS;
use crate::ui::field::Typed;
use domain::attendance::plan::{Kind, Mask};
use domain::time::Day;
use std::collections::BTreeSet;

/// Code, Chinese, English.
pub const KINDS: [(&str, &str, &str); 5] = [
    ("full_time", "全勤", "Every day"),
    ("per_week", "每周几天", "Days a week"),
    ("per_month", "每月几天", "Days a month"),
    ("named", "指定日期", "Named dates"),
    ("on_call", "通知到岗", "When called"),
];

pub fn kind(typed: &Typed, field: &dyn Fn(&str) -> String, from: Option<Day>, row: &mut Row) -> Option<Kind> {
    let n = |row: &mut Row| {
        let found = number(typed.get(&field("n")));
        if found.is_none() {
            row.wrong(field("n"), "请填写天数，如2。", "give the number of days, such as 2.");
        }
        found
    };
    match typed.get(&field("kind")) {
        "per_week" => Some(Kind::PerWeek { n: n(row)? }),
        "per_month" => Some(Kind::PerMonth { n: n(row)? }),
        "named" => match dates(typed.get(&field("dates")), from) {
            Ok(dates) if dates.is_empty() => {
                row.wrong(field("dates"), "请填写日期，几个日期用顿号隔开。", "give the dates, divided by commas.");
                None
            }
            Ok(dates) => Some(Kind::Named { dates }),
            Err(text) => {
                let (zh, en) = (
                    format!("看不懂日期“{text}”，请写成5月14日或2018-05-14的样子。"),
                    format!("{text:?} is no date; write it like 2018-05-14."),
                );
                row.wrong(field("dates"), &zh, &en);
                None
            }
        },
        "on_call" => Some(Kind::OnCall),
        "full_time" => Some(Kind::FullTime),
        _ => {
            row.wrong(field("kind"), "请选择怎么到岗。", "say how the person comes.");
            None
        }
    }
}

pub fn mask(typed: &Typed, field: &dyn Fn(&str) -> String, row: &mut Row) -> Option<Mask> {
    match typed.get(&field("days")) {
        "all" => Some(Mask::All),
        "some" => {
            let name = field("weekday");
            let bits = typed.all(&name).filter_map(|it| WEEKDAYS.iter().position(|day| day.0 == it));
            match bits.fold(0_u8, |bits, place| bits | 1 << place) {
                0 => {
                    row.wrong(field("days"), "请勾选是星期几。", "tick the days of the week.");
                    None
                }
                bits => Some(Mask::Weekdays(bits)),
            }
        }
        _ => Some(Mask::Workdays),
    }
}

/// 2, ２, 二, 两, 十二.
pub fn number(text: &str) -> Option<u32> {
    let narrow: String = text
        .trim()
        .chars()
        .map(|c| if ('０'..='９').contains(&c) { char::from_u32(c as u32 - 0xfee0).unwrap_or(c) } else { c })
        .collect();
    if let Ok(n) = narrow.parse::<u32>() {
        return (n > 0 && n <= 31).then_some(n);
    }
    let digit = |c: char| {
        "一二三四五六七八九".chars().position(|it| it == c).map(|at| at as u32 + 1).or((c == '两').then_some(2))
    };
    let chars: Vec<char> = narrow.chars().collect();
    match chars.as_slice() {
        ['十'] => Some(10),
        ['十', one] => Some(10 + digit(*one)?),
        [ten, '十'] => Some(10 * digit(*ten)?),
        [ten, '十', one] => Some(10 * digit(*ten)? + digit(*one)?),
        [one] => digit(*one),
        _ => None,
    }
    .filter(|n| *n <= 31)
}

/// Dates as people list them: `2018-05-14、5月16日、18日`; what lacks its year or month takes those of the one before it,
/// or of `from`. The first piece that is no date comes back.
pub fn dates(text: &str, from: Option<Day>) -> Result<BTreeSet<Day>, String> {
    let pieces =
        text.split(['、', '，', ',', ';', '；', '\n', ' ', '\u{3000}']).map(str::trim).filter(|it| !it.is_empty());
    let mut last = from;
    let mut found = BTreeSet::new();
    for piece in pieces {
        let day = Day::read(piece).or_else(|| short(piece, last?, from)).ok_or_else(|| piece.to_owned())?;
        found.insert(day);
        last = Some(day);
    }
    Ok(found)
}

fn short(piece: &str, last: Day, from: Option<Day>) -> Option<Day> {
    let text = piece.trim_end_matches(['日', '号']).replace(['月', '/', '.', '－'], "-");
    let (month, day) = match text.split_once('-') {
        Some((month, day)) => (month.parse().ok()?, day.parse().ok()?),
        None => (last.month(), text.parse().ok()?),
    };
    let this_year = Day::new(last.year(), month, day)?;
    // A list that goes past New Year.
    match from {
        Some(from) if this_year < from => Day::new(last.year() + 1, month, day).or(Some(this_year)),
        _ => Some(this_year),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn dates_are_read_as_people_list_them() {
        let found = dates("2018-05-14、5月16日、18日 6.1", Some(day("2018-05-01")));
        let expected = ["2018-05-14", "2018-05-16", "2018-05-18", "2018-06-01"].map(day);
        assert_eq!(found, Ok(expected.into()));
        assert_eq!(
            dates("12月31日、1月2日", Some(day("2018-12-01"))),
            Ok([day("2018-12-31"), day("2019-01-02")].into())
        );
        assert_eq!(dates("5月14日、下周", Some(day("2018-05-01"))), Err("下周".to_owned()));
        assert_eq!(dates("5月14日", None), Err("5月14日".to_owned()));
    }

    #[test]
    fn numbers_are_read_in_either_script() {
        let all = ["2", "２", "两", "十二", "二十", "三十一", "0", "三十五", "x", ""].map(number);
        assert_eq!(all, [Some(2), Some(2), Some(2), Some(12), Some(20), Some(31), None, None, None, None]);
    }
}
