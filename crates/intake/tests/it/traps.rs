//! What offices' files do to a reader: titles, merged cells, formulas, dates as numbers, emptiness, cuts, interruptions.

use crate::stage::{Stage, counts};
use domain::credit_code::complete;
use domain::import::RunState;
use intake::Kind;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use store::{import_run, vals};
use testkit::on_both;

fn code(number: u32) -> String {
    complete(&format!("9133010114{number:07}")).unwrap()
}

/// A title over merged cells, a formula, a date that is a number, a code of digits alone, 65,000 rows with nothing in them.
fn book() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let (plain, day) = (Format::new(), Format::new().set_num_format("yyyy-mm-dd"));
    sheet.merge_range(0, 0, 0, 3, "二〇一八年重点企业名单", &plain).unwrap();
    for (at, head) in (0_u16..).zip(["*企业名称", "统一社会信用代码（必填）", "成立日期", "所属街道"])
    {
        sheet.write_string(1, at, head).unwrap();
    }
    sheet.merge_range(2, 3, 3, 3, "白杨街道", &plain).unwrap();
    for row in 2..4_u32 {
        let name = format!("第{row}厂");
        sheet.write_formula(row, 0, Formula::new("=A99&\"厂\"").set_result(&name)).unwrap();
        sheet.write_string(row, 1, code(row)).unwrap();
        let date = ExcelDateTime::from_ymd(2001, 2, 3).unwrap();
        sheet.write_datetime_with_format(row, 2, &date, &day).unwrap();
    }
    for row in 4..65_004 {
        sheet.write_blank(row, 0, &day).unwrap();
    }
    sheet.write_string(65_004, 0, "末厂").unwrap();
    book.save_to_buffer().unwrap()
}

on_both!(a_workbook_as_offices_keep_them, |db| {
    let stage = Stage::set(&db);
    let bytes = book();
    let run = stage.run(Kind::Enterprises, bytes.clone());
    assert_eq!(run.counts, counts(3, 0, 0, 0), "{:?}", stage.rejects(&run));
    let card = stage.subject("第2厂").card;
    assert_eq!((card.founded.as_str(), card.code), ("2001-02-03", code(2)));
    assert_eq!(stage.subject("末厂").no, 3);
    assert_eq!(stage.run(Kind::Enterprises, bytes).counts, counts(0, 0, 3, 0));
});

on_both!(a_file_cut_in_the_middle_changes_nothing, |db| {
    let stage = Stage::set(&db);
    let mut file = String::from("名称,地址\n");
    for number in 0..2_000 {
        file.push_str(&format!("厂{number},一号\n"));
    }
    file.push_str("\"没有关上的引号,一号\n");
    assert!(stage.try_run(Kind::Enterprises, file, "", None).is_err());
    assert_eq!(stage.count("select count(*) from import_run") + stage.count("select count(*) from subject"), 0);
});

/// 企业名称 of four bytes a character: 㐀𠮷厂.
#[test]
fn four_byte_characters_of_gb18030() {
    let test = testkit::sqlite();
    let stage = Stage::set(&test.db());
    let mut bytes = vec![0xC6, 0xF3, 0xD2, 0xB5, 0xC3, 0xFB, 0xB3, 0xC6, b',', 0xB5, 0xD8, 0xD6, 0xB7, b'\n'];
    bytes.extend([0x81, 0x39, 0xEE, 0x39, 0x95, 0x34, 0xB2, 0x35, 0xB3, 0xA7, b',', b'1', b'\n']);
    assert_eq!(stage.run(Kind::Enterprises, bytes).counts, counts(1, 0, 0, 0));
    assert_eq!(stage.subject("㐀𠮷厂").card.address, "1");
}

fn long(rows: u32) -> String {
    let mut file = String::from("名称,信用代码,地址\n");
    for number in 0..rows {
        let code = if number % 7 == 3 { "91330101143041950D".into() } else { code(number) };
        file.push_str(&format!("第{number}厂,{code},{number}号\n"));
    }
    file
}

on_both!(a_run_that_stopped_goes_on_after_its_last_batch, |db| {
    let stage = Stage::set(&db);
    let file = long(1_300);
    // As after a kill: two batches are saved, and the run says that it is running.
    let whole = stage.run(Kind::Enterprises, file.clone());
    assert_eq!(whole.done, 1_300);
    let id = whole.id.to_string();
    stage
        .db
        .write_blocking(move |tx| {
            tx.exec("delete from subject_words where rowid > $1", &vals![857_i64])?;
            tx.exec("delete from subject where no > $1", &vals![857_i64])?;
            tx.exec("delete from import_reject where run = $1 and line > $2", &vals![&id, 1_001_i64])?;
            tx.exec("delete from import_change where run = $1 and place >= $2", &vals![&id, 857_i64])?;
            tx.exec(
                "update import_run set state = 'running', done_rows = 1000, imported = 857, rejected = 143, seq = 857 where id = $1",
                &vals![&id],
            )
        })
        .unwrap();
    let again = stage.run(Kind::Enterprises, file.clone());
    assert_eq!((again.id, again.done, again.state), (whole.id, 1_300, RunState::Done));
    assert_eq!(again.counts, whole.counts);
    assert_eq!(stage.count("select count(*) from subject"), whole.counts.imported);
    assert_eq!(stage.count("select count(*) from import_reject"), whole.counts.rejected);
    let third = stage.run(Kind::Enterprises, file);
    assert_eq!(third.counts, counts(0, 0, whole.counts.imported, whole.counts.rejected));
    assert_eq!(stage.ask(|tx| import_run::list(tx, None, 10)).len(), 2);
    stage.verified();
});

on_both!(the_reject_table_is_whole_and_can_be_imported_when_it_is_corrected, |db| {
    let stage = Stage::set(&db);
    let run = stage.run(Kind::Enterprises, long(700));
    let mut writer = sheet::Writer::in_memory(sheet::Kind::Csv, &intake::reject_heads(&run)).unwrap();
    intake::write_rejects(&stage.db, &run, &mut writer).unwrap();
    let table = String::from_utf8(writer.finish().unwrap()).unwrap();
    assert!(table.starts_with("\u{feff}row,field,reason,名称,信用代码,地址"), "{table}");
    assert_eq!(table.lines().count() as i64, run.counts.rejected + 1);
    let corrected = table.replace("91330101143041950D", "");
    assert_eq!(stage.run(Kind::Enterprises, corrected).counts, counts(run.counts.rejected, 0, 0, 0));
});
