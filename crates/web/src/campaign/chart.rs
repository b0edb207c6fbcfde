//! How a campaign stands, drawn: lights by unit, ageing, the flow through the states, each week's in and out. Every mark
//! is a link to exactly its rows.

use crate::app::Directory;
use crate::lang::Lang;
use crate::ui::chart::{self, Count, Figure, Mark, Row, Series};
use crate::ui::number::href;
use domain::calendar::Calendar;
use domain::id::UnitId;
use domain::light::Bounds;
use domain::problem::StateName;
use domain::time::{Day, Millis};
use maud::Markup;
use std::collections::BTreeMap;
use store::Tx;
use store::campaign::Campaign;
use store::tally_open::{self, Lit};
use store::tally_week::{self, Heard, Week};
use store::terms::Failure;

/// What the charts are drawn from.
pub struct Campaigned {
    pub campaign: Campaign,
    open: Vec<tally_open::Count>,
    /// Planned and ended ones; counting stops at ten thousand.
    ended: Vec<(StateName, i64)>,
    weeks: Vec<Week>,
    pub heard: Heard,
}

const WEEKS: i64 = 8;
const LIT: [(Lit, Mark, &str, &str); 4] = [
    (Lit::Red, Mark::Red, "超期", "Overdue"),
    (Lit::Yellow, Mark::Yellow, "今日到期或有环节超时", "Due today, or a part late"),
    (Lit::Calm, Mark::Blue, "未到期", "Not due"),
    (Lit::Paused, Mark::Done, "暂停", "Paused"),
];

/// The period of the rates: from the first day of the campaign until now.
pub fn period(campaign: &Campaign, now: Millis) -> (Millis, Millis) {
    (Millis::at(campaign.from, 0), now)
}

pub fn read(tx: &mut dyn Tx, campaign: Campaign, bounds: &Bounds, calendar: &Calendar) -> Result<Campaigned, Failure> {
    let (id, now) = (campaign.id, bounds.now);
    let open = tally_open::count(tx, id, bounds, &tally_open::ages(now, calendar))?;
    let mut ended = Vec::new();
    for state in [StateName::Planned, StateName::Closed, StateName::Merged, StateName::Refused, StateName::Withdrawn] {
        ended.push((state, tally_open::count_in_state(tx, id, state)?));
    }
    let (from, until) = period(&campaign, now);
    let last = now.day().min(campaign.to.plus(60));
    let weeks = tally_week::weeks(tx, id, campaign.from, last, WEEKS)?;
    Ok(Campaigned { open, ended, weeks, heard: tally_week::heard(tx, id, from, until)?, campaign })
}

impl Campaigned {
    pub fn lit(&self, lit: Lit) -> i64 {
        self.open.iter().filter(|it| it.lit == lit).map(|it| it.count).sum()
    }

    pub fn open(&self) -> i64 {
        self.open.iter().map(|it| it.count).sum()
    }

    /// Where counting ended before the last one, that is said.
    fn cut(&self, lang: Lang) -> String {
        match self.open() >= tally_open::MANY {
            true => {
                lang.of(format!("；只数了{}件", tally_open::MANY), format!("; only {} were counted", tally_open::MANY))
            }
            false => String::new(),
        }
    }

    fn behind(&self, query: &[(&str, &str)]) -> String {
        href(&format!("/campaigns/{}/behind", self.campaign.no), query)
    }
}

fn series(lang: Lang) -> Vec<Series<'static>> {
    LIT.iter().map(|(_, mark, zh, en)| Series { mark: *mark, label: lang.of(*zh, *en) }).collect()
}

/// What is open, by lead unit, the most overdue first.
pub fn lights(lang: Lang, it: &Campaigned, directory: &Directory) -> Markup {
    let mut units: BTreeMap<Option<UnitId>, [i64; 4]> = BTreeMap::new();
    for count in &it.open {
        let at = LIT.iter().position(|(lit, ..)| *lit == count.lit).unwrap_or(2);
        units.entry(count.unit).or_default()[at] += count.count;
    }
    let mut sorted: Vec<(Option<UnitId>, [i64; 4])> = units.into_iter().collect();
    sorted.sort_by_key(|(_, n)| {
        (std::cmp::Reverse(n[0]), std::cmp::Reverse(n[1]), std::cmp::Reverse(n.iter().sum::<i64>()))
    });
    let name = |id: UnitId| directory.unit(id).map_or(String::new(), |it| it.label(lang.is_en()).to_owned());
    let rows: Vec<Row> = sorted
        .iter()
        .take(16)
        .map(|(unit, n)| {
            let key = unit.map_or("none".to_owned(), |it| it.to_string());
            let counts = LIT
                .iter()
                .zip(n)
                .map(|((lit, ..), n)| Count::new(*n, it.behind(&[("of", "open"), ("unit", &key), ("lit", lit.code())])))
                .collect();
            Row {
                label: unit.map_or_else(|| lang.of("未交办".into(), "Not dispatched".into()), name),
                href: it.behind(&[("of", "open"), ("unit", &key)]),
                counts,
                end: String::new(),
            }
        })
        .collect();
    let red = it.lit(Lit::Red);
    let worst = sorted.iter().filter(|(unit, n)| unit.is_some() && n[0] > 0).count();
    let title = match red {
        0 => lang.of("各单位都没有超期".to_owned(), "No unit has anything overdue".to_owned()),
        _ => lang.of(format!("{red}件超期，在{worst}个单位"), format!("{red} overdue, at {worst} units")),
    };
    chart::bars(&Figure {
        lang,
        id: "lights",
        title: &title,
        note: &format!("{}{}", lang.of("在办件数，按主办单位", "Open problems by lead unit"), it.cut(lang)),
        head: lang.of("单位", "Unit"),
        series: &series(lang),
        rows: &rows,
    })
}

