//! Heads however people write them.

use sheet::{Error, Row, Wanted, columns};

const TITLE: Wanted = Wanted { field: "title", heads: &["标题", "Title", "主题"], required: true };
const PHONE: Wanted = Wanted { field: "phone", heads: &["联系电话", "Phone No."], required: true };
const NOTE: Wanted = Wanted { field: "note", heads: &["备注"], required: false };

fn heads(all: &[&str]) -> Vec<String> {
    all.iter().map(|head| (*head).to_owned()).collect()
}

#[test]
fn heads_are_known_however_they_are_written() {
    for written in [
        "标题",
        "*标题",
        "＊ 标 题",
        "标题（必填）",
        "标题(50字以内)*",
        "\u{feff}标题",
        "标题：",
        " 标\n题 ",
        "Title",
        "ＴＩＴＬＥ",
        "title [required]",
        "【必填】标题",
        "主题",
        "标题 *（必填）",
        "\u{a0}标题\u{3000}",
    ] {
        let columns = columns(&heads(&["x", written]), &[TITLE]).unwrap();
        assert_eq!(columns.place("title"), Some(1), "{written}");
    }
    for written in ["副标题", "标题2", "", "（标题）备注"] {
        assert!(columns(&heads(&[written]), &[TITLE]).is_err(), "{written}");
    }
}

#[test]
fn all_missing_heads_are_named_at_once_and_what_was_found() {
    let error = columns(&heads(&["姓名", "备注"]), &[TITLE, PHONE, NOTE]).unwrap_err();
    let zh = error.zh();
    assert!(zh.contains("“标题”、“联系电话”") && zh.contains("“姓名”、“备注”"), "{zh}");
    let en = error.to_string();
    assert!(en.contains("\"标题\", \"联系电话\"") && en.contains("\"姓名\", \"备注\""), "{en}");
}

#[test]
fn doubled_heads_are_refused_but_a_full_match_wins() {
    assert!(
        matches!(columns(&heads(&["标题", "标题"]), &[TITLE]), Err(Error::Heads { doubled, .. }) if doubled == ["标题"])
    );
    assert!(columns(&heads(&["备注", "备注", "标题"]), &[TITLE]).is_ok());
    assert_eq!(columns(&heads(&["标题（旧）", "标题"]), &[TITLE]).unwrap().place("title"), Some(1));
    assert_eq!(columns(&heads(&["主题", "标题"]), &[TITLE]).unwrap().place("title"), Some(1));
}

#[test]
fn a_field_without_column_is_empty() {
    let columns = columns(&heads(&["标题"]), &[TITLE, NOTE]).unwrap();
    let row = Row { cells: heads(&[" a\t"]), ..Row::default() };
    assert_eq!((columns.get(&row, "title"), columns.get(&row, "note"), columns.get(&row, "?")), (" a\t", "", ""));
    assert!(!columns.has("note"));
}
