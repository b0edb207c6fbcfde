//! `export problems`: the whole ledger as CSV or Excel workbook.

use crate::export::export;
use crate::house::{At, House};
use crate::now::now;
use crate::out::{measuring, say};
use std::path::PathBuf;

const MORE: &str = "\
每件一行，含编号、状态、单位、期限、正文、反映人；按扩展名写成CSV（UTF-8）或XLSX。可再导入。
要求保密的反映人默认不写出，正文中能认出其人的字样以＊＊代替。
One row a problem. Reporters who asked to be shielded are left out unless asked for.";

#[derive(Debug, clap::Args)]
#[command(after_help = MORE)]
pub struct Args {
    /// 写到哪里：.csv 或 .xlsx Where to
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// 连同要求保密的反映人一并写出 Name shielded reporters too
    #[arg(long)]
    pub with_shielded: bool,
}

pub fn run(at: &At, args: &Args) -> anyhow::Result<()> {
    let house = House::open(at, now())?;
    let bar = measuring("导出 exporting", 0);
    let rows = export(&house, &args.to, args.with_shielded, &mut |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    say(&format!("exported {} problems to {}", rows?, args.to.display()));
    Ok(())
}
