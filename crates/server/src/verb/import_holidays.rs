//! `import holidays`: takes over notices and moves the due dates of what is open.

use crate::house::{At, House};
use crate::import::{Summary, holidays};
use crate::now::now;
use crate::out::say;
use std::path::PathBuf;

const MORE: &str = "\
JSON：year、papers、days（name、date、isOffDay）。表格：日期、名称、是否休息（是/否），可另有年份、通知两列。
导入后重算所有未办结问题的期限；首次期限不变。
JSON in the form of the shipped files, or a table. Afterwards every open clock is counted anew; first due dates stay.";

#[derive(Debug, clap::Args)]
#[command(after_help = MORE)]
pub struct Args {
    /// 文件，可多个 Files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

pub fn run(at: &At, args: &Args) -> anyhow::Result<()> {
    let notices = holidays::read_all(&args.files)?;
    let house = House::open(at, now())?;
    let summary = holidays::import(&house, notices)?;
    if summary != (Summary { unchanged: summary.unchanged, ..Summary::default() }) {
        let looked = holidays::recompute(&house, &super::serve::runtime()?)?;
        say(&format!("已按新的节假日重算{looked}件未办结问题的期限。 recomputed {looked} open problems"));
    }
    say(&summary.to_string());
    Ok(())
}
