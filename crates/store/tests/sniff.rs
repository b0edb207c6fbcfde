//! What files are told to be, and what is taken out of pictures.

use proptest::prelude::*;
use store::sniff::{LARGEST, Media, Unfit, admit, clean_name, sniff};

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![0xff, marker];
    out.extend(((content.len() + 2) as u16).to_be_bytes());
    out.extend(content);
    out
}

/// With everything a telephone writes, and a second scan as in progressive pictures.
fn photo(with_secrets: bool) -> Vec<u8> {
    let secret = |marker, content: &[u8]| if with_secrets { segment(marker, content) } else { vec![] };
    let scan = |last| [segment(0xda, b"\x01\x01\0\0\x3f\0"), vec![1, 2, 0xff, 0, 3, 0xff, 0xd3, 4, last]].concat();
    let jfif = if with_secrets {
        &b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01SECRET"[..]
    } else {
        &b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0"[..]
    };
    [
        vec![0xff, 0xd8],
        segment(0xe0, jfif),
        secret(0xe1, b"Exif\0\0SECRET"),
        secret(0xe2, b"MPF\0SECRET"),
        segment(0xdb, &[1; 65]),
        secret(0xed, b"Photoshop SECRET"),
        segment(0xee, b"Adobe\0d\0\0\0\0\x01"),
        secret(0xfe, b"SECRET"),
        segment(0xc0, &[8, 0, 1, 0, 1, 1, 1, 0x11, 0]),
        scan(9),
        secret(0xe1, b"http://ns.adobe.com/xap/1.0/ SECRET"),
        segment(0xc4, &[0; 20]),
        scan(7),
        vec![0xff, 0xd9],
        if with_secrets { b"ftypSECRET".to_vec() } else { vec![] },
    ]
    .concat()
}

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32).to_be_bytes()[..], kind, content, &[0; 4]].concat()
}

fn drawing(with_secrets: bool) -> Vec<u8> {
    let secret = |kind, content: &[u8]| if with_secrets { chunk(kind, content) } else { vec![] };
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &[0; 13]),
        secret(b"tEXt", b"SECRET"),
        secret(b"zTXt", b"SECRET"),
        secret(b"iTXt", b"SECRET"),
        secret(b"eXIf", b"SECRET"),
        secret(b"tIME", b"SECRET."),
        secret(b"caBX", b"SECRET"),
        chunk(b"gAMA", &[0; 4]),
        chunk(b"IDAT", &[7; 40]),
        chunk(b"IEND", &[]),
        if with_secrets { b"SECRET".to_vec() } else { vec![] },
    ]
    .concat()
}

/// A zip without compression whose table names these files.
fn zip(names: &[&str]) -> Vec<u8> {
    let (mut out, mut table) = (Vec::new(), Vec::new());
    for name in names {
        let at = out.len() as u32;
        out.extend(b"PK\x03\x04");
        out.extend([0; 22]);
        out.extend((name.len() as u16).to_le_bytes());
        out.extend([0; 2]);
        out.extend(name.as_bytes());
        table.extend(b"PK\x01\x02");
        table.extend([0; 24]);
        table.extend((name.len() as u16).to_le_bytes());
        table.extend([0; 12]);
        table.extend(at.to_le_bytes());
        table.extend(name.as_bytes());
    }
    let (at, size) = (out.len() as u32, table.len() as u32);
    out.extend(table);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([names.len() as u16; 2].map(u16::to_le_bytes).concat());
    out.extend(size.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0; 2]);
    out
}

fn compound(streams: &[&str]) -> Vec<u8> {
    let mut out = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    out.resize(512, 0);
    for name in streams {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(128, 0);
        out.extend(entry);
    }
    out
}

const TYPES: &str = "[Content_Types].xml";

