//! The page of one appeal.

use super::decide::Seen;
use super::{appeal_state, way};
use crate::auth::Who;
use crate::home::block::date;
use crate::lang::Lang;
use crate::site::key::cause;
use crate::ui::page::{Frame, page};
use crate::ui::part::{instant, said, words};
use crate::ui::slot::{Refused, Slot, fresh};
use crate::ui::speech;
use domain::attendance::appeal::AppealCommand;
use domain::problem::Stamp;
use maud::{Markup, html};

pub(super) fn view(who: &Who, seen: &Seen, refused: Option<&Refused>) -> Markup {
    let (lang, found, it) = (who.lang, &seen.found, &seen.found.appeal);
    let here = format!("/appeals/{}", found.no);
    let title = lang.of(
        format!("{}的申诉（第{}号）", found.name, found.no),
        format!("Appeal of {} (no. {})", found.name, found.no),
    );
    let revision = || fresh([("seen", it.revision.to_string())]);
    let decide = Slot::new(lang, "decide", refused, revision);
    let withdraw = Slot::new(lang, "withdraw", refused, revision);
    let may = |command: AppealCommand| seen.possible.contains(&command);
    let body = html! {
        main.page.narrow id="main" {
            (super::crumbs(who))
            header.page-head {
                div {
                    h1 { (said(lang, &title)) }
                    p.meta { a href={ "/sites/" (found.site_no) } lang="zh-CN" { (found.site_name) } " · " (date(lang, it.day)) }
                }
                (appeal_state(lang, it.state))
            }
            (decide.summary()) (withdraw.summary())
            section.sheet {
                dl.pairs {
                    dt { (lang.of("申诉时的结论", "Verdict then")) }
                    dd { (lang.of(it.verdict.zh(), it.verdict.en())) " · " (lang.of(it.reason.zh(), it.reason.en())) }
                    dt { (lang.of("现在的结论", "Verdict now")) }
                    dd { @match &seen.judged { Some(it) => { (said(lang, &lang.of(it.zh(), it.en()))) } None => { "—" } } }
                    dt { (lang.of("提出", "Filed")) } dd { (stamped(lang, seen, it.filed)) }
                    @if let Some(at) = it.decided { dt { (lang.of("办结", "Decided")) } dd { (stamped(lang, seen, at)) } }
                    dt { (lang.of("陈述", "What he says")) }
                    dd {
                        @match &found.words {
                            _ if !seen.sees_words => { span.faint { (lang.of("只给本人和建设局看", "Read only by the person and the bureau")) } }
                            None => { span.faint { (lang.of("已销毁", "Destroyed")) } }
                            Some(text) => { (words(text)) }
                        }
                    }
                    @if !it.words.is_empty() && seen.sees_words { dt { (lang.of("决定的理由", "Why it was decided so")) } dd { (words(&it.words)) } }
                }
            }
            (evidence(lang, seen))
            (history(lang, seen))
            @if seen.is_party {
                (speech::banner(html! { p { (lang.of("当天的打卡是您复核或代证的，或者申诉人就是您，不能由您决定；请建设局另一人办理。", "You ruled on the day's punches, attested them, or it is your own appeal; another person of the bureau must decide.")) } }))
            }
            @if may(AppealCommand::Uphold) { (decision(lang, &decide, &here)) }
            @if may(AppealCommand::Withdraw) {
                form.part method="post" action={ (here) "/withdraw" } {
                    (withdraw.hidden("seen"))
                    button { (lang.of("撤回申诉", "Withdraw the appeal")) }
                }
            }
        }
    };
    let tab = lang.of(format!("申诉第{}号", found.no), format!("Appeal no. {}", found.no));
    page(&Frame { who, title: &tab, news: seen.news, here: &here }, body)
}

fn stamped(lang: Lang, seen: &Seen, it: Stamp) -> Markup {
    let name = it.by.and_then(|it| seen.names.get(&it)).map_or("", String::as_str);
    html! { (said(lang, name)) " " (instant(Some(it.at))) }
}

fn evidence(lang: Lang, seen: &Seen) -> Markup {
    html! {
        section.sheet.part {
            h2 { (lang.of("当天打卡", "Punches of the day")) }
            @if seen.punches.is_empty() { p.hint { (lang.of("没有打卡。", "None.")) } }
            @else {
                ul.rows {
                    @for it in &seen.punches {
                        li {
                            span.when { (instant(Some(it.what.at))) }
                            span.grow {
                                (way(lang, it))
                                @if let Some(ruling) = it.what.rulings.last() { " · " (if ruling.accepted { lang.of("已采信", "accepted") } else { lang.of("未采信", "rejected") }) }
                            }
                            a.button.next href={ "/punches/" (it.id) } { (lang.of("看证据", "Evidence")) }
                        }
                    }
                }
            }
        }
    }
}

fn history(lang: Lang, seen: &Seen) -> Markup {
    html! {
        @if !seen.history.is_empty() {
            section.sheet.part {
                h2 { (lang.of("结论的变化", "How the verdict changed")) }
                ol.rows {
                    @for it in &seen.history {
                        li {
                            span.when { (instant(Some(it.at))) }
                            span.grow { b { (lang.of(it.judged.verdict.zh(), it.judged.verdict.en())) } " · " (lang.of(it.judged.reason.zh(), it.judged.reason.en())) }
                            span.meta { (cause(lang, &it.cause)) }
                        }
                    }
                }
            }
        }
    }
}

fn decision(lang: Lang, slot: &Slot, here: &str) -> Markup {
    html! {
        form.sheet.part method="post" action={ (here) "/uphold" } {
            h2 { (lang.of("决定", "Decision")) }
            (slot.hidden("seen"))
            (slot.form().field("words", "理由", "Reason").hint(lang.of("成立的，当天存疑的打卡算数；没有打卡的，由本决定记入到岗。前后两个结论都留着。", "Upheld, the day's doubtful punches count; where there are none, this decision enters that he was there. Both verdicts stay.")).area(3))
            div.line {
                button.primary { (lang.of("申诉成立", "Uphold")) }
                button formaction={ (here) "/reject" } { (lang.of("维持原结论", "Reject")) }
            }
        }
    }
}
