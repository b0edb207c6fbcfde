//! Subjects 走访对象: one by one. Many at once stand in `intake`'s bulk statements (`subject_bulk`), search in `subject_words`.

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::note;
use crate::ids::fresh;
use crate::reporter::{self, Reporter};
use crate::row::Row;
use crate::terms::{Deed, Failure};
use crate::{contact, counter, subject_words, vals};
use domain::fault::Fault;
use domain::id::{ReporterId, SubjectId};
use domain::refusal::Refusal;
use domain::subject::{Card, Kind, tags};
use domain::time::Millis;
use serde_json::json;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub id: SubjectId,
    pub no: i64,
    pub card: Card,
    pub reporter: Option<ReporterId>,
    pub revision: i64,
    pub ended: bool,
}

/// From the seventeen columns that every statement about whole subjects begins with.
pub(crate) fn subject(row: &Row) -> Result<Subject> {
    Ok(Subject {
        id: row.parse(0)?,
        no: row.int(1)?,
        card: Card {
            kind: Kind::parse(row.text(2)?).unwrap_or(Kind::Enterprise),
            name: row.string(3)?,
            code: row.string(4)?,
            address: row.string(5)?,
            area: row.string(6)?,
            industry: row.string(7)?,
            tags: tags(row.text(8)?),
            founded: row.string(9)?,
            capital: row.string(10)?,
            business: row.string(11)?,
            remark: row.string(12)?,
            officer: row.opt_parse(13)?,
        },
        reporter: row.opt_parse(14)?,
        revision: row.int(15)?,
        ended: row.opt_int(16)?.is_some(),
    })
}

pub fn find(tx: &mut dyn Tx, id: SubjectId) -> Result<Option<Subject>> {
    tx.query_opt(
        "select id, no, kind, name, code, address, area, industry, tags, founded, capital, business, remark, officer, reporter, revision, ended_at
         from subject where id = $1",
        &vals![id],
    )?
    .map(|row| subject(&row))
    .transpose()
}

pub fn find_by_no(tx: &mut dyn Tx, no: i64) -> Result<Option<Subject>> {
    tx.query_opt(
        "select id, no, kind, name, code, address, area, industry, tags, founded, capital, business, remark, officer, reporter, revision, ended_at
         from subject where no = $1",
        &vals![no],
    )?
    .map(|row| subject(&row))
    .transpose()
}

/// By credit code, else by its whole name where only one has it.
pub fn find_by_code_or_name(tx: &mut dyn Tx, text: &str) -> Result<Option<Subject>> {
    let rows = tx.query(
        "select id, no, kind, name, code, address, area, industry, tags, founded, capital, business, remark, officer, reporter, revision, ended_at
         from subject where code = $1 and code <> '' or name = $1 order by no limit 2",
        &vals![text.trim()],
    )?;
    match rows.as_slice() {
        [row] => subject(row).map(Some),
        _ => Ok(None),
    }
}

/// A new subject; `id` is the client's, so a retry finds what it made.
pub fn insert(tx: &mut dyn Tx, deed: &Deed, id: SubjectId, card: Card) -> Result<Subject, Failure> {
    if let Some(known) = find(tx, id)? {
        return Ok(known);
    }
    let card = card.checked().map_err(Refusal::Faults)?;
    code_is_free(tx, &card.code, id)?;
    let no = counter::next(tx, "subject")?;
    tx.exec(
        "insert into subject (id, no, kind, name, code, address, area, industry, tags, founded, capital, business, remark, officer,
           revision, made_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $15, $15)",
        &vals![
            id, no, card.kind.code(), &card.name, &card.code, &card.address, &card.area, &card.industry, card.tags.join(" "),
            &card.founded, &card.capital, &card.business, &card.remark, card.officer, deed.now
        ],
    )?;
    subject_words::index(tx, no, &card)?;
    let data = json!({ "no": no, "kind": card.kind.code(), "digest": digest(&card) });
    note(tx, deed, id, "subject-entered", data)?;
    Ok(Subject { id, no, card, reporter: None, revision: 1, ended: false })
}

