//! Events: append-only, each chained by hash to the one before it about the same thing. Timeline and audit read them.

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::fresh;
use crate::terms::Deed;
use crate::vals;
use crate::words::{self, MasterKey, sha256};
use domain::id::PersonId;
use domain::time::Millis;
use serde::{Deserialize, Serialize};

/// What is hashed: canonical JSON, fields in this order. Ids and digests only; words are sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Body {
    pub thing: String,
    pub seq: i64,
    pub kind: String,
    /// When it holds from.
    pub at: Millis,
    /// When it was written; the day of this moment seals it.
    pub written: Millis,
    pub by: Option<PersonId>,
    /// As what the actor did it.
    #[serde(rename = "as")]
    pub party: String,
    /// The state afterwards.
    pub state: String,
    pub data: serde_json::Value,
    /// Sealed words, or empty.
    pub words: String,
    /// SHA-256 of the thing's own canonical text afterwards: a row changed behind the program's back is told by it.
    pub after: String,
}

/// The words that go with an event, before sealing.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Said {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rest: String,
    /// Free texts of the command itself: names of evidence, milestones, a body outside.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub texts: serde_json::Map<String, serde_json::Value>,
}

/// Fields of a command that people fill with words of their own; they are sealed like its reasons.
const FREE: [&str; 5] = ["item", "outside", "milestones", "evidence", "about"];

impl Said {
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.rest.is_empty() && self.texts.is_empty()
    }

    /// Takes the free texts out of a command's data, so that no word of a person stands in the event itself.
    pub fn take_texts(&mut self, data: &mut serde_json::Value) {
        let Some(map) = data.as_object_mut() else { return };
        for name in FREE {
            let empty = |it: &serde_json::Value| {
                it.as_str().is_some_and(str::is_empty) || it.as_array().is_some_and(Vec::is_empty)
            };
            if let Some(text) = map.remove(name).filter(|it| !empty(it)) {
                self.texts.insert(name.into(), text);
            }
        }
    }
}

/// Appends one event; `body.words` must be empty, `said` is sealed into it.
pub fn append(tx: &mut dyn Tx, master: &MasterKey, mut body: Body, said: &Said) -> Result<()> {
    if !said.is_empty() {
        let plain = serde_json::to_string(said).map_err(|error| Error::Database(error.to_string()))?;
        body.words = words::key_for_writing(tx, master, &body.thing)?.seal(&plain)?;
    }
    let before = if body.seq == 1 {
        String::new()
    } else {
        let row =
            tx.query_opt("select hash from event where thing = $1 and seq = $2", &vals![&body.thing, body.seq - 1])?;
        row.ok_or(Error::Conflict)?.string(0)?
    };
    let text = serde_json::to_string(&body).map_err(|error| Error::Database(error.to_string()))?;
    let hash = chain(&before, &text);
    tx.exec(
        "insert into event (id, thing, seq, kind, at, written_at, by, body, hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &vals![
            fresh(body.written).to_string(),
            body.thing,
            body.seq,
            body.kind,
            body.at,
            body.written,
            body.by,
            text,
            hash
        ],
    )?;
    Ok(())
}

pub(crate) fn chain(before: &str, body: &str) -> String {
    sha256(&[before.as_bytes(), b"\n", body.as_bytes()])
}

/// An event as a timeline shows it.
#[derive(Clone, Debug)]
pub struct Shown {
    pub body: Body,
    pub by_name: String,
    /// `None` when its key was destroyed.
    pub said: Option<Said>,
}

/// All events about a thing, oldest first, at most 2,000.
pub fn timeline(tx: &mut dyn Tx, master: &MasterKey, thing: &str) -> Result<Vec<Shown>> {
    let rows = tx.query(
        "select e.body, coalesce(p.name, '') from event e left join person p on p.id = e.by where e.thing = $1 order by e.seq limit 2000",
        &vals![thing],
    )?;
    let key = words::find_key(tx, master, thing)?;
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        let body: Body = parse(row.text(0)?)?;
        let said = match (&key, body.words.as_str()) {
            (_, "") => Some(Said::default()),
            (Some(key), sealed) => Some(parse(&key.open(sealed)?)?),
            (None, _) => None,
        };
        shown.push(Shown { body, by_name: row.string(1)?, said });
    }
    Ok(shown)
}

pub(crate) fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Database(format!("a stored text cannot be read: {error}")))
}

pub(crate) fn write<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Database(format!("a text cannot be written: {error}")))
}

/// Appends an event about something that is not a problem: a person's powers, a calendar. Its chain counts by itself.
pub fn append_next(
    tx: &mut dyn Tx,
    master: &MasterKey,
    thing: &str,
    kind: &str,
    by: Option<PersonId>,
    data: serde_json::Value,
    now: Millis,
) -> Result<()> {
    let body = next(tx, thing, kind, by, data, now)?;
    append(tx, master, body, &Said::default())
}

fn next(
    tx: &mut dyn Tx,
    thing: &str,
    kind: &str,
    by: Option<PersonId>,
    data: serde_json::Value,
    now: Millis,
) -> Result<Body> {
    let row = tx.query_one("select coalesce(max(seq), 0) from event where thing = $1", &vals![thing])?;
    Ok(Body {
        thing: thing.into(),
        seq: row.int(0)? + 1,
        kind: kind.into(),
        at: now,
        written: now,
        by,
        party: String::new(),
        state: String::new(),
        data,
        words: String::new(),
        after: String::new(),
    })
}

/// `append_next` for a deed; `thing` is an id.
pub fn note(
    tx: &mut dyn Tx,
    deed: &Deed,
    thing: impl std::fmt::Display,
    kind: &str,
    data: serde_json::Value,
) -> Result<()> {
    append_next(tx, &deed.terms.master, &thing.to_string(), kind, deed.by, data, deed.now)
}

/// `note` with what a person wrote about it: sealed, so that no word of his stands in the event itself.
pub fn say(
    tx: &mut dyn Tx,
    deed: &Deed,
    thing: impl std::fmt::Display,
    kind: &str,
    data: serde_json::Value,
    words: &str,
) -> Result<()> {
    let body = next(tx, &thing.to_string(), kind, deed.by, data, deed.now)?;
    append(tx, &deed.terms.master, body, &Said { words: words.into(), ..Said::default() })
}
