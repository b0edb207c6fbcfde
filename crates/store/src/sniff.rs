//! What a file is, by its first bytes and not by its name, and a name for it that can do no harm. Pure.

use crate::strip;

/// 20 MB: a photo of a telephone is 4, a scanned paper of forty pages 15.
pub const LARGEST: usize = 20 * 1024 * 1024;
const LONGEST_NAME: usize = 120;

/// The kinds of files that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    Jpeg,
    Png,
    Pdf,
    Docx,
    Xlsx,
    Pptx,
    Doc,
    Xls,
    Ppt,
}

impl Media {
    /// Media type and the endings that belong to it, the usual one first.
    fn words(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Media::Jpeg => ("image/jpeg", &["jpg", "jpeg"]),
            Media::Png => ("image/png", &["png"]),
            Media::Pdf => ("application/pdf", &["pdf"]),
            Media::Docx => ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
            Media::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
            Media::Pptx => ("application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"]),
            Media::Doc => ("application/msword", &["doc", "wps"]),
            Media::Xls => ("application/vnd.ms-excel", &["xls", "et"]),
            Media::Ppt => ("application/vnd.ms-powerpoint", &["ppt", "dps"]),
        }
    }

    pub fn code(self) -> &'static str {
        self.words().0
    }
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    Empty,
    TooLarge {
        bytes: usize,
    },
    Unknown,
    /// Office files with macros.
    Macros,
    Damaged(Media),
}

impl Unfit {
    /// Code for programs, sentence in Chinese and in English.
    pub fn say(self) -> (&'static str, String, String) {
        let mb = |bytes: usize| format!("{:.1}", bytes as f64 / 1_048_576.0);
        match self {
            Unfit::Empty => ("file-empty", "文件是空的，请重新选择。".into(), "The file is empty; choose it again.".into()),
            Unfit::TooLarge { bytes } => (
                "file-too-large",
                format!("文件有{}MB，超过20MB的上限；请压缩或拆分后再传。", mb(bytes)),
                format!("The file has {} MB; 20 MB is the limit. Make it smaller or split it.", mb(bytes)),
            ),
            Unfit::Unknown => (
                "file-type",
                "只接受图片（JPG、PNG）、PDF和Word、Excel、PowerPoint文件；这个文件的内容不是其中任何一种。".into(),
                "Only pictures (JPG, PNG), PDF and Word, Excel or PowerPoint files are taken; this file's content is none of them.".into(),
            ),
            Unfit::Macros => (
                "file-macros",
                "文件含有宏，请另存为不含宏的格式（.docx、.xlsx、.pptx）后再传。".into(),
                "The file holds macros; save it without them (.docx, .xlsx, .pptx) and send it again.".into(),
            ),
            Unfit::Damaged(media) => {
                let ending = media.words().1[0].to_uppercase();
                (
                    "file-damaged",
                    format!("这个{ending}文件不完整或已损坏，请重新拍摄、导出后再传。"),
                    format!("This {ending} file is cut off or damaged; take or export it again."),
                )
            }
        }
    }
}

/// What it is, and its bytes as they may be stored: pictures without place, device and all other hidden words.
pub fn admit(bytes: Vec<u8>) -> Result<(Media, Vec<u8>), Unfit> {
    if bytes.len() > LARGEST {
        return Err(Unfit::TooLarge { bytes: bytes.len() });
    }
    let media = sniff(&bytes)?;
    let stripped = match media {
        Media::Jpeg => strip::jpeg(&bytes),
        Media::Png => strip::png(&bytes),
        _ => return Ok((media, bytes)),
    };
    Ok((media, stripped.ok_or(Unfit::Damaged(media))?))
}

pub fn sniff(bytes: &[u8]) -> Result<Media, Unfit> {
    match bytes {
        [] => Err(Unfit::Empty),
        [0xff, 0xd8, 0xff, ..] => Ok(Media::Jpeg),
        _ if bytes.starts_with(b"\x89PNG\r\n\x1a\n") => Ok(Media::Png),
        _ if bytes.starts_with(b"%PDF-") => Ok(Media::Pdf),
        _ if bytes.starts_with(b"PK\x03\x04") => office(bytes),
        _ if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") => old_office(bytes),
        _ => Err(Unfit::Unknown),
    }
}

