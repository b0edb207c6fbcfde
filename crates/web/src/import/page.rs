//! Pages of imports: the list with the upload, the look before, the run as it goes.

use super::job::Job;
use super::{Upload, kinds, may};
use crate::auth::Who;
use crate::lang::Lang;
use crate::ui::field::{Form, Typed, options};
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, tongue};
use crate::ui::slot::{Refused, Slot, fresh};
use crate::ui::speech::confirm;
use domain::id::RunId;
use domain::import::RunState;
use intake::{Kind, Preview, Run, Seen, Undone, Verdict, Ways};
use maud::{Markup, html};
use store::import_run::Reject;

fn frame(who: &Who, title: &str, main: Markup) -> Markup {
    page(&Frame { who, title, news: 0, here: "/imports" }, main)
}

pub fn list(who: &Who, runs: &[Run], next: Option<RunId>, refused: Option<&Refused>) -> Markup {
    let lang = who.lang;
    let title = lang.of("导入", "Imports");
    let slot = Slot::new(lang, "upload", refused, || fresh([]));
    let main = html! {
        main.page id="main" {
            h1 { (title) }
            (slot.summary())
            div.columns {
                section {
                    @if runs.is_empty() {
                        div.empty {
                            strong { (lang.of("还没有导入过", "Nothing was imported yet")) }
                            p { (lang.of("选一个表格上传：先看预览，确认后才写入，整批可撤销。", "Upload a table: you look at it first, nothing is written until you say so, and all of it can be undone.")) }
                        }
                    } @else { (table(lang, runs)) }
                    (part::next_page(lang, next.map(|id| format!("/imports?before={id}"))))
                }
                aside { (upload(who, &slot.form())) }
            }
        }
    };
    frame(who, title, main)
}

fn upload(who: &Who, form: &Form) -> Markup {
    let lang = who.lang;
    let kinds = options(&kinds(who), Kind::code, |it| lang.of(it.zh(), it.en()));
    html! {
        form.sheet method="post" action="/imports" enctype="multipart/form-data" {
            h2 { (lang.of("导入一个表格", "Import a table")) }
            (form.field("kind", "内容", "What it holds").select("", &kinds))
            (form.field("source", "来源", "Source")
                .hint(lang.of("栏目对应按来源记住；可不填", "Columns are remembered for each source; may be empty")).input("text"))
            (form.field("file", "文件", "File")
                .hint(lang.of("CSV、CSV.gz、XLSX、XLS，不超过20 MB，编码自动识别", "CSV, CSV.gz, XLSX or XLS up to 20 MB; the encoding is found out")).input("file"))
            p { button.primary { (lang.of("上传并预览", "Upload and look")) } }
        }
    }
}

fn table(lang: Lang, runs: &[Run]) -> Markup {
    html! {
        table.table.fold {
            thead { tr {
                th scope="col" { (lang.of("文件", "File")) }
                th scope="col" { (lang.of("内容", "What")) }
                th scope="col" { (lang.of("状态", "State")) }
                th.number scope="col" { (lang.of("新增", "New")) }
                th.number scope="col" { (lang.of("更新", "Updated")) }
                th.number scope="col" { (lang.of("未变", "Unchanged")) }
                th.number scope="col" { (lang.of("未导入", "Rejected")) }
                th.number scope="col" { (lang.of("时间", "When")) }
            } }
            tbody { @for run in runs { tr {
                td.cut { a href={ "/imports/" (run.id) } lang="zh-CN" { (run.file) } }
                td { (lang.of(run.kind.zh(), run.kind.en())) }
                td { (lang.of(run.state.zh(), run.state.en())) }
                @for (label, count) in counts(lang, run) { td.number data-label=(label) { (count) } }
                td.number { (part::instant(Some(run.at))) }
            } } }
        }
    }
}

