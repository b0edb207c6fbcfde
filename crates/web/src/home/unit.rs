//! Clerk and head: what their unit must answer by when, what is to be received, and what waits for others.

use super::block::{Group, Look, Part, Says, all_of, due_table, many, short};
use crate::lang::Lang;
use domain::access::Scope;
use domain::errand::Kind;
use domain::id::UnitId;
use domain::light::Bounds;
use domain::problem::StateName;
use domain::role::{Actor, Role};
use domain::time::Millis;
use maud::{Markup, html};
use store::Tx;
use store::burning::{self, Span};
use store::errand::{self, Errand};
use store::list::Line;
use store::notice::Letterbox;
use store::terms::Failure;

const SHOWN: i64 = 20;
const BESIDE: i64 = 6;
const EVER: Millis = Millis(i64::MAX);

pub struct Seen {
    units: Vec<UnitId>,
    lines: Vec<Line>,
    /// Overdue, due today, within three workdays, later.
    counts: [i64; 4],
    receive: (Vec<Errand>, i64),
    support: (Vec<Errand>, i64),
    assigned: Vec<Errand>,
    pending: (Vec<Errand>, i64),
}

/// The units of a clerk's or head's hats.
fn units(actor: &Actor) -> Vec<UnitId> {
    let mut units = Vec::new();
    for hat in actor.hats().iter().filter(|it| matches!(it.role, Role::Clerk | Role::Head)) {
        if !units.contains(&hat.unit) {
            units.push(hat.unit);
        }
    }
    units
}

/// The four groups of a list by due date.
pub fn spans(bounds: &Bounds) -> [Span; 4] {
    let (now, yellow, blue) = (bounds.now, bounds.yellow_until, bounds.blue_until.max(bounds.yellow_until));
    [
        Span { from: Millis(i64::MIN), to: now.plus(-1) },
        Span { from: now, to: yellow },
        Span { from: yellow.plus(1).max(now), to: blue },
        Span { from: blue.plus(1).max(now), to: EVER },
    ]
}

pub fn read(tx: &mut dyn Tx, actor: &Actor, bounds: &Bounds) -> Result<Option<Seen>, Failure> {
    let units = units(actor);
    if units.is_empty() {
        return Ok(None);
    }
    let scope = Scope::Of { units: units.clone(), officers: vec![], reporter: None };
    let desks: Vec<Letterbox> = units.iter().map(|it| Letterbox::Unit(*it)).collect();
    let mut persons: Vec<Letterbox> = Vec::new();
    for hat in actor.hats().iter().filter(|it| matches!(it.role, Role::Clerk | Role::Head)) {
        if !persons.contains(&Letterbox::Person(hat.of)) {
            persons.push(Letterbox::Person(hat.of));
        }
    }
    let mut counts = [0; 4];
    for (count, span) in counts.iter_mut().zip(spans(bounds)) {
        *count = burning::count(tx, &scope, span)? as i64;
    }
    let mut held = |kind| -> Result<(Vec<Errand>, i64), store::Error> {
        Ok((errand::list(tx, &desks, kind, EVER, BESIDE)?, errand::count(tx, &desks, kind, EVER)?))
    };
    let (receive, support, pending) = (held(Kind::Receive)?, held(Kind::Support)?, held(Kind::Pending)?);
    let assigned = errand::list_assigned(tx, &persons, &units, BESIDE)?;
    let lines = burning::list(tx, &scope, Span { from: Millis(i64::MIN), to: EVER }, SHOWN)?;
    Ok(Some(Seen { units, lines, counts, receive, support, assigned, pending }))
}

