//! What an audit found broken, as a sentence that names it: which problem, which event, which day.

use domain::command::CommandName;
use domain::time::{Day, Millis};

/// The event that does not fit, as far as its row can still be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    pub seq: i64,
    pub kind: String,
    pub at: Millis,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The body does not have the hash that stands beside it.
    Body(At),
    /// The number that should come next is not there.
    Missing { seq: i64 },
    /// A column beside the body says something else.
    Column { name: &'static str, event: At },
    /// The body cannot be read.
    Unreadable(At),
    /// Events without the problem that they are about.
    NoProblem,
    /// A problem without any event.
    NoEvents,
    /// The problem's row is not what its last event says; `name` is the column.
    Row { name: &'static str, event: At },
    /// Title or text are not those that were registered.
    Texts { registered: Millis },
    /// The day's events are not those that were sealed.
    Seal { day: Day },
    /// A seal does not follow from the one before it.
    SealChain { day: Day },
    /// Events of a day that later days passed over.
    Unsealed { day: Day },
}

/// What the broken events are about; what is neither is named as a problem, since most are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Problem,
    Visit,
}

impl Thing {
    fn zh(self) -> &'static str {
        match self {
            Thing::Problem => "问题",
            Thing::Visit => "走访",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Thing::Problem => "problem",
            Thing::Visit => "visit",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The thing's id; empty for a seal.
    pub thing: String,
    pub is: Thing,
    /// The thing's number, where it could be found.
    pub no: Option<i64>,
    pub fault: Fault,
}

impl Broken {
    /// The sentence in Chinese and in English.
    pub fn say(&self) -> (String, String) {
        let (zh, en) = self.name();
        let event = |it: &At| {
            let at = it.at.second();
            // A kind that was tampered with has no label; then it stands there as it is.
            let known = [CommandName::event_zh(&it.kind), domain::visit::event_words(&it.kind).0];
            let label = known.into_iter().find(|it| !it.is_empty()).unwrap_or(&it.kind);
            (format!("第{}条记录（{label}，{at}）", it.seq), format!("event {} ({}, {at})", it.seq, it.kind))
        };
        match &self.fault {
            Fault::Body(it) => {
                let (e_zh, e_en) = event(it);
                (
                    format!("{zh}的{e_zh}与其校验值不符：内容或校验值被改动过。"),
                    format!("{en}: {e_en} does not match its hash; its content or the hash was changed."),
                )
            }
            Fault::Missing { seq } => (
                format!("{zh}缺少第{seq}条记录：它被删除过。"),
                format!("{en}: event {seq} is missing; it was deleted."),
            ),
            Fault::Column { name, event: it } => {
                let (e_zh, e_en) = event(it);
                (
                    format!("{zh}的{e_zh}的列“{name}”与记录内容不符：该列被改动过。"),
                    format!(
                        "{en}: column \"{name}\" of {e_en} differs from the event's own text; the column was changed."
                    ),
                )
            }
            Fault::Unreadable(it) => {
                let (e_zh, e_en) = event(it);
                (format!("{zh}的{e_zh}无法读取。"), format!("{en}: {e_en} cannot be read."))
            }
            Fault::NoProblem => (
                format!("{zh}有记录，但{}本身不在了：它被删除过。", self.is.zh()),
                format!("{en} has events, but the {} itself is gone; its row was deleted.", self.is.en()),
            ),
            Fault::NoEvents => {
                (format!("{zh}没有任何记录：记录被删除过。"), format!("{en} has no events; they were deleted."))
            }
            Fault::Row { name, event: it } => {
                let (e_zh, e_en) = event(it);
                (
                    format!("{zh}的“{name}”与最后的{e_zh}不符：{}被绕过系统改动过。", self.is.zh()),
                    format!(
                        "{en}: \"{name}\" is not what its last one, {e_en}, made it; the row was changed outside the program."
                    ),
                )
            }
            Fault::Texts { registered } => {
                let at = registered.second();
                (
                    format!("{zh}的标题或内容与{at}登记时不符：文字被改动过。"),
                    format!("{en}: title or text is not what was registered at {at}; it was changed."),
                )
            }
            Fault::Seal { day } => (
                format!("{day}的日封印与当日记录不符：封印或当日记录被改动过。"),
                format!(
                    "The seal of {day} does not fit the events of that day; the seal or an event was changed, deleted or added."
                ),
            ),
            Fault::SealChain { day } => (
                format!("{day}的日封印与前一封印不相衔接：封印被改动或删除过。"),
                format!("The seal of {day} does not follow from the one before; a seal was changed or deleted."),
            ),
            Fault::Unsealed { day } => (
                format!("{day}有记录，却没有封印：封印被删除，或记录是事后补入的。"),
                format!(
                    "{day} has events but no seal, though later days have one; the seal was deleted, or an event was added later."
                ),
            ),
        }
    }

    fn name(&self) -> (String, String) {
        let (zh, en) = (self.is.zh(), self.is.en());
        match (self.no, self.is) {
            (Some(no), Thing::Problem) => (format!("{zh}{no}"), format!("Problem {no}")),
            (Some(no), Thing::Visit) => (format!("{zh}{no}"), format!("Visit {no}")),
            (None, _) => (format!("编号为{}的{zh}", self.thing), format!("The {en} with id {}", self.thing)),
        }
    }
}
