//! Categories 类别: a tree of labels with the lead unit's span and the evidence demanded before strike-off.

use crate::db::Tx;
use crate::error::Result;
use crate::event::{parse, write};
use crate::ids::fresh;
use crate::row::Row;
use crate::vals;
use domain::clock::Span;
use domain::id::CategoryId;
use domain::time::Millis;

#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    pub id: CategoryId,
    pub parent: Option<CategoryId>,
    pub name: String,
    pub name_en: String,
    /// `None`: the campaign's own.
    pub span: Option<Span>,
    pub evidence: Vec<String>,
}

impl Category {
    pub fn label(&self, english: bool) -> &str {
        if english && !self.name_en.is_empty() { &self.name_en } else { &self.name }
    }
}

fn category(row: Row) -> Result<Category> {
    let span = row.text(4)?;
    Ok(Category {
        id: row.parse(0)?,
        parent: row.opt_parse(1)?,
        name: row.string(2)?,
        name_en: row.string(3)?,
        span: if span.is_empty() { None } else { Some(parse(span)?) },
        evidence: row.text(5)?.lines().map(str::to_owned).collect(),
    })
}

pub fn list(tx: &mut dyn Tx) -> Result<Vec<Category>> {
    tx.query("select id, parent, name, name_en, span, evidence from category order by id limit 2000", &[])?
        .into_iter()
        .map(category)
        .collect()
}

pub fn find(tx: &mut dyn Tx, id: CategoryId) -> Result<Option<Category>> {
    tx.query_opt("select id, parent, name, name_en, span, evidence from category where id = $1", &vals![id])?
        .map(category)
        .transpose()
}

pub fn insert(
    tx: &mut dyn Tx,
    name: &str,
    name_en: &str,
    span: Option<Span>,
    evidence: &[String],
    now: Millis,
) -> Result<CategoryId> {
    let id = CategoryId(fresh(now));
    let span = span.map(|it| write(&it)).transpose()?.unwrap_or_default();
    tx.exec(
        "insert into category (id, name, name_en, span, evidence) values ($1, $2, $3, $4, $5)",
        &vals![id, name, name_en, span, evidence.join("\n")],
    )?;
    Ok(id)
}
