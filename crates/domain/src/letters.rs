//! The letters by which a name is found: `tem`, `taiermao` and `tai er mao` all find 泰尔茂, wherever it stands in the
//! name. Initials stand in the index as overlapping pairs, syllables whole, each behind a mark of its own, so that both
//! engines find them with phrases alone.

use crate::search::{Term, runs};
use pinyin::ToPinyin;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;

/// Before a pair of initials; a letter to both engines, and in nobody's text.
pub(crate) const INITIALS: char = '\u{1c0}';
/// Before a syllable.
pub(crate) const SYLLABLE: char = '\u{1c2}';

/// What every second name ends in says nothing about it and would only swell the index; the longest first.
const ENDINGS: [&str; 4] = ["股份有限公司", "有限责任公司", "有限公司", "分公司"];

/// Readings of one run of letters that are looked for beside each other.
const READINGS: usize = 64;
/// Longer than any name that somebody spells out.
const LETTERS: usize = 64;

/// A condition that holds when one of its phrases does; the last token of an open phrase may go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    pub tokens: Vec<String>,
    pub open: bool,
}

/// The name without the words that all companies bear.
fn core(name: &str) -> String {
    let mut core = name.to_owned();
    for ending in ENDINGS {
        if core.contains(ending) {
            core = core.replace(ending, "");
        }
    }
    if core.trim().is_empty() { name.to_owned() } else { core }
}

/// The syllable of a character without its tone, `ü` as people type it.
fn syllable(c: char) -> Option<&'static str> {
    let plain = c.to_pinyin()?.plain();
    // 嗯 and its like have no vowel and stand in no name.
    match plain {
        "lü" => Some("lv"),
        "nü" => Some("nv"),
        "lüe" => Some("lve"),
        "nüe" => Some("nve"),
        _ if plain.is_ascii() && plain.contains(['a', 'e', 'i', 'o', 'u', 'v']) => Some(plain),
        _ => None,
    }
}

/// First letters of the characters that have some, Latin letters and digits as they stand.
pub fn initials(name: &str) -> String {
    let mut letters = String::new();
    for (_, run) in runs(&core(name)) {
        for c in run.chars() {
            match syllable(c) {
                Some(syllable) => letters.extend(syllable.chars().next()),
                None if c.is_ascii_alphanumeric() => letters.push(c),
                None => {}
            }
        }
    }
    letters
}

pub fn syllables(name: &str) -> Vec<&'static str> {
    core(name).chars().filter_map(syllable).collect()
}

/// A character by which a name is found, with the bytes in which it stands there.
pub(crate) struct Spelled {
    pub initial: char,
    /// Empty for Latin letters and digits.
    pub syllable: &'static str,
    pub bytes: Range<usize>,
}

pub(crate) fn whole(part: &[Spelled]) -> Option<Range<usize>> {
    Some(part.first()?.bytes.start..part.last()?.bytes.end)
}

/// The characters of `initials` and `syllables`, in their order.
pub(crate) fn spelled(name: &str) -> Vec<Spelled> {
    let mut left_out: Vec<Range<usize>> = Vec::new();
    for ending in ENDINGS {
        for (at, _) in name.match_indices(ending) {
            let bytes = at..at + ending.len();
            if !left_out.iter().any(|it| it.start < bytes.end && bytes.start < it.end) {
                left_out.push(bytes);
            }
        }
    }
    if core(name) == name {
        left_out.clear();
    }
    let mut spelled = Vec::new();
    for (at, written) in name.char_indices().filter(|(at, _)| !left_out.iter().any(|it| it.contains(at))) {
        for c in written.nfkc().flat_map(char::to_lowercase) {
            let said = syllable(c).unwrap_or("");
            let initial = said.chars().next().or_else(|| c.is_ascii_alphanumeric().then_some(c));
            spelled.extend(initial.map(|initial| Spelled {
                initial,
                syllable: said,
                bytes: at..at + written.len_utf8(),
            }));
        }
    }
    spelled
}

/// Tokens to index beside those of the text, separated by blanks.
pub fn tokens(name: &str) -> String {
    let letters: Vec<char> = initials(name).chars().take(LETTERS).collect();
    let mut tokens = Vec::with_capacity(letters.len() * 2 + 1);
    tokens.extend(letters.windows(2).map(|pair| format!("{INITIALS}{}{}", pair[0], pair[1])));
    tokens.extend(letters.last().map(|last| format!("{INITIALS}{last}")));
    tokens.extend(syllables(name).into_iter().take(LETTERS).map(|it| format!("{SYLLABLE}{it}")));
    tokens.join(" ")
}

/// Reads what a person typed: all conditions must hold, of each one phrase.
pub fn query(text: &str) -> Vec<Vec<Phrase>> {
    let terms = crate::search::query(text);
    terms.into_iter().map(phrases).collect()
}

fn phrases(term: Term) -> Vec<Phrase> {
    let word = match term {
        Term::Phrase(tokens) => return vec![Phrase { tokens, open: false }],
        Term::Prefix(word) => word,
    };
    let spelled = word.chars().all(|c| c.is_ascii_alphanumeric()) && word.chars().any(|c| c.is_ascii_alphabetic());
    let mut phrases = vec![Phrase { tokens: vec![word.clone()], open: true }];
    if spelled {
        phrases.push(pairs(&word));
        phrases.extend(readings(&word));
    }
    phrases
}

fn pairs(word: &str) -> Phrase {
    let letters: Vec<char> = word.chars().collect();
    match letters.as_slice() {
        [one] => Phrase { tokens: vec![format!("{INITIALS}{one}")], open: true },
        _ => Phrase {
            tokens: letters.windows(2).map(|pair| format!("{INITIALS}{}{}", pair[0], pair[1])).collect(),
            open: false,
        },
    }
}

