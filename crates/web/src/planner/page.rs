//! The pages around a calendar: asking for one, waiting for it, what became of it.

use super::job::Made;
use super::load::{Material, Place};
use super::start::WEEKS;
use crate::auth::Who;
use crate::lang::Lang;
use crate::ui::page::{Frame, page};
use crate::ui::slot::{Refused, Slot, fresh};
use crate::ui::speech::empty;
use domain::time::Day;
use maud::{Markup, html};

pub fn view(who: &Who, material: &Material, refused: Option<&Refused>) -> Markup {
    let lang = who.lang;
    let slot =
        Slot::new(lang, "ask", refused, || fresh([("from", material.from.to_string()), ("weeks", weeks(material))]));
    let title = lang.of("排班", "Planner");
    let options: Vec<(String, String)> =
        WEEKS.iter().map(|n| (n.to_string(), lang.of(format!("{n}周"), format!("{n} weeks")))).collect();
    let body = html! {
        main.page id="main" {
            header.page-head {
                div {
                    h1 { (title) }
                    p.meta { (lang.of("按已批准的阶段名单，算出每人哪天去哪个工地，总的人日最少。", "By the approved plans: who goes to which site on which day, with the fewest days in all.")) }
                }
            }
            (slot.summary())
            @if material.places.is_empty() {
                (empty(lang.of("还没有工地", "No sites yet"), lang.of("建设局登记工地、名单批准以后，在这里排班。", "Once the bureau has entered a site and a plan is approved, it is planned here."), None))
            } @else {
                div.columns {
                    section.sheet { h2 { (lang.of("参加排班的工地", "Sites that are planned")) } (sites(lang, material)) }
                    aside {
                        form.sheet method="post" action="/planner" {
                            h2 { (lang.of("排哪几天", "Which days")) }
                            (slot.form().field("from", "从", "From").hint(lang.of("最好是星期一：每周几天的，一周一周地算", "Best a Monday: so many days a week are counted by weeks")).input("date"))
                            (slot.form().field("weeks", "排几周", "For how long").select("", &options))
                            button.primary { (lang.of("开始排班", "Plan it")) }
                        }
                    }
                }
            }
        }
    };
    page(&Frame { who, title, news: 0, here: "/planner" }, body)
}

fn weeks(material: &Material) -> String {
    ((material.to.number() - material.from.number() + 1) / 7).to_string()
}

fn sites(lang: Lang, material: &Material) -> Markup {
    html! {
        table.table.fold {
            thead { tr {
                th scope="col" { (lang.of("工地", "Site")) }
                th scope="col" { (lang.of("依据", "By")) }
                th.number scope="col" { (lang.of("本单位人员", "Own people")) }
                th scope="col" { (lang.of("说明", "Note")) }
            } }
            tbody {
                @for it in &material.places {
                    tr {
                        td.cut { a href={ "/sites/" (it.no) } lang="zh-CN" { (it.name) } }
                        td {
                            @if let Some(base) = &it.base { a href={ "/sites/" (it.no) "/plans/" (base.version) } { (lang.of(format!("第{}版名单", base.version), format!("Version {}", base.version))) } }
                            @else if let Some((n, day)) = it.next { a href={ "/sites/" (it.no) "/plans/" (n) } { (lang.of(format!("第{n}版名单，{day}起"), format!("Version {n}, from {day}"))) } }
                            @else { span.faint { (lang.of("没有已批准的名单", "No approved plan")) } }
                        }
                        td.number data-label=(lang.of("本单位人员", "Own people")) { (it.people) }
                        td.plan-terms { (note(lang, it, material.to)) }
                    }
                }
            }
        }
    }
}

/// What stands in the way of filing a version of it.
fn note(lang: Lang, it: &Place, to: Day) -> String {
    match (it.files, it.pending, it.later(to)) {
        (false, ..) => lang
            .of("名单由别的单位申报，只作为已定的安排", "Another firm files its plans; they are taken as they are")
            .to_owned(),
        (_, Some(n), _) => lang.of(
            format!("第{n}版还在办理中，办结前不能采用排班"),
            format!("Version {n} is under way; nothing can be filed before it is decided"),
        ),
        (.., Some(n)) => lang.of(
            format!("第{n}版在这段时间内生效，请从它生效那天起排"),
            format!("Version {n} comes into force within these days; plan from its day on"),
        ),
        _ => String::new(),
    }
}

/// While the solver is at it; the page comes again by itself.
pub fn running(who: &Who, id: &str) -> Markup {
    let lang = who.lang;
    let title = lang.of("正在排班", "Planning");
    let body = html! {
        main.page.narrow id="main" {
            h1 { (title) }
            div.progress role="status" {
                label for="progress" { (lang.of("最多算10秒，页面会自己更新。", "At most ten seconds; the page comes again by itself.")) }
                progress id="progress" {}
            }
            p { a href={ "/planner/" (id) } { (lang.of("现在看", "Look now")) } }
        }
    };
    page(&Frame { who, title, news: 0, here: "/planner" }, body)
}

pub fn accepted(who: &Who, made: &Made, versions: &[(i64, u32)]) -> Markup {
    let lang = who.lang;
    let title = lang.of("排班已采用", "The calendar was taken over");
    let name = |no: i64| made.material.places.iter().find(|it| it.no == no).map_or("", |it| it.name.as_str());
    let body = html! {
        main.page.narrow id="main" {
            p.crumbs { a href="/planner" { (lang.of("排班", "Planner")) } }
            h1 { (title) }
            p { (lang.of("各工地的下一版名单已申报，由建设单位确认、建设局批准后生效。", "The next versions were filed; they hold once the owner has confirmed and the bureau approved them.")) }
            ul.rows.sheet {
                @for (no, version) in versions {
                    li { a href={ "/sites/" (no) "/plans/" (version) } lang="zh-CN" { (name(*no)) } span.meta { (lang.of(format!("第{version}版"), format!("Version {version}"))) } }
                }
            }
        }
    };
    page(&Frame { who, title, news: 0, here: "/planner" }, body)
}
