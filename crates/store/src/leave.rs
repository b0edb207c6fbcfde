//! Leave 请假: asked by the person or his firm, granted by the owner of each site whose plan names him in those days.

use crate::consent;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::{self, parse, write};
use crate::notice::{self, Letterbox};
use crate::row::Row;
use crate::terms::{Deed, Failure};
use crate::words::{self, MasterKey};
use crate::{person, today, vals, verdict};
use domain::attendance::asked::{self, AskOrder, AskScene, AskState, Asked};
use domain::attendance::filing::Names;
use domain::attendance::roll::Leave;
use domain::fault::Fault;
use domain::id::{LeaveId, PersonId, SiteId, UnitId};
use domain::refusal::Refusal;
use domain::role::Role;
use domain::time::Day;
use serde_json::json;

#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub id: LeaveId,
    pub name: String,
    pub asked: Asked<Leave>,
    /// Why; none where its key was destroyed.
    pub words: Option<String>,
}

fn found(tx: &mut dyn Tx, master: &MasterKey, row: &Row) -> Result<Found> {
    let asked: Asked<Leave> = parse(row.text(1)?)?;
    let words = match row.text(2)? {
        "" => Some(String::new()),
        sealed => {
            let key = words::find_key(tx, master, &asked.what.person.to_string())?;
            key.map(|key| key.open(sealed)).transpose()?
        }
    };
    Ok(Found { id: row.parse(0)?, asked, words, name: row.string(3)? })
}

fn all(tx: &mut dyn Tx, master: &MasterKey, rows: &[Row]) -> Result<Vec<Found>> {
    rows.iter().map(|row| found(tx, master, row)).collect()
}

pub fn find(tx: &mut dyn Tx, master: &MasterKey, id: LeaveId) -> Result<Option<Found>> {
    let row = tx.query_opt(
        "select l.id, l.body, l.words, p.name from leave l join person p on p.id = l.person where l.id = $1",
        &vals![id],
    )?;
    row.map(|row| found(tx, master, &row)).transpose()
}

/// Somebody's own, the latest first.
pub fn of_person(tx: &mut dyn Tx, master: &MasterKey, person: PersonId, limit: i64) -> Result<Vec<Found>> {
    let rows = tx.query(
        "select l.id, l.body, l.words, p.name from leave l join person p on p.id = l.person where l.person = $1
         order by l.to_day desc, l.id limit $2",
        &vals![person, limit],
    )?;
    all(tx, master, &rows)
}

/// Of everybody on the staff of a site, from a day on.
pub fn of_site(tx: &mut dyn Tx, master: &MasterKey, site: SiteId, from: Day) -> Result<Vec<Found>> {
    let rows = tx.query(
        "select l.id, l.body, l.words, p.name from staff t join leave l on l.person = t.person join person p on p.id = l.person
         where t.site = $1 and l.to_day >= $2 order by l.from_day desc, l.id limit 200",
        &vals![site, from],
    )?;
    all(tx, master, &rows)
}

/// The owners whose yes it needs: of each site whose plan names him in those days.
fn owners(tx: &mut dyn Tx, leave: &Leave) -> Result<Vec<UnitId>> {
    tx.query(
        "select distinct s.owner from plan_person n join site s on s.id = n.site
         where n.person = $1 and n.to_day >= $2 and n.from_day <= $3 and s.ended_at is null order by s.owner limit 50",
        &vals![leave.person, leave.from, leave.to],
    )?
    .iter()
    .map(|row| row.parse(0))
    .collect()
}

/// The same id a second time is the same leave. `by_firm`: asked by somebody of his firm.
pub fn ask(tx: &mut dyn Tx, deed: &Deed, id: LeaveId, leave: Leave, why: &str, by_firm: bool) -> Result<(), Failure> {
    let Some(by) = deed.by else { return Err(Refusal::NotYourRole.into()) };
    if let Some(known) = find(tx, &deed.terms.master, id)? {
        let same = known.asked.what.person == leave.person && known.asked.what.from == leave.from;
        return if same { Ok(()) } else { Err(Refusal::ClientIdReused.into()) };
    }
    let name = person::find(tx, leave.person)?.map_or(String::new(), |it| it.name);
    let names = Names { persons: [(leave.person, name.clone())].into(), ..Names::default() };
    let mut faults = asked::faults(&leave, &names);
    if why.trim().is_empty() || why.chars().count() > 500 {
        faults.push(Fault::new("words", "请写明请假原因，不超过500字。", "Say why, in at most 500 characters."));
    }
    if !faults.is_empty() {
        return Err(faults.into());
    }
    let owners = owners(tx, &leave)?;
    let (person, from, to) = (leave.person, leave.from, leave.to);
    let asked = asked::ask(leave, &owners, by, by_firm, deed.now)?;
    let words = words::key_for_writing(tx, &deed.terms.master, &person.to_string())?.seal(why.trim())?;
    tx.exec(
        "insert into leave (id, person, from_day, to_day, state, revision, body, words) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &vals![id, person, from, to, asked.state.code(), asked.revision, write(&asked)?, words],
    )?;
    event::note(tx, deed, id, "leave-asked", json!({ "person": person, "from": from, "to": to }))?;
    for owner in owners {
        consent::wait(tx, deed, owner, "leave", &id.to_string())?;
        notice::insert(
            tx,
            Letterbox::Firm(Role::Owner, owner),
            None,
            "leave-asked",
            &format!("{from} {to} {name}"),
            deed.now,
        )?;
    }
    Ok(())
}

pub fn perform(tx: &mut dyn Tx, deed: &Deed, id: LeaveId, order: &AskOrder, scene: &AskScene) -> Result<(), Failure> {
    let before = find(tx, &deed.terms.master, id)?.ok_or(Refusal::Absent)?;
    let after = asked::decide(&before.asked, order, scene)?;
    let changed = tx.exec(
        "update leave set state = $3, revision = $4, body = $5 where id = $1 and revision = $2",
        &vals![id, before.asked.revision, after.state.code(), after.revision, write(&after)?],
    )?;
    if changed == 0 {
        return Err(Failure::Store(Error::Conflict));
    }
    consent::settle(tx, &id.to_string(), &after)?;
    event::say(tx, deed, id, &after.last.event, json!({ "person": after.what.person }), &after.reason)?;
    if after.state != AskState::Asked {
        let about = format!("{} {}", after.what.from, after.what.to);
        let kind = format!("leave-{}", after.state.code());
        notice::insert(tx, Letterbox::Person(after.what.person), None, &kind, &about, deed.now)?;
    }
    if after.state == AskState::Granted {
        today::refresh_person(tx, deed, after.what.person)?;
        verdict::rejudge_person(tx, deed, after.what.person, (after.what.from, after.what.to), "leave")?;
    }
    Ok(())
}
