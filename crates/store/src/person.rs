//! Persons, the hats they wear, deputies, and handing work over.

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::fresh;
use crate::vals;
use domain::id::{PersonId, ReporterId, UnitId};
use domain::role::{Actor, Hat, Role};
use domain::time::Millis;
use std::collections::HashMap;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub login: String,
    pub name: String,
    pub phone: String,
    pub unit: UnitId,
    pub reporter: Option<ReporterId>,
    pub language: String,
    pub left_at: Option<Millis>,
    pub read_until: Millis,
}

#[derive(Clone, Debug)]
pub struct NewPerson<'a> {
    pub login: &'a str,
    pub name: &'a str,
    pub unit: UnitId,
    pub roles: &'a [Role],
    pub reporter: Option<ReporterId>,
    /// PHC string, or empty until the one-time link is used.
    pub password: &'a str,
}

pub fn insert(tx: &mut dyn Tx, new: &NewPerson, now: Millis) -> Result<PersonId> {
    if new.roles.iter().filter(|role| role.is_administrator()).count() > 1 {
        return Err(Error::Constraint("nobody may hold two of the three administrators' roles".into()));
    }
    let id = PersonId(fresh(now));
    tx.exec(
        "insert into person (id, login, name, unit, reporter, password) values ($1, $2, $3, $4, $5, $6)",
        &vals![id, new.login.trim(), new.name.trim(), new.unit, new.reporter, new.password],
    )?;
    for role in new.roles {
        add_hat(tx, id, *role, new.unit)?;
    }
    Ok(id)
}

pub fn add_hat(tx: &mut dyn Tx, person: PersonId, role: Role, unit: UnitId) -> Result<()> {
    tx.exec(
        "insert into hat (person, role, unit) values ($1, $2, $3) on conflict (person, role, unit) do nothing",
        &vals![person, role.code(), unit],
    )?;
    Ok(())
}

pub fn remove_hat(tx: &mut dyn Tx, person: PersonId, role: Role, unit: UnitId) -> Result<u64> {
    tx.exec("delete from hat where person = $1 and role = $2 and unit = $3", &vals![person, role.code(), unit])
}

pub fn find(tx: &mut dyn Tx, id: PersonId) -> Result<Option<Person>> {
    tx.query_opt(
        "select id, login, name, phone, unit, reporter, language, left_at, read_until from person where id = $1",
        &vals![id],
    )?
    .map(|row| person(&row))
    .transpose()
}

pub fn find_by_login(tx: &mut dyn Tx, login: &str) -> Result<Option<Person>> {
    tx.query_opt(
        "select id, login, name, phone, unit, reporter, language, left_at, read_until from person where login = $1",
        &vals![login.trim()],
    )?
    .map(|row| person(&row))
    .transpose()
}

/// Persons in the order of their login after `after`, `limit` at most.
pub fn list(tx: &mut dyn Tx, after: &str, limit: i64) -> Result<Vec<Person>> {
    tx.query(
        "select id, login, name, phone, unit, reporter, language, left_at, read_until from person where login > $1 order by login limit $2",
        &vals![after, limit],
    )?
    .iter()
    .map(person)
    .collect()
}

/// The hats of a page of `list`, in one statement.
pub fn hats_of_page(tx: &mut dyn Tx, after: &str, limit: i64) -> Result<HashMap<PersonId, Vec<Hat>>> {
    let rows = tx.query(
        "select h.role, h.unit, u.path, h.person from hat h join unit u on u.id = h.unit
         where h.person in (select id from person where login > $1 order by login limit $2) order by h.role, h.unit",
        &vals![after, limit],
    )?;
    let mut hats: HashMap<PersonId, Vec<Hat>> = HashMap::new();
    for row in &rows {
        let of = row.parse(3)?;
        hats.entry(of).or_default().extend(hat(row, of)?);
    }
    Ok(hats)
}

/// Those who work at a unit as clerk or head, for assigning.
pub fn list_of_unit(tx: &mut dyn Tx, unit: UnitId) -> Result<Vec<Person>> {
    tx.query(
        "select p.id, p.login, p.name, p.phone, p.unit, p.reporter, p.language, p.left_at, p.read_until from person p
         where p.left_at is null and exists (select 1 from hat h where h.person = p.id and h.unit = $1 and h.role in ('clerk', 'head'))
         order by p.login limit 200",
        &vals![unit],
    )?
    .iter()
    .map(person)
    .collect()
}

/// Those with a role anywhere, such as the leaders who may lead a board item.
pub fn list_of_role(tx: &mut dyn Tx, role: Role) -> Result<Vec<Person>> {
    tx.query(
        "select p.id, p.login, p.name, p.phone, p.unit, p.reporter, p.language, p.left_at, p.read_until from person p
         where p.left_at is null and exists (select 1 from hat h where h.person = p.id and h.role = $1) order by p.login limit 200",
        &vals![role.code()],
    )?
    .iter()
    .map(person)
    .collect()
}

/// From the nine columns that every statement about persons begins with.
pub(crate) fn person(row: &crate::row::Row) -> Result<Person> {
    Ok(Person {
        id: row.parse(0)?,
        login: row.string(1)?,
        name: row.string(2)?,
        phone: row.string(3)?,
        unit: row.parse(4)?,
        reporter: row.opt_parse(5)?,
        language: row.string(6)?,
        left_at: row.opt_millis(7)?,
        read_until: row.millis(8)?,
    })
}

/// One's own hats.
pub fn hats(tx: &mut dyn Tx, id: PersonId) -> Result<Vec<Hat>> {
    let rows = tx.query(
        "select h.role, h.unit, u.path from hat h join unit u on u.id = h.unit where h.person = $1 order by h.role, h.unit limit 100",
        &vals![id],
    )?;
    let mut hats = Vec::with_capacity(rows.len());
    for row in &rows {
        hats.extend(hat(row, id)?);
    }
    Ok(hats)
}

