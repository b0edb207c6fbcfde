//! The guard tab that keeps a spreadsheet program from taking text for a formula.

use std::borrow::Cow;

fn risky(first: u8) -> bool {
    matches!(first, b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r')
}

/// Puts one tab before text that a spreadsheet program might run.
pub fn guard(text: &str) -> Cow<'_, str> {
    match text.as_bytes().first() {
        Some(&first) if risky(first) => Cow::Owned(format!("\t{text}")),
        _ => Cow::Borrowed(text),
    }
}

/// Takes one guard tab off; a tab before harmless text is the text's own and stays.
pub fn unguard(mut text: String) -> String {
    if let [b'\t', second, ..] = text.as_bytes()
        && risky(*second)
    {
        text.remove(0);
    }
    text
}
