//! The page of a site.

use super::filing;
use super::show::Seen;
use super::{files, sees_all};
use crate::app::{App, Directory};
use crate::auth::Who;
use crate::home::block::date;
use crate::lang::Lang;
use crate::ui::field::closed;
use crate::ui::number::{Stat, bar, stats};
use crate::ui::page::{Frame, page};
use crate::ui::part::{instant, said};
use crate::ui::slot::{Refused, Slot, fresh};
use crate::ui::speech;
use domain::attendance::asked::AskState;
use domain::attendance::course::PlanState;
use domain::attendance::expect::Due;
use domain::attendance::roll::LeaveKind;
use domain::attendance::verdict::Reason;
use domain::id::UnitId;
use domain::site::Tie;
use domain::time::Millis;
use maud::{Markup, html};
use store::site::Site;
use store::today::Duty;

pub(super) fn view(
    app: &App,
    who: &Who,
    directory: &Directory,
    site: &Site,
    ties: &[Tie],
    seen: &Seen,
    refused: Option<&Refused>,
) -> Markup {
    let (lang, now) = (who.lang, app.now());
    let here = format!("/sites/{}", site.no);
    let slots = Slots::new(app, lang, refused);
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/sites" { (lang.of("工地", "Sites")) } }
            header.page-head {
                div { h1 lang="zh-CN" { (site.name) } p.meta { (card(lang, directory, site)) } }
                div.line {
                    a.button href={ (here) "/month" } { (lang.of("月考勤", "Month sheet")) }
                    @if ties.contains(&Tie::Contractor) || ties.contains(&Tie::Bureau) { a.button href={ (here) "/plans/new" } { (lang.of("申报阶段名单", "File a stage plan")) } }
                                        @if seen.attests { a.button href={ (here) "/attest" } { (lang.of("代证", "Attest")) } }
                    @if let Some(token) = &seen.screen { a.button href={ "/screen/" (site.no) "/" (token) } { (lang.of("打卡屏", "Punch screen")) } }
                    @if ties.contains(&Tie::Bureau) { a.button.quiet href={ (here) "/edit" } { (lang.of("修改", "Change")) } }
                }
            }
            @if site.ended_at.is_some() { (speech::banner(html! { (lang.of("这个工地已经完工，不再要求到岗；以前的考勤都在。", "The work here is over; nobody is wanted any more, and all that was judged stays.")) })) }
            @for slot in slots.all() { (slot.summary()) }
            (today(lang, site, seen, now))
            div.columns {
                div { (plans(lang, site, ties, seen)) (people(lang, directory, site, ties, seen)) }
                aside { (asked(lang, seen)) (key_periods(lang, seen)) (filings(lang, seen)) }
            }
            @if site.ended_at.is_none() { (forms(lang, site, ties, seen, &slots)) }
        }
    };
    page(&Frame { who, title: &site.name, news: seen.news, here: &here }, body)
}

fn unit(lang: Lang, directory: &Directory, id: UnitId) -> Markup {
    said(lang, directory.unit(id).map_or("", |it| it.label(lang.is_en())))
}

fn card(lang: Lang, directory: &Directory, site: &Site) -> Markup {
    html! {
        (lang.of("施工许可证", "Permit")) " " span lang="zh-CN" { (site.permit) }
        " · " (lang.of("建设", "Owner")) " " (unit(lang, directory, site.owner))
        " · " (lang.of("施工", "Contractor")) " " (unit(lang, directory, site.contractor))
        @if let Some(it) = site.consultant { " · " (lang.of("监理", "Consultant")) " " (unit(lang, directory, it)) }
        @if !site.address.is_empty() { " · " span lang="zh-CN" { (site.address) } }
    }
}

