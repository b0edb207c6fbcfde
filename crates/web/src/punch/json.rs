//! Punches of other machines: up to two thousand at once, each answered by itself.

use crate::app::App;
use crate::auth::Who;
use crate::error::{ApiError, Error, field};
use crate::problem::report::read_json;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use domain::attendance::roll::{self, Doubt, Way};
use domain::fault::Fault;
use domain::id::{PersonId, PunchId, SiteId};
use domain::refusal::Refusal;
use domain::role::{Actor, Role};
use domain::site::Tie;
use domain::time::{Day, Millis};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::punch::{self, New, Taken};
use store::punch_batch::Batch;
use store::terms::{Deed, Failure};
use store::{Tx, site, staff};

const MOST: usize = 2_000;
/// A clock may be ahead of ours by so much before its punches are from the future.
const AHEAD_MS: i64 = 5 * 60_000;

#[derive(Deserialize)]
struct Sent {
    punches: Vec<Item>,
}

/// `card` instead of `person`: the number on the identity card.
#[derive(Clone, Deserialize, Serialize)]
struct Item {
    id: String,
    /// The number of the site.
    site: i64,
    #[serde(default)]
    person: String,
    #[serde(default, skip_serializing)]
    card: String,
    at: i64,
    #[serde(default)]
    device: String,
    way: String,
}

/// `POST /api/v1/punches`: in one transaction; what was refused changes nothing and does not keep the others out.
pub async fn take(State(app): State<Arc<App>>, who: Who, body: Bytes) -> Result<Json<Value>, ApiError> {
    if ![Role::Bureau, Role::Contractor, Role::Consultant].into_iter().any(|role| who.has(role)) {
        return Err(Error::from(Refusal::Absent).into());
    }
    let sent: Sent = read_json(&body)?;
    if sent.punches.len() > MOST {
        return Err(
            field("punches", "一次最多2000条，请分批发送。", "At most 2,000 at once; send them in parts.").into()
        );
    }
    let (terms, actor, now) = (app.terms(), who.actor.clone(), app.now());
    let answers = app.db.write(move |tx| {
        let deed = Deed { terms: &terms, by: actor.person(), now };
        let mut doors = Doors::default();
        let mut answers = Vec::with_capacity(sent.punches.len());
        for item in &sent.punches {
            let taken = match one(tx, &deed, &actor, &mut doors, item) {
                Ok(taken) => Ok(taken),
                Err(Failure::Refusal(refusal)) => Err(refusal),
                Err(failure) => return Err(failure),
            };
            answers.push(answer(item, taken));
        }
        doors.batch.settle(tx, &deed)?;
        for (site, count) in doors.taken {
            store::event::note(tx, &deed, site, "punches-entered", json!({ "count": count }))?;
        }
        Ok::<_, Failure>(answers)
    });
    Ok(Json(json!({ "answers": answers.await.map_err(Error::from)? })))
}

/// The sites of the batch: whether they are the sender's, and how many punches each took; and the days that they change.
#[derive(Default)]
struct Doors {
    sites: BTreeMap<i64, Option<SiteId>>,
    taken: BTreeMap<SiteId, i64>,
    batch: Batch,
}

impl Doors {
    fn open(&mut self, tx: &mut dyn Tx, actor: &Actor, no: i64) -> Result<SiteId, Failure> {
        if let Some(known) = self.sites.get(&no) {
            return Ok(known.ok_or(Refusal::Absent)?);
        }
        let mut found = None;
        if let Some(it) = site::find_by_no(tx, no)? {
            let ties = site::ties(tx, actor, &it)?;
            let sends = ties.iter().any(|it| matches!(it, Tie::Bureau | Tie::Contractor | Tie::Consultant));
            found = sends.then_some(it.id);
        }
        self.sites.insert(no, found);
        Ok(found.ok_or(Refusal::Absent)?)
    }
}

