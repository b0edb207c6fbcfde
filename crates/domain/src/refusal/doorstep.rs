//! What is refused about visits, subjects and forms.

use super::{Refusal, Saying};

pub(super) fn say(refusal: &Refusal) -> Saying {
    let (code, status, zh, en) = match refusal {
        Refusal::Faults(faults) => {
            let zh: Vec<&str> = faults.iter().map(|it| it.zh.as_str()).collect();
            let en: Vec<&str> = faults.iter().map(|it| it.en.as_str()).collect();
            ("fields-invalid", 422, zh.join(""), en.join(" "))
        }
        Refusal::VisitState { state, command, possible } => {
            let zh: Vec<_> = possible.iter().map(|it| it.zh()).collect();
            let en: Vec<_> = possible.iter().map(|it| it.en()).collect();
            let (zh, en) = match possible.is_empty() {
                true => ("现在没有可办的步骤。".to_owned(), "Nothing can be done now.".to_owned()),
                false => (format!("现在可以：{}。", zh.join("、")), format!("Possible now: {}.", en.join(", "))),
            };
            (
                "visit-state",
                409,
                format!("这次走访现在是“{}”，不能{}。{zh}", state.zh(), command.zh()),
                format!("This visit is {} now; it cannot \"{}\". {en}", state.en().to_lowercase(), command.en()),
            )
        }
        _ => ("not-found", 404, "没有找到这一项。".to_owned(), "This was not found.".to_owned()),
    };
    Saying { code, status, zh, en }
}
