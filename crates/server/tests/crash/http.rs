//! As much of an HTTP client as these tests need; every await has an end.

use serde_json::Value;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

pub struct Conn {
    stream: TcpStream,
    buffer: Vec<u8>,
}

pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }
}

impl Conn {
    pub async fn open(address: SocketAddr) -> io::Result<Conn> {
        Ok(Conn { stream: TcpStream::connect(address).await?, buffer: Vec::new() })
    }

    pub async fn get(&mut self, path: &str, token: &str) -> io::Result<Answer> {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\n\r\n")).await
    }

    pub async fn post(&mut self, path: &str, token: &str, body: &Value) -> io::Result<Answer> {
        self.ask(&post(path, token, body)).await
    }

    async fn ask(&mut self, request: &str) -> io::Result<Answer> {
        timeout(PATIENCE, self.ask_for_ever(request)).await.map_err(|_| io::Error::other("no answer in time"))?
    }

    async fn ask_for_ever(&mut self, request: &str) -> io::Result<Answer> {
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        loop {
            if let Some(answer) = whole(&self.buffer) {
                return Ok(answer);
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

pub fn post(path: &str, token: &str, body: &Value) -> String {
    let body = body.to_string();
    format!(
        "POST {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// The server always says how long an answer is that is not packed.
fn whole(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|it| it == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..end]).ok()?.to_ascii_lowercase();
    let status = head.get(9..12)?.parse().ok()?;
    let length: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |it| it.trim().parse().unwrap_or(0));
    let body = bytes.get(end..end + length)?;
    Some(Answer { status, body: String::from_utf8_lossy(body).into_owned() })
}
