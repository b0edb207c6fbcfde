//! `backup`: everything but the key into one file, while the server goes on working.

use crate::house::{At, House};
use crate::now::now;
use crate::out::{counting, mention, say};
use crate::said::{self, no};
use std::path::PathBuf;

const MORE: &str = "\
数据库和附件写入一个文件，两种数据库格式相同，可互相恢复。密钥不在其中，请另行保管。
Database and files in one format for both engines. The key is not in it: keep a copy of it elsewhere.";

#[derive(Debug, clap::Args)]
#[command(after_help = MORE)]
pub struct Args {
    /// 写到哪里 Where to
    pub file: PathBuf,
    /// 覆盖已有的文件 Replace a file that is there
    #[arg(long)]
    pub overwrite: bool,
}

pub fn run(at: &At, args: &Args) -> anyhow::Result<()> {
    if args.file.exists() && !args.overwrite {
        let file = args.file.display();
        return Err(no(
            format!("{file} 已经存在，没有备份。请换一个文件名，或加 --overwrite 覆盖。"),
            format!("{file} exists already; nothing was saved. Choose another name, or add --overwrite."),
        ));
    }
    let house = House::open(at, now())?;
    let bar = counting("备份 saving");
    let shown = bar.clone();
    let counts =
        store::backup::backup_to(&house.db, &house.files, now(), &args.file, move |rows| shown.set_position(rows));
    bar.finish_and_clear();
    let counts = counts.map_err(said::store("备份"))?;
    if !counts.missing.is_empty() {
        let list = counts.missing.join("\n  ");
        mention(&format!(
            "注意：以下附件在磁盘上缺失或已损坏，不在备份里。 These files are missing or damaged and not in the backup:\n  {list}"
        ));
    }
    say(&format!("已备份到 {}；密钥 {} 不在其中，请另行保管副本。", args.file.display(), at.key_file().display()));
    say(&format!("saved rows {}, files {}, missing files {}", counts.rows(), counts.files, counts.missing.len()));
    Ok(())
}
