//! The drawings of the charts: lengths in units of a drawing 396 wide, of which a unit is a pixel on a narrow column.

use crate::lang::Lang;
use crate::ui::chart::{Count, Figure, Mark, Row};
use crate::ui::part::tongue;
use maud::{Markup, html};

const WIDE: f64 = 396.0;
const LINE: f64 = 26.0;
const BAR: f64 = 18.0;
const CELL: f64 = 13.0;
const STEP: f64 = 16.5;

/// What the words take up, in units: a Chinese character is as wide as its size, a Latin one about half.
fn width(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 6.8 } else { 12.0 }).sum()
}

/// Cut to what fits; the whole stands in the title of the link and in the table.
fn cut(text: &str, most: f64) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut short = String::new();
    for c in text.chars() {
        short.push(c);
        if width(&short) > most - 12.0 {
            break;
        }
    }
    short + "…"
}

fn round(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}

/// Hatches for what is due and lines for what is late, so that a grey copy shows them.
fn defs(id: &str) -> Markup {
    html! {
        defs {
            pattern id={ (id) "-yellow" } width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" { path.hatch-yellow d="M0 0v5" {} }
            pattern id={ (id) "-red" } width="4" height="4" patternUnits="userSpaceOnUse" { path.hatch-red d="M0 2h4" {} }
        }
    }
}

fn overlay(id: &str, mark: Mark) -> Option<String> {
    match mark {
        Mark::Yellow => Some(format!("url(#{id}-yellow)")),
        Mark::Red => Some(format!("url(#{id}-red)")),
        _ => None,
    }
}

fn block(id: &str, mark: Mark, x: f64, y: f64, wide: f64, high: f64) -> Markup {
    let (x, y, wide, high) = (round(x), round(y), round(wide.max(1.0)), round(high.max(1.0)));
    html! {
        rect class=(mark.class()) x=(x) y=(y) width=(wide) height=(high) {}
        @if let Some(fill) = overlay(id, mark) { rect x=(x) y=(y) width=(wide) height=(high) fill=(fill) {} }
    }
}

/// One square.
pub(super) fn cell(id: &str, mark: Mark, x: f64, y: f64) -> Markup {
    html! {
        (block(id, mark, x, y, CELL, CELL))
        @if mark == Mark::Half { path.m-accent d={ "M" (round(x)) " " (round(y + CELL)) "L" (round(x + CELL)) " " (round(y)) "v" (CELL) "z" } {} }
    }
}

/// A part that leads to its rows, with what it says.
fn leads(lang: Lang, to: &Count, says: &str, drawn: Markup) -> Markup {
    html! {
        @if to.href.is_empty() {
            g { title lang=[tongue(lang, says)] { (says) } (drawn) }
        } @else {
            a href=(to.href) aria-label=(says) lang=[tongue(lang, says)] { title { (says) } (drawn) }
        }
    }
}

fn label(figure: &Figure, row: &Row, x: f64, y: f64, most: f64) -> Markup {
    html! { text.end x=(round(x)) y=(round(y)) lang=[tongue(figure.lang, &row.label)] { (cut(&row.label, most)) } }
}

fn ending(row: &Row) -> String {
    if row.end.is_empty() { row.sum().to_string() } else { row.end.clone() }
}

/// The room for labels on the left and for what stands at the end on the right.
fn margins(figure: &Figure) -> (f64, f64) {
    let left = figure.rows.iter().map(|it| width(&it.label)).fold(0.0, f64::max).clamp(24.0, 130.0);
    let right = figure.rows.iter().map(|it| width(&ending(it))).fold(0.0, f64::max).clamp(14.0, 120.0);
    (left + 10.0, right + 8.0)
}

fn drawing(figure: &Figure, high: f64, inside: Markup) -> Markup {
    html! {
        svg viewBox={ "0 0 " (WIDE) " " (round(high)) } role="group" aria-labelledby={ (figure.id) "-title" } {
            (defs(figure.id))
            (inside)
        }
    }
}

