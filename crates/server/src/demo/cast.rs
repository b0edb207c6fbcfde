//! Who takes part: units, accounts, residents. Logins are the roles, so that nobody has to look them up twice.

use super::days::Days;
use super::ground::{self, Ground};
use super::hosts::{self, Host};
use super::texts::Texts;
use domain::id::{CategoryId, PersonId, ReporterId, UnitId};
use domain::role::{Actor, Role};
use domain::time::Millis;
use serde_json::json;
use std::collections::HashMap;
use store::event::append_next;
use store::person::{self, NewPerson};
use store::reporter::{self, Reporter};
use store::terms::{Deed, Failure, Terms};
use store::{Result, Tx, category, unit};

#[derive(Clone)]
pub struct Account {
    pub login: String,
    pub name: String,
    pub role: Role,
    pub unit: String,
    /// One of each role is told; the others are there all the same.
    pub main: bool,
}

/// A unit that visits; the first ten are those of the benches, the others stand outside the teams.
pub struct Visitor {
    pub unit: UnitId,
    pub name: &'static str,
    pub officer: Actor,
    pub person: PersonId,
}

/// Who handles problems at one of the ten units.
pub struct Bench {
    pub unit: UnitId,
    pub name: &'static str,
    pub clerk: Actor,
    pub head: Actor,
}

/// Who reports by himself.
pub struct Resident {
    pub reporter: ReporterId,
    pub name: &'static str,
    pub place: &'static str,
}

pub struct Cast {
    pub office: Actor,
    pub supervision: Actor,
    pub leader: Actor,
    pub visitors: Vec<Visitor>,
    pub benches: Vec<Bench>,
    pub residents: Vec<Resident>,
    pub hosts: Vec<Host>,
    pub ground: Ground,
    pub categories: HashMap<String, CategoryId>,
    pub accounts: Vec<Account>,
}

const OFFICES: [(&str, &str); 4] = [
    ("走访办", "Visiting Office"),
    ("督查室", "Supervision Office"),
    ("管委会领导", "Leaders of the Committee"),
    ("系统管理", "System Administration"),
];
/// Outside the committee.
const OUTSIDE: [(&str, &str); 5] = [
    ("泰和电子", "Taihe Electronics"),
    ("宏岳建设（施工）", "Hongyue Construction (contractor)"),
    ("诚正监理", "Chengzheng Consultants"),
    ("沙东置业", "Shadong Property (owner)"),
    ("检察院", "Procuratorate"),
];
/// Role, name, unit; those of the ten units are made with their bench, the enterprise's when the enterprise is there.
const SINGLES: [(Role, &str, &str); 12] = [
    (Role::Office, "周敏", "走访办"),
    (Role::Supervision, "吴刚", "督查室"),
    (Role::Leader, "郑国平", "管委会领导"),
    (Role::Contractor, "高鹏", "宏岳建设（施工）"),
    (Role::Consultant, "夏雨", "诚正监理"),
    (Role::Owner, "秦岚", "沙东置业"),
    (Role::SiteStaff, "于海", "宏岳建设（施工）"),
    (Role::Bureau, "白露", "建设局"),
    (Role::Prosecutor, "程远", "检察院"),
    (Role::Sysadmin, "木易", "系统管理"),
    (Role::Secadmin, "安然", "系统管理"),
    (Role::Auditor, "申明", "系统管理"),
];
/// The first of the 160 has an account. It is told after the leader's.
const ENTERPRISE: (&str, &str, usize) = ("林泰和", "泰和电子", 3);

struct Maker<'a> {
    tx: &'a mut dyn Tx,
    terms: &'a Terms,
    phc: &'a str,
    now: Millis,
    units: HashMap<String, UnitId>,
    accounts: Vec<Account>,
}

pub fn make(tx: &mut dyn Tx, terms: &Terms, texts: &Texts, phc: &str, days: &Days) -> Result<Cast, Failure> {
    let mut maker = Maker { tx, terms, phc, now: days.first(), units: HashMap::new(), accounts: Vec::new() };
    maker.all_units(texts)?;
    let mut singles = HashMap::new();
    for (role, name, unit) in SINGLES {
        singles.insert(role, maker.person(role.code(), name, role, unit, true, None)?);
    }
    let mut single = |role: Role| singles.remove(&role).unwrap_or(Actor::System);
    let (office, supervision, leader) = (single(Role::Office), single(Role::Supervision), single(Role::Leader));
    let (visitors, benches) = maker.benches(texts)?;
    let deed = Deed { terms, by: office.person(), now: days.first() };
    let ground = ground::lay(maker.tx, &deed, texts, days, &visitors)?;
    let hosts = hosts::enter(maker.tx, &deed, texts, &visitors, &ground)?;
    maker.enterprise(hosts.first().map(|it| it.reporter))?;
    let residents = maker.residents(texts)?;
    let categories = category::list(maker.tx)?.into_iter().map(|it| (it.name, it.id)).collect();
    let accounts = maker.accounts;
    Ok(Cast { office, supervision, leader, visitors, benches, residents, hosts, ground, categories, accounts })
}

