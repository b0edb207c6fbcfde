//! Reading forms and JSON: everything typed is kept, so that a refused form comes back as it was.

use crate::error::{Error, field};
use crate::ui::field::Typed;
use domain::command::*;
use domain::id::{AttachmentId, ProblemId};
use domain::light::Light;
use domain::problem::{Outcome, PauseReason, Satisfaction, Tier, Urgency, Verdict};
use domain::time::Day;

/// The fields of an urlencoded body. Bytes that are no UTF-8 become U+FFFD rather than an error nobody can act on.
pub fn fields(body: &[u8]) -> Typed {
    let mut fields = Vec::new();
    for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let name = decode(halves.next().unwrap_or_default());
        let value = decode(halves.next().unwrap_or_default());
        fields.push((name, value));
    }
    Typed(fields)
}

fn decode(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut i = 0;
    while i < text.len() {
        let hex = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16)).map(|digit| digit as u8);
        match (text[i], hex(i + 1), hex(i + 2)) {
            (b'+', ..) => bytes.push(b' '),
            (b'%', Some(high), Some(low)) => {
                bytes.push(high * 16 + low);
                i += 2;
            }
            (byte, ..) => bytes.push(byte),
        }
        i += 1;
    }
    // A NUL can stand in no text of either database.
    String::from_utf8_lossy(&bytes).replace('\0', "\u{fffd}").replace("\r\n", "\n")
}

fn parsed<T: std::str::FromStr>(typed: &Typed, name: &'static str) -> Result<Option<T>, Error> {
    match typed.get(name).trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| field(name, "请从所列项中选择。", "Choose one of those listed.")),
    }
}

fn day(typed: &Typed, name: &'static str) -> Result<Option<Day>, Error> {
    match typed.get(name).trim() {
        "" => Ok(None),
        text => Day::read(text)
            .map(Some)
            .ok_or_else(|| field(name, "日期请写成2018-04-16的样子。", "Write the date like 2018-04-16.")),
    }
}

fn chosen<T>(typed: &Typed, name: &'static str, parse: fn(&str) -> Option<T>) -> Result<T, Error> {
    parse(typed.get(name)).ok_or_else(|| field(name, "请选择一项。", "Choose one."))
}

fn evidence(typed: &Typed) -> Result<Vec<EvidenceGiven>, Error> {
    let item = typed.get("item").trim().to_owned();
    let attachment: Option<AttachmentId> = parsed(typed, "attachment")?;
    Ok(if item.is_empty() && attachment.is_none() { vec![] } else { vec![EvidenceGiven { item, attachment }] })
}

