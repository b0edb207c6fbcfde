//! Views 视图: filters of the ledger that a person has named. They are his alone and give no powers, so no chain notes them.

use crate::db::Tx;
use crate::error::Result;
use crate::ids::fresh;
use crate::vals;
use domain::fault::Fault;
use domain::id::PersonId;
use domain::refusal::Refusal;
use domain::time::Millis;
use domain::view::{MOST, Named};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub id: String,
    pub name: String,
    /// As it stands in the address of the ledger.
    pub query: String,
}

/// A person's views, the oldest first.
pub fn list(tx: &mut dyn Tx, person: PersonId) -> Result<Vec<View>> {
    tx.query("select id, name, query from view where person = $1 order by id limit $2", &vals![person, MOST as i64])?
        .iter()
        .map(|row| Ok(View { id: row.string(0)?, name: row.string(1)?, query: row.string(2)? }))
        .collect()
}

/// Keeps a view under its name; one of that name is replaced, so that a form sent twice has done its work the first time.
pub fn save(tx: &mut dyn Tx, person: PersonId, named: &Named, now: Millis) -> Result<(), crate::terms::Failure> {
    let known = list(tx, person)?;
    if known.len() >= MOST && !known.iter().any(|it| it.name == named.name) {
        let most = MOST.to_string();
        let fault = Fault::new(
            "name",
            format!("最多存{most}个视图；请先删去不用的。"),
            format!("At most {most} views; delete one that you do not use."),
        );
        return Err(Refusal::Faults(vec![fault]).into());
    }
    tx.exec(
        "insert into view (id, person, name, query, made_at) values ($1, $2, $3, $4, $5)
         on conflict (person, name) do update set query = excluded.query",
        &vals![fresh(now).to_string(), person, &named.name, &named.query, now],
    )?;
    Ok(())
}

/// Says whether there was such a view of this person.
pub fn rename(tx: &mut dyn Tx, person: PersonId, id: &str, name: &str) -> Result<bool> {
    Ok(tx.exec("update view set name = $3 where id = $1 and person = $2", &vals![id, person, name])? > 0)
}

pub fn remove(tx: &mut dyn Tx, person: PersonId, id: &str) -> Result<bool> {
    Ok(tx.exec("delete from view where id = $1 and person = $2", &vals![id, person])? > 0)
}
