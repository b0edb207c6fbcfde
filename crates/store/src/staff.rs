//! Staff 现场管理人员 of a site: posts, identity numbers under seal, certificates.

use crate::db::Tx;
use crate::error::Result;
use crate::ids::fresh;
use crate::row::Row;
use crate::site::Site;
use crate::terms::{Deed, Failure};
use crate::words;
use crate::{event, look, person, vals};
use domain::attendance::plan::Post;
use domain::attendance::roll;
use domain::fault::Fault;
use domain::id::{CertificateId, PersonId, SiteId, UnitId};
use domain::id_card;
use domain::role::Role;
use domain::time::Day;
use serde_json::json;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    pub person: PersonId,
    pub name: String,
    pub phone: String,
    pub firm: UnitId,
    pub posts: Vec<Post>,
    /// May attest that another was there.
    pub attests: bool,
    /// The identity number as it may be shown; empty where none is entered.
    pub identity: String,
}

fn staff(row: &Row) -> Result<Staff> {
    Ok(Staff {
        person: row.parse(0)?,
        name: row.string(1)?,
        phone: row.string(2)?,
        firm: row.parse(3)?,
        posts: posts(row.text(4)?),
        attests: row.flag(5)?,
        identity: row.string(6)?,
    })
}

fn posts(text: &str) -> Vec<Post> {
    text.split_whitespace().map(|it| Post(it.to_owned())).collect()
}

/// At most 500 at a site, in the order in which they came.
pub fn list(tx: &mut dyn Tx, site: SiteId) -> Result<Vec<Staff>> {
    tx.query(
        "select t.person, p.name, p.phone, t.firm, t.posts, t.attests, coalesce(i.shown, '') from staff t join person p on p.id = t.person
           left join identity i on i.person = t.person where t.site = $1 order by t.made_at, t.person limit 500",
        &vals![site],
    )?
    .iter()
    .map(staff)
    .collect()
}

pub fn find(tx: &mut dyn Tx, site: SiteId, person: PersonId) -> Result<Option<Staff>> {
    tx.query_opt(
        "select t.person, p.name, p.phone, t.firm, t.posts, t.attests, coalesce(i.shown, '') from staff t join person p on p.id = t.person
           left join identity i on i.person = t.person where t.site = $1 and t.person = $2",
        &vals![site, person],
    )?
    .map(|row| staff(&row))
    .transpose()
}

/// The sites at which somebody works, with their numbers and names.
pub fn sites_of(tx: &mut dyn Tx, person: PersonId) -> Result<Vec<(SiteId, i64, String)>> {
    tx.query(
        "select s.id, s.no, s.name from staff t join site s on s.id = t.site where t.person = $1 and s.ended_at is null order by s.no limit 100",
        &vals![person],
    )?
    .iter()
    .map(|row| Ok((row.parse(0)?, row.int(1)?, row.string(2)?)))
    .collect()
}

/// What is entered of somebody at a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub firm: UnitId,
    pub posts: Vec<Post>,
    pub attests: bool,
}

/// Puts somebody on the site's staff, or changes his posts there.
pub fn set(tx: &mut dyn Tx, deed: &Deed, site: SiteId, person: PersonId, entry: &Entry) -> Result<(), Failure> {
    let names: Vec<&str> = entry.posts.iter().map(|it| it.0.as_str()).collect();
    if names.is_empty() || names.iter().any(|it| it.trim().is_empty() || it.contains(char::is_whitespace)) {
        let (zh, en) = ("请填写岗位，几个岗位之间用空格隔开。", "Enter the posts, divided by blanks.");
        return Err(vec![Fault::new("posts", zh, en)].into());
    }
    tx.exec(
        "insert into staff (site, person, firm, posts, attests, made_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (site, person) do update set firm = excluded.firm, posts = excluded.posts, attests = excluded.attests",
        &vals![site, person, entry.firm, names.join(" "), entry.attests, deed.now],
    )?;
    let data = json!({ "person": person, "posts": names, "attests": entry.attests });
    event::note(tx, deed, site, "staff-set", data)?;
    Ok(())
}

/// Somebody new to the house: an account of its own, which opens with a one-time link.
pub fn hire(tx: &mut dyn Tx, deed: &Deed, name: &str, phone: &str, firm: UnitId) -> Result<PersonId, Failure> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 50 {
        return Err(
            vec![Fault::new("name", "请填写姓名，不超过50字。", "Enter the name, at most 50 characters.")].into()
        );
    }
    let no = crate::counter::next(tx, "staff")?;
    let login = format!("gd{no:05}");
    let new =
        person::NewPerson { login: &login, name, unit: firm, roles: &[Role::SiteStaff], reporter: None, password: "" };
    let id = person::insert(tx, &new, deed.now)?;
    tx.exec("update person set phone = $2 where id = $1", &vals![id, phone.trim()])?;
    event::note(tx, deed, id, "person-added", json!({ "login": login, "roles": ["site-staff"] }))?;
    Ok(id)
}

