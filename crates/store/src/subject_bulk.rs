//! Many subjects at once, as an import brings them: looked up and written in few statements, without an event each.

use crate::contact::{self, Contact};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::many::{Insert, look_up, rows_of};
use crate::row::Val;
use crate::subject::{Subject, subject};
use crate::{counter, search_subject, vals};
use domain::id::{ContactId, SubjectId};
use domain::subject::Card;
use domain::time::Millis;
use std::sync::OnceLock;

struct Sql {
    subjects: Insert,
    contacts: Insert,
    by_code: &'static str,
    by_name: &'static str,
    contacts_of: &'static str,
}

fn sql() -> &'static Sql {
    static SQL: OnceLock<Sql> = OnceLock::new();
    SQL.get_or_init(|| {
        let whole = "select id, no, kind, name, code, address, area, industry, tags, founded, capital, business, remark, officer,
          reporter, revision, ended_at from subject where";
        Sql {
            subjects: Insert::new(
                "subject",
                "id no kind name code address area industry tags founded capital business remark officer revision made_at changed_at",
            ),
            contacts: Insert::new("contact", "id subject name post phone email note made_at changed_at"),
            by_code: look_up(&format!("{whole} code <> '' and code"), "limit 5000"),
            by_name: look_up(&format!("{whole} name"), "order by no limit 5000"),
            contacts_of: look_up(
                "select id, subject, name, post, phone, email, note from contact where subject",
                "order by id limit 10000",
            ),
        }
    })
}

/// For the test that prepares every statement on both engines.
pub fn statements() -> Vec<&'static str> {
    let sql = sql();
    let mut all = vec![sql.by_code, sql.by_name, sql.contacts_of];
    all.extend(sql.subjects.statements());
    all.extend(sql.contacts.statements());
    all.extend(crate::import_change::statements());
    all.extend(crate::import_run::statements());
    all
}

pub fn find_by_codes(tx: &mut dyn Tx, codes: &[String]) -> Result<Vec<Subject>> {
    rows_of(tx, sql().by_code, codes)?.iter().map(subject).collect()
}

/// All that bear one of these names, lowest number first.
pub fn find_by_names(tx: &mut dyn Tx, names: &[String]) -> Result<Vec<Subject>> {
    rows_of(tx, sql().by_name, names)?.iter().map(subject).collect()
}

/// A new one that is not written yet.
#[derive(Clone, Debug)]
pub struct New {
    pub id: SubjectId,
    /// Checked.
    pub card: Card,
    /// `subject_words::words` of the card.
    pub words: String,
}

/// Writes new subjects, numbered in this order.
pub fn insert_many(tx: &mut dyn Tx, all: &[New], now: Millis) -> Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    let first = counter::next_many(tx, "subject", all.len() as i64)?;
    let mut values: Vec<Val> = Vec::with_capacity(all.len() * 17);
    for (no, it) in (first..).zip(all) {
        let card = &it.card;
        values.extend(vals![
            it.id,
            no,
            card.kind.code(),
            &card.name,
            &card.code,
            &card.address,
            &card.area,
            &card.industry,
            card.tags.join(" "),
            &card.founded,
            &card.capital,
            &card.business,
            &card.remark,
            card.officer,
            1_i64,
            now,
            now
        ]);
    }
    sql().subjects.rows(tx, &values)?;
    let words: Vec<(i64, &str)> = (first..).zip(all).map(|(no, it)| (no, it.words.as_str())).collect();
    search_subject::insert_many(tx, &words)
}

/// Writes a checked card over the one that `before` still is.
pub fn put(tx: &mut dyn Tx, before: &Subject, card: &Card, words: &str, now: Millis) -> Result<()> {
    let changed = tx.exec(
        "update subject set kind = $3, name = $4, code = $5, address = $6, area = $7, industry = $8, tags = $9, founded = $10,
           capital = $11, business = $12, remark = $13, officer = $14, revision = revision + 1, changed_at = $15
         where id = $1 and revision = $2",
        &vals![
            before.id, before.revision, card.kind.code(), &card.name, &card.code, &card.address, &card.area, &card.industry,
            card.tags.join(" "), &card.founded, &card.capital, &card.business, &card.remark, card.officer, now
        ],
    )?;
    if changed == 0 {
        return Err(Error::Conflict);
    }
    search_subject::remove(tx, before.no)?;
    search_subject::insert(tx, before.no, words)
}

/// What still refers to a subject, in a word of each language; nothing: it may be removed.
pub fn referred(tx: &mut dyn Tx, id: SubjectId) -> Result<Option<(&'static str, &'static str)>> {
    let row = tx.query_one(
        "select (select count(*) from (select 1 as one from visit where subject = $1 limit 1) as a),
                (select count(*) from (select 1 as one from problem where subject = $1 limit 1) as b),
                (select count(*) from (select 1 as one from assignment where subject = $1 limit 1) as c),
                (select count(*) from (select 1 as one from contact where subject = $1 limit 1) as d),
                (select count(*) from (select 1 as one from subject where id = $1 and reporter is not null) as e)",
        &vals![id],
    )?;
    let words = [
        ("已有走访", "it was visited or a visit is planned"),
        ("已有问题", "problems are registered about it"),
        ("已列入轮次", "it belongs to a round"),
        ("另有联系人", "it has contacts"),
        ("反映过问题", "it reported problems"),
    ];
    for (at, words) in words.into_iter().enumerate() {
        if row.int(at)? > 0 {
            return Ok(Some(words));
        }
    }
    Ok(None)
}

/// Removes one to which nothing refers.
pub fn remove(tx: &mut dyn Tx, it: &Subject) -> Result<()> {
    search_subject::remove(tx, it.no)?;
    tx.exec("delete from subject where id = $1", &vals![it.id])?;
    Ok(())
}

pub fn contacts_of(tx: &mut dyn Tx, subjects: &[SubjectId]) -> Result<Vec<Contact>> {
    let keys: Vec<String> = subjects.iter().map(|it| it.to_string()).collect();
    rows_of(tx, sql().contacts_of, &keys)?.iter().map(contact::contact).collect()
}

/// Writes new, checked contacts.
pub fn insert_contacts(tx: &mut dyn Tx, all: &[Contact], now: Millis) -> Result<()> {
    let mut values: Vec<Val> = Vec::with_capacity(all.len() * 9);
    for it in all {
        values.extend(vals![it.id, it.subject, &it.name, &it.post, &it.phone, &it.email, &it.note, now, now]);
    }
    sql().contacts.rows(tx, &values)
}

pub fn remove_contact(tx: &mut dyn Tx, id: ContactId) -> Result<()> {
    tx.exec("delete from contact where id = $1", &vals![id])?;
    Ok(())
}
