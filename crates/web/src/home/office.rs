//! The office: what waits to be triaged, what waits for its decision, what turns red tomorrow, how far the rounds are.

use super::block::{Group, Look, Part, Says, all_of, due_table, many, short_all};
use crate::ui::number::{bar, percent};
use domain::access::Scope;
use domain::calendar::Calendar;
use domain::errand::Kind;
use domain::light::Bounds;
use domain::problem::StateName;
use domain::role::{Actor, Role};
use domain::time::Millis;
use maud::{Markup, html};
use store::Tx;
use store::burning::{self, Span};
use store::campaign::{Campaign, Round};
use store::errand::{self, Errand};
use store::list::Line;
use store::notice::Letterbox;
use store::team::Coverage;
use store::terms::Failure;

const SHOWN: i64 = 5;
const TOMORROW: i64 = 12;
/// What the office decides or does itself, what holds up others first.
const KINDS: [Kind; 6] = [Kind::Rule, Kind::Extension, Kind::Pause, Kind::Contact, Kind::Verify, Kind::Close];

pub struct Seen {
    registered: i64,
    late_triage: i64,
    held: Vec<(Kind, Vec<Errand>, i64)>,
    tomorrow: (Vec<Line>, i64),
    overdue: i64,
    today: i64,
    rounds: Option<(Campaign, Vec<(Round, Coverage)>)>,
}

pub fn read(tx: &mut dyn Tx, actor: &Actor, bounds: &Bounds, calendar: &Calendar) -> Result<Option<Seen>, Failure> {
    if !actor.has(Role::Office) {
        return Ok(None);
    }
    let desk = [Letterbox::Role(Role::Office)];
    let mut held = Vec::new();
    for kind in KINDS {
        // A strike-off that waits for silence is done when the silence is complete.
        let until = if kind == Kind::Close { bounds.now } else { Millis(i64::MAX) };
        held.push((kind, errand::list(tx, &desk, kind, until, SHOWN)?, errand::count(tx, &desk, kind, until)?));
    }
    let next = calendar.next_workday(bounds.now.day());
    let tomorrow = Span {
        from: bounds.yellow_until.plus(1).max(bounds.now),
        to: Millis::at(calendar.next_workday(next), 0).plus(-1),
    };
    let late = Span { from: Millis(i64::MIN), to: bounds.now.plus(-1) };
    let today = Span { from: bounds.now, to: bounds.yellow_until };
    let (registered, late_triage) = burning::count_registered(tx, bounds.now)?;
    Ok(Some(Seen {
        registered,
        late_triage,
        held,
        tomorrow: (
            burning::list(tx, &Scope::All, tomorrow, TOMORROW)?,
            burning::count(tx, &Scope::All, tomorrow)? as i64,
        ),
        overdue: burning::count(tx, &Scope::All, late)? as i64,
        today: burning::count(tx, &Scope::All, today)? as i64,
        rounds: rounds(tx, bounds.now)?,
    }))
}

/// The campaign that runs, and its rounds with how far each is.
type Rounds = (Campaign, Vec<(Round, Coverage)>);

fn rounds(tx: &mut dyn Tx, now: Millis) -> Result<Option<Rounds>, Failure> {
    let Some(id) = store::campaign::running(tx, now.day())? else { return Ok(None) };
    let Some(campaign) = store::campaign::find(tx, id)? else { return Ok(None) };
    let mut rounds = Vec::new();
    for round in store::campaign::list_rounds(tx, id)?.into_iter().take(10) {
        let coverage = store::team::coverage(tx, round.id)?;
        rounds.push((round, crate::campaign::sum(coverage.values())));
    }
    Ok(Some((campaign, rounds)))
}

