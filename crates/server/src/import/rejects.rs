//! The rows that could not be taken, as a table with the reason: corrected there, it can be imported as it is.

use super::row::Fault;
use crate::out::mention;
use crate::said;
use sheet::{Row, Writer};
use std::path::{Path, PathBuf};

/// How many are told on the terminal as well.
const TOLD: u64 = 5;

pub struct Rejects {
    file: Option<(PathBuf, Option<Writer>)>,
    heads: Vec<String>,
    pub count: u64,
}

impl Rejects {
    pub fn new(file: Option<&Path>, heads: &[String]) -> Rejects {
        Rejects { file: file.map(|file| (file.to_owned(), None)), heads: heads.to_vec(), count: 0 }
    }

    /// The file is made with its first row: no rejects, no file.
    pub fn add(&mut self, row: &Row, fault: &Fault) -> anyhow::Result<()> {
        self.count += 1;
        if self.count <= TOLD {
            let (line, field) = (row.line, &fault.field);
            mention(&format!("第{line}行 row {line} {field}：{} {}", fault.zh, fault.en));
        }
        let Some((path, writer)) = &mut self.file else { return Ok(()) };
        if writer.is_none() {
            let heads: Vec<String> = ["row", "field", "reason"]
                .iter()
                .map(|it| (*it).to_owned())
                .chain(self.heads.iter().cloned())
                .collect();
            *writer = Some(Writer::create(path, &heads).map_err(said::sheet(path))?);
        }
        let mut cells = vec![row.line.to_string(), fault.field.clone(), format!("{} {}", fault.zh, fault.en)];
        cells.extend(row.cells.iter().cloned());
        match writer {
            Some(writer) => writer.row(&cells).map_err(said::sheet(path)),
            None => Ok(()),
        }
    }

    pub fn finish(self) -> anyhow::Result<()> {
        match self.file {
            Some((path, Some(writer))) => {
                writer.finish().map_err(said::sheet(&path))?;
                mention(&format!(
                    "未导入的{}行及原因见 {}。 Rejected rows are in that file.",
                    self.count,
                    path.display()
                ));
            }
            None if self.count > 0 => {
                mention(&format!(
                    "有{}行未导入；加 --rejects 文件名 可得到它们和原因。 {} rows were rejected; --rejects FILE lists them.",
                    self.count, self.count
                ));
            }
            _ => {}
        }
        Ok(())
    }
}