fn today(lang: Lang, site: &Site, seen: &Seen, now: Millis) -> Markup {
    let count = |due: Due, came: bool| {
        seen.duties.iter().filter(|it| it.due == due && it.came_at.is_some() == came).count() as i64
    };
    let (came, gone) = (count(Due::Must, true), count(Due::Must, false));
    let month = format!("/sites/{}/month", site.no);
    let stat = |label, number: i64, of: String, note: Markup, burns| Stat {
        label,
        href: "#today",
        number: number.to_string(),
        of,
        note,
        burns,
    };
    html! {
        section.part id="today" {
            h2 { (lang.of("今天", "Today")) " " span.meta { (date(lang, now.day())) } }
            @if seen.duties.is_empty() {
                p.hint { (lang.of("今天没有人需要到岗；名单批准后，从第二天起按名单要求到岗。", "Nobody is wanted today; an approved plan counts from the next day on.")) }
            } @else {
                (stats(&[
                    stat(lang.of("应到已到", "Wanted and there"), came, format!(" / {}", came + gone), bar(came, came + gone), false),
                    stat(lang.of("应到未到", "Missing"), gone, String::new(), html! {}, gone > 0),
                    stat(lang.of("请假", "On leave"), count(Due::Leave, false) + count(Due::Leave, true), String::new(), html! {}, false),
                    Stat { href: &month, ..stat(lang.of("按天数可到", "May come"), count(Due::May, true), format!(" / {}", count(Due::May, true) + count(Due::May, false)), html! { (lang.of("本周、本月的天数还没满", "Days of the week or month still open")) }, false) },
                ]))
                table.table.fold {
                    thead { tr {
                        th scope="col" { (lang.of("人员", "Person")) }
                        th scope="col" { (lang.of("岗位", "Post")) }
                        th scope="col" { (lang.of("今天", "Today")) }
                        th scope="col" { (lang.of("到岗", "There")) }
                        th scope="col" { (lang.of("为什么", "Why")) }
                    } }
                    tbody { @for it in &seen.duties { (duty(lang, site, it, now)) } }
                }
            }
        }
    }
}

fn duty(lang: Lang, site: &Site, it: &Duty, now: Millis) -> Markup {
    let begun = it.begins_at.is_none_or(|begin| begin <= now);
    let missing = it.due == Due::Must && it.came_at.is_none() && begun && !it.waits;
    let reason = Reason::parse(&it.reason);
    html! {
        tr {
            td { a href={ "/sites/" (site.no) "/month?person=" (it.person) "&day=" (now.day()) "#day" } lang="zh-CN" { (it.name) } }
            td lang="zh-CN" { (it.post) }
            td { (lang.of(it.due.zh(), it.due.en())) }
            td {
                @match (it.came_at, it.left_at) {
                    (Some(came), Some(left)) if left > came => { (came.clock()) "–" (left.clock()) }
                    (Some(came), _) => { (came.clock()) }
                    _ if it.waits => { b { (lang.of("待复核", "to be reviewed")) } }
                    _ if missing => { span.light data-light="red" { (lang.of("未到", "missing")) } }
                    _ if it.due == Due::Must => { span.faint { (lang.of("班次未到", "shift not begun")) } }
                    _ => { span.faint { "—" } }
                }
            }
            td { @if let Some(reason) = reason.filter(|_| it.due != Due::Must) { span.meta { (lang.of(reason.zh(), reason.en())) } } }
        }
    }
}

fn plans(lang: Lang, site: &Site, ties: &[Tie], seen: &Seen) -> Markup {
    html! {
        section.sheet.part id="plans" {
            h2 { (lang.of("阶段名单", "Stage plans")) " " span.count { (seen.plans.len()) } }
            @if seen.plans.is_empty() { p.hint { (lang.of("还没有申报。", "None filed yet.")) } }
            @else {
                table.table.fold {
                    thead { tr { th scope="col" { (lang.of("版本", "Version")) } th scope="col" { (lang.of("状态", "State")) } th scope="col" { (lang.of("生效", "From")) } th scope="col" { (lang.of("阶段", "Stages")) } } }
                    tbody {
                        @for it in &seen.plans {
                            tr {
                                td { a href={ "/sites/" (site.no) "/plans/" (it.plan.version) } { (lang.of(format!("第{}版", it.plan.version), format!("Version {}", it.plan.version))) } }
                                td { span.badge data-tone=(tone(it.state)) { (lang.of(it.state.zh(), it.state.en())) } }
                                td { (it.plan.effective_from) }
                                td.cut lang="zh-CN" { (it.plan.stages.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join("、")) }
                            }
                        }
                    }
                }
            }
            @if sees_all(ties) && seen.plans.len() > 1 { p.meta { (lang.of("各版并存，新版不改已判的日子。", "Versions stand side by side; a new one changes no day already judged.")) } }
        }
    }
}

fn tone(state: PlanState) -> &'static str {
    match state {
        PlanState::Approved => "done",
        PlanState::Returned => "red",
        _ => "yellow",
    }
}

