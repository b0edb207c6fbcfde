//! A calendar as a table: persons by days, in each cell the sites, each to be ticked or not; below it the numbers.

use super::job::Made;
use super::load::Place;
use super::words::Words;
use crate::auth::Who;
use crate::lang::Lang;
use crate::stage_plan::sentence::{self, WEEKDAYS};
use crate::ui::number::{Stat, stats};
use crate::ui::page::{Frame, page};
use crate::ui::part::{said, tongue};
use crate::ui::speech::banner;
use domain::time::Day;
use maud::{Markup, html};
use planner::check::Unmet;
use planner::{Outcome, Visit};
use std::collections::BTreeSet;

/// What is shown of it: the visits as found or as changed by hand, and what is said about them.
pub struct Shown {
    pub visits: BTreeSet<Visit>,
    pub unmet: Vec<Unmet>,
    /// Checked just now.
    pub checked: bool,
    /// Why it was not taken over.
    pub refused: Vec<String>,
}

impl Shown {
    pub fn found(made: &Made) -> Shown {
        let visits = match &made.outcome {
            Outcome::Found(found) => found.visits.iter().copied().collect(),
            _ => BTreeSet::new(),
        };
        Shown { visits, unmet: vec![], checked: false, refused: vec![] }
    }
}

pub fn view(who: &Who, id: &str, made: &Made, shown: &Shown) -> Markup {
    let lang = who.lang;
    let words = Words { lang, material: &made.material, ask: &made.ask };
    let title = lang.of("排班", "Planner");
    let days = sentence::span(lang, made.material.from, made.material.to, made.material.from.year());
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/planner" { (title) } }
            header.page-head { div { h1 { (finding(lang, made, shown)) } p.meta { (days) } } }
            (said_above(lang, &words, shown))
            @match &made.outcome {
                Outcome::Found(_) => { (calendar(lang, id, made, shown)) }
                Outcome::Colliding(needs) => { (colliding(lang, &words, needs)) }
                Outcome::OutOfTime => {
                    (banner(html! { p { (lang.of("10秒内没有算出来，也没有证明排不出。请缩短时间再排一次。", "Ten seconds were not enough, neither to find one nor to show that there is none. Try fewer weeks.")) } }))
                    p { a.button href={ "/planner?weeks=1&from=" (made.material.from) } { (lang.of("只排一周", "One week only")) } }
                }
            }
        }
    };
    page(&Frame { who, title, news: 0, here: &format!("/planner/{id}") }, body)
}

fn finding(lang: Lang, made: &Made, shown: &Shown) -> String {
    let (n, all) = (shown.visits.len(), made.ask.everyone_every_day());
    match &made.outcome {
        Outcome::Found(_) if !shown.unmet.is_empty() => lang.of(
            format!("{n}个工地人日，还有{}处没有满足", shown.unmet.len()),
            format!("{n} site-days, and {} not met", shown.unmet.len()),
        ),
        Outcome::Found(_) => lang.of(
            format!("{n}个工地人日就够，比人人每天到少{}", all.saturating_sub(n)),
            format!("{n} site-days are enough, {} fewer than everybody every day", all.saturating_sub(n)),
        ),
        Outcome::Colliding(_) => lang.of("这些要求不能同时做到".into(), "These requirements cannot all be met".into()),
        Outcome::OutOfTime => lang.of("没有算完".into(), "Not finished".into()),
    }
}

fn said_above(lang: Lang, words: &Words, shown: &Shown) -> Markup {
    html! {
        @if !shown.refused.is_empty() || !shown.unmet.is_empty() {
            div.error-summary role="alert" tabindex="-1" id="error" {
                strong {
                    @if shown.refused.is_empty() { (lang.of("这样排还有没满足的", "Not all is met this way")) }
                    @else { (lang.of("没有采用，勾选的都在；一个工地的名单也没有申报", "Not taken over: what is ticked is here, and nothing was filed for any site")) }
                }
                ul {
                    @for it in &shown.refused { li { (said(lang, it)) } }
                    @for it in &shown.unmet { li { (said(lang, &words.unmet(it))) } }
                }
            }
        } @else if shown.checked {
            (banner(html! { p role="status" { b { (lang.of("检查过了，名单的要求都满足。", "Checked: everything that the plans ask is met.")) } } }))
        }
    }
}

fn colliding(lang: Lang, words: &Words, needs: &[usize]) -> Markup {
    html! {
        section.sheet {
            p { (lang.of("名单里的下列要求放在一起，怎么排都做不到；放宽其中任何一条，其余的就排得出：", "Together the following cannot be met whatever one does; with any one of them relaxed the others can:")) }
            ul.plan-needs.sheet {
                @if needs.is_empty() { @for joint in 0..words.ask.joints.len() { li { (said(lang, &words.joint(joint))) } } }
                @for it in needs { li { (said(lang, &words.need(*it))) } }
            }
            p.hint { (lang.of("请改阶段名单：减少天数、错开日期、多给一个人，或写明在另一工地到岗可以免考。", "Change a stage plan: fewer days, other dates, one more person, or a site at which a punch excuses.")) }
        }
    }
}

