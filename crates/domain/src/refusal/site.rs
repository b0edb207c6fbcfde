//! What is refused about sites, their plans, and what is asked and appealed there.

use super::{Refusal, Saying};

pub(super) fn say(refusal: &Refusal) -> Saying {
    let (code, status, zh, en) = match refusal {
        Refusal::PlanState { state, command } => (
            "plan-state",
            409,
            format!("这一版阶段名单现在是“{}”，不能{}。", state.zh(), command.zh()),
            format!("This version of the plan is \"{}\" now; it cannot be \"{}\".", state.en(), command.en()),
        ),
        Refusal::AskState { state, command } => (
            "ask-state",
            409,
            format!("这项申请现在是“{}”，不能{}。", state.zh(), command.zh()),
            format!("This request is \"{}\" now; \"{}\" is not possible.", state.en(), command.en()),
        ),
        Refusal::AppealState { state, command } => (
            "appeal-state",
            409,
            format!("这项申诉现在是“{}”，不能{}。", state.zh(), command.zh()),
            format!("This appeal is \"{}\" now; \"{}\" is not possible.", state.en(), command.en()),
        ),
        Refusal::NothingToAppeal => (
            "nothing-to-appeal",
            409,
            "这一天的结论不能申诉；可以申诉的是缺勤、在岗不足、待复核和额外到岗。".to_owned(),
            "The verdict of this day cannot be appealed; absent, short, in review and extra can.".to_owned(),
        ),
        _ => (
            "other-person",
            403,
            "申报人、当事人或复核人不能自己决定，请由另一人办理。".to_owned(),
            "Whoever filed or reviewed it, or whom it concerns, cannot decide it; another person must.".to_owned(),
        ),
    };
    Saying { code, status, zh, en }
}
