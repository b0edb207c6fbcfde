//! Tables out: every text as it is, and an export can be imported again.

use crate::both;
use crate::stage::{Stage, text};

/// What spreadsheets would run, trim or split.
const NASTY: &str = "id,标题,内容,反映人,电话,地址,反映时间,地点\n\
    1,=1+1,\"+SUM(A1)\n第二行,\"\"引号\"\"\",-张三,13800001111,@地址,2019/9/27 9:17:14,三号大街\n\
    2,平常,𠮷野家 \u{1f600},,,,,\n";

both!(an_export_reads_back_equal_and_imports_as_unchanged, |stage| {
    let table = stage.file("nasty.csv", NASTY);
    assert_eq!(
        stage.run(&["import", "problems", text(&table)]).ok().last(),
        "imported 2, updated 0, unchanged 0, rejected 0"
    );
    let mut read = Vec::new();
    for name in ["out.csv", "out.xlsx"] {
        let out = stage.folder.path().join(name);
        stage.run(&["export", "problems", "--to", text(&out)]).ok();
        read.push(
            sheet::open(&out).unwrap().table().unwrap().rows.into_iter().map(|row| row.cells).collect::<Vec<_>>(),
        );
        let again = stage.run(&["import", "problems", text(&out)]).ok();
        assert_eq!(again.last(), "imported 0, updated 0, unchanged 2, rejected 0", "{}", again.err);
    }
    assert_eq!(read[0], read[1]);
    let column = |head: &str| server::export::HEADS.iter().position(|it| *it == head).unwrap();
    let cell = |row: usize, head: &str| read[0][row][column(head)].as_str();
    assert_eq!((cell(0, "标题"), cell(0, "内容")), ("=1+1", "+SUM(A1)\n第二行,\"引号\""));
    assert_eq!((cell(0, "反映人"), cell(0, "地址"), cell(0, "状态")), ("-张三", "@地址", "已登记"));
    assert_eq!((cell(0, "编号"), cell(1, "内容")), ("1", "𠮷野家 \u{1f600}"));
    assert_eq!(cell(0, "反映时间"), "2019-09-27 09:17:14");
});

#[test]
fn more_than_a_page_is_exported_in_the_order_of_numbers() {
    let stage = Stage::sqlite();
    let rows: String = (1..=1_203).map(|number| format!("标题{number}\n")).collect();
    let table = stage.file("many.csv", format!("标题\n{rows}"));
    stage.run(&["import", "problems", text(&table)]).ok();
    let out = stage.folder.path().join("out.csv");
    stage.run(&["export", "problems", "--to", text(&out)]).ok();
    let read = sheet::open(&out).unwrap().table().unwrap().rows;
    assert_eq!(read.len(), 1_203);
    assert!(read.iter().enumerate().all(|(at, row)| row.cells[1] == (at + 1).to_string()));
    assert_eq!(
        std::fs::read_dir(stage.folder.path())
            .unwrap()
            .filter(|it| it.as_ref().unwrap().file_name().to_string_lossy().contains("part"))
            .count(),
        0
    );
}

#[test]
fn a_shielded_reporter_is_left_out_of_the_table() {
    let stage = Stage::sqlite();
    let table = stage.file("s.csv", "标题,内容,反映人,电话,保密\n泰和电子缺电,泰和电子反映,泰和电子,13800001111,是\n");
    stage.run(&["import", "problems", text(&table)]).ok();
    let out = stage.folder.path().join("out.csv");
    stage.run(&["export", "problems", "--to", text(&out)]).ok();
    let read = std::fs::read_to_string(&out).unwrap();
    assert!(!read.contains("泰和电子") && !read.contains("13800001111") && read.contains("＊＊缺电"), "{read}");
    stage.run(&["export", "problems", "--with-shielded", "--to", text(&out)]).ok();
    assert!(std::fs::read_to_string(&out).unwrap().contains("13800001111"));
    stage.run(&["export", "problems", "--to", "/no/such/folder/out.csv"]).refused();
}
