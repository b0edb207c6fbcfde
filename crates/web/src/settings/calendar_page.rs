//! The pages of the calendar: a year month by month, and what a notice would change.

use crate::auth::Who;
use crate::lang::Lang;
use crate::ui::field::Typed;
use crate::ui::page::{Frame, page};
use crate::ui::part::{said, tongue};
use crate::ui::slot::{Refused, Slot};
use domain::calendar::{Calendar, Notice, NoticeDay};
use domain::holiday::Change;
use domain::role::Role;
use domain::time::Day;
use maud::{Markup, html};
use std::collections::HashMap;
use std::sync::Arc;
use store::holiday::Moved;

const HERE: &str = "/settings/calendar";

pub struct Shown {
    pub year: i16,
    pub notices: Vec<Notice>,
    pub calendar: Arc<Calendar>,
    pub today: Day,
}

/// What a notice would do.
pub struct Would {
    pub notice: Notice,
    pub changes: Vec<Change>,
    pub moved: Moved,
}

pub fn view(who: &Who, shown: &Shown, refused: Option<&Refused>) -> Markup {
    let (lang, year, may) = (who.lang, shown.year, who.has(Role::Sysadmin));
    let named: HashMap<Day, &NoticeDay> =
        shown.notices.iter().flat_map(|it| &it.days).map(|it| (it.date, it)).collect();
    let papers = shown.notices.iter().find(|it| it.year == year).map(|it| it.papers.as_slice()).unwrap_or_default();
    let (paste, file) =
        (Slot::new(lang, "notice", refused, Typed::default), Slot::new(lang, "file", refused, Typed::default));
    let at = |year: i16| format!("{HERE}?year={year}");
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/settings" { (lang.of("设置", "Settings")) } }
            header.page-head {
                h1 { (lang.of(format!("{year}年的工作日"), format!("Workdays of {year}"))) }
                nav.line aria-label=(lang.of("年份", "Year")) {
                    a.button href=(at(year - 1)) { (year - 1) } a.button href=(at(year + 1)) { (year + 1) }
                }
            }
            (paste.summary()) (file.summary())
            @if !shown.calendar.announced(year) {
                div.banner { p { (lang.of(
                    format!("{year}年的放假安排还没有收入；暂按星期一到星期五计算，收入后所有在办的期限重新计算。"),
                    format!("No notice of {year} was taken in; Monday to Friday count until it is, and then every open due date is counted anew."),
                )) } }
            }
            p.lights {
                span { b.day-mark data-day="off" { (lang.of("休", "off")) } " " (lang.of("放假", "day off")) }
                span { b.day-mark data-day="work" { (lang.of("班", "on")) } " " (lang.of("周末上班", "weekend worked")) }
            }
            div.year { @for month in 1..=12 { (month_of(lang, shown, &named, month)) } }
            @if !papers.is_empty() {
                section.part { h2 { (lang.of("依据", "Papers")) } ul { @for it in papers { li.paper-link lang=(if it.is_ascii() { "zxx" } else { "zh-CN" }) { (it) } } } }
            }
            @if may { (forms(lang, &paste)) }
        }
    };
    page(&Frame { who, title: lang.of("日历", "Calendar"), news: 0, here: HERE }, body)
}

fn forms(lang: Lang, paste: &Slot) -> Markup {
    html! {
        section.halves.part {
            form.sheet method="post" action={ (HERE) "/file" } enctype="multipart/form-data" {
                h2 { (lang.of("收入放假安排：选文件", "Take in a notice: a file")) }
                div.field {
                    label for="calendar-file" { (lang.of("文件（JSON）", "File (JSON)")) }
                    input id="calendar-file" type="file" name="file" accept=".json,application/json";
                }
                button { (lang.of("看看会改什么", "See what it changes")) }
            }
            form.sheet method="post" action={ (HERE) "/preview" } {
                h2 { (lang.of("或者：粘贴内容", "Or: paste it")) }
                (paste.form().field("notice", "放假安排（JSON）", "Notice (JSON)").hint(lang.of("与随程序附带的文件同样写法。", "In the shape of the files that are shipped.")).area(6))
                button { (lang.of("看看会改什么", "See what it changes")) }
            }
        }
    }
}