fn code_is_free(tx: &mut dyn Tx, code: &str, id: SubjectId) -> Result<(), Failure> {
    if code.is_empty() {
        return Ok(());
    }
    let taken = tx.query_opt("select no, name from subject where code = $1 and id <> $2", &vals![code, id])?;
    let Some(row) = taken else { return Ok(()) };
    let (no, name) = (row.int(0)?, row.text(1)?);
    let fault = Fault::new(
        "code",
        format!("这个信用代码已登记在{no}号“{name}”名下；请核对，或改到那一条上。"),
        format!("This credit code stands at number {no}, {name}; check it, or change that entry."),
    );
    Err(Refusal::Faults(vec![fault]).into())
}

/// Changes what the register says; `seen` is the revision that its author saw.
pub fn update(tx: &mut dyn Tx, deed: &Deed, before: &Subject, card: Card, seen: i64) -> Result<(), Failure> {
    let card = card.checked().map_err(Refusal::Faults)?;
    if card == before.card && seen == before.revision {
        return Ok(());
    }
    code_is_free(tx, &card.code, before.id)?;
    let changed = tx.exec(
        "update subject set kind = $3, name = $4, code = $5, address = $6, area = $7, industry = $8, tags = $9, founded = $10,
           capital = $11, business = $12, remark = $13, officer = $14, revision = revision + 1, changed_at = $15
         where id = $1 and revision = $2",
        &vals![
            before.id, seen, card.kind.code(), &card.name, &card.code, &card.address, &card.area, &card.industry,
            card.tags.join(" "), &card.founded, &card.capital, &card.business, &card.remark, card.officer, deed.now
        ],
    )?;
    if changed == 0 {
        return Err(Failure::Store(Error::Conflict));
    }
    subject_words::replace(tx, before.no, &card)?;
    let fields: Vec<&str> = differences(&before.card, &card).into_iter().map(|it| it.0).collect();
    let data = json!({ "fields": fields, "digest": digest(&card) });
    note(tx, deed, before.id, "subject-changed", data)?;
    Ok(())
}

/// What differs: field, before, after.
pub fn differences(before: &Card, after: &Card) -> Vec<(&'static str, String, String)> {
    let texts = |card: &Card| {
        [
            ("kind", card.kind.zh().to_owned()),
            ("name", card.name.clone()),
            ("code", card.code.clone()),
            ("address", card.address.clone()),
            ("area", card.area.clone()),
            ("industry", card.industry.clone()),
            ("tags", card.tags.join(" ")),
            ("founded", card.founded.clone()),
            ("capital", card.capital.clone()),
            ("business", card.business.clone()),
            ("remark", card.remark.clone()),
            ("officer", card.officer.map(|it| it.to_string()).unwrap_or_default()),
        ]
    };
    let pairs = texts(before).into_iter().zip(texts(after));
    pairs.filter(|(a, b)| a.1 != b.1).map(|((field, a), (_, b))| (field, a, b)).collect()
}

/// Of what the register says about it.
pub fn digest(card: &Card) -> String {
    crate::words::sha256(&[format!("{card:?}").as_bytes()])
}

/// As whom the subject reports: made at its first problem, with the telephone of its first contact.
pub fn reporter(tx: &mut dyn Tx, id: SubjectId, now: Millis) -> Result<ReporterId> {
    let subject = find(tx, id)?.ok_or(Error::NotFound)?;
    if let Some(known) = subject.reporter {
        return Ok(known);
    }
    let phone = contact::list(tx, id)?.into_iter().map(|it| it.phone).find(|it| !it.is_empty()).unwrap_or_default();
    let card = subject.card;
    let new = Reporter { id: ReporterId(fresh(now)), name: card.name, phone, address: card.address, code: card.code };
    reporter::insert(tx, &new, now)?;
    match tx.exec("update subject set reporter = $2 where id = $1 and reporter is null", &vals![id, new.id])? {
        1 => Ok(new.id),
        // Another server was faster; its reporter is the one.
        _ => {
            tx.exec("delete from reporter where id = $1", &vals![new.id])?;
            find(tx, id)?.and_then(|it| it.reporter).ok_or(Error::NotFound)
        }
    }
}
