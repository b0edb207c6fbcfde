//! Before a record is saved: what will be sent, and the problems as they will be registered. Everything typed waits in
//! this page; nothing was saved yet.

use crate::auth::Who;
use crate::lang::Lang;
use crate::ui::field::Typed;
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, said, tongue};
use crate::visit::form::Sheet;
use crate::visit::photo;
use domain::id::PersonId;
use domain::visit::{Change, CommandName, Record, Reported};
use maud::{Markup, html};

pub fn view(who: &Who, sheet: &Sheet, typed: &Typed, change: &Change, address: &str) -> Markup {
    let (lang, found) = (who.lang, &sheet.met.found);
    let here = format!("/visits/{}/record", found.no);
    let amends = sheet.command() == CommandName::Amend;
    let record = change.after.record.as_ref();
    let reports = &change.reports;
    let promised = record.map_or(0, |it| it.promises.len());
    let finding = lang.of(
        format!("检查一下再保存：{}个问题，{promised}项承诺", reports.len()),
        format!("Look before you save: problems {}, promises {promised}", reports.len()),
    );
    let kept = typed.0.iter().filter(|(name, _)| !matches!(name.as_str(), "do" | "more"));
    let body = html! {
        main.page.narrow.hand.review id="main" {
            p.crumbs { a href={ "/visits/" (found.no) } { (lang.of("走访", "Visit")) " " (found.no) } }
            h1 lang="zh-CN" { (found.subject) }
            p.meta { strong { (finding) } }
            // All of it within the form, so that its button stays at the edge of the screen.
            form method="post" action=(here) {
                (problems(lang, sheet, typed, reports, address))
                @if let Some(record) = record { (brought(lang, sheet, record)) }
                @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
                p.save {
                    button name="do" value="back" { (lang.of("返回修改", "Back to the form")) }
                    button.primary name="do" value="save" { (if amends { lang.of("保存修改", "Save the amendment") } else { lang.of("保存走访记录", "Save the record") }) }
                }
            }
        }
    };
    page(&Frame { who, title: lang.of("检查走访记录", "Review the record"), news: sheet.news, here: &here }, body)
}

fn problems(lang: Lang, sheet: &Sheet, typed: &Typed, reports: &[Reported], address: &str) -> Markup {
    let no = sheet.met.found.no;
    let row =
        |id: &str| (0..super::typed::rows(typed, "problem")).find(|n| typed.get(&format!("problem.{n}.id")) == id);
    html! {
        section.sheet {
            h2 { (lang.of("将登记的问题", "Problems to be registered")) " " span.faint { (reports.len()) } }
            @if reports.is_empty() { p.faint { (lang.of("没有。", "None.")) } }
            ul.rows {
                @for it in reports {
                    li {
                        div.grow {
                            strong lang="zh-CN" { (it.title) }
                            @if !it.detail.is_empty() { (part::words(&it.detail)) }
                            p.meta lang="zh-CN" { (if it.place.is_empty() { address } else { &it.place }) }
                            p.meta {
                                (lang.of("反映人：", "Reporter: ")) span lang="zh-CN" { (sheet.met.found.subject) }
                                @if it.shielded { " · " (lang.of("对承办单位保密", "kept from the handling units")) }
                            }
                            @if let Some(n) = row(&it.id.to_string()) { (photos(lang, no, photo::of_row(typed, n))) }
                        }
                    }
                }
            }
            @if !reports.is_empty() { p.meta { (lang.of("保存后进入问题台账，由走访办梳理、交办；办到哪一步，您在首页看得到。", "They go into the ledger; the office triages and dispatches them, and you see on your home how far each is.")) } }
        }
    }
}

/// Small pictures of what waits to be sent.
pub fn photos<'p>(lang: Lang, visit_no: i64, ids: impl Iterator<Item = &'p str>) -> Markup {
    let ids: Vec<&str> = ids.collect();
    html! {
        @if !ids.is_empty() {
            ul.photos {
                @for (i, id) in ids.iter().enumerate() {
                    li { span.frame { img src={ "/visits/" (visit_no) "/photos/" (id) } alt=(lang.of(format!("照片{}", i + 1), format!("Photo {}", i + 1))) width="160" height="120"; } }
                }
            }
        }
    }
}

fn brought(lang: Lang, sheet: &Sheet, record: &Record) -> Markup {
    let name = |id: PersonId| sheet.people.iter().find(|(it, _)| *it == id).map_or("", |(_, name)| name.as_str());
    html! {
        @if !record.promises.is_empty() {
            section.sheet {
                h2 { (lang.of("答应的事", "What was promised")) " " span.faint { (record.promises.len()) } }
                ul.rows { @for it in &record.promises { li { span.grow lang="zh-CN" { (it.text) } span.meta { span lang="zh-CN" { (name(it.owner)) } " " (lang.of("期限", "until")) " " (it.due) } } } }
            }
        }
        section.sheet {
            h2 { (lang.of("走访情况", "Minutes")) }
            p.meta { (record.when.say()) @if !record.met.is_empty() { " · " span lang="zh-CN" { (record.met) } } }
            (part::words(&record.minutes))
        }
        @for filled in &record.filled {
            @if let Some(version) = sheet.asked.iter().find(|it| it.id == filled.version) {
                @let english = lang.is_en();
                section.sheet {
                    h2 { (said(lang, version.form.title(english))) }
                    dl.answers {
                        @for response in &filled.responses {
                            @if let Some(question) = version.form.questions.iter().find(|it| it.key == response.question) {
                                @let shown = question.show(response, english);
                                dt { (said(lang, question.ask(english))) }
                                dd lang=[tongue(lang, &shown)] { (shown) }
                            }
                        }
                    }
                }
            }
        }
        @if !record.findings.is_empty() {
            section.sheet {
                h2 { (lang.of("见闻", "Findings")) " " span.faint { (record.findings.len()) } }
                ul.rows { @for it in &record.findings { li { span.badge { (lang.of(it.kind.zh(), it.kind.en())) } span.grow lang="zh-CN" { (it.text) } } } }
            }
        }
    }
}
