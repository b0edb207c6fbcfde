//! The page of one visit: who, when, where it stands, what can be done, the record, its versions and its course.

use crate::auth::Who;
use crate::error::Error;
use crate::lang::Lang;
use crate::ui::field::{Typed, error_summary};
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, said, tongue};
use crate::ui::term::term;
use crate::visit::show::Shows;
use crate::visit::{steps, timeline, version};
use domain::promise::State as PromiseState;
use domain::visit::{self, CommandName, Purpose, Record, State, StateName};
use maud::{Markup, html};
use store::promise::Promise;

/// A step that was refused: shown again with everything that was typed.
pub struct Refused<'a> {
    pub step: CommandName,
    pub typed: &'a Typed,
    pub error: &'a Error,
}

pub fn view(who: &Who, shows: &Shows, refused: Option<&Refused>) -> Markup {
    let (lang, found, visit) = (who.lang, &shows.met.found, shows.visit());
    let able = visit::steps(&shows.met.ties, visit.state.name());
    let next = steps::next(shows, &able);
    let offered = |step: CommandName| matches!(step, CommandName::Agree | CommandName::Decline) && able.contains(&step);
    let body = html! {
        main.page id="main" data-taken={ "/visits/" (found.no) "/record" } data-revision=(visit.revision) {
            p.crumbs { a href="/visits" { (lang.of("走访", "Visits")) } }
            header.page-head {
                div {
                    h1 { a.plain href={ "/subjects/" (found.subject_no) } lang="zh-CN" { (found.subject) } }
                    p.line {
                        span.no { (lang.of("走访", "Visit")) " " (found.no) }
                        @if visit.state.name().is_recorded() { (part::done(lang.of(visit.state.name().zh(), visit.state.name().en()))) }
                        @else { span.badge.strong { (lang.of(visit.state.name().zh(), visit.state.name().en())) } }
                        @if visit.purpose == Purpose::Stay { span.badge { (lang.of("蹲点", "Stay")) } }
                        span { (visit.when.say()) }
                    }
                }
            }
            // A step that is over by now: its words are still there to be copied.
            @if let Some(refused) = refused.filter(|it| !offered(it.step)) { (over(lang, refused)) }
            div.columns {
                div.sheet.document {
                    (plan(lang, shows))
                    @if let Some(record) = &visit.record { (self::record(lang, shows, record)) }
                    (version::view(lang, shows))
                    section {
                        h2 { (lang.of("经过", "Course")) " " span.faint { (lang.of("最新在上", "newest first")) } }
                        (timeline::view(lang, &shows.events))
                    }
                }
                aside { (steps::view(who, shows, refused.filter(|it| offered(it.step)))) }
            }
            @if let Some(command) = next {
                @let href = if command == CommandName::Record { format!("/visits/{}/record", found.no) } else { "#next".to_owned() };
                a.thumb href=(href) { (lang.of(command.zh(), steps::said(command))) }
            }
        }
    };
    let title = format!("{} {}", lang.of("走访", "Visit"), found.no);
    page(&Frame { who, title: &title, news: shows.news, here: &format!("/visits/{}", found.no) }, body)
}

fn over(lang: Lang, refused: &Refused) -> Markup {
    let told = refused.error.tell();
    let words = ["words", "with"].map(|name| refused.typed.get(name)).into_iter().find(|it| !it.is_empty());
    html! {
        (error_summary(lang, &lang.of(told.zh, told.en)))
        @if let Some(words) = words { div.banner { p { (lang.of("您写的内容：", "What you wrote:")) } (part::words(words)) } }
    }
}

fn plan(lang: Lang, shows: &Shows) -> Markup {
    let visit = shows.visit();
    let unit = shows.directory.unit(visit.unit).map(|it| it.label(lang.is_en())).unwrap_or_default();
    let people: Vec<&str> = visit.people.iter().map(|id| shows.name(*id)).collect();
    html! {
        section {
            h2 { (lang.of("安排", "Plan")) }
            dl.pairs {
                dt { (lang.of("时间", "When")) } dd { (visit.when.say()) }
                dt { (lang.of("谁去", "Who")) }
                dd { span lang="zh-CN" { (shows.name(visit.officer)) } " " span.faint { (said(lang, unit)) } @if !people.is_empty() { " " span lang="zh-CN" { (people.join("、")) } } }
                @if let State::Agreed { with, .. } = &visit.state { @if !with.is_empty() { dt { (lang.of("约定", "Agreed with")) } dd lang="zh-CN" { (with) } } }
                @if !shows.subject.card.address.is_empty() { dt { (lang.of("地址", "Address")) } dd lang="zh-CN" { (shows.subject.card.address) } }
                @for it in shows.contacts.iter().take(3) {
                    dt { (lang.of("联系人", "Contact")) }
                    dd { span lang="zh-CN" { (it.name) " " (it.post) } " " @if !it.phone.is_empty() { a href={ "tel:" (it.phone) } { (it.phone) } } }
                }
                @if let Some(round) = &shows.round {
                    dt { (lang.of("轮次", "Round")) }
                    dd lang="zh-CN" { (round.name) @if let Some(team) = &shows.team { " " (team) } }
                } @else { dt { (lang.of("轮次", "Round")) } dd { (lang.of("不属于任何轮次", "of no round")) } }
            }
            @if !visit.state.name().is_recorded() && visit.state.name() != StateName::Declined { (open_promises(lang, shows)) }
        }
    }
}

