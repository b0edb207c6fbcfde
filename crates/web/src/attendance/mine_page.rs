//! The page of one's own attendance; read on a phone first.

use super::mine::{PUNCHED, SHOWN, Seen};
use super::week::{finding, strip, two_weeks};
use super::{appeal_state, ask_state};
use crate::app::App;
use crate::auth::Who;
use crate::home::block::date;
use crate::lang::Lang;
use crate::ui::number::href;
use crate::ui::page::{Frame, page};
use crate::ui::part::{instant, said};
use crate::ui::speech;
use domain::attendance::appeal::{AppealState, can_be_appealed};
use domain::attendance::verdict::Judged;
use maud::{Markup, html};
use store::own_days::Place;
use store::punch::Punch;

pub(super) fn view(app: &App, who: &Who, seen: &Seen) -> Markup {
    let (lang, today) = (who.lang, app.now().day());
    let title = lang.of("我的考勤", "My days");
    let found = finding(lang, &seen.places, today);
    let (monday, end) = two_weeks(today);
    let attests: Vec<&Place> = seen.places.iter().filter(|it| it.staff.attests && it.site.ended_at.is_none()).collect();
    let body = html! {
        main.page.mine id="main" {
            @if let Some(it) = &seen.punched { (punched(lang, it)) }
            header.page-head {
                div { h1 { (said(lang, &found.title)) } p.meta { (date(lang, today)) } }
                div.line {
                    a.button href="/attendance/leave" { (lang.of("请假", "Ask leave")) }
                    @for it in &attests { a.button href={ "/sites/" (it.site.no) "/attest" } { (lang.of("代证", "Attest")) @if attests.len() > 1 { " " span lang="zh-CN" { (it.site.name) } } } }
                }
            }
            @if seen.places.is_empty() {
                (speech::empty(
                    lang.of("您还没有登记在任何工地", "You are entered at no site yet"),
                    lang.of("施工单位或监理单位登记您以后，这里写明哪天要到哪里。", "Once your firm has entered you, this page says on which day you are wanted where."),
                    None,
                ))
            } @else {
                p.lead { (said(lang, &found.note)) (lang.of("。", ".")) }
                p.hint { (lang.of("到工地后，用手机扫打卡屏上的码，或把身份证放到读卡器上；都不方便的，请有代证权限的人代证。", "At the site, scan the code on the punch screen or hold your identity card to the reader; where neither works, somebody who may attest does it.")) }
                section.part { h2 { (lang.of("本周", "This week")) } (strip(lang, &seen.places, &seen.names, (monday, monday.plus(6)), today)) }
                section.part { h2 { (lang.of("下周", "Next week")) } (strip(lang, &seen.places, &seen.names, (monday.plus(7), end), today)) }
            }
            div.mine-lists {
                (against(lang, seen))
                (punches(lang, seen))
                (leaves(lang, seen))
                (appeals(lang, seen))
            }
            @if !seen.places.is_empty() {
                p.meta {
                    (lang.of("月考勤表：", "Month sheets: "))
                    @for (n, it) in seen.places.iter().enumerate() {
                        @if n > 0 { (lang.of("、", ", ")) }
                        a href={ "/sites/" (it.site.no) "/month" } lang="zh-CN" { (it.site.name) }
                    }
                }
            }
        }
    };
    page(&Frame { who, title, news: seen.news, here: "/attendance" }, body)
}

fn punched(lang: Lang, it: &Punch) -> Markup {
    speech::toast(
        &html! {
            (it.what.at.clock()) " " span lang="zh-CN" { (it.site_name) } " "
            @if it.waits { (lang.of("已记下，待复核", "noted, to be reviewed")) } @else { (lang.of("已打卡", "punched in")) }
        },
        None,
    )
}

/// Days of a list; the month sheet has all of them.
const AGAINST: usize = 10;

/// Days that went against him and of which he has not spoken yet.
fn against(lang: Lang, seen: &Seen) -> Markup {
    let spoken = |place: &Place, it: &Judged| {
        let same = |appeal: &&store::appeal::Found| {
            appeal.appeal.site == place.site.id
                && appeal.appeal.day == it.day
                && appeal.appeal.state != AppealState::Withdrawn
        };
        seen.appeals.iter().any(|appeal| same(&appeal))
    };
    let mut days: Vec<(&Place, &Judged)> = Vec::new();
    for place in &seen.places {
        let open = place.behind.iter().filter(|it| can_be_appealed(it.verdict) && !spoken(place, it));
        days.extend(open.map(|it| (place, it)));
    }
    days.sort_by_key(|it| std::cmp::Reverse(it.1.day));
    html! {
        @if !days.is_empty() {
            section.sheet id="against" {
                h2 { (lang.of("可以申诉的日子", "Days you can appeal")) " " span.count { (days.len()) } }
                ul.rows {
                    @for (place, it) in days.iter().take(AGAINST) {
                        li {
                            div.grow {
                                p { (said(lang, &lang.of(it.zh(), it.en()))) }
                                p.meta lang="zh-CN" { (place.site.name) }
                            }
                            a.button href=(href("/attendance/appeal", &[("site", &place.site.no.to_string()), ("day", &it.day.to_string())])) { (lang.of("申诉", "Appeal")) }
                        }
                    }
                }
                @if days.len() > AGAINST { p.hint { (lang.of("更早的在月考勤表里。", "Earlier ones stand in the month sheet.")) } }
            }
        }
    }
}

fn punches(lang: Lang, seen: &Seen) -> Markup {
    html! {
        section.sheet id="punches" {
            h2 { (lang.of(format!("最近{PUNCHED}天打卡"), format!("Punches of the last {PUNCHED} days"))) }
            @if seen.punches.is_empty() { p.hint { (lang.of("没有打卡。", "None.")) } }
            @else {
                ul.rows {
                    @for it in &seen.punches {
                        li {
                            span.when { (instant(Some(it.what.at))) }
                            a href={ "/punches/" (it.id) } lang="zh-CN" { (it.site_name) }
                            span.meta { (super::way(lang, it)) }
                        }
                    }
                }
            }
        }
    }
}

fn leaves(lang: Lang, seen: &Seen) -> Markup {
    html! {
        section.sheet id="leave" {
            h2 { (lang.of("我的请假", "My leave")) }
            @if seen.leaves.is_empty() { p.hint { (lang.of("没有请过假。", "None.")) } }
            @else {
                ul.rows {
                    @for it in &seen.leaves {
                        @let what = &it.asked.what;
                        li {
                            a href={ "/leaves/" (it.id) } { (what.from) " – " (what.to) " " (lang.of(what.kind.zh(), what.kind.en())) }
                            (ask_state(lang, it.asked.state))
                        }
                    }
                }
            }
        }
    }
}

fn appeals(lang: Lang, seen: &Seen) -> Markup {
    html! {
        @if !seen.appeals.is_empty() {
            section.sheet id="appeals" {
                h2 { (lang.of("我的申诉", "My appeals")) }
                ul.rows {
                    @for it in seen.appeals.iter().take(SHOWN as usize) {
                        li {
                            a href={ "/appeals/" (it.no) } { (it.appeal.day) " " span lang="zh-CN" { (it.site_name) } }
                            (appeal_state(lang, it.appeal.state))
                        }
                    }
                }
            }
        }
    }
}