fn calendar(lang: Lang, id: &str, made: &Made, shown: &Shown) -> Markup {
    let files = made.material.places.iter().any(|it| it.files && it.base.is_some());
    html! {
        form method="post" action={ "/planner/" (id) "/check" } {
            (grid(lang, made, shown))
            (legend(lang, made))
            div.row-acts.plan-acts {
                button { (lang.of("检查改动", "Check the changes")) }
                @if files {
                    button.primary formaction={ "/planner/" (id) "/accept" } { (lang.of("采用", "Take it over")) }
                    span.hint { (lang.of("采用就是为各工地申报下一版名单，按这里的日期到岗；要么全部申报，要么一个也不申报。", "Taking it over files the next version of each site's plan with these dates: all of them or none.")) }
                } @else {
                    span.hint { (lang.of("阶段名单由施工单位申报；可以把这份日历打印给施工单位。", "The contractor files the plans; this calendar can be printed for it.")) }
                }
            }
        }
        (numbers(lang, made, shown))
    }
}

fn grid(lang: Lang, made: &Made, shown: &Shown) -> Markup {
    let ask = &made.ask;
    let is_on = |p: &usize| ask.sites.iter().any(|site| site.roster.contains(p));
    let mut persons: Vec<usize> = (0..ask.persons.len()).filter(is_on).collect();
    // Ids have no order that anybody would know.
    persons.sort_by_key(|p| (made.material.posts(ask, *p), made.material.name(ask, *p).to_owned()));
    html! {
        div.scroll.shift-scroll tabindex="0" role="group" aria-label=(lang.of("排班表", "The calendar")) {
            table.shifts {
                thead { tr {
                    th scope="col" { (lang.of("人员", "Person")) }
                    @for day in &ask.days { (head(lang, *day)) }
                } }
                tbody {
                    @for p in persons {
                        tr {
                            th scope="row" lang="zh-CN" { (made.material.name(ask, p)) span.meta { (made.material.posts(ask, p).join("、")) } }
                            @for d in 0..ask.days.len() { (cell(lang, made, shown, p, d)) }
                        }
                    }
                }
            }
        }
    }
}

fn head(lang: Lang, day: Day) -> Markup {
    let weekday = WEEKDAYS[usize::from(day.weekday()).saturating_sub(1).min(6)];
    html! {
        th scope="col" data-monday=[(day.weekday() == 1).then_some("")] { span.meta { (lang.of(weekday.1, weekday.2)) } " " (day.month()) "/" (day.day_of_month()) }
    }
}

fn cell(lang: Lang, made: &Made, shown: &Shown, p: usize, d: usize) -> Markup {
    let (ask, day) = (&made.ask, made.ask.days[d]);
    let name = made.material.name(ask, p);
    let away = ask.persons[p].away.contains(&day);
    let mut sites: Vec<(usize, &Place)> = (0..ask.sites.len())
        .filter(|s| ask.sites[*s].roster.contains(&p))
        .filter_map(|s| Some((s, made.material.place(ask, s)?)))
        .collect();
    sites.sort_by_key(|it| it.1.no);
    html! {
        td data-monday=[(day.weekday() == 1).then_some("")] {
            @if away { span.badge title=(lang.of("请假获准", "on leave")) { (lang.of("假", "L")) } }
            @else {
                @for (s, place) in sites {
                    @let visit = Visit { day: d, site: s, person: p };
                    label.shift title=(place.name) lang=[tongue(lang, &place.name)] {
                        input type="checkbox" name="v" value={ (d) "." (s) "." (p) } checked[shown.visits.contains(&visit)]
                            lang=[tongue(lang, &place.name)] aria-label={ (name) " " (sentence::day(lang, day, day.year())) " " (place.name) };
                        span lang="zh-CN" aria-hidden="true" { (place.short) }
                    }
                }
            }
        }
    }
}

fn legend(lang: Lang, made: &Made) -> Markup {
    html! {
        p.hint { (lang.of("勾上就是那天去那个工地；点一下就能改。", "Ticked means: that day at that site. Click to change it.")) }
        ul.legend.shift-legend {
            @for it in &made.material.places {
                li { b lang="zh-CN" { (it.short) } " " a href={ "/sites/" (it.no) } lang="zh-CN" { (it.name) } }
            }
        }
    }
}

/// What it comes to, and how far that is proven.
fn numbers(lang: Lang, made: &Made, shown: &Shown) -> Markup {
    let Outcome::Found(found) = &made.outcome else { return html! {} };
    let (n, all) = (shown.visits.len(), made.ask.everyone_every_day());
    let gap = n.saturating_sub(found.fewest_site_days);
    let proof = match gap {
        _ if !shown.unmet.is_empty() => lang.of("名单的要求还没有都满足".to_owned(), "not all is met".to_owned()),
        0 => lang.of("已证明最少".to_owned(), "proven the fewest".to_owned()),
        _ => lang.of(format!("最多还可少{gap}"), format!("at most {gap} fewer are possible")),
    };
    let out: BTreeSet<(usize, usize)> = shown.visits.iter().map(|it| (it.person, it.day)).collect();
    let stat = |label, number: usize, note: String| Stat {
        label,
        href: "#main",
        number: number.to_string(),
        of: String::new(),
        note: html! { (note) },
        burns: false,
    };
    html! {
        section.part id="numbers" {
            h2 { (lang.of("算下来", "What it comes to")) }
            (stats(&[
                stat(lang.of("本方案工地人日", "Site-days of this plan"), n, proof),
                stat(lang.of("人人每天到", "Everybody every day"), all, lang.of("每人每天到名单所在的每个工地".to_owned(), "each person at each of his sites on each day".to_owned())),
                stat(lang.of("少跑", "Saved"), all.saturating_sub(n), lang.of(format!("按名单各行天天到要{}", made.by_plan), format!("coming on every day of every line takes {}", made.by_plan))),
                stat(lang.of("出勤人日", "Person-days"), out.len(), lang.of("一天去两个工地只算一天".to_owned(), "two sites on one day are one".to_owned())),
            ]))
        }
    }
}
