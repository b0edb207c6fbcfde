//! The problems of a campaign as tables: by lead, by category, by tier, each against the state. Every number is a link to
//! exactly its rows in the ledger.

use crate::app::Directory;
use crate::lang::Lang;
use crate::ui::number::{href, linked};
use crate::ui::part::tongue;
use domain::problem::{StateName, Tier};
use maud::{Markup, html};
use std::collections::HashMap;
use store::tally::Count;

/// A row: what it is called, and the value of the parameter by which the ledger finds its rows.
struct Row {
    label: String,
    key: String,
}

struct Table<'t> {
    title: &'t str,
    name: &'t str,
    rows: Vec<Row>,
    /// The key of the row to which a count belongs.
    of: &'t dyn Fn(&Count) -> String,
}

impl Table<'_> {
    /// As it stands within a sentence.
    fn title_in(&self, lang: Lang) -> String {
        if lang.is_en() { self.title.to_lowercase() } else { self.title.to_owned() }
    }
}

pub fn by_unit(lang: Lang, id: &str, counts: &[Count], directory: &Directory) -> Markup {
    let mut rows: Vec<Row> = directory
        .units
        .iter()
        .map(|it| Row { label: it.label(lang.is_en()).to_owned(), key: it.id.to_string() })
        .collect();
    rows.push(Row { label: lang.of("未交办", "Not dispatched").into(), key: "none".into() });
    let of = |it: &Count| it.unit.map_or("none".to_owned(), |it| it.to_string());
    view(lang, id, counts, Table { title: lang.of("主办单位", "Lead unit"), name: "lead", rows, of: &of })
}

pub fn by_category(lang: Lang, id: &str, counts: &[Count], directory: &Directory) -> Markup {
    let mut rows: Vec<Row> = directory
        .categories
        .iter()
        .map(|it| Row { label: it.label(lang.is_en()).to_owned(), key: it.id.to_string() })
        .collect();
    rows.push(Row { label: lang.of("未分类", "Without category").into(), key: "none".into() });
    let of = |it: &Count| it.category.map_or("none".to_owned(), |it| it.to_string());
    view(lang, id, counts, Table { title: lang.of("类别", "Category"), name: "category", rows, of: &of })
}

pub fn by_tier(lang: Lang, id: &str, counts: &[Count]) -> Markup {
    let rows =
        Tier::ALL.iter().map(|it| Row { label: lang.of(it.zh(), it.en()).into(), key: it.code().into() }).collect();
    let of = |it: &Count| it.tier.code().to_owned();
    view(lang, id, counts, Table { title: lang.of("办理层级", "Tier"), name: "tier", rows, of: &of })
}

fn view(lang: Lang, id: &str, counts: &[Count], table: Table) -> Markup {
    // Each count is looked at once, whatever the number of rows and states.
    let mut sums: HashMap<(String, StateName), i64> = HashMap::new();
    for it in counts {
        *sums.entry(((table.of)(it), it.state)).or_default() += it.count;
    }
    let sum = |key: &str, state: StateName| sums.get(&(key.to_owned(), state)).copied().unwrap_or_default();
    let states: Vec<StateName> =
        StateName::ALL.iter().copied().filter(|state| counts.iter().any(|it| it.state == *state)).collect();
    let to = |key: &str, state: &str| {
        href("/problems", &[("campaign", id), (table.name, key), ("state", state), ("by", "newest")])
    };
    html! {
        table.table.fold {
            caption { (lang.of("按", "By ")) (table.title_in(lang)) }
            thead {
                tr {
                    th scope="col" { (table.title) }
                    th.number scope="col" { (lang.of("合计", "All")) }
                    @for state in &states { th.number scope="col" { (lang.of(state.zh(), state.en())) } }
                }
            }
            tbody {
                @for row in &table.rows {
                    @let all = states.iter().map(|state| sum(&row.key, *state)).sum::<i64>();
                    @if all > 0 {
                        tr {
                            th.cut scope="row" lang=[tongue(lang, &row.label)] { (row.label) }
                            td.number data-label=(lang.of("合计", "All")) { strong { (linked(all, &to(&row.key, ""))) } }
                            @for state in &states {
                                @let count = sum(&row.key, *state);
                                td.number data-none=[(count == 0).then_some("")] data-label=(lang.of(state.zh(), state.en())) { (linked(count, &to(&row.key, state.code()))) }
                            }
                        }
                    }
                }
            }
        }
    }
}
