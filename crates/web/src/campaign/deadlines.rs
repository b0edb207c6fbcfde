//! The deadlines of a campaign as a form: a number and what is counted, for each span; empty is the house's.

use crate::lang::Lang;
use crate::ui::field::Typed;
use crate::ui::slot::Slot;
use domain::clock::Span;
use domain::fault::Fault;
use domain::rules::Rules;
use maud::{Markup, html};

struct Deadline {
    name: &'static str,
    zh: &'static str,
    en: &'static str,
    of: fn(&mut Rules) -> &mut Span,
}

/// In the order in which a problem meets them.
const DEADLINES: [Deadline; 12] = [
    Deadline { name: "triage", zh: "梳理交办", en: "Triage and dispatch", of: |it| &mut it.triage },
    Deadline { name: "receive", zh: "签收", en: "Receive", of: |it| &mut it.receive },
    Deadline { name: "dispute", zh: "退单裁定", en: "Ruling on a dispute", of: |it| &mut it.dispute },
    Deadline { name: "support", zh: "协办答复", en: "Support", of: |it| &mut it.support },
    Deadline { name: "lead", zh: "主办反馈", en: "Answer of the lead unit", of: |it| &mut it.lead },
    Deadline { name: "callback", zh: "回访", en: "Contact", of: |it| &mut it.callback },
    Deadline { name: "verification", zh: "核验", en: "Verification", of: |it| &mut it.verification },
    Deadline {
        name: "silence", zh: "回访无应答后等候", en: "Silence after the contacts", of: |it| &mut it.silence
    },
    Deadline { name: "redo", zh: "责令重办", en: "Redo", of: |it| &mut it.redo },
    Deadline {
        name: "again", zh: "要求重办、反弹后再办", en: "Reopened or relapsed", of: |it| &mut it.again
    },
    Deadline {
        name: "reopen_window", zh: "可要求重办", en: "May be reopened within", of: |it| &mut it.reopen_window
    },
    Deadline { name: "slip_answer", zh: "督查单答复", en: "Answer to a slip", of: |it| &mut it.slip_answer },
];

/// Code, Chinese, English, and the span of so many.
pub type Unit = (&'static str, &'static str, &'static str, fn(u32) -> Span);

pub const UNITS: [Unit; 4] = [
    ("workdays", "个工作日", "workdays", Span::Workdays),
    ("days", "天", "days", Span::Days),
    ("hours", "小时", "hours", Span::Hours),
    ("months", "个月", "months", Span::Months),
];

pub fn parts(span: Span) -> (u32, &'static str) {
    match span {
        Span::Workdays(n) => (n, "workdays"),
        Span::Days(n) => (n, "days"),
        Span::Hours(n) => (n, "hours"),
        Span::Months(n) => (n, "months"),
    }
}

/// For people: `7个工作日`, `7 workdays`.
pub fn say(lang: Lang, span: Span) -> String {
    let (number, code) = parts(span);
    let unit = UNITS.iter().find(|it| it.0 == code).map_or("", |it| lang.of(it.1, it.2));
    lang.of(format!("{number}{unit}"), format!("{number} {unit}"))
}

/// Every span with what it is for, in the order in which a problem meets them.
pub fn all(lang: Lang, rules: &Rules) -> Vec<(&'static str, Span)> {
    let mut rules = rules.clone();
    DEADLINES.iter().map(|it| (lang.of(it.zh, it.en), *(it.of)(&mut rules))).collect()
}

/// What the form shows at first: those spans in which the campaign differs from the house.
pub fn typed(own: Option<&Rules>, house: &Rules) -> Vec<(String, String)> {
    let (mut own, mut house) = (own.unwrap_or(house).clone(), house.clone());
    let mut fields = Vec::new();
    for it in &DEADLINES {
        let (mine, theirs) = (*(it.of)(&mut own), *(it.of)(&mut house));
        let (number, unit) = parts(mine);
        fields.push((it.name.to_owned(), if mine == theirs { String::new() } else { number.to_string() }));
        fields.push((format!("{}_unit", it.name), unit.to_owned()));
    }
    fields
}

/// The campaign's own rules, or none where all are the house's.
pub fn read(typed: &Typed, own: Option<&Rules>, house: &Rules) -> Result<Option<Rules>, Vec<Fault>> {
    let mut rules = own.unwrap_or(house).clone();
    let mut faults = Vec::new();
    for it in &DEADLINES {
        let text = typed.get(it.name).trim();
        let unit = typed.get(&format!("{}_unit", it.name));
        let make = UNITS.iter().find(|one| one.0 == unit).unwrap_or(&UNITS[0]).3;
        let span = match (text, text.parse::<u32>()) {
            ("", _) => *(it.of)(&mut house.clone()),
            (_, Ok(number @ 1..=999)) => make(number),
            _ => {
                faults.push(Fault::new(
                    it.name,
                    format!("“{}”的期限请填1到999的整数；不填就用统一的。", it.zh),
                    format!("{}: write a whole number from 1 to 999; leave it empty for the house's.", it.en),
                ));
                continue;
            }
        };
        *(it.of)(&mut rules) = span;
    }
    match faults.is_empty() {
        true => Ok((rules != *house).then_some(rules)),
        false => Err(faults),
    }
}

pub fn fields(lang: Lang, slot: &Slot, house: &Rules) -> Markup {
    let form = slot.form();
    let mut house = house.clone();
    html! {
        div.spans {
            @for it in &DEADLINES {
                @let hint = lang.of("统一：", "The house's: ").to_owned() + &say(lang, *(it.of)(&mut house));
                @let unit = format!("{}_unit", it.name);
                div.span {
                    (form.field(it.name, it.zh, it.en).hint(&hint).input("text"))
                    select name=(unit) aria-label=(lang.of("单位", "Unit")) {
                        @for (code, zh, en, _) in UNITS { option value=(code) selected[slot.typed().get(&unit) == code] { (lang.of(zh, en)) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_is_the_houses_and_what_was_set_comes_back() {
        let house = Rules::default();
        assert_eq!(read(&Typed(typed(None, &house)), None, &house), Ok(None));
        let mut form = Typed(typed(None, &house));
        form.0.retain(|(name, _)| !name.starts_with("lead"));
        form.0.extend([("lead".to_owned(), "48".to_owned()), ("lead_unit".to_owned(), "hours".to_owned())]);
        let own = read(&form, None, &house).ok().flatten();
        assert_eq!(own, Some(Rules { lead: Span::Hours(48), ..house.clone() }));
        let again = Typed(typed(own.as_ref(), &house));
        assert_eq!((again.get("lead"), again.get("lead_unit"), again.get("triage")), ("48", "hours", ""));
        assert_eq!(read(&again, own.as_ref(), &house), Ok(own));
        let wrong = Typed(vec![("redo".into(), "三天".into()), ("lead".into(), "0".into())]);
        let faults = read(&wrong, None, &house).err().unwrap_or_default();
        assert_eq!(faults.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), ["lead", "redo"]);
    }
}
