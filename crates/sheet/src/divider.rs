//! Which character divides the cells of a text file.

/// What divides the cells, told from the first lines; `tsv` when the name says so.
pub fn divider(sample: &str, tsv: bool) -> u8 {
    let (mut lines, mut with) = (0_usize, [0_usize; 3]);
    let (mut seen, mut filled, mut quoted) = ([false; 3], false, false);
    let mut before = '\n';
    let mut chars = sample.chars().chain(['\n']).peekable();
    while let Some(c) = chars.next() {
        let edge = |c: char| matches!(c, ',' | '\n' | '\r');
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\n' | '\r' => {
                lines += usize::from(filled);
                for (count, seen) in with.iter_mut().zip(seen) {
                    *count += usize::from(seen);
                }
                (seen, filled) = ([false; 3], false);
            }
            ',' => seen[0] = true,
            ';' => seen[2] = true,
            // A tab at the edge of a comma's cell guards a long number or a formula.
            '\t' => seen[1] |= !edge(before) && !chars.peek().copied().is_some_and(edge),
            _ => {}
        }
        filled |= !c.is_whitespace();
        before = c;
    }
    let [commas, tabs, semicolons] = with.map(|count| count > 0 && count * 2 >= lines);
    match (commas, tabs, semicolons) {
        (_, true, _) => b'\t',
        (false, false, _) if tsv => b'\t',
        (false, false, true) => b';',
        _ => b',',
    }
}
