//! The real server as a process of its own: started, its processor time and private memory read, ended.

use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub struct Server {
    child: Child,
    pub address: SocketAddr,
    pub started: Instant,
}

/// Beside this program: both are built into one folder by `cargo xtask bench`.
pub fn zoufang() -> Result<PathBuf> {
    let file = std::env::current_exe()?.with_file_name("zoufang");
    if !file.exists() {
        bail!("{} is missing; run `cargo xtask bench`, which builds it", file.display());
    }
    Ok(file)
}

/// Runs a verb of the command line to its end.
pub fn verb(args: &[&str], data: &Path) -> Result<()> {
    let done = Command::new(zoufang()?).args(args).arg("--data").arg(data).output()?;
    if !done.status.success() {
        bail!("zoufang {}: {}", args.join(" "), String::from_utf8_lossy(&done.stderr));
    }
    Ok(())
}

impl Server {
    pub fn start(data: &Path) -> Result<Server> {
        Server::start_on(data, None)
    }

    pub fn start_on(data: &Path, database: Option<&str>) -> Result<Server> {
        let mut command = Command::new(zoufang()?);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        command.args(database.iter().flat_map(|url| ["--database", *url]));
        let log = fs::File::create(data.join("bench.log"))?;
        Server::of(command.stderr(log))
    }

    /// Anything that prints its address as the last word of a line "ready: http://…".
    pub fn of(command: &mut Command) -> Result<Server> {
        let started = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        for line in &mut lines {
            if let Some(address) = line?.strip_prefix("ready: http://") {
                let address = address.trim().parse()?;
                // Whatever else it says must not fill the pipe.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok(Server { child, address, started });
            }
        }
        let _ = child.kill();
        bail!("the server ended before it was ready")
    }

    /// User and system time so far, in steps of 10 ms.
    pub fn cpu(&self) -> Result<Duration> {
        cpu_of(&self.child.id().to_string())
    }

    /// Bytes that are its alone.
    pub fn private(&self) -> Result<u64> {
        let text = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id()))?;
        let kib = |line: &str| line.split_whitespace().nth(1).and_then(|it| it.parse::<u64>().ok()).unwrap_or(0);
        Ok(text.lines().filter(|line| line.starts_with("Private_")).map(kib).sum::<u64>() * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ =
            rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), rustix::process::Signal::TERM);
        for _ in 0..600 {
            if matches!(self.child.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Processor time of this program, all threads.
pub fn own_cpu() -> Result<Duration> {
    cpu_of("self")
}

fn cpu_of(process: &str) -> Result<Duration> {
    let text = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name in brackets may hold blanks; the fields after it do not.
    let after = text.rsplit_once(')').context("/proc/stat has no name")?.1;
    let fields: Vec<u64> = after.split_whitespace().skip(11).take(2).filter_map(|it| it.parse().ok()).collect();
    let ticks: u64 = fields.iter().sum();
    Ok(Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64))
}

pub fn mb(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
