//! Which column holds which field, told by the heads however people write them.

use crate::{Error, Row};

/// A field that a table shall have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The name by which the program asks for it.
    pub field: &'static str,
    /// The heads accepted for it, the best first; the first one is named when it is missing.
    pub heads: &'static [&'static str],
    /// Whether a table without it is refused.
    pub required: bool,
}

/// The columns of the wanted fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    places: Vec<(&'static str, usize)>,
}

impl Columns {
    /// The cell of a field; "" when the table has no such column. The text is as it stands in the
    /// file, white space and all; only a guard tab is gone.
    pub fn get<'r>(&self, row: &'r Row, field: &str) -> &'r str {
        self.place(field).and_then(|at| row.cells.get(at)).map_or("", String::as_str)
    }

    /// Whether the table has a column for the field.
    pub fn has(&self, field: &str) -> bool {
        self.place(field).is_some()
    }

    /// All fields that have a column, with it.
    pub fn places(&self) -> &[(&'static str, usize)] {
        &self.places
    }

    /// How many fields have a column.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// The column of a field, from 0.
    pub fn place(&self, field: &str) -> Option<usize> {
        self.places.iter().find(|(name, _)| *name == field).map(|&(_, at)| at)
    }
}

/// Finds the wanted fields among the heads: Chinese or English, whatever their case, width, spaces,
/// asterisks, colons and a note in brackets at the end ("*标题", "标题（必填）", "Ｔｉｔｌｅ").
/// A head written in full beats one that fits only without its note.
///
/// # Errors
/// [`Error::Heads`] naming every head that is missing, or that stands there twice, at once.
pub fn columns(heads: &[String], wanted: &[Wanted]) -> Result<Columns, Error> {
    columns_at(heads, wanted, 1)
}

pub(crate) fn columns_at(heads: &[String], wanted: &[Wanted], line: u64) -> Result<Columns, Error> {
    let known = known(heads);
    let mut columns = Columns::default();
    let (mut missing, mut doubled) = (Vec::new(), Vec::new());
    for want in wanted {
        match find(&known, want).as_slice() {
            [] if want.required => missing.push((*want.heads.first().unwrap_or(&want.field)).to_owned()),
            [] => {}
            [at] => columns.places.push((want.field, *at)),
            [at, ..] => doubled.push(heads.get(*at).map(|head| head.trim().to_owned()).unwrap_or_default()),
        }
    }
    if missing.is_empty() && doubled.is_empty() {
        return Ok(columns);
    }
    let found = heads.iter().filter(|head| !head.trim().is_empty()).cloned().collect();
    Err(Error::Heads { line, missing, doubled, found })
}

/// As [`columns()`], but `map` says of some fields which head gives them.
pub(crate) fn mapped(
    heads: &[String],
    wanted: &[Wanted],
    map: &[(String, String)],
    line: u64,
) -> Result<Columns, Error> {
    let known = known(heads);
    let (mut chosen, mut missing, mut doubled) = (Vec::new(), Vec::new(), Vec::new());
    for want in wanted {
        let Some((_, head)) = map.iter().find(|(field, _)| field == want.field) else { continue };
        let exact: Vec<usize> = (0..heads.len()).filter(|at| heads[*at].trim() == head.trim()).collect();
        let like: Vec<usize> = (0..heads.len()).filter(|at| known[*at].0 == plain(head)).collect();
        match if exact.is_empty() { like } else { exact }.as_slice() {
            [] => missing.push(head.clone()),
            [at] => chosen.push((want.field, *at)),
            [..] => doubled.push(head.clone()),
        }
    }
    if !missing.is_empty() || !doubled.is_empty() {
        let found = heads.iter().filter(|head| !head.trim().is_empty()).cloned().collect();
        return Err(Error::Heads { line, missing, doubled, found });
    }
    // A column that was given to one field is not taken for another.
    let free: Vec<String> = (0..heads.len())
        .map(|at| if chosen.iter().any(|it| it.1 == at) { String::new() } else { heads[at].clone() })
        .collect();
    let rest: Vec<Wanted> = wanted.iter().filter(|want| !chosen.iter().any(|it| it.0 == want.field)).copied().collect();
    let mut columns = columns_at(&free, &rest, line)?;
    columns.places.extend(chosen);
    Ok(columns)
}

/// How many of the wanted fields a row would give as heads.
pub(crate) fn matches(cells: &[String], wanted: &[Wanted]) -> usize {
    let known = known(cells);
    wanted.iter().filter(|want| !find(&known, want).is_empty()).count()
}

/// Each head in full and without its note.
fn known(heads: &[String]) -> Vec<(String, String)> {
    let both = |head: &String| {
        let full = plain(head);
        let short = without_note(&full).to_owned();
        (full, short)
    };
    heads.iter().map(both).collect()
}

/// The columns that fit best; more than one when it is unclear.
fn find(known: &[(String, String)], want: &Wanted) -> Vec<usize> {
    let accepted: Vec<String> = want.heads.iter().map(|head| plain(head)).collect();
    for full in [true, false] {
        for head in accepted.iter().filter(|head| !head.is_empty()) {
            let fits = |known: &(String, String)| *head == if full { &*known.0 } else { &*known.1 };
            let found: Vec<usize> =
                known.iter().enumerate().filter(|(_, known)| fits(known)).map(|(at, _)| at).collect();
            if !found.is_empty() {
                return found;
            }
        }
    }
    Vec::new()
}

/// Half-width, lower case, without spaces, marks of required fields and colons.
fn plain(head: &str) -> String {
    let narrow = head.chars().map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        other => other,
    });
    let invisible = |c: &char| {
        c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
    };
    let text: String = narrow.filter(|c| !invisible(c)).flat_map(char::to_lowercase).collect();
    text.trim_matches(['*', '※', '★', ':', '"', '\'']).to_owned()
}

/// Without notes in brackets before and after, unless nothing else is there.
fn without_note(head: &str) -> &str {
    let mut text = head;
    for (left, right) in [('(', ')'), ('[', ']')] {
        if let Some((before, _)) = text.strip_suffix(right).and_then(|inner| inner.split_once(left)) {
            text = before;
        }
        if let Some((_, after)) = text.strip_prefix(left).and_then(|inner| inner.split_once(right)) {
            text = after;
        }
    }
    let text = text.trim_matches(['*', '※', '★', ':']);
    if text.is_empty() { head } else { text }
}