fn month_of(lang: Lang, shown: &Shown, named: &HashMap<Day, &NoticeDay>, month: i8) -> Markup {
    const DAYS: [[&str; 2]; 7] =
        [["一", "Mo"], ["二", "Tu"], ["三", "We"], ["四", "Th"], ["五", "Fr"], ["六", "Sa"], ["日", "Su"]];
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let Some(first) = Day::new(shown.year, month, 1) else { return html! {} };
    // Monday before the first; weeks go on as long as a day of the month stands in them.
    let start = first.monday();
    let weeks = (0..6).map(|week| start.plus(week * 7)).filter(|it| it.month() == month || it.plus(6).month() == month);
    let name = lang.of(format!("{month}月"), MONTHS[usize::from(month.unsigned_abs()) - 1].to_owned());
    html! {
        table.month {
            caption { (name) }
            thead { tr { @for day in DAYS { th scope="col" { (lang.of(day[0], day[1])) } } } }
            tbody {
                @for week in weeks {
                    tr { @for at in 0..7 { (day(lang, shown, named, week.plus(at), month)) } }
                }
            }
        }
    }
}

fn day(lang: Lang, shown: &Shown, named: &HashMap<Day, &NoticeDay>, day: Day, month: i8) -> Markup {
    if day.month() != month {
        return html! { td {} };
    }
    let (works, weekend) = (shown.calendar.is_workday(day), day.weekday() >= 6);
    let mark = match (works, weekend) {
        (false, false) => Some("off"),
        (true, true) => Some("work"),
        // A holiday that falls on a weekend is marked too: the notice names it.
        (false, true) if named.get(&day).is_some_and(|it| it.is_off_day) => Some("off"),
        (false, true) => Some("weekend"),
        (true, false) => None,
    };
    let name = named.get(&day).map(|it| it.name.as_str());
    html! {
        td data-day=[mark] lang=[tongue(lang, name.unwrap_or(""))] title=[name] aria-current=[(day == shown.today).then_some("date")] {
            (day.day_of_month())
            @match mark {
                Some("off") => small lang=(lang.code()) { (lang.of("休", "off")) },
                Some("work") => small lang=(lang.code()) { (lang.of("班", "on")) },
                _ => {},
            }
        }
    }
}

fn says(lang: Lang, it: Option<&NoticeDay>, day: Day) -> Markup {
    match it {
        Some(it) => {
            html! { span lang=[tongue(lang, &it.name)] { (it.name) } " " (if it.is_off_day { lang.of("放假", "day off") } else { lang.of("上班", "workday") }) }
        }
        None if day.weekday() >= 6 => html! { span.faint { (lang.of("周末", "weekend")) } },
        None => html! { span.faint { (lang.of("平日上班", "workday as usual")) } },
    }
}

pub fn would(who: &Who, would: &Would, text: &str) -> Markup {
    let (lang, year, moved) = (who.lang, would.notice.year, would.moved);
    let more = if moved.more { lang.of("（只看了最先到期的）", " (of those due first)") } else { "" };
    let nothing = would.changes.is_empty();
    let body = html! {
        main.page.narrow id="main" {
            p.crumbs { a href={ (HERE) "?year=" (year) } { (lang.of("日历", "Calendar")) } }
            h1 { (lang.of(format!("收入{year}年的放假安排"), format!("Take in the notice of {year}"))) }
            @if nothing {
                div.banner { p { (lang.of("和已有的一样，不会改动任何一天。", "It says what is known already; no day changes.")) } }
            } @else {
                div.banner {
                    p { strong { (lang.of(
                        format!("会改动{}天；{}件在办的问题里，{}件的现到期会移动{more}。", would.changes.len(), moved.looked, moved.moved),
                        format!("{} days change; of {} open problems the due date of {} moves{more}.", would.changes.len(), moved.looked, moved.moved),
                    )) } }
                    p { (said(lang, lang.of("首次到期不变。", "First due dates stay."))) }
                }
                table.table.plain-table {
                    thead { tr { th scope="col" { (lang.of("日期", "Day")) } th scope="col" { (lang.of("现在", "Now")) } th scope="col" { (lang.of("改为", "Becomes")) } } }
                    tbody {
                        @for it in &would.changes {
                            tr { th scope="row" { (it.day) } td { (says(lang, it.before.as_ref(), it.day)) } td { (says(lang, it.after.as_ref(), it.day)) } }
                        }
                    }
                }
            }
            form.part method="post" action=(HERE) {
                textarea.unseen name="notice" aria-hidden="true" tabindex="-1" readonly { (text) }
                div.line {
                    @if !nothing { button.primary { (lang.of("收入这个放假安排", "Take in this notice")) } }
                    a.button href={ (HERE) "?year=" (year) } { (lang.of("不收入，回到日历", "Leave it, back to the calendar")) }
                }
            }
        }
    };
    page(&Frame { who, title: lang.of("日历", "Calendar"), news: 0, here: HERE }, body)
}