fn one(tx: &mut dyn Tx, deed: &Deed, actor: &Actor, doors: &mut Doors, item: &Item) -> Result<Taken, Failure> {
    let site = doors.open(tx, actor, item.site)?;
    let mut faults = Vec::new();
    let id = item.id.parse().map(PunchId);
    if id.is_err() {
        faults.push(Fault::new("id", "编号请用UUID。", "The id must be a UUID."));
    }
    let way = Way::parse(&item.way).filter(|it| it.code() == item.way);
    if way.is_none() {
        let (zh, en) = (
            "方式须为camera、terminal、qr、id-card、attestation之一。",
            "The way is one of camera, terminal, qr, id-card, attestation.",
        );
        faults.push(Fault::new("way", zh, en));
    }
    let at = Millis(item.at);
    let first = Day::new(2000, 1, 1).map_or(Millis(0), |it| Millis::at(it, 0));
    if at > deed.now.plus(AHEAD_MS) || at < first {
        let (zh, en) = (
            "打卡时间不对：按1970年以来的毫秒数填写，不能在将来。",
            "The time is wrong: milliseconds since 1970, not in the future.",
        );
        faults.push(Fault::new("at", zh, en));
    }
    if item.device.chars().count() > 100 {
        faults.push(Fault::new("device", "设备号最多100字。", "A device has at most 100 characters."));
    }
    let (Ok(id), Some(way), true) = (id, way, faults.is_empty()) else { return Err(faults.into()) };
    let person = person(tx, deed, item)?;
    // Whoever is on no staff here is told below; whose card it is stays unsaid.
    let is_bureau = actor.has(Role::Bureau);
    let doubt = match way {
        Way::Attestation => Some(Doubt::Unconfirmed),
        Way::Camera => Some(Doubt::PhotoMissing),
        // The codes are shown on the screens of this house alone.
        Way::Qr if !is_bureau => Some(Doubt::Unconfirmed),
        _ => None,
    };
    let what = roll::Punch {
        device: Some(item.device.clone()).filter(|it| !it.is_empty()),
        doubt,
        ..New::here(person, site, way, at, deed.now).what
    };
    let by = deed.by.filter(|_| doubt == Some(Doubt::Unconfirmed));
    let raw = serde_json::to_string(item).unwrap_or_default();
    let taken = doors.batch.add(tx, deed, &New { id, what, raw, by })?;
    if taken == Taken::Known && !is_same(tx, id, (person, site, at))? {
        return Err(Refusal::ClientIdReused.into());
    }
    if taken != Taken::Known {
        *doors.taken.entry(site).or_default() += 1;
    }
    Ok(taken)
}

fn person(tx: &mut dyn Tx, deed: &Deed, item: &Item) -> Result<PersonId, Failure> {
    let found = match item.person.as_str() {
        "" => staff::find_by_card(tx, deed, &item.card)?,
        text => text.parse().ok(),
    };
    let (zh, en) = (
        "找不到此人：请写人员编号，或已登记的身份证号。",
        "No such person: give an id, or an identity number that is entered.",
    );
    Ok(found.ok_or_else(|| vec![Fault::new("person", zh, en)]).map_err(Refusal::Faults)?)
}

/// Known by the same device, person and time, or by its id; an id of something else is no retry.
fn is_same(tx: &mut dyn Tx, id: PunchId, what: (PersonId, SiteId, Millis)) -> Result<bool, Failure> {
    let known = punch::find(tx, id)?;
    Ok(known.is_none_or(|it| (it.what.person, it.what.site, it.what.at) == what))
}

fn answer(item: &Item, taken: Result<Taken, Refusal>) -> Value {
    let told = |result: &str, code: &str, zh: String, en: String| json!({ "id": item.id, "result": result, "code": code, "zh": zh, "en": en });
    match taken {
        Ok(Taken::Counts) => told("taken", "counts", "已收，算数。".into(), "Taken; it counts.".into()),
        Ok(Taken::Known) => told("known", "known", "以前已收。".into(), "It was taken before.".into()),
        Ok(Taken::Waits(why)) => told(
            "waits",
            why.code(),
            format!("已收，待复核：{}。", why.zh()),
            format!("Taken, to be reviewed: {}.", why.en()),
        ),
        Err(refusal) => {
            let said = refusal.say(&|_| String::new());
            told("refused", said.code, said.zh, said.en)
        }
    }
}

/// What is sent, for the description of the API.
pub fn batch() -> Value {
    let text = || json!({ "type": "string" });
    let ways: Vec<&str> = Way::ALL.iter().map(|it| it.code()).collect();
    let item = json!({
        "type": "object",
        "required": ["id", "site", "at", "way"],
        "properties": {
            "id": { "type": "string", "format": "uuid", "description": "Made by the sender: sent again it is the same punch." },
            "site": { "type": "integer", "description": "The number of the site." },
            "person": { "type": "string", "format": "uuid" },
            "card": { "type": "string", "description": "Instead of person: the number on the identity card; it is not kept." },
            "at": { "type": "integer", "description": "Milliseconds since 1970, by the device's clock." },
            "device": text(),
            "way": { "type": "string", "enum": ways },
        },
    });
    let punches = json!({ "type": "array", "maxItems": MOST, "items": item });
    json!({ "type": "object", "required": ["punches"], "properties": { "punches": punches } })
}

/// What is answered, in the order of what was sent.
pub fn answers() -> Value {
    let text = || json!({ "type": "string" });
    let results = json!({ "type": "string", "enum": ["taken", "waits", "known", "refused"] });
    let item = json!({
        "type": "object",
        "required": ["id", "result", "code", "zh", "en"],
        "properties": { "id": text(), "result": results, "code": text(), "zh": text(), "en": text() },
    });
    json!({ "type": "object", "required": ["answers"], "properties": { "answers": { "type": "array", "items": item } } })
}
