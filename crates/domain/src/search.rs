//! Search words of a text: overlapping pairs of Chinese characters, other runs whole. The same in both engines, so both
//! find the same (`stack.md` §2: recall 1.0, no dictionary to keep).

use unicode_normalization::UnicodeNormalization;

pub(crate) fn is_cjk(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF | 0x3007)
}

/// NFKC and lower case, cut into runs of one kind.
pub(crate) fn runs(text: &str) -> Vec<(bool, String)> {
    let mut runs: Vec<(bool, String)> = Vec::new();
    let mut open = false;
    for c in text.nfkc().flat_map(char::to_lowercase) {
        let cjk = is_cjk(c);
        if !cjk && !c.is_alphanumeric() {
            open = false;
            continue;
        }
        match runs.last_mut() {
            Some((kind, run)) if open && *kind == cjk => run.push(c),
            _ => runs.push((cjk, c.to_string())),
        }
        open = true;
    }
    runs
}

fn push(tokens: &mut String, token: &str) {
    if !tokens.is_empty() {
        tokens.push(' ');
    }
    tokens.push_str(token);
}

/// Tokens to index, separated by blanks, in the order of the text. The last character of a run stands alone too, so
/// that a single character is found by its prefix wherever it stands.
pub fn tokens(text: &str) -> String {
    let mut tokens = String::with_capacity(text.len() * 3);
    for (cjk, run) in runs(text) {
        if !cjk {
            // A run longer than any word (a pasted key, a picture in text) would only swell the index.
            push(&mut tokens, run.get(..64).unwrap_or(&run));
            continue;
        }
        let chars: Vec<char> = run.chars().collect();
        for pair in chars.windows(2) {
            push(&mut tokens, &String::from_iter(pair));
        }
        if let Some(last) = chars.last() {
            push(&mut tokens, &last.to_string());
        }
    }
    tokens
}

/// One condition of a query; all of them must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// These tokens in this order, one after the other.
    Phrase(Vec<String>),
    /// A token that begins so: a single character, or the beginning of a Latin word.
    Prefix(String),
}

/// Reads what a person typed: blanks separate conditions. Empty when there is nothing to look for.
pub fn query(text: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    for (cjk, run) in text.split_whitespace().flat_map(runs) {
        let chars: Vec<char> = run.chars().collect();
        terms.push(match (cjk, chars.len()) {
            (true, 2..) => Term::Phrase(chars.windows(2).map(String::from_iter).collect()),
            _ => Term::Prefix(run.get(..64).unwrap_or(&run).to_string()),
        });
        if terms.len() == 8 {
            break;
        }
    }
    terms
}

/// Whether `text` would be found by all of `terms`.
pub fn holds(text: &str, terms: &[Term]) -> bool {
    let indexed = format!(" {} ", tokens(text));
    terms.iter().all(|term| match term {
        Term::Phrase(tokens) => indexed.contains(&format!(" {} ", tokens.join(" "))),
        Term::Prefix(token) => indexed.contains(&format!(" {token}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_becomes_pairs_and_latin_stays_whole() {
        assert_eq!(tokens("夜间施工，ＡＢ-12 噪声"), "夜间 间施 施工 工 ab 12 噪声 声");
        assert_eq!(query("施工 噪"), vec![Term::Phrase(vec!["施工".into()]), Term::Prefix("噪".into())]);
        assert_eq!(query(" ，"), vec![]);
    }

    #[test]
    fn every_part_of_a_text_is_found_by_its_own_tokens() {
        let text = "企业用电不足影响生产";
        let chars: Vec<char> = text.chars().collect();
        for from in 0..chars.len() {
            for to in from + 1..=chars.len() {
                let part: String = chars[from..to].iter().collect();
                assert!(holds(text, &query(&part)), "{part}");
            }
        }
    }
}
