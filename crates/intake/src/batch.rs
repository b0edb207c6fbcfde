//! A batch of read rows, and what became of each when it was saved.

use crate::kind::{self, Good};
use crate::people::People;
use domain::fault::Fault;
use domain::id::PersonId;
use domain::time::Millis;
use store::import_run::{self, Batch, Counts, Reject, Run};
use store::terms::{Deed, Failure, Terms};
use store::{Result, Tx};

/// Under which run, for whom and when rows are saved.
pub(crate) struct Scene<'a> {
    pub terms: &'a Terms,
    pub by: Option<PersonId>,
    pub now: Millis,
    pub run: &'a Run,
}

impl Scene<'_> {
    pub fn deed(&self) -> Deed<'_> {
        Deed { terms: self.terms, by: self.by, now: self.now }
    }

    /// Only where rows name persons.
    pub fn people(&self, tx: &mut dyn Tx, goods: &[Good]) -> Result<People> {
        let named = goods.iter().any(|it| matches!(it, Good::Visit(_)));
        if named { People::load(tx) } else { Ok(People::default()) }
    }
}

pub(crate) enum Outcome {
    Imported,
    Updated,
    Unchanged,
    Rejected(Vec<Fault>),
}

/// Rows as they came from the file, in its order.
#[derive(Default)]
pub(crate) struct Rows {
    pub rows: i64,
    pub first: u64,
    pub goods: Vec<Good>,
    /// Line and cells of each good row.
    pub cells: Vec<(u64, Vec<String>)>,
    pub rejects: Vec<Reject>,
}

impl Rows {
    /// Saves them and moves the run on, in one transaction.
    pub fn save(&self, tx: &mut dyn Tx, scene: &Scene) -> std::result::Result<Run, Failure> {
        let mut changes = Vec::new();
        let outcomes = kind::save(tx, scene, &self.goods, &mut changes)?;
        let (mut counts, mut rejects) = (Counts::default(), self.rejects.clone());
        for (outcome, (line, cells)) in outcomes.into_iter().zip(&self.cells) {
            match outcome {
                Outcome::Imported => counts.imported += 1,
                Outcome::Updated => counts.updated += 1,
                Outcome::Unchanged => counts.unchanged += 1,
                Outcome::Rejected(faults) => rejects.push(reject(*line, cells.clone(), &faults)),
            }
        }
        counts.rejected = rejects.len() as i64;
        let batch = Batch { rows: self.rows, counts, changes, rejects };
        Ok(import_run::advance(tx, &scene.deed(), scene.run, &batch)?)
    }
}

/// Everything that is wrong with a row, as one.
pub(crate) fn reject(line: u64, cells: Vec<String>, faults: &[Fault]) -> Reject {
    let mut fields: Vec<&str> = Vec::new();
    for fault in faults {
        if !fields.contains(&fault.field.as_str()) {
            fields.push(&fault.field);
        }
    }
    let join = |of: fn(&Fault) -> &str, between: &str| faults.iter().map(of).collect::<Vec<_>>().join(between);
    Reject { line: line as i64, field: fields.join(","), zh: join(|it| &it.zh, ""), en: join(|it| &it.en, " "), cells }
}
