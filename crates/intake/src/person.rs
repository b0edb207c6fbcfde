//! Persons with their roles. Nobody gets a password here: a one-time link is made for each later.

use crate::batch::{Outcome, Scene};
use crate::row::{Cells, wanted, words};
use domain::fault::Fault;
use domain::id::UnitId;
use domain::letters;
use domain::role::Role;
use serde_json::json;
use sheet::{Columns, Row, Wanted};
use store::event::append_next;
use store::import_change::Change;
use store::person::{self, NewPerson, Person};
use store::terms::Failure;
use store::words::sha256;
use store::{Result, Tx, person_trace, unit};

pub(crate) const WANTED: [Wanted; 5] = [
    wanted("name", true, &["姓名", "name", "人员", "名字"]),
    wanted("unit", true, &["单位", "unit", "所在单位", "工作单位", "部门"]),
    wanted("roles", true, &["岗位", "roles", "角色", "role", "职责"]),
    wanted("login", false, &["登录名", "login", "账号", "用户名", "工号"]),
    wanted("phone", false, &["电话", "phone", "手机", "联系电话", "tel"]),
];

pub(crate) struct Good {
    name: String,
    unit: String,
    roles: Vec<Role>,
    login: String,
    phone: String,
}

pub(crate) fn read(row: &Row, columns: &Columns) -> std::result::Result<Good, Vec<Fault>> {
    let mut cells = Cells::of(row, columns)?;
    let name = cells.needed("name", 60, "姓名", "name");
    let unit = cells.needed("unit", 100, "单位", "unit");
    let (text, mut roles) = (cells.needed("roles", 200, "岗位", "role"), Vec::new());
    for word in words(&text) {
        match Role::parse(word) {
            Some(role) if roles.contains(&role) => {}
            Some(role) => roles.push(role),
            None => {
                let all = Role::ALL.map(|role| role.words().1).join("、");
                cells.faults.push(Fault::new(
                    "roles",
                    format!("没有“{word}”这个岗位；可填：{all}。"),
                    format!("There is no role \"{word}\"; write one of: {all}."),
                ));
            }
        }
    }
    let login = cells.text("login", 100);
    if login.chars().any(char::is_whitespace) {
        cells.faults.push(Fault::new("login", "登录名不能含空格。", "A login holds no spaces."));
    }
    let phone = cells.text("phone", 40);
    cells.faults.extend(apart(&roles));
    cells.ended(Good { name, unit, roles, login, phone })
}

/// 等保三级: the three administrators are three persons.
fn apart(roles: &[Role]) -> Option<Fault> {
    let administrators = roles.iter().filter(|it| it.is_administrator()).count();
    (administrators > 1).then(|| {
        Fault::new(
            "roles",
            "系统管理员、安全管理员、审计员三者须由不同的人担任；请分设账号。",
            "System administrator, security administrator and auditor must be different persons; make separate accounts.",
        )
    })
}

pub(crate) fn save(
    tx: &mut dyn Tx,
    scene: &Scene,
    good: &Good,
    changes: &mut Vec<Change>,
) -> std::result::Result<Outcome, Failure> {
    let Some(unit) = unit::find_by_name(tx, &good.unit)? else {
        let fault = Fault::new(
            "unit",
            format!("没有“{0}”这个单位；请先新增：zoufang unit add --name {0}", good.unit),
            format!("There is no unit \"{0}\"; add it first: zoufang unit add --name {0}", good.unit),
        );
        return Ok(Outcome::Rejected(vec![fault]));
    };
    let known = match good.login.as_str() {
        "" => person_trace::find_by_name(tx, &good.name, unit.id)?,
        login => person::find_by_login(tx, login)?,
    };
    match known {
        None => {
            insert(tx, scene, good, unit.id, changes)?;
            Ok(Outcome::Imported)
        }
        Some(known) if known.unit == unit.id && known.name == good.name && known.left_at.is_none() => {
            add(tx, scene, good, &known, changes)
        }
        Some(known) => Ok(Outcome::Rejected(vec![Fault::new(
            "login",
            format!("登录名“{}”已由“{}”使用；请换一个，或核对姓名和单位。", known.login, known.name),
            format!("The login \"{}\" is used by {}; choose another, or check name and unit.", known.login, known.name),
        )])),
    }
}

fn insert(
    tx: &mut dyn Tx,
    scene: &Scene,
    good: &Good,
    unit: UnitId,
    changes: &mut Vec<Change>,
) -> std::result::Result<(), Failure> {
    let login = if good.login.is_empty() { free_login(tx, &good.name)? } else { good.login.clone() };
    let new = NewPerson { login: &login, name: &good.name, unit, roles: &good.roles, reporter: None, password: "" };
    let id = person::insert(tx, &new, scene.now)?;
    if !good.phone.is_empty() {
        person_trace::set_phone(tx, id, &good.phone)?;
    }
    let codes: Vec<&str> = good.roles.iter().map(|role| role.code()).collect();
    let data = json!({ "unit": unit.to_string(), "roles": codes, "run": scene.run.id });
    append_next(tx, &scene.terms.master, &id.to_string(), "person-added", scene.by, data, scene.now)?;
    changes.push(Change::made("person", id, String::new()));
    Ok(())
}

/// The letters of the name, with a number when they are taken.
fn free_login(tx: &mut dyn Tx, name: &str) -> Result<String> {
    let spelled = letters::syllables(name).concat();
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let base = [spelled, plain, "user".to_owned()].into_iter().find(|it| !it.is_empty()).unwrap_or_default();
    let mut number = 1;
    loop {
        let login = if number == 1 { base.clone() } else { format!("{base}{number}") };
        if person::find_by_login(tx, &login)?.is_none() {
            return Ok(login);
        }
        number += 1;
    }
}

/// Roles and telephone of somebody who is here already.
fn add(
    tx: &mut dyn Tx,
    scene: &Scene,
    good: &Good,
    known: &Person,
    changes: &mut Vec<Change>,
) -> std::result::Result<Outcome, Failure> {
    let hats = person::hats(tx, known.id)?;
    let new: Vec<Role> = good
        .roles
        .iter()
        .copied()
        .filter(|role| !hats.iter().any(|hat| hat.role == *role && hat.unit == known.unit))
        .collect();
    let mut all: Vec<Role> = hats.iter().map(|hat| hat.role).filter(|role| !new.contains(role)).collect();
    all.sort();
    all.dedup();
    all.extend(&new);
    if let Some(fault) = apart(&all) {
        return Ok(Outcome::Rejected(vec![fault]));
    }
    for role in &new {
        person::add_hat(tx, known.id, *role, known.unit)?;
        let data = json!({ "role": role.code(), "unit": known.unit.to_string(), "run": scene.run.id });
        append_next(tx, &scene.terms.master, &known.id.to_string(), "hat-given", scene.by, data, scene.now)?;
        changes.push(Change::made("hat", format!("{}/{}/{}", known.id, role.code(), known.unit), String::new()));
    }
    let called = !good.phone.is_empty() && good.phone != known.phone;
    if called {
        person_trace::set_phone(tx, known.id, &good.phone)?;
        let was = json!(known.phone).to_string();
        changes.push(Change::changed("person", known.id, was, sha256(&[good.phone.as_bytes()])));
    }
    Ok(if called || !new.is_empty() { Outcome::Updated } else { Outcome::Unchanged })
}
