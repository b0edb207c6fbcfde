//! Who is visited: the 160 enterprises with invented credit codes, and building sites, communities, universities and
//! households; each with a contact, and assigned to an officer.

use super::cast::Visitor;
use super::ground::{Ground, TEAMS, after};
use super::texts::{Enterprise, Texts};
use domain::campaign::split_evenly;
use domain::credit_code;
use domain::id::{ContactId, ReporterId, SubjectId};
use domain::subject::{Card, Kind};
use store::contact::{self, Contact};
use store::terms::{Deed, Failure};
use store::{Tx, ids, subject, team};

/// A subject as the story needs it. The 160 enterprises come first.
pub struct Host {
    pub id: SubjectId,
    pub kind: Kind,
    /// As people call it.
    pub short: String,
    pub place: String,
    pub industry: &'static str,
    pub tags: &'static str,
    /// Whom the visitors meet.
    pub contact: String,
    /// As whom it reports.
    pub reporter: ReporterId,
    /// The visitor it is assigned to.
    pub unit: usize,
}

impl Host {
    pub fn is_enterprise(&self) -> bool {
        self.kind == Kind::Enterprise
    }

    pub fn has(&self, tag: &str) -> bool {
        self.tags.split('、').any(|it| it == tag)
    }

    pub fn exports(&self) -> bool {
        self.has("对美出口")
    }

    /// Everybody but programmers and carriers.
    pub fn makes(&self) -> bool {
        !matches!(self.industry, "软件和信息服务" | "物流")
    }
}

struct New {
    card: Card,
    short: String,
    place: String,
    industry: &'static str,
    tags: &'static str,
    contact: String,
    post: String,
    unit: usize,
}

pub fn enter(
    tx: &mut dyn Tx,
    deed: &Deed,
    texts: &Texts,
    visitors: &[Visitor],
    ground: &Ground,
) -> Result<Vec<Host>, Failure> {
    let areas: Vec<&str> = texts.enterprises.iter().map(|it| it.quarter).collect();
    let split = split_evenly(&areas, TEAMS);
    let mut new: Vec<New> = texts.enterprises.iter().zip(&split).enumerate().map(enterprise).collect();
    new.extend(texts.sites.iter().map(site));
    new.extend(texts.others.iter().enumerate().map(other));
    let mut hosts = Vec::with_capacity(new.len());
    for (at, mut new) in new.into_iter().enumerate() {
        new.card.officer = visitors.get(new.unit).map(|it| it.person);
        hosts.push(enter_one(tx, &after(deed, at), new, at)?);
    }
    let given: Vec<_> = hosts.iter().zip(&split).map(|(host, team)| (host.id, ground.teams[*team])).collect();
    team::assign(tx, deed, ground.round, &given)?;
    Ok(hosts)
}

fn enter_one(tx: &mut dyn Tx, deed: &Deed, new: New, at: usize) -> Result<Host, Failure> {
    let kind = new.card.kind;
    let id = subject::insert(tx, deed, SubjectId(ids::fresh(deed.now)), new.card)?.id;
    let it = Contact {
        id: ContactId(ids::fresh(deed.now)),
        subject: id,
        name: new.contact.clone(),
        post: new.post.clone(),
        // 1380000…: numbers that nobody has.
        phone: format!("1380000{:04}", 1_001 + at),
        email: String::new(),
        note: String::new(),
    };
    contact::save(tx, deed, it)?;
    let New { short, place, industry, tags, contact, post, unit, .. } = new;
    let reporter = subject::reporter(tx, id, deed.now)?;
    Ok(Host { id, kind, short, place, industry, tags, contact: format!("{post}{contact}"), reporter, unit })
}

fn enterprise((at, (it, team)): (usize, (&Enterprise, &usize))) -> New {
    let mut card = Card::named(Kind::Enterprise, it.name);
    card.code = code(at);
    card.address = format!("{}{}", it.street, it.address);
    card.area = it.quarter.into();
    card.industry = it.industry.into();
    card.tags = domain::subject::tags(it.tags);
    card.founded = it.founded.into();
    card.capital = format!("{}万元", it.capital);
    card.business = it.goods.into();
    card.remark = format!("职工{}人。", it.staff);
    New {
        card,
        short: it.short.into(),
        place: street(it.address),
        industry: it.industry,
        tags: it.tags,
        contact: it.contact.into(),
        post: it.post.into(),
        unit: *team,
    }
}

/// No place has the number 339900, so no company has such a code.
fn code(at: usize) -> String {
    let number = (at + 1) * 48_611 % 9_999_991;
    credit_code::complete(&format!("91339900DM{number:07}")).unwrap_or_default()
}

/// The construction bureau looks after sites.
fn site([name, address, owner, contractor]: &[&'static str; 4]) -> New {
    let mut card = Card::named(Kind::Site, name);
    card.address = (*address).into();
    card.remark = format!("建设单位：{owner}；施工单位：{contractor}。");
    plain(card, name, "项目部", "值班经理", 3)
}

/// Communities and households lie in one of the two sub-districts; universities are the talent bureau's.
fn other((at, [kind, name, address]): (usize, &[&'static str; 3])) -> New {
    let kind = Kind::parse(kind).unwrap_or(Kind::Community);
    let short = name.split('（').next().unwrap_or(name);
    let mut card = Card::named(kind, short);
    card.address = (*address).into();
    card.remark = name.trim_start_matches(short).trim_matches(['（', '）']).into();
    match kind {
        Kind::University => plain(card, short, "校办", "", 2),
        Kind::Household => plain(card, short, short.trim_end_matches('家'), "", 8 + at % 2),
        _ => plain(card, short, "居委会", "", 8 + at % 2),
    }
}

fn plain(card: Card, short: &str, contact: &str, post: &str, unit: usize) -> New {
    let place = street(&card.address);
    let (short, contact, post) = (short.into(), contact.into(), post.into());
    New { card, short, place, industry: "", tags: "", contact, post, unit }
}

/// An address up to its house number.
fn street(address: &str) -> String {
    address.chars().take_while(|c| !c.is_ascii_alphanumeric()).collect()
}
