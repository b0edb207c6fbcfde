//! Who takes part: units, accounts, reporters. Logins are the roles, so that nobody has to look them up twice.

use super::texts::Texts;
use domain::id::{CategoryId, PersonId, ReporterId, UnitId};
use domain::role::{Actor, Role};
use domain::time::Millis;
use serde_json::json;
use std::collections::HashMap;
use store::event::append_next;
use store::person::{self, NewPerson};
use store::reporter::{self, Reporter};
use store::words::MasterKey;
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

/// One of the ten units and its people.
pub struct Bench {
    pub unit: UnitId,
    pub name: &'static str,
    pub officer: Actor,
    pub clerk: Actor,
    pub head: Actor,
}

pub struct Cast {
    pub office: Actor,
    pub supervision: Actor,
    pub leader: Actor,
    pub benches: Vec<Bench>,
    pub reporters: Vec<ReporterId>,
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
/// Role, name, unit; those of the ten units are made with their bench.
const SINGLES: [(Role, &str, &str); 13] = [
    (Role::Office, "周敏", "走访办"),
    (Role::Supervision, "吴刚", "督查室"),
    (Role::Leader, "郑国平", "管委会领导"),
    (Role::Enterprise, "林泰和", "泰和电子"),
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

struct Maker<'a> {
    tx: &'a mut dyn Tx,
    master: &'a MasterKey,
    phc: &'a str,
    now: Millis,
    units: HashMap<String, UnitId>,
    accounts: Vec<Account>,
}

pub fn make(tx: &mut dyn Tx, master: &MasterKey, texts: &Texts, phc: &str, now: Millis) -> Result<Cast> {
    let mut maker = Maker { tx, master, phc, now, units: HashMap::new(), accounts: Vec::new() };
    let zone = maker.unit("开发区管委会", "Development Zone Committee", None)?;
    for (name, name_en) in OFFICES {
        maker.unit(name, name_en, Some(zone))?;
    }
    for who in &texts.people {
        maker.unit(who.unit, who.unit_en, Some(zone))?;
    }
    for (name, name_en) in OUTSIDE {
        maker.unit(name, name_en, None)?;
    }
    let reporters = maker.reporters(texts)?;
    let mut singles = HashMap::new();
    for (role, name, unit) in SINGLES {
        let reporter = reporters.first().copied().filter(|_| role == Role::Enterprise);
        singles.insert(role, maker.person(role.code(), name, role, unit, true, reporter)?);
    }
    let mut benches = Vec::new();
    for (at, who) in texts.people.iter().enumerate() {
        let mut of = |role: Role, name: &str, main: bool| {
            let login = if main { role.code().to_owned() } else { format!("{}-{}", role.code(), who.key) };
            maker.person(&login, name, role, who.unit, main, None)
        };
        // As in the worked examples: the officer is of the first unit, clerk and head of the second.
        let (officer, clerk, head) = (
            of(Role::Officer, who.officer, at == 0)?,
            of(Role::Clerk, who.clerk, at == 1)?,
            of(Role::Head, who.head, at == 1)?,
        );
        benches.push(Bench { unit: maker.unit_id(who.unit)?, name: who.unit, officer, clerk, head });
    }
    let categories = category::list(maker.tx)?.into_iter().map(|it| (it.name, it.id)).collect();
    let mut single = |role: Role| singles.remove(&role).unwrap_or(Actor::System);
    Ok(Cast {
        office: single(Role::Office),
        supervision: single(Role::Supervision),
        leader: single(Role::Leader),
        benches,
        reporters,
        categories,
        accounts: maker.accounts,
    })
}

impl Maker<'_> {
    fn unit(&mut self, name: &str, name_en: &str, parent: Option<UnitId>) -> Result<UnitId> {
        let id = unit::insert(self.tx, name, name_en, parent, self.now)?;
        append_next(self.tx, self.master, &id.to_string(), "unit-added", None, json!({ "name": name }), self.now)?;
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
        append_next(self.tx, self.master, &id.to_string(), "person-added", None, data, self.now)?;
        self.accounts.push(Account { login: login.into(), name: name.into(), role, unit: unit.into(), main });
        let person = person::find(self.tx, id)?.ok_or(store::Error::NotFound)?;
        person::actor(self.tx, &person, self.now)
    }

    fn reporters(&mut self, texts: &Texts) -> Result<Vec<ReporterId>> {
        let mut made = Vec::with_capacity(texts.reporters.len());
        for (number, (name, place)) in texts.reporters.iter().enumerate() {
            let id = ReporterId(store::ids::fresh(self.now));
            // 1380000…: numbers that nobody has.
            let phone = format!("1380000{:04}", 1_000 + number);
            let new =
                Reporter { id, name: (*name).to_owned(), phone, address: (*place).to_owned(), code: String::new() };
            reporter::insert(self.tx, &new, self.now)?;
            made.push(id);
        }
        Ok(made)
    }
}
