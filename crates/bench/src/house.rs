//! A house to measure: made by the real program, filled with units and persons through the store, with open sessions.

use crate::now::now;
use crate::process;
use anyhow::{Context, Result};
use domain::id::{CategoryId, UnitId};
use domain::role::{Actor, Role};
use std::fs;
use std::path::{Path, PathBuf};
use store::person::{self, NewPerson};
use store::session::{self, TokenDigest};
use store::terms::{self, Terms};
use store::words::{MasterKey, hex, random};
use store::{Db, Options, Place, category, unit};

pub const UNITS: [&str; 10] = [
    "经济发展局",
    "建设局",
    "市场监管局",
    "人社局",
    "税务局",
    "自然资源局",
    "城管局",
    "公安分局",
    "供电公司",
    "水务公司",
];

/// Who acts in the measured house. Clerks and heads stand at the place of their unit.
#[derive(Clone)]
pub struct People {
    pub office: Actor,
    pub clerks: Vec<Actor>,
    pub heads: Vec<Actor>,
    pub units: Vec<UnitId>,
    pub categories: Vec<CategoryId>,
}

pub struct House {
    pub db: Db,
    pub terms: Terms,
    pub people: People,
}

/// On the disk of the project, not in a /tmp that may lie in memory.
pub fn folder() -> Result<PathBuf> {
    let exe = std::env::current_exe()?;
    let target =
        exe.ancestors().find(|it| it.file_name().is_some_and(|it| it == "target")).unwrap_or(Path::new("target"));
    let folder = target.join("bench-data");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A fresh empty house, removed when dropped.
pub fn fresh() -> Result<(tempfile::TempDir, House)> {
    let place = tempfile::Builder::new().prefix("run-").tempdir_in(folder()?)?;
    let house = make(place.path())?;
    Ok((place, house))
}

pub fn make(data: &Path) -> Result<House> {
    process::verb(&["unit", "add", "--name", "示范区管委会"], data)?;
    open(data)
}

/// Opens a house, adding persons and units when it has none.
pub fn open(data: &Path) -> Result<House> {
    open_at(data, Place::Sqlite(data.join("zoufang.db")))
}

/// The key lies in the folder, the database anywhere.
pub fn open_at(data: &Path, place: Place) -> Result<House> {
    let db = Db::open(&Options::new(place, now().0))?;
    let master = master(&data.join("zoufang.key"))?;
    let (terms, people) = db.write_blocking(move |tx| {
        let terms = terms::load(tx, &master)?;
        Ok::<_, store::Error>((terms, people(tx)?))
    })?;
    Ok(House { db, terms, people })
}

fn master(file: &Path) -> Result<MasterKey> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let line =
        text.lines().find(|line| line.len() == 64 && !line.starts_with('#')).context("no key in the key file")?;
    let mut bytes = [0u8; 32];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&line[i * 2..i * 2 + 2], 16)?;
    }
    Ok(MasterKey::from_bytes(bytes))
}

/// Finds the persons of the bench, or adds them; for either engine.
pub fn people(tx: &mut dyn store::Tx) -> store::Result<People> {
    let at = now();
    let top = match unit::find_by_name(tx, "示范区管委会")? {
        Some(top) => top.id,
        None => unit::insert(tx, "示范区管委会", "", None, at)?,
    };
    let mut units = Vec::new();
    for name in UNITS {
        units.push(match unit::find_by_name(tx, name)? {
            Some(found) => found.id,
            None => unit::insert(tx, name, "", Some(top), at)?,
        });
    }
    let mut actor = |login: &str, name: &str, role: Role, unit: UnitId| -> store::Result<Actor> {
        let found = match person::find_by_login(tx, login)? {
            Some(found) => found,
            None => {
                let new = NewPerson { login, name, unit, roles: &[role], reporter: None, password: "" };
                let id = person::insert(tx, &new, at)?;
                person::find(tx, id)?.ok_or(store::Error::NotFound)?
            }
        };
        person::actor(tx, &found, at)
    };
    let office = actor("bench-office", "周敏", Role::Office, top)?;
    let (mut clerks, mut heads) = (Vec::new(), Vec::new());
    for (i, unit) in units.iter().enumerate() {
        clerks.push(actor(&format!("bench-clerk-{i}"), "李承", Role::Clerk, *unit)?);
        heads.push(actor(&format!("bench-head-{i}"), "王立", Role::Head, *unit)?);
    }
    let categories = category::list(tx)?.into_iter().filter(|it| it.evidence.is_empty()).map(|it| it.id).collect();
    Ok(People { office, clerks, heads, units, categories })
}

impl House {
    /// A session as signing in makes one; the token is what a client sends.
    pub fn session(&self, actor: &Actor) -> Result<String> {
        let token = hex(&random::<32>()?);
        let (digest, at) = (TokenDigest::of(&token), now());
        let person = actor.person().context("only persons sign in")?;
        self.db.write_blocking(move |tx| session::start(tx, person, &digest, at, 12 * 3_600_000))?;
        Ok(token)
    }
}