/// The order that a form of the problem page means.
pub fn order(
    name: CommandName,
    typed: &Typed,
    number_to_id: &dyn Fn(i64) -> Option<ProblemId>,
) -> Result<Order, Error> {
    use CommandName as N;
    let problem = |name: &'static str| -> Result<ProblemId, Error> {
        let text = typed.get(name).trim().trim_start_matches('#');
        let found = text.parse::<i64>().ok().and_then(number_to_id);
        found.ok_or_else(|| field(name, "没有这个编号的问题。", "There is no problem with this number."))
    };
    let command = match name {
        N::Triage => Command::Triage {
            category: parsed(typed, "category")?,
            tier: chosen(typed, "tier", Tier::parse)?,
            urgency: chosen(typed, "urgency", Urgency::parse)?,
        },
        N::Merge => Command::Merge { into: problem("into")? },
        N::Refuse => Command::Refuse,
        N::Dispatch => Command::Dispatch {
            lead: parsed(typed, "lead")?,
            supports: typed.all("supports").filter_map(|id| id.parse().ok()).collect(),
        },
        N::Shield => Command::Shield { on: typed.get("on") != "no" },
        N::Withdraw => Command::Withdraw,
        N::JoinCommon => Command::JoinCommon { parent: problem("parent")? },
        N::Coordinate => Command::Coordinate,
        N::Instruct => Command::Instruct,
        N::Recategorise => Command::Recategorise {
            category: parsed(typed, "category")?
                .ok_or_else(|| field("category", "请选择类别。", "Choose a category."))?,
        },
        N::Receive => Command::Receive,
        N::Dispute => Command::Dispute,
        N::Rule => Command::Rule {
            ruling: parsed(typed, "to")?.map_or(Ruling::Keep, Ruling::To),
            unit: parsed(typed, "unit")?,
        },
        N::Remind => Command::Remind { about: String::new() },
        N::Slip => Command::Slip {
            light: match typed.get("light") {
                "blue" => Light::Blue,
                "yellow" => Light::Yellow,
                "red" => Light::Red,
                _ => return Err(field("light", "请选择督查单颜色。", "Choose the colour of the slip.")),
            },
        },
        N::Note => Command::Note,
        N::Evidence => match evidence(typed)?.pop() {
            Some(given) => Command::Evidence { given },
            None => {
                return Err(field("item", "请写明依据名称或选择附件。", "Name the evidence or choose an attachment."));
            }
        },
        N::Support => Command::Support { evidence: evidence(typed)? },
        N::AskExtension => Command::AskExtension {
            until: day(typed, "until")?.ok_or_else(|| field("until", "请写明新的期限。", "Give the new date."))?,
        },
        N::DecideExtension => Command::DecideExtension { grant: typed.get("grant") == "yes" },
        N::AskPause => Command::AskPause { reason: PauseReason::parse(typed.get("reason")) },
        N::DecidePause => Command::DecidePause { grant: typed.get("grant") == "yes" },
        N::Resume => Command::Resume,
        N::Raise => Command::Raise { tier: chosen(typed, "tier", Tier::parse)? },
        N::Board => {
            Command::Board { leader: parsed(typed, "leader")?, milestones: milestones(typed.get("milestones"))? }
        }
        N::Milestone => Command::Milestone { number: typed.get("number").trim().parse().unwrap_or(0) },
        N::Answer => Command::Answer {
            answering: Answering {
                outcome: Outcome::parse(typed.get("outcome")),
                date: day(typed, "date")?,
                duplicate_of: if typed.get("duplicate_of").trim().is_empty() {
                    None
                } else {
                    Some(problem("duplicate_of")?)
                },
                outside: typed.get("outside").to_owned(),
                evidence: evidence(typed)?,
            },
        },
        N::Apply => Command::Apply,
        N::Contact => Command::Contact { reached: typed.get("reached") == "yes" },
        N::Rate => Command::Rate {
            verdict: chosen(typed, "verdict", Verdict::parse)?,
            satisfaction: chosen(typed, "satisfaction", Satisfaction::parse)?,
        },
        N::Verify => Command::Verify,
        N::Sign => Command::Sign,
        N::Close => Command::Close,
        N::Redo => Command::Redo,
        N::Wake => Command::Wake,
        N::Reopen => Command::Reopen,
        N::FollowUp => Command::FollowUp,
        N::Relapse => Command::Relapse,
        N::Recall => Command::Recall,
        N::Assign => Command::Assign {
            to: parsed(typed, "to")?.ok_or_else(|| field("to", "请选择人员。", "Choose a person."))?,
        },
    };
    let seen = typed.get("seen").parse().unwrap_or(-1);
    Ok(Order { command, words: typed.get("words").to_owned(), rest: typed.get("rest").to_owned(), seen })
}

/// One milestone a line: the day first, then what is done by then.
fn milestones(text: &str) -> Result<Vec<PlannedStep>, Error> {
    let wrong = || {
        field(
            "milestones",
            "每行一个节点：先写日期，再写内容，如“2018-05-04 完成勘察”。",
            "One milestone a line: the date, then what, as in \"2018-05-04 survey done\".",
        )
    };
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (day, what) = line.split_once([' ', '\u{3000}', '，', ',']).ok_or_else(wrong)?;
            let due = Day::read(day).ok_or_else(wrong)?;
            Ok(PlannedStep { what: what.trim().chars().take(200).collect(), due })
        })
        .collect()
}

/// How long a text may be, in characters.
pub fn check_length(name: &'static str, text: &str, most: usize) -> Result<(), Error> {
    let found = text.chars().count();
    if found <= most {
        return Ok(());
    }
    Err(Error::Field {
        field: name,
        zh: format!("这一栏最多{most}字，现有{found}字。"),
        en: format!("At most {most} characters here; there are {found}."),
    })
}
