//! Old workbooks, good and hostile, and cells far away.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use rust_xlsxwriter::{Workbook, Worksheet};
use sheet::{Error, Row, Table, from_bytes};

fn one(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

fn table(bytes: Vec<u8>) -> Table {
    from_bytes("表.xlsx", bytes).unwrap().table().unwrap()
}

fn texts(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, cell) in (0..).zip(cells) {
        sheet.write_string(row, column, *cell).unwrap();
    }
}

/// One BIFF record of 16-bit words.
fn record(kind: u16, words: &[u16]) -> Vec<u8> {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    [&kind.to_le_bytes()[..], &(bytes.len() as u16).to_le_bytes(), &bytes].concat()
}

fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut content: Vec<u8> =
        [row, column, 0, (units.len() / 2) as u16].into_iter().flat_map(u16::to_le_bytes).collect();
    content.push(1);
    content.extend(units);
    [&0x0204_u16.to_le_bytes()[..], &(content.len() as u16).to_le_bytes(), &content].concat()
}

/// A workbook stream with one sheet of these records.
fn biff(dimensions: &[u16], cells: &[Vec<u8>]) -> Vec<u8> {
    let bof = |kind| record(0x0809, &[0x0600, kind, 0, 0, 0, 0, 0, 0]);
    let mut globals = [bof(5), record(0x42, &[1200])].concat();
    let start = (globals.len() + 4 + 10 + 4) as u32;
    globals.extend([0x85, 0, 10, 0]);
    globals.extend(start.to_le_bytes());
    globals.extend([0, 0, 1, 1, b'S', 0]);
    globals.extend(record(0x0A, &[]));
    [globals, bof(0x10), record(0x0200, dimensions), cells.concat(), record(0x0A, &[])].concat()
}

/// The smallest compound file that holds a stream under the name: allocation, directory, stream.
fn ole(name: &str, mut stream: Vec<u8>) -> Vec<u8> {
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let sectors = stream.len() / 512;
    let mut head = vec![0_u8; 512];
    let mut put = |at: usize, bytes: &[u8]| head[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    put(26, &[3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    put(44, &1_u32.to_le_bytes());
    put(48, &1_u32.to_le_bytes());
    put(60, &0xFFFF_FFFE_u32.to_le_bytes());
    put(68, &0xFFFF_FFFE_u32.to_le_bytes());
    put(76, &0_u32.to_le_bytes());
    put(80, &[0xFF; 432]);
    let mut fat = vec![0xFFFF_FFFD_u32, 0xFFFF_FFFE];
    fat.extend((3..2 + sectors as u32).chain([0xFFFF_FFFE]));
    fat.resize(128, 0xFFFF_FFFF);
    let entry = |name: &str, kind: u8, start: u32, len: u32| {
        let mut entry = [0_u8; 128];
        for (at, unit) in name.encode_utf16().enumerate() {
            entry[at * 2..at * 2 + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[66] = kind;
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&len.to_le_bytes());
        entry
    };
    let fat: Vec<u8> = fat.into_iter().flat_map(u32::to_le_bytes).collect();
    let directory =
        [entry("Root Entry", 5, 0xFFFF_FFFE, 0), entry(name, 2, 2, stream.len() as u32), [0; 128], [0; 128]].concat();
    [head, fat, directory, stream].concat()
}

fn refused(file: Vec<u8>) -> Error {
    from_bytes("x.xls", file).unwrap_err()
}

#[test]
fn an_old_workbook_is_read() {
    let number = |row, column, n: f64| {
        let bytes: Vec<u16> = n.to_le_bytes().chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        record(0x0203, &[&[row, column, 0], &bytes[..]].concat())
    };
    let cells = [label(2, 1, "标题"), label(2, 2, "数"), label(4, 1, "路灯𠮷"), number(4, 2, 42.0)];
    let reader = from_bytes("", ole("Workbook", biff(&[2, 0, 5, 0, 1, 3, 0], &cells))).unwrap();
    assert_eq!((reader.heads(), reader.sheet()), (&[String::new(), "标题".into(), "数".into()][..], Some("S")));
    let want = Row { line: 5, cells: vec![String::new(), "路灯𠮷".into(), "42".into()], problem: None };
    assert_eq!(reader.table().unwrap().rows, [want]);
}

#[test]
fn hostile_old_workbooks_are_refused_before_they_take_memory() {
    let far = [label(0, 0, "a"), label(65_535, 65_535, "b")];
    let vast = refused(ole("Workbook", biff(&[0, 0, 1, 0, 0, 1, 0], &far)));
    assert!(matches!(vast, Error::TooLarge { .. }), "{vast}");
    let claims = refused(ole("Book", biff(&[0, 0, 0xFFFF, 0xFFFF, 0, 0xFFFF, 0], &[])));
    assert!(matches!(claims, Error::Book { .. }), "{claims}");
    let mut circle = ole("Workbook", biff(&[0, 0, 1, 0, 0, 1, 0], &[label(0, 0, "a")]));
    circle[512 + 4..512 + 8].copy_from_slice(&1_u32.to_le_bytes());
    assert!(matches!(refused(circle), Error::Book { .. }));
    assert!(matches!(refused(ole("EncryptedPackage", vec![0; 5000])), Error::Password));
    let word = refused(ole("WordDocument", vec![0; 5000]));
    assert!(matches!(word, Error::NotATable { .. }), "{word}");
    let whole = ole("Workbook", biff(&[0, 0, 1, 0, 0, 1, 0], &[label(0, 0, "a")]));
    for end in 4..whole.len() - 4096 {
        assert!(from_bytes("", whole[..end].to_vec()).is_err());
    }
}

#[test]
fn far_away_cells_cost_nothing_and_too_far_ones_are_named() {
    let bytes = one(|sheet| {
        texts(sheet, 0, &["a", "b"]);
        sheet.write_string(1_048_575, 1, "末").unwrap();
    });
    assert_eq!(table(bytes).rows, [Row { line: 1_048_576, cells: vec![String::new(), "末".into()], problem: None }]);
    let wide = one(|sheet| {
        texts(sheet, 0, &["a", "b"]);
        sheet.write_string(6, 16_383, "远").unwrap();
    });
    let error = from_bytes("", wide).unwrap_err();
    assert!(matches!(error, Error::TooLarge { line: Some(7), .. }), "{error}");
}
