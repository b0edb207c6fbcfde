//! Contacts 联系人 of subjects.

use crate::db::Tx;
use crate::error::Result;
use crate::event::note;
use crate::terms::{Deed, Failure};
use crate::vals;
use domain::fault::Fault;
use domain::id::{ContactId, SubjectId};
use domain::refusal::Refusal;
use domain::subject::too_long;
use domain::time::Millis;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub id: ContactId,
    pub subject: SubjectId,
    pub name: String,
    pub post: String,
    pub phone: String,
    pub email: String,
    pub note: String,
}

/// In the order in which they were entered, 100 at most.
pub fn list(tx: &mut dyn Tx, subject: SubjectId) -> Result<Vec<Contact>> {
    tx.query(
        "select id, subject, name, post, phone, email, note from contact where subject = $1 order by id limit 100",
        &vals![subject],
    )?
    .iter()
    .map(contact)
    .collect()
}

pub fn find(tx: &mut dyn Tx, id: ContactId) -> Result<Option<Contact>> {
    tx.query_opt("select id, subject, name, post, phone, email, note from contact where id = $1", &vals![id])?
        .map(|row| contact(&row))
        .transpose()
}

pub(crate) fn contact(row: &crate::Row) -> Result<Contact> {
    Ok(Contact {
        id: row.parse(0)?,
        subject: row.parse(1)?,
        name: row.string(2)?,
        post: row.string(3)?,
        phone: row.string(4)?,
        email: row.string(5)?,
        note: row.string(6)?,
    })
}

impl Contact {
    /// Trimmed; says all that is wrong at once.
    pub fn checked(mut self) -> std::result::Result<Contact, Vec<Fault>> {
        let mut faults = Vec::new();
        for text in [&mut self.name, &mut self.post, &mut self.phone, &mut self.email, &mut self.note] {
            *text = text.trim().to_owned();
        }
        if self.name.is_empty() {
            faults.push(Fault::new("name", "请填写联系人姓名。", "Give the contact's name."));
        }
        if self.phone.chars().any(|c| !c.is_ascii_digit() && !matches!(c, '+' | '-' | ' ' | '(' | ')' | '/' | ',')) {
            faults.push(Fault::new(
                "phone",
                "电话只能有数字和+ - ( )；多个电话用逗号隔开。",
                "A telephone number has digits and + - ( ) only; divide several by commas.",
            ));
        }
        if !self.email.is_empty() && !self.email.contains('@') {
            faults.push(Fault::new("email", "邮箱地址缺少@。", "The e-mail address lacks @."));
        }
        let texts = [&self.name, &self.post, &self.phone, &self.email, &self.note];
        for (text, (field, most)) in
            texts.into_iter().zip([("name", 60), ("post", 60), ("phone", 60), ("email", 120), ("note", 500)])
        {
            faults.extend(too_long(field, text, most));
        }
        if faults.is_empty() { Ok(self) } else { Err(faults) }
    }
}

/// Enters a contact, or changes the one with this id. Names and numbers stand in the row alone, not in the event.
pub fn save(tx: &mut dyn Tx, deed: &Deed, it: Contact) -> Result<(), Failure> {
    let it = it.checked().map_err(Refusal::Faults)?;
    put(tx, &it, deed.now)?;
    let data = json!({ "contact": it.id });
    note(tx, deed, it.subject, "contact-saved", data)?;
    Ok(())
}

/// Writes the row of a checked contact.
pub fn put(tx: &mut dyn Tx, it: &Contact, now: Millis) -> Result<()> {
    tx.exec(
        "insert into contact (id, subject, name, post, phone, email, note, made_at, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
         on conflict (id) do update set name = excluded.name, post = excluded.post, phone = excluded.phone, email = excluded.email,
           note = excluded.note, changed_at = excluded.changed_at",
        &vals![it.id, it.subject, &it.name, &it.post, &it.phone, &it.email, &it.note, now],
    )?;
    Ok(())
}

pub fn remove(tx: &mut dyn Tx, deed: &Deed, it: &Contact) -> Result<(), Failure> {
    tx.exec("delete from contact where id = $1", &vals![it.id])?;
    let data = json!({ "contact": it.id });
    note(tx, deed, it.subject, "contact-removed", data)?;
    Ok(())
}
