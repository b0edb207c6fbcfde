use domain::id::{PersonId, UnitId};
use domain::role::{Actor, Role};
use domain::time::Millis;
use server::house::House;
use std::sync::Arc;
use store::person::{self, NewPerson};
use store::unit;

/// The ten units of 13 April 2018.
const UNITS: [&str; 10] = [
    "财政局",
    "经济发展局",
    "人才科技局",
    "建设局",
    "国税局",
    "地税分局",
    "商务局",
    "市场监管分局",
    "下沙街道",
    "白杨街道",
];

pub struct Desk {
    pub unit: UnitId,
    pub officer: Arc<Actor>,
    pub clerk: Arc<Actor>,
    pub head: Arc<Actor>,
}

/// Who takes part: officer, clerk and head of each unit; office, supervision, a leader.
pub struct Cast {
    pub desks: Vec<Desk>,
    pub office: Arc<Actor>,
    pub supervision: Arc<Actor>,
    pub leader: PersonId,
}

impl Cast {
    pub fn make(house: &House, now: Millis) -> Cast {
        let made = house.db.write_blocking(move |tx| {
            let add = |tx: &mut dyn store::Tx, login: &str, role: Role, unit| {
                let new = NewPerson { login, name: login, unit, roles: &[role], reporter: None, password: "" };
                let id = person::insert(tx, &new, now)?;
                let person = person::find(tx, id)?.unwrap();
                Ok::<_, store::Error>((id, Arc::new(person::actor(tx, &person, now)?)))
            };
            let zone = unit::insert(tx, "管委会", "Committee", None, now)?;
            let mut desks = Vec::new();
            for (i, name) in UNITS.iter().enumerate() {
                let unit = unit::insert(tx, name, "", Some(zone), now)?;
                let officer = add(tx, &format!("officer{i}"), Role::Officer, unit)?.1;
                let clerk = add(tx, &format!("clerk{i}"), Role::Clerk, unit)?.1;
                let head = add(tx, &format!("head{i}"), Role::Head, unit)?.1;
                desks.push(Desk { unit, officer, clerk, head });
            }
            let bureau = unit::insert(tx, "走访办", "Office", Some(zone), now)?;
            let supervisors = unit::insert(tx, "督查室", "Supervision", Some(zone), now)?;
            let office = add(tx, "office", Role::Office, bureau)?.1;
            let supervision = add(tx, "supervision", Role::Supervision, supervisors)?.1;
            let leader = add(tx, "leader", Role::Leader, zone)?.0;
            Ok::<_, store::Error>(Cast { desks, office, supervision, leader })
        });
        made.unwrap()
    }
}
