//! Inbox notices. One row per box, not per person: a box is a role, a unit, its head, a person or a reporter.

use crate::db::Tx;
use crate::error::Result;
use crate::ids::fresh;
use crate::vals;
use domain::id::{PersonId, ProblemId, PromiseId, ReporterId, SiteId, UnitId};
use domain::role::{Actor, Role};
use domain::time::Millis;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letterbox {
    Role(Role),
    /// Clerks and head.
    Unit(UnitId),
    Head(UnitId),
    Person(PersonId),
    Reporter(ReporterId),
    /// Those who act for a firm in this role: owner, contractor, consultant.
    Firm(Role, UnitId),
}

impl Letterbox {
    pub fn key(self) -> String {
        match self {
            Letterbox::Role(role) => format!("role:{}", role.code()),
            Letterbox::Unit(id) => format!("unit:{id}"),
            Letterbox::Head(id) => format!("head:{id}"),
            Letterbox::Person(id) => format!("person:{id}"),
            Letterbox::Reporter(id) => format!("reporter:{id}"),
            Letterbox::Firm(role, id) => format!("{}:{id}", role.code()),
        }
    }
}

pub fn insert(
    tx: &mut dyn Tx,
    to: Letterbox,
    problem: Option<ProblemId>,
    kind: &str,
    detail: &str,
    now: Millis,
) -> Result<()> {
    tx.exec(
        "insert into notice (id, box, problem, kind, detail, at) values ($1, $2, $3, $4, $5, $6)",
        &vals![fresh(now).to_string(), to.key(), problem, kind, detail, now],
    )?;
    Ok(())
}

/// About a promise rather than a problem.
pub(crate) fn insert_about(tx: &mut dyn Tx, to: Letterbox, promise: PromiseId, kind: &str, now: Millis) -> Result<()> {
    tx.exec(
        "insert into notice (id, box, promise, kind, detail, at) values ($1, $2, $3, $4, '', $5)",
        &vals![fresh(now).to_string(), to.key(), promise, kind, now],
    )?;
    Ok(())
}

/// About a site.
pub(crate) fn insert_site(
    tx: &mut dyn Tx,
    to: Letterbox,
    site: SiteId,
    kind: &str,
    detail: &str,
    now: Millis,
) -> Result<()> {
    tx.exec(
        "insert into notice (id, box, site, kind, detail, at) values ($1, $2, $3, $4, $5, $6)",
        &vals![fresh(now).to_string(), to.key(), site, kind, detail, now],
    )?;
    Ok(())
}

/// The boxes that `actor` opens; those of whom he stands in for too.
pub fn boxes(actor: &Actor) -> Vec<Letterbox> {
    let mut found = Vec::new();
    let mut add = |to: Letterbox| {
        if !found.contains(&to) {
            found.push(to);
        }
    };
    for hat in actor.hats() {
        match hat.role {
            Role::Office
            | Role::Supervision
            | Role::Leader
            | Role::Bureau
            | Role::Secadmin
            | Role::Sysadmin
            | Role::Auditor => add(Letterbox::Role(hat.role)),
            Role::Owner | Role::Contractor | Role::Consultant => {
                for unit in &hat.within {
                    add(Letterbox::Firm(hat.role, *unit));
                }
            }
            Role::Clerk => add(Letterbox::Unit(hat.unit)),
            Role::Head => {
                add(Letterbox::Unit(hat.unit));
                add(Letterbox::Head(hat.unit));
            }
            _ => {}
        }
        add(Letterbox::Person(hat.of));
    }
    found.extend(actor.reporter().map(Letterbox::Reporter));
    found
}

#[derive(Clone, Debug)]
pub struct Notice {
    pub id: String,
    pub problem: Option<ProblemId>,
    pub no: Option<i64>,
    pub title: String,
    pub kind: String,
    pub detail: String,
    pub at: Millis,
    /// What it is about where it is no problem: a promise's text, with the number and name of its subject.
    pub promise: Option<(String, i64, String)>,
    /// Number and name of the site it is about.
    pub site: Option<(i64, String)>,
}

/// The newest `limit` notices in these boxes, older than the id `before` (empty: from the newest).
pub fn list(tx: &mut dyn Tx, boxes: &[Letterbox], before: &str, limit: i64) -> Result<Vec<Notice>> {
    let mut found = Vec::new();
    for to in boxes {
        let rows = tx.query(
            "select n.id, n.problem, p.no, coalesce(p.title, ''), n.kind, n.detail, n.at, m.text, s.no, s.name, g.no, g.name from notice n
               left join problem p on p.id = n.problem left join promise m on m.id = n.promise left join subject s on s.id = m.subject
               left join site g on g.id = n.site
             where n.box = $1 and ($2 = '' or n.id < $2) order by n.id desc limit $3",
            &vals![to.key(), before, limit],
        )?;
        for row in rows {
            found.push(Notice {
                id: row.string(0)?,
                problem: row.opt_parse(1)?,
                no: row.opt_int(2)?,
                title: row.string(3)?,
                kind: row.string(4)?,
                detail: row.string(5)?,
                at: row.millis(6)?,
                promise: match row.opt_string(7)? {
                    Some(text) => Some((text, row.int(8)?, row.string(9)?)),
                    None => None,
                },
                site: match row.opt_int(10)? {
                    Some(no) => Some((no, row.string(11)?)),
                    None => None,
                },
            });
        }
    }
    found.sort_by(|a, b| b.id.cmp(&a.id));
    found.truncate(limit.max(0) as usize);
    Ok(found)
}

pub fn count_new(tx: &mut dyn Tx, boxes: &[Letterbox], since: Millis) -> Result<i64> {
    let mut count = 0;
    // A notice's id begins with its moment, so the box's index answers; 100 is "many".
    let from = fresh_floor(since);
    for to in boxes {
        let row = tx.query_one(
            "select count(*) from (select 1 as one from notice where box = $1 and id > $2 limit 100) as newer",
            &vals![to.key(), &from],
        )?;
        count += row.int(0)?;
    }
    Ok(count.min(100))
}

/// The greatest id that a notice of the moment `at` can have.
fn fresh_floor(at: Millis) -> String {
    let ms = (at.0.max(0) as u128) << 80;
    uuid::Uuid::from_u128(ms | ((1u128 << 80) - 1)).to_string()
}
