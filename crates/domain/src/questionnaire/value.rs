//! Numbers and days as people write them in a response, and their one spelling.

use crate::time::Day;

/// More digits than these would not survive as a number in tables and programs.
const WHOLE_MOST: usize = 15;
const FRACTION_MOST: usize = 6;

/// A plain decimal: `１，２００ 万元` is `1200`. `units` may stand behind it. Nothing where it is no number.
pub(super) fn number(text: &str, units: [&str; 2]) -> Option<String> {
    let text = half_width(text);
    let text = text.trim();
    // First as it stands: a unit that ends in digits must not eat those of the number.
    decimal(text).or_else(|| decimal(without_unit(text, units)))
}

fn decimal(text: &str) -> Option<String> {
    let (minus, digits) = match text.strip_prefix(['-', '−', '–', '—']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let whole = without_commas(whole)?;
    if !are_digits(&whole) || !are_digits(fraction) {
        return None;
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if whole.len() > WHOLE_MOST || fraction.len() > FRACTION_MOST {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    let plain = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    Some(if minus && plain != "0" { format!("-{plain}") } else { plain })
}

/// Reads `2018-04-13`, `2018/4/13`, `2018.4.13` and `2018年4月13日`.
pub(super) fn day(text: &str) -> Option<Day> {
    let mut text: String = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    if text.ends_with(['日', '号']) {
        text.pop();
    }
    let text = text.replace(['/', '.', '年', '月'], "-");
    // Two digits would be read as a year of antiquity.
    let whole_year = text.split('-').next().is_some_and(|year| year.len() == 4);
    let plain = text.chars().all(|c| c.is_ascii_digit() || c == '-');
    if whole_year && plain { text.parse().ok() } else { None }
}

/// Only width is changed: NFKC would also make `5²` into 52.
fn half_width(text: &str) -> String {
    let narrow = |c: char| match u32::from(c) {
        0x3000 => ' ',
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(narrow).collect()
}

fn without_unit<'a>(text: &'a str, units: [&str; 2]) -> &'a str {
    let ends = |unit: &str| {
        let unit = half_width(unit).trim().to_lowercase();
        let at = text.len().checked_sub(unit.len())?;
        let (bare, end) = (text.get(..at)?, text.get(at..)?);
        (!unit.is_empty() && end.to_lowercase() == unit).then(|| bare.trim_end())
    };
    units.into_iter().find_map(ends).unwrap_or(text)
}

/// Commas only between thousands: `1,5` may be meant as one and a half.
fn without_commas(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let fits = rest.is_empty() || (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    fits.then(|| whole.replace(',', ""))
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let units = ["万元", "10,000 yuan"];
        for (text, plain) in [
            ("１，２００ 万元", "1200"),
            ("1,234,567.50", "1234567.5"),
            ("-0", "0"),
            ("− 3.20", "-3.2"),
            ("+007", "7"),
            ("12 10,000 Yuan", "12"),
            ("999999999999999", "999999999999999"),
        ] {
            assert_eq!(number(text, units).as_deref(), Some(plain), "{text}");
        }
        for text in ["", "约1200", "1,5", "1,2345", "5²", "3000万", "1e9", "1.", ".5", "--1", "1234567890123456", "NaN"]
        {
            assert_eq!(number(text, units), None, "{text}");
        }
        assert_eq!(number("100", ["0", ""]).as_deref(), Some("100"));
        assert_eq!(number("１５％", ["%", ""]).as_deref(), Some("15"));
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        let texts = ["2018-04-13", "2018/4/13", "2018.4.13", "2018年4月13日", "２０１８ 年 4 月 13 号"];
        for text in texts {
            assert_eq!(day(text).map(|it| it.to_string()).as_deref(), Some("2018-04-13"), "{text}");
        }
        for text in ["", "18-4-13", "2018-02-30", "2018年4月", "4月13日", "2018-4-13-1", "2018-+4-13", "2018--4-13"]
        {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
