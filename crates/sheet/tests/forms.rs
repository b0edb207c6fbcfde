//! Dividers, title rows, guard tabs and what is no table.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use sheet::{Error, Kind, Row, Table, Wanted, Writer, from_bytes};

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
fn dividers_are_told_by_content() {
    assert_eq!(table("a\tb\n1\t2,3\n").rows, [row(2, &["1", "2,3"])]);
    assert_eq!(table("a;b\n1;2\n").rows, [row(2, &["1", "2"])]);
    // Tabs that only guard long numbers in a comma file divide nothing.
    let guarded = table("证号,电话\n\t3301,\t138\n3302\t,139\t\n\"\t3303\",1\n");
    assert_eq!(guarded.rows, [row(2, &["\t3301", "\t138"]), row(3, &["3302\t", "139\t"]), row(4, &["\t3303", "1"])]);
    let tsv = from_bytes("x.TSV", "a\tb\t\n\t\t1\n".into()).unwrap();
    assert_eq!(tsv.heads(), ["a", "b"]);
    assert_eq!(table("标题\n一\n二\n").rows.len(), 2);
}

#[test]
fn the_heads_are_found_below_titles() {
    const WANTED: &[Wanted] = &[
        Wanted { field: "title", heads: &["标题"], required: true },
        Wanted { field: "detail", heads: &["内容", "详情"], required: true },
    ];
    let text = "某区问题清单,,\n填报单位：某局,日期：1月,\n序号,*标题,详情（必填）\n1,路灯,不亮\n\n2,积水,很深\n";
    let mut reader = from_bytes("", text.into()).unwrap();
    assert_eq!(reader.heads_line(), 2);
    let columns = reader.columns(WANTED).unwrap();
    assert_eq!(reader.heads_line(), 3);
    let rows: Vec<Row> = reader.map(Result::unwrap).collect();
    let got: Vec<_> =
        rows.iter().map(|row| (row.line, columns.get(row, "title"), columns.get(row, "detail"))).collect();
    assert_eq!(got, [(4, "路灯", "不亮"), (6, "积水", "很深")]);
    let error = from_bytes("", "x,y\n1,2\n".into()).unwrap().columns(WANTED).unwrap_err();
    assert!(matches!(error, Error::Heads { line: 1, missing, .. } if missing == ["标题", "内容"]));
}

#[test]
fn what_is_no_table_says_what_it_is() {
    for (bytes, word) in [
        (&b"<html><table>"[..], "网页"),
        (b"\xEF\xBB\xBF <!DOCTYPE html>", "网页"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"Rar!\x1a\x07", "压缩包"),
    ] {
        let zh = error(bytes).zh();
        assert!(zh.contains(word) && zh.contains("请"), "{zh}");
    }
    assert!(matches!(error(""), Error::Empty));
    assert!(matches!(error("\u{feff}"), Error::Empty));
    assert!(matches!(error("\r\n , ,\r\n"), Error::Empty));
    assert!(matches!(sheet::open("/".as_ref()), Err(Error::NotATable { .. })));
    assert!(matches!(sheet::open("/no/such/file".as_ref()), Err(Error::Io(_))));
}

#[test]
fn only_a_guard_tab_is_taken_off() {
    let rows = table("a,b\n\"\t=1+1\",\"\t\ttext\"\n\tplain,\"\n\t\"\n").rows;
    assert_eq!(rows[0].cells, ["=1+1", "\ttext"]);
    assert_eq!(rows[1].cells, ["\tplain", "\n\t"]);
    let heads = ["=a".to_owned(), "b".to_owned()];
    let mut writer = Writer::in_memory(Kind::Csv, &heads).unwrap();
    writer.row(&["@x".to_owned(), "a\"b".to_owned()]).unwrap();
    let bytes = writer.finish().unwrap();
    assert_eq!(String::from_utf8(bytes.clone()).unwrap(), "\u{feff}\"\t=a\",b\r\n\"\t@x\",\"a\"\"b\"\r\n");
    assert_eq!(table(bytes).heads, heads);
}
