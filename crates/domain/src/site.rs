//! A building site 工地: its card, its firms, and how somebody stands to it.

use crate::fault::Fault;
use crate::id::{PersonId, SiteId, UnitId};
use crate::role::{Actor, Role};
use crate::subject::too_long;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    pub id: SiteId,
    pub name: String,
    /// 施工许可证: the number of the construction permit, as it is written.
    pub permit: String,
    pub address: String,
    /// 建设单位, 施工单位, 监理单位.
    pub owner: Option<UnitId>,
    pub contractor: Option<UnitId>,
    pub consultant: Option<UnitId>,
}

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

/// Empty: the site is not there for him. `on_roster`: whether he has, or had, posts there.
pub fn ties(actor: &Actor, site: &Site, on_roster: bool) -> Vec<Tie> {
    let mut ties = BTreeSet::new();
    for hat in actor.hats() {
        let is_of = |firm: Option<UnitId>| firm.is_some_and(|id| hat.within.contains(&id));
        match hat.role {
            Role::Bureau => ties.insert(Tie::Bureau),
            Role::Owner if is_of(site.owner) => ties.insert(Tie::Owner),
            Role::Contractor if is_of(site.contractor) => ties.insert(Tie::Contractor),
            Role::Consultant if is_of(site.consultant) => ties.insert(Tie::Consultant),
            Role::Office | Role::Supervision | Role::Leader => ties.insert(Tie::Watcher),
            _ => false,
        };
    }
    if on_roster {
        ties.insert(Tie::Staff);
    }
    ties.into_iter().collect()
}

/// Whose sites somebody finds: all, or those of his firms and those where he has posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    All,
    Of { units: Vec<UnitId>, person: Option<PersonId> },
}

pub fn reach(actor: &Actor) -> Reach {
    let all = [Role::Bureau, Role::Office, Role::Supervision, Role::Leader];
    if all.into_iter().any(|role| actor.has(role)) {
        return Reach::All;
    }
    let firms = actor.hats().iter().filter(|it| matches!(it.role, Role::Owner | Role::Contractor | Role::Consultant));
    let units: BTreeSet<UnitId> = firms.flat_map(|hat| hat.within.iter().copied()).collect();
    let staff = actor.has(Role::SiteStaff) || !units.is_empty();
    Reach::Of { units: units.into_iter().collect(), person: actor.person().filter(|_| staff) }
}

/// All that is wrong with a card.
pub fn faults(site: &Site) -> Vec<Fault> {
    let mut faults = Vec::new();
    if site.name.trim().is_empty() {
        faults.push(Fault::new("name", "请填写工地名称。", "Give the site's name."));
    }
    if site.permit.trim().is_empty() {
        faults.push(Fault::new("permit", "请填写施工许可证编号。", "Give the number of the construction permit."));
    }
    for (field, text, most) in
        [("name", &site.name, 100), ("permit", &site.permit, 60), ("address", &site.address, 200)]
    {
        faults.extend(too_long(field, text, most));
    }
    for (field, firm, zh, en) in [
        ("owner", site.owner, "请选择建设单位：请假由它批准。", "Choose the owner: leave is approved by it."),
        (
            "contractor",
            site.contractor,
            "请选择施工单位：阶段名单由它申报。",
            "Choose the contractor, who files the stage plan.",
        ),
    ] {
        if firm.is_none() {
            faults.push(Fault::new(field, zh, en));
        }
    }
    faults
}

/// What people read of the events of a site and its plans, in Chinese and English; empty for what is none of these.
pub fn event_words(event: &str) -> (&'static str, &'static str) {
    match event {
        "site-added" => ("登记工地", "Entered"),
        "site-changed" => ("修改工地", "Changed"),
        "staff-set" => ("登记人员岗位", "Posts set"),
        "certificate-added" => ("登记证书", "Certificate entered"),
        "plan-filed" => ("申报阶段名单", "Plan filed"),
        "plan-confirmed" => ("建设单位确认", "Confirmed by the owner"),
        "plan-returned" => ("退回阶段名单", "Plan returned"),
        "plan-approved" => ("批准阶段名单", "Plan approved"),
        _ => ("", ""),
    }
}
