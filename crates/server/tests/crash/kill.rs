//! Killed fifty times under 64 writers: what was acknowledged is there, what was not may be sent again.

use crate::http::Conn;
use crate::program::{Program, fresh_id, runtime, settle, verified};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const KILLS: u64 = 50;
const WRITERS: usize = 64;

/// What one writer knows when its connection breaks.
#[derive(Default)]
struct Known {
    /// Id, and the revision that was acknowledged last.
    acknowledged: BTreeMap<String, i64>,
    /// Sent, but not answered.
    open: Option<Value>,
}

#[test]
fn killed_fifty_times_under_64_writers_nothing_acknowledged_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let token = settle(&data);
    let runtime = runtime();
    let mut all: BTreeMap<String, i64> = BTreeMap::new();
    let mut again = 0;
    for cycle in 0..KILLS {
        let program = Program::start(&data);
        let (address, stop) = (program.address, Arc::new(AtomicBool::new(false)));
        let writers: Vec<_> = (0..WRITERS)
            .map(|number| runtime.spawn(write(address, token.clone(), cycle * 1_000 + number as u64, stop.clone())))
            .collect();
        // Between early, while most have not been answered once, and late, when the log has been written back.
        std::thread::sleep(Duration::from_millis(120 + cycle * 7919 % 500));
        program.kill();
        stop.store(true, Ordering::Relaxed);
        let known: Vec<Known> = writers.into_iter().map(|it| runtime.block_on(it).unwrap()).collect();

        // It restarts alone: no hand touches the data between the kill and the next start.
        let program = Program::start(&data);
        let fresh: BTreeMap<String, i64> = known.iter().flat_map(|it| it.acknowledged.clone()).collect();
        runtime.block_on(are_there(program.address, &token, &fresh));
        for open in known.into_iter().filter_map(|it| it.open) {
            let id = runtime.block_on(send_again(program.address, &token, &open));
            all.insert(id, 1);
            again += 1;
        }
        all.extend(fresh);
        program.kill();
    }
    assert!(all.len() > KILLS as usize * WRITERS, "too few writes to say anything: {}", all.len());
    let program = Program::start(&data);
    runtime.block_on(are_there(program.address, &token, &all));
    program.kill();
    let said = verified(&data);
    println!("{KILLS} kills, {} problems acknowledged, {again} sent again; {said}", all.len());
    assert!(said.contains(&format!("problems {}", all.len())), "a retry made a second problem: {said}");
}

async fn write(address: SocketAddr, token: String, seed: u64, stop: Arc<AtomicBool>) -> Known {
    let mut known = Known::default();
    let Ok(mut conn) = Conn::open(address).await else { return known };
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        number += 1;
        let body = json!({ "id": fresh_id(), "title": format!("路灯不亮 {seed}-{number}"), "detail": "夜间施工噪声影响居民".repeat(8), "source": "phone" });
        known.open = Some(body.clone());
        let Ok(answer) = conn.post("/api/v1/problems", &token, &body).await else { return known };
        assert_eq!(answer.status, 201, "{}", answer.body);
        known.open = None;
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        known.acknowledged.insert(id.clone(), 1);
        // Every third goes a step further, so that the log holds changes too.
        if number % 3 == 0 {
            let order =
                json!({ "command": "triage", "category": null, "tier": "unit", "urgency": "urgent", "seen": 1 });
            let Ok(answer) = conn.post(&format!("/api/v1/problems/{id}/commands"), &token, &order).await else {
                return known;
            };
            assert_eq!(answer.status, 200, "{}", answer.body);
            known.acknowledged.insert(id, 2);
        }
    }
    known
}

async fn are_there(address: SocketAddr, token: &str, all: &BTreeMap<String, i64>) {
    let mut conn = Conn::open(address).await.unwrap();
    for (id, revision) in all {
        let answer = conn.get(&format!("/api/v1/problems/{id}"), token).await.unwrap();
        assert_eq!(answer.status, 200, "acknowledged, then lost: {id} {}", answer.body);
        // A step that was saved but not answered may have made it one more.
        let found = answer.json()["revision"].as_i64().unwrap();
        assert!(found >= *revision, "{id} is at revision {found}, but {revision} was acknowledged");
    }
}

/// What nobody answered was either saved or not: sent again under its id it is there once.
async fn send_again(address: SocketAddr, token: &str, body: &Value) -> String {
    let mut conn = Conn::open(address).await.unwrap();
    let answer = conn.post("/api/v1/problems", token, body).await.unwrap();
    assert!(matches!(answer.status, 200 | 201), "{}", answer.body);
    answer.json()["id"].as_str().unwrap().to_owned()
}
