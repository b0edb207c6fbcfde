//! What the homes share: the frame of a role's part, lists of problems by due date, short lists beside them.

use crate::app::Directory;
use crate::auth::Who;
use crate::lang::Lang;
use crate::problem::json;
use crate::ui::part;
use crate::ui::term::term;
use domain::time::{Day, Millis};
use maud::{Markup, html};
use std::sync::Arc;
use store::errand::{Errand, MANY};
use store::list::Line;
use store::terms::Terms;

/// What every part looks at.
pub struct Look<'a> {
    pub who: &'a Who,
    pub lang: Lang,
    pub directory: &'a Arc<Directory>,
    pub terms: &'a Terms,
    pub now: Millis,
}

/// What one role finds. Parts stand in the order of what burns.
pub struct Part {
    /// The finding, as a sentence.
    pub title: String,
    /// The numbers behind it.
    pub note: String,
    pub overdue: i64,
    pub today: i64,
    /// Ways to do something new.
    pub acts: Markup,
    pub main: Markup,
    /// Beside it on a desk, below it on a phone.
    pub side: Option<Markup>,
}

/// `1000` is where counting ends.
pub fn many(lang: Lang, count: i64) -> String {
    if count >= MANY { lang.of(format!("{MANY}以上"), format!("{MANY}+")) } else { count.to_string() }
}

/// 5月23日 周三, 23 May, Wed.
pub fn date(lang: Lang, day: Day) -> String {
    const ZH: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    const EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let weekday = usize::from(day.weekday()).saturating_sub(1).min(6);
    let month = usize::try_from(day.month()).unwrap_or(1).saturating_sub(1).min(11);
    lang.of(
        format!("{}月{}日 周{}", day.month(), day.day_of_month(), ZH[weekday]),
        format!("{} {} {}", EN[weekday], day.day_of_month(), MONTHS[month]),
    )
}

/// A group of a list by due date: its name, how many there are, and those that are shown.
pub struct Group<'a> {
    pub label: &'a str,
    pub count: i64,
    pub lines: &'a [Line],
}

/// Problems by due date, the first due date beside the present one. `step` names what its reader does next.
pub fn due_table(look: &Look, groups: &[Group], step: &dyn Fn(&Line) -> &'static str) -> Markup {
    let lang = look.lang;
    html! {
        table.table.fold.due {
            thead {
                tr {
                    th scope="col" { (lang.of("时限", "Clock")) }
                    th scope="col" { (lang.of("编号", "No.")) }
                    th scope="col" { (lang.of("问题", "Problem")) }
                    th scope="col" { (lang.of("状态", "State")) }
                    th.number scope="col" { (term(lang, "first-due")) }
                    th.number scope="col" { (term(lang, "due")) }
                    th scope="col" { (lang.of("下一步", "Next step")) }
                }
            }
            @for group in groups.iter().filter(|it| !it.lines.is_empty()) {
                tbody {
                    tr.group { th colspan="7" scope="rowgroup" { (group.label) " " span.faint { (many(lang, group.count)) } } }
                    @for line in group.lines { (due_row(look, line, step(line))) }
                }
            }
        }
    }
}

fn due_row(look: &Look, line: &Line, step: &str) -> Markup {
    let (lang, now) = (look.lang, look.now);
    let moved = line.clock_at.filter(|at| Some(*at) != line.first_due_at);
    html! {
        tr {
            td { (part::light(lang, &json::standing(line, look.terms, now))) }
            td { span.no { (line.no) } }
            td.cut {
                a href={ "/problems/" (line.no) } lang="zh-CN" { (line.title) }
                @if line.boarded { " " span.badge { (lang.of("挂牌", "Board")) } }
                @if let Some(subject) = &line.subject { span.meta.whose lang="zh-CN" { (subject) } }
            }
            td { (lang.of(line.state.zh(), line.state.en())) }
            td.number data-none=[line.first_due_at.is_none().then_some("")] data-label=(lang.of("首次到期", "First due")) { (part::day(line.first_due_at, now)) }
            td.number data-none=[moved.is_none().then_some("")] data-label=(lang.of("现到期", "Due now")) {
                @if moved.is_some() { (part::day(moved, now)) } @else { span.faint { (lang.of("同左", "same")) } }
            }
            td { a.button.next href={ "/problems/" (line.no) "#next" } { (step) } }
        }
    }
}

/// What the date of an errand says: when it runs out, or since when it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    Due,
    Since,
}

/// As [`short`], also where there is none: that nothing waits is an answer.
pub fn short_all(look: &Look, title: &str, all: &[Errand], count: i64, more: &str, says: Says) -> Markup {
    html! {
        @if all.is_empty() { section.sheet.quiet { h2 { (title) " " span.faint { "0" } } } }
        @else { (short(look, title, all, count, more, says)) }
    }
}

/// A short list beside the main one: number, title, and how its own date stands. Nothing where there is none.
pub fn short(look: &Look, title: &str, all: &[Errand], count: i64, more: &str, says: Says) -> Markup {
    let lang = look.lang;
    html! {
        @if !all.is_empty() {
            section.sheet {
                h2 { (title) " " span.faint { (many(lang, count.max(all.len() as i64))) } }
                ul.rows { @for it in all { (short_row(look, it, says)) } }
                @if count > all.len() as i64 && !more.is_empty() { p.meta { a href=(more) { (all_of(lang, count)) } } }
            }
        }
    }
}

fn short_row(look: &Look, it: &Errand, says: Says) -> Markup {
    html! {
        li {
            p.line { span.no { (it.line.no) } (match says { Says::Due => until(look, it.due), Says::Since => since(look, it.due) }) }
            a href={ "/problems/" (it.line.no) "#next" } lang="zh-CN" { (it.line.title) }
            (lead(look, &it.line))
        }
    }
}

/// The unit that leads it, where there is one.
pub fn lead(look: &Look, line: &Line) -> Markup {
    let unit = line.lead.and_then(|id| look.directory.unit(id)).map(|it| it.label(look.lang.is_en()));
    html! { @if let Some(unit) = unit { p.meta { (part::said(look.lang, unit)) } } }
}

/// How a date of an errand stands, without pauses or parts.
pub fn until(look: &Look, due: Millis) -> Markup {
    let light = domain::light::light(look.now, Some(due), false, false, &look.terms.calendar);
    let standing = part::Standing { light, due: Some(due), late: false, now: look.now, calendar: &look.terms.calendar };
    part::light(look.lang, &standing)
}

/// Something without a deadline of its own: how long it has waited.
fn since(look: &Look, from: Millis) -> Markup {
    let days = look.terms.calendar.workdays_between(from.day(), look.now.day());
    let words = match days {
        0 => look.lang.of("今天".to_owned(), "today".to_owned()),
        n => look.lang.of(format!("等了{n}日"), format!("waits {n} d")),
    };
    html! { span.meta { (words) } }
}

/// The words of a link to all rows.
pub fn all_of(lang: Lang, count: i64) -> String {
    lang.of(format!("看全部{}件", many(lang, count)), format!("All {}", many(lang, count)))
}
