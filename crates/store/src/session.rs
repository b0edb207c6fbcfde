//! Signing in: sessions, lock-out after wrong passwords, one-time links. Only digests of tokens are ever stored.

use crate::db::Tx;
use crate::error::Result;
use crate::person::{self, Person};
use crate::terms::Failure;
use crate::vals;
use crate::words::sha256;
use domain::id::PersonId;
use domain::refusal::Refusal;
use domain::role::{Actor, Role};
use domain::time::Millis;

/// From the fifth wrong password on the account waits, each time twice as long, at most a day.
const FREE_FAILURES: i64 = 5;
const FIRST_LOCK_MS: i64 = 15 * 60_000;
const LONGEST_LOCK_MS: i64 = 24 * 3_600_000;
/// Being seen is written down once a minute, not with every page.
const TOUCH_MS: i64 = 60_000;

/// SHA-256 of a token. A type of its own, so that a token cannot be stored by mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenDigest(String);

impl TokenDigest {
    pub fn of(token: &str) -> TokenDigest {
        TokenDigest(sha256(&[token.as_bytes()]))
    }

    fn text(&self) -> &str {
        &self.0
    }
}

/// A session that ends after `ttl_ms` at the latest, however busy it is.
pub fn start(tx: &mut dyn Tx, person: PersonId, token: &TokenDigest, now: Millis, ttl_ms: i64) -> Result<()> {
    tx.exec(
        "insert into session (token, person, made_at, seen_at, ends_at) values ($1, $2, $3, $4, $5)",
        &vals![token.text(), person, now, now, now.plus(ttl_ms)],
    )?;
    Ok(())
}

/// Whose session it is, with the hats he wears at this moment, and whether `touch` would write anything, so that a page
/// that only reads need not ask for the write lock. `None` when it ended, was idle for `idle_ms`, or he has left.
/// Every request asks this: hence one statement for session and person.
pub fn find(tx: &mut dyn Tx, token: &str, now: Millis, idle_ms: i64) -> Result<Option<(Person, Actor, bool)>> {
    let row = tx.query_opt(
        "select p.id, p.login, p.name, p.phone, p.unit, p.reporter, p.language, p.left_at, p.read_until, s.seen_at
         from session s join person p on p.id = s.person
         where s.token = $1 and s.ends_at > $2 and s.seen_at > $3 and p.left_at is null",
        &vals![TokenDigest::of(token).text(), now, now.plus(-idle_ms)],
    )?;
    let Some(row) = row else { return Ok(None) };
    let person = person::person(&row)?;
    let actor = person::actor(tx, &person, now)?;
    Ok(Some((person, actor, row.millis(9)? <= now.plus(-TOUCH_MS))))
}

/// Notes that a session that `find` has just found was used.
pub fn touch(tx: &mut dyn Tx, token: &str, now: Millis) -> Result<bool> {
    let changed = tx.exec(
        "update session set seen_at = $2 where token = $1 and seen_at <= $3 and ends_at > $2",
        &vals![TokenDigest::of(token).text(), now, now.plus(-TOUCH_MS)],
    )?;
    Ok(changed == 1)
}

pub fn end(tx: &mut dyn Tx, token: &str) -> Result<()> {
    tx.exec("delete from session where token = $1", &vals![TokenDigest::of(token).text()])?;
    Ok(())
}

/// All sessions of a person, on all devices; says how many there were.
pub fn end_all(tx: &mut dyn Tx, person: PersonId) -> Result<u64> {
    tx.exec("delete from session where person = $1", &vals![person])
}

/// Clears away what ended, at most a thousand rows at a time; says how many.
pub fn sweep(tx: &mut dyn Tx, now: Millis, idle_ms: i64) -> Result<u64> {
    tx.exec(
        "delete from session where token in (select token from session where ends_at <= $1 or seen_at <= $2 limit 1000)",
        &vals![now, now.plus(-idle_ms)],
    )
}

