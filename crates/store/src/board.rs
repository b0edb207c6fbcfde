//! Board items 挂牌 that are not finished: who leads each, and when something last moved.

use crate::db::Tx;
use crate::error::Result;
use crate::list::{self, Line};
use crate::list_sql::{LINE_COLUMNS, line_columns};
use crate::vals;
use domain::time::Millis;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub line: Line,
    /// The leader who took it on.
    pub leader: String,
    /// When a unit last did something about it; not what was asked of it or reminded.
    pub moved_at: Millis,
}

/// What a unit does about a problem. Reminders, slips and instructions are about it, and move nothing.
const OPEN: &str = concat!(
    "select ",
    line_columns!(),
    ", (select max(e.at) from event e where e.thing = p.id and e.kind in ('boarded', 'received', 'noted', 'evidence-added', 'supported',
          'milestone-reported', 'answered', 'applied', 'contacted', 'verified', 'signed', 'coordinated')),
       p.body from problem p where p.boarded = 1 and p.clock_at is not null order by p.clock_at, p.no limit $1"
);

/// For the test that prepares every statement on both engines.
pub const STATEMENTS: [&str; 1] = [OPEN];

/// Those with a running clock, the longest at rest first.
pub fn list(tx: &mut dyn Tx, limit: i64) -> Result<Vec<Item>> {
    let (mut found, mut names) = (Vec::new(), BTreeMap::new());
    for row in tx.query(OPEN, &vals![limit])? {
        let line = list::line(&row)?;
        let problem: domain::problem::Problem = crate::event::parse(row.text(LINE_COLUMNS + 1)?)?;
        // A few leaders have all of them: each is looked up once.
        let leader = match problem.board.as_ref().map(|it| it.leader) {
            Some(id) if !names.contains_key(&id) => {
                let name = crate::person::find(tx, id)?.map(|it| it.name).unwrap_or_default();
                names.entry(id).or_insert(name).clone()
            }
            Some(id) => names[&id].clone(),
            None => String::new(),
        };
        found.push(Item { moved_at: row.opt_millis(LINE_COLUMNS)?.unwrap_or(line.registered_at), leader, line });
    }
    found.sort_by_key(|it| it.moved_at);
    Ok(found)
}
