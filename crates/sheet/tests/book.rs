//! Excel workbooks with what people put into them.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use rust_xlsxwriter::{Color, ExcelDateTime, Format, Formula, Workbook, Worksheet};
use sheet::{Error, Problem, Row, Table, Wanted, from_bytes};

fn save(mut book: Workbook) -> Vec<u8> {
    book.save_to_buffer().unwrap()
}

fn one(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    save(book)
}

fn table(bytes: Vec<u8>) -> Table {
    from_bytes("表.xlsx", bytes).unwrap().table().unwrap()
}

fn texts(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, cell) in (0..).zip(cells) {
        sheet.write_string(row, column, *cell).unwrap();
    }
}

#[test]
fn values_read_as_a_person_sees_them() {
    let bytes = one(|sheet| {
        let cells: Vec<String> = (1..=16).map(|n| format!("h{n}")).collect();
        texts(sheet, 0, &cells.iter().map(String::as_str).collect::<Vec<_>>());
        let as_date = |code: &str| Format::new().set_num_format(code);
        let day = ExcelDateTime::from_ymd(2024, 3, 5).unwrap();
        let time = ExcelDateTime::from_ymd(2024, 3, 5).unwrap().and_hms(9, 30, 0).unwrap();
        sheet.write_number(1, 0, 13_800_001_111.0).unwrap();
        sheet.write_number(1, 1, 0.1 + 0.2).unwrap();
        sheet.write_boolean(1, 2, true).unwrap();
        sheet.write_boolean(1, 3, false).unwrap();
        sheet.write_datetime_with_format(1, 4, &day, &as_date("yyyy\"年\"m\"月\"d\"日\"")).unwrap();
        sheet.write_datetime_with_format(1, 5, &time, &as_date("yyyy/m/d h:mm")).unwrap();
        sheet.write_datetime_with_format(1, 6, &day, &Format::new().set_num_format_index(31)).unwrap();
        sheet.write_number_with_format(1, 7, 0.5, &as_date("h:mm")).unwrap();
        sheet.write_formula(1, 8, Formula::new("=1+2").set_result("3")).unwrap();
        sheet.write_formula(1, 9, Formula::new("=A1&\"x\"").set_result("甲x")).unwrap();
        let red = Format::new().set_font_color(Color::Red);
        sheet
            .write_rich_string(1, 10, &[(&Format::default(), "普通"), (&red, "红色"), (&Format::default(), " 尾")])
            .unwrap();
        sheet.write_number_with_format(1, 11, 1.5, &as_date("[h]:mm:ss")).unwrap();
        sheet.write_string(1, 12, "00123").unwrap();
        sheet.write_number_with_format(1, 13, 12.0, &as_date("0.00")).unwrap();
        sheet.write_string(1, 14, " 两\r\n行\t").unwrap();
        sheet.write_url_with_text(1, 15, "https://example.cn/", "链接").unwrap();
    });
    let want = [
        "13800001111",
        "0.3",
        "TRUE",
        "FALSE",
        "2024-03-05",
        "2024-03-05 09:30:00",
        "2024-03-05",
        "12:00:00",
        "3",
        "甲x",
        "普通红色 尾",
        "36:00:00",
        "00123",
        "12",
        " 两\r\n行\t",
        "链接",
    ];
    assert_eq!(table(bytes).rows, [Row { line: 2, cells: want.map(str::to_owned).into(), problem: None }]);
}

#[test]
fn titles_merged_cells_and_formatted_emptiness() {
    const WANTED: &[Wanted] = &[
        Wanted { field: "unit", heads: &["单位"], required: true },
        Wanted { field: "title", heads: &["标题"], required: true },
    ];
    let bytes = one(|sheet| {
        let format = Format::new().set_bold();
        sheet.merge_range(0, 0, 0, 3, "某区走访问题清单", &format).unwrap();
        texts(sheet, 1, &["填报人：", "张三", "日期：", "1月"]);
        texts(sheet, 3, &["序号", "单位", "*标题（必填）"]);
        sheet.merge_range(4, 1, 6, 1, "某局", &format).unwrap();
        for (row, title) in [(4, "路灯"), (5, "积水"), (6, "噪声")] {
            sheet.write_number(row, 0, f64::from(row)).unwrap();
            sheet.write_string(row, 2, title).unwrap();
        }
        sheet.write_string(8, 2, "停水").unwrap();
        sheet.write_string(8, 5, "表外的话").unwrap();
        for row in 9..65_000 {
            sheet.write_blank(row, 0, &format).unwrap();
        }
    });
    let mut reader = from_bytes("", bytes).unwrap();
    assert_eq!((reader.sheet(), reader.heads_line()), (Some("Sheet1"), 2));
    let columns = reader.columns(WANTED).unwrap();
    assert_eq!(reader.heads_line(), 4);
    let rows: Vec<Row> = reader.map(Result::unwrap).collect();
    let got: Vec<_> = rows.iter().map(|row| (row.line, columns.get(row, "unit"), columns.get(row, "title"))).collect();
    assert_eq!(got, [(5, "某局", "路灯"), (6, "", "积水"), (7, "", "噪声"), (9, "", "停水")]);
    assert_eq!(rows[3].problem, Some(Problem::Long { cells: 6, heads: 3 }));
}

#[test]
fn the_first_visible_sheet_with_anything_on_it() {
    let mut book = Workbook::new();
    texts(book.add_worksheet().set_name("选项").unwrap().set_hidden(true), 0, &["甲", "乙"]);
    book.add_worksheet().set_name("空").unwrap().write_string(0, 0, " ").unwrap();
    let sheet = book.add_worksheet().set_name("数据").unwrap().set_active(true);
    texts(sheet, 0, &["a", "b"]);
    texts(sheet, 1, &["1"]);
    let reader = from_bytes("", save(book)).unwrap();
    assert_eq!(reader.sheet(), Some("数据"));
    assert_eq!(reader.table().unwrap().rows, [Row { line: 2, cells: vec!["1".into(), String::new()], problem: None }]);
    assert!(matches!(from_bytes("", one(|_| ())), Err(Error::Empty)));
}

#[test]
fn damaged_workbooks_and_other_archives_are_refused() {
    let mut book = one(|sheet| (0..500).for_each(|row| texts(sheet, row, &["一", "二", &format!("{row}行")])));
    let zip = |bytes: &[u8]| from_bytes("x.xlsx", bytes.to_vec()).unwrap_err();
    for end in [4, 30, 1000, book.len() / 2, book.len() - 1] {
        assert!(matches!(zip(&book[..end]), Error::Book { .. }), "{end}: {:?}", zip(&book[..end]));
    }
    let at = book.windows(14).position(|w| w == b"xl/workbook.xm").unwrap();
    book[at + 60..at + 120].fill(0x55);
    assert!(from_bytes("x.xlsx", book).is_err());
    // An empty archive: a zip, but no workbook.
    let empty = [b"PK\x05\x06".as_slice(), &[0; 18]].concat();
    let zh = zip(&empty).zh();
    assert!(zh.contains("请用 Excel 或 WPS"), "{zh}");
}