/// Before one goes: what was promised there and is still open.
fn open_promises(lang: Lang, shows: &Shows) -> Markup {
    let open: Vec<&Promise> = shows.promises.iter().filter(|it| it.state == PromiseState::Open).collect();
    html! {
        @if !open.is_empty() {
            div.banner {
                strong { (lang.of("上次答应、还没有落实的", "Promised before and still open")) }
                ul { @for it in open { li { (crate::visit::form::promised(lang, it)) } } }
            }
        }
    }
}

fn record(lang: Lang, shows: &Shows, record: &Record) -> Markup {
    let settled: Vec<&Promise> =
        shows.promises.iter().filter(|it| record.settled.iter().any(|settled| settled.promise == it.id)).collect();
    let policies = version::policies(shows, record);
    html! {
        section {
            h2 { (lang.of("走访情况", "Minutes")) }
            @if !record.met.is_empty() { p.meta { (lang.of("见了", "Met")) " " span lang="zh-CN" { (record.met) } } }
            (part::words(&record.minutes))
        }
        (problems(lang, shows))
        @if shows.made().next().is_some() || !settled.is_empty() {
            section {
                h2 { (term(lang, "promise")) }
                ul.rows { @for it in shows.made().chain(settled) { li { (promise(lang, it)) } } }
            }
        }
        @for filled in &record.filled { (answers(lang, shows, filled)) }
        @if !record.findings.is_empty() {
            section {
                h2 { (term(lang, "finding")) }
                ul.rows { @for it in &record.findings { li { span.badge { (lang.of(it.kind.zh(), it.kind.en())) } span lang="zh-CN" { (it.text) } } } }
            }
        }
        @if !policies.is_empty() {
            section { h2 { (lang.of("讲解的政策", "Policies explained")) } ul.plain { @for it in &policies { li lang=[tongue(lang, it)] { (it) } } } }
        }
        @if !record.cells.is_empty() {
            section { h2 { (lang.of("三联六服务", "Link grid")) } p.line { @for it in &record.cells { span.badge { (version::cell(lang, *it)) } } } }
        }
    }
}

fn problems(lang: Lang, shows: &Shows) -> Markup {
    html! {
        @if !shows.problems.is_empty() || shows.hidden > 0 {
            section {
                h2 { (lang.of("记到的问题", "Problems heard")) " " span.count { (shows.problems.len() + shows.hidden) } }
                ul.rows { @for (no, title) in &shows.problems { li { a href={ "/problems/" (no) } lang="zh-CN" { (no) " " (title) } } } }
                @if shows.hidden > 0 { p.hint { (lang.of(format!("另有{}件不在您的查看范围内。", shows.hidden), format!("{} more are outside your sight.", shows.hidden))) } }
            }
        }
    }
}

pub fn answers(lang: Lang, shows: &Shows, filled: &domain::visit::Filled) -> Markup {
    let title = shows.forms.get(&filled.version).map_or("", |it| it.form.title(lang.is_en()));
    html! {
        section {
            h2 { (said(lang, title)) }
            dl.answers { @for (ask, answer) in version::answers(lang, shows, filled) { dt { (said(lang, &ask)) } dd lang=[tongue(lang, &answer)] { (answer) } } }
        }
    }
}

/// A promise with where it stands.
pub fn promise(lang: Lang, it: &Promise) -> Markup {
    let words = lang.of(it.state.zh(), it.state.en());
    html! {
        (crate::visit::form::promised(lang, it)) " "
        @match it.state { PromiseState::Kept => (part::done(words)), _ => span.badge { (words) } }
        @if !it.note.is_empty() { span.why lang="zh-CN" { (it.note) } }
    }
}
