//! Contacts of subjects that stand in the register already.

use crate::batch::{Outcome, Scene};
use crate::book::digest;
use crate::row::{Cells, wanted};
use domain::credit_code;
use domain::fault::Fault;
use domain::id::{ContactId, SubjectId};
use sheet::{Columns, Row, Wanted};
use store::contact::{self, Contact};
use store::ids::fresh;
use store::import_change::Change;
use store::subject::{self, Subject};
use store::terms::Failure;
use store::{Result, Tx};
use uuid::Uuid;

pub(crate) const WANTED: [Wanted; 6] = [
    wanted(
        "subject",
        true,
        &[
            "企业名称",
            "走访对象",
            "subject",
            "统一社会信用代码",
            "信用代码",
            "企业",
            "单位名称",
            "公司名称",
            "company",
            "code",
        ],
    ),
    wanted("name", true, &["联系人", "姓名", "name", "联系人姓名", "contact"]),
    wanted("post", false, &["职务", "post", "岗位", "title"]),
    wanted("phone", false, &["联系电话", "电话", "phone", "手机", "联系方式", "tel"]),
    wanted("email", false, &["邮箱", "email", "电子邮箱", "电子邮件"]),
    wanted("note", false, &["备注", "note", "说明", "remark"]),
];

pub(crate) struct Good {
    subject: String,
    contact: Contact,
}

pub(crate) fn read(row: &Row, columns: &Columns) -> std::result::Result<Good, Vec<Fault>> {
    let mut cells = Cells::of(row, columns)?;
    let subject = cells.needed("subject", 200, "走访对象", "subject");
    let contact = Contact {
        id: ContactId(Uuid::nil()),
        subject: SubjectId(Uuid::nil()),
        name: cells.needed("name", 60, "联系人姓名", "contact's name"),
        post: cells.text("post", 60),
        phone: cells.text("phone", 60),
        email: cells.text("email", 120),
        note: cells.text("note", 500),
    };
    let named = !contact.name.is_empty();
    let checked = contact.clone().checked();
    match checked {
        Ok(contact) => cells.ended(Good { subject, contact }),
        Err(faults) => {
            cells.faults.extend(faults.into_iter().filter(|it| named || it.field != "name"));
            cells.ended(Good { subject, contact })
        }
    }
}

/// The subject that a cell names by its code or its whole name.
pub(crate) fn subject_of(tx: &mut dyn Tx, text: &str) -> Result<std::result::Result<Subject, Fault>> {
    let code = credit_code::check(text).unwrap_or_else(|_| text.to_owned());
    let found = subject::find_by_code_or_name(tx, &code)?;
    Ok(found.ok_or_else(|| {
        Fault::new(
            "subject",
            format!("走访对象里没有唯一的一家“{text}”；请核对名称，同名的请改填信用代码，没有的请先导入企业名录。"),
            format!("There is not exactly one subject \"{text}\"; check the name, give the credit code where several bear it, or import the register first."),
        )
    }))
}

pub(crate) fn save(
    tx: &mut dyn Tx,
    scene: &Scene,
    good: &Good,
    changes: &mut Vec<Change>,
) -> std::result::Result<Outcome, Failure> {
    let subject = match subject_of(tx, &good.subject)? {
        Ok(subject) => subject.id,
        Err(fault) => return Ok(Outcome::Rejected(vec![fault])),
    };
    let new = &good.contact;
    let known = contact::list(tx, subject)?.into_iter().find(|it| it.name == new.name);
    let Some(before) = known else {
        let new = Contact { id: ContactId(fresh(scene.now)), subject, ..new.clone() };
        contact::put(tx, &new, scene.now)?;
        changes.push(Change::made("contact", new.id, digest(&new)));
        return Ok(Outcome::Imported);
    };
    let mut after = before.clone();
    let texts = [
        (&new.post, &mut after.post),
        (&new.phone, &mut after.phone),
        (&new.email, &mut after.email),
        (&new.note, &mut after.note),
    ];
    for (new, old) in texts {
        if !new.is_empty() {
            old.clone_from(new);
        }
    }
    if after == before {
        return Ok(Outcome::Unchanged);
    }
    contact::put(tx, &after, scene.now)?;
    let was = serde_json::to_string(&before).unwrap_or_default();
    changes.push(Change::changed("contact", after.id, was, digest(&after)));
    Ok(Outcome::Updated)
}
