//! A building site 工地: how somebody stands to it, and the words of its events.

/// How somebody stands to a site; one person may stand in several ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tie {
    /// 建设局: approves, reviews, decides.
    Bureau,
    Owner,
    Contractor,
    Consultant,
    /// Has posts there.
    Staff,
    /// Sees all sites, acts at none: office, supervision, leader.
    Watcher,
}

/// What people read of the events of a site's plans, in Chinese and English; empty for what is none of these.
pub fn event_words(event: &str) -> (&'static str, &'static str) {
    match event {
        "plan-filed" => ("申报阶段名单", "Plan filed"),
        "plan-confirmed" => ("建设单位确认", "Confirmed by the owner"),
        "plan-returned" => ("退回阶段名单", "Plan returned"),
        "plan-approved" => ("批准阶段名单", "Plan approved"),
        _ => ("", ""),
    }
}
