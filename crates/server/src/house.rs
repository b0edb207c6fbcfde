//! A house: the data folder with its key and files, and the database that belongs to them, opened together.

use crate::{folder, key, said, stock};
use domain::time::Millis;
use std::path::{Path, PathBuf};
use store::files::Files;
use store::terms::{self, Terms};
use store::words::MasterKey;
use store::{Db, Options, Place};

/// Where a house lies.
#[derive(Clone, Debug)]
pub struct At {
    pub data: PathBuf,
    /// A `postgres://` address instead of the file zoufang.db.
    pub database: Option<String>,
    pub key: Option<PathBuf>,
}

impl At {
    pub fn new(data: impl Into<PathBuf>) -> At {
        At { data: data.into(), database: None, key: None }
    }

    pub fn db_file(&self) -> PathBuf {
        self.data.join("zoufang.db")
    }

    pub fn key_file(&self) -> PathBuf {
        self.key.clone().unwrap_or_else(|| self.data.join("zoufang.key"))
    }

    pub fn place(&self) -> Place {
        match &self.database {
            Some(url) => Place::Postgres(url.clone()),
            None => Place::Sqlite(self.db_file()),
        }
    }

    /// For people; the address of a server may hold a password.
    pub fn label(&self) -> String {
        match &self.database {
            Some(_) => "PostgreSQL".into(),
            None => self.db_file().display().to_string(),
        }
    }
}

pub struct House {
    pub at: At,
    pub db: Db,
    pub files: Files,
    pub terms: Terms,
}

impl House {
    /// Makes what is missing in a new house; refuses, in words, what does not belong together. Blocks.
    pub fn open(at: &At, now: Millis) -> anyhow::Result<House> {
        folder::prepare(&at.data)?;
        if at.database.is_none() {
            folder::check_file(&at.db_file())?;
        }
        let db = open_db(at, now)?;
        let master = master_of(&db, &at.key_file())?;
        let terms = db
            .write_blocking(move |tx| {
                terms::bind_key(tx, &master)?;
                stock::fill(tx, &master, now)
            })
            .map_err(|error| wrong_key(at, error))?;
        let files = Files::open(&at.data).map_err(said::store("打开附件目录"))?;
        Ok(House { at: at.clone(), db, files, terms })
    }
}

pub fn open_db(at: &At, now: Millis) -> anyhow::Result<Db> {
    Db::open(&Options::new(at.place(), now.0)).map_err(|error| {
        let said::Said { zh, en } = match said::store("打开数据库")(error).downcast::<said::Said>() {
            Ok(said) => said,
            Err(other) => return other,
        };
        let label = at.label();
        match at.database {
            Some(_) => said::no(
                format!("{zh}请检查 --database 的地址、账号，以及PostgreSQL是否在运行。"),
                format!("{en} Check the address and account in --database, and whether PostgreSQL is running."),
            ),
            None => said::no(format!("{label}：{zh}"), format!("{label}: {en}")),
        }
    })
}

/// The key of a database that has one must be there already; only a new database gets a new key.
fn master_of(db: &Db, file: &Path) -> anyhow::Result<MasterKey> {
    if let Some(master) = key::read(file)? {
        return Ok(master);
    }
    let bound = db.read_blocking(|tx| terms::setting(tx, "key")).map_err(said::store("打开数据库"))?;
    match bound {
        Some(_) => Err(key::missing(file)),
        None => key::make(file),
    }
}

fn wrong_key(at: &At, error: store::Error) -> anyhow::Error {
    match error {
        store::Error::Constraint(en) => said::no(
            format!(
                "密钥文件 {} 不是建立这个数据库时用的那一个。请把原来的密钥文件放回，或用 --key 指明它的位置。",
                at.key_file().display()
            ),
            en,
        ),
        other => said::store("打开数据库")(other),
    }
}
