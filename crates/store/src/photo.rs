//! Photos taken while a visit is recorded. They wait here until the record is saved, then they are attachments of the
//! problems that it registered.

use crate::attachment::{self, Attachment};
use crate::db::Tx;
use crate::error::Result;
use crate::row::Row;
use crate::terms::Failure;
use crate::vals;
use domain::fault::Fault;
use domain::id::{AttachmentId, PersonId, ProblemId, VisitId};
use domain::refusal::Refusal;
use domain::time::Millis;
use domain::visit::Visit;

/// Of one person for one visit; twenty problems with a photo or two.
pub const MOST: i64 = 40;
/// A record that was not saved for so long is not saved any more.
const KEPT_MS: i64 = 30 * 86_400_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    /// That of the attachment it becomes, so that a retry is never a second one.
    pub id: AttachmentId,
    pub visit: VisitId,
    pub by: PersonId,
    pub name: String,
    pub media: String,
    pub size: i64,
    /// Where the drafts of `files` have it.
    pub sha256: String,
    pub at: Millis,
}

fn photo(row: &Row) -> Result<Photo> {
    Ok(Photo {
        id: row.parse(0)?,
        visit: row.parse(1)?,
        by: row.parse(2)?,
        name: row.string(3)?,
        media: row.string(4)?,
        size: row.int(5)?,
        sha256: row.string(6)?,
        at: row.millis(7)?,
    })
}

/// After the file itself lies among the drafts. A retry with the same id and content is answered like the first time.
pub fn insert(tx: &mut dyn Tx, new: &Photo) -> Result<(), Failure> {
    let there = tx.query_one(
        "select count(*) from visit_photo where visit = $1 and by = $2 and id <> $3",
        &vals![new.visit, new.by, new.id],
    )?;
    if there.int(0)? >= MOST {
        let fault = Fault::new(
            "file",
            format!("一次走访最多{MOST}张照片，请先去掉几张。"),
            format!("At most {MOST} photos for one visit; take some out first."),
        );
        return Err(Refusal::Faults(vec![fault]).into());
    }
    tx.exec(
        "insert into visit_photo (id, visit, by, name, media, size, sha256, at) values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (id) do nothing",
        &vals![new.id, new.visit, new.by, &new.name, &new.media, new.size, &new.sha256, new.at],
    )?;
    match find(tx, new.id)? {
        Some(known) if (known.visit, known.by, &known.sha256) == (new.visit, new.by, &new.sha256) => Ok(()),
        _ => Err(Refusal::ClientIdReused.into()),
    }
}

fn find(tx: &mut dyn Tx, id: AttachmentId) -> Result<Option<Photo>> {
    tx.query_opt("select id, visit, by, name, media, size, sha256, at from visit_photo where id = $1", &vals![id])?
        .map(|row| photo(&row))
        .transpose()
}

/// Those of one's own that wait for this visit, the oldest first.
pub fn list(tx: &mut dyn Tx, visit: VisitId, by: PersonId) -> Result<Vec<Photo>> {
    tx.query(
        "select id, visit, by, name, media, size, sha256, at from visit_photo where visit = $1 and by = $2 order by id limit 100",
        &vals![visit, by],
    )?
    .iter()
    .map(photo)
    .collect()
}

/// In the transaction that registered the problems: each photo becomes an attachment of its problem. One that is not
/// there any more was attached by the first try; one of a problem that this visit did not report stays where it is.
pub fn attach(
    tx: &mut dyn Tx,
    visit: &Visit,
    by: PersonId,
    chosen: &[(ProblemId, AttachmentId)],
) -> Result<(), Failure> {
    let reported = visit.record.iter().flat_map(|it| &it.problems);
    let reported: Vec<ProblemId> = reported.copied().collect();
    for (problem, id) in chosen.iter().filter(|(problem, _)| reported.contains(problem)) {
        let Some(it) = find(tx, *id)?.filter(|it| it.visit == visit.id && it.by == by) else { continue };
        attachment::insert(
            tx,
            &Attachment {
                id: it.id,
                problem: *problem,
                name: it.name,
                media: it.media,
                size: it.size,
                sha256: it.sha256,
                by: Some(by),
                at: it.at,
                checked: true,
            },
        )?;
        tx.exec("delete from visit_photo where id = $1", &vals![*id])?;
    }
    Ok(())
}

/// Forgets what nobody saved; says which files are needed by nobody any more.
pub fn sweep(tx: &mut dyn Tx, now: Millis) -> Result<Vec<String>> {
    let rows =
        tx.query("select id, sha256 from visit_photo where at < $1 order by at limit 50", &vals![now.plus(-KEPT_MS)])?;
    let mut gone = Vec::new();
    for row in &rows {
        tx.exec("delete from visit_photo where id = $1", &vals![row.text(0)?])?;
        let left = tx.query_opt("select 1 from visit_photo where sha256 = $1 limit 1", &vals![row.text(1)?])?.is_some();
        if !left {
            gone.push(row.string(1)?);
        }
    }
    Ok(gone)
}
