//! What usually went where: the lead of most problems of a category, and the units in which somebody can receive.

use crate::app::App;
use crate::error::Error;
use domain::id::{CategoryId, UnitId};
use domain::time::Millis;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// The lead of most of the newest problems of a category: `part` of `whole`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usual {
    pub lead: UnitId,
    pub part: i64,
    pub whole: i64,
}

#[derive(Debug, Default)]
pub struct Habits {
    pub leads: BTreeMap<CategoryId, Usual>,
    pub hands: BTreeSet<UnitId>,
}

/// Kept between pages: read from some thousand rows, and changing slowly.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Option<(Millis, Arc<Habits>)>>);

const FRESH_MS: u64 = 60_000;

pub async fn read(app: &Arc<App>) -> Result<Arc<Habits>, Error> {
    let now = app.now();
    {
        let kept = app.habits.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, habits)) = &*kept
            && now.0.abs_diff(at.0) < FRESH_MS
        {
            return Ok(habits.clone());
        }
    }
    let (leads, hands) = app
        .db
        .read(|tx| Ok::<_, store::Error>((store::triage::list_leads(tx)?, store::triage::list_hands(tx)?)))
        .await?;
    let habits = Arc::new(Habits { leads: usual(leads), hands });
    *app.habits.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, habits.clone()));
    Ok(habits)
}

fn usual(counted: Vec<(CategoryId, UnitId, i64)>) -> BTreeMap<CategoryId, Usual> {
    let mut found: BTreeMap<CategoryId, Usual> = BTreeMap::new();
    for (category, lead, count) in counted {
        let it = found.entry(category).or_insert(Usual { lead, part: 0, whole: 0 });
        it.whole += count;
        // Of two that did equally many the older unit is named, always the same.
        if (count, std::cmp::Reverse(lead)) > (it.part, std::cmp::Reverse(it.lead)) {
            (it.lead, it.part) = (lead, count);
        }
    }
    found
}
