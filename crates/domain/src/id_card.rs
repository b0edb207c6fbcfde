//! 公民身份号码 ID card number (GB 11643-1999): reading one as people write it, its check digit, and what may be shown.

use crate::time::Day;
use unicode_normalization::UnicodeNormalization;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check digit for each remainder by 11.
const CHECK_DIGITS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
const LENGTH: usize = 18;
/// What a mask leaves: the province and city before, the last two after; nothing of the birthday.
const SHOWN_BEFORE: usize = 4;
const SHOWN_AFTER: usize = 2;

/// Why a text is no ID card number; the first reason found. No sentence repeats more of the number than one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Empty,
    Length {
        found: usize,
    },
    /// `at` counts from 1, after blanks and hyphens were taken out.
    Character {
        at: usize,
        found: char,
    },
    /// Characters 7 to 14 are no day of the calendar.
    Birthday,
    CheckDigit {
        found: char,
        wanted: char,
    },
}

impl Wrong {
    /// What is wrong and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Wrong::Empty => "请填写身份证号（18位）。".to_owned(),
            Wrong::Length { found } => format!("身份证号应为18位，现有{found}位；请核对身份证。"),
            Wrong::Character { at, found } => {
                format!("身份证号第{at}位不能是“{found}”，前17位只用数字，末位为数字或X；请核对身份证。")
            }
            Wrong::Birthday => "身份证号第7至14位不是有效的出生日期；请核对身份证。".to_owned(),
            Wrong::CheckDigit { found, wanted } => {
                format!("身份证号校验不符：按前17位计算，末位应为“{wanted}”，现为“{found}”；请对照身份证逐位核对。")
            }
        }
    }

    /// What is wrong and what to do, in English.
    pub fn en(&self) -> String {
        match self {
            Wrong::Empty => "Enter the ID card number (18 characters).".to_owned(),
            Wrong::Length { found } => {
                format!("An ID card number has 18 characters, this one has {found}; check the card.")
            }
            Wrong::Character { at, found } => format!(
                "Character {at} of the ID card number cannot be “{found}”: the first 17 are digits, the last a digit \
                 or X; check the card."
            ),
            Wrong::Birthday => {
                "Characters 7 to 14 of the ID card number are no day of the calendar; check the card.".to_owned()
            }
            Wrong::CheckDigit { found, wanted } => format!(
                "The ID card number does not add up: by the first 17 characters the last should be “{wanted}”, not \
                 “{found}”; compare each character with the card."
            ),
        }
    }
}

/// Reads a number in any width and case, with blanks or hyphens in it, and answers with its one spelling.
pub fn check(text: &str) -> Result<String, Wrong> {
    let number = clean(text);
    match number.chars().count() {
        0 => return Err(Wrong::Empty),
        LENGTH => {}
        found => return Err(Wrong::Length { found }),
    }
    let mut sum = 0;
    for (at, found) in number.chars().enumerate() {
        match (WEIGHTS.get(at), found.to_digit(10)) {
            (Some(weight), Some(value)) => sum += weight * value,
            (None, Some(_)) => {}
            (None, None) if found == 'X' => {}
            _ => return Err(Wrong::Character { at: at + 1, found }),
        }
    }
    if birthday(&number).is_none() {
        return Err(Wrong::Birthday);
    }
    let wanted = check_digit(sum);
    match number.chars().last() {
        Some(found) if found != wanted => Err(Wrong::CheckDigit { found, wanted }),
        _ => Ok(number),
    }
}

/// The whole number for its first 17 digits, for persons who are invented; nothing where they are not 17 digits.
pub fn complete(first17: &str) -> Option<String> {
    let mut number = clean(first17);
    let values: Vec<u32> = number.chars().map(|c| c.to_digit(10)).collect::<Option<_>>()?;
    if values.len() != WEIGHTS.len() {
        return None;
    }
    number.push(check_digit(values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum()));
    Some(number)
}

/// What a list may show: `3301************1X`. Of a text that is no ID card number, only how long it is.
pub fn mask(text: &str) -> String {
    match check(text) {
        Ok(number) => {
            let hidden = LENGTH - SHOWN_BEFORE - SHOWN_AFTER;
            format!("{}{}{}", &number[..SHOWN_BEFORE], "*".repeat(hidden), &number[LENGTH - SHOWN_AFTER..])
        }
        Err(_) => "*".repeat(text.chars().count().min(LENGTH)),
    }
}

