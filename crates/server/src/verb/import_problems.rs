//! `import problems`: registers the rows of a table, each once however often the file is imported.

use crate::house::{At, House};
use crate::import::problems::{Wish, import};
use crate::now::now;
use crate::out::{counting, say};
use std::path::PathBuf;

const MORE: &str = "\
表头用中文或英文均可：编号/id，标题/title/主题，内容/detail/详情，反映人/reporter，电话/phone，地址/address，
信用代码/credit_code，反映时间/reported_at，地点/place，保密/shielded；其余列不读。
没有编号的行以内容为准；同一文件导入两次，第二次全部为unchanged。编码UTF-8或GB18030自动识别，也可为.csv.gz。
Heads in Chinese or English; other columns are left alone. Rows without an id go by their content.
The same file twice changes nothing; nor does a file that cannot be read to its end.";

#[derive(Debug, clap::Args)]
#[command(after_help = MORE)]
pub struct Args {
    /// 文件：CSV、TSV、XLSX、XLS Table
    pub file: PathBuf,
    /// 不能导入的行连同原因写入这个CSV Rows that were not taken, with the reason
    #[arg(long, value_name = "OUT")]
    pub rejects: Option<PathBuf>,
    /// 来源名：不同来源的编号各自独立 Source; ids of different sources are different
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    pub from: String,
}

pub fn run(at: &At, args: &Args) -> anyhow::Result<()> {
    let house = House::open(at, now())?;
    let bar = counting("导入 importing");
    let wish = Wish { file: &args.file, rejects: args.rejects.as_deref(), from: args.from.trim() };
    let summary = import(&house, &wish, &mut |done| bar.set_position(done));
    bar.finish_and_clear();
    say(&summary?.to_string());
    Ok(())
}
