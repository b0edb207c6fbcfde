//! The page of a version: what comes next, what it changes, its stages, its lines, its course.

use super::compare;
use super::form_page;
use super::sentence;
use super::show::Seen;
use crate::app::Directory;
use crate::auth::Who;
use crate::lang::Lang;
use crate::site::sees_all;
use crate::ui::page::{Frame, page};
use crate::ui::part::{instant, said, words};
use crate::ui::slot::{Refused, Slot, fresh};
use crate::ui::speech::banner;
use domain::attendance::course::{FiledPlan, PlanCommand, PlanState};
use domain::attendance::plan::{Line, Stage};
use domain::id::UnitId;
use domain::problem::Stamp;
use domain::site::Tie;
use domain::time::{Day, Millis};
use maud::{Markup, html};
use store::site::Site;

struct Look<'a> {
    who: &'a Who,
    lang: Lang,
    directory: &'a Directory,
    site: &'a Site,
    ties: &'a [Tie],
    seen: &'a Seen,
    here: String,
    now: Millis,
}

pub fn view(
    who: &Who,
    directory: &Directory,
    site: &Site,
    ties: &[Tie],
    seen: &Seen,
    refused: Option<&Refused>,
    now: Millis,
) -> Markup {
    let lang = who.lang;
    let (filed, version) = (&seen.filed, seen.filed.plan.version);
    let here = format!("/sites/{}", site.no);
    let look = Look { who, lang, directory, site, ties, seen, here: here.clone(), now };
    let title =
        lang.of(format!("{}第{version}版阶段名单", site.name), format!("{}: stage plan, version {version}", site.name));
    let slots = slots(lang, filed, refused);
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/sites" { (lang.of("工地", "Sites")) } " › " a href=(here) lang="zh-CN" { (site.name) } }
            header.page-head {
                div {
                    h1 { (compare::version(lang, version)) (lang.of("阶段名单：", " of the stage plan: ")) (state(lang, filed)) }
                    p.meta { (lang.of(format!("{}起执行", filed.plan.effective_from), format!("In force from {}", filed.plan.effective_from))) " · " (lang.of(format!("{}行", filed.plan.lines.len()), format!("{} lines", filed.plan.lines.len()))) }
                }
            }
            (summary(lang, refused, &slots))
            @if sees_all(ties) {
                @if acts(&look) { a.thumb href="#next" { (lang.of("下一步", "Next step")) } }
                div.columns {
                    div.plan-parts { (changes(&look)) (stages(&look)) (lines(&look)) }
                    aside { (next(&look, &slots)) (course(&look)) (versions(&look)) }
                }
            } @else {
                // Staff find here what was promised for them, and nothing else.
                (banner(html! { p { (lang.of("这里只列出您自己的到岗安排。", "Only what was promised for you stands here.")) } }))
                (lines(&look)) (versions(&look))
            }
        }
    };
    page(&Frame { who, title: &title, news: seen.news, here: &format!("{here}/plans/{version}") }, body)
}

/// Faults of the plan lead to its rows; what is wrong with a command's own field leads there.
fn summary(lang: Lang, refused: Option<&Refused>, slots: &[Slot]) -> Markup {
    let wrong = refused.map(|it| it.error.wrong(lang)).unwrap_or_default();
    if wrong.iter().any(|it| it.field != "words") {
        return form_page::list(
            lang,
            lang.of("没有办成，名单里有要改的地方", "Not done: the plan is to be mended"),
            &wrong,
        );
    }
    html! { @for slot in slots { (slot.summary()) } }
}

fn state(lang: Lang, it: &FiledPlan) -> &'static str {
    lang.of(it.state.zh(), it.state.en())
}

/// One form for each command.
fn slots(lang: Lang, filed: &FiledPlan, refused: Option<&Refused>) -> Vec<Slot> {
    let seen = || fresh([("seen", filed.revision.to_string())]);
    PlanCommand::ALL.iter().map(|it| Slot::new(lang, it.code(), refused, seen)).collect()
}