impl Maker<'_> {
    fn all_units(&mut self, texts: &Texts) -> Result<()> {
        let zone = self.unit("开发区管委会", "Development Zone Committee", None)?;
        for (name, name_en) in OFFICES {
            self.unit(name, name_en, Some(zone))?;
        }
        for who in &texts.people {
            self.unit(who.unit, who.unit_en, Some(zone))?;
        }
        for [name, name_en, ..] in &texts.outside {
            self.unit(name, name_en, Some(zone))?;
        }
        for (name, name_en) in OUTSIDE {
            self.unit(name, name_en, None)?;
        }
        Ok(())
    }

    fn benches(&mut self, texts: &Texts) -> Result<(Vec<Visitor>, Vec<Bench>)> {
        let (mut visitors, mut benches) = (Vec::new(), Vec::new());
        for (at, who) in texts.people.iter().enumerate() {
            let unit = self.unit_id(who.unit)?;
            // As in the worked examples: the officer is of the first unit, clerk and head of the second.
            let officer = self.of(Role::Officer, who.officer, who.unit, who.key, at == 0)?;
            let clerk = self.of(Role::Clerk, who.clerk, who.unit, who.key, at == 1)?;
            let head = self.of(Role::Head, who.head, who.unit, who.key, at == 1)?;
            let person = officer.person().ok_or(store::Error::NotFound)?;
            visitors.push(Visitor { unit, name: who.unit, officer, person });
            benches.push(Bench { unit, name: who.unit, clerk, head });
        }
        for [name, _, key, officer] in &texts.outside {
            let officer = self.of(Role::Officer, officer, name, key, false)?;
            let person = officer.person().ok_or(store::Error::NotFound)?;
            visitors.push(Visitor { unit: self.unit_id(name)?, name, officer, person });
        }
        Ok((visitors, benches))
    }

    fn of(&mut self, role: Role, name: &str, unit: &str, key: &str, main: bool) -> Result<Actor> {
        let login = if main { role.code().to_owned() } else { format!("{}-{key}", role.code()) };
        self.person(&login, name, role, unit, main, None)
    }

    fn enterprise(&mut self, reporter: Option<ReporterId>) -> Result<()> {
        let (name, unit, place) = ENTERPRISE;
        self.person(Role::Enterprise.code(), name, Role::Enterprise, unit, true, reporter)?;
        let last = self.accounts.pop();
        let place = place.min(self.accounts.len());
        self.accounts.splice(place..place, last);
        Ok(())
    }

    fn unit(&mut self, name: &str, name_en: &str, parent: Option<UnitId>) -> Result<UnitId> {
        let id = unit::insert(self.tx, name, name_en, parent, self.now)?;
        self.note(&id.to_string(), "unit-added", json!({ "name": name }))?;
        self.units.insert(name.to_owned(), id);
        Ok(id)
    }

    fn unit_id(&self, name: &str) -> Result<UnitId> {
        self.units.get(name).copied().ok_or(store::Error::NotFound)
    }

    fn person(
        &mut self,
        login: &str,
        name: &str,
        role: Role,
        unit: &str,
        main: bool,
        reporter: Option<ReporterId>,
    ) -> Result<Actor> {
        let unit_id = self.unit_id(unit)?;
        let new = NewPerson { login, name, unit: unit_id, roles: &[role], reporter, password: self.phc };
        let id: PersonId = person::insert(self.tx, &new, self.now)?;
        let data = json!({ "unit": unit_id.to_string(), "roles": [role.code()] });
        self.note(&id.to_string(), "person-added", data)?;
        self.accounts.push(Account { login: login.into(), name: name.into(), role, unit: unit.into(), main });
        let person = person::find(self.tx, id)?.ok_or(store::Error::NotFound)?;
        person::actor(self.tx, &person, self.now)
    }

    fn note(&mut self, thing: &str, kind: &str, data: serde_json::Value) -> Result<()> {
        append_next(self.tx, &self.terms.master, thing, kind, None, data, self.now)
    }

    fn residents(&mut self, texts: &Texts) -> Result<Vec<Resident>> {
        let mut made = Vec::with_capacity(texts.residents.len());
        for (number, [name, place]) in texts.residents.iter().enumerate() {
            let id = ReporterId(store::ids::fresh(self.now));
            // 1380000…: numbers that nobody has.
            let phone = format!("1380000{:04}", 5_001 + number);
            let (called, address) = ((*name).to_owned(), (*place).to_owned());
            let new = Reporter { id, name: called, phone, address, code: String::new() };
            reporter::insert(self.tx, &new, self.now)?;
            made.push(Resident { reporter: id, name, place });
        }
        Ok(made)
    }
}
