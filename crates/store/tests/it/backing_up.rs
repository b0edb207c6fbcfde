//! Backups: across engines and back, and refusing what is not whole.

use crate::attaching::attach;
use crate::stage::{Stage, at, id_of};
use bytes::Bytes;
use domain::command::Command;
use domain::problem::Outcome;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};
use std::sync::{Arc, Mutex};
use store::backup::{Counts, backup, dump};
use store::files::Files;
use store::restore::restore;
use store::session::{self, TokenDigest};
use store::{Db, Engine, Error, seal, tables, vals, words};
use testkit::on_both;

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

struct Folder {
    files: Files,
    folder: tempfile::TempDir,
}

fn folder() -> Folder {
    let folder = tempfile::tempdir().unwrap();
    Folder { files: Files::open(folder.path()).unwrap(), folder }
}

impl Folder {
    fn is_empty(&self) -> bool {
        let entries =
            |path: std::path::PathBuf| std::fs::read_dir(path).into_iter().flatten().flatten().map(|it| it.path());
        entries(self.folder.path().join("files")).all(|it| entries(it).next().is_none())
    }
}

fn back_up(db: &Db, files: &Files) -> (Vec<u8>, Counts) {
    let out = Shared::default();
    let counts = backup(db, files, at("2018-06-01 03:00"), out.clone(), |_| {}).unwrap();
    let bytes = out.0.lock().unwrap().clone();
    (bytes, counts)
}

fn put_back(db: &Db, files: &Files, bytes: Vec<u8>) -> store::Result<Counts> {
    restore(db, files, Cursor::new(bytes), |_| {})
}

fn dumped(db: &Db) -> String {
    db.read_blocking(dump).unwrap()
}