fn unit<'a>(look: &Look<'a>, id: UnitId) -> &'a str {
    look.directory.unit(id).map_or("", |it| it.label(look.lang.is_en()))
}

/// Whether the reader has something to do with it.
fn acts(look: &Look) -> bool {
    let filed = &look.seen.filed;
    let changes = filed.state == PlanState::Returned && super::may_file(look.ties) && look.site.ended_at.is_none();
    changes || !filed.possible(look.ties, look.who.person()).is_empty()
}

/// The one step that comes next, or who has it.
fn next(look: &Look, slots: &[Slot]) -> Markup {
    let (lang, filed) = (look.lang, &look.seen.filed);
    let possible = filed.possible(look.ties, look.who.person());
    let may_file = super::may_file(look.ties) && look.site.ended_at.is_none();
    html! {
        section.sheet id="next" {
            h2 { (lang.of("下一步", "Next step")) }
            p { (said(lang, &waits(look))) }
            (troubles(look))
            // The filled button first, the way back below it.
            @for wanted in [PlanCommand::Confirm, PlanCommand::Approve, PlanCommand::Return] {
                @for (command, slot) in PlanCommand::ALL.iter().zip(slots).filter(|it| *it.0 == wanted && possible.contains(it.0)) { (step(look, *command, slot)) }
            }
            @if filed.state == PlanState::Returned && may_file {
                p { a.button.primary href={ (look.here) "/plans/new?from=" (filed.plan.version) } { (lang.of("改后重报", "Change it and file again")) } }
            }
            @if filed.state == PlanState::Approved && may_file {
                p { a.button href={ (look.here) "/plans/new?from=" (filed.plan.version) } { (lang.of("改出下一版", "Make the next version of it")) } }
            }
        }
    }
}

fn waits(look: &Look) -> String {
    let (lang, filed) = (look.lang, &look.seen.filed);
    let owner = unit(look, look.site.owner);
    match filed.state {
        PlanState::Filed => lang.of(
            format!("等建设单位{owner}确认，再由建设局批准。"),
            format!("The owner, {owner}, confirms it; then the bureau approves."),
        ),
        PlanState::Confirmed if filed.by_bureau && filed.filed.by == look.who.person() => lang.of(
            "这一版由您代为申报，须由建设局另一人批准。".to_owned(),
            "You filed it on the contractor's behalf; another person of the bureau approves it.".to_owned(),
        ),
        PlanState::Confirmed => lang.of(
            "建设单位已确认，等建设局批准。".to_owned(),
            "The owner has confirmed; the bureau approves.".to_owned(),
        ),
        PlanState::Returned => lang.of(
            "已退回，施工单位改后重报。".to_owned(),
            "Returned; the contractor changes it and files again.".to_owned(),
        ),
        PlanState::Approved => {
            let approved = filed.plan.approved_at.map_or(look.now.day(), Millis::day);
            // Rule 1: approved before the day began.
            let from = filed.plan.effective_from.max(approved.plus(1));
            lang.of(
                format!("已批准，{from}起按这一版考勤，直到更新的一版生效。"),
                format!("Approved; from {from} on attendance is judged by it until a later version holds."),
            )
        }
    }
}

/// What stands against approval now.
fn troubles(look: &Look) -> Markup {
    let (lang, all) = (look.lang, &look.seen.troubles);
    html! {
        @if !all.is_empty() {
            div.plan-troubles id="troubles" {
                p { b { (lang.of(format!("现在查出{}处问题", all.len()), format!("{} found wrong now", all.len()))) }
                    @if look.seen.filed.is_pending() { (lang.of("，改好前批准不了：", "; it cannot be approved before they are mended:")) } @else { (lang.of("：", ":")) } }
                ul { @for it in all { li { (said(lang, lang.of(&it.zh, &it.en))) } } }
            }
        } @else if look.seen.filed.is_pending() {
            p.hint { (lang.of("岗位、证书、与其他工地的承诺都已核对，没有冲突。", "Posts, certificates and promises elsewhere were checked just now; nothing stands against it.")) }
        }
    }
}

