//! Opens a file or bytes as a table, telling the format by content.

use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::Path;

use encoding_rs::Encoding;
use flate2::read::MultiGzDecoder;

use crate::divider::divider;
use crate::records::Records;
use crate::text::{Text, check, detect};
use crate::{Error, MAX_TEXT_BYTES, Reader, book};

const SAMPLE: usize = 64 << 10;

/// Bytes that can be read again from the start.
trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// Opens .csv, .csv.gz, .tsv, .xlsx or .xls and reads it to its end once, so that damage anywhere
/// is known before the first row is used. Text files are then streamed, workbooks are in memory.
///
/// # Errors
/// Any [`Error`]; nothing of such a file is to be used.
pub fn open(path: &Path) -> Result<Reader, Error> {
    let file = File::open(path).map_err(Error::Io)?;
    let meta = file.metadata().map_err(Error::Io)?;
    if meta.is_dir() {
        return Err(Error::NotATable { zh: "这是一个文件夹", en: "a folder" });
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    source(&name, Box::new(file), meta.len())
}

/// The same for bytes in memory; of the name only a `.tsv` at its end is looked at.
///
/// # Errors
/// Any [`Error`]; nothing of such a file is to be used.
pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Reader, Error> {
    let len = bytes.len() as u64;
    source(name, Box::new(Cursor::new(bytes)), len)
}

fn source(name: &str, mut raw: Box<dyn Source>, len: u64) -> Result<Reader, Error> {
    let start = start(&mut raw)?;
    match start.as_slice() {
        [b'P', b'K', 3 | 5, 4 | 6, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            book::check_size(len)?;
            let mut bytes = Vec::new();
            raw.read_to_end(&mut bytes).map_err(Error::Io)?;
            let book = if start.first() == Some(&b'P') { book::xlsx(bytes)? } else { book::xls(bytes)? };
            let sheet = book.sheet.clone();
            Reader::new(Box::new(book.rows().map(Ok)), Some(sheet))
        }
        [0x1F, 0x8B, ..] => text(name, raw, true),
        _ => text(name, raw, false),
    }
}

/// The first bytes; the source stands at its start again.
fn start(raw: &mut dyn Source) -> Result<Vec<u8>, Error> {
    let mut start = Vec::new();
    raw.take(1024).read_to_end(&mut start).map_err(Error::Io)?;
    raw.rewind().map_err(Error::Io)?;
    Ok(start)
}

fn stream<'a>(mut raw: impl Source + 'a, packed: bool) -> Result<Box<dyn Read + Send + 'a>, Error> {
    raw.rewind().map_err(Error::Io)?;
    // Decoded text is at least half as long: the limit is noticed, never passed far.
    Ok(if packed { Box::new(MultiGzDecoder::new(raw).take(MAX_TEXT_BYTES * 2 + 16)) } else { Box::new(raw) })
}

fn text(name: &str, mut raw: Box<dyn Source>, packed: bool) -> Result<Reader, Error> {
    let mut start = Vec::new();
    let unpacked = stream(&mut raw, packed)?.take(1024).read_to_end(&mut start);
    unpacked.map_err(|cause| if packed { Error::Packed { line: 1 } } else { Error::Io(cause) })?;
    refuse(&start)?;
    let encoding = detect(&start, packed, |encoding| Ok(check(stream(&mut raw, packed)?, encoding)))?;
    let divider = divider(&sample(stream(&mut raw, packed)?, encoding), is_tsv(name));
    for record in Records::new(stream(&mut raw, packed)?, encoding, divider, packed) {
        record?;
    }
    let rows = Records::new(stream(raw, packed)?, encoding, divider, packed);
    Reader::new(Box::new(rows), None)
}

fn is_tsv(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.ends_with(".tsv") || name.ends_with(".tab")
}

fn sample(raw: impl Read, encoding: &'static Encoding) -> String {
    let (mut text, mut piece, mut sample) = (Text::new(raw, encoding), String::new(), String::new());
    while sample.len() < SAMPLE && matches!(text.next(&mut piece), Ok(true)) {
        sample.push_str(&piece);
    }
    sample
}

/// Names what is surely no table of ours, above all web pages under the name .xls.
fn refuse(start: &[u8]) -> Result<(), Error> {
    let no = |zh, en| Err(Error::NotATable { zh, en });
    let head =
        String::from_utf8_lossy(start).trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).to_ascii_lowercase();
    match start {
        [b'P', b'K', 3, 4, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            no("工作簿被再次压缩，请先解压", "a packed workbook; unpack it first")
        }
        [0x1F, 0x8B, ..] => no("文件被压缩了两次，请先解压", "packed twice; unpack it first"),
        [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xBC, 0xAF, ..] => {
            no("这是压缩包，请先解压", "an archive; unpack it first")
        }
        [b'%', b'P', b'D', b'F', ..] => no("这是 PDF 文件", "a PDF"),
        [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] => no("这是图片", "a picture"),
        _ if ["<html", "<!doctype", "<table", "<meta", "<head", "<?xml"].iter().any(|tag| head.starts_with(tag)) => {
            no("这是以表格名义保存的网页或 XML", "a web page or XML under the name of a table")
        }
        _ => Ok(()),
    }
}
