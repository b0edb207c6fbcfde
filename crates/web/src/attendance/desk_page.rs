//! The page of the desk of sites.

use super::desk::{Asked, BureauDesk, OwnerDesk, Seen};
use super::way;
use crate::app::App;
use crate::auth::Who;
use crate::home::block::many;
use crate::lang::Lang;
use crate::ui::number::href;
use crate::ui::page::{Frame, page};
use crate::ui::part::{instant, next_page, said};
use crate::ui::speech;
use domain::time::Millis;
use maud::{Markup, html};
use store::site_desk::{Counts, Plan};

/// Plans of a list; more than that wait for nobody's convenience.
const PLANS: usize = 50;

pub(super) fn view(app: &App, who: &Who, seen: &Seen) -> Markup {
    let lang = who.lang;
    let title = match seen.counts.sum() {
        0 => lang.of("没有等您办的".to_owned(), "Nothing waits for you".to_owned()),
        n => lang.of(format!("{}件等办", many(lang, n)), format!("{} to be decided", many(lang, n))),
    };
    let body = html! {
        main.page.desk id="main" {
            p.crumbs { a href="/sites" { (lang.of("工地", "Sites")) } }
            header.page-head { div { h1 { (title) } p.meta { (lang.of("等得最久的在前", "The longest waiting first")) } } }
            @if seen.owner.is_none() && seen.bureau.is_none() && seen.contractor.is_none() {
                (speech::empty(
                    lang.of("这里没有要您办的", "There is nothing for you to do here"),
                    lang.of("建设单位在这里同意请假、顶岗，确认阶段名单；建设局在这里审批、复核；施工单位在这里看到被退回的名单。", "Owners agree to leave and substitutes and confirm plans here, the bureau approves and reviews, contractors find plans that were returned."),
                    Some(("/sites", lang.of("看工地", "The sites"))),
                ))
            }
            @if seen.bureau.as_ref().is_some_and(|it| !it.acts) {
                (speech::banner(html! { p { (lang.of("以下由建设局办理。", "The bureau decides what follows.")) } }))
            }
            div.desk-lists {
                @if let Some(it) = &seen.owner { (owner(lang, app.now(), it)) }
                @if let Some(it) = &seen.bureau { (bureau(lang, app.now(), it, &seen.counts)) }
                @if let Some(plans) = &seen.contractor {
                    (section(lang, "returned", lang.of("被退回的阶段名单", "Plans that were returned"), plans.len() as i64, lang.of("名单被退回时，带着理由出现在这里；改好再报，就从这里消失。", "A returned plan stands here with its reason until its next version is filed."), plan_rows(lang, app.now(), plans)))
                }
            }
        }
    };
    page(&Frame { who, title: &title, news: seen.news, here: "/sites/desk" }, body)
}

/// A list with its name; where it is empty, what would stand in it.
fn section(lang: Lang, id: &str, title: &str, count: i64, empty: &str, rows: Markup) -> Markup {
    html! {
        section.sheet.part id=(id) {
            h2 { (title) " " @if count > 0 { span.count { (many(lang, count)) } } }
            @if count == 0 { p.hint { (lang.of("现在没有。", "None now. ")) (empty) } } @else { (rows) }
        }
    }
}

/// How long something has waited, in days.
fn since(lang: Lang, at: Millis, now: Millis) -> Markup {
    let days = now.day().number() - at.day().number();
    let words = match days {
        0 => lang.of("今天".to_owned(), "today".to_owned()),
        n => lang.of(format!("等了{n}天"), format!("waits {n} d")),
    };
    html! { span.when { (instant(Some(at))) } span.meta { (words) } }
}

fn plan_rows(lang: Lang, now: Millis, plans: &[Plan]) -> Markup {
    html! {
        ul.rows {
            @for it in plans.iter().take(PLANS) {
                li {
                    (since(lang, it.at, now))
                    a href={ "/sites/" (it.site.no) "/plans/" (it.version) } {
                        span lang="zh-CN" { (it.site.name) } " " (lang.of(format!("第{}版", it.version), format!("version {}", it.version)))
                    }
                    @if !it.reason.is_empty() { span.meta lang="zh-CN" { (it.reason) } }
                }
            }
        }
        @if plans.len() > PLANS { p.meta { (lang.of(format!("先办前{PLANS}件，其余随后出现。"), format!("The first {PLANS}; the others follow."))) } }
    }
}

