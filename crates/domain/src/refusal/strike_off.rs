//! What is refused on the way from the answer to strike-off and after it.

use super::{Refusal, Saying};

pub(super) fn say(refusal: &Refusal) -> Saying {
    use Refusal::*;
    let (code, status, zh, en): (_, _, String, String) = match refusal {
        EvidenceIncomplete { items } => (
            "evidence-incomplete",
            422,
            format!("申请销号前须补齐：{}。", items.join("、")),
            format!("Before applying for strike-off add: {}.", items.join(", ")),
        ),
        ContactByHandler => (
            "contact-by-handler",
            409,
            "承办单位的联系不计入回访次数。".into(),
            "Contacts by a handling unit do not count as callback attempts.".into(),
        ),
        AlreadyRated => ("already-rated", 409, "本轮已评价。".into(), "Already rated in this round.".into()),
        RatingExpired { at } => (
            "rating-expired",
            409,
            format!("评价期已于{}结束。", at.minute()),
            format!("Rating ended at {}.", at.minute()),
        ),
        RaterIsHandler => (
            "rater-is-handler",
            409,
            "承办单位不能代录评价。".into(),
            "A handling unit cannot record the rating.".into(),
        ),
        VerifierIsHandler => (
            "verifier-is-handler",
            409,
            "核验人不能是经办人，也不能来自承办单位。".into(),
            "The verifier must not be a handler nor come from a handling unit.".into(),
        ),
        NotApplied => (
            "not-applied",
            409,
            "承办单位尚未申请销号。".into(),
            "The handling unit has not applied for strike-off.".into(),
        ),
        NotVerified => {
            ("not-verified", 409, "尚未核验，不能签字。".into(), "Not yet verified, so it cannot be signed.".into())
        }
        NothingToSign => (
            "nothing-to-sign",
            409,
            "非挂牌问题，也没有需要签字的情形。".into(),
            "It is not on the board and nothing needs a signature.".into(),
        ),
        CloseIncomplete { missing } => {
            let zh: Vec<_> = missing.iter().map(|it| it.words().1).collect();
            let en: Vec<_> = missing.iter().map(|it| it.words().2).collect();
            (
                "close-incomplete",
                409,
                format!("还不能销号，缺：{}。", zh.join("、")),
                format!("It cannot be struck off yet; missing: {}.", en.join(", ")),
            )
        }
        PlannedCannotClose => (
            "planned-cannot-close",
            409,
            "列入计划的问题到期自动恢复办理，不能销号。".into(),
            "A planned one wakes on its date; it cannot be struck off.".into(),
        ),
        RecallTooLate => (
            "recall-too-late",
            409,
            "交办已超过60秒或已签收，不能收回。".into(),
            "It was dispatched more than 60 seconds ago or already received; it cannot be recalled.".into(),
        ),
        NotYetDue { date } => {
            ("not-yet-due", 409, format!("计划日期{date}未到。"), format!("Its date {date} has not come."))
        }
        ReopenWindowPassed => (
            "reopen-window-passed",
            409,
            "销号已超过30天，请登记为反弹或重新反映。".into(),
            "More than 30 days since strike-off: record a relapse or file it anew.".into(),
        ),
        // Everything else is said in `refusal`.
        _ => ("not-your-role", 403, "您的岗位不能办理这一步。".into(), "Your role cannot take this step.".into()),
    };
    Saying { code, status, zh, en }
}