fn step(look: &Look, command: PlanCommand, slot: &Slot) -> Markup {
    let (lang, form) = (look.lang, slot.form());
    let action = format!("{}/plans/{}/{}", look.here, look.seen.filed.plan.version, command.code());
    let label = match command {
        PlanCommand::Confirm => lang.of("确认名单", "Confirm the plan"),
        PlanCommand::Approve => lang.of("批准名单", "Approve the plan"),
        PlanCommand::Return => lang.of("退回", "Return it"),
    };
    html! {
        @if command == PlanCommand::Return {
            (slot.fold(label, html! {
                form method="post" action=(action) {
                    (slot.hidden("seen"))
                    (form.field("words", "退回的理由", "Why it is returned").hint(lang.of("写明要改什么，施工单位照着改", "Say what is to be changed")).area(3))
                    button { (lang.of("退回", "Return it")) }
                }
            }))
        } @else {
            form method="post" action=(action) {
                (slot.hidden("seen"))
                button.wide.primary[look.seen.troubles.is_empty()] { (label) }
            }
        }
    }
}

fn changes(look: &Look) -> Markup {
    let (lang, filed) = (look.lang, &look.seen.filed);
    let Some(before) = &look.seen.before else { return html! {} };
    html! {
        section.sheet id="changes" {
            h2 {
                (lang.of(format!("比第{}版改了什么", before.plan.version), format!("What it changes against version {}", before.plan.version)))
                " " span.meta { (state(lang, before)) }
            }
            (compare::changes(lang, &before.plan, &filed.plan, &look.seen.names))
        }
    }
}

/// Each stage with its place in the whole.
fn stages(look: &Look) -> Markup {
    let (lang, plan) = (look.lang, &look.seen.filed.plan);
    let Some((first, last)) = plan.stages.iter().map(|it| it.from).min().zip(plan.stages.iter().map(|it| it.to).max())
    else {
        return html! {};
    };
    let year = plan.effective_from.year();
    html! {
        section.sheet id="stages" {
            h2 { (lang.of("阶段", "Stages")) }
            ol.plan-bands {
                @for (at, it) in plan.stages.iter().enumerate() {
                    li id={ "stages." (at) } {
                        div.line { b lang="zh-CN" { (it.name) } span.meta { (lang.of(it.kind.zh(), it.kind.en())) } span.meta { (sentence::span(lang, it.from, it.to, year)) } }
                        (band(it, first, last, look.now.day()))
                        @if !it.requirements.is_empty() {
                            ul.plan-needs { @for need in &it.requirements { li { (said(lang, &sentence::requirement(lang, need, &look.seen.names, year))) } } }
                        }
                    }
                }
            }
        }
    }
}

/// Drawn; the days stand above it in words.
fn band(it: &Stage, first: Day, last: Day, today: Day) -> Markup {
    let whole = (last.number() - first.number() + 1).max(1);
    let place = |day: Day| ((day.number() - first.number()).clamp(0, whole) * 1000) / whole;
    let (x, end) = (place(it.from), place(it.to.plus(1)));
    html! {
        svg.plan-band viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" {
            rect.band-all x="0" y="0" width="1000" height="10" {}
            rect.band-part x=(x) y="0" width=((end - x).max(4)) height="10" {}
            @if first <= today && today <= last { rect.band-today x=(place(today)) y="0" width="3" height="10" {} }
        }
    }
}

