//! The page of a month sheet.

use super::key::{cause, cell, legend, sentence};
use super::month::{Opened, Seen};
use crate::app::App;
use crate::auth::Who;
use crate::home::block::date;
use crate::lang::Lang;
use crate::ui::number::{href, percent};
use crate::ui::page::{Frame, page};
use crate::ui::part::{instant, said};
use domain::attendance::month::Month;
use domain::attendance::plan::Stage;
use domain::attendance::roll::Way;
use domain::attendance::verdict::{Judged, Verdict};
use domain::calendar::Calendar;
use domain::site::Tie;
use domain::time::Day;
use maud::{Markup, html};
use store::month_sheet::{Line, Sheet};
use store::site::Site;

pub(super) fn address(site: &Site, first: Day) -> String {
    href(&format!("/sites/{}/month", site.no), &[("month", &month_text(first))])
}

pub(super) fn month_text(first: Day) -> String {
    first.to_string().chars().take(7).collect()
}

fn month_before(first: Day) -> Day {
    let last = first.plus(-1);
    last.first_of_month()
}

pub fn title(lang: Lang, first: Day) -> String {
    lang.of(format!("{}年{}月考勤", first.year(), first.month()), format!("Attendance {}", month_text(first)))
}

pub fn view(app: &App, who: &Who, site: &Site, ties: &[Tie], seen: &Seen) -> Markup {
    let (lang, sheet) = (who.lang, &seen.sheet);
    let (calendar, today) = (app.terms().calendar, app.now().day());
    let title = title(lang, sheet.first);
    let (before, after) = (month_before(sheet.first), sheet.first.plus_months(1));
    let file = href(&format!("/sites/{}/month.xlsx", site.no), &[("month", &month_text(sheet.first))]);
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/sites" { (lang.of("工地", "Sites")) } " › " a href={ "/sites/" (site.no) } lang="zh-CN" { (site.name) } }
            header.page-head {
                div { h1 { (title) } p.meta { (lang.of("施工许可证", "Permit")) " " span lang="zh-CN" { (site.permit) } } }
                div.line {
                    a.button href=(address(site, before)) { (lang.of(format!("‹ {}月", before.month()), format!("‹ {}", month_text(before)))) }
                    a.button href=(address(site, after)) { (lang.of(format!("{}月 ›", after.month()), format!("{} ›", month_text(after)))) }
                    @if super::sees_all(ties) { a.button href=(file) { (lang.of("导出（XLSX）", "Export (XLSX)")) } }
                }
            }
            (summary(lang, sheet, &calendar))
            (plan_line(lang, site, seen))
            @if sheet.lines.is_empty() {
                div.empty { strong { (lang.of("这个月没有要到岗的人", "Nobody was wanted this month")) } }
            } @else {
                (table(lang, site, sheet, &calendar, today, seen.opened.as_ref()))
                (key(lang))
            }
            @if let Some(opened) = &seen.opened { (day(who, site, ties, seen, opened)) }
            (changes(lang, site, seen))
        }
    };
    page(&Frame { who, title: &title, news: seen.news, here: &address(site, sheet.first) }, body)
}

fn sum(lines: &[Line]) -> Month {
    lines.iter().fold(Month::default(), |mut sum, it| {
        let m = &it.month;
        sum.present += m.present;
        sum.absent += m.absent;
        sum.short += m.short;
        sum.review += m.review;
        sum.excused += m.excused;
        sum.at_other_site += m.at_other_site;
        sum.open += m.open;
        sum
    })
}

/// What it comes to, and how many days everybody every day would have cost.
fn summary(lang: Lang, sheet: &Sheet, calendar: &Calendar) -> Markup {
    let it = sum(&sheet.lines);
    let wanted = i64::from(it.present + it.absent + it.short + it.review);
    let judged = |day: &&Judged| day.verdict != Verdict::Open && calendar.is_workday(day.day);
    let everybody: i64 = sheet.lines.iter().map(|line| line.days.iter().filter(judged).count() as i64).sum();
    let fewer = (everybody - wanted - i64::from(it.excused)).max(0);
    html! {
        p.lead {
            b { (lang.of(format!("至今应到{wanted}人日，实到{}，缺{}", it.present, it.absent), format!("So far {wanted} person-days wanted, {} there, {} missing", it.present, it.absent))) }
            @if it.short > 0 { (lang.of(format!("，时间不足{}", it.short), format!(", {} too short", it.short))) }
            @if it.review > 0 { (lang.of(format!("，待复核{}", it.review), format!(", {} to be reviewed", it.review))) }
            @if it.excused > 0 { (lang.of(format!("，请假{}", it.excused), format!(", {} on leave", it.excused))) }
            @if fewer > 0 { (lang.of(format!("；比‘人人每天到’少{fewer}人日。", ), format!("; {fewer} person-days fewer than everybody every workday."))) } @else { (lang.of("。", ".")) }
        }
    }
}