#[test]
fn kinds_are_told_by_content() {
    for (bytes, expected) in [
        (photo(true), Ok(Media::Jpeg)),
        (drawing(true), Ok(Media::Png)),
        (b"%PDF-1.7\n".to_vec(), Ok(Media::Pdf)),
        (zip(&[TYPES, "word/document.xml"]), Ok(Media::Docx)),
        (zip(&["xl/workbook.xml", TYPES]), Ok(Media::Xlsx)),
        (zip(&[TYPES, "ppt/presentation.xml"]), Ok(Media::Pptx)),
        (zip(&[TYPES, "word/document.xml", "word/vbaProject.bin"]), Err(Unfit::Macros)),
        (zip(&["word/document.xml"]), Err(Unfit::Unknown)),
        (zip(&["evil.exe"]), Err(Unfit::Unknown)),
        (b"PK\x03\x04".to_vec(), Err(Unfit::Unknown)),
        (compound(&["Root Entry", "WordDocument"]), Ok(Media::Doc)),
        (compound(&["Root Entry", "Workbook"]), Ok(Media::Xls)),
        (compound(&["Root Entry", "PowerPoint Document"]), Ok(Media::Ppt)),
        (compound(&["Root Entry", "WordDocument", "Macros"]), Err(Unfit::Macros)),
        (compound(&["Root Entry", "!_StringData"]), Err(Unfit::Unknown)),
        (b"<html><script>".to_vec(), Err(Unfit::Unknown)),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>".to_vec(), Err(Unfit::Unknown)),
        (b"GIF89a".to_vec(), Err(Unfit::Unknown)),
        (b"MZ\x90".to_vec(), Err(Unfit::Unknown)),
        (vec![], Err(Unfit::Empty)),
    ] {
        assert_eq!(sniff(&bytes), expected, "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(20)]));
    }
    assert_eq!(admit(vec![0xff; LARGEST + 1]), Err(Unfit::TooLarge { bytes: LARGEST + 1 }));
    for unfit in [
        Unfit::Empty,
        Unfit::TooLarge { bytes: LARGEST + 1 },
        Unfit::Unknown,
        Unfit::Macros,
        Unfit::Damaged(Media::Png),
    ] {
        let (code, zh, en) = unfit.say();
        assert!(code.starts_with("file-") && zh.ends_with('。') && en.ends_with('.'));
    }
}

#[test]
fn pictures_keep_the_picture_and_nothing_else() {
    assert_eq!(admit(photo(true)), Ok((Media::Jpeg, photo(false))));
    assert_eq!(admit(photo(false)), Ok((Media::Jpeg, photo(false))));
    assert_eq!(admit(drawing(true)), Ok((Media::Png, drawing(false))));
    assert_eq!(admit(drawing(false)), Ok((Media::Png, drawing(false))));
    let pdf = b"%PDF-1.7\nSECRET".to_vec();
    assert_eq!(admit(pdf.clone()), Ok((Media::Pdf, pdf)));
}

#[test]
fn pictures_that_are_cut_off_are_refused() {
    for (whole, media) in [(photo(false), Media::Jpeg), (drawing(false), Media::Png)] {
        for length in 8..whole.len() {
            assert_eq!(admit(whole[..length].to_vec()), Err(Unfit::Damaged(media)), "{length}");
        }
    }
}

#[test]
fn names_are_for_people_only() {
    for (name, expected) in [
        ("现场照片.JPG", "现场照片.JPG"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\用户\\图片\\a.jpeg", "a.jpeg"),
        ("a\0b\r\nc\u{202e}gpj.exe", "abcgpj.exe.jpg"),
        ("  . ", "附件.jpg"),
        ("", "附件.jpg"),
        (".jpg", "jpg.jpg"),
        ("what?<b>\"x\".jpg", "what__b__x_.jpg"),
        ("folder/", "folder.jpg"),
    ] {
        assert_eq!(clean_name(name, Media::Jpeg), expected, "{name:?}");
    }
    assert_eq!(clean_name("表.xlsx", Media::Jpeg), "表.xlsx.jpg");
    assert_eq!(clean_name(&"长".repeat(500), Media::Pdf).chars().count(), 124);
}

/// Bytes that begin like one of the kinds, so that the parsers behind the magic are reached.
fn near_files() -> impl Strategy<Value = Vec<u8>> {
    let starts = prop::sample::select(vec![
        vec![],
        vec![0xff, 0xd8, 0xff],
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(),
        b"PK\x03\x04".to_vec(),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(),
        photo(true),
        drawing(true),
        zip(&[TYPES, "word/document.xml"]),
        compound(&["Workbook"]),
    ]);
    (
        starts,
        prop::collection::vec(any::<u8>(), 0..300),
        prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
    )
        .prop_map(|(start, rest, flips)| {
            let mut bytes = [start, rest].concat();
            for (index, byte) in flips {
                if !bytes.is_empty() {
                    let at = index.index(bytes.len());
                    bytes[at] = byte;
                }
            }
            bytes
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_bytes_make_it_panic_and_stripping_twice_is_stripping_once(bytes in near_files()) {
        if let Ok((media, stored)) = admit(bytes.clone()) {
            prop_assert!(stored.len() <= bytes.len());
            prop_assert_eq!(admit(stored.clone()).unwrap(), (media, stored));
        }
    }

    #[test]
    fn no_name_makes_a_path(name in any::<String>()) {
        let clean = clean_name(&name, Media::Pdf);
        let bad = |c: char| c == '/' || c == '\\' || c.is_control();
        prop_assert!(!clean.contains(bad) && !clean.starts_with('.') && clean.ends_with(".pdf") | clean.to_lowercase().ends_with(".pdf"));
        prop_assert_eq!(clean_name(&clean, Media::Pdf), clean);
    }
}
