//! Building sites 工地: who has which tie to one, who finds it in his list, and the secret behind the codes of its screen.

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::fresh;
use crate::row::Row;
use crate::terms::{Deed, Failure};
use crate::words::{self, MasterKey};
use crate::{counter, event, today, vals};
use domain::fault::Fault;
use domain::id::{PersonId, SiteId, SubjectId, UnitId};
use domain::refusal::Refusal;
use domain::role::{Actor, Role};
use domain::site::Tie;
use domain::time::Millis;
use serde_json::json;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    pub id: SiteId,
    pub no: i64,
    pub name: String,
    /// 施工许可证编号.
    pub permit: String,
    pub address: String,
    pub owner: UnitId,
    pub contractor: UnitId,
    pub consultant: Option<UnitId>,
    pub subject: Option<SubjectId>,
    pub revision: i64,
    pub made_at: Millis,
    pub ended_at: Option<Millis>,
}

/// What somebody writes on the card of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub name: String,
    pub permit: String,
    pub address: String,
    pub owner: UnitId,
    pub contractor: UnitId,
    pub consultant: Option<UnitId>,
    pub subject: Option<SubjectId>,
}

pub(crate) fn site(row: &Row) -> Result<Site> {
    Ok(Site {
        id: row.parse(0)?,
        no: row.int(1)?,
        name: row.string(2)?,
        permit: row.string(3)?,
        address: row.string(4)?,
        owner: row.parse(5)?,
        contractor: row.parse(6)?,
        consultant: row.opt_parse(7)?,
        subject: row.opt_parse(8)?,
        revision: row.int(9)?,
        made_at: row.millis(10)?,
        ended_at: row.opt_millis(11)?,
    })
}

macro_rules! sites {
        ($rest:literal) => {
        $crate::site::sites!("", $rest)
    };
    // With further columns, the twelfth and on.
    ($more:literal, $rest:literal) => {
        concat!(
            "select s.id, s.no, s.name, s.permit, s.address, s.owner, s.contractor, s.consultant, s.subject, s.revision,
               s.made_at, s.ended_at",
            $more,
            " from site s ",
            $rest
        )
    };
}
pub(crate) use sites;

const BY_ID: &str = sites!("where s.id = $1");
const BY_NO: &str = sites!("where s.no = $1");
const BY_PERMIT: &str = sites!("where s.permit = $1");
const BY_NAME: &str = sites!("where s.name = $1 order by s.no limit 2");
const ALL: &str = sites!("where s.no > $1 order by s.no limit $2");
const OF_OWNER: &str = sites!("where s.owner = $1 and s.no > $2 order by s.no limit $3");
const OF_CONTRACTOR: &str = sites!("where s.contractor = $1 and s.no > $2 order by s.no limit $3");
const OF_CONSULTANT: &str = sites!("where s.consultant = $1 and s.no > $2 order by s.no limit $3");
const OF_STAFF: &str = sites!("join staff t on t.site = s.id where t.person = $1 and s.no > $2 order by s.no limit $3");

/// For the test that prepares every statement on both engines.
pub const STATEMENTS: [&str; 9] =
    [BY_ID, BY_NO, BY_PERMIT, BY_NAME, ALL, OF_OWNER, OF_CONTRACTOR, OF_CONSULTANT, OF_STAFF];

pub fn find(tx: &mut dyn Tx, id: SiteId) -> Result<Option<Site>> {
    tx.query_opt(BY_ID, &vals![id])?.map(|row| site(&row)).transpose()
}

pub fn find_by_no(tx: &mut dyn Tx, no: i64) -> Result<Option<Site>> {
    tx.query_opt(BY_NO, &vals![no])?.map(|row| site(&row)).transpose()
}

/// As people name one in a list: by its permit, else its number, else a name that only one has.
pub fn find_by_text(tx: &mut dyn Tx, text: &str) -> Result<Option<Site>> {
    if let Some(row) = tx.query_opt(BY_PERMIT, &vals![text])? {
        return site(&row).map(Some);
    }
    if let Ok(no) = text.parse::<i64>()
        && let Some(found) = find_by_no(tx, no)?
    {
        return Ok(Some(found));
    }
    let rows = tx.query(BY_NAME, &vals![text])?;
    if let [row] = &rows[..] { site(row).map(Some) } else { Ok(None) }
}

