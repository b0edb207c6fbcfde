//! Where the words that somebody looked for stand in a text, and the piece of the text around the first of them. Marked
//! is what the indexes found, cut into words as `search` and `letters` cut them.

use crate::letters::{self, INITIALS, Phrase, SYLLABLE};
use crate::search::{Term, is_cjk};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// A text in pieces, each with whether it was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub found: bool,
}

/// A character as the index has it, with the bytes that it was written in.
type Written = (char, Range<usize>);

/// As `search::runs`, each character with where it came from.
fn runs(text: &str) -> Vec<(bool, Vec<Written>)> {
    let mut runs: Vec<(bool, Vec<Written>)> = Vec::new();
    let mut open = false;
    for (at, written) in text.char_indices() {
        let bytes = at..at + written.len_utf8();
        for c in written.nfkc().flat_map(char::to_lowercase) {
            let cjk = is_cjk(c);
            if !cjk && !c.is_alphanumeric() {
                open = false;
                continue;
            }
            match runs.last_mut() {
                Some((kind, run)) if open && *kind == cjk => run.push((c, bytes.clone())),
                _ => runs.push((cjk, vec![(c, bytes.clone())])),
            }
            open = true;
        }
    }
    runs
}

fn whole(part: &[Written]) -> Option<Range<usize>> {
    Some(part.first()?.1.start..part.last()?.1.end)
}

/// The characters of which overlapping pairs were made.
fn unpaired(pairs: &[String]) -> Vec<char> {
    let firsts = pairs.iter().filter_map(|it| it.chars().next());
    firsts.chain(pairs.last().and_then(|it| it.chars().nth(1))).collect()
}

fn of_term(runs: &[(bool, Vec<Written>)], term: &Term, found: &mut Vec<Range<usize>>) {
    for (cjk, run) in runs {
        match term {
            Term::Phrase(pairs) if *cjk => {
                let sought = unpaired(pairs);
                let same = |it: &&[Written]| it.iter().map(|(c, _)| *c).eq(sought.iter().copied());
                found.extend(run.windows(sought.len().max(1)).filter(same).filter_map(whole));
            }
            Term::Prefix(word) if *cjk => {
                found.extend(run.iter().filter(|(c, _)| word.chars().eq([*c])).map(|(_, bytes)| bytes.clone()));
            }
            Term::Prefix(word) => {
                let length = word.chars().count();
                let begins = run.iter().map(|(c, _)| *c).take(length).eq(word.chars());
                found.extend(run.get(..length).filter(|_| begins).and_then(whole));
            }
            Term::Phrase(_) => {}
        }
    }
}

