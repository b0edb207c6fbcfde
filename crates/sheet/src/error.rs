//! What can go wrong, said in Chinese and English: what, where and what to do.

use thiserror::Error;

use crate::Limit;

/// A fault of the whole file: nothing of it is to be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be opened or its bytes cannot be got.
    #[error("The file could not be read ({0}). Check that it is still there, then choose it again.")]
    Io(#[source] std::io::Error),
    /// Something other than a table.
    #[error("This is not a table: {en}. Open it in Excel or WPS, save it as .xlsx or \"CSV UTF-8\", then upload that.")]
    NotATable {
        /// What it seems to be, Chinese.
        zh: &'static str,
        /// What it seems to be, English.
        en: &'static str,
    },
    /// Bytes that are neither UTF-8 nor GB18030.
    #[error(
        "Line {line} holds bytes that are neither UTF-8 nor GB18030; nothing of the file was taken. Save it again as .xlsx or \"CSV UTF-8\" from Excel or WPS, then upload that."
    )]
    Encoding {
        /// The text line, from 1.
        line: u64,
    },
    /// A quotation that never closes: the file is cut, or a quotation mark is missing.
    #[error(
        "The quotation that opens on line {line} never closes; the file is probably cut short, and nothing of it was taken. Export the whole file again, or close the quotation on that line."
    )]
    OpenQuote {
        /// The text line on which the cell starts, from 1.
        line: u64,
    },
    /// A gzip file that ends too early or whose checksum is wrong.
    #[error("The packed file is damaged after line {line}; nothing of it was taken. Pack and transfer it again.")]
    Packed {
        /// The last text line that could be unpacked, from 1.
        line: u64,
    },
    /// A workbook that cannot be read to its end.
    #[error("The workbook is damaged{} ({detail}); nothing of it was taken. Open it in Excel or WPS, save it under a new name as .xlsx, then upload that.", row_en(.line))]
    Book {
        /// The last sheet row read before the damage, from 1, if any.
        line: Option<u64>,
        /// The technical reason.
        detail: String,
    },
    /// A workbook with a password.
    #[error(
        "The workbook is protected by a password. Open it in Excel or WPS, take the password off, save it, then upload that."
    )]
    Password,
    /// Larger than this system reads.
    #[error("The file is too large (limit: {}){}. Split it into several files, then upload them one by one.", .limit.en(), row_en(.line))]
    TooLarge {
        /// Which limit.
        limit: Limit,
        /// Where it was passed, if known.
        line: Option<u64>,
    },
    /// No row that holds anything.
    #[error("The table is empty: no row holds anything. Check that the first visible sheet is the one to read.")]
    Empty,
    /// Heads that are needed and missing, or there twice.
    #[error("{}Line {line} was read as the heads: {}. Correct the heads as in the template, then upload the file again.", heads_en(.missing, .doubled), list(.found, "\"", "\"", ", "))]
    Heads {
        /// The line taken for the heads, from 1; 0 when it is not known.
        line: u64,
        /// For each missing field its first accepted head.
        missing: Vec<String>,
        /// Heads that stand there more than once, so that it is unclear which one counts.
        doubled: Vec<String>,
        /// What was found.
        found: Vec<String>,
    },
    /// The output could not be written.
    #[error(
        "The table could not be written ({0}). Check the free space and the permissions of the folder, then try again."
    )]
    Write(String),
    /// A cell or row that a workbook cannot hold.
    #[error("Row {line} does not fit into an Excel workbook: {en}. Export as CSV instead.")]
    DoesNotFit {
        /// The row of the output, from 1.
        line: u64,
        /// Why, Chinese.
        zh: &'static str,
        /// Why, English.
        en: &'static str,
    },
}

fn row_en(line: &Option<u64>) -> String {
    line.map_or_else(String::new, |n| format!(" after row {n}"))
}

fn row_zh(line: &Option<u64>) -> String {
    line.map_or_else(String::new, |n| format!("（第 {n} 行之后）"))
}

fn list(items: &[String], left: &str, right: &str, between: &str) -> String {
    let shown: Vec<String> = items.iter().take(40).map(|item| format!("{left}{}{right}", item.trim())).collect();
    shown.join(between)
}

fn heads_en(missing: &[String], doubled: &[String]) -> String {
    let mut out = String::new();
    if !missing.is_empty() {
        out += &format!("Heads are missing: {}. ", list(missing, "\"", "\"", ", "));
    }
    if !doubled.is_empty() {
        out += &format!("Heads stand there more than once: {}. ", list(doubled, "\"", "\"", ", "));
    }
    out
}

impl Error {
    /// The sentence for the person who chose the file.
    pub fn zh(&self) -> String {
        match self {
            Self::Io(_) => "文件读取失败。请确认文件仍在原处且未被其他程序占用，然后重新选择。".into(),
            Self::NotATable { zh, .. } => {
                format!("这不是可读取的表格：{zh}。请用 Excel 或 WPS 打开，另存为 .xlsx 或“CSV UTF-8”后重新上传。")
            }
            Self::Encoding { line } => format!(
                "第 {line} 行含有既非 UTF-8 也非 GB18030 的字节，整个文件未被采用。请用 Excel 或 WPS 另存为 .xlsx 或“CSV UTF-8”后重新上传。"
            ),
            Self::OpenQuote { line } => format!(
                "第 {line} 行开始的引号没有结束，文件可能不完整，整个文件未被采用。请重新导出完整文件，或补上该处的引号后重新上传。"
            ),
            Self::Packed { line } => {
                format!("压缩文件在第 {line} 行之后损坏或不完整，整个文件未被采用。请重新压缩或传输后再上传。")
            }
            Self::Book { line, .. } => format!(
                "工作簿已损坏{}，整个文件未被采用。请用 Excel 或 WPS 打开，另存为新的 .xlsx 文件后重新上传。",
                row_zh(line)
            ),
            Self::Password => "工作簿设有密码。请用 Excel 或 WPS 打开，取消密码并保存后重新上传。".into(),
            Self::TooLarge { limit, line } => {
                format!("文件过大（上限：{}）{}。请拆分为多个文件后分别上传。", limit.zh(), row_zh(line))
            }
            Self::Empty => "表格是空的，没有任何内容。请确认要导入的数据在第一个可见的工作表中。".into(),
            Self::Heads { line, missing, doubled, found } => {
                let mut out = String::new();
                if !missing.is_empty() {
                    out += &format!("缺少表头：{}。", list(missing, "“", "”", "、"));
                }
                if !doubled.is_empty() {
                    out += &format!("表头重复，无法确定以哪一列为准：{}。", list(doubled, "“", "”", "、"));
                }
                out + &format!(
                    "读到的表头（第 {line} 行）：{}。请按模板修改表头后重新上传。",
                    list(found, "“", "”", "、")
                )
            }
            Self::Write(_) => "表格写入失败。请检查磁盘空间和目录权限后重试。".into(),
            Self::DoesNotFit { line, zh, .. } => {
                format!("第 {line} 行无法写入 Excel 工作簿：{zh}。请改为导出 CSV。")
            }
        }
    }
}
