//! Bureau, owners, contractors, consultants: who is missing at their sites today, and what waits on their desk.

use super::block::{Look, Part};
use crate::ui::number::{Stat, bar, stats};
use crate::ui::part::said;
use domain::role::{Actor, Role};
use domain::time::Millis;
use maud::{Markup, html};
use store::Tx;
use store::site::reach;
use store::site_desk::{self, Counts};
use store::terms::Failure;
use store::today::{self, Wall};

/// A zone has some hundreds of sites.
const SITES: i64 = 1_000;
/// Sites that are named with who is missing.
const NAMED: usize = 6;
const NAMES: usize = 4;

pub struct Seen {
    lines: Vec<Wall>,
    counts: Counts,
    /// Whether the reader has a desk of sites at all.
    decides: bool,
}

pub fn read(tx: &mut dyn Tx, actor: &Actor, now: Millis) -> Result<Option<Seen>, Failure> {
    let roles = [Role::Bureau, Role::Owner, Role::Contractor, Role::Consultant];
    if !roles.into_iter().any(|role| actor.has(role)) {
        return Ok(None);
    }
    let lines = today::wall(tx, &reach(actor), now.day(), 0, SITES)?;
    let decides = roles.into_iter().any(|role| role != Role::Consultant && actor.has(role));
    Ok(Some(Seen { lines, counts: site_desk::counts(tx, actor)?, decides }))
}

pub fn view(look: &Look, seen: &Seen) -> Part {
    let (lang, now) = (look.lang, look.now);
    let missing: Vec<(&Wall, Vec<&str>)> = seen
        .lines
        .iter()
        .filter_map(|it| Some((it, it.today.as_ref()?.missing(now).collect::<Vec<_>>())))
        .filter(|it| !it.1.is_empty())
        .collect();
    let (sites, gone, waits) =
        (seen.lines.len(), missing.iter().map(|it| it.1.len()).sum::<usize>(), seen.counts.sum());
    let title = match (sites, gone) {
        (0, _) => lang.of("还没有工地".into(), "No sites yet".into()),
        (n, 0) => lang.of(format!("{n}个工地，应到的都到了"), format!("{n} sites, nobody is missing")),
        (n, gone) => lang.of(format!("{n}个工地，{gone}人应到未到"), format!("{n} sites, {gone} missing")),
    };
    let note = match waits {
        0 if seen.decides => lang.of("没有等您办的".into(), "Nothing waits for you".into()),
        0 => String::new(),
        n => lang.of(format!("{n}件等您办"), format!("{n} to be decided by you")),
    };
    Part {
        title,
        note,
        overdue: 0,
        today: waits + gone as i64,
        acts: html! {
            @if seen.decides { a.button.primary href="/sites/desk" { (lang.of("待办", "Desk")) } }
            a.button href="/sites" { (lang.of("今日工地", "Sites today")) }
        },
        main: html! {
            @if sites == 0 {
                div.empty { strong { (lang.of("还没有工地", "No sites yet")) } p { (lang.of("建设局登记工地后，各参建单位在这里看到今天谁没到、什么等着办。", "Once the bureau has entered a site, its firms see here who is missing today and what waits.")) } }
            } @else { (numbers(look, seen, gone as i64)) (who_is_missing(look, &missing)) }
        },
        side: None,
    }
}

fn numbers(look: &Look, seen: &Seen, gone: i64) -> Markup {
    let lang = look.lang;
    let (mut must, mut came) = (0, 0);
    for it in seen.lines.iter().filter_map(|it| it.today.as_ref()) {
        must += it.must;
        came += it.came;
    }
    let stat = |label, href, number: i64, of: String, note: Markup, burns| Stat {
        label,
        href,
        number: number.to_string(),
        of,
        note,
        burns,
    };
    let counts = &seen.counts;
    let mut all = vec![
        stat(lang.of("应到已到", "Wanted and there"), "/sites", came, format!(" / {must}"), bar(came, must), false),
        stat(
            lang.of("应到未到", "Missing"),
            "/sites#missing",
            gone,
            String::new(),
            html! { (lang.of("班次未到的不算", "Shifts that have not begun are left out")) },
            gone > 0,
        ),
    ];
    for (label, href, number) in [
        (lang.of("请假和顶岗待同意", "Leave and substitutes"), "/sites/desk#asked", counts.asked),
        (lang.of("阶段名单待办", "Stage plans"), "/sites/desk", counts.plans),
        (lang.of("打卡待复核", "Punches to review"), "/sites/desk#punches", counts.punches),
        (lang.of("申诉待处理", "Open appeals"), "/sites/desk#open-appeals", counts.appeals),
    ] {
        if number > 0 {
            all.push(stat(label, href, number, String::new(), html! {}, false));
        }
    }
    stats(&all)
}

fn who_is_missing(look: &Look, missing: &[(&Wall, Vec<&str>)]) -> Markup {
    let lang = look.lang;
    html! {
        @if !missing.is_empty() {
            section.sheet.part {
                h2 { (lang.of("应到未到", "Missing")) }
                ul.rows {
                    @for (it, names) in missing.iter().take(NAMED) {
                        li {
                            div.grow {
                                a href={ "/sites/" (it.no) } lang="zh-CN" { (it.name) }
                                p.meta lang="zh-CN" {
                                    (names.iter().take(NAMES).copied().collect::<Vec<_>>().join("、"))
                                    @if names.len() > NAMES { " +" (names.len() - NAMES) }
                                }
                            }
                        }
                    }
                }
                @if missing.len() > NAMED { p.meta { a href="/sites#missing" { (said(lang, &lang.of(format!("看全部{}个工地", missing.len()), format!("All {} sites", missing.len())))) } } }
            }
        }
    }
}
