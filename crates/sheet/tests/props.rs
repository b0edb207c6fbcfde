//! What holds for any text and any bytes.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use proptest::collection::vec;
use proptest::prelude::*;
use sheet::{Kind, Table, Writer, from_bytes};

/// Text with what is dangerous in tables more often than chance would bring it.
fn cell() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        "[ -~]{0,6}",
        "[一-龥]{0,4}",
        prop::sample::select(vec![
            "\t", "=", "+", "-", "@", "\r", "\n", "\r\n", "\"", "\"\"", ",", ";", "\u{feff}", "\u{3000}", "\u{a0}",
            " ", "𠮷", "㐀", "_x000D_", "_x005F_", "&amp;", "<t>", "]]>", "\0", "\u{1b}", "\u{7f}", "\u{85}",
            "\u{fffe}", "\u{ffff}", "\u{2028}",
        ])
        .prop_map(str::to_owned),
    ];
    vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// Heads are never blank, and in no row are all cells blank: those are what readings skip.
fn content() -> impl Strategy<Value = (Vec<String>, Vec<Vec<String>>)> {
    let mark = |cells: Vec<String>| -> Vec<String> { cells.into_iter().map(|cell| cell + "x").collect() };
    (1_usize..5).prop_flat_map(move |width| {
        let row = vec(cell(), width).prop_map(|mut cells| {
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                cells[0].push('x');
            }
            cells
        });
        (vec(cell(), width).prop_map(mark), vec(row, 0..25))
    })
}

fn write(kind: Kind, heads: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = Writer::in_memory(kind, heads).unwrap();
    for row in rows {
        writer.row(row).unwrap();
    }
    writer.finish().unwrap()
}

fn read(bytes: Vec<u8>) -> (Vec<String>, Vec<Vec<String>>) {
    let Table { heads, rows } = from_bytes("t", bytes).unwrap().table().unwrap();
    assert!(rows.iter().all(|row| row.problem.is_none()));
    (heads, rows.into_iter().map(|row| row.cells).collect())
}

fn guarded(cell: &str) -> bool {
    !cell.starts_with(['=', '+', '-', '@', '\r']) && (!cell.starts_with('\t') || cell.len() > 1)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn csv_written_and_read_is_equal((heads, rows) in content()) {
        let bytes = write(Kind::Csv, &heads, &rows);
        // Another reader finds the same records, every dangerous cell guarded.
        let mut other = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        let records: Vec<csv::StringRecord> = other.records().collect::<Result<_, _>>().unwrap();
        prop_assert_eq!(records.len(), rows.len() + 1);
        for (record, cells) in records.iter().zip([&heads].into_iter().chain(&rows)) {
            for (got, cell) in record.iter().zip(cells) {
                prop_assert!(guarded(got) && got.ends_with(cell.as_str()) && got.len() <= cell.len() + 1);
            }
        }
        prop_assert_eq!(read(bytes), (heads, rows));
    }

    /// A workbook carries every character there is: control characters travel as `_xHHHH_`.
    #[test]
    fn xlsx_written_and_read_is_equal((heads, rows) in content()) {
        prop_assert_eq!(read(write(Kind::Xlsx, &heads, &rows)), (heads, rows));
    }

    #[test]
    fn any_bytes_give_a_table_or_an_error(start in prop::sample::select(vec![
        &b""[..], b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08\0", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        b"\xff\xfe", b"\xef\xbb\xbf", b"a,b\n\"",
    ]), rest in vec(any::<u8>(), 0..3000)) {
        if let Ok(reader) = from_bytes("x", [start, &rest].concat()) {
            for row in reader {
                prop_assert!(row.is_ok());
            }
        }
    }

    #[test]
    fn any_text_of_marks_gives_a_table_or_an_error(text in "[,;\"\r\n\ta标 ]{0,60}") {
        if let Ok(reader) = from_bytes("x", text.into_bytes()) {
            let lines: Vec<u64> = reader.map(|row| row.unwrap().line).collect();
            prop_assert!(lines.is_sorted_by(|a, b| a < b));
        }
    }

    #[test]
    fn a_workbook_with_wrong_bytes_gives_a_table_or_an_error(
        wrong in vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let rows: Vec<Vec<String>> = (0..30).map(|n| vec![n.to_string(), format!("=行{n}")]).collect();
        let mut bytes = write(Kind::Xlsx, &["a".into(), "b".into()], &rows);
        for (at, byte) in wrong {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(reader) = from_bytes("x.xlsx", bytes) {
            prop_assert!(reader.table().is_ok());
        }
    }
}