/// Enters or changes his identity number. One number belongs to one person.
pub fn identify(tx: &mut dyn Tx, deed: &Deed, person: PersonId, number: &str) -> Result<(), Failure> {
    let number = id_card::check(number).map_err(|wrong| vec![Fault::new("identity", wrong.zh(), wrong.en())])?;
    let digest = deed.terms.master.lookup(&number);
    if find_by_digest(tx, &digest)?.is_some_and(|it| it != person) {
        let (zh, en) =
            ("这个身份证号已登记在另一人名下；请核对。", "This number is entered for somebody else; check it.");
        return Err(vec![Fault::new("identity", zh, en)].into());
    }
    let sealed = words::key_for_writing(tx, &deed.terms.master, &person.to_string())?.seal(&number)?;
    tx.exec(
        "insert into identity (person, sealed, digest, shown, made_at) values ($1, $2, $3, $4, $5)
         on conflict (person) do update set sealed = excluded.sealed, digest = excluded.digest, shown = excluded.shown",
        &vals![person, sealed, &digest, id_card::mask(&number), deed.now],
    )?;
    event::note(tx, deed, person, "identity-entered", json!({ "digest": digest }))?;
    Ok(())
}

/// The number in full; the look is logged, and nobody sees it without.
pub fn reveal(tx: &mut dyn Tx, deed: &Deed, person: PersonId) -> Result<Option<String>> {
    let row = tx.query_opt("select sealed from identity where person = $1", &vals![person])?;
    let Some(row) = row else { return Ok(None) };
    let key = words::find_key(tx, &deed.terms.master, &person.to_string())?;
    let Some(key) = key else { return Ok(None) };
    look::insert(tx, deed.by, &person.to_string(), "identity", deed.now)?;
    Ok(Some(key.open(row.text(0)?)?))
}

/// Whose card it is; the number may be written as people write it.
pub fn find_by_card(tx: &mut dyn Tx, deed: &Deed, number: &str) -> Result<Option<PersonId>> {
    match id_card::check(number) {
        Ok(number) => find_by_digest(tx, &deed.terms.master.lookup(&number)),
        Err(_) => Ok(None),
    }
}

fn find_by_digest(tx: &mut dyn Tx, digest: &str) -> Result<Option<PersonId>> {
    tx.query_opt("select person from identity where digest = $1", &vals![digest])?.map(|row| row.parse(0)).transpose()
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub id: CertificateId,
    pub number: String,
    pub what: roll::Certificate,
}

fn certificate(row: &Row) -> Result<Certificate> {
    let what =
        roll::Certificate { person: row.parse(1)?, post: Post(row.string(2)?), from: row.parse(4)?, to: row.parse(5)? };
    Ok(Certificate { id: row.parse(0)?, number: row.string(3)?, what })
}

pub fn certificates(tx: &mut dyn Tx, person: PersonId) -> Result<Vec<Certificate>> {
    tx.query(
        "select id, person, post, number, from_day, to_day from certificate where person = $1 order by to_day desc, id limit 50",
        &vals![person],
    )?
    .iter()
    .map(certificate)
    .collect()
}

/// The same id a second time changes it.
pub fn certify(tx: &mut dyn Tx, deed: &Deed, it: &Certificate) -> Result<(), Failure> {
    let mut faults = Vec::new();
    if it.what.post.0.trim().is_empty() {
        faults.push(Fault::new("post", "请填写证书对应的岗位。", "Say for which post the certificate is."));
    }
    if it.number.trim().is_empty() || it.number.chars().count() > 60 {
        faults.push(Fault::new("number", "请填写证书编号，不超过60字。", "Enter the number, at most 60 characters."));
    }
    if it.what.to < it.what.from {
        faults.push(Fault::new("to", "有效期止不能早于有效期起。", "It cannot end before it begins."));
    }
    if !faults.is_empty() {
        return Err(faults.into());
    }
    tx.exec(
        "insert into certificate (id, person, post, number, from_day, to_day, made_at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (id) do update set post = excluded.post, number = excluded.number, from_day = excluded.from_day, to_day = excluded.to_day
         where certificate.person = excluded.person",
        &vals![it.id, it.what.person, it.what.post.0.trim(), it.number.trim(), it.what.from, it.what.to, deed.now],
    )?;
    let data = json!({ "certificate": it.id, "post": it.what.post, "from": it.what.from, "to": it.what.to });
    event::note(tx, deed, it.what.person, "certified", data)?;
    Ok(())
}

pub fn fresh_certificate(
    person: PersonId,
    post: &str,
    number: &str,
    (from, to): (Day, Day),
    at: domain::time::Millis,
) -> Certificate {
    let what = roll::Certificate { person, post: Post(post.trim().to_owned()), from, to };
    Certificate { id: CertificateId(fresh(at)), number: number.to_owned(), what }
}

/// The firms whose people a site has.
pub fn firms(site: &Site) -> Vec<UnitId> {
    [Some(site.contractor), site.consultant, Some(site.owner)].into_iter().flatten().collect()
}
