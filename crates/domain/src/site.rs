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

/// What people read of the events of a site, in Chinese and English; empty for what is none of these.
pub fn event_words(event: &str) -> (&'static str, &'static str) {
    match event {
        "plan-filed" => ("申报阶段名单", "Plan filed"),
        "plan-confirmed" => ("建设单位确认", "Confirmed by the owner"),
        "plan-returned" => ("退回阶段名单", "Plan returned"),
        "plan-approved" => ("批准阶段名单", "Plan approved"),
        "site-added" => ("登记工地", "Site added"),
        "site-changed" => ("修改工地资料", "Site changed"),
        "staff-set" => ("确定岗位人员", "Staff set"),
        "key-period-set" => ("确定关键工序时段", "Key period set"),
        "person-called" => ("通知到岗", "Called to the site"),
        "exit-filed" => ("办理退场", "Exit filed"),
        "punch-accepted" => ("认可打卡", "Punch accepted"),
        "punch-rejected" => ("不认可打卡", "Punch rejected"),
        "leave-asked" => ("申请请假", "Leave asked for"),
        "leave-consented" => ("一家建设单位同意请假", "One owner consented to the leave"),
        "leave-granted" => ("批准请假", "Leave granted"),
        "leave-refused" => ("不批准请假", "Leave refused"),
        "leave-withdrawn" => ("撤回请假申请", "Leave withdrawn"),
        "substitute-asked" => ("申请顶岗", "Substitute asked for"),
        "substitute-consented" => ("一家建设单位同意顶岗", "One owner consented to the substitute"),
        "substitute-granted" => ("批准顶岗", "Substitute granted"),
        "substitute-refused" => ("不批准顶岗", "Substitute refused"),
        "substitute-withdrawn" => ("撤回顶岗申请", "Substitute withdrawn"),
        "appeal-filed" => ("提出申诉", "Appeal filed"),
        "appeal-upheld" => ("认定申诉成立", "Appeal upheld"),
        "appeal-rejected" => ("维持原结论", "Appeal rejected"),
        "appeal-withdrawn" => ("撤回申诉", "Appeal withdrawn"),
        _ => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attendance::appeal::AppealCommand;
    use crate::attendance::asked::{Approvable, AskState};
    use crate::attendance::course::PlanCommand;
    use crate::attendance::roll::{Leave, Substitute};

    #[test]
    fn every_event_of_a_course_has_its_words() {
        let asked = [Leave::EVENTS, Substitute::EVENTS].into_iter().flat_map(|noun| {
            let ends = AskState::ALL.iter().map(|it| it.code()).chain(["consented"]);
            ends.map(move |it| format!("{noun}-{it}"))
        });
        let plans = PlanCommand::ALL.iter().map(|it| it.event().to_owned());
        let appeals = AppealCommand::ALL.iter().map(|it| it.event().to_owned());
        let filed = ["plan-filed", "appeal-filed"].map(str::to_owned);
        for event in asked.chain(plans).chain(appeals).chain(filed) {
            let (zh, en) = event_words(&event);
            assert!(!zh.is_empty() && !en.is_empty(), "{event}");
        }
    }
}
