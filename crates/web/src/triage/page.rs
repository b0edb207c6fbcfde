//! The page of the desk: list, detail and decision side by side; on a phone the list first, then one page for each.

use crate::asset;
use crate::auth::Who;
use crate::lang::Lang;
use crate::triage::decide::{self, recall};
use crate::triage::desk::{Desk, Done, Open};
use crate::triage::detail;
use crate::triage::key::{self, address};
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, Standing, said, tongue};
use crate::ui::slot::Refused;
use crate::ui::speech;
use domain::light;
use domain::problem::{Source, StateName};
use domain::time::Millis;
use maud::{Markup, html};
use store::triage::{MANY, Waiting};

/// `one`: the problem was asked for by its number; on a phone its page then shows instead of the list.
pub fn view(who: &Who, desk: &Desk, one: bool, refused: Option<&Refused>) -> Markup {
    let lang = who.lang;
    let here = match desk.open.as_ref().filter(|_| one) {
        Some(open) => format!("/triage/{}", open.shows.met.found.no),
        None => "/triage".into(),
    };
    let body = html! {
        main.split.triage id="main" data-one=[(one || desk.lines.is_empty()).then_some("")] {
            section.split-list aria-label=(lang.of("待梳理", "Waiting for triage")) { (queue(lang, desk)) }
            @match &desk.open {
                Some(open) => (laid_open(lang, desk, open, refused)),
                None => article.split-detail { (nothing(lang, !desk.lines.is_empty())) }
            }
            (key::line(lang))
        }
        @if let Some(done) = &desk.done { (toast(lang, desk, done)) }
        script type="module" src=(asset::url("triage.js")) {}
    };
    page(&Frame { who, title: lang.of("梳理台", "Triage"), news: desk.news, here: &here }, body)
}

fn nothing(lang: Lang, aside: bool) -> Markup {
    let (title, advice) = match aside {
        true => (
            lang.of("剩下的都先放着了", "All that is left was put aside"),
            lang.of("可以从单子里取回来办。", "Take it up again from the list."),
        ),
        false => (
            lang.of("都梳理完了", "Nothing waits for triage"),
            lang.of("新登记的问题会到这里来。", "What is registered next will come here."),
        ),
    };
    speech::empty(title, advice, Some(("/problems?by=newest", lang.of("看最新登记", "See the newest"))))
}

fn laid_open(lang: Lang, desk: &Desk, open: &Open, refused: Option<&Refused>) -> Markup {
    let slots = decide::slots(lang, desk, open, refused);
    let source = desk.source.map_or("", Source::code);
    html! {
        article.split-detail aria-labelledby="title" {
            nav.line.meta.crumbs aria-label=(lang.of("位置", "Where")) {
                a href=(address(None, source, None)) { (lang.of("待梳理", "Waiting for triage")) }
                span.push {
                    @if let Some(before) = desk.before { a rel="prev" data-press="k" href=(address(Some(before), source, None)) { (lang.of("上一件", "Previous")) " " kbd { "k" } } }
                    @if let Some(next) = desk.next { " " a rel="next" data-press="j" href=(address(Some(next), source, None)) { (lang.of("下一件", "Next")) " " kbd { "j" } } }
                }
            }
            (slots.dispatch.summary()) (slots.refuse.summary()) (slots.merge.summary()) (slots.other.summary())
            (detail::head(lang, desk, open))
            div.triage-grid {
                (detail::view(lang, desk, open, &slots))
                (decide::view(lang, desk, open, &slots))
            }
        }
    }
}

