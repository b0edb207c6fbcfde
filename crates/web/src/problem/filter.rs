//! What the address of the ledger asks for: read into a filter, written back as an address, and said in words.

use crate::app::Directory;
use crate::lang::Lang;
use crate::ui::field::Typed;
use crate::ui::number::href;
use domain::id::UnitId;
use domain::problem::{Source, StateName, Tier};
use domain::time::{Day, Millis};
use store::campaign::Campaign;
use store::list::{By, Filter, LightIs, Which};

pub const LEDGER: &str = "/problems";

/// What an address may ask for. Where a page begins is not among them: a view or an export has no page.
const NAMES: [&str; 16] = [
    "text", "state", "light", "unit", "lead", "category", "tier", "source", "campaign", "tag", "from", "to", "boarded",
    "subject", "visit", "by",
];

/// Code, Chinese, English.
pub const LIGHTS: [(&str, &str, &str, LightIs); 5] = [
    ("red", "超时", "Overdue", LightIs::Red),
    ("yellow", "今日到期或有环节超时", "Due today, or a part late", LightIs::Yellow),
    ("blue", "三个工作日内到期", "Within three workdays", LightIs::Blue),
    ("none", "未临期", "Not yet near", LightIs::None),
    ("paused", "暂停", "Paused", LightIs::Paused),
];

pub const ORDERS: [(&str, &str, &str, By); 4] = [
    ("due", "先到期在前", "First due first", By::Due),
    ("due-last", "后到期在前", "Last due first", By::DueLast),
    ("newest", "最新登记在前", "Newest first", By::Newest),
    ("oldest", "最早登记在前", "Oldest first", By::Oldest),
];

fn key(text: &str) -> Option<(i64, i64)> {
    let (at, no) = text.split_once('.')?;
    Some((at.parse().ok()?, no.parse().ok()?))
}

pub fn say_key(key: (i64, i64)) -> String {
    format!("{}.{}", key.0, key.1)
}

/// `own`: somebody who sees nothing but what he reported; he looks for that, struck off or not, a desk for what burns.
pub fn read(query: &Typed, own: bool) -> Filter {
    let day = |name: &str| Day::read(query.get(name));
    let (before, after) = (key(query.get("before")), key(query.get("after")));
    let mut filter = Filter {
        by: ORDERS.iter().find(|it| it.0 == query.get("by")).map_or(if own { By::Newest } else { By::Due }, |it| it.3),
        unit: query.get("unit").parse().ok(),
        state: StateName::parse(query.get("state")),
        light: LIGHTS.iter().find(|it| it.0 == query.get("light")).map(|it| it.3),
        tier: Tier::parse(query.get("tier")),
        category: Which::parse(query.get("category")),
        source: Source::parse(query.get("source")),
        boarded: query.get("boarded") == "yes",
        campaign: query.get("campaign").parse().ok(),
        subject: query.get("subject").parse().ok(),
        visit: query.get("visit").parse().ok(),
        lead: Which::parse(query.get("lead")),
        tag: query.get("tag").trim().chars().take(40).collect(),
        from: day("from").map(|it| Millis::at(it, 0)),
        until: day("to").map(|it| Millis::at(it.plus(1), 0)),
        text: query.get("text").chars().take(100).collect(),
        after: before.or(after),
        back: before.is_some(),
    };
    // Ended ones have no clock; asking for them means asking for the newest.
    let ended = filter.state.is_some_and(|state| state.is_end() || state == StateName::Planned);
    if ended && filter.by.is_due() {
        filter.by = By::Newest;
    }
    filter.by = filter.order();
    filter
}

/// Names and values in a fixed order, without what asks for nothing.
fn kept(query: &Typed) -> Vec<(&'static str, &str)> {
    let kept = NAMES.iter().map(|name| (*name, query.get(name).trim())).filter(|(_, value)| !value.is_empty());
    kept.collect()
}

