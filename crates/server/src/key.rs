//! The master key in a file of its own, readable by its owner alone; never in the database nor in a backup.

use crate::said::{self, no};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;
use store::words::{MasterKey, hex};

const HEAD: &str = "# 走访通主密钥。请另行妥善保管副本：没有它，备份里的文字无法读出。\n\
                    # Master key of Zoufang. Keep a copy apart from the backups: without it the words in them cannot be read.\n";

/// `None` when there is no such file.
pub fn read(file: &Path) -> anyhow::Result<Option<MasterKey>> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(said::io("读取密钥文件", "Reading the key file", file, &error)),
    };
    match parse(&text) {
        Some(bytes) => Ok(Some(MasterKey::from_bytes(bytes))),
        None => Err(no(
            format!(
                "密钥文件 {} 的内容不是密钥（应有64位十六进制数）。请放回原来的密钥文件，或用 --key 指明。",
                file.display()
            ),
            format!(
                "{} holds no key (64 hexadecimal digits). Put the original key file back, or name it with --key.",
                file.display()
            ),
        )),
    }
}

/// A new key. Of two programs that start together one makes it, the other takes what was made.
pub fn make(file: &Path) -> anyhow::Result<MasterKey> {
    let (master, bytes) = MasterKey::generate().map_err(said::store("生成密钥"))?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut file| {
        file.write_all(format!("{HEAD}{}\n", hex(&bytes)).as_bytes())?;
        file.sync_all()
    });
    match written {
        Ok(()) => Ok(master),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => match read(file)? {
            Some(master) => Ok(master),
            None => Err(said::io("写入密钥文件", "Writing the key file", file, &error)),
        },
        Err(error) => Err(said::io("写入密钥文件", "Writing the key file", file, &error)),
    }
}

pub fn missing(file: &Path) -> anyhow::Error {
    no(
        format!(
            "缺少密钥文件 {}：这个数据库是用密钥建立的，没有它读不出其中的文字。请把原来的密钥文件放回，或用 --key 指明它的位置。",
            file.display()
        ),
        format!(
            "The key file {} is missing. This database was made with a key, without which its words cannot be read. Put the original file back, or say with --key where it is.",
            file.display()
        ),
    )
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    if line.len() != 64 || !line.is_ascii() {
        return None;
    }
    let mut bytes = [0u8; 32];
    for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(line.get(at..at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_key_is_read_as_it_was_written() {
        let text = format!("{}{}\n", super::HEAD, "0a".repeat(32));
        assert_eq!(super::parse(&text), Some([10; 32]));
        for wrong in ["", "0a", &"zz".repeat(32), &"0a".repeat(33), &"密".repeat(32)] {
            assert_eq!(super::parse(wrong), None, "{wrong}");
        }
    }
}