fn plan_line(lang: Lang, site: &Site, seen: &Seen) -> Markup {
    let in_force = seen.sheet.stages.iter().rev().find(|it| it.1 > 0).map(|it| it.1);
    let plan = in_force.and_then(|version| seen.plans.iter().find(|it| it.plan.version == version));
    html! {
        p.meta {
            @match plan {
                Some(it) => {
                                        (lang.of(
                        format!("按已批准的阶段名单判定，第{}版，{}起生效", it.plan.version, it.plan.effective_from),
                        format!("Judged by the approved stage plan, version {}, from {} on", it.plan.version, it.plan.effective_from),
                    )) " · "
                    a href={ "/sites/" (site.no) "/plans/" (it.plan.version) } { (lang.of("看名单", "The plan")) }
                }
                None => { (lang.of("还没有已批准的阶段名单，没有人被要求到岗。", "No stage plan is approved yet, so nobody is wanted.")) }
            }
        }
    }
}

/// Runs of days with the same stage.
fn bands(stages: &[(Option<Stage>, u32)]) -> Vec<(String, usize)> {
    let mut bands: Vec<(String, usize)> = Vec::new();
    let mut last: Option<&(Option<Stage>, u32)> = None;
    for it in stages {
        let name = |it: &(Option<Stage>, u32)| (it.0.as_ref().map(|stage| stage.name.clone()), it.1);
        match bands.last_mut() {
            Some(band) if last.is_some_and(|last| name(last) == name(it)) => band.1 += 1,
            _ => bands.push((it.0.as_ref().map_or(String::new(), |stage| stage.name.clone()), 1)),
        }
        last = Some(it);
    }
    bands
}