pub fn view(look: &Look, seen: &Seen) -> Part {
    let lang = look.lang;
    let [overdue, today, ..] = seen.counts;
    let open: i64 = seen.counts.iter().sum();
    let name = match seen.units.as_slice() {
        [one] => look.directory.unit(*one).map_or("", |it| it.label(lang.is_en())),
        _ => lang.of("您的单位", "Your units"),
    };
    let first = overdue + today;
    let title = match first {
        0 if open == 0 => lang.of(format!("{name}，没有在办的问题"), format!("{name}: nothing in hand")),
        0 => lang.of(format!("{name}，今天没有到期的"), format!("{name}: nothing is due today")),
        _ => lang.of(
            format!("{name}，今天先办 {} 件", many(lang, first)),
            format!("{name}: {} to be done first today", many(lang, first)),
        ),
    };
    let receive = seen.receive.1;
    let note = lang.of(
        format!(
            "在办{}件：{overdue}件已超期，{today}件今天到期{}",
            many(lang, open),
            if receive > 0 { format!(" · 另有{receive}件等您签收") } else { String::new() }
        ),
        format!(
            "{} in hand: {overdue} overdue, {today} due today{}",
            many(lang, open),
            if receive > 0 { format!(" · {receive} to be received") } else { String::new() }
        ),
    );
    Part {
        title,
        note,
        overdue,
        today,
        acts: html! { a.button href="/problems?by=due" { (lang.of("打开本单位台账", "The unit's ledger")) } },
        main: main(look, seen, open),
        side: Some(html! {
            (short(look, lang.of("指派给我", "Assigned to me"), &seen.assigned, seen.assigned.len() as i64, "", Says::Due))
            (short(look, lang.of("待签收", "To be received"), &seen.receive.0, receive, "/problems?state=dispatched&by=due", Says::Due))
            (short(look, lang.of("协办，等我们回复主办", "Supporting: the lead waits for us"), &seen.support.0, seen.support.1, "/problems?by=due", Says::Due))
            (waits(look, seen))
        }),
    }
}

fn main(look: &Look, seen: &Seen, open: i64) -> Markup {
    let lang = look.lang;
    let bounds = domain::light::bounds(look.now, &look.terms.calendar);
    let labels =
        [("超期", "Overdue"), ("今天到期", "Due today"), ("三个工作日内", "Within three workdays"), ("之后", "Later")];
    let spans = spans(&bounds);
    let groups: Vec<Group> = spans
        .iter()
        .zip(labels)
        .zip(seen.counts)
        .map(|((span, (zh, en)), count)| {
            let within = |it: &Line| it.clock_at.is_some_and(|at| span.from <= at && at <= span.to);
            let from = seen.lines.iter().position(within).unwrap_or(0);
            let n = seen.lines.iter().filter(|it| within(it)).count();
            Group { label: lang.of(zh, en), count, lines: &seen.lines[from..from + n] }
        })
        .collect();
    html! {
        @if seen.lines.is_empty() {
            div.empty { strong { (lang.of("没有在办的问题", "Nothing in hand")) } p { (lang.of("交办到本单位的问题，会按到期先后列在这里。", "What is dispatched to your unit will stand here, the first due first.")) } }
        } @else {
            (due_table(look, &groups, &|line| step(lang, line, &seen.units)))
            @if open > seen.lines.len() as i64 {
                p.meta {
                    (lang.of(format!("另有{}件，到期更晚。", many(lang, open - seen.lines.len() as i64)), format!("{} more, due later. ", many(lang, open - seen.lines.len() as i64))))
                    a href="/problems?by=due" { (all_of(lang, open)) }
                }
            }
        }
    }
}

/// What nobody here has to do: asked for, disputed, applied.
fn waits(look: &Look, seen: &Seen) -> Markup {
    let (lang, (all, count)) = (look.lang, &seen.pending);
    html! {
        @if !all.is_empty() {
            section.sheet {
                h2 { (lang.of("等别人，时限照走", "Waiting for others; the clock runs")) " " span.faint { (many(lang, *count)) } }
                ul.rows {
                    @for it in all {
                        li {
                            span.no { (it.line.no) }
                            a href={ "/problems/" (it.line.no) } lang="zh-CN" { (it.line.title) }
                            (super::block::until(look, it.due))
                        }
                    }
                }
            }
        }
    }
}

/// What a unit does next, in the words of the button on the problem's own page.
fn step(lang: Lang, line: &Line, units: &[UnitId]) -> &'static str {
    // Where another unit leads, the answer is not ours to write.
    if !line.lead.is_some_and(|lead| units.contains(&lead)) {
        return lang.of("打开", "Open");
    }
    match line.state {
        StateName::Dispatched => lang.of("签收", "Receive"),
        StateName::InHand => lang.of("写反馈", "Answer"),
        StateName::Answered => lang.of("销号手续", "To strike off"),
        _ => lang.of("打开", "Open"),
    }
}
