//! A stage plan as people say it: "吕工 技术负责人 每周2天 5月14日–6月30日".

use crate::lang::Lang;
use domain::attendance::filing::Names;
use domain::attendance::plan::{By, Kind, Line, Mask, Mode, Requirement};
use domain::id::{PersonId, SiteId};
use domain::time::Day;
use std::collections::BTreeSet;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
pub const WEEKDAYS: [(&str, &str, &str); 7] = [
    ("mon", "一", "Mon"),
    ("tue", "二", "Tue"),
    ("wed", "三", "Wed"),
    ("thu", "四", "Thu"),
    ("fri", "五", "Fri"),
    ("sat", "六", "Sat"),
    ("sun", "日", "Sun"),
];

/// Named dates of a sentence before it only counts.
const NAMED: usize = 6;

/// Month and day; the year as well where it is another than the reader has in mind.
pub fn day(lang: Lang, it: Day, year: i16) -> String {
    let month = usize::try_from(it.month()).unwrap_or(1).saturating_sub(1).min(11);
    let short =
        lang.of(format!("{}月{}日", it.month(), it.day_of_month()), format!("{} {}", it.day_of_month(), MONTHS[month]));
    match it.year() == year {
        true => short,
        false => lang.of(format!("{}年{short}", it.year()), format!("{short} {}", it.year())),
    }
}

pub fn span(lang: Lang, from: Day, to: Day, year: i16) -> String {
    // Where both lie in another year, it is said once.
    let of_to = if from.year() == to.year() && !lang.is_en() { from.year() } else { year };
    lang.of(
        format!("{}–{}", day(lang, from, year), day(lang, to, of_to)),
        format!("{} – {}", day(lang, from, year), day(lang, to, of_to)),
    )
}

pub fn weekdays(lang: Lang, bits: u8) -> String {
    let named = (0..7).filter(|place| bits >> place & 1 == 1).map(|place| WEEKDAYS[place]);
    let names: Vec<String> = named.map(|it| lang.of(format!("周{}", it.1), it.2.to_owned())).collect();
    names.join(lang.of("、", ", "))
}

pub fn mask(lang: Lang, it: Mask) -> String {
    match it {
        Mask::Workdays => lang.of("工作日", "workdays").to_owned(),
        Mask::All => lang.of("每天", "every day").to_owned(),
        Mask::Weekdays(bits) => weekdays(lang, bits),
    }
}

fn dates(lang: Lang, all: &BTreeSet<Day>, year: i16) -> String {
    let named: Vec<String> = all.iter().take(NAMED).map(|it| day(lang, *it, year)).collect();
    let (named, count) = (named.join(lang.of("、", ", ")), all.len());
    match count > NAMED {
        true => lang.of(format!("{named}等{count}天"), format!("{named} … ({count} days)")),
        false => named,
    }
}

/// How somebody comes: 每周2天, 全勤（每天）.
pub fn promise(lang: Lang, kind: &Kind, days: Mask, year: i16) -> String {
    let of_mask = match days {
        Mask::Workdays => String::new(),
        other => lang.of(format!("（{}）", mask(lang, other)), format!(" ({})", mask(lang, other))),
    };
    let several = |n: u32| if n == 1 { "day" } else { "days" };
    match kind {
        Kind::FullTime => match days {
            Mask::Workdays => lang.of("全勤（工作日）", "every workday").to_owned(),
            Mask::All => lang.of("全勤（每天）", "every day, days off as well").to_owned(),
            Mask::Weekdays(bits) => {
                lang.of(format!("每{}", weekdays(lang, bits)), format!("every {}", weekdays(lang, bits)))
            }
        },
        Kind::PerWeek { n } => lang.of(format!("每周{n}天{of_mask}"), format!("{n} {} a week{of_mask}", several(*n))),
        Kind::PerMonth { n } => lang.of(format!("每月{n}天{of_mask}"), format!("{n} {} a month{of_mask}", several(*n))),
        Kind::Named { dates: all } if all.is_empty() => {
            lang.of("指定日期（未填）", "named dates (none yet)").to_owned()
        }
        Kind::Named { dates: all } => {
            lang.of(format!("指定{}", dates(lang, all, year)), format!("on {}", dates(lang, all, year)))
        }
        Kind::OnCall => lang.of("通知到岗", "when called").to_owned(),
    }
}

pub fn person(names: &Names, id: PersonId) -> &str {
    names.persons.get(&id).map_or("？", String::as_str)
}

pub fn site(names: &Names, id: SiteId) -> &str {
    names.sites.get(&id).map_or("？", String::as_str)
}

/// Without the person, which stands before it in a table: 技术负责人 每周2天 5月14日–6月30日.
pub fn rest(lang: Lang, it: &Line, names: &Names, year: i16) -> String {
    let how = match it.covers {
        // It goes before the kind.
        Some(chief) => lang.of(
            format!("{}不到岗的{}代班", person(names, chief), mask(lang, it.days)),
            format!("for {} on {} without them", person(names, chief), mask(lang, it.days)),
        ),
        None => promise(lang, &it.kind, it.days, year),
    };
    let when = span(lang, it.from, it.to, year);
    lang.of(format!("{} {how} {when}", it.post.0), format!("{}, {how}, {when}", it.post.0))
}

