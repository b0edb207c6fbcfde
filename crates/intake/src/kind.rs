//! The kinds of tables: the heads of each, how a row is read, and how read rows are saved.

use crate::batch::{Outcome, Scene};
use crate::ways::Ways;
use crate::{contact, enterprise, person, problem, punch, visit};
use domain::fault::Fault;
use domain::import::Kind;
use sheet::{Columns, Row, Wanted};
use store::Tx;
use store::import_change::Change;
use store::punch_batch::Batch;
use store::terms::Failure;

/// The fields of a kind with the heads that offices write over them, Chinese and English.
pub fn wanted(kind: Kind) -> &'static [Wanted] {
    match kind {
        Kind::Enterprises => &enterprise::WANTED,
        Kind::Persons => &person::WANTED,
        Kind::Contacts => &contact::WANTED,
        Kind::Visits => &visit::WANTED,
        Kind::Problems => &problem::WANTED,
        Kind::Punches => &punch::WANTED,
    }
}

pub fn fields(kind: Kind) -> Vec<&'static str> {
    wanted(kind).iter().map(|it| it.field).collect()
}

/// A row that was read and has no fault in itself.
pub(crate) enum Good {
    Enterprise(Box<enterprise::Good>),
    Person(Box<person::Good>),
    Contact(Box<contact::Good>),
    Visit(Box<visit::Good>),
    Problem(Box<problem::Good>),
    Punch(Box<punch::Good>),
}

/// How the rows of one table are read.
pub(crate) struct Reading<'a> {
    pub kind: Kind,
    pub columns: &'a Columns,
    pub heads: &'a [String],
    pub ways: &'a Ways,
    pub source: &'a str,
}

impl Reading<'_> {
    pub fn read(&self, row: &Row) -> Result<Good, Vec<Fault>> {
        Ok(match self.kind {
            Kind::Enterprises => Good::Enterprise(Box::new(enterprise::read(row, self.columns)?)),
            Kind::Persons => Good::Person(Box::new(person::read(row, self.columns)?)),
            Kind::Contacts => Good::Contact(Box::new(contact::read(row, self.columns)?)),
            Kind::Visits => Good::Visit(Box::new(visit::read(row, self.columns)?)),
            Kind::Problems => Good::Problem(Box::new(problem::read(row, self)?)),
            Kind::Punches => Good::Punch(Box::new(punch::read(row, self.columns)?)),
        })
    }
}

/// One outcome for each row, in their order.
pub(crate) fn save(
    tx: &mut dyn Tx,
    scene: &Scene,
    goods: &[Good],
    changes: &mut Vec<Change>,
) -> Result<Vec<Outcome>, Failure> {
    let enterprises: Vec<&enterprise::Good> =
        goods.iter().filter_map(|it| if let Good::Enterprise(it) = it { Some(&**it) } else { None }).collect();
    if !enterprises.is_empty() {
        return enterprise::save(tx, scene, &enterprises, changes);
    }
    let mut outcomes = Vec::with_capacity(goods.len());
    let people = scene.people(tx, goods)?;
    let mut punches = Batch::default();
    for good in goods {
        outcomes.push(match good {
            Good::Enterprise(_) => Outcome::Unchanged,
            Good::Person(it) => person::save(tx, scene, it, changes)?,
            Good::Contact(it) => contact::save(tx, scene, it, changes)?,
            Good::Visit(it) => visit::save(tx, scene, &people, it, changes)?,
            Good::Problem(it) => problem::save(tx, scene, it, changes)?,
            Good::Punch(it) => punch::save(tx, scene, it, &mut punches, changes)?,
        });
    }
    punches.settle(tx, &scene.deed())?;
    Ok(outcomes)
}
