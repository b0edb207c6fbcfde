//! Looks through an old .xls before it is parsed: chains that run in circles and sheets that claim boundless sizes.

use encoding_rs::UTF_16LE;

use crate::{Error, Limit, MAX_CELLS};

const RESERVED: u32 = 0xFFFF_FFFA;
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
/// Most sheets of a workbook.
const SHEETS: usize = 256;
/// Rows times columns of an .xls sheet; a sheet formatted as a whole claims just so many.
const SHEET_CELLS: u64 = 65_536 * 256;

fn damaged(detail: &str) -> Error {
    Error::Book { line: None, detail: detail.to_owned() }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16_at(bytes, at)?) | u32::from(u16_at(bytes, at + 2)?) << 16)
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word)).collect()
}

/// Follows a chain of sectors; never longer than there are sectors.
fn chain(start: u32, table: &[u32], sector: impl Fn(u32) -> Option<Vec<u8>>, len: u64) -> Result<Vec<u8>, Error> {
    let (mut content, mut next) = (Vec::new(), start);
    for _ in 0..=table.len() {
        if next == END_OF_CHAIN || content.len() as u64 >= len {
            content.truncate(usize::try_from(len).unwrap_or(usize::MAX));
            return Ok(content);
        }
        content.extend(sector(next).ok_or_else(|| damaged("a sector beyond the end"))?);
        next = table.get(next as usize).copied().unwrap_or(END_OF_CHAIN);
    }
    Err(damaged("a chain of sectors runs in a circle"))
}

/// Refuses what would make the parser ask for endless memory or time.
pub fn check(file: &[u8]) -> Result<(), Error> {
    for stream in streams(file)? {
        biff(&stream)?;
    }
    Ok(())
}

/// The streams that may be taken for the workbook.
fn streams(file: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let head = |at| u32_at(file, at).ok_or_else(|| damaged("too short"));
    let size = match u16_at(file, 30) {
        Some(9) => 512_usize,
        Some(12) => 4096,
        _ => return Err(damaged("unknown sector size")),
    };
    let sector = |id: u32| -> Option<Vec<u8>> {
        let start = (id as usize).checked_add(1)?.checked_mul(size)?;
        let rest = file.get(start..).filter(|rest| !rest.is_empty())?;
        Some(rest.get(..size).unwrap_or(rest).to_vec())
    };
    let count = file.len() / size + 1;
    let mut places = words(file.get(76..512).unwrap_or_default());
    let mut next = head(68)?;
    for _ in 0..=count {
        if next >= RESERVED {
            break;
        }
        places.extend(words(&sector(next).ok_or_else(|| damaged("a sector beyond the end"))?));
        next = places.pop().unwrap_or(END_OF_CHAIN);
    }
    let mut table = Vec::new();
    for place in places.into_iter().filter(|&place| place < RESERVED) {
        table.extend(words(&sector(place).unwrap_or_default()));
        if table.len() > count + size {
            break;
        }
    }
    let directory = chain(head(48)?, &table, sector, u64::MAX)?;
    let entries: Vec<(String, u32, u64)> =
        directory.as_chunks::<128>().0.iter().map(|entry| entry_of(entry, size)).collect();
    if entries.iter().any(|(name, ..)| name.eq_ignore_ascii_case("EncryptedPackage")) {
        return Err(Error::Password);
    }
    let Some(&(_, root, root_len)) = entries.first() else {
        return Err(damaged("an empty directory"));
    };
    let (mut mini, mut mini_table) = (Vec::new(), Vec::new());
    if head(64)? > 0 {
        mini = chain(root, &table, sector, root_len)?;
        mini_table = words(&chain(head(60)?, &table, sector, u64::from(head(64)?) * size as u64)?);
    }
    let mini_sector =
        |id: u32| mini.get((id as usize).checked_mul(64)?..).map(|rest| rest.get(..64).unwrap_or(rest).to_vec());
    let books =
        entries.iter().filter(|(name, ..)| name.eq_ignore_ascii_case("Workbook") || name.eq_ignore_ascii_case("Book"));
    let found: Vec<Vec<u8>> =
        books
            .map(|&(_, start, len)| {
                if len < 4096 { chain(start, &mini_table, mini_sector, len) } else { chain(start, &table, sector, len) }
            })
            .collect::<Result<_, _>>()?;
    if found.is_empty() {
        return Err(Error::NotATable {
            zh: "这是旧式 Office 文件，但不是 Excel 工作簿",
            en: "an old Office file, but not an Excel workbook",
        });
    }
    Ok(found)
}

