//! The clock of a problem: first due and due now, and the ruler that says why they differ.

use crate::lang::Lang;
use crate::problem::show::Shows;
use crate::ui::part::{self, Standing, said};
use crate::ui::term::term;
use domain::clock::Span;
use domain::problem::{Case, State};
use domain::ruler::{Kind, Reason, Ruler, Tick, Why};
use domain::schedule;
use domain::time::Millis;
use maud::{Markup, html};

pub fn view(lang: Lang, shows: &Shows, internal: bool) -> Markup {
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
                @if first.is_some() { div { dt { (term(lang, "first-due")) } dd { (part::instant(first)) } } }
                div {
                    dt { (term(lang, "due")) }
                    dd { @if p.is_paused() { (lang.of("暂停计时", "Paused")) } @else { (part::instant(due)) } }
                }
            }
            @match &p.state {
                State::Dispatched { case } | State::InHand { case } => (ruler(lang, shows, case, shows.now, lang.of("今天", "today"))),
                // It stopped when the answer was given.
                State::Answered { case, answer } => (ruler(lang, shows, case, answer.given.at, lang.of("反馈", "answer"))),
                _ => {}
            }
            @if internal && not_announced {
                p.hint { (lang.of("所涉年份放假安排尚未公布，按周末推算。", "Holidays of that year are not announced yet: counted by weekends.")) }
            }
        }
    }
}

/// `hand` is where the clock stands: today, or where it stopped.
fn ruler(lang: Lang, shows: &Shows, case: &Case, hand: Millis, called: &'static str) -> Markup {
    let calendar = &shows.terms.calendar;
    let due = case.clock.due(calendar).at;
    let to = due.unwrap_or(hand).max(case.first_due);
    let ruler = Ruler::of(&case.clock, to, calendar);
    let marks = Marks { lang, start: case.clock.start, first: case.first_due, due, hand, called };
    html! {
        @if !ruler.ticks.is_empty() {
            // The sentences below say the same.
            ol.ruler aria-hidden="true" { @for it in &ruler.ticks { (tick(it, &marks)) } }
        }
        ul.whys {
            @if case.round > 1 { li { span { (lang.of(format!("第{}轮，重新计时", case.round), format!("Turn {}, counted anew", case.round))) } } }
            @for (i, it) in ruler.reasons.iter().enumerate() { (reason(lang, it, i)) }
        }
    }
}

struct Marks {
    lang: Lang,
    start: Millis,
    first: Millis,
    due: Option<Millis>,
    hand: Millis,
    called: &'static str,
}

impl Marks {
    /// Where two fall on one day the one that matters more is written.
    fn of(&self, it: &Tick) -> Option<&'static str> {
        let on = |at: Millis| at.day() == it.day;
        let lang = self.lang;
        match () {
            () if self.due.is_some_and(on) && self.due != Some(self.first) => Some(lang.of("现", "now")),
            () if on(self.first) => Some(lang.of("首次", "first")),
            () if on(self.hand) => Some(self.called),
            () if on(self.start) => Some(lang.of("起", "from")),
            () => None,
        }
    }
}

fn tick(it: &Tick, marks: &Marks) -> Markup {
    let kind = match it.kind {
        Kind::Off => "off",
        Kind::Pause => "pause",
        Kind::Work if it.day > marks.hand.day() => "left",
        Kind::Work => "work",
    };
    let today = (it.day == marks.hand.day()).then_some("");
    html! { li data-day=(kind) data-mark=[marks.of(it)] data-today=[today] title=(it.day) {} }
}

fn reason(lang: Lang, it: &Reason, place: usize) -> Markup {
    let words = match it.why {
        Why::Started { at, span } => lang.of(
            format!("{}起，{}", short(at), length(lang, span)),
            format!("From {}, {}", short(at), length(lang, span)),
        ),
        Why::Changed { at, span } => lang.of(
            format!("{}改类别，按{}", short(at), length(lang, span)),
            format!("Category changed {}, {}", short(at), length(lang, span)),
        ),
        Why::Paused { from, to: Some(to), lost } => lang.of(
            format!("{}至{}暂停，{lost}个工作日不计", short(from), short(to)),
            format!("Paused {} to {}: {lost} workdays do not count", short(from), short(to)),
        ),
        Why::Paused { from, to: None, .. } => {
            lang.of(format!("{}起暂停", short(from)), format!("Paused since {}", short(from)))
        }
        Why::Extended { granted, until } => {
            let until = until.to_string();
            let until = until.get(5..).unwrap_or(&until);
            lang.of(format!("{}批准延至{until}", short(granted)), format!("Extended on {} to {until}", short(granted)))
        }
    };
    html! {
        li {
            span { (said(lang, &words)) }
            b { @if place > 0 { "→ " } @match it.due { Some(due) => (short(due)), None => (lang.of("待恢复", "to resume")) } }
        }
    }
}

/// Month and day: the years stand in the dates above.
fn short(at: Millis) -> String {
    at.minute().get(5..10).unwrap_or_default().to_owned()
}

pub fn length(lang: Lang, span: Span) -> String {
    match span {
        Span::Workdays(n) => lang.of(format!("{n}个工作日"), format!("{n} workdays")),
        Span::Days(n) => lang.of(format!("{n}天"), format!("{n} days")),
        Span::Months(n) => lang.of(format!("{n}个月"), format!("{n} months")),
        Span::Hours(n) => lang.of(format!("{n}小时"), format!("{n} hours")),
    }
}
