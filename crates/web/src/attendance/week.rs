//! A person's weeks as a strip: for each day where he must be, may be or need not be, and why; and the same in one sentence.

use crate::lang::Lang;
use crate::ui::part::said;
use domain::attendance::expect::{Due, Expected};
use domain::attendance::verdict::{Judged, Reason, Verdict};
use domain::id::PersonId;
use domain::time::{Day, Millis};
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};
use store::own_days::Place;

pub(crate) type Names = BTreeMap<PersonId, String>;

/// This week and the next, Monday to Sunday.
pub(crate) fn two_weeks(today: Day) -> (Day, Day) {
    let monday = today.monday();
    (monday, monday.plus(13))
}

/// For whom he stands in on one of these days.
pub(crate) fn stood_in_for(places: &[Place]) -> BTreeSet<PersonId> {
    places.iter().flat_map(|it| &it.ahead).filter_map(|it| it.stands_in).collect()
}

pub(crate) fn weekday(lang: Lang, day: Day) -> &'static str {
    let at = usize::from(day.weekday()).saturating_sub(1).min(6);
    lang.of(
        ["周一", "周二", "周三", "周四", "周五", "周六", "周日"][at],
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][at],
    )
}

/// What stands in a day for one site.
struct Entry<'a> {
    place: &'a Place,
    /// must, last, may, leave, here, gone, review, extra; empty where he is not wanted.
    ground: &'static str,
    word: String,
    why: String,
}

fn span(came: (Millis, Millis)) -> String {
    if came.1 > came.0 { format!("{}–{}", came.0.clock(), came.1.clock()) } else { came.0.clock() }
}

fn behind<'a>(lang: Lang, place: &'a Place, it: &Judged) -> Entry<'a> {
    let ground = match it.verdict {
        Verdict::Present => "here",
        Verdict::Absent | Verdict::Short => "gone",
        Verdict::Review => "review",
        Verdict::Excused => "leave",
        Verdict::Extra => "extra",
        Verdict::NotNeeded => "",
        Verdict::Open => "may",
    };
    let why = lang.of(it.reason.zh(), it.reason.en());
    let (word, why) = match (it.verdict, it.span) {
        (Verdict::Present, Some(came)) => (format!("{} {}", lang.of("到岗", "There"), span(came)), String::new()),
        (verdict, _) => (lang.of(verdict.zh(), verdict.en()).to_owned(), why.to_owned()),
    };
    Entry { place, ground, word, why }
}

/// A day of a quota that is a must only if no day before it is used: he still has the choice.
fn is_last(place: &Place, it: &Expected, today: Day) -> bool {
    let is_same_period = |other: &Expected| match it.tally {
        Some(tally) if tally.is_month => (other.day.year(), other.day.month()) == (it.day.year(), it.day.month()),
        _ => other.day.number() - i64::from(other.day.weekday()) == it.day.number() - i64::from(it.day.weekday()),
    };
    let before = |other: &&Expected| today <= other.day && other.day < it.day && other.due == Due::May;
    it.due == Due::Must
        && it.reason == Reason::QuotaMissed
        && it.day > today
        && place.ahead.iter().filter(before).any(is_same_period)
}

