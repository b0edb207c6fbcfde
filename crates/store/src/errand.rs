//! Errands 待办 as rows: what waits on whose desk. Written in the transaction that changes the problem, like sight.

use crate::columns::office_handles;
use crate::db::Tx;
use crate::error::Result;
use crate::list::{self, Line};
use crate::list_sql::{LINE_COLUMNS, line_columns};
use crate::notice::Letterbox;
use crate::sight::Above;
use crate::terms::{Terms, set_setting, setting};
use crate::{problem, vals};
use domain::errand::{self, Holder, Kind};
use domain::id::UnitId;
use domain::problem::Problem;
use domain::role::Role;
use domain::search::Term;
use domain::time::Millis;
use std::collections::BTreeMap;

/// Of a count: more than this is "many".
pub const MANY: i64 = 1_000;

/// A problem with what is to be done about it, and by when.
#[derive(Clone, Debug, PartialEq)]
pub struct Errand {
    pub line: Line,
    pub due: Millis,
}

fn boxes(holder: Holder, above: &Above) -> Vec<Letterbox> {
    match holder {
        Holder::Office => vec![Letterbox::Role(Role::Office)],
        Holder::Supervision => vec![Letterbox::Role(Role::Supervision)],
        // The head of a bureau sees what lies on the desks of its divisions.
        Holder::Unit(unit) => above.get(&unit).into_iter().flatten().map(|it| Letterbox::Unit(*it)).collect(),
        Holder::Person(person) => vec![Letterbox::Person(person)],
        Holder::Reporter(reporter) => vec![Letterbox::Reporter(reporter)],
    }
}

/// Holder and kind, and when it is due.
type Rows = BTreeMap<(String, &'static str), i64>;

fn rows(tx: &mut dyn Tx, p: &Problem, terms: &Terms, above: &Above) -> Result<Rows> {
    let own = office_handles(tx, p)?;
    let mut rows = Rows::new();
    for it in errand::errands(p, terms.rules_of(p.campaign), &terms.calendar, own) {
        for to in boxes(it.holder, above) {
            let due = rows.entry((to.key(), it.kind.code())).or_insert(it.due.0);
            *due = (*due).min(it.due.0);
        }
    }
    Ok(rows)
}

/// Brings the rows from `before` to `after`, touching only those that differ; without `before`, whatever stands there.
pub(crate) fn sync(
    tx: &mut dyn Tx,
    no: i64,
    before: Option<&Problem>,
    after: &Problem,
    terms: &Terms,
    above: &Above,
) -> Result<()> {
    let new = rows(tx, after, terms, above)?;
    let old = match before {
        Some(before) => rows(tx, before, terms, above)?,
        None => {
            tx.exec("delete from errand where problem = $1", &vals![after.id])?;
            Rows::new()
        }
    };
    for (holder, kind) in old.keys().filter(|it| !new.contains_key(*it)) {
        tx.exec("delete from errand where holder = $1 and kind = $2 and no = $3", &vals![holder, *kind, no])?;
    }
    for ((holder, kind), due) in new.iter().filter(|(key, due)| old.get(*key) != Some(*due)) {
        tx.exec(
            "insert into errand (holder, kind, no, problem, due_at) values ($1, $2, $3, $4, $5)
             on conflict (holder, kind, no) do update set due_at = excluded.due_at",
            &vals![holder, *kind, no, after.id, *due],
        )?;
    }
    Ok(())
}

macro_rules! lines {
    ($rest:literal) => {
        concat!("select ", line_columns!(), ", e.due_at from errand e join problem p on p.no = e.no ", $rest)
    };
}

const HELD: &str = lines!("where e.holder = $1 and e.kind = $2 and e.due_at <= $3 order by e.due_at, e.no limit $4");
/// What a person holds in a unit: only what the unit still sees.
const HELD_IN_UNIT: &str = lines!(
    "where e.holder = $1 and e.kind = $2 and e.due_at <= $3 and exists (select 1 from sight s where s.viewer = $5 and s.no = e.no)
     order by e.due_at, e.no limit $4"
);

/// For the test that prepares every statement on both engines.
pub const STATEMENTS: [&str; 2] = [HELD, HELD_IN_UNIT];

/// What lies on these desks, the first due first; nothing that is due after `until`.
pub fn list(tx: &mut dyn Tx, holders: &[Letterbox], kind: Kind, until: Millis, limit: i64) -> Result<Vec<Errand>> {
    let mut found = Vec::new();
    for holder in holders {
        let concealed = matches!(holder, Letterbox::Unit(_));
        for row in tx.query(HELD, &vals![holder.key(), kind.code(), until, limit])? {
            found.extend(errand(tx, &row, concealed)?);
        }
    }
    Ok(first(found, limit))
}

/// What was assigned to these persons as members of these units.
pub fn list_assigned(tx: &mut dyn Tx, persons: &[Letterbox], units: &[UnitId], limit: i64) -> Result<Vec<Errand>> {
    let mut found = Vec::new();
    for (holder, unit) in persons.iter().flat_map(|it| units.iter().map(move |unit| (it, unit))) {
        let values = vals![holder.key(), Kind::Assigned.code(), i64::MAX, limit, *unit];
        for row in tx.query(HELD_IN_UNIT, &values)? {
            found.extend(errand(tx, &row, true)?);
        }
    }
    Ok(first(found, limit))
}

fn errand(tx: &mut dyn Tx, row: &crate::Row, concealed: bool) -> Result<Option<Errand>> {
    let (line, due) = (list::line(row)?, row.millis(LINE_COLUMNS)?);
    const NO_TERMS: &[Term] = &[];
    let line = if concealed { list::conceal(tx, line, NO_TERMS)? } else { Some(line) };
    Ok(line.map(|line| Errand { line, due }))
}

fn first(mut found: Vec<Errand>, limit: i64) -> Vec<Errand> {
    found.sort_by_key(|it| (it.due, it.line.no));
    found.dedup_by_key(|it| it.line.no);
    found.truncate(limit.max(0) as usize);
    found
}

/// How many; at most [`MANY`].
pub fn count(tx: &mut dyn Tx, holders: &[Letterbox], kind: Kind, until: Millis) -> Result<i64> {
    let mut count = 0;
    for holder in holders {
        let row = tx.query_one(
            "select count(*) from (select 1 as one from errand where holder = $1 and kind = $2 and due_at <= $3 limit 1000) as few",
            &vals![holder.key(), kind.code(), until],
        )?;
        count += row.int(0)?;
    }
    Ok(count.min(MANY))
}

/// Counts up when more is derived.
const FILLED: &str = "2";

/// Once, for a database that is older than its errands: derives them, and the columns that came with them.
pub fn fill(tx: &mut dyn Tx, terms: &Terms) -> Result<()> {
    if setting(tx, "errands")?.as_deref() == Some(FILLED) {
        return Ok(());
    }
    let mut no = i64::MIN;
    loop {
        let rows = tx.query("select no from problem where no > $1 order by no limit 500", &vals![no])?;
        let Some(last) = rows.last() else { break };
        for row in &rows {
            if let Some(found) = problem::find_by_no(tx, row.int(0)?)? {
                problem::recompute(tx, terms, &found)?;
            }
        }
        no = last.int(0)?;
    }
    set_setting(tx, "errands", FILLED)
}
