//! `restore`: a backup of either engine into an empty house of either engine, whole or not at all.

use crate::house::{At, open_db};
use crate::now::now;
use crate::out::{counting, say};
use crate::said::{self, no};
use crate::{folder, key};
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use store::files::Files;
use store::words::MasterKey;

const MORE: &str = "\
恢复到空的数据目录（或空的PostgreSQL数据库）。先把原来的密钥文件放到 DIR/zoufang.key，或用 --key 指明。
恢复后逐条核对；有任何不符则什么都不留下。
Into an empty house. Put the original key file there first, or name it with --key. Verified as a whole; when
anything is wrong nothing stays.";

#[derive(Debug, clap::Args)]
#[command(after_help = MORE)]
pub struct Args {
    /// 备份文件 The backup
    pub file: PathBuf,
}

pub fn run(at: &At, args: &Args) -> anyhow::Result<()> {
    let open =
        || File::open(&args.file).map_err(|error| said::io("读取备份", "Reading the backup", &args.file, &error));
    let input = open()?;
    folder::prepare(&at.data)?;
    let key_file = at.key_file();
    let master = key::read(&key_file)?.ok_or_else(|| key::missing(&key_file))?;
    check_key(open()?, &master, &key_file)?;
    let db = open_db(at, now())?;
    let files = Files::open(&at.data).map_err(said::store("打开附件目录"))?;
    let bar = counting("恢复 restoring");
    let shown = bar.clone();
    let counts = store::restore::restore(&db, &files, input, move |rows| shown.set_position(rows));
    bar.finish_and_clear();
    let counts = counts.map_err(said::store("恢复"))?;
    say(&format!(
        "已恢复并逐条核对相符：数据{}行，附件{}个，缺失附件{}个。",
        counts.rows(),
        counts.files,
        counts.missing.len()
    ));
    say(&format!("restored rows {}, files {}, missing files {}", counts.rows(), counts.files, counts.missing.len()));
    Ok(())
}

/// Before anything is written: the words in the backup can be read with one key only. A head that cannot be read is
/// left to `restore`, which says what is wrong with the file.
fn check_key(input: impl Read, master: &MasterKey, file: &Path) -> anyhow::Result<()> {
    let mut head = String::new();
    let read = BufReader::new(GzDecoder::new(input)).take(64 << 10).read_line(&mut head);
    let parsed: serde_json::Value = serde_json::from_str(&head).unwrap_or_default();
    let made_with = parsed.pointer("/zoufang/key").and_then(serde_json::Value::as_str).unwrap_or_default();
    if read.is_err() || made_with.is_empty() || made_with == master.fingerprint() {
        return Ok(());
    }
    let (file, given) = (file.display(), master.fingerprint());
    Err(no(
        format!("密钥文件 {file} 不是这份备份所用的密钥，什么都没有恢复。请放回备份时的密钥文件，或用 --key 指明。"),
        format!(
            "The backup was made with key {made_with}, but {file} holds key {given}; nothing was restored. Put the right key file there, or name it with --key."
        ),
    ))
}
