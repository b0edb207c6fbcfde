//! The repeated groups of a record's form: findings, problems, promises. With script one more is a copy of the last;
//! without, the form comes back with one more.

use crate::ui::field::{Form, closed};
use crate::ui::part::said;
use crate::visit::photo::of_row;
use crate::visit::typed::rows;
use domain::visit::FindingKind;
use maud::{Markup, html};

fn group(
    form: &Form,
    name: &str,
    title: [&str; 2],
    hint: [&str; 2],
    more: [&str; 2],
    row: impl Fn(usize) -> Markup,
) -> Markup {
    let lang = form.lang;
    html! {
        section.group id={ (name) "s" } data-group=(name) {
            h2 { (lang.of(title[0], title[1])) }
            p.hint { (lang.of(hint[0], hint[1])) }
            @for n in 0..rows(form.typed, name) {
                div.row data-row {
                    input type="hidden" name={ (name) "." (n) ".id" } value=(form.typed.get(&format!("{name}.{n}.id")));
                    (row(n))
                }
            }
            button name="more" value=(name) formnovalidate { (lang.of(more[0], more[1])) }
        }
    }
}

pub fn findings(form: &Form) -> Markup {
    let kinds = closed(form.lang, FindingKind::ALL, FindingKind::code, FindingKind::zh, FindingKind::en);
    group(
        form,
        "finding",
        ["见闻", "Findings"],
        [
            "不是问题、但不该丢的：意见、建议、新做法。可不填。",
            "What is no problem and should not be lost: opinions, suggestions, new practice. Optional.",
        ],
        ["再记一条见闻", "Add another finding"],
        |n| {
            let (kind, text) = (format!("finding.{n}.kind"), format!("finding.{n}.text"));
            html! {
                (form.field(&kind, "种类", "Kind").select("", &kinds))
                (form.field(&text, "内容", "What was said").area(2))
            }
        },
    )
}

pub fn problems(form: &Form, visit_no: i64) -> Markup {
    group(
        form,
        "problem",
        ["记到的问题", "Problems heard"],
        [
            "要有人去办的写在这里，保存后进入问题台账。可不填。",
            "What somebody must settle. It goes into the ledger when the record is saved. Optional.",
        ],
        ["再记一个问题", "Add another problem"],
        |n| {
            let name = |it: &str| format!("problem.{n}.{it}");
            let (title, detail, place, shielded) = (name("title"), name("detail"), name("place"), name("shielded"));
            html! {
                (form.field(&title, "标题", "Title").hint(form.lang.of("一句话说清是什么问题", "The problem in one sentence")).input("text"))
                (form.field(&detail, "内容", "Details").area(3))
                (form.field(&place, "地点（不填即为企业地址）", "Place (the subject's address if empty)").input("text"))
                (form.check(&shielded, "对承办单位保密反映人", "Keep the reporter from the handling units"))
                (photos(form, visit_no, n))
            }
        },
    )
}

/// Photos of one problem: those that wait already, each to be taken out again, and the field for more. With script each
/// is sent as soon as it was taken; without, they come along with the form.
fn photos(form: &Form, visit_no: i64, n: usize) -> Markup {
    let lang = form.lang;
    let (file, photo, drop) = (format!("problem.{n}.file"), format!("problem.{n}.photo"), format!("problem.{n}.drop"));
    let error = form.error_at(&file);
    html! {
        div.field.taking data-wrong=[error.map(|_| "true")] {
            label for=(file) { (lang.of("照片（可不拍）", "Photos (optional)")) }
            p.hint id={ (file) "-hint" } { (lang.of("可选多张；位置等信息会去掉", "Several at once; place and device are taken out")) }
            @if let Some(sentence) = error { p.error id={ (file) "-error" } { (said(lang, sentence)) } }
            ul.photos data-photos {
                @for id in of_row(form.typed, n) {
                    li data-photo {
                        span.frame { img src={ "/visits/" (visit_no) "/photos/" (id) } alt=(lang.of("照片", "Photo")) width="160" height="120"; }
                        input type="hidden" name=(photo) value=(id);
                        label.choice { input type="checkbox" name=(drop) value=(id); span { (lang.of("不要这张", "Take it out")) } }
                    }
                }
            }
            div.line {
                input type="file" id=(file) name=(file) accept="image/jpeg,image/png" multiple data-upload={ "/visits/" (visit_no) "/photos" }
                    data-photo=(photo) data-drop=(drop) data-label=(lang.of("照片", "Photo")) data-out=(lang.of("不要这张", "Take it out"))
                    data-wait=(lang.of("正在传", "Sending")) data-failed=(lang.of("没有传上，保存时再传", "Not sent; it goes with the form"))
                    aria-describedby={ (file) "-hint" };
                button name="more" value="photo" formnovalidate data-plain { (lang.of("传上照片", "Send the photos")) }
                output data-says {}
            }
        }
    }
}

pub fn promises(form: &Form, owners: &[(String, String)]) -> Markup {
    group(
        form,
        "promise",
        ["现场答应的事", "What was promised"],
        [
            "答应了什么、谁去办、哪天前答复。到期前会提醒。可不填。",
            "What, who keeps it, and until when; the owner is reminded before it is due. Optional.",
        ],
        ["再记一项承诺", "Add another promise"],
        |n| {
            let name = |it: &str| format!("promise.{n}.{it}");
            let (text, owner, due) = (name("text"), name("owner"), name("due"));
            html! {
                (form.field(&text, "答应的事", "Promise").input("text"))
                div.halves {
                    (form.field(&owner, "由谁落实", "Who keeps it").select(form.lang.of("请选择", "Choose"), owners))
                    (form.field(&due, "期限", "Until").input("date"))
                }
            }
        },
    )
}
