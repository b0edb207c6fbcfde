//! 统一社会信用代码 credit code (GB 32100-2015): reading one as people write it, its check digit, and what is wrong.

use unicode_normalization::UnicodeNormalization;

/// In the order of their values 0 to 30; I, O, S, V and Z are left out, being too like digits and each other.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const LENGTH: usize = 18;

/// Why a text is no credit code; the first reason found.
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
    CheckDigit {
        found: char,
        wanted: char,
    },
}

impl Wrong {
    /// What is wrong and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Wrong::Empty => "请填写统一社会信用代码（18位，见营业执照）。".to_owned(),
            Wrong::Length { found } => format!("统一社会信用代码应为18位，现有{found}位；请核对营业执照。"),
            Wrong::Character { at, found } => format!(
                "统一社会信用代码第{at}位不能是“{found}”，只用数字和除I、O、S、V、Z以外的字母；请核对营业执照。"
            ),
            Wrong::CheckDigit { found, wanted } => format!(
                "统一社会信用代码校验不符：按前17位计算，末位应为“{wanted}”，现为“{found}”；请对照营业执照逐位核对。"
            ),
        }
    }

    /// What is wrong and what to do, in English.
    pub fn en(&self) -> String {
        match self {
            Wrong::Empty => "Enter the unified social credit code (18 characters, on the business licence).".to_owned(),
            Wrong::Length { found } => format!(
                "A unified social credit code has 18 characters, this one has {found}; check the business licence."
            ),
            Wrong::Character { at, found } => format!(
                "Character {at} of the unified social credit code cannot be “{found}”, only digits and letters other \
                 than I, O, S, V, Z; check the business licence."
            ),
            Wrong::CheckDigit { found, wanted } => format!(
                "The unified social credit code does not add up: by the first 17 characters the last should be \
                 “{wanted}”, not “{found}”; compare each character with the business licence."
            ),
        }
    }
}

/// Reads a credit code in any width and case, with blanks or hyphens in it, and answers with its one spelling.
pub fn check(text: &str) -> Result<String, Wrong> {
    let code = clean(text);
    let length = code.chars().count();
    match length {
        0 => return Err(Wrong::Empty),
        LENGTH => {}
        found => return Err(Wrong::Length { found }),
    }
    let mut sum = 0;
    for (at, found) in code.chars().enumerate() {
        let value = ALPHABET.find(found).ok_or(Wrong::Character { at: at + 1, found })?;
        match WEIGHTS.get(at) {
            Some(weight) => sum += value * weight,
            None => {
                let wanted = check_digit(sum);
                if found != wanted {
                    return Err(Wrong::CheckDigit { found, wanted });
                }
            }
        }
    }
    Ok(code)
}

/// The whole code for its first 17 characters, for companies that are invented; nothing where they are not 17 of the
/// alphabet.
pub fn complete(first17: &str) -> Option<String> {
    let mut code = clean(first17);
    let values: Vec<usize> = code.chars().map(|c| ALPHABET.find(c)).collect::<Option<_>>()?;
    if values.len() != WEIGHTS.len() {
        return None;
    }
    code.push(check_digit(values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum()));
    Some(code)
}

fn check_digit(sum: usize) -> char {
    char::from(ALPHABET.as_bytes()[(31 - sum % 31) % 31])
}

/// What a keyboard, a table or a web page leaves around a code is taken out: width, case, blanks, hyphens.
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

    /// The last three are published codes of real companies, so the weights are not only tested against themselves.
    const GOOD: [&str; 4] = ["91330101143041950C", "91330100799655058B", "9144030071526726XG", "914403001922038216"];

    #[test]
    fn good_ones_are_read_as_people_write_them() {
        for good in GOOD {
            assert_eq!(check(good), Ok(good.to_owned()));
            assert_eq!(complete(&good[..17]).as_deref(), Some(good));
        }
        for spelling in [
            "91330101143041950c",
            " 91330101 143041950C\n",
            "913301-01-14304195-0C",
            "９１３３０１０１１４３０４１９５０Ｃ",
        ] {
            assert_eq!(check(spelling).as_deref(), Ok("91330101143041950C"), "{spelling}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        assert_eq!(check(" - "), Err(Wrong::Empty));
        assert_eq!(check("3301001234567"), Err(Wrong::Length { found: 13 }));
        assert_eq!(check("9133O101143041950C"), Err(Wrong::Character { at: 5, found: 'O' }));
        assert_eq!(check("91330101143041950Z"), Err(Wrong::Character { at: 18, found: 'Z' }));
        assert_eq!(check("91330101143041950D"), Err(Wrong::CheckDigit { found: 'D', wanted: 'C' }));
        assert_eq!(Wrong::Length { found: 13 }.zh(), "统一社会信用代码应为18位，现有13位；请核对营业执照。");
        assert_eq!(complete("9133010114304195"), None);
        assert_eq!(complete("9133010114304195O"), None);
    }

    proptest! {
        #[test]
        fn a_completed_one_checks(first in "[0-9A-HJ-NP-RTUWXY]{17}") {
            let code = complete(&first).unwrap();
            prop_assert_eq!(check(&code), Ok(code));
        }

        #[test]
        fn one_changed_character_is_caught(first in "[0-9A-HJ-NP-RTUWXY]{17}", at in 0..18_usize, by in 1..31_usize) {
            let code = complete(&first).unwrap();
            let mut changed: Vec<char> = code.chars().collect();
            let value = ALPHABET.find(changed[at]).unwrap();
            changed[at] = ALPHABET.chars().nth((value + by) % 31).unwrap();
            let changed = String::from_iter(changed);
            let caught = matches!(check(&changed), Err(Wrong::CheckDigit { .. }));
            prop_assert!(caught, "{} for {}", changed, code);
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), near in "[0-9A-ZＡ-Ｚ \\-é]{14,22}") {
            for text in [text, near] {
                match check(&text) {
                    Ok(code) => prop_assert_eq!(check(&code), Ok(code)),
                    Err(wrong) => prop_assert!(!wrong.zh().is_empty() && !wrong.en().is_empty()),
                }
                complete(&text);
            }
        }
    }
}
