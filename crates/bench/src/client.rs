//! An HTTP client for load: connections kept alive, in a closed loop or at an open rate.

use anyhow::{Result, bail};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Conn {
    stream: TcpStream,
    /// What came after the last answer; nothing, since requests are not sent ahead.
    buffer: Vec<u8>,
}

pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Conn {
    pub async fn open(address: SocketAddr) -> io::Result<Conn> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Conn { stream, buffer: Vec::with_capacity(64 << 10) })
    }

    pub async fn ask(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head_end = loop {
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let head = String::from_utf8_lossy(&self.buffer[..head_end]).to_ascii_lowercase();
        let status = head.get(9..12).and_then(|it| it.parse().ok()).ok_or_else(|| broken("no status"))?;
        let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let body = match (field("content-length:").map(str::parse::<usize>), field("transfer-encoding:")) {
            (Some(Ok(length)), _) => {
                while self.buffer.len() < head_end + length {
                    self.more().await?;
                }
                self.buffer[head_end..head_end + length].to_vec()
            }
            (_, Some("chunked")) => self.chunks(head_end).await?,
            _ => Vec::new(),
        };
        Ok(Answer { status, body })
    }

    async fn chunks(&mut self, mut at: usize) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line_end = loop {
                match find(&self.buffer[at..], b"\r\n") {
                    Some(end) => break at + end,
                    None => self.more().await?,
                }
            };
            let size = std::str::from_utf8(&self.buffer[at..line_end])
                .ok()
                .and_then(|it| usize::from_str_radix(it.trim(), 16).ok());
            let size = size.ok_or_else(|| broken("no chunk size"))?;
            let from = line_end + 2;
            while self.buffer.len() < from + size + 2 {
                self.more().await?;
            }
            body.extend_from_slice(&self.buffer[from..from + size]);
            at = from + size + 2;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    async fn more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(broken("the server closed the connection")),
            _ => Ok(()),
        }
    }
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|it| it == what)
}

/// A page as a browser asks for it; `gzip` as all of them do.
pub fn page(path: &str, token: &str, gzip: bool) -> Vec<u8> {
    let accept = if gzip { "Accept-Encoding: gzip\r\n" } else { "" };
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\nCookie: zf={token}\r\n{accept}\r\n").into_bytes()
}

pub fn post(path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// What a run of requests gave: latencies in microseconds, sorted.
#[derive(Default)]
pub struct Load {
    pub took: Duration,
    pub latencies: Vec<u64>,
}

impl Load {
    pub fn count(&self) -> f64 {
        self.latencies.len() as f64
    }

    pub fn rate(&self) -> f64 {
        self.count() / self.took.as_secs_f64()
    }

    /// In milliseconds; `share` of 0.99 for p99.
    pub fn quantile(&self, share: f64) -> f64 {
        let at = (self.count() * share).ceil() as usize;
        self.latencies.get(at.saturating_sub(1)).map_or(f64::NAN, |it| *it as f64 / 1000.0)
    }

    fn of(took: Duration, lists: Vec<Vec<u64>>) -> Load {
        let mut latencies = lists.concat();
        latencies.sort_unstable();
        Load { took, latencies }
    }
}

pub type Make = Arc<dyn Fn(u64) -> Vec<u8> + Send + Sync>;

/// Each connection asks again as soon as it is answered. Any answer above 299 ends the run: a fast refusal is no work.
pub async fn closed(address: SocketAddr, connections: usize, time: Duration, make: Make) -> Result<Load> {
    drive(address, connections, u64::MAX, time, make).await
}

/// The same for `count` requests, however long they take.
pub async fn counted(address: SocketAddr, connections: usize, count: u64, make: Make) -> Result<Load> {
    drive(address, connections, count, Duration::MAX, make).await
}

async fn drive(address: SocketAddr, connections: usize, count: u64, time: Duration, make: Make) -> Result<Load> {
    let number = Arc::new(AtomicU64::new(0));
    let mut open = Vec::with_capacity(connections);
    for _ in 0..connections {
        open.push(Conn::open(address).await?);
    }
    let started = Instant::now();
    let tasks: Vec<_> = open
        .into_iter()
        .map(|mut conn| {
            let (number, make) = (number.clone(), make.clone());
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                while started.elapsed() < time {
                    let own = number.fetch_add(1, Ordering::Relaxed);
                    if own >= count {
                        break;
                    }
                    let request = make(own);
                    let sent = Instant::now();
                    well(&conn.ask(&request).await?)?;
                    latencies.push(sent.elapsed().as_micros() as u64);
                }
                Ok::<_, anyhow::Error>(latencies)
            })
        })
        .collect();
    let mut lists = Vec::new();
    for task in tasks {
        lists.push(task.await??);
    }
    Ok(Load::of(started.elapsed(), lists))
}

/// `rate` requests a second whatever the answers do; a latency counts from the moment the request was due.
pub async fn open(address: SocketAddr, rate: u32, time: Duration, make: Make) -> Result<Load> {
    const CONNECTIONS: u32 = 40;
    let count = (f64::from(rate) * time.as_secs_f64()) as u32;
    let mut conns = Vec::new();
    for _ in 0..CONNECTIONS {
        conns.push(Conn::open(address).await?);
    }
    let started = Instant::now() + Duration::from_millis(20);
    let tasks: Vec<_> = (0..)
        .zip(conns)
        .map(|(first, mut conn): (u32, Conn)| {
            let make = make.clone();
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                for number in (first..count).step_by(CONNECTIONS as usize) {
                    let due = started + Duration::from_secs_f64(f64::from(number) / f64::from(rate));
                    wait_for(due).await;
                    well(&conn.ask(&make(number.into())).await?)?;
                    latencies.push(due.elapsed().as_micros() as u64);
                }
                Ok::<_, anyhow::Error>(latencies)
            })
        })
        .collect();
    let mut lists = Vec::new();
    for task in tasks {
        lists.push(task.await??);
    }
    Ok(Load::of(started.elapsed(), lists))
}

/// Tokio's timer counts whole milliseconds and rounds up; the rest would be added to every latency.
async fn wait_for(due: Instant) {
    let early = due - Duration::from_micros(1_500);
    tokio::time::sleep_until(early.into()).await;
    while Instant::now() < due {
        tokio::task::yield_now().await;
    }
}

fn well(answer: &Answer) -> Result<()> {
    if answer.status > 299 {
        bail!(
            "status {}: {}",
            answer.status,
            String::from_utf8_lossy(&answer.body).chars().take(300).collect::<String>()
        );
    }
    Ok(())
}