fn birthday(number: &str) -> Option<Day> {
    let part = |from: usize, to: usize| number.get(from..to)?.parse::<i16>().ok();
    let (year, month, day) = (part(6, 10)?, part(10, 12)?, part(12, 14)?);
    if year < 1 {
        return None;
    }
    Day::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

fn check_digit(sum: u32) -> char {
    CHECK_DIGITS[(sum % 11) as usize]
}

/// What a keyboard, a table or a web page leaves around a number is taken out: width, case, blanks, hyphens.
fn clean(text: &str) -> String {
    text.nfkc().filter(|c| !is_filler(*c)).map(|c| c.to_ascii_uppercase()).collect()
}

fn is_filler(c: char) -> bool {
    let hyphen = matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let unseen = matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}');
    c.is_whitespace() || hyphen || unseen
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example of GB 11643-1999, and another that is printed in many explanations of it.
    const GOOD: [&str; 2] = ["11010519491231002X", "440524188001010014"];

    #[test]
    fn good_ones_are_read_as_people_write_them() {
        for good in GOOD {
            assert_eq!(check(good), Ok(good.to_owned()));
            assert_eq!(complete(&good[..17]).as_deref(), Some(good));
        }
        for spelling in [
            "11010519491231002x",
            " 110105 19491231 002X\n",
            "110105-1949-1231-002X",
            "１１０１０５１９４９１２３１００２Ｘ",
        ] {
            assert_eq!(check(spelling).as_deref(), Ok("11010519491231002X"), "{spelling}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        assert_eq!(check(" - "), Err(Wrong::Empty));
        assert_eq!(check("130503670401001"), Err(Wrong::Length { found: 15 }));
        assert_eq!(check("1101O519491231002X"), Err(Wrong::Character { at: 5, found: 'O' }));
        assert_eq!(check("1101051949123100XX"), Err(Wrong::Character { at: 17, found: 'X' }));
        assert_eq!(check("11010519491231002Y"), Err(Wrong::Character { at: 18, found: 'Y' }));
        assert_eq!(check("11010519491331002X"), Err(Wrong::Birthday));
        assert_eq!(check("110105194912310021"), Err(Wrong::CheckDigit { found: '1', wanted: 'X' }));
        assert_eq!(Wrong::Length { found: 15 }.zh(), "身份证号应为18位，现有15位；请核对身份证。");
        assert_eq!(complete("1101051949123100"), None);
        assert_eq!(complete("1101051949123100X"), None);
    }

    #[test]
    fn a_mask_shows_neither_birthday_nor_sequence() {
        assert_eq!(mask("11010519491231002x"), "1101************2X");
        assert_eq!(mask("1101051949123"), "*************");
        assert_eq!(mask(&"9".repeat(40)), "*".repeat(18));
        assert_eq!(mask(""), "");
    }

    proptest! {
        #[test]
        fn a_completed_one_checks(region in "[1-8][0-9]{5}", day in -25_000_i64..20_000, sequence in 0..1000_u32) {
            let day = Day::from_number(day).to_string().replace('-', "");
            let number = complete(&format!("{region}{day}{sequence:03}")).unwrap();
            prop_assert_eq!(check(&number), Ok(number));
        }

        #[test]
        fn one_changed_or_two_swapped_digits_are_caught(
            first in "[1-8][0-9]{5}19[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", at in 0..17_usize, by in 1..10_u32,
        ) {
            let number = complete(&first).unwrap();
            let mut changed: Vec<char> = number.chars().collect();
            let value = changed[at].to_digit(10).unwrap();
            changed[at] = char::from_digit((value + by) % 10, 10).unwrap();
            let caught = matches!(check(&String::from_iter(&changed)), Err(Wrong::CheckDigit { .. } | Wrong::Birthday));
            prop_assert!(caught, "{} for {}", String::from_iter(changed), number);
            let mut swapped: Vec<char> = number.chars().collect();
            swapped.swap(at, at + 1);
            let swapped = String::from_iter(swapped);
            prop_assert!(swapped == number || check(&swapped).is_err(), "{} for {}", swapped, number);
        }

        #[test]
        fn no_text_makes_it_panic_and_no_mask_tells_the_birthday(text in any::<String>(), near in "[0-9XxＡ０-９ \\-é]{14,22}") {
            for text in [text, near] {
                match check(&text) {
                    Ok(number) => {
                        prop_assert!(!mask(&number).contains(&number[6..14]));
                        prop_assert_eq!(check(&number), Ok(number));
                    }
                    Err(wrong) => {
                        prop_assert!(!wrong.zh().is_empty() && !wrong.en().is_empty());
                        prop_assert!(mask(&text).chars().all(|c| c == '*'));
                    }
                }
                complete(&text);
            }
        }
    }
}
