//! Finding a subject to visit: by its code, its name, or how its name begins.

use crate::db::Tx;
use crate::error::Result;
use crate::vals;
use domain::id::SubjectId;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: SubjectId,
    pub no: i64,
    pub name: String,
    pub code: String,
    pub address: String,
}

pub fn search_register(tx: &mut dyn Tx, text: &str, limit: i64) -> Result<Vec<Line>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(vec![]);
    }
    tx.query(
        "select id, no, name, code, address from subject
         where ended_at is null and (code = $1 and code <> '' or name >= $1 and name < $2) order by name limit $3",
        &vals![text, format!("{text}\u{10ffff}"), limit],
    )?
    .iter()
    .map(|row| {
        Ok(Line {
            id: row.parse(0)?,
            no: row.int(1)?,
            name: row.string(2)?,
            code: row.string(3)?,
            address: row.string(4)?,
        })
    })
    .collect()
}
