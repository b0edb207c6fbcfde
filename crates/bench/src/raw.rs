//! The yardstick of a write: the rows and tokens of one report, by rusqlite alone, one transaction each.

use crate::history;
use crate::text::Chance;
use anyhow::Result;
use domain::search::tokens;
use domain::time::Millis;
use rusqlite::{Connection, params};
use std::path::Path;
use std::time::{Duration, Instant};
use store::ids::fresh;

/// Milliseconds for one transaction, as the median of `time` in a database that has our schema.
pub fn transaction(file: &Path, now: Millis, seed: u64, time: Duration) -> Result<f64> {
    let conn = Connection::open(file)?;
    conn.set_prepared_statement_cache_capacity(64);
    conn.execute_batch(
        "pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
         pragma cache_size = -65536; pragma temp_store = memory; pragma wal_autocheckpoint = 4000;",
    )?;
    let mut chance = Chance::new(0xfee1 << 20 | seed);
    let started = Instant::now();
    let mut latencies = Vec::new();
    while started.elapsed() < time {
        let draft = history::draft(&mut chance, now);
        let words = tokens(&format!("{} {}", draft.title, draft.detail));
        let (id, event) = (draft.id.to_string(), fresh(now).to_string());
        let sent = Instant::now();
        one(&conn, &id, &event, &draft.title, &draft.detail, &words, now.0)?;
        latencies.push(sent.elapsed());
    }
    latencies.sort_unstable();
    Ok(latencies.get(latencies.len() / 2).map_or(f64::NAN, |it| it.as_secs_f64() * 1000.0))
}

/// The same statements as `store::problem::register` sends for a report without a reporter, with texts of the same length.
fn one(
    conn: &Connection,
    id: &str,
    event: &str,
    title: &str,
    detail: &str,
    words: &str,
    now: i64,
) -> rusqlite::Result<()> {
    let run = |sql: &str, params: &[&dyn rusqlite::ToSql]| conn.prepare_cached(sql)?.execute(params);
    run("begin immediate", &[])?;
    let known: Option<String> =
        conn.prepare_cached("select sent from problem where id = ?1")?.query_row([id], |row| row.get(0)).ok();
    let no: i64 = conn
        .prepare_cached("insert into counter (name, value) values ('problem', 1) on conflict (name) do update set value = counter.value + 1 returning value")?
        .query_row([], |row| row.get(0))?;
    let body = BODY.replace("ID", id);
    conn.prepare_cached(
        "insert into problem (id, no, title, detail, place, occurred, revision, body, state, source, shielded, tier, registered_at,
           clock_at, visited_at, next_at, sent)
         values (?1, ?2, ?3, ?4, '', '', 1, ?5, 'registered', 'phone', 0, 'unit', ?6, ?7, ?6, ?7, ?8)",
    )?
    .execute(params![id, no, title, detail, body, now, now + 86_400_000, HASH])?;
    conn.prepare_cached("insert into problem_words (rowid, words) values (?1, ?2)")?.execute(params![no, words])?;
    let text = EVENT.replace("ID", id);
    conn.prepare_cached(
        "insert into event (id, thing, seq, kind, at, written_at, by, body, hash) values (?1, ?2, 1, 'registered', ?3, ?3, null, ?4, ?5)",
    )?
    .execute(params![event, id, now, text, HASH])?;
    drop(known);
    run("commit", &[]).map(drop)
}

const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
/// As long as the canonical text of a problem that was just registered.
const BODY: &str = r#"{"id":"ID","revision":1,"state":{"is":"registered"},"source":"phone","registered":{"at":1795466670000,"by":"019ab0a8-5c7c-7d2e-9d6f-5b0c1f1a2b3c"},"triage":{"start":1795466670000,"span":{"workdays":1}},"reporter":null,"shielded":false,"officer":null,"category":null,"evidence_items":[],"lead_span":{"workdays":7},"tier":"unit","urgency":"ordinary","common":null,"is_common":false,"coordinated":false,"board":null,"slips":0,"ratings":[],"reopened":0,"relapsed":0,"handlers":[],"handling_units":[],"digest":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","last":{"by":"019ab0a8-5c7c-7d2e-9d6f-5b0c1f1a2b3c","at":1795466670000,"event":"registered"}}"#;
const EVENT: &str = r#"{"thing":"ID","seq":1,"kind":"registered","at":1795466670000,"written":1795466670000,"by":"019ab0a8-5c7c-7d2e-9d6f-5b0c1f1a2b3c","as":"person","state":"registered","data":{"digest":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","no":1,"source":"phone"},"words":"","after":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}"#;
