//! What a person left behind: whether an import that brought him may take him back; and finding him without a login.

use crate::db::Tx;
use crate::error::Result;
use crate::person::{Person, person};
use crate::vals;
use domain::id::{PersonId, UnitId};
use domain::time::Millis;

/// Of those who bear this name at a unit and work here, the one whose login comes first.
pub fn find_by_name(tx: &mut dyn Tx, name: &str, unit: UnitId) -> Result<Option<Person>> {
    tx.query_opt(
        "select id, login, name, phone, unit, reporter, language, left_at, read_until from person
         where name = $1 and unit = $2 and left_at is null order by login limit 1",
        &vals![name, unit],
    )?
    .map(|row| person(&row))
    .transpose()
}

pub fn set_phone(tx: &mut dyn Tx, id: PersonId, phone: &str) -> Result<()> {
    tx.exec("update person set phone = $2 where id = $1", &vals![id, phone])?;
    Ok(())
}

/// Why he cannot be taken back, in Chinese and English; nothing: he never signed in, and nothing names him.
pub fn named(tx: &mut dyn Tx, id: PersonId) -> Result<Option<(&'static str, &'static str)>> {
    let row = tx.query_one(
        "select (select count(*) from person where id = $1 and password <> '')
                  + (select count(*) from session where person = $1) + (select count(*) from one_time_link where person = $1 and used_at is not null),
                (select count(*) from (select 1 as one from visit where officer = $1 limit 1) as a)
                  + (select count(*) from (select 1 as one from visit_viewer where viewer = $1 limit 1) as b)
                  + (select count(*) from (select 1 as one from promise where owner = $1 limit 1) as c),
                (select count(*) from (select 1 as one from problem where officer = $1 limit 1) as d)
                  + (select count(*) from (select 1 as one from sight where viewer = $1 limit 1) as e),
                (select count(*) from (select 1 as one from subject where officer = $1 limit 1) as f)
                  + (select count(*) from (select 1 as one from team_member where person = $1 limit 1) as g),
                (select count(*) from (select 1 as one from deputy where person = $1 or by = $1 limit 1) as h)",
        &vals![id],
    )?;
    let words = [
        ("已登录过或已设密码", "signed in already or set a password"),
        ("已有走访或承诺", "has visits or promises"),
        ("已有关联问题", "has problems"),
        ("已列入走访组或包联", "belongs to a team or keeps in touch with a subject"),
        ("已有代理关系", "is a deputy or has one"),
    ];
    for (at, words) in words.into_iter().enumerate() {
        if row.int(at)? > 0 {
            return Ok(Some(words));
        }
    }
    Ok(None)
}

/// Removes somebody whom nothing names.
pub fn remove(tx: &mut dyn Tx, id: PersonId) -> Result<()> {
    tx.exec("delete from one_time_link where person = $1", &vals![id])?;
    tx.exec("delete from hat where person = $1", &vals![id])?;
    tx.exec("delete from person where id = $1", &vals![id])?;
    Ok(())
}

/// An account that cannot sign in, for the security administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    pub login: String,
    pub name: String,
    /// Until when it is locked.
    pub until: Option<Millis>,
}

/// Those who never set a password, by login.
pub fn list_without_password(tx: &mut dyn Tx, limit: i64) -> Result<Vec<Stuck>> {
    tx.query(
        "select login, name from person where password = '' and left_at is null order by login limit $1",
        &vals![limit],
    )?
    .iter()
    .map(|row| Ok(Stuck { login: row.string(0)?, name: row.string(1)?, until: None }))
    .collect()
}

/// Those locked after wrong passwords, by login.
pub fn list_locked(tx: &mut dyn Tx, now: Millis, limit: i64) -> Result<Vec<Stuck>> {
    tx.query(
        "select login, name, locked_until from person where locked_until > $1 and left_at is null order by login limit $2",
        &vals![now, limit],
    )?
    .iter()
    .map(|row| Ok(Stuck { login: row.string(0)?, name: row.string(1)?, until: Some(row.millis(2)?) }))
    .collect()
}