/// Every way to read the letters as syllables, the last of which may be cut short. Of letters that can be read in very
/// many ways only the first are looked at: what is found then holds everything that was meant.
fn readings(word: &str) -> Vec<Phrase> {
    if !word.bytes().all(|it| it.is_ascii_lowercase()) {
        return vec![];
    }
    let known = known();
    // ways[n]: in how many ways the first n letters are whole syllables.
    let mut ways = vec![0_usize; word.len() + 1];
    ways[0] = 1;
    for end in 1..=word.len() {
        let starts = end.saturating_sub(known.longest)..end;
        ways[end] =
            starts.filter(|at| known.whole.contains(&word[*at..end])).map(|at| ways[at]).fold(0, usize::saturating_add);
    }
    let open = |end: usize| -> Vec<usize> {
        let starts = end.saturating_sub(known.longest)..end;
        starts.filter(|at| ways[*at] > 0 && known.begun.contains(&word[*at..end])).collect()
    };
    let count = |end: usize| open(end).into_iter().map(|at| ways[at]).fold(0, usize::saturating_add);
    let readable = count(word.len()) > 0;
    let end = (1..=word.len()).rev().find(|end| (1..=READINGS).contains(&count(*end)));
    let Some(end) = end.filter(|_| readable) else { return vec![] };
    let mut phrases = Vec::new();
    for at in open(end) {
        for mut tokens in cut(&word[..at], known) {
            tokens.push(format!("{SYLLABLE}{}", &word[at..end]));
            phrases.push(Phrase { tokens, open: true });
        }
    }
    phrases
}

/// All ways to cut the letters into whole syllables; the caller knows that they are few.
fn cut(word: &str, known: &Known) -> Vec<Vec<String>> {
    if word.is_empty() {
        return vec![vec![]];
    }
    let starts = word.len().saturating_sub(known.longest)..word.len();
    let mut all = Vec::new();
    for at in starts.filter(|at| known.whole.contains(&word[*at..])) {
        for mut tokens in cut(&word[..at], known) {
            tokens.push(format!("{SYLLABLE}{}", &word[at..]));
            all.push(tokens);
        }
    }
    all
}

struct Known {
    whole: HashSet<&'static str>,
    /// The beginnings of all, themselves included.
    begun: HashSet<&'static str>,
    longest: usize,
}

/// The syllables that any character has.
fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let whole: HashSet<_> = ('\u{3400}'..='\u{9fff}').filter_map(syllable).collect();
        let begun = whole.iter().flat_map(|it| (1..=it.len()).map(|end| &it[..end])).collect();
        let longest = whole.iter().map(|it| it.len()).max().unwrap_or(1);
        Known { whole, begun, longest }
    })
}

/// Whether a name with these texts would be found by all of `query`.
pub fn holds(name: &str, query: &[Vec<Phrase>]) -> bool {
    let indexed = format!(" {} {} ", crate::search::tokens(name), tokens(name));
    let one = |it: &Phrase| {
        let end = if it.open { "" } else { " " };
        indexed.contains(&format!(" {}{end}", it.tokens.join(" ")))
    };
    query.iter().all(|phrases| phrases.iter().any(one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAME: &str = "泰尔茂医疗产品（杭州）有限公司";

    #[test]
    fn a_name_is_found_by_its_letters_wherever_they_stand() {
        assert_eq!(initials(NAME), "temylcphz");
        assert_eq!(initials("浙江３Ｍ绿叶股份有限公司"), "zj3mly");
        assert_eq!(syllables("绿叶"), ["lv", "ye"]);
        for found in
            ["tem", "t", "z", "ylcp", "taiermao", "tai er mao", "taierm", "yiliao chanp", "TEM", "杭州 tem", "ermao"]
        {
            assert!(holds(NAME, &query(found)), "{found}");
        }
        for other in ["tm", "temx", "taimao", "泰茂", "yxgs"] {
            assert!(!holds(NAME, &query(other)), "{other}");
        }
        assert!(holds("西安先导", &query("xianxiandao")) && holds("先导西安", &query("xiandaoxian")));
    }

    #[test]
    fn letters_with_very_many_readings_cost_no_more() {
        let long = "liaoxian".repeat(8);
        let readings = query(&long);
        assert!(readings[0].len() <= READINGS + 2, "{}", readings[0].len());
        assert!(holds(&"辽西安".repeat(8), &readings));
        assert_eq!(query("qqqq")[0].len(), 2);
    }

    proptest! {
        #[test]
        fn every_run_of_initials_and_of_syllables_finds_the_name(
            name in "[一-龥𠮷㐀A-Za-z0-9（）]{1,20}(有限公司)?", from in 0..20_usize, length in 1..20_usize
        ) {
            let letters = initials(&name);
            let part: String = letters.chars().skip(from).take(length).collect();
            // Digits alone are looked for as the beginning of a word.
            if part.chars().any(|c| c.is_ascii_alphabetic()) {
                prop_assert!(holds(&name, &query(&part)), "{} {}", name, part);
            }
            let syllables = syllables(&name);
            let part: Vec<&str> = syllables.into_iter().skip(from).take(length).collect();
            if !part.is_empty() && part.concat().len() <= LETTERS {
                prop_assert!(holds(&name, &query(&part.concat())), "{} {:?}", name, part);
                prop_assert!(holds(&name, &query(&part.join(" "))), "{} {:?}", name, part);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), near in "[a-zü '0-9]{0,90}") {
            for text in [text, near] {
                tokens(&text);
                holds(&text, &query(&text));
            }
        }
    }
}