/// Whose sites a list shows; everything about sites is loaded through this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    All,
    /// The sites of these firms, and those at which this person works.
    Of {
        firms: Vec<(Tie, UnitId)>,
        person: Option<PersonId>,
    },
}

/// What `actor` may see of sites: the bureau and who watches over it all of them, a firm its own, staff where they work.
pub fn reach(actor: &Actor) -> Reach {
    let sees_all = |role: Role| matches!(role, Role::Bureau | Role::Office | Role::Supervision | Role::Leader);
    if matches!(actor, Actor::System) || actor.hats().iter().any(|hat| sees_all(hat.role)) {
        return Reach::All;
    }
    let mut firms = Vec::new();
    for hat in actor.hats() {
        let tie = match hat.role {
            Role::Owner => Tie::Owner,
            Role::Contractor => Tie::Contractor,
            Role::Consultant => Tie::Consultant,
            _ => continue,
        };
        // Who works in a division of a firm acts for the firm.
        for unit in &hat.within {
            if !firms.contains(&(tie, *unit)) {
                firms.push((tie, *unit));
            }
        }
    }
    Reach::Of { firms, person: actor.person().filter(|_| actor.has(Role::SiteStaff)) }
}

/// How `actor` stands to the site; empty: he does not see it.
pub fn ties(tx: &mut dyn Tx, actor: &Actor, site: &Site) -> Result<Vec<Tie>> {
    let mut ties = Vec::new();
    for hat in actor.hats() {
        let is = |unit: UnitId| hat.within.contains(&unit);
        let tie = match hat.role {
            Role::Bureau => Tie::Bureau,
            Role::Owner if is(site.owner) => Tie::Owner,
            Role::Contractor if is(site.contractor) => Tie::Contractor,
            Role::Consultant if site.consultant.is_some_and(is) => Tie::Consultant,
            Role::Office | Role::Supervision | Role::Leader => Tie::Watcher,
            _ => continue,
        };
        ties.push(tie);
    }
    if let Some(person) = actor.person().filter(|_| actor.has(Role::SiteStaff))
        && tx.query_opt("select 1 from staff where site = $1 and person = $2", &vals![site.id, person])?.is_some()
    {
        ties.push(Tie::Staff);
    }
    ties.sort_unstable();
    ties.dedup();
    Ok(ties)
}

/// The site with the actor's ties; not there where he has none.
pub fn meet(tx: &mut dyn Tx, actor: &Actor, no: i64) -> Result<(Site, Vec<Tie>), Failure> {
    let site = find_by_no(tx, no)?.ok_or(Refusal::Absent)?;
    let ties = ties(tx, actor, &site)?;
    if ties.is_empty() { Err(Refusal::Absent.into()) } else { Ok((site, ties)) }
}

/// By number, after `after`.
pub fn list(tx: &mut dyn Tx, reach: &Reach, after: i64, limit: i64) -> Result<Vec<Site>> {
    let mut rows = Vec::new();
    match reach {
        Reach::All => rows.extend(tx.query(ALL, &vals![after, limit])?),
        Reach::Of { firms, person } => {
            for (tie, unit) in firms {
                let sql = match tie {
                    Tie::Owner => OF_OWNER,
                    Tie::Consultant => OF_CONSULTANT,
                    _ => OF_CONTRACTOR,
                };
                rows.extend(tx.query(sql, &vals![*unit, after, limit])?);
            }
            if let Some(person) = person {
                rows.extend(tx.query(OF_STAFF, &vals![*person, after, limit])?);
            }
        }
    }
    let mut found: Vec<Site> = rows.iter().map(site).collect::<Result<_>>()?;
    found.sort_by_key(|it| it.no);
    found.dedup_by_key(|it| it.no);
    found.truncate(limit.max(0) as usize);
    Ok(found)
}

