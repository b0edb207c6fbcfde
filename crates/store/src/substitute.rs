//! Substitutes 顶岗: who stands in for whom at a site, asked by the person or his firm, granted by the owner.

use crate::consent;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::{self, parse, write};
use crate::notice::{self, Letterbox};
use crate::row::Row;
use crate::site::Site;
use crate::terms::{Deed, Failure};
use crate::{staff, today, vals, verdict};
use domain::attendance::asked::{self, AskOrder, AskScene, AskState, Asked};
use domain::attendance::roll::Substitute;
use domain::fault::Fault;
use domain::id::{SiteId, SubstituteId};
use domain::refusal::Refusal;
use domain::role::Role;
use domain::time::Day;
use serde_json::json;

#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub id: SubstituteId,
    pub name: String,
    pub instead_of_name: String,
    pub site_no: i64,
    pub site_name: String,
    pub asked: Asked<Substitute>,
}

fn found(row: &Row) -> Result<Found> {
    Ok(Found {
        id: row.parse(0)?,
        asked: parse(row.text(1)?)?,
        name: row.string(2)?,
        instead_of_name: row.string(3)?,
        site_no: row.int(4)?,
        site_name: row.string(5)?,
    })
}

pub fn find(tx: &mut dyn Tx, id: SubstituteId) -> Result<Option<Found>> {
    tx.query_opt(
        "select b.id, b.body, p.name, o.name, s.no, s.name from substitute b join person p on p.id = b.person
           join person o on o.id = b.instead_of join site s on s.id = b.site where b.id = $1",
        &vals![id],
    )?
    .map(|row| found(&row))
    .transpose()
}

/// At a site, from a day on.
pub fn of_site(tx: &mut dyn Tx, site: SiteId, from: Day) -> Result<Vec<Found>> {
    tx.query(
        "select b.id, b.body, p.name, o.name, s.no, s.name from staff t join substitute b on b.instead_of = t.person and b.site = t.site
           join person p on p.id = b.person join person o on o.id = b.instead_of join site s on s.id = b.site
         where t.site = $1 and b.to_day >= $2 order by b.from_day desc, b.id limit 200",
        &vals![site, from],
    )?
    .iter()
    .map(found)
    .collect()
}

/// The same id a second time is the same one.
pub fn ask(
    tx: &mut dyn Tx,
    deed: &Deed,
    id: SubstituteId,
    site: &Site,
    what: Substitute,
    by_firm: bool,
) -> Result<(), Failure> {
    let Some(by) = deed.by else { return Err(Refusal::NotYourRole.into()) };
    if let Some(known) = find(tx, id)? {
        let same = known.asked.what.person == what.person && known.asked.what.from == what.from;
        return if same { Ok(()) } else { Err(Refusal::ClientIdReused.into()) };
    }
    let mut faults = Vec::new();
    if what.to < what.from {
        faults.push(Fault::new("to", "结束日期不能早于开始日期。", "It cannot end before it begins."));
    }
    if what.person == what.instead_of {
        faults.push(Fault::new("person", "顶岗人员不能是本人。", "The substitute must be another person."));
    }
    for (field, person) in [("person", what.person), ("instead_of", what.instead_of)] {
        if staff::find(tx, site.id, person)?.is_none() {
            let (zh, en) =
                ("此人不在本工地人员名单中；请先登记人员。", "Not on the staff of this site; enter the person first.");
            faults.push(Fault::new(field, zh, en));
        }
    }
    if !faults.is_empty() {
        return Err(faults.into());
    }
    let (person, instead_of, from, to) = (what.person, what.instead_of, what.from, what.to);
    let asked = asked::ask(what, &[site.owner], by, by_firm, deed.now)?;
    tx.exec(
        "insert into substitute (id, site, person, instead_of, from_day, to_day, state, revision, body) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &vals![id, site.id, person, instead_of, from, to, asked.state.code(), asked.revision, write(&asked)?],
    )?;
    let data = json!({ "person": person, "for": instead_of, "from": from, "to": to });
    event::note(tx, deed, site.id, "substitute-asked", data)?;
    consent::wait(tx, deed, site.owner, "substitute", &id.to_string())?;
    let about = format!("{from} {to}");
    notice::insert_site(tx, Letterbox::Firm(Role::Owner, site.owner), site.id, "substitute-asked", &about, deed.now)?;
    Ok(())
}

pub fn perform(
    tx: &mut dyn Tx,
    deed: &Deed,
    id: SubstituteId,
    order: &AskOrder,
    scene: &AskScene,
) -> Result<(), Failure> {
    let before = find(tx, id)?.ok_or(Refusal::Absent)?;
    let after = asked::decide(&before.asked, order, scene)?;
    let changed = tx.exec(
        "update substitute set state = $3, revision = $4, body = $5 where id = $1 and revision = $2",
        &vals![id, before.asked.revision, after.state.code(), after.revision, write(&after)?],
    )?;
    if changed == 0 {
        return Err(Failure::Store(Error::Conflict));
    }
    consent::settle(tx, &id.to_string(), &after)?;
    let it = &after.what;
    let data = json!({ "person": it.person, "for": it.instead_of });
    event::say(tx, deed, it.site, &after.last.event, data, &after.reason)?;
    let about = format!("{} {}", it.from, it.to);
    let kind = format!("substitute-{}", after.state.code());
    if after.state != AskState::Asked {
        for to in [it.person, it.instead_of] {
            notice::insert_site(tx, Letterbox::Person(to), it.site, &kind, &about, deed.now)?;
        }
    }
    if after.state == AskState::Granted {
        today::refresh(tx, deed, it.site)?;
        verdict::rejudge(tx, deed, it.instead_of, it.site, it.from.min(deed.now.day()), "substitute")?;
    }
    Ok(())
}
