//! Who is meant by a login or a name in a cell.

use domain::fault::Fault;
use domain::id::UnitId;
use std::collections::HashMap;
use store::person::Person;
use store::{Result, Tx, person};

const PAGE: i64 = 1_000;

/// Everybody who works here.
#[derive(Default)]
pub(crate) struct People {
    by_login: HashMap<String, Person>,
    by_name: HashMap<String, Vec<Person>>,
}

impl People {
    pub fn load(tx: &mut dyn Tx) -> Result<People> {
        let (mut people, mut after) = (People::default(), String::new());
        loop {
            let page = person::list(tx, &after, PAGE)?;
            let full = page.len() as i64 == PAGE;
            for it in page {
                after.clone_from(&it.login);
                if it.left_at.is_none() {
                    people.by_name.entry(it.name.clone()).or_default().push(it.clone());
                    people.by_login.insert(it.login.clone(), it);
                }
            }
            if !full {
                return Ok(people);
            }
        }
    }

    /// By login, else by a name that only one bears, among those of `unit` where it is given.
    pub fn find(&self, field: &str, text: &str, unit: Option<UnitId>) -> std::result::Result<&Person, Fault> {
        if let Some(person) = self.by_login.get(text) {
            return Ok(person);
        }
        let named = self.by_name.get(text).map(Vec::as_slice).unwrap_or_default();
        let within: Vec<&Person> = named.iter().filter(|it| unit.is_none_or(|unit| it.unit == unit)).collect();
        match within.as_slice() {
            [one] => Ok(one),
            [] => Err(Fault::new(
                field,
                format!("没有登录名或姓名为“{text}”的在岗人员；请核对，或先新增账号。"),
                format!("Nobody here has the login or the name \"{text}\"; check it, or add the account first."),
            )),
            [..] => Err(Fault::new(
                field,
                format!("有{}位“{text}”，分不清是谁；请改填登录名。", within.len()),
                format!("{} persons are called \"{text}\"; write the login instead.", within.len()),
            )),
        }
    }
}