fn table(lang: Lang, site: &Site, sheet: &Sheet, calendar: &Calendar, today: Day, opened: Option<&Opened>) -> Markup {
    let days: Vec<Day> = (sheet.first.number()..=sheet.last.number()).map(Day::from_number).collect();
    let bands = bands(&sheet.stages);
    let begins: Vec<usize> = bands
        .iter()
        .scan(0, |at, it| {
            let begin = *at;
            *at += it.1;
            Some(begin)
        })
        .collect();
    let class = |n: usize| {
        let from = if begins.contains(&n) { "from " } else { "" };
        let off = if calendar.is_workday(days[n]) { "" } else { "off" };
        format!("{from}{off}")
    };
    let weekday = |day: Day| {
        let at = usize::from(day.weekday()).saturating_sub(1).min(6);
        lang.of(["一", "二", "三", "四", "五", "六", "日"][at], ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"][at])
    };
    html! {
        div.sheet.flush.scroll tabindex="0" role="region" aria-label=(lang.of("月表", "Month sheet")) {
            table.month-sheet {
                                caption.unseen { (lang.of("点开一格看依据", "Open a cell for the reasons")) }
                colgroup { col.who; col span=(days.len()); col.sum span="4"; }
                thead {
                    tr { td {} @for (name, width) in &bands { th.band scope="colgroup" colspan=(width) lang="zh-CN" title=(name) { (name) } } td colspan="4" {} }
                    tr { td {} @for (n, day) in days.iter().enumerate() { td class=(class(n)) { (weekday(*day)) } } td colspan="4" {} }
                    tr {
                        th scope="col" { (lang.of("人员 岗位", "Person, post")) }
                        @for (n, day) in days.iter().enumerate() {
                            th scope="col" class=(class(n)) { @if *day == today { span.today { (day.day_of_month()) } } @else { (day.day_of_month()) } }
                        }
                        th.sum scope="col" { (lang.of("应到", "Want")) } th.sum scope="col" { (lang.of("实到", "There")) }
                        th.sum scope="col" { (lang.of("缺", "Miss")) } th.sum scope="col" { (lang.of("到岗", "Rate")) }
                    }
                }
                tbody {
                    @for line in &sheet.lines {
                        tr {
                            th scope="row" { b lang="zh-CN" { (line.name) } " " span.meta lang="zh-CN" { (line.posts.iter().map(|it| it.0.as_str()).collect::<Vec<_>>().join(" ")) } }
                            @for (n, it) in line.days.iter().enumerate() {
                                (day_cell(lang, site, sheet.first, it, &class(n), opened))
                            }
                            @let m = &line.month;
                            @let wanted = i64::from(m.present + m.absent + m.short + m.review + m.excused);
                            td.sum { (wanted) }
                            td.sum { (m.present) }
                            td.sum { @if m.absent == 0 { span.faint { "0" } } @else { b { (m.absent) } } }
                            td.sum { (percent_whole(i64::from(m.present), wanted)) }
                        }
                    }
                }
            }
        }
    }
}

fn percent_whole(part: i64, whole: i64) -> String {
    match (whole, part == whole) {
        (0, _) => "—".into(),
        (_, true) => "100%".into(),
        _ => percent(part, whole),
    }
}

fn day_cell(lang: Lang, site: &Site, first: Day, it: &Judged, class: &str, opened: Option<&Opened>) -> Markup {
    let (glyph, ground) = cell(lang, it);
    let is_open = opened.is_some_and(|open| open.person == it.person && open.day == it.day);
    let words = sentence(lang, it);
    let at = href(
        &format!("/sites/{}/month", site.no),
        &[("month", &month_text(first)), ("person", &it.person.to_string()), ("day", &it.day.to_string())],
    );
    html! {
        td data-day=(ground) class=[Some(class.trim()).filter(|it| !it.is_empty())] aria-current=[is_open.then_some("true")] title=(words) {
            @if ground == "free" || ground == "ahead" { (glyph) span.unseen { (words) } }
            @else { a href={ (at) "#day" } aria-label=(words) { (glyph) } }
        }
    }
}

fn key(lang: Lang) -> Markup {
    html! {
        ul.legend.month-legend {
            @for (ground, glyph, words) in legend(lang) { li { span data-day=(ground) { (glyph) } (words) } }
            li.push { (lang.of("有下划线的日期是休息日", "Underlined dates are days off")) }
        }
    }
}

/// One day of one person: the sentence, the punches, how the verdict came about, and what can be done.
fn day(who: &Who, site: &Site, ties: &[Tie], seen: &Seen, opened: &Opened) -> Markup {
    let lang = who.lang;
    let line = seen.sheet.lines.iter().find(|it| it.person == opened.person);
    let judged = line.and_then(|it| it.days.iter().find(|it| it.day == opened.day));
    let appeals = seen.appeals.iter().filter(|it| it.appeal.person == opened.person && it.appeal.day == opened.day);
    html! {
        section.sheet.part id="day" {
            h2 { span lang="zh-CN" { (line.map_or("", |it| it.name.as_str())) } " " (date(lang, opened.day)) }
            @if let Some(it) = judged { p.prose { (sentence(lang, it)) } }
            @if opened.punches.is_empty() { p.hint { (lang.of("当天没有打卡。", "No punch on this day.")) } }
            @else {
                ul.rows {
                    @for it in &opened.punches {
                        li {
                            span.when { (instant(Some(it.what.at))) }
                            span.told {
                                (lang.of(it.what.way.zh(), it.what.way.en()))
                                @if it.what.way == Way::Attestation && !it.by_name.is_empty() { " · " (lang.of("由", "by ")) span lang="zh-CN" { (it.by_name) } (lang.of("代证", "")) }
                                @if let Some(doubt) = it.what.doubt { " · " (lang.of(doubt.zh(), doubt.en())) }
                                @if it.waits { " · " b { (lang.of("待复核", "to be reviewed")) } }
                                @if let Some(ruling) = it.what.rulings.last() { " · " (if ruling.accepted { lang.of("已采信", "accepted") } else { lang.of("未采信", "rejected") }) }
                                @if ties.contains(&Tie::Bureau) { " " a href={ "/punches/" (it.id) } { (lang.of("看证据", "Evidence")) } }
                            }
                        }
                    }
                }
            }
            @if opened.history.len() > 1 {
                h3 { (lang.of("结论的变化", "How the verdict changed")) }
                ol.rows {
                    @for it in &opened.history {
                        li { span.when { (instant(Some(it.at))) } span.told { (lang.of(it.judged.verdict.zh(), it.judged.verdict.en())) " · " (said(lang, lang.of(it.judged.reason.zh(), it.judged.reason.en()))) " · " (cause(lang, &it.cause)) } }
                    }
                }
            }
            @for it in appeals { p { a href={ "/appeals/" (it.no) } { (lang.of(format!("申诉第{}号", it.no), format!("Appeal no. {}", it.no))) } " · " (lang.of(it.appeal.state.zh(), it.appeal.state.en())) } }
            @if who.person() == Some(opened.person) && judged.is_some_and(|it| matches!(it.verdict, Verdict::Absent | Verdict::Short | Verdict::Review | Verdict::Extra)) {
                p { a.button href=(href("/attendance/appeal", &[("site", &site.no.to_string()), ("day", &opened.day.to_string())])) { (lang.of("我要申诉", "Appeal")) } }
            }
        }
    }
}

/// What was computed anew in this month, and why.
fn changes(lang: Lang, site: &Site, seen: &Seen) -> Markup {
    let name = |it: &Judged| {
        seen.sheet.lines.iter().find(|line| line.person == it.person).map_or("", |line| line.name.as_str())
    };
    html! {
        @if !seen.changed.is_empty() {
            section.sheet.part {
                h2 { (lang.of("当月改过的结论", "Verdicts changed this month")) " " span.count { (seen.changed.len()) } }
                ul.rows {
                    @for (before, after) in &seen.changed {
                        @let it = &after.judged;
                        li {
                            span.when { (it.day) }
                            span.told {
                                a href={ (href(&format!("/sites/{}/month", site.no), &[("month", &month_text(seen.sheet.first)), ("person", &it.person.to_string()), ("day", &it.day.to_string())])) "#day" } lang="zh-CN" { (name(it)) }
                                " " (lang.of(before.judged.verdict.zh(), before.judged.verdict.en())) " → " b { (lang.of(it.verdict.zh(), it.verdict.en())) }
                                " · " (cause(lang, &after.cause)) " · " (instant(Some(after.at)))
                            }
                        }
                    }
                }
            }
        }
    }
}
