//! Problems out of a table, 500 rows a transaction: what is in stays in, and the next run goes on where this one ended.

use super::Summary;
use super::rejects::Rejects;
use super::row::{self, Fault, Good};
use crate::house::House;
use crate::now::now;
use crate::said;
use domain::refusal::Refusal;
use domain::role::Actor;
use domain::time::Millis;
use sheet::Row;
use std::path::Path;
use store::terms::{Failure, Terms};
use store::{Tx, problem, reporter};

const BATCH: usize = 500;

pub struct Wish<'a> {
    pub file: &'a Path,
    pub rejects: Option<&'a Path>,
    pub from: &'a str,
}

/// `progress` hears how many rows are done.
pub fn import(house: &House, wish: &Wish, progress: &mut dyn FnMut(u64)) -> anyhow::Result<Summary> {
    if let (Some(out), Ok(file)) = (wish.rejects.and_then(|out| out.canonicalize().ok()), wish.file.canonicalize())
        && out == file
    {
        return Err(said::no(
            "--rejects 不能是正在导入的文件本身；请换一个文件名。",
            "--rejects cannot be the file that is being imported; name another.",
        ));
    }
    // Read to its end once before the first row is used: a file that cannot be changes nothing.
    let mut table = sheet::open(wish.file).map_err(said::sheet(wish.file))?;
    let columns = table.columns(&row::WANTED).map_err(said::sheet(wish.file))?;
    let mut rejects = Rejects::new(wish.rejects, table.heads());
    let (mut summary, mut done) = (Summary::default(), 0);
    let mut batch: Vec<(Row, Good)> = Vec::with_capacity(BATCH);
    for row in table {
        let row = row.map_err(said::sheet(wish.file))?;
        match row::read(&row, &columns, wish.from) {
            Ok(good) => batch.push((row, good)),
            Err(fault) => rejects.add(&row, &fault)?,
        }
        if batch.len() == BATCH {
            save(house, &mut batch, &mut rejects, &mut summary)?;
        }
        done += 1;
        progress(done);
    }
    save(house, &mut batch, &mut rejects, &mut summary)?;
    summary.rejected = rejects.count;
    rejects.finish()?;
    Ok(summary)
}

enum Outcome {
    Imported,
    Unchanged,
    Rejected(Fault),
}

fn save(
    house: &House,
    batch: &mut Vec<(Row, Good)>,
    rejects: &mut Rejects,
    summary: &mut Summary,
) -> anyhow::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let (rows, goods): (Vec<Row>, Vec<Good>) = std::mem::take(batch).into_iter().unzip();
    let (terms, now) = (house.terms.clone(), now());
    let outcomes = house.db.write_blocking(move |tx| {
        goods.into_iter().map(|good| register(tx, &terms, good, now)).collect::<Result<Vec<_>, Failure>>()
    });
    let outcomes = outcomes.map_err(|failure| {
        let first = rows.first().map_or(0, |row| row.line);
        let error = said::failure("导入")(failure);
        match error.downcast::<said::Said>() {
            Ok(said) => said::no(
                format!("{}第{first}行以前的已经保存；排除原因后重新导入同一文件即可接着进行。", said.zh),
                format!("{} Rows before row {first} are saved; when the cause is gone, import the same file again to go on.", said.en),
            ),
            Err(other) => other,
        }
    })?;
    for (row, outcome) in rows.iter().zip(outcomes) {
        match outcome {
            Outcome::Imported => summary.imported += 1,
            Outcome::Unchanged => summary.unchanged += 1,
            Outcome::Rejected(fault) => rejects.add(row, &fault)?,
        }
    }
    Ok(())
}

fn register(tx: &mut dyn Tx, terms: &Terms, good: Good, now: Millis) -> Result<Outcome, Failure> {
    let Good { draft, reporter } = good;
    // Only for a problem that is new: a row that will be rejected leaves nobody's name behind.
    if let Some(new) = reporter
        && problem::find(tx, draft.id)?.is_none()
        && reporter::find(tx, new.id)?.is_none()
    {
        reporter::insert(tx, &new, now)?;
    }
    match problem::register(tx, terms, draft, &Actor::System, now) {
        Ok((_, true)) => Ok(Outcome::Imported),
        Ok((_, false)) => Ok(Outcome::Unchanged),
        // Refused before anything was written, so the transaction is whole.
        Err(Failure::Refusal(Refusal::ClientIdReused)) => Ok(Outcome::Rejected(Fault::new(
            "id",
            "这个编号已经登记过，内容与本行不同；登记过的问题不能用导入修改。若是另一来源的编号，请加 --from 来源名 再导入。",
            "This id was registered with other content, and an import does not change what is registered. If the ids come from another source, import with --from NAME.",
        ))),
        Err(other) => Err(other),
    }
}