/// In the order of the text, those that touch as one.
fn joined(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_by_key(|it| (it.start, it.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for it in found {
        match joined.last_mut() {
            Some(last) if it.start <= last.end => last.end = last.end.max(it.end),
            _ => joined.push(it),
        }
    }
    joined
}

/// Where `terms` stand in a text.
pub fn spans(text: &str, terms: &[Term]) -> Vec<Range<usize>> {
    let runs = runs(text);
    let mut found = Vec::new();
    for term in terms {
        of_term(&runs, term, &mut found);
    }
    joined(found)
}

/// Where `query` stands in a name, also by its letters.
pub fn spans_of_name(name: &str, query: &[Vec<Phrase>]) -> Vec<Range<usize>> {
    let runs = runs(name);
    let spelled = letters::spelled(name);
    let mut found = Vec::new();
    for phrase in query.iter().flatten() {
        let bare: Vec<String> =
            phrase.tokens.iter().map(|it| it.trim_start_matches([INITIALS, SYLLABLE]).to_owned()).collect();
        let first = phrase.tokens.first().and_then(|it| it.chars().next());
        match (first, bare.as_slice()) {
            (Some(INITIALS), pairs) => {
                let sought = unpaired(pairs);
                let same = |part: &&[letters::Spelled]| part.iter().map(|it| it.initial).eq(sought.iter().copied());
                found.extend(spelled.windows(sought.len().max(1)).filter(same).filter_map(letters::whole));
            }
            (Some(SYLLABLE), syllables) => {
                let said: Vec<&letters::Spelled> = spelled.iter().filter(|it| !it.syllable.is_empty()).collect();
                for part in said.windows(syllables.len().max(1)) {
                    let last = part.len().saturating_sub(1);
                    let same = part.iter().zip(syllables).enumerate().all(|(at, (it, sought))| {
                        match at == last && phrase.open {
                            true => it.syllable.starts_with(sought.as_str()),
                            false => it.syllable == sought,
                        }
                    });
                    if let (true, Some(first), Some(last)) = (same, part.first(), part.last()) {
                        found.push(first.bytes.start..last.bytes.end);
                    }
                }
            }
            (_, [word]) if phrase.open => of_term(&runs, &Term::Prefix(word.clone()), &mut found),
            (_, pairs) => of_term(&runs, &Term::Phrase(pairs.to_vec()), &mut found),
        }
    }
    joined(found)
}

/// The whole text in pieces.
pub fn pieces(text: &str, spans: &[Range<usize>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut push = |range: Range<usize>, found: bool| {
        if let Some(text) = text.get(range).filter(|it| !it.is_empty()) {
            pieces.push(Piece { text: text.to_owned(), found });
        }
    };
    for span in spans {
        push(at..span.start, false);
        push(span.clone(), true);
        at = span.end;
    }
    push(at..text.len(), false);
    pieces
}

/// At most so many characters of the text, around the first place where `terms` stand; white space as one blank.
pub fn around(text: &str, terms: &[Term], most: usize) -> Vec<Piece> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let found = spans(&text, terms);
    let first = found.first().map_or(0, |it| text[..it.start].chars().count());
    let all = text.chars().count();
    // A third of the room before the place, so that one reads what led to it.
    let from = first.saturating_sub(most / 3).min(all.saturating_sub(most));
    let cut: String = text.chars().skip(from).take(most).collect();
    let mut pieces = pieces(&cut, &spans(&cut, terms));
    let dots = || Piece { text: "…".into(), found: false };
    if from > 0 {
        pieces.insert(0, dots());
    }
    if from + most < all {
        pieces.push(dots());
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search;
    use proptest::prelude::*;

    fn told(pieces: &[Piece]) -> String {
        pieces.iter().map(|it| if it.found { format!("[{}]", it.text) } else { it.text.clone() }).collect()
    }

    fn in_text(text: &str, sought: &str) -> String {
        told(&pieces(text, &spans(text, &search::query(sought))))
    }

    fn in_name(name: &str, sought: &str) -> String {
        told(&pieces(name, &spans_of_name(name, &letters::query(sought))))
    }

    #[test]
    fn marked_is_what_was_found_and_nothing_else() {
        assert_eq!(in_text("夜间施工，ＡＢ-12 噪声", "施工 ab 噪"), "夜间[施工]，[ＡＢ]-12 [噪]声");
        assert_eq!(in_text("停水通知：停水太晚", "停水"), "[停水]通知：[停水]太晚");
        assert_eq!(in_text("abcd dab", "ab"), "[ab]cd dab");
        assert_eq!(in_text("停，水", "停水"), "停，水");
        let name = "泰尔茂医疗产品（杭州）有限公司";
        for (sought, marked) in [
            ("tem", "[泰尔茂]医疗产品（杭州）有限公司"),
            ("taierm", "[泰尔茂]医疗产品（杭州）有限公司"),
            ("cphz", "泰尔茂医疗[产品（杭州]）有限公司"),
            ("杭州 tem", "[泰尔茂]医疗产品（[杭州]）有限公司"),
            ("yxgs", name),
        ] {
            assert_eq!(in_name(name, sought), marked, "{sought}");
        }
    }

    #[test]
    fn an_excerpt_begins_before_the_place_and_says_where_it_was_cut() {
        let text = format!("{}停水{}", "前".repeat(50), "后".repeat(50));
        assert_eq!(told(&around(&text, &search::query("停水"), 12)), "…前前前前[停水]后后后后后后…");
        assert_eq!(told(&around("停水\n三天", &search::query("停水"), 12)), "[停水] 三天");
        assert_eq!(told(&around(&text, &[], 4)), "前前前前…");
    }

    proptest! {
        #[test]
        fn what_holds_the_words_has_them_marked(text in "[夜间施工停水ab1２ ，]{1,20}", sought in "[夜间施工停水ab1]{1,3}") {
            let terms = search::query(&sought);
            if search::holds(&text, &terms) {
                prop_assert!(!spans(&text, &terms).is_empty(), "{} {}", text, sought);
            }
            let all: String = pieces(&text, &spans(&text, &terms)).into_iter().map(|it| it.text).collect();
            prop_assert_eq!(all, text);
        }

        #[test]
        fn a_name_that_is_found_has_its_place_marked(name in "[一-龥A-Za-z0-9（）]{1,12}(有限公司)?", sought in "[a-z]{1,4}|[一-龥]{1,2}") {
            let query = letters::query(&sought);
            if letters::holds(&name, &query) {
                prop_assert!(!spans_of_name(&name, &query).is_empty(), "{} {}", name, sought);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), sought in any::<String>()) {
            spans_of_name(&text, &letters::query(&sought));
            around(&text, &search::query(&sought), 20);
        }
    }
}