fn ahead<'a>(lang: Lang, place: &'a Place, it: &Expected, names: &Names, today: Day) -> Entry<'a> {
    let (zh, en) = it.why();
    let tally = it.tally.filter(|_| it.due != Due::Leave);
    let (last, waits) = (is_last(place, it, today), it.day == today && place.waits);
    let why = match (it.stands_in.and_then(|it| names.get(&it)), tally) {
        (Some(name), _) => lang.of(format!("替{name}顶岗"), format!("stands in for {name}")),
        (None, Some(tally)) if last => lang.of(
            format!("前几天没补满的，这天要到（{}）", tally.zh()),
            format!("unless the days owed are filled before ({})", tally.en()),
        ),
        (None, Some(tally)) if it.due == Due::May => {
            lang.of(format!("{}，日子自选", tally.zh()), format!("{}, on days of your choice", tally.en()))
        }
        (None, Some(tally)) => lang.of(format!("{zh}（{}）", tally.zh()), format!("{en} ({})", tally.en())),
        (None, None) => lang.of(zh, en).to_owned(),
    };
    let (ground, word) = match (it.due, it.came) {
        (Due::Free, Some(came)) => ("extra", format!("{} {}", lang.of("来了", "Came"), span(came))),
        (_, Some(came)) => ("here", format!("{} {}", lang.of("已到", "There"), span(came))),
        (_, None) if waits => ("review", lang.of("打卡待复核", "Punch to be reviewed").to_owned()),
        (Due::Must, None) if last => ("last", lang.of("最迟", "At the latest").to_owned()),
        (Due::Must, None) => {
            let begin = it.shift.map(|shift| format!(" {}", shift.on(it.day).0.clock()));
            ("must", format!("{}{}", lang.of("应到", "Must come"), begin.unwrap_or_default()))
        }
        (Due::May, None) => ("may", lang.of("可到", "May come").to_owned()),
        (Due::Leave, None) => ("leave", lang.of("请假", "On leave").to_owned()),
        (Due::Free, None) => ("", lang.of("无需到岗", "Not wanted").to_owned()),
    };
    Entry { place, ground, word, why }
}

fn entries<'a>(lang: Lang, places: &'a [Place], (day, today): (Day, Day), names: &Names) -> Vec<Entry<'a>> {
    let of = |place: &'a Place| {
        let past = place.behind.iter().find(|it| it.day == day).map(|it| behind(lang, place, it));
        past.or_else(|| place.ahead.iter().find(|it| it.day == day).map(|it| ahead(lang, place, it, names, today)))
    };
    places.iter().filter_map(of).collect()
}

/// The days from `from` to `to`: beside each other on a desk, below each other on a phone.
pub(crate) fn strip(lang: Lang, places: &[Place], names: &Names, (from, to): (Day, Day), today: Day) -> Markup {
    html! {
        ol.week {
            @for day in (from.number()..=to.number()).map(Day::from_number) {
                @let (free, wanted): (Vec<Entry>, Vec<Entry>) = entries(lang, places, (day, today), names).into_iter().partition(|it| it.ground.is_empty());
                li aria-current=[(day == today).then_some("date")] data-past=[(day < today).then_some("")] {
                    p.week-day { b { (weekday(lang, day)) } " " time datetime=(day) { (short(lang, day)) } @if day == today { " " span.week-now { (lang.of("今天", "today")) } } }
                    div.week-what {
                        @for it in &wanted { (wanted_at(lang, it)) }
                        @if wanted.is_empty() && free.is_empty() { p.faint { "—" } }
                        @if !free.is_empty() { (free_at(lang, &free, wanted.is_empty())) }
                    }
                }
            }
        }
    }
}

fn short(lang: Lang, day: Day) -> String {
    lang.of(format!("{}月{}日", day.month(), day.day_of_month()), format!("{}/{}", day.month(), day.day_of_month()))
}

fn wanted_at(lang: Lang, it: &Entry) -> Markup {
    html! {
        div.week-at data-ground=(it.ground) {
            p { b { (it.word) } }
            p { a href={ "/sites/" (it.place.site.no) } lang="zh-CN" { (it.place.site.name) } }
            @if !it.why.is_empty() { p.meta { (said(lang, &it.why)) } }
        }
    }
}

/// Sites that want nothing of him on a day, in one line; each reason once.
fn free_at(lang: Lang, free: &[Entry], alone: bool) -> Markup {
    let mut whys: Vec<(&str, Vec<&str>)> = Vec::new();
    for it in free {
        match whys.iter_mut().find(|why| why.0 == it.why) {
            Some(why) => why.1.push(&it.place.site.name),
            None => whys.push((&it.why, vec![&it.place.site.name])),
        }
    }
    let same = alone && whys.len() == 1;
    html! {
        p.week-free {
            (lang.of("无需到岗：", "Not wanted: "))
            @for (n, (why, sites)) in whys.iter().enumerate() {
                @if n > 0 { (lang.of("；", "; ")) }
                @if !same { span lang="zh-CN" { (sites.join("、")) } " " }
                (said(lang, why))
            }
        }
    }
}

