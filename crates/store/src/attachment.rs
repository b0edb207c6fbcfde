//! Attachments 附件 of problems: rows that point to files. Those of a shielded reporter wait until the office has looked.

use crate::db::Tx;
use crate::error::Result;
use crate::row::Row;
use crate::terms::Failure;
use crate::vals;
use domain::access::{self, Party};
use domain::id::{AttachmentId, PersonId, ProblemId};
use domain::problem::Problem;
use domain::refusal::Refusal;
use domain::role::{Actor, Role};
use domain::time::Millis;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub id: AttachmentId,
    pub problem: ProblemId,
    /// For people only; cleaned by `sniff::clean_name`.
    pub name: String,
    pub media: String,
    pub size: i64,
    /// Where `files` has it.
    pub sha256: String,
    pub by: Option<PersonId>,
    pub at: Millis,
    pub checked: bool,
}

impl Attachment {
    /// Of a shielded reporter: not to the units of the case before the office looked that it tells nothing
    /// (`loop.md`, decision 12). To the reporter his own (those by link have no person), and what an answer rests on;
    /// papers that units exchange are not his.
    pub fn shown_to(&self, p: &Problem, parties: &[Party], reader: Option<PersonId>) -> bool {
        if !access::sees_internal(parties) {
            let evidence =
                p.state.case().is_some_and(|case| case.evidence.iter().any(|it| it.attachment == Some(self.id)));
            return self.by.is_none() || self.by == reader || (evidence && p.state.answer().is_some());
        }
        self.checked || access::sees_reporter(p, parties)
    }
}

fn attachment(row: &Row) -> Result<Attachment> {
    Ok(Attachment {
        id: row.parse(0)?,
        problem: row.parse(1)?,
        name: row.string(2)?,
        media: row.string(3)?,
        size: row.int(4)?,
        sha256: row.string(5)?,
        by: row.opt_parse(6)?,
        at: row.millis(7)?,
        checked: row.flag(8)?,
    })
}

/// After the file itself is stored. `checked` comes from the problem: 0 where its reporter is shielded. A retry with
/// the same id and content is answered like the first time; the same id with another content is refused.
pub fn insert(tx: &mut dyn Tx, new: &Attachment) -> Result<Attachment, Failure> {
    tx.exec(
        "insert into attachment (id, problem, name, media, size, sha256, by, at, checked)
         select $1, p.id, $3, $4, $5, $6, $7, $8, 1 - p.shielded from problem p where p.id = $2 on conflict (id) do nothing",
        &vals![new.id, new.problem, &new.name, &new.media, new.size, &new.sha256, new.by, new.at],
    )?;
    match find(tx, new.id)? {
        None => Err(Refusal::NotFound.into()),
        Some(known) if (known.problem, &known.sha256) != (new.problem, &new.sha256) => {
            Err(Refusal::ClientIdReused.into())
        }
        Some(known) => Ok(known),
    }
}

pub fn find(tx: &mut dyn Tx, id: AttachmentId) -> Result<Option<Attachment>> {
    tx.query_opt(
        "select id, problem, name, media, size, sha256, by, at, checked from attachment where id = $1",
        &vals![id],
    )?
    .map(|row| attachment(&row))
    .transpose()
}

/// Oldest first, at most `limit`.
pub fn list(tx: &mut dyn Tx, problem: ProblemId, limit: i64) -> Result<Vec<Attachment>> {
    tx.query(
        "select id, problem, name, media, size, sha256, by, at, checked from attachment where problem = $1 order by id limit $2",
        &vals![problem, limit],
    )?
    .iter()
    .map(attachment)
    .collect()
}

/// The office has looked: it tells nothing about the reporter.
pub fn check(tx: &mut dyn Tx, by: &Actor, id: AttachmentId) -> Result<(), Failure> {
    if !by.has(Role::Office) {
        return Err(Refusal::NotYourRole.into());
    }
    match tx.exec("update attachment set checked = 1 where id = $1", &vals![id])? {
        0 => Err(Refusal::NotFound.into()),
        _ => Ok(()),
    }
}

/// A reporter who is shielded from now on: what was attached before is looked at anew.
pub(crate) fn uncheck(tx: &mut dyn Tx, problem: ProblemId) -> Result<()> {
    tx.exec("update attachment set checked = 0 where problem = $1", &vals![problem])?;
    Ok(())
}
