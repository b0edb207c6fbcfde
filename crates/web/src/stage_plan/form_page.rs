//! The page of the form: from which day, the stages, the lines as sentences, and the way by a table.

use super::desk::Desk;
use super::read::Draft;
use super::rows::count;
use super::table::{HEADS, Reject};
use super::{line_form, stage_form};
use crate::auth::Who;
use crate::lang::Lang;
use crate::ui::field::{Form, Typed, Wrong};
use crate::ui::page::{Frame, page};
use crate::ui::part::{said, tongue};
use crate::ui::speech::banner;
use maud::{Markup, html};
use store::site::Site;

/// What is said above the form.
pub enum Says<'a> {
    Nothing,
    /// Checked, and nothing was found.
    Fine,
    /// Checked, and this is to be mended.
    Wrong,
    /// Not filed; the sentence where no field is to blame.
    Refused(&'a str),
}

pub struct Shown<'a> {
    pub says: Says<'a>,
    pub wrong: &'a [Wrong],
    /// The line that its author is at.
    pub open: Option<usize>,
    /// Rows of a table that were not taken.
    pub rejects: &'a [Reject],
}

/// What all parts of the form look at.
pub struct Look<'a> {
    pub lang: Lang,
    pub form: Form<'a>,
    pub make: String,
    pub desk: &'a Desk,
    pub draft: &'a Draft,
    pub open: Option<usize>,
    /// The year that dates leave out.
    pub year: i16,
}

impl Look<'_> {
    /// The sentences that stand at a row itself rather than at one of its fields.
    pub fn of_row(&self, name: &str) -> Markup {
        html! {
            @for it in self.form.wrong.iter().filter(|it| it.field == name) { p.error { (said(self.lang, &it.sentence)) } }
        }
    }

    /// Whether something is wrong with a row or within it.
    pub fn is_wrong(&self, row: &str) -> bool {
        self.form
            .wrong
            .iter()
            .any(|it| it.field.strip_prefix(row).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    }

    /// A button that sends the form and comes back to `to`.
    pub fn act(&self, act: &str, to: &str, label: &str, spoken: &str) -> Markup {
        html! {
            button name="do" value=(act) formaction={ (self.make) "#" (to) } aria-label=[(!spoken.is_empty()).then_some(spoken)] { (label) }
        }
    }
}

pub fn view(who: &Who, site: &Site, desk: &Desk, typed: &Typed, draft: &Draft, shown: &Shown) -> Markup {
    let lang = who.lang;
    let form = Form { wrong: shown.wrong, ..Form::new(lang, typed) };
    let here = format!("/sites/{}", site.no);
    let look = Look {
        lang,
        form,
        make: format!("{here}/plans/make"),
        desk,
        draft,
        open: shown.open,
        year: draft.plan.effective_from.year(),
    };
    let title = lang.of("申报阶段名单", "File a stage plan");
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/sites" { (lang.of("工地", "Sites")) } " › " a href=(here) lang="zh-CN" { (site.name) } }
            h1 { (title) }
            (above(lang, &here, desk, shown))
            (rejected(lang, &here, shown.rejects))
            form.plan method="post" action=(look.make) {
                // Enter in a field shows the sentences anew, and files nothing.
                button.unseen name="do" value="show" tabindex="-1" aria-hidden="true" {}
                input type="hidden" name="copied" value=(typed.get("copied"));
                (beginning(&look, typed))
                (stage_form::all(&look))
                (line_form::all(&look))
                (table(&look, &here, typed))
                div.row-acts.plan-acts {
                    button name="do" value="check" formaction={ (look.make) "#main" } { (lang.of("检查", "Check")) }
                    button.primary name="do" value="file" { (lang.of("申报", "File the plan")) }
                    span.hint { (lang.of("检查不会申报；申报后由建设单位确认，再由建设局批准。", "A check files nothing. What is filed is confirmed by the owner, then approved by the bureau.")) }
                }
            }
        }
    };
    page(&Frame { who, title, news: 0, here: &format!("{here}/plans/new") }, body)
}

fn above(lang: Lang, here: &str, desk: &Desk, shown: &Shown) -> Markup {
    html! {
        @match &shown.says {
            Says::Nothing => {}
            Says::Fine => { (banner(html! { p role="status" { b { (lang.of("检查过了，没有发现问题，可以申报。", "Checked: nothing is wrong, it can be filed.")) } } })) }
            Says::Wrong => { (list(lang, &lang.of(format!("检查发现{}处要改", shown.wrong.len()), format!("{} to be mended", shown.wrong.len())), shown.wrong)) }
            Says::Refused(sentence) if shown.wrong.is_empty() => { (crate::ui::field::error_summary(lang, sentence)) }
            Says::Refused(_) => { (list(lang, lang.of("没有申报，填写的内容都在", "Not filed; all you typed is here"), shown.wrong)) }
        }
        @if let Some(it) = &desk.pending {
            (banner(html! {
                p {
                    a href={ (here) "/plans/" (it.plan.version) } { (lang.of(format!("第{}版", it.plan.version), format!("Version {}", it.plan.version))) }
                    (lang.of("还在办理中，办结后才能申报下一版；现在可以先填好检查。", " is still under way; the next one can be filed once it is decided. It can be filled in and checked now."))
                }
            }))
        }
        @if desk.staff.is_empty() {
            (banner(html! {
                p { (lang.of("还没有登记现场管理人员；先", "Nobody is on the staff yet; first ")) a href={ (here) "/staff" } { (lang.of("登记人员", "enter people")) } (lang.of("，名单里才选得到人。", ", then they can be chosen here.")) }
            }))
        }
    }
}

