//! `import enterprises|persons|contacts|visits|problems`: takes the rows of a table in, each once however often the file
//! is imported.

use crate::house::{At, House};
use crate::import::Summary;
use crate::now::now;
use crate::out::{counting, mention, say};
use crate::said::{self, Said};
use intake::{Error, Kind, Run, Ways, Wish};
use sheet::Writer;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::words::sha256_of;

const MORE: &str = "\
表头用中文或英文均可，多余的列不读（--ledger 除外）。编码UTF-8或GB18030自动识别，也可为.csv.gz。
同一文件导入两次，第二次全部为unchanged；中断后再导入同一文件，从断处接着进行。
--map 字段=表头 指明哪一栏是哪个字段，按来源记住，下次不必再写；写错字段名时会列出可用的字段。
Heads in Chinese or English. The same file twice changes nothing; one that was interrupted goes on where it
stopped; one that cannot be read to its end changes nothing. Maps are kept for each source.";

/// So that a running server's writers get their turn.
const PAUSE: Duration = Duration::from_millis(3);
/// Rejected rows that are told on the terminal as well.
const TOLD: i64 = 5;

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
    /// 哪一栏是哪个字段，可重复 Which head gives which field, repeatable
    #[arg(long, value_name = "FIELD=HEAD", value_parser = pair)]
    pub map: Vec<(String, String)>,
    /// 旧台账：没有归入字段的各栏都写进内容 An old ledger: columns that no field claims are kept in the detail
    #[arg(long)]
    pub ledger: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (field, head) = text.split_once('=').ok_or("请写成 字段=表头 write FIELD=HEAD")?;
    Ok((field.trim().to_owned(), head.trim().to_owned()))
}

pub fn run(at: &At, kind: Kind, args: &Args) -> anyhow::Result<()> {
    if let (Some(out), Ok(file)) =
        (args.rejects.as_deref().and_then(|out| out.canonicalize().ok()), args.file.canonicalize())
        && out == file
    {
        return Err(said::no(
            "--rejects 不能是正在导入的文件本身；请换一个文件名。",
            "--rejects cannot be the file that is being imported; name another.",
        ));
    }
    let house = House::open(at, now())?;
    // Read to its end once before the first row is used: a file that cannot be changes nothing.
    let reader = sheet::open(&args.file).map_err(said::sheet(&args.file))?;
    let sha256 = std::fs::File::open(&args.file)
        .and_then(sha256_of)
        .map_err(|error| said::io("读取", "Reading", &args.file, &error))?;
    let name = args.file.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let wish = Wish {
        kind,
        file: &name,
        sha256: &sha256,
        source: args.from.trim(),
        ways: ways(kind, args),
        by: None,
        pause: PAUSE,
    };
    let bar = counting("导入 importing");
    let done = intake::run(&house.db, &house.terms, reader, &wish, &now, &mut |run| {
        bar.set_position(run.done.unsigned_abs());
    });
    bar.finish_and_clear();
    let run = done.map_err(|error| told(error, &args.file))?;
    tell_rejects(&house, &run, args.rejects.as_deref())?;
    say(&format!("本次导入编号 run {}", run.id));
    say(&summary(&run).to_string());
    Ok(())
}

/// Nothing said: as the last time.
fn ways(kind: Kind, args: &Args) -> Option<Ways> {
    let rest = kind == Kind::Problems && (args.ledger || !args.map.is_empty());
    let ways = Ways { fields: args.map.iter().cloned().collect(), rest };
    (!ways.is_empty()).then_some(ways)
}

pub fn summary(run: &Run) -> Summary {
    let it = run.counts;
    Summary {
        imported: it.imported.unsigned_abs(),
        updated: it.updated.unsigned_abs(),
        unchanged: it.unchanged.unsigned_abs(),
        rejected: it.rejected.unsigned_abs(),
    }
}

/// An error of the engine in the words of the terminal.
pub fn told(error: Error, file: &Path) -> anyhow::Error {
    match error {
        Error::Sheet(error) => said::sheet(file)(error),
        Error::Said { zh, en } => said::no(zh, en),
        Error::Store { failure, line: 0 } => said::failure("导入")(failure),
        Error::Store { failure, line } => match said::failure("导入")(failure).downcast::<Said>() {
            Ok(said) => said::no(
                format!("{}第{line}行以前的已经保存；排除原因后重新导入同一文件即可接着进行。", said.zh),
                format!(
                    "{} Rows before row {line} are saved; when the cause is gone, import the same file again to go on.",
                    said.en
                ),
            ),
            Err(other) => other,
        },
    }
}

/// The first on the terminal, all in the file: no rejects, no file.
fn tell_rejects(house: &House, run: &Run, out: Option<&Path>) -> anyhow::Result<()> {
    let count = run.counts.rejected;
    if count == 0 {
        return Ok(());
    }
    let first = intake::first_rejects(&house.db, run, TOLD).map_err(|error| told(error, Path::new("")))?;
    for it in first {
        mention(&format!("第{0}行 row {0} {1}：{2} {3}", it.line, it.field, it.zh, it.en));
    }
    let Some(out) = out else {
        mention(&format!(
            "有{count}行未导入；加 --rejects 文件名 可得到它们和原因。 {count} rows were rejected; --rejects FILE lists them."
        ));
        return Ok(());
    };
    let mut writer = Writer::create(out, &intake::reject_heads(run)).map_err(said::sheet(out))?;
    intake::write_rejects(&house.db, run, &mut writer).map_err(|error| told(error, out))?;
    writer.finish().map_err(said::sheet(out))?;
    mention(&format!("未导入的{count}行及原因见 {}。 Rejected rows are in that file.", out.display()));
    Ok(())
}
