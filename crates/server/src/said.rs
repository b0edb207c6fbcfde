//! Refusals of the command line: what, where and what to do, in Chinese and then in English.

use std::fmt;
use store::Error as StoreError;
use store::terms::Failure;

#[derive(Debug)]
pub struct Said {
    pub zh: String,
    pub en: String,
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.zh, self.en)
    }
}

impl std::error::Error for Said {}

pub fn no(zh: impl Into<String>, en: impl Into<String>) -> anyhow::Error {
    Said { zh: zh.into(), en: en.into() }.into()
}

/// An error of the store while doing something, such as 导入.
pub fn store(doing: &'static str) -> impl Fn(StoreError) -> anyhow::Error {
    move |error| no(format!("{doing}未成：{}", zh(&error)), error.to_string())
}

pub fn failure(doing: &'static str) -> impl Fn(Failure) -> anyhow::Error {
    move |failure| match failure {
        Failure::Store(error) => store(doing)(error),
        Failure::Refusal(refusal) => {
            let saying = refusal.say(&|id| id.to_string());
            no(format!("{doing}未成：{}", saying.zh), saying.en)
        }
    }
}

pub fn sheet(file: &std::path::Path) -> impl Fn(sheet::Error) -> anyhow::Error {
    let name = file.display().to_string();
    move |error| no(format!("{name}：{}", error.zh()), format!("{name}: {error}"))
}

/// A file or folder that the system would not give us.
pub fn io(doing: &str, doing_en: &str, path: &std::path::Path, error: &std::io::Error) -> anyhow::Error {
    let path = path.display();
    no(
        format!("{doing} {path} 未成（{}）。请检查路径、权限和磁盘空间后重试。", cause(error)),
        format!("{doing_en} {path} failed: {error}. Check the path, its rights and the free space, then try again."),
    )
}

fn cause(error: &std::io::Error) -> String {
    use std::io::ErrorKind as Kind;
    match error.kind() {
        Kind::NotFound => "不存在".into(),
        Kind::PermissionDenied => "没有权限".into(),
        Kind::AlreadyExists => "已经存在".into(),
        Kind::StorageFull => "磁盘已满".into(),
        Kind::ReadOnlyFilesystem => "文件系统只读".into(),
        Kind::IsADirectory => "是一个目录".into(),
        Kind::NotADirectory => "上级不是目录".into(),
        _ => error.to_string(),
    }
}

fn zh(error: &StoreError) -> String {
    match error {
        StoreError::NotFound => "没有这一项。".into(),
        StoreError::Conflict => "别人刚刚改过，请重新查看后再办。".into(),
        StoreError::Unique { constraint } => format!("已经存在（{constraint}）。"),
        StoreError::Constraint(_) => "违反数据规则，详见下行英文。".into(),
        StoreError::Busy => "数据库正忙，请稍后再试。".into(),
        StoreError::Disk(_) => "磁盘不能写入或读取，已保存的内容不受影响；请检查磁盘空间、目录的属主和权限。".into(),
        StoreError::Backup(_) => "备份文件有问题，详见下行英文。".into(),
        StoreError::Panicked => "程序内部出错，这一步已撤销，详见日志。".into(),
        StoreError::Newer { found, known } => format!(
            "这个数据库由更新的程序写成（结构版本{found}，本程序只认到{known}）。请改用更新的程序，或恢复升级前的备份。"
        ),
        StoreError::Migration { version, name, .. } => {
            format!("数据库里的结构版本{version}（{name}）与本程序不符。请使用当初升级它的程序，或恢复备份。")
        }
        StoreError::Database(_) => "数据库报错，详见下行英文；文件损坏时请恢复备份。".into(),
    }
}
