//! The page of one problem: what, who, where it stands, its clock, what can be done now, and its whole course.

use crate::asset;
use crate::attachment::shown_name;
use crate::auth::Who;
use crate::error::Error;
use crate::lang::Lang;
use crate::problem::around::{self, Around};
use crate::problem::show::Shows;
use crate::problem::{clock, related, result, stepper, steps, timeline};
use crate::ui::field::{Typed, error_summary};
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, said, tongue};
use crate::ui::photo::{Photo, photos};
use crate::ui::term::term;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::access::{self, Party};
use domain::command::CommandName;
use domain::problem::{Board, Part};
use maud::{Markup, html};

/// A step that was refused: shown again with everything that was typed.
pub struct Refused<'a> {
    pub step: CommandName,
    pub typed: &'a Typed,
    pub error: &'a Error,
    pub sentence: String,
}

pub fn refused(who: &Who, shows: &Shows, around: Option<&Around>, refused: Refused) -> Response {
    let status = match refused.error.tell().status {
        status if status.is_client_error() || status.is_server_error() => status,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, drawn(who, shows, around, Some(refused), None)).into_response()
}

/// A file that was not taken: no browser lets a form keep it, so the field says what was wrong with it.
pub fn file_refused(who: &Who, shows: &Shows, error: &Error) -> Response {
    let told = error.tell();
    let sentence = who.lang.of(told.zh, told.en);
    (told.status, drawn(who, shows, None, None, Some(&sentence))).into_response()
}

pub fn view(who: &Who, shows: &Shows, around: Option<&Around>) -> Markup {
    drawn(who, shows, around, None, None)
}

fn drawn(
    who: &Who,
    shows: &Shows,
    around: Option<&Around>,
    refused: Option<Refused>,
    wrong_file: Option<&str>,
) -> Markup {
    let (lang, p, no) = (who.lang, shows.problem(), shows.met.found.no);
    let (reader, files) = (shows.reader(lang), shows.files());
    let category = p.category.and_then(|id| shows.directory.category(id)).map(|it| it.label(lang.is_en()));
    let body = html! {
        main.page id="main" {
            (around::view(lang, around))
            header.page-head {
                div {
                    h1 lang="zh-CN" { (shows.shown(&shows.met.found.title)) }
                    p.line {
                        span.no data-struck=[p.state.name().is_end().then_some("")] { (lang.of("编号", "No.")) " " (no) }
                        span.badge { (lang.of(p.state.name().zh(), p.state.name().en())) }
                        @if let Some(category) = category { span.badge lang=[tongue(lang, category)] { (category) } }
                        span.badge { (lang.of(p.tier.zh(), p.tier.en())) }
                        @if p.board.is_some() { span.badge.strong { (lang.of("挂牌", "Board")) } }
                        @if p.shielded { span.badge.strong { (lang.of("保密反映人", "Shielded")) } }
                        @if p.reopened + p.relapsed > 0 {
                            span.badge { (lang.of(format!("重办{}次，反弹{}次", p.reopened, p.relapsed), format!("Reopened {}, relapsed {}", p.reopened, p.relapsed))) }
                        }
                    }
                }
                @if reader.internal && p.state.case().is_some() {
                    a.button href={ "/problems/" (no) "/paper" } { (lang.of("打印交办单", "Print the dispatch slip")) }
                }
            }
            (stepper::view(lang, shows))
            @if let Some(sentence) = refused.as_ref().map(|it| it.sentence.as_str()).or(wrong_file) { (error_summary(lang, sentence)) }
            div.columns {
                div.sheet.document {
                    (report(lang, shows))
                    (result::view(lang, shows))
                    (board(lang, shows))
                    section {
                        h2 { (lang.of("办理过程", "Course")) " " span.faint { (lang.of("最新在上", "newest first")) } }
                        (timeline::view(&shows.events, &files, &reader, &shows.directory))
                    }
                    (attachments(lang, shows, wrong_file))
                }
                aside.now {
                    (steps::view(who, shows, refused.as_ref()))
                    (clock::view(lang, shows, reader.internal))
                    (who_handles(lang, shows, reader.internal))
                    (related::view(lang, shows))
                    (looks(lang, shows))
                }
            }
        }
        script type="module" src=(asset::url("keys.js")) {}
    };
    let here = format!("/problems/{no}");
    page(&Frame { who, title: &format!("{} {no}", lang.of("问题", "Problem")), news: shows.news, here: &here }, body)
}

fn report(lang: Lang, shows: &Shows) -> Markup {
    let (p, found) = (shows.problem(), &shows.met.found);
    html! {
        section.heard {
            h2 { (lang.of("反映内容", "What was reported")) }
            (pictures(lang, shows))
            @if found.detail.trim().is_empty() { p.hint { (lang.of("没有写内容", "No details given")) } }
            @else { (part::words(&shows.shown(&found.detail))) }
            dl.pairs {
                dt { (lang.of("反映人", "Reporter")) }
                dd {
                    @match &shows.reporter {
                        Some(reporter) if shows.named() => { span lang="zh-CN" { (reporter.name) " " (reporter.phone) " " (reporter.address) } }
                        Some(_) => { (lang.of("已保密", "Shielded")) }
                        None => { "—" }
                    }
                }
                dt { (lang.of("来源", "Source")) } dd { (lang.of(p.source.zh(), p.source.en())) }
                @if let Some((no, name)) = &shows.heard.subject {
                    dt { (lang.of("走访对象", "Subject")) } dd { a href={ "/subjects/" (no) } lang="zh-CN" { (name) } }
                }
                @if let Some(no) = shows.heard.visit {
                    dt { (lang.of("在哪次走访记到", "Heard on")) } dd { a href={ "/visits/" (no) } { (lang.of("走访", "Visit")) " " (no) } }
                }
                @if !found.place.is_empty() { dt { (lang.of("地点", "Place")) } dd lang="zh-CN" { (shows.shown(&found.place)) } }
                @if !found.occurred.is_empty() { dt { (lang.of("反映时间", "When reported")) } dd lang="zh-CN" { (shows.shown(&found.occurred)) } }
            }
        }
    }
}

