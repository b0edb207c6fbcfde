//! Many punches in one transaction: each is stored by itself, and the days that are over are judged anew once at the end.

use crate::db::Tx;
use crate::error::Result;
use crate::punch::{self, New, Taken};
use crate::terms::{Deed, Failure};
use crate::verdict;
use domain::id::{PersonId, SiteId};
use domain::time::Day;
use std::collections::{BTreeMap, BTreeSet};

/// What must be judged anew. A month at a site is judged as one, however many of its days were changed.
#[derive(Debug, Default)]
pub struct Batch {
    months: BTreeMap<(SiteId, Day), Month>,
}

#[derive(Debug)]
struct Month {
    span: (Day, Day),
    persons: BTreeSet<PersonId>,
}

impl Batch {
    /// One that is refused changes nothing.
    pub fn add(&mut self, tx: &mut dyn Tx, deed: &Deed, new: &New) -> Result<Taken, Failure> {
        let (taken, past) = punch::keep(tx, deed, new)?;
        if let Some(day) = past {
            let first = day.first_of_month();
            let empty = || Month { span: (day, day), persons: BTreeSet::new() };
            let month = self.months.entry((new.what.site, first)).or_insert_with(empty);
            month.span = (month.span.0.min(day), month.span.1.max(day));
            month.persons.insert(new.what.person);
        }
        Ok(taken)
    }

    /// Before the transaction ends.
    pub fn settle(self, tx: &mut dyn Tx, deed: &Deed) -> Result<()> {
        for ((site, _), it) in self.months {
            verdict::rejudge_all(tx, deed, site, &it.persons, it.span, "punch")?;
        }
        Ok(())
    }
}
