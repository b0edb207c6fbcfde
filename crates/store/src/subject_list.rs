//! Lists of subjects, the newest number first: through a scope, with a limit, one range of one index; and the register
//! to pick one from.

use crate::db::Tx;
use crate::error::Result;
use crate::row::{Row, Val};
use crate::visit_list::Scope;
use crate::{search_subject, vals};
use domain::id::{PersonId, RoundId, SubjectId, TeamId};
use domain::subject::Kind;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What somebody typed: name, its letters, code, tag, address.
    pub text: String,
    pub kind: Option<Kind>,
    pub area: String,
    pub industry: String,
    pub tag: String,
    pub officer: Option<PersonId>,
    pub round: Option<RoundId>,
    pub team: Option<TeamId>,
    /// The number of the last line seen.
    pub after: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: SubjectId,
    pub no: i64,
    pub name: String,
    pub code: String,
    pub kind: Kind,
    pub area: String,
    pub industry: String,
    pub address: String,
}

fn line(row: &Row) -> Result<Line> {
    Ok(Line {
        no: row.int(0)?,
        name: row.string(1)?,
        code: row.string(2)?,
        kind: Kind::parse(row.text(3)?).unwrap_or(Kind::Enterprise),
        area: row.string(4)?,
        industry: row.string(5)?,
        address: row.string(6)?,
        id: row.parse(7)?,
    })
}

/// One text for all lists. Parameters: 1 the number before which, 2–8 filters, 9 the limit, 10 the viewer.
macro_rules! lines {
    ($from:literal) => {
        concat!(
            "select s.no, s.name, s.code, s.kind, s.area, s.industry, s.address, s.id from ",
            $from,
            " where s.no < $1 and ($2 = '' or s.kind = $2) and ($3 = '' or s.area = $3) and ($4 = '' or s.industry = $4)
               and ($5 = '' or replace(' ' || s.tags || ' ', ' ' || $5 || ' ', '') <> ' ' || s.tags || ' ')
               and ($6 = '' or s.officer = $6)
               and ($7 = '' and $8 = '' or exists (select 1 from assignment a where a.subject = s.id
                 and ($7 = '' or a.round = $7) and ($8 = '' or a.team = $8)))
             order by s.no desc limit $9"
        )
    };
}

const ALL: &str = lines!("subject s");
// The conditions that an index begins with stand alone, without the "or none".
const OF_KIND: &str = lines!("(select * from subject where kind = $2) as s");
const OF_AREA: &str = lines!("(select * from subject where area = $3) as s");
const OF_OFFICER: &str = lines!("(select * from subject where officer = $6) as s");
const OF_TEAM: &str = lines!("assignment t join subject s on t.team = $8 and s.id = t.subject");
const OF_ROUND: &str = lines!("assignment t join subject s on t.round = $7 and s.id = t.subject");
const SEEN: &str = lines!(
    "(select subject from assignment where team = $10 union select subject from visit_viewer where viewer = $10
      union select id from subject where officer = $10) as seen join subject s on s.id = seen.subject"
);

// A credit code is one word, which the index of words knows by its beginning alone.
const OF_CODE: &str = lines!(
    "(select no as found from subject where code <> '' and replace(code, $10, '') <> code limit 200) as c
      join subject s on s.no = c.found"
);
const SEEN_OF_CODE: &str = lines!(
    "(select subject from assignment where team = $10 union select subject from visit_viewer where viewer = $10
      union select id from subject where officer = $10) as seen
      join subject s on s.id = seen.subject and s.code <> '' and replace(s.code, $11, '') <> s.code"
);

/// For the test that prepares every statement on both engines.
pub const STATEMENTS: [&str; 9] = [ALL, OF_KIND, OF_AREA, OF_OFFICER, OF_TEAM, OF_ROUND, SEEN, OF_CODE, SEEN_OF_CODE];

/// What somebody typed, if it may be a part of a credit code.
pub fn part_of_code(text: &str) -> Option<String> {
    let part = text.trim().to_ascii_uppercase();
    let fits = (4..=18).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_alphanumeric());
    (fits && part.bytes().any(|it| it.is_ascii_digit())).then_some(part)
}

fn by_code(tx: &mut dyn Tx, text: &str, viewer: Option<&str>, values: &[Val]) -> Result<Vec<Row>> {
    let Some(part) = part_of_code(text) else { return Ok(vec![]) };
    let values: Vec<Val> = values.iter().cloned().chain(viewer.map(Val::from)).chain([Val::from(part)]).collect();
    tx.query(if viewer.is_some() { SEEN_OF_CODE } else { OF_CODE }, &values)
}

/// At most `limit` subjects: all, or those that one of the viewers may open (`visit_list::sees_subject`).
pub fn list(tx: &mut dyn Tx, scope: &Scope, filter: &Filter, limit: i64) -> Result<Vec<Line>> {
    let values = values(filter, limit);
    let typed = !filter.text.trim().is_empty();
    let mut lines = Vec::new();
    match scope {
        Scope::All if typed => read(&by_words(tx, &filter.text, None, &values)?, &mut lines)?,
        Scope::All => read(&tx.query(statement(filter), &values)?, &mut lines)?,
        Scope::Of(viewers) => {
            for viewer in viewers {
                let rows = match typed {
                    true => by_words(tx, &filter.text, Some(viewer), &values)?,
                    false => {
                        let mut values = values.clone();
                        values.push(Val::from(viewer));
                        tx.query(SEEN, &values)?
                    }
                };
                read(&rows, &mut lines)?;
            }
            lines.sort_by_key(|it: &Line| std::cmp::Reverse(it.no));
            lines.dedup_by_key(|it| it.no);
            lines.truncate(limit.max(0) as usize);
        }
    }
    Ok(lines)
}

fn by_words(tx: &mut dyn Tx, text: &str, viewer: Option<&str>, values: &[Val]) -> Result<Vec<Row>> {
    let found = search_subject::find(tx, text, viewer, values)?;
    if found.is_empty() { by_code(tx, text, viewer, values) } else { Ok(found) }
}

/// Any subject, for whoever may visit: to pick one by what is typed of it.
pub fn search_register(tx: &mut dyn Tx, text: &str, limit: i64) -> Result<Vec<Line>> {
    let filter = Filter { text: text.to_owned(), ..Filter::default() };
    let mut lines = Vec::new();
    read(&by_words(tx, text, None, &values(&filter, limit))?, &mut lines)?;
    Ok(lines)
}

fn read(rows: &[Row], into: &mut Vec<Line>) -> Result<()> {
    for row in rows {
        into.push(line(row)?);
    }
    Ok(())
}

fn statement(filter: &Filter) -> &'static str {
    match filter {
        Filter { team: Some(_), .. } => OF_TEAM,
        Filter { officer: Some(_), .. } => OF_OFFICER,
        Filter { round: Some(_), .. } => OF_ROUND,
        Filter { area, .. } if !area.is_empty() => OF_AREA,
        Filter { kind: Some(_), .. } => OF_KIND,
        _ => ALL,
    }
}

fn values(filter: &Filter, limit: i64) -> Vec<Val> {
    let text = |it: Option<String>| it.unwrap_or_default();
    vals![
        filter.after.unwrap_or(i64::MAX),
        filter.kind.map_or("", Kind::code),
        &filter.area,
        &filter.industry,
        &filter.tag,
        text(filter.officer.map(|it| it.to_string())),
        text(filter.round.map(|it| it.to_string())),
        text(filter.team.map(|it| it.to_string())),
        limit
    ]
    .to_vec()
}
