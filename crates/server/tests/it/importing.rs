//! Tables in: the same file twice changes nothing, bad rows come back with the reason.

use crate::both;
use crate::stage::{Stage, text};
use store::vals;

const POOL: &str = "id,reporter,reported_at,title,detail,dislikes,likes\n\
    m1,u1,2019/9/27 9:17:14,停电,\"\n\t\t\u{3000}夜里停电三次\u{a0}\n\",0,0\n\
    m2,u2,2019-01-02 10:00:00,停水,,0,0\n\
    m3,u3,上周,,没有标题但有内容,0,0\n\
    m4,u4,2019/1/1,\u{3000},\"\u{a0}\n\",0,0\n\
    m5,u5,2019/1/1,控制\u{1}字符,内容,0,0\n\
    m1,u1,2019/9/27 9:17:14,另一标题,另一内容,0,0\n";

fn one(stage: &Stage, sql: &'static str) -> Vec<String> {
    let row = stage.db().read_blocking(move |tx| tx.query_one(sql, &[])).unwrap();
    (0..row.values().len()).map(|at| row.string(at).unwrap()).collect()
}

both!(a_table_is_taken_once_and_its_bad_rows_come_back, |stage| {
    let pool = stage.file("pool.csv", POOL);
    let out = stage.folder.path().join("bad.csv");
    let first = stage.run(&["import", "problems", text(&pool), "--rejects", text(&out)]).ok();
    assert_eq!(first.last(), "imported 3, updated 0, unchanged 0, rejected 3");
    assert_eq!(
        one(stage, "select title, detail, occurred from problem where no = 1"),
        ["停电", "夜里停电三次", "2019-09-27 09:17:14"]
    );
    assert_eq!(
        one(stage, "select title, detail, occurred from problem where no = 3"),
        ["没有标题但有内容", "没有标题但有内容", "上周"]
    );
    let rejects = sheet::open(&out).unwrap().table().unwrap();
    assert_eq!(rejects.heads[..5], ["row", "field", "reason", "id", "reporter"]);
    let fields: Vec<&str> = rejects.rows.iter().map(|row| row.cells[1].as_str()).collect();
    assert_eq!(fields, ["title", "title", "id"], "{rejects:?}");
    assert!(rejects.rows[1].cells[2].contains("U+0001") && rejects.rows[2].cells[6] == "另一标题", "{rejects:?}");

    let again = stage.run(&["import", "problems", text(&pool)]).ok();
    assert_eq!(again.last(), "imported 0, updated 0, unchanged 3, rejected 3");
    assert!(again.err.contains("--rejects"), "{}", again.err);
    let other = stage.run(&["import", "problems", text(&pool), "--from", "信箱"]).ok();
    assert_eq!(other.last(), "imported 3, updated 0, unchanged 0, rejected 3");
});

#[test]
fn gb18030_and_workbooks_are_read_alike() {
    let stage = Stage::sqlite();
    // 标题,内容,编号 / 夜间停电,企业用电不足𠮷,甲1
    let gb: &[u8] = &[
        177, 234, 204, 226, 44, 196, 218, 200, 221, 44, 177, 224, 186, 197, 10, 210, 185, 188, 228, 205, 163, 181, 231,
        44, 198, 243, 210, 181, 211, 195, 181, 231, 178, 187, 215, 227, 149, 52, 178, 53, 44, 188, 215, 49, 10,
    ];
    let csv = stage.file("gb.csv", gb);
    assert_eq!(
        stage.run(&["import", "problems", text(&csv)]).ok().last(),
        "imported 1, updated 0, unchanged 0, rejected 0"
    );
    assert_eq!(one(&stage, "select title, detail from problem"), ["夜间停电", "企业用电不足𠮷"]);
    let book = stage.folder.path().join("same.xlsx");
    let heads = ["编号（必填）", "主题", "详情"].map(String::from);
    let mut writer = sheet::Writer::create(&book, &heads).unwrap();
    writer.row(&["甲1", "夜间停电", "企业用电不足𠮷"].map(String::from)).unwrap();
    writer.finish().unwrap();
    assert_eq!(
        stage.run(&["import", "problems", text(&book)]).ok().last(),
        "imported 0, updated 0, unchanged 1, rejected 0"
    );
}