fn people(lang: Lang, directory: &Directory, site: &Site, ties: &[Tie], seen: &Seen) -> Markup {
    html! {
        section.sheet.part id="staff" {
            h2 { (lang.of("现场管理人员", "Staff")) " " span.count { (seen.staff.len()) } }
            @if seen.staff.is_empty() { p.hint { (lang.of("还没有登记人员；先登记人员，再申报阶段名单。", "Nobody yet; people are entered first, then the plan is filed.")) } }
            @else {
                table.table.fold {
                    thead { tr { th scope="col" { (lang.of("姓名", "Name")) } th scope="col" { (lang.of("岗位", "Posts")) } th scope="col" { (lang.of("单位", "Firm")) } } }
                    tbody {
                        @for it in &seen.staff {
                            tr {
                                td { a href={ "/sites/" (site.no) "/staff/" (it.person) } lang="zh-CN" { (it.name) } @if it.attests { " " span.badge { (lang.of("代证人", "attests")) } } }
                                td lang="zh-CN" { (it.posts.iter().map(|it| it.0.as_str()).collect::<Vec<_>>().join("、")) }
                                td { (unit(lang, directory, it.firm)) }
                            }
                        }
                    }
                }
            }
            @if files(ties) && site.ended_at.is_none() { p { a.button href={ "/sites/" (site.no) "/staff" } { (lang.of("登记人员", "Enter a person")) } } }
        }
    }
}

fn asked(lang: Lang, seen: &Seen) -> Markup {
    html! {
        section.sheet.part id="leave" {
            h2 { (lang.of("请假和顶岗", "Leave and substitutes")) }
            @if seen.leaves.is_empty() && seen.substitutes.is_empty() { p.hint { (lang.of("近期没有。", "None of late.")) } }
            ul.rows {
                @for it in &seen.leaves {
                    @let leave = &it.asked.what;
                    li {
                        p.line { a href={ "/leaves/" (it.id) } lang="zh-CN" { (it.name) } (state(lang, it.asked.state)) }
                        p.meta { (lang.of(leave.kind.zh(), leave.kind.en())) " " (leave.from) " – " (leave.to) @if let Some(words) = it.words.as_ref().filter(|it| !it.is_empty()) { " · " (said(lang, words)) } }
                    }
                }
                @for it in &seen.substitutes {
                    @let what = &it.asked.what;
                    li {
                        p.line { a href={ "/substitutes/" (it.id) } lang="zh-CN" { (it.name) " → " (it.instead_of_name) } (state(lang, it.asked.state)) }
                        p.meta { (lang.of("顶岗", "Stands in")) " " (what.from) " – " (what.to) }
                    }
                }
            }
        }
    }
}

fn state(lang: Lang, it: AskState) -> Markup {
    let tone = match it {
        AskState::Granted => "done",
        AskState::Asked => "yellow",
        _ => "red",
    };
    html! { span.badge data-tone=(tone) { (lang.of(it.zh(), it.en())) } }
}

fn key_periods(lang: Lang, seen: &Seen) -> Markup {
    html! {
        @if !seen.key_periods.is_empty() {
            section.sheet.part id="key-period" {
                h2 { (lang.of("关键工序时段", "Key periods")) }
                ul.rows { @for it in &seen.key_periods { li { p { (it.from) " – " (it.to) } p.meta lang="zh-CN" { (it.why) } } } }
            }
        }
    }
}

fn filings(lang: Lang, seen: &Seen) -> Markup {
    html! {
        @if !seen.exits.is_empty() {
            section.sheet.part id="exit" {
                h2 { (lang.of("退场", "Exits")) }
                ul.rows { @for it in &seen.exits { li { p lang="zh-CN" { (it.name) } p.meta { (lang.of("最后一天", "last day")) " " (it.last_day) " · " (lang.of("申报", "filed")) " " (instant(Some(it.filed_at))) } } } }
            }
        }
        @if !seen.calls.is_empty() {
            section.sheet.part id="call" {
                h2 { (lang.of("通知到岗", "Calls")) }
                ul.rows { @for it in &seen.calls { li { p { span lang="zh-CN" { (it.name) } " " (it.day) } p.meta { (lang.of("通知时间", "called")) " " (instant(Some(it.called_at))) } } } }
            }
        }
    }
}

/// The forms of the page, each with what was typed in it.
struct Slots {
    exit: Slot,
    call: Slot,
    leave: Slot,
    substitute: Slot,
    key_period: Slot,
}

impl Slots {
    fn new(app: &App, lang: Lang, refused: Option<&Refused>) -> Slots {
        let id = || fresh([("id", store::ids::fresh(app.now()).to_string())]);
        Slots {
            exit: Slot::new(lang, "exit", refused, Default::default),
            call: Slot::new(lang, "call", refused, Default::default),
            leave: Slot::new(lang, "leave", refused, id),
            substitute: Slot::new(lang, "substitute", refused, id),
            key_period: Slot::new(lang, "key-period", refused, Default::default),
        }
    }

    fn all(&self) -> [&Slot; 5] {
        [&self.exit, &self.call, &self.leave, &self.substitute, &self.key_period]
    }
}

