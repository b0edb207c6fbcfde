//! The page of one problem: what, who, where it stands, its clock, what can be done now, and its whole course.

use crate::attachment::shown_name;
use crate::auth::Who;
use crate::error::Error;
use crate::lang::Lang;
use crate::problem::show::Shows;
use crate::problem::{stepper, steps, timeline};
use crate::ui::field::{Typed, error_summary};
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, Standing, said, tongue};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::access::{self, Party};
use domain::command::CommandName;
use domain::problem::{Board, Part};
use domain::schedule;
use maud::{Markup, html};

/// A step that was refused: shown again with everything that was typed.
pub struct Refused<'a> {
    pub step: CommandName,
    pub typed: &'a Typed,
    pub error: &'a Error,
    pub sentence: String,
}

pub fn refused(who: &Who, shows: &Shows, refused: Refused) -> Response {
    let status = match refused.error.tell().status {
        status if status.is_client_error() || status.is_server_error() => status,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, view(who, shows, Some(refused))).into_response()
}

pub fn view(who: &Who, shows: &Shows, refused: Option<Refused>) -> Markup {
    let (lang, p, no) = (who.lang, shows.problem(), shows.met.found.no);
    let reader = shows.reader(lang);
    let category = p.category.and_then(|id| shows.directory.category(id)).map(|it| it.label(lang.is_en()));
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/problems" { (lang.of("问题台账", "Ledger of problems")) } }
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
            @if let Some(refused) = &refused { (error_summary(lang, &refused.sentence)) }
            div.columns {
                div.sheet.document {
                    (report(lang, shows))
                    (attachments(lang, shows))
                    (board(lang, shows))
                    section {
                        h2 { (lang.of("办理过程", "Course")) " " span.faint { (lang.of("最新在上", "newest first")) } }
                        (timeline::view(&shows.events, &reader, &shows.directory))
                    }
                }
                aside {
                    (steps::view(who, shows, refused.as_ref()))
                    (clock(lang, shows, reader.internal))
                    (who_handles(lang, shows, reader.internal))
                    (looks(lang, shows))
                }
            }
        }
    };
    let here = format!("/problems/{no}");
    page(&Frame { who, title: &format!("{} {no}", lang.of("问题", "Problem")), news: shows.news, here: &here }, body)
}

fn report(lang: Lang, shows: &Shows) -> Markup {
    let (p, found) = (shows.problem(), &shows.met.found);
    html! {
        section {
            h2 { (lang.of("反映内容", "What was reported")) }
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
                @if !shows.merged.is_empty() {
                    dt { (lang.of("并入本件", "Merged into this")) }
                    dd {
                        @for (no, title) in &shows.merged {
                            div {
                                @match title {
                                    Some(title) => { a href={ "/problems/" (no) } lang="zh-CN" { (no) " " (title) } }
                                    None => { (no) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn clock(lang: Lang, shows: &Shows, internal: bool) -> Markup {
    let (p, terms) = (shows.problem(), &shows.terms);
    let due = schedule::main_clock(p, terms.rules_of(p.campaign), &terms.calendar);
    let first = p.state.case().map(|case| case.first_due);
    if due.is_none() && first.is_none() && !p.is_paused() {
        return html! {};
    }
    let late = schedule::late_at(p, &terms.calendar).is_some_and(|at| shows.now > at);
    let light = schedule::light_under(p, shows.now, terms.rules_of(p.campaign), &terms.calendar);
    let standing = Standing { light, due, late, now: shows.now, calendar: &terms.calendar };
    let not_announced = p.state.case().is_some_and(|case| case.clock.due(&terms.calendar).not_announced);
    html! {
        section.sheet.clock {
            h2 {
                (lang.of("时限", "Clock"))
                @if p.state.name().is_end() { (part::done(lang.of(p.state.name().zh(), p.state.name().en()))) }
                @else { (part::light(lang, &standing)) }
            }
            dl {
                @if first.is_some() { div { dt { (lang.of("首次到期", "First due")) } dd { (part::instant(first)) } } }
                div {
                    dt { (lang.of("现到期", "Due now")) }
                    dd { @if p.is_paused() { (lang.of("暂停计时", "Paused")) } @else { (part::instant(due)) } }
                }
            }
            @if internal && not_announced {
                p.hint { (lang.of("所涉年份放假安排尚未公布，按周末推算。", "Holidays of that year are not announced yet: counted by weekends.")) }
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
                dt { (lang.of("主办", "Lead")) }
                dd {
                    (said(lang, &unit(&case.lead)))
                    @if let Some(name) = assignee(&case.lead) { " " span lang="zh-CN" { (name) } }
                    @if case.lead.received.is_none() { " " span.faint { (lang.of("未签收", "not received")) } }
                    @if internal && case.lead.disputed.is_some() { " " span.badge { (lang.of("退单待裁定", "disputed")) } }
                }
                @for part in &case.supports {
                    dt { (lang.of("协办", "Support")) }
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

fn attachments(lang: Lang, shows: &Shows) -> Markup {
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
                input type="file" id="file" name="file" accept=".jpg,.jpeg,.png,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx";
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
