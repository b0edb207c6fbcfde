//! Lists of subjects: always through a scope, always with a limit, by number.

use crate::db::Tx;
use crate::error::Result;
use crate::row::Row;
use crate::vals;
use crate::visit_list::Scope;
use domain::id::SubjectId;
use domain::subject::Kind;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub text: String,
    pub kind: Option<Kind>,
    pub area: String,
    pub industry: String,
    pub tag: String,
    /// The number of the last row seen.
    pub after: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: SubjectId,
    pub no: i64,
    pub kind: Kind,
    pub name: String,
    pub code: String,
    pub area: String,
    pub industry: String,
    pub address: String,
}

fn line(row: &Row) -> Result<Line> {
    Ok(Line {
        id: row.parse(0)?,
        no: row.int(1)?,
        kind: Kind::parse(row.text(2)?).unwrap_or(Kind::Enterprise),
        name: row.string(3)?,
        code: row.string(4)?,
        area: row.string(5)?,
        industry: row.string(6)?,
        address: row.string(7)?,
    })
}

/// At most `limit` subjects by number.
pub fn list(tx: &mut dyn Tx, scope: &Scope, filter: &Filter, limit: i64) -> Result<Vec<Line>> {
    let mut lines: Vec<Line> = Vec::new();
    let kind = filter.kind.map_or("", Kind::code);
    let text = filter.text.trim();
    match scope {
        Scope::All => {
            let rows = tx.query(
                "select s.id, s.no, s.kind, s.name, s.code, s.area, s.industry, s.address from subject s
                 where s.no > $1 and s.ended_at is null and ($2 = '' or s.kind = $2) and ($3 = '' or s.area = $3)
                   and ($4 = '' or s.industry = $4)
                   and ($5 = '' or s.tags = $5 or substr(s.tags, 1, length($5) + 1) = $5 || ' ')
                   and ($6 = '' or substr(s.name, 1, length($6)) = $6 or substr(s.code, 1, length($6)) = $6)
                 order by s.no limit $7",
                &vals![filter.after, kind, &filter.area, &filter.industry, &filter.tag, text, limit],
            )?;
            lines.extend(rows.iter().map(line).collect::<Result<Vec<_>>>()?);
        }
        Scope::Of(viewers) => {
            for viewer in viewers {
                let rows = tx.query(
                    "select s.id, s.no, s.kind, s.name, s.code, s.area, s.industry, s.address from subject s
                     where s.no > $1 and s.ended_at is null and ($2 = '' or s.kind = $2) and ($3 = '' or s.area = $3)
                       and ($4 = '' or s.industry = $4)
                       and ($5 = '' or s.tags = $5 or substr(s.tags, 1, length($5) + 1) = $5 || ' ')
                       and ($6 = '' or substr(s.name, 1, length($6)) = $6 or substr(s.code, 1, length($6)) = $6)
                       and (s.officer = $8 or s.id in (select a.subject from assignment a where a.team = $8)
                            or s.id in (select w.subject from visit_viewer w where w.viewer = $8))
                     order by s.no limit $7",
                    &vals![filter.after, kind, &filter.area, &filter.industry, &filter.tag, text, limit, viewer],
                )?;
                lines.extend(rows.iter().map(line).collect::<Result<Vec<_>>>()?);
            }
            lines.sort_by_key(|it| it.no);
            lines.dedup_by_key(|it| it.no);
            lines.truncate(limit.max(0) as usize);
        }
    }
    Ok(lines)
}

pub fn search_register(tx: &mut dyn Tx, text: &str, limit: i64) -> Result<Vec<Line>> {
    let filter = Filter { text: text.to_owned(), ..Filter::default() };
    list(tx, &Scope::All, &filter, limit)
}
