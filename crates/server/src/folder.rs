//! The data folder: made when missing, and tried out before anything else is, so that a refusal comes in words.

use crate::said::no;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// Makes the folder if need be and proves that this user may write in it.
pub fn prepare(folder: &Path) -> anyhow::Result<()> {
    if !folder.is_dir() {
        make(folder).map_err(|error| refused(folder, &error))?;
    }
    try_writing(folder).map_err(|error| refused(folder, &error))
}

/// For this user alone: names and phone numbers lie in it.
fn make(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Rights alone do not tell: a read-only mount or a full disk refuses as well.
pub fn try_writing(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".zoufang-probe-{}", std::process::id()));
    let written = fs::write(&probe, b"probe");
    let removed = fs::remove_file(&probe);
    written.and(removed)
}

/// A database file that is there and belongs to somebody else: SQLite would open it for reading and say so only later.
pub fn check_file(file: &Path) -> anyhow::Result<()> {
    match fs::OpenOptions::new().read(true).write(true).open(file) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(no(
            format!(
                "数据库文件 {} 不允许当前用户写入。请用运行服务的用户执行，或用chown把整个数据目录交给当前用户。",
                file.display()
            ),
            format!(
                "This user may not write to the database file {}: {error}. Run this as the user of the server, or give the whole data folder to this user (chown).",
                file.display()
            ),
        )),
    }
}

fn refused(folder: &Path, error: &std::io::Error) -> anyhow::Error {
    let folder = folder.display();
    match error.kind() {
        ErrorKind::PermissionDenied => no(
            format!(
                "数据目录 {folder} 不允许当前用户写入。请用 --data 换一个目录，或把它交给运行本程序的用户（chown）。"
            ),
            format!(
                "This user may not write to the data folder {folder}. Name another with --data, or give the folder to the user who runs this program (chown)."
            ),
        ),
        _ => crate::said::io("使用数据目录", "Using the data folder", Path::new(&folder.to_string()), error),
    }
}