/// All that is wrong, each sentence a link to its row or field.
pub fn list(lang: Lang, heading: &str, wrong: &[Wrong]) -> Markup {
    html! {
        div.error-summary role="alert" tabindex="-1" id="error" {
            strong { (heading) }
            ul { @for it in wrong { li { a href={ "#" (it.field) } { (said(lang, &it.sentence)) } } } }
        }
    }
}

fn beginning(look: &Look, typed: &Typed) -> Markup {
    let lang = look.lang;
    html! {
        section.group id="plan" {
            (look.of_row("plan"))
            div.plan-day {
                (look.form.field("effective", "从哪天起执行", "In force from").hint(lang.of("批准后的第二天起才能生效，已判的日子不变。", "At the earliest the day after its approval; days already judged stay.")).input("date"))
            }
            p.hint {
                @if !typed.get("copied").is_empty() {
                    (lang.of(format!("已带入第{}版的内容，改动的地方改一改就行。", typed.get("copied")), format!("This is version {}; change what is to be changed.", typed.get("copied")))) " "
                }
                (lang.of("也可以", "Or ")) a href="#table" { (lang.of("用表格填好上传", "fill in a table and upload it")) } (lang.of("。", "."))
            }
        }
    }
}

fn table(look: &Look, here: &str, typed: &Typed) -> Markup {
    let lang = look.lang;
    let replaces = typed.get("upload") != "add";
    html! {
        details.group.plan-table id="table" open[look.form.error_at("file").is_some()] {
            summary { h2 { (lang.of("用表格填写", "By a table")) } }
            p.hint {
                a href={ (here) "/plans/template.xlsx" } { (lang.of("下载表格", "Download the table")) }
                (lang.of("，里面已有本工地人员；填好后在这里上传，内容会填进上面的表单，检查后再申报。", ": the people of this site stand in it. Uploaded, it fills the form above; nothing is filed by that."))
            }
            div.choices role="radiogroup" aria-label=(lang.of("上传的内容", "What is uploaded")) {
                label.choice { input type="radio" name="upload" value="replace" checked[replaces]; span { (lang.of("代替上面已填的", "replaces what stands above")) } }
                label.choice { input type="radio" name="upload" value="add" checked[!replaces]; span { (lang.of("加在后面", "is added to it")) } }
            }
            // The file stands last: what is typed above it is read with it and kept.
            (look.form.field("file", "表格文件", "The table").hint(lang.of("XLSX或CSV，不超过2 MB", "XLSX or CSV, at most 2 MB")).input("file"))
            button formaction={ (here) "/plans/file" } formenctype="multipart/form-data" { (lang.of("上传", "Upload")) }
        }
    }
}

fn rejected(lang: Lang, here: &str, rejects: &[Reject]) -> Markup {
    if rejects.is_empty() {
        return html! {};
    }
    let n = rejects.len();
    html! {
        section.error-summary role="alert" id="rejects" {
            strong { (lang.of(format!("有{n}行没有采用"), format!("{n} rows were not taken"))) }
            p { (lang.of("其余各行已填进下面的表单。改正这几行，可以在表单里直接补，也可以下载后改好再上传（选“加在后面”）。", "The other rows are in the form below. Mend these in the form itself, or download them, mend them there and upload them again (as an addition).")) }
            table.table.fold {
                thead { tr {
                    th.number scope="col" { (lang.of("行", "Row")) }
                    th scope="col" { (lang.of("内容", "What stands there")) }
                    th scope="col" { (lang.of("原因", "Why")) }
                } }
                tbody {
                    @for it in rejects {
                        tr {
                            td.number data-label=(lang.of("行", "Row")) { (it.row) }
                            td.cut lang=[tongue(lang, &it.said())] { (it.said()) }
                            td.reason { (said(lang, lang.of(&it.zh, &it.en))) }
                        }
                    }
                }
            }
            form method="post" action={ (here) "/plans/rejects.csv" } {
                input type="hidden" name="heads" value=(serde_json::json!(HEADS).to_string());
                @for it in rejects { input type="hidden" name="row" value=(serde_json::json!(it.with_reason()).to_string()); }
                button { (lang.of("下载这几行", "Download these rows")) }
            }
        }
    }
}

/// How many rows a list of the form has.
pub fn rows(look: &Look, list: &str) -> usize {
    count(look.form.typed, list)
}