pub(super) fn bars_of(figure: &Figure) -> Markup {
    let (left, right) = margins(figure);
    let unit = (WIDE - left - right) / figure.most() as f64;
    let inside = html! {
        @for (i, row) in figure.rows.iter().enumerate() {
            @let y = i as f64 * LINE + 2.0;
            (label(figure, row, left - 8.0, y + 13.0, left - 10.0))
            @for (s, count) in row.counts.iter().enumerate().filter(|(_, it)| it.n > 0) {
                @let x = left + row.counts[..s].iter().map(|it| it.n).sum::<i64>() as f64 * unit;
                (leads(figure.lang, count, &figure.says(row, s), block(figure.id, figure.series[s].mark, x, y, count.n as f64 * unit, BAR)))
            }
            text.v x=(round(left + row.sum() as f64 * unit + 6.0)) y=(round(y + 13.0)) lang=[tongue(figure.lang, &ending(row))] { (ending(row)) }
        }
    };
    drawing(figure, figure.rows.len() as f64 * LINE + 2.0, inside)
}

pub(super) fn cells_of(figure: &Figure) -> Markup {
    let (left, right) = margins(figure);
    let step = STEP.min((WIDE - left - right) / figure.most() as f64);
    let inside = html! {
        @for (i, row) in figure.rows.iter().enumerate() {
            @let y = i as f64 * LINE + 4.5;
            (label(figure, row, left - 8.0, y + 11.0, left - 10.0))
            @for (s, count) in row.counts.iter().enumerate().filter(|(_, it)| it.n > 0) {
                @let before: i64 = row.counts[..s].iter().map(|it| it.n).sum();
                (leads(figure.lang, count, &figure.says(row, s), html! {
                    @for n in 0..count.n { (cell(figure.id, figure.series[s].mark, left + (before + n) as f64 * step + 0.5, y)) }
                }))
            }
            text.end.v x=(WIDE) y=(round(y + 11.0)) lang=[tongue(figure.lang, &ending(row))] { (ending(row)) }
        }
    };
    drawing(figure, figure.rows.len() as f64 * LINE + 2.0, inside)
}

const HIGH: f64 = 150.0;
const TOP: f64 = 18.0;

/// One standing column with its number above it.
fn column(figure: &Figure, row: &Row, s: usize, at: (f64, f64), unit: f64) -> Markup {
    let ((x, wide), count) = (at, &row.counts[s]);
    let high = count.n as f64 * unit;
    html! {
        @if count.n > 0 {
            (leads(figure.lang, count, &figure.says(row, s), block(figure.id, figure.series[s].mark, x, TOP + HIGH - high, wide, high)))
        }
        @if width(&count.n.to_string()) <= wide + 3.0 {
            text.mid.v.fine x=(round(x + wide / 2.0)) y=(round(TOP + HIGH - high - 5.0)) { (count.n) }
        }
    }
}

fn standing(figure: &Figure, gap: f64, between: impl Fn(f64, f64) -> Markup) -> Markup {
    let most = figure.rows.iter().flat_map(|it| &it.counts).map(|it| it.n).max().unwrap_or(0).max(1);
    let unit = (HIGH - 8.0) / most as f64;
    let room = WIDE / figure.rows.len().max(1) as f64;
    let wide = ((room - gap) / figure.series.len().max(1) as f64).min(44.0);
    // Where there is no room for every name, every second or third is named.
    let widest = figure.rows.iter().map(|it| width(&it.label)).fold(0.0, f64::max).min(72.0);
    let every = (widest / room).ceil().max(1.0) as usize;
    let inside = html! {
        line.base x1="0" y1=(TOP + HIGH) x2=(WIDE) y2=(TOP + HIGH) {}
        @for (i, row) in figure.rows.iter().enumerate() {
            @let middle = room * (i as f64 + 0.5);
            @let x = middle - wide * row.counts.len() as f64 / 2.0;
            @for s in 0..row.counts.len() { (column(figure, row, s, (x + wide * s as f64 + 0.5, wide - 1.0), unit)) }
            @if i % every == 0 {
                text.mid x=(round(middle)) y=(TOP + HIGH + 17.0) lang=[tongue(figure.lang, &row.label)] { (cut(&row.label, room * every as f64)) }
            }
            @if i > 0 { (between(room * i as f64, TOP + HIGH)) }
        }
    };
    drawing(figure, TOP + HIGH + 24.0, inside)
}

pub(super) fn columns_of(figure: &Figure) -> Markup {
    standing(figure, 10.0, |_, _| html! {})
}

pub(super) fn flow_of(figure: &Figure) -> Markup {
    standing(figure, 34.0, |x, base| {
        html! { path.arrow d={ "M" (round(x - 6.0)) " " (base - 12.0) "h10m-4 -4l4 4l-4 4" } {} }
    })
}