#[test]
fn rows_without_ids_go_by_their_content() {
    let stage = Stage::sqlite();
    let csv = stage.file("no-ids.csv", "标题,内容,反映人,电话\n甲,乙,张,138\n甲,乙,李,139\n甲,乙,张,138\n");
    assert_eq!(
        stage.run(&["import", "problems", text(&csv)]).ok().last(),
        "imported 2, updated 0, unchanged 1, rejected 0"
    );
    assert_eq!(
        stage.run(&["import", "problems", text(&csv)]).ok().last(),
        "imported 0, updated 0, unchanged 3, rejected 0"
    );
}

#[test]
fn a_file_that_cannot_be_read_to_its_end_changes_nothing() {
    let stage = Stage::sqlite();
    let mut cut = String::from("标题,内容\n");
    for number in 0..2_000 {
        cut.push_str(&format!("标题{number},内容\n"));
    }
    cut.push_str("\"没有关上的引号,内容\n");
    let cut = stage.file("cut.csv", cut);
    let said = stage.run(&["import", "problems", text(&cut)]).refused();
    assert!(said.err.contains("2002"), "{}", said.err);
    let count = stage.db().read_blocking(|tx| tx.query_one("select count(*) from problem", &[])?.int(0)).unwrap();
    assert_eq!(count, 0);
    let heads = stage.file("heads.csv", "甲,乙\n1,2\n");
    assert!(stage.run(&["import", "problems", text(&heads)]).refused().err.contains("标题"));
    let html = stage.file("page.xls", "<html><table></table></html>");
    stage.run(&["import", "problems", text(&html)]).refused();
    stage.run(&["import", "problems", "/no/such/file.csv"]).refused();
    stage.run(&["import", "problems", text(&heads), "--rejects", text(&heads)]).refused();
}

both!(holidays_come_in_and_open_clocks_move, |stage| {
    let pool = stage.file("one.csv", "标题\n停电\n");
    stage.run(&["import", "problems", text(&pool)]).ok();
    let due = || stage.db().read_blocking(|tx| tx.query_one("select clock_at from problem", &[])?.int(0)).unwrap();
    let before = due();
    // Every day of the next three weeks is off: triage is due later.
    let today = server::now::now().day();
    let year = today.year();
    let days: Vec<String> = (0..21).map(|n| format!("{},长假,是,{year}", today.plus(n))).collect();
    let table = stage.file("days.csv", format!("日期,名称,是否休息,年份\n{}\n", days.join("\n")));
    let said = stage.run(&["import", "holidays", text(&table)]).ok();
    assert_eq!(said.last(), "imported 0, updated 1, unchanged 0, rejected 0", "{}", said.out);
    assert!(due() > before + 7 * 86_400_000, "{before} {}", due());
    let again = stage.run(&["import", "holidays", text(&table)]).ok();
    assert_eq!(again.last(), "imported 0, updated 0, unchanged 1, rejected 0");
    let known = stage.db().read_blocking(|tx| {
        tx.query_one("select count(*) from event where kind = $1", &vals!["holidays-imported"])?.int(0)
    });
    assert_eq!(known.unwrap(), 1);
});

#[test]
fn a_holiday_file_with_a_slip_is_refused_as_a_whole() {
    let stage = Stage::sqlite();
    let good = stage.file(
        "2031.json",
        r#"{"year":2031,"papers":["文"],"days":[{"name":"元旦","date":"2031-01-01","isOffDay":true}]}"#,
    );
    let said = stage.run(&["import", "holidays", text(&good)]).ok();
    assert_eq!(said.last(), "imported 1, updated 0, unchanged 0, rejected 0");
    for (name, wrong) in [
        (
            "year.json",
            r#"{"year":2032,"papers":[],"days":[{"name":"元旦","date":"2031-05-01","isOffDay":true},{"name":"","date":"2023-01-01","isOffDay":true}]}"#,
        ),
        ("cut.json", r#"{"year":2032,"papers":[],"days":[{"name":"元旦""#),
        ("day.csv", "日期,名称,是否休息\n2032-02-30,节,是\n"),
        ("off.csv", "日期,名称,是否休息\n2032-02-10,节,也许\n"),
        ("twice.csv", "日期,名称,是否休息\n2032-02-10,节,是\n2032/2/10,节,否\n"),
    ] {
        let wrong = stage.file(name, wrong);
        stage.run(&["import", "holidays", text(&good), text(&wrong)]).refused();
    }
}
