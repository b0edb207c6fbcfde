//! What a cell of a month sheet shows: one glyph for the verdict, one ground for the plan, and the words behind both.

use crate::lang::Lang;
use domain::attendance::verdict::{Judged, Reason, Verdict};

/// The glyph and the name of the ground.
pub fn cell(lang: Lang, it: &Judged) -> (&'static str, &'static str) {
    match (it.verdict, it.reason) {
        (Verdict::Present, Reason::SubstituteOnSite) => ("●", "here"),
        (Verdict::Present, _) => ("●", "here"),
        (Verdict::Absent, _) => ("✕", "missing"),
        (Verdict::Short, _) => ("◐", "missing"),
        (Verdict::Review, _) => ("?", "review"),
        (Verdict::Excused, Reason::LeaveSubstituted) => (lang.of("替", "S"), "sub"),
        (Verdict::Excused, Reason::AtOtherSite) => (lang.of("他", "O"), "sub"),
        (Verdict::Excused, _) => (lang.of("假", "L"), "leave"),
        (Verdict::Extra, _) => ("○", "extra"),
        (Verdict::NotNeeded, _) => ("", "free"),
        (Verdict::Open, _) => ("·", "ahead"),
    }
}

/// Ground, glyph and words, in the order in which the legend stands.
pub fn legend(lang: Lang) -> [(&'static str, &'static str, &'static str); 10] {
    [
        ("here", "●", lang.of("需到岗，到了", "wanted, there")),
        ("missing", "✕", lang.of("需到岗，没到", "wanted, not there")),
        ("missing", "◐", lang.of("到了，时间不足", "there, too short")),
        ("review", "?", lang.of("待人工复核", "to be reviewed")),
        ("leave", lang.of("假", "L"), lang.of("请假获准", "on leave")),
        ("sub", lang.of("替", "S"), lang.of("请假，有人顶岗", "on leave, with a substitute")),
        ("sub", lang.of("他", "O"), lang.of("在名单写明的另一工地", "at another site that the plan names")),
        ("free", "", lang.of("不需到岗", "not wanted")),
        ("extra", "○", lang.of("不需到岗，来了", "not wanted, came")),
        ("ahead", "·", lang.of("还没到的日子", "days to come")),
    ]
}

/// The sentence of a verdict.
pub fn sentence(lang: Lang, it: &Judged) -> String {
    lang.of(it.zh(), it.en())
}

/// What made a verdict, for the history of a day.
pub fn cause(lang: Lang, code: &str) -> &'static str {
    let (zh, en) = match code {
        "closed" => ("当日结束", "the day was over"),
        "punch" => ("迟到达的打卡", "a punch that arrived late"),
        "ruling" => ("打卡复核", "a punch was reviewed"),
        "appeal" => ("申诉成立", "an appeal was upheld"),
        "leave" => ("请假获准", "leave was granted"),
        "substitute" => ("顶岗获准", "a substitute was granted"),
        "exit" => ("申报退场", "an exit was filed"),
        _ => ("重新计算", "it was computed anew"),
    };
    lang.of(zh, en)
}
