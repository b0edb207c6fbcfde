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
        "plan-taken-over" => ("转入原名单", "Earlier list taken over"),
        "plan-approved" => ("批准阶段名单", "Plan approved"),
        "leave-asked" => ("申请请假", "Leave asked"),
        "leave-consented" => ("一家建设单位同意请假", "One owner agreed to the leave"),
        "leave-granted" => ("请假获准", "Leave granted"),
        "leave-refused" => ("请假未获准", "Leave refused"),
        "leave-withdrawn" => ("撤回请假", "Leave withdrawn"),
        "substitute-asked" => ("申请顶岗", "Substitute asked"),
        "substitute-granted" => ("顶岗获准", "Substitute granted"),
        "substitute-refused" => ("顶岗未获准", "Substitute refused"),
        "substitute-withdrawn" => ("撤回顶岗", "Substitute withdrawn"),
        "appeal-filed" => ("提出申诉", "Appeal filed"),
        "appeal-upheld" => ("申诉成立", "Appeal upheld"),
        "appeal-rejected" => ("维持原结论", "Appeal rejected"),
        "appeal-withdrawn" => ("撤回申诉", "Appeal withdrawn"),
        "punch-accepted" => ("采信打卡", "Punch accepted"),
        "punch-rejected" => ("不采信打卡", "Punch rejected"),
        "exit-filed" => ("申报退场", "Exit filed"),
        "person-called" => ("通知到岗", "Called to the site"),
        "key-period-set" => ("设关键工序时段", "Key period set"),
        "absent" => ("缺勤", "Absent"),
        "staff-set" => ("登记人员", "Staff entered"),
        "site-added" => ("登记工地", "Site entered"),
        "site-changed" => ("修改工地", "Site changed"),
        "site-ended" => ("工地完工", "The work is over"),
        _ => ("", ""),
    }
}