/// Something in every table.
fn full(db: &Db, files: &Files) -> Stage {
    let stage = Stage::set(db);
    let q = stage.closed();
    let planned = stage.in_hand();
    stage.answer(planned, Outcome::Planned, Some("2018-05-14"), "2018-04-24 10:00");
    stage.act(&stage.taihe, planned, Command::Shield { on: true }, "2018-04-24 11:00").unwrap();
    let b = stage.registered(at("2018-04-27 10:00"));
    stage.act(&stage.zhou, b, Command::Merge { into: planned }, "2018-04-27 11:00").unwrap();
    stage.tick("2018-05-29 10:00");
    let big: Vec<u8> = (0..2_000_000_u32).map(|it| (it.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let digests = testkit::runtime().block_on(async {
        (files.put(Bytes::from_static(b"abc")).await.unwrap(), files.put(Bytes::from(big)).await.unwrap())
    });
    let pictures = [("现场.png", &digests.0, 3), ("又一张.png", &digests.0, 3), ("大.png", &digests.1, 2_000_000)]
        .map(|it| attach(&stage, q, it.0, it.1, it.2));
    let (li, wang, taihe) = (id_of(&stage.li), id_of(&stage.wang), stage.reporter);
    let (economy, terms, by) = (stage.economy, stage.terms.clone(), stage.zhou.clone());
    db.write_blocking(move |tx| -> Result<(), store::terms::Failure> {
        let now = at("2018-05-01 08:00");
        for it in &pictures {
            store::attachment::insert(tx, it)?;
        }
        while seal::seal_days(tx, at("2018-06-01 00:10"))? > 0 {}
        session::start(tx, li, &TokenDigest::of("token"), now, 1)?;
        session::make_link(tx, &domain::role::Actor::System, li, &TokenDigest::of("link"), now, 1)?;
        store::person::insert_deputy(tx, li, wang, now, now.plus(1), now)?;
        store::look::insert(tx, Some(wang), &q.to_string(), "reporter", now)?;
        store::reporter::set_link(tx, taihe, "reporter's")?;
        store::terms::save_rules(tx, &terms.rules)?;
        words::destroy_key(tx, &q.to_string())?;
        // Ids of one millisecond are in no order: children may stand before their parents.
        for name in ["一科", "二科", "三科", "四科", "五科", "六科"] {
            let division = store::unit::insert(tx, name, "", Some(economy), now)?;
            store::unit::insert(tx, &format!("{name}一组"), "Group", Some(division), now)?;
        }
        let water = store::category::insert(
            tx,
            "供水",
            "Water",
            Some(domain::clock::Span::Hours(24)),
            &["照片".into(), "情况说明".into()],
            now,
        )?;
        let pipes = store::category::insert(tx, "管道", "", None, &[], now)?;
        tx.exec("update category set parent = $2 where id = $1", &vals![water, pipes])?;
        doorstep(tx, li, economy, &terms, &by)?;
        Ok(())
    })
    .unwrap();
    stage
}

/// A row in every table of the doorstep: what they say does not matter here, only that they come back.
fn doorstep(
    tx: &mut dyn store::Tx,
    person: domain::id::PersonId,
    unit: domain::id::UnitId,
    terms: &store::terms::Terms,
    by: &domain::role::Actor,
) -> Result<(), store::terms::Failure> {
    let first = format!(
        "insert into import_run (id, kind, file, done_rows, at) values ('run', 'unit', 'a.xlsx', 7, 1);
         insert into import_reject (run, line, field, zh, en, cells) values ('run', 3, 'code', '错', 'wrong', '[]');
         insert into import_change (run, place, thing, before) values ('run', 1, '01890000-0000-7000-8000-000000000001', '');
         insert into import_map (kind, source, map) values ('problems', '台账', '{{}}');
         insert into subject (id, no, kind, name, code, officer, revision, made_at, changed_at)
           values ('01890000-0000-7000-8000-000000000001', 1, 'enterprise', '泰和电子有限公司', '91330101143041950C', '{person}', 1, 1, 1);
         insert into contact (id, subject, name, made_at, changed_at) values ('c', '01890000-0000-7000-8000-000000000001', '林泰和', 1, 1);"
    );
    tx.batch(&first)?;
    // A visit has events, and the audit of a restored backup looks at both.
    let plan = domain::visit::Plan {
        id: "01890000-0000-7000-8000-000000000002".parse().unwrap(),
        subject: "01890000-0000-7000-8000-000000000001".parse().unwrap(),
        campaign: None,
        round: None,
        team: None,
        unit,
        officer: person,
        people: Default::default(),
        purpose: domain::visit::Purpose::Visit,
        when: domain::visit::When { day: "2018-04-13".parse().unwrap(), until: None, minute: None },
    };
    store::visit::plan(tx, terms, plan, by, at("2018-06-01 00:20"))?;
    let rows = format!(
        "insert into campaign (id, no, name, from_day, to_day, revision, made_at) values ('y', 1, '百千万', '2018-03-01', '2018-12-31', 1, 1);
         insert into round (id, no, campaign, name, from_day, to_day, revision, made_at)
           values ('r', 1, 'y', '集中走访', '2018-04-13', '2018-04-30', 1, 1);
         insert into team (id, round, unit, name, made_at) values ('t', 'r', '{unit}', '经发局组', 1);
         insert into team_member (team, person) values ('t', '{person}');
         insert into view (id, person, name, query, made_at) values ('w', '{person}', '超时的', 'light=red', 1);
         insert into assignment (round, subject, team, visits, visit, visited_on, made_at) values ('r', '01890000-0000-7000-8000-000000000001', 't', 1, '01890000-0000-7000-8000-000000000002', '2018-04-13', 1);
         insert into questionnaire (id, code, made_at) values ('q', 'status', 1);
         insert into questionnaire_version (id, questionnaire, version, body, made_at) values ('qv', 'q', 1, '{{}}', 1);
         insert into round_questionnaire (round, questionnaire, place) values ('r', 'q', 0);
         insert into policy (id, title, made_at) values ('p', '减负惠企', 1);
         insert into visit_viewer (viewer, visit, no, day, subject) values ('t', '01890000-0000-7000-8000-000000000002', 1, '2018-04-13', '01890000-0000-7000-8000-000000000001');
         insert into visit_version (visit, version, body, at, reason) values ('01890000-0000-7000-8000-000000000002', 1, '{{}}', 1, '补充');
         insert into response (visit, version, question, place, choice, value, subject, round) values ('01890000-0000-7000-8000-000000000002', 'qv', 'now', 0, 'better', '好转', '01890000-0000-7000-8000-000000000001', 'r');
         insert into finding (id, visit, subject, campaign, kind, text) values ('f', '01890000-0000-7000-8000-000000000002', '01890000-0000-7000-8000-000000000001', 'y', 'voice', '新声音');
         insert into promise (id, visit, subject, campaign, text, owner, due, state, revision)
           values ('m', '01890000-0000-7000-8000-000000000002', '01890000-0000-7000-8000-000000000001', 'y', '三天内答复', '{person}', '2018-04-16', 'open', 1);
         insert into visit_policy (visit, policy, edition, campaign) values ('01890000-0000-7000-8000-000000000002', 'p', '2018版', 'y');
         insert into grid_mark (thing, cell, kind, campaign) values ('01890000-0000-7000-8000-000000000002', 'enterprise.projects', 'visit', 'y');
         {}",
        attendance(person, unit)
    );
    tx.batch(&rows)?;
    Ok(())
}

/// A row of each table of attendance.
fn attendance(person: domain::id::PersonId, unit: domain::id::UnitId) -> String {
    let (site, punch) = ("01890000-0000-7000-8000-0000000000a1", "01890000-0000-7000-8000-0000000000a2");
    format!(
        "insert into site (id, no, name, permit, owner, contractor, secret, revision, made_at, changed_at)
           values ('{site}', 1, '三号楼', '330100-1', '{unit}', '{unit}', 'x', 1, 1, 1);
         insert into staff (site, person, firm, posts, made_at) values ('{site}', '{person}', '{unit}', '安全员', 1);
         insert into identity (person, sealed, digest, shown, made_at) values ('{person}', 'x', 'd', '3301…34', 1);
         insert into certificate (id, person, post, number, from_day, to_day, made_at) values ('ce', '{person}', '安全员', '1', '2018-01-01', '2018-12-31', 1);
         insert into stage_plan (site, version, state, effective_from, revision, body) values ('{site}', 1, 'filed', '2018-04-02', 1, '{{}}');
         insert into plan_person (person, site, version, from_day, to_day) values ('{person}', '{site}', 1, '2018-04-02', '2018-06-29');
         insert into leave (id, person, from_day, to_day, state, revision, body) values ('le', '{person}', '2018-04-02', '2018-04-03', 'asked', 1, '{{}}');
         insert into substitute (id, site, person, instead_of, from_day, to_day, state, revision, body) values ('su', '{site}', '{person}', '{person}', '2018-04-02', '2018-04-03', 'asked', 1, '{{}}');
         insert into consent (owner, kind, thing, asked_at) values ('{unit}', 'leave', 'le', 1);
         insert into site_exit (id, person, site, last_day, filed_at) values ('ex', '{person}', '{site}', '2018-04-02', 1);
         insert into site_call (id, person, site, called_at, day) values ('ca', '{person}', '{site}', 1, '2018-04-02');
         insert into key_period (id, site, from_day, to_day, made_at) values ('kp', '{site}', '2018-04-02', '2018-04-03', 1);
         insert into punch (id, person, site, at, day, received, way) values ('{punch}', '{person}', '{site}', 1, '2018-04-02', 1, 'qr');
         insert into ruling (punch, at, accepted) values ('{punch}', 2, 1);
         insert into appeal (id, no, person, site, day, state, revision, body) values ('ap', 1, '{person}', '{site}', '2018-04-02', 'open', 1, '{{}}');
         insert into verdict (site, day, person, seq, verdict, reason, body, at, cause) values ('{site}', '2018-04-02', '{person}', 1, 'absent', 'no-punch', '{{}}', 1, 'closed');
         insert into duty (site, person, day, due, reason) values ('{site}', '{person}', '2018-04-02', 'must', 'no-punch');
         insert into site_today (site, day) values ('{site}', '2018-04-02');
         insert into attendance_rules (effective_from, entered_at, body) values ('2018-04-02', 1, '{{}}');
         insert into notice (id, box, kind, detail, at, site) values ('01890000-0000-7000-8000-0000000000a3', 'role:bureau', 'plan-filed', '1', 1, '{site}');"
    )
}

#[test]
fn from_sqlite_to_postgresql_and_back_nothing_changes() {
    if testkit::skip_postgres() {
        return;
    }
    let (first, second, third) = (testkit::sqlite(), testkit::postgres(), testkit::sqlite());
    let folders = [folder(), folder(), folder()];
    let stage = full(&first.db(), &folders[0].files);
    let before = dumped(&first.db());
    assert!(
        tables::tables().iter().all(|it| !before.contains(&format!("{} ({})\n\n", it.name, it.columns.join(", ")))),
        "{before}"
    );
    let (bytes, counts) = back_up(&first.db(), &folders[0].files);
    assert_eq!((counts.files, counts.missing.len()), (2, 0));
    assert_eq!(put_back(&second.db(), &folders[1].files, bytes).unwrap(), counts);
    assert_eq!(dumped(&second.db()), before);
    let (bytes, again) = back_up(&second.db(), &folders[1].files);
    assert_eq!(again, counts);
    put_back(&third.db(), &folders[2].files, bytes).unwrap();
    assert_eq!(dumped(&third.db()), before);
    for (db, folder) in [(second.db(), &folders[1]), (third.db(), &folders[2])] {
        let found = |text: &'static str| {
            db.read_blocking(move |tx| store::search::find(tx, text, None, store::search::Way::Newest, i64::MAX, 10))
                .unwrap()
        };
        assert_eq!((found("夜间停水").len(), found("泰和电子").len(), found("不存在的词").len()), (3, 3, 0));
        assert_eq!(testkit::runtime().block_on(folder.files.get(&words::sha256(&[b"abc"]))).unwrap().as_ref(), b"abc");
        let sessions = db.read_blocking(|tx| tx.query_one("select count(*) from session", &[])?.int(0)).unwrap();
        assert_eq!(sessions, 0, "whoever was signed in then is not now");
        // Work goes on: the next number, the next event.
        let next = Stage { db: db.clone(), ..stage.clone() };
        let id = next.registered(at("2018-06-02 10:00"));
        assert_eq!(next.find(id).no, 4);
    }
}

on_both!(only_an_empty_database_is_restored_into, |db| {
    let from = testkit::sqlite();
    let (first, second) = (folder(), folder());
    Stage::set(&from.db());
    let (bytes, _) = back_up(&from.db(), &first.files);
    put_back(&db, &second.files, bytes.clone()).unwrap();
    let before = dumped(&db);
    let error = put_back(&db, &second.files, bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Nothing was restored: this database is not empty (table setting has rows). Restore into a new one."
    );
    assert_eq!(dumped(&db), before);
});

fn unzip(bytes: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

fn zip(text: &str) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap()
}

/// With a digest that fits again.
fn resigned(text: &str) -> String {
    let body = &text[..text.trim_end().rfind('\n').unwrap() + 1];
    format!("{body}{{\"sha256\":\"{}\"}}\n", words::sha256(&[body.as_bytes()]))
}

on_both!(what_is_cut_off_or_changed_is_refused_and_leaves_nothing, |db| {
    let from = testkit::sqlite();
    let (first, target) = (folder(), folder());
    full(&from.db(), &first.files);
    let (bytes, _) = back_up(&from.db(), &first.files);
    let empty = dumped(&db);
    let text = unzip(&bytes);
    assert_eq!(resigned(&text), text);
    let refused = |bytes: Vec<u8>, why: &str| {
        let error = put_back(&db, &target.files, bytes).unwrap_err();
        let Error::Backup(told) = &error else { panic!("{error:?}") };
        assert!(
            told.starts_with("The backup was refused and nothing was restored: ") && told.contains(why),
            "{why}: {told}"
        );
        assert_eq!(dumped(&db), empty);
        assert!(target.is_empty(), "{why}");
    };
    for share in [0, 1, 10, 1000, 3000, 9999] {
        refused(bytes[..bytes.len() * share / 10_000].to_vec(), "cut off");
    }
    refused(bytes[..bytes.len() - 1].to_vec(), "");
    let lines = text.lines().count();
    for cut in [1, 2, 30, lines / 2, lines - 2, lines - 1] {
        let part: String = text.split_inclusive('\n').take(cut).collect();
        refused(zip(&part), "cut off");
    }
    let mut flipped = bytes.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    refused(flipped, "");
    refused(zip(&text.replace("泰和电子", "东海机械")), "digest");
    refused(zip(&format!("{text}[]\n")), "something follows");
    refused(b"PK\x03\x04 no backup at all".to_vec(), "no backup");
    refused(zip("{\"other\":1}\n"), "line 1");
    // One who makes the digest fit is found out by the counts, by the chains, or by the files' own names.
    let notice = text.lines().find(|it| it.contains("\"follow-up\"")).unwrap();
    refused(zip(&resigned(&text.replace(&format!("{notice}\n"), ""))), "as many rows");
    refused(zip(&resigned(&text.replace("夜间停水", "夜间停电"))), "title or text is not what was registered");
    refused(zip(&resigned(&text.replace("\"YWJj\"", "\"YWJk\""))), "was changed");
    refused(zip(&resigned(&text.replacen("\"made_at\"", "\"sealed_at\"", 1))), "line 1");
    let newer = put_back(&db, &target.files, zip(&resigned(&text.replacen("\"schema\":", "\"schema\":9", 1))));
    assert!(matches!(newer, Err(Error::Newer { .. })), "{newer:?}");
    put_back(&db, &target.files, bytes).unwrap();
    assert_eq!(dumped(&db), dumped(&from.db()));
});

on_both!(a_file_that_is_gone_keeps_nothing_else_from_being_saved, |db| {
    let (first, second) = (folder(), folder());
    full(&db, &first.files);
    let gone = words::sha256(&[b"abc"]);
    std::fs::remove_file(first.folder.path().join("files").join(&gone[..2]).join(&gone[2..])).unwrap();
    let (bytes, counts) = back_up(&db, &first.files);
    assert_eq!((counts.files, &counts.missing), (1, &vec![gone]));
    let target = testkit::sqlite();
    assert_eq!(put_back(&target.db(), &second.files, bytes).unwrap(), counts);
});

on_both!(every_table_and_column_of_the_schema_is_in_the_list, |db| {
    let columns = db
        .read_blocking(|tx| match tx.engine() {
            Engine::Sqlite => tx.query(
                "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like '%\\_words\\_%' escape '\\'",
                &[],
            ),
            Engine::Postgres => tx.query(
                "select cast(table_name as text), cast(column_name as text) from information_schema.columns where table_schema = 'public'",
                &[],
            ),
        })
        .unwrap();
    let pair = |table: &str, column: &str| (table.to_owned(), column.to_owned());
    let schema: BTreeSet<_> = columns
        .iter()
        .map(|row| pair(row.text(0).unwrap(), row.text(1).unwrap()))
        .filter(|it| !tables::LEFT_OUT.contains(&it.0.as_str()))
        .collect();
    let list: BTreeSet<_> =
        tables::tables().iter().flat_map(|it| it.columns.iter().map(|column| pair(it.name, column))).collect();
    assert_eq!(list, schema);
});
