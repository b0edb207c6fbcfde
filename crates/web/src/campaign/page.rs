//! The page of one campaign: its rounds, and every number so far as a link to its rows.

use super::chart;
use super::list::period_fields;
use super::show::{Numbers, Shows};
use super::tables;
use crate::auth::Who;
use crate::doorstep;
use crate::lang::Lang;
use crate::ui::number::{bar, href, linked, percent};
use crate::ui::page::{Frame, page};
use crate::ui::part::tongue;
use crate::ui::slot::{Refused, Slot, fresh};
use crate::ui::term::term;
use domain::grid::{Battle, Cell, Link};
use domain::promise::State;
use domain::visit::FindingKind;
use maud::{Markup, html};
use std::collections::BTreeMap;
use store::policy::Policy;

pub fn view(who: &Who, shows: &Shows, refused: Option<&Refused>) -> Markup {
    let (lang, it, office) = (who.lang, &shows.campaign, doorstep::sets_up(who));
    let here = format!("/campaigns/{}", it.no);
    let name = it.label(lang.is_en());
    let slot = Slot::new(lang, "round", refused, || {
        fresh([
            ("id", store::ids::fresh(shows.now).to_string()),
            ("from", it.from.to_string()),
            ("to", it.to.to_string()),
        ])
    });
    let body = html! {
        main.page id="main" {
            header.page-head {
                div {
                    p.crumbs { a href="/campaigns" { (lang.of("行动", "Campaigns")) } }
                    h1 lang=[tongue(lang, name)] { (name) }
                    p.line { span.faint { (it.from) " – " (it.to) } @if it.rules.is_some() { span.badge { (lang.of("期限自定", "Own deadlines")) } } }
                }
                p.line {
                    @if doorstep::sees_all(who) { a.button href={ (here) "/report" } { (lang.of("上报报告", "Report upward")) } }
                    @if office { a.button href={ (here) "/edit" } { (lang.of("修改", "Change")) } }
                }
            }
            (slot.summary())
            div.columns[office] {
                (rounds(lang, shows))
                @if office {
                    aside {
                        form.sheet method="post" action={ (here) "/rounds" } {
                            h2 { (lang.of("新增轮次", "Add a round")) }
                            (slot.hidden("id"))
                            (period_fields(lang, &slot, false))
                            button.primary.wide { (lang.of("新增轮次", "Add the round")) }
                        }
                    }
                }
            }
            (charts(lang, shows))
            @if let Some(numbers) = &shows.numbers { (all_numbers(lang, shows, numbers)) }
        }
    };
    page(&Frame { who, title: name, news: shows.news, here: &here }, body)
}

/// Where it stands at a glance; the tables below say the rest.
fn charts(lang: Lang, shows: &Shows) -> Markup {
    html! {
        @if let Some(it) = &shows.charts {
            div.charts.after {
                @if let Some(picture) = shows.picture.as_ref().filter(|it| it.all() > 0) { (crate::round::picture::view(lang, "coverage", picture)) }
                (chart::lights(lang, it, &shows.directory))
                (chart::ages(lang, it))
                (chart::weeks(lang, it, shows.now.day()))
                (chart::flow(lang, it))
            }
        }
    }
}

