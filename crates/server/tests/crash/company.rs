//! 200 clients that are gone in the middle of a submission, and 2,000 that say nothing: everything goes on working.

use crate::http::{Conn, post};
use crate::program::{Program, fresh_id, runtime, settle};
use serde_json::json;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

#[test]
fn dropped_and_idle_clients_leave_everything_working() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let token = settle(&data);
    let program = Program::start(&data);
    runtime().block_on(async {
        for number in 0..200 {
            leave_in_the_middle(program.address, &token, number).await;
        }
        works(&program, &token).await;
        let mut idle = Vec::new();
        for number in 0..2_000 {
            match TcpStream::connect(program.address).await {
                Ok(stream) => idle.push(stream),
                Err(error) => {
                    println!("!! only {number} idle connections: {error}; raise `ulimit -n`");
                    break;
                }
            }
        }
        assert!(idle.len() >= 900, "this machine allows only {} connections", idle.len());
        for _ in 0..20 {
            works(&program, &token).await;
        }
        drop(idle);
        tokio::time::sleep(Duration::from_millis(100)).await;
        works(&program, &token).await;
    });
}

/// Half a head or half a body; with a reset or an orderly end.
async fn leave_in_the_middle(address: SocketAddr, token: &str, number: usize) {
    let whole = post(
        "/api/v1/problems",
        token,
        &json!({ "title": "断线", "detail": "走到一半没有信号".repeat(50), "source": "phone" }),
    );
    let length = if number.is_multiple_of(2) { whole.len() / 2 } else { 40 };
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(&whole.as_bytes()[..length]).await.unwrap();
    if number % 4 < 2 {
        stream.set_zero_linger().unwrap();
    }
}

async fn works(program: &Program, token: &str) {
    let mut conn = Conn::open(program.address).await.unwrap();
    let answer = conn
        .post("/api/v1/problems", token, &json!({ "id": fresh_id(), "title": "还能登记", "source": "phone" }))
        .await
        .unwrap();
    assert_eq!(answer.status, 201, "{}", answer.body);
    let list = conn.get("/api/v1/problems?by=newest", token).await.unwrap();
    assert_eq!(list.status, 200, "{}", list.body);
    let first = list.json()["problems"][0]["title"].clone();
    assert_eq!(first, "还能登记", "half a submission became a problem: {first}");
    assert_eq!(conn.get("/readyz", token).await.unwrap().status, 200);
}
