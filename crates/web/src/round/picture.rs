//! Coverage as a picture: a cell for each subject, a line for each team. Each cell leads to its visit, or to the subject.

use crate::lang::Lang;
use crate::ui::number::href;
use crate::ui::part::tongue;
use domain::id::TeamId;
use maud::{Markup, html};
use store::Tx;
use store::campaign::Round;
use store::coverage::{self, Cell, Far};
use store::team::{self, Team};
use store::terms::Failure;

pub struct Pictured {
    pub round: Round,
    teams: Vec<Team>,
    cells: Vec<Cell>,
}

/// Of all teams.
pub fn read(tx: &mut dyn Tx, round: Round) -> Result<Pictured, Failure> {
    let teams = team::list(tx, round.id)?;
    read_of(tx, round, teams)
}

/// Of those teams that its reader sees.
pub fn read_of(tx: &mut dyn Tx, round: Round, teams: Vec<Team>) -> Result<Pictured, Failure> {
    let mut cells = coverage::cells(tx, round.id)?;
    cells.retain(|cell| teams.iter().any(|it| it.id == cell.team));
    Ok(Pictured { cells, teams, round })
}

fn words(lang: Lang, far: Far) -> &'static str {
    match far {
        Far::Visited => lang.of("已走访", "Visited"),
        Far::Agreed => lang.of("已约定", "Agreed"),
        Far::Planned => lang.of("已安排", "Planned"),
        Far::Untouched => lang.of("未联系", "Not yet"),
    }
}

fn code(far: Far) -> &'static str {
    match far {
        Far::Visited => "visited",
        Far::Agreed => "agreed",
        Far::Planned => "planned",
        Far::Untouched => "none",
    }
}

impl Pictured {
    fn count(&self, far: Far) -> i64 {
        self.cells.iter().filter(|it| it.state == far).count() as i64
    }

    pub fn all(&self) -> i64 {
        self.cells.len() as i64
    }

    pub fn visited(&self) -> i64 {
        self.count(Far::Visited)
    }

    pub fn agreed(&self) -> i64 {
        self.count(Far::Agreed)
    }

    pub fn left(&self) -> i64 {
        self.all() - self.visited()
    }

    fn of(&self, team: TeamId) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(move |it| it.team == team)
    }

    /// The teams with the most still to do at the end, as a reader looks for them.
    fn sorted(&self) -> Vec<(&Team, i64, i64)> {
        let mut found: Vec<(&Team, i64, i64)> = self
            .teams
            .iter()
            .map(|it| {
                let visited = self.of(it.id).filter(|cell| cell.state == Far::Visited).count() as i64;
                (it, visited, self.of(it.id).count() as i64)
            })
            .filter(|(_, _, all)| *all > 0)
            .collect();
        found.sort_by_key(|(_, visited, all)| all - visited);
        found
    }
}

fn title(lang: Lang, it: &Pictured) -> String {
    let left = it.left();
    match (it.all(), it.sorted().last()) {
        (0, _) => lang.of("还没有分配走访对象".into(), "No subjects assigned yet".into()),
        (all, _) if left == 0 => lang.of(format!("{all}家全部走访"), format!("All {all} visited")),
        // A team that is behind is a unit's work, not a person's.
        (_, Some((team, visited, all))) if all - visited > 0 && it.sorted().len() > 1 => lang.of(
            format!("还差{left}家，最多的是{}，差{}家", team.name, all - visited),
            format!("{left} to go, most of them with {}: {}", team.name, all - visited),
        ),
        _ => lang.of(format!("还差{left}家"), format!("{left} to go")),
    }
}

pub fn view(lang: Lang, id: &str, it: &Pictured) -> Markup {
    let sorted = it.sorted();
    html! {
        figure.chart.coverage-picture id=(id) aria-labelledby={ (id) "-title" } {
            figcaption {
                b id={ (id) "-title" } { (crate::ui::part::said(lang, &title(lang, it))) }
                span { (lang.of("每格一家，点开就是那次走访或那家对象", "A cell for each subject; it leads to the visit or the subject")) }
            }
            @if sorted.is_empty() { p.faint { (lang.of("还没有数据", "No data yet")) } }
            @else {
                dl.picture {
                    @for (team, visited, all) in &sorted {
                        dt lang=[tongue(lang, &team.name)] { a href={ (href(&format!("/rounds/{}", it.round.no), &[("team", &team.id.to_string())])) "#subjects" } { (team.name) } }
                        dd {
                            ul.cells { @for cell in it.of(team.id) { li { (square(lang, cell)) } } }
                            span.number { (visited) "/" (all) }
                        }
                    }
                }
                ul.legend {
                    @for far in [Far::Visited, Far::Agreed, Far::Planned, Far::Untouched] {
                        li { span.cell data-far=(code(far)) {} (words(lang, far)) " " (it.count(far)) }
                    }
                }
                details { summary { (lang.of("看数据表", "Show the table")) } (table(lang, it, &sorted)) }
            }
        }
    }
}

fn square(lang: Lang, cell: &Cell) -> Markup {
    let to = cell.visit.map_or_else(|| format!("/subjects/{}", cell.no), |no| format!("/visits/{no}"));
    let says = lang.of(
        format!("{}：{}", cell.name, words(lang, cell.state)),
        format!("{}: {}", cell.name, words(lang, cell.state)),
    );
    html! { a.cell data-far=(code(cell.state)) href=(to) title=(says) aria-label=(says) lang=[tongue(lang, &says)] {} }
}

fn table(lang: Lang, it: &Pictured, sorted: &[(&Team, i64, i64)]) -> Markup {
    let fars = [Far::Visited, Far::Agreed, Far::Planned, Far::Untouched];
    html! {
        div.scroll tabindex="0" role="group" aria-label=(lang.of("数据表", "Table")) {
            table.table {
                thead { tr { th scope="col" { (lang.of("走访组", "Team")) } @for far in fars { th.number scope="col" { (words(lang, far)) } } } }
                tbody {
                    @for (team, ..) in sorted {
                        tr {
                            th scope="row" lang=[tongue(lang, &team.name)] { (team.name) }
                            @for far in fars { td.number { (it.of(team.id).filter(|cell| cell.state == far).count()) } }
                        }
                    }
                }
            }
        }
    }
}