fn forms(lang: Lang, site: &Site, ties: &[Tie], seen: &Seen, slots: &Slots) -> Markup {
    let firm = |it: &store::staff::Staff| filing::is_own(site, ties, it.firm);
    let own: Vec<(String, String)> =
        seen.staff.iter().filter(|it| firm(it)).map(|it| (it.person.to_string(), it.name.clone())).collect();
    let all: Vec<(String, String)> = seen.staff.iter().map(|it| (it.person.to_string(), it.name.clone())).collect();
    let at = |what: &str| format!("/sites/{}/{what}", site.no);
    let kinds = closed(lang, LeaveKind::ALL, LeaveKind::code, LeaveKind::zh, LeaveKind::en);
    let choose = lang.of("请选择", "Choose");
    let is_bureau = ties.contains(&Tie::Bureau);
    html! {
        @if (files(ties) && !own.is_empty()) || is_bureau {
            section.part {
                h2 { (lang.of("申报", "File")) }
                @if !own.is_empty() && files(ties) {
                    (slots.leave.fold(lang.of("替本单位人员请假", "Ask leave for one of our people"), html! {
                        form method="post" action=(at("leave")) {
                            (slots.leave.hidden("id"))
                            (slots.leave.form().field("person", "人员", "Person").select(choose, &own))
                            (slots.leave.form().field("kind", "假别", "Kind").select(choose, &kinds))
                            (slots.leave.form().field("from", "从", "From").input("date"))
                            (slots.leave.form().field("to", "到", "To").input("date"))
                            (slots.leave.form().field("words", "原因", "Why").area(2))
                            button.primary { (lang.of("提交，等建设单位同意", "Ask; the owner decides")) }
                        }
                    }))
                    (slots.substitute.fold(lang.of("安排顶岗", "Name a substitute"), html! {
                        form method="post" action=(at("substitute")) {
                            (slots.substitute.hidden("id"))
                            (slots.substitute.form().field("instead_of", "替谁", "Instead of").select(choose, &own))
                            (slots.substitute.form().field("person", "谁顶岗", "Who stands in").select(choose, &all))
                            (slots.substitute.form().field("from", "从", "From").input("date"))
                            (slots.substitute.form().field("to", "到", "To").input("date"))
                            button.primary { (lang.of("提交，等建设单位同意", "Ask; the owner decides")) }
                        }
                    }))
                    (slots.call.fold(lang.of("通知到岗", "Call somebody"), html! {
                        form method="post" action=(at("call")) {
                            (slots.call.form().field("person", "人员", "Person").select(choose, &own))
                            (slots.call.form().field("day", "哪一天", "For which day").hint(lang.of("前一日18:00以前通知的，当天才算应到。", "Only a call made by 18:00 of the day before obliges.")).input("date"))
                            button.primary { (lang.of("通知", "Call")) }
                        }
                    }))
                    (slots.exit.fold(lang.of("申报退场", "File an exit"), html! {
                        form method="post" action=(at("exit")) {
                            (slots.exit.form().field("person", "人员", "Person").select(choose, &own))
                            (slots.exit.form().field("last_day", "最后一天", "Last day").hint(lang.of("没有申报退场的，仍按他考核。", "Until it is filed, he is the one judged.")).input("date"))
                            button.primary { (lang.of("申报退场", "File the exit")) }
                        }
                    }))
                }
                @if is_bureau {
                    (slots.key_period.fold(lang.of("设关键工序时段", "Set a key period"), html! {
                        form method="post" action=(at("key-period")) {
                            (slots.key_period.form().field("from", "从", "From").hint(lang.of("最早从明天起；时段内请假不能免考。", "From tomorrow at the earliest; no leave excuses in it.")).input("date"))
                            (slots.key_period.form().field("to", "到", "To").input("date"))
                            (slots.key_period.form().field("why", "工序", "Which work").input("text"))
                            button.primary { (lang.of("设定", "Set")) }
                        }
                    }))
                    details.step { summary { (lang.of("完工", "The work is over")) }
                        form method="post" action=(at("end")) {
                            p.hint { (lang.of("以后不再要求到岗，以前的考勤都在。", "Nobody is wanted any more; all that was judged stays.")) }
                            button { (lang.of("记为完工", "Mark as finished")) }
                        }
                    }
                }
                @if files(ties) {
                    details.step { summary { (lang.of("换打卡屏地址", "A new address for the screen")) }
                        form method="post" action=(at("screen")) {
                            p.hint { (lang.of("屏幕丢了或地址外传时用；旧地址和旧码立即作废。", "When the screen was lost or its address passed on: the old one ends at once.")) }
                            button { (lang.of("换地址", "Renew")) }
                        }
                    }
                }
            }
        }
    }
}
