//! The dated numbers of attendance: what holds, since when, where each comes from; the bureau enters the next set.

use super::{keeps, look};
use crate::app::App;
use crate::auth::{self, Who};
use crate::doorstep::deed;
use crate::error::{Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::ui::field::Typed;
use crate::ui::page::{Frame, page};
use crate::ui::slot::{Refused, Slot, is_final, status};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::attendance::plan::{Post, StageKind};
use domain::attendance::rule_set::{RequiredPost, RuleSet, SOURCES};
use domain::fault::Fault;
use domain::refusal::Refusal;
use domain::role::Role;
use domain::time::Day;
use maud::{Markup, html};
use std::sync::Arc;

const HERE: &str = "/sites/rules";

/// A number of the set: its field, what people call it, and the least and the most that can be meant.
struct Number {
    field: &'static str,
    zh: &'static str,
    en: &'static str,
    least: i64,
    most: i64,
    get: fn(&RuleSet) -> i64,
    set: fn(&mut RuleSet, i64),
}

macro_rules! number {
    ($field:ident, $zh:literal, $en:literal, $least:literal, $most:literal, $kind:ty) => {
        Number {
            field: stringify!($field),
            zh: $zh,
            en: $en,
            least: $least,
            most: $most,
            get: |it| i64::from(it.$field),
            set: |it, n| it.$field = <$kind>::try_from(n).unwrap_or_default(),
        }
    };
}

const NUMBERS: [Number; 13] = [
    number!(min_minutes, "首末打卡至少间隔（分钟）", "Minutes from first to last punch", 1, 1440, u32),
    number!(shift_margin_minutes, "班次前后各收多少分钟的打卡", "Minutes before and after a shift", 0, 720, u32),
    number!(drift_as_is_s, "时钟偏差多少秒以内不更正", "Seconds of drift taken as they are", 0, 3600, i64),
    number!(
        drift_corrected_s,
        "时钟偏差多少秒以内更正，超出复核",
        "Seconds of drift corrected, beyond reviewed",
        0,
        86400,
        i64
    ),
    number!(duplicate_minutes, "多少分钟内的重复打卡合并", "Minutes within which punches are one", 0, 120, u32),
    number!(
        travel_minutes,
        "多少分钟内先后在两个工地打卡转复核",
        "Minutes between two sites within which a punch is reviewed",
        0,
        720,
        u32
    ),
    number!(close_workday, "次月第几个工作日关账", "Workday of the next month that closes the month", 1, 20, u32),
    number!(sick_workdays, "病假在其后第几个工作日前获准", "Workdays within which sick leave is granted", 0, 20, u32),
    number!(leave_a_month, "每月请假最多几天", "Days of leave a month", 0, 31, u32),
    number!(leave_a_year, "每年请假最多几天", "Days of leave a year", 0, 366, u32),
    number!(month_percent, "项目负责人每月到岗率（%）", "Project leader's share of the month (%)", 0, 100, u32),
    number!(sites_a_day, "一人一天最多几个工地", "Sites a day for one person", 1, 10, u32),
    number!(
        problem_after_absences,
        "一月缺勤几天转为问题（0为不转）",
        "Absences a month that make a problem (0: never)",
        0,
        31,
        u32
    ),
];
/// Times of day, in milliseconds from midnight.
const TIMES: [(&str, &str, &str); 2] = [
    ("call_by", "通知到岗在前一日几点前有效", "A call binds until, on the day before"),
    ("tick", "当天几点为止（关账、病假）", "The hour of closing and of sick leave"),
];

/// `GET /sites/rules`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap) -> Response {
    answer(&app, &who, &headers, None).await
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, refused: Option<Refused>) -> Response {
    let read = async {
        look(who)?;
        app.db.read(store::attendance_rules::list).await.map_err(Error::from)
    };
    match read.await {
        Ok(sets) => (status(refused.as_ref()), view(app, who, &sets, refused.as_ref())).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

fn clock(ms: i64) -> String {
    format!("{:02}:{:02}", ms / 3_600_000, ms / 60_000 % 60)
}

fn posts_text(set: &RuleSet) -> String {
    let line = |it: &RequiredPost| {
        let names: Vec<&str> = it.names.iter().map(|it| it.0.as_str()).collect();
        format!("{}{}", names.join("/"), if it.certificate { "" } else { " 不查证书" })
    };
    set.required.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn typed_of(set: &RuleSet, from: Day) -> Typed {
    let mut fields = vec![("from".to_owned(), from.to_string()), ("posts".to_owned(), posts_text(set))];
    fields.extend(NUMBERS.iter().map(|it| (it.field.to_owned(), (it.get)(set).to_string())));
    fields.push(("call_by".into(), clock(set.call_by_ms)));
    fields.push(("tick".into(), clock(set.tick_ms)));
    Typed(fields)
}

fn view(app: &App, who: &Who, sets: &[RuleSet], refused: Option<&Refused>) -> Markup {
    let lang = who.lang;
    let (terms, tomorrow) = (app.terms(), app.now().day().plus(1));
    let now = terms.attendance.on(tomorrow);
    let slot = Slot::new(lang, "rules", refused, || typed_of(now, tomorrow));
    let title = lang.of("考勤的数", "Numbers of attendance");
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/sites" { (lang.of("工地", "Sites")) } }
            h1 { (title) }
            p.hint { (lang.of("从哪天起用哪一套，写明日期；新的一套不改已判的日子。", "Each set holds from its day on; a new one changes no day already judged.")) }
            (slot.summary())
            div.columns {
                div { (in_force(lang, now)) }
                aside {
                    section.sheet {
                        h2 { (lang.of("各套", "Sets")) " " span.count { (sets.len()) } }
                        @if sets.is_empty() { p.hint { (lang.of("用的是出厂的数。", "The shipped numbers hold.")) } }
                        ul.rows { @for it in sets { li { p { (it.effective_from) " " (lang.of("起", "on")) } p.meta { (lang.of("录入", "entered")) " " (it.entered_at.minute()) } } } }
                    }
                }
            }
            @if who.has(Role::Bureau) {
                form.sheet method="post" action=(HERE) {
                    h2 { (lang.of("录入新的一套", "Enter the next set")) }
                    (slot.form().field("from", "从哪天起", "From").hint(lang.of("最早从明天起。", "Tomorrow at the earliest.")).input("date"))
                    @for it in &NUMBERS { (slot.form().field(it.field, it.zh, it.en).number()) }
                    @for (field, zh, en) in TIMES { (slot.form().field(field, zh, en).input("time")) }
                    (slot.form().field("posts", "每个阶段必须有的岗位", "Posts that every stage must have").hint(lang.of("一行一个；几种叫法用“/”隔开；不查证书的在后面写“不查证书”。", "One a line; other names behind \"/\"; end it with 不查证书 where no certificate is asked.")).area(8))
                    button.primary { (lang.of("录入", "Enter")) }
                }
            }
        }
    };
    page(&Frame { who, title, news: 0, here: HERE }, body)
}

fn in_force(lang: Lang, set: &RuleSet) -> Markup {
    let source = |field: &str| SOURCES.iter().find(|it| it.field == field).map_or("", |it| lang.of(it.zh, it.en));
    html! {
        section.sheet {
            h2 { (lang.of("明天用的数", "What holds tomorrow")) }
            table.table.fold {
                thead { tr { th scope="col" { (lang.of("数", "Number")) } th.number scope="col" { (lang.of("值", "Value")) } th scope="col" { (lang.of("出处", "Source")) } } }
                tbody {
                    @for it in &NUMBERS { tr { td { (lang.of(it.zh, it.en)) } td.number { ((it.get)(set)) } td { span.meta { (crate::ui::part::said(lang, source(it.field))) } } } }
                    @for (field, value) in [("call_by", set.call_by_ms), ("tick", set.tick_ms)] {
                        @let name = TIMES.iter().find(|it| it.0 == field).map_or("", |it| lang.of(it.1, it.2));
                        tr { td { (name) } td.number { (clock(value)) } td { span.meta { (crate::ui::part::said(lang, source(if field == "tick" { "tick_ms" } else { "call_by_ms" }))) } } }
                    }
                }
            }
        }
    }
}

fn read(typed: &Typed, base: &RuleSet, tomorrow: Day) -> Result<RuleSet, Error> {
    let mut set = base.clone();
    let mut faults = Vec::new();
    match Day::read(typed.get("from")) {
        Some(day) if day >= tomorrow => set.effective_from = day,
        Some(_) => faults.push(Fault::new("from", "最早从明天起。", "Tomorrow at the earliest.")),
        None => faults.push(Fault::new("from", "日期请写成2018-04-16的样子。", "Write the date like 2018-04-16.")),
    }
    for it in &NUMBERS {
        match typed.get(it.field).trim().parse::<i64>() {
            Ok(n) if (it.least..=it.most).contains(&n) => (it.set)(&mut set, n),
            _ => faults.push(Fault::new(
                it.field,
                format!("请填{}到{}之间的整数。", it.least, it.most),
                format!("A whole number from {} to {}.", it.least, it.most),
            )),
        }
    }
    for (field, ..) in TIMES {
        let text = typed.get(field).trim();
        let minutes = text.split_once(':').and_then(|(hour, minute)| {
            let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
            ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
        });
        match (minutes, field) {
            (Some(it), "tick") => set.tick_ms = it * 60_000,
            (Some(it), _) => set.call_by_ms = it * 60_000,
            (None, _) => faults.push(Fault::new(field, "时刻请写成17:30的样子。", "Write the time like 17:30.")),
        }
    }
    set.required = posts(typed.get("posts"));
    if set.required.is_empty() || set.required.len() > 30 {
        faults.push(Fault::new("posts", "请写1到30个岗位，一行一个。", "One to thirty posts, one a line."));
    }
    if set.drift_corrected_s < set.drift_as_is_s {
        let (zh, en) = ("不能小于不更正的秒数。", "No less than what is taken as it is.");
        faults.push(Fault::new("drift_corrected_s", zh, en));
    }
    if faults.is_empty() { Ok(set) } else { Err(Refusal::Faults(faults).into()) }
}

fn posts(text: &str) -> Vec<RequiredPost> {
    const UNCHECKED: &str = "不查证书";
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let post = |line: &str| {
        let bare = line.trim_end_matches(UNCHECKED).trim();
        let names = bare.split('/').map(str::trim).filter(|it| !it.is_empty());
        let names: Vec<Post> = names.map(|it| Post(it.chars().take(20).collect())).collect();
        RequiredPost { names, stages: StageKind::ALL.to_vec(), certificate: !line.ends_with(UNCHECKED) }
    };
    lines.map(post).filter(|it| !it.names.is_empty()).collect()
}

/// `POST /sites/rules`
pub async fn add(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    let done = async {
        keeps(&who)?;
        let tomorrow = app.now().day().plus(1);
        let set = read(&typed, app.terms().attendance.on(tomorrow), tomorrow)?;
        deed(&app, &who, move |tx, deed| Ok(store::attendance_rules::add(tx, deed, &set)?)).await?;
        app.renew_terms().await?;
        Ok::<_, Error>(())
    };
    match done.await {
        Ok(()) => Redirect::to(HERE).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => answer(&app, &who, &headers, Some(Refused::new("rules", typed, error))).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_form_shows_it_reads_back() {
        let (set, tomorrow) = (RuleSet::default(), "2018-05-26".parse().unwrap());
        let read = read(&typed_of(&set, tomorrow), &set, tomorrow).unwrap();
        assert_eq!(read, RuleSet { effective_from: tomorrow, ..set });
    }

    #[test]
    fn every_number_is_one_of_the_set_and_has_a_source() {
        for it in &NUMBERS {
            assert!(SOURCES.iter().any(|source| source.field == it.field), "{}", it.field);
            let mut set = RuleSet::default();
            (it.set)(&mut set, it.most);
            assert_eq!((it.get)(&set), it.most, "{}", it.field);
        }
    }
}
