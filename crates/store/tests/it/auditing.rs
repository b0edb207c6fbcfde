//! What `audit verify` tells: nothing when all is as written, else the first thing that is not.

use crate::stage::{Stage, at};
use domain::command::Command;
use domain::id::ProblemId;
use store::audit::{Report, verify};
use store::{Val, seal, vals, words};
use testkit::on_both;

fn audit(stage: &Stage) -> Report {
    stage.db.read_blocking(|tx| verify(tx, &mut |_| {})).unwrap()
}

/// The English sentence, which must have a Chinese one beside it.
fn told(stage: &Stage) -> String {
    let (zh, en) = audit(stage).broken.expect("something is broken").say();
    assert!(zh.contains(|c: char| c >= '一'), "{zh}");
    en
}

/// Struck off, everything sealed, and a second problem after it.
fn written(db: &testkit::Db) -> (Stage, ProblemId) {
    let stage = Stage::set(db);
    let q = stage.closed();
    stage.registered(at("2018-04-27 10:00"));
    db.write_blocking(|tx| seal::seal_days(tx, at("2018-05-01 08:00"))).unwrap();
    (stage, q)
}

/// Changes something behind the program's back and sees it told.
fn tamper(stage: &Stage, sql: &'static str, params: Vec<Val>, expected: &str) {
    assert!(stage.exec(sql, params) > 0, "{sql}");
    assert_eq!(told(stage), expected, "{sql}");
}

on_both!(all_as_written_is_green, |db| {
    let (stage, q) = written(&db);
    let green = Report { events: 9, problems: 2, seals: 6, broken: None };
    assert_eq!(audit(&stage), green);
    let mut heard = Vec::new();
    let (report, heard) = db
        .read_blocking(move |tx| {
            let report = verify(tx, &mut |events| heard.push(events))?;
            Ok::<_, store::Error>((report, heard))
        })
        .unwrap();
    assert_eq!((report, heard), (green.clone(), vec![9]));
    // Erased words are gone, the chain stays whole; texts that were emptied with them are not missed.
    db.write_blocking(move |tx| words::destroy_key(tx, &q.to_string())).unwrap();
    assert_eq!(audit(&stage), green);
    stage.exec("update problem set title = '（已删除）', detail = '' where id = $1", vals![q].into());
    assert_eq!(audit(&stage), green);
});

on_both!(one_byte_of_an_old_event, |db| {
    let (stage, q) = written(&db);
    let sql = "update event set body = replace(body, '\"received\"', '\"receiveD\"') where thing = $1 and seq = 3";
    let expected = "Problem 1: event 3 (received, 2018-04-16 15:00:00) does not match its hash; its content or the hash was changed.";
    tamper(&stage, sql, vals![q].into(), expected);
});

on_both!(a_hash, |db| {
    let (stage, q) = written(&db);
    let sql = "update event set hash = replace(hash, substr(hash, 1, 1), 'x') where thing = $1 and seq = 2";
    let expected = "Problem 1: event 2 (dispatched, 2018-04-16 09:00:00) does not match its hash; its content or the hash was changed.";
    tamper(&stage, sql, vals![q].into(), expected);
});

on_both!(an_event_in_the_middle, |db| {
    let (stage, q) = written(&db);
    tamper(
        &stage,
        "delete from event where thing = $1 and seq = 3",
        vals![q].into(),
        "Problem 1: event 3 is missing; it was deleted.",
    );
});

on_both!(the_first_event, |db| {
    let (stage, q) = written(&db);
    tamper(
        &stage,
        "delete from event where thing = $1 and seq = 1",
        vals![q].into(),
        "Problem 1: event 1 is missing; it was deleted.",
    );
});

on_both!(the_last_event, |db| {
    let (stage, q) = written(&db);
    tamper(
        &stage,
        "delete from event where thing = $1 and seq = 8",
        vals![q].into(),
        "Problem 1: event 8 is missing; it was deleted.",
    );
    // Even when the revision was taken back with it.
    let sql = "update problem set revision = 7 where id = $1";
    let expected = "Problem 1: \"body\" is not what its last one, event 7 (rated, 2018-04-26 10:00:00), made it; the row was changed outside the program.";
    tamper(&stage, sql, vals![q].into(), expected);
});

on_both!(all_events_of_a_problem, |db| {
    let (stage, q) = written(&db);
    tamper(
        &stage,
        "delete from event where thing = $1",
        vals![q].into(),
        "Problem 1 has no events; they were deleted.",
    );
});

on_both!(a_column_of_an_event, |db| {
    let (stage, q) = written(&db);
    let sql = "update event set by = null where thing = $1 and seq = 3";
    let expected = "Problem 1: column \"by\" of event 3 (received, 2018-04-16 15:00:00) differs from the event's own text; the column was changed.";
    tamper(&stage, sql, vals![q].into(), expected);
});