pub fn view(look: &Look, seen: &Seen) -> Part {
    let lang = look.lang;
    let waits: i64 = seen.held.iter().map(|it| it.2).sum();
    let title = match (waits, seen.registered) {
        (0, 0) => lang.of("走访办，今天没有等着办的".into(), "The office: nothing waits".into()),
        (0, n) => lang.of(format!("待梳理{}件", many(lang, n)), format!("{} to be triaged", many(lang, n))),
        (n, 0) => lang.of(format!("{}项等走访办办理", many(lang, n)), format!("{} wait for the office", many(lang, n))),
        (n, new) => lang.of(
            format!("{}项等走访办办理，{}件待梳理", many(lang, n), many(lang, new)),
            format!("{} wait for the office, {} to be triaged", many(lang, n), many(lang, new)),
        ),
    };
    let note = lang.of(
        format!(
            "全区{}件超期，{}件今天到期，{}件明天到期",
            many(lang, seen.overdue),
            many(lang, seen.today),
            many(lang, seen.tomorrow.1)
        ),
        format!(
            "In all {} overdue, {} due today, {} due on the next workday",
            many(lang, seen.overdue),
            many(lang, seen.today),
            many(lang, seen.tomorrow.1)
        ),
    );
    Part {
        title,
        note,
        overdue: seen.late_triage,
        today: waits + seen.registered,
        acts: html! {
            @if seen.registered > 0 { a.button.primary href="/triage" { (lang.of(format!("梳理{}件", many(lang, seen.registered)), format!("Triage {}", many(lang, seen.registered)))) } }
            a.button href="/problems/new" { (lang.of("登记问题", "Report a problem")) }
        },
        main: main(look, seen, waits),
        side: Some(coverage(look, seen)),
    }
}

fn main(look: &Look, seen: &Seen, waits: i64) -> Markup {
    let lang = look.lang;
    html! {
        div.thirds {
            @for (kind, all, count) in &seen.held {
                (short_all(look, lang.of(kind.zh(), kind.en()), all, *count, ledger(*kind), if *kind == Kind::Close { Says::Since } else { Says::Due }))
            }
        }
        @if waits == 0 { div.empty { strong { (lang.of("没有等走访办决定的", "Nothing waits for the office's decision")) } p { (lang.of("退单、延期、暂停、回访、核验、销号，到了就列在这里。", "Disputes, extensions, pauses, contacts, verifications and strike-offs will stand here.")) } } }
        @if !seen.tomorrow.0.is_empty() {
            section.after {
                (due_table(look, &[Group { label: lang.of("下一个工作日到期，今天不催明天就红", "Due on the next workday: red after it unless somebody moves"), count: seen.tomorrow.1, lines: &seen.tomorrow.0 }], &|line| if line.state == StateName::Registered { lang.of("梳理", "Triage") } else { lang.of("催办", "Remind") }))
                @if seen.tomorrow.1 > seen.tomorrow.0.len() as i64 { p.meta { a href="/problems?light=blue" { (all_of(lang, seen.tomorrow.1)) } } }
            }
        }
    }
}

/// The view of the ledger that is nearest to the rows of a kind.
fn ledger(kind: Kind) -> &'static str {
    match kind {
        Kind::Verify | Kind::Contact | Kind::Close => "/problems?state=answered&by=due",
        Kind::Rule => "/problems?state=dispatched&by=due",
        _ => "/problems?state=in-hand&by=due",
    }
}

fn coverage(look: &Look, seen: &Seen) -> Markup {
    let lang = look.lang;
    html! {
        section.sheet {
            h2 { (lang.of("全区在办", "All open")) }
            dl.tally {
                dt { (lang.of("超期", "Overdue")) } dd { a href="/problems?light=red" { (many(lang, seen.overdue)) } }
                dt { (lang.of("今天到期", "Due today")) } dd { a href="/problems?light=yellow" { (many(lang, seen.today)) } }
                dt { (lang.of("待梳理", "To be triaged")) } dd { a href="/triage" { (many(lang, seen.registered)) } }
            }
        }
        @if let Some((campaign, rounds)) = &seen.rounds {
            section.sheet {
                h2 { a href={ "/campaigns/" (campaign.no) } lang=[crate::ui::part::tongue(lang, campaign.label(lang.is_en()))] { (campaign.label(lang.is_en())) } }
                @if rounds.is_empty() { p.faint { (lang.of("还没有轮次。", "No round yet.")) } }
                @for (round, it) in rounds {
                    p { a href={ "/rounds/" (round.no) } lang="zh-CN" { (round.name) } }
                    p.share-line { (bar(it.visited, it.assigned)) span { (it.visited) "/" (it.assigned) } span.faint { (percent(it.visited, it.assigned)) } }
                }
            }
        }
    }
}
