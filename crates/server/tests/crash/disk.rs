//! A disk that is full: refused in words, nothing lost, and as soon as there is space everything goes on.

use crate::http::Conn;
use crate::program::{BINARY, Program, ended, fresh_id, runtime, serve, settle, verified};
use serde_json::json;
use std::path::Path;
use std::process::Command;

/// A small disk of its own, gone when dropped.
struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    /// `None` where this user may not mount.
    fn of(megabytes: u32) -> Option<Disk> {
        let folder = tempfile::tempdir().unwrap();
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "zoufang-test"])
            .arg(folder.path())
            .output();
        match done {
            Ok(done) if done.status.success() => Some(Disk { folder }),
            other => {
                println!("!! NOT TESTED: a full disk needs `mount -t tmpfs`, which is not permitted here ({other:?}).");
                println!("!! store/tests/trouble.rs tests the same with SQLite's max_page_count.");
                None
            }
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn grow(&self, megabytes: u32) {
        let done = Command::new("mount")
            .args(["-o", &format!("remount,size={megabytes}m")])
            .arg(self.path())
            .status()
            .unwrap();
        assert!(done.success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

#[test]
fn on_a_full_disk_it_refuses_in_words_loses_nothing_and_goes_on_once_there_is_space() {
    let Some(disk) = Disk::of(12) else { return };
    let data = disk.path().join("data");
    let token = settle(&data);
    let program = Program::start(&data);
    let runtime = runtime();
    let mut saved = Vec::new();
    let refused = runtime.block_on(async {
        let mut conn = Conn::open(program.address).await.unwrap();
        loop {
            let body = json!({ "id": fresh_id(), "title": "积水", "detail": "道路积水影响出行".repeat(400), "source": "phone" });
            let answer = conn.post("/api/v1/problems", &token, &body).await.unwrap();
            match answer.status {
                201 => saved.push(answer.json()["id"].as_str().unwrap().to_owned()),
                _ => return answer,
            }
            assert!(saved.len() < 10_000, "the disk does not fill");
        }
    });
    assert_eq!(refused.status, 507, "{}", refused.body);
    assert!(refused.body.contains("磁盘") && refused.body.contains("disk"), "{}", refused.body);
    assert!(saved.len() > 20, "it was full from the beginning: {}", saved.len());

    // Reading goes on all the while, and what was acknowledged is there.
    runtime.block_on(are_there(&program, &token, &saved));
    disk.grow(200);
    runtime.block_on(async {
        let mut conn = Conn::open(program.address).await.unwrap();
        let body = json!({ "id": fresh_id(), "title": "又有空间了", "source": "phone" });
        let answer = conn.post("/api/v1/problems", &token, &body).await.unwrap();
        assert_eq!(answer.status, 201, "it did not recover by itself: {}", answer.body);
        saved.push(answer.json()["id"].as_str().unwrap().to_owned());
    });
    program.kill();
    let program = Program::start(&data);
    runtime.block_on(are_there(&program, &token, &saved));
    program.kill();
    assert!(verified(&data).contains(&format!("problems {}", saved.len())));
}

#[test]
fn on_a_disk_that_is_full_already_it_says_so_and_does_not_start() {
    let Some(disk) = Disk::of(1) else { return };
    std::fs::write(disk.path().join("filler"), vec![1u8; 900 << 10]).unwrap();
    let done = ended(&mut serve(BINARY, &disk.path().join("data")));
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(said.contains("磁盘") && said.contains("disk"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

async fn are_there(program: &Program, token: &str, ids: &[String]) {
    let mut conn = Conn::open(program.address).await.unwrap();
    for id in ids {
        let answer = conn.get(&format!("/api/v1/problems/{id}"), token).await.unwrap();
        assert_eq!(answer.status, 200, "acknowledged, then lost: {id} {}", answer.body);
    }
}