fn lines(look: &Look) -> Markup {
    let (lang, plan) = (look.lang, &look.seen.filed.plan);
    let year = plan.effective_from.year();
    html! {
        section.sheet id="lines" {
            h2 { (lang.of("到岗安排", "Who comes when")) " " span.count { (plan.lines.len()) } }
            table.table.fold.plan-table-lines {
                thead { tr {
                    th.number scope="col" { (lang.of("行", "No.")) }
                    th scope="col" { (lang.of("人员", "Person")) }
                    th scope="col" { (lang.of("岗位", "Post")) }
                    th scope="col" { (lang.of("怎么到岗", "How")) }
                    th scope="col" { (lang.of("起止", "Days")) }
                    th scope="col" { (lang.of("另有约定", "Besides")) }
                } }
                tbody { @for (at, it) in plan.lines.iter().enumerate() { (line(look, at, it, year)) } }
            }
        }
    }
}

fn line(look: &Look, at: usize, it: &Line, year: i16) -> Markup {
    let (lang, names) = (look.lang, &look.seen.names);
    let how = match it.covers {
        Some(chief) => {
            let (who, days) = (sentence::person(names, chief), sentence::mask(lang, it.days));
            lang.of(format!("{who}不到岗的{days}代班"), format!("for {who}, on {days} without them"))
        }
        None => sentence::promise(lang, &it.kind, it.days, year),
    };
    let terms = sentence::terms(lang, it, names).join(lang.of("；", "; "));
    html! {
        tr id={ "lines." (at) } {
            td.number { (at + 1) }
            td lang="zh-CN" { b { (sentence::person(names, it.person)) } }
            td lang="zh-CN" { (it.post.0) }
            td { (said(lang, &how)) }
            td { (sentence::span(lang, it.from, it.to, year)) }
            td.plan-terms { @if terms.is_empty() { span.faint { "—" } } @else { (said(lang, &terms)) } }
        }
    }
}

/// Who did what to it, and when.
fn course(look: &Look) -> Markup {
    let (lang, filed) = (look.lang, &look.seen.filed);
    let entry = |stamp: &Stamp, what: &str| {
        let name = stamp.by.map_or("", |id| sentence::person(&look.seen.names, id));
        html! { li { span.when { (instant(Some(stamp.at))) } span { (what) " " span lang="zh-CN" { (name) } } } }
    };
    let by_whom = match filed.by_bureau {
        _ if filed.taken_over => {
            lang.of("系统启用前的名单，由建设局转入", "In force before this system, taken over by the bureau:")
        }
        true => lang.of("建设局代施工单位申报", "Filed by the bureau on the contractor's behalf:"),
        false => lang.of("施工单位申报", "Filed by the contractor:"),
    };
    html! {
        section.sheet id="course" {
            h2 { (lang.of("经过", "Course")) }
            ol.rows {
                (entry(&filed.filed, by_whom))
                @if let Some(it) = &filed.confirmed { (entry(it, lang.of("建设单位确认", "Confirmed by the owner:"))) }
                @if let Some(it) = filed.decided.as_ref().filter(|_| !filed.taken_over) {
                    @if filed.state == PlanState::Returned { (entry(it, lang.of("退回", "Returned:"))) } @else { (entry(it, lang.of("建设局批准", "Approved by the bureau:"))) }
                }
            }
            @if !filed.reason.is_empty() { h3 { (lang.of("退回的理由", "Why it was returned")) } (words(&filed.reason)) }
        }
    }
}

fn versions(look: &Look) -> Markup {
    let (lang, here, own) = (look.lang, &look.here, look.seen.filed.plan.version);
    html! {
        section.sheet id="versions" {
            h2 { (lang.of("各版", "Versions")) }
            ul.rows {
                @for it in &look.seen.all {
                    @let n = it.plan.version;
                    li {
                        @if n == own { b { (compare::version(lang, n)) } } @else { a href={ (here) "/plans/" (n) } { (compare::version(lang, n)) } }
                        span.meta { (state(lang, it)) " · " (it.plan.effective_from) }
                        @if n != own { a.meta href={ (here) "/plans/" (own) "/compare/" (n) } { (lang.of("与本版比较", "Compare with this one")) } }
                    }
                }
            }
        }
    }
}
