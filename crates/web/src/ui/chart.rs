//! Charts: SVG from the server. Every part is a link to its rows, and a table of the same numbers stands below.
//!
//! One set of numbers, `Figure`, is drawn as lying bars, standing columns, single cells or a flow. Colour is never the
//! only sign: yellow is hatched, red is lined, and all marks carry an outline in the ink of their meaning.

use crate::lang::Lang;
use crate::ui::chart_draw::{bars_of, cells_of, columns_of, flow_of};
use crate::ui::part::{said, tongue};
use maud::{Markup, html};

/// How a part is painted, and by that what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// What was done, in the accent.
    Accent,
    /// What is under way: half filled as a cell.
    Half,
    /// What is open: an outline.
    Open,
    /// What has not begun: a broken outline.
    None,
    Blue,
    Yellow,
    Red,
    /// What has ended.
    Done,
}

impl Mark {
    pub(super) fn class(self) -> &'static str {
        match self {
            Mark::Accent => "m-accent",
            Mark::Half => "m-half",
            Mark::Open => "m-open",
            Mark::None => "m-none",
            Mark::Blue => "m-blue",
            Mark::Yellow => "m-yellow",
            Mark::Red => "m-red",
            Mark::Done => "m-done",
        }
    }
}

/// One kind of thing that is counted.
pub struct Series<'a> {
    pub mark: Mark,
    pub label: &'a str,
}

/// A number and the address of exactly the rows it counts; no address where no list can show them.
#[derive(Clone, Debug, Default)]
pub struct Count {
    pub n: i64,
    pub href: String,
}

impl Count {
    pub fn new(n: i64, href: impl Into<String>) -> Count {
        Count { n, href: href.into() }
    }
}

/// A bar, a group of columns, or a line of cells.
pub struct Row {
    pub label: String,
    /// Where the label leads; empty: nowhere.
    pub href: String,
    /// One for each series, in their order.
    pub counts: Vec<Count>,
    /// What stands at its end, such as "15/16"; empty: the sum.
    pub end: String,
}

impl Row {
    pub fn sum(&self) -> i64 {
        self.counts.iter().map(|it| it.n).sum()
    }
}

/// What is drawn.
pub struct Figure<'a> {
    pub lang: Lang,
    /// Tells the charts of one page apart: letters and hyphens.
    pub id: &'a str,
    /// The finding, as a sentence.
    pub title: &'a str,
    /// What is counted and how, in a few words.
    pub note: &'a str,
    /// What the rows are, over the first column of the table.
    pub head: &'a str,
    pub series: &'a [Series<'a>],
    pub rows: &'a [Row],
}

impl Figure<'_> {
    pub(super) fn most(&self) -> i64 {
        self.rows.iter().map(Row::sum).max().unwrap_or(0).max(1)
    }

    pub(super) fn says(&self, row: &Row, series: usize) -> String {
        let (label, n) = (&self.series[series].label, row.counts.get(series).map_or(0, |it| it.n));
        match self.series.len() {
            1 => self.lang.of(format!("{}：{n}", row.label), format!("{}: {n}", row.label)),
            _ => self.lang.of(format!("{}，{label}：{n}", row.label), format!("{}, {label}: {n}", row.label)),
        }
    }
}

/// Lying bars, each cut into its series: lights by unit, ageing.
pub fn bars(figure: &Figure) -> Markup {
    around(figure, bars_of(figure))
}

/// Standing columns, one for each series side by side: weekly in and out.
pub fn columns(figure: &Figure) -> Markup {
    around(figure, columns_of(figure))
}

/// One cell for each thing counted, where a line has few enough of them: coverage by team. Otherwise bars.
pub fn cells(figure: &Figure) -> Markup {
    if figure.most() > 30 { bars(figure) } else { around(figure, cells_of(figure)) }
}

/// Columns with an arrow from each to the next: how many stand at each state on the way. One series.
pub fn flow(figure: &Figure) -> Markup {
    around(figure, flow_of(figure))
}

fn around(figure: &Figure, drawing: Markup) -> Markup {
    let Figure { lang, id, title, note, .. } = figure;
    html! {
        figure.chart id=(id) aria-labelledby={ (id) "-title" } {
            figcaption { b id={ (id) "-title" } { (said(*lang, title)) } @if !note.is_empty() { span { (said(*lang, note)) } } }
            @if figure.rows.iter().all(|it| it.sum() == 0) {
                p.faint { (lang.of("还没有数据", "No data yet")) }
            } @else {
                (drawing)
                @if figure.series.len() > 1 { (legend(figure)) }
                details { summary { (lang.of("看数据表", "Show the table")) } (table(figure)) }
            }
        }
    }
}

fn legend(figure: &Figure) -> Markup {
    html! {
        ul.legend {
            @for (i, series) in figure.series.iter().enumerate() {
                @let total: i64 = figure.rows.iter().filter_map(|it| it.counts.get(i)).map(|it| it.n).sum();
                li {
                    svg viewBox="0 0 14 14" aria-hidden="true" { (crate::ui::chart_draw::cell(figure.id, series.mark, 0.5, 0.5)) }
                    (said(figure.lang, series.label)) " " (total)
                }
            }
        }
    }
}

fn table(figure: &Figure) -> Markup {
    html! {
        div.scroll tabindex="0" role="group" aria-labelledby={ (figure.id) "-title" } {
            table.table {
                thead {
                    tr {
                        th scope="col" { (figure.head) }
                        @for it in figure.series { th.number scope="col" { (said(figure.lang, it.label)) } }
                    }
                }
                tbody {
                    @for row in figure.rows {
                        tr {
                            th scope="row" lang=[tongue(figure.lang, &row.label)] {
                                @if row.href.is_empty() { (row.label) } @else { a href=(row.href) { (row.label) } }
                            }
                            @for it in &row.counts {
                                td.number { @if it.href.is_empty() || it.n == 0 { (it.n) } @else { a href=(it.href) { (it.n) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}
