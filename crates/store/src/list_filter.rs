//! What a list of problems is asked for, and the parameters of its statement that say so.

use crate::row::Val;
use crate::vals;
use domain::id::{CampaignId, CategoryId, SubjectId, UnitId, VisitId};
use domain::light::Bounds;
use domain::problem::{Source, StateName, Tier};
use domain::time::Millis;
use std::fmt::Display;
use std::str::FromStr;

/// Which lights to show; `late` shares raise none and blue to yellow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LightIs {
    Red,
    Yellow,
    Blue,
    None,
    Paused,
}

/// Numbers are given in the order of registration, so newest and oldest are also the order of numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// What burns first; only what has a running clock.
    #[default]
    Due,
    /// The same from its end.
    DueLast,
    Newest,
    Oldest,
}

impl By {
    pub fn is_due(self) -> bool {
        matches!(self, By::Due | By::DueLast)
    }

    pub(crate) fn is_descending(self) -> bool {
        matches!(self, By::DueLast | By::Newest)
    }
}

/// One of them, those without any, or all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which<T> {
    #[default]
    Any,
    Without,
    One(T),
}

impl<T: FromStr> Which<T> {
    /// An id, `none`, or anything else for all.
    pub fn parse(text: &str) -> Which<T> {
        match text {
            "none" => Which::Without,
            text => text.parse().map_or(Which::Any, Which::One),
        }
    }
}

impl<T: Display> Which<T> {
    pub(crate) fn key(&self) -> String {
        match self {
            Which::Any => String::new(),
            Which::Without => "none".into(),
            Which::One(id) => id.to_string(),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    pub by: By,
    pub unit: Option<UnitId>,
    pub state: Option<StateName>,
    pub light: Option<LightIs>,
    pub tier: Option<Tier>,
    pub category: Which<CategoryId>,
    pub source: Option<Source>,
    pub boarded: bool,
    pub campaign: Option<CampaignId>,
    pub subject: Option<SubjectId>,
    pub visit: Option<VisitId>,
    /// The lead itself, not whoever sees it; `Without` finds what was never dispatched.
    pub lead: Which<UnitId>,
    /// A tag of the subject; problems carry none of their own.
    pub tag: String,
    /// Registered not before, and before.
    pub from: Option<Millis>,
    pub until: Option<Millis>,
    pub text: String,
    /// Keyset: the key of the row on whose far side the page lies (`Line::key`).
    pub after: Option<(i64, i64)>,
    /// The page before that row instead of the one after it; shown in the same order.
    pub back: bool,
}

impl Filter {
    pub fn has_text(&self) -> bool {
        !self.text.trim().is_empty()
    }

    /// Nothing but whose window, light and order: then the index alone can count.
    pub fn is_plain(&self) -> bool {
        let (unit, light, by, after, back) = (self.unit, self.light, self.by, self.after, self.back);
        *self == Filter { unit, light, by, after, back, ..Filter::default() }
    }

    /// The order in which this filter can be shown: words are found by number, and what is paused has no clock.
    pub fn order(&self) -> By {
        match self.by {
            by if by.is_due() && (self.has_text() || self.light == Some(LightIs::Paused)) => By::Newest,
            by => by,
        }
    }
}

pub(crate) const MIN: i64 = -9_000_000_000_000_000;
pub(crate) const MAX: i64 = 9_000_000_000_000_000;

/// A range of the clock, and whether shares must be late, or must not be.
pub(crate) struct Range {
    pub from: i64,
    pub to: i64,
    pub late: &'static str,
    pub yellow_until: i64,
}

pub(crate) fn range(light: Option<LightIs>, now: Millis, bounds: &Bounds) -> Range {
    let (yellow, blue) = (bounds.yellow_until.0, bounds.blue_until.0);
    let (from, to, late) = match light {
        None | Some(LightIs::Paused) => (MIN, MAX, ""),
        Some(LightIs::Red) => (MIN, now.0 - 1, ""),
        Some(LightIs::Yellow) => (now.0, MAX, "late"),
        Some(LightIs::Blue) => (yellow.max(now.0 - 1) + 1, blue, "not"),
        Some(LightIs::None) => (blue.max(now.0 - 1) + 1, MAX, "not"),
    };
    Range { from, to, late, yellow_until: yellow }
}

/// Parameters 2 to 11 of every list statement.
pub(crate) fn filters(filter: &Filter, range: &Range, now: Millis) -> Vec<Val> {
    vals![
        range.from,
        range.to,
        range.late,
        range.yellow_until,
        now,
        filter.state.map_or("", StateName::code),
        filter.tier.map_or("", Tier::code),
        filter.category.key(),
        filter.boarded,
        filter.light == Some(LightIs::Paused)
    ]
    .to_vec()
}

/// Parameters 15 to 23. A unit that asks for a subject's problems does not learn which shielded ones are its.
pub(crate) fn whence(filter: &Filter, by_unit: bool, registered: (i64, i64)) -> Vec<Val> {
    let text = |it: Option<String>| it.unwrap_or_default();
    let asked = filter.subject.is_some() || filter.visit.is_some() || !filter.tag.is_empty();
    vals![
        text(filter.campaign.map(|it| it.to_string())),
        filter.lead.key(),
        text(filter.subject.map(|it| it.to_string())),
        text(filter.visit.map(|it| it.to_string())),
        asked && by_unit,
        filter.source.map_or("", Source::code),
        &filter.tag,
        registered.0,
        registered.1
    ]
    .to_vec()
}

/// The first and the last instant of registration.
pub(crate) fn registered(filter: &Filter) -> (i64, i64) {
    (filter.from.map_or(MIN, |it| it.0), filter.until.map_or(MAX, |it| it.0 - 1))
}
