//! Attachments and the files behind them.

use crate::stage::{Stage, at};
use bytes::Bytes;
use domain::access::Party;
use domain::command::Command;
use domain::id::{AttachmentId, ProblemId};
use domain::refusal::Refusal;
use store::attachment::{self, Attachment};
use store::files::Files;
use store::terms::Failure;
use store::{Error, ids};
use testkit::on_both;

pub fn attach(stage: &Stage, problem: ProblemId, name: &str, digest: &str, size: i64) -> Attachment {
    let now = at("2018-04-16 16:00");
    Attachment {
        id: AttachmentId(ids::fresh(now)),
        problem,
        name: name.into(),
        media: "image/png".into(),
        size,
        sha256: digest.into(),
        by: stage.li.person(),
        at: now,
        checked: false,
    }
}

on_both!(a_retry_attaches_once, |db| {
    let stage = Stage::set(&db);
    let (q, other) = (stage.in_hand(), stage.registered(at("2018-04-17 10:00")));
    let new = attach(&stage, q, "现场.png", &"a".repeat(64), 3);
    let insert = |new: &Attachment| {
        let new = new.clone();
        db.write_blocking(move |tx| attachment::insert(tx, &new))
    };
    let first = insert(&new).unwrap();
    assert_eq!(first, Attachment { checked: true, ..new.clone() });
    assert_eq!(insert(&new).unwrap(), first);
    let reused = [Attachment { problem: other, ..new.clone() }, Attachment { sha256: "b".repeat(64), ..new.clone() }];
    for changed in reused {
        assert_eq!(insert(&changed), Err(Failure::Refusal(Refusal::ClientIdReused)));
    }
    let nowhere = attach(&stage, ProblemId(ids::fresh(at("2018-04-16 16:00"))), "a.png", "", 0);
    assert_eq!(insert(&nowhere), Err(Failure::Refusal(Refusal::NotFound)));
    assert_eq!(db.read_blocking(move |tx| attachment::list(tx, q, 100)), Ok(vec![first]));
});

on_both!(of_a_shielded_reporter_the_office_looks_first, |db| {
    let stage = Stage::set(&db);
    let q = stage.in_hand();
    let new = attach(&stage, q, "现场.png", &"a".repeat(64), 3);
    let found = || db.read_blocking(move |tx| attachment::list(tx, q, 100)).unwrap().remove(0);
    db.write_blocking(move |tx| attachment::insert(tx, &new)).unwrap();
    assert!(found().checked);
    stage.act(&stage.taihe, q, Command::Shield { on: true }, "2018-04-16 17:00").unwrap();
    let (one, p) = (found(), stage.find(q).problem);
    assert!(!one.checked && !one.shown_to(&p, &[Party::LeadClerk(stage.economy)], stage.li.person()));
    assert!(one.shown_to(&p, &[Party::Supervision], None) && !one.shown_to(&p, &[Party::Reporter], None));
    let check = |who: &domain::role::Actor| {
        let (who, id) = (who.clone(), one.id);
        db.write_blocking(move |tx| attachment::check(tx, &who, id))
    };
    assert_eq!(check(&stage.wang), Err(Failure::Refusal(Refusal::NotYourRole)));
    check(&stage.zhou).unwrap();
    assert!(found().shown_to(&p, &[Party::LeadClerk(stage.economy)], stage.li.person()));
});

#[test]
fn files_are_found_by_their_digest_and_a_changed_one_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::open(folder.path()).unwrap();
    testkit::runtime().block_on(async {
        let digest = files.put(Bytes::from_static(b"abc")).await.unwrap();
        assert_eq!(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(files.put(Bytes::from_static(b"abc")).await.unwrap(), digest);
        assert_eq!(files.get(&digest).await.unwrap().as_ref(), b"abc");
        let file = folder.path().join("files/ba").join(&digest[2..]);
        assert_eq!(std::fs::read_dir(folder.path().join("files/ba")).unwrap().count(), 1);
        std::fs::write(&file, b"abd").unwrap();
        assert!(matches!(files.get(&digest).await, Err(Error::Disk(_))));
        for unknown in ["", "../../../etc/passwd", &"0".repeat(64), &digest.to_uppercase()] {
            assert_eq!(files.get(unknown).await, Err(Error::NotFound), "{unknown}");
        }
    });
}
