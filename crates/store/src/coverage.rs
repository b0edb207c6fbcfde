//! Coverage of a round as a picture: for each team its subjects, and how far each is.

use crate::db::Tx;
use crate::error::Result;
use crate::vals;
use domain::id::{RoundId, SubjectId, TeamId};
use domain::visit::StateName;
use std::collections::HashMap;

/// One assigned subject. `visit` is the number of the visit that says how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub team: TeamId,
    pub no: i64,
    pub name: String,
    pub state: Far,
    pub visit: Option<i64>,
}

/// How far a subject is, the farthest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Far {
    Visited,
    Agreed,
    Planned,
    Untouched,
}

/// A picture of more than these is no picture; the table of the teams says the rest.
pub const MANY: i64 = 2_000;

/// Within a team the farthest first.
pub fn cells(tx: &mut dyn Tx, round: RoundId) -> Result<Vec<Cell>> {
    let mut coming: HashMap<SubjectId, (Far, i64)> = HashMap::new();
    for row in tx.query(
        "select subject, no, state from visit where round = $1 and state in ('planned', 'proposed', 'agreed') order by day, no limit 2000",
        &vals![round],
    )? {
        let far = match StateName::parse(row.text(2)?) {
            Some(StateName::Agreed) => Far::Agreed,
            _ => Far::Planned,
        };
        let known = coming.entry(row.parse(0)?).or_insert((far, row.int(1)?));
        if far < known.0 {
            *known = (far, row.int(1)?);
        }
    }
    let rows = tx.query(
        "select a.team, a.subject, s.no, s.name, a.visits, v.no from assignment a join subject s on s.id = a.subject
           left join visit v on v.id = a.visit where a.round = $1 order by a.subject limit 2000",
        &vals![round],
    )?;
    let mut cells = Vec::with_capacity(rows.len());
    for row in &rows {
        let (state, visit) = match (row.int(4)?, coming.get(&row.parse(1)?)) {
            (visits, _) if visits > 0 => (Far::Visited, row.opt_int(5)?),
            (_, Some((far, no))) => (*far, Some(*no)),
            (_, None) => (Far::Untouched, None),
        };
        cells.push(Cell { team: row.parse(0)?, no: row.int(2)?, name: row.string(3)?, state, visit });
    }
    cells.sort_by_key(|it| (it.team, it.state, it.no));
    Ok(cells)
}