/// What the strip comes to, in words.
pub(crate) struct Finding {
    pub title: String,
    /// The rest of this week.
    pub note: String,
    /// Sites at which he must be today and has not punched.
    pub open: i64,
}

pub(crate) fn finding(lang: Lang, places: &[Place], today: Day) -> Finding {
    let on = |day: Day, is: &dyn Fn(&Expected) -> bool| -> Vec<&str> {
        let at = |it: &&Place| it.ahead.iter().any(|it| it.day == day && is(it));
        places.iter().filter(at).map(|it| it.site.name.as_str()).collect()
    };
    let waits = places.iter().filter(|it| it.waits).map(|it| it.site.name.as_str()).collect::<Vec<_>>();
    let mut must = on(today, &|it| it.due == Due::Must && it.came.is_none());
    must.retain(|it| !waits.contains(it));
    let came = on(today, &|it| it.came.is_some());
    let may = on(today, &|it| it.due == Due::May && it.came.is_none());
    let names = |all: &[&str]| all.join(lang.of("、", ", "));
    let title = match (must.is_empty(), came.is_empty(), may.is_empty()) {
        (true, true, _) if !waits.is_empty() => lang
            .of(format!("{}的打卡待复核", names(&waits)), format!("Your punch at {} is to be reviewed", names(&waits))),
        (false, ..) => lang.of(format!("今天要到：{}", names(&must)), format!("Be at {} today", names(&must))),
        (_, false, _) => lang.of(format!("今天已到：{}", names(&came)), format!("You were at {} today", names(&came))),
        (.., false) => lang.of(
            format!("今天可到{}，也可另日", names(&may)),
            format!("You may be at {} today, or on another day", names(&may)),
        ),
        _ => lang.of("今天不用到岗".into(), "You are not wanted anywhere today".into()),
    };
    Finding { title, note: rest(lang, places, today), open: must.len() as i64 }
}

/// Where he must be until Sunday, and what he still owes without a day of its own.
fn rest(lang: Lang, places: &[Place], today: Day) -> String {
    let sunday = today.plus(7 - i64::from(today.weekday()));
    let mut parts: Vec<String> = Vec::new();
    for day in (today.number() + 1..=sunday.number()).map(Day::from_number) {
        let is_must = |place: &Place, it: &Expected| it.due == Due::Must && !is_last(place, it, today);
        let at = |place: &&Place| place.ahead.iter().any(|it| it.day == day && is_must(place, it));
        let sites: Vec<&str> = places.iter().filter(at).map(|it| it.site.name.as_str()).collect();
        if !sites.is_empty() {
            parts.push(format!("{} {}", weekday(lang, day), sites.join(lang.of("、", ", "))));
        }
    }
    let mut said = if parts.is_empty() {
        lang.of("本周其余日子没有必到的".to_owned(), "No other day of this week is a must".to_owned())
    } else {
        let days = parts.join(lang.of("；", "; "));
        lang.of(format!("本周还要到：{days}"), format!("Still this week: {days}"))
    };
    for place in places {
        let open = place.ahead.iter().rev().find(|it| it.day <= sunday && it.due == Due::May);
        let Some(tally) = open.and_then(|it| it.tally) else { continue };
        let (name, left) = (&place.site.name, tally.owed.saturating_sub(tally.attended));
        let period = if tally.is_month { lang.of("本月", "this month") } else { lang.of("本周", "this week") };
        said.push_str(&lang.of(
            format!("；{name}{period}还欠{left}天，日子自选"),
            format!("; {name}: {left} more {period}, on days of your choice"),
        ));
    }
    said
}