fn owner(lang: Lang, now: Millis, desk: &OwnerDesk) -> Markup {
    let asked = html! {
        ul.rows {
            @for (it, at) in &desk.asked {
                li {
                    (since(lang, *at, now))
                    @match it {
                        Asked::Leave(it) => {
                            @let what = &it.asked.what;
                            a href={ "/leaves/" (it.id) } { span lang="zh-CN" { (it.name) } " " (lang.of(what.kind.zh(), what.kind.en())) " " (what.from) " – " (what.to) }
                        }
                        Asked::Substitute(it) => {
                            @let what = &it.asked.what;
                            a href={ "/substitutes/" (it.id) } { span lang="zh-CN" { (it.name) " → " (it.instead_of_name) } " " (lang.of("顶岗", "stands in")) " " (what.from) " – " (what.to) }
                            span.meta lang="zh-CN" { (it.site_name) }
                        }
                    }
                }
            }
        }
    };
    html! {
        (section(lang, "asked", lang.of("请假和顶岗", "Leave and substitutes"), desk.asked.len() as i64, lang.of("有人在贵单位的工地请假或安排顶岗时，出现在这里。", "When somebody at your sites asks leave or a substitute is named, it stands here."), asked))
        (section(lang, "confirm", lang.of("待确认的阶段名单", "Plans to confirm"), desk.plans.len() as i64, lang.of("施工单位申报阶段名单后，出现在这里。", "When a contractor files a stage plan, it stands here."), plan_rows(lang, now, &desk.plans)))
    }
}

/// What stood on this page of the list was decided meanwhile.
fn from_the_first(lang: Lang, href: &str) -> Markup {
    html! { p { a href=(href) { (lang.of("从头看", "From the first")) } } }
}

fn bureau(lang: Lang, now: Millis, desk: &BureauDesk, counts: &Counts) -> Markup {
    let punches = html! {
        ul.rows {
            @for it in &desk.punches {
                li {
                    (since(lang, it.what.received.unwrap_or(it.what.at), now))
                    a href={ "/punches/" (it.id) } { span lang="zh-CN" { (it.name) " · " (it.site_name) } " " (instant(Some(it.what.at))) }
                    span.meta { (way(lang, it)) }
                }
            }
        }
        @if desk.punches.is_empty() { (from_the_first(lang, "/sites/desk#punches")) }
        (next_page(lang, desk.more_punches.as_ref().map(|after| href("/sites/desk", &[("punch", after)]) + "#punches")))
    };
    let appeals = html! {
        ul.rows {
            @for it in &desk.appeals {
                li {
                    (since(lang, it.appeal.filed.at, now))
                    a href={ "/appeals/" (it.no) } { (it.no) " " span lang="zh-CN" { (it.name) " · " (it.site_name) } " " (it.appeal.day) }
                    span.meta { (said(lang, lang.of(it.appeal.verdict.zh(), it.appeal.verdict.en()))) }
                }
            }
        }
        @if desk.appeals.is_empty() { (from_the_first(lang, "/sites/desk#open-appeals")) }
        (next_page(lang, desk.more_appeals.map(|after| href("/sites/desk", &[("appeal", &after.to_string())]) + "#open-appeals")))
    };
    html! {
        (section(lang, "approve", lang.of("待审批的阶段名单", "Plans to approve"), desk.plans.len() as i64, lang.of("建设单位确认后，出现在这里。", "Once an owner has confirmed a plan, it stands here."), plan_rows(lang, now, &desk.plans)))
        (section(lang, "punches", lang.of("待复核的打卡", "Punches to review"), counts.punches.max(desk.punches.len() as i64), lang.of("代证、时钟偏差过大、同时出现在两处的打卡，等人看过才算数。", "Attested punches, clocks far off, two places at once: a person looks before they count."), punches))
        (section(lang, "open-appeals", lang.of("待处理的申诉", "Open appeals"), counts.appeals.max(desk.appeals.len() as i64), lang.of("当事人对某天的结论有异议时，出现在这里。", "When somebody appeals against a day's verdict, it stands here."), appeals))
    }
}