fn entry_of(entry: &[u8; 128], size: usize) -> (String, u32, u64) {
    let (name, ..) = UTF_16LE.decode(entry.get(..64).unwrap_or_default());
    let name = name.split('\0').next().unwrap_or_default().to_owned();
    let low = u64::from(u32_at(entry, 120).unwrap_or(0));
    let high = if size == 512 { 0 } else { u64::from(u32_at(entry, 124).unwrap_or(0)) };
    (name, u32_at(entry, 116).unwrap_or(END_OF_CHAIN), low | high << 32)
}

/// The records of a stream: kind and content.
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = 0_usize;
    std::iter::from_fn(move || {
        let (kind, len) = (u16_at(stream, at)?, usize::from(u16_at(stream, at + 2)?));
        let content = stream.get(at + 4..at + 4 + len)?;
        at += 4 + len;
        Some((kind, content))
    })
}

fn biff(stream: &[u8]) -> Result<(), Error> {
    let globals = records(stream).take_while(|&(kind, _)| kind != 0x0A);
    let sheets: Vec<usize> =
        globals.filter(|&(kind, _)| kind == 0x85).filter_map(|(_, c)| u32_at(c, 0)).map(|at| at as usize).collect();
    if sheets.len() > SHEETS {
        return Err(damaged("too many sheets"));
    }
    let mut all = 0;
    for start in sheets {
        all += sheet(stream.get(start..).unwrap_or_default())?;
        if all > MAX_CELLS as u64 {
            return Err(Error::TooLarge { limit: Limit::Cells(MAX_CELLS), line: None });
        }
    }
    Ok(())
}

/// The area over which a sheet's cells are spread.
fn sheet(stream: &[u8]) -> Result<u64, Error> {
    let (mut depth, mut area) = (0_u32, None::<(u64, u64, u64, u64)>);
    for (kind, content) in records(stream) {
        match kind {
            0x0809 => depth += 1,
            0x0A if depth <= 1 => break,
            0x0A => depth -= 1,
            0x0200 => dimensions(content)?,
            0x06 | 0xBD | 0xD6 | 0xFD | 0x0203 | 0x0204 | 0x0205 | 0x027E => {
                let (Some(row), Some(column)) = (u16_at(content, 0), u16_at(content, 2)) else {
                    continue;
                };
                let (row, left) = (u64::from(row), u64::from(column));
                let right = if kind == 0xBD { left + content.len() as u64 / 6 } else { left };
                let (top, bottom, first, last) = area.unwrap_or((row, row, left, right));
                area = Some((top.min(row), bottom.max(row), first.min(left), last.max(right)));
            }
            _ => {}
        }
    }
    Ok(area.map_or(0, |(top, bottom, first, last)| (bottom - top + 1) * (last - first + 1)))
}

fn dimensions(content: &[u8]) -> Result<(), Error> {
    let short = |at| u16_at(content, at).map(u64::from);
    let long = |at| u32_at(content, at).map(u64::from);
    let bounds = if content.len() < 14 { (short(0), short(2), short(6)) } else { (long(0), long(4), short(10)) };
    let (Some(top), Some(bottom), Some(right)) = bounds else {
        return Err(damaged("sheet bounds cut short"));
    };
    if top > bottom || (bottom - top) * right > SHEET_CELLS {
        return Err(damaged("sheet bounds that make no sense"));
    }
    Ok(())
}
