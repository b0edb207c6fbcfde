//! Triage 梳理 as one decision of the office: the orders that it means, whether it stands already, and what looks alike.

use crate::command::Command;
use crate::id::{CategoryId, PersonId, ProblemId, UnitId};
use crate::problem::{Problem, State, Tier, Urgency};
use crate::search::runs;
use std::collections::BTreeSet;

/// What the office says about a problem that it sends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub category: Option<CategoryId>,
    pub tier: Tier,
    pub urgency: Urgency,
    pub lead: Option<UnitId>,
    pub supports: Vec<UnitId>,
}

impl Decision {
    /// In the order in which they are carried out. What stands so already is not triaged anew: an event tells a change.
    pub fn commands(&self, p: &Problem) -> Vec<Command> {
        let category = self.category.or(p.category);
        let triaged = (p.category, p.tier, p.urgency) == (category, self.tier, self.urgency);
        let triage = Command::Triage { category, tier: self.tier, urgency: self.urgency };
        let dispatch = Command::Dispatch { lead: self.lead, supports: self.supports.clone() };
        if triaged { vec![dispatch] } else { vec![triage, dispatch] }
    }

    /// Whether this very decision of `by`, made of the revision `seen`, is what stands: then it was sent twice, and the
    /// second is answered like the first (`loop.md`, decision 15).
    pub fn stands(&self, p: &Problem, by: Option<PersonId>, seen: i64) -> bool {
        let State::Dispatched { case } = &p.state else { return false };
        let supports = |all: &mut dyn Iterator<Item = UnitId>| all.collect::<BTreeSet<_>>();
        is_last(p, by, "dispatched")
            && matches!(p.revision - seen, 1 | 2)
            && Some(case.lead.unit) == self.lead
            && supports(&mut case.supports.iter().map(|it| it.unit)) == supports(&mut self.supports.iter().copied())
            && (p.tier, p.urgency) == (self.tier, self.urgency)
            && self.category.is_none_or(|it| p.category == Some(it))
    }
}

/// The same of the other ways out of triage; `into` of a merge.
pub fn ended_so(p: &Problem, by: Option<PersonId>, seen: i64, into: Option<ProblemId>) -> bool {
    let so = match &p.state {
        State::Refused { .. } => into.is_none() && is_last(p, by, "refused"),
        State::Merged { into: it, .. } => into == Some(*it) && is_last(p, by, "merged"),
        _ => false,
    };
    so && p.revision == seen + 1
}

/// And of the way back.
pub fn recalled_so(p: &Problem, by: Option<PersonId>, seen: i64) -> bool {
    matches!(p.state, State::Registered) && is_last(p, by, "recalled") && p.revision == seen + 1
}

fn is_last(p: &Problem, by: Option<PersonId>, event: &str) -> bool {
    p.last.by == by && p.last.event == event
}

/// How many pieces of a title are looked for: each costs a search.
const PROBES: usize = 8;
/// A shorter piece stands in every second title.
const PIECE: usize = 3;

/// Pieces of a title by which others like it are found, spread over its whole length.
pub fn probes(title: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for (cjk, run) in runs(title) {
        let chars: Vec<char> = run.chars().collect();
        if chars.len() < PIECE {
            continue;
        }
        if cjk {
            pieces.extend(chars.windows(PIECE).step_by(2).map(String::from_iter));
        } else {
            pieces.push(run);
        }
    }
    let mut seen = BTreeSet::new();
    pieces.retain(|it| seen.insert(it.clone()));
    let every = pieces.len().div_ceil(PROBES).max(1);
    pieces.into_iter().step_by(every).collect()
}

/// Parts in a hundred that two titles share, counted in pairs of characters.
pub fn likeness(one: &str, other: &str) -> u32 {
    let pairs = |text: &str| -> BTreeSet<String> {
        crate::search::tokens(text).split(' ').filter(|it| it.chars().count() > 1).map(str::to_owned).collect()
    };
    let (a, b) = (pairs(one), pairs(other));
    let both = a.intersection(&b).count();
    match a.len() + b.len() {
        0 => 0,
        all => (both * 200 / all) as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_about_one_matter_are_alike_and_others_are_not() {
        let one = "文溯路工地凌晨两点还在打桩，孩子中考";
        assert!(likeness(one, "文溯路工地凌晨打桩") >= 40);
        assert!(likeness(one, "文溯路工地凌晨打桩") > likeness(one, "工地门口道路破损"));
        assert!(likeness(one, "营业执照变更法人") == 0);
        assert_eq!((likeness(one, one), likeness("", "")), (100, 0));
    }

    #[test]
    fn a_long_title_is_probed_over_its_whole_length_and_a_short_one_not_at_all() {
        let long = probes("厂区西门外新栽行道树挡住出口视线，货车左转看不到来车，想请管绿化的来看一下");
        assert!(long.len() <= PROBES && long.len() >= 4, "{long:?}");
        assert!(long[0] == "厂区西" && long.iter().any(|it| "想请管绿化的来看一下".contains(it.as_str())), "{long:?}");
        assert_eq!(probes("停水"), Vec::<String>::new());
        assert_eq!(probes("ERP 故障了"), ["erp", "故障了"]);
    }
}