/// The whole line, for lists and summaries.
pub fn line(lang: Lang, it: &Line, names: &Names, year: i16) -> String {
    let (who, rest) = (person(names, it.person), rest(lang, it, names, year));
    let more = terms(lang, it, names);
    let more = if more.is_empty() {
        String::new()
    } else {
        lang.of(format!("；{}", more.join("；")), format!("; {}", more.join("; ")))
    };
    lang.of(format!("{who} {rest}{more}"), format!("{who}, {rest}{more}"))
}

/// What holds of a line besides its days, each as a few words.
pub fn terms(lang: Lang, it: &Line, names: &Names) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(shift) = it.shift {
        said.push(lang.of(format!("班次{shift}"), format!("shift {shift}")));
    }
    match (it.mode, it.min_minutes) {
        (Mode::Once, _) => {}
        (Mode::Span, Some(n)) => {
            said.push(lang.of(format!("首末打卡至少隔{n}分钟"), format!("{n} minutes from first to last punch")))
        }
        (Mode::Span, None) => {
            said.push(lang.of("首末打卡须隔够时长".into(), "first and last punch far enough apart".into()))
        }
    }
    if !it.excused_by.is_empty() {
        let sites: Vec<&str> = it.excused_by.iter().map(|id| site(names, *id)).collect();
        said.push(
            lang.of(
                format!("当天在{}打卡即免考", sites.join("或")),
                format!("a punch at {} excuses", sites.join(" or ")),
            ),
        );
    }
    if let Some(old) = it.replaces {
        said.push(lang.of(format!("接替{}", person(names, old)), format!("replaces {}", person(names, old))));
    }
    if it.needs_delegate {
        said.push(lang.of("请假须有持证人顶岗".into(), "leave needs a certified substitute".into()));
    }
    said
}

/// What a stage asks of its posts: 技术负责人 每周2天（吕工、何工轮流）.
pub fn requirement(lang: Lang, it: &Requirement, names: &Names, year: i16) -> String {
    let posts: Vec<&str> = it.posts.iter().map(|post| post.0.as_str()).collect();
    let together = if posts.len() > 1 { lang.of("同时到岗", " together") } else { "" };
    let persons: Vec<&str> = it.persons.iter().map(|id| person(names, *id)).collect();
    let by = match (persons.as_slice(), it.by) {
        ([], By::Shared) => String::new(),
        ([], By::OnePerson) => lang.of("（固定一人）".into(), " (one and the same person)".into()),
        (one @ [_], _) => lang.of(format!("（{}）", one.join("")), format!(" ({})", one.join(""))),
        (all, By::Shared) => lang.of(format!("（{}轮流）", all.join("、")), format!(" ({} in turn)", all.join(", "))),
        (all, By::OnePerson) => {
            lang.of(format!("（{}中固定一人）", all.join("、")), format!(" (one of {})", all.join(", ")))
        }
    };
    let how = promise(lang, &it.kind, it.days, year);
    let posts = posts.join(lang.of("和", " and "));
    lang.of(format!("{posts}{together} {how}{by}"), format!("{posts}{together}, {how}{by}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::attendance::plan::Post;
    use uuid::Uuid;

    fn a_line(kind: Kind) -> Line {
        Line {
            person: PersonId(Uuid::from_u128(1)),
            post: Post("技术负责人".into()),
            from: Day::new(2018, 5, 14).expect("a day"),
            to: Day::new(2018, 6, 30).expect("a day"),
            kind,
            days: Mask::Workdays,
            mode: Mode::Once,
            min_minutes: None,
            shift: None,
            excused_by: vec![],
            covers: None,
            needs_delegate: false,
            replaces: None,
        }
    }

    #[test]
    fn a_line_reads_like_a_sentence() {
        let mut names = Names::default();
        names.persons.insert(PersonId(Uuid::from_u128(1)), "吕工".into());
        names.persons.insert(PersonId(Uuid::from_u128(2)), "张总".into());
        let it = a_line(Kind::PerWeek { n: 2 });
        assert_eq!(line(Lang::Zh, &it, &names, 2018), "吕工 技术负责人 每周2天 5月14日–6月30日");
        assert_eq!(line(Lang::En, &it, &names, 2018), "吕工, 技术负责人, 2 days a week, 14 May – 30 Jun");
        assert_eq!(line(Lang::Zh, &it, &names, 2019), "吕工 技术负责人 每周2天 2018年5月14日–6月30日");
        let it = Line { days: Mask::Weekdays(0b1010), ..a_line(Kind::PerMonth { n: 4 }) };
        assert_eq!(line(Lang::Zh, &it, &names, 2018), "吕工 技术负责人 每月4天（周二、周四） 5月14日–6月30日");
        let it = Line { covers: Some(PersonId(Uuid::from_u128(2))), needs_delegate: true, ..a_line(Kind::FullTime) };
        assert_eq!(
            line(Lang::Zh, &it, &names, 2018),
            "吕工 技术负责人 张总不到岗的工作日代班 5月14日–6月30日；请假须有持证人顶岗"
        );
    }
}
