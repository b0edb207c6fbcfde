//! Stops a packed workbook that would grow beyond all bounds, before anybody unpacks it.

use flate2::{Decompress, FlushDecompress, Status};

use crate::{Error, Limit, MAX_CELLS, MAX_UNPACKED_BYTES};

const LOCAL: &[u8] = b"PK\x03\x04";
/// The one number of a workbook for which the Excel reader sets memory aside unchecked.
const COUNT: &[u8] = b"uniqueCount";

/// Unpacks and counts every part that *any* reading of the file could find: a part starts with a
/// local header, whatever the directory at the end says of its place and size.
pub fn check(book: &[u8]) -> Result<(), Error> {
    check_within(book, MAX_UNPACKED_BYTES)
}

fn check_within(book: &[u8], limit: u64) -> Result<(), Error> {
    let mut left = limit;
    let mut stored = Counts::default();
    stored.feed(book)?;
    let mut from = 0;
    while let Some(at) = find(book.get(from..).unwrap_or_default(), LOCAL) {
        let start = from + at;
        from = start + LOCAL.len();
        if let Some(content) = content(book, start) {
            let used = count(content, left)?;
            left = left.saturating_sub(used);
            if left == 0 {
                return Err(Error::TooLarge { limit: Limit::Megabytes(limit >> 20), line: None });
            }
        }
    }
    Ok(())
}

/// What follows a local header, unless it is stored unpacked.
fn content(book: &[u8], start: usize) -> Option<&[u8]> {
    let short = |at: usize| Some(u16::from_le_bytes([*book.get(start + at)?, *book.get(start + at + 1)?]));
    let begins = start + 30 + usize::from(short(26)?) + usize::from(short(28)?);
    book.get(begins..)
}

fn count(packed: &[u8], limit: u64) -> Result<u64, Error> {
    let mut inflate = Decompress::new(false);
    let mut out = vec![0; 64 << 10];
    let mut counts = Counts::default();
    loop {
        let (before_in, before_out) = (inflate.total_in(), inflate.total_out());
        let input = usize::try_from(before_in).ok().and_then(|at| packed.get(at..)).unwrap_or_default();
        let status = inflate.decompress(input, &mut out, FlushDecompress::None);
        let got = usize::try_from(inflate.total_out() - before_out).unwrap_or(0);
        let fresh = out.get(..got).unwrap_or_default();
        if before_out == 0 && is_utf16(fresh) {
            return Err(Error::Book { line: None, detail: "a part in UTF-16".into() });
        }
        counts.feed(fresh)?;
        let stuck = inflate.total_in() == before_in && got == 0;
        if inflate.total_out() > limit {
            return Ok(limit);
        }
        if stuck || !matches!(status, Ok(Status::Ok | Status::BufError)) {
            return Ok(inflate.total_out());
        }
    }
}

/// A part so written would hide its numbers from [`Counts`]; no office program does it.
fn is_utf16(start: &[u8]) -> bool {
    matches!(start, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'<', 0, ..] | [0, b'<', ..])
}

/// Looks at each `uniqueCount="…"` of a stream of pieces.
#[derive(Default)]
struct Counts {
    tail: Vec<u8>,
}

impl Counts {
    fn feed(&mut self, piece: &[u8]) -> Result<(), Error> {
        const REACH: usize = 128;
        let mut joint = std::mem::take(&mut self.tail);
        joint.extend_from_slice(piece.get(..piece.len().min(REACH)).unwrap_or_default());
        for bytes in [joint.as_slice(), piece] {
            let mut from = 0;
            while let Some(at) = find(bytes.get(from..).unwrap_or_default(), COUNT) {
                from += at + COUNT.len();
                let value = bytes.get(from..).unwrap_or_default().iter().take(REACH);
                let digits: Vec<u8> = value
                    .skip_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b'=' | b'"' | b'\'' | b'+'))
                    .take_while(|b| b.is_ascii_digit())
                    .copied()
                    .collect();
                let significant = digits.iter().skip_while(|&&b| b == b'0').count();
                let number = String::from_utf8_lossy(&digits).parse::<usize>().unwrap_or(usize::MAX);
                if significant > 0 && number > MAX_CELLS {
                    return Err(Error::TooLarge { limit: Limit::Cells(MAX_CELLS), line: None });
                }
            }
        }
        let last = if piece.len() >= REACH { piece } else { joint.as_slice() };
        self.tail = last.get(last.len().saturating_sub(REACH)..).unwrap_or_default().to_vec();
        Ok(())
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|&b| b == first)?;
        if bytes.get(at..)?.starts_with(what) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn part(content: &[u8]) -> Vec<u8> {
        let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(content).unwrap();
        let mut part = [LOCAL, &[0; 22], &[3, 0, 2, 0], b"abc??"].concat();
        part.extend(packed.finish().unwrap());
        part
    }

    #[test]
    fn parts_count_whatever_the_directory_says() {
        let small = part(&[b' '; 1 << 20]);
        assert!(small.len() < 2_000);
        assert!(check_within(&small, 2 << 20).is_ok());
        let twice = [small.as_slice(), b"PK\x03\x04rubbish", &small, b"PK\x03\x04"].concat();
        assert!(matches!(check_within(&twice, 2 << 20), Err(Error::TooLarge { .. })));
        assert!(matches!(check_within(&small, 1 << 19), Err(Error::TooLarge { .. })));
        let sst = br#"<sst uniqueCount="9000000000000000000"/>"#;
        assert!(matches!(check(&part(sst)), Err(Error::TooLarge { .. })));
        assert!(matches!(check(sst), Err(Error::TooLarge { .. })));
        let hidden: Vec<u8> = "\u{feff}<sst/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(matches!(check(&part(&hidden)), Err(Error::Book { .. })));
    }

    #[test]
    fn a_count_cut_in_two_pieces_is_still_seen() {
        let text = br#"<sst count="1" uniqueCount = "99999999999999999999999">"#;
        for cut in 0..text.len() {
            let mut counts = Counts::default();
            let (a, b) = text.split_at(cut);
            assert!(counts.feed(a).and_then(|()| counts.feed(b)).is_err(), "{cut}");
        }
        assert!(Counts::default().feed(br#"<sst uniqueCount="123">"#).is_ok());
    }
}