fn who_handles(lang: Lang, shows: &Shows, internal: bool) -> Markup {
    let p = shows.problem();
    let Some(case) = p.state.case() else { return html! {} };
    let unit =
        |part: &Part| shows.directory.unit(part.unit).map(|it| it.label(lang.is_en()).to_owned()).unwrap_or_default();
    let assignee = |part: &Part| part.assignee.filter(|_| internal).and_then(|id| shows.names.get(&id));
    html! {
        section.sheet {
            h2 { (lang.of("谁在办", "Who handles it")) }
            dl.pairs {
                dt { (term(lang, "lead")) }
                dd {
                    (said(lang, &unit(&case.lead)))
                    @if let Some(name) = assignee(&case.lead) { " " span lang="zh-CN" { (name) } }
                    @if case.lead.received.is_none() { " " span.faint { (lang.of("未签收", "not received")) } }
                    @if internal && case.lead.disputed.is_some() { " " span.badge { (lang.of("退单待裁定", "disputed")) } }
                }
                @for part in &case.supports {
                    dt { (term(lang, "support")) }
                    dd {
                        (said(lang, &unit(part)))
                        @if let Some(name) = assignee(part) { " " span lang="zh-CN" { (name) } }
                        " "
                        @if part.supported.is_some() { (part::done(lang.of("已反馈", "given"))) }
                        @else if part.received.is_none() { span.faint { (lang.of("未签收", "not received")) } }
                        @else { span.faint { (lang.of("未反馈", "nothing given yet")) } }
                        @if internal && part.disputed.is_some() { " " span.badge { (lang.of("退单待裁定", "disputed")) } }
                    }
                }
                @if let Some(name) = p.board.as_ref().filter(|_| internal).and_then(|board| shows.names.get(&board.leader)) {
                    dt { (lang.of("领衔", "Led by")) } dd lang="zh-CN" { (name) }
                }
            }
        }
    }
}

fn board(lang: Lang, shows: &Shows) -> Markup {
    let Some(Board { milestones, .. }) = &shows.problem().board else { return html! {} };
    html! {
        section {
            h2 { (lang.of("挂牌节点", "Milestones")) }
            ol.milestones {
                @for milestone in milestones {
                    li {
                        (milestone.due) " " span lang="zh-CN" { (shows.shown(&milestone.what)) } " "
                        @if let Some(done) = milestone.done { (part::done(lang.of("已报告", "reported"))) " " (part::instant(Some(done.at))) }
                    }
                }
            }
        }
    }
}

/// What came with the report: whatever was added before it was dispatched.
fn pictures(lang: Lang, shows: &Shows) -> Markup {
    let dispatched = shows.problem().state.case().map(|case| case.dispatched.at);
    let files = shows.files();
    let first: Vec<Photo> = files
        .iter()
        .filter(|it| it.picture && dispatched.is_none_or(|at| it.at < at))
        .map(|it| Photo { href: &it.href, caption: &it.name })
        .collect();
    html! { @if !first.is_empty() { (photos(lang, &first)) } }
}

fn attachments(lang: Lang, shows: &Shows, wrong: Option<&str>) -> Markup {
    let (p, parties) = (shows.problem(), &shows.met.parties);
    let seen: Vec<_> =
        shows.attachments.iter().enumerate().filter(|(_, it)| it.shown_to(p, parties, shows.looker)).collect();
    html! {
        section {
            h2 { (lang.of("附件", "Attachments")) }
            @if !seen.is_empty() {
                ul.files {
                    @for (i, it) in seen {
                        li {
                            a href={ "/attachments/" (it.id) } lang="zh-CN" { (shown_name(it, i, &shows.met)) }
                            " " span.faint { (it.size / 1024 + 1) " KB" }
                            @if !it.checked && parties.contains(&Party::Office) {
                                " " form.inline method="post" action={ "/attachments/" (it.id) "/check" } {
                                    button.quiet { (lang.of("已核，可给承办单位看", "Checked: units may see it")) }
                                }
                            }
                        }
                    }
                }
            }
            form.upload method="post" enctype="multipart/form-data" action={ "/problems/" (shows.met.found.no) "/attachments" } {
                label for="file" { (lang.of("添加附件", "Add a file")) " " span.faint { (lang.of("JPEG、PNG、PDF、Office，不超过20 MB", "JPEG, PNG, PDF, Office, up to 20 MB")) } }
                @if let Some(sentence) = wrong { p.error id="file-error" { (said(lang, sentence)) } }
                input type="file" id="file" name="file" aria-invalid=[wrong.map(|_| "true")] aria-describedby=[wrong.map(|_| "file-error")] accept=".jpg,.jpeg,.png,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx";
                button { (lang.of("上传", "Upload")) }
            }
        }
    }
}

fn looks(lang: Lang, shows: &Shows) -> Markup {
    if shows.looks.is_empty() || !access::sees_internal(&shows.met.parties) {
        return html! {};
    }
    html! {
        section.sheet {
            h2 { (lang.of("谁看过反映人", "Who looked at the reporter")) }
            ul.rows { @for look in &shows.looks { li { span lang="zh-CN" { (look.by_name) } " " (part::instant(Some(look.at))) } } }
        }
    }
}
