//! Taking a run back as a whole: what it made goes, what it changed is put back, and what others built on since stays and
//! is told. In batches; what was undone is noted, so that an undo that was interrupted goes on.

use crate::error::Error;
use crate::{undo_loop, undo_person, undo_punch, undo_register};
use domain::id::RunId;
use domain::import::RunState;
use domain::role::Actor;
use domain::time::Millis;
use store::Db;
use store::import_change::{self, Change};
use store::import_run::{self, Run};
use store::terms::{Deed, Failure, Terms};

const PAGE: i64 = 200;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    pub removed: u64,
    pub restored: u64,
    /// What it is about, why it was kept: Chinese, English.
    pub kept: Vec<(String, String, String)>,
}

/// What became of one change.
pub(crate) enum Fate {
    Removed,
    Restored,
    Kept {
        what: String,
        zh: String,
        en: String,
    },
    /// It was gone already.
    Gone,
}

impl Fate {
    pub fn kept(what: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Fate {
        Fate::Kept { what: what.into(), zh: zh.into(), en: en.into() }
    }

    pub fn changed_since(what: impl Into<String>) -> Fate {
        Fate::kept(what, "导入之后有人改过，未动", "somebody changed it since the import")
    }
}

/// Who takes it back, when.
pub(crate) struct Undoing<'a> {
    pub deed: Deed<'a>,
    pub actor: &'a Actor,
}

/// Takes back `run`; of an undone one nothing is left to do. Problems are withdrawn by the rules: `actor` must then be of
/// the office, else they are kept and told.
///
/// # Errors
/// [`Error`]; what was undone until then stays undone, and the rest can be undone again.
pub fn undo(db: &Db, terms: &Terms, run: RunId, actor: &Actor, now: &dyn Fn() -> Millis) -> Result<Undone, Error> {
    let found = db.read_blocking(move |tx| import_run::find(tx, run))?;
    let Some(found) = found else {
        return Err(Error::said(
            format!("没有编号为{run}的导入；用 zoufang import list 查看。"),
            format!("There is no import {run}; see zoufang import list."),
        ));
    };
    let mut undone = Undone::default();
    if found.state == RunState::Undone {
        return Ok(undone);
    }
    stop(db, terms, &found, actor, now())?;
    let mut before = i64::MAX;
    loop {
        let (terms, actor, at) = (terms.clone(), actor.clone(), now());
        let page = db.write_blocking(move |tx| {
            let changes = import_change::list(tx, run, before, PAGE)?;
            let deed = Deed { terms: &terms, by: actor.person(), now: at };
            let mut fates = Vec::with_capacity(changes.len());
            for change in &changes {
                let fate = take_back(tx, &Undoing { deed, actor: &actor }, change)?;
                if !matches!(fate, Fate::Kept { .. }) {
                    import_change::forget(tx, run, change.place)?;
                }
                fates.push(fate);
            }
            Ok::<_, Failure>((changes.last().map(|it| it.place), fates))
        })?;
        let (Some(last), fates) = page else { break };
        before = last;
        for fate in fates {
            match fate {
                Fate::Removed => undone.removed += 1,
                Fate::Restored => undone.restored += 1,
                Fate::Kept { what, zh, en } => undone.kept.push((what, zh, en)),
                Fate::Gone => {}
            }
        }
    }
    settle(db, terms, found, actor, now())?;
    Ok(undone)
}

/// A run that is going on saves no further batch.
fn stop(db: &Db, terms: &Terms, found: &Run, actor: &Actor, now: Millis) -> Result<(), Error> {
    if found.state != RunState::Running {
        return Ok(());
    }
    let (terms, by, found) = (terms.clone(), actor.person(), found.clone());
    db.write_blocking(move |tx| {
        import_run::settle(tx, &Deed { terms: &terms, by, now }, &found, RunState::Stopped).map(drop)
    })?;
    Ok(())
}

fn settle(db: &Db, terms: &Terms, found: Run, actor: &Actor, now: Millis) -> Result<(), Error> {
    let (terms, by) = (terms.clone(), actor.person());
    db.write_blocking(move |tx| {
        import_run::settle(tx, &Deed { terms: &terms, by, now }, &found, RunState::Undone).map(drop)
    })?;
    Ok(())
}

fn take_back(tx: &mut dyn store::Tx, undoing: &Undoing, change: &Change) -> Result<Fate, Failure> {
    match change.parts() {
        ("subject", id) => undo_register::subject(tx, undoing, id, change),
        ("contact", id) => undo_register::contact(tx, undoing, id, change),
        ("person", id) => undo_person::person(tx, undoing, id, change),
        ("hat", id) => undo_person::hat(tx, undoing, id),
        ("visit", id) => undo_loop::visit(tx, undoing, id, change),
        ("problem", id) => undo_loop::problem(tx, undoing, id),
        ("punch", id) => undo_punch::punch(tx, undoing, id),
        _ => Ok(Fate::Gone),
    }
}

/// The reason that stands in the records.
pub(crate) const REASON: &str = "导入撤销 import undone";
