//! The verbs: what each takes and what it does, one file each.

pub mod audit;
pub mod backup;
pub mod demo;
pub mod doctor;
pub mod export_problems;
pub mod import_holidays;
pub mod import_problems;
pub mod restore;
pub mod serve;
pub mod unit_add;
pub mod user_add;

use crate::args::HouseArgs;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// 启动服务 Run the server
    Serve(serve::Args),
    /// 演示：全新数据，约300件问题，各岗位账号 Demonstration with fresh, invented data
    Demo(demo::Args),
    /// 导入 Import problems or holidays
    #[command(subcommand, arg_required_else_help = true)]
    Import(Import),
    /// 导出 Export problems
    #[command(subcommand, arg_required_else_help = true)]
    Export(Export),
    /// 人员 Accounts
    #[command(subcommand, arg_required_else_help = true)]
    User(User),
    /// 单位 Units
    #[command(subcommand, arg_required_else_help = true)]
    Unit(Unit),
    /// 核对记录 Check the records
    #[command(subcommand, arg_required_else_help = true)]
    Audit(Audit),
    /// 备份到一个文件，可在运行中进行 Back up into one file, while the server runs
    Backup(backup::Args),
    /// 把备份恢复到空的数据目录或空的PostgreSQL数据库 Restore a backup into an empty house
    Restore(restore::Args),
    /// 体检：目录、磁盘、密钥、数据库、待办、节假日 Check everything the program needs
    Doctor(doctor::Args),
}

#[derive(Debug, Subcommand)]
pub enum Import {
    /// 导入问题（CSV、XLSX、XLS） Problems
    Problems(import_problems::Args),
    /// 导入节假日安排（JSON、CSV、XLSX），并重算未办结的期限 Holiday notices
    Holidays(import_holidays::Args),
}

#[derive(Debug, Subcommand)]
pub enum Export {
    /// 导出全部问题（CSV或XLSX） All problems
    Problems(export_problems::Args),
}

#[derive(Debug, Subcommand)]
pub enum User {
    /// 新增账号 Add an account
    Add(user_add::Args),
}

#[derive(Debug, Subcommand)]
pub enum Unit {
    /// 新增单位 Add a unit
    Add(unit_add::Args),
}

#[derive(Debug, Subcommand)]
pub enum Audit {
    /// 逐条核对记录链、问题和每日封印，指出第一处不符 Verify chains, rows and seals
    Verify(audit::Args),
}

impl Verb {
    pub fn is_server(&self) -> bool {
        matches!(self, Verb::Serve(_) | Verb::Demo(_))
    }
}

pub fn run(verb: Verb, house: HouseArgs) -> anyhow::Result<()> {
    const DATA: &str = "./zoufang-data";
    match verb {
        Verb::Serve(args) => serve::run(&house.at(DATA), &args),
        Verb::Demo(args) => demo::run(&house.at("./zoufang-demo"), &args),
        Verb::Import(Import::Problems(args)) => import_problems::run(&house.at(DATA), &args),
        Verb::Import(Import::Holidays(args)) => import_holidays::run(&house.at(DATA), &args),
        Verb::Export(Export::Problems(args)) => export_problems::run(&house.at(DATA), &args),
        Verb::User(User::Add(args)) => user_add::run(&house.at(DATA), &args),
        Verb::Unit(Unit::Add(args)) => unit_add::run(&house.at(DATA), &args),
        Verb::Audit(Audit::Verify(args)) => audit::run(&house.at(DATA), &args),
        Verb::Backup(args) => backup::run(&house.at(DATA), &args),
        Verb::Restore(args) => restore::run(&house.at(DATA), &args),
        Verb::Doctor(args) => doctor::run(&house.at(DATA), &args),
    }
}