fn rounds(lang: Lang, shows: &Shows) -> Markup {
    html! {
        section {
            h2 { (term(lang, "round")) }
            @if shows.rounds.is_empty() { div.empty { strong { (lang.of("还没有轮次", "No round yet")) } } }
            @else {
                table.table.fold {
                    thead {
                        tr {
                            th scope="col" { (lang.of("轮次", "Round")) }
                            th scope="col" { (lang.of("起止日期", "Period")) }
                            th.number scope="col" { (lang.of("对象", "Subjects")) }
                            th.number scope="col" { (lang.of("已走访", "Visited")) }
                            th scope="col" { (lang.of("覆盖", "Coverage")) }
                            th.number scope="col" { (lang.of("走访次数", "Visits")) }
                        }
                    }
                    tbody {
                        @for (round, sum) in &shows.rounds {
                            tr {
                                td.cut { a href={ "/rounds/" (round.no) } lang="zh-CN" { (round.name) } }
                                td { (round.from) " – " (round.to) }
                                td.number data-label=(lang.of("对象", "Subjects")) { (linked(sum.assigned, &format!("/rounds/{}#subjects", round.no))) }
                                td.number data-label=(lang.of("已走访", "Visited")) { (linked(sum.visited, &format!("/rounds/{}?visited=yes#subjects", round.no))) }
                                td.share-cell { (bar(sum.visited, sum.assigned)) span { (percent(sum.visited, sum.assigned)) } }
                                td.number data-label=(lang.of("走访次数", "Visits")) { (sum.visits) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn all_numbers(lang: Lang, shows: &Shows, numbers: &Numbers) -> Markup {
    let id = shows.campaign.id.to_string();
    let total: i64 = numbers.problems.iter().map(|it| it.count).sum();
    html! {
        section.numbers {
            h2 { (lang.of("问题", "Problems")) " " (linked(total, &href("/problems", &[("campaign", &id), ("by", "newest")]))) }
            @if total > 0 {
                (tables::by_unit(lang, &id, &numbers.problems, &shows.directory))
                (tables::by_category(lang, &id, &numbers.problems, &shows.directory))
                (tables::by_tier(lang, &id, &numbers.problems))
            } @else { p.faint { (lang.of("还没有。", "None yet.")) } }
        }
        div.thirds {
            (kinds(lang, shows.campaign.no, &numbers.findings))
            (promises(lang, &id, &numbers.promises))
            (policies(lang, &id, &numbers.policies))
        }
        section.numbers {
            h2 { (lang.of("三联六服务", "The link grid")) }
            (grid(lang, lang.of("走访", "Visits"), &numbers.visit_cells, &|cell| href("/visits", &[("campaign", &id), ("cell", cell)])))
            (grid(lang, lang.of("问题", "Problems"), &numbers.problem_cells, &|cell| href(&format!("/campaigns/{}/problems", shows.campaign.no), &[("cell", cell)])))
        }
    }
}

fn counted(title: &str, rows: &[(String, Markup)]) -> Markup {
    html! {
        section.sheet {
            h2 { (title) }
            dl.tally { @for (label, number) in rows { dt { (label) } dd { (number) } } }
        }
    }
}

fn kinds(lang: Lang, no: i64, findings: &BTreeMap<String, i64>) -> Markup {
    let rows: Vec<(String, Markup)> = FindingKind::ALL
        .iter()
        .map(|kind| {
            let count = findings.get(kind.code()).copied().unwrap_or(0);
            let to = href(&format!("/campaigns/{no}/findings"), &[("kind", kind.code())]);
            (lang.of(kind.zh(), kind.en()).to_owned(), linked(count, &to))
        })
        .collect();
    counted(lang.of("见闻", "Findings"), &rows)
}

fn promises(lang: Lang, id: &str, promises: &BTreeMap<String, i64>) -> Markup {
    let rows: Vec<(String, Markup)> = State::ALL
        .iter()
        .map(|state| {
            let count = promises.get(state.code()).copied().unwrap_or(0);
            let to = href("/promises", &[("campaign", id), ("state", state.code())]);
            (lang.of(state.zh(), state.en()).to_owned(), linked(count, &to))
        })
        .collect();
    counted(lang.of("承诺", "Promises"), &rows)
}

fn policies(lang: Lang, id: &str, policies: &[(Policy, i64)]) -> Markup {
    html! {
        section.sheet {
            h2 { (lang.of("讲解过的政策", "Policies explained")) }
            @if policies.is_empty() { p.faint { (lang.of("还没有。", "None yet.")) } }
            dl.tally {
                @for (policy, count) in policies {
                    dt lang=[tongue(lang, &policy.title)] { (policy.title) }
                    dd { (linked(*count, &href("/visits", &[("campaign", id), ("policy", &policy.id.to_string())]))) }
                }
            }
        }
    }
}

/// Three links by six battles; turned on a telephone, where six columns do not fit.
fn grid(lang: Lang, title: &str, cells: &BTreeMap<String, i64>, to: &dyn Fn(&str) -> String) -> Markup {
    html! {
        table.table.fold.grid {
            caption { (title) }
            thead {
                tr {
                    th scope="col" { (lang.of("联系", "Link")) }
                    @for battle in Battle::ALL { th.number scope="col" { (lang.of(battle.zh(), battle.en())) } }
                }
            }
            tbody {
                @for link in Link::ALL {
                    tr {
                        th.cut scope="row" { (lang.of(link.zh(), link.en())) }
                        @for battle in Battle::ALL {
                            @let cell = Cell { link: *link, battle: *battle }.to_string();
                            td.number data-label=(lang.of(battle.zh(), battle.en())) { (linked(cells.get(&cell).copied().unwrap_or(0), &to(&cell))) }
                        }
                    }
                }
            }
        }
    }
}