fn queue(lang: Lang, desk: &Desk) -> Markup {
    let all: i64 = desk.counts.iter().map(|(_, count)| count).sum();
    let many = desk.counts.iter().any(|(_, count)| *count >= MANY);
    let number = |count: i64, more: bool| if more { format!("{count}+") } else { count.to_string() };
    let (aside, fresh): (Vec<&Waiting>, Vec<&Waiting>) = desk.lines.iter().partition(|it| desk.aside.contains(&it.no));
    let source = desk.source.map_or("", Source::code);
    let last = desk.lines.last().filter(|_| desk.more);
    html! {
        header {
            h1 { (lang.of("待梳理", "Waiting for triage")) " " span.count-of { (number(all, many)) } }
            nav.tabs aria-label=(lang.of("来源", "Source")) {
                a href="/triage" aria-current=[desk.source.is_none().then_some("page")] { (lang.of("全部", "All")) }
                @for (it, count) in &desk.counts {
                    a href=(address(None, it.code(), None)) aria-current=[(desk.source == Some(*it)).then_some("page")] { (lang.of(it.zh(), it.en())) " " span.meta { (number(*count, *count >= MANY)) } }
                }
            }
        }
        form id="pick" method="get" action="/triage/several" {
            input type="hidden" name="source" value=(source);
            ol.queue { @for it in &fresh { (line(lang, desk, it)) } }
            @if !aside.is_empty() {
                h2 { (lang.of("先放着", "Put aside")) " " span.count-of { (aside.len()) } }
                ol.queue { @for it in &aside { (line(lang, desk, it)) } }
            }
            @if !desk.lines.is_empty() {
                p.together { button data-press="b" { (lang.of("选中的一起办", "Decide those selected")) " " span id="picked" {} " " kbd { "b" } } }
            }
        }
        @if let Some(last) = last {
            @let to = format!("/triage?after={}{}", last.no, if source.is_empty() { String::new() } else { format!("&source={source}") });
            (part::next_page(lang, Some(to)))
        }
    }
}

fn line(lang: Lang, desk: &Desk, it: &Waiting) -> Markup {
    let source = desk.source.map_or("", Source::code);
    let current = desk.open.as_ref().is_some_and(|open| open.shows.met.found.no == it.no);
    let light = light::light(desk.now, it.clock_at, false, false, &desk.terms.calendar);
    let standing = Standing { light, due: it.clock_at, late: false, now: desk.now, calendar: &desk.terms.calendar };
    html! {
        li aria-current=[current.then_some("true")] {
            input type="checkbox" name="no" value=(it.no) data-press=[current.then_some("x")] aria-label=(lang.of(format!("选中{}", it.no), format!("Select {}", it.no)));
            a href=(address(Some(it.no), source, None)) {
                span.line.meta {
                    span.badge { (lang.of(it.source.zh(), it.source.en())) }
                    span.whom lang=[tongue(lang, &it.whom)] { (it.whom) }
                    span.push { (moment(lang, it.registered_at, desk.now)) }
                }
                span.title lang="zh-CN" { (it.title) }
                span.meta { (part::light(lang, &standing)) }
            }
        }
    }
}

/// What was just done, and for a minute the way back.
fn toast(lang: Lang, desk: &Desk, done: &Done) -> Markup {
    let (no, lead) = (done.no, done.lead.and_then(|id| desk.directory.unit(id)).map(|it| it.label(lang.is_en())));
    let source = desk.source.map_or("", Source::code);
    match (done.state, lead, done.seconds) {
        (StateName::Dispatched, Some(lead), Some(seconds)) => {
            let sentence = html! {
                (lang.of("已把", "No.")) " " b { (no) } " " (lang.of("交办给", "went to ")) (said(lang, lead))
                (lang.of("，还可收回", "; it can be taken back for")) " " b data-left=(seconds) { (seconds) } " " (lang.of("秒", "s"))
            };
            speech::toast(&sentence, Some(recall(lang, no, done.revision, source)))
        }
        (state, ..) => speech::toast(&html! { b { (no) } " " (lang.of(state.zh(), state.en())) }, None),
    }
}

/// `今天 09:05`, `昨天 17:44`, otherwise the day.
pub fn moment(lang: Lang, at: Millis, now: Millis) -> Markup {
    let minute = at.minute();
    let time = minute.get(11..).unwrap_or_default();
    let words = match now.day().number() - at.day().number() {
        0 => format!("{} {time}", lang.of("今天", "Today")),
        1 => format!("{} {time}", lang.of("昨天", "Yesterday")),
        _ if at.day().year() == now.day().year() => minute.get(5..).unwrap_or_default().to_owned(),
        _ => at.day().to_string(),
    };
    html! { time datetime=(at.rfc3339()) title=(minute) { (words) } }
}