fn check(tx: &mut dyn Tx, card: &Card, id: Option<SiteId>) -> Result<(), Failure> {
    let mut faults = Vec::new();
    if card.name.trim().is_empty() {
        faults.push(Fault::new("name", "请填写工地名称。", "Enter the name of the site."));
    }
    if card.permit.trim().is_empty() {
        faults.push(Fault::new("permit", "请填写施工许可证编号。", "Enter the number of the construction permit."));
    }
    for (field, text, most) in
        [("name", &card.name, 100), ("permit", &card.permit, 60), ("address", &card.address, 200)]
    {
        let n = text.chars().count();
        if n > most {
            let (zh, en) = (format!("最多{most}字，现有{n}字。"), format!("At most {most} characters; there are {n}."));
            faults.push(Fault::new(field, zh, en));
        }
    }
    let known = tx.query_opt("select id, no, name from site where permit = $1", &vals![card.permit.trim()])?;
    if let Some(row) = known
        && Some(row.parse::<SiteId>(0)?) != id
    {
        faults.push(Fault::new(
            "permit",
            "这个施工许可证已经登记了工地；请核对编号。",
            "A site is already entered under this permit; check the number.",
        ));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
}

/// The same id a second time is the same site.
pub fn add(tx: &mut dyn Tx, deed: &Deed, id: SiteId, card: &Card) -> Result<i64, Failure> {
    if let Some(known) = find(tx, id)? {
        return Ok(known.no);
    }
    check(tx, card, None)?;
    let no = counter::next(tx, "site")?;
    let secret = words::hex(&words::random::<32>()?);
    let secret = words::key_for_writing(tx, &deed.terms.master, &id.to_string())?.seal(&secret)?;
    tx.exec(
        "insert into site (id, no, name, permit, address, owner, contractor, consultant, subject, secret, revision, made_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11)",
        &vals![
            id,
            no,
            card.name.trim(),
            card.permit.trim(),
            card.address.trim(),
            card.owner,
            card.contractor,
            card.consultant,
            card.subject,
            secret,
            deed.now
        ],
    )?;
    today::begin(tx, id)?;
    event::note(tx, deed, id, "site-added", json!({ "no": no, "permit": card.permit.trim() }))?;
    Ok(no)
}

/// `seen` is the revision its author saw.
pub fn change(tx: &mut dyn Tx, deed: &Deed, site: &Site, card: &Card, seen: i64) -> Result<(), Failure> {
    check(tx, card, Some(site.id))?;
    let changed = tx.exec(
        "update site set name = $3, permit = $4, address = $5, owner = $6, contractor = $7, consultant = $8, revision = revision + 1,
           changed_at = $9 where id = $1 and revision = $2",
        &vals![
            site.id,
            seen,
            card.name.trim(),
            card.permit.trim(),
            card.address.trim(),
            card.owner,
            card.contractor,
            card.consultant,
            deed.now
        ],
    )?;
    if changed == 0 {
        return Err(Failure::Store(Error::Conflict));
    }
    event::note(tx, deed, site.id, "site-changed", json!({ "permit": card.permit.trim(), "before": site.permit }))?;
    Ok(())
}

/// The work is over: nobody is wanted there any more. What was judged stays.
pub fn end(tx: &mut dyn Tx, deed: &Deed, site: &Site) -> Result<(), Failure> {
    let ended = tx.exec(
        "update site set ended_at = $2, revision = revision + 1 where id = $1 and ended_at is null",
        &vals![site.id, deed.now],
    )?;
    if ended == 1 {
        tx.exec("delete from duty where site = $1", &vals![site.id])?;
        tx.exec("delete from site_today where site = $1", &vals![site.id])?;
        event::note(tx, deed, site.id, "site-ended", json!({}))?;
    }
    Ok(())
}

/// From which the codes of its screen are made.
pub fn secret(tx: &mut dyn Tx, master: &MasterKey, id: SiteId) -> Result<Option<String>> {
    let Some(row) = tx.query_opt("select secret from site where id = $1", &vals![id])? else { return Ok(None) };
    let key = words::find_key(tx, master, &id.to_string())?;
    key.map(|key| key.open(row.text(0)?)).transpose()
}

/// A screen that was lost shows codes no more.
pub fn renew_secret(tx: &mut dyn Tx, deed: &Deed, id: SiteId) -> Result<()> {
    let secret = words::hex(&words::random::<32>()?);
    let secret = words::key_for_writing(tx, &deed.terms.master, &id.to_string())?.seal(&secret)?;
    tx.exec("update site set secret = $2 where id = $1", &vals![id, secret])?;
    event::note(tx, deed, id, "site-screen-renewed", json!({}))
}

pub fn fresh_id(now: Millis) -> SiteId {
    SiteId(fresh(now))
}