/// A role that this program does not know is no hat.
fn hat(row: &crate::row::Row, of: PersonId) -> Result<Option<Hat>> {
    let Some(role) = Role::parse(row.text(0)?) else { return Ok(None) };
    let within = row.text(2)?.split(' ').filter_map(|it| it.parse().ok()).collect();
    Ok(Some(Hat { role, unit: row.parse(1)?, of, within }))
}

/// The actor with everything he may do now: his own hats, and those of everyone he stands in for at this moment.
/// The administrators' hats are never lent: their separation would be worth nothing.
pub fn actor(tx: &mut dyn Tx, person: &Person, now: Millis) -> Result<Actor> {
    let mut all = hats(tx, person.id)?;
    let rows = tx.query(
        "select d.person from deputy d join person p on p.id = d.person
         where d.by = $1 and d.from_at <= $2 and d.to_at > $2 and (p.left_at is null or d.to_at = $3) limit 100",
        &vals![person.id, now, FOREVER],
    )?;
    for row in rows {
        all.extend(hats(tx, row.parse(0)?)?.into_iter().filter(|hat| !hat.role.is_administrator()));
    }
    Ok(Actor::Person { id: person.id, hats: all, reporter: person.reporter })
}

#[derive(Clone, Debug)]
pub struct Deputy {
    pub id: String,
    pub person: PersonId,
    pub by: PersonId,
    pub from: Millis,
    pub to: Millis,
}

pub fn insert_deputy(
    tx: &mut dyn Tx,
    person: PersonId,
    by: PersonId,
    from: Millis,
    to: Millis,
    now: Millis,
) -> Result<String> {
    if person == by || to <= from {
        return Err(Error::Constraint("a deputy is another person, and the time ends after it begins".into()));
    }
    let id = fresh(now).to_string();
    tx.exec(
        "insert into deputy (id, person, by, from_at, to_at) values ($1, $2, $3, $4, $5)",
        &vals![&id, person, by, from, to],
    )?;
    Ok(id)
}

pub fn list_deputies(tx: &mut dyn Tx, now: Millis) -> Result<Vec<Deputy>> {
    tx.query(
        "select id, person, by, from_at, to_at from deputy where to_at > $1 and to_at < $2 order by from_at limit 500",
        &vals![now, FOREVER],
    )?
    .iter()
    .map(|row| {
        Ok(Deputy {
            id: row.string(0)?,
            person: row.parse(1)?,
            by: row.parse(2)?,
            from: row.millis(3)?,
            to: row.millis(4)?,
        })
    })
    .collect()
}

/// Ends a deputyship now: one that runs ends, one that has not begun never does. Says of whom it was; nothing where it was
/// over already. A handover is for good and is not ended here.
pub fn end_deputy(tx: &mut dyn Tx, id: &str, now: Millis) -> Result<Option<PersonId>> {
    let row = tx.query_opt(
        "select person, from_at from deputy where id = $1 and to_at > $2 and to_at < $3",
        &vals![id, now, FOREVER],
    )?;
    let Some(row) = row else { return Ok(None) };
    if row.millis(1)? >= now {
        tx.exec("delete from deputy where id = $1", &vals![id])?;
    } else {
        tx.exec("update deputy set to_at = $2 where id = $1", &vals![id, now])?;
    }
    row.parse(0).map(Some)
}

/// To whom somebody's work was handed over, he stands in for him for good.
const FOREVER: Millis = Millis(253_402_271_999_000);

/// A person leaves: sessions and deputyships end, and all his work passes to `heir` in one step. The heir wears his hats
/// as his: he finds what the other reported, what was assigned to him and what is in his box, and he is a handler of
/// what the other handled. No problem is touched.
pub fn leave(tx: &mut dyn Tx, id: PersonId, heir: PersonId, now: Millis) -> Result<()> {
    if id == heir {
        return Err(Error::Constraint("work is handed over to another person".into()));
    }
    for hat in hats(tx, id)?.into_iter().filter(|hat| hat.role.is_administrator()) {
        remove_hat(tx, id, hat.role, hat.unit)?;
    }
    tx.exec("delete from session where person = $1", &vals![id])?;
    // What had been handed over to him goes on to the heir; what he lent or borrowed for a time ends.
    tx.exec("update deputy set by = $2 where by = $1 and to_at = $3 and person <> $2", &vals![id, heir, FOREVER])?;
    tx.exec("update deputy set to_at = $2 where (person = $1 or by = $1) and to_at > $2", &vals![id, now])?;
    insert_deputy(tx, id, heir, now, FOREVER, now)?;
    tx.exec("update person set left_at = $2 where id = $1 and left_at is null", &vals![id, now])?;
    Ok(())
}

/// What signing in compares.
#[derive(Clone, Debug)]
pub struct Password {
    pub id: PersonId,
    /// Argon2id, PHC format; empty until the first one-time link was used.
    pub phc: String,
    pub locked_until: Millis,
    pub left_at: Option<Millis>,
}

pub fn password(tx: &mut dyn Tx, login: &str) -> Result<Option<Password>> {
    tx.query_opt("select id, password, locked_until, left_at from person where login = $1", &vals![login.trim()])?
        .map(|row| {
            Ok(Password {
                id: row.parse(0)?,
                phc: row.string(1)?,
                locked_until: row.millis(2)?,
                left_at: row.opt_millis(3)?,
            })
        })
        .transpose()
}

pub fn mark_read(tx: &mut dyn Tx, id: PersonId, until: Millis) -> Result<()> {
    tx.exec("update person set read_until = $2 where id = $1 and read_until < $2", &vals![id, until])?;
    Ok(())
}
