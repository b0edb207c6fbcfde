//! CSV, TSV and gzip as offices send them.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use std::io::Write as _;

use encoding_rs::GB18030;
use sheet::{Error, Problem, Reader, Row, Table, Writer, from_bytes};

fn table(bytes: impl AsRef<[u8]>) -> Table {
    from_bytes("表.csv", bytes.as_ref().to_vec()).unwrap().table().unwrap()
}

fn error(bytes: impl AsRef<[u8]>) -> Error {
    from_bytes("表.csv", bytes.as_ref().to_vec()).unwrap_err()
}

fn row(line: u64, cells: &[&str]) -> Row {
    Row { line, cells: cells.iter().map(|cell| (*cell).to_owned()).collect(), problem: None }
}

#[test]
fn lines_are_those_a_person_sees() {
    let read = table("\r\n标题,内容\r\n\r\n一,\"两\r\n行\n三行\"\r\n,\r\n　, \r\n二,\"他说\"\"好\"\"\"\r\n三,末行");
    assert_eq!(read.heads, ["标题", "内容"]);
    let want = [row(4, &["一", "两\r\n行\n三行"]), row(9, &["二", "他说\"好\""]), row(10, &["三", "末行"])];
    assert_eq!(read.rows, want);
    assert_eq!(table("a,b\r1,2\r3,4\r").rows, [row(2, &["1", "2"]), row(3, &["3", "4"])]);
}

#[test]
fn every_encoding_gives_the_same_table() {
    let text = "姓名,备注\r\n㐀𠮷𪚥,①龘€\r\n王五,联通\r\n";
    let want = table(text);
    assert_eq!(want.rows[0].cells, ["㐀𠮷𪚥", "①龘€"]);
    let (gb, _, lossy) = GB18030.encode(text);
    assert!(!lossy && gb.len() > text.chars().count() + 10);
    assert_eq!(table(&gb), want);
    assert_eq!(table([b"\xEF\xBB\xBF", text.as_bytes()].concat()), want);
    assert_eq!(table([b"\x84\x31\x95\x33", &*gb].concat()), want);
    let unicode_text = text.replace(',', "\t");
    let wide = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(unicode_text.encode_utf16()).flat_map(order).collect()
    };
    assert_eq!(table(wide(u16::to_le_bytes)), want);
    assert_eq!(table(wide(u16::to_be_bytes)), want);
    assert_eq!(table("a,b\r\n联通,x\r\n").rows, table(GB18030.encode("a,b\r\n联通,x\r\n").0).rows);
}

#[test]
fn undecodable_bytes_name_the_line() {
    assert!(matches!(error(b"a,b\r\n1,2\r\n3,\xff\xff\r\n"), Error::Encoding { line: 3 }));
    assert!(matches!(error(b"\xEF\xBB\xBFa,b\n\xB1\xEA,2\n"), Error::Encoding { line: 2 }));
    // A long UTF-8 file with one bad byte is not read as GB18030 rubbish.
    let mut long = "标题,内容\n一段足够长的中文文字,没有疑问\n".as_bytes().to_vec();
    long.extend(b"\xB1,x\n");
    assert!(matches!(error(&long), Error::Encoding { line: 3 }));
    let zh = error(b"a,b\r\n1,2\r\n3,\xff\xff\r\n").zh();
    assert!(zh.contains("第 3 行") && zh.contains("请"), "{zh}");
}

#[test]
fn a_file_cut_inside_a_quotation_is_refused_whole() {
    assert!(matches!(error("a,b\n1,\"完整\"\n2,\"被截断\n的内容"), Error::OpenQuote { line: 3 }));
    assert!(matches!(error("a,b\n1,\""), Error::OpenQuote { line: 2 }));
    assert_eq!(table("a,b\n1,\"\"").rows, [row(2, &["1", ""])]);
}

#[test]
fn rows_with_the_wrong_number_of_cells_are_marked_alone() {
    let text = "a,b,c,,\n1,2\n1,2,3\n1,2,3,,\n1,2,3,4\n\"x\"y,2,3\n";
    let rows = table(text).rows;
    let problems: Vec<_> = rows.iter().map(|row| row.problem).collect();
    let short = Problem::Short { cells: 2, heads: 3 };
    assert_eq!(problems, [Some(short), None, None, Some(Problem::Long { cells: 4, heads: 3 }), Some(Problem::Quote)]);
    assert_eq!(rows[2].cells.len(), 3);
    assert!(short.zh().contains("2 格") && short.to_string().contains("2 cells"));
    let flexible = from_bytes("", text.into()).unwrap().flexible(true).table().unwrap();
    assert_eq!(flexible.rows[0], row(2, &["1", "2", ""]));
}

#[test]
fn gzip_is_unpacked_and_its_damage_noticed() {
    let pack = |text: &[u8]| {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gz.write_all(text).unwrap();
        gz.finish().unwrap()
    };
    let text: String = "a,b\n".to_owned() + &(0..5000).map(|n| format!("{n},行{}\n", n * 7919)).collect::<String>();
    let packed = pack(text.as_bytes());
    assert_eq!(table(&packed).rows.len(), 5000);
    assert_eq!(table(pack(&GB18030.encode(&text).0)).rows, table(&text).rows);
    assert_eq!(table([pack(b"a,b\n"), pack(b"1,2\n")].concat()).rows, [row(2, &["1", "2"])]);
    assert!(matches!(error(&packed[..packed.len() / 2]), Error::Packed { line } if line > 1));
    assert!(matches!(error(&packed[..packed.len() - 3]), Error::Packed { .. }));
    let mut wrong = packed.clone();
    let last = wrong.len() - 6;
    wrong[last] ^= 0xff;
    assert!(matches!(error(wrong), Error::Packed { .. }));
}

#[test]
fn readers_and_writers_may_move_between_threads() {
    fn sent<T: Send>() {}
    sent::<Reader>();
    sent::<Writer>();
    sent::<Error>();
}