/// How old what is open has become, in workdays since its dispatch.
pub fn ages(lang: Lang, it: &Campaigned) -> Markup {
    let labels =
        [("3日内", "up to 3"), ("4–7日", "4–7"), ("8–12日", "8–12"), ("13–20日", "13–20"), ("20日以上", "over 20")];
    let rows: Vec<Row> = labels
        .iter()
        .enumerate()
        .map(|(age, (zh, en))| {
            let key = age.to_string();
            let counts = LIT.iter().map(|(lit, ..)| {
                let n = it.open.iter().filter(|it| it.age == Some(age) && it.lit == *lit).map(|it| it.count).sum();
                Count::new(n, it.behind(&[("of", "open"), ("age", &key), ("lit", lit.code())]))
            });
            Row {
                label: lang.of(*zh, *en).to_owned(),
                href: it.behind(&[("of", "open"), ("age", &key)]),
                counts: counts.collect(),
                end: String::new(),
            }
        })
        .collect();
    let old: i64 = rows.iter().skip(3).map(Row::sum).sum();
    let red: i64 = rows.iter().skip(3).map(|it| it.counts[0].n).sum();
    let title = match old {
        0 => lang.of("没有超过12个工作日的".to_owned(), "Nothing is older than 12 workdays".to_owned()),
        _ => lang.of(
            format!("超过12个工作日的{old}件里，{red}件超期"),
            format!("Of {old} older than 12 workdays, {red} are overdue"),
        ),
    };
    chart::bars(&Figure {
        lang,
        id: "ages",
        title: &title,
        note: &format!(
            "{}{}",
            lang.of("在办件龄，按交办以来的工作日", "Age of what is open: workdays since the dispatch"),
            it.cut(lang)
        ),
        head: lang.of("件龄", "Age"),
        series: &series(lang),
        rows: &rows,
    })
}

/// How many stand at each state on the way.
pub fn flow(lang: Lang, it: &Campaigned) -> Markup {
    let id = it.campaign.id.to_string();
    let at = |state: StateName| -> i64 {
        it.open.iter().filter(|it| it.state == state).map(|it| it.count).sum::<i64>()
            + it.ended.iter().filter(|(ended, _)| *ended == state).map(|(_, n)| n).sum::<i64>()
    };
    let on_the_way =
        [StateName::Registered, StateName::Dispatched, StateName::InHand, StateName::Answered, StateName::Closed];
    let row = |state: StateName| {
        let to = href("/problems", &[("campaign", &id), ("state", state.code()), ("by", "newest")]);
        Row {
            label: lang.of(state.zh(), state.en()).to_owned(),
            href: to.clone(),
            counts: vec![Count::new(at(state), to)],
            end: String::new(),
        }
    };
    let rows: Vec<Row> = on_the_way.into_iter().map(row).collect();
    let (closed, open) = (at(StateName::Closed), it.open());
    let aside: Vec<String> = [StateName::Planned, StateName::Merged, StateName::Refused, StateName::Withdrawn]
        .into_iter()
        .filter(|state| at(*state) > 0)
        .map(|state| format!("{} {}", lang.of(state.zh(), state.en()), at(state)))
        .collect();
    let note = match aside.is_empty() {
        true => lang.of("各状态的件数".to_owned(), "How many stand at each state".to_owned()),
        false => lang.of(
            format!("各状态的件数；另有{}", aside.join("，")),
            format!("How many stand at each state; besides: {}", aside.join(", ")),
        ),
    };
    chart::flow(&Figure {
        lang,
        id: "flow",
        title: &lang.of(format!("已销号{closed}件，在办{open}件"), format!("{closed} struck off, {open} open")),
        note: &note,
        head: lang.of("状态", "State"),
        series: &[Series { mark: Mark::Accent, label: lang.of("件数", "Problems") }],
        rows: &rows,
    })
}

/// Registered and struck off, week by week.
pub fn weeks(lang: Lang, it: &Campaigned, today: Day) -> Markup {
    let this = today.monday();
    let rows: Vec<Row> = it
        .weeks
        .iter()
        .map(|week| {
            let monday = week.monday.to_string();
            let running = if week.monday == this { "*" } else { "" };
            Row {
                label: format!("{}/{}{running}", week.monday.month(), week.monday.day_of_month()),
                href: String::new(),
                counts: vec![
                    Count::new(week.registered, it.behind(&[("of", "registered"), ("week", &monday)])),
                    Count::new(week.closed, it.behind(&[("of", "closed"), ("week", &monday)])),
                ],
                end: String::new(),
            }
        })
        .collect();
    let title = match it.weeks.last() {
        Some(last) if last.closed > last.registered => lang.of(
            format!("本周销号比新登记多{}件", last.closed - last.registered),
            format!("This week {} more were struck off than came in", last.closed - last.registered),
        ),
        Some(last) if last.registered > 0 || last.closed > 0 => lang.of(
            format!("本周新登记{}件，销号{}件", last.registered, last.closed),
            format!("This week {} came in, {} were struck off", last.registered, last.closed),
        ),
        _ => lang.of("每周新登记与销号".to_owned(), "What came in and what was struck off".to_owned()),
    };
    chart::columns(&Figure {
        lang,
        id: "weeks",
        title: &title,
        note: lang.of(
            "每周新登记与销号，标周一的日期；* 是本周，还没有过完",
            "Each week, by its Monday; * is this week, not over yet",
        ),
        head: lang.of("当周", "Week"),
        series: &[
            Series { mark: Mark::Open, label: lang.of("新登记", "Registered") },
            Series { mark: Mark::Accent, label: lang.of("销号", "Struck off") },
        ],
        rows: &rows,
    })
}