on_both!(the_id_of_an_event, |db| {
    let (stage, q) = written(&db);
    let sql = "update event set id = '01800000-0000-7000-8000-000000000000' where thing = $1 and seq = 3";
    tamper(
        &stage,
        sql,
        vals![q].into(),
        "Problem 1: column \"id\" of event 3 (received, 2018-04-16 15:00:00) differs from the event's own text; the column was changed.",
    );
});

on_both!(a_title, |db| {
    let (stage, q) = written(&db);
    let expected = "Problem 1: title or text is not what was registered at 2018-04-13 10:00:00; it was changed.";
    tamper(&stage, "update problem set title = title || '。' where id = $1", vals![q].into(), expected);
});

on_both!(a_state_and_other_columns, |db| {
    for (sql, column) in [
        ("update problem set state = 'withdrawn' where id = $1", "state"),
        ("update problem set lead = null where id = $1", "lead"),
        ("update problem set shielded = 1 where id = $1", "shielded"),
        ("update problem set first_due_at = first_due_at + 1 where id = $1", "first_due_at"),
        ("update problem set no = 99 where id = $1", "no"),
    ] {
        let fresh = if db.engine() == store::Engine::Sqlite { testkit::sqlite() } else { testkit::postgres() };
        let (stage, q) = written(&fresh.db());
        let no = if column == "no" { 99 } else { 1 };
        let expected = format!(
            "Problem {no}: \"{column}\" is not what its last one, event 8 (closed, 2018-04-26 15:00:00), made it; the row was changed outside the program."
        );
        tamper(&stage, sql, vals![q].into(), &expected);
    }
});

on_both!(a_problem_that_is_gone, |db| {
    let (stage, q) = written(&db);
    stage.exec("delete from sight where problem = $1", vals![q].into());
    stage.exec("delete from attachment where problem = $1", vals![q].into());
    let expected = format!("The problem with id {q} has events, but the problem itself is gone; its row was deleted.");
    tamper(&stage, "delete from problem where id = $1", vals![q].into(), &expected);
});

on_both!(a_seal, |db| {
    let (stage, _) = written(&db);
    let changed = "The seal of 2018-04-16 does not fit the events of that day; the seal or an event was changed, deleted or added.";
    tamper(&stage, "update seal set events = 3 where day = $1", vals!["2018-04-16"].into(), changed);
    stage.exec("update seal set events = 2 where day = '2018-04-16'", vec![]);
    assert_eq!(audit(&stage).broken, None);
    let gone = "2018-04-16 has events but no seal, though later days have one; the seal was deleted, or an event was added later.";
    tamper(&stage, "delete from seal where day = $1", vals!["2018-04-16"].into(), gone);
});

on_both!(a_whole_chain_written_anew_is_told_by_the_seal, |db| {
    let (stage, q) = written(&db);
    // As one would who knows how hashes are made: the receipt one hour earlier, and every hash after it.
    db.write_blocking(move |tx| {
        let rows = tx.query("select id, body, hash from event where thing = $1 order by seq", &vals![q])?;
        let mut before = String::new();
        for (index, row) in rows.iter().enumerate() {
            let mut body = row.string(1)?;
            if index == 2 {
                let at = at("2018-04-16 15:00");
                body = body.replacen(&format!("\"at\":{}", at.0), &format!("\"at\":{}", at.0 - 3_600_000), 1);
                tx.exec("update event set at = $2 where id = $1", &vals![row.text(0)?, at.plus(-3_600_000)])?;
            }
            before = words::sha256(&[before.as_bytes(), b"\n", body.as_bytes()]);
            tx.exec("update event set body = $2, hash = $3 where id = $1", &vals![row.text(0)?, body, &before])?;
        }
        Ok::<_, store::Error>(())
    })
    .unwrap();
    assert_eq!(
        told(&stage),
        "The seal of 2018-04-16 does not fit the events of that day; the seal or an event was changed, deleted or added."
    );
});

on_both!(many_events_are_read_in_pages, |db| {
    let stage = Stage::set(&db);
    let q = stage.in_hand();
    let terms = stage.terms.clone();
    let li = stage.li.clone();
    db.write_blocking(move |tx| -> Result<(), store::terms::Failure> {
        for seen in 3..4_203 {
            let order =
                domain::command::Order { command: Command::Note, words: String::new(), rest: String::new(), seen };
            store::order::perform(tx, &terms, &li, q, &order, at("2018-04-17 10:00"))?;
        }
        Ok(())
    })
    .unwrap();
    stage.dispatched();
    let now = at("2018-05-01 08:00");
    assert_eq!(db.write_blocking(move |tx| seal::seal_days(tx, now)), Ok(3));
    assert_eq!(audit(&stage), Report { events: 4_205, problems: 2, seals: 3, broken: None });
});