/// A wrong password: until when the account waits now, if it does. While it waits nothing more is counted, so that
/// knocking on does not lengthen the wait.
pub fn failed(tx: &mut dyn Tx, person: PersonId, now: Millis) -> Result<Option<Millis>> {
    // One statement, so that guesses sent at once are all counted.
    let counted = tx.query_opt(
        "update person set failures = failures + 1 where id = $1 and locked_until <= $2 returning failures",
        &vals![person, now],
    )?;
    let Some(row) = counted else {
        let row = tx.query_opt("select locked_until from person where id = $1", &vals![person])?;
        return row.map(|row| row.millis(0)).transpose();
    };
    let over = row.int(0)? - FREE_FAILURES;
    if over < 0 {
        return Ok(None);
    }
    let until = now.plus((FIRST_LOCK_MS << over.min(10)).min(LONGEST_LOCK_MS));
    tx.exec("update person set locked_until = $2 where id = $1", &vals![person, until])?;
    Ok(Some(until))
}

pub fn succeeded(tx: &mut dyn Tx, person: PersonId) -> Result<()> {
    tx.exec(
        "update person set failures = 0, locked_until = 0 where id = $1 and (failures > 0 or locked_until > 0)",
        &vals![person],
    )?;
    Ok(())
}

/// A link with which its holder sets his password once. Made by a security administrator, or by the command line
/// (`Actor::System`) for the first of them. Links made before and not used end.
pub fn make_link(
    tx: &mut dyn Tx,
    by: &Actor,
    person: PersonId,
    token: &TokenDigest,
    now: Millis,
    ttl_ms: i64,
) -> Result<(), Failure> {
    if !matches!(by, Actor::System) && !by.has(Role::Secadmin) {
        return Err(Refusal::NotYourRole.into());
    }
    open_link(tx, by.person(), person, token, now, ttl_ms)
}

/// By a firm for somebody of its own staff, as long as he has no password yet and no role but that.
pub fn make_staff_link(
    tx: &mut dyn Tx,
    by: PersonId,
    person: PersonId,
    token: &TokenDigest,
    now: Millis,
    ttl_ms: i64,
) -> Result<(), Failure> {
    let is_only_staff = person::hats(tx, person)?.iter().all(|hat| hat.role == Role::SiteStaff);
    let row = tx.query_one("select password from person where id = $1 and left_at is null", &vals![person])?;
    if !is_only_staff || !row.text(0)?.is_empty() {
        return Err(Refusal::NotYourRole.into());
    }
    open_link(tx, Some(by), person, token, now, ttl_ms)
}

fn open_link(
    tx: &mut dyn Tx,
    by: Option<PersonId>,
    person: PersonId,
    token: &TokenDigest,
    now: Millis,
    ttl_ms: i64,
) -> Result<(), Failure> {
    tx.query_one("select 1 from person where id = $1 and left_at is null", &vals![person])?;
    tx.exec(
        "update one_time_link set ends_at = $2 where person = $1 and used_at is null and ends_at > $2",
        &vals![person, now],
    )?;
    tx.exec(
        "insert into one_time_link (token, person, made_by, ends_at) values ($1, $2, $3, $4)",
        &vals![token.text(), person, by, now.plus(ttl_ms)],
    )?;
    Ok(())
}

/// Whose link it is, while it can be used: for the page that asks for the new password.
pub fn find_link(tx: &mut dyn Tx, token: &str, now: Millis) -> Result<Option<PersonId>> {
    tx.query_opt(
        "select l.person from one_time_link l join person p on p.id = l.person
         where l.token = $1 and l.used_at is null and l.ends_at > $2 and p.left_at is null",
        &vals![TokenDigest::of(token).text(), now],
    )?
    .map(|row| row.parse(0))
    .transpose()
}

/// Sets the password, given as a PHC string, and uses the link up. `None` when it was used before, ended, or the
/// person has left.
pub fn use_link(tx: &mut dyn Tx, token: &str, phc: &str, now: Millis) -> Result<Option<PersonId>> {
    let Some(person) = find_link(tx, token, now)? else { return Ok(None) };
    let used = tx.exec(
        "update one_time_link set used_at = $2 where token = $1 and used_at is null",
        &vals![TokenDigest::of(token).text(), now],
    )?;
    if used == 0 {
        return Ok(None);
    }
    set_password(tx, person, phc)?;
    Ok(Some(person))
}

/// Whoever knew the old password is out: all sessions end, and the account no longer waits.
pub fn set_password(tx: &mut dyn Tx, person: PersonId, phc: &str) -> Result<()> {
    tx.exec("update person set password = $2, failures = 0, locked_until = 0 where id = $1", &vals![person, phc])?;
    end_all(tx, person)?;
    Ok(())
}
