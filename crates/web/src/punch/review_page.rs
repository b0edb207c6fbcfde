//! The page of one punch.

use super::review::Seen;
use crate::attendance::{crumbs, way};
use crate::auth::Who;
use crate::lang::Lang;
use crate::ui::page::{Frame, page};
use crate::ui::part::{instant, said, words};
use crate::ui::slot::{Refused, Slot};
use crate::ui::speech;
use domain::attendance::roll::Way;
use maud::{Markup, html};
use store::punch::Punch;

pub(super) fn view(who: &Who, seen: &Seen, refused: Option<&Refused>) -> Markup {
    let (lang, it) = (who.lang, &seen.punch);
    let here = format!("/punches/{}", it.id);
    let title = lang.of(format!("{}的打卡", it.name), format!("Punch of {}", it.name));
    let slot = Slot::new(lang, "decide", refused, Default::default);
    let body = html! {
        main.page.narrow id="main" {
            (crumbs(who))
            header.page-head {
                div { h1 { (said(lang, &title)) } p.meta { a href={ "/sites/" (it.site_no) } lang="zh-CN" { (it.site_name) } } }
                (state(lang, seen))
            }
            (slot.summary())
            (evidence(lang, seen))
            @if !seen.decided.is_empty() {
                section.sheet.part {
                    h2 { (lang.of("复核", "Review")) }
                    ul.rows {
                        @for it in &seen.decided {
                            li {
                                span.when { (instant(Some(it.at))) }
                                span.grow { b { (if it.accepted { lang.of("采信", "Accepted") } else { lang.of("不采信", "Rejected") }) } " " span lang="zh-CN" { (it.by_name) } }
                                @if seen.sees_words { span.meta lang="zh-CN" { (reason(lang, &it.reason)) } }
                            }
                        }
                    }
                }
            }
            @if !seen.others.is_empty() {
                section.sheet.part {
                    h2 { (lang.of("当天其他打卡", "Other punches of the day")) }
                    ul.rows { @for it in &seen.others { (other(lang, it)) } }
                }
            }
            @if it.waits && seen.is_bureau && seen.is_party {
                (speech::banner(html! { p { (lang.of("这次打卡是您的，或者由您代证，不能由您决定；请建设局另一人办理。", "It is your own punch or you attested it; another person of the bureau must decide.")) } }))
            } @else if it.waits && seen.is_bureau {
                form.sheet.part method="post" action={ (here) "/accept" } {
                    h2 { (lang.of("决定", "Decision")) }
                    (slot.form().field("words", "理由", "Reason").hint(lang.of("凭什么认定，例如监控、施工日志、电话核实。", "On what it rests: camera, site diary, a call.")).area(3))
                    div.line {
                        button.primary { (lang.of("采信，算到岗", "Accept: it counts")) }
                        button formaction={ (here) "/reject" } { (lang.of("不采信", "Reject")) }
                    }
                }
            }
        }
    };
    page(&Frame { who, title: lang.of("打卡", "Punch"), news: seen.news, here: &here }, body)
}

fn state(lang: Lang, seen: &Seen) -> Markup {
    let (light, words) = match (seen.punch.waits, seen.decided.last()) {
        (true, _) => ("yellow", lang.of("待复核", "To be reviewed")),
        (false, Some(it)) if !it.accepted => ("red", lang.of("不采信", "Rejected")),
        (false, Some(_)) => ("done", lang.of("已采信", "Accepted")),
        (false, None) => ("done", lang.of("算数", "Counts")),
    };
    html! { span.light data-light=(light) { (words) } }
}

fn evidence(lang: Lang, seen: &Seen) -> Markup {
    let it = &seen.punch;
    html! {
        section.sheet {
            dl.pairs {
                dt { (lang.of("打卡时间", "Punched at")) } dd { (it.what.at.second()) }
                dt { (lang.of("收到时间", "Received at")) } dd { @match it.what.received { Some(at) => (at.second()), None => "—" } }
                dt { (lang.of("方式", "Way")) } dd { (lang.of(it.what.way.zh(), it.what.way.en())) }
                @if let Some(device) = &it.what.device { dt { (lang.of("设备", "Device")) } dd { (device) } }
                @if it.what.drift_s != 0 { dt { (lang.of("设备时钟偏差", "Device clock off by")) } dd { (it.what.drift_s) (lang.of("秒", " s")) } }
                @if !it.by_name.is_empty() { dt { (lang.of("代证、录入人", "Attested or entered by")) } dd lang="zh-CN" { (it.by_name) } }
                @if let Some(doubt) = it.what.doubt { dt { (lang.of("为什么要复核", "Why it is reviewed")) } dd { (lang.of(doubt.zh(), doubt.en())) } }
                @if seen.sees_words && !it.raw.is_empty() {
                    dt { (lang.of("凭据", "What came along")) }
                    dd { (raw(lang, it)) }
                }
            }
        }
    }
}

/// As it came; of a card nothing is kept but that it was one.
fn raw(lang: Lang, it: &Punch) -> Markup {
    match (it.what.way, it.raw.as_str()) {
        (Way::Attestation, text) => words(&reason(lang, text)),
        (Way::IdCard, "card") => {
            html! { (lang.of("在打卡屏上刷身份证；号码不留。", "An identity card at the punch screen; its number is not kept.")) }
        }
        (Way::Qr, text) => html! { (lang.of("扫码凭据", "Ticket of the scan")) " " code { (text) } },
        (_, text) => html! { code { (text) } },
    }
}

/// Decisions of appeals name their number.
fn reason(lang: Lang, text: &str) -> String {
    match text.strip_prefix("appeal:") {
        Some(no) => lang.of(format!("第{no}号申诉成立"), format!("Appeal no. {no} was upheld")),
        None => text.to_owned(),
    }
}

fn other(lang: Lang, it: &Punch) -> Markup {
    html! {
        li {
            span.when { (instant(Some(it.what.at))) }
            a href={ "/punches/" (it.id) } lang="zh-CN" { (it.site_name) }
            span.meta { (way(lang, it)) }
        }
    }
}
