//! The machine under the numbers: its load, its processor, and how fast its disk makes bytes durable.

use anyhow::{Context, Result};
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

pub fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let three: Vec<&str> = text.split(' ').take(3).collect();
    format!("load {}", three.join(" "))
}

pub fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib: u64 = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next()?.parse().ok())
        .unwrap_or(0);
    format!("{cores} cores, {} GB, {}", kib / 1_000_000, load())
}

/// Four KiB written over the same place and made durable, as a commit does: how many a second.
pub fn syncs(folder: &Path) -> Result<f64> {
    let path = folder.join("fdatasync.probe");
    let mut file = File::create(&path).context("the probe of the disk")?;
    file.write_all(&vec![1; 1 << 20])?;
    file.sync_all()?;
    let (started, mut count) = (Instant::now(), 0u32);
    while started.elapsed() < Duration::from_secs(1) {
        file.seek(SeekFrom::Start(u64::from(count % 256) * 4096))?;
        file.write_all(&[count as u8; 4096])?;
        file.sync_data()?;
        count += 1;
    }
    let rate = f64::from(count) / started.elapsed().as_secs_f64();
    drop(file);
    fs::remove_file(path)?;
    Ok(rate)
}