/// The filter of an address on another path, with some of it changed; an empty value takes it out.
pub fn address(path: &str, query: &Typed, change: &[(&'static str, &str)]) -> String {
    let stays = kept(query).into_iter().filter(|(name, _)| change.iter().all(|(changed, _)| changed != name));
    let all: Vec<(&str, &str)> = stays.chain(change.iter().copied()).collect();
    href(path, &all)
}

/// Two addresses that ask for the same are the same text. The order that holds anyway is not asked for.
pub fn normal(query: &Typed) -> String {
    let mut all = kept(query);
    all.retain(|it| *it != ("by", "due"));
    href("", &all).trim_start_matches('?').to_owned()
}

pub fn is_narrow(query: &Typed) -> bool {
    kept(query).iter().any(|(name, _)| *name != "by")
}

/// What is in force, each as label and value; for paper, for the reading log, and for what no field of the bar shows.
pub fn said(
    lang: Lang,
    query: &Typed,
    directory: &Directory,
    campaigns: &[Campaign],
) -> Vec<(&'static str, &'static str, String)> {
    let filter = read(query, false);
    let unit = |id: UnitId| directory.unit(id).map_or(String::new(), |it| it.label(lang.is_en()).to_owned());
    let none = || lang.of("无", "None").to_owned();
    let mut said: Vec<(&'static str, &'static str, String)> = Vec::new();
    let mut add = |name, label: &'static str, value: Option<String>| said.extend(value.map(|it| (name, label, it)));
    add("text", lang.of("查找", "Find"), filter.has_text().then(|| filter.text.trim().to_owned()));
    add("unit", lang.of("单位", "Unit"), filter.unit.map(unit));
    add(
        "lead",
        lang.of("主办", "Lead"),
        match filter.lead {
            Which::One(id) => Some(unit(id)),
            Which::Without => Some(none()),
            Which::Any => None,
        },
    );
    add("state", lang.of("状态", "State"), filter.state.map(|it| lang.of(it.zh(), it.en()).to_owned()));
    let light = LIGHTS.iter().find(|it| Some(it.3) == filter.light);
    add("light", lang.of("时限", "Clock"), light.map(|it| lang.of(it.1, it.2).to_owned()));
    add(
        "category",
        lang.of("类别", "Category"),
        match filter.category {
            Which::One(id) => directory.category(id).map(|it| it.label(lang.is_en()).to_owned()),
            Which::Without => Some(none()),
            Which::Any => None,
        },
    );
    add("tier", lang.of("层级", "Tier"), filter.tier.map(|it| lang.of(it.zh(), it.en()).to_owned()));
    add("source", lang.of("来源", "Source"), filter.source.map(|it| lang.of(it.zh(), it.en()).to_owned()));
    let campaign = campaigns.iter().find(|it| Some(it.id) == filter.campaign);
    add("campaign", lang.of("行动", "Campaign"), campaign.map(|it| it.label(lang.is_en()).to_owned()));
    add("tag", lang.of("对象标签", "Tag of the subject"), (!filter.tag.is_empty()).then(|| filter.tag.clone()));
    add("from", lang.of("登记自", "Registered from"), filter.from.map(|it| it.day().to_string()));
    add("to", lang.of("登记至", "Registered to"), filter.until.map(|it| it.day().plus(-1).to_string()));
    add("boarded", lang.of("挂牌", "Board"), filter.boarded.then(|| lang.of("是", "Yes").to_owned()));
    let chosen = || lang.of("所选的一个", "The one chosen").to_owned();
    add("subject", lang.of("走访对象", "Subject"), filter.subject.map(|_| chosen()));
    add("visit", lang.of("走访", "Visit"), filter.visit.map(|_| chosen()));
    said
}

/// The same as one sentence.
pub fn sentence(lang: Lang, query: &Typed, directory: &Directory, campaigns: &[Campaign]) -> String {
    let all: Vec<String> = said(lang, query, directory, campaigns)
        .into_iter()
        .map(|(_, label, value)| lang.of(format!("{label} {value}"), format!("{label}: {value}")))
        .collect();
    match all.is_empty() {
        true => lang.of("全部", "all").to_owned(),
        false => all.join(lang.of("，", "; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::fields;

    #[test]
    fn an_address_comes_back_without_its_page_and_what_is_unknown() {
        let query = fields("light=red&after=1.2&by=due&tag=%E5%A4%96%E8%B4%B8&x=1&state=".as_bytes());
        assert_eq!(normal(&query), "light=red&tag=%E5%A4%96%E8%B4%B8");
        assert_eq!(
            address(LEDGER, &query, &[("light", ""), ("by", "newest")]),
            "/problems?tag=%E5%A4%96%E8%B4%B8&by=newest"
        );
        let filter = read(&query, false);
        assert_eq!((filter.after, filter.back, filter.light), (Some((1, 2)), false, Some(LightIs::Red)));
        assert!(is_narrow(&query) && !is_narrow(&fields(b"by=newest&after=1.2")));
    }

    #[test]
    fn a_period_holds_its_last_day() {
        let filter = read(&fields(b"from=2018-04-13&to=2018-04-13&before=5.6"), false);
        assert_eq!(filter.until.map(|it| it.0 - filter.from.unwrap_or(Millis(0)).0), Some(86_400_000));
        assert!(filter.back);
        assert_eq!(read(&fields(b"state=closed"), false).by, By::Newest);
        assert_eq!(read(&fields(b"state=closed&by=oldest"), false).by, By::Oldest);
    }
}
