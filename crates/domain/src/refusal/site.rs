//! What is refused about sites and their plans.

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
            format!("这一申请现在是“{}”，不能{}。", state.zh(), command.zh()),
            format!("This is \"{}\" now; it cannot be \"{}\".", state.en(), command.en()),
        ),
        Refusal::AppealState { state, command } => (
            "appeal-state",
            409,
            format!("这一申诉现在是“{}”，不能再{}。", state.zh(), command.zh()),
            format!("This appeal is \"{}\" now; it cannot be \"{}\".", state.en(), command.en()),
        ),
        Refusal::NothingToAppeal => (
            "nothing-to-appeal",
            409,
            "这一天的结论没有对您不利，不用申诉。".to_owned(),
            "The verdict of this day is not against you; there is nothing to appeal.".to_owned(),
        ),
        _ => (
            "other-person",
            403,
            "申报人或复核人不能自己批准，请由另一人办理。".to_owned(),
            "Whoever filed or reviewed it cannot decide it; another person must.".to_owned(),
        ),
    };
    Saying { code, status, zh, en }
}
