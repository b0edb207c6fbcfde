//! The page of one leave or one substitution.

use super::ask_state;
use super::asked::{Course, Kind, Seen, Thing};
use crate::app::Directory;
use crate::auth::Who;
use crate::lang::Lang;
use crate::ui::page::{Frame, page};
use crate::ui::part::{instant, said, words};
use crate::ui::slot::{Refused, Slot, fresh};
use crate::ui::speech;
use domain::attendance::asked::AskCommand;
use domain::id::PersonId;
use domain::problem::Stamp;
use maud::{Markup, html};
use std::collections::BTreeMap;

pub(super) fn view(who: &Who, directory: &Directory, seen: &Seen, refused: Option<&Refused>) -> Markup {
    let (lang, course) = (who.lang, &seen.course);
    let (kind, id, title) = match &seen.thing {
        Thing::Leave(it) => {
            (Kind::Leave, it.id.to_string(), lang.of(format!("{}请假", it.name), format!("Leave of {}", it.name)))
        }
        Thing::Substitute(it) => (
            Kind::Substitute,
            it.id.to_string(),
            lang.of(
                format!("{}替{}顶岗", it.name, it.instead_of_name),
                format!("{} stands in for {}", it.name, it.instead_of_name),
            ),
        ),
    };
    let here = format!("{}/{id}", kind.path());
    let seen_revision = || fresh([("seen", course.revision.to_string())]);
    let decide = Slot::new(lang, "decide", refused, seen_revision);
    let withdraw = Slot::new(lang, "withdraw", refused, seen_revision);
    let may = |command: AskCommand| course.possible.contains(&command);
    let body = html! {
        main.page.narrow id="main" {
            (super::crumbs(who))
            header.page-head { h1 { (said(lang, &title)) } (ask_state(lang, course.state)) }
            (decide.summary()) (withdraw.summary())
            section.sheet {
                dl.pairs {
                    (what(lang, seen))
                    dt { (lang.of("申请", "Asked")) }
                    dd { (stamped(lang, &seen.names, course.asked)) @if course.by_firm { " " (lang.of("（单位代为申请）", "(by the firm)")) } }
                    (consents(lang, directory, seen))
                    @if let Some(it) = course.decided { dt { (lang.of("办结", "Decided")) } dd { (stamped(lang, &seen.names, it)) } }
                    @if !course.reason.is_empty() && seen.sees_words { dt { (lang.of("不同意的理由", "Why it was refused")) } dd { (words(&course.reason)) } }
                }
            }
            @if seen.is_party {
                (speech::banner(html! { p { (lang.of("您是申请人或当事人，不能自己决定；请贵单位另一人办理。", "You asked for it or it is about you, so you cannot decide it; another person of your unit must.")) } }))
            }
            @if may(AskCommand::Grant) { (decision(lang, &decide, &here)) }
            @if may(AskCommand::Withdraw) {
                form.part method="post" action={ (here) "/withdraw" } {
                    (withdraw.hidden("seen"))
                    button { (lang.of("撤回申请", "Withdraw")) }
                }
            }
        }
    };
    let tab = match kind {
        Kind::Leave => lang.of("请假", "Leave"),
        Kind::Substitute => lang.of("顶岗", "Substitute"),
    };
    page(&Frame { who, title: tab, news: seen.news, here: &here }, body)
}

fn what(lang: Lang, seen: &Seen) -> Markup {
    match &seen.thing {
        Thing::Leave(it) => {
            let leave = &it.asked.what;
            html! {
                dt { (lang.of("假别", "Kind")) } dd { (lang.of(leave.kind.zh(), leave.kind.en())) }
                dt { (lang.of("日期", "Days")) } dd { (leave.from) " – " (leave.to) }
                dt { (lang.of("原因", "Why")) }
                dd {
                    @match &it.words {
                        _ if !seen.sees_words => { span.faint { (lang.of("只给本人、其单位、有关建设单位和建设局看", "Read only by the person, his firm, the owners concerned and the bureau")) } }
                        None => { span.faint { (lang.of("已销毁", "Destroyed")) } }
                        Some(text) => { (words(text)) }
                    }
                }
            }
        }
        Thing::Substitute(it) => {
            let what = &it.asked.what;
            html! {
                dt { (lang.of("工地", "Site")) } dd { a href={ "/sites/" (it.site_no) } lang="zh-CN" { (it.site_name) } }
                dt { (lang.of("替谁", "Instead of")) } dd lang="zh-CN" { (it.instead_of_name) }
                dt { (lang.of("谁顶岗", "Who stands in")) } dd lang="zh-CN" { (it.name) }
                dt { (lang.of("日期", "Days")) } dd { (what.from) " – " (what.to) }
            }
        }
    }
}

fn stamped(lang: Lang, names: &BTreeMap<PersonId, String>, it: Stamp) -> Markup {
    let name = it.by.and_then(|it| names.get(&it)).map_or("", String::as_str);
    html! { (said(lang, name)) " " (instant(Some(it.at))) }
}

fn consents(lang: Lang, directory: &Directory, seen: &Seen) -> Markup {
    let Course { consents, .. } = &seen.course;
    html! {
        dt { (lang.of("建设单位", "Owners")) }
        dd {
            ul {
                @for (owner, given) in consents {
                    li {
                        (said(lang, directory.unit(*owner).map_or("", |it| it.label(lang.is_en())))) (lang.of("：", ": "))
                        @match given {
                            Some(it) => { (lang.of("同意", "agreed")) " " (stamped(lang, &seen.names, *it)) }
                            None => { span.faint { (lang.of("还没有表态", "no word yet")) } }
                        }
                    }
                }
            }
        }
    }
}

fn decision(lang: Lang, slot: &Slot, here: &str) -> Markup {
    html! {
        form.sheet.part method="post" action={ (here) "/grant" } {
            h2 { (lang.of("贵单位的意见", "Your unit's word")) }
            (slot.hidden("seen"))
            (slot.form().field("words", "理由", "Reason").hint(lang.of("不同意时必填。", "Needed where you refuse.")).area(2))
            div.line {
                button.primary { (lang.of("同意", "Grant")) }
                button formaction={ (here) "/refuse" } { (lang.of("不同意", "Refuse")) }
            }
        }
    }
}