fn counts(lang: Lang, run: &Run) -> [(&'static str, i64); 4] {
    let it = run.counts;
    [
        (lang.of("新增", "New"), it.imported),
        (lang.of("更新", "Updated"), it.updated),
        (lang.of("未变", "Unchanged"), it.unchanged),
        (lang.of("未导入", "Rejected"), it.rejected),
    ]
}

pub fn preview(who: &Who, upload: &Upload, preview: &Preview, ways: &Ways, refused: Option<&Refused>) -> Markup {
    let lang = who.lang;
    let title = lang.of("导入前先看一看", "Look before importing");
    let slot = Slot::new(lang, "start", refused, || chosen(ways));
    let ready = preview.missing.is_empty() && preview.wrong_map.is_none();
    let main = html! {
        main.page id="main" {
            p.crumbs { a href="/imports" { (lang.of("导入", "Imports")) } }
            h1 { (title) }
            (slot.summary())
            @if let Some((zh, en)) = &preview.wrong_map { div.error-summary role="alert" { p { (part::said(lang, lang.of(zh, en))) } } }
            form method="post" action="/imports/start" {
                @for (name, value) in upload.query() { input type="hidden" name=(name) value=(value); }
                p.line { strong lang="zh-CN" { (upload.name) } span.meta { (lang.of(upload.kind.zh(), upload.kind.en())) } }
                section.sheet { (columns(lang, &slot.form(), upload.kind, preview)) }
                @if upload.kind == Kind::Problems { (slot.form().check("rest", "没有对应的各栏写进问题内容，一个字也不丢", "Columns that match nothing are kept in the problem's text")) }
                p.line {
                    @if ready { button.primary { (lang.of("开始导入", "Import")) } }
                    button.primary[!ready] formmethod="get" formaction="/imports/new" { (lang.of("按所选栏目重新预览", "Look again with these columns")) }
                    @if !ready { span.hint { (lang.of("先补上缺少的栏目", "First name the missing columns")) } }
                }
            }
            (rows(lang, preview, ready))
        }
    };
    frame(who, title, main)
}

fn chosen(ways: &Ways) -> Typed {
    let fields = ways.fields.iter().map(|(field, head)| (format!("map.{field}"), head.clone()));
    Typed(fields.chain(ways.rest.then(|| ("rest".to_owned(), "yes".to_owned()))).collect())
}

/// For each field the column that gives it, to be chosen otherwise.
fn columns(lang: Lang, form: &Form, kind: Kind, preview: &Preview) -> Markup {
    let heads: Vec<(String, String)> =
        preview.heads.iter().filter(|it| !it.trim().is_empty()).map(|it| (it.clone(), it.clone())).collect();
    html! {
        h2 { (lang.of("哪一栏是什么", "Which column is what")) }
        div.halves {
            @for want in intake::wanted(kind) {
                @let found = preview.columns.iter().find(|(field, _)| *field == want.field).map(|(_, head)| head.as_str());
                @let name = format!("map.{}", want.field);
                @let label = want.heads.iter().find(|it| !it.is_ascii()).unwrap_or(&want.field);
                @let automatic = match found {
                    Some(head) => lang.of(format!("自动：{head}"), format!("Automatic: {head}")),
                    None if want.required => lang.of("缺少，请选择".into(), "Missing: choose one".into()),
                    None => lang.of("没有这一栏".into(), "No such column".into()),
                };
                div.field data-wrong=[(want.required && found.is_none()).then_some("true")] {
                    label for=(name) { span lang="zh-CN" { (label) } @if want.required { " *" } }
                    select id=(name) name=(name) {
                        option value="" lang=[tongue(lang, &automatic)] { (automatic) }
                        @for (value, head) in &heads {
                            option value=(value) lang=[tongue(lang, head)] selected[form.typed.get(&name) == value] { (head) }
                        }
                    }
                }
            }
        }
    }
}

fn rows(lang: Lang, preview: &Preview, ready: bool) -> Markup {
    html! {
        @if !preview.rows.is_empty() {
            h2 { (lang.of(format!("前{}行", preview.rows.len()), format!("The first {} rows", preview.rows.len()))) }
            div.scroll tabindex="0" role="region" aria-label=(lang.of("前几行", "First rows")) {
                table.table {
                    thead { tr {
                        th scope="col" { (lang.of("行", "Row")) }
                        th scope="col" { (lang.of("将会", "Will be")) }
                        @for head in &preview.heads { th scope="col" lang=[tongue(lang, head)] { (head) } }
                    } }
                    tbody { @for seen in &preview.rows { tr {
                        td.number { (seen.line) }
                        // Without the columns every row would be called empty.
                        td { @if ready { (verdict(lang, seen)) } @else { span.faint { "—" } } }
                        @for cell in seen.cells.iter().take(preview.heads.len()) {
                            td lang=[tongue(lang, cell)] { (cell.chars().take(40).collect::<String>()) }
                        }
                    } } }
                }
            }
        }
    }
}

fn verdict(lang: Lang, seen: &Seen) -> Markup {
    if !seen.faults.is_empty() {
        return html! { @for fault in &seen.faults { p.error { (part::said(lang, lang.of(&fault.zh, &fault.en))) } } };
    }
    match &seen.verdict {
        Some(Verdict::New) => html! { (lang.of("新增", "New")) },
        Some(Verdict::Same) => html! { span.faint { (lang.of("未变", "Unchanged")) } },
        Some(Verdict::Changed(fields)) => html! {
            (lang.of("更新", "Updated"))
            @for (field, before, after) in fields {
                p.meta { (field) " " del lang="zh-CN" { (before) } " " ins lang="zh-CN" { (after) } }
            }
        },
        None => html! { (lang.of("可导入", "Can be taken")) },
    }
}

pub fn show(who: &Who, run: &Run, job: Option<&Job>, rejects: &[Reject]) -> Markup {
    let lang = who.lang;
    let busy = job.is_some_and(Job::is_busy);
    let main = html! {
        main.page.narrow id="main" {
            p.crumbs { a href="/imports" { (lang.of("导入", "Imports")) } }
            h1 lang="zh-CN" { (run.file) }
            (progress(lang, run, job))
            dl.pairs {
                dt { (lang.of("内容", "What")) } dd { (lang.of(run.kind.zh(), run.kind.en())) }
                @if !run.source.is_empty() { dt { (lang.of("来源", "Source")) } dd lang="zh-CN" { (run.source) } }
                dt { (lang.of("开始", "Begun")) } dd { (part::instant(Some(run.at))) }
                @for (label, count) in counts(lang, run) { dt { (label) } dd { (count) } }
            }
            @if let Some(Job::Undone(undone)) = job { (what_was_undone(lang, undone)) }
            @if !busy { (acts(lang, who, run)) }
            @if !rejects.is_empty() { (not_taken(lang, run, rejects)) }
        }
    };
    frame(who, &run.file, main)
}

fn progress(lang: Lang, run: &Run, job: Option<&Job>) -> Markup {
    let done = lang.of(format!("已处理{}行", run.done), format!("{} rows done", run.done));
    html! {
        @match job {
            Some(Job::Running) => p.banner role="status" { (lang.of("导入中，", "Importing, ")) (done) " " progress aria-label=(lang.of("导入进度", "Progress")) {} },
            Some(Job::Undoing) => p.banner role="status" { (lang.of("撤销中……", "Undoing …")) " " progress aria-label=(lang.of("撤销进度", "Progress")) {} },
            Some(Job::Failed(zh, en)) => div.error-summary role="alert" { p { (part::said(lang, lang.of(zh, en))) } },
            _ => p.banner { (lang.of(run.state.zh(), run.state.en())) " · " (done) },
        }
    }
}

fn acts(lang: Lang, who: &Who, run: &Run) -> Markup {
    html! {
        @if may(who, run.kind) {
            div.line {
                @if run.state.is_open() {
                    form method="post" action={ "/imports/" (run.id) "/resume" } { button.primary { (lang.of("接着导入", "Go on")) } }
                }
                @if run.state != RunState::Undone {
                    (confirm(lang, "undo", lang.of("撤销整批导入", "Undo the whole import"), lang.of("撤销整批导入？改不回来。", "Undo the whole import? This cannot be taken back."), html! {
                        form method="post" action={ "/imports/" (run.id) "/undo" } { button.danger { (lang.of("撤销整批导入", "Undo the whole import")) } }
                    }))
                }
            }
        }
    }
}

fn what_was_undone(lang: Lang, undone: &Undone) -> Markup {
    html! {
        section.sheet {
            h2 { (lang.of(format!("撤去{}项，复原{}项", undone.removed, undone.restored), format!("{} removed, {} put back", undone.removed, undone.restored))) }
            @if !undone.kept.is_empty() {
                p { (lang.of(format!("以下{}项未动：", undone.kept.len()), format!("These {} were kept:", undone.kept.len()))) }
                ul.rows {
                    @for (what, zh, en) in undone.kept.iter().take(200) { li { span lang="zh-CN" { (what) } span.meta { (part::said(lang, lang.of(zh, en))) } } }
                }
            }
        }
    }
}

fn not_taken(lang: Lang, run: &Run, rejects: &[Reject]) -> Markup {
    html! {
        h2 { (lang.of(format!("未导入的{}行", run.counts.rejected), format!("{} rows not taken", run.counts.rejected))) }
        p { a.button href={ "/imports/" (run.id) "/rejects.csv" } { (lang.of("下载这些行和原因", "Download them with the reasons")) } }
        ul.rows.sheet {
            @for it in rejects {
                li {
                    span.when { (lang.of(format!("第{}行", it.line), format!("Row {}", it.line))) " " (it.field) }
                    span { (part::said(lang, lang.of(&it.zh, &it.en))) }
                }
            }
        }
    }
}
