//! What stands on the command line, and how an error leaves the program: in words, with exit code 1.

use crate::house::At;
use crate::out::mention;
use crate::said::Said;
use crate::verb::{self, Verb};
use clap::{Parser, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

const ABOUT: &str = "走访通：上门听到的问题，记下、交办、反馈、核验、销号，一件不落。\n\
                     Zoufang: what is heard on the doorstep is written down, dispatched, answered, checked and struck off.";

const AFTER: &str = "\
先试用 Try it：      zoufang demo
正式运行 Run it：    zoufang serve --data /var/lib/zoufang
第一个账号 First account：
  zoufang unit add --name 走访办
  zoufang user add --login zhou --name 周敏 --unit 走访办 --role office

环境变量 Environment：ZOUFANG_HOME、ZOUFANG_DATABASE、ZOUFANG_KEY、ZOUFANG_LOG
退出码 Exit code：0 完成 done，1 未成，原因已写明 refused, the reason is said，2 命令写错 wrong arguments";

#[derive(Debug, Parser)]
#[command(name = "zoufang", version, about = ABOUT, after_help = AFTER, max_term_width = 110)]
#[command(subcommand_required = true, arg_required_else_help = true, disable_help_subcommand = true)]
#[command(subcommand_help_heading = "命令 Commands", next_help_heading = "选项 Options")]
pub struct Args {
    #[command(flatten)]
    pub house: HouseArgs,
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "数据在哪里 Where the data lies")]
pub struct HouseArgs {
    /// 数据目录：数据库、附件、密钥；不存在则新建（默认 ./zoufang-data，demo 为 ./zoufang-demo）
    /// Data folder, made when missing
    #[arg(long, global = true, value_name = "DIR", env = "ZOUFANG_HOME", hide_env = true, verbatim_doc_comment)]
    pub data: Option<PathBuf>,
    /// 改用PostgreSQL的地址，如 postgres://user@host/zoufang；附件和密钥仍在数据目录
    /// PostgreSQL instead of the built-in database
    #[arg(long, global = true, value_name = "URL", env = "ZOUFANG_DATABASE", hide_env = true, verbatim_doc_comment)]
    pub database: Option<String>,
    /// 密钥文件（默认 DIR/zoufang.key）；新建数据库时自动生成，须另行备份
    /// Key file; keep a copy of it apart from the backups
    #[arg(long, global = true, value_name = "FILE", env = "ZOUFANG_KEY", hide_env = true, verbatim_doc_comment)]
    pub key: Option<PathBuf>,
    /// 日志格式，写到标准错误 Form of the log on standard error
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text, hide_default_value = true, hide_possible_values = true, value_name = "text|json")]
    pub log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

impl HouseArgs {
    pub fn at(self, default: &str) -> At {
        At {
            data: self.data.unwrap_or_else(|| default.into()),
            database: self.database.filter(|it| !it.is_empty()),
            key: self.key,
        }
    }
}

pub fn main() -> ExitCode {
    match run(std::env::args_os()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(args: impl Iterator<Item = OsString>) -> anyhow::Result<()> {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => {
            if error.use_stderr() && error.kind() != clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
                mention("命令写法有误，请对照下面的英文提示；加 --help 看全部用法。");
            }
            error.exit();
        }
    };
    start_log(args.house.log_format, args.verb.is_server());
    verb::run(args.verb, args.house)
}

/// Verbs that end by themselves log warnings only, so that their own words stand alone.
fn start_log(format: LogFormat, is_server: bool) {
    let quiet = if is_server { "info" } else { "warn" };
    let filter = EnvFilter::try_from_env("ZOUFANG_LOG").unwrap_or_else(|_| EnvFilter::new(quiet));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second subscriber (tests that call in twice) is no reason to stop.
    let _ = match format {
        LogFormat::Text => log.with_ansi(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    std::panic::set_hook(Box::new(|panic| {
        let said = panic.payload_as_str().unwrap_or_default();
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(said, at, "a fault of the program; what it was doing is undone");
    }));
}

fn complain(error: &anyhow::Error) {
    match error.downcast_ref::<Said>() {
        Some(said) => mention(&said.to_string()),
        None => mention(&format!("未成，原因如下。\n{error:#}")),
    }
}
