//! How far a round is: for each team what it is assigned and has visited, as bars and as a table of links.

use super::show::Shows;
use crate::campaign::sum;
use crate::lang::Lang;
use crate::ui::number::{bar, href, linked, percent};
use crate::ui::part::tongue;
use crate::ui::term::term;
use maud::{Markup, html};
use store::team::{Coverage, Team};

fn of(shows: &Shows, team: &Team) -> Coverage {
    shows.coverage.get(&team.id).cloned().unwrap_or_default()
}

fn total(shows: &Shows) -> Coverage {
    let seen: Vec<Coverage> = shows.teams.iter().map(|it| of(shows, it)).collect();
    sum(seen.iter())
}

/// The answer first: what the title of the page finds.
pub fn finding(lang: Lang, shows: &Shows) -> Markup {
    let all = total(shows);
    let left = all.assigned - all.visited;
    html! {
        @if all.assigned > 0 {
            (lang.of("：", ": "))
            @if left == 0 { (lang.of(format!("{}家全部走访", all.assigned), format!("all {} visited", all.assigned))) }
            @else { (lang.of(format!("已走访{}家，还差{left}家", all.visited), format!("{} visited, {left} to go", all.visited))) }
        }
    }
}

pub fn view(lang: Lang, shows: &Shows, here: &str) -> Markup {
    html! {
        section.coverage {
            h2 { (term(lang, "coverage")) }
            @if shows.teams.is_empty() { div.empty { strong { (lang.of("还没有走访组", "No team yet")) } } }
            @else {
                table.table.fold {
                    thead {
                        tr {
                            th scope="col" { (lang.of("走访组", "Team")) }
                            th scope="col" { (lang.of("单位", "Unit")) }
                            th scope="col" { (lang.of("成员", "Members")) }
                            th.number scope="col" { (lang.of("对象", "Subjects")) }
                            th.number scope="col" { (lang.of("已走访", "Visited")) }
                            th.number scope="col" { (lang.of("还差", "To go")) }
                            th scope="col" { (lang.of("覆盖", "Coverage")) }
                        }
                    }
                    tbody {
                        @for team in &shows.teams { (row(lang, shows, team, here)) }
                        @if shows.teams.len() > 1 { (sums(lang, &total(shows), here)) }
                    }
                }
            }
        }
    }
}

fn row(lang: Lang, shows: &Shows, team: &Team, here: &str) -> Markup {
    let (id, it) = (team.id.to_string(), of(shows, team));
    let unit = shows.directory.unit(team.unit).map_or("", |it| it.label(lang.is_en()));
    let (count, names) = shows.members.get(&team.id).cloned().unwrap_or_default();
    let more = count > names.len() as i64;
    html! {
        tr {
            th.cut scope="row" lang=[tongue(lang, &team.name)] { (team.name) }
            td data-none=[(unit == team.name).then_some("")] lang=[tongue(lang, unit)] { @if unit == team.name { span.faint { "—" } } @else { (unit) } }
            td.people lang="zh-CN" data-none=[names.is_empty().then_some("")] { @if names.is_empty() { "—" } @else { (names.join("、")) @if more { "等" (count) "人" } } }
            (numbers(lang, &it, here, &id))
        }
    }
}

fn sums(lang: Lang, it: &Coverage, here: &str) -> Markup {
    html! {
        tr data-sum {
            th.cut scope="row" { (lang.of("合计", "All")) }
            td data-none {} td data-none {}
            (numbers(lang, it, here, ""))
        }
    }
}

fn numbers(lang: Lang, it: &Coverage, here: &str, team: &str) -> Markup {
    let to = |visited: &str| href(here, &[("team", team), ("visited", visited)]) + "#subjects";
    html! {
        td.number data-label=(lang.of("对象", "Subjects")) { (linked(it.assigned, &to(""))) }
        td.number data-label=(lang.of("已走访", "Visited")) { (linked(it.visited, &to("yes"))) }
        td.number data-label=(lang.of("还差", "To go")) { (linked(it.assigned - it.visited, &to("no"))) }
        td.share-cell { (bar(it.visited, it.assigned)) span { (percent(it.visited, it.assigned)) } }
    }
}