/// A zip with a table of contents of office parts.
fn office(zip: &[u8]) -> Result<Media, Unfit> {
    let names = zip_names(zip).ok_or(Unfit::Unknown)?;
    let has = |name: &str| names.iter().any(|it| it.eq_ignore_ascii_case(name.as_bytes()));
    if !has("[Content_Types].xml") {
        return Err(Unfit::Unknown);
    }
    if names.iter().any(|it| it.to_ascii_lowercase().ends_with(b"vbaproject.bin")) {
        return Err(Unfit::Macros);
    }
    let parts =
        [("word/document.xml", Media::Docx), ("xl/workbook.xml", Media::Xlsx), ("ppt/presentation.xml", Media::Pptx)];
    parts.into_iter().find(|(name, _)| has(name)).map(|(_, media)| media).ok_or(Unfit::Unknown)
}

/// Names in the central directory, at most 65,535: only what a reader would see counts.
fn zip_names(zip: &[u8]) -> Option<Vec<&[u8]>> {
    let tail = zip.len().saturating_sub(65_557);
    let end = zip.get(tail..)?.windows(4).rposition(|it| it == b"PK\x05\x06")? + tail;
    let short = |at: usize| Some(u16::from_le_bytes(zip.get(at..at.checked_add(2)?)?.try_into().ok()?) as usize);
    let count = short(end + 10)?;
    let mut at = u32::from_le_bytes(zip.get(end + 16..end + 20)?.try_into().ok()?) as usize;
    let mut names = Vec::new();
    for _ in 0..count {
        if zip.get(at..at.checked_add(4)?)? != b"PK\x01\x02" {
            return None;
        }
        let length = short(at + 28)?;
        names.push(zip.get(at + 46..at + 46 + length)?);
        at += 46 + length + short(at + 30)? + short(at + 32)?;
    }
    Some(names)
}

/// An old office file names its stream in its directory, in UTF-16; other things in that shape (installers) do not.
fn old_office(bytes: &[u8]) -> Result<Media, Unfit> {
    let streams = [
        ("WordDocument", Media::Doc),
        ("Workbook", Media::Xls),
        ("Book", Media::Xls),
        ("PowerPoint Document", Media::Ppt),
    ];
    // A directory entry has 128 bytes and lies at a multiple of them.
    let entries = || bytes.chunks_exact(128);
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        entries().any(|it| it.starts_with(&name))
    };
    if ["_VBA_PROJECT_CUR", "Macros"].into_iter().any(has) {
        return Err(Unfit::Macros);
    }
    streams.into_iter().find(|(name, _)| has(name)).map(|(_, media)| media).ok_or(Unfit::Unknown)
}

/// A name to show and to offer for saving: no folders, no control or direction characters, an ending that is true.
/// Never used as a path.
pub fn clean_name(name: &str, media: Media) -> String {
    let last = name.rsplit(['/', '\\']).find(|it| !it.trim().is_empty()).unwrap_or_default();
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let clean: String =
        last.chars().filter(|it| !hidden(*it)).map(|it| if "<>:\"|?*".contains(it) { '_' } else { it }).collect();
    let clean = clean.trim_matches(|c: char| c.is_whitespace() || c == '.');
    let endings = media.words().1;
    let (stem, ending) = match clean.rsplit_once('.') {
        Some((stem, ending)) if endings.iter().any(|it| it.eq_ignore_ascii_case(ending)) => (stem, ending),
        _ => (clean, endings[0]),
    };
    let stem: String = stem.chars().take(LONGEST_NAME).collect();
    let stem = stem.trim_matches(|c: char| c.is_whitespace() || c == '.');
    format!("{}.{ending}", if stem.is_empty() { "附件" } else { stem })
}
