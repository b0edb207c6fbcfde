//! The growing rows of the form: their names, one more, one less, another order.
//!
//! Names are the paths by which faults are told: `lines.2.from`, `stages.0.needs.1.posts`.

use crate::ui::field::Typed;

/// More rows than these are no plan of one site.
pub const MOST: usize = 300;

pub fn line(at: usize, field: &str) -> String {
    format!("lines.{at}.{field}")
}

pub fn stage(at: usize, field: &str) -> String {
    format!("stages.{at}.{field}")
}

pub fn needs(stage: usize) -> String {
    format!("stages.{stage}.needs")
}

pub fn need(stage: usize, at: usize, field: &str) -> String {
    format!("stages.{stage}.needs.{at}.{field}")
}

/// The number that follows `list.` in a name, and what comes after it.
fn place<'n>(name: &'n str, list: &str) -> Option<(usize, &'n str)> {
    let (number, rest) = name.strip_prefix(list)?.strip_prefix('.')?.split_once('.')?;
    Some((number.parse().ok()?, rest))
}

/// How many rows stand in the form.
pub fn count(typed: &Typed, list: &str) -> usize {
    let numbers = typed.0.iter().filter_map(|(name, _)| Some(place(name, list)?.0));
    numbers.max().map_or(0, |it| it.saturating_add(1)).min(MOST)
}

/// The same fields with the rows of a list numbered anew; a row without a new number is left out.
fn numbered(typed: &Typed, list: &str, new: impl Fn(usize) -> Option<usize>) -> Typed {
    let fields = typed.0.iter().filter_map(|(name, value)| {
        let Some((number, rest)) = place(name, list) else { return Some((name.clone(), value.clone())) };
        Some((format!("{list}.{}.{rest}", new(number)?), value.clone()))
    });
    Typed(fields.collect())
}

/// After a row was taken out (`drop`) or has changed places with the one above (`up`) or below it (`down`).
pub fn moved(typed: &Typed, list: &str, verb: &str, at: usize) -> Typed {
    let last = count(typed, list).saturating_sub(1);
    let swap = match verb {
        "up" if at > 0 => Some((at - 1, at)),
        "down" if at < last => Some((at, at + 1)),
        _ => None,
    };
    numbered(typed, list, |number| match (verb, swap) {
        ("drop", _) if number == at => None,
        ("drop", _) if number > at => Some(number - 1),
        (_, Some((a, b))) if number == a => Some(b),
        (_, Some((a, b))) if number == b => Some(a),
        _ => Some(number),
    })
}

/// Without the rows in which nobody wrote anything.
pub fn without_blank(typed: &Typed) -> Typed {
    let mut kept = blank_out(typed, "stages", &["name", "from", "to"]);
    for at in 0..count(&kept, "stages") {
        kept = blank_out(&kept, &needs(at), &["posts", "n", "dates"]);
    }
    blank_out(&kept, "lines", &["person", "post", "from", "to", "n", "dates"])
}

fn blank_out(typed: &Typed, list: &str, telling: &[&str]) -> Typed {
    let n = count(typed, list);
    let mut written = vec![false; n];
    for (name, value) in &typed.0 {
        if let Some((number, rest)) = place(name, list)
            && number < n
            && !value.trim().is_empty()
            && (telling.contains(&rest) || rest.starts_with("needs."))
        {
            written[number] = true;
        }
    }
    let new = |number: usize| {
        let is_kept = written.get(number).copied().unwrap_or(false);
        is_kept.then(|| written[..number].iter().filter(|it| **it).count())
    };
    numbered(typed, list, new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[(&str, &str)]) -> Typed {
        Typed(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn rows_move_with_all_that_stands_in_them() {
        let all = typed(&[
            ("stages.0.name", "主体"),
            ("stages.0.needs.0.posts", "安全员"),
            ("stages.1.name", "收尾"),
            ("lines.0.post", "施工员"),
            ("lines.1.post", "质量员"),
            ("lines.2.post", "资料员"),
        ]);
        let up = moved(&all, "stages", "up", 1);
        assert_eq!((up.get("stages.0.name"), up.get("stages.1.needs.0.posts")), ("收尾", "安全员"));
        assert_eq!(moved(&all, "lines", "down", 2).get("lines.2.post"), "资料员");
        assert_eq!(moved(&all, "lines", "down", 0).get("lines.0.post"), "质量员");
        let without = moved(&all, "lines", "drop", 1);
        assert_eq!((count(&without, "lines"), without.get("lines.1.post")), (2, "资料员"));
    }

    #[test]
    fn rows_that_say_nothing_go() {
        let all = typed(&[
            ("lines.0.person", ""),
            ("lines.0.kind", "full_time"),
            ("lines.1.person", "x"),
            ("lines.1.kind", "on_call"),
            ("stages.0.name", " "),
            ("stages.0.kind", "other"),
        ]);
        let kept = without_blank(&all);
        assert_eq!((count(&kept, "lines"), count(&kept, "stages"), kept.get("lines.0.kind")), (1, 0, "on_call"));
    }
}
