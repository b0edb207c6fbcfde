//! Categories 类别: a tree of labels with the lead unit's span and the evidence demanded before strike-off.

use crate::db::Tx;
use crate::error::Result;
use crate::event::{self, parse, write};
use crate::ids::fresh;
use crate::row::Row;
use crate::terms::{Deed, Failure};
use crate::vals;
use domain::clock::Span;
use domain::id::CategoryId;
use domain::naming::Names;
use domain::refusal::Refusal;
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

/// What holds for problems triaged from now on; those triaged before keep their span and the evidence they need.
pub fn change(
    tx: &mut dyn Tx,
    deed: &Deed,
    id: CategoryId,
    names: &Names,
    span: Option<Span>,
    evidence: &[String],
) -> Result<(), Failure> {
    let known = find(tx, id)?.ok_or(Refusal::Absent)?;
    let same = (&known.name, &known.name_en, known.span, known.evidence.as_slice())
        == (&names.name, &names.name_en, span, evidence);
    if same {
        return Ok(());
    }
    let text = span.map(|it| write(&it)).transpose()?.unwrap_or_default();
    tx.exec(
        "update category set name = $2, name_en = $3, span = $4, evidence = $5 where id = $1",
        &vals![id, &names.name, &names.name_en, text, evidence.join("\n")],
    )?;
    let data = serde_json::json!({ "name": names.name, "before": known.name, "span": span, "evidence": evidence });
    event::note(tx, deed, id, "category-changed", data)?;
    Ok(())
}
