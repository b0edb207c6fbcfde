//! The verbs: what each takes and what it does, one file each.

pub mod audit;
pub mod backup;
pub mod demo;
pub mod doctor;
pub mod export_problems;
pub mod import_holidays;
pub mod import_runs;
pub mod import_table;
pub mod restore;
pub mod serve;
pub mod unit_add;
pub mod user_add;

use crate::args::HouseArgs;
use crate::house::At;
use clap::Subcommand;
use intake::Kind;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// 启动服务 Run the server
    Serve(serve::Args),
    /// 演示：全新数据，约300件问题，各岗位账号 Demonstration with fresh, invented data
    Demo(demo::Args),
    /// 导入企业、人员、联系人、走访、问题、节假日，查看和撤销 Import, and undo imports
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
    /// 导入企业名录等走访对象（CSV、XLSX、XLS） Enterprises and other subjects
    Enterprises(import_table::Args),
    /// 导入人员和岗位；不设密码 Persons with their roles
    Persons(import_table::Args),
    /// 导入走访对象的联系人 Contacts of subjects
    Contacts(import_table::Args),
    /// 导入纸上的走访记录 Visits kept on paper
    Visits(import_table::Args),
    /// 导入问题，或整本旧台账（--ledger） Problems, or a whole old ledger
    Problems(import_table::Args),
    /// 导入旧考勤机的打卡记录 Punches of old devices
    Punches(import_table::Args),
    /// 列出历次导入 The imports so far
    List,
    /// 撤销一次导入 Take an import back
    Undo(import_runs::UndoArgs),
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
        Verb::Import(import) => run_import(import, &house.at(DATA)),
        Verb::Export(Export::Problems(args)) => export_problems::run(&house.at(DATA), &args),
        Verb::User(User::Add(args)) => user_add::run(&house.at(DATA), &args),
        Verb::Unit(Unit::Add(args)) => unit_add::run(&house.at(DATA), &args),
        Verb::Audit(Audit::Verify(args)) => audit::run(&house.at(DATA), &args),
        Verb::Backup(args) => backup::run(&house.at(DATA), &args),
        Verb::Restore(args) => restore::run(&house.at(DATA), &args),
        Verb::Doctor(args) => doctor::run(&house.at(DATA), &args),
    }
}

fn run_import(import: Import, at: &At) -> anyhow::Result<()> {
    match import {
        Import::Enterprises(args) => import_table::run(at, Kind::Enterprises, &args),
        Import::Persons(args) => import_table::run(at, Kind::Persons, &args),
        Import::Contacts(args) => import_table::run(at, Kind::Contacts, &args),
        Import::Visits(args) => import_table::run(at, Kind::Visits, &args),
        Import::Problems(args) => import_table::run(at, Kind::Problems, &args),
        Import::Punches(args) => import_table::run(at, Kind::Punches, &args),
        Import::List => import_runs::list(at),
        Import::Undo(args) => import_runs::undo(at, &args),
        Import::Holidays(args) => import_holidays::run(at, &args),
    }
}
