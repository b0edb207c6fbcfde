//! The terms under which commands run: key, calendar, rules. Loaded once, renewed when a holiday notice or rule changes.

use crate::attendance_rules;
use crate::campaign;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::{parse, write};
use crate::holiday;
use crate::vals;
use crate::words::MasterKey;
use domain::attendance;
use domain::attendance::rule_set::RuleSets;
use domain::calendar::Calendar;
use domain::fault::Fault;
use domain::id::{CampaignId, PersonId};
use domain::refusal::Refusal;
use domain::rules::Rules;
use domain::time::Millis;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Clone)]
pub struct Terms {
    pub master: MasterKey,
    pub calendar: Arc<Calendar>,
    pub rules: Arc<Rules>,
    /// The deadlines of campaigns that set their own.
    pub campaigns: Arc<HashMap<CampaignId, Rules>>,
    /// The dated numbers of attendance.
    pub attendance: Arc<RuleSets>,
}

impl Terms {
    /// The deadlines under which a problem of this campaign runs.
    pub fn rules_of(&self, campaign: Option<CampaignId>) -> &Rules {
        campaign.and_then(|id| self.campaigns.get(&id)).unwrap_or(&self.rules)
    }
}

/// Who does something that is no command of the loop, when, and under which terms.
#[derive(Clone, Copy)]
pub struct Deed<'a> {
    pub terms: &'a Terms,
    pub by: Option<PersonId>,
    pub now: Millis,
}

impl<'a> Deed<'a> {
    /// What attendance is judged under at this moment.
    pub fn attendance(&self) -> attendance::Terms<'a> {
        attendance::Terms { calendar: &self.terms.calendar, rules: &self.terms.attendance, now: self.now }
    }
}

/// A command that did not happen: a rule said no, or the store could not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    Refusal(Refusal),
    Store(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match error {
            Error::NotFound => Failure::Refusal(Refusal::NotFound),
            other => Failure::Store(other),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::Refusal(refusal)
    }
}

impl From<Vec<Fault>> for Failure {
    fn from(faults: Vec<Fault>) -> Failure {
        Failure::Refusal(Refusal::Faults(faults))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Refusal(refusal) => write!(f, "{}", refusal.say(&|id| id.to_string()).en),
            Failure::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Failure {}

pub fn setting(tx: &mut dyn Tx, name: &str) -> Result<Option<String>> {
    tx.query_opt("select value from setting where name = $1", &vals![name])?.map(|row| row.string(0)).transpose()
}

pub fn set_setting(tx: &mut dyn Tx, name: &str, value: &str) -> Result<()> {
    tx.exec(
        "insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value",
        &vals![name, value],
    )?;
    Ok(())
}

/// Binds a new database to its key, or says that the key given is not the one it was made with.
pub fn bind_key(tx: &mut dyn Tx, master: &MasterKey) -> Result<()> {
    match setting(tx, "key")? {
        None => set_setting(tx, "key", master.fingerprint()),
        Some(known) if known == master.fingerprint() => Ok(()),
        Some(known) => Err(Error::Constraint(format!(
            "this database was made with key {known}, but key {} was given. Put the right key file (zoufang.key) in the data folder or name it with --key.",
            master.fingerprint()
        ))),
    }
}

pub fn load(tx: &mut dyn Tx, master: &MasterKey) -> Result<Terms> {
    let calendar = Arc::new(Calendar::from_notices(&holiday::list(tx)?));
    let rules = match setting(tx, "rules")? {
        Some(text) => parse(&text)?,
        None => Rules::default(),
    };
    let campaigns = Arc::new(campaign::list_rules(tx)?);
    let attendance = Arc::new(attendance_rules::sets(tx)?);
    Ok(Terms { master: master.clone(), calendar, rules: Arc::new(rules), campaigns, attendance })
}

pub fn save_rules(tx: &mut dyn Tx, rules: &Rules) -> Result<()> {
    set_setting(tx, "rules", &write(rules)?)
}
